"""Where new sites should go: candidates, plan and surface."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.access import nearest
from geo.crs import BNG
from geo.errors import InputError, RequestError
from geo.inequality import Families, ranks
from geo.need import need
from geo.opportunity import junction_candidates, opportunity
from geo.sites import VENUE_KINDS, status_on
from geo.siting import greedy, optimum
from geo.siting_problem import OBJECTIVES, siting_problem
from geo.whole import whole
from layers.answers import community_sites, siting_ambition
from layers.answers.question import ground, serving_of, sites_of, unplaced_said
from layers.answers.siting_measures import (
    brought_within,
    minutes_saved,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from data.place import Place
    from geo.access import Nearest
    from geo.siting import Plan
    from geo.siting_problem import SitingProblem
    from layers.answers.question import Ground, Question
    from layers.answers.siting_ambition import Ambition

CLOSED, LINKED, VENUES, JUNCTIONS, MARKS = "closed", "linked", "venues", "junctions", "marks"
SHOWN_COLUMNS = ("order", "name", "kind", "within", "adds", "easting", "northing")
KIND_WORDS = {
    "closed": "closed centre",
    "linked": "linked site, no longer a full centre",
    "library": "library",
    "community_centre": "community centre",
    "school": "school or nursery",
    "health_centre": "surgery or clinic",
    "place_of_worship": "place of worship",
    "junctions": "street corner",
    "marks": "community space",
    "centre": "children's centre",
    "own": "of your list",
}
"""What a candidate is, by its kind."""

KINDS_WORDS = {
    "closed": "closed or reduced centres",
    "library": "libraries",
    "community_centre": "community centres",
    "school": "schools and nurseries",
    "health_centre": "surgeries and clinics",
    "place_of_worship": "places of worship",
    "junctions": "street corners",
    "marks": "community spaces",
    "venues": "public buildings",
}
"""The same of several, and of what can be asked for."""

MOST_DEPRIVED = 2
"""The last tenth of England by the Index of Multiple Deprivation that is in the most deprived fifth."""


@dataclass(frozen=True, eq=False)
class Sited:
    """Where k new sites should go."""

    question: Question
    candidates: gpd.GeoDataFrame
    """Index candidate id; ``name``, ``kind``; points, British National Grid."""
    problem: SitingProblem
    plan: Plan
    plain: Plan
    """The greedy plan, without exchanges, to compare with."""
    unplaced: tuple[str, ...] = ()
    """Which rows of files of sites say no place, in sentences."""
    ambition: Ambition | None = None
    """What part of all sites was to stand in the most deprived areas; None if that was not asked for."""
    free: Plan | None = None
    """The best plan without that."""


def surface_of(on: Ground, state: Nearest, minutes: float) -> NDArray[np.float64]:
    """For every junction, the under-fives beyond the threshold whom a site there would bring within it."""
    cost = state.cost(on.counted_snaps)[0]
    return opportunity(on.network, on.counted_snaps, cost=cost, weight=on.counted_children, minutes=minutes)


def gain_limits(values: NDArray[np.float64]) -> tuple[float, ...]:
    """Four limits for the classes of a surface, in round numbers: a twentieth to three quarters of the most."""
    most = max(float(np.nanmax(values, initial=0.0)), 8.0)
    step = 10 ** np.floor(np.log10(most / 10))
    limits = np.maximum(np.round(most * np.array([0.05, 0.2, 0.45, 0.7]) / step) * step, np.arange(1, 5) * step)
    return tuple(float(limit) for limit in limits)


def candidates_of(
    place: Place,
    on: Ground,
    state: Nearest,
    question: Question,
    kinds: Sequence[str],
    marks: gpd.GeoDataFrame | None = None,
) -> gpd.GeoDataFrame:
    """The places that are asked about.

    Parameters
    ----------
    place, on
        The place and its ground for the question's profile.
    state
        The sites that there are.
    question
        What is asked; a centre that does not count on its day is a candidate, of kind ``closed`` or ``linked``.
    kinds
        ``closed``, kinds of `geo.tables.Venues` or ``venues`` for all of them, ``junctions``, ``marks``; or paths of
        files of sites.
    marks
        The published marks, for ``marks``: those of spaces where families meet.

    Returns
    -------
    GeoDataFrame
        Index ``candidate_id``; ``name``, ``kind``; points. A place stands once, under the first kind that has it.

    Raises
    ------
    RequestError
        There is no such kind, or none of these places is known here.
    """
    parts: list[gpd.GeoDataFrame] = []
    for kind in dict.fromkeys(kinds):
        if kind == CLOSED:
            found = _closed(place, question)
        elif kind == VENUES or kind in VENUE_KINDS:
            found = _venues(place, kind)
        elif kind == JUNCTIONS:
            found = _corners(on, state, question)
        elif kind == MARKS:
            found = _marked(marks)
        else:
            found = named(_own(kind), "own")
        parts += [] if found is None else [found]
    table = pd.concat(parts) if parts else pd.DataFrame()
    if table.empty:
        asked = ", ".join(_several(kind) for kind in kinds) or "places"
        message = f"we know of no {asked} in {place.card.name} that could have a new site"
        raise RequestError(message)
    every = gpd.GeoDataFrame(table, geometry="geometry", crs=BNG)
    return every[~every.index.duplicated()]


def _closed(place: Place, question: Question) -> gpd.GeoDataFrame:
    """The place's centres that do not count on the day; neither what is planned anyway nor what never was a centre."""
    every = place.centres()
    every = every[(every["status"] != "planned") & (every["kind"] != "network_site")]
    gone = every[every["inside"] & ~every.index.isin(serving_of(every, question).index)]
    return named(gone, (status_on(gone, question.day) == "linked").map({True: LINKED, False: CLOSED}))


def _venues(place: Place, kind: str) -> gpd.GeoDataFrame | None:
    """Public buildings of a kind, or of all kinds; None where the place knows of none."""
    venues = place.venues()
    if venues is None:
        return None
    wanted = venues["inside"] & ((venues["kind"] == kind) | (kind == VENUES))
    return named(venues[wanted], venues.loc[wanted, "kind"])


def _corners(on: Ground, state: Nearest, question: Question) -> gpd.GeoDataFrame:
    """The street corners at which a site would bring most within reach."""
    corners = junction_candidates(on.network, surface_of(on, state, question.minutes))
    at = [f"the street corner at {x:.0f}, {y:.0f}" for x, y in shapely.get_coordinates(corners.geometry)]
    return named(corners.assign(name=at), JUNCTIONS)


def _marked(marks: gpd.GeoDataFrame | None) -> gpd.GeoDataFrame | None:
    """The community's spaces where families meet; None where there are none."""
    found = None if marks is None else community_sites.hosts(marks)
    if found is None or not len(found):
        return None
    return named(found.assign(name=[community_sites.called(row) for _, row in found.iterrows()]), MARKS)


def _own(path: str) -> gpd.GeoDataFrame:
    """The sites of a file; a word that is neither a kind nor a file is refused."""
    if not Path(path).suffix:
        known = ", ".join((CLOSED, VENUES, *VENUE_KINDS, JUNCTIONS, MARKS))
        message = f"unknown candidates {path!r}; choose from {known}, or name a file of sites"
        raise RequestError(message)
    from data.sources.own_sites import read_own_sites  # noqa: PLC0415 (few ask for it, and it loads slowly)

    own = read_own_sites(Path(path))
    return own.set_axis("own-" + own.index.astype(str))


def _several(kind: str) -> str:
    """A kind in the plural, where the place has none of it."""
    return "closed centres" if kind == CLOSED else KINDS_WORDS.get(kind, f"{kind.replace('_', ' ')}s")


def named(sites: gpd.GeoDataFrame, kind: str | pd.Series) -> gpd.GeoDataFrame:
    """Sites as candidates: ``name``, ``kind`` (a key of `KIND_WORDS`), points; what has no place is left out."""
    located = sites[sites.geometry.notna()]
    points = shapely.point_on_surface(located.geometry.to_numpy())
    kinds = kind if isinstance(kind, str) else kind.reindex(located.index)
    frame = gpd.GeoDataFrame({"name": located["name"], "kind": kinds}, geometry=points, index=located.index, crs=BNG)
    unnamed = frame["kind"].map(KIND_WORDS).radd("a ") + " without a name"
    return frame.assign(name=frame["name"].fillna(unnamed)).rename_axis("candidate_id")


def problem_of(on: Ground, state: Nearest, candidates: gpd.GeoDataFrame, question: Question) -> SitingProblem:
    """What each candidate would give whom."""
    score = need(on.areas, weights=question.weights)["need_score"].to_numpy(float)[on.homes.area]
    tenth, most_first = (on.areas[name].to_numpy(float)[on.homes.area] for name in ("imd_decile", "imd_rank"))
    children = on.counted_children
    rank = ranks(Families(area=on.homes.area, children=children, deprivation=-most_first))
    return siting_problem(
        state, on.counted_snaps, candidates, weight=children, minutes=question.minutes, need=score,
        deprived=None if np.isnan(tenth).all() else np.where(np.isnan(tenth), np.nan, tenth <= MOST_DEPRIVED),
        rank=None if np.isnan(rank).all() else rank,
    )  # fmt: skip


def answer_siting(
    place: Place,
    question: Question,
    *,
    k: int,
    objective: str,
    candidates: str,
    time_limit_s: float,
    marks: gpd.GeoDataFrame | None = None,
    ambition: Ambition | None = None,
) -> Sited:
    """Where k new sites should go, from a place's files: the best plan, and the plain greedy one.

    Parameters
    ----------
    place, question
        What is asked, of which place.
    k
        How many.
    objective
        Of `geo.siting_problem.OBJECTIVES`.
    candidates
        Kinds as `candidates_of` takes them, with commas between.
    time_limit_s
        How long the search may take.
    marks
        As `candidates_of` takes them.
    ambition
        What part of all sites is to stand in the most deprived areas.
    """
    if objective not in OBJECTIVES:
        message = f"unknown objective {objective!r}; there are {', '.join(OBJECTIVES)}"
        raise RequestError(message)
    on = ground(place, question.walker)
    if on.origins["under5"].isna().all():
        raise InputError(place.folder, expected="under-fives, to say where a new site helps most", found="none known")
    centres, sites = place.centres(), sites_of(place, question)
    state = nearest(on.network, sites, among=centres.index)
    kinds = [part.strip() for part in candidates.split(",") if part.strip()]
    found = candidates_of(place, on, state, question, kinds, marks)
    problem = problem_of(on, state, found, question)
    free = None
    if ambition is not None:
        free = optimum(problem, k, objective=objective, time_limit_s=time_limit_s)
        problem = replace(problem, quota=siting_ambition.quota_of(on.areas, sites, found, ambition))
    plan = optimum(problem, k, objective=objective, time_limit_s=time_limit_s)
    plain = greedy(problem, k, objective=objective, swaps=False)
    unplaced = tuple(said for kind in kinds if Path(kind).suffix for said in unplaced_said(kind, _own(kind)))
    return Sited(question, found, problem, plan, plain, unplaced, ambition, free)


def siting_table(found: Sited) -> gpd.GeoDataFrame:
    """The chosen places in the order in which to open them."""
    chosen = list(found.plan.chosen)
    table = found.candidates.loc[chosen]
    within = [brought_within(found.problem, chosen[: n + 1]) for n in range(len(chosen))]
    return table.assign(
        order=np.arange(1, len(chosen) + 1),
        kind=table["kind"].map(KIND_WORDS),
        within=within,
        adds=np.diff(within, prepend=0.0),
        minutes_saved=[whole(minutes_saved(found.problem, chosen[: n + 1])) for n in range(len(chosen))],
        easting=whole(table.geometry.x),
        northing=whole(table.geometry.y),
    )[["order", "name", "kind", "within", "adds", "minutes_saved", "easting", "northing", "geometry"]]
