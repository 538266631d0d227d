"""ONS Open Geography as it answers: layers made of tables, errors with status 200, pages that end without the flag."""

from __future__ import annotations

import json
import sqlite3

import geopandas as gpd
import numpy as np
import pandas as pd

from data.services.arcgis import GEOGRAPHY, layer_address
from tests.servers.scripted import Answer

KINDS = {"i": "esriFieldTypeInteger", "f": "esriFieldTypeDouble"}


def said(content, status=200):
    return Answer(json.dumps(content).encode(), status=status, kind="application/json")


def error(message, *details, code=400, status=200):
    """An error, which comes with status 200 unless a burst of calls drew it."""
    return said({"error": {"code": code, "message": message, "details": list(details)}}, status)


GONE = error("Invalid URL")
WITHDRAWN = error("Token Required", code=499)
BURST = error("Cannot perform query. Invalid query parameters.")
BURST_400 = error("Cannot perform query. Invalid query parameters.", status=400)


def no_field(name):
    return error("Cannot perform query. Invalid query parameters.", f"'Invalid field: {name}' parameter is invalid")


def card(table, *, most=2000):
    """What a layer says of itself."""
    columns = [name for name in table.columns if name != "geometry"]
    kinds = {name: KINDS.get(table[name].dtype.kind, "esriFieldTypeString") for name in columns}
    fields = [{"name": "FID", "type": "esriFieldTypeOID"}, *({"name": name, "type": kinds[name]} for name in columns)]
    return said({"maxRecordCount": most, "objectIdField": "FID", "fields": fields})


def rows(table, *, most=2000):
    """What a layer answers to a query: a function of what was asked."""
    plain = pd.DataFrame(table.drop(columns="geometry", errors="ignore")).reset_index(drop=True)

    def answer(asked):
        database = sqlite3.connect(":memory:")
        plain.to_sql("layer", database, index_label="FID")
        try:
            found = pd.read_sql(f"SELECT * FROM layer WHERE {asked['where']}", database)
            order = asked.get("orderByFields")
            found = found.sort_values(order, kind="stable") if order else found
        except (pd.errors.DatabaseError, KeyError) as fault:
            return no_field(str(fault).split("no such column: ")[-1])
        if asked.get("returnCountOnly") == "true":
            return said({"count": len(found)})
        names = asked["outFields"].split(",")
        names = list(plain.columns) if names == ["*"] else names
        if missing := [name for name in names if name not in found]:
            return no_field(missing[0])
        if asked.get("returnDistinctValues") == "true":
            found = found.drop_duplicates(names)
        start = int(asked.get("resultOffset", 0))
        end = start + min(int(asked.get("resultRecordCount", most)), most)
        flag = {"exceededTransferLimit": True} if end < len(found) else {}  # never there when it would be false
        page = found.iloc[start:end]
        cells = [
            {name: None if pd.isna(cell) else cell for name, cell in one.items()}
            for one in page[names].astype(object).to_dict("records")
        ]
        if asked["f"] == "json":
            return said({"objectIdFieldName": "FID", "features": [{"attributes": one} for one in cells]} | flag)
        shapes = table.geometry.iloc[page["FID"]]
        shapes = shapes.to_crs(int(asked.get("outSR", 4326)))
        features = [
            {"type": "Feature", "id": int(number), "geometry": shape, "properties": one}
            for number, shape, one in zip(page["FID"], _drawn(shapes), cells, strict=True)
        ]
        return said({"type": "FeatureCollection", "properties": flag, "features": features})

    return answer


def _drawn(shapes):
    return [feature["geometry"] for feature in json.loads(gpd.GeoSeries(shapes).to_json())["features"]]


def serve(service, layers, *, dead=(), most=2000):
    """Let a service answer as the portal does, for layers by their name; others are dead.

    Parameters
    ----------
    layers
        Tables by the layer's name; those with shapes are GeoDataFrames.
    dead
        Layers that are not there any more.
    most
        Rows that a layer gives at once.
    """
    listed = [{"name": name, "type": "FeatureServer", "url": layer_address(name)} for name in layers]
    service.on(GEOGRAPHY, said({"services": listed}))
    for name in dead:
        service.on(layer_address(name), GONE)
        service.on(f"{layer_address(name)}/query", GONE)
    for name, table in layers.items():
        service.on(layer_address(name), card(table, most=most))
        service.on(f"{layer_address(name)}/query", rows(table, most=most))


def authorities(*named):
    """An official list of authorities by ward, made up around some real ones: as many as England has, and a Welsh one."""
    filler = [(f"E07{number:06}", f"District {number}") for number in range(900, 1200 - len(named))]
    table = pd.DataFrame(
        [*named, *filler[: 296 - len(named)], ("W06000015", "Cardiff")], columns=["LAD26CD", "LAD26NM"]
    )
    twice = pd.concat([table, table], ignore_index=True)  # a row a ward
    return twice.assign(WD26CD=[f"E05{number:06}" for number in range(len(twice))])


def squares(codes, *, west=430_000, south=430_000, side=1_000, **columns):
    """Areas side by side from a corner (metres, British National Grid), their code under the name of a column."""
    from shapely import box

    ((name, values),) = codes.items()
    lefts = west + side * np.arange(len(values))
    shapes = [box(left, south, left + side, south + side) for left in lefts]
    return gpd.GeoDataFrame({name: list(values), **columns}, geometry=shapes, crs=27700)
