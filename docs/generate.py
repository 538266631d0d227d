"""Write what the documentation takes from the code: ``make docs``.

docs/data.md as a whole, from the catalogue of sources and the contract of the tables; docs/glossary.md as a whole, from
the glossary; in docs/command-line.md the commands, and in docs/architecture.md the modules, each between two comments.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from data.catalogue import CATALOGUE
from docs import command_line, fetched, modules
from geo import tables
from layers.answers.glossary import SECTIONS
from layers.commands.place_files import GIVEN_AS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from data.catalogue import Dataset

DOCS = Path(__file__).resolve().parent

BEGINS, ENDS = "<!-- made by `make docs`, from here on -->", "<!-- made by `make docs`, up to here -->"
"""What stands before and after the part of a page that is not written by hand."""

TABLES = {
    "Areas": "`areas.parquet`; `Place.areas()`",
    "Origins": "`origins.parquet`; `Place.origins()`",
    "OutputAreas": "`output_areas.parquet`; `Place.output_areas()`",
    "Languages": "`languages.parquet`; `Place.languages()`",
    "Sites": "`centres.parquet`, `play_spaces.parquet`; `Place.centres()`, `Place.play_spaces()`",
    "Venues": "`venues.parquet`; `Place.venues()`",
    "Gazetteer": "`gazetteer.parquet`; `Place.gazetteer()`",
    "Backdrop": "`backdrop.parquet`; `Place.backdrop()`",
    "BuiltUp": "`built_up.parquet`; `Place.built_up()`",
    "Labels": "`labels.parquet`; `Place.labels()`",
    "Unmapped": "`unmapped.parquet`; `Place.unmapped()`",
    "StreetParts": "`street_parts.parquet`; `Place.street_parts()`",
    "Waypoints": "`waypoints.parquet`; `Place.waypoints()`",
    "Assumed": "`assumed.parquet`; `Place.assumed()`",
    "Ferries": "`ferries.parquet`; `Place.ferries()`",
    "Marks": "the community's marks, as they are published; `Store.public.marks()`",
    "Reach": "`cli.py reach`; `Answer.reach`",
    "Gaps": "`cli.py gaps`; `Answer.gaps`",
    "Closures": "`cli.py closures`; `Ledger.closures`",
}
"""Where each table is found."""

FILES = {
    "route": {
        "piece": "number, in the order in which they are walked",
        "way": "street, main road, path, steps, rough ground (slower with a pram), or straight, beside the streets",
        "street": "name of the street, its number if it is a main road; missing if it is not known",
        "surface": "what it is made of, if it is not paved",
        "metres": "its length; the sum is the walk's",
        "minutes": "how long it takes; the sum is the walk's",
        "meets": "gates, stiles and the like on it or at its end, and roads crossed there; with semicolons between",
    },
    "catchment": {
        "minutes": "the limit",
        "metres": "street between the limit before it and this one",
        "residents": "who lives within it, as in Areas",
        "under5": "as in Areas",
        "under2": "as in Areas",
        "born_outside_uk": "as in Areas",
        "under5_imd": "under-fives within it in neighbourhoods among the most deprived fifth of England (IMD)",
        "under5_idaci": "the same by income deprivation affecting children (IDACI)",
        "under5_nearest": "under-fives within it for whom no other site is nearer",
    },
    "barriers": {
        "rank": "by under-fives brought within the threshold, then by minutes saved; 1 first",
        "kind": "steps, rough ground, stile and the like; missing link; missing bridge or crossing",
        "street": "the street that it is on; of a link, the streets that it would join",
        "near": "town, village or suburb, and the nearest street with a name if it is on none",
        "across": "what a link would have to cross: a railway, a river, water, a main road; missing if nothing known",
        "metres": "how long it is; 0 for a stile or a gate",
        "under5_within": "under-fives brought within the threshold if it alone were mended",
        "under5_shorter": "under-fives whose walk would be shorter, or possible at all",
        "minutes_saved": "minutes of walking saved, one way, summed over under-fives who have a way today",
        "with_pair": "another one that helps it, with its rank; missing where none does",
        "pair_under5_within": "under-fives brought within the threshold if both were mended",
        "easting": "metres, British National Grid, of its middle",
        "northing": "metres, British National Grid",
    },
    "sensitivity": {
        "area_code": "LSOA 2021 code",
        "area_name": "as in Areas",
        "ward_name": "as in Areas",
        "access_class": "near, fair, far or no street data, with your settings",
        "sure": "robust: of this class in all variants; fragile; no street data",
        "same": "in how many variants it is of this class",
        "decides": "what alone changes the class: a reading of the map or part of one, a speed, a walk",
        "only": "whether no variant changes the class without it",
        "said": "the same in a sentence",
        "under5_beyond": "as in Gaps",
        "under5_beyond_low": "the fewest in any variant",
        "under5_beyond_high": "the most in any variant",
        "gap_rank": "as in Gaps",
        "rank_low": "the highest rank (the lowest number) in any variant",
        "rank_high": "the lowest rank in any variant",
        "assumed_share": "share of the metres that under-fives walk on paths whose surface is not recorded",
    },
    "sensitivity --of variants": {
        "reading": "of the map: as_tagged, pessimistic, no_cycleways, no_private",
        "speed_kmh": "on level ground, kilometres per hour",
        "minutes": "the longest walk",
        "under5_beyond": "under-fives beyond it",
        "drawn_low": "with children put into homes at random: 95 of 100 draws lie between this",
        "drawn_high": "and this",
        "under5_known": "under-fives whose walk is known",
        "areas_far": "neighbourhoods where most live beyond",
        "areas_changed": "neighbourhoods whose class differs from that with your settings",
    },
    "sensitivity --of boundaries": {
        "by": "homes (postcodes), output_areas, areas (neighbourhoods), wards, towns (and villages)",
        "zones": "how many have under-fives",
        "zones_far": "those where more than half of the under-fives live beyond the threshold",
        "under5_there": "under-fives who live in those",
        "under5_beyond": "under-fives who live beyond it themselves",
        "agree": "Spearman's correlation of the share beyond with that by neighbourhoods",
        "other_side": "share of under-fives whose zone is one of those, and whose neighbourhood is not, or the reverse",
    },
    "barriers --penalty": {
        "area_code": "LSOA 2021 code",
        "area_name": "as in Areas",
        "ward_name": "as in Areas",
        "under5": "as in Areas",
        "pram_more": "minutes longer than without a pram at its pace, mean over under-fives; missing: most have no way",
        "under5_longer": "under-fives whose walk is more than 5 minutes longer",
        "under5_no_way": "under-fives with no way with a pram where an adult alone has one",
    },
    "barriers --lines": {
        "area_code": "LSOA 2021 code; a neighbourhood has a row for each site and kind",
        "area_name": "as in Areas",
        "ward_name": "as in Areas",
        "under5": "under-fives beyond the threshold, near the site in a straight line, twice as far on foot or more",
        "kind": "what is in the way: railway, water, main road; missing: nothing that the map shows",
        "crosses": "the same in words, a main road by its number or name",
        "site_name": "the site that is nearest in a straight line",
        "straight_m": "metres in a straight line, of the home that tells the row",
        "walk_m": "metres on foot with a pram; missing: no way",
        "times": "how many times the straight line that is",
        "crossing_m": "metres from there to where the walk crosses it; missing: the walk goes round it",
        "crossing_near": "where the walk does",
        "origin_id": "the home that tells the row",
        "easting": "metres, British National Grid, of that home",
        "northing": "metres, British National Grid",
    },
    "scenario": {
        "area_code": "LSOA 2021 code",
        "area_name": "as in Areas",
        "ward_name": "as in Areas",
        "imd_decile": "as in Areas",
        "under5": "as in Areas",
        "minutes_before": "half of under-fives walk no longer now, minutes",
        "minutes_after": "the same with the changes",
        "minutes_change": "the difference; missing where most have no way there before or after",
        "under5_beyond_before": "under-fives beyond the threshold now",
        "under5_beyond_after": "the same with the changes",
        "under5_beyond_change": "the difference",
        "access_before": "near, fair, far or no street data, now",
        "access_after": "the same with the changes",
    },
    "site": {
        "candidate_id": "as in Sites or Venues; `j` and a number: a street corner; `own-` and an id: of your own list",
        "order": "in which to open them, 1 first",
        "name": "what the place is called",
        "kind": "what it is",
        "within": "under-fives newly within the threshold, with it and those before it",
        "adds": "what it adds to those before it",
        "minutes_saved": "minutes of walking saved, one way, summed over under-fives, with it and those before it",
        "easting": "metres, British National Grid",
        "northing": "metres, British National Grid",
    },
}
"""The columns of the files that commands write and no other command reads, by the command."""

_KINDS = {
    "string": "text",
    "str": "text",
    "float64": "number",
    "int64": "number",
    "datetime64": "day",
    "bool": "yes or no",
}
"""What a type of the contract is called."""

_HEAD = """\
# Data

This page is made by `make docs` from `data/catalogue.py` and `geo/tables.py`; change it there.

## Licences

The code is under the MIT licence; the data is not ours. Deprivation, census, boundaries, postcodes, children's centres
and the Ordnance Survey's play spaces are under the Open Government Licence v3.0; names of neighbourhoods under the Open
Parliament Licence; streets, playgrounds, buildings and their names under the Open Database License v1.0, which asks you
to share alike if you publish a database made from them. The credits of a place are in its `place.json`, shown under
every map and written beside every exported table. Marks belong to the people who made them; whoever runs the dashboard
says on which terms they may be used (`PRAMSHED_MARKS_LICENCE`), and every export repeats it. [Beside the bundled
place](../data/sample/isle_of_wight/README.md) it says what that one is made of, and
[static/README.md](../static/README.md) lists the libraries that the browser loads.

## Sources

Files are fetched by `cli.py fetch`, or by a person from the page named and given to `cli.py build`. An address is where
the publisher had the file when we wrote this; `{}` stands for a day. Publishers move files: the page is the surer way.
"""

_GLOSSARY_HEAD = """\
# Glossary

The words that mean something particular here. This page is made by `make docs` from `layers/answers/glossary.py`;
change it there. The dashboard has the same list on the page *Data and method*.
"""

_TABLES_HEAD = """\
## Tables

Geometry is in British National Grid (EPSG:27700). A figure that is not known is missing, never 0. Files written by
`--out` carry figures of both Areas and Gaps; GeoJSON is in longitude and latitude.
"""


_FILES_HEAD = """\
## Files of answers

Written by `--out`, with a geometry where the format has one. `gaps` and `reach` write columns of the tables above;
`closures` writes those of Closures, and `said` (what happened, in words) and `goes_to_name` as well.
"""


def pages() -> dict[str, str]:
    """Every page that has a part from the code, as it should be."""
    return {
        "data.md": data_page(),
        "glossary.md": glossary_page(),
        "command-line.md": _between("command-line.md", command_line.section()),
        "architecture.md": _between("architecture.md", modules.section()),
    }


def _between(page: str, made: str) -> str:
    before, _, rest = (DOCS / page).read_text("utf-8").partition(BEGINS)
    _, _, after = rest.partition(ENDS)
    return f"{before}{BEGINS}\n\n{made.rstrip()}\n\n{ENDS}{after}"


def glossary_page() -> str:
    """docs/glossary.md."""
    parts = [_GLOSSARY_HEAD]
    for subject, terms in SECTIONS.items():
        rows = [f"| {word} | {meaning} |" for word, meaning in terms.items()]
        parts.append("\n".join([f"## {subject}", "", "| word | meaning |", "| --- | --- |", *rows, ""]))
    return "\n".join(parts)


def data_page() -> str:
    """docs/data.md."""
    parts = [_HEAD]
    parts += ["\n".join(_source(dataset)) for dataset in CATALOGUE.values()]
    parts += [fetched.section(), _TABLES_HEAD]
    parts += ["\n".join(_table(name, where)) for name, where in TABLES.items()]
    parts.append(_FILES_HEAD)
    parts += ["\n".join(_file(command, columns)) for command, columns in FILES.items()]
    return "\n".join(parts)


def _source(dataset: Dataset) -> Iterator[str]:
    yield f"### {dataset.title}"
    yield ""
    yield f"- key: `{dataset.key}`"
    yield f"- publisher: {dataset.publisher}"
    if dataset.landing_page:
        yield f"- page: <{dataset.landing_page}>"
    if dataset.url:
        yield f"- address: `{dataset.url}`"
    licence = f"[{dataset.licence}]({dataset.licence_url})" if dataset.licence_url else dataset.licence
    yield f"- licence: {licence}"
    yield from (f"- credit: {line}" for line in dataset.attribution)
    yield f"- speaks of: {dataset.geography}"
    given = GIVEN_AS.get(dataset.key)
    yield f"- given as: `{given}`; read by `{dataset.reader}`" if given else f"- read by `{dataset.reader}`"
    yield from fetched.of_source(dataset.key)
    yield ""


def _table(name: str, where: str) -> Iterator[str]:
    model = getattr(tables, name)
    fields = model.to_schema().columns
    yield f"### {name}"
    yield ""
    yield " ".join((model.__doc__ or "").replace("``", "`").split())
    yield ""
    yield f"Found in: {where}."
    yield ""
    yield "| column | type | may be missing | meaning |"
    yield "| --- | --- | --- | --- |"
    for column, meaning in tables.columns(model).items():
        kind, missing, values = "index, text", "", []
        if column in fields:
            kind = "geometry" if column == "geometry" else _KINDS[str(fields[column].dtype).split("[")[0]]
            missing = "yes" if fields[column].nullable else ""
            values = [value for check in fields[column].checks for value in check.statistics.get("allowed_values", ())]
        said = f": {', '.join(f'`{value}`' for value in values)}" if values else ""
        yield f"| `{column}` | {kind} | {missing} | {meaning}{said} |"
    yield ""


def _file(command: str, columns: dict[str, str]) -> Iterator[str]:
    yield f"### `cli.py {command}`"
    yield ""
    yield "| column | meaning |"
    yield "| --- | --- |"
    yield from (f"| `{column}` | {meaning} |" for column, meaning in columns.items())
    yield ""


def main() -> None:
    """Write the pages."""
    for name, text in pages().items():
        (DOCS / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
