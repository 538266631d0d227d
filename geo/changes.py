"""The kinds of change that a scenario may make: frozen values, each of which refuses what is impossible."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar, Literal, get_args

import shapely

from geo.errors import RequestError

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_NAME = 80
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2099, 12, 31)
"""Between which days a site may open."""

MOST_CORNERS = 40
"""Corners that a barrier's line or outline may have: a scenario must fit into an address."""

LONGEST_M = 3_000
"""A barrier that is longer from end to end is no barrier on a way; as `data.store.marks` has it."""

Stops = Literal["everyone", "prams", "after_dark"]
"""Whom a barrier stops. The walk knows no hour, so what stops people after dark is taken to stop everyone."""

Line = tuple[tuple[int, int], ...]
"""Corners in whole metres, British National Grid: one is a point; where the last is the first, it is an area."""

_SITE_ID = re.compile(r"[\w:./-]{1,64}", re.ASCII)
_RING = 4
"""Corners of the smallest area: a triangle, and the first one again."""

_EAST, _NORTH = 700_000, 1_300_000
"""How far British National Grid goes, metres."""


def is_one_line(text: str) -> bool:
    """Whether a text can be shown on one line as it is; the joiners that Persian and emoji need are let through."""
    return text.replace("\u200c", "").replace("\u200d", "").isprintable()


@dataclass(frozen=True)
class _OfSite:
    site_id: str

    do: ClassVar[str]

    def __post_init__(self) -> None:
        _require_id(self.site_id, "site")


@dataclass(frozen=True)
class CloseSite(_OfSite):
    """A site that no longer serves."""

    do: ClassVar[str] = "close"


@dataclass(frozen=True)
class OpenSite(_OfSite):
    """A closed site that serves again, or a linked site that is a full centre again."""

    do: ClassVar[str] = "open"


@dataclass(frozen=True)
class DowngradeSite(_OfSite):
    """A full centre that becomes a linked site, with fewer services."""

    do: ClassVar[str] = "downgrade"


@dataclass(frozen=True)
class ChangeOpening(_OfSite):
    """A site that opened, or opens, on another day."""

    opened: date
    do: ClassVar[str] = "opening"

    def __post_init__(self) -> None:
        super().__post_init__()
        if not FIRST_DAY <= self.opened <= LAST_DAY:
            message = f"{self.opened} is no day on which a site may open, from {FIRST_DAY} to {LAST_DAY}"
            raise RequestError(message)


@dataclass(frozen=True)
class _Placed(_OfSite):
    easting: float
    northing: float

    def __post_init__(self) -> None:
        super().__post_init__()
        if not (0 <= self.easting <= _EAST and 0 <= self.northing <= _NORTH):
            message = f"{self.easting:g}, {self.northing:g} are not British National Grid coordinates"
            raise RequestError(message)

    @property
    def point(self) -> shapely.Point:
        """Where it is, British National Grid."""
        return shapely.Point(self.easting, self.northing)


@dataclass(frozen=True)
class MoveSite(_Placed):
    """A site that serves from somewhere else."""

    do: ClassVar[str] = "move"


@dataclass(frozen=True)
class AddSite(_Placed):
    """A new full centre."""

    name: str = "New centre"
    do: ClassVar[str] = "add"

    def __post_init__(self) -> None:
        super().__post_init__()
        _require_name(self.name, "a new site")


@dataclass(frozen=True)
class _OnTheWay:
    mark_id: str
    name: str

    do: ClassVar[str]

    def __post_init__(self) -> None:
        _require_id(self.mark_id, "mark")
        _require_name(self.name, "something on the way")


@dataclass(frozen=True)
class BlockWay(_OnTheWay):
    """A barrier that nobody, or no pram, walks through.

    Parameters
    ----------
    mark_id
        The mark of the community that it comes from, or any other id; once in a scenario.
    name
        What it is called.
    stops
        Whom it stops.
    line
        Where it is: a point, a line or an area, see `Line`.
    """

    stops: Stops
    line: Line
    do: ClassVar[str] = "block"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.stops not in get_args(Stops):
            message = f"a barrier stops {', '.join(get_args(Stops))}; found {str(self.stops)[:40]!r}"
            raise RequestError(message)
        _require_line(self.line, areas=True)

    @property
    def geometry(self) -> shapely.Geometry:
        """Point, LineString or Polygon, British National Grid."""
        return _drawn(self.line)

    @property
    def bars(self) -> int:
        """The bits of ``start_barred`` and ``end_barred`` in the table of segments: 1 everybody on foot, 2 prams."""
        return 2 if self.stops == "prams" else 3


@dataclass(frozen=True)
class AddCrossing(_OnTheWay):
    """A crossing where there is none: a short new way between two streets.

    Parameters
    ----------
    mark_id, name
        As `BlockWay` has them.
    line
        Where: a point, or a line whose two ends lead to what it joins.
    """

    line: Line
    do: ClassVar[str] = "crossing"

    def __post_init__(self) -> None:
        super().__post_init__()
        _require_line(self.line, areas=False)

    @property
    def geometry(self) -> shapely.Geometry:
        """Point or LineString, British National Grid."""
        return _drawn(self.line)


@dataclass(frozen=True)
class MendWay(_OnTheWay):
    """Something in a pram's way that is put right: steps, a stile, rough ground; see `geo.barriers`.

    Parameters
    ----------
    mark_id, name
        As `BlockWay` has them.
    line
        Where it is: a point, or a line whose middle is meant.
    """

    line: Line
    do: ClassVar[str] = "mend"

    def __post_init__(self) -> None:
        super().__post_init__()
        _require_line(self.line, areas=False)

    @property
    def geometry(self) -> shapely.Geometry:
        """Point or LineString, British National Grid."""
        return _drawn(self.line)


SiteChange = CloseSite | OpenSite | DowngradeSite | ChangeOpening | MoveSite | AddSite
WayChange = BlockWay | AddCrossing | MendWay
Change = SiteChange | WayChange
CHANGES: Mapping[str, type[Change]] = {kind.do: kind for kind in (*get_args(SiteChange), *get_args(WayChange))}
"""Every kind of change, by the word for it in files and links."""


def ways_of(changes: tuple[Change, ...]) -> tuple[WayChange, ...]:
    """The changes that are to the streets, not to a site, in their order."""
    return tuple(change for change in changes if isinstance(change, WayChange))


def _require_id(text: str, whose: str) -> None:
    if not _SITE_ID.fullmatch(text):
        message = f"{text[:70]!r} is not the id of a {whose}"
        raise RequestError(message)


def _require_name(name: str, whose: str) -> None:
    if not name.strip(" \u200c\u200d") or len(name) > LONGEST_NAME or not is_one_line(name):
        message = f"a name of {whose} has 1 to {LONGEST_NAME} letters, on one line; found {name[:90]!r}"
        raise RequestError(message)


def _require_line(line: Line, *, areas: bool) -> None:
    """Refuse what is neither a point nor a line nor, where that may be, an area."""
    if not 1 <= len(line) <= MOST_CORNERS:
        message = f"a place on the way has 1 to {MOST_CORNERS} corners, this one has {len(line)}"
        raise RequestError(message)
    for easting, northing in line:
        if not (0 <= easting <= _EAST and 0 <= northing <= _NORTH):
            message = "a corner of a place on the way is off British National Grid"
            raise RequestError(message)
    closed = len(line) > 1 and line[0] == line[-1]
    if closed and not areas:
        message = "a crossing, or what is mended, is a point or a line, not an area"
        raise RequestError(message)
    if closed and (len(line) < _RING or not _drawn(line).is_valid):
        message = "an area has an outline that goes round once and does not cross itself"
        raise RequestError(message)
    if not closed and any(one == other for one, other in pairwise(line)):
        message = "a line does not have the same corner twice in a row"
        raise RequestError(message)
    if any(max(along) - min(along) > LONGEST_M for along in zip(*line, strict=True)):
        message = f"a place on the way is at most {LONGEST_M} m across"
        raise RequestError(message)


def _drawn(line: Line) -> shapely.Geometry:
    if len(line) == 1:
        return shapely.Point(line[0])
    return shapely.Polygon(line) if line[0] == line[-1] else shapely.LineString(line)
