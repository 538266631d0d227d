"""What is said where the children of a place are a council's own count, which nobody has published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from data.build.children import FEWEST, STEP
from data.catalogue import CATALOGUE

if TYPE_CHECKING:
    from data.place import Card


def hidden_said(card: Card) -> tuple[str, ...]:
    """What is hidden of the children of a place, in a sentence; nothing where their table is public."""
    sources = (CATALOGUE.get(one.dataset) for one in card.sources)
    if not any(one is not None and one.private for one in sources):
        return ()
    return (
        f"Children are the council's own count. A neighbourhood with fewer than {FEWEST} under-fives has no number "
        f"here and is in no sum, as if it were not known; the others are rounded to the nearest {STEP}.",
    )
