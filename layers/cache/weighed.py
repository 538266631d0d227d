"""An answer weighed: how fairly walks fall, runs of neighbouring areas, what guidance asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.profiles import profile_named
from layers.answers import fairness as fair
from layers.answers import gap_clusters
from layers.answers import guidance as asking
from layers.answers import play_standards as playing
from layers.cache.answers import answer
from layers.cache.keys import resource
from layers.cache.places import ground

if TYPE_CHECKING:
    from data.place import Place
    from layers.answers.question import Question


@resource(max_entries=24)
def fairness(place: Place, question: Question, by: str) -> fair.Fairness:
    """How the walks of an answer fall on families, in the order of `layers.answers.fairness.BY`."""
    return fair.fairness(answer(place, question), by)


@resource(max_entries=24)
def clusters(place: Place, question: Question) -> gap_clusters.Clusters:
    """Runs of neighbouring areas with a large gap."""
    return gap_clusters.clusters_of(answer(place, question))


@resource(max_entries=24)
def guidance(place: Place, question: Question) -> asking.Guidance:
    """What guidance asks, answered."""
    return asking.guidance(answer(place, question))


@resource(max_entries=24)
def play_standards(place: Place, profile: str) -> playing.PlayStandards:
    """The play spaces of a place beside the standards, for a walker."""
    return playing.play_standards(place, ground(place, profile), profile_named(profile))
