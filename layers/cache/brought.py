"""What files are that somebody brought: each is read once, until it is another."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from data.build.recognise import recognise
from data.sources.boundaries import read_boundaries
from layers.cache.keys import resource
from layers.maps.preview import outlines_svg

if TYPE_CHECKING:
    from data.build.recognise import Recognised


def recognised(path: Path) -> Recognised:
    """What a file is."""
    seen = path.stat()
    return _recognised(str(path), seen.st_mtime_ns, seen.st_size)


@resource(max_entries=128, show_spinner="Looking at the files…")
def _recognised(path: str, stamp: int, size: int) -> Recognised:  # noqa: ARG001 (what makes it another)
    return recognise(Path(path))


def preview(path: Path, authority: str, name: str) -> tuple[str, int]:
    """A picture of the outlines in a file (SVG), and how many they are.

    Parameters
    ----------
    authority, name
        Code and name of the authority whose are drawn, where the file tells; otherwise all.
    """
    seen = path.stat()
    return _preview(str(path), seen.st_mtime_ns, seen.st_size, authority, name)


@resource(max_entries=16)
def _preview(path: str, stamp: int, size: int, authority: str, name: str) -> tuple[str, int]:  # noqa: ARG001
    table = read_boundaries(Path(path)).table
    own = table[
        table["authority_code"].eq(authority) | table["area_name"].str.fullmatch(rf"{re.escape(name)} \d{{3}}\w")
    ]
    drawn = own if len(own) else table
    return outlines_svg(drawn.geometry), len(drawn)
