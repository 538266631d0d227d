"""The commands that weigh an answer, or look it up for a list of postcodes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from geo.errors import RequestError
from geo.profiles import ADULT
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

if TYPE_CHECKING:
    from collections.abc import Mapping

    from data.place import Place
    from layers.answers.barriers import Found
    from layers.answers.comparison import Comparison
    from layers.answers.cut_off import CutOff
    from layers.answers.pram_penalty import Penalty
    from layers.answers.question import Question

_FAIRNESS = ("outcome", "measure", "of", "value", "low", "high")
_CLUSTERS = ("area_name", "value", "run", "kind", "moran", "gi_star", "p")
_GUIDANCE = {
    "tenths": (
        "tenth", "neighbourhoods", "sites", "under2", "under2_share", "two_to_four", "two_to_four_share",
        "under5_share",
    ),
    "thresholds": ("threshold", "minutes", "beyond", "share"),
}  # fmt: skip
_ACCESS = {
    "areas": ("area_name", "under5", "sites_5", "sites_15", "sites_30", "per_1000", "near_soft"),
    "sites": ("name", "status", "capacity", "under5_15", "under5_30", "sharing", "per_1000"),
    "trips": ("area_code", "under5", "round_trip", "centre_name", "play_name"),
}
_BARRIERS = ("rank", "kind", "street", "near", "under5_within", "under5_shorter")
_PENALTY = ("area_name", "under5", "pram_more", "under5_longer", "under5_no_way")
_CUT_OFF = ("area_name", "under5", "crosses", "site_name", "straight_m", "walk_m")
_LOOKUP = ("postcode", "known", "area_name", "imd_decile", "minutes", "within", "site_name")


def fairness(  # noqa: PLR0913 (one option each)
    place: PlaceName,
    *,
    by: Annotated[
        str, typer.Option(help="Put families in order by imd, idaci, or abroad (residents born there).")
    ] = "imd",
    groups: Annotated[
        bool, typer.Option("--groups/--measures", help="The walk of each fifth (of each third, by abroad) as a table.")
    ] = False,
    closures: Annotated[
        bool, typer.Option("--closures/--today", help="Tell what closures and downgrades did to it, too.")
    ] = False,
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only what ended on this day or later.")
    ] = None,
    scenario: Annotated[
        Path | None, typer.Option(metavar="FILE.json", help="Tell what a scenario would do to it, too.")
    ] = None,
    to: To = "centres",
    status: Status = "open,linked,announced",
    counts: Annotated[
        str | None,
        typer.Option(help="As elsewhere; if not given, with closures the one under which something was lost."),
    ] = None,
    on: On = None,
    profile: Profile = "buggy",
    minutes: Minutes = 15,
    out: Out = None,
) -> None:
    """How walks fall on the most and the least deprived families; what closures did to it, or a scenario would."""
    from layers.answers import fairness as fair
    from layers.answers import fairness_groups, ledger
    from layers.answers.freshness import parts_said
    from layers.answers.question import answer, ground
    from layers.files import tables

    if scenario and (closures or since or to != "centres"):
        message = "a scenario is told of beside the centres as they are: without --closures, --since and --to"
        raise RequestError(message)
    if out:
        tables.require_writable(out, (".csv",))
    opened = find_place(place)
    lost = closures or since is not None
    settled = ledger.settled(opened.centres(), counts) if lost else counts or "listed"
    question = question_of(to, status, settled, on, profile, minutes)
    stands = ground(opened, question.walker)
    closed = compared = None
    if lost:
        asked = ledger.LedgerQuestion(
            day=question.day, since=since.date() if since else None, counting=settled, profile=profile,
            minutes=question.minutes,
        )  # fmt: skip
        closed = ledger.answer_ledger(opened, stands, asked)
    if scenario:
        compared = _compared(opened, question, scenario, to)
    now = compared.before if compared else answer(opened, question, on=stands)
    found = fair.fairness(now, by, closed=closed, then=compared.after if compared else None)
    also = [ledger.other_count(closed)] if closed else []
    what = f"how the walk to {question.walk.to} falls on families, on {question.day.isoformat()}"
    table, columns = found.table.set_index("outcome"), _FAIRNESS
    if groups:
        walks = {"now": now.reach} | ({"then": compared.after.reach} if compared else {})
        walks = fairness_groups.of_ledger(stands, closed) if closed else walks
        table = fairness_groups.groups_table(stands, walks, by, question.minutes)
        also.insert(0, fairness_groups.groups_said(table, question.walk.limit_walk))
        columns = ("group", *table.columns)
    say([*found.said, *filter(None, also), f"Data: {parts_said(opened.card, to)}."])
    give(table, out, columns, attributions=opened.card.attributions, about=about(opened, what))


def clusters(  # noqa: PLR0913 (one option each)
    place: PlaceName,
    *,
    of: Annotated[
        str, typer.Option(help="What is looked for: gap (need times the share too far away) or minutes.")
    ] = "gap",
    to: To = "centres",
    status: Status = "open,linked,announced",
    counts: Counts = "listed",
    on: On = None,
    profile: Profile = "buggy",
    minutes: Minutes = "15",
    weights: Weights = None,
    out: Out = None,
) -> None:
    """Runs of neighbouring areas with a large gap or long walks, beyond what chance would do."""
    from layers.answers import gap_clusters
    from layers.answers.freshness import parts_said
    from layers.answers.question import answer
    from layers.files import tables

    if out:
        tables.require_writable(out)
    opened = find_place(place)
    question = replace(question_of(to, status, counts, on, profile, minutes), weights=weights_of(weights, opened))
    found = gap_clusters.clusters_of(answer(opened, question), of)
    say([*gap_clusters.said(found), f"Data: {parts_said(opened.card, to)}."])
    what = f"clusters of {'the gap between need and reach' if of == 'gap' else 'walks'}, on {question.day.isoformat()}"
    give(found.table, out, _CLUSTERS, attributions=opened.card.attributions, about=about(opened, what))


def access(  # noqa: PLR0913 (one option each)
    place: PlaceName,
    *,
    of: Annotated[str, typer.Option(help="What is listed: areas, sites, or trips (by home).")] = "areas",
    linked_weight: Annotated[
        float, typer.Option(min=0, max=1, help="What part of a full centre a linked or network site counts as.")
    ] = 0.5,
    to: To = "centres",
    status: Status = "open,linked,announced",
    counts: Counts = "listed",
    on: On = None,
    profile: Profile = "buggy",
    minutes: Minutes = "15",
    out: Out = None,
) -> None:
    """Beyond the nearest: how many sites there are to choose from, how many under-fives share each."""
    from layers.answers.beyond_nearest import beyond_nearest
    from layers.answers.freshness import parts_said
    from layers.answers.question import answer
    from layers.files import tables

    require_list(of, _ACCESS)
    if out:
        tables.require_writable(out)
    opened = find_place(place)
    question = question_of(to, status, counts, on, profile, minutes)
    play = opened.play_spaces() if to == "centres" else None
    found = beyond_nearest(answer(opened, question), linked_weight, play=play)
    say([*found.said, f"Data: {parts_said(opened.card, to)}."])
    table = {"areas": found.areas, "sites": found.sites, "trips": found.trips}[of]
    if table is None:
        message = (
            "a round trip leads by a centre and a play space; here are no play spaces, or no centres were asked for"
        )
        raise RequestError(message)
    what = f"choice of {question.walk.to} and children who share it, by {of}, on {question.day.isoformat()}"
    give(table, out, _ACCESS[of], attributions=opened.card.attributions, about=about(opened, what))


def barriers(  # noqa: PLR0913 (one option each)
    place: PlaceName,
    *,
    top: Annotated[int, typer.Option(min=0, help="How many to list; 0 lists all.")] = 20,
    lines: Annotated[
        bool, typer.Option("--lines", help="List who is cut off by a railway, water or a main road instead.")
    ] = False,
    penalty: Annotated[
        bool, typer.Option("--penalty", help="List how much longer walks are with a pram, by neighbourhood, instead.")
    ] = False,
    to: To = "centres",
    status: Status = "open,linked,announced",
    counts: Counts = "listed",
    on: On = None,
    minutes: Minutes = "15",
    out: Out = None,
) -> None:
    """Steps, stiles, rough ground and missing links, by the under-fives whom mending each helps; and who is cut off."""
    from layers.answers.barriers import barriers_of
    from layers.answers.cut_off import cut_off_of
    from layers.answers.pram_penalty import penalty_of
    from layers.answers.question import answer
    from layers.files import tables

    if out:
        tables.require_writable(out)
    opened = find_place(place)
    question = question_of(to, status, counts, on, minutes=minutes)
    answered = answer(opened, question)
    found: CutOff | Found | Penalty
    if lines:
        found, columns, what = cut_off_of(opened, answered), _CUT_OFF, "who is near {} in a straight line, far on foot"
    elif penalty:
        alone = answer(opened, replace(question, profile=ADULT.key))
        found, columns, what = penalty_of(answered, alone), _PENALTY, "how much longer walks to {} are with a pram"
    else:
        found, columns = barriers_of(opened, answered, most=top or None), _BARRIERS
        what = "what stands in the way of a pram to {}"
    say(found.said)
    what = f"{what.format(question.walk.to)}, on {question.day.isoformat()}"
    rows = found.table.head(top) if top else found.table
    give(rows, out, columns, attributions=opened.card.attributions, about=about(opened, what))


def lookup(  # noqa: PLR0913 (one option each)
    place: PlaceName,
    postcodes: Annotated[
        Path, typer.Argument(metavar="FILE", help="CSV with a column `postcode`; others are not read.")
    ],
    *,
    to: To = "centres",
    status: Status = "open,linked,announced",
    counts: Counts = "listed",
    on: On = None,
    profile: Profile = "buggy",
    minutes: Minutes = "15",
    out: Out = None,
) -> None:
    """For each postcode of a list its neighbourhood, how deprived that is, and the walk to the nearest site."""
    from data.sources.postcodes import read_postcode_column
    from layers.answers import lookup as looking
    from layers.answers.freshness import parts_said
    from layers.answers.question import answer
    from layers.files import tables

    if out:
        tables.require_writable(out, (".csv",))
    asked = read_postcode_column(postcodes)
    opened = find_place(place)
    question = question_of(to, status, counts, on, profile, minutes)
    found = answer(opened, question)
    table = looking.lookup(found, asked)
    say([*looking.said(table, found), f"Data: {parts_said(opened.card, to)}."])
    what = f"the walk from a list of postcodes to {question.walk.to}, on {question.day.isoformat()}"
    give(table, out, _LOOKUP, attributions=opened.card.attributions, about=about(opened, what))


def guidance(  # noqa: PLR0913 (one option each)
    place: PlaceName,
    *,
    of: Annotated[
        str, typer.Option(help="What is listed: tenths of deprivation, or thresholds (distances that guidance names).")
    ] = "tenths",
    to: To = "centres",
    status: Status = "open,linked,announced",
    counts: Counts = "listed",
    on: On = None,
    profile: Profile = "buggy",
    minutes: Minutes = "15",
    scenario: Annotated[
        Path | None, typer.Option(metavar="FILE.json", help="With the changes of a scenario, and beside today.")
    ] = None,
    out: Out = None,
) -> None:
    """What guidance asks: sites in the most deprived areas, sites for each child, reach by tenth of deprivation."""
    from layers.answers import guidance as asking
    from layers.answers import named_walks
    from layers.answers.freshness import parts_said
    from layers.answers.question import answer
    from layers.files import tables

    require_list(of, _GUIDANCE)
    if out:
        tables.require_writable(out, (".csv",))
    opened = find_place(place)
    question = question_of(to, status, counts, on, profile, minutes)
    compared = _compared(opened, question, scenario, to) if scenario else None
    found = compared.after if compared else answer(opened, question)
    asked, named = asking.guidance(found), named_walks.named_walks(found)
    beside = [asking.scenario_said(compared.before, found)] if compared else []
    said = [*beside, *asking.said(asked, found), *named_walks.said(named, found)]
    say([*said, f"Data: {parts_said(opened.card, to)}."])
    if of == "tenths":
        table, by, more = asked.tenths, "by tenth of income deprivation affecting children", f" {asking.OF_THE_RETURN}"
    else:
        table, by, more = named, "by distances that guidance names", ""
    told = about(opened, f"children and the walk to {question.walk.to}, {by}") + more
    give(table, out, _GUIDANCE[of], attributions=opened.card.attributions, about=told)


def _compared(opened: Place, question: Question, scenario: Path, to: str) -> Comparison:
    """Today's answer and that with a scenario's changes."""
    from layers.answers import comparison
    from layers.files.scenarios import read_scenario

    if to != "centres":
        message = "a scenario is told of beside the centres as they are: without --to"
        raise RequestError(message)
    wanted = read_scenario(scenario)
    wanted.require_place(place=opened.card.key, fingerprint=opened.card.fingerprint)
    return comparison.compare_from_files(opened, question, wanted.changes)


def require_list(of: str, lists: Mapping[str, object]) -> None:
    """Refuse a list that there is none of."""
    if of not in lists:
        message = f"no list of {of[:40]!r}; there are {', '.join(lists)}"
        raise RequestError(message)
