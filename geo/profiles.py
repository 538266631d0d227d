"""Who walks: which ways each profile may use and how long each takes.

The rules decide the answer; docs/methods.md gives the evidence for each. They look at OpenStreetMap tag *values*,
never at the mere presence of a tag: most ``ramp`` tags on British steps say ``no``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from geo.errors import RequestError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    from numpy.typing import NDArray

RULES_VERSION = "1"
"""Raised whenever a rule changes an answer; stored with every place, so that an old pack is recognised."""

Rules = Literal["foot", "pram"]

WALKABLE_HIGHWAYS = (
    "trunk", "trunk_link", "primary", "primary_link", "secondary", "secondary_link", "tertiary", "tertiary_link",
    "unclassified", "residential", "living_street", "road", "service", "pedestrian", "footway", "path", "track",
    "bridleway", "cycleway", "steps",
)  # fmt: skip

WAY_TAGS = (
    "highway", "area", "indoor", "foot", "access", "motorroad", "ramp", "ramp:stroller", "ramp:wheelchair", "stroller",
    "wheelchair", "smoothness", "surface", "tracktype",
)  # fmt: skip
"""The tags of a way that the rules read."""

NODE_TAGS = ("barrier", "access", "foot", "wheelchair", "stroller")
"""The tags of a barrier node that the rules read."""

_SQUARES = ("pedestrian", "footway")
"""Ways that may be drawn as areas and walked across."""

_FOOT_CLOSED = ("no", "private", "use_sidepath")
ACCESS_CLOSED = ("no", "private", "customers", "delivery", "agricultural", "forestry", "military")
RAMP_TAGS = ("ramp", "ramp:stroller", "ramp:wheelchair", "stroller", "wheelchair")
_PRAM_IMPASSABLE = ("very_horrible", "impassable", "horrible")
_PRAM_SLOW_SURFACES = ("sand", "mud", "grass", "gravel", "pebblestone", "rock")
_PRAM_SLOW_TRACKS = ("grade4", "grade5")
SLOW = 1.5
"""How many times the time of level ground slow ground takes with a pram."""

_PRAM_BARRIERS = ("stile", "kissing_gate", "turnstile", "full-height_turnstile")


@dataclass(frozen=True, kw_only=True)
class WalkProfile:
    """One kind of walker.

    Parameters
    ----------
    key
        Name in the command line, the URL and the file.
    label
        Name in the interface.
    walkers
        Who they are, in a sentence.
    speed_kmh
        Speed on level ground, kilometres per hour.
    rules
        ``foot`` or ``pram``: which set of rules opens and slows a way.
    """

    key: str
    label: str
    walkers: str
    speed_kmh: float
    rules: Rules

    def __post_init__(self) -> None:
        if not 0.5 <= self.speed_kmh <= 10:
            message = f"a walking speed of {self.speed_kmh} km/h is not between 0.5 and 10"
            raise RequestError(message)

    @property
    def metres_per_minute(self) -> float:
        """Speed on level ground, metres per minute."""
        return self.speed_kmh * 1000 / 60


ADULT = WalkProfile(key="adult", label="Adult alone", walkers="adults on their own", speed_kmh=4.8, rules="foot")
BUGGY = WalkProfile(
    key="buggy", label="Parent with a pram", walkers="families with a pram", speed_kmh=4.0, rules="pram"
)
TODDLER = WalkProfile(
    key="toddler",
    label="Parent with a toddler on foot",
    walkers="families with a toddler on foot",
    speed_kmh=3.2,
    rules="foot",
)

PROFILES = {profile.key: profile for profile in (BUGGY, ADULT, TODDLER)}


def profile_named(key: str) -> WalkProfile:
    """Return the profile of that name.

    Raises
    ------
    UnknownNameError
        There is none; the message lists those there are.
    """
    try:
        return PROFILES[key]
    except KeyError:
        message = f"unknown walker {key!r}; there are {', '.join(PROFILES)}"
        raise UnknownNameError(message) from None


def walkable(ways: pd.DataFrame) -> NDArray[np.bool_]:
    """Which ways are streets or paths at all, whoever walks.

    Parameters
    ----------
    ways
        One row a way, a column for each of `WAY_TAGS`, missing tags as NaN or None.
    """
    street = ways["highway"].isin(WALKABLE_HIGHWAYS)
    square_without_path = (ways["area"] == "yes") & ~ways["highway"].isin(_SQUARES)
    return np.asarray(street & ~square_without_path & (ways["indoor"] != "yes"))


def way_factors(ways: pd.DataFrame, rules: Rules) -> NDArray[np.float64]:
    """How many times the time of level ground each way takes; NaN where it is closed.

    Factors do not multiply: the largest holds (steps 3, slow ground for a pram `SLOW`).

    Parameters
    ----------
    ways
        As for `walkable`.
    rules
        ``foot`` or ``pram``.
    """
    foot = ways["foot"]
    closed = foot.isin(_FOOT_CLOSED) | (
        foot.isna() & ((ways["motorroad"] == "yes") | ways["access"].isin(ACCESS_CLOSED))
    )
    factor = np.ones(len(ways))
    steps = np.asarray(ways["highway"] == "steps")
    if rules == "pram":
        ramped = np.asarray((ways[list(RAMP_TAGS)] == "yes").any(axis=1))
        closed |= (steps & ~ramped) | (ways["stroller"] == "no") | ways["smoothness"].isin(_PRAM_IMPASSABLE)
        slow = (
            ways["surface"].isin(_PRAM_SLOW_SURFACES)
            | (ways["smoothness"] == "very_bad")
            | ways["tracktype"].isin(_PRAM_SLOW_TRACKS)
        )
        factor[np.asarray(slow)] = SLOW
    factor[steps] = 3.0
    factor[~walkable(ways) | np.asarray(closed)] = np.nan
    return factor


def custom_filters() -> list[str]:
    """The ways that somebody on foot may use, as filters of Overpass: what `osmnx.graph_from_polygon` takes.

    The ways that any of them lets through are those to which `way_factors` gives a factor for ``foot``.

    Notes
    -----
    Source: https://wiki.openstreetmap.org/wiki/Overpass_API/Overpass_QL#By_tag_(has-kv).
    """

    def one_of(values: Iterable[str]) -> str:
        return f"^({'|'.join(values)})$"

    street = f'["highway"~"{one_of(WALKABLE_HIGHWAYS)}"]["indoor"!="yes"]'
    square = f'["area"="yes"]["highway"~"{one_of(_SQUARES)}"]'
    said = f'["foot"]["foot"!~"{one_of(_FOOT_CLOSED)}"]'
    unsaid = f'[!"foot"]["motorroad"!="yes"]["access"!~"{one_of(ACCESS_CLOSED)}"]'
    return [f"{street}{shape}{leave}" for shape in ('["area"!="yes"]', square) for leave in (said, unsaid)]


def barred(nodes: pd.DataFrame, rules: Rules) -> NDArray[np.bool_]:
    """Which barrier nodes nobody of these rules can pass.

    Parameters
    ----------
    nodes
        One row a node, a column for each of `NODE_TAGS`, missing tags as NaN or None.
    rules
        ``foot`` or ``pram``.
    """
    is_barrier = nodes["barrier"].notna()
    shut = nodes["foot"].isin(("no", "private")) | (
        nodes["access"].isin(("no", "private")) & (nodes["foot"].isna() | nodes["foot"].isin(_FOOT_CLOSED))
    )
    if rules == "pram":
        shut |= nodes["barrier"].isin(_PRAM_BARRIERS) & (nodes["wheelchair"] != "yes") & (nodes["stroller"] != "yes")
    return np.asarray(is_barrier & shut)
