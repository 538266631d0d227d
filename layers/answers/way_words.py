"""What is told of a walk in a sentence: what is hard on it, and what an adult's way has that a pram may not use."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
import shapely

from geo.street_parts import CROSSINGS
from layers.answers.signposts import NOT_MAPPED, Met, Signposts
from layers.answers.way_pieces import ROUGH, STEPS, STRAIGHT, Piece, along, told

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from data.place import Place
    from layers.answers.walks import Found, Walk

MOST_PLACES = 3
"""Where so many things of one kind are is told; of the others, only that they are there."""

NOTICED_M = 25.0
"""A way that is this much longer is another way; less is the width of a street."""

_Place = tuple[str, str] | None
"""Where something is: "on" or "near", and a street."""

_NARROW = "a stile or a narrow gate"
_TOLD_AS = {
    "stile": "stile", "kissing_gate": "kissing gate", "turnstile": "turnstile", "gate": "gate",
    "lift_gate": "lift gate", "cycle_barrier": "cycle barrier", "cattle_grid": "cattle grid", "ford": "ford",
    "level_crossing": "level crossing",
}  # fmt: skip


def step_by_step(found: Found, place: Place) -> tuple[str, ...]:
    """The first of the walks that were found, a line a step; what is hard on it, and why an adult's is shorter.

    Parameters
    ----------
    found
        With a walk in it.
    place
        Where it is.
    """
    signposts, mine = Signposts.of(place), found.walks[0]
    items = along(mine, signposts)
    steps = [f"{number}. {said}" for number, said in enumerate(told(items), start=1)]
    return (*steps, *on_the_way(items), *(() if found.alone is None else why_shorter(found.alone, mine, signposts)))


def why_shorter(alone: Walk, mine: Walk, signposts: Signposts) -> tuple[str, ...]:
    """By how much an adult's walk to the same site is shorter, and why; nothing if it is about as long."""
    longer = mine.metres - alone.metres
    if longer <= NOTICED_M:
        return ()
    return (
        f"An adult alone has a way that is {longer:,.0f} m shorter. {it_has(only_on_foot(alone, mine, signposts))}",
    )


def it_has(things: Sequence[str]) -> str:
    """What `only_on_foot` found, as a sentence."""
    return f"It has {_and(things)}." if things else "It is closed to prams, or slower with one."


MarkShape = Literal["steps", "gate", "crossed", "uncrossed"]


class Mark(NamedTuple):
    """What is marked on the way where it is drawn: what it looks like, what it is, and where, British National Grid."""

    shape: MarkShape
    said: str
    at: shapely.Point


def marks(items: Sequence[Piece | Met], *, closed: bool = False) -> tuple[Mark, ...]:
    """What is marked on a way.

    Parameters
    ----------
    items
        As `layers.answers.way_pieces.along` makes them.
    closed
        Only steps and what stops a pram: of the way that a pram does not go.
    """
    found = []
    for is_flight, ones in groupby(items, key=lambda one: isinstance(one, Piece) and one.way == STEPS):
        whole = list(ones)
        if is_flight:
            middle = whole[len(whole) // 2]
            if isinstance(middle, Piece):
                found.append(Mark("steps", "Steps", middle.line.interpolate(0.5, normalized=True)))
            continue
        for item in whole:
            if isinstance(item, Met) and (item.stops_prams or not closed) and not _is_unknown(item):
                shape: MarkShape = (
                    "uncrossed" if item.kind == "road" else "crossed" if item.kind in CROSSINGS else "gate"
                )
                found.append(Mark(shape, item.said[:1].upper() + item.said[1:], item.at))
    return tuple(found)


def on_the_way(items: Sequence[Piece | Met]) -> tuple[str, ...]:
    """What is hard on a walk, in sentences: steps, gates, what is not paved; main roads without a crossing.

    Parameters
    ----------
    items
        As `layers.answers.way_pieces.along` makes them.
    """
    things = _flights(items, lambda _: True)
    met = Counter(item.kind for item in items if isinstance(item, Met))
    things += [_several(met[kind], one) for kind, one in _TOLD_AS.items() if met[kind]]
    rough = _metres(items, lambda piece: piece.way == ROUGH)
    unpaved = _metres(items, lambda piece: piece.surface is not None and piece.way not in (ROUGH, STEPS))
    things += [f"{far:,.0f} m {what}" for far, what in ((rough, "of rough ground"), (unpaved, "unpaved")) if far >= 1]
    said = [f"On the way: {_and(things)}."] if things else []
    roads = (item.said for item in items if isinstance(item, Met) and item.kind == "road")
    bare = [said.removeprefix("crosses ").removesuffix(NOT_MAPPED) for said in roads if said.endswith(NOT_MAPPED)]
    if bare:
        said.append(f"It crosses {_and(list(dict.fromkeys(bare)))} where no crossing is mapped.")
    return tuple(said)


def only_on_foot(alone: Walk, mine: Walk | None, signposts: Signposts) -> tuple[str, ...]:
    """What is on an adult's way that a pram may not use; rough ground that it goes round only if there is nothing else.

    Parameters
    ----------
    alone, mine
        The walks to one site of an adult and with a pram; None if a pram has none.
    signposts
        Of their place.
    """
    items = along(alone, signposts)
    factor = signposts.segments["pram_factor"].to_numpy()
    shared = set() if mine is None else {int(mine.network.row[one.segment]) for one in mine.route.stretches}

    def closed(piece: Piece) -> bool:
        return piece.row >= 0 and bool(np.isnan(factor[piece.row]))

    things = _flights(items, closed)
    if signposts.waypoints is None:
        stops = sum(
            signposts.stops_prams(int(alone.network.row[one.segment]), one.end) for one in alone.route.stretches
        )
        things += [_NARROW if stops == 1 else f"{stops} stiles or narrow gates"] if stops else []
    else:
        things += _gates(items)
    paths = _metres(items, lambda piece: closed(piece) and piece.way != STEPS)
    things += [f"{paths:,.0f} m that are closed to prams"] if paths >= 1 else []
    if not things:
        rough = _metres(items, lambda piece: piece.row >= 0 and 1 < factor[piece.row] < 3 and piece.row not in shared)
        things = [f"{rough:,.0f} m of rough ground, which slows a pram"] if rough >= 1 else []
    return tuple(things)


def _flights(items: Sequence[Piece | Met], which: Callable[[Piece], bool]) -> list[str]:
    """Flights of steps: "a flight of steps on Church Path"."""
    places: list[_Place] = []
    at = 0
    for is_flight, ones in groupby(items, key=lambda one: isinstance(one, Piece) and one.way == STEPS):
        whole = list(ones)
        if is_flight and any(which(one) for one in whole if isinstance(one, Piece)):
            own = next((one.street for one in whole if isinstance(one, Piece) and one.street), None)
            places.append(("on", own) if own else _near(items, at))
        at += len(whole)
    if not places:
        return []
    return [
        "a flight of steps" + _placed(places)
        if len(places) == 1
        else f"{len(places)} flights of steps{_placed(places)}"
    ]


def _gates(items: Sequence[Piece | Met]) -> list[str]:
    """What stops prams, by kind: "2 stiles near Mill Lane"."""
    places: dict[str, list[_Place]] = {}
    for at, item in enumerate(items):
        if isinstance(item, Met) and item.stops_prams:
            places.setdefault(item.kind, []).append(_near(items, at))
    return [_several(len(where), _TOLD_AS[kind]) + _placed(where) for kind, where in places.items()]


def _near(items: Sequence[Piece | Met], at: int) -> _Place:
    """The street that something is on; if there is none, that with a name that is walked last before it, or next."""
    pieces = [(place, one) for place, one in enumerate(items) if isinstance(one, Piece)]
    before = [one.street for place, one in pieces if place < at]
    beyond = [one.street for place, one in pieces if place > at]
    if isinstance(items[at], Met) and before and beyond and before[-1] and before[-1] == beyond[0]:
        return "on", before[-1]
    named = next((street for street in (*reversed(before), *beyond) if street), None)
    return None if named is None else ("near", named)


def _placed(places: Sequence[_Place]) -> str:
    known = [" ".join(place) for place in dict.fromkeys(places) if place]
    if len(known) == 1:
        return f" {known[0]}"
    return f" ({', '.join(known)})" if 1 < len(known) <= MOST_PLACES else ""


def _is_unknown(met: Met) -> bool:
    """A road that is crossed in a place of which no crossings are known."""
    return met.kind == "road" and not met.said.endswith(NOT_MAPPED)


def _metres(items: Sequence[Piece | Met], which: Callable[[Piece], bool]) -> float:
    return sum(one.length for one in items if isinstance(one, Piece) and one.way != STRAIGHT and which(one)) / 1000


def _several(number: int, one: str) -> str:
    return f"a {one}" if number == 1 else f"{number} {one}s"


def _and(things: Sequence[str]) -> str:
    return things[0] if len(things) == 1 else f"{', '.join(things[:-1])} and {things[-1]}"
