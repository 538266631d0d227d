"""An answer as a command reports it: its sentences, the notes in its files, and the credits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from geo.sensitivity import beyond_grid
from geo.whole import shown, whole
from layers.answers import by_ferry, coverage, uncertainty
from layers.answers.community_sites import SPACE_WORDS, credits_of
from layers.answers.freshness import parts_said
from layers.answers.own_children import hidden_said
from layers.answers.question import answer, unplaced_said

if TYPE_CHECKING:
    import pandas as pd

    from data.place import Place
    from geo.children_drawn import Drawn
    from layers.answers.community_sites import Published
    from layers.answers.question import Answer, Question


@dataclass(frozen=True, eq=False)
class Told:
    """An answer, with what is said of it."""

    found: Answer
    about: str
    """What a file of it says of itself, in a sentence."""
    attributions: tuple[str, ...]
    said: tuple[str, ...]
    """What is said besides the headline, in sentences."""


def tell(place: Place, question: Question, spaces: Published | None = None) -> Told:
    """Answer a question, and say what stands behind the answer.

    Parameters
    ----------
    place, question
        What is asked, of which place.
    spaces
        The published marks, where community spaces are to count too; both numbers are told then.

    Raises
    ------
    RequestError
        Community spaces are to count beside a file of one's own sites.
    """
    marks = None if spaces is None else spaces.marks
    question = question if spaces is None else replace(question, community=spaces.number)
    found = answer(place, question, marks)
    said = [*hidden_said(place.card)]
    if spaces is not None:
        official = answer(place, replace(question, community=None), on=found.ground)
        said.append(_both(official, found, len(spaces.counting(question.to))))
    dates = parts_said(place.card, question.to)
    said.append(f"Data: {dates}.")
    said += filter(None, [coverage.in_one_line(place, question, found.gaps)])
    if question.to == "centres":
        bounds = uncertainty.bounds_of(place, found.ground, question, marks)
        said.append(uncertainty.counted_said(found.sites, question))
        said += [uncertainty.bounds_said(bounds, question)] if bounds else []
    said += unplaced_said(question.to, found.sites)
    said += by_ferry.on_answer(found, place.ferries())
    about = (
        f"{place.card.name}: the walk to {question.walk.to} for {question.walk.walkers}, threshold "
        f"{question.walk.limit}, on {question.day.isoformat()} ({dates}). Made by Pramshed; walk rules version "
        f"{place.card.rules_version}."
    )
    credited = () if spaces is None else credits_of(spaces.counting(question.to))
    return Told(found, about, (*place.card.attributions, *credited), tuple(said))


def _both(official: Answer, found: Answer, number: int) -> str:
    """The count with official sites only and the count with community spaces."""
    words = f"{number:,} {SPACE_WORDS[found.question.to][number != 1]}"
    what = "Under-fives" if counts_children(found) else "Neighbourhoods that mostly live"
    limit = found.question.walk.limit
    return f"{what} beyond {limit}: {beyond(official):,} with official sites only, {beyond(found):,} with {words}."


def band(found: Answer) -> pd.DataFrame | None:
    """The headline at three speeds and three thresholds (`geo.sensitivity.beyond_grid`); None without under-fives."""
    if not counts_children(found):
        return None
    return beyond_grid(
        found.reach["minutes"].to_numpy(float), found.ground.counted_children,
        speed_kmh=found.question.walker.speed_kmh, threshold=found.question.minutes,
    )  # fmt: skip


def band_said(grid: pd.DataFrame, question: Question) -> str:
    """The lowest and the highest of the nine, with the speed and threshold of each."""
    speeds, limits = (list(map(float, one)) for one in (grid.index, grid.columns))
    counts = whole(grid).to_numpy(int)
    slow, fast, short, long = min(speeds), max(speeds), min(limits), max(limits)

    def count(speed: float, limit: float) -> str:
        return f"{counts[speeds.index(speed), limits.index(limit)]:,}"

    return (
        f"How sure is {count(question.walker.speed_kmh, question.minutes)}? "
        f"Lowest estimate {count(fast, long)} (beyond {long:g} minutes, walking {fast:g} km/h), "
        f"highest {count(slow, short)} (beyond {short:g} minutes, {slow:g} km/h)."
    )


def drawn_said(drawn: Drawn) -> str:
    """How much of the headline hangs on where in its neighbourhood each child lives."""
    low, high = drawn.beyond
    return (
        "Nobody publishes where in its neighbourhood each child lives. Put into homes at random, between "
        f"{shown(low)} and {shown(high)} live beyond in 95 of 100 draws."
    )


def counts_children(answer: Answer) -> bool:
    """Whether under-fives are known here; else neighbourhoods are counted."""
    return bool(answer.ground.origins["under5"].notna().any())


def beyond(answer: Answer) -> int:
    """Under-fives beyond the threshold; where they are not known, neighbourhoods most of whose families are."""
    if counts_children(answer):
        return int(whole(answer.gaps["under5_beyond"].sum()))
    return int((answer.gaps["access_class"] == "far").sum())
