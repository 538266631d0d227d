"""Tables as files: CSV, GeoPackage, GeoJSON, GeoParquet; each with the lines that credit its sources beside it."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from data.sources.workbooks import FORMULA_SIGNS
from geo.crs import WGS84
from geo.errors import RequestError
from geo.need import FURTHER, SHARES, born_outside_uk_share
from layers.answers.need_classes import CLASSES, both_classes
from layers.files.drafts import drafts_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from layers.answers.place_parts import Parts
    from layers.answers.question import Answer

AREA_COLUMNS = (
    "area_name", "ward_name", "imd_decile", "under5", "born_outside_uk_share", "minutes_median", "minutes_p90",
    "metres_median", "within_share", "under5_beyond", "born_outside_uk_beyond", "need_score", "need_imd", "need_idaci",
    "need_abroad", "need_under5", "need_class", *CLASSES, "access_class", "gap_rank", "reason", "confidence",
    "off_network_share", "near_missing_streets", "imd_rank", "idaci_decile", "residents", "born_outside_uk", "under2",
)  # fmt: skip
ORIGIN_COLUMNS = (
    "area_code", "site_id", "minutes", "metres", "second_site_id", "second_minutes", "snap_m", "reached",
)  # fmt: skip
TOTAL_COLUMNS = (
    "beyond_rank", "name", "areas", "under5", "under5_known", "under5_beyond", "beyond_share", "under2",
    "born_outside_uk_beyond", "minutes_median",
)  # fmt: skip
_FORMULA = re.compile(f"[{FORMULA_SIGNS}]")

FORMATS = (".csv", ".gpkg", ".geojson", ".parquet")

_DECIMALS = {
    "minutes": 3, "second_minutes": 3, "minutes_median": 2, "minutes_p90": 2, "metres": 1, "metres_median": 1,
    "snap_m": 2, "within_share": 4, "off_network_share": 4, "born_outside_uk_share": 4, "under5_beyond": 1,
    "under5_known": 1, "under5": 1, "under2": 1, "beyond_share": 4,
    "born_outside_uk_beyond": 1, "need_score": 1, "need_imd": 1, "need_idaci": 1, "need_abroad": 1, "need_under5": 1,
}  # fmt: skip
_CHILDREN_OF_A_HOME = 4
"""Decimals: a home stands for a part of a child, so one as of an area would add up to something else."""


def area_table(answer: Answer) -> gpd.GeoDataFrame:
    """Areas with their gap, the largest first; missing ranks (no street data) last."""
    areas, gaps = answer.ground.areas, answer.gaps
    both = both_classes(areas, gaps, answer.question.weights)
    sources = gaps, {"born_outside_uk_share": born_outside_uk_share(areas)}, both, areas
    there = [name for name in FURTHER if FURTHER[name] in areas]
    names = (*AREA_COLUMNS, *(FURTHER[name] for name in there if name != "under2"), *(f"need_{name}" for name in there))
    columns = {name: next(source for source in sources if name in source)[name] for name in names}
    decimals = _DECIMALS | dict.fromkeys(SHARES.values(), 4) | {f"need_{name}": 1 for name in there}
    rounded = {name: column.round(decimals[name]) for name, column in columns.items() if name in decimals}
    table = gpd.GeoDataFrame(columns | rounded, geometry=areas.geometry)
    return table.take(np.argsort(gaps["gap_rank"].to_numpy(), kind="stable"))  # what is missing comes last


def total_table(totals: pd.DataFrame, parts: Parts) -> gpd.GeoDataFrame:
    """Wards or towns with their totals, the most under-fives beyond the threshold first.

    Parameters
    ----------
    totals, parts
        As `layers.answers.totals.totals` makes them, and what it makes them of.
    """
    table = gpd.GeoDataFrame(totals[list(TOTAL_COLUMNS)], geometry=parts.shapes.reindex(totals.index))
    return table.rename(columns={"name": f"{parts.one}_name"}).round(_DECIMALS)


def origin_table(answer: Answer) -> gpd.GeoDataFrame:
    """Origins with their walk, and the under-fives that each counts for in sums over the place (0: in none)."""
    table = answer.ground.origins[["geometry"]].join(answer.reach[list(ORIGIN_COLUMNS)]).round(_DECIMALS)
    table["under5"] = answer.ground.counted_children.round(_CHILDREN_OF_A_HOME)
    return table[[*ORIGIN_COLUMNS, "under5", "geometry"]]


def csv_text(table: pd.DataFrame) -> str:
    """A table as CSV, without its geometry; text that a spreadsheet would run as a formula is made harmless."""
    plain = pd.DataFrame(table.drop(columns="geometry", errors="ignore"))
    text = plain.select_dtypes(include=["str", "object"]).columns
    plain.index = plain.index.map(harmless)
    return plain.assign(**{name: plain[name].map(harmless, na_action="ignore") for name in text}).to_csv()


def harmless(cell: object) -> object:
    """A cell that no spreadsheet runs as a formula: text that would be one stands behind an apostrophe."""
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell


def require_writable(path: Path, formats: tuple[str, ...] = FORMATS, what: str = "a table") -> str:
    """The ending of a file that can be written, lower case; ask before a long answer is worked out.

    Parameters
    ----------
    path
        The file.
    formats, what
        The endings that there are for what is to be written.

    Raises
    ------
    RequestError
        The ending is none of them, or the folder is not there or cannot be written.
    """
    suffix = path.suffix.lower()
    if suffix not in formats:
        message = f"{path.name}: {what} can be written as {', '.join(formats)}"
        raise RequestError(message)
    if path.is_dir() or _notice_of(path).is_dir():
        message = f"{path}: a folder already has that name"
        raise RequestError(message)
    if not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
        message = f"{path.parent}: not a folder that can be written to"
        raise RequestError(message)
    return suffix


def write(table: gpd.GeoDataFrame, path: Path, *, attributions: Iterable[str], about: str) -> None:
    """Write a table in the format of the file's ending, whole or not at all.

    Parameters
    ----------
    table
        With a geometry column.
    path
        Ends in one of `FORMATS`.
    attributions, about
        Attribution lines and a sentence on what the table is, written to a ``.sources.txt`` beside it.

    Raises
    ------
    RequestError
        The ending is none of `FORMATS`, or the folder is not there or cannot be written.
    """
    suffix = require_writable(path)
    write_whole(path, lambda draft: _write_as(suffix, table, draft), attributions=attributions, about=about)


def write_whole(path: Path, make: Callable[[Path], object], *, attributions: Iterable[str], about: str) -> None:
    """Write a file, whole or not at all, with its credits beside it.

    Parameters
    ----------
    path
        The file.
    make
        Writes it, at the path that it is given.
    attributions, about
        As `write` has them.

    Raises
    ------
    RequestError
        It cannot be written.
    """
    with drafts_for(path) as folder:
        draft, notice = folder / path.name, folder / "sources.txt"
        make(draft)
        notice.write_text("\n".join([about, "", *attributions]) + "\n", encoding="utf-8")
        notice.replace(_notice_of(path))  # first, so that no table stands without its credits
        draft.replace(path)


def geojson_text(table: gpd.GeoDataFrame, attributions: Iterable[str]) -> str:
    """A table as GeoJSON (RFC 7946), with whom to credit as a member of its own.

    Parameters
    ----------
    table
        With a geometry column; its index is written as well.
    attributions
        Attribution lines.
    """
    features = json.loads(table.reset_index().to_crs(WGS84).to_json(drop_id=True, to_wgs84=True))["features"]
    return json.dumps({"type": "FeatureCollection", "attribution": " · ".join(attributions), "features": features})


def _notice_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.sources.txt")


def _write_as(suffix: str, table: gpd.GeoDataFrame, path: Path) -> None:
    if suffix == ".csv":
        path.write_text(csv_text(table), encoding="utf-8", newline="")
    elif suffix == ".parquet":
        table.to_parquet(path)
    elif suffix == ".geojson":
        table.to_crs(WGS84).to_file(path, driver="GeoJSON", index=True, RFC7946="YES", engine="pyogrio")
    else:
        table.to_file(path, layer=path.stem, driver="GPKG", index=True, engine="pyogrio")
