"""The shelf: whoever is killed while a file is put there leaves one whose receipt is known."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from data.fetch.ask import Ask
from data.fetch.receipts import Receipt, to_json
from data.fetch.shelf import Item, sha256


def receipt(path):
    return Receipt("streets", "", datetime(2026, 11, 12, tzinfo=UTC), 200, path.stat().st_size, sha256(path))


@pytest.fixture
def item(tmp_path):
    """An item that is kept, and the draft of its next edition."""
    kept = Item(tmp_path, "kent.pbf")
    kept.part.write_bytes(b"old")
    kept.keep(kept.part, receipt(kept.part))
    kept.part.write_bytes(b"new")
    return kept


def test_killed_before_the_file_is_in_its_place(item):
    (item.folder / "receipt.next.json").write_text(to_json(receipt(item.part)))
    assert item.kept() == receipt(item.path)
    assert item.path.read_bytes() == b"old"


def test_killed_after_it_is(item):
    new = receipt(item.part)
    (item.folder / "receipt.next.json").write_text(to_json(new))
    item.part.replace(item.path)
    assert item.kept() == new
    later = replace(new, asked_at=datetime(2026, 12, 1, tzinfo=UTC))
    item.confirm(later)
    assert item.kept() == later


def test_killed_twice(item):
    new = receipt(item.part)
    (item.folder / "receipt.next.json").write_text(to_json(new))
    item.part.replace(item.path)
    item.part.write_bytes(b"newer")

    class KilledError(Exception):
        pass

    class Draft:
        def replace(self, _):
            raise KilledError

    with pytest.raises(KilledError):
        item.keep(Draft(), receipt(item.part))
    assert (item.kept(), item.path.read_bytes()) == (new, b"new")


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"source": 1}', "\x00"])
def test_a_receipt_that_cannot_be_read_is_none(item, text):
    (item.folder / "receipt.json").write_text(text)
    assert item.kept() is None


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://api.os.uk/downloads", "downloads"),
        ("https://api.os.uk/", "answer"),
        ("https://api.os.uk/a%2F..%2F..%2Fetc/..", "answer"),
        ("https://api.os.uk/x%2Fy z.csv", "x_y_z.csv"),
        ("https://api.os.uk/receipt.json", "file-receipt.json"),
        ("https://api.os.uk/.lock", "lock"),
    ],
)
def test_names_stay_in_their_folder(url, name):
    assert Ask(url, source="streets").file_name == name
