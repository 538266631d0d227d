"""The command on who speaks a language near a group or a site."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from layers.commands.deployment import find_place, published
from layers.commands.options import Counts, Minutes, On, Out, PlaceName, Profile, Status, minutes_of, question_of
from layers.commands.terminal import about, give, say


def languages(
    place: PlaceName,
    *,
    to: Annotated[
        str, typer.Option(help="groups (each language's own), centres, play, or a file of sites.")
    ] = "groups",
    status: Status = "open,linked,announced",
    counts: Counts = "listed",
    on: On = None,
    profile: Profile = "buggy",
    minutes: Minutes = "15",
    out: Out = None,
) -> None:
    """People by main language, and how many of them live within a walk of a group in it, or of a site."""
    from geo.profiles import profile_named
    from layers.answers import speakers
    from layers.answers.peer_support import PeerQuestion
    from layers.answers.question import answer, ground
    from layers.files import tables

    if out:
        tables.require_writable(out, (".csv",))
    opened = find_place(place)
    known, columns = speakers.languages_of(opened), speakers.COLUMNS
    if to == "groups":
        asked = PeerQuestion(profile=profile, minutes=minutes_of(minutes, profile))
        walk = replace(asked.walk, to="a group in it")
        table = speakers.near_groups(known, ground(opened, profile_named(profile)), published(opened).marks, asked)
    else:
        question = question_of(to, status, counts, on, profile, minutes)
        walk, columns = question.walk, tuple(name for name in columns if name != "groups")
        table = speakers.near_sites(known, answer(opened, question))
    say(speakers.said(table, walk))
    what = f"people by main language, and who lives within {walk.limit_walk} of {walk.to}"
    give(table, out, columns, attributions=opened.card.attributions, about=about(opened, what))
