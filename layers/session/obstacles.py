"""What the page What stands in the way is about, and which of these things is looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layers.session.areas import Choice
from layers.session.controls import one_of
from layers.session.parameters import FIX, OBSTACLE, OBSTACLE_WORDS

if TYPE_CHECKING:
    from collections.abc import Mapping


def obstacle_picker() -> str:
    """Choose what the page is about: a key of ``OBSTACLE_WORDS``."""
    return one_of("What stands in the way", OBSTACLE_WORDS, OBSTACLE)


def obstacle_choice(names: Mapping[str, str], label: str) -> Choice:
    """Which one is looked at; ``names`` as `layers.session.areas.event_choice` takes them."""
    return Choice(names, key=FIX, label=label)
