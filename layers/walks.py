"""The walk: minutes to the nearest site, blue within the threshold, orange beyond it."""

from __future__ import annotations

from itertools import pairwise

from geo.gaps import about
from layers.layer import Layer

_WITHIN_TO_BEYOND = ("#2166ac", "#67a9cf", "#d1e5f0", "#fee0b6", "#f1a340", "#b35806")


def walk(minutes: float) -> Layer:
    """Minutes that half of an area's families walk, in classes around the threshold.

    Parameters
    ----------
    minutes
        The threshold.
    """
    limits = tuple(round(minutes * part, 2) for part in (1 / 3, 2 / 3, 1, 4 / 3, 2))
    said = [f"{limit:.0f}" if limit >= 3 else f"{limit:.1f}" for limit in limits]
    return Layer(
        key="walk",
        title="Minutes on foot",
        about="Half of each neighbourhood's families walk this long or longer to the nearest one.",
        column="minutes_median",
        limits=limits,
        palette=_WITHIN_TO_BEYOND,
        labels=(
            f"up to {said[0]} minutes",
            *(f"{low} to {high} minutes" for low, high in pairwise(said)),
            f"more than {said[-1]} minutes",
        ),
        show=lambda value: f"half of families walk {about(value)} or more",
        unknown="no street data, or no way there on foot",
    )
