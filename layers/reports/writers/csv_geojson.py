"""A report's tables as CSV and GeoJSON, and the dictionary of their columns."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from geo.crs import WGS84
from layers.files.tables import harmless
from layers.reports.table import DECIMALS, UNITS, UNKNOWN, UNKNOWN_SAID, Column

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from layers.reports.report import Report
    from layers.reports.table import Table

Cell = str | int | float | date | None
"""What a file holds: a number as it is published, words, a day, or nothing."""

FIGURE_COLUMNS = (
    Column(key="figure", title="Figure", kind="code", about="Name of the figure in run.json."),
    Column(key="label", title="What is counted", kind="text", about="The figure in words."),
    Column(key="number", title="Number", kind="count", about="How many."),
    Column(key="unit", title="Unit", kind="text", about="What the number counts."),
    Column(key="base", title="Out of", kind="count", about="Out of how many; empty where there is no base."),
    Column(key="base_unit", title="Unit of the base", kind="text", about="What the base counts."),
    Column(key="share", title="Share", kind="text", about="The number's part of the base, in whole per cent."),
    Column(key="said", title="In words", kind="text", about="The figure as the report says it."),
)
"""The columns of the headline figures, which every form of a report has."""

FIGURES_TITLE = "Headline figures"

_INDEXES = {
    "area_code": ("Area code", "Code of the neighbourhood (LSOA 2021), Office for National Statistics."),
    "ward_code": ("Ward code", "Code of the ward, Office for National Statistics."),
    "site_id": ("Site key", "Number of the site in the register, or its key in OpenStreetMap."),
    "candidate_id": ("Place key", "Number of the closed site in the register, or the place's key in OpenStreetMap."),
    "group_key": ("Group key", "How neighbourhoods were grouped, and the group."),
    "speed_kmh": ("km/h", "How fast people walk on level ground, kilometres an hour."),
}
_PLACES = 7
"""Decimals of a degree: about a centimetre, as GDAL writes RFC 7946."""


@dataclass(frozen=True, kw_only=True)
class Cells:
    """A table cell by cell, as files hold it: the name of a row is a column like the others.

    Parameters
    ----------
    index
        That of the table.
    columns
        Those of the table, after one for its index where that has a name.
    rows
        Numbers and days as they are published; None where not known, or there is nothing to say.
    """

    index: pd.Index
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def shown(self, row: int, place: int) -> Cell:
        """A cell for a reader: a number that is not known as "[x]"."""
        value = self.rows[row][place]
        return UNKNOWN if value is None and self.columns[place].numeric else value


def cells_of(table: Table) -> Cells:
    """A table cell by cell."""
    columns, values = table.columns, table.values  # noqa: PD011 (the table's own)
    names = [[_cell(value, column) for value in values[column.key]] for column in columns]
    index = values.index
    if index.name is not None and str(index.name) not in values.columns:
        key = str(index.name)
        title, about = _INDEXES.get(key, (key.replace("_", " ").capitalize(), "What names the row."))
        speeds = key == "speed_kmh"
        columns = (Column(key=key, title=title, kind="speed" if speeds else "code", about=about, width=1.2), *columns)
        names = [[float(name) if speeds else str(name) for name in index], *names]
    return Cells(index=index, columns=columns, rows=tuple(zip(*names, strict=True)))


def _cell(value: Any, column: Column) -> Cell:  # noqa: ANN401 (whatever a table holds)
    if value is None or pd.isna(value):
        return None
    if column.numeric:
        return int(value) if DECIMALS[column.kind] == 0 else float(value) + 0.0  # no minus before a 0
    if column.kind == "day":
        return date(value.year, value.month, value.day)
    return str(value)


def figure_rows(report: Report) -> list[dict[str, Cell]]:
    """The headline figures, by the keys of `FIGURE_COLUMNS`: "[x]" stands where a number is not known."""
    return [
        {
            "figure": figure.key,
            "label": figure.label,
            "number": UNKNOWN if np.isnan(figure.value) else int(figure.value),
            "unit": figure.unit,
            "base": None if np.isnan(figure.base) else int(figure.base),
            "base_unit": None if np.isnan(figure.base) else figure.base_unit or figure.unit,
            "share": figure.share or None,
            "said": figure.said,
        }
        for figure in report.figures.values()
    ]


def csv_of(table: Table) -> bytes:
    """A table as CSV: keys above, then values as they are published, "[x]" not known.

    UTF-8 after a byte order mark, without which Excel takes it for Windows' own letters and breaks every name that is
    not in Latin letters; readers that need none pass over it. Lines end as RFC 4180 has them. Text that a spreadsheet
    would run is made harmless.
    """
    cells = cells_of(table)
    places = range(len(cells.columns))
    return _csv(
        [column.key for column in cells.columns],
        ([cells.shown(row, place) for place in places] for row in range(len(cells.rows))),
    )


def figures_csv_of(report: Report) -> bytes:
    """The headline figures as CSV, as `csv_of` writes it."""
    keys = [column.key for column in FIGURE_COLUMNS]
    return _csv(keys, ([row[key] for key in keys] for row in figure_rows(report)))


def _csv(keys: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(keys)
    writer.writerows([harmless(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def geojson_of(table: Table, report: Report) -> bytes:
    """A table with its outlines or points as GeoJSON (RFC 7946): WGS84, longitude first, outer rings anticlockwise.

    A cell that is not known is null.

    Parameters
    ----------
    table
        One with geometry.
    report
        Whose title, day and credits stand in the file, as members beside the features.

    Raises
    ------
    ValueError
        The table has no geometry.
    """
    if table.geometry is None:
        message = f"the table {table.key} has no geometry"
        raise ValueError(message)
    cells = cells_of(table)
    shapes = table.geometry.to_crs(WGS84)
    drawn = shapely.orient_polygons(shapes.to_numpy(), exterior_cw=False)
    features = [
        {
            "type": "Feature",
            "id": str(name),
            "geometry": None if shape is None or shape.is_empty else _rounded(shapely.geometry.mapping(shape)),
            "properties": {column.key: _plain(value) for column, value in zip(cells.columns, values, strict=True)},
        }
        for name, shape, values in zip(cells.index, drawn, cells.rows, strict=True)
    ]
    content: dict[str, Any] = {
        "type": "FeatureCollection", "title": f"{report.title}: {table.title}", "description": table.about,
        "date": report.request.question.day.isoformat(), "credits": list(report.credits),
    }  # fmt: skip
    if np.isfinite(shapes.total_bounds).all():
        content["bbox"] = [round(float(edge), _PLACES) for edge in shapes.total_bounds]
    content["features"] = features
    return (json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":")) + "\n").encode()


def _plain(value: Cell) -> str | int | float | None:
    return value.isoformat() if isinstance(value, date) else value


def _rounded(shape: Any) -> Any:  # noqa: ANN401 (a geometry, its rings, a position, a number)
    if isinstance(shape, dict):
        return {name: value if name == "type" else _rounded(value) for name, value in shape.items()}
    return round(shape, _PLACES) if isinstance(shape, float) else [_rounded(part) for part in shape]


def dictionary_of(report: Report) -> bytes:
    """What every table and column means, whose data it is and what to be careful about: text, to lie beside the CSV."""
    lines = [report.title, report.subtitle, "", report.answer, ""]
    lines += [f"In the cells: {UNKNOWN_SAID}. An empty cell has nothing to say.", ""]
    headlines = (("figures.csv", FIGURES_TITLE, "What the report says first.", FIGURE_COLUMNS),)
    tables = (
        (f"{table.key}.csv", table.title, table.about, cells_of(table).columns) for table in report.tables.values()
    )
    for file, title, about, columns in (*headlines, *tables):
        lines += [f"{file}: {title}", about]
        lines += [f"  {column.key} ({column.title}; {UNITS[column.kind]}): {column.about}" for column in columns]
        lines.append("")
    for heading, said in (("Be careful", report.cautions), ("Whose data it is", report.credits)):
        if said:
            lines += [heading, *(f"  {line}" for line in said), ""]
    return "\r\n".join(lines).encode("utf-8-sig")
