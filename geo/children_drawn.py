"""How much of the answer hangs on where in its neighbourhood each child lives, which nobody publishes.

Under-fives of a neighbourhood are shared out over its homes in proportion. Here each child is instead put into a home
at random, with those proportions as odds: of a neighbourhood's children so many then live beyond the threshold as in a
binomial draw. Intervals of ranks as Goldstein and Spiegelhalter (1996) ask for them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.gaps import ranks

if TYPE_CHECKING:
    from numpy.typing import NDArray

DRAWS = 200
SEED = 20260101
_PARTS = (0.025, 0.975)


@dataclass(frozen=True, eq=False)
class Drawn:
    """What comes of random draws; 95 of 100 lie between ``low`` and ``high``."""

    beyond: tuple[float, float]
    """Under-fives beyond the threshold, of all areas: low and high. Missing where no area's are known."""
    ranks: pd.DataFrame
    """``low`` and ``high`` rank of each area, on the areas' index; missing where it is not ranked."""


def children_drawn(gaps: pd.DataFrame, *, draws: int = DRAWS, seed: int = SEED) -> Drawn:
    """Draw where children live, again and again.

    Parameters
    ----------
    gaps
        As `geo.gaps.measures` makes it. An area whose under-fives are not known keeps what it has in every draw.
    draws, seed
        How many draws, and from where random numbers begin.
    """
    known, beyond = gaps["under5_known"].to_numpy(float), gaps["under5_beyond"].to_numpy(float)
    counted = ~np.isnan(beyond) & (known > 0)
    ranked = gaps["gap_rank"].notna().to_numpy()
    median, score = gaps["minutes_median"].to_numpy(float), gaps["need_score"].to_numpy(float)
    if not counted.any():
        same = gaps[["gap_rank"]].rename(columns={"gap_rank": "low"}).assign(high=gaps["gap_rank"])
        return Drawn((float("nan"), float("nan")), same)
    live = _live(known[counted], beyond[counted], draws, seed)
    table = np.broadcast_to(beyond, (draws, len(beyond))).copy()
    table[:, counted] = live
    low, high = np.quantile(live.sum(axis=1), _PARTS)
    every = np.array([ranks(one, median, score, ranked) for one in table])
    ends: NDArray[np.float64] = np.quantile(every, _PARTS, axis=0, method="nearest")
    return Drawn((float(low), float(high)), pd.DataFrame(ends.T, gaps.index, ["low", "high"]))


def beyond_drawn(gaps: pd.DataFrame, *, draws: int = DRAWS, seed: int = SEED) -> tuple[float, float]:
    """`Drawn.beyond` alone, as `children_drawn` finds it: low and high."""
    known, beyond = gaps["under5_known"].to_numpy(float), gaps["under5_beyond"].to_numpy(float)
    counted = ~np.isnan(beyond) & (known > 0)
    if not counted.any():
        return float("nan"), float("nan")
    low, high = np.quantile(_live(known[counted], beyond[counted], draws, seed).sum(axis=1), _PARTS)
    return float(low), float(high)


def _live(known: NDArray[np.float64], beyond: NDArray[np.float64], draws: int, seed: int) -> NDArray[np.int64]:
    """How many children of each area live beyond in each draw, shape (draws, areas)."""
    share = np.clip(beyond / known, 0, 1)
    random = np.random.default_rng(seed)
    return random.binomial(np.rint(known).astype(np.int64), share, (draws, len(known)))
