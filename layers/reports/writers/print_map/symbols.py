"""Sites on a printed map: the dashboard's markers (``static/markers``) as outlines, told apart by shape."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from matplotlib.path import Path as Outline
from matplotlib.transforms import Affine2D

from layers.reports.report_map import SYMBOL_WORDS

if TYPE_CHECKING:
    import pandas as pd

    from layers.reports.report_map import Symbol

NAVY, RED, PURPLE, BLUE, GREEN, WHITE = "#14213d", "#9b1c1c", "#7a2a6b", "#1d4ed8", "#0f7b3f", "#ffffff"

ORDER: tuple[Symbol, ...] = (
    "play",
    "closed",
    "community",
    "own",
    "planned",
    "network",
    "linked",
    "full",
    "added",
    "proposed",
)
"""From the lowest on the map to the topmost."""

SITE_MM, CROWDED_MM, CROWD = 3.4, 2.4, 40
"""How wide a centre is on paper; among more than so many it is narrower, for they would hide the colours."""

SMALL = 0.6
"""How large a play space is beside a centre; a town has hundreds."""


class Stroke(NamedTuple):
    """A part of a symbol: an outline in units of its size, y up, around the middle; colours; line width in the same."""

    outline: Outline
    fill: str
    line: str
    width: float


def _shape(*corners: tuple[float, float], closed: bool = True) -> Outline:
    return Outline([*corners, corners[0]] if closed else corners, closed=closed)


def _circle(x: float, y: float, radius: float) -> Outline:
    return Outline.circle((x, y), radius)


def _bars(*bars: tuple[tuple[float, float], tuple[float, float]]) -> Outline:
    return Outline.make_compound_path(*(_shape(*bar, closed=False) for bar in bars))


_HOUSE = _shape((13, 3.5), (23, 12), (23, 22.5), (3, 22.5), (3, 12))
_DOOR = _shape((10.5, 22.5), (10.5, 16.5), (15.5, 16.5), (15.5, 22.5))
_DIAMOND = _shape((13, 2), (24, 13), (13, 24), (2, 13))
_HALF = _shape((13, 2), (13, 24), (2, 13))
_STAR = _shape(*(
    (13 + radius * np.sin(turn), 13 - radius * np.cos(turn))
    for turn, radius in zip(np.arange(10) * np.pi / 5, (13, 5.6) * 5, strict=True)
))  # fmt: skip
_HEXAGON = _shape((13, 2.5), (22.5, 7.8), (22.5, 18.2), (13, 23.5), (3.5, 18.2), (3.5, 7.8))
_HEART = Outline(
    [(13, 19), (5.5, 12.5), (9, 5.8), (13, 10), (17, 5.8), (20.5, 12.5), (13, 19), (13, 19)],
    [Outline.MOVETO, *[Outline.CURVE4] * 6, Outline.CLOSEPOLY],
)
_FUNNEL = _shape((2.5, 4), (23.5, 4), (13, 23))
_SQUARE = _shape((3.5, 3.5), (22.5, 3.5), (22.5, 22.5), (3.5, 22.5))
# The tip of a pin is its place, so it stands above the middle.
_PIN = Outline(
    [
        (13, 13),
        (13, 7.5),
        (4, 4),
        (4, -3.5),
        (4, -15.5),
        (22, -15.5),
        (22, -3.5),
        (22, 4),
        (13, 7.5),
        (13, 13),
        (13, 13),
    ],
    [Outline.MOVETO, *[Outline.CURVE4] * 9, Outline.CLOSEPOLY],
)

_FLAG = _shape((6.5, 24), (6.5, 3), (23, 3), (18.5, 8.5), (23, 14), (6.5, 14))
_TRIANGLE = _shape((13, 7), (19.5, 19), (6.5, 19))


def _nodes(radius: float) -> Outline:
    return Outline.make_compound_path(*(_circle(x, y, radius) for x, y in ((13, 6.6), (6.4, 19), (19.6, 19))))


_DRAWN: dict[Symbol, tuple[Stroke, ...]] = {
    "full": (Stroke(_HOUSE, WHITE, WHITE, 4.4), Stroke(_HOUSE, NAVY, "none", 0), Stroke(_DOOR, WHITE, "none", 0)),
    "linked": (
        Stroke(_DIAMOND, WHITE, WHITE, 5.4), Stroke(_HALF, NAVY, "none", 0), Stroke(_DIAMOND, "none", NAVY, 2.4),
    ),
    "network": (
        Stroke(_nodes(5.8), WHITE, "none", 0), Stroke(_TRIANGLE, WHITE, WHITE, 6.4),
        Stroke(_TRIANGLE, WHITE, NAVY, 2.4), Stroke(_nodes(4.2), NAVY, "none", 0),
    ),
    "planned": (Stroke(_FLAG, WHITE, WHITE, 5.4), Stroke(_FLAG, WHITE, NAVY, 2.4)),
    "play": (Stroke(_STAR, WHITE, WHITE, 4.4), Stroke(_STAR, GREEN, "none", 0)),
    "community": (
        Stroke(_HEXAGON, WHITE, WHITE, 4), Stroke(_HEXAGON, PURPLE, "none", 0), Stroke(_HEART, WHITE, "none", 0),
    ),
    "own": (
        Stroke(_FUNNEL, WHITE, WHITE, 4.4), Stroke(_FUNNEL, NAVY, "none", 0),
        Stroke(_circle(13, 10.3, 3.2), WHITE, "none", 0),
    ),
    "closed": (
        Stroke(_circle(13, 13, 11.4), WHITE, "none", 0), Stroke(_circle(13, 13, 9), WHITE, RED, 2.4),
        Stroke(_bars(((9, 9), (17, 17)), ((17, 9), (9, 17))), "none", RED, 2.8),
    ),
    "proposed": (
        Stroke(_PIN, WHITE, WHITE, 4.4), Stroke(_PIN, BLUE, "none", 0),
        Stroke(_circle(13, -3.8, 3.8), WHITE, "none", 0),
    ),
    "added": (
        Stroke(_SQUARE, WHITE, WHITE, 4.4), Stroke(_SQUARE, BLUE, "none", 0),
        Stroke(_bars(((13, 7.5), (13, 18.5)), ((7.5, 13), (18.5, 13))), "none", WHITE, 3.2),
    ),
}  # fmt: skip
_CENTRED = Affine2D().translate(-13, -13).scale(1 / 26, -1 / 26)


def strokes(symbol: Symbol, size: float) -> tuple[Stroke, ...]:
    """The parts of a symbol, lowest first.

    Parameters
    ----------
    symbol
        Which one.
    size
        How wide it is, in the unit that is wanted, around the site's place.
    """
    size *= SMALL if symbol == "play" else 1.0
    larger = _CENTRED + Affine2D().scale(size)
    return tuple(
        part._replace(outline=larger.transform_path(part.outline), width=part.width * size / 26)
        for part in _DRAWN[symbol]
    )


def reach(symbol: Symbol, size: float) -> tuple[float, float, float, float]:
    """How far a symbol reaches from the site's place: to the left, down, to the right and up."""
    left, bottom, right, top = np.asarray(strokes(symbol, size)[0].outline.get_extents().extents).tolist()
    return left, bottom, right, top


def site_width(symbols: pd.Series) -> float:
    """How wide centres are on a map with these symbols, one a site, in millimetres; play spaces are small anyway."""
    return CROWDED_MM if (symbols != "play").sum() > CROWD else SITE_MM


def in_words(symbols: set[str]) -> tuple[Symbol, ...]:
    """Of the symbols those that there are, in the order of the words."""
    return tuple(symbol for symbol in SYMBOL_WORDS if symbol in symbols)
