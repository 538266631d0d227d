"""Two days: the same question on a day and today, by how much the walk grew or shrank, and who lost or gained."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.days import day_text
from geo.difference import NOTICED_MIN, crossed, difference
from geo.gaps import NO_STREETS
from geo.whole import more, parts, whole
from layers.answers.question import today

if TYPE_CHECKING:
    from datetime import date

    from layers.answers.question import Answer

COLUMNS = (
    "area_name", "ward_name", "under5", "minutes_before", "minutes_after", "minutes_change", "change",
    "under5_lost", "under5_gained",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Since:
    """The answers of two days, the earlier first, and what lies between them; read-only."""

    before: Answer
    after: Answer
    areas: pd.DataFrame
    """On the areas' index: `COLUMNS`, and ``walk_change``: minutes; infinite where most had a way and have none
    (below zero: the other way round), missing where there is none on either day or no street data."""
    gone: gpd.GeoDataFrame
    """Sites that counted on the earlier day and do not on the later one."""
    new: gpd.GeoDataFrame
    """The other way round."""

    @property
    def lost(self) -> float:
        """Under-fives near enough on the earlier day and not on the later one; missing where none are known."""
        return float(self.areas["under5_lost"].sum(min_count=1))

    @property
    def gained(self) -> float:
        """The other way round."""
        return float(self.areas["under5_gained"].sum(min_count=1))

    @property
    def counts(self) -> tuple[int, int, int]:
        """Lost, gained and the net as they are shown: whole children; the net is by how many fewer live beyond."""
        net = -int(more(self.before.gaps["under5_beyond"].sum(), self.lost - self.gained))
        if self.gained <= self.lost:  # the smaller is rounded, the greater is what makes the shown net
            gained = int(whole(self.gained))
            return gained - net, gained, net
        lost = int(whole(self.lost))
        return lost, lost + net, net

    @property
    def days(self) -> tuple[date, date]:
        """Earlier and later."""
        return self.before.question.day, self.after.question.day

    @property
    def said(self) -> tuple[str, str]:
        """The same in a sentence: "on 1 January 2015", "today"."""
        first, last = ("today" if day == today() else f"on {day_text(day)}" for day in self.days)
        return first, last


def compared(one: Answer, other: Answer) -> Since:
    """The answers of two days to one question, whichever is the earlier.

    Parameters
    ----------
    one, other
        On the same ground.
    """
    before, after = sorted((one, other), key=lambda answer: answer.question.day)
    on, reach, gaps = before.ground, (before.reach, after.reach), (before.gaps, after.gaps)
    minutes = before.question.minutes
    found = difference(on.areas, on.origins, on.homes, reach=reach, gaps=gaps, minutes=minutes).areas
    found = found.assign(walk_change=walk_change(*gaps))
    found = found.join(crossed(on.origins, on.homes, reach=reach, gaps=gaps, minutes=minutes))
    found = on.areas[["area_name", "ward_name", "under5"]].join(found)
    found["change"] = change_words(found["walk_change"], gaps[1]["access_class"] == NO_STREETS)
    sites = before.sites, after.sites
    gone, new = (had.loc[had.index.difference(has.index, sort=False)] for had, has in (sites, sites[::-1]))
    return Since(before, after, pd.DataFrame(found[[*COLUMNS, "walk_change"]]), gone, new)


def walk_change(before: pd.DataFrame, after: pd.DataFrame) -> pd.Series[float]:
    """By how many minutes the walk of each area grew: of its median; `Since.areas` says what infinite means.

    Parameters
    ----------
    before, after
        As `geo.tables.Gaps`.
    """
    was, now = (np.where(one["no_route"], np.inf, one["minutes_median"]) for one in (before, after))
    with np.errstate(invalid="ignore"):  # no way on either day: nothing to compare
        return pd.Series(now - was, index=before.index, name="walk_change")


def change_words(change: pd.Series[float], no_street_data: pd.Series[bool]) -> pd.Series[str]:
    """The change of each area in words; one that is rounded away in tables is none."""
    minutes = whole(change.abs())
    said = np.select(
        [no_street_data, change.isna(), change == np.inf, change == -np.inf, change.abs() < NOTICED_MIN],
        [NO_STREETS, "no way on either day", "a way then, none now", "none then, a way now", "the same"],
        default=minutes.map("{:.0f} min ".format) + np.where(change > 0, "longer", "shorter"),
    )
    return pd.Series(said, index=change.index, name="change", dtype="str")


def table(found: Since) -> gpd.GeoDataFrame:
    """The areas, those first where most under-fives lost; as it is listed and exported."""
    rows = found.areas
    keys = [-rows[name].fillna(-np.inf) for name in ("walk_change", "under5_lost")]
    order = np.lexsort([key.to_numpy() for key in keys])
    told = {"under5_lost": found.counts[0], "under5_gained": found.counts[1]} if not np.isnan(found.lost) else {}
    rows = rows.assign(**{name: parts(rows[name], total) for name, total in told.items()})
    shown = rows[list(COLUMNS)].iloc[order].round(_DECIMALS)
    return gpd.GeoDataFrame(shown, geometry=found.before.ground.areas.geometry.reindex(shown.index))


def called(day: date) -> str:
    """What the change is called: "Change since 1 January 2015"; "Change by 1 January 2027" of a day to come."""
    return f"Change {'since' if day < today() else 'by'} {day_text(day)}"


def reduced_words(before: Answer, after: Answer) -> str:
    """How many centres count on both days and have fewer services on the later one; nothing where none has.

    Parameters
    ----------
    before, after
        The same question on an earlier and on a later day.
    """
    was, now = before.sites[before.sites["inside"].astype(bool)], after.sites["status"]
    reduced = int((now.reindex(was.index[was["status"] == "open"]) == "linked").sum())
    if not reduced:
        return ""
    verb = "has been reduced to a linked site" if reduced == 1 else "have been reduced to linked sites"
    day = day_text(before.question.day)
    return f"{reduced:,} of the {len(was):,} centres that counted on {day} {verb} since, and still count here."


def in_words(found: Since) -> str:
    """Who lost and who gained, in a sentence."""
    walk, (first, last) = found.before.question.walk, found.said
    if np.isnan(found.lost):
        return "Under-fives are not known here, so we cannot count who lost or gained one."
    lost, gained, net = found.counts
    within = f"{walk.to} within {walk.limit_walk}"
    if not lost and not gained:
        return f"No change: the same under-fives had {within} {first} and have one {last}."
    said = f"Of today's under-fives, {lost:,} had {within} {first} and have none {last}"
    said += f"; {gained:,} had none and have one. " if gained else "; nobody gained one. "
    more = f"{abs(net):,} {'more' if net > 0 else 'fewer'}" if net else "As many as before"
    return f"{said}{more} have one so near."


_DECIMALS = {
    "minutes_before": 2, "minutes_after": 2, "minutes_change": 2, "under5": 0,
}  # fmt: skip
