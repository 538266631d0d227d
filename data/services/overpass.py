"""Streets by Overpass, fresher than any extract: the outline with a walk around it, in quarters where that is much."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property, partial
from html import unescape
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely

from data.fetch.arrival import size
from data.fetch.ask import Ask, Look, NotYet, html, is_json
from data.fetch.hosts import asked_of, host_of
from data.fetch.shelf import Item
from data.services.alternatives import first_of
from data.services.geofabrik import WALKING_M
from data.sources import backdrop, gazetteer, labels, venues
from data.sources.overpass import stamp_of, write_extract
from geo.crs import BNG, WGS84, moved_to
from geo.errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

    from data.fetch.client import Got
    from data.services.alternatives import Asking

SERVERS = tuple(
    f"https://{host}/api/interpreter"
    for host in ("overpass-api.de", "overpass.private.coffee", "overpass.kumi.systems", "overpass.openstreetmap.fr")
)
"""The main one, and its mirrors."""

SECONDS, BYTES = 300, 1 << 30
"""What a server may take for one question: time, and memory of its own."""

LARGEST_ANSWER = 96 << 20
"""Bytes of an answer, which takes twelve times as many in memory while it is written; more is asked for in quarters."""

TRIES, PAUSE = 3, 30.0
"""How often each server is asked, and the seconds between."""

OLDEST = timedelta(days=31)
"""Older data are refused: a mirror may have stood still for months."""

LARGEST_M2 = 500e6
"""Streets of a larger shape are asked for in quarters at once."""

DEEPEST = 4
"""How often a shape is quartered before a server is believed that it is too much."""

MOST_CORNERS = 300
"""Corners of the shape that is asked for."""


class TooMuch(Exception):  # noqa: N818 - it is no fault: the same is asked in quarters
    """A server ran out of time or memory over a question, or its answer is too large for us."""


@dataclass(frozen=True)
class Window:
    """What is asked for in one question; all shapes in British National Grid.

    Parameters
    ----------
    walked
        Streets and what stands along them.
    drawn
        A rectangle: what a map shows beneath the answers.
    seen
        A rectangle: the coast, which tells land from sea, and names of towns.
    """

    walked: BaseGeometry
    drawn: BaseGeometry
    seen: BaseGeometry

    @classmethod
    def around(cls, outline: BaseGeometry) -> Window:
        """All that a place is built from: a walk beyond the outline."""
        wide = _plain(outline, WALKING_M)
        return cls(wide, shapely.box(*wide.bounds), backdrop.view_of(outline))

    @cached_property
    def query(self) -> str:
        """The question, in Overpass QL."""
        of_streets = [f'poly:"{_corners(part)}"' for part in _polygons(self.walked)]
        asked = [f"{one}({where});" for where in of_streets for one in WALKED]
        for shape, filters in ((self.drawn, DRAWN), (self.seen, SEEN)):
            asked += [f"{one}({_rectangle(shape)});" for one in filters if not shape.is_empty]
        # all tags of all nodes come too: a gate is a node of its way
        return f"[out:json][timeout:{SECONDS}][maxsize:{BYTES}];({''.join(asked)});(._;>;);out body qt;"

    def quarters(self) -> list[Window]:
        """The same in four: through the middle of the streets, or of the rest where there are none."""
        west, south, east, north = (self.seen if self.walked.is_empty else self.walked).bounds
        x, y = (west + east) / 2, (south + north) / 2
        west, south, east, north = self.seen.union(self.walked).bounds
        corners = ((west, south, x, y), (x, south, east, y), (west, y, x, north), (x, y, east, north))
        shapes = (self.walked, self.drawn, self.seen)
        return [Window(*(shape.intersection(shapely.box(*corner)) for shape in shapes)) for corner in corners]


def _filters(kind: str, pairs: Iterable[tuple[str, str]], more: str = "") -> tuple[str, ...]:
    """One filter for each key, of all its values."""
    of: dict[str, list[str]] = {}
    for key, value in pairs:
        of.setdefault(key, []).append(value)
    return tuple(f'{kind}["{key}"~"^({"|".join(dict.fromkeys(values))})$"]{more}' for key, values in of.items())


def _pairs(*tables: dict[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    return [(key, value) for tags in tables for key, values in tags.items() for value in values]


WALKED = (
    'way["highway"]',
    'way["route"="ferry"]',
    'nwr["leisure"="playground"]',
    *_filters("nwr", venues.KINDS),
    *_filters("nwr", _pairs(gazetteer.LANDMARKS, {"place": tuple(gazetteer.LOCALITIES)}), '["name"]'),
)
"""Streets, and what the readers of play spaces, venues, ferries and names look for along them."""

DRAWN = (
    *_filters("nwr", _pairs(*backdrop.AREAS.values())),
    *_filters("way", _pairs(*(tags for kind, tags in backdrop.LINES.items() if kind != "coast"))),
)
"""Water, green, rivers, railways and main roads."""

SEEN = (
    *_filters("way", _pairs(backdrop.LINES["coast"])),
    *_filters("node", [("place", value) for value in dict.fromkeys((*labels.PLACES, *gazetteer.LOCALITIES))]),
)
"""The coast, and the names of towns, villages and their parts."""


def _plain(outline: BaseGeometry, reach: float) -> BaseGeometry:
    """An outline with so many metres around it, at least, with no hole and few corners."""
    off = 50.0
    while True:
        wide = outline.simplify(off).buffer(reach + 2 * off, quad_segs=4).simplify(off)
        filled = shapely.union_all([shapely.Polygon(part.exterior) for part in _polygons(wide)])
        if shapely.get_num_coordinates(filled) <= MOST_CORNERS or off > reach:
            return filled
        off *= 2


def _polygons(shape: BaseGeometry) -> list[shapely.Polygon]:
    parts = shapely.get_parts(shape)
    return [part for part in parts.tolist() if isinstance(part, shapely.Polygon) and not part.is_empty]


def _corners(part: shapely.Polygon) -> str:
    """Latitude and longitude of each corner."""
    (there,) = moved_to(gpd.GeoSeries([part], crs=BNG), WGS84)
    lon, lat = np.asarray(there.exterior.coords)[:-1].T
    return " ".join(f"{north:.5f} {east:.5f}" for north, east in zip(lat.tolist(), lon.tolist(), strict=True))


def _rectangle(shape: BaseGeometry) -> str:
    west, south, east, north = moved_to(gpd.GeoSeries([shape], crs=BNG), WGS84).total_bounds
    return f"{south:.5f},{west:.5f},{north:.5f},{east:.5f}"


def window_ask(window: Window, *, server: str, today: date) -> Ask:
    """Ask a server for all of a window."""
    return Ask(
        server,
        source="streets",
        form={"data": window.query},
        looks=_Answer(is_json.wants, is_json.wrong),
        check=partial(_check, server=server, today=today),
        refused=partial(_refused, server=server),
        limit=LARGEST_ANSWER,
        edition_in=stamp_of,
        name="overpass.json",
        tries=TRIES,
        pace=PAUSE,
        patience=SECONDS + 60.0,
    )


class _Answer(Look):
    """JSON, or a page of Overpass, which says so when it is too busy, at times with status 200: `_check` reads it."""

    def __call__(self, first: bytes) -> str | None:
        """What is wrong with the first bytes; None if nothing is."""
        return None if b"OSM3S" in first else super().__call__(first)


def _refused(status: int, first: bytes, *, server: str) -> None:
    """Say what Overpass means by a status that no pause mends; the others are as everywhere."""
    who = asked_of("streets", server)
    if status == 406:
        advice = "set PRAMSHED_CONTACT to a page or an address by which you are reached"
        found = "status 406 (it does not answer programs that it does not know)"
        raise ServiceError(who, found=found, expected="an answer", advice=advice, status=status)
    if status == 400:
        found = f"status 400 (it cannot read the question: {_words(first)})"
        raise ServiceError(who, found=found, expected="an answer", advice="tell the developers", status=status)


def _words(page: bytes) -> str:
    """What a page of Overpass says is wrong."""
    said = re.findall(r"Error</strong>:(.*?)(?:</p>|$)", page.decode("utf-8", "replace"), re.DOTALL)
    plain = (" ".join(unescape(re.sub(r"<[^>]*>", " ", one)).split()) for one in said)
    return "; ".join(plain)[:300] or "it does not say why"


def _check(path: Path, *, server: str, today: date) -> None:
    """Refuse what breaks off, is no answer, or is old.

    Raises
    ------
    TooMuch
        The server ran out of time or memory: a smaller window may be had.
    NotYet
        It is too busy.
    ServiceError
        The same answer would come again.
    """
    who = asked_of("streets", server)
    with path.open("rb") as file:
        first = file.read(4_096)
    if html(first):
        raise NotYet(PAUSE, found=f"no time for us ({_words(first)})")
    try:
        with path.open(encoding="utf-8") as file:
            answer = json.load(file)
    except ValueError:
        raise NotYet(PAUSE, found="an answer that breaks off") from None
    remark = answer.get("remark")
    if remark:
        if "timed out" in remark or "out of memory" in remark:
            raise TooMuch(remark)
        raise ServiceError(who, found=f"only a part ({remark})", expected="the whole answer")
    stamp = stamp_of(path)
    if stamp is None or not isinstance(answer.get("elements"), list):
        raise ServiceError(who, found="other JSON", expected="OpenStreetMap's elements and their day")
    if today - datetime.fromisoformat(stamp).astimezone(UTC).date() > OLDEST:
        raise ServiceError(who, found=f"OpenStreetMap of {stamp[:10]}", expected="data of this month", advice=_OTHER)


_OTHER = "try another day, or take the counties' extracts"


@dataclass(frozen=True)
class _Servers:
    """The servers in the order in which they are tried: the one that answered last comes first."""

    order: list[str]
    today: date

    def ask(self, window: Window, server: str) -> Ask:
        return window_ask(window, server=server, today=self.today)

    def ways(self, window: Window) -> Iterator[tuple[str, Callable[[Asking], Got]]]:
        for server in tuple(self.order):
            yield host_of(server), partial(self._got, window=window, server=server)

    def _got(self, client: Asking, *, window: Window, server: str) -> Got:
        try:
            got = client.get(self.ask(window, server))
        except ServiceError as fault:
            if f"more than {size(LARGEST_ANSWER)}" in fault.found:
                raise TooMuch(fault.found) from None
            raise
        self.order.sort(key=lambda one: one != server)
        return got

    def quartered_before(self, client: Asking, window: Window) -> bool:
        """Whether an answer to a quarter (or to one of it) is kept: a server said before that the whole is too much."""
        for _ in range(DEEPEST):
            window = window.quarters()[0]
            if any(Item.of(client.settings.cache, self.ask(window, server)).kept() for server in self.order):
                return True
        return False


def get_answers(client: Asking, window: Window, *, today: date) -> list[Got]:
    """The answers that together hold a window, one question after the other.

    Raises
    ------
    ServiceError
        No server answers with all of it.
    """
    return list(_answers(client, window, _Servers(list(SERVERS), today), 0))


def _answers(client: Asking, window: Window, servers: _Servers, depth: int) -> Iterator[Got]:
    what = "streets of OpenStreetMap by Overpass"
    if window.walked.area <= LARGEST_M2 and not servers.quartered_before(client, window):
        try:
            yield first_of(client, what, servers.ways(window))
        except TooMuch as fault:
            if depth == DEEPEST:
                found = f"even a small part too much ({fault})"
                raise ServiceError(what, found=found, expected="an answer", advice=_OTHER) from None
        else:
            return
    for quarter in window.quarters():
        if not quarter.seen.is_empty:
            yield from _answers(client, quarter, servers, depth + 1)


def get_streets(client: Asking, outline: BaseGeometry, out: Path, *, today: date) -> str:
    """An extract of OpenStreetMap as it is now: an outline and a walk around it.

    Parameters
    ----------
    client
        Asks.
    outline
        In British National Grid.
    out
        ``.osm.pbf``, which is written.
    today
        UTC; data that are older than a month are refused.

    Returns
    -------
    str
        A sentence on what the extract has, and of which moment.

    Raises
    ------
    ServiceError
        No server answers with all of it.
    """
    got = get_answers(client, Window.around(outline), today=today)
    moment = datetime.fromisoformat(write_extract([one.path for one in got], out))
    return (
        f"Streets are OpenStreetMap's of {moment.day} {moment:%B %Y}, {moment:%H:%M} UTC, by Overpass: streets, play "
        f"spaces, venues and names end {WALKING_M / 1000:.0f} km beyond the outline, in the corners of the map too."
    )
