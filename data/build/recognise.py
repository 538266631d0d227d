"""What a file is that somebody brought: recognised by its columns, read with its own reader, its faults row by row."""

from __future__ import annotations

import csv
import gzip
import io
import re
import tempfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data.sources import (
    area_names,
    births,
    boundaries,
    census,
    centres,
    deprivation,
    gias,
    hubs,
    languages,
    lookups,
    play_spaces,
    postcodes,
    proxies,
)
from data.sources.delimited import find_column, read_delimited
from data.sources.osm import OSM_FILES, require_extract
from data.sources.site_return import is_return, read_site_return
from geo.errors import InputError, PramshedError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MOST_FAULTS = 40
"""So many faults of a file are looked for; who has more has another file."""

LARGEST_TABLE = 400 << 20
"""Bytes that a packed table may have unpacked."""

READ_AT_ONCE = 100 << 20
"""Bytes of a file that is read to see whether it is right; a larger one is recognised, and read when it is built."""

_PATIENCE = 4 << 20
"""Bytes of a table that is read again and again for its faults; of a larger one the first is said."""

_WORKBOOK = ".xlsx"
_MAPS = (".geojson", ".json", ".gpkg")
_TABLES = (".csv", ".csv.gz", ".txt")
ENDINGS = ("pbf", "osm", "geojson", "json", "gpkg", "csv", "gz", "txt", "xlsx")
"""How the names of files that are taken end."""


@dataclass(frozen=True)
class Kind:
    """A kind of file that a place is built from.

    Parameters
    ----------
    field
        Of `data.build.inputs.Inputs`.
    what
        In words.
    reader
        Reads it, or raises.
    many
        Whether several of them are joined.
    """

    field: str
    what: str
    reader: Callable[[Path], Any]
    many: bool = False


def _read_links(path: Path) -> object:
    return gias.read_links(read_delimited(path), path=path)


_STREETS = Kind("streets", "an OpenStreetMap extract", require_extract, many=True)
_OUTLINES = Kind("boundaries", "outlines of neighbourhoods", boundaries.read_boundaries)
_PLAY = Kind("play_spaces", "play spaces", play_spaces.read_play_spaces)
_GREENSPACE = Kind("greenspace", "play spaces of OS Open Greenspace", play_spaces.read_play_spaces)
_POSTCODES = Kind("postcodes", "postcodes", postcodes.read_postcodes, many=True)
_CLOSURES = Kind("closures", "a council's closures", centres.read_closures, many=True)
_POINTS = Kind("centre_points", "where centres are, by URN", centres.read_centre_points)
_WARDS = Kind("wards", "a look-up of neighbourhoods to wards", lookups.read_lookup)

_RETURN = Kind("hubs", "a council's return of its sites", read_site_return)

_BY_COLUMNS: tuple[tuple[tuple[str, ...], Kind], ...] = (
    (("Index of Multiple Deprivation (IMD) Rank*",),
     Kind("deprivation", "deprivation", deprivation.read_deprivation)),
    (("Country of birth*", "born_uk"),
     Kind("population", "residents by country of birth", census.read_country_of_birth, many=True)),
    (("English (*",), Kind("languages", "residents by main language", languages.read_languages)),
    (("Age: *", "under5_midYYYY", "under5", "age 4", "4"), Kind("children", "children by age", census.read_children)),
    (proxies.COLUMNS,
     Kind("census", "residents by arrival and language", proxies.read_proxies, many=True)),
    (births.COLUMNS, Kind("births", "births by parents' country", births.read_births)),
    (("exit_date_or_month",), _CLOSURES),
    (("FHS01*",), _RETURN),
    (("Family_Hub", "Family Hub"), Kind("hubs", "family hubs", hubs.read_hubs)),
    (("LinkURN",), Kind("centres", "links between children's centres", _read_links, many=True)),
    (("TypeOfEstablishment (name)", "TypeOfEstablishment (code)", "EstablishmentName", "snapshot_status"),
     Kind("centres", "a list of children's centres", lambda path: centres.read_centres([path]), many=True)),
    (("URN",), _POINTS),
    (("msoaYYhclnm",), Kind("area_names", "names of neighbourhoods", area_names.read_area_names, many=True)),
    (("pcds", "pcd7", "pcd", "pcd8", "pcd2"), _POSTCODES),
    (("wdYYcd", "wardYY_code", "wdYY_code"), _WARDS),
    (("oa21cd", "oa21_code", "lsoa11cd", "F_LSOA11CD", "lsoa11_code"),
     Kind("lookups", "a look-up of areas", lookups.read_lookup, many=True)),
    (("name",), Kind("area_names", "names of neighbourhoods", area_names.read_area_names, many=True)),
)  # fmt: skip
"""The first of which a column is there is what it is; what several kinds have stands last."""

_OF_OTHERS = {"name": ("lsoa21cd", "lsoa21_code")}
"""A column that says nothing by itself, and what must stand beside it."""

_CODE_POINT = (4, 10)
"""Columns of Code-Point Open, which begins without a header."""

MAPPED: dict[str, dict[str, str]] = {
    "closures": {
        "URN": "the centre's number (URN)",
        "exit_date_or_month": "the day or month on which it closes",
        "source": "who says so",
    },
    "centre_points": {"URN": "the centre's number (URN)", "Postcode": "postcode", "Easting": "easting, metres",
                      "Northing": "northing, metres"},
}  # fmt: skip
"""The kinds whose columns a person can name by hand, as they may be a council's own: the reader's column, in words."""


@dataclass(frozen=True)
class Recognised:
    """What a file is.

    Parameters
    ----------
    name
        Of the file.
    size
        Bytes.
    kind
        None if it is nothing that a place is built from.
    faults
        What is wrong with it, row by row; none if it can be used.
    columns
        Of a table.
    more
        Whether there may be more faults than were looked for.
    """

    name: str
    size: int
    kind: Kind | None
    faults: tuple[InputError, ...] = ()
    columns: tuple[str, ...] = ()
    more: bool = False

    @property
    def good(self) -> bool:
        """Whether it can be used."""
        return self.kind is not None and not self.faults


def recognise(path: Path) -> Recognised:
    """Tell what a file is and whether it can be used; whatever is wrong with it is said, never raised."""
    lower, size = path.name.casefold(), path.stat().st_size
    columns: tuple[str, ...] = ()
    kind = None
    try:
        if lower.endswith(OSM_FILES):
            _require_osm(path)
            kind = _STREETS
        elif lower.endswith(_MAPS):
            kind = _of_map(path)
        elif lower.endswith(_WORKBOOK) or (lower.endswith(_TABLES) and _start(path, 2) == b"PK" and is_return(path)):
            _require_return(path)
            kind = _RETURN
        elif lower.endswith(_TABLES):
            columns = first_row(path)
            kind = of_columns(columns)
        if kind is None:
            return Recognised(path.name, size, None, columns=columns)
        if size <= READ_AT_ONCE:
            kind.reader(path)
    except InputError as fault:
        every, more = _faults(path, kind, fault, size) if lower.endswith(_TABLES) else ((fault,), False)
        return Recognised(path.name, size, kind, every, columns, more)
    except PramshedError as fault:
        said = InputError(path, expected="a file of its kind", found=str(fault))
        return Recognised(path.name, size, kind, (said,), columns)
    return Recognised(path.name, size, kind, columns=columns)


def of_columns(columns: Sequence[str]) -> Kind | None:
    """The kind of a table with these columns; None if it is none."""
    for spellings, kind in _BY_COLUMNS:
        found = find_column(columns, spellings)
        if found and find_column(columns, _OF_OTHERS.get(found.casefold(), (found,))):
            return kind
    headerless = len(columns) in _CODE_POINT and re.fullmatch(postcodes.SHAPE, columns[0].replace(" ", "").upper())
    return _POSTCODES if headerless else None


def _of_map(path: Path) -> Kind | None:
    start = _start(path).lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start.startswith(b"SQLite format 3" if path.suffix.casefold() == ".gpkg" else (b"{", b"[")):
        # whoever opens it goes by the content, which must not lead to other files
        raise InputError(path, expected="a GeoJSON or GeoPackage file", found="something else")
    fields = [one for layer in boundaries.list_layers(path) for one in boundaries.layer_fields(path, layer=layer)]
    if find_column(fields, ("LSOA21CD", "lsoa21_code", "LSOA11CD", "lsoa11_code")):
        return _OUTLINES
    if find_column(fields, ("leisure",)):
        return _PLAY
    return _GREENSPACE if find_column(fields, ("function", "site_type")) else None


def _require_return(path: Path) -> None:
    if not is_return(path):
        raise InputError(path, expected="a council's return of its sites, or a table as text (CSV)", found="neither")


def _require_osm(path: Path) -> None:
    start = _start(path)
    right = b"OSMHeader" in start if path.name.casefold().endswith(".pbf") else True
    if path.name.casefold().endswith(".osm") and not start.lstrip(b"\xef\xbb\xbf \r\n").startswith(b"<"):
        right = False
    if not right:
        raise InputError(path, expected="an OpenStreetMap extract", found="something else")


def first_row(path: Path) -> tuple[str, ...]:
    """The cells of a table's first row.

    Raises
    ------
    InputError
        It is packed and becomes too large, or is no table.
    """
    start = _start(path, 1 << 16)
    if start.startswith(b"\x1f\x8b"):
        start = _unpacked(path)[: 1 << 16]
    if start.startswith(b"PK"):
        raise InputError(path, expected="a table as text (CSV)", found="a spreadsheet or an archive: save it as CSV")
    text = start.decode("utf-8-sig", "replace").lstrip("\r\n")
    try:
        return tuple(cell.strip() for cell in next(csv.reader(io.StringIO(text, newline="")), []))
    except csv.Error as fault:
        raise InputError(path, row=1, expected="a row of comma-separated names", found=str(fault)) from fault


def _start(path: Path, length: int = 64) -> bytes:
    with path.open("rb") as file:
        return file.read(length)


def _unpacked(path: Path) -> bytes:
    try:
        with gzip.open(path, "rb") as file:
            content = file.read(LARGEST_TABLE + 1)
    except (OSError, EOFError, zlib.error) as fault:
        raise InputError(path, expected="a packed table (.csv.gz)", found="one that cannot be unpacked") from fault
    if len(content) > LARGEST_TABLE:
        raise InputError(path, expected=f"at most {LARGEST_TABLE >> 20} MB unpacked", found="more")
    return content


def _faults(path: Path, kind: Kind | None, first: InputError, size: int) -> tuple[tuple[InputError, ...], bool]:
    """All faults of a table's rows: each is blanked in a copy, and the copy read again; and whether there may be more.

    A reader says the first fault that it finds; a blank row is left out, and the others keep their numbers.
    """
    found = [first]
    if kind is None or first.row is None or first.row < 2 or size > _PATIENCE:
        return tuple(found), first.row is not None and first.row > 1
    rows = _rows(path)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / path.name.removesuffix(".gz")
        while len(found) < MOST_FAULTS:
            at = (found[-1].row or 1) - 1
            if not 0 < at < len(rows) or not any(rows[at]):
                return tuple(found), True
            rows[at] = [""] * len(rows[at])
            with copy.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows(rows)
            try:
                kind.reader(copy)
            except InputError as fault:
                if fault.row is None:
                    return tuple(found), False  # what is wrong now is that rows are gone
                found.append(
                    InputError(path, row=fault.row, column=fault.column, expected=fault.expected, found=fault.found)
                )
            else:
                return tuple(found), False
    return tuple(found), True


def _rows(path: Path) -> list[list[str]]:
    raw = path.read_bytes()
    raw = _unpacked(path) if raw.startswith(b"\x1f\x8b") else raw
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", "replace")
    return list(csv.reader(io.StringIO(text, newline="")))


def with_columns(path: Path, kind: str, chosen: dict[str, str], out: Path) -> None:
    """Write a table with its columns called as their reader calls them; other columns stay as they are.

    Parameters
    ----------
    kind
        One of `MAPPED`.
    chosen
        The reader's name of a column to the file's own.
    """
    rows = _rows(path)
    if not rows:
        raise InputError(path, expected="a header and rows", found="an empty file")
    ours = {own.strip(): reader for reader, own in chosen.items() if reader in MAPPED[kind]}
    taken = {reader.casefold() for reader in ours.values()}
    head = [
        ours.get(cell.strip(), f"{cell} (as it was)" if cell.strip().casefold() in taken else cell) for cell in rows[0]
    ]
    with out.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *rows[1:]])
