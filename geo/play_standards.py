"""Play spaces by size and age: which meet the standards LAP, LEAP and NEAP, and how many children live near enough.

Source: Fields in Trust, Guidance for Outdoor Sport and Play: a local area for play of at least 100 m2 within 100 m on
foot, a local equipped one of 400 m2 within 400 m, a neighbourhood equipped one of 1,000 m2 within 1,000 m.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import ArrayLike, NDArray

    from geo.network import WalkNetwork
    from geo.walks_within import Walks


@dataclass(frozen=True, kw_only=True)
class Standard:
    """A play space as the standard has it: its least size, and the longest walk to it."""

    key: str
    name: str
    area_m2: float
    metres: float


STANDARDS = (
    Standard(key="lap", name="LAP", area_m2=100, metres=100),
    Standard(key="leap", name="LEAP", area_m2=400, metres=400),
    Standard(key="neap", name="NEAP", area_m2=1000, metres=1000),
)
"""The smallest first. A larger one serves as each smaller one, too."""

LONGEST_M = 1000.0
"""Metres on foot: beyond it no standard counts."""
LAP_UP_TO = 6
"""Years of age: a local area for play is for children up to this; a space for no older ones is no more than that."""
UNDER_FIVES_FROM = 5
"""Years of age: a space for children from this age on serves no under-fives."""


def levels(spaces: gpd.GeoDataFrame) -> pd.DataFrame:
    """How many of `STANDARDS` each play space meets for under-fives, by its size and the ages it is for.

    Parameters
    ----------
    spaces
        As `geo.tables.Sites`: outlines or points. The columns ``area_m2`` (of the outline, where entrances stand for
        it), ``min_age`` and ``max_age`` (text, as mapped) are used if they are there.

    Returns
    -------
    DataFrame
        On the spaces' index: ``area_m2`` (missing where only a point is known), ``min_age``, ``max_age`` (years,
        missing where not told); ``at_least`` and ``at_most``, from 0 to 3. They differ where the size is not known.
    """
    drawn = spaces.geometry.area
    area = (spaces["area_m2"].fillna(drawn) if "area_m2" in spaces else drawn).replace(0.0, np.nan)
    blank = pd.Series(np.nan, index=spaces.index)
    low, high = (pd.to_numeric(spaces.get(name, blank), errors="coerce") for name in ("min_age", "max_age"))
    least = [standard.area_m2 for standard in STANDARDS]
    most = np.where(low >= UNDER_FIVES_FROM, 0, np.where(high <= LAP_UP_TO, 1, len(STANDARDS)))
    size = np.searchsorted(least, area.fillna(0), side="right")
    at_least = np.minimum(size, most)
    return pd.DataFrame(
        {
            "area_m2": area,
            "min_age": low,
            "max_age": high,
            "at_least": at_least,
            "at_most": np.where(area.isna(), most, at_least),
        },
        index=spaces.index,
    )


def near(walks: Walks, network: WalkNetwork, level: ArrayLike, homes: int) -> NDArray[np.bool_]:
    """Whether each home is near enough to a play space of each of `STANDARDS`; (homes, standards).

    Parameters
    ----------
    walks
        All walks from play spaces up to `LONGEST_M`.
    network
        The walker's streets: 100 m are the minutes that they take on level ground.
    level
        How many standards each play space meets (`levels`), (spaces,).
    homes
        How many homes there are.
    """
    of_walk = np.asarray(level)[walks.site]
    found = np.zeros((homes, len(STANDARDS)), np.bool_)
    for number, standard in enumerate(STANDARDS):
        limit = network.cost_of(standard.metres / network.profile.metres_per_minute)
        found[walks.home[(of_walk > number) & (walks.cost <= limit)], number] = True
    return found
