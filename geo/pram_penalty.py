"""How much longer a walk is with a pram than without one, both at the pram's pace: of each home, and of each area."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from geo.homes import Homes


def longer_with_pram(pram: pd.DataFrame, alone: pd.DataFrame, *, slower: float) -> pd.Series[float]:
    """Minutes that steps, stiles, gates and rough ground cost each home.

    Parameters
    ----------
    pram, alone
        The walks with a pram and those of an adult alone, as `geo.tables.Reach` on one index.
    slower
        How many times as long an adult takes at the pace of the pram.

    Returns
    -------
    Series
        ``pram_more``: infinite where an adult has a way and a pram has none; missing where an adult's walk is not
        known, or the home is off the streets of a pram. Never below 0: with a pram a home may join another street.
    """
    more = (pram["minutes"] - alone["minutes"] * slower).clip(lower=0)
    stuck = (pram["reached"] == "no_route") & (alone["reached"] == "yes")
    return more.mask(stuck, np.inf).rename("pram_more")


def of_areas(more: pd.Series[float], homes: Homes) -> pd.Series[float]:
    """The mean of each area's homes, by their weights; who has no way with a pram is in no mean.

    Missing where nothing is known, or where half of the weight or more has no way.

    Parameters
    ----------
    more
        As `longer_with_pram` gives it.
    homes
        The same homes.
    """
    minutes = more.to_numpy(float)
    known, finite = ~np.isnan(minutes), np.isfinite(minutes)
    weigh, has = (homes.total(np.where(which, homes.weight, 0.0)) for which in (known, finite))
    total = homes.total(np.where(finite, homes.weight * np.nan_to_num(minutes, posinf=0.0), 0.0))
    mean = np.divide(total, has, out=np.full(len(has), np.nan), where=has * 2 > weigh)
    return pd.Series(mean, index=homes.areas, name="pram_more")
