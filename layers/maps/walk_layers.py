"""The walk: minutes to the nearest site, blue within the threshold, orange beyond it; and what changes do to it."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd

from geo.difference import NOTICED_MIN
from geo.gaps import NO_STREETS, about
from geo.single_closure import AWAY_CLASSES
from layers.maps.choropleth import Layer
from layers.maps.scene import Along

_WITHIN_TO_BEYOND = ("#0b3c6f", "#2171b5", "#5aa3cf", "#e59b2f", "#cc5a0d", "#7a2404")
"""Each can be told from white as a line; the step at the threshold is one of hue, the others are of lightness."""

_NO_WAY = "#1d1145"


def walk_limits(minutes: float) -> tuple[float, ...]:
    """Minutes that part the walks into six classes, three within a threshold and three beyond it; whole but for it."""
    return tuple(minutes if part == 1 else round(minutes * part) for part in (1 / 3, 2 / 3, 1, 4 / 3, 2))


def streets(minutes: float, walks: bytes, to: str) -> Along:
    """Every street by the walk from it, in the classes of `walk`.

    Parameters
    ----------
    minutes
        The threshold.
    walks
        As `layers.maps.scene.walk_bytes` makes them.
    to
        What is walked to: "a children's centre".
    """
    said = ("At most ", f" minutes from this street to {to}", f"No way on foot from this street to {to}")
    return Along(walks, walk_limits(minutes), _WITHIN_TO_BEYOND, _NO_WAY, "no way there on foot", said)


def walk(minutes: float) -> Layer:
    """Minutes that half of an area's families walk, in classes around the threshold.

    Parameters
    ----------
    minutes
        The threshold.
    """
    limits = walk_limits(minutes)
    said = [f"{limit:g}" for limit in limits]
    return Layer(
        key="walk",
        title="Minutes on foot",
        about="The typical walk of each neighbourhood to the nearest one: half walk longer, half less.",
        column="minutes_median",
        limits=tuple(map(float, limits)),
        palette=_WITHIN_TO_BEYOND,
        labels=(
            f"up to {said[0]} minutes",
            *(f"{low} to {high} minutes" for low, high in pairwise(said)),
            f"more than {said[-1]} minutes",
        ),
        show=lambda value: f"typical walk {about(value)}",
        unknown="no street data, or no way there on foot",
    )


def walk_words(access: str, minutes: float, *, where: str = "") -> str:
    """How long an area's families walk, for a tooltip.

    Parameters
    ----------
    access
        `geo.gaps.Gaps`' class of the walk.
    minutes
        Half of the families walk this long or longer; NaN where most have no way there.
    where
        " to a group", where that is not clear.
    """
    if access == NO_STREETS:
        return "no street data here"
    if pd.isna(minutes):
        return "most families cannot walk there"
    return f"typical walk{where} {about(minutes)}"


PRAM_LIMITS = (1, 3, 5, 10)
_PRAM_PALETTE = ("#8fa3b0", "#5d93bd", "#4667a8", "#5f3a91", "#3a0a4a")
_NO_WAY_WITH_PRAM = "#b3001b"
_PRAM_LABELS = ("at most a minute", "1 to 3 minutes", "3 to 5 minutes", "5 to 10 minutes", "more than 10 minutes")

PRAM = Layer(
    key="pram",
    title="Longer with a pram",
    about="How much longer the way is because of steps, stiles, gates and rough ground: minutes beyond the way of an "
    "adult alone, both at the pace of the pram, on average over the under-fives of each neighbourhood.",
    column="pram_more",
    limits=tuple(map(float, PRAM_LIMITS)),
    palette=_PRAM_PALETTE,
    labels=_PRAM_LABELS,
    show=lambda value: f"{about(value)} longer with a pram",
    unknown="no street data, or most have no way with a pram",
)


def pram_streets(walks: bytes) -> Along:
    """Every street by how much longer the way from it is with a pram, in the classes of `PRAM`.

    Parameters
    ----------
    walks
        As `layers.maps.scene.walk_bytes` makes them; no way where an adult alone has one.
    """
    said = ("At most ", " minutes longer with a pram", "No way from this street with a pram; an adult alone has one")
    return Along(walks, PRAM_LIMITS, _PRAM_PALETTE, _NO_WAY_WITH_PRAM, "no way with a pram, but one without", said)


def away_number(away_class: pd.Series[str]) -> pd.Series[float]:
    """The class of `geo.single_closure.one_closure_away` as a number: 0 holds, 1 depends on one centre, 2 beyond."""
    return away_class.map({name: float(number) for number, name in enumerate(AWAY_CLASSES)}).rename("away")


def away(limit: str) -> Layer:
    """Which areas would fall beyond the threshold if the site closed that most of their families are nearest to.

    Parameters
    ----------
    limit
        The threshold in words: "15 minutes".
    """
    labels = (f"within {limit} even then", f"depends on one centre to stay within {limit}", f"beyond {limit} already")
    return Layer(
        key="away",
        title="Depends on one centre",
        about="What would happen to each neighbourhood's typical walk if the centre that most of its families are "
        "nearest to closed.",
        column="away",
        limits=(0.0, 1.0),
        palette=("#67a9cf", "#fdb863", "#8c510a"),
        labels=labels,
        show=lambda value: labels[int(value)],
        unknown="no street data",
    )


CHANGED = Layer(
    key="change",
    title="Change of the walk",
    about="How much longer or shorter each neighbourhood's typical walk would be, in minutes.",
    column="minutes_change",
    limits=(-5.0, -NOTICED_MIN, NOTICED_MIN, 5.0, 15.0),
    palette=("#2166ac", "#92c5de", "#f7f7f7", "#fdb863", "#e08214", "#7f3b08"),
    labels=(
        "more than 5 minutes shorter", "up to 5 minutes shorter", "no noticeable change", "up to 5 minutes longer",
        "5 to 15 minutes longer", "more than 15 minutes longer",
    ),
    show=lambda value: f"{abs(value):.0f} minutes {'longer' if value > 0 else 'shorter'}",
    unknown="no street data, or no way there on foot",
)  # fmt: skip
