"""A plan of new sites in sentences, each number with its base."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geo import paths
from geo.siting_problem import OBJECTIVES
from geo.whole import shown, whole
from layers.answers import siting_ambition
from layers.answers.siting_measures import (
    beyond,
    brought_within,
    deprived_within,
    longest_km,
    minutes_saved,
    slope,
    walk_to,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo.siting_problem import SitingProblem
    from layers.answers.new_sites import Sited


def said(found: Sited) -> list[str]:
    """The plan in sentences, each number with its base."""
    plan, problem, limit = found.plan, found.problem, found.question.walk.limit
    base = float(problem.weight[problem.on_network].sum())
    now = beyond(problem)
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
    if plan.objective == "slope":
        sentences.insert(1, slope_said(problem, plan.chosen))
    if found.ambition is not None:
        sentences.append(siting_ambition.said(problem, plan, found.ambition, found.free))
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


def _farthest_said(problem: SitingProblem, chosen: Sequence[str]) -> str:
    """How far whoever walks farthest would walk."""
    now, then = longest_km(problem), longest_km(problem, chosen)
    if then >= now:
        said = f"The longest walk would stay at {now:.2f} km, whichever of these places is chosen. "
        return f"{said}So these are the ones that shorten all walks together most."
    return f"The longest walk would be {then:.2f} km, down from {now:.2f} km."


def slope_said(problem: SitingProblem, chosen: Sequence[str]) -> str:
    """How the slope of walks by deprivation would change."""
    now, then = slope(problem), slope(problem, chosen)
    if np.isnan(now):
        return "How walks fall by deprivation is not known here."
    return (
        f"At the most deprived end walks would be {_than(then)} than at the least deprived; now they are {_than(now)}."
    )


def _than(minutes: float) -> str:
    return f"{abs(minutes):.1f} minutes {'longer' if minutes > 0 else 'shorter'}"


def _proof(found: Sited) -> str:
    plan, plain = found.plan, found.plain
    places = f"of the {len(found.candidates):,} places checked"
    if found.ambition is not None:
        places += f" that keep{'s' if plan.k == 1 else ''} to the condition below"
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
