"""Removing a place that was made on this machine, never the one that comes with Pramshed; clearing what was left."""

from __future__ import annotations

import re
import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from data.place import PACK_FILES, SAMPLE
from geo.errors import RequestError
from layers.commands.deployment import folders

if TYPE_CHECKING:
    from data.place import Place


def removable(place: Place) -> bool:
    """Whether a place was made here: it lies right in one of this machine's folders of places, and is no link."""
    own = {folder.resolve() for folder in folders()} - {SAMPLE.resolve()}
    return not place.folder.is_symlink() and place.folder.resolve().parent in own


def remove(place: Place) -> None:
    """Remove a place, in one step for whoever looks.

    Raises
    ------
    RequestError
        It came with Pramshed, lies elsewhere, cannot be moved, or its folder holds something else besides.
    """
    if not removable(place):
        message = f"{place.card.name} was not made here, so it is not removed here"
        raise RequestError(message)
    try:
        strangers = sorted({path.name for path in place.folder.iterdir()} - PACK_FILES)
        if strangers:
            message = f"the folder of {place.card.name} holds something else as well: {strangers[0]}"
            raise RequestError(message)
        aside = Path(tempfile.mkdtemp(prefix=f".{place.folder.name}-removed-", dir=place.folder.parent))
        place.folder.replace(aside / place.folder.name)
    except OSError as fault:
        message = f"{place.card.name} cannot be removed: {fault.strerror}"
        raise RequestError(message) from fault
    shutil.rmtree(aside, ignore_errors=True)


def tidy(places: Path) -> None:
    """Clear what builds that were killed have left half-written; a place that one had just put aside is put back.

    Parameters
    ----------
    places
        The folder of places that are made here. Only what lies hidden in it, is called as a build calls it, holds
        nothing but files of a place and has not been touched for an hour is taken for such.
    """
    for path in places.glob(".*"):
        named = _LEFT.fullmatch(path.name)
        try:
            if named is None or path.is_symlink() or not path.is_dir() or time.time() - path.stat().st_mtime < _HOUR:
                continue
            if {one.name for one in path.iterdir()} - PACK_FILES:
                continue
            if named["old"] and not (places / named["key"]).exists():
                path.replace(places / named["key"])
            else:
                shutil.rmtree(path)
        except OSError:
            continue  # somebody else is at it, or it is not ours


_LEFT = re.compile(r"\.(?P<key>[\w-]+)-[a-z0-9_]{8}(?P<old>-old)?")
_HOUR = 3_600.0
