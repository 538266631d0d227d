"""Runs of neighbouring areas with long walks, or with a large gap between need and reach, told in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from geo.clusters import Neighbours, clusters, neighbours_of
from geo.errors import RequestError

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from layers.answers.question import Answer

OF = {"gap": ("a large gap", "a small gap"), "minutes": ("long walks", "short walks")}
"""What is looked for, and its ends in words. The gap is the share of under-fives beyond the threshold times need."""
COLUMNS = (
    "area_name", "ward_name", "value", "run", "kind", "z", "around", "moran", "gi_star", "p", "clear",
)  # fmt: skip
_KINDS = {"high among high": 0, "low among low": 1}
_FEWEST = 3
_MOST = 5
_NAMED = 10
_WORDS = ("", "", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_DECIMALS = {"value": 3, "z": 4, "around": 4, "moran": 4, "gi_star": 4, "p": 5}


@dataclass(frozen=True, eq=False)
class Clusters:
    """The runs of a place; read-only."""

    of: str
    table: gpd.GeoDataFrame
    """`COLUMNS` and the outline, on the areas' index; those whose value is not known are left out."""
    left_out: int
    joined: int
    """Areas that touch no other and were set beside the nearest."""


def clusters_of(found: Answer, of: str = "gap") -> Clusters:
    """Where areas with a large gap, or with long walks, lie side by side.

    Parameters
    ----------
    found
        The answer.
    of
        What is looked for, of `OF`.

    Raises
    ------
    RequestError
        There is no such thing to look for, or it is known of fewer than three areas.
    """
    value = _values(found, of)
    known = value.dropna()
    if len(known) < _FEWEST:
        message = "clusters need at least three neighbourhoods whose walk and need are known"
        raise RequestError(message)
    areas = found.ground.areas.loc[known.index]
    beside: Neighbours = neighbours_of(areas.geometry)
    table = areas[["area_name", "ward_name", "geometry"]].join(clusters(known, beside).assign(value=known))
    order = table["run"].where(table["run"] > 0, table["run"].max() + 1)
    table = table.iloc[order.argsort(kind="stable")].round(_DECIMALS)
    return Clusters(of, table[[*COLUMNS, "geometry"]], len(value) - len(known), int(beside.joined.sum()))


def _values(found: Answer, of: str) -> pd.Series[float]:
    if of == "minutes":
        return found.gaps["minutes_median"]
    if of == "gap":
        return (1 - found.gaps["within_share"]) * found.gaps["need_score"]
    message = f"no clusters of {of!r}; there are {', '.join(OF)}"
    raise RequestError(message)


def said(found: Clusters) -> list[str]:
    """The runs in words, the longest first; single areas are left to the table."""
    lines = []
    for run, rows in found.table[found.table["run"] > 0].groupby("run", sort=True):
        if len(rows) > 1 and int(str(run)) <= _MOST and rows["kind"].iloc[0] in _KINDS:
            what = OF[found.of][_KINDS[rows["kind"].iloc[0]]]
            names = ", ".join(rows["area_name"].head(_NAMED))
            more = f" and {len(rows) - _NAMED} more" if len(rows) > _NAMED else ""
            lines.append(f"A run of {_count(len(rows))} neighbouring areas with {what}: {names}{more}.")
    if not lines:
        lines = [f"No run of neighbouring areas with {OF[found.of][0]} stands out from chance."]
    if found.left_out:
        lines.append(f"Left out, as their walk or need is not known: {found.left_out:,} neighbourhoods.")
    if found.joined:
        lines.append(f"{found.joined:,} neighbourhoods touch no other and were set beside the nearest.")
    return lines


def _count(number: int) -> str:
    return _WORDS[number] if number < len(_WORDS) else f"{number:,}"
