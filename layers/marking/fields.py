"""Which questions are asked about which kind of mark."""

from __future__ import annotations

from typing import TYPE_CHECKING

from data.store.marks import LENGTHS, LISTS
from geo.sites import ON_THE_WAY

if TYPE_CHECKING:
    pass


TO_GO = (*LISTS, "opens", "closes", "pram_friendly", "toilets", "cost", "term_time", "at_home")


IN_THE_WAY = ("stops",)


TEXTS = tuple(LENGTHS)


def fields_of(kind: str | None) -> tuple[str, ...]:
    """What is asked about a mark of a kind, besides its texts."""
    return IN_THE_WAY if kind in ON_THE_WAY else TO_GO
