"""A file or a folder is made beside its place and put there when it is whole, or not at all."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from geo.errors import RequestError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def drafts_for(path: Path) -> Iterator[Path]:
    """A folder beside a path, for what goes there; afterwards it is gone.

    Raises
    ------
    RequestError
        It cannot be written.
    """
    try:
        with tempfile.TemporaryDirectory(prefix=".pramshed-", dir=path.absolute().parent) as folder:
            yield Path(folder)
    except OSError as fault:
        message = f"{path}: cannot be written: {fault.strerror or fault}"
        raise RequestError(message) from fault


def put(path: Path, make: Callable[[Path], object]) -> None:
    """Make a file or a folder beside its place, and put it there when it is whole.

    Parameters
    ----------
    path
        Where it goes.
    make
        Writes it, at the path that it is given.

    Raises
    ------
    RequestError
        It cannot be written.
    """
    with drafts_for(path) as folder:
        draft = folder / path.name
        make(draft)
        draft.replace(path)
