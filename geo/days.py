"""How a day is written in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


def day_text(day: date) -> str:
    """A day, or the day of a moment: "7 March 2016"."""
    return f"{day:%-d %B %Y}"
