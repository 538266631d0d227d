"""The map of two days: how much longer or shorter the walk has become, street by street, and what closed or opened."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from layers.maps.choropleth import Layer
from layers.maps.scene import Along, walk_bytes
from layers.maps.site_markers import markers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from layers.answers.since import Since
    from layers.maps.scene import Marker

LIMITS = (-10, -5, -2, 2, 5, 10)
"""Minutes: what is up to 2 longer or shorter is about the same."""

_WAY_NOW, _NO_WAY_NOW = "#00a087", "#111111"
_PALETTE = ("#08519c", "#4393c3", "#9ecae1", "#cfc8b8", "#fdb863", "#d9690c", "#7f2704")
_LABELS = (
    "more than 10 minutes shorter", "5 to 10 minutes shorter", "2 to 5 minutes shorter", "about the same",
    "2 to 5 minutes longer", "5 to 10 minutes longer", "more than 10 minutes longer",
)  # fmt: skip
_NEVER = "no way on foot on either day"
_NEVER_COLOUR = "#8e6c8a"

_SAME = 100
"""The byte of a walk that is as long as before: a minute longer is one more. Then follow the two that are no number."""
_LOST, _FOUND = 201, 202


def layer(found: Since, title: str, changes: bytes) -> Layer:
    """Neighbourhoods by how the walk of half of their families has changed.

    Parameters
    ----------
    found
        The two days.
    title
        As `layers.answers.since.called` says it.
    changes
        As `change_bytes` makes them: what is true of no street and no neighbourhood has no line in the legend.
    """
    first, last = found.said
    most = float(np.finfo(float).max)
    lost, gained = (
        bytes([byte]) in changes or bool((found.areas["walk_change"] == change).any())
        for byte, change in ((_LOST, np.inf), (_FOUND, -np.inf))
    )
    return Layer(
        key="change",
        title=title,
        about=f"How much longer (orange) or shorter (blue) the walk is {last} than it was {first}. Only the "
        "centres differ: streets and families are today's on both days.",
        column="walk_change",
        limits=(*([-most] * gained), *map(float, LIMITS), *([most] * lost)),
        palette=(*([_WAY_NOW] * gained), *_PALETTE, *([_NO_WAY_NOW] * lost)),
        labels=(*(["none then, a way now"] * gained), *_LABELS, *(["a way then, none now"] * lost)),
        show=lambda change: f"{_words(change)} {last} than {first}" if np.isfinite(change) else _words(change),
        unknown="no street data, or no way on either day",
    )


def _words(change: float) -> str:
    if np.isinf(change):
        return "a way then, none now" if change > 0 else "none then, a way now"
    minutes = abs(round(change))
    return (
        f"{minutes} minute{'' if minutes == 1 else 's'} {'longer' if change > 0 else 'shorter'}"
        if minutes
        else "no longer or shorter"
    )


def change_bytes(before: NDArray[np.float64], after: NDArray[np.float64]) -> bytes:
    """How the walk from every street changed, as a byte each.

    Parameters
    ----------
    before, after
        Minutes from every segment, as `geo.street_minutes.street_minutes` gives them.

    Returns
    -------
    bytes
        `_SAME` and whole minutes more or less, rounded up so that limits in whole minutes hold; `_LOST`, `_FOUND`;
        `layers.maps.scene.NO_WAY` where there is none on either day.
    """
    had, has = np.isfinite(before), np.isfinite(after)
    with np.errstate(invalid="ignore"):
        grown = np.clip(np.ceil(after - before - 1e-9), -_SAME, _SAME) + _SAME
    value = np.select([np.isnan(before) | np.isnan(after), had & has, had, has], [np.nan, grown, _LOST, _FOUND], np.inf)
    return walk_bytes(value)


def streets(found: Since, changes: bytes) -> Along:
    """Every street by how the walk from it has changed, in the classes of `layer`.

    Parameters
    ----------
    found
        The two days.
    changes
        As `change_bytes` makes them.
    """
    first, last = (said.removeprefix("on ") for said in found.said)
    limits = (*(limit + _SAME for limit in LIMITS), 2 * _SAME, _LOST)
    told = tuple(_street_words(byte - _SAME) for byte in range(2 * _SAME + 1))
    return Along(
        changes, limits, (*_PALETTE, _NO_WAY_NOW, _WAY_NOW), _NEVER_COLOUR, _NEVER,
        ("From this street: ", f" ({first} to {last})", f"From this street {_NEVER}"),
        (*told, "a way then, none now", "none then, a way now"),
    )  # fmt: skip


def _street_words(minutes: int) -> str:
    """Minutes rounded up: at most so many longer, at least so many shorter."""
    if LIMITS[2] < minutes <= LIMITS[3]:
        return "about the same walk"
    return f"at most {minutes} minutes longer" if minutes > 0 else f"{-minutes} minutes shorter, or more"


def site_markers(found: Since, drawn: tuple[Marker, ...]) -> tuple[Marker, ...]:
    """The sites that are drawn, with those that went or came between the two days told apart.

    Parameters
    ----------
    found
        The two days.
    drawn
        The sites that are drawn of one of them.
    """
    first, last = found.said
    gone = {one.id: replace(one, shape="shut", lines=(f"there {first}, not {last}",)) for one in markers(found.gone)}
    new = {
        one.id: replace(one, shape="added", lines=(f"not there {first}, there {last}",)) for one in markers(found.new)
    }
    return (*(one for one in drawn if one.id not in gone | new), *gone.values(), *new.values())


def mark_words(found: Since) -> dict[str, str]:
    """What the marks of those sites mean, for the legend."""
    first, last = found.said
    return {"shut": f"counted {first}, not {last}", "added": f"counts {last}, not {first}"}
