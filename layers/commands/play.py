"""The command on play spaces by size and age."""

from __future__ import annotations

from typing import Annotated

import typer

from layers.commands.deployment import find_place
from layers.commands.measures import require_list
from layers.commands.options import Out, PlaceName, Profile
from layers.commands.terminal import about, give, say


def play(
    place: PlaceName,
    *,
    of: Annotated[str, typer.Option(help="What is listed: standards, areas, or spaces.")] = "standards",
    profile: Profile = "buggy",
    out: Out = None,
) -> None:
    """Play spaces by size: under-fives within the walk that the standards LAP, LEAP and NEAP allow to each."""
    from geo.profiles import profile_named
    from layers.answers.play_standards import COLUMNS, play_standards
    from layers.answers.question import ground
    from layers.files import tables

    require_list(of, COLUMNS)
    if out:
        tables.require_writable(out, *([(".csv",)] if of == "standards" else []))
    opened, walker = find_place(place), profile_named(profile)
    found = play_standards(opened, ground(opened, walker), walker)
    say(found.said)
    table = {"standards": found.standards, "areas": found.areas, "spaces": found.spaces}[of]
    what = f"play spaces beside the standards LAP, LEAP and NEAP, by {of}, for {walker.walkers}"
    give(table, out, COLUMNS[of], attributions=opened.card.attributions, about=about(opened, what))
