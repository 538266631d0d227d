"""What is said where children or births of a place are a council's own count, which nobody has published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from data.build.children import FEWEST, STEP

if TYPE_CHECKING:
    from data.place import Card


def hidden_said(card: Card) -> tuple[str, ...]:
    """What is hidden of the children and births of a place, a sentence each; nothing where the tables are public."""
    there = {one.dataset for one in card.sources}
    rest = f"no number here and is in no sum, as if it were not known; the others are rounded to the nearest {STEP}."
    said = {
        "own_children": ("Children", f"{FEWEST} under-fives"),
        "own_births": ("Births", f"{FEWEST} births to a parent from abroad, or fewer than {FEWEST} others,"),
    }
    return tuple(
        f"{what} are the council's own count. A neighbourhood with fewer than {few} has {rest}"
        for dataset, (what, few) in said.items()
        if dataset in there
    )
