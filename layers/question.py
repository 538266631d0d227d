"""One question to a place, put the same way by the command line, a URL and a page; and its answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from geo.access import reach_from
from geo.errors import InputError, RequestError
from geo.gaps import Walk, gaps
from geo.need import NeedWeights
from geo.profiles import WalkProfile, profile_named
from geo.sites import SERVING, SITE_STATUSES, serving

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from data.place import Place
    from geo.network import Snaps, WalkNetwork

DESTINATIONS = {"centres": "a children's centre", "play": "a play space"}
"""What can be walked to, and its name in a sentence; the path of a file of one's own sites is the third."""


def today() -> date:
    """The day it is (UTC)."""
    return datetime.now(tz=UTC).date()


@dataclass(frozen=True, kw_only=True)
class Question:
    """Who can walk where, in how long.

    Parameters
    ----------
    to
        ``centres``, ``play`` or the path of a file of sites.
    statuses
        Which centres count, by their status on the day.
    day
        The day that is asked about.
    profile
        Key of a walking profile.
    minutes
        The threshold.
    weights
        Of the need score.
    context
        Whether the neighbours' sites count too.
    """

    to: str = "centres"
    statuses: tuple[str, ...] = SERVING
    day: date = field(default_factory=today)
    profile: str = "buggy"
    minutes: float = 15.0
    weights: NeedWeights = field(default_factory=NeedWeights)
    context: bool = True

    def __post_init__(self) -> None:
        unknown = [status for status in self.statuses if status not in SITE_STATUSES]
        if unknown or not self.statuses:
            message = f"no status {', '.join(unknown) or 'given'}; there are {', '.join(SITE_STATUSES)}"
            raise RequestError(message)

    @property
    def walker(self) -> WalkProfile:
        """The walking profile."""
        return profile_named(self.profile)

    @property
    def walk(self) -> Walk:
        """The words and the threshold."""
        return Walk(
            to=DESTINATIONS.get(self.to, "one of your sites"),
            walkers=self.walker.walkers,
            minutes=self.minutes,
        )


@dataclass(frozen=True, eq=False)
class Ground:
    """What a question stands on: a place's areas and homes, and one profile's streets with the homes joined to them."""

    areas: gpd.GeoDataFrame
    origins: gpd.GeoDataFrame
    network: WalkNetwork
    snaps: Snaps


@dataclass(frozen=True, eq=False)
class Answer:
    """The answer to a question: `geo.tables.Sites`, `Reach` and `Gaps` on the ground's indexes."""

    question: Question
    ground: Ground
    sites: gpd.GeoDataFrame
    reach: pd.DataFrame
    gaps: pd.DataFrame


def ground(place: Place, profile: WalkProfile) -> Ground:
    """Open a place for a profile."""
    origins = place.origins()
    network = place.network(profile)
    return Ground(place.areas(), origins, network, network.snap(origins.geometry.to_numpy()))


def sites_of(place: Place, question: Question) -> gpd.GeoDataFrame:
    """The sites that count for a question.

    Raises
    ------
    RequestError
        The place has no data on what is asked for, or there is no such kind of site.
    """
    if question.to == "centres":
        return serving(place.centres(), day=question.day, statuses=question.statuses, context=question.context)
    if question.to == "play":
        playing = place.play_spaces()
        if playing is None:
            raise InputError(
                place.folder, expected="play-space data, for walks to play spaces", found=f"none in {place.card.name}"
            )
        return playing if question.context else playing[playing["inside"]]
    if Path(question.to).suffix:
        from data.sources.own_sites import read_own_sites  # noqa: PLC0415 (few ask for it, and it loads slowly)

        return read_own_sites(Path(question.to))
    message = f"no destination {question.to!r}; there are {', '.join(DESTINATIONS)}, or a file of sites"
    raise RequestError(message)


def answer(place: Place, question: Question) -> Answer:
    """Answer a question from a place pack."""
    sites = sites_of(place, question)
    on = ground(place, question.walker)
    if question.to not in DESTINATIONS and not len(on.network.doors(sites.geometry.to_numpy()).site):
        raise InputError(
            question.to, expected=f"a site within 250 m of a street of {place.card.name}", found="none that is"
        )
    walked = reach_from(on.network, on.snaps, on.origins["area_code"], sites)
    found = gaps(on.areas, on.origins, walked, walk=question.walk, weights=question.weights)
    return Answer(question, on, sites, walked, found)
