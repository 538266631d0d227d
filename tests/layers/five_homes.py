"""A place of five homes and what was lost there, to be worked out by hand."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.closures import Ledger, Lost
from geo.homes import Homes
from layers.answers.ledger import LedgerAnswer, LedgerQuestion
from layers.maps.closure_map import closure_map
from layers.maps.scene import Scene

A, B, C, D = "E01000001", "E01000002", "E01000003", "E01000004"


PLACE = SimpleNamespace(name="Isle", figures={"under5": "mid-2020", "residents": "Census 2021"})


DAY = pd.Timestamp("2016-03-07")


def ground(**figures):
    """Area A: homes of 4, 3 and 1 under-fives; B: of 2 and 3; C: one of 5; D: one of 2."""
    codes = [A, A, A, B, B, C, D]
    areas = pd.DataFrame(
        {"area_name": ["Alpha", "Beta", "Gamma", "Delta"], "ward_name": ["North", None, None, None],
         "under5": [8.0, 5.0, 5.0, 2.0]}, index=pd.Index([A, B, C, D], name="area_code"),
    )  # fmt: skip
    people = {"residents": [40.0, 30, 10, 20, 30, 50, 20], "under5": [4.0, 3, 1, 2, 3, 5, 2]} | figures
    origins = pd.DataFrame({"area_code": codes, **people}, index=[f"H{n}" for n in range(7)])
    return SimpleNamespace(areas=areas, origins=origins, homes=Homes.of(areas, origins))


def walks(**changes):
    """Of area A half walk no longer, 3 under-fives 10 minutes and 1 fifty; of B 5 and 20; C is off the streets."""
    nan = np.nan
    return pd.DataFrame(
        {
            "area_code": [A, A, A, B, B, C, D],
            "before_site_id": ["5", "1", "1", "1", "2", None, "5"],
            "before_minutes": [5.0, 5, 5, 10, 10, nan, 8],
            "after_site_id": ["5", "5", "5", "5", "6", None, "5"],
            "after_minutes": [5.0, 15, 55, 15, 30, nan, 8],
            "reached": ["yes"] * 5 + ["off_network", "yes"],
        }
        | changes,
        index=[f"H{n}" for n in range(7)],
    )


def sites(names, status, *, event=None):
    ids = list(names)
    known = gpd.GeoDataFrame(
        {"name": list(names.values()), "kind": "centre", "status": status, "opened": pd.NaT, "linked_since": pd.NaT,
         "closed": pd.NaT, "source": "GIAS", "date_precision": None, "served_as": "open"},
        index=pd.Index(ids, name="site_id"), crs=27700,
        geometry=[shapely.Point(450_000 + 500 * int(site_id), 90_000) for site_id in ids],
    )  # fmt: skip
    return known if event is None else known.assign(event=event, closed=DAY, date_precision="by")


def answer(*, rows=None, walked=None, question=None, together=None):
    """Site 1 became a linked site and is gone since; 2 is announced; 3 has no street near it; 4 is a neighbour's."""
    gone = sites({"1": "Oak", "2": "Ash", "3": "Elm", "4": "Yew"}, ["closed", "announced", "closed", "closed"],
                 event=["downgraded", "announced", "closed", "closed"])  # fmt: skip
    nan = np.nan
    closures = pd.DataFrame(
        {
            "name": ["Oak", "Ash", "Elm", "Yew"], "inside": [True, True, True, False], "status": list(gone["status"]),
            "event": list(gone["event"]), "event_day": [DAY, pd.NaT, DAY, DAY],
            "event_precision": ["day", "unknown", "month", "day"], "confirmed": [True, False, True, True],
            "source": ["GIAS", "council pages", "GIAS", None], "source_date": [DAY, DAY, pd.NaT, DAY],
            "note": [None, "The council calls it Ash.", None, None],
            "residents": [60.0, 30, nan, nan], "under5": [6.0, 3, nan, nan], "under2": [1.0, 0, nan, nan],
            "born_outside_uk": [7.4, 3.6, nan, nan], "extra_minutes_median": [10.0, 20, nan, nan],
            "extra_minutes_p90": [50.0, 20, nan, nan], "crossed": [4.0, 3, nan, nan], "no_way": [0.0, 0, nan, nan],
            "alone_crossed": [4.0, 3, nan, nan], "reopened_crossed": [5.0, 4, nan, nan],
            "share_crossed": [4.5, 3.5, nan, nan], "alone_minutes": [90.0, 30, nan, nan],
            "reopened_minutes": [600.0, 60, nan, nan], "share_minutes": [120.0, 45, nan, nan],
            "reached": ["yes", "yes", "off_network", "not_located"], "goes_to": ["5", "6", None, None],
        } | (rows or {}),
        index=pd.Index(["1", "2", "3", "4"], name="site_id"),
    )  # fmt: skip
    flows = pd.DataFrame(
        {"site_id": ["1", "2"], "to_site_id": ["5", "6"], "residents": [60.0, 30], "under5": [6.0, 3],
         "under2": [1.0, 0], "born_outside_uk": [7.4, 3.6]}
    )  # fmt: skip
    sums = {"residents": 90.0, "under5": 9.0, "under2": 1.0, "born_outside_uk": 11.0, "crossed": 8.0, "minutes": 165.0,
            "no_way": 0.0, "base": 15.0, "beyond_before": 2.0, "beyond_after": 10.0}  # fmt: skip
    left = sites({"5": "Fir", "6": "Pine"}, "open")
    ledger = Ledger(closures, flows, pd.DataFrame(columns=["site_id", "with_site_id", "crossed", "minutes"]),
                    pd.Series(sums | (together or {})), walked if walked is not None else walks())  # fmt: skip
    return LedgerAnswer(question or LedgerQuestion(day=date(2026, 6, 1), counting="full"), Lost(gone, left), ledger)


def drawn(told, chosen=None):
    address = "/app/static/places/areas-1.geojson"
    blank = Scene(areas_url=address, streets_url=address, bounds=(-1.6, 50.5, -1.0, 50.8))
    return closure_map(blank, told, chosen=chosen)
