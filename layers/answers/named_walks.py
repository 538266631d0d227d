"""How many under-fives live beyond each distance that guidance names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.thresholds import beyond_each
from geo.whole import shown

if TYPE_CHECKING:
    import pandas as pd

    from layers.answers.question import Answer

COLUMNS = ("threshold", "minutes", "beyond", "share")
"""Those that a screen shows."""


def named_walks(found: Answer) -> pd.DataFrame:
    """Under-fives beyond each named threshold, as `geo.thresholds.beyond_each` gives them, for an answer's walks."""
    ground = found.ground
    minutes = found.reach["minutes"].to_numpy(float)
    table = beyond_each(minutes, ground.counted_children, found.question.walker)
    return table.round({"beyond": 1, "share": 4})


def said(table: pd.DataFrame, found: Answer) -> list[str]:
    """The same in a sentence; none where no children are known."""
    total = found.ground.counted_children.sum()
    if not total > 0:
        return []
    first, *rest = (
        f"than {name}: {shown(beyond)}{{}} ({share:.0%})"
        for name, beyond, share in zip(table.index, table["beyond"], table["share"], strict=True)
    )
    listed = "; ".join([first.format(f" of {shown(total)}"), *(each.format("") for each in rest)])
    return [f"Under-fives whose walk to {found.question.walk.to} is longer {listed}."]
