"""Play spaces from OpenStreetMap or OS Open Greenspace."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.sources.boundaries import in_metres, layer_fields, list_layers, read_layer, write_layers
from data.sources.delimited import file_day, find_column, require_columns, text
from data.sources.osm import OSM_FILES, read_tagged
from geo.crs import BNG
from geo.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

NOT_PUBLIC = ("private", "no", "customers")
"""Values of OpenStreetMap's ``access`` with which a play space is not for everybody."""

GREENSPACE = "OS Open Greenspace"
"""Their source, if they are the Ordnance Survey's."""

_DETAILS = ("access", "min_age", "max_age", "surface")
_PLAY_SPACE = "Play Space"
_FUNCTION = ("function", "site_type")
_REFERENCE = ("ref_to_greenspace_site", "refToGreenspaceSite", "refToGSite")
_NAMES = ("distinctive_name_1", "distinctiveName1", "distName1", "site_name")
_WALKED = "pedestrian"
_WIDEST_M = 1_000.0
"""No play space is wider: its entrances are sought so far beyond the rectangle that it reaches into."""


@dataclass(frozen=True)
class PlaySpaces:
    """Play spaces, and what the reader of the map should know.

    Parameters
    ----------
    table
        GeoDataFrame indexed by ``site_id`` (``node/1``, ``way/1``, ``relation/1`` or the Ordnance Survey's
        id): the columns of `geo.tables.Sites` (``inside`` is True for all until somebody looks) and
        ``access, min_age, max_age, surface`` (text as mapped, missing if not). Points, outlines or
        entrances (MultiPoint), British National Grid; with entrances also ``area_m2`` of the outlines.
    notes
        Plain sentences on what was left out or is odd.
    known
        On the same index and further ids: where every play space lies that the file has, those left out as private
        too; outlines, where the table has entrances.
    """

    table: gpd.GeoDataFrame
    notes: tuple[str, ...]
    known: gpd.GeoSeries


class _Found(NamedTuple):
    """Fields (``site_id, name`` and details, text) beside their geometry, and where they come from.

    ``outlines`` if they are others than the geometry; of all that the file has once some are left out.
    """

    fields: pd.DataFrame
    geometry: gpd.GeoSeries
    source: str
    day: pd.Timestamp | None
    notes: list[str]
    outlines: gpd.GeoSeries | None = None


def read_play_spaces(path: Path) -> PlaySpaces:
    """Read where children can play: OpenStreetMap's playgrounds or OS Open Greenspace's play spaces.

    Understood are OpenStreetMap extracts (``.osm.pbf``, ``.osm``), OpenStreetMap features as GeoJSON or
    GeoPackage (a column ``leisure``), and OS Open Greenspace (a column ``function``, or ``site_type`` as
    Trafford renames it). Playgrounds that are private or for customers are left out and counted. Where the
    Ordnance Survey's access points can be joined to their site, they stand for it: a family walks to the
    gate.

    Source: OpenStreetMap, ``leisure=playground``; Ordnance Survey, OS Open Greenspace, ``Play Space``.

    Raises
    ------
    InputError
        The file cannot be read, is none of these, or has an id twice.
    CrsError
        Its coordinates are not in a stated reference system or not on Great Britain.
    """
    path = Path(path)
    if not path.is_file():
        raise InputError(path, expected="an OpenStreetMap extract, GeoJSON or GeoPackage", found="no such file")
    if path.name.casefold().endswith(OSM_FILES):
        found = _public(_from_extract(path))
    else:
        layers = {layer: layer_fields(path, layer=layer) for layer in list_layers(path)}
        features = _layer_with(layers, ("leisure",))
        greenspace = _layer_with(layers, _FUNCTION)
        if features is not None:
            found = _public(_from_features(path, features))
        elif greenspace is not None:
            found = _from_greenspace(path, greenspace, _layer_with(layers, _REFERENCE))
        elif not any(layers.values()):
            found = _Found(_no_fields(), gpd.GeoSeries([], crs=BNG), "not stated", None, [])
        else:
            fields = ", ".join(repr(field) for layer in layers.values() for field in layer[:8])
            expected = "a column 'leisure' (OpenStreetMap) or 'function' (OS Open Greenspace)"
            raise InputError(path, column="leisure", expected=expected, found=f"only {fields}")
    return _as_sites(found, path)


def _from_extract(path: Path) -> _Found:
    """Collect tagged nodes, closed ways and multipolygons from an OpenStreetMap file."""
    tagged = read_tagged(path, tags=[("leisure", "playground")], keys=("name", *_DETAILS))
    notes = []
    if tagged.shapeless:
        ids = f"{len(tagged.shapeless):,} ({', '.join(tagged.shapeless[:20])})"
        notes.append(f"Playgrounds left out, for want of a closed outline in OpenStreetMap: {ids}.")
    fields = tagged.fields.rename(columns={"osm_id": "site_id"})
    return _Found(fields, tagged.geometry, "OpenStreetMap", tagged.day, notes)


def _from_features(path: Path, layer: str) -> _Found:
    """Collect playgrounds from a layer of OpenStreetMap features."""
    table = read_layer(path, layer=layer)
    leisure = find_column(list(table.columns), ("leisure",))
    table = table[table[leisure] == "playground"].reset_index(drop=True)
    lines = ~table.geom_type.isin(["Point", "Polygon", "MultiPolygon"])
    notes = []
    if lines.any():
        notes.append(f"Playgrounds left out, neither a point nor an outline: {int(lines.sum()):,}.")
    table = table[~lines].reset_index(drop=True)
    fields = _as_text(table)
    named = require_columns(
        fields, source=path, columns={}, optional={"name": ("name",)} | {key: (key,) for key in _DETAILS}
    )
    ids = _feature_ids(fields)
    if ids is None:
        notes.append(f"{path.name} has no OpenStreetMap ids: play spaces are numbered as they stand in it.")
        ids = _numbered(len(fields))
    return _Found(named.assign(site_id=ids), table.geometry, "OpenStreetMap", None, notes)


def _feature_ids(fields: pd.DataFrame) -> pd.Series[str] | None:
    """Return ids such as ``way/123`` from the columns that the usual exporters write, or None."""
    columns = list(fields.columns)
    words = {"n": "node", "w": "way", "r": "relation"}
    for column in ("@id", "id", "full_id", "osm_id"):
        header = find_column(columns, (column,))
        if header is None:
            continue
        parts = fields[header].str.extract(r"^(n|w|r)(?:ode|ay|elation)?/?(\d+)$")
        if len(parts) and parts.notna().all(axis=None):
            return parts[0].map(words) + "/" + parts[1]
    kind = find_column(columns, ("element", "element_type", "osm_type", "@type"))
    number = find_column(columns, ("osmid", "osm_id", "id", "@id"))
    if kind is None or number is None:
        return None
    digits = fields[number].str.removesuffix(".0")
    return fields[kind].str[:1].map(words).astype("str") + "/" + digits


def cut_greenspace(path: Path, bounds: tuple[float, float, float, float], out: Path) -> Path:
    """Write what OS Open Greenspace has of play spaces in a rectangle, as it has them: two layers of a GeoPackage.

    Parameters
    ----------
    path
        The GeoPackage of the whole country.
    bounds
        West, south, east, north in metres of British National Grid.
    out
        ``.gpkg``, which is written, or nothing of it.

    Raises
    ------
    InputError
        It is another file.
    """
    layers = {layer: layer_fields(path, layer=layer) for layer in list_layers(path)}
    sites_in, points_in = _layer_with(layers, _FUNCTION), _layer_with(layers, _REFERENCE)
    if sites_in is None or points_in is None:
        raise InputError(path, expected="green spaces and their access points", found=f"only {', '.join(layers)}")
    west, south, east, north = bounds
    wide = (west - _WIDEST_M, south - _WIDEST_M, east + _WIDEST_M, north + _WIDEST_M)
    sites = read_layer(path, layer=sites_in, where=_play_only(layers[sites_in]), bounds=bounds)
    points = read_layer(path, layer=points_in, bounds=wide)
    reference = find_column(layers[points_in], _REFERENCE)
    points = points[points[reference].isin(sites[find_column(layers[sites_in], ("id",))])]
    return write_layers({sites_in: sites, points_in: points}, out)


def _play_only(fields: Sequence[str]) -> str:
    return f"\"{find_column(fields, _FUNCTION)}\" = '{_PLAY_SPACE}'"


def _from_greenspace(path: Path, layer: str, points_layer: str | None) -> _Found:
    """Collect play spaces from OS Open Greenspace, each by its entrances on foot where they are known."""
    only = _play_only(layer_fields(path, layer=layer))
    table = read_layer(path, layer=layer, where=only).reset_index(drop=True)
    fields = _as_text(table)
    named = require_columns(fields, source=path, columns={}, optional={"site_id": ("id",), "name": _NAMES})
    notes: list[str] = []
    table = in_metres(table, path)
    geometry = table.geometry
    if (named["site_id"] == "").all():
        if len(named):
            notes.append(f"{path.name} has no ids: play spaces are numbered as they stand in it.")
        named["site_id"] = _numbered(len(named))
    elif points_layer is not None:
        entrances = _entrances(path, points_layer, named["site_id"])
        geometry = gpd.GeoSeries(entrances.where(entrances.notna(), geometry), crs=BNG)
        without = int(entrances.isna().sum())
        if without:
            notes.append(f"Play spaces shown by outline, no entrance on foot being known: {without:,}.")
    details = dict.fromkeys(_DETAILS, "")
    ids = named["site_id"].to_numpy()
    return _Found(named.assign(**details), geometry, GREENSPACE, None, notes, table.geometry.set_axis(ids))


def _entrances(path: Path, layer: str, site_ids: pd.Series[str]) -> pd.Series[Any]:
    """Return a MultiPoint of the entrances on foot of each site, or None, on the index of `site_ids`."""
    points = in_metres(read_layer(path, layer=layer), path).reset_index(drop=True)
    columns: dict[str, Sequence[str]] = {"site_id": _REFERENCE}
    kinds: dict[str, Sequence[str]] = {"kind": ("access_type", "accessType")}
    fields = require_columns(_as_text(points), source=path, columns=columns, optional=kinds)
    on_foot = fields["kind"].eq("") | fields["kind"].str.casefold().str.contains(_WALKED, regex=False)
    position = pd.Index(site_ids).get_indexer(pd.Index(fields["site_id"]))
    used = np.flatnonzero(on_foot.to_numpy() & (position >= 0))
    used = used[np.argsort(position[used], kind="stable")]
    gathered = np.full(len(site_ids), None, dtype=object)
    if len(used):
        sites, indices = np.unique(position[used], return_inverse=True)
        gathered[sites] = shapely.multipoints(points.geometry.to_numpy()[used], indices=indices)
    return pd.Series(gathered, index=site_ids.index, dtype="object")


def _public(found: _Found) -> _Found:
    """Leave out what is private or for customers, and count it."""
    closed = found.fields["access"].str.casefold().isin(NOT_PUBLIC)
    if not closed.any():
        return found
    note = f"Play spaces left out, private or for customers: {int(closed.sum()):,}."
    keep = ~closed.to_numpy()
    return found._replace(
        fields=found.fields[keep].reset_index(drop=True),
        geometry=found.geometry[keep].reset_index(drop=True),
        notes=[*found.notes, note],
        outlines=found.geometry.set_axis(found.fields["site_id"]),
    )


def _as_sites(found: _Found, path: Path) -> PlaySpaces:
    fields = found.fields
    twice = fields["site_id"].duplicated()
    if twice.any():
        code = fields["site_id"].iloc[int(np.argmax(twice.to_numpy()))]
        raise InputError(path, column="site_id", expected="each id once", found=f"{code!r} twice")
    notes = list(found.notes)
    if fields.empty:
        notes.append(f"{path.name}: no play spaces in it, which may be a gap in the map and not on the ground.")
    day = found.day if found.day is not None else file_day(path)
    unknown = np.datetime64("NaT", "ns")
    table = gpd.GeoDataFrame(
        {
            "name": text(fields, "name"),
            "kind": "play_space",
            "status": "open",
            "served_as": "open",
            "opened": unknown,
            "linked_since": unknown,
            "closed": unknown,
            "date_precision": pd.Series(np.nan, index=fields.index, dtype="str"),
            "last_seen": unknown,
            "source": found.source,
            "source_date": day,
            "postcode": pd.Series(np.nan, index=fields.index, dtype="str"),
            "hub": pd.Series(np.nan, index=fields.index, dtype="str"),
            "inside": True,
            "note": pd.Series(np.nan, index=fields.index, dtype="str"),
            **{key: text(fields, key) for key in _DETAILS},
        },
        index=fields.index,
        geometry=found.geometry.to_numpy(),
        crs=found.geometry.crs,
    )
    table = in_metres(table, path).astype(
        {"source_date": "datetime64[ns]", "kind": "str", "status": "str", "source": "str", "inside": "bool"}
    )
    table = table.set_index(pd.Index(fields["site_id"], name="site_id", dtype="str"))
    outlines = found.outlines
    known = table.geometry if outlines is None else in_metres(gpd.GeoDataFrame(geometry=outlines), path).geometry
    if (table.geom_type == "MultiPoint").any():
        table["area_m2"] = known.area.reindex(table.index)
    return PlaySpaces(table, tuple(notes), known)


def _layer_with(layers: dict[str, list[str]], spellings: Sequence[str]) -> str | None:
    return next((layer for layer, fields in layers.items() if find_column(fields, spellings) is not None), None)


def _as_text(table: gpd.GeoDataFrame) -> pd.DataFrame:
    """Turn the fields into text, a missing one into a blank."""
    fields = pd.DataFrame(table.drop(columns=table.geometry.name))
    return fields.astype("str").fillna("")


def _no_fields() -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype="str") for name in ("site_id", "name", *_DETAILS)})


def _numbered(count: int) -> pd.Series[str]:
    return "feature/" + pd.Series(np.arange(1, count + 1)).astype("str")
