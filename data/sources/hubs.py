"""Family hubs as the Department for Education lists them, and which children's centre each shares a door with."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from data.sources.delimited import codes, file_day, normalise_postcodes, numbers, read_delimited, require_columns, text
from data.sources.gias import few, sentences
from data.sources.postcodes import SHAPE
from data.sources.register import GONE
from geo.crs import to_bng

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import geopandas as gpd

SAME_DOOR_M = 75.0
"""A hub and a centre of one name are one door up to this far apart, their points being those of postcodes."""

_APOSTROPHES = str.maketrans("", "", "'\u2018\u2019\u02bc\u00b4`")
_GENERIC = frozenset(
    {
        "the", "and", "s", "family", "families", "hub", "hubs", "child", "children", "childrens", "centre", "centres",
        "center", "cc", "best", "start", "sure", "surestart", "sscc",
    }
)  # fmt: skip
"""Words that say what a place is and not which."""


class _Door(NamedTuple):
    """The centre whose door a hub shares, if any; what is to be said of that, and whether it is sure."""

    centre: str | None
    said: str | None = None
    sure: bool = True


def read_hubs(path: Path) -> pd.DataFrame:
    """Read the list of family hub sites.

    The list has no coordinates; ``lat, lon`` (degrees) are taken where somebody has added them. A hub that is listed
    twice at one postcode is taken once.

    Source: Department for Education, List of family hub sites.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``site_id`` (``hub-`` and the postcode; ``-2`` and so on for more at one postcode): the columns of
        `geo.tables.Sites` but for ``inside`` and ``geometry``, and ``easting, northing`` (metres, British National
        Grid, NaN if not given) and ``la_name``.

    Raises
    ------
    InputError
        A column is missing, a hub has no name, or a postcode or a coordinate is none.
    """
    columns: dict[str, Sequence[str]] = {"name": ("Family_Hub", "Family Hub"), "postcode": ("Postcode",)}
    optional: dict[str, Sequence[str]] = {
        "la_name": ("Local_Authority", "Local Authority", "la"),
        "lat": ("lat", "latitude"),
        "lon": ("lon", "longitude"),
    }
    cells = require_columns(read_delimited(path), source=path, columns=columns, optional=optional)
    name = codes(cells, "name", source=path, pattern="(?s).+", expected="the name of a hub")
    unknown = np.datetime64("NaT", "ns")
    table = _points(cells, path).assign(
        name=name,
        kind="hub",
        status="open",
        served_as="open",
        opened=unknown,
        linked_since=unknown,
        closed=unknown,
        date_precision=np.nan,
        last_seen=unknown,
        source="DfE list of family hub sites",
        source_date=file_day(path),
        postcode=text(cells, "postcode"),
        hub=name,
        note=np.nan,
        la_name=text(cells, "la_name"),
    )
    place = _places(cells, path)
    once = ~pd.DataFrame({"place": place, "name": name.str.casefold()}).duplicated()
    turn = place[once].groupby(place).cumcount() + 1
    site_id = "hub-" + place[once] + ("-" + turn.astype("str")).where(turn > 1, "")
    types = {"source_date": "datetime64[ns]", "date_precision": "str", "note": "str"}
    return table[once].astype(types).set_index(pd.Index(site_id, name="site_id", dtype="str"))


def _places(cells: pd.DataFrame, path: Path) -> pd.Series[str]:
    """Postcodes without spaces; a hub without one is named by its row."""
    tight = normalise_postcodes(cells["postcode"])
    given = cells.assign(postcode=tight.fillna(""))
    codes(given, "postcode", source=path, pattern=SHAPE, expected="a postcode such as PO30 1AA", blank=True)
    return tight.fillna("row-" + pd.Series(cells.index.astype("str"), index=cells.index))


def _points(cells: pd.DataFrame, path: Path) -> pd.DataFrame:
    """Read ``easting, northing`` (metres) from degrees; unknown (NaN) where either is blank."""
    lon = numbers(cells, "lon", source=path, low=-9, high=3)
    lat = numbers(cells, "lat", source=path, low=49, high=61)
    east, north = to_bng(np.asarray(lon, np.float64), np.asarray(lat, np.float64))
    points = pd.DataFrame({"easting": east, "northing": north}, index=cells.index)
    return points.where(lon.notna() & lat.notna())


def join_hubs(centres: gpd.GeoDataFrame, hubs: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, pd.Series[str]]:
    """One table of doors: a hub at the door of a centre is that centre's ``hub``, any other is a site of its own.

    A hub may share the door of a centre that serves families and has its postcode or is no more than `SAME_DOOR_M`
    away. It does if the names agree once the words that say what a place is are left out, or if it is the only centre
    at the postcode, whatever its name. A name alone proves nothing.

    Parameters
    ----------
    centres
        Indexed by ``site_id``, with ``name, status, postcode, hub, note`` and points (missing if not known).
    hubs
        As `read_hubs` returns them, with points.

    Returns
    -------
    tuple
        The centres, then the hubs that share no centre's door; and, by ``site_id``, sentences on what is unsure.
    """
    near = candidates(centres, hubs)
    doors = {hub_id: _door(str(hubs.loc[hub_id, "name"]), near.get(str(hub_id))) for hub_id in hubs.index}
    at, said = (
        pd.Series([getattr(door, field) for door in doors.values()], index=hubs.index, dtype="str")
        for field in ("centre", "said")
    )
    unsure = [not door.sure for door in doors.values()]
    names, site = hubs["name"].groupby(at).agg("; ".join), at.fillna(hubs.index.to_series())
    known = centres["hub"].fillna(names.reindex(centres.index)).astype("str")
    both = pd.concat([centres.assign(hub=known), hubs[at.isna()]])
    remarks = said.dropna().groupby(site).agg(" ".join).astype("str")
    noted = both.assign(note=sentences([both["note"], remarks])).rename_axis("site_id")
    return noted, said[unsure].groupby(site).agg(" ".join)


def words_of(name: str) -> frozenset[str]:
    """The words by which a centre or a hub is known: "Isle of Dogs Children's Centre" is isle, of, dogs."""
    plain = name.translate(_APOSTROPHES).casefold()
    return frozenset(re.findall(r"[^\W_]+", plain)) - _GENERIC


def candidates(centres: gpd.GeoDataFrame, hubs: gpd.GeoDataFrame) -> dict[str, pd.DataFrame]:
    """The centres at or near each hub: ``site_id, name, status, metres`` and whether they have its ``postcode``."""
    tight = normalise_postcodes(centres["postcode"])
    placed = centres[centres.geometry.notna()]
    found = {}
    for hub_id, postcode, point in zip(hubs.index, normalise_postcodes(hubs["postcode"]), hubs.geometry, strict=True):
        there = centres.index[tight == postcode]
        around = placed.index[placed.sindex.query(point, predicate="dwithin", distance=SAME_DOOR_M)] if point else []
        one = centres.loc[there.union(around), ["name", "status", "geometry"]]
        if len(one):
            metres = one.geometry.distance(point) if point else pd.Series(np.nan, index=one.index)
            one = pd.DataFrame(one.drop(columns="geometry")).assign(metres=metres, postcode=one.index.isin(there))
            found[str(hub_id)] = one.rename_axis("site_id").reset_index()
    return found


def _door(hub: str, near: pd.DataFrame | None) -> _Door:
    """Decide which of the centres near a hub shares its door."""
    if near is None:
        return _Door(None)
    ended = near["status"].isin(GONE)
    gone, serving = near[ended], near[~ended]
    named = of_name(hub, serving)
    if len(named):
        return _Door(str(named["site_id"].iloc[0]))
    there = serving[serving["postcode"]]
    if len(there) == 1 and of_name(hub, gone).empty:
        said = f"has the postcode of {called(there)} but another name: they are taken for one door"
        return _Door(str(there["site_id"].iloc[0]), f"The family hub {hub} {said}.", sure=False)
    if len(there):
        said = f"has the postcode of {called(there)}, but not clearly the name of one"
    elif len(serving):
        said = f"is within {SAME_DOOR_M:.0f} m of {called(serving)}, but of another name"
    else:
        said = f"stands at or near what was {called(gone)}"
    return _Door(None, f"The family hub {hub} {said}: it is taken for a door of its own.", sure=not len(serving))


def of_name(hub: str, centres: pd.DataFrame) -> pd.DataFrame:
    """The centres of a hub's name, the likeliest first; failing that, those whose name is part of it or it of theirs.

    Parts prove nothing where they point to centres of different names.
    """
    words, theirs = words_of(hub), [words_of(name) for name in centres["name"].fillna("")]
    same = np.array([bool(words) and words == other for other in theirs], dtype=bool)
    part = np.array([bool(words and other) and (words <= other or other <= words) for other in theirs], dtype=bool)
    if not same.any() and len({other for other, fits in zip(theirs, part, strict=True) if fits}) > 1:
        return centres[:0]
    full_first = centres["status"].map({"open": 0, "linked": 1, "announced": 2})
    likely = centres.assign(rank=full_first)[same if same.any() else part]
    return likely.sort_values(["postcode", "rank", "metres", "site_id"], ascending=[False, True, True, True])


def called(centres: pd.DataFrame) -> str:
    """A few of the sites by their name and code, and how many more there are."""
    return few([f"{name} ({site_id})" for site_id, name in zip(centres["site_id"], centres["name"], strict=True)])
