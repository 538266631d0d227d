"""The one layer of a GeoPackage that somebody sent: SQLite reads it from memory, and may do nothing but read.

GDAL is not asked, as it opens whatever a file claims to be; here nothing in the file is run: no view, no trigger, no
function, no column that is worked out as it is read.
"""

from __future__ import annotations

import sqlite3
import time
from typing import Literal

import shapely
from pyproj import CRS
from pyproj.exceptions import ProjError

from geo.errors import CrsError, InputError

MAGIC = b"SQLite format 3\x00"
SECONDS = 10.0
"""A file that takes longer to read is refused."""

SHAPES = "a point, a line or an area, one to a row"

_LONGEST = 2_000_000
_WKB_SHAPES = (1, 2, 3)
_ENVELOPES = (0, 32, 48, 48, 64)
_ORDERS: tuple[Literal["big", "little"], ...] = ("big", "little")


def read_layer(
    content: bytes, name: str, *, most_rows: int, most_bytes: int
) -> tuple[list[tuple[dict[str, object], shapely.Geometry]], CRS]:
    """Read the only layer of features.

    Parameters
    ----------
    content
        The GeoPackage.
    name
        What messages call it.
    most_rows, most_bytes
        Reading stops with an error beyond so many rows, or so many bytes in all their cells together.

    Returns
    -------
    tuple
        Rows as columns' values (text, number, truth or None; without the number of the row) and shape (Point,
        LineString or Polygon, not empty); the reference system, which has an EPSG number.

    Raises
    ------
    CrsError
        No reference system is stated, or none for maps.
    InputError
        It is no sound GeoPackage, has no layer or several, or a row holds something else.
    """
    # A database left in its write-ahead mode is read as an ordinary one.
    content = content[:18] + b"\x01\x01" + content[20:]
    base = sqlite3.connect(":memory:")
    try:
        base.deserialize(content)
        base.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
        base.set_authorizer(_only_reading)
        until = time.monotonic() + SECONDS
        base.set_progress_handler(lambda: int(time.monotonic() > until), 10_000)
        layer, shape, crs = _layer(base, name)
        return _rows(base, layer, shape, name, most_rows=most_rows, most_bytes=most_bytes), crs
    except (sqlite3.Error, UnicodeError) as fault:  # names in the schema are decoded without sqlite3's own error
        raise InputError(name, expected="a sound GeoPackage", found=f"a damaged one ({str(fault)[:80]})") from fault
    finally:
        base.close()


def _only_reading(action: int, first: str | None, *_: str | None) -> int:
    """What the statements here need, and no more: no functions, no recursion, no writing."""
    reading = action in (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ)
    asking = action == sqlite3.SQLITE_PRAGMA and first == "table_xinfo"
    return sqlite3.SQLITE_OK if reading or asking else sqlite3.SQLITE_DENY


def _layer(base: sqlite3.Connection, name: str) -> tuple[str, str, CRS]:
    """The layer's table, its column of shapes and its reference system."""
    plain = {
        str(one)
        for kind, one, sql in base.execute("SELECT type, name, sql FROM sqlite_master")
        if kind == "table" and not str(sql).lstrip().upper().startswith("CREATE VIRTUAL")
    }
    lacking = {"gpkg_contents", "gpkg_geometry_columns", "gpkg_spatial_ref_sys"} - plain
    if lacking:
        raise InputError(name, expected="a GeoPackage", found=f"a database without the table {min(lacking)}")
    layers = base.execute("SELECT table_name FROM gpkg_contents WHERE data_type = 'features'").fetchmany(10)
    if len(layers) != 1:
        found = ", ".join(str(layer)[:40] for (layer,) in layers) or "none"
        raise InputError(name, expected="one layer of features", found=found)
    layer = str(layers[0][0])
    if layer not in plain:
        raise InputError(name, expected="a layer that is a plain table", found=f"{layer[:40]!r}, which is none")
    asked = "SELECT column_name, srs_id FROM gpkg_geometry_columns WHERE table_name = ?"
    shape, system = base.execute(asked, (layer,)).fetchone() or ("", None)
    return layer, str(shape), _system(base, system, name)


def _system(base: sqlite3.Connection, system: object, name: str) -> CRS:
    expected = "a stated reference system with an EPSG number, such as 27700 or 4326"
    asked = "SELECT organization, organization_coordsys_id FROM gpkg_spatial_ref_sys WHERE srs_id = ?"
    who, number = base.execute(asked, (system,)).fetchone() or (None, None)
    if str(who).upper() != "EPSG" or not isinstance(number, int):
        raise CrsError(name, expected=expected, found="none" if who is None or system in (0, -1) else str(who)[:40])
    try:
        crs = CRS.from_epsg(number)
    except ProjError as fault:
        raise CrsError(name, expected=expected, found=f"EPSG:{number}, which is unknown") from fault
    if not (crs.is_projected or crs.is_geographic):
        raise CrsError(name, expected="a reference system for maps", found=f"EPSG:{number}")
    return crs


def _rows(
    base: sqlite3.Connection, layer: str, shape: str, name: str, *, most_rows: int, most_bytes: int
) -> list[tuple[dict[str, object], shapely.Geometry]]:
    columns = {  # without those that are worked out as they are read
        str(column): str(kind).upper() + (" KEY" if key else "")
        for _, column, kind, _, _, key, hidden in base.execute(f"PRAGMA table_xinfo({_quoted(layer)})")
        if not hidden
    }
    if shape not in columns:
        raise InputError(name, expected="a column of geometries", found="none")
    kept = {column: kind for column, kind in columns.items() if column != shape and kind != "INTEGER KEY"}
    asked = f"SELECT {', '.join(map(_quoted, (shape, *kept)))} FROM {_quoted(layer)}"  # noqa: S608 (quoted)
    rows = []
    size = 0
    for row, (blob, *values) in enumerate(base.execute(asked), start=1):
        # Rows may share pages: a small file can pretend to hold gigabytes.
        size += sum(len(value) for value in (blob, *values) if isinstance(value, str | bytes))
        if row > most_rows or size > most_bytes:
            found = "more rows" if row > most_rows else "more in its rows"
            raise InputError(name, expected=f"at most {most_rows:,} rows, {most_bytes // 1_000_000} MB", found=found)
        cells: dict[str, object] = {}
        for (column, kind), value in zip(kept.items(), values, strict=True):
            if isinstance(value, bytes):
                raise InputError(name, row=row, column=column, expected="text or a number", found="binary content")
            cells[column] = bool(value) if kind == "BOOLEAN" and value is not None else value
        rows.append((cells, _shape(blob, row, name)))
    return rows


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _shape(blob: object, row: int, name: str) -> shapely.Geometry:
    """The shape of a GeoPackage's geometry (OGC 12-128, 2.1.3); of a multiple one with a single part, that part.

    Only flat kinds reach the parser: a deep nest of collections would overflow its stack.
    """
    if blob is None:
        raise InputError(name, row=row, expected=SHAPES, found="no geometry")
    shape = None
    try:
        if isinstance(blob, bytes) and blob[:2] == b"GP":
            wkb = blob[8 + _ENVELOPES[blob[3] >> 1 & 7] :]
            if _number(wkb, 1) % 1000 in (4, 5, 6) and _number(wkb, 5) == 1:
                wkb = wkb[9:]
            if _number(wkb, 1) < 4000 and _number(wkb, 1) % 1000 in _WKB_SHAPES:
                shape = shapely.from_wkb(wkb)
    except (LookupError, shapely.errors.ShapelyError) as fault:
        raise InputError(name, row=row, expected=SHAPES, found="one that cannot be read") from fault
    if shape is None or shape.is_empty:
        found = "another kind, or several parts" if shape is None else "an empty one"
        raise InputError(name, row=row, expected=SHAPES, found=found)
    return shape


def _number(wkb: bytes, at: int) -> int:
    return int.from_bytes(wkb[at : at + 4], _ORDERS[wkb[0]])
