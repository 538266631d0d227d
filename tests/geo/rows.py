"""Tables of sites and of homes from a few words, on the drawn town's grid."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo import tables
from geo.crs import BNG
from tests.geo.conftest import ORIGIN

_TEXT = ("name", "kind", "status", "served_as", "date_precision", "source", "postcode", "hub", "note")
DAYS = ("opened", "linked_since", "closed", "last_seen", "source_date")
_SITE = {
    "kind": "centre", "status": "open", "served_as": None, "date_precision": None, "source": "a test",
    "postcode": None, "hub": None, "inside": True, "note": None,
} | dict.fromkeys(DAYS)  # fmt: skip


_MADE = {}


def site_table(rows, *, checked=True):
    """Sites, as `geo.tables.Sites`, from ``{id: {"at": (x, y) or None, "status": ...}}``; metres from ORIGIN.

    Those that are checked are made and checked once; each call gives another copy.
    """
    if not checked:
        return _site_table(rows)
    key = repr(rows)
    if key not in _MADE:
        _MADE[key] = tables.check(tables.Sites, _site_table(rows), "a test")
    return _MADE[key].copy()


def _site_table(rows):
    said = {
        name: _SITE | {"name": f"Centre {name}"} | {k: v for k, v in row.items() if k != "at"}
        for name, row in rows.items()
    }
    for row in said.values():
        row["served_as"] = row["served_as"] or ("linked" if row["status"] == "linked" else "open")
        if row["status"] in ("closed", "announced", "no_longer_listed") and not row["date_precision"]:
            row["date_precision"] = "day" if row["closed"] else "unknown"
    columns = list(_SITE | {"name": ""})
    frame = pd.DataFrame.from_dict(said, orient="index", columns=columns).rename_axis("site_id")
    frame.index = frame.index.astype("str")
    for day in DAYS:
        frame[day] = pd.to_datetime(frame[day]).astype("datetime64[ns]")
    frame["inside"] = frame["inside"].astype(bool)
    points = [
        None if row["at"] is None else shapely.Point(np.array(row["at"], float) + ORIGIN) for row in rows.values()
    ]
    table = gpd.GeoDataFrame(frame, geometry=points, crs=BNG)
    return table.astype(dict.fromkeys(_TEXT, "str"))


def home_table(rows, areas=None):
    """Homes, as `geo.tables.Origins`, from ``{id: ((x, y), under-fives)}``; ten residents a child, half a child under two,
    two residents born abroad a child; one area unless `areas` says which."""
    children = np.array([row[1] for row in rows.values()], float)
    xy = np.array([row[0] for row in rows.values()], float).reshape(-1, 2) + ORIGIN
    frame = pd.DataFrame(
        {
            "area_code": areas or "E01000001", "residents": 10 * children, "under2": children / 2, "under5": children,
            "born_outside_uk": 2 * children, "kind": "postcode",
        },
        index=pd.Index(list(rows), name="origin_id", dtype="str"),
    )  # fmt: skip
    return gpd.GeoDataFrame(frame, geometry=shapely.points(xy), crs=BNG)


def area_table(codes, **figures):
    """Areas, as `geo.tables.Areas`: squares in a row; ``figures`` are columns."""
    frame = pd.DataFrame(
        {
            "area_name": [f"Town {code[-1]}" for code in codes], "ward_code": None, "ward_name": None,
            "authority_code": "E06000099", "authority_name": "Town", "imd_score": 20.0, "imd_rank": 100.0,
            "imd_decile": 5.0, "idaci_rank": 100.0, "idaci_decile": 5.0, "residents": 1000.0,
            "born_outside_uk": 100.0, "under2": 40.0, "under5": 100.0, "change_2011": None,
        } | figures,
        index=pd.Index(codes, name="area_code", dtype="str"),
    )  # fmt: skip
    squares = [shapely.box(i * 1000, 0, (i + 1) * 1000, 1000) for i in range(len(codes))]
    return gpd.GeoDataFrame(frame, geometry=squares, crs=BNG)
