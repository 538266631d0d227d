"""Community spaces in the walk: which published marks count beside the official sites, as what, and whom to credit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import BNG
from geo.days import day_text
from geo.errors import RequestError
from geo.sites import ON_THE_WAY, WALKED_TO
from layers.answers.mark_words import KIND_LABELS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from data.store.store import Store

COUNT_FOR: Mapping[str, tuple[str, ...]] = {"centres": WALKED_TO, "play": ("play_space",)}
"""Kinds of marks that count, by what is walked to; barriers and crossings lead nowhere, "other" says too little."""

SPACE_WORDS = {
    "centres": ("community space", "community spaces"),
    "play": ("community play space", "community play spaces"),
}
"""What those are called beside the official ones, one and many."""

AS_KIND = {"centres": "community", "play": "play_space"}
"""Kind of `geo.tables.Sites` that they are then."""

LINE_HALF_M = 1.0
"""A play street drawn as a line is this wide to either side as a site, for sites are points or areas."""


@dataclass(frozen=True, eq=False)
class Published:
    """The published marks of a place, as they were at a revision."""

    number: int
    """What goes up whenever they change."""
    marks: gpd.GeoDataFrame
    """As `geo.tables.Marks`."""

    @classmethod
    def read(cls, store: Store, place: str) -> Published:
        """Those of a place, by its key, read from the store at once; pages have `layers.cache.marks.published`."""
        return cls(store.public.revision(place), store.public.marks(place))

    def counting(self, to: str) -> gpd.GeoDataFrame:
        """Those that count on a walk to ``centres`` or ``play``; none for any other destination."""
        return counting(self.marks, to)


def counting(marks: gpd.GeoDataFrame, to: str) -> gpd.GeoDataFrame:
    """The marks that count as a destination; people's homes never do.

    Parameters
    ----------
    marks
        As `geo.tables.Marks`.
    to
        What is walked to: ``centres`` or ``play``.
    """
    return marks[marks["kind"].isin(COUNT_FOR.get(to, ())) & (marks["homes"] == 0)]


def hosts(marks: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The marks that stand for a room in which something new could be: those that count beside centres."""
    return counting(marks, "centres")


def called(mark: pd.Series) -> str:
    """The name of a mark, or what it is and whose if it has none."""
    if mark["name"]:
        return str(mark["name"])
    label = KIND_LABELS[mark["kind"]]
    return f"{label} of {mark['group']}" if mark["group"] and mark["kind"] not in ON_THE_WAY else label


def who_says(mark: pd.Series) -> str:
    """Who put a mark on the map, and when it was let through: "put on the map by …, approved 3 May 2026"."""
    by = f"put on the map by {mark['group']}, " if mark["group"] else ""
    return f"{by}approved {day_text(mark['approved'])}"


def as_sites(marks: gpd.GeoDataFrame, to: str) -> gpd.GeoDataFrame:
    """The marks that count as sites, as `geo.tables.Sites`; the mark's id is the site's.

    They count on every day that may be asked about, as families and streets do: when a space opened is not known.

    Parameters
    ----------
    marks
        As `geo.tables.Marks`.
    to
        What is walked to: ``centres`` or ``play``.
    """
    which = counting(marks, to)
    shapes = which.geometry.to_numpy()
    line = shapely.get_type_id(shapes) == shapely.GeometryType.LINESTRING
    texts = [(called(row), who_says(row), row["note"] or None) for _, row in which.iterrows()]
    never = pd.Series(pd.NaT, which.index, dtype="datetime64[ns]")
    unknown = pd.Series(None, which.index, dtype="str")
    columns = {
        "name": pd.Series([name for name, _, _ in texts], which.index, dtype="str"),
        "kind": AS_KIND.get(to, "community"),
        "status": "open",
        "served_as": "open",
        "opened": never,
        "linked_since": never,
        "closed": never,
        "date_precision": unknown,
        "last_seen": never,
        "source": pd.Series([source for _, source, _ in texts], which.index, dtype="str"),
        "source_date": which["approved"],
        "postcode": unknown,
        "hub": unknown,
        "inside": True,
        "note": pd.Series([note for _, _, note in texts], which.index, dtype="str"),
    }
    geometry = np.where(line, shapely.buffer(shapes, LINE_HALF_M), shapes)
    return gpd.GeoDataFrame(columns, geometry=geometry, crs=BNG, index=which.index.rename("site_id"))


def beside(sites: gpd.GeoDataFrame, marks: gpd.GeoDataFrame, to: str) -> gpd.GeoDataFrame:
    """Official sites, and after them the marks that count too.

    Parameters
    ----------
    sites
        As `geo.tables.Sites`; further columns stay, and are missing in the marks' rows (``unsure`` is false).
    marks, to
        As `as_sites` takes them.

    Raises
    ------
    RequestError
        Nothing of the community's is beside such sites: they are a reader's own.
    """
    if to not in COUNT_FOR:
        message = "community spaces count beside children's centres or play spaces, not beside a file of your own"
        raise RequestError(message)
    added = as_sites(marks, to)
    if added.empty:
        return sites
    rows = {
        name: added[name].astype(sites[name].dtype)
        if name in added
        else pd.Series(False if name == "unsure" else None, added.index, dtype=sites[name].dtype)
        for name in sites.columns
        if name != "geometry"
    }
    return pd.concat([sites, gpd.GeoDataFrame(rows, geometry=added.geometry)[sites.columns]])


def credits_of(marks: gpd.GeoDataFrame) -> tuple[str, ...]:
    """Whom an answer in which these marks count is owed to besides, in lines; none if there are none."""
    if marks.empty:
        return ()
    groups = sorted({str(name) for name in marks["group"] if name}, key=str.casefold)
    whose = f"Community marks: {'; '.join(groups)}." if groups else "Community marks: no group is named."
    latest = marks["approved"].max()
    return whose, f"Community marks published by this dashboard's moderators, the latest on {day_text(latest)}."
