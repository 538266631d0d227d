"""Where new sites would help, worked out once for all readers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from geo import opportunity, siting
from layers.answers import new_sites, siting_aims
from layers.cache.answers import nearest_sites, unweighed
from layers.cache.keys import data, resource
from layers.cache.marks import marks_in, revision, state
from layers.cache.places import ground, segments
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


def planned(place: Place, question: Question, kinds: tuple[str, ...], *, k: int, goal: str) -> new_sites.Sited:
    """Where k new sites should go."""
    asked, at = replace(question, changes=(), community=None), _state(place, kinds)
    candidates, problem = _candidates(place, asked, kinds, at)
    after = _trade_off(place, asked, kinds, goal, at)["sites"].get(k - 1, ())
    plan = siting.optimum(problem, k, objective=goal, time_limit_s=SITING_SECONDS, after=after)
    plain = siting.greedy(problem, k, objective=goal, swaps=False)
    return new_sites.Sited(asked, candidates, problem, plan, plain)


def trade_off(place: Place, question: Question, kinds: tuple[str, ...], goal: str) -> pd.DataFrame:
    """What one to five new sites would give, read-only."""
    return _trade_off(place, replace(question, changes=(), community=None), kinds, goal, _state(place, kinds))


def aims(place: Place, question: Question, kinds: tuple[str, ...], k: int) -> pd.DataFrame:
    """What the best plan for k new sites by each aim would bring, read-only."""
    return _aims(place, replace(question, changes=(), community=None), kinds, k, _state(place, kinds))


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


@resource(max_entries=24, show_spinner="Trying the candidates…")
def _trade_off(place: Place, question: Question, kinds: tuple[str, ...], goal: str, at: State | None) -> pd.DataFrame:
    problem = _candidates(place, question, kinds, at)[1]
    table = siting.trade_off(problem, objective=goal, time_limit_s=SITING_SECONDS)
    return table.assign(
        greedy=[new_sites.brought_within(problem, sites) for sites in table["greedy_sites"]],
        optimum=[new_sites.brought_within(problem, sites) for sites in table["sites"]],
    )


@resource(max_entries=24, show_spinner="Comparing the aims…")
def _aims(place: Place, question: Question, kinds: tuple[str, ...], k: int, at: State | None) -> pd.DataFrame:
    candidates, problem = _candidates(place, question, kinds, at)
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
