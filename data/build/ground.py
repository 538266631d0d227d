"""What a place's maps are drawn on: land and water, and the names written there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely

from data.build.sites import CONTEXT_M
from data.sources.backdrop import read_backdrop, view_of
from data.sources.labels import read_labels
from geo import tables

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd


def ground_of(
    path: Path, areas: gpd.GeoDataFrame, notes: list[str]
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame | None]:
    """What is drawn beneath the answers, and the names on it.

    Parameters
    ----------
    path
        The OpenStreetMap extract.
    areas
        As `geo.tables.Areas`.
    notes
        Sentences on what a reader should know are added to it.

    Returns
    -------
    backdrop
        As `geo.tables.Backdrop`: up to `CONTEXT_M` around the authority's furthest points; land as far as it is seen.
    labels
        As `geo.tables.Labels`; None if nothing has a name.

    Raises
    ------
    InputError
        The file is missing or is no OpenStreetMap extract.
    """
    outline = shapely.union_all(areas.geometry.to_numpy(), grid_size=0.01)
    frame = shapely.box(*shapely.bounds(outline.buffer(CONTEXT_M)))
    found = read_backdrop(path, outline=outline, frame=frame, view=view_of(outline))
    notes += found.notes
    labels = read_labels(path, frame=frame)
    return (
        tables.check(tables.Backdrop, found.table, str(path)),
        tables.check(tables.Labels, labels, str(path)) if len(labels) else None,
    )
