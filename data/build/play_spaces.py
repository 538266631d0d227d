"""Where children play: OpenStreetMap's playgrounds, and those of OS Open Greenspace that it does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import shapely

from data.build.sites import CONTEXT_M
from data.sources.play_spaces import GREENSPACE, PlaySpaces, read_play_spaces
from geo import tables
from geo.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

    from data.build.inputs import Inputs

SAME_M = 50.0
"""What two sources have no further apart than this is one play space; by outlines where both have them."""


def play_spaces_of(
    inputs: Inputs, extract: Path, outline: shapely.Geometry, notes: list[str]
) -> gpd.GeoDataFrame | None:
    """Play spaces up to `CONTEXT_M` away; None where the files have none, for that is no answer.

    Parameters
    ----------
    inputs
        The files of play spaces, if there are any.
    extract
        OpenStreetMap's, where none is given.
    outline
        The authority's, British National Grid.
    notes
        Sentences on what a reader should know are added to it.

    Raises
    ------
    InputError
        A file is not what it should be.
    """
    path = inputs.play_spaces or extract
    found = read_play_spaces(path)
    table, said = _near(found.table, outline), list(found.notes)
    if inputs.greenspace is not None:
        more = _unmapped(inputs.greenspace, found, outline, said)
        table = pd.concat([table, more]) if len(more) else table
    if not len(table):
        notes.append("There is no play-space data for this place: walks to play spaces are not known.")
        return None
    notes += said
    inside = shapely.intersects(outline, table.geometry.to_numpy())
    return tables.check(tables.Sites, table.assign(inside=inside).sort_index(), str(path))


def _near(table: gpd.GeoDataFrame, outline: shapely.Geometry) -> gpd.GeoDataFrame:
    return table[shapely.dwithin(outline, table.geometry.to_numpy(), CONTEXT_M)]


def _unmapped(path: Path, mapped: PlaySpaces, outline: shapely.Geometry, said: list[str]) -> gpd.GeoDataFrame:
    """Play spaces of OS Open Greenspace that are not `SAME_M` from one of OpenStreetMap's, a private one included."""
    listed = read_play_spaces(path)
    for one, expected, wrong in (
        (listed, "OS Open Greenspace", listed.table["source"].ne(GREENSPACE)),
        (mapped, "OpenStreetMap's play spaces beside it", mapped.table["source"].eq(GREENSPACE)),
    ):
        if wrong.any():
            raise InputError(path, expected=expected, found=f"play spaces of {one.table['source'].iloc[0]}")
    table = _near(listed.table, outline)
    everywhere = shapely.STRtree(mapped.known.to_numpy())
    there, _ = everywhere.query(listed.known[table.index].to_numpy(), predicate="dwithin", distance=SAME_M)
    new = ~table.index.isin(table.index[there])
    said.append(
        f"Play spaces added from OS Open Greenspace, which OpenStreetMap does not have: {int(new.sum()):,}. "
        f"Taken to be one that OpenStreetMap has, within {SAME_M:.0f} m: {int((~new).sum()):,}."
    )
    return table[new]
