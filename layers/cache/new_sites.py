"""Where new sites would help, worked out once for all readers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from geo import opportunity, siting
from layers.answers import new_sites, siting_aims
from layers.answers.siting_ambition import Ambition, quota_of
from layers.answers.siting_measures import brought_within
from layers.cache.answers import nearest_sites, sites, unweighed
from layers.cache.keys import data, resource
from layers.cache.marks import marks_in, revision, state
from layers.cache.places import areas, ground, segments
from layers.maps.geometry import gain_classes, is_written, write_gains

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from data.place import Place
    from geo.siting_problem import SitingProblem
    from layers.answers.question import Question
    from layers.cache.marks import State

SITING_SECONDS = 10.0
"""How long the search for the best new sites may take, for each number of them; it mostly takes a moment."""


@dataclass(frozen=True)
class Sought:
    """Which new sites are looked for.

    Parameters
    ----------
    kinds
        Where they could go, as `layers.answers.new_sites.candidates_of` takes them.
    goal
        Of `geo.siting_problem.OBJECTIVES`.
    index
        By which 70 % of all sites are to stand in the most deprived areas, of `layers.answers.guidance.INDICES`; None
        if that is not asked for.
    """

    kinds: tuple[str, ...]
    goal: str
    index: str | None = None


def planned(place: Place, question: Question, sought: Sought, k: int) -> new_sites.Sited:
    """Where k new sites should go."""
    return _planned(place, _asked(question), sought, _state(place, sought.kinds), k)


@resource(max_entries=24)
def _planned(place: Place, question: Question, sought: Sought, at: State | None, k: int) -> new_sites.Sited:
    candidates, problem = _problem(place, question, sought, at)
    after = _trade_off(place, question, sought, at)["sites"].get(k - 1, ())
    plan = siting.optimum(problem, k, objective=sought.goal, time_limit_s=SITING_SECONDS, after=after)
    plain = siting.greedy(problem, k, objective=sought.goal, swaps=False)
    ambition, free = None, None
    if sought.index is not None:
        ambition, free = Ambition(sought.index), _planned(place, question, replace(sought, index=None), at, k).plan
    return new_sites.Sited(question, candidates, problem, plan, plain, ambition=ambition, free=free)


def trade_off(place: Place, question: Question, sought: Sought) -> pd.DataFrame:
    """What one to five new sites would give, read-only."""
    return _trade_off(place, _asked(question), sought, _state(place, sought.kinds))


def aims(place: Place, question: Question, sought: Sought, k: int) -> pd.DataFrame:
    """What the best plan for k new sites by each aim would bring, read-only."""
    return _aims(place, _asked(question), replace(sought, goal="cover"), k, _state(place, sought.kinds))


def _asked(question: Question) -> Question:
    return replace(question, changes=(), community=None)


def _state(place: Place, kinds: tuple[str, ...]) -> State | None:
    """The state of the published marks, if they are among the candidates and can be read."""
    return state(revision(place.card.key)) if new_sites.MARKS in kinds else None


@resource(max_entries=24)
def _candidates(
    place: Place, question: Question, kinds: tuple[str, ...], at: State | None
) -> tuple[gpd.GeoDataFrame, SitingProblem]:
    on, nearest = ground(place, question.profile), nearest_sites(place, question)
    found = new_sites.candidates_of(place, on, nearest, question, kinds, marks_in(place.card.key, at))
    return found, new_sites.problem_of(on, nearest, found, question)


def _problem(
    place: Place, question: Question, sought: Sought, at: State | None
) -> tuple[gpd.GeoDataFrame, SitingProblem]:
    candidates, problem = _candidates(place, question, sought.kinds, at)
    if sought.index is None:
        return candidates, problem
    quota = quota_of(areas(place), sites(place, question), candidates, Ambition(sought.index))
    return candidates, replace(problem, quota=quota)


@resource(max_entries=24, show_spinner="Trying the candidates…")
def _trade_off(place: Place, question: Question, sought: Sought, at: State | None) -> pd.DataFrame:
    problem = _problem(place, question, sought, at)[1]
    table = siting.trade_off(problem, objective=sought.goal, time_limit_s=SITING_SECONDS)
    return table.assign(
        greedy=[brought_within(problem, chosen) for chosen in table["greedy_sites"]],
        optimum=[brought_within(problem, chosen) for chosen in table["sites"]],
    )


@resource(max_entries=24, show_spinner="Comparing the aims…")
def _aims(place: Place, question: Question, sought: Sought, k: int, at: State | None) -> pd.DataFrame:
    candidates, problem = _problem(place, question, sought, at)
    plans = siting_aims.plans_of(problem, k, time_limit_s=SITING_SECONDS)
    return siting_aims.aims_table(problem, candidates["name"], plans)


def gains(place: Place, question: Question) -> tuple[str, tuple[float, ...]]:
    """Address of the streets by how many under-fives a site there would bring within reach, and the classes' limits."""
    asked = unweighed(question, minutes=question.minutes)
    found = _gains(place, asked)
    if not is_written(found[0]):
        _gains.clear(place, asked)
        found = _gains(place, asked)
    return found


@data(max_entries=16, show_spinner="Asking every street corner…")
def _gains(place: Place, question: Question) -> tuple[str, tuple[float, ...]]:
    on = ground(place, question.profile)
    surface = new_sites.surface_of(on, nearest_sites(place, question), question.minutes)
    limits = new_sites.gain_limits(surface)
    streets = segments(place).iloc[on.network.row]
    return write_gains(streets, gain_classes(opportunity.of_streets(on.network, surface), limits)), limits
