"""What if: a scenario's answer beside today's, found by changing only what the scenario changes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.access import nearest
from geo.difference import Difference, difference
from geo.errors import RequestError
from geo.gaps import about
from geo.scenario import resolve, ways_of
from geo.whole import shown
from layers.answers.need_classes import needs_of
from layers.answers.question import Answer, answer, gaps_on, ground_after, serving_of

if TYPE_CHECKING:
    from data.place import Place
    from geo.access import Nearest
    from geo.scenario import Change
    from layers.answers.question import Ground, Question


@dataclass(frozen=True, eq=False)
class Compared:
    """Two answers to one question, without and with the changes."""

    before: Answer
    after: Answer
    found: Difference
    odd: tuple[str, ...]
    """What is odd about the changes, in sentences."""


def compare(
    before: Answer,
    state: Nearest,
    centres: gpd.GeoDataFrame,
    changes: tuple[Change, ...],
    *,
    needs: pd.DataFrame,
    then: tuple[Ground, tuple[str, ...]] | None = None,
) -> Compared:
    """Answer a question again after some changes.

    Parameters
    ----------
    before
        The answer without the changes; its question is to centres.
    state
        The nearest sites behind that answer, numbered among all centres of the place.
    centres
        All of those, as the place has them.
    changes
        In their order.
    needs
        What `layers.answers.need_classes.needs_of` says of the areas.
    then
        What `layers.answers.question.ground_after` made of the ground; needed where some of the changes are to the
        streets.

    Raises
    ------
    RequestError
        A change is to a site that is not there, or adds one that is; or the streets change and ``then`` is not given.
    """
    if ways_of(changes) and then is None:
        message = "the streets change, so the ground after the changes is needed"
        raise RequestError(message)
    on, odd_ways = then or (before.ground, ())
    question = replace(before.question, changes=changes)
    odd = resolve(centres, changes, network=on.network, counting=question.counting, day=question.day) + odd_ways
    sites = serving_of(centres, question)
    if on is not before.ground:  # the same sites on other streets
        state = nearest(on.network, before.sites, among=centres.index)
    walked = state.between(before.sites, sites).reach(on.snaps, on.origins["area_code"])
    table = gaps_on(on, walked, question, needs=needs)
    after = Answer(question, on, sites, walked, table)
    found = difference(
        on.areas,
        on.origins,
        on.homes,
        reach=(before.reach, walked),
        gaps=(before.gaps, table),
        minutes=question.minutes,
    )
    return Compared(before, after, found, odd)


def compare_from_files(place: Place, question: Question, changes: tuple[Change, ...]) -> Compared:
    """Answer a question with and without some changes, from a place's files."""
    before, centres, ways = answer(place, question), place.centres(), ways_of(changes)
    state = nearest(before.ground.network, before.sites, among=centres.index)
    then = ground_after(before.ground, place.segments(), ways) if ways else None
    needs = needs_of(before.ground.areas, question.weights, question.thirds)
    return compare(before, state, centres, changes, needs=needs, then=then)


def difference_table(found: Compared) -> gpd.GeoDataFrame:
    """Areas before and after, the greatest change first."""
    areas, table = found.before.ground.areas, found.found.areas
    rows = areas[["area_name", "ward_name", "imd_decile", "under5"]].join(table).set_geometry(areas.geometry)
    order = np.lexsort((-table["minutes_change"].abs().fillna(0), -table["under5_beyond_change"].abs().fillna(0)))
    rows = rows.iloc[order].round(_DECIMALS)
    return rows.assign(minutes_change=(rows["minutes_after"] - rows["minutes_before"]).round(2))


def group_said(grouping: str, group: str, row: pd.Series) -> str:
    """One group's before and after in words."""
    if pd.isna(row["beyond_before"]):
        return f"{GROUP_WORDS[grouping, group]}: not known."
    if not row["under5"]:
        return f"{GROUP_WORDS[grouping, group]}: no under-fives."
    before, after, base = (shown(row[name]) for name in ("beyond_before", "beyond_after", "under5"))
    return (
        f"{GROUP_WORDS[grouping, group]}: {before} of {base} under-fives beyond now, {after} after; typical walk "
        f"{_typical(row['median_before'])} now, {_typical(row['median_after'])} after."
    )


def _typical(value: float) -> str:
    return "not possible on foot" if pd.isna(value) else about(value)


GROUP_WORDS = {
    ("everyone", "everyone"): "Everyone",
    ("deprivation", "1 most deprived"): "Most deprived fifth of England",
    ("deprivation", "2"): "Second most deprived fifth",
    ("deprivation", "3"): "Middle fifth",
    ("deprivation", "4"): "Second least deprived fifth",
    ("deprivation", "5 least deprived"): "Least deprived fifth of England",
    ("abroad", "high"): "Third with most residents born abroad",
    ("abroad", "middle"): "Middle third by residents born abroad",
    ("abroad", "low"): "Third with fewest residents born abroad",
}
_DECIMALS = {
    "minutes_before": 2, "minutes_after": 2, "minutes_change": 2, "under5": 0,
}  # fmt: skip
