"""The commands about places: which there are, building one, how good its data is, its streets as a graph."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from layers.commands.built import say_built, standing
from layers.commands.deployment import find_place, folders
from layers.commands.options import PlaceName, Profile
from layers.commands.terminal import errors, progress, teller


def places() -> None:
    """The places at hand, with vintages."""
    from data.place import open_places

    known, faults = open_places(folders())
    for fault in faults:
        errors.print(f"pramshed: {fault}", style="red", markup=False)
    for key, place in known.items():
        card = place.card
        counts = ", ".join(f"{value:,} {name.replace('_', ' ')}" for name, value in card.counts.items())
        typer.echo(f"{key}: {card.name} ({card.authority_code}): {counts}")
        vintages = dict.fromkeys(f"{source.dataset.replace('_', ' ')} {source.vintage}" for source in card.sources)
        typer.echo(f"    {'; '.join(vintages)}")


def build(  # noqa: PLR0913 (one option a file)
    *,
    name: Annotated[str, typer.Option(help="Name of the place.")],
    authority: Annotated[str, typer.Option(help="Code of the local authority district, such as E06000046.")],
    out: Annotated[Path, typer.Option(help="Folder to build the place in.")],
    streets: Annotated[list[Path], typer.Option(help="OpenStreetMap extract: .osm.pbf or .osm; repeat to join.")],
    boundaries: Annotated[Path, typer.Option(help="LSOA 2021 outlines: GeoJSON or GeoPackage.")],
    postcodes: Annotated[list[Path], typer.Option(help="Postcode directory; repeat to join several.")],
    deprivation: Annotated[Path, typer.Option(help="Indices of Deprivation, File 7 layout.")],
    population: Annotated[list[Path], typer.Option(help="Census country of birth, by LSOA; by output area too.")],
    centres: Annotated[
        list[Path], typer.Option(help="GIAS children's centres: open extract, links, older lists, search export.")
    ],
    lookup: Annotated[list[Path] | None, typer.Option(help="Look-ups: OA to LSOA, 2011 to 2021; repeatable.")] = None,
    area_names: Annotated[
        list[Path] | None,
        typer.Option(help="Names that residents know: MSOA Names, or your table lsoa21cd, name; repeatable."),
    ] = None,
    census: Annotated[
        list[Path] | None,
        typer.Option(help="Census tables on arrival, English and household language; repeatable."),
    ] = None,
    languages: Annotated[Path | None, typer.Option(help="People by main language, by output area.")] = None,
    children: Annotated[
        Path | None, typer.Option(help="Under-fives: census, estimates, or a council's own count.")
    ] = None,
    births: Annotated[
        Path | None, typer.Option(help="A council's own births by parents' country: private, small counts are hidden.")
    ] = None,
    wards: Annotated[Path | None, typer.Option(help="LSOA to ward.")] = None,
    centre_points: Annotated[Path | None, typer.Option(help="URN, Easting, Northing of centres.")] = None,
    closures: Annotated[list[Path] | None, typer.Option(help="A council's own closures; repeatable.")] = None,
    play_spaces: Annotated[Path | None, typer.Option(help="OpenStreetMap extract, or OS Open Greenspace.")] = None,
    greenspace: Annotated[
        Path | None, typer.Option(help="OS Open Greenspace: its play spaces that OpenStreetMap does not have.")
    ] = None,
    hubs: Annotated[
        Path | None, typer.Option(help="List of family hub sites, or the council's own return of sites.")
    ] = None,
    venues: Annotated[Path | None, typer.Option(help="OpenStreetMap extract, if not --streets.")] = None,
    retired_postcodes: Annotated[
        bool,
        typer.Option(
            "--retired-postcodes",
            help="Place a centre whose postcode has been retired by that postcode's last position.",
        ),
    ] = False,
    accept_off_streets: Annotated[
        bool, typer.Option("--accept-off-streets", help="Build even if most homes are over 250 m from any street.")
    ] = False,
    children_published: Annotated[
        bool,
        typer.Option(
            "--children-published",
            help="The table of children is published: show its counts as they are. All but census tables are private "
            "otherwise: counts under 10 are hidden, the others rounded to 5.",
        ),
    ] = False,
) -> None:
    """Build a place from raw official files."""
    from data.build.inputs import Inputs
    from data.build.pipeline import STEPS
    from data.build.pipeline import build as build_place

    inputs = Inputs(
        name=name, authority=authority, streets=tuple(streets), boundaries=boundaries, postcodes=tuple(postcodes),
        deprivation=deprivation, population=tuple(population), centres=tuple(centres), lookups=tuple(lookup or ()),
        area_names=tuple(area_names or ()), census=tuple(census or ()), languages=languages, children=children,
        births=births, wards=wards,
        centre_points=centre_points, closures=tuple(closures or ()), play_spaces=play_spaces, greenspace=greenspace,
        hubs=hubs, venues=venues, retired_postcodes=retired_postcodes, accept_off_streets=accept_off_streets,
        children_published=children_published,
    )  # fmt: skip
    before = standing(out)
    with progress() as bar:
        tell = teller(bar, len(STEPS))
        place = build_place(inputs, out, step=lambda what: tell(STEPS.index(what), what))
    say_built(place, before)


def check(place: PlaceName) -> None:
    """Data-quality report: coverage, homes without streets, vintages, what is missing."""
    from layers.answers.data_quality import findings

    for finding in findings(find_place(place)):
        typer.echo(f"{'!' if finding.careful else ' '} {finding.about}: {finding.found}")


def network(
    place: PlaceName,
    *,
    profile: Profile = "buggy",
    out: Annotated[Path, typer.Option(help="Write to FILE.graphml, which osmnx.load_graphml opens, or FILE.gpkg.")],
) -> None:
    """The streets that a walker may use as a graph of OSMnx, with our lengths and times on its edges."""
    from geo.profiles import profile_named
    from layers.files.networks import write_network

    typer.echo(write_network(find_place(place), profile_named(profile), out))
