"""The commands that ask a question of a place: gaps, reach, route, catchment, closures, scenario, site."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from layers.commands.deployment import find_place, published
from layers.commands.options import (
    Community,
    Counts,
    Minutes,
    On,
    Out,
    PlaceName,
    Profile,
    Status,
    Thirds,
    To,
    Weights,
    minutes_of,
    parts,
    question_of,
    weights_of,
)
from layers.commands.terminal import about, errors, give, say

if TYPE_CHECKING:
    import geopandas as gpd

    from data.place import Place
    from layers.answers.question import Question
    from layers.answers.summary import Told

_GAPS = (
    "gap_rank", "gap_rank_low", "gap_rank_high", "area_name", "ward_name", "minutes_median", "within_share",
    "under5_beyond", "need_here", "need_in_england", "access_class",
)  # fmt: skip
_TOTALS = (
    "beyond_rank", "{}_name", "areas", "under5", "under5_known", "under5_beyond", "beyond_share", "minutes_median",
)  # fmt: skip
_BY = {"neighbourhood": "areas", "ward": "wards", "town": "towns"}
_REACH = ("origin_id", "area_code", "site_id", "minutes", "metres", "snap_m", "reached")
_ROUTE = ("piece", "way", "street", "metres", "minutes", "meets")
_CATCHMENT = ("minutes", "metres", "residents", "under5", "under2", "born_outside_uk", "under5_nearest")
_CLOSURES = (
    "name", "said", "under5", "extra_minutes_median", "crossed", "alone_crossed", "reopened_crossed", "share_crossed",
    "share_minutes", "goes_to_name",
)  # fmt: skip
_SCENARIO = (
    "area_name", "ward_name", "minutes_before", "minutes_after", "minutes_change", "under5_beyond_before",
    "under5_beyond_after", "under5_beyond_change",
)  # fmt: skip


def gaps(  # noqa: PLR0913 (one option each)
    place: PlaceName,
    *,
    to: To = "centres",
    status: Status = "open,linked,announced",
    counts: Counts = "listed",
    on: On = None,
    profile: Profile = "buggy",
    minutes: Minutes = "15",
    community: Community = False,
    by: Annotated[str, typer.Option(help="A row for each neighbourhood, ward or town.")] = "neighbourhood",
    thirds: Thirds = "authority",
    weights: Weights = None,
    out: Out = None,
) -> None:
    """Every neighbourhood, ward or town: how far its families walk, who is missed, its rank and why."""
    from data.england.figures import ATTRIBUTION
    from geo.children_drawn import children_drawn
    from geo.errors import RequestError
    from geo.gaps import headline
    from layers.answers.place_parts import parts_of
    from layers.answers.summary import counts_children, drawn_said
    from layers.answers.totals import totals
    from layers.files import tables

    if by not in _BY:
        message = f"no rows by {by!r}; choose {', '.join(_BY)}"
        raise RequestError(message)
    if out:
        tables.require_writable(out)
    question = question_of(to, status, counts, on, profile, minutes)
    question = replace(question, thirds=thirds, weights=weights_of(weights, find_place(place)))
    answered = _ask(place, question, community=community)
    found = answered.found
    everyone = found.ground.areas["under5"].sum()
    drawn = children_drawn(found.gaps)
    sure = [drawn_said(drawn)] if counts_children(found) else []
    say([headline(found.gaps, walk=found.question.walk, every=everyone), *sure, *answered.said])
    table = tables.area_table(found).join(drawn.ranks.rename(columns="gap_rank_{}".format))
    columns = _GAPS
    if by != "neighbourhood":
        known = parts_of(find_place(place))
        if _BY[by] not in known:
            message = f"we know of no {by}s in this place; choose {', '.join(['neighbourhood', *known])}"
            raise RequestError(message)
        parts = known[_BY[by]]
        table, columns = tables.total_table(totals(found, parts), parts), tuple(name.format(by) for name in _TOTALS)
    credited = dict.fromkeys((*answered.attributions, *ATTRIBUTION))
    give(table, out, columns, attributions=credited, about=answered.about)


def reach(  # noqa: PLR0913 (one option each)
    place: PlaceName,
    *,
    to: To = "centres",
    status: Status = "open,linked,announced",
    counts: Counts = "listed",
    on: On = None,
    profile: Profile = "buggy",
    minutes: Minutes = "15",
    community: Community = False,
    out: Out = None,
) -> None:
    """The walk from every home to its nearest site: the table behind `gaps`."""
    from layers.files import tables

    if out:
        tables.require_writable(out)
    answered = _ask(place, question_of(to, status, counts, on, profile, minutes), community=community)
    found = answered.found
    walk, known = found.reach["minutes"], found.reach["reached"] != "off_network"
    near = int((walk <= found.question.minutes).sum())
    share = f" ({near / known.sum():.1%})" if known.any() else ""
    errors.print(
        f"{near:,} of {known.sum():,} homes with street data are within {found.question.walk.limit_walk}{share}; "
        f"{(~known).sum():,} {'more ' if known.any() else ''}have no street data within 250 m"
        f"{'' if known.any() else ', so no walk is known'}."
    )
    say(answered.said)
    give(tables.origin_table(found), out, _REACH, attributions=answered.attributions, about=answered.about)


def route(  # noqa: PLR0913 (one option each)
    place: PlaceName,
    begin: Annotated[str, typer.Argument(metavar="FROM", help="A postcode, street, landmark or grid reference.")],
    end: Annotated[
        str | None, typer.Argument(metavar="[TO]", help="A site by name or id; the nearest if not given.")
    ] = None,
    *,
    to: To = "centres",
    status: Status = "open,linked,announced",
    counts: Counts = "listed",
    on: On = None,
    profile: Profile = "buggy",
    out: Out = None,
) -> None:
    """The walk from one point, piece by piece: to the nearest site, or to one that is named."""
    from layers.answers import walks, way_words
    from layers.answers.question import sites_of, unplaced_said
    from layers.answers.signposts import Signposts
    from layers.answers.way_pieces import stretches
    from layers.files import tables

    if out:
        tables.require_writable(out)
    opened = find_place(place)
    question = question_of(to, status, counts, on, profile)
    sites = sites_of(opened, question)
    found = walks.ask(opened, question, sites, begin, end)
    say([*found.said, *unplaced_said(to, sites)])
    if found.walks:
        say(way_words.step_by_step(found, opened))
        _give(stretches(found.walks[0], Signposts.of(opened)), out, _ROUTE, opened, found.said[0])


def catchment(  # noqa: PLR0913 (one option each)
    place: PlaceName,
    site: Annotated[str, typer.Argument(metavar="SITE", help="A site that counts, by name or id.")],
    *,
    within: Annotated[
        str, typer.Option(help="Minutes or distances such as '400 m', separated by commas.")
    ] = "5,10,15,20,30",
    shape: Annotated[
        bool, typer.Option("--shape/--streets", help="Write the land beside the streets, or the streets.")
    ] = False,
    to: To = "centres",
    status: Status = "open,linked,announced",
    counts: Counts = "listed",
    on: On = None,
    profile: Profile = "buggy",
    minutes: Annotated[str, typer.Option(help="Longest acceptable walk.")] = "15",
    out: Out = None,
) -> None:
    """The reach of a site: its streets within some minutes, and who lives there."""
    from geo.catchments import limits_of
    from layers.answers import catchment
    from layers.answers.question import ground, sites_of, unplaced_said
    from layers.files import tables

    if out:
        tables.require_writable(out)
    limits = limits_of([minutes_of(one, profile) for one in parts(within)])
    opened = find_place(place)
    question = question_of(to, status, counts, on, profile, minutes)
    sites = sites_of(opened, question)
    found = catchment.catchment_of(ground(opened, question.walker), question, sites, site, limits)
    say([*catchment.said(found, question), *unplaced_said(to, sites)])
    what = f"what lies within reach of {found.name}"
    _give(catchment.table_of(found, shape=shape), out, _CATCHMENT, opened, what)


def closures(  # noqa: PLR0913 (one option each)
    place: PlaceName,
    *,
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only what ended on this day or later.")
    ] = None,
    on: On = None,
    counts: Annotated[
        str | None,
        typer.Option(help="listed, full, hubs or network; if not given, the one under which something was lost."),
    ] = None,
    confirmed_only: Annotated[
        bool, typer.Option("--confirmed-only/--all-announced", help="Leave open what is only announced or delisted.")
    ] = False,
    announced_only: Annotated[
        bool, typer.Option("--announced-only", help="Only what is announced to close: what that would take from today.")
    ] = False,
    profile: Profile = "buggy",
    minutes: Minutes = "15",
    out: Out = None,
) -> None:
    """The closure ledger: what each closure or downgrade took, alone and together, and from whom."""
    from geo.errors import RequestError
    from geo.profiles import profile_named
    from layers.answers import ledger
    from layers.answers.freshness import parts_said
    from layers.answers.question import ground, today
    from layers.files import tables

    if confirmed_only and announced_only:
        message = "--confirmed-only and --announced-only: only one of them at a time"
        raise RequestError(message)
    if out:
        tables.require_writable(out)
    opened = find_place(place)
    question = ledger.LedgerQuestion(
        day=on.date() if on else today(), since=since.date() if since else None,
        closures="confirmed" if confirmed_only else "announced" if announced_only else "all",
        counting=ledger.settled(opened.centres(), counts), profile=profile, minutes=minutes_of(minutes, profile),
    )  # fmt: skip
    found = ledger.answer_ledger(opened, ground(opened, profile_named(profile)), question)
    also = filter(None, [ledger.other_count(found)])
    say(
        [
            ledger.headline(found),
            *also,
            f"Data: {parts_said(opened.card)}.",
            *ledger.cautions(found),
            *ledger.pairs_said(found),
        ]
    )
    what = f"what was lost, on {question.day.isoformat()}, to {question.walk.to}"
    _give(ledger.ledger_table(found), out, _CLOSURES, opened, what)


def scenario(
    place: PlaceName,
    file: Annotated[Path, typer.Argument(metavar="FILE.json", help="A scenario, as the dashboard saves it.")],
    *,
    counts: Counts = "listed",
    on: On = None,
    profile: Profile = "buggy",
    minutes: Minutes = "15",
    out: Out = None,
) -> None:
    """What if: each neighbourhood before and after the changes of a scenario, and the difference."""
    from geo.difference import in_words
    from geo.whole import ROUNDED
    from layers.answers import comparison
    from layers.answers.freshness import parts_said
    from layers.answers.question import Question, today
    from layers.files import tables
    from layers.files.scenarios import read_scenario

    if out:
        tables.require_writable(out)
    opened, wanted = find_place(place), read_scenario(file)
    wanted.require_place(place=opened.card.key, fingerprint=opened.card.fingerprint)
    question = Question(
        day=on.date() if on else today(), counting=counts, profile=profile, minutes=minutes_of(minutes, profile)
    )
    found = comparison.compare_from_files(opened, question, wanted.changes)
    groups = [comparison.group_said(grouping, group, row) for (grouping, group), row in found.found.groups.iterrows()]
    say([in_words(found.found, question.walk), f"Data: {parts_said(opened.card)}.", *found.odd, *groups, ROUNDED])
    what = f"the scenario {wanted.name!r}, before and after"
    _give(comparison.difference_table(found), out, _SCENARIO, opened, what)


def site(  # noqa: PLR0913 (one option each)
    place: PlaceName,
    *,
    k: Annotated[int, typer.Option("--k", min=1, max=10, help="How many new sites.")] = 3,
    objective: Annotated[
        str,
        typer.Option(
            help="cover (most under-fives within reach), equity (priority to high need), distance (least walking), "
            "deprived and deprived_walk (cover and distance for the most deprived fifth alone), slope (walks "
            "shortened most where deprivation is greatest), farthest (the longest walk)."
        ),
    ] = "cover",
    candidates: Annotated[
        str, typer.Option(help="closed, venues (or a kind), junctions, marks, or a file of sites; separated by commas.")
    ] = "closed,library,community_centre",
    counts: Counts = "listed",
    on: On = None,
    profile: Profile = "buggy",
    minutes: Minutes = "15",
    weights: Weights = None,
    seconds: Annotated[float, typer.Option(min=1, help="Seconds that the search for the best plan may take.")] = 30,
    at_least_deprived: Annotated[
        float | None,
        typer.Option(min=0.01, max=1, help="This part of all sites is to stand in the 30% most deprived areas: 0.7."),
    ] = None,
    index: Annotated[str, typer.Option(help="By which index those areas are the most deprived: imd or idaci.")] = "imd",
    compare: Annotated[bool, typer.Option("--compare", help="Every aim's plan side by side instead.")] = False,
    out: Out = None,
) -> None:
    """Where the next sites should go, keeping those there are: the best, and the plain greedy answer beside it."""
    from layers.answers import new_sites, siting_aims, siting_words
    from layers.answers.freshness import parts_said
    from layers.answers.question import Question, today
    from layers.answers.siting_ambition import Ambition
    from layers.files import tables

    if out:
        tables.require_writable(out, *([(".csv",)] if compare else []))
    opened = find_place(place)
    question = Question(
        day=on.date() if on else today(), counting=counts, profile=profile, minutes=minutes_of(minutes, profile),
        weights=weights_of(weights, opened),
    )  # fmt: skip
    with errors.status("Searching…") if errors.is_terminal else nullcontext():
        found = new_sites.answer_siting(
            opened, question, k=k, objective=objective, candidates=candidates, time_limit_s=seconds,
            marks=published(opened).marks if new_sites.MARKS in candidates.split(",") else None,
            ambition=None if at_least_deprived is None else Ambition(index, at_least_deprived),
        )  # fmt: skip
    if compare:
        plans = siting_aims.plans_of(found.problem, k, time_limit_s=seconds)
        by_aim = siting_aims.aims_table(found.problem, found.candidates["name"], plans)
        say([*siting_aims.aims_said(by_aim, question.walk.limit), f"Data: {parts_said(opened.card)}."])
        _give(by_aim, out, siting_aims.SHOWN_COLUMNS, opened, f"what {k} new sites would bring by each aim")
        return
    say([*siting_words.said(found), f"Data: {parts_said(opened.card)}."])
    _give(new_sites.siting_table(found), out, new_sites.SHOWN_COLUMNS, opened, f"where {k} new sites would do most")


def _give(table: gpd.GeoDataFrame, out: Path | None, columns: tuple[str, ...], place: Place, what: str) -> None:
    give(table, out, columns, attributions=place.card.attributions, about=about(place, what))


def _ask(name: str, question: Question, *, community: bool) -> Told:
    from layers.answers.summary import tell

    place = find_place(name)
    return tell(place, question, published(place) if community else None)
