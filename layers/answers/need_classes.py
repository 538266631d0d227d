"""High, middle and low need: thirds of the authority's neighbourhoods, or of England's; and both in words."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pandas as pd

from data.england.figures import read_figures
from geo.need import need, thirds
from geo.need_in_england import England

if TYPE_CHECKING:
    from geo.need import NeedWeights

THIRDS = ("authority", "england")
"""Of whose neighbourhoods high, middle and low need are thirds."""

CLASSES = ("need_here", "need_in_england")
"""The columns that `both_classes` makes."""


@cache
def england() -> England:
    """How the figures of England's neighbourhoods are spread, read once."""
    return England.of(read_figures())


def both_classes(areas: pd.DataFrame, needs: pd.DataFrame, weights: NeedWeights) -> pd.DataFrame:
    """The need class of each area by the authority's thirds and by England's: columns `CLASSES`.

    Parameters
    ----------
    areas
        `geo.tables.Areas`, one authority.
    needs
        As `needs_of` makes it of them with these weights, by whichever thirds.
    weights
        How much each part of need counts.
    """
    found = thirds(needs["need_score"]), england().need(areas, weights=weights)["england_class"]
    return pd.DataFrame(dict(zip(CLASSES, found, strict=True)), index=areas.index)


def needs_of(areas: pd.DataFrame, weights: NeedWeights, of: str) -> pd.DataFrame:
    """What `geo.need.need` says of the areas, ``need_class`` by the thirds that are asked for.

    The score, and with it the rank, is always the standing within the authority.

    Parameters
    ----------
    areas, weights
        As `both_classes` takes them.
    of
        One of `THIRDS`.
    """
    needs = need(areas, weights=weights)
    if of == "authority":
        return needs
    return needs.assign(need_class=england().need(areas, weights=weights)["england_class"])


def both_said(here: object, in_england: object) -> str:
    """A neighbourhood's need class both ways: "high here, middle in England"; what is not known is said to be."""
    words = ["not known" if pd.isna(one) else str(one) for one in (here, in_england)]  # type: ignore[call-overload]
    return f"{words[0]} here and in England" if words[0] == words[1] else f"{words[0]} here, {words[1]} in England"
