"""The gate for files of marks that somebody sends: GeoJSON, CSV and GeoPackage, checked before they are used.

No file reaches GDAL: GeoJSON is read as JSON, CSV by `data.sources.delimited`, and of a GeoPackage SQLite reads one
plain table from memory, with everything but reading forbidden. What the columns mean is not known here.
"""

from __future__ import annotations

import csv
import io
import json
import math
import re
import tempfile
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, NoReturn

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj.exceptions import ProjError

from data.json_text import TwiceError, read_json
from data.sources.delimited import find_column, numbers, read_delimited
from data.sources.workbooks import workbook_in
from data.store.exchange.geopackage import MAGIC, SHAPES, read_layer
from geo.crs import BNG, GREAT_BRITAIN, WGS84
from geo.errors import CrsError, InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from pyproj import CRS

MOST_BYTES = 10_000_000
MOST_ROWS = 5_000
MOST_COLUMNS = 80
LONGEST_CELL = 10_000
"""Characters."""

MOST_BRACKETS = 600_000
"""Of a GeoJSON: each becomes an object in memory, and 10 MB of coordinates have no more."""

_KINDS = {
    b"PK\x03\x04": "a zip archive",
    b"\x1f\x8b": "a gzip archive",
    b"%PDF": "a PDF",
    b"<": "a web page or XML",
    MAGIC: "a database",
    b"\xff\xfe": "text in UTF-16",
    b"\xfe\xff": "text in UTF-16",
}
_POINTS = (
    (("easting", "eastings"), ("northing", "northings"), BNG),
    (("lon", "longitude", "lng"), ("lat", "latitude"), WGS84),
)
_OF_GEOJSON = re.compile(
    r"(?:urn:ogc:def:crs:OGC:(?:1\.3)?:CRS84|OGC:CRS84|(?:urn:ogc:def:crs:)?EPSG:[\d.]{0,9}:?4326)", re.I
)

_Row = tuple[dict[str, object], shapely.Geometry]


def read_upload(path_or_bytes: Path | bytes, name: str = "") -> gpd.GeoDataFrame:
    """Read an uploaded file of marks.

    Parameters
    ----------
    path_or_bytes
        The file or its content.
    name
        The name it came with: its ending says the format, messages call it so. The path's own if empty.

        * ``.geojson``, ``.json``: a FeatureCollection in longitude and latitude; a feature's ``id`` becomes a column
          unless it has a property of that name.
        * ``.csv``: with columns ``easting`` and ``northing``, or ``lon`` and ``lat``; they do not come back.
        * ``.gpkg``: one layer of features in any EPSG system; its number of the row does not come back.

    Returns
    -------
    geopandas.GeoDataFrame
        Point, LineString or Polygon in British National Grid, flat, none empty. All other columns are text, with
        ``""`` where nothing is said, ``yes`` and ``no`` for a truth, and commas within a list. Index ``row``: a CSV's
        row, its header being row 1; otherwise the feature's number from 1.

    Raises
    ------
    CrsError
        The file states no reference system, or another than its format allows, or lies off Great Britain.
    InputError
        Any other fault, with row and column where it has them. At most 10 MB, 5,000 rows and 80 columns are taken.
    """
    name = known_as(name or getattr(path_or_bytes, "name", ""))
    content = path_or_bytes if isinstance(path_or_bytes, bytes) else _content(path_or_bytes, name)
    readers: dict[str, Callable[[bytes, str], gpd.GeoDataFrame]] = {
        ".geojson": _of_geojson,
        ".json": _of_geojson,
        ".csv": _of_csv,
        ".gpkg": _of_geopackage,
    }
    suffix = _admit(content, name, readers)
    with np.errstate(invalid="ignore"):  # what is no number is refused; nobody needs a warning besides
        return _on_britain(readers[suffix](content, name), name)


def read_cells(content: bytes, name: str) -> pd.DataFrame:
    """Read an uploaded CSV as the text that it holds, whatever its columns are; index ``row``, the header being row 1.

    Raises
    ------
    InputError
        As `read_upload`, but for coordinates, at which nothing looks here.
    """
    name = known_as(name)
    _admit(content, name, (".csv",))
    return _cells_of(content, name)


def known_as(name: str) -> str:
    """What an uploaded file is called in messages: its name without folders, not too long."""
    return PurePosixPath(name.replace("\\", "/")).name[-80:] or "the file"


def _admit(content: bytes, name: str, endings: Collection[str]) -> str:
    """The ending of a file that is small enough, not empty, and not plainly something else than its ending says."""
    suffix = PurePosixPath(name.lower()).suffix
    if suffix not in endings:
        raise InputError(name, expected="a file ending in .geojson, .csv or .gpkg", found=suffix or "no ending")
    if len(content) > MOST_BYTES:
        raise InputError(name, expected=f"at most {MOST_BYTES // 1_000_000} MB", found="a larger file")
    if not content.strip():
        raise InputError(name, expected="a file with rows", found="an empty file")
    start = content.removeprefix(b"\xef\xbb\xbf").lstrip()
    kind = workbook_in(content) or next((kind for magic, kind in _KINDS.items() if start.startswith(magic)), None)
    if kind and not (suffix == ".gpkg" and start.startswith(MAGIC)):
        raise InputError(name, expected=f"what the ending {suffix} says", found=kind)
    return suffix


def _content(path: Path, name: str) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as fault:
        raise InputError(name, expected="a file", found=fault.strerror or type(fault).__name__) from fault


def _on_britain(table: gpd.GeoDataFrame, name: str) -> gpd.GeoDataFrame:
    """The table in British National Grid; every row is looked at."""
    try:
        moved = table if table.crs == BNG else table.to_crs(BNG)
    except ProjError as fault:
        raise CrsError(name, expected="a reference system for maps", found=table.crs.to_string()) from fault
    least_x, least_y, most_x, most_y = GREAT_BRITAIN
    west, south, east, north = moved.geometry.bounds.to_numpy(dtype=float).T
    inside = (west >= least_x) & (south >= least_y) & (east <= most_x) & (north <= most_y)  # not with NaN
    if not inside.all():
        at = int(np.argmin(inside))
        x, y = shapely.get_coordinates(table.geometry.iloc[at])[0]
        found, expected = f"{x:.7g}, {y:.7g} in {table.crs.to_string()}", "a place in Great Britain"
        if table.crs == WGS84:
            expected += ", the longitude (-8 to 2) and the latitude (49 to 61) each in its own place"
        raise CrsError(name, row=int(table.index[at]), expected=expected, found=found)
    return moved


def _table(rows: Sequence[_Row], crs: str | CRS, name: str) -> gpd.GeoDataFrame:
    if not rows:
        raise InputError(name, expected="at least one feature", found="none")
    columns = list(dict.fromkeys(column for cells, _ in rows for column in cells))
    _require_columns(columns, name)
    index = pd.RangeIndex(1, len(rows) + 1, name="row")
    said = {column: [_cell(cells.get(column)) for cells, _ in rows] for column in columns}
    frame = pd.DataFrame(said, index=index, dtype="str")
    _require_short(frame, name)
    return gpd.GeoDataFrame(frame, geometry=shapely.force_2d([shape for _, shape in rows]), crs=crs)


def _require_columns(columns: Iterable[str], name: str) -> None:
    seen: set[str] = set()
    for number, column in enumerate(columns, start=1):
        if number > MOST_COLUMNS:
            raise InputError(name, expected=f"at most {MOST_COLUMNS} columns", found="more")
        if column.casefold() in seen:
            raise InputError(name, column=column[:40], expected="each column once", found="it twice")
        if column.casefold() == "geometry" or len(column) > 80:
            raise InputError(name, column=column[:40], expected="a column of another name", found=repr(column[:40]))
        seen.add(column.casefold())


def _require_short(frame: pd.DataFrame, name: str) -> None:
    for column in frame.columns:
        long = frame[column].str.len().to_numpy() > LONGEST_CELL
        if long.any():
            _too_long(name, int(frame.index[int(long.argmax())]), str(column))


def _too_many(name: str) -> NoReturn:
    raise InputError(name, expected=f"at most {MOST_ROWS:,} rows", found="more")


def _too_long(name: str, row: int, column: str | None) -> NoReturn:
    expected = f"at most {LONGEST_CELL:,} characters in a cell"
    raise InputError(name, row=row, column=column and column[:40], expected=expected, found="more")


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, list) and all(isinstance(one, str | int | float) for one in value):
        return ",".join(_cell(one) for one in value)
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return str(value).strip()


# --- CSV -------------------------------------------------------------------------------------------------------------


def _cells_of(content: bytes, name: str) -> pd.DataFrame:
    _measure(content, name)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "upload.csv"
        path.write_bytes(content)
        try:
            frame = read_delimited(path)
        except InputError as fault:  # in the name that the sender knows
            again, row, column = fault.expected, fault.row, fault.column
            raise InputError(name, expected=again, found=fault.found, row=row, column=column) from fault
    _require_columns(frame.columns, name)
    _require_short(frame, name)
    return frame


def _of_csv(content: bytes, name: str) -> gpd.GeoDataFrame:
    frame = _cells_of(content, name)
    pairs = [(find_column(frame.columns, east), find_column(frame.columns, north), crs) for east, north, crs in _POINTS]
    x, y, crs = next(((x, y, crs) for x, y, crs in pairs if x and y), (None, None, WGS84))
    if x is None or y is None:
        found = f"columns {', '.join(str(column)[:20] for column in frame.columns[:6])}"
        raise CrsError(name, row=1, expected="columns easting and northing, or lon and lat", found=found)
    ranges = ((-180.0, 180.0), (-90.0, 90.0)) if crs == WGS84 else ((-50_000.0, 720_000.0), (-50_000.0, 1_300_000.0))
    east, north = (
        numbers(frame, column, source=name, low=low, high=high)
        for column, (low, high) in zip((x, y), ranges, strict=True)
    )
    for column, said in ((x, east), (y, north)):
        if said.isna().any():
            row = int(said.index[int(said.isna().argmax())])
            raise InputError(name, row=row, column=column, expected="a coordinate", found="a blank")
    others = frame.drop(columns=[column for pair in pairs for column in pair[:2] if column])
    return gpd.GeoDataFrame(others, geometry=gpd.points_from_xy(east, north), crs=crs)


def _measure(content: bytes, name: str) -> None:
    """Refuse a CSV of too many rows or columns before it is made into a table."""
    rows = 0
    try:
        # As Latin-1 every byte is a letter, and commas and quotation marks are where they are in UTF-8.
        for number, cells in enumerate(csv.reader(io.StringIO(content.decode("latin-1"), newline="")), start=1):
            if len(cells) > MOST_COLUMNS:
                raise InputError(name, row=number, expected=f"at most {MOST_COLUMNS} columns", found=f"{len(cells):,}")
            if any(len(cell) > 4 * LONGEST_CELL for cell in cells):
                _too_long(name, number, None)
            rows += any(cells)
            if rows > MOST_ROWS + 1 or number > 10 * MOST_ROWS:
                _too_many(name)
    except csv.Error as fault:
        raise InputError(name, expected="comma-separated values", found=str(fault)) from fault


# --- GeoJSON ---------------------------------------------------------------------------------------------------------


def _of_geojson(content: bytes, name: str) -> gpd.GeoDataFrame:
    expected = "a GeoJSON FeatureCollection"
    if content.count(b"[") + content.count(b"{") > MOST_BRACKETS:
        raise InputError(name, expected=f"at most {MOST_BRACKETS:,} brackets", found="more")
    try:
        text = content.decode("utf-8-sig")
        found = read_json(text)
        require_letters(text, found)
    except TwiceError as fault:
        raise InputError(name, expected=expected, found=str(fault)) from fault
    except ValueError as fault:
        raise InputError(name, expected=expected, found=f"no JSON ({str(fault)[:80]})") from fault
    features = found.get("features") if isinstance(found, dict) else None
    if not isinstance(found, dict) or found.get("type") != "FeatureCollection" or not isinstance(features, list):
        raise InputError(name, expected=expected, found="other JSON")
    if len(features) > MOST_ROWS:
        _too_many(name)
    if found.get("crs") is not None:  # of an older GeoJSON
        said = [*re.findall(r'"name": "([^"]{0,80})"', json.dumps(found["crs"])[:500])][-1:]
        if not said or not _OF_GEOJSON.fullmatch(said[0]):
            expected = "longitude and latitude (WGS84), as GeoJSON has them"
            raise CrsError(name, expected=expected, found=said[0] if said else "another reference system")
    return _table([_feature(row, feature, name) for row, feature in enumerate(features, start=1)], WGS84, name)


def require_letters(text: str, found: object) -> None:
    """Refuse JSON that says half a letter (a lone surrogate), which no other text can hold.

    Raises
    ------
    UnicodeEncodeError
        It does.
    """
    if "\\ud" in text.lower():
        json.dumps(found, ensure_ascii=False).encode()


def _feature(row: int, feature: object, name: str) -> _Row:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        raise InputError(name, row=row, expected="a Feature", found="something else")
    properties = feature.get("properties") or {}
    if not isinstance(properties, dict):
        raise InputError(name, row=row, expected="properties by name", found="something else")
    if isinstance(feature.get("id"), str | int):
        properties = {"id": feature["id"]} | properties
    return properties, _shape(feature, row, name)


def _shape(feature: dict[str, Any], row: int, name: str) -> shapely.Geometry:
    geometry = feature.get("geometry")
    kind, at = (geometry.get("type"), geometry.get("coordinates")) if isinstance(geometry, dict) else (None, None)
    try:
        if isinstance(kind, str) and kind.startswith("Multi") and isinstance(at, list) and len(at) == 1:
            kind, at = kind.removeprefix("Multi"), at[0]
        if kind == "Point":
            return shapely.Point(_corner(at))
        if kind == "LineString":
            return shapely.LineString([_corner(one) for one in _list(at)])
        if kind == "Polygon":
            first, *holes = [[_corner(one) for one in _list(ring)] for ring in _list(at)]
            return shapely.Polygon(first, holes)
    except (ValueError, OverflowError, shapely.errors.ShapelyError) as fault:
        raise InputError(name, row=row, expected=SHAPES, found="coordinates of something else") from fault
    found = "no geometry" if geometry is None else str(kind)[:40]
    raise InputError(name, row=row, expected=SHAPES, found=found)


def _list(said: object) -> list[Any]:
    if not isinstance(said, list) or not said:
        message = "no list"
        raise ValueError(message)
    return said


def _corner(said: object) -> tuple[float, float]:
    pair = [float(one) for one in _list(said) if isinstance(one, int | float) and not isinstance(one, bool)]
    if not (len(pair) == len(_list(said)) and 2 <= len(pair) <= 4 and all(map(math.isfinite, pair))):
        message = "no pair of numbers"
        raise ValueError(message)
    return pair[0], pair[1]


# --- GeoPackage ------------------------------------------------------------------------------------------------------


def _of_geopackage(content: bytes, name: str) -> gpd.GeoDataFrame:
    if not content.startswith(MAGIC):
        raise InputError(name, expected="a GeoPackage", found="something else")
    rows, crs = read_layer(content, name, most_rows=MOST_ROWS, most_bytes=2 * MOST_BYTES)
    return _table(rows, crs, name)
