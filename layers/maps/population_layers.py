"""Who lives there: deprivation, families from abroad, under-fives."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from layers.maps.choropleth import Layer

if TYPE_CHECKING:
    import pandas as pd

_BLUES = ("#f1eef6", "#bdc9e1", "#74a9cf", "#2b8cbe", "#045a8d")
_GREENS = ("#f6eff7", "#bdc9e1", "#67a9cf", "#1c9099", "#016c59")
_PURPLES = ("#4a1486", "#6a51a3", "#807dba", "#9e9ac8", "#dadaeb")

DEPRIVATION = Layer(
    key="deprivation",
    title="Deprivation",
    about="Index of Multiple Deprivation: the tenth of England's neighbourhoods that each belongs to.",
    column="imd_decile",
    limits=(1, 3, 5, 7),
    palette=_PURPLES,
    labels=("most deprived 10%", "10% to 30%", "30% to 50%", "50% to 70%", "least deprived 30%"),
    show=lambda value: f"deprivation tenth {value:.0f} of 10 (1 is most deprived)",
)


def abroad(table: pd.DataFrame) -> Layer:
    """Share of residents born outside the UK, in classes of round numbers that fit the place."""
    limits = _round_limits(table["born_outside_uk_share"] * 100)
    return Layer(
        key="abroad",
        title="Families from abroad (proxy)",
        about="Share of all residents born outside the UK, Census 2021: a proxy, not a count of families.",
        column="born_outside_uk_share",
        limits=tuple(limit / 100 for limit in limits),
        palette=_BLUES,
        labels=_between(limits, "%"),
        show=lambda value: f"{value:.1%} of residents born outside the UK",
    )


def under_fives(table: pd.DataFrame) -> Layer:
    """Number of children aged 0 to 4."""
    limits = _round_limits(table["under5"])
    return Layer(
        key="under5",
        title="Under-fives",
        about="Children aged 0 to 4 who live in the neighbourhood.",
        column="under5",
        limits=limits,
        palette=_GREENS,
        labels=_between(limits, ""),
        show=lambda value: f"{value:,.0f} under-fives",
    )


def _round_limits(values: pd.Series[float]) -> tuple[float, ...]:
    """Four limits near the fifths of the values, rounded so that a legend can be read aloud."""
    known = values.dropna()
    if known.empty:
        return (1.0, 2.0, 3.0, 4.0)
    fifths = np.quantile(known, [0.2, 0.4, 0.6, 0.8])
    step = 10 ** np.floor(np.log10(max(float(np.ptp(fifths)), 1e-9))) / 2
    limits = np.round(fifths / step) * step
    return tuple(float(limit) for limit in np.maximum.accumulate(limits + np.arange(4) * 1e-9).round(6))


def _between(limits: tuple[float, ...], unit: str) -> tuple[str, ...]:
    middle = [f"{low:g} to {high:g}{unit}" for low, high in pairwise(limits)]
    return (f"up to {limits[0]:g}{unit}", *middle, f"more than {limits[-1]:g}{unit}")
