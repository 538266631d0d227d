"""Need and walking time: the map of three by three colours, each class named in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from geo.gaps import ACCESS_CLASSES, NEAR_PART
from geo.need import NEED_CLASSES
from layers.maps.choropleth import MISSING

if TYPE_CHECKING:
    from geo.gaps import Walk

# Columns: walk, near to far; rows: need, low to high. Any two stay apart for colour-blind readers, and the palest is
# seen as a thin street on the map's land (a test computes both).
_PALETTE = {
    "low": ("#c4bec9", "#88cff5", "#5191c4"),
    "middle": ("#ecc97e", "#a08a80", "#5b6f84"),
    "high": ("#d4851f", "#93612c", "#3a2a4a"),
}
_WHITE, _BLACK = "#ffffff", "#1a1a1a"

TITLE = "Need and walking time"
ABOUT = (
    "Orange is more need, blue is a longer walk, and the darkest is both. Need combines deprivation, families from "
    'abroad and under-fives; "What counts as need" in the menu says how much each counts.'
)


def fill(need_class: object, access_class: object) -> str:
    """Colour of a cell; grey where either is not known."""
    if need_class in NEED_CLASSES and access_class in ACCESS_CLASSES:
        return _PALETTE[str(need_class)][ACCESS_CLASSES.index(str(access_class))]
    return MISSING


def ink(colour: str) -> str:
    """White or near-black, whichever reads better on a colour (contrast by WCAG's relative luminance)."""
    light = luminance(colour) + 0.05
    return _WHITE if 1.05 / light > light / (luminance(_BLACK) + 0.05) else _BLACK


def luminance(colour: str) -> float:
    """Relative luminance of a colour, 0 (black) to 1 (white), as WCAG 2.2 defines it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def fills(table: pd.DataFrame) -> pd.Series[str]:
    """Colour of each area."""
    pairs = zip(table["need_class"], table["access_class"], strict=True)
    return pd.Series([fill(need, access) for need, access in pairs], index=table.index, name="fill")


def legend(walk: Walk) -> tuple[tuple[str, str, bool], ...]:
    """The nine classes for a map's own legend: colour, words, not striped; the highest need first."""
    return tuple(
        (fill(need, access), class_words(need, access, walk), False)
        for need in NEED_CLASSES[::-1]
        for access in ACCESS_CLASSES
    )


def class_words(need: str, access: str, walk: Walk) -> str:
    """A class by its minutes: "high need, 10 to 15 minutes"."""
    near = f"{walk.minutes * NEAR_PART:.0f}"
    words = {"near": f"up to {near} minutes", "fair": f"{near} to {walk.limit}", "far": f"over {walk.limit}"}
    return f"{need} need, {words.get(access, access)}"
