"""One neighbourhood beside those with the most similar need, and beside its authority."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.alike import PARTS, medians, most_alike
from geo.errors import RequestError
from geo.gaps import HOUR_MIN, about
from geo.need import PART_NAMES
from layers.answers.place_search import the_one
from layers.answers.spots import Spot, area_of

if TYPE_CHECKING:
    from data.place import Place
    from layers.answers.question import Answer

_MEASURES = ("minutes_median", "within_share", "need_score", *PARTS)
_FEWEST = 3
"""Beside fewer neighbourhoods nothing is said."""
HEAD = ("Here", "Alike", "All")


@dataclass(frozen=True, eq=False)
class Alike:
    """An area beside those like it; read-only."""

    table: gpd.GeoDataFrame
    """A row for the area, for each that is like it, the nearest first, and for the medians of these and of all."""
    said: tuple[str, ...]
    rows: tuple[tuple[str, str, str, str], ...]
    """What is compared, in words: here, in the middle of those like it, in the middle of the authority."""
    names: tuple[str, ...]
    """What those like it are called, the nearest first."""


def alike(found: Answer, code: str) -> Alike | None:
    """An area beside those with the most similar need; None where its walk or need, or those of others, are not known.

    Parameters
    ----------
    found
        The answer. Only areas with street data are compared; need counts by the question's weights.
    code
        One of its areas.
    """
    known = found.gaps.loc[found.gaps["gap_rank"].notna(), ["no_route", *_MEASURES]]
    if code not in known.index:
        return None
    near = most_alike(known, code, weights=found.question.weights)
    if len(near) < _FEWEST:
        return None
    middle = {"ten": medians(known.loc[near.index], _MEASURES), "all": medians(known, _MEASURES)}
    ends = pd.DataFrame({"here": medians(known.loc[[code]], _MEASURES), **middle})
    areas = found.ground.areas
    return Alike(
        table=_table(areas, known, code, near, ends),
        said=_said(str(areas["area_name"][code]), ends, near, found.question.walk.limit),
        rows=_rows(ends, found.question.walk.limit),
        names=tuple(map(str, areas["area_name"][near.index])),
    )


def area_named(place: Place, text: str) -> str:
    """The code of the neighbourhood that a text means: its code or name, or a postcode or street in it.

    Raises
    ------
    RequestError
        It means none, or more than one.
    """
    if text.strip().upper() in place.areas().index:
        return text.strip().upper()
    place_found = the_one(text, place)
    code = place_found.code
    if place_found.kind != "area":
        code = area_of(place, Spot(round(place_found.easting), round(place_found.northing))) or ""
    if not code or place_found.kind == "ward":
        message = f"{text[:40]!r} is in no neighbourhood of {place.card.name}, or in more than one"
        raise RequestError(message)
    return code


def _table(
    areas: gpd.GeoDataFrame, known: pd.DataFrame, code: str, near: pd.Series[float], ends: pd.DataFrame
) -> gpd.GeoDataFrame:
    codes = [code, *near.index]
    rows = known.loc[codes, list(_MEASURES)].assign(
        of=["here", *["alike"] * len(near)], area_name=areas["area_name"][codes], difference=near
    )
    middle = ends[["ten", "all"]].T.replace(np.inf, np.nan).assign(of=["median of those alike", "median of all"])
    table = pd.concat([rows, middle]).rename_axis(areas.index.name).round(4)
    return gpd.GeoDataFrame(
        table[["of", "area_name", "difference", *_MEASURES]],
        geometry=areas.geometry.reindex(table.index),
        crs=areas.crs,
    )


def _walk(minutes: float) -> str:
    return "no way on foot for most" if np.isinf(minutes) else about(minutes)


def _in_short(minutes: float) -> str:
    return (
        "no way"
        if np.isinf(minutes)
        else "over an hour"
        if round(minutes) > HOUR_MIN
        else f"{minutes:.0f}\N{NO-BREAK SPACE}min"
    )


def _share(share: float) -> str:
    return "not known" if np.isnan(share) else f"{share:.0%}"


def _said(name: str, ends: pd.DataFrame, near: pd.Series[float], limit: str) -> tuple[str, ...]:
    here, ten, every = (_walk(float(one)) for one in ends.loc["minutes_median"].to_numpy(float))
    ours, theirs, all_in = (_share(float(one)) for one in ends.loc["within_share"].to_numpy(float))
    low, high = (f"{one:.0f}" for one in (near.min(), near.max()))
    many = len(near)
    return (
        f"Typical walk: {here} in {name}. In the middle one of the {many} neighbourhoods with the most similar "
        f"need: {ten}; in the middle one of the authority: {every}.",
        f"Within {limit}: {ours} of under-fives here, {theirs} in the middle one of the {many}, {all_in} in that of "
        "the authority.",
        f"Part by part their need differs from need here by {low if low == high else f'{low} to {high}'} points "
        "of 100.",
    )


def _rows(ends: pd.DataFrame, limit: str) -> tuple[tuple[str, str, str, str], ...]:
    def row(label: str, name: str, form: str) -> tuple[str, str, str, str]:
        values = ends.loc[name].to_numpy(float)
        here, ten, every = ("not known" if np.isnan(one) else form.format(one) for one in values)
        return label, here, ten, every

    walks = [_in_short(float(one)) for one in ends.loc["minutes_median"].to_numpy(float)]
    parts = [(PART_NAMES[name], f"need_{name}") for name in PART_NAMES if not pd.isna(ends["here"][f"need_{name}"])]
    return (
        ("Typical walk", walks[0], walks[1], walks[2]),
        row(f"Within {limit}", "within_share", "{:.0%}"),
        row("Need score", "need_score", "{:.0f}"),
        *(row(f"{label[0].upper()}{label[1:]}", name, "{:.0f}") for label, name in parts),
    )
