"""The published marks as files: GeoJSON, CSV, GeoPackage, and services of Open Referral UK.

Only the public copy is written, column by column as `geo.tables.Marks` has it: whatever else a table may carry stays
out. `data.store.exchange` reads every one of these files back.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from data.sources.workbooks import FORMULA_SIGNS
from data.store.exchange.open_referral import to_open_referral
from geo import tables
from geo.crs import WGS84
from geo.errors import RequestError
from layers.files.tables import csv_text, write_whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

FORMATS = {
    ".geojson": "application/geo+json",
    ".csv": "text/csv",
    ".gpkg": "application/geopackage+sqlite3",
    ".json": "application/json",
}
"""Ending and media type; ``.json`` is Open Referral UK."""

LAYER = "community_marks"

NO_TERMS = "Whoever runs this dashboard says on which terms they may be used elsewhere."
"""What a file says of its licence, as long as nobody has chosen one (``PRAMSHED_MARKS_LICENCE``)."""

_LOOKS_HARMLESS = re.compile(f"'+[{FORMULA_SIGNS}]")


def file_bytes(
    marks: gpd.GeoDataFrame,
    ending: str,
    *,
    place_name: str,
    licence: str,
    attributions: Sequence[str] = (),
    page: str = "",
) -> bytes:
    """The published marks as the content of one file, for a download.

    Terms and credits are inside the file, except in CSV, which has no place for them.

    Parameters
    ----------
    marks
        As `geo.tables.Marks`.
    ending
        Of `FORMATS`. Lists are codes with commas between. CSV has ``lon`` and ``lat`` of every mark, and ``wkt`` (in
        longitude and latitude) of lines and areas; text that a spreadsheet would run as a formula is made harmless
        with an apostrophe, which an import takes away again. GeoJSON is in longitude and latitude, GeoPackage in
        British National Grid.
    place_name
        The place, in words.
    licence, attributions
        Under which terms, and whom to credit.
    page
        Public address of the map, for services (see `data.store.exchange.open_referral`).

    Raises
    ------
    RequestError
        There is no such format.
    InputError
        The table is not as the contract has it.
    """
    if ending not in FORMATS:
        message = f"{ending}: marks can be written as {', '.join(FORMATS)}"
        raise RequestError(message)
    if ending == ".json":
        text = to_open_referral(marks, place_name, licence, attributions=attributions, page=page)
        return text.encode()
    table = published(marks)
    if ending == ".csv":
        return b"\xef\xbb\xbf" + _csv(table).encode()  # with the mark by which spreadsheets know UTF-8
    about = " ".join([about_marks(place_name, licence), *attributions])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{LAYER}{ending}"
        if ending == ".geojson":
            table = table.to_crs(WGS84)
            table.to_file(path, driver="GeoJSON", index=True, RFC7946="YES", engine="pyogrio", DESCRIPTION=about)
        else:
            table.to_file(path, driver="GPKG", layer=LAYER, index=True, engine="pyogrio", DESCRIPTION=about)
        return path.read_bytes()


def write(
    marks: gpd.GeoDataFrame,
    path: Path,
    *,
    place_name: str,
    licence: str,
    attributions: Sequence[str] = (),
    page: str = "",
) -> None:
    """Write the published marks in the format of the file's ending, whole or not at all, with terms and credits beside.

    Parameters
    ----------
    marks, place_name, licence, attributions, page
        As `file_bytes` takes them.
    path
        Ends in one of `FORMATS`.

    Raises
    ------
    RequestError
        The ending is none of `FORMATS`, or the file cannot be written.
    InputError
        The table is not as the contract has it.
    """
    content = file_bytes(
        marks, path.suffix.lower(), place_name=place_name, licence=licence, attributions=attributions, page=page
    )
    about = about_marks(place_name, licence)
    write_whole(path, lambda draft: draft.write_bytes(content), attributions=attributions, about=about)


def about_marks(place_name: str, licence: str) -> str:
    """What the marks are and under which terms, in two sentences."""
    return f"Places that community groups in {place_name} put on the map, each checked by a moderator. {licence}"


def published(marks: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The marks with the public columns only, days as text.

    Raises
    ------
    InputError
        The table is not as the contract has it.
    """
    checked = tables.check(tables.Marks, marks, "marks")
    days = {name: checked[name].dt.strftime("%Y-%m-%d").astype("str") for name in ("approved", "confirmed")}
    return tables.tidy(checked.assign(**days), tables.Marks)


def _csv(table: gpd.GeoDataFrame) -> str:
    shapes = table.geometry.to_crs(WGS84)
    points = shapely.get_coordinates(shapely.point_on_surface(shapes.to_numpy())).round(7)
    lines = shapely.get_type_id(shapes.to_numpy()) != shapely.GeometryType.POINT
    wkt = np.where(lines, shapely.to_wkt(shapes.to_numpy(), rounding_precision=7), "")
    text = table.select_dtypes(include=["str", "object"]).columns
    plain = pd.DataFrame(table.drop(columns="geometry")).assign(
        **{name: table[name].map(_marked) for name in text}, lon=points[:, 0], lat=points[:, 1], wkt=wkt
    )
    return csv_text(plain)


def _marked(cell: str) -> str:
    """One more apostrophe before a text that looks as if it had one already, so that an import is exact."""
    return f"'{cell}" if _LOOKS_HARMLESS.match(cell) else cell
