"""The folder of a pack: written aside, moved to its place when it is whole; what a killed build left is cleared."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from data.fetch.arrival import disk
from data.place import CARD, PACK_FILES
from geo.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator


def require_free(out: Path) -> None:
    """Refuse a folder that could not be written, or that holds anything but an older place, before any work is done.

    Raises
    ------
    InputError
        It is such a folder.
    """
    with disk(out):
        if out.exists():
            strangers = sorted({path.name for path in out.iterdir()} - PACK_FILES) if out.is_dir() else [out.name]
            if strangers:
                raise InputError(
                    out, expected="a new folder or an older place", found=f"something else: {strangers[0]}"
                )
        parent = next(path for path in out.parents if path.exists())
        if not parent.is_dir() or not os.access(parent, os.W_OK):
            raise InputError(out, expected="a folder that can be written to", found=f"{parent}, which cannot")
        tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=parent).cleanup()  # some say yes, and then refuse
        _clear(out)


@contextmanager
def moved_when_whole(out: Path) -> Iterator[Path]:
    """A folder to write in, beside ``out``; it takes its place when all went well and vanishes when not.

    Raises
    ------
    InputError
        The disk is full, or cannot be written.
    """
    lacking = [path for path in out.parents if not path.exists()]
    with disk(out):
        try:
            out.parent.mkdir(parents=True, exist_ok=True)
            folder = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
            try:
                with _locked(folder):
                    yield folder
                    folder.chmod(0o755)
                    if out.exists():
                        old = folder.with_name(folder.name + "-old")
                        out.replace(old)
                        folder.replace(out)
                        shutil.rmtree(old)
                    else:
                        folder.replace(out)
            finally:
                shutil.rmtree(folder, ignore_errors=True)
        except BaseException:
            for path in lacking:
                with suppress(OSError):
                    path.rmdir()
            raise


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold a folder, so that another build sees that this one is still at it: a lock goes with its process.

    Raises
    ------
    BlockingIOError
        Somebody else holds it.
    """
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(handle)


def _clear(out: Path) -> None:
    """Clear what builds of this folder left that were killed; a place that was just set aside goes back."""
    left = re.compile(rf"\.{re.escape(out.name)}-[a-z0-9_]{{8}}(-old)?")
    if not out.parent.is_dir():
        return
    for path in out.parent.iterdir():
        if not left.fullmatch(path.name) or {one.name for one in path.iterdir()} - PACK_FILES:
            continue
        with suppress(BlockingIOError), _locked(path):
            if path.name.endswith("-old") and (path / CARD).exists() and not out.exists():
                path.replace(out)
            else:
                shutil.rmtree(path)
