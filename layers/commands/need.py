"""The commands that ask what hangs on need: how it is weighed, and how an area stands beside those like it."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from geo.errors import RequestError
from layers.commands.deployment import find_place
from layers.commands.options import (
    Counts,
    Minutes,
    On,
    Out,
    PlaceName,
    Profile,
    Status,
    To,
    Weights,
    question_of,
    weights_of,
)
from layers.commands.terminal import about, give, say

_WEIGHTINGS = (
    "gap_rank", "area_name", "rank_alike", "rank_once", "rank_deprivation", "rank_abroad", "weighed_low",
    "weighed_high", "gap_rank_low", "gap_rank_high",
)  # fmt: skip

_ALIKE = (
    "of", "area_name", "difference", "minutes_median", "within_share", "need_score", "need_imd", "need_idaci",
    "need_abroad", "need_under5",
)  # fmt: skip


def weightings(  # noqa: PLR0913 (one option each)
    place: PlaceName,
    *,
    to: To = "centres",
    status: Status = "open,linked,announced",
    counts: Counts = "listed",
    on: On = None,
    profile: Profile = "buggy",
    minutes: Minutes = "15",
    weights: Weights = None,
    out: Out = None,
) -> None:
    """Each neighbourhood's rank under four weightings of need, and between which ranks it lies."""
    from geo.children_drawn import children_drawn
    from layers.answers import weightings as weighing
    from layers.answers.freshness import parts_said
    from layers.answers.question import answer
    from layers.files import tables

    if out:
        tables.require_writable(out)
    opened = find_place(place)
    question = replace(question_of(to, status, counts, on, profile, minutes), weights=weights_of(weights, opened))
    found = answer(opened, question)
    table = weighing.weightings_table(found, children_drawn(found.gaps))
    say([*weighing.said(table, found), f"Data: {parts_said(opened.card, to)}."])
    what = f"ranks under several weightings of need, for walks to {question.walk.to}, on {question.day.isoformat()}"
    give(table, out, _WEIGHTINGS, attributions=opened.card.attributions, about=about(opened, what))


def alike(  # noqa: PLR0913 (one option each)
    place: PlaceName,
    area: Annotated[str, typer.Argument(metavar="AREA", help="A neighbourhood by code or name, or a postcode in it.")],
    *,
    to: To = "centres",
    status: Status = "open,linked,announced",
    counts: Counts = "listed",
    on: On = None,
    profile: Profile = "buggy",
    minutes: Minutes = "15",
    weights: Weights = None,
    out: Out = None,
) -> None:
    """One neighbourhood beside its authority, and beside the ten with the most similar need."""
    from layers.answers import alike as like
    from layers.answers.freshness import parts_said
    from layers.answers.question import answer
    from layers.files import tables

    if out:
        tables.require_writable(out)
    opened = find_place(place)
    code = like.area_named(opened, area)
    question = replace(question_of(to, status, counts, on, profile, minutes), weights=weights_of(weights, opened))
    found = like.alike(answer(opened, question), code)
    if found is None:
        message = f"the walk or the need of {area[:40]!r} is not known, so it cannot be compared"
        raise RequestError(message)
    say([*found.said, f"Alike in need: {'; '.join(found.names)}.", f"Data: {parts_said(opened.card, to)}."])
    what = f"{code} beside the neighbourhoods with the most similar need, on {question.day.isoformat()}"
    give(found.table, out, _ALIKE, attributions=opened.card.attributions, about=about(opened, what))
