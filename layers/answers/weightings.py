"""How the order of neighbourhoods moves when need is weighed otherwise, in a table and in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.weightings import overlap, ranks_under, weightings_with

if TYPE_CHECKING:
    import geopandas as gpd

    from geo.children_drawn import Drawn
    from layers.answers.question import Answer

FIRST = 10
_NEARLY_THE_SAME, _MUCH_THE_SAME = 0.8, 0.5
RANK_WORDS = "Rank under other weightings of need"


def weightings_table(found: Answer, drawn: Drawn) -> gpd.GeoDataFrame:
    """Every ranked area with its rank under each weighting, and both intervals; the largest gap first.

    Parameters
    ----------
    found
        The answer.
    drawn
        Of it: the ranks when children are put into homes at random.

    Returns
    -------
    GeoDataFrame
        ``gap_rank, area_name, ward_name``; ``rank_`` and a key of `geo.weightings.WEIGHTINGS` each, ``rank_own`` if the
        reader weighs otherwise; ``weighed_low, weighed_high`` over all of these; ``gap_rank_low, gap_rank_high`` over
        the draws.
    """
    areas = found.ground.areas
    under = ranks_under(areas, found.gaps, weightings_with(found.question.weights))
    ends = {"low": "weighed_low", "high": "weighed_high"}
    under = under.rename(columns=lambda name: ends.get(name, f"rank_{name}"))
    by_draws = drawn.ranks.rename(columns="gap_rank_{}".format)
    table = areas[["area_name", "ward_name", "geometry"]].join([under, by_draws])
    table.insert(0, "gap_rank", found.gaps["gap_rank"])
    return table[table["gap_rank"].notna()].sort_values("gap_rank", kind="stable")


def said(table: pd.DataFrame, found: Answer) -> list[str]:
    """What a table of weightings comes to, in sentences.

    Parameters
    ----------
    table
        As `weightings_table` makes it.
    found
        The answer that it is of.
    """
    if table.empty:
        return ["No neighbourhood is ranked: no walk is known."]
    first = table.head(FIRST)
    stay = int((first["weighed_high"] <= FIRST).sum())
    ways = weightings_with(found.question.weights)
    moved = first.iloc[int(np.argmax(first["weighed_high"] - first["weighed_low"]))]
    lines = [
        f"Of the {len(first)} neighbourhoods that come first, {stay if stay else 'none'} "
        f"stay{'s' if stay == 1 else ''} among the first {FIRST} under all {len(ways)} ways of weighing need."
    ]
    if moved["weighed_high"] > moved["weighed_low"]:
        by_rank = sorted((float(moved[f"rank_{one.key}"]), one.name) for one in ways)
        low, high = (f"{rank:.0f} ({name})" for rank, name in (by_rank[0], by_rank[-1]))
        lines.append(f"{moved['area_name']} moves most of them: from {low} to {high}.")
    return [*lines, overlap_said(overlap(found.gaps))]


def overlap_said(value: float) -> str:
    """What overlaps in the need score, with how much the two indices of deprivation do here.

    Parameters
    ----------
    value
        As `geo.weightings.overlap` makes it; NaN where it is not known.
    """
    twice = "Under-fives count twice: as a part of need, and as the children who are too far away."
    if pd.isna(value):
        return twice
    if value < _MUCH_THE_SAME:
        return f"Deprivation and children in low-income families say different things here ({value:.2f}). {twice}"
    nearly = "nearly" if value >= _NEARLY_THE_SAME else "much"
    return (
        f"Deprivation and children in low-income families put neighbourhoods in {nearly} the same order here "
        f"({value:.2f}; 1 is the same order), so together they count deprivation almost twice. {twice}"
    )


def rank_said(table: pd.DataFrame, code: str) -> list[tuple[str, str]]:
    """Between which ranks an area lies however need is weighed, as a line of its card; none where it is not ranked."""
    if code not in table.index:
        return []
    low, high = table["weighed_low"][code], table["weighed_high"][code]
    return [(RANK_WORDS, f"{low:.0f}" if low == high else f"{low:.0f} to {high:.0f}")]
