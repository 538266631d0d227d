"""Candidates for a new centre: libraries, halls, schools, places of worship and health centres of OpenStreetMap."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd

from data.sources.boundaries import in_metres
from data.sources.delimited import text
from data.sources.osm import OSM_FILES, read_tagged
from geo.errors import InputError

NOT_PUBLIC = ("private", "no")
"""Values of OpenStreetMap's ``access`` with which a venue is not for everybody."""

KINDS = {
    ("amenity", "library"): "library",
    ("amenity", "community_centre"): "community_centre",
    ("amenity", "social_centre"): "community_centre",
    ("amenity", "school"): "school",
    ("amenity", "kindergarten"): "school",
    ("amenity", "childcare"): "school",
    ("amenity", "place_of_worship"): "place_of_worship",
    ("amenity", "clinic"): "health_centre",
    ("amenity", "doctors"): "health_centre",
    ("healthcare", "centre"): "health_centre",
    ("healthcare", "clinic"): "health_centre",
}
"""What a tag makes of a building; the first that a building bears decides."""

_STATE = ("access", "disused", "abandoned")


@dataclass(frozen=True)
class Venues:
    """Venues, and what the reader should know.

    Parameters
    ----------
    table
        As `geo.tables.Venues`; ``inside`` is True for all until somebody looks.
    notes
        Plain sentences on what was left out.
    """

    table: gpd.GeoDataFrame
    notes: tuple[str, ...]


def read_venues(path: Path) -> Venues:
    """Read where a centre could be put: public buildings of an OpenStreetMap extract.

    A building drawn as an area is represented by a point inside it. What is private or closed to the public, and what
    is disused or abandoned, is left out and counted.

    Source: OpenStreetMap, ``amenity`` and ``healthcare``.

    Raises
    ------
    InputError
        The file is missing or is no OpenStreetMap extract.
    """
    path = Path(path)
    if not path.is_file() or not path.name.casefold().endswith(OSM_FILES):
        found = "another file" if path.is_file() else "no such file"
        raise InputError(path, expected="an OpenStreetMap extract (.osm.pbf or .osm)", found=found)
    found_there = read_tagged(path, tags=tuple(KINDS), keys=("name", "amenity", "healthcare", *_STATE))
    fields = found_there.fields
    notes = []
    if found_there.shapeless:
        notes.append(f"Venues of the whole file left out, for want of an outline: {len(found_there.shapeless):,}.")
    private = fields["access"].str.casefold().isin(NOT_PUBLIC)
    derelict = ~fields[["disused", "abandoned"]].isin(["", "no"]).all(axis=1)
    for left_out, why in ((private, "private"), (derelict & ~private, "disused")):
        if left_out.any():
            notes.append(f"Venues of the whole file left out, {why}: {int(left_out.sum()):,}.")
    keep = ~(private | derelict)
    shapes = in_metres(gpd.GeoDataFrame(geometry=found_there.geometry[keep]), path).geometry
    table = gpd.GeoDataFrame(
        {
            "name": text(fields[keep], "name"),
            "kind": _kinds(fields[keep]),
            "source": pd.Series("OpenStreetMap", index=shapes.index, dtype="str"),
            "inside": True,
        },
        geometry=shapes.representative_point(),
    ).astype({"inside": bool})
    return Venues(table.set_index(pd.Index(fields.loc[keep, "osm_id"], name="venue_id")), tuple(notes))


def _kinds(fields: pd.DataFrame) -> pd.Series[str]:
    """Say what each building is, by the first of `KINDS` that it bears."""
    kind = pd.Series(pd.NA, index=fields.index, dtype="str")
    for (key, value), name in KINDS.items():
        kind = kind.mask(kind.isna() & (fields[key] == value), name)
    return kind
