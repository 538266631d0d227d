"""What stands in the way, worked out once for all readers: both take some seconds in a city."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from geo.profiles import ADULT
from layers.answers import barriers as standing
from layers.answers import cut_off as severed
from layers.answers import pram_penalty
from layers.cache.answers import answer, walked, with_pram
from layers.cache.keys import resource

if TYPE_CHECKING:
    from data.place import Place
    from layers.answers.question import Question


@resource(max_entries=8, show_spinner="Mending everything in a pram's way, one by one. This takes some seconds…")
def barriers(place: Place, question: Question) -> standing.Found:
    """What stands in a pram's way, by whom mending it would help."""
    return standing.barriers_of(place, answer(place, question))


@resource(max_entries=16, show_spinner="Looking for long ways round…")
def cut_off(place: Place, question: Question) -> severed.CutOff:
    """Who is near a centre in a straight line, and far on foot."""
    return severed.cut_off_of(place, answer(place, question))


def penalty(place: Place, question: Question) -> pram_penalty.Penalty:
    """How much longer walks are with a pram than without one, at its pace."""
    return _penalty(place, walked(replace(question, profile=with_pram(question))))


@resource(max_entries=24)
def _penalty(place: Place, question: Question) -> pram_penalty.Penalty:
    return pram_penalty.penalty_of(answer(place, question), answer(place, replace(question, profile=ADULT.key)))
