"""How many under-fives lived beyond the threshold as centres opened and closed, counting today's families."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from geo.access import nearest
from geo.sites import counted_on
from geo.whole import whole
from layers.answers.question import today

if TYPE_CHECKING:
    import geopandas as gpd

    from layers.answers.question import Ground, Question


def days_of(sites: gpd.GeoDataFrame) -> list[date]:
    """The days of a time line: every first of January since the first opening, and each day of a change or a plan.

    Parameters
    ----------
    sites
        As `geo.tables.Sites`.
    """
    inside = sites[sites["inside"]]
    days = ("opened", "linked_since", "closed", "hub_since")
    changes = pd.concat([inside[name].dropna() for name in days if name in inside])
    if changes.empty:
        return [today()]
    first, last = changes.min().date(), max(changes.max().date(), today())
    planned = inside["opened"].where(inside["status"] == "planned").dropna()
    ends = pd.concat(
        [planned, *(inside[name].dropna() for name in ("linked_since", "closed", "hub_since") if name in inside)]
    )
    years = {date(year, 1, 1) for year in range(first.year, last.year + 2)}
    return sorted(years | {moment.date() for moment in ends} | {today()})


def through_time(centres: gpd.GeoDataFrame, on: Ground, question: Question, days: list[date]) -> pd.DataFrame:
    """Under-fives beyond the threshold on each day, as is likeliest and both ways where it is not certain.

    Parameters
    ----------
    centres
        As `geo.tables.Sites`.
    on
        A place's ground for the question's profile.
    question
        What counts, and the threshold; its day is not asked.
    days
        In order.

    Returns
    -------
    DataFrame
        Index ``day``; ``sites`` that count; ``beyond``, and ``at_least`` and ``at_most`` if all or none of the
        uncertain sites count; missing where under-fives are not known.
    """
    children = on.counted_children
    limit = on.network.cost_of(question.minutes)
    inside = centres["inside"].to_numpy(bool)
    known: dict[bytes, float] = {}
    state, standing = nearest(on.network, centres.iloc[:0], among=centres.index), centres.iloc[:0]
    rows = []
    for day in days:
        row: dict[str, object] = {"day": pd.Timestamp(day)}
        readings = counted_on(
            centres, day=day, statuses=question.statuses, counting=question.counting, context=question.context
        )
        for reading, counts in readings.items():
            key = counts.tobytes()
            if key not in known:
                sites = centres[counts]
                state, standing = state.between(standing, sites), sites
                far = state.cost(on.snaps)[0] > limit
                known[key] = float(whole((children * far).sum()))
            row[reading] = known[key]
            if reading == "best":
                row["sites"] = int((inside & counts).sum())
        rows.append(row)
    names = {"best": "beyond", "most": "at_least", "fewest": "at_most"}
    return pd.DataFrame(rows).set_index("day").rename(columns=names)
