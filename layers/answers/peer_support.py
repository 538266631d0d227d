"""Who lives within a walk of a peer-support group, and where the next group would reach most people.

Where a place has no table of languages, residents born outside the UK stand in for the families whom a group in another
language is for; pages say so. Where it has one, `layers.answers.speakers` counts those who speak a language.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.access import nearest, reach_from
from geo.crs import BNG
from geo.gaps import Walk, gaps
from geo.profiles import profile_named
from geo.siting_problem import siting_problem
from geo.whole import whole
from layers.answers import community_sites
from layers.answers.new_sites import KIND_WORDS, MARKS, named
from layers.answers.question import Question, serving_of
from layers.i18n import LANGUAGES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from data.place import Place
    from layers.answers.question import Ground

PEER_KINDS = ("peer_group", "drop_in")
"""Marks at which somebody is met who helps: what a family is to be within a walk of."""

PEOPLE = {
    "under5": "Under-fives",
    "born_outside_uk": "Residents born outside the UK",
    "residents": "Residents",
}

NO_LANGUAGES = (
    "This place has no table of languages by neighbourhood, so who speaks which is not known. How many residents were "
    "born outside the UK stands in for the families whom a group in their own language is for; it says neither where "
    "they were born nor what they speak."
)

HOST_VENUES = ("library", "community_centre", "school", "place_of_worship")
"""Public buildings in which a group could meet; surgeries and clinics are left out, many being private practices."""

APART_M = 300.0
"""Of rooms nearer to each other than this only the best is named: they would serve the same families."""


@dataclass(frozen=True, kw_only=True)
class PeerQuestion:
    """Who lives within a walk of a peer-support group or a drop-in.

    Parameters
    ----------
    language
        That the group must be in, a code of `layers.i18n.LANGUAGES`; any if None.
    profile, minutes
        Who walks, and how long at most.
    """

    language: str | None = None
    profile: str = "buggy"
    minutes: float = 15.0

    @property
    def walk(self) -> Walk:
        """The words and the threshold."""
        spoken = f" in {LANGUAGES[self.language].english}" if self.language else ""
        return Walk(
            to=f"a peer-support group or a drop-in{spoken}",
            walkers=profile_named(self.profile).walkers,
            minutes=self.minutes,
        )


@dataclass(frozen=True, eq=False)
class PeerReach:
    """The answer to a `PeerQuestion`."""

    question: PeerQuestion
    ground: Ground
    groups: gpd.GeoDataFrame
    """The groups and drop-ins, as `geo.tables.Marks`; none is at somebody's home."""
    people: pd.DataFrame
    """On `PEOPLE`: ``within`` the walk, and ``total`` whose walk is known; missing where nobody counted them."""
    near: NDArray[np.bool_]
    """Which homes are within the walk; those whose walk is not known are not."""
    areas: gpd.GeoDataFrame
    """Each neighbourhood with its walk (`geo.gaps.gaps`) and ``*_beyond`` for each of `PEOPLE`."""


def speaking(marks: gpd.GeoDataFrame, language: str | None) -> gpd.GeoDataFrame:
    """The marks where a language is spoken; all of them if none is asked for."""
    if language is None:
        return marks
    return marks[[language in said.split(",") for said in marks["languages"]]]


def groups_of(marks: gpd.GeoDataFrame, language: str | None) -> gpd.GeoDataFrame:
    """The peer-support groups and drop-ins that can be walked to; people's homes cannot."""
    return speaking(marks[marks["kind"].isin(PEER_KINDS) & (marks["homes"] == 0)], language)


def peer_reach(on: Ground, marks: gpd.GeoDataFrame, question: PeerQuestion) -> PeerReach:
    """Who lives within a walk of a group, home by home, and which neighbourhoods do not.

    Parameters
    ----------
    on
        The place's ground for the question's profile.
    marks
        The published marks.
    question
        What is asked.
    """
    groups = groups_of(marks, question.language)
    walked = reach_from(on.network, on.snaps, on.origins["area_code"], groups)
    found = gaps(on.areas, on.origins, walked, walk=question.walk, homes=on.homes)
    near = on.counted & (walked["minutes"].to_numpy(float) <= question.minutes)
    people, beyond = {}, {}
    for name in PEOPLE:
        every = on.origins[name].to_numpy(float)
        known = not np.isnan(every).all()
        counted = np.where(on.counted, np.nan_to_num(every), 0.0)
        people[name] = (whole(counted[near].sum()), whole(counted.sum())) if known else (np.nan, np.nan)
        beyond[f"{name}_beyond"] = on.homes.total(np.where(near, 0.0, counted)) if known else np.nan
    areas = on.areas.join(found.drop(columns=["under5_beyond", "born_outside_uk_beyond"])).assign(**beyond)
    table = pd.DataFrame.from_dict(people, orient="index", columns=["within", "total"])
    return PeerReach(question, on, groups, table, near, areas)


def said(found: PeerReach) -> str:
    """The answer in a sentence, for those of `PEOPLE` who are counted here."""
    walk, number = found.question.walk, len(found.groups)
    if not number:
        return f"There is no {walk.to.removeprefix('a ')} on this map yet."
    counted = [
        f"{within:,.0f} of {total:,.0f} {_lower(PEOPLE[str(name)])}"
        for name, within, total in zip(found.people.index, found.people["within"], found.people["total"], strict=True)
        if not np.isnan(total)
    ]
    listed = " and ".join(filter(None, (", ".join(counted[:-1]), *counted[-1:]))) or "nobody whom we can count"
    return f"{listed} live within {walk.limit_walk} of {walk.to} ({number:,} on this map), for {walk.walkers}."


def _lower(words: str) -> str:
    return f"{words[0].lower()}{words[1:]}"


def candidates(place: Place, marks: gpd.GeoDataFrame, groups: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Where the next group could meet: children's centres, public buildings, and the community's own spaces.

    Parameters
    ----------
    place
        The place; its centres that serve today, and its venues if it knows of any.
    marks
        The published marks.
    groups
        The groups that there are: their rooms are no candidates.

    Returns
    -------
    GeoDataFrame
        Index ``candidate_id``; ``name``, ``kind`` (a key of `layers.answers.new_sites.KIND_WORDS`); points.
    """
    centres, venues, hosts = serving_of(place.centres(), Question()), place.venues(), community_sites.hosts(marks)
    hosts = hosts[~hosts.index.isin(groups.index)]
    titles = pd.Series([community_sites.called(row) for _, row in hosts.iterrows()], hosts.index, dtype="str")
    parts = [named(centres[centres["inside"]], "centre"), named(hosts.assign(name=titles), MARKS)]
    if venues is not None:
        inside = venues[venues["inside"] & venues["kind"].isin(HOST_VENUES)]
        parts.append(named(inside, inside["kind"]))
    found = gpd.GeoDataFrame(pd.concat(parts), geometry="geometry", crs=BNG)
    return found[~found.index.duplicated()]


def best_hosts(
    on: Ground,
    groups: gpd.GeoDataFrame,
    hosts: gpd.GeoDataFrame,
    question: PeerQuestion,
    *,
    whom: str,
    most: int = 3,
) -> gpd.GeoDataFrame:
    """The places from which the next group would bring most people within the walk, the groups that there are staying.

    Parameters
    ----------
    on
        The place's ground for the question's profile.
    groups
        Those there are, as `groups_of` gives them.
    hosts
        As `candidates` gives them.
    question
        What is asked.
    whom
        Who counts, of `PEOPLE`.
    most
        How many.

    Returns
    -------
    GeoDataFrame
        On the candidates' ids, the best first (of equals the earlier candidate), `APART_M` or more apart: ``name``,
        ``kind``, and ``gives``, how many it would bring within the walk on its own. Empty where that is nobody.
    """
    weight = _counted(on, whom)
    if hosts.empty or not weight.sum():
        return hosts.assign(gives=0.0).iloc[:0]
    state = nearest(on.network, groups)
    problem = siting_problem(state, on.counted_snaps, hosts, weight=weight, minutes=question.minutes)
    candidate, _, value = problem.value("cover")
    gives = np.bincount(candidate, value, len(hosts))
    chosen: list[int] = []
    points = hosts.geometry.to_numpy()
    for number in np.argsort(-np.round(gives, 6), kind="stable"):
        if len(chosen) == most or not gives[number] > 0:
            break
        if not (shapely.distance(points[chosen], points[number]) < APART_M).any():
            chosen.append(int(number))
    return hosts.iloc[chosen].assign(gives=gives[chosen])


def _counted(on: Ground, whom: str) -> NDArray[np.float64]:
    return np.where(on.counted, np.nan_to_num(on.origins[whom].to_numpy(float)), 0.0)


def host_table(best: gpd.GeoDataFrame) -> pd.DataFrame:
    """The best places in words: name, what it is, what it gives, where it is."""
    return pd.DataFrame(
        {
            "name": best["name"],
            "gives": whole(best["gives"]),
            "kind": best["kind"].map(KIND_WORDS),
            "easting": shapely.get_x(best.geometry.to_numpy()).round(),
            "northing": shapely.get_y(best.geometry.to_numpy()).round(),
        },
        index=best.index,
    )
