"""Totals that people ask for: every ward or town in a row, and one of them in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np
import pandas as pd

from geo.gaps import about
from geo.homes import Homes
from geo.whole import shown, whole
from layers.answers.area_card import told

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from data.place import Card as PlaceCard
    from layers.answers.place_parts import Parts
    from layers.answers.question import Answer


@dataclass(frozen=True, kw_only=True)
class TotalCard:
    """What the page says of one ward or town; every line is plain text."""

    title: str
    subtitle: str
    said: str
    facts: tuple[tuple[str, str], ...]


def totals(answer: Answer, parts: Parts) -> pd.DataFrame:
    """Sums over the homes of each part of a place, the most under-fives beyond the threshold first.

    Sums are made of the same homes as the place's headline (`geo.homes.Homes.counted`), so that parts that have every
    home between them add up to it.

    Parameters
    ----------
    answer
        The answer to a question.
    parts
        Wards, or towns and villages.

    Returns
    -------
    DataFrame
        A row a part, by its code: ``name``, ``areas`` (how many neighbourhoods), ``under5`` and ``under2`` (who live
        there), ``under5_known`` (whose walk is known), ``under5_beyond`` (farther than the threshold) and
        ``beyond_share`` (of those known), ``born_outside_uk_beyond``, ``minutes_median`` (which half of the under-fives
        walk or more; missing where half have no way there) and ``beyond_rank`` (1 has most under-fives beyond). What is
        known of no home of a part is missing.
    """
    on, group, some, names = answer.ground, parts.home, ~pd.isna(parts.home), parts.names.index
    origins, reach, counted = on.origins[some].assign(area_code=group[some]), answer.reach[some], on.counted[some]
    of_area, homes = on.homes.area[some], Homes.of(pd.DataFrame(index=names), origins)

    def summed(values: NDArray[np.float64], which: NDArray[np.bool_]) -> NDArray[np.float64]:
        has = which & ~np.isnan(values)
        sums = homes.total(np.where(has, values, 0.0))
        return np.where(np.bincount(homes.area[has], minlength=len(names)) > 0, sums, np.nan)

    def beyond(column: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """People whose walk is known, and those of them beyond; of areas that have such a figure."""
        people, figure = origins[column].to_numpy(float), answer.gaps[f"{column}_beyond"].to_numpy(float)
        which = counted & ~np.isnan(figure)[of_area]
        return summed(people, which), summed(np.where(minutes > answer.question.minutes, people, people * 0.0), which)

    minutes = np.where(reach["reached"] == "yes", reach["minutes"].to_numpy(float), np.inf)
    known, missed = beyond("under5")
    at = homes.quantiles(minutes, (0.5,), known=counted)[:, 0]
    everyone = np.ones(len(origins), bool)
    table = pd.DataFrame(
        {
            "name": parts.names,
            "areas": [len(parts.areas[code]) for code in names],
            "under5": summed(origins["under5"].to_numpy(float), everyone),
            "under5_known": known,
            "under5_beyond": missed,
            "beyond_share": np.divide(missed, known, out=np.full(len(names), np.nan), where=known > 0),
            "under2": summed(origins["under2"].to_numpy(float), everyone),
            "born_outside_uk_beyond": beyond("born_outside_uk")[1],
            "minutes_median": np.where((at >= 0) & np.isfinite(minutes[at]), minutes[at], np.nan),
            "beyond_rank": pd.Series(missed).rank(method="min", ascending=False).to_numpy(),
        },
        index=names.rename(parts.key),
    )
    return table.sort_values(["beyond_rank", "name"], kind="stable")


def total_card(answer: Answer, parts: Parts, table: pd.DataFrame, code: str, place: PlaceCard) -> TotalCard:
    """The card of a ward or a town.

    Parameters
    ----------
    answer, parts, table
        The answer that the map shows, wards or towns, and what `totals` makes of both.
    code
        One of the table's.
    place
        For vintages.
    """
    row = cast("pd.Series", table.loc[code])
    number, figures = int(row["areas"]), place.figures
    ranked, limit = int(table["beyond_rank"].notna().sum()), answer.question.walk.limit
    rank = f"{row['beyond_rank']:.0f} of {ranked} (1 has most under-fives beyond)"
    facts = (
        (f"Rank among the {parts.many}", "not ranked" if pd.isna(row["beyond_rank"]) else rank),
        ("Typical walk", _walk_now(row)),
        (f"Part of the under-fives beyond {limit}", told(row["beyond_share"], "{:.0%}")),
        ("Under-fives", told(whole(row["under5"]), "{:,.0f}", figures.get("under5"))),
        ("Their walk is known", told(whole(row["under5_known"]), "{:,.0f}")),
        ("Under-twos", told(whole(row["under2"]), "{:,.0f}", figures.get("under2"))),
        (
            f"Residents born outside the UK, beyond {limit}",
            told(whole(row["born_outside_uk_beyond"]), "{:,.0f}", figures.get("born_outside_uk")),
        ),
    )
    kind, homes_in = parts.kinds[code], "" if parts.one == "ward" else "homes in "
    said = [kind.capitalize(), f"{homes_in}{number} neighbourhood{'' if number == 1 else 's'}"]
    return TotalCard(
        title=str(row["name"]),
        subtitle=" · ".join([*said, code] if parts.one == "ward" else said),
        said=_said(row, answer),
        facts=facts,
    )


def _said(row: pd.Series, answer: Answer) -> str:
    """How many live beyond the threshold, of how many."""
    walk, known, beyond = answer.question.walk, row["under5_known"], row["under5_beyond"]
    if pd.isna(beyond):
        return "How many under-fives live too far away is not known here."
    whose = "" if whole(known) == whole(row["under5"]) else " whose walk is known"
    live = "lives" if whole(known) == 1 else "live"
    return f"{shown(beyond)} of {shown(known)} under-fives{whose} {live} more than {walk.limit_walk} from {walk.to}."


def _walk_now(row: pd.Series) -> str:
    if not pd.isna(row["minutes_median"]):
        return about(row["minutes_median"])
    return "most families cannot walk there" if row["under5_known"] > 0 else "not known"
