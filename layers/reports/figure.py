"""A number of a report: rounded, with its unit and its base, and how it is said."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A number with its unit and its base: the one source of every sentence, cell and map that says it.

    Parameters
    ----------
    key
        Name in ``run.json``: ``under5_beyond``.
    label
        What it counts, as a heading of a cell: "Under-fives beyond 15 minutes' walk".
    value
        Rounded as it is published; missing where it is not known.
    unit
        What is counted, plural: "under-fives".
    base
        Out of how many, rounded; missing if there is no base.
    base_unit
        What the base counts, where that is more than the unit: "under-fives whose walk is known".
    """

    key: str
    label: str
    value: float
    unit: str
    base: float = float("nan")
    base_unit: str = ""

    @property
    def number(self) -> str:
        """The number alone: "4,008" or "not known"."""
        return "not known" if np.isnan(self.value) else f"{self.value:,.0f}".replace("-", "\N{MINUS SIGN}")

    @property
    def share(self) -> str:
        """The part of the base, in per cent: "68%"; nothing where there is none."""
        if np.isnan(self.value) or not self.base > 0:
            return ""
        return per_cent(self.value / self.base)

    @property
    def said(self) -> str:
        """The number with its unit and base: "4,008 of 5,882 under-fives whose walk is known (68%)"."""
        if np.isnan(self.value):
            return "not known"
        if np.isnan(self.base):
            return f"{self.number} {self.unit}"
        part = f" ({self.share})" if self.share else ""
        return f"{self.number} of {self.base:,.0f} {self.base_unit or self.unit}{part}"


def per_cent(part: float) -> str:
    """A part of 1 in whole per cent; never "0%" of something, nor "100%" of nearly all."""
    if 0 < part <= 0.005:
        return "under 1%"
    if 0.995 <= part < 1:
        return "over 99%"
    return f"{part:.0%}"
