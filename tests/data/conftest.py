"""What the tests of readers share."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo.errors import InputError


@pytest.fixture(scope="session")
def fixtures():
    """Small files in the publishers' exact layouts, quirks included."""
    return Path(__file__).parent / "fixtures"


@pytest.fixture
def file(tmp_path):
    """Write a file of a few lines and return its path."""

    def write(content, name="input.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


@pytest.fixture
def refused():
    """Call a reader, which must refuse its input in one line that names the file and each of the words."""

    def check(read, path, *words, row=None, kind=InputError):
        with pytest.raises(kind) as caught:
            read(path)
        message = str(caught.value)
        assert "\n" not in message
        assert "found " in message
        assert "; expected " in message
        assert caught.value.row == row
        for word in (Path(path).name, *words):
            assert word in message
        return message

    return check
