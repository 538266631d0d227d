"""An answer weighed: how fairly walks fall, runs of neighbouring areas, what guidance asks, other weights, how sure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.profiles import profile_named
from geo.weightings import overlap
from layers.answers import alike as like
from layers.answers import fairness as fair
from layers.answers import fairness_groups as grouping
from layers.answers import gap_clusters, ledger
from layers.answers import guidance as asking
from layers.answers import how_sure as sure
from layers.answers import play_standards as playing
from layers.answers import weightings as weighing
from layers.answers.question import Question
from layers.cache.answers import answer, closures, drawn, needs_of
from layers.cache.keys import resource
from layers.cache.places import centres, ground, parts

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from data.place import Place


@resource(max_entries=24)
def fairness(place: Place, question: Question, by: str) -> fair.Fairness:
    """How the walks of an answer fall on families, in the order of `layers.answers.fairness.BY`."""
    return fair.fairness(answer(place, question), by)


@resource(max_entries=24)
def groups(place: Place, question: Question, by: str) -> pd.DataFrame:
    """The walk of each group of families."""
    found = answer(place, question)
    return grouping.groups_table(found.ground, {"now": found.reach}, by, question.minutes)


@resource(max_entries=24)
def groups_lost(place: Place, question: Question, by: str) -> pd.DataFrame | None:
    """The same before and after what closed or was reduced, as *What was lost* counts it; None where nothing did."""
    on = ground(place, question.profile)
    found = lost(place, question)
    if found.lost.gone.empty:
        return None
    return grouping.groups_table(on, grouping.of_ledger(on, found), by, question.minutes)


def lost(place: Place, question: Question) -> ledger.LedgerAnswer:
    """What closed or was reduced, counted so that there is something to tell."""
    counting = ledger.settled(centres(place), None)
    return closures(place, ledger.LedgerQuestion(counting=counting, profile=question.profile, minutes=question.minutes))


@resource(max_entries=24)
def clusters(place: Place, question: Question) -> gap_clusters.Clusters:
    """Runs of neighbouring areas with a large gap."""
    return gap_clusters.clusters_of(answer(place, question))


@resource(max_entries=24, show_spinner="Trying every set of assumptions…")
def how_sure(place: Place, question: Question) -> sure.HowSure:
    """Every set of assumptions tried on an answer: some seconds."""
    return sure.how_sure(place, answer(place, question), parts(place))


@resource(max_entries=24)
def guidance(place: Place, question: Question) -> asking.Guidance:
    """What guidance asks, answered."""
    return asking.guidance(answer(place, question))


@resource(max_entries=24)
def play_standards(place: Place, profile: str) -> playing.PlayStandards:
    """The play spaces of a place beside the standards, for a walker."""
    return playing.play_standards(place, ground(place, profile), profile_named(profile))


@resource(max_entries=24)
def weightings(place: Place, question: Question) -> gpd.GeoDataFrame:
    """Each area's rank under several weightings of need."""
    return weighing.weightings_table(answer(place, question), drawn(place, question))


@resource(max_entries=48)
def alike(place: Place, question: Question, code: str) -> like.Alike | None:
    """An area beside those with the most similar need."""
    return like.alike(answer(place, question), code)


def overlap_said(place: Place) -> str:
    """What overlaps in the place's need score."""
    return weighing.overlap_said(overlap(needs_of(place, Question())))
