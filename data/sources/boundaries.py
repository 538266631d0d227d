"""Outlines of neighbourhoods as ONS Open Geography publishes them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError
from pyproj.exceptions import CRSError, ProjError

from data.sources.delimited import find_column, require_columns
from data.sources.workbooks import workbook_in
from geo.crs import BNG, in_bng
from geo.errors import CrsError, InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

READ_ERRORS = (
    DataSourceError,
    DataLayerError,
    FeatureError,
    FieldError,
    GeometryError,
    shapely.GEOSException,
)
"""What GDAL and GEOS raise on a file that they cannot read."""

_CODES = {"lsoa21": ("LSOA21CD", "lsoa21_code"), "lsoa11": ("LSOA11CD", "lsoa11_code")}
_DATE = "OGR_CURRENT_DATE"
_AUTHORITY = ("LADCD_ACTIVE", "LADYYCD", "LTLAYYCD", "ltlaYY_code", "ladYY_code", "authority_code")


@dataclass(frozen=True)
class Boundaries:
    """Outlines of neighbourhoods.

    Parameters
    ----------
    table
        GeoDataFrame indexed by ``area_code`` with ``area_name, authority_code`` (missing where the file has
        none) and a valid Polygon or MultiPolygon in British National Grid.
    geography
        The areas' vintage, by the name of the file's code column.
    """

    table: gpd.GeoDataFrame
    geography: Literal["lsoa21", "lsoa11"]


def read_boundaries(path: Path) -> Boundaries:
    """Read the outlines of neighbourhoods from GeoJSON or GeoPackage.

    A GeoJSON file that names no reference system is in WGS84, as its standard says. Invalid outlines are
    repaired (ONS's generalised outlines hold seven).

    Parameters
    ----------
    path
        The file; of several layers the first with a column ``LSOA21CD`` (else ``LSOA11CD``) is read.

    Raises
    ------
    InputError
        The file cannot be read, has no areas, no code or name column, an outline that is not a polygon, or a
        code twice; the feature is named by its place in the file, counted from 1.
    CrsError
        The coordinates are not in a stated reference system or not on Great Britain (swapped axes show so).
    """
    layer, geography = _layer_of_areas(path)
    table = read_layer(path, layer=layer)
    if table.empty:
        raise InputError(path, expected="areas", found="none")
    fields = require_columns(
        pd.DataFrame(table.drop(columns="geometry")),
        source=path,
        columns={
            "area_code": _CODES[geography],
            "area_name": (f"{geography.upper()}NM", f"{geography}_name", "area_name"),
        },
        optional={"authority_code": _AUTHORITY},
    )
    fields = fields.astype("str").mask(lambda text: text == "")
    _check_codes(fields["area_code"], path)
    _check_polygons(table.geometry, fields["area_code"], path)
    outlines = _valid(in_metres(table, path).geometry)
    _check_polygons(outlines, fields["area_code"], path)  # a ring without an area is nothing once it is repaired
    return Boundaries(gpd.GeoDataFrame(fields, geometry=outlines, crs=BNG).set_index("area_code"), geography)


def list_layers(path: Path) -> list[str]:
    """List the layers of a map file; tables without places are none of them.

    Raises
    ------
    InputError
        There is no such file, or it cannot be read as a map.
    """
    if not Path(path).is_file():
        found = "a folder" if Path(path).is_dir() else "no such file"
        raise InputError(path, expected="a GeoJSON or GeoPackage file", found=found)
    with Path(path).open("rb") as file:
        start = file.read(8)
        workbook = workbook_in(start + file.read() if start.startswith(b"PK") else start)
    if workbook:
        raise InputError(path, expected="GeoJSON, GeoPackage, or the sheet saved as CSV", found=workbook)
    try:
        layers = {str(name): shapes for name, shapes in pyogrio.list_layers(path)}
    except READ_ERRORS as fault:
        raise InputError(path, expected="a GeoJSON or GeoPackage file", found=_short(fault, path)) from fault
    located = [name for name, shapes in layers.items() if shapes is not None]
    if layers and not located:
        raise InputError(path, expected="features on a map", found=f"a table without geometry ({', '.join(layers)})")
    return located


def layer_fields(path: Path, *, layer: str) -> list[str]:
    """List the fields of one layer of a map file.

    Raises
    ------
    InputError
        The layer cannot be read.
    """
    try:
        return [str(name) for name in pyogrio.read_info(path, layer=layer)["fields"]]
    except READ_ERRORS as fault:
        raise InputError(path, expected="a GeoJSON or GeoPackage file", found=_short(fault, path)) from fault


def read_layer(
    path: Path, *, layer: str, where: str | None = None, bounds: tuple[float, float, float, float] | None = None
) -> gpd.GeoDataFrame:
    """Read one layer of a map file, or those of its features for which the SQL condition `where` holds.

    With `bounds` (west, south, east, north in its own coordinates) those that meet the rectangle.

    Raises
    ------
    InputError
        The layer cannot be read, or has no geometry.
    """
    try:
        table = pyogrio.read_dataframe(path, layer=layer, where=where, bbox=bounds)
    except READ_ERRORS as fault:
        raise InputError(path, expected="a GeoJSON or GeoPackage file", found=_short(fault, path)) from fault
    if not isinstance(table, gpd.GeoDataFrame):
        raise InputError(path, expected="features on a map", found=f"a table without geometry ({layer})")
    return table


def write_layers(layers: Mapping[str, gpd.GeoDataFrame], out: Path) -> Path:
    """Write a GeoPackage, whole or not at all; the same tables make the same file, byte by byte."""
    draft = out.with_name(f".{out.name}")
    draft.unlink(missing_ok=True)
    pyogrio.set_gdal_config_options({_DATE: "2000-01-01T00:00:00.000Z"})  # else each has the moment of its writing
    try:
        for layer, table in layers.items():
            pyogrio.write_dataframe(table, draft, layer=layer, driver="GPKG", append=draft.exists())
    finally:
        pyogrio.set_gdal_config_options({_DATE: None})
    return draft.replace(out)


def in_metres(table: gpd.GeoDataFrame, path: Path) -> gpd.GeoDataFrame:
    """Return the table in British National Grid.

    Raises
    ------
    CrsError
        As `geo.crs.in_bng`; also a reference system that leads nowhere, or degrees that are called metres.
    """
    try:
        moved = in_bng(table, path)
    except (CRSError, ProjError) as fault:
        found = f"one that cannot be converted ({str(fault)[:100]})"
        raise CrsError(path, expected="a known coordinate reference system", found=found) from fault
    if len(moved) and np.abs(moved.total_bounds).max() <= 360:
        found = f"{table.crs.to_string()} with coordinates that look like degrees"
        raise CrsError(path, expected="metres on British National Grid", found=found)
    return moved


def _layer_of_areas(path: Path) -> tuple[str, Literal["lsoa21", "lsoa11"]]:
    layers = {layer: layer_fields(path, layer=layer) for layer in list_layers(path)}
    geographies: Sequence[Literal["lsoa21", "lsoa11"]] = ("lsoa21", "lsoa11")
    for geography in geographies:
        for layer, fields in layers.items():
            if find_column(fields, _CODES[geography]) is not None:
                return layer, geography
    fields = [field for layer in layers.values() for field in layer]
    found = "only " + ", ".join(map(repr, fields[:8])) if fields else "no areas"
    raise InputError(path, column="LSOA21CD", expected="a column 'LSOA21CD' (or 'LSOA11CD')", found=found)


def _check_codes(area_codes: pd.Series[str], path: Path) -> None:
    wrong = ~area_codes.str.fullmatch(r"[EW]01[0-9]{6}").astype(bool)
    if wrong.any():
        at = int(np.argmax(wrong.to_numpy()))
        found = f"{area_codes.iloc[at]!r} in feature {at + 1}"
        raise InputError(path, column="area_code", expected="an LSOA code such as E01000001", found=found)
    twice = area_codes.duplicated()
    if twice.any():
        at = int(np.argmax(twice.to_numpy()))
        first = int(np.argmax((area_codes == area_codes.iloc[at]).to_numpy()))
        found = f"{area_codes.iloc[at]!r} in features {first + 1} and {at + 1}"
        raise InputError(path, column="area_code", expected="each code once", found=found)


def _check_polygons(outlines: gpd.GeoSeries, area_codes: pd.Series[str], path: Path) -> None:
    kinds = outlines.geom_type
    wrong = ~kinds.isin(["Polygon", "MultiPolygon"]) | outlines.is_empty
    if wrong.any():
        at = int(np.argmax(wrong.to_numpy()))
        shape = "no outline" if outlines.isna().iloc[at] or outlines.is_empty.iloc[at] else f"a {kinds.iloc[at]}"
        found = f"{shape} in feature {at + 1} ({area_codes.iloc[at]})"
        raise InputError(path, column="geometry", expected="a Polygon or MultiPolygon", found=found)


def _valid(outlines: gpd.GeoSeries) -> gpd.GeoSeries:
    flat = shapely.force_2d(outlines.to_numpy())
    repair = ~shapely.is_valid(flat)
    # This method keeps areas only; the older one would leave lines and points beside them.
    flat[repair] = shapely.make_valid(flat[repair], method="structure", keep_collapsed=False)
    return gpd.GeoSeries(flat, index=outlines.index, crs=BNG)


def _short(fault: Exception, path: Path) -> str:
    said = str(fault).replace(str(path), Path(path).name)
    return "something else" if "not recognized as being in a supported file format" in said else said[:160]
