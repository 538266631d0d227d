"""How much longer walks are with a pram than without one: in a sentence, and of each neighbourhood."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.pram_penalty import longer_with_pram, of_areas
from geo.whole import shown, whole

if TYPE_CHECKING:
    from layers.answers.question import Answer

LONG_MIN = 5.0
"""By so much longer is a walk that is named."""

COLUMNS = ("area_name", "ward_name", "under5", "pram_more", "under5_longer", "under5_no_way")
_NAMED = 3


@dataclass(frozen=True, eq=False)
class Penalty:
    """How much longer walks are with a pram; read-only."""

    homes: pd.Series[float]
    """As `geo.pram_penalty.longer_with_pram`."""
    table: gpd.GeoDataFrame
    """``area_name, ward_name, under5, pram_more`` (minutes, the mean), ``under5_longer`` (by more than `LONG_MIN`),
    ``under5_no_way``; counts are missing where under-fives are not known. The longest first."""
    said: tuple[str, ...]


def penalty_of(pram: Answer, alone: Answer) -> Penalty:
    """How much longer walks are with a pram.

    Parameters
    ----------
    pram, alone
        Answers to one question, of families with a pram and of an adult alone.
    """
    on, walkers = pram.ground, (pram.question.walker, alone.question.walker)
    more = longer_with_pram(pram.reach, alone.reach, slower=walkers[1].speed_kmh / walkers[0].speed_kmh)
    more = more.where(on.counted)
    children, minutes = on.counted_children, more.to_numpy(float)
    counts = {
        "under5_longer": np.isfinite(minutes) & (minutes > LONG_MIN),
        "under5_no_way": np.isinf(minutes),
    }
    table = on.areas[["area_name", "ward_name", "under5", "geometry"]].assign(
        pram_more=of_areas(more, on.homes),
        **{name: on.homes.total(np.where(which, children, children * 0)).round(1) for name, which in counts.items()},
    )
    table = (
        table[[*COLUMNS, "geometry"]].sort_values("pram_more", ascending=False, kind="stable").round({"pram_more": 2})
    )
    return Penalty(more, table, _said(pram, children, minutes, table))


def _said(pram: Answer, children: np.ndarray, minutes: np.ndarray, table: pd.DataFrame) -> tuple[str, ...]:
    has = np.isfinite(minutes)
    weight = np.where(has, np.nan_to_num(children), 0.0)
    if not weight.sum():
        return ("How much longer walks are with a pram is not known here.",)
    mean = (weight @ np.where(has, minutes, 0.0)) / weight.sum()
    long, stuck = (children[which].sum() for which in (has & (minutes > LONG_MIN), np.isinf(minutes)))
    none = f" {shown(stuck)} have no way with a pram where an adult alone has one." if whole(stuck) else ""
    lines = [
        f"With a pram the walk to {pram.question.walk.to} is {mean:.1f} minutes longer on average than without one at "
        f"the same pace, and more than {LONG_MIN:g} minutes longer for {shown(long)} of {shown(weight.sum() + stuck)} "
        f"under-fives.{none}"
    ]
    first = table[table["pram_more"] > 1].head(_NAMED)
    if len(first):
        named = [f"{row.area_name} ({row.pram_more:.0f} minutes)" for row in first.itertuples()]
        lines.append(f"It costs most in {', '.join(named)}.")
    return tuple(lines)
