"""A walk piece by piece: what one walks on, along which street, and what one meets; as a table and in words."""

from __future__ import annotations

from itertools import groupby, pairwise
from typing import TYPE_CHECKING, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.ops import linemerge

from geo.network import STREET_CLASSES
from geo.routes import Stretch, line_of
from geo.street_parts import SURFACES
from layers.answers.signposts import Met, Part, Signposts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geo.network import WalkNetwork
    from layers.answers.walks import Walk

STEPS, ROUGH, STRAIGHT = "steps", "rough ground", "straight, beside the streets"

UNPAVED = SURFACES[0]

SLIVER_M = 5.0
"""In words, a piece of a street without a name that is shorter belongs to the one before it."""

_WAYS = dict(zip(STREET_CLASSES, ("main road", "street", "path"), strict=True))
"""What one walks on, by how its street is drawn."""


class Piece(NamedTuple):
    """A piece of a walk on one kind of ground, along one street; ``length`` and ``cost`` in millimetres."""

    way: str
    """`STEPS`, `ROUGH`, `STRAIGHT`, main road, street or path."""
    street: str | None
    surface: str | None
    """What it is made of, if it is not paved."""
    row: int
    """Of its segment in the table of segments; -1 beside the streets."""
    length: int
    cost: int
    line: shapely.LineString

    @property
    def kind(self) -> tuple[str, str | None, str | None]:
        """What pieces have in common that are one piece."""
        return self.way, self.street, self.surface


def along(walk: Walk, signposts: Signposts) -> list[Piece | Met]:
    """All that a walk leads along, and all that is met, in the order in which it is walked."""
    network, found = walk.network, walk.route
    roads = signposts.roads(network, found)
    corners = shapely.points(shapely.get_coordinates(found.line))
    to_street, from_street = (shapely.LineString(corners[at]) for at in (slice(2), slice(-2, None)))
    items: list[Piece | Met] = []
    if found.leg:
        items.append(Piece(STRAIGHT, None, None, -1, found.leg, found.leg, to_street))
    for number, one in enumerate(found.stretches):
        after = found.stretches[number + 1] if number + 1 < len(found.stretches) else None
        items += _of(network, signposts, one, after, first=number == 0)
        items += [road for at, road in roads if at == number]
    if found.site_leg:
        items.append(Piece(STRAIGHT, None, None, -1, found.site_leg, found.site_leg, from_street))
    return items


def stretches(walk: Walk, signposts: Signposts) -> gpd.GeoDataFrame:
    """A walk piece by piece, in the order in which it is walked.

    Parameters
    ----------
    walk
        The walk.
    signposts
        Of the place whose streets its network was made of.

    Returns
    -------
    GeoDataFrame
        Index ``piece`` from 1; ``way`` (what one walks on: `STEPS`, `ROUGH`, `STRAIGHT`, main road, street or path),
        ``street`` (what it is called) and ``surface`` (if it is not paved; both missing where they are not known),
        ``metres``, ``minutes`` (their sums are the walk's), ``meets`` (on it or at its end, with semicolons between);
        a line in British National Grid. Neighbouring streets of one kind and name are one piece; places on no street
        lead straight to it.
    """
    pieces: list[list[Piece]] = []
    meets: list[list[str]] = []
    for item in along(walk, signposts):
        if isinstance(item, Met):
            if meets:
                meets[-1].append(item.said)
        elif pieces and pieces[-1][0].kind == item.kind:
            pieces[-1].append(item)
        else:
            pieces.append([item])
            meets.append([])
    cost = np.array([sum(one.cost for one in ones) for ones in pieces], np.int32)
    return gpd.GeoDataFrame(
        {
            "way": [ones[0].way for ones in pieces],
            "street": pd.Series([ones[0].street for ones in pieces], dtype="str"),
            "surface": pd.Series([ones[0].surface for ones in pieces], dtype="str"),
            "metres": np.round([sum(one.length for one in ones) / 1000 for ones in pieces], 3),
            "minutes": walk.network.minutes(cost).round(4),
            "meets": pd.Series(["; ".join(said) or None for said in meets], dtype="str"),
        },
        geometry=[linemerge([one.line for one in ones]) if len(ones) > 1 else ones[0].line for ones in pieces],
        crs=signposts.segments.crs,
    ).set_index(pd.RangeIndex(1, len(pieces) + 1, name="piece"))


def told(items: list[Piece | Met]) -> tuple[str, ...]:
    """A walk in words, a step each: "240 m along Union Street", "a kissing gate"."""
    said: list[str] = []
    for is_met, ones in groupby(_without_slivers(items), key=lambda item: isinstance(item, Met)):
        if is_met:
            said += [item.said for item in ones if isinstance(item, Met)]
            continue
        pieces = (item for item in ones if isinstance(item, Piece))
        for _, same in groupby(pieces, key=_said_as_one):
            whole = list(same)
            metres = sum(piece.length for piece in whole) / 1000
            if metres >= 0.5:
                said.append(_words(whole, metres))
    return tuple(said)


def _said_as_one(piece: Piece) -> tuple[str | bool | None, ...]:
    """A street keeps its name where it becomes a main road; what is not paved is one, whatever it is made of."""
    by_name = piece.street is not None and piece.way not in (STEPS, ROUGH)
    return (None if by_name else piece.way, piece.street, piece.surface is not None)


def _without_slivers(items: list[Piece | Met]) -> Iterator[Piece | Met]:
    before: Piece | None = None
    for item in items:
        if isinstance(item, Met):
            yield item
            continue
        plain = item.street is None and item.way not in (STEPS, STRAIGHT) and item.length < SLIVER_M * 1000
        if plain and before is not None and before.way not in (STEPS, STRAIGHT):
            item = item._replace(way=before.way, street=before.street, surface=before.surface)  # noqa: PLW2901
        before = item
        yield item


def _words(pieces: list[Piece], metres: float) -> str:
    """Pieces that are said as one."""
    far, way, street = f"{metres:,.0f} m", pieces[0].way, pieces[0].street
    known = dict.fromkeys(piece.surface for piece in pieces if piece.surface not in (None, UNPAVED))
    made_of = f" ({', '.join(map(str, known))})" if known else ""
    if way == STRAIGHT:
        return f"{far} {STRAIGHT}"
    if way == STEPS:
        return f"{far} of steps" + ("" if street is None else f" on {street}")
    if way == ROUGH:
        return far + ("" if street is None else f" along {street}") + f" over rough ground{made_of}"
    return f"{far} along {street or f'a {way}'}" + ("" if pieces[0].surface is None else f", unpaved{made_of}")


def _of(
    network: WalkNetwork, signposts: Signposts, one: Stretch, after: Stretch | None, *, first: bool
) -> Iterator[Piece | Met]:
    """The pieces of a stretch and what is met on it, in the order in which they are walked."""
    row = int(network.row[one.segment])
    way = _way(network, signposts.segments, row)
    low, high = sorted((one.begin, one.end))
    parts = signposts.parts_of(row, low, high)
    met = [(at, thing) for at, thing in signposts.met(row, low, high) if _is_passed(network, signposts, one, at, after)]
    cuts = sorted({low, high, *(part.begin for part in parts), *(at for at, _ in met)})
    part_at = {part.begin: part for part in parts}
    subs: list[tuple[int, int, Part]] = []
    for begin, end in pairwise(cuts):
        part = part_at.get(begin) or subs[-1][2]
        subs.append((begin, end, part))
    backwards = one.end < one.begin
    walked, spent = 0, 0
    things: dict[int, list[Met]] = {}
    for at, thing in met:
        things.setdefault(at, []).append(thing)
    before = things.pop(one.begin, ())
    if first:  # or else it was told where the stretch before ends
        yield from before
    for begin, end, part in reversed(subs) if backwards else subs:
        walked += end - begin
        cost = round(one.cost * walked / max(one.length, 1)) - spent  # the sum is the stretch's
        spent += cost
        ends = (end, begin) if backwards else (begin, end)
        line = line_of(network, Stretch(one.segment, *ends, cost))
        yield Piece(way, part.street, part.surface, row, end - begin, cost, line)
        yield from things.pop(ends[1], ())


def _is_passed(network: WalkNetwork, signposts: Signposts, one: Stretch, at: int, after: Stretch | None) -> bool:
    """Whether what stands there is in the way: not if it stands where a path leaves the street that one follows."""
    if after is None or at != one.end:
        return True
    table = signposts.segments
    rows = network.row[[one.segment, after.segment]]
    if (table["street_class"].to_numpy()[rows] == STREET_CLASSES.index("path")).any():
        return True
    junction = int((network.end if one.end else network.start)[one.segment])
    return int((table["start"] == junction).sum() + (table["end"] == junction).sum()) <= 2


def _way(network: WalkNetwork, segments: gpd.GeoDataFrame, row: int) -> str:
    here = segments.iloc[row]
    if here["foot_factor"] >= 3 or here["pram_factor"] >= 3:
        return STEPS
    if network.profile.rules == "pram" and here["pram_factor"] > 1:
        return ROUGH
    return _WAYS[STREET_CLASSES[int(here["street_class"])]]
