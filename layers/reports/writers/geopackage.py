"""A report as a GeoPackage: a coloured layer for each table that has places; the other tables as they are.

GDAL writes the layers; the styles that QGIS opens them with (``layer_styles``), the metadata and the meaning of the
columns (the extensions *metadata* and *schema* of OGC 12-128r19) are written after it, and every time in the file is
the day of the report, so that the same report has the same content.
"""

from __future__ import annotations

import json
import re
import sqlite3
import tempfile
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as Xml

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyogrio
import shapely

from geo.crs import BNG
from layers.reports.report_map import SYMBOL_WORDS
from layers.reports.request import as_dict
from layers.reports.table import DECIMALS, Column
from layers.reports.writers.csv_geojson import FIGURE_COLUMNS, FIGURES_TITLE, Cell, cells_of, figure_rows
from layers.reports.writers.gis_styles import SITES, Style, qml_of, sld_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from layers.reports.report import Report
    from layers.reports.report_map import ReportMap, Symbol
    from layers.reports.table import Table

MAP_CLASS = "map_class"
OTHER, OTHER_FILL = "other", "#d9d9d9"
"""The class of what the map does not show."""

SYMBOL = "symbol"
"""The column of a table of sites that says what each is drawn as."""

_OF_TABLES: Mapping[str, Symbol] = {"lost": "closed", "new_sites": "proposed"}
"""Tables whose sites are all of one kind, whatever they are besides."""

_SQL = """
CREATE TABLE layer_styles (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256),
    f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT,
    styleSLD TEXT, useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30),
    update_time DATETIME DEFAULT CURRENT_TIMESTAMP);
CREATE TABLE gpkg_metadata (
    id INTEGER CONSTRAINT m_pk PRIMARY KEY ASC NOT NULL, md_scope TEXT NOT NULL DEFAULT 'dataset',
    md_standard_uri TEXT NOT NULL, mime_type TEXT NOT NULL DEFAULT 'text/xml', metadata TEXT NOT NULL DEFAULT '');
CREATE TABLE gpkg_metadata_reference (
    reference_scope TEXT NOT NULL, table_name TEXT, column_name TEXT, row_id_value INTEGER,
    timestamp DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')), md_file_id INTEGER NOT NULL,
    md_parent_id INTEGER, CONSTRAINT crmr_mfi_fk FOREIGN KEY (md_file_id) REFERENCES gpkg_metadata(id),
    CONSTRAINT crmr_mpi_fk FOREIGN KEY (md_parent_id) REFERENCES gpkg_metadata(id));
CREATE TABLE gpkg_data_columns (
    table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT, mime_type TEXT,
    constraint_name TEXT, CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
    CONSTRAINT gdc_tn UNIQUE (table_name, name));
CREATE TABLE gpkg_data_column_constraints (
    constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT, min NUMERIC, min_is_inclusive BOOLEAN,
    max NUMERIC, max_is_inclusive BOOLEAN, description TEXT,
    CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value));
"""
_EXTENSIONS = tuple(
    (table, f"gpkg_{name}", f"http://www.geopackage.org/spec121/#extension_{name}")
    for name, tables in (
        ("metadata", ("gpkg_metadata", "gpkg_metadata_reference")),
        ("schema", ("gpkg_data_columns", "gpkg_data_column_constraints")),
    )
    for table in tables
)
_DUBLIN_CORE, _QGIS = "http://purl.org/dc/terms/", "http://mrcc.com/qgis.dtd"
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, eq=False, kw_only=True)
class _Layer:
    """What becomes a layer or a table of the file."""

    key: str
    title: str
    about: str
    columns: tuple[Column, ...]
    content: pd.DataFrame
    shape: str | None
    """The kind of its geometry; None if rows have no place."""
    styles: Mapping[str, tuple[Style, ...]]
    """Classes by the column that names them, the first the usual one; by an empty name if all are drawn alike."""


def geopackage_of(report: Report) -> bytes:
    """The GeoPackage, British National Grid.

    What is not known is empty. The column ``map_class`` says in words which class of the report's map a feature belongs
    to.
    """
    layers = [*(_layer(table, report) for table in report.tables.values()), _figures(report)]
    with tempfile.TemporaryDirectory(prefix="pramshed-") as folder:
        path = Path(folder) / "report.gpkg"
        for layer in layers:
            _write(layer, path)
        with closing(sqlite3.connect(path, isolation_level=None)) as file:
            _describe(file, layers, report)
            file.execute("VACUUM")
        return _counted_once(path.read_bytes())


def _counted_once(content: bytes) -> bytes:
    """An SQLite file whose counters of changes say 1: how often GDAL put its work down hangs on how busy it was.

    Both must be the same (https://www.sqlite.org/fileformat.html, 1.3.7 and 1.3.12).
    """
    once = (1).to_bytes(4, "big")
    return content[:24] + once + content[28:92] + once + content[96:]


def _layer(table: Table, report: Report) -> _Layer:
    cells = cells_of(table)
    content = pd.DataFrame(
        {column.key: _typed(column, (row[place] for row in cells.rows)) for place, column in enumerate(cells.columns)},
        index=cells.index,
    )
    columns, shape = cells.columns, None
    styles: dict[str, tuple[Style, ...]] = {}
    if table.geometry is not None:
        shape = "MultiPolygon" if _of_areas(table, table.geometry) else "Point"
        content, more, styles = _placed(table, table.geometry.to_crs(BNG), content, report)
        columns += more
    return _Layer(
        key=table.key, title=table.title, about=table.about, columns=columns, content=content, shape=shape,
        styles=styles,
    )  # fmt: skip


def _of_areas(table: Table, shapes: gpd.GeoSeries) -> bool:
    """Whether rows are areas and not sites, even if there are none."""
    return bool((shapely.get_dimensions(shapes.to_numpy()) == 2).any()) or (
        table.values.index.name in ("area_code", "ward_code")  # noqa: PD011 (no frame's)
    )


def _typed(column: Column, values: Iterable[Cell]) -> pd.api.extensions.ExtensionArray:
    """Values as a column of one type, whether or not there are any."""
    if column.numeric:
        kind = pa.float64() if DECIMALS[column.kind] else pa.int64()
    else:
        kind = pa.date32() if column.kind == "day" else pa.string()
    typed: pd.api.extensions.ExtensionArray = pd.Series(list(values), dtype=pd.ArrowDtype(kind)).array
    return typed


def _placed(
    table: Table, shapes: gpd.GeoSeries, content: pd.DataFrame, report: Report
) -> tuple[gpd.GeoDataFrame, tuple[Column, ...], dict[str, tuple[Style, ...]]]:
    """The content with its places, its classes on the maps, their columns and their styles."""
    classes: dict[str, tuple[list[str], tuple[Style, ...], str]] = {}
    plain = Style(label=table.title, fill=None, line="#1a1a1a")
    if table.key == "barriers":
        plain = Style(label=table.title, fill="#b45309", line="#ffffff", shape="diamond")
    elif not _of_areas(table, shapes):
        labels, styles = _site_classes(table)
        classes = {MAP_CLASS: (labels, styles, "What the site is.")}
    else:
        whole = [shapely.multipolygons([shape]) if isinstance(shape, shapely.Polygon) else shape for shape in shapes]
        shapes = gpd.GeoSeries(whole, index=shapes.index, crs=BNG)
        maps = [drawn for drawn in report.maps.values() if content.index.isin(drawn.areas.index).any()]
        maps.sort(key=lambda drawn: not table.key.startswith(drawn.key))  # that of changes for the table of changes
        classes = {
            f"{MAP_CLASS}_{drawn.key}" if number else MAP_CLASS: (
                *_area_classes(content.index, drawn), f"Class on the map: {drawn.title}.",
            )
            for number, drawn in enumerate(maps)
        }  # fmt: skip
    more = tuple(
        Column(key=key, title=f"Map class{key.removeprefix(MAP_CLASS).replace('_', ' ')}", kind="text", about=about)
        for key, (_, _, about) in classes.items()
    )
    placed = gpd.GeoDataFrame(content, geometry=shapes.to_numpy(), crs=BNG)
    for column in more:
        placed[column.key] = _typed(column, classes[column.key][0])
    styles_by = {key: styles for key, (_, styles, _) in classes.items()}
    return placed, more, styles_by or {"": (plain,)}


def _area_classes(index: pd.Index, drawn: ReportMap) -> tuple[list[str], tuple[Style, ...]]:
    """The class of each area on a map, and how the classes are drawn; patterns are for print."""
    exact = {(entry.fill, entry.hatch): entry.label for entry in drawn.legend[::-1]}
    rough = {entry.fill: entry.label for entry in drawn.legend[::-1]}
    of = {
        code: exact.get((fill, hatch)) or rough.get(fill, OTHER)
        for code, fill, hatch in zip(drawn.areas.index, drawn.areas["fill"], drawn.areas["hatch"], strict=True)
    }
    labels = [of.get(code, OTHER) for code in index]
    styles = [Style(label=entry.label, fill=entry.fill) for entry in drawn.legend]
    if OTHER in labels:
        styles.append(Style(label=OTHER, fill=OTHER_FILL))
    return labels, tuple(styles)


def _site_classes(table: Table) -> tuple[list[str], tuple[Style, ...]]:
    """What each site is, in words, and how that is drawn."""
    usual = _OF_TABLES.get(table.key, "own")
    rows = table.values  # noqa: PD011 (no frame's)
    told = rows[SYMBOL] if SYMBOL in rows else [usual] * len(rows)
    symbols = [symbol if symbol in SYMBOL_WORDS else usual for symbol in told]
    found = [symbol for symbol in SYMBOL_WORDS if symbol in symbols] or [usual]
    styles = (
        Style(label=SYMBOL_WORDS[symbol], shape=SITES[symbol][0], fill=SITES[symbol][1], line=SITES[symbol][2])
        for symbol in found
    )
    return [SYMBOL_WORDS[symbol] for symbol in symbols], tuple(styles)


def _figures(report: Report) -> _Layer:
    """The headline figures; what is not known is said in ``said``."""
    rows = figure_rows(report)

    def shown(value: Cell, column: Column) -> Cell:
        return None if column.numeric and isinstance(value, str) else value

    content = pd.DataFrame(
        {column.key: _typed(column, (shown(row[column.key], column) for row in rows)) for column in FIGURE_COLUMNS}
    )
    return _Layer(
        key="figures", title=FIGURES_TITLE, about="What the report says first.", content=content, shape=None, styles={},
        columns=FIGURE_COLUMNS,
    )  # fmt: skip


def _write(layer: _Layer, path: Path) -> None:
    content = layer.content.reset_index(drop=True)
    # Version 1.2 is what programs of the last years read without a warning.
    kind: dict[str, Any] = {} if path.exists() else {"dataset_options": {"VERSION": "1.2"}}
    if layer.shape:
        kind["geometry_type"] = layer.shape
    pyogrio.write_dataframe(content, path, layer=layer.key, driver="GPKG", use_arrow=True, **kind)


def _describe(file: sqlite3.Connection, layers: list[_Layer], report: Report) -> None:
    """Write styles, metadata and the meaning of the columns; set every time to the day of the report."""
    now = f"{report.request.question.day.isoformat()}T00:00:00.000Z"
    file.executescript(f"PRAGMA synchronous = OFF; {_SQL} BEGIN;")
    file.executemany("INSERT INTO gpkg_extensions VALUES (?, NULL, ?, ?, 'read-write')", _EXTENSIONS)
    file.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change, srs_id) "
        "VALUES ('layer_styles', 'attributes', 'layer_styles', 'How QGIS draws the layers', ?, 0)", (now,),
    )  # fmt: skip
    taken = {"layer_styles"}
    for layer in layers:
        title = layer.title if layer.title not in taken else f"{layer.title} ({layer.key})"
        taken.add(title)
        file.execute(
            "UPDATE gpkg_contents SET identifier = ?, description = ? WHERE table_name = ?",
            (title, layer.about, layer.key),
        )
        _style(file, layer, now)
        named: set[str] = set()
        for column in layer.columns:
            name = column.title if column.title.casefold() not in named else f"{column.title} ({column.key})"
            named.add(name.casefold())
            file.execute(
                "INSERT INTO gpkg_data_columns VALUES (?, ?, ?, ?, ?, NULL, NULL)",
                (layer.key, column.key, name, name, _meaning(column)),
            )
        if layer.styles:
            _metadata(file, _QGIS, _qgis_metadata(layer, report), ("table", layer.key), now)
    _metadata(file, _DUBLIN_CORE, _dublin_core(report), ("geopackage", None), now)
    file.execute("UPDATE gpkg_contents SET last_change = ?", (now,))
    file.execute("COMMIT")


def _meaning(column: Column) -> str:
    return column.about if column.kind in ("text", "code", "day") else f"{column.about} Unit: {column.unit}."


def _style(file: sqlite3.Connection, layer: _Layer, now: str) -> None:
    for number, (column, styles) in enumerate(layer.styles.items()):
        name = layer.key if not number else f"{layer.key} {column.removeprefix(MAP_CLASS).strip('_')}"
        file.execute(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, "
            "styleQML, styleSLD, useAsDefault, description, owner, ui, update_time) "
            "VALUES ('', '', ?, 'geom', ?, ?, ?, ?, ?, 'Pramshed', NULL, ?)",
            (
                layer.key,
                name[:30],
                qml_of(styles, column or None),
                sld_of(styles, column or None, layer.key, layer.title),
                number == 0,
                layer.title,
                now,
            ),
        )


def _metadata(file: sqlite3.Connection, standard: str, text: str, about: tuple[str, str | None], now: str) -> None:
    row = file.execute(
        "INSERT INTO gpkg_metadata (md_scope, md_standard_uri, mime_type, metadata) "
        "VALUES ('dataset', ?, 'text/xml', ?)",
        (standard, text),
    ).lastrowid
    file.execute("INSERT INTO gpkg_metadata_reference VALUES (?, ?, NULL, NULL, ?, ?, NULL)", (*about, now, row))


def _dublin_core(report: Report) -> str:
    """The whole report: what it says, from what, under which terms, and what replays it."""
    basis, run, asked = report.basis, report.replay, as_dict(report.request, report.basis.place)
    sources = ("; ".join(f"{key}: {value}" for key, value in source.items() if value) for source in basis.sources)
    root = Xml.Element("metadata", {"xmlns:dcterms": _DUBLIN_CORE})
    for name, text in (
        ("title", report.title), ("alternative", report.subtitle), ("creator", "Pramshed"), ("identifier", run),
        ("date", report.request.question.day.isoformat()), ("language", "en-GB"), ("spatial", basis.place_name),
        ("abstract", report.answer), *(("description", caution) for caution in report.cautions),
        *(("rights", line) for line in report.credits),
        *(("source", line) for line in sources),
        ("provenance", f"Settings: {json.dumps(asked, ensure_ascii=False, sort_keys=True)}"),
        ("provenance", f"Place {basis.fingerprint}, walk rules {basis.rules_version}"),
    ):  # fmt: skip
        Xml.SubElement(root, f"dcterms:{name}").text = _NO_XML.sub("", text)
    return _written(root)


def _qgis_metadata(layer: _Layer, report: Report) -> str:
    """The same of a layer, as QGIS shows it among a layer's properties."""
    root = Xml.Element("qgis", version="3.22.0")
    for name, text in (
        ("identifier", layer.key), ("parentidentifier", report.key), ("language", "ENG"), ("type", "dataset"),
        ("title", f"{report.title}: {layer.title}"), ("abstract", f"{layer.about} {report.answer}"),
        *(("rights", line) for line in report.credits),
    ):  # fmt: skip
        Xml.SubElement(root, name).text = _NO_XML.sub("", text)
    return _written(root)


def _written(root: Xml.Element) -> str:
    Xml.indent(root)
    return Xml.tostring(root, encoding="unicode")
