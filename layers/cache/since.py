"""Two days compared, worked out once for all readers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from geo.street_minutes import street_minutes
from layers.answers import since
from layers.answers.question import today
from layers.cache.answers import answer, to_sites, unweighed
from layers.cache.keys import resource
from layers.cache.places import segments
from layers.maps.since_layers import change_bytes

if TYPE_CHECKING:
    from datetime import date

    from data.place import Place
    from layers.answers.question import Question


def with_today(place: Place, question: Question) -> since.Since | None:
    """The question's day beside today; None where it is today, or where no day makes a difference."""
    if question.day == today() or question.to != "centres":
        return None
    return _compared(place, question, today())


def lost_since(place: Place, question: Question, day: date) -> float:
    """Under-fives who had a centre within the threshold on a day and have none on the question's; NaN if unknown."""
    asked = replace(question.unweighed, day=day)
    found = _compared(place, asked, question.day)
    return float("nan") if np.isnan(found.lost) else found.counts[0]


@resource(max_entries=24)
def _compared(place: Place, question: Question, day: date) -> since.Since:
    return since.compared(answer(place, question), answer(place, replace(question, day=day)))


def streets(place: Place, question: Question) -> bytes:
    """How the walk from every street changed between the question's day and today, a byte a segment."""
    days = sorted((question.day, today()))
    asked = unweighed(question)
    return _streets(place, replace(asked, day=days[0]), replace(asked, day=days[1]))


@resource(max_entries=24)
def _streets(place: Place, before: Question, after: Question) -> bytes:
    was, now = (street_minutes(to_sites(place, one), len(segments(place))) for one in (before, after))
    return change_bytes(was, now)
