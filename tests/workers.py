"""What the workers of one test run share: a folder, and the places that only one of them builds."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from data.build.pipeline import build
from data.place import Place

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pytest

    from data.build.inputs import Inputs


def common_folder(factory: pytest.TempPathFactory) -> Path:
    """The temporary folder of the whole run; each worker of pytest-xdist has a folder of its own in it."""
    own = factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Keep every other process out that asks for the same file; a process that ends lets go of it."""
    with file.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def built_once(inputs: Inputs, folder: Path) -> Place:
    """The place in that folder, built by whoever comes first while the others wait.

    The build writes aside and moves the folder there when it is whole, so one that is there is whole.
    """
    with locked(folder.with_name(f"{folder.name}.lock")):
        return Place.open(folder) if folder.is_dir() else build(inputs, folder)
