"""One question to a place, asked the same way by the command line, a link and a page; and its answer."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from geo.access import reach_from
from geo.coverage import may_change, metres_to_unmapped
from geo.errors import InputError, RequestError
from geo.gaps import Walk, gaps
from geo.homes import Homes
from geo.need import NeedWeights
from geo.profiles import WalkProfile, profile_named
from geo.scenario import Change, WayChange, apply, ways_of
from geo.sites import COUNTING, SERVING, SITE_STATUSES, Reading, serving, unsure_of
from geo.street_changes import altered
from layers.answers import community_sites
from layers.answers.around import with_streets
from layers.answers.need_classes import THIRDS, needs_of
from layers.answers.own_list import OWN

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from data.place import Place
    from geo.network import Snaps, WalkNetwork
    from layers.answers.own_list import OwnList

DESTINATIONS = {"centres": "a children's centre", "play": "a play space"}
WITH_COMMUNITY = {"centres": "{} or a community space", "play": "{} (community ones included)"}
COUNTED = {
    "listed": "a children's centre", "full": "a full children's centre", "hubs": "a family hub",
    "network": "a children's centre or network site",
}  # fmt: skip
"""What can be walked to, and its name in a sentence; the path of a file of one's own sites is the third."""

_MOST_ROWS = 10

STATUS_WORDS = {
    "open": "full centre",
    "linked": "linked site: offers less",
    "announced": "closing, as announced",
    "closed": "closed",
    "no_longer_listed": "no longer listed",
    "planned": "planned to open",
}
"""What a centre is on a day, by its status."""

NEAR_MISSING = "streets are missing near here, so a nearer one may be there: its walk may be shorter"
"""What is said of an area whose answer could change (`geo.coverage.may_change`)."""

NETWORK_WORDS = "network site: some of a hub's services"


def what_it_is(kind: str, status: str) -> str:
    """What a centre, hub or network site is on a day."""
    return NETWORK_WORDS if kind == "network_site" and status in SERVING else STATUS_WORDS[status]


def require_day(day: date) -> None:
    """Refuse a day on which nothing can be asked: before there were centres, or past the calendar of the tables."""
    if not date(1900, 1, 1) <= day <= date(2099, 12, 31):
        message = f"{day} is not a day from 1900 to 2099"
        raise RequestError(message)


def today() -> date:
    """The day it is (UTC)."""
    return datetime.now(tz=UTC).date()


@dataclass(frozen=True, kw_only=True)
class Question:
    """Who can walk where, in how long.

    Parameters
    ----------
    to
        ``centres``, ``play``, the path of a file of sites, or ``own`` with a list of the reader's.
    statuses
        Which centres count, by their status on the day; in the order of `geo.sites.SITE_STATUSES`, however given.
    day
        The day that is asked about.
    profile
        Key of a walking profile.
    minutes
        The threshold.
    weights
        Of the need score.
    thirds
        Of whose neighbourhoods high, middle and low need are thirds, of `layers.answers.need_classes.THIRDS`.
    context
        Whether the neighbours' sites count too.
    counting
        Which centres count, of `geo.sites.COUNTING`.
    reading
        How to read what is uncertain on the day: ``best``, or so that the ``fewest`` or the ``most`` centres count.
    changes
        What if: changes to the centres and the streets, made before anything is asked.
    community
        The revision of the published marks that count too; None if official sites only. It names the state of the
        marks, so that an answer kept from another state is not taken for this one.
    own
        The list of sites that is walked to, if it is none of the place's.
    """

    to: str = "centres"
    statuses: tuple[str, ...] = SERVING
    day: date = field(default_factory=today)
    profile: str = "buggy"
    minutes: float = 15.0
    weights: NeedWeights = field(default_factory=NeedWeights)
    thirds: str = "authority"
    context: bool = True
    counting: str = "listed"
    reading: Reading = "best"
    changes: tuple[Change, ...] = ()
    community: int | None = None
    own: OwnList | None = None

    def __post_init__(self) -> None:
        require_day(self.day)
        Walk(minutes=self.minutes)  # refuses a threshold that makes no sense, before anything is worked out
        if self.counting not in COUNTING:
            message = f"unknown choice of centres {self.counting!r}; there are {', '.join(COUNTING)}"
            raise RequestError(message)
        if self.thirds not in THIRDS:
            message = f"no thirds of {self.thirds[:40]!r}; there are {', '.join(THIRDS)}"
            raise RequestError(message)
        unknown = [status for status in self.statuses if status not in SITE_STATUSES]
        if unknown or not self.statuses:
            message = f"unknown status {', '.join(unknown) or 'given'}; there are {', '.join(SITE_STATUSES)}"
            raise RequestError(message)
        # one question, whatever the order: what is kept of it, and a report's hash, go by this
        object.__setattr__(self, "statuses", tuple(one for one in SITE_STATUSES if one in self.statuses))

    @property
    def unweighed(self) -> Question:
        """The same with the usual need: what rests on no need is then one and the same, whatever the reader chose."""
        return replace(self, weights=NeedWeights(), thirds="authority")

    @property
    def walker(self) -> WalkProfile:
        """The walking profile."""
        return profile_named(self.profile)

    @property
    def walk(self) -> Walk:
        """The words and the threshold."""
        official = COUNTED[self.counting] if self.to == "centres" else DESTINATIONS.get(self.to, "one of your sites")
        return Walk(
            to=official if self.community is None else WITH_COMMUNITY.get(self.to, "{}").format(official),
            walkers=self.walker.walkers,
            minutes=self.minutes,
        )


@dataclass(frozen=True, eq=False)
class Ground:
    """What a question stands on: a place's areas and homes, and one profile's streets with the homes joined to them."""

    areas: gpd.GeoDataFrame
    """`geo.tables.Areas`, and ``around``: the street around which each is (`layers.answers.around`)."""
    origins: gpd.GeoDataFrame
    homes: Homes
    network: WalkNetwork
    snaps: Snaps
    counted: NDArray[np.bool_]
    """Homes that sums over the place are made of: with street data, in areas that mostly have some."""
    unmapped_m: NDArray[np.float64] | None = None
    """Straight metres from each home to where streets or a centre's streets are missing; None if that is not known."""

    @property
    def counted_children(self) -> NDArray[np.float64]:
        """Under-fives of each home that sums are made of, 0 elsewhere; missing throughout where none are known."""
        under5 = self.origins["under5"].to_numpy(float)
        return under5 if np.isnan(under5).all() else np.where(self.counted, np.nan_to_num(under5), 0.0)

    @property
    def counted_snaps(self) -> Snaps:
        """The homes joined to the streets, those that no sum is made of left off."""
        return self.snaps._replace(segment=np.where(self.counted, self.snaps.segment, np.int32(-1)))

    def counted_reach(self, reach: pd.DataFrame) -> pd.DataFrame:
        """A reach (`geo.tables.Reach`) with the walks of the other homes taken as not known."""
        site, reached = reach["site_id"].where(self.counted), reach["reached"].where(self.counted, "off_network")
        return reach.assign(site_id=site, reached=reached)


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
    areas = with_streets(place.areas(), origins, place.labels())
    points = origins.geometry.to_numpy()
    homes, snaps = Homes.of(areas, origins), network.snap(points)
    return Ground(
        areas, origins, homes, network, snaps, homes.counted(snaps.on_network), unmapped_m=_unmapped_m(place, points)
    )


def _unmapped_m(place: Place, points: NDArray[np.object_]) -> NDArray[np.float64] | None:
    if place.card.coverage is None:
        return None
    unmapped, apart = place.unmapped(), unreached(place.centres())
    ground = np.empty(0, object) if unmapped is None else unmapped.geometry.to_numpy()
    return metres_to_unmapped(points, ground, apart.geometry[apart["status"].isin(SERVING)].to_numpy())


def unreached(sites: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Those of a place's centres that nobody can walk to, so that they count nowhere."""
    return sites[sites["unreached"]] if "unreached" in sites else sites[:0]


def ground_after(
    on: Ground, segments: gpd.GeoDataFrame, changes: tuple[WayChange, ...]
) -> tuple[Ground, tuple[str, ...]]:
    """The ground after changes to the streets, and what is odd about them in sentences; homes join where they did.

    Parameters
    ----------
    on
        The ground before.
    segments
        The table of segments that its network was made of.
    changes
        What changes.
    """
    if not changes:
        return on, ()
    then = altered(segments, changes)
    network = then.network(on.network)
    return replace(on, network=network, snaps=network.snap(on.origins.geometry.to_numpy())), then.odd


def serving_of(centres: gpd.GeoDataFrame, question: Question) -> gpd.GeoDataFrame:
    """The centres that count for a question, after its changes."""
    return serving(
        apply(centres, question.changes), day=question.day, statuses=question.statuses, counting=question.counting,
        context=question.context, reading=question.reading,
    )  # fmt: skip


def unsure_sites(place: Place, question: Question) -> gpd.GeoDataFrame:
    """The centres that may have counted on the question's day, or may not; none for any other destination."""
    return unsure_of(
        apply(place.centres(), question.changes), day=question.day, counting=question.counting,
        statuses=question.statuses if question.to == "centres" else (), context=question.context,
    )  # fmt: skip


def sites_of(place: Place, question: Question, marks: gpd.GeoDataFrame | None = None) -> gpd.GeoDataFrame:
    """The sites that count for a question, the community's last: of equally near ones the official one is taken.

    Parameters
    ----------
    place, question
        What is asked, of which place.
    marks
        The published marks (`geo.tables.Marks`), for a question with ``community``.

    Raises
    ------
    RequestError
        The place has no data on what is asked for, or there is no such kind of site; or the marks are not given.
    """
    official = _official(place, question)
    if question.community is None:
        return official
    if marks is None:
        message = "community spaces count, so the published marks are needed"
        raise RequestError(message)
    return community_sites.beside(official, marks, question.to)


def _official(place: Place, question: Question) -> gpd.GeoDataFrame:
    if question.own is not None and question.to == OWN:
        return question.own.sites
    if question.to == "centres":
        if question.counting == "hubs" and place.centres()["hub"].isna().all():
            raise InputError(place.folder, expected="a list of family hubs (build --hubs)", found="none in this place")
        if question.counting == "network" and not (place.centres()["kind"] == "network_site").any():
            expected = "network sites, of a council's return of sites (build --hubs)"
            raise InputError(place.folder, expected=expected, found="none in this place")
        return serving_of(place.centres(), question)
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
    message = f"unknown destination {question.to!r}; there are {', '.join(DESTINATIONS)}, or a file of sites"
    raise RequestError(message)


def unplaced_said(to: str, sites: gpd.GeoDataFrame) -> tuple[str, ...]:
    """Which rows of a file of sites say no place, in a sentence; nothing where all do, or where it is no file.

    Parameters
    ----------
    to
        The file, or what else is walked to.
    sites
        As `data.sources.own_sites.read_own_sites` gives them.
    """
    lost = sites.loc[sites.geometry.isna(), "note"].tolist() if to not in (*DESTINATIONS, OWN) else []
    if not lost:
        return ()
    rows = ", ".join(lost[:_MOST_ROWS]) + (f" and {len(lost) - _MOST_ROWS:,} more" if len(lost) > _MOST_ROWS else "")
    said = f"Left out, as their rows say no place: {len(lost):,} of the {len(sites):,} sites in"
    return (f"{said} {sites['source'].iloc[0]} (row{'s' if len(lost) > 1 else ''} {rows}).",)


def answer(
    place: Place, question: Question, marks: gpd.GeoDataFrame | None = None, *, on: Ground | None = None
) -> Answer:
    """Answer a question from a place pack.

    Parameters
    ----------
    place, question, marks
        As `sites_of` takes them.
    on
        The place's ground for the question's profile, if it is open already.
    """
    sites = sites_of(place, question, marks)
    on, ways = on or ground(place, question.walker), ways_of(question.changes)
    on = ground_after(on, place.segments(), ways)[0] if ways else on
    if question.to not in DESTINATIONS and not len(on.network.doors(sites.geometry.to_numpy()).site):
        raise InputError(
            question.to, expected=f"a site within 250 m of a street of {place.card.name}", found="none that is"
        )
    walked = reach_from(on.network, on.snaps, on.origins["area_code"], sites)
    return Answer(question, on, sites, walked, gaps_on(on, walked, question))


def reachable(sites: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The others."""
    return sites[~sites["unreached"]] if "unreached" in sites else sites


def gaps_on(on: Ground, walked: pd.DataFrame, question: Question, *, needs: pd.DataFrame | None = None) -> pd.DataFrame:
    """What each area lacks, as `geo.tables.Gaps`, with ``near_missing_streets``: whether its answer could change.

    Parameters
    ----------
    on, walked, question
        The ground, the walks on it as `geo.tables.Reach`, and the question.
    needs
        What `layers.answers.need_classes.needs_of` says of the areas, if that is known already.
    """
    needs = needs_of(on.areas, question.weights, question.thirds) if needs is None else needs
    which = " in England" if question.thirds == "england" else ""
    found = gaps(on.areas, on.origins, walked, walk=question.walk, homes=on.homes, needs=needs, which=which)
    if on.unmapped_m is None:
        return found.assign(near_missing_streets="not known")
    minutes = on.unmapped_m / question.walker.metres_per_minute
    near = may_change(on.homes, walked, minutes, minutes=question.minutes)
    careful = found["confidence"].mask(near, (found["confidence"] + "; " + NEAR_MISSING).str.removeprefix("; "))
    return found.assign(near_missing_streets=np.where(near, "yes", "no"), confidence=careful)
