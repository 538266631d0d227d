"""Where new sites should go: candidates, plan and surface, and their sentences."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo import paths, siting_farthest
from geo.access import nearest
from geo.crs import BNG
from geo.errors import InputError, RequestError
from geo.need import need
from geo.opportunity import junction_candidates, opportunity
from geo.sites import VENUE_KINDS, status_on
from geo.siting import greedy, optimum
from geo.siting_problem import OBJECTIVES, siting_problem
from geo.whole import shown, whole
from layers.answers import community_sites
from layers.answers.question import ground, serving_of, sites_of, unplaced_said

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from data.place import Place
    from geo.access import Nearest
    from geo.siting import Plan
    from geo.siting_problem import SitingProblem
    from layers.answers.question import Ground, Question

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
    tenth = on.areas["imd_decile"].to_numpy(float)[on.homes.area]
    return siting_problem(
        state, on.counted_snaps, candidates, weight=on.counted_children, minutes=question.minutes, need=score,
        deprived=None if np.isnan(tenth).all() else np.where(np.isnan(tenth), np.nan, tenth <= MOST_DEPRIVED),
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
    """
    if objective not in OBJECTIVES:
        message = f"unknown objective {objective!r}; there are {', '.join(OBJECTIVES)}"
        raise RequestError(message)
    on = ground(place, question.walker)
    if on.origins["under5"].isna().all():
        raise InputError(place.folder, expected="under-fives, to say where a new site helps most", found="none known")
    centres = place.centres()
    state = nearest(on.network, sites_of(place, question), among=centres.index)
    kinds = [part.strip() for part in candidates.split(",") if part.strip()]
    found = candidates_of(place, on, state, question, kinds, marks)
    problem = problem_of(on, state, found, question)
    plan = optimum(problem, k, objective=objective, time_limit_s=time_limit_s)
    unplaced = tuple(said for kind in kinds if Path(kind).suffix for said in unplaced_said(kind, _own(kind)))
    return Sited(question, found, problem, plan, greedy(problem, k, objective=objective, swaps=False), unplaced)


def brought_within(problem: SitingProblem, chosen: Sequence[str]) -> float:
    """By how many fewer under-fives would live beyond the threshold with these candidates, as *What if* shows it."""
    return float(_beyond(problem) - _beyond(problem, chosen))


def deprived_within(problem: SitingProblem, chosen: Sequence[str]) -> float:
    """The same of under-fives of England's most deprived fifth; NaN where deprivation is not known."""
    if problem.deprived is None:
        return float("nan")
    of = problem.deprived == 1
    return float(_beyond(problem, of=of) - _beyond(problem, chosen, of=of))


def _beyond(problem: SitingProblem, chosen: Sequence[str] = (), *, of: NDArray[np.bool_] | bool = True) -> float:
    """Under-fives of some homes beyond the threshold, as it is shown, with these candidates."""
    far = problem.on_network & (walk_to(problem, chosen) > problem.limit) & of
    return float(whole(problem.weight[far].sum()))


def walk_to(problem: SitingProblem, chosen: Sequence[str]) -> NDArray[np.int64]:
    """The cost of each home's walk with these candidates."""
    walk = np.where(problem.on_network, problem.now, paths.FAR).astype(np.int64)
    for name in chosen:
        number = problem.candidates.index(name)
        of = slice(problem.first[number], problem.first[number + 1])
        walk[problem.home[of]] = np.minimum(walk[problem.home[of]], problem.cost[of])
    return walk


def minutes_saved(problem: SitingProblem, chosen: Sequence[str]) -> float:
    """Minutes that all under-fives' walks together would be shorter, where there is a way now."""
    has_way = problem.on_network & (problem.now < paths.FAR)
    saved = (problem.now - walk_to(problem, chosen))[has_way] / problem.mm_per_minute
    return float(problem.weight[has_way] @ saved)


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


def said(found: Sited) -> list[str]:
    """The plan in sentences, each number with its base."""
    plan, problem, limit = found.plan, found.problem, found.question.walk.limit
    base = float(problem.weight[problem.on_network].sum())
    now = _beyond(problem)
    names = [str(found.candidates.loc[name, "name"]) for name in plan.chosen]
    reason = f"{plan.reason[0].upper()}{plan.reason[1:]}." if plan.reason else ""
    if not names:
        return [reason or "None of these places would shorten anybody's walk.", *found.unplaced]
    listed = f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
    more = brought_within(problem, plan.chosen)
    sites = "1 new site" if len(names) == 1 else f"{len(names)} new sites"
    sentences = [
        f"{sites} would bring {shown(more)} more under-fives within {limit}: {listed}. That would leave "
        f"{shown(now - more)} of {shown(base)} beyond it, down from {shown(now)}. {_walks(problem, plan.chosen)}",
        _proof(found),
    ]
    if plan.objective.startswith("deprived"):
        sentences.insert(1, _deprived_said(problem, plan.chosen))
    if plan.objective == "farthest":
        sentences.insert(1, _farthest_said(problem, plan.chosen))
    if reason:
        sentences.append(reason)
    if problem.off_streets:
        off = [str(found.candidates.loc[name, "name"]) for name in problem.off_streets]
        few = "; ".join(off[:5]) + (f" and {len(off) - 5:,} more" if len(off) > 5 else "")
        sentences.append(f"Left out, because they are more than 250 m from any street we have: {few}.")
    return [*sentences, *found.unplaced]


def _walks(problem: SitingProblem, chosen: Sequence[str]) -> str:
    """How much shorter walks would be, and for how many there would be a first one."""
    first = problem.on_network & (problem.now == paths.FAR) & (walk_to(problem, chosen) < paths.FAR)
    said = f"All under-fives' walks together would be {shown(minutes_saved(problem, chosen))} minutes shorter, one way."
    some = float(problem.weight[first].sum())
    return f"{said} {shown(some)} who cannot walk to any now could then do so." if whole(some) else said


def _deprived_said(problem: SitingProblem, chosen: Sequence[str]) -> str:
    """How many of the most deprived fifth would come within reach, and how many children it is not known of."""
    some = shown(deprived_within(problem, chosen))
    said = f"{some} of those newly within reach live in England's most deprived fifth."
    unknown = 0.0 if problem.deprived is None else float(problem.weight[np.isnan(problem.deprived)].sum())
    if whole(unknown):
        said += f" Left out of that: {shown(unknown)} under-fives whose neighbourhood has no deprivation rank."
    return said


def longest_km(problem: SitingProblem, chosen: Sequence[str] = ()) -> float:
    """The longest walk with these candidates in kilometres of level ground, to 10 m, of homes that can walk to any."""
    return siting_farthest.longest(problem, [problem.candidates.index(name) for name in chosen]) / 1e6


def _farthest_said(problem: SitingProblem, chosen: Sequence[str]) -> str:
    """How far whoever walks farthest would walk."""
    now, then = longest_km(problem), longest_km(problem, chosen)
    if then >= now:
        said = f"The longest walk would stay at {now:.2f} km, whichever of these places is chosen. "
        return f"{said}So these are the ones that shorten all walks together most."
    return f"The longest walk would be {then:.2f} km, down from {now:.2f} km."


def _proof(found: Sited) -> str:
    plan, plain = found.plan, found.plain
    places = f"of the {len(found.candidates):,} places checked"
    if not plan.proved:
        best = f"This falls at most {plan.short_by:.1%} short of the best choice {places}"
    elif plan.k == 1:
        best = f"No other {places} does better (proved)"
    else:
        best = f"No other {plan.k} {places} do better (proved)"
    best += f"; the aim was {OBJECTIVES[plan.objective]}."
    if plain.value >= plan.value * (1 - 1e-9):
        return f"{best} Choosing one at a time, the best each time, gives the same."
    part = plain.value / plan.value
    return f"{best} Choosing one at a time, the best each time, gives {part:.1%} of it."
