"""Pramshed without a browser: the same questions, the same answers."""

from __future__ import annotations

import atexit
import gc
import logging
import signal
import sys
import warnings
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from geo.errors import PramshedError, RequestError, StoreError, UnknownNameError
from layers.commands import terminal
from layers.commands.marks import marks_app
from layers.commands.reports import report_commands

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help=__doc__,
    rich_markup_mode=None,
)
errors = Console(stderr=True, highlight=False, soft_wrap=True)
screen = Console(highlight=False)

PlaceName = Annotated[str, typer.Argument(metavar="PLACE", help="A name from `places`, or the folder of a place.")]
To = Annotated[str, typer.Option(help="centres, play, or a file of sites (GeoJSON, GeoPackage, CSV).")]
Status = Annotated[str, typer.Option(help="Which centres count: open, linked, announced, closed, no_longer_listed.")]
On = Annotated[datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="The day asked about; today if none.")]
Profile = Annotated[str, typer.Option(help="Who walks: buggy, adult or toddler.")]
Minutes = Annotated[float, typer.Option(help="The longest walk that counts as near enough.")]
Counts = Annotated[str, typer.Option(help="What counts as a centre: listed (any), full, or hubs.")]
Community = Annotated[bool, typer.Option("--community", help="Count published community spaces too; both numbers.")]
Out = Annotated[Path | None, typer.Option(help="Write to FILE.csv, .gpkg, .geojson or .parquet.")]


def _store():  # type: ignore[no-untyped-def] # noqa: ANN202
    from data.store.retention import Retention
    from data.store.store import Store
    from settings import Settings

    said = Settings()
    return Store.open(said.marks_url, retention=Retention(**said.retention))


def _place(name: str):  # type: ignore[no-untyped-def] # noqa: ANN202
    from data.place import find_place

    return find_place(name, _folders())


def _setting(name: str) -> str:
    from settings import Settings

    return str(getattr(Settings(), name))


app.add_typer(marks_app(_store, _place, _setting), name="marks")


def _folders() -> list[Path]:
    from data.place import LOCAL, SAMPLE
    from settings import Settings

    extra = Settings().places
    return [SAMPLE, LOCAL, *([extra] if extra else [])]


@app.command()
def places() -> None:
    """The places at hand, with vintages."""
    from data.place import open_places

    known, faults = open_places(_folders())
    for fault in faults:
        errors.print(f"pramshed: {fault}", style="red", markup=False)
    for key, place in known.items():
        card = place.card
        counts = ", ".join(f"{value:,} {name.replace('_', ' ')}" for name, value in card.counts.items())
        typer.echo(f"{key}: {card.name} ({card.authority_code}): {counts}")
        vintages = dict.fromkeys(f"{source.dataset.replace('_', ' ')} {source.vintage}" for source in card.sources)
        typer.echo(f"    {'; '.join(vintages)}")


@app.command()
def build(  # noqa: PLR0913 (one option a file)
    *,
    name: Annotated[str, typer.Option(help="Name of the place.")],
    authority: Annotated[str, typer.Option(help="Code of the local authority district, such as E06000046.")],
    out: Annotated[Path, typer.Option(help="Folder to build the place in.")],
    streets: Annotated[Path, typer.Option(help="OpenStreetMap extract: .osm.pbf or .osm.")],
    boundaries: Annotated[Path, typer.Option(help="LSOA 2021 outlines: GeoJSON or GeoPackage.")],
    postcodes: Annotated[list[Path], typer.Option(help="Postcode directory; repeat to join several.")],
    deprivation: Annotated[Path, typer.Option(help="Indices of Deprivation, File 7 layout.")],
    population: Annotated[list[Path], typer.Option(help="Census country of birth, by LSOA; by output area too.")],
    centres: Annotated[list[Path], typer.Option(help="GIAS children's centres: open extract, links, older lists.")],
    lookup: Annotated[list[Path] | None, typer.Option(help="Look-ups: OA to LSOA, 2011 to 2021; repeatable.")] = None,
    children: Annotated[Path | None, typer.Option(help="Under-fives: mid-year estimates or census.")] = None,
    wards: Annotated[Path | None, typer.Option(help="LSOA to ward.")] = None,
    centre_points: Annotated[Path | None, typer.Option(help="URN, Easting, Northing of centres.")] = None,
    closures: Annotated[list[Path] | None, typer.Option(help="A council's own closures; repeatable.")] = None,
    play_spaces: Annotated[Path | None, typer.Option(help="OpenStreetMap extract, or OS Open Greenspace.")] = None,
    hubs: Annotated[Path | None, typer.Option(help="List of family hub sites.")] = None,
    venues: Annotated[Path | None, typer.Option(help="OpenStreetMap extract, if not --streets.")] = None,
    retired_postcodes: Annotated[
        bool, typer.Option("--retired-postcodes", help="Put centres where their retired postcode last was.")
    ] = False,
) -> None:
    """Build a place from raw official files."""
    from data.build.inputs import Inputs
    from data.build.pipeline import STEPS
    from data.build.pipeline import build as build_place

    inputs = Inputs(
        name=name, authority=authority, streets=streets, boundaries=boundaries, postcodes=tuple(postcodes),
        deprivation=deprivation, population=tuple(population), centres=tuple(centres), lookups=tuple(lookup or ()),
        children=children, wards=wards, centre_points=centre_points, closures=tuple(closures or ()),
        play_spaces=play_spaces, hubs=hubs, venues=venues, retired_postcodes=retired_postcodes,
    )  # fmt: skip
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as progress:
        task = progress.add_task("reading", total=len(STEPS))

        def step(what: str) -> None:
            progress.update(task, description=what, completed=STEPS.index(what))
            if not errors.is_terminal:
                errors.print(f"{STEPS.index(what) + 1}/{len(STEPS)} {what}")

        place = build_place(inputs, out, step=step)
    counts = ", ".join(f"{value:,} {what.replace('_', ' ')}" for what, value in place.card.counts.items())
    typer.echo(f"{place.card.name}: {counts}")
    for note in place.card.notes:
        typer.echo(f"- {note}")


@app.command()
def check(place: PlaceName) -> None:
    """Data-quality report: coverage, homes without streets, vintages, what is missing."""
    from data.place import find_place
    from layers.answers.data_quality import findings

    for finding in findings(find_place(place, _folders())):
        typer.echo(f"{'!' if finding.careful else ' '} {finding.about}: {finding.found}")


@app.command()
def gaps(  # noqa: PLR0913 (one option each)
    place: PlaceName,
    *,
    to: To = "centres",
    status: Status = "open,linked,announced",
    counts: Counts = "listed",
    on: On = None,
    profile: Profile = "buggy",
    minutes: Minutes = 15,
    community: Community = False,
    out: Out = None,
) -> None:
    """Every neighbourhood: how far its families walk, who is missed, its rank and why."""
    from geo.gaps import headline
    from layers.files import tables

    if out:
        tables.require_writable(out)
    told = _ask(place, to, status, counts, on, profile, minutes, community=community)
    found = told.found
    for line in (headline(found.gaps, found.ground.areas, walk=found.question.walk), *told.said):
        errors.print(line, markup=False)
    table = tables.area_table(found)
    if out:
        tables.write(table, out, attributions=told.attributions, about=told.about)
    elif screen.is_terminal:
        columns = ("gap_rank", "area_name", "ward_name", "minutes_median", "within_share", "under5_beyond")
        terminal.show(screen, table.reset_index(), (*columns, "need_class", "access_class"))
    else:
        typer.echo(tables.csv_text(table), nl=False)


@app.command()
def reach(  # noqa: PLR0913 (one option each)
    place: PlaceName,
    *,
    to: To = "centres",
    status: Status = "open,linked,announced",
    counts: Counts = "listed",
    on: On = None,
    profile: Profile = "buggy",
    minutes: Minutes = 15,
    community: Community = False,
    out: Out = None,
) -> None:
    """The walk from every home to its nearest site: the table behind `gaps`."""
    from layers.files import tables

    if out:
        tables.require_writable(out)
    told = _ask(place, to, status, counts, on, profile, minutes, community=community)
    found = told.found
    walk = found.reach["minutes"]
    known = found.reach["reached"] != "off_network"
    near = int((walk <= minutes).sum())
    errors.print(
        f"{near:,} of {known.sum():,} homes with street data are within {found.question.walk.limit_walk} "
        f"({near / max(known.sum(), 1):.1%}); {(~known).sum():,} more have no street data within 250 m."
    )
    for line in told.said:
        errors.print(line, markup=False)
    table = tables.origin_table(found)
    if out:
        tables.write(table, out, attributions=told.attributions, about=told.about)
    elif screen.is_terminal:
        terminal.show(
            screen, table.reset_index(), ("origin_id", "area_code", "site_id", "minutes", "metres", "snap_m", "reached")
        )
    else:
        typer.echo(tables.csv_text(table), nl=False)


@app.command()
def closures(
    place: PlaceName,
    *,
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only what ended on this day or later.")
    ] = None,
    on: On = None,
    counts: Annotated[
        str | None, typer.Option(help="listed, full or hubs; if none, what has something to tell.")
    ] = None,
    confirmed_only: Annotated[
        bool, typer.Option("--confirmed-only/--all-announced", help="Leave open what is only announced or delisted.")
    ] = False,
    profile: Profile = "buggy",
    minutes: Minutes = 15,
    out: Out = None,
) -> None:
    """The closure ledger: what each closure or downgrade took, alone and together, and from whom."""
    from data.place import find_place
    from geo.profiles import profile_named
    from layers.answers import ledger
    from layers.answers.question import ground, today
    from layers.files import tables

    if out:
        tables.require_writable(out)
    opened = find_place(place, _folders())
    question = ledger.LedgerQuestion(
        day=on.date() if on else today(), since=since.date() if since else None, confirmed_only=confirmed_only,
        counting=ledger.settled(opened.centres(), counts), profile=profile, minutes=minutes,
    )  # fmt: skip
    found = ledger.answer_ledger(opened, ground(opened, profile_named(profile)), question)
    for line in (ledger.headline(found), *ledger.cautions(found), *ledger.pairs_said(found)):
        errors.print(line, markup=False)
    columns = (
        "name",
        "said",
        "under5",
        "extra_minutes_median",
        "crossed",
        "alone_crossed",
        "reopened_crossed",
        "share_crossed",
        "share_minutes",
        "goes_to_name",
    )
    terminal.give(
        screen,
        ledger.ledger_table(found),
        out,
        columns,
        opened,
        f"what was lost, on {question.day.isoformat()}, to {question.walk.to}",
    )


@app.command()
def scenario(
    place: PlaceName,
    file: Annotated[Path, typer.Argument(metavar="FILE.json", help="A scenario, as the dashboard saves it.")],
    *,
    counts: Counts = "listed",
    on: On = None,
    profile: Profile = "buggy",
    minutes: Minutes = 15,
    out: Out = None,
) -> None:
    """What if: each neighbourhood before and after the changes of a scenario, and the difference."""
    from data.place import find_place
    from geo.difference import in_words
    from layers.answers import comparison
    from layers.answers.question import Question, today
    from layers.files import tables
    from layers.files.scenarios import read_scenario

    if out:
        tables.require_writable(out)
    opened, wanted = find_place(place, _folders()), read_scenario(file)
    wanted.require_place(place=opened.card.key, fingerprint=opened.card.fingerprint)
    question = Question(day=on.date() if on else today(), counting=counts, profile=profile, minutes=minutes)
    found = comparison.compare_from_files(opened, question, wanted.changes)
    for line in (in_words(found.found, question.walk), *found.odd):
        errors.print(line, markup=False)
    for (grouping, group), row in found.found.groups.iterrows():
        errors.print(comparison.group_said(grouping, group, row), markup=False)
    columns = (
        "area_name",
        "ward_name",
        "minutes_before",
        "minutes_after",
        "minutes_change",
        "under5_beyond_before",
        "under5_beyond_after",
        "under5_beyond_change",
    )
    terminal.give(
        screen,
        comparison.difference_table(found),
        out,
        columns,
        opened,
        f"the scenario {wanted.name!r}, before and after",
    )


@app.command()
def site(  # noqa: PLR0913 (one option each)
    place: PlaceName,
    *,
    k: Annotated[int, typer.Option("--k", min=1, max=10, help="How many new sites.")] = 3,
    objective: Annotated[
        str, typer.Option(help="cover: most under-fives within reach; equity: by need; distance.")
    ] = "cover",
    candidates: Annotated[
        str, typer.Option(help="closed, venues (or a kind), junctions, marks, or a file of sites; with commas.")
    ] = "closed,library,community_centre",
    counts: Counts = "listed",
    on: On = None,
    profile: Profile = "buggy",
    minutes: Minutes = 15,
    seconds: Annotated[float, typer.Option(min=1, help="How long the search for the optimum may take.")] = 30,
    out: Out = None,
) -> None:
    """Where the next sites should go, keeping those there are: the best, and the plain greedy answer beside it."""
    from data.place import find_place
    from layers.answers import new_sites
    from layers.answers.question import Question, today
    from layers.files import tables

    if out:
        tables.require_writable(out)
    opened = find_place(place, _folders())
    question = Question(day=on.date() if on else today(), counting=counts, profile=profile, minutes=minutes)
    with errors.status("Searching…") if errors.is_terminal else nullcontext():
        found = new_sites.answer_siting(
            opened, question, k=k, objective=objective, candidates=candidates, time_limit_s=seconds,
            marks=_published(opened).marks if new_sites.MARKS in candidates.split(",") else None,
        )  # fmt: skip
    for line in new_sites.said(found):
        errors.print(line, markup=False)
    terminal.give(
        screen,
        new_sites.siting_table(found),
        out,
        new_sites.SHOWN_COLUMNS,
        opened,
        f"where {k} new sites would do most",
    )


def _ask(  # type: ignore[no-untyped-def] # noqa: ANN202 (the options of two commands)
    name: str, to: str, status: str, counts: str, on: datetime | None, profile: str, minutes: float, *, community: bool
):
    from data.place import find_place
    from layers.answers.question import Question, today
    from layers.answers.summary import tell

    place = find_place(name, _folders())
    question = Question(
        to=to, statuses=tuple(part.strip() for part in status.split(",") if part.strip()), counting=counts,
        day=on.date() if on else today(), profile=profile, minutes=minutes,
    )  # fmt: skip
    return tell(place, question, _published(place) if community else None)


def _published(place):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
    from layers.answers.community_sites import Published

    return Published.read(_store(), place.card.key)


report_commands(app, _place, _published)


def main() -> None:
    """Run, and turn what a person can put right into one line and an exit code."""
    # a command is over in seconds: searching for cycles while libraries load, and once more at the end, costs a third
    gc.set_threshold(100_000)
    atexit.register(gc.freeze)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that nothing half-written stays behind
    logging.getLogger("pyogrio").setLevel(logging.CRITICAL)  # what is wrong with a file is said once, by us
    warnings.simplefilter("ignore")
    try:
        app()
    except PramshedError as fault:
        errors.print(f"pramshed: {fault}", style="red", markup=False)
        sys.exit(
            2 if isinstance(fault, (RequestError, UnknownNameError)) else 4 if isinstance(fault, StoreError) else 3
        )


if __name__ == "__main__":
    main()
