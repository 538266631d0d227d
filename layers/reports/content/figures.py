"""The headline figures of a report: each number once, rounded, with its unit and base."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.gaps import NO_STREETS
from geo.groups import GROUPINGS
from geo.whole import whole as rounded
from layers.answers.siting_measures import brought_within
from layers.reports.content import comparison
from layers.reports.figure import Figure

if TYPE_CHECKING:
    from layers.answers.question import Answer
    from layers.reports.content.findings import Findings

MOST_DEPRIVED = GROUPINGS["deprivation"][0]
_POOR = ("deprivation", MOST_DEPRIVED)


def figures_of(found: Findings) -> dict[str, Figure]:
    """The figures by key, in their order; one that does not apply is left out."""
    beyond = f"beyond {found.whole.asked.question.walk.limit_walk}"
    figures = [
        *_headline(found, beyond),
        *_areas(found, beyond),
        *_most_deprived(found, beyond),
        *_from_abroad(found, beyond),
        *_lost(found, beyond),
        *_brought(found, beyond),
        *_sureness(found),
    ]
    return {figure.key: figure for figure in figures}


def _headline(found: Findings, beyond: str) -> list[Figure]:
    """Under-fives beyond the threshold; before, and by how many they differ; with official sites only."""
    whole = found.whole
    label = f"Under-fives {beyond}"
    figures = [beyond_figure(found, whole.asked, "under5_beyond", label)]
    if whole.before is not None:
        when = comparison.both(found.request)[0]
        figures.append(beyond_figure(found, whole.before, "under5_beyond_before", f"{label}, {when}"))
        figures.append(_change(*figures))
    if whole.official is not None:
        only = f"{label}, official sites only"
        figures.append(beyond_figure(found, whole.official, "under5_beyond_official", only))
    return figures


def _areas(found: Findings, beyond: str) -> list[Figure]:
    """In how many neighbourhoods most families live beyond the threshold, and for how many that is not known."""
    classes = found.whole.asked.gaps.loc[found.chosen, "access_class"]
    known = classes != NO_STREETS
    figures = [
        Figure(
            key="areas_far",
            label=f"Neighbourhoods where most are {beyond}",
            unit="neighbourhoods",
            value=float((classes == "far").sum()),
            base=float(known.sum()),
            base_unit=_with_streets(known),
        )
    ]
    if not known.all():
        figures.append(
            Figure(
                key="areas_unknown",
                label="Neighbourhoods without street data",
                unit="neighbourhoods",
                value=float((~known).sum()),
                base=float(len(known)),
            )
        )
    return figures


def _with_streets(known: pd.Series) -> str:
    return f"neighbourhood{'' if known.sum() == 1 else 's'} with street data"


def _lost(found: Findings, beyond: str) -> list[Figure]:
    """Whom closures put beyond the threshold."""
    if found.closures.empty:
        return []
    of = {
        "unit": "under-fives",
        "base": rounded(found.whole.people.loc[found.chosen, "under5_known"].sum()),
        "base_unit": "under-fives whose walk is known",
    }
    label = f"Under-fives put {beyond} by closures and downgrades{_counting(found)}"
    figures = [Figure(key="lost_beyond", label=label, value=rounded(found.lost_beyond), **of)]
    if _counting(found) and found.everywhere and found.whole.lost is not None:
        now, label = found.whole.lost.ledger.together["beyond_after"], f"Under-fives {beyond}{_counting(found)}"
        figures.append(Figure(key="lost_beyond_now", label=label, value=now, **of))
    return figures


def _brought(found: Findings, beyond: str) -> list[Figure]:
    """Whom the best new sites would bring within reach."""
    if found.plan is None or not found.plan.plan.chosen:
        return []
    question, chosen = found.whole.asked.question, found.plan.plan.chosen
    now = "with the changes" if question.changes else "now"
    sites = "one new site" if len(chosen) == 1 else f"{len(chosen)} new sites"
    return [
        Figure(
            key="new_sites_bring",
            label=f"Under-fives that {sites} would bring within {question.walk.limit}",
            value=rounded(brought_within(found.plan.problem, chosen)),
            unit="under-fives",
            base=rounded(found.whole.asked.gaps.loc[found.chosen, "under5_beyond"].sum()),
            base_unit=f"under-fives {beyond} {now}",
        )
    ]


def _counting(found: Findings) -> str:
    """What the ledger counts, where that is less than the rest of the report counts."""
    counting = found.whole.lost.question.counting if found.whole.lost else None
    if counting == found.whole.asked.question.counting:
        return ""
    words = {"full": " (full centres only)", "hubs": " (family hubs only)", "network": " (with network sites)"}
    return words.get(str(counting), "")


def beyond_figure(found: Findings, answer: Answer, key: str, label: str) -> Figure:
    """Under-fives beyond the threshold in one of the answers."""
    return Figure(
        key=key,
        label=label,
        unit="under-fives",
        base_unit="under-fives whose walk is known",
        value=rounded(answer.gaps.loc[found.chosen, "under5_beyond"].sum(min_count=1)),
        base=rounded(found.whole.people.loc[found.chosen, "under5_known"].sum(min_count=1)),
    )


def _change(after: Figure, before: Figure) -> Figure:
    """The difference of the two numbers as they are told, so that a reader can check it."""
    value = after.value - before.value
    return Figure(key="under5_beyond_change", label="Difference", value=value, unit="under-fives")


def _most_deprived(found: Findings, beyond: str) -> list[Figure]:
    """Families in the most deprived fifth of England, and before."""
    whole = found.whole
    known = _poor(found, whole.people["under5_known"])
    if not known > 0:
        return []
    label = f"Under-fives of the most deprived fifth of England, {beyond}"
    figures = [_poor_figure(found, whole.asked, known, "most_deprived_beyond", label)]
    if whole.before is not None:
        then = f"{label}, {comparison.both(found.request)[0]}"
        figures.append(_poor_figure(found, whole.before, known, "most_deprived_beyond_before", then))
    return figures


def _poor(found: Findings, counts: pd.Series) -> float:
    """The sum of a count over the chosen areas among the most deprived fifth of England."""
    poor = found.whole.groups.loc[found.chosen, _POOR[0]] == _POOR[1]
    return float(counts.loc[found.chosen].groupby(poor).sum(min_count=1).get(True, np.nan))


def _poor_figure(found: Findings, answer: Answer, known: float, key: str, label: str) -> Figure:
    return Figure(
        key=key,
        label=label,
        value=rounded(_poor(found, answer.gaps["under5_beyond"])),
        unit="under-fives",
        base=rounded(known),
        base_unit="under-fives of that fifth whose walk is known",
    )


def _from_abroad(found: Findings, beyond: str) -> list[Figure]:
    """Residents born outside the UK."""
    abroad = found.whole.asked.gaps.loc[found.chosen, "born_outside_uk_beyond"].sum(min_count=1)
    if np.isnan(abroad):
        return []
    return [
        Figure(
            key="born_abroad_beyond",
            label=f"Residents born outside the UK, of all ages, {beyond}",
            value=rounded(abroad),
            unit="residents born outside the UK",
            base=rounded(found.whole.people.loc[found.chosen, "abroad_known"].sum()),
        )
    ]


def _sureness(found: Findings) -> list[Figure]:
    """The least and the most of the headline over the grid of speeds and thresholds; what changes class."""
    grid = grid_counts(found)
    speeds, limits = grid.index.get_level_values(0), grid.index.get_level_values(1)
    ends = (
        ("least", "lowest", grid.loc[(speeds.max(), limits.max())]),
        ("most", "highest", grid.loc[(speeds.min(), limits.min())]),
    )
    base = rounded(found.whole.people.loc[found.chosen, "under5_known"].sum(min_count=1))
    figures = []
    for key, words, cell in ends:
        if not np.isnan(cell["value"]):
            figures.append(
                Figure(
                    key=f"under5_beyond_{key}",
                    value=float(cell["value"]),
                    unit="under-fives",
                    base=base,
                    label=f"Under-fives beyond, {words} estimate",
                    base_unit="under-fives whose walk is known",
                )
            )
    changing = found.whole.sure.changing.loc[found.chosen]
    known = found.whole.asked.gaps.loc[found.chosen, "access_class"] != NO_STREETS
    figures.append(
        Figure(
            key="areas_changing",
            label="Results that depend on our assumptions",
            value=float((changing & known).sum()),
            unit="neighbourhoods",
            base=float(known.sum()),
            base_unit=_with_streets(known),
        )
    )
    return figures


def grid_counts(found: Findings) -> pd.DataFrame:
    """The headline in every cell of the grid: ``value``, rounded; ``far``."""
    sure = found.whole.sure
    sums = sure.beyond.loc[found.chosen].sum(min_count=1)
    return pd.DataFrame({"value": rounded(sums), "far": (sure.classes.loc[found.chosen] == "far").sum()})
