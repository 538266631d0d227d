"""Two places side by side: the same figures of each, as counts and as rates, and by need."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from geo.gaps import NO_STREETS
from geo.homes import weighted_quantiles
from geo.need import NEED_CLASSES
from geo.whole import whole

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geo.gaps import Walk
    from layers.answers.question import Answer


class Figure(NamedTuple):
    """A number in whole people or sites, and, where it is part of something, which part: 0 to 1; missing is NaN."""

    value: float
    share: float = np.nan


@dataclass(frozen=True, kw_only=True)
class Side:
    """One place. Shares of people are of the under-fives whose walk is known, but where it is said otherwise."""

    under5: Figure
    known: Figure
    """Whose walk is known; share of all under-fives."""
    beyond: Figure
    median: Figure
    """Minutes that half of the under-fives walk or more; infinite where half have no way there."""
    born_abroad: Figure
    """Residents born outside the UK; share of residents."""
    sites: Figure
    """That count, and per 1,000 under-fives (as ``share``)."""
    lost: Figure
    high: Figure
    """Under-fives in neighbourhoods of high need; share of all under-fives whose need is known."""
    high_far: Figure
    """Of those, the ones whose neighbourhood is far; share of those whose neighbourhood has street data."""
    need: pd.DataFrame
    """A row a third by need, high first: ``under5``, ``share``, ``known``, ``beyond``, ``beyond_share``."""


def side(areas: pd.DataFrame, third: pd.Series[str], found: Answer | None, lost: float = np.nan) -> Side:
    """The figures of one place.

    Parameters
    ----------
    areas
        `geo.tables.Areas`.
    third
        The need class of each, as `layers.answers.need_classes.needs_of` tells it.
    found
        The answer; None where the place has no data on what is asked.
    lost
        Under-fives who lost one within the threshold.
    """
    nothing = Figure(np.nan)
    children = whole(areas["under5"].sum(min_count=1))
    need = _by_need(areas["under5"], third, found)
    kept = {
        "under5": Figure(children),
        "born_abroad": _part(areas["born_outside_uk"].sum(min_count=1), areas["residents"].sum(min_count=1)),
        "high": Figure(*need[["under5", "share"]].to_numpy(float)[0]),
        "need": need,
    }
    if found is None:
        walked = dict.fromkeys(("known", "beyond", "median", "sites", "lost", "high_far"), nothing)
        return Side(**walked, **kept)  # type: ignore[arg-type]
    gaps, inside = found.gaps, found.sites[found.sites["inside"]]
    streets = gaps["access_class"] != NO_STREETS
    known = gaps["under5_known"].sum(min_count=1)
    high = third == "high"
    far = high & (gaps["access_class"] == "far")
    minutes = np.where(found.reach["reached"] == "yes", found.reach["minutes"].to_numpy(float), np.inf)
    median = weighted_quantiles(minutes, np.nan_to_num(found.ground.counted_children), (0.5,))[0]
    return Side(
        known=_part(known, children),
        beyond=_part(gaps["under5_beyond"].sum(min_count=1), known),
        median=Figure(float(median)),
        sites=Figure(float(len(inside)), len(inside) / children * 1000 if children > 0 else np.nan),
        lost=_part(lost, known),
        high_far=_part(
            areas["under5"][far].sum(min_count=int(far.any())), areas["under5"][high & streets].sum(min_count=1)
        ),
        **kept,  # type: ignore[arg-type]
    )


def _part(value: float, every: float) -> Figure:
    if pd.isna(value) or pd.isna(every):
        return Figure(np.nan if pd.isna(every) else whole(value))
    shown = float(whole(value))
    return Figure(shown, shown / float(whole(every)) if every > 0 else np.nan)


def _by_need(under5: pd.Series[float], third: pd.Series[str], found: Answer | None) -> pd.DataFrame:
    rows = NEED_CLASSES[::-1]
    table = pd.DataFrame({"under5": whole(under5.groupby(third).sum(min_count=1)).reindex(rows)})
    if under5.notna().any():
        table.loc[~table.index.isin(third), "under5"] = 0.0  # nobody lives in a third without neighbourhoods
    table["share"] = table["under5"] / table["under5"].sum(min_count=1)
    for name, column in (("known", "under5_known"), ("beyond", "under5_beyond")):
        if found is None:
            table[name] = np.nan
        else:
            table[name] = whole(found.gaps[column].groupby(third).sum(min_count=1)).reindex(rows)
    table["beyond_share"] = table["beyond"] / table["known"].where(table["known"] > 0)
    return table


def names(sides: Mapping[str, tuple[str, Sequence[str]]]) -> dict[str, tuple[str, str]]:
    """What can be found by name in either of two places, told apart where both have something of that name.

    Parameters
    ----------
    sides
        By key of the place: what it is called, and the names in it.

    Returns
    -------
    dict
        By what is offered: the key of the place, and the name there.
    """
    times = Counter(name for _, known in sides.values() for name in set(known))
    return {
        f"{name} ({place})" if times[name] > 1 else name: (key, name)
        for key, (place, known) in sides.items()
        for name in known
    }


def rows(walk: Walk, since: str, *, centres: bool) -> dict[str, str]:
    """What the table has a row for, by the fields of `Side`, in order, and what each is called.

    Parameters
    ----------
    walk
        The threshold and the words.
    since
        The day from which losses are counted, in words.
    centres
        Whether one walks to centres: only of these it is known when they closed.
    """
    said = {
        "under5": "Under-fives",
        "known": "Under-fives whose walk is known",
        "beyond": f"Under-fives beyond {walk.limit}",
        "median": "Half of under-fives walk this long, or longer",
        "born_abroad": "Residents born outside the UK",
        "sites": "Sites that count (for every 1,000 under-fives)",
        "lost": f"Under-fives who lost one within {walk.limit} since {since}, as far as is known",
        "high": "Under-fives in neighbourhoods of high need",
        "high_far": f"Of these, where most live beyond {walk.limit}",
    }
    return said if centres else {key: words for key, words in said.items() if key != "lost"}


def told(name: str, figure: Figure) -> str:
    """One figure in words.

    Parameters
    ----------
    name
        A field of `Side`.
    """
    value, share = figure
    if pd.isna(value):
        return "not known"
    if name == "median":
        return "no way there for half of them" if np.isinf(value) else f"{value:.0f} minutes"
    if pd.isna(share):
        return f"{value:,.0f}"
    return f"{value:,.0f} ({share:.1f})" if name == "sites" else f"{value:,.0f} ({share:.0%})"


def table(sides: dict[str, Side], words: dict[str, str]) -> pd.DataFrame:
    """The figures of both places as numbers, to be exported: a row a figure, for each place its number and its share.

    Parameters
    ----------
    sides
        By the name of the place.
    words
        As `rows` has them.
    """
    said = {**words, **{f"need_{name}": f"Under-fives in neighbourhoods of {name} need" for name in NEED_CLASSES[::-1]}}
    said |= {f"beyond_{name}": f"Of these, beyond the threshold, {name} need" for name in NEED_CLASSES[::-1]}
    columns = {"figure": said}
    for place, one in sides.items():
        figures = {name: getattr(one, name) for name in words}
        for name, row in one.need.iterrows():
            figures[f"need_{name}"] = Figure(row["under5"], row["share"])
            figures[f"beyond_{name}"] = Figure(row["beyond"], row["beyond_share"])
        columns[place] = {name: round(figure.value, 1) for name, figure in figures.items()}
        columns[f"{place}, share"] = {name: round(figure.share, 4) for name, figure in figures.items()}
    found = pd.DataFrame(columns).rename_axis("key")
    return found.replace([np.inf], np.nan)
