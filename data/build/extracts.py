"""The one OpenStreetMap extract that a place is read from, whatever was given: a county, several, a whole country."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd

from data.build.sites import CONTEXT_M
from data.sources.extracts import cut
from geo.crs import BNG, WGS84
from geo.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import shapely

CUT_ABOVE = 40_000_000
"""A file with more bytes is cut to the place first: it is read eight times, and most of it lies elsewhere."""

MARGIN_M = 7_000.0
"""Kept around what is asked of the extract, so that a street that leads out of it is whole."""


@contextmanager
def one_extract(paths: Sequence[Path], outline: shapely.Geometry) -> Iterator[Path]:
    """The file itself, or one cut out of those given, which is gone afterwards.

    Parameters
    ----------
    paths
        OpenStreetMap extracts, at least one.
    outline
        The authority, British National Grid.

    Raises
    ------
    InputError
        A file is missing or damaged. What is found amiss in the one cut out of them is said of those that were given.
    """
    if len(paths) == 1 and not (paths[0].is_file() and paths[0].stat().st_size > CUT_ABOVE):
        yield paths[0]
        return
    around = gpd.GeoSeries([outline.buffer(CONTEXT_M + MARGIN_M)], crs=BNG).to_crs(WGS84).total_bounds
    with tempfile.TemporaryDirectory(prefix="pramshed-") as folder:
        extract = Path(folder) / "window.osm.pbf"
        cut(paths, tuple(around.tolist()), extract)
        try:
            yield extract
        except InputError as fault:
            if fault.source != str(extract):
                raise
            given = ", ".join(str(path) for path in paths)
            raise InputError(given, expected=fault.expected, found=fault.found) from fault
