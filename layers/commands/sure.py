"""The command that says how sure an answer is."""

from __future__ import annotations

from typing import Annotated

import typer

from layers.commands.deployment import find_place
from layers.commands.measures import require_list
from layers.commands.options import Counts, Minutes, On, Out, PlaceName, Profile, Status, To, question_of
from layers.commands.terminal import about, give, say

_LISTS = {
    "areas": ("area_name", "sure", "same", "decides", "under5_beyond_low", "under5_beyond_high", "assumed_share"),
    "variants": ("speed_kmh", "minutes", "under5_beyond", "drawn_low", "drawn_high", "areas_far", "areas_changed"),
    "boundaries": ("zones", "zones_far", "under5_there", "under5_beyond", "agree", "other_side"),
}  # fmt: skip


def sensitivity(  # noqa: PLR0913 (one option each)
    place: PlaceName,
    *,
    of: Annotated[str, typer.Option(help="What is listed: areas, variants, or boundaries.")] = "areas",
    to: To = "centres",
    status: Status = "open,linked,announced",
    counts: Counts = "listed",
    on: On = None,
    profile: Profile = "buggy",
    minutes: Minutes = "15",
    out: Out = None,
) -> None:
    """How sure the answer is: other speeds, walks and readings of the map; robust and fragile neighbourhoods."""
    from layers.answers.freshness import parts_said
    from layers.answers.how_sure import how_sure
    from layers.answers.question import answer
    from layers.files import tables

    require_list(of, _LISTS)
    if out:
        tables.require_writable(out, *([] if of == "areas" else [(".csv",)]))
    opened = find_place(place)
    question = question_of(to, status, counts, on, profile, minutes)
    found = how_sure(opened, answer(opened, question))
    say([*found.said, f"Data: {parts_said(opened.card, to)}."])
    table = {"areas": found.table, "variants": found.variants, "boundaries": found.zones}[of]
    what = f"how sure the answer is on the walk to {question.walk.to}, by {of}, on {question.day.isoformat()}"
    give(table, out, _LISTS[of], attributions=opened.card.attributions, about=about(opened, what))
