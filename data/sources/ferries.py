"""Ferries that somebody on foot may take, from an OpenStreetMap extract."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import shapely

from data.sources.osm import read_lines, require_extract
from geo.crs import BNG

if TYPE_CHECKING:
    from pathlib import Path


def read_ferries(path: Path, *, around: shapely.Geometry | None = None) -> gpd.GeoDataFrame:
    """Read the ferries that take people on foot, whether they go all year or not.

    Parameters
    ----------
    path
        ``.osm.pbf``, ``.osm`` and the like.
    around
        Ferries that do not lie inside it from end to end are left out, British National Grid.

    Returns
    -------
    geopandas.GeoDataFrame
        As `geo.tables.Ferries`, by ``ferry_id``.

    Raises
    ------
    InputError
        The file is missing or is no OpenStreetMap extract.

    Notes
    -----
    Source: https://wiki.openstreetmap.org/wiki/Tag:route%3Dferry.
    """
    require_extract(path)
    found = read_lines(path, tags=[("route", "ferry")], keys=("name", "foot", "access"))
    fields, line = found.fields, found.line
    # one that breaks off at the extract's edge does not lead to its other shore
    whole = ~fields["way_id"].duplicated(keep=False) & ~fields["foot"].isin(("no", "private"))
    whole &= ~(fields["access"].isin(("no", "private")) & fields["foot"].isna())
    if around is not None:
        shapely.prepare(around)
        whole &= shapely.contains(around, line)
    name = fields["name"].str.split().str.join(" ").astype("str")
    table = pd.DataFrame({"ferry_id": "way/" + fields["way_id"].astype("str"), "name": name.where(name.ne(""))})
    return gpd.GeoDataFrame(table[whole], geometry=line[whole], crs=BNG).set_index("ferry_id").sort_index()
