"""The command line of reports: make one, make those of all wards, make one again and compare."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from geo.errors import InputError, RequestError, UnknownNameError
from layers.commands.deployment import find_place, published
from layers.commands.options import (
    Community,
    Counts,
    Minutes,
    On,
    PlaceName,
    Profile,
    Status,
    Weights,
    parts,
    question_of,
    weights_of,
)
from layers.commands.terminal import errors, progress, shown, teller

if TYPE_CHECKING:
    from data.place import Place
    from geo.scenario import Scenario
    from layers.answers.community_sites import Published
    from layers.answers.question import Question
    from layers.reports.replay import Replayed
    from layers.reports.report import Report
    from layers.reports.request import ReportRequest

MOST_LINES = 20
"""How many differences of each kind a replay lists."""

MOST_CODES_BYTES = 5_000_000
DIFFERENT = 1
"""Exit code of a replay that finds other numbers, or that a table of the place changed."""

_OUT_HELP = (
    "FILE.zip (all forms), .pdf, .html, .xlsx, .gpkg, .geojson, .json, or a new FOLDER; pramshed-NAME.zip if none."
)
_CODE = re.compile(r"[A-Za-z]\d+", re.ASCII)

Versus = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Another day to compare with: the difference is told.")
]
Out = Annotated[Path | None, typer.Option(help=_OUT_HELP)]


def report(  # noqa: PLR0913 (one option each)
    place: PlaceName,
    *,
    ward: Annotated[str | None, typer.Option(help="Only this ward: its code or its name.")] = None,
    area: Annotated[list[str] | None, typer.Option(help="Only this neighbourhood, by its code; repeatable.")] = None,
    areas_from: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Only those of a file: one code a line, or first in a CSV.")
    ] = None,
    all_wards: Annotated[
        bool, typer.Option("--all-wards", help="The authority and every ward, in a folder with an index page.")
    ] = False,
    scenario: Annotated[
        Path | None, typer.Option(metavar="FILE.json", help="A scenario, compared with the centres as they are.")
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.json", help="Another scenario to compare it with, instead of the centres as they are."
        ),
    ] = None,
    versus: Versus = None,
    to: Annotated[str, typer.Option(help="centres or play.")] = "centres",
    status: Status = "open,linked,announced",
    counts: Counts = "listed",
    on: On = None,
    profile: Profile = "buggy",
    minutes: Minutes = "15",
    weights: Weights = None,
    community: Community = False,
    new_sites: Annotated[int, typer.Option(help="How many new sites to find the best places for; 0 for none.")] = 3,
    candidates: Annotated[
        str,
        typer.Option(
            help="Where they could go: closed, venues (or a kind of them), junctions, marks; separated by commas."
        ),
    ] = "closed,library,community_centre",
    name: Annotated[str, typer.Option(help="Name for the chosen neighbourhoods.")] = "",
    out: Out = None,
) -> None:
    """A report that stands alone: PDF, web page, spreadsheet, map layers, and a file that replays it."""
    from layers.reports.content.findings import require_sites

    _require_part(ward, {"--area": area, "--areas-from": areas_from, "--all-wards": all_wards})
    _require_comparison(scenario, against, versus)
    _require_out(out, all_wards=all_wards)
    opened, kinds = find_place(place), parts(candidates)
    question = replace(question_of(to, status, counts, on, profile, minutes), weights=weights_of(weights, opened))
    spaces = published(opened) if community or "marks" in kinds else None
    if community and spaces is not None:
        question = replace(question, community=spaces.number)
    request = _request(opened, question, scenario, against, versus, name=name, new_sites=new_sites, candidates=kinds)
    require_sites(opened, request)  # before anything is said to be under way
    request = _about(request, opened, ward, area, areas_from)
    _make_all(opened, request, out, spaces) if all_wards else _make_one(opened, request, out, spaces)


def _require_part(ward: str | None, others: dict[str, object]) -> None:
    """One part of a place at a time: a ward, neighbourhoods, those of a file, or all wards."""
    _require_one({"--ward": ward} | others)
    if ward is not None and not ward.strip():
        message = "--ward: no ward is named"
        raise RequestError(message)


def _require_comparison(scenario: Path | None, against: Path | None, versus: datetime | None) -> None:
    """With a scenario or with another day; with another scenario only if there is a first."""
    _require_one({"--scenario": scenario, "--versus": versus})
    if against and not scenario:
        message = "--against compares a scenario with another: give the first by --scenario"
        raise RequestError(message)


def _about(
    request: ReportRequest, place: Place, ward: str | None, area: list[str] | None, areas_from: Path | None
) -> ReportRequest:
    """The request with the part of the place that it is about."""
    from layers.reports.request import ward_code

    if ward:
        return replace(request, ward=ward_code(place.areas(), ward))
    if area:
        return replace(request, areas=tuple(code.strip().upper() for code in area))
    return replace(request, areas=_codes(areas_from)) if areas_from else request


def _request(
    place: Place,
    question: Question,
    scenario: Path | None,
    against: Path | None,
    versus: datetime | None,
    *,
    name: str,
    **more: Any,  # noqa: ANN401 (fields of a request)
) -> ReportRequest:
    from layers.reports.request import ReportRequest, two_days

    before = None
    for kind in more["candidates"]:
        if Path(kind).suffix or "/" in kind:
            message = f"a report must be reproducible, so it looks for new sites in the place's own data, not in {kind}"
            raise RequestError(message)
    if scenario:
        wanted = _scenario(place, scenario)
        before, question = question, replace(question, changes=wanted.changes)
        more["scenario"] = wanted.name
        if against:
            other = _scenario(place, against)
            if other.changes == wanted.changes:
                message = f"{scenario.name} and {against.name} have the same changes, so there is nothing to compare"
                raise RequestError(message)
            before, more["other"] = replace(before, changes=other.changes), other.name
    elif versus:
        if versus.date() == question.day:
            message = f"--versus {versus:%Y-%m-%d} is the day of the report (--on): choose another to compare it with"
            raise RequestError(message)
        question, before, swapped = two_days(question, versus.date())
        if swapped:
            errors.print(swapped, markup=False)
    return ReportRequest(question=question, before=before, name=" ".join(name.split()), **more)


def _scenario(place: Place, path: Path) -> Scenario:
    from layers.files.scenarios import read_scenario

    wanted = read_scenario(path)
    wanted.require_place(place=place.card.key, fingerprint=place.card.fingerprint)
    if not wanted.changes:
        message = f"{path}: a scenario without changes, so there is nothing to compare"
        raise RequestError(message)
    return wanted


def _require_one(options: dict[str, object]) -> None:
    given = [option for option, value in options.items() if value]
    if len(given) > 1:
        message = f"{' and '.join(given)}: only one of them at a time"
        raise RequestError(message)


def _require_out(out: Path | None, *, all_wards: bool) -> None:
    from layers.reports.pack import require_room, require_target

    if out is None:
        require_target(Path("pramshed.zip"))  # the folder that we are in
    elif not all_wards:
        require_target(out)
    elif out.suffix:
        message = f"{out.name}: the reports of all wards are written to a folder, whose name has no ending"
        raise RequestError(message)
    else:
        require_room(out)


def _codes(path: Path) -> tuple[str, ...]:
    """Codes of neighbourhoods in a file: the first cell of each row, a heading passed over."""
    wanted = "codes of neighbourhoods (as E01017280), one a line"
    try:
        if path.stat().st_size > MOST_CODES_BYTES:
            raise InputError(path, expected=wanted, found="a much larger file")
        rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    except OSError as fault:
        raise InputError(path, expected="a file that can be read", found=fault.strerror or str(fault)) from fault
    except (UnicodeDecodeError, csv.Error) as fault:
        raise InputError(path, expected=wanted, found="something else") from fault
    cells = [(number, row[0].strip()) for number, row in enumerate(rows, start=1) if row and row[0].strip()]
    if cells and not _CODE.fullmatch(cells[0][1]):
        cells = cells[1:]  # a heading
    if not cells:
        raise InputError(path, expected=wanted, found="none")
    for number, cell in cells:
        if not _CODE.fullmatch(cell):
            raise InputError(path, row=number, expected=wanted, found=repr(cell[:40]))
    return tuple(cell.upper() for _, cell in cells)


def _make_one(place: Place, request: ReportRequest, out: Path | None, spaces: Published | None) -> None:
    from layers.reports.gather import gather

    with progress() as bar:
        tell = teller(bar, 2)
        tell(0, "working out")
        made = gather(place, request, spaces)
        tell(1, "writing")
        path = _write(made, out)
        tell(2, "")
    _print_answer(made, path)


def _write(made: Report, out: Path | None) -> Path:
    from layers.reports.pack import write

    path = out or Path(f"pramshed-{made.key}.zip")
    write(made, path)
    return path


def _print_answer(made: Report, path: Path) -> None:
    typer.echo(made.answer)
    typer.echo(f"written: {path}")


def _make_all(place: Place, request: ReportRequest, out: Path | None, spaces: Published | None) -> None:
    from layers.reports.all_wards import make_all
    from layers.reports.pack import require_room

    folder = out or Path(f"pramshed-{place.card.key}-wards")
    require_room(folder)
    with progress() as bar:
        tell = teller(bar, None)
        made = make_all(place, request, folder, spaces=spaces, step=lambda done, of, who: tell(done, who, of))
    typer.echo(made[0].answer)
    missing = [ward for ward in made if ward.fault]
    for ward in missing:
        errors.print(f"pramshed: no report on {ward.name}: {ward.fault}", style="red", markup=False)
    typer.echo(f"written: {folder / 'index.html'} and {len(made) - len(missing)} reports")


def replay(
    file: Annotated[Path, typer.Argument(metavar="RUN.json", help="The run.json of a report.")],
    *,
    place: Annotated[
        str | None,
        typer.Option(help="A name from `places`, or the folder of the place; if not given, the one named in the file."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Also write the report that is made for the comparison, as `report` does.")
    ] = None,
) -> None:
    """Make a report again: is every number the same? Exit code 1 if one, or a table of the place, is not."""
    from layers.reports.pack import require_target
    from layers.reports.replay import replay as make_again
    from layers.reports.run_json import read_run

    if out:
        require_target(out)
    run = read_run(file)
    opened = _place_of(run.basis.place, place)
    counts = run.request.question.community is not None or "marks" in run.request.candidates
    found = make_again(run, opened, published(opened) if counts else None)
    if out:
        _write(found.report, out)
    _print_replay(found)
    if out:
        typer.echo(f"written: {out}")
    if not found.same:
        raise typer.Exit(DIFFERENT)


def _place_of(key: str, named: str | None) -> Place:
    if named is not None:
        return find_place(named)
    try:
        if not key or not all(letter.isalnum() or letter == "-" for letter in key):  # a file says no folder
            raise UnknownNameError(f"no place {key!r}")  # noqa: TRY301, EM102
        return find_place(key)
    except UnknownNameError as fault:
        message = f"{fault}; name the place's folder with --place"
        raise UnknownNameError(message) from fault


def _print_replay(found: Replayed) -> None:
    for line in found.said(MOST_LINES):  # words of somebody's file
        typer.echo(shown(line))
