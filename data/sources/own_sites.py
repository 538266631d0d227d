"""A user's own list of places to walk to: GeoJSON, GeoPackage, or CSV with coordinates."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd

from data.sources.boundaries import in_metres, list_layers, read_layer
from data.sources.delimited import find_column, numbers, read_delimited
from data.sources.workbooks import one_line
from geo import tables
from geo.crs import BNG, WGS84
from geo.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

NAMES = ("name", "title", "EstablishmentName", "site_name")
"""Spellings of the column that says what a place is called."""

_IDS = ("site_id", "id", "URN", "code")
_AREA_CODES = tuple(
    f"{area}YY{code}" for area in ("lsoa", "oa", "msoa", "wd", "ward", "lad") for code in ("cd", "_code")
)
_POINTS = ((("easting", "x"), ("northing", "y"), BNG), (("lon", "longitude", "lng"), ("lat", "latitude"), WGS84))


def read_own_sites(path: Path) -> gpd.GeoDataFrame:
    """Sites from a file of the user's own, as `geo.tables.Sites`.

    Parameters
    ----------
    path
        GeoJSON or GeoPackage of points or outlines in any stated reference system; or CSV with ``easting, northing``
        (metres, British National Grid) or ``lon, lat`` (degrees). ``name`` and ``site_id`` are taken where given. Of
        several layers one is named behind the file: ``sites.gpkg#halls``.

    Returns
    -------
    GeoDataFrame
        A site whose row says no place has no geometry; its ``note`` is the row's number.

    Raises
    ------
    InputError
        The file cannot be read, has no coordinates or several layers of which none is named, or lies off Great Britain.
    """
    path, layer = _layer_named(path)
    found = _of_csv(path) if path.suffix.lower() in (".csv", ".gz") else _of_layer(path, layer)
    nowhere = found.geometry.isna() | found.geometry.is_empty
    if nowhere.all():
        raise InputError(path, expected="at least one site with a place", found="none")
    require_places(found, path)
    found = found.set_geometry(found.geometry.mask(nowhere))
    sites = in_metres(found, path)
    name, number = find_column(set(sites.columns), NAMES), find_column(set(sites.columns), _IDS)
    ids = sites[number].astype(str) if number else pd.Series(range(1, len(sites) + 1)).astype(str)
    table = sites_table(sites.geometry, ids.to_numpy(), sites[name].to_numpy(object) if name else None, path.name)
    table["note"] = sites.index.astype(str).to_series(table.index).where(nowhere.to_numpy(), None)
    return tables.check(tables.Sites, table, str(path))


def require_places(table: gpd.GeoDataFrame, source: str | Path) -> None:
    """Refuse outlines of statistical areas: everybody lives in one, so nobody would have to walk.

    Raises
    ------
    InputError
        They are such outlines, by their column of codes.
    """
    code = find_column(set(table.columns), _AREA_CODES)
    if code and table.geometry.geom_type.isin(("Polygon", "MultiPolygon")).any():
        raise InputError(source, column=code, expected="places to walk to", found="outlines of areas, by their codes")


def sites_table(where: gpd.GeoSeries, ids: NDArray[Any], names: NDArray[Any] | None, source: str) -> gpd.GeoDataFrame:
    """A user's own places as `geo.tables.Sites`: open on every day, whoever runs them.

    Parameters
    ----------
    where
        British National Grid.
    ids, names
        Of each; names may be missing, one by one or altogether.
    source
        What the list is called.
    """
    return gpd.GeoDataFrame(
        {
            "name": None if names is None else one_line(pd.Series(names, dtype=object)).to_numpy(object),
            "kind": "community",
            "status": "open",
            "served_as": "open",
            "opened": pd.NaT,
            "linked_since": pd.NaT,
            "closed": pd.NaT,
            "date_precision": None,
            "last_seen": pd.NaT,
            "source": source,
            "source_date": pd.NaT,
            "postcode": None,
            "hub": None,
            "inside": True,
            "note": None,
        },
        geometry=where.to_numpy(),
        crs=BNG,
        index=pd.Index(ids, name="site_id", dtype="str"),
    )


def _of_csv(path: Path) -> gpd.GeoDataFrame:
    frame = read_delimited(path)
    for first, second, crs in _POINTS:
        x, y = find_column(frame.columns, first), find_column(frame.columns, second)
        if x and y:
            low, high = (0.0, 1_300_000.0) if crs == BNG else (-180.0, 180.0)
            east, north = (numbers(frame, column, source=path, low=low, high=high) for column in (x, y))
            points = gpd.GeoSeries(gpd.points_from_xy(east, north), index=frame.index, crs=crs)
            return gpd.GeoDataFrame(frame, geometry=points.where(east.notna() & north.notna(), None), crs=crs)
    raise InputError(
        path, expected="columns easting and northing, or lon and lat", found=f"columns {', '.join(frame.columns[:8])}"
    )


def _layer_named(path: Path) -> tuple[Path, str | None]:
    """The file and the layer that stand in a path such as ``sites.gpkg#halls``."""
    file, mark, layer = str(path).rpartition("#")
    return (Path(file), layer) if mark and not path.exists() else (path, None)


def _of_layer(path: Path, layer: str | None) -> gpd.GeoDataFrame:
    layers = list_layers(path)
    if layer not in layers if layer else len(layers) != 1:
        found = f"{len(layers)} layers with places on a map: {', '.join(layers[:8])}" if layers else "none"
        expected = f"one layer: name it as {path.name}#{layers[0]}" if layers else "a layer with places on a map"
        raise InputError(path, expected=expected, found=found)
    table = read_layer(path, layer=layer or layers[0])
    return table.set_axis(pd.RangeIndex(1, len(table) + 1))
