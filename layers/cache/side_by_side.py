"""Two places side by side, each worked out once for all readers."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from layers.answers.side_by_side import Side, names, side
from layers.cache import answers, places, since, walks
from layers.cache.keys import resource

if TYPE_CHECKING:
    from data.place import Place
    from layers.answers.question import Question

SINCE = date(2010, 1, 1)
"""From when on losses are counted: when England had most of its children's centres."""


def lacks(place: Place, question: Question) -> str | None:
    """What the place has no data on, of what is asked; None where it has all."""
    if question.to == "play" and not place.has_play_spaces:
        return "play spaces"
    needs = {"hubs": "family_hubs", "network": "network_sites"}.get(question.counting)
    if question.to == "centres" and needs and not place.card.counts.get(needs):
        return "family hubs"
    return None


@resource(max_entries=24)
def figures(place: Place, question: Question) -> Side:
    """The figures of one place; those that rest on a walk are missing where it has no data on what is asked."""
    third, areas = answers.needs_of(place, question)["need_class"], places.areas(place)
    if lacks(place, question):
        return side(areas, third, None)
    lost = since.lost_since(place, question, SINCE) if question.to == "centres" else np.nan
    return side(areas, third, answers.answer(place, question), lost)


@resource(max_entries=4)
def offered(place: Place, other: Place) -> dict[str, tuple[str, str]]:
    """What can be found by name in either place, as `layers.answers.side_by_side.names` tells them apart."""
    return names({one.card.key: (one.card.name, walks.names(one)) for one in (place, other)})
