"""A mark: what somebody put on the map, in the words of the marking page; a draft that makes no sense is refused."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Literal, get_args

import shapely

from geo.crs import GREAT_BRITAIN
from geo.errors import RequestError
from geo.sites import MARK_KINDS, ON_THE_WAY

if TYPE_CHECKING:
    from datetime import date, datetime

Status = Literal["waiting", "approved", "rejected", "withdrawn", "merged", "lapsed"]

STATUSES: tuple[Status, ...] = get_args(Status)
"""A mark's life: waiting for a moderator; on the map; refused; taken off; one with another mark; not confirmed for too
long."""

DRAWN = ("barrier", "play_space")
"""Kinds that may be a line or an area; the others are points."""

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
AGES = ("bump", "baby", "toddler", "preschool", "older")
"""For whom: before birth, under one, one and two, three and four, five and over."""

LANGUAGES = ("en", "ar", "bn", "fa", "ckb", "ps", "pl", "pt", "pa", "ro", "so", "es", "uk", "ur")
"""ISO 639 codes of the languages that can be named; those of the interface."""

CHOICES: dict[str, tuple[str, ...]] = {
    "pram_friendly": ("yes", "partly", "no"),
    "toilets": ("changing", "yes", "no"),
    "cost": ("free", "donation", "paid"),
    "term_time": ("all_year", "term_only"),
    "stops": ("everyone", "prams", "after_dark"),
}
"""Fields with one answer of a few; empty is "not said"."""

LISTS: dict[str, tuple[str, ...]] = {"days": DAYS, "ages": AGES, "languages": LANGUAGES}
"""Fields with any number of answers."""

LENGTHS = {"name": 80, "note": 500, "contact": 200, "private_note": 500}
"""Characters that a text may have."""

PRIVATE = ("contact", "private_note")
"""Fields that never leave the moderator's view."""

MOST_CORNERS = 200
LONGEST_M = 3_000
"""A line or an area longer than this from end to end is no street and no playground."""

_TIME = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d", re.ASCII)
_UNSEEN = re.compile(
    r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff\ufffe\uffff]"
)


@dataclass(frozen=True, kw_only=True)
class MarkDraft:
    """What a contributor says; checked as it is made.

    Parameters
    ----------
    place
        Key of the place (``isle-of-wight``).
    kind
        Of `geo.sites.MARK_KINDS`.
    geometry
        Point; for `DRAWN` kinds LineString or Polygon too; British National Grid.
    name, note
        One line; a few lines. Shown to everybody once approved.
    at_home
        It is somebody's home: never shown as a point (see `data.store.publishing`).
    days, opens, closes
        Of `DAYS`; times as ``HH:MM``, both or neither.
    ages, languages
        Of `AGES` and `LANGUAGES`.
    pram_friendly, toilets, cost, term_time, stops
        One of `CHOICES`, or empty; ``stops`` (whom a barrier stops) belongs to `ON_THE_WAY` kinds.
    contact, private_note
        For the moderator alone.

    Raises
    ------
    RequestError
        Something makes no sense; the message names the field, what was found and what is expected.
    """

    place: str
    kind: str
    geometry: shapely.Geometry
    name: str = ""
    note: str = ""
    at_home: bool = False
    days: tuple[str, ...] = ()
    opens: str = ""
    closes: str = ""
    ages: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    pram_friendly: str = ""
    toilets: str = ""
    cost: str = ""
    term_time: str = ""
    stops: str = ""
    contact: str = ""
    private_note: str = ""

    def __post_init__(self) -> None:
        _require(is_place(self.place), "place", self.place, "a place's key")
        _require(self.kind in MARK_KINDS, "kind", self.kind, f"one of {', '.join(MARK_KINDS)}")
        for name, longest in LENGTHS.items():
            object.__setattr__(self, name, _tidy(name, getattr(self, name), longest))
        for name, several in LISTS.items():
            object.__setattr__(self, name, _listed(name, getattr(self, name), several))
        for name, known in CHOICES.items():
            said = getattr(self, name)
            _require(said == "" or said in known, name, said, f"one of {', '.join(known)}, or nothing")
        _require(not self.stops or self.kind in ON_THE_WAY, "stops", self.stops, "nothing, for a place to go")
        _require(not (self.at_home and self.kind in ON_THE_WAY), "at_home", "yes", "no, for something on the way")
        _require(isinstance(self.at_home, bool), "at_home", str(self.at_home), "yes or no")
        for name in ("opens", "closes"):
            said = getattr(self, name)
            _require(said == "" or bool(_TIME.fullmatch(said)), name, said, "a time as 09:30")
        _require(bool(self.opens) == bool(self.closes), "closes", self.closes or "nothing", "both times, or neither")
        _require(not self.opens or self.opens < self.closes, "closes", self.closes, f"a time after {self.opens}")
        object.__setattr__(self, "geometry", _placed(self.kind, self.geometry))


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A mark as the store has it, for a moderator's eyes.

    Parameters
    ----------
    id
        ``mark-`` and twelve characters.
    draft
        What it says.
    status, version
        Of `STATUSES`; the version goes up by one at every change.
    group_id, group
        Of the group whose link it came by; None if it was imported.
    created, decided, confirm_by
        When it came, when it was last decided, and the day by which somebody should say that it is still there.
    reason
        Why it was refused or taken off, as the contributor reads it.
    merged_into
        The mark that it is one with.
    warnings
        What the scan of its texts found (`data.store.screening`).
    has_photo
        Whether there is a photo.
    still_there, gone
        How many have said so since it was last decided or confirmed.
    """

    id: str
    draft: MarkDraft
    status: Status
    version: int
    created: datetime
    group_id: int | None = None
    group: str | None = None
    decided: datetime | None = None
    confirm_by: date | None = None
    reason: str = ""
    merged_into: str | None = None
    warnings: tuple[str, ...] = ()
    has_photo: bool = False
    still_there: int = 0
    gone: int = 0


ANSWERS: tuple[str, ...] = tuple(one.name for one in fields(MarkDraft) if one.name not in ("place", "geometry"))
"""The fields of a draft besides where it is, in order."""


def is_place(text: str) -> bool:
    """Whether a text can be a place's key."""
    return bool(re.fullmatch(r"[a-z0-9-]{1,80}", text, re.ASCII))


def one_line(text: str) -> str:
    """A text without what nobody can see, with single spaces; empty where there is nothing else in it."""
    said = " ".join(_UNSEEN.sub(" ", text).split())
    return said if any(unicodedata.category(letter)[0] in "LNPS" for letter in said) else ""


def _tidy(name: str, text: object, longest: int) -> str:
    _require(isinstance(text, str), name, str(text), "text")
    said = _UNSEEN.sub(" ", str(text).replace("\r\n", "\n").replace("\r", "\n"))
    if name == "name":
        said = one_line(said)
    said = "\n".join(line.strip() for line in said.split("\n")).strip()
    _require(len(said) <= longest, name, f"{len(said)} characters", f"at most {longest}")
    return said


def _listed(name: str, said: object, known: tuple[str, ...]) -> tuple[str, ...]:
    _require(isinstance(said, tuple), name, str(said), "a list")
    unknown = [one for one in said if one not in known] if isinstance(said, tuple) else []
    _require(not unknown, name, ", ".join(map(str, unknown)), f"of {', '.join(known)}")
    return tuple(one for one in known if isinstance(said, tuple) and one in said)


def _placed(kind: str, geometry: shapely.Geometry) -> shapely.Geometry:
    types = ("Point", "LineString", "Polygon") if kind in DRAWN else ("Point",)
    what = "a point, a line or an area" if kind in DRAWN else "a point"
    found = getattr(geometry, "geom_type", str(geometry))
    _require(found in types and not geometry.is_empty, "geometry", found, what)
    _require(shapely.get_num_coordinates(geometry) <= MOST_CORNERS, "geometry", "more corners", f"{MOST_CORNERS}")
    west, south, east, north = geometry.bounds
    least_x, least_y, most_x, most_y = GREAT_BRITAIN
    inside = least_x <= west and least_y <= south and east <= most_x and north <= most_y  # not with NaN
    _require(inside, "geometry", f"{west:.0f}, {south:.0f}", "a place in Britain, on British National Grid")
    _require(max(east - west, north - south) <= LONGEST_M, "geometry", "a larger one", f"at most {LONGEST_M} m across")
    _require(bool(geometry.is_valid), "geometry", shapely.is_valid_reason(geometry), "lines that do not cross")
    flat = shapely.force_2d(geometry)
    return shapely.set_precision(flat, 1.0) if found == "Point" else shapely.transform(flat, lambda at: at.round(1))


def _require(right: bool, name: str, found: str, expected: str) -> None:
    if not right:
        message = f"{name}: found {found!r}; expected {expected}"
        raise RequestError(message)
