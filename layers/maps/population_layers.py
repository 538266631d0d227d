"""Who lives there: deprivation, families from abroad and other proxies, small children."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from geo.need import SHARES
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


@dataclass(frozen=True)
class _Proxy:
    """How a share that stands in for families is shown: its title, of whom it is, and what is said of one area."""

    title: str
    of: str
    said: str


_PROXIES = {
    "abroad": _Proxy(
        "Families from abroad (proxy)", "all residents born outside the UK", "of residents born outside the UK"
    ),
    "arrived2": _Proxy(
        "Came to the UK within 2 years (proxy)",
        "all residents who came to the UK less than 2 years before (near a university most are students)",
        "of residents came to the UK within 2 years",
    ),
    "arrived5": _Proxy(
        "Came to the UK within 5 years (proxy)",
        "all residents who came to the UK less than 5 years before (near a university most are students)",
        "of residents came to the UK within 5 years",
    ),
    "english": _Proxy(
        "Little English (proxy)",
        "residents aged 3 and over who cannot speak English well, or at all",
        "of those aged 3 and over cannot speak English well",
    ),
    "language": _Proxy(
        "Household language (proxy)",
        "households where English is no adult's main language",
        "of households have no adult with English as main language",
    ),
}
"""By part of need."""


def proxies(table: pd.DataFrame) -> dict[str, Layer]:
    """Shares that stand in for families, those that the place has, in classes of round numbers that fit it.

    Parameters
    ----------
    table
        With ``born_outside_uk_share`` and those of `geo.need.SHARES` that there are.
    """
    columns = {"abroad": "born_outside_uk_share", **SHARES}
    return {key: _share(key, one, table, columns[key]) for key, one in _PROXIES.items() if columns[key] in table}


def play(table: pd.DataFrame) -> dict[str, Layer]:
    """Who is near enough to a play space of some size, if the table has ``leap_share``."""
    limits = (10, 25, 50, 75)
    layer = Layer(
        key="play",
        title="Larger play space within 400 m",
        about="Share of under-fives with a play space of 400 m² or more within 400 m on foot (the standard LEAP). Play "
        "spaces whose size is not known do not count.",
        column="leap_share",
        limits=tuple(limit / 100 for limit in limits),
        palette=_GREENS,
        labels=_between(limits, "%"),
        show=lambda value: f"{value:.0%} of under-fives have a play space of 400 m² within 400 m",
    )
    return {layer.key: layer} if layer.column in table else {}


def _share(key: str, proxy: _Proxy, table: pd.DataFrame, column: str) -> Layer:
    limits = _round_limits(table[column] * 100)
    return Layer(
        key=key,
        title=proxy.title,
        about=f"Share of {proxy.of}, Census 2021: a proxy, not a count of families.",
        column=column,
        limits=tuple(limit / 100 for limit in limits),
        palette=_BLUES,
        labels=_between(limits, "%"),
        show=lambda value: f"{value:.1%} {proxy.said}",
    )


_CHILDREN = {
    "under5": ("under5", "Under-fives", "Children aged 0 to 4 who live in the neighbourhood."),
    "under2": ("under2", "Under-twos", "Children aged 0 and 1 who live in the neighbourhood."),
    "births": ("births_abroad", "Births to parents from abroad", "By the council's own table; small counts hidden."),
}
"""Counts by part of need: the column, the title, and what they are."""


def children(table: pd.DataFrame) -> dict[str, Layer]:
    """Counts of children, those that the table has, in classes of round numbers that fit it."""
    return {key: _count(key, *said, table) for key, said in _CHILDREN.items() if said[0] in table}


def _count(key: str, column: str, title: str, about: str, table: pd.DataFrame) -> Layer:
    limits = _round_limits(table[column])
    return Layer(
        key=key,
        title=title,
        about=about,
        column=column,
        limits=limits,
        palette=_GREENS,
        labels=_between(limits, ""),
        show=lambda value: f"{value:,.0f} {title.lower()}",
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
