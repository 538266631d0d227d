"""The keys of the URL: the values each may have, and its default.

A link made today must work tomorrow, so the URL holds short keys of ours, never labels; what a link says is checked
against what there is before it is used.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from geo.gaps import ACCESS_CLASSES
from geo.need import NEED_CLASSES, PART_NAMES, NeedWeights
from geo.profiles import PROFILES
from geo.scenario import LONGEST_NAME, is_one_line
from geo.sites import MARK_KINDS
from geo.thresholds import NAMED as NAMED_THRESHOLDS
from layers.answers.spots import Spot
from layers.files.scenarios import from_link, to_link
from layers.i18n import LANGUAGES
from layers.maps.geometry import AREA_CODE

if TYPE_CHECKING:
    from collections.abc import Collection

LAYERS = {
    "walk": "Minutes on foot",
    "gap": "Need and walking time",
    "pram": "Longer with a pram",
    "away": "Depends on one centre",
    "play": "Larger play space within 400 m",
    "change": "Change between two days",
    "deprivation": "Deprivation",
    "abroad": "Families from abroad (proxy)",
    "under5": "Under-fives",
    "under2": "Under-twos",
    "arrived2": "Came within 2 years",
    "arrived5": "Came within 5 years",
    "english": "Little English",
    "language": "Household language",
    "births": "Births, parents from abroad",
}
DRAWN_WORDS = {"streets": "Streets", "areas": "Neighbourhoods"}
ROWS_WORDS = {"areas": "Neighbourhoods", "wards": "Wards", "towns": "Towns and villages"}
"""Of what Explore's table has a row each."""
SHOWN = {
    "centres": "Children's centres",
    "play": "Play spaces",
    "closed": "Closed centres",
    "marks": "Community marks",
}
COMMUNITY_WORDS = {"no": "Official only", "yes": "With community spaces"}
WHOM_WORDS = {"under5": "Under-fives", "born_outside_uk": "Residents born outside the UK"}
"""Whom the next peer-support group is to be near."""
THRESHOLDS = (5, 6, 8, 10, 12, 15, 20, 25, 30, 38, 45)
"""Minutes; distances that guidance names are `geo.thresholds.NAMED`, at the walker's own pace."""
LONGEST_WEIGHT = 4
DESTINATION_WORDS = {"centres": "A children's centre", "play": "A play space", "own": "Your own list"}
THIRDS_WORDS = {"authority": "This authority", "england": "England"}
"""Of whose neighbourhoods high, middle and low need are thirds."""
COUNT_WORDS = {
    "listed": "Full centres and linked sites", "full": "Full centres only", "hubs": "Family hubs only",
    "network": "Network sites as well",
}  # fmt: skip
ANNOUNCED_WORDS = {"until": "Open until their day", "closed": "Closed already"}
CLOSURE_WORDS = {"all": "Closed and announced", "confirmed": "Confirmed only", "announced": "Announced only"}
SINCE_YEARS = (2010, 2015, 2018, 2020, 2022, 2024, 2025, 2026)
PARTS = {"try": "Try a change", "where": "Where a new one would help", "depends": "What depends on each centre"}
OBSTACLE_WORDS = {
    "lines": "Cut off by a railway, water or a main road", "mend": "Steps, stiles, rough ground and missing links",
}  # fmt: skip
SHADE_WORDS = {"walk": "Minutes on foot", "need": "Need and walking time"}
ABOUT_WORDS = {"place": "The whole authority", "ward": "A ward", "areas": "Neighbourhoods of your choice"}
AGAINST_WORDS = {"no": "No comparison", "scenario": "The scenario that is open on What if", "day": "Another day"}
MOST_AREAS = 40
"""How many neighbourhoods a report may be about that are chosen one by one: its address holds them all."""
GOALS = {
    "cover": "Most under-fives newly within reach",
    "equity": "Priority to high-need areas",
    "distance": "Shortest total walking",
    "deprived": "Most of the most deprived fifth newly within reach",
    "deprived_walk": "Shortest walks for the most deprived fifth",
    "slope": "Walks shortened most where deprivation is greatest",
    "farthest": "Shortest walk for whoever walks farthest",
}
AMBITION_WORDS = {
    "no": "Anywhere",
    "imd": "70% of all sites in the 30% most deprived areas (IMD)",
    "idaci": "The same by children's income deprivation",
}
CANDIDATES = {
    "closed": "Closed or reduced centres",
    "library": "Libraries",
    "community_centre": "Community centres",
    "school": "Schools and nurseries",
    "health_centre": "Surgeries and clinics",
    "place_of_worship": "Places of worship",
    "marks": "Community spaces",
    "junctions": "Street corners",
}

_NONE = "none"
"""What the URL says where nothing of a list is chosen, which is not the same as saying nothing."""


@dataclass(frozen=True)
class Parameter:
    """A key of the session that the URL keeps: its default, and what it may be.

    ``allowed`` are the values, in the order in which the URL lists them; or a pattern, where what there is depends on
    the place; or a function that reads a text, and returns None if it makes no sense.
    """

    default: object
    allowed: Collection[object] | re.Pattern[str] | Callable[[str], object | None]
    many: bool = False
    said: Callable[[object], str] = str
    """How a value is written, where ``allowed`` is a function."""

    def read(self, text: str) -> object | None:
        """What a URL says, or None if it makes no sense."""
        if isinstance(self.allowed, re.Pattern):
            return text if self.allowed.fullmatch(text) else None
        if isinstance(self.allowed, Callable):
            return self.allowed(text)
        if self.many:
            parts = text.split(",")
            return [] if text == _NONE else [value for value in self.allowed if value in parts] or None
        return {str(value): value for value in self.allowed}.get(text)

    def write(self, value: object) -> str | None:
        """What the URL keeps; None for the default."""
        if self.many and isinstance(value, list):
            value = [one for one in self.allowed if one in value]
        if value is None or value == self.default:
            return None
        if isinstance(value, list):
            return ",".join(map(str, value)) or _NONE
        return self.said(value)


def read_day(text: str) -> date | None:
    """A day as 2026-04-01, of a time when there were or will be centres."""
    if not re.fullmatch(r"20\d\d-\d\d-\d\d", text, re.ASCII):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def read_name(text: str) -> str | None:
    """A name that a person gave: one line, not too long."""
    return text if 0 < len(text) <= LONGEST_NAME and is_one_line(text) else None


def read_spot(text: str) -> Spot | None:
    """A spot as 450514,89065: easting and northing in metres."""
    if not re.fullmatch(r"\d{1,6},\d{1,7}", text, re.ASCII):
        return None
    easting, northing = map(int, text.split(","))
    return Spot(easting, northing) if northing < 1_300_000 else None


def read_areas(text: str) -> list[str] | None:
    """Codes of neighbourhoods, each once, with commas between."""
    codes = list(dict.fromkeys(text.split(",")))
    return codes if len(codes) <= MOST_AREAS and all(map(AREA_CODE.fullmatch, codes)) else None


PLACE, TO, WHO, MINUTES, NAMED = "place", "to", "who", "minutes", "named"
COUNTS, ANNOUNCED, DAY = "counts", "announced", "day"
LAYER, DRAWN, AREA, SHOW, CELL = "layer", "drawn", "area", "show", "cell"
AT, REACH = "at", "reach"
ROWS, WITHIN = "rows", "within"
COMMUNITY = "community"
MARKED_KINDS, SPEAKS, MARK, WHOM = "kinds", "speaks", "mark", "whom"
LOST_OF, CLOSURES, SINCE, EVENT = "of", "closures", "since", "event"
PART, CHANGES, MADE_FOR, NAME, SITE = "part", "changes", "for", "name", "site"
K, GOAL, CANDIDATE_KINDS, SURFACE, AIMS = "k", "goal", "from", "surface", "aims"
AMBITION = "ambition"
BESIDE, SHADE = "beside", "shade"
OBSTACLE, FIX = "obstacle", "fix"
ABOUT, WARD, AREAS, CALLED, AGAINST, THEN = "about", "ward", "areas", "called", "against", "then"
LINK, RECEIPT, LANGUAGE, PAPER = "link", "receipt", "lang", "paper"
ONLY_ON = (
    dict.fromkeys((LINK, RECEIPT, LANGUAGE, PAPER), "mark")
    | dict.fromkeys((ABOUT, WARD, AREAS, CALLED, AGAINST, THEN), "reports")
    | dict.fromkeys((BESIDE, SHADE), "compare")
    | dict.fromkeys((OBSTACLE, FIX), "in_the_way")
    | dict.fromkeys((AT, REACH, ROWS, WITHIN), "")
)  # Explore's own path is empty
"""Keys that one page has in its URL and no other: a group's link must not travel with a map that somebody shares, and
what a report is about says nothing anywhere else."""
THIRDS = "thirds"
WEIGHTS = {name: f"need_{name}" for name in PART_NAMES}

_SITE_ID = re.compile(r"[\w:./-]{1,64}", re.ASCII)
_WARD_CODE = re.compile(r"[EW]\d{8}", re.ASCII)
_PART_CODE = re.compile(rf"{_WARD_CODE.pattern}|[a-z0-9-]{{1,80}}", re.ASCII)
_MARK_ID = re.compile(r"mark-[a-z2-7]{12}", re.ASCII)
_SECRET = re.compile(r"[A-Za-z0-9_ -]{10,64}", re.ASCII)
_CELLS = [f"{need}-{access}" for need in NEED_CLASSES for access in ACCESS_CLASSES]
PARAMETERS = {
    PLACE: Parameter(None, re.compile(r"[a-z0-9-]{1,80}", re.ASCII)),
    TO: Parameter("centres", DESTINATION_WORDS),
    COUNTS: Parameter("listed", COUNT_WORDS),
    ANNOUNCED: Parameter("until", ANNOUNCED_WORDS),
    DAY: Parameter(None, read_day),
    COMMUNITY: Parameter("no", COMMUNITY_WORDS),
    WHO: Parameter("buggy", PROFILES),
    MINUTES: Parameter(15, THRESHOLDS),
    NAMED: Parameter(None, NAMED_THRESHOLDS),
    LAYER: Parameter("walk", LAYERS),
    DRAWN: Parameter("streets", DRAWN_WORDS),
    SHOW: Parameter(["centres"], SHOWN, many=True),
    AREA: Parameter(None, AREA_CODE),
    CELL: Parameter(None, _CELLS),
    AT: Parameter(None, read_spot, said=lambda spot: f"{spot.easting},{spot.northing}"),
    REACH: Parameter(None, _SITE_ID),
    ROWS: Parameter("areas", ROWS_WORDS),
    WITHIN: Parameter(None, _PART_CODE),
    LOST_OF: Parameter(None, COUNT_WORDS),
    CLOSURES: Parameter("all", CLOSURE_WORDS),
    SINCE: Parameter(None, SINCE_YEARS),
    EVENT: Parameter(None, _SITE_ID),
    PART: Parameter("try", PARTS),
    CHANGES: Parameter((), from_link, said=to_link),
    MADE_FOR: Parameter(None, re.compile(r"[0-9a-f]{16}", re.ASCII)),
    NAME: Parameter("", read_name),
    SITE: Parameter(None, _SITE_ID),
    K: Parameter(3, range(1, 6)),
    GOAL: Parameter("cover", GOALS),
    CANDIDATE_KINDS: Parameter(["closed", "library", "community_centre"], CANDIDATES, many=True),
    AMBITION: Parameter("no", AMBITION_WORDS),
    SURFACE: Parameter("no", ("no", "yes")),
    AIMS: Parameter("no", ("no", "yes")),
    ABOUT: Parameter("place", ABOUT_WORDS),
    WARD: Parameter(None, _WARD_CODE),
    AREAS: Parameter([], read_areas),
    CALLED: Parameter("", read_name),
    AGAINST: Parameter("no", AGAINST_WORDS),
    THEN: Parameter(None, read_day),
    BESIDE: Parameter(None, re.compile(r"[a-z0-9-]{1,80}", re.ASCII)),
    SHADE: Parameter("walk", SHADE_WORDS),
    OBSTACLE: Parameter("lines", OBSTACLE_WORDS),
    FIX: Parameter(None, _SITE_ID),
    MARKED_KINDS: Parameter([], MARK_KINDS, many=True),
    SPEAKS: Parameter(None, LANGUAGES),
    MARK: Parameter(None, _MARK_ID),
    WHOM: Parameter("under5", WHOM_WORDS),
    LINK: Parameter(None, _SECRET),
    RECEIPT: Parameter(None, _SECRET),
    LANGUAGE: Parameter(None, LANGUAGES),
    PAPER: Parameter("no", ("no", "yes")),
    THIRDS: Parameter(None, THIRDS_WORDS),
} | {key: Parameter(int(getattr(NeedWeights(), name)), range(LONGEST_WEIGHT + 1)) for name, key in WEIGHTS.items()}
