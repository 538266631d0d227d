"""Network sites and planned openings on the pages: beside the centres, counted if asked for, ready to be opened."""

from __future__ import annotations

import json
from datetime import date

import pandas as pd
import pytest

from data.place import CARD, SAMPLE, Place
from layers.answers.question import Question
from layers.reports.gather import gather
from layers.reports.request import ReportRequest
from tests.layers.reading import html, words

NAME = "<b>Library</b> {{7*7}}"


@pytest.fixture
def island(derive):
    """The bundled place, of which one closed centre's stand-in is a network site and another a planned hub."""
    counts = json.loads((SAMPLE / "isle_of_wight" / CARD).read_text("utf-8"))["counts"]

    def returned(table):
        first, second = table.iloc[[0]], table.iloc[[1]]
        common = {"source": "council's site return", "source_date": pd.Timestamp("2026-06-30"), "hub": None}
        network = first.assign(name=NAME, kind="network_site", status="open", served_as="open", **common)
        plan = second.assign(
            name="Later Hub",
            kind="hub",
            status="planned",
            served_as="open",
            opened=pd.Timestamp("2031-03-15"),
            **common,
        )
        added = pd.concat([network, plan]).set_axis(["return-PO301AA", "return-PO302AA"], axis=0)
        added["linked_since"] = pd.NaT
        return pd.concat([table, added.astype(table.dtypes.to_dict())]).rename_axis("site_id")

    return derive("Returned", card={"counts": counts | {"network_sites": 1, "family_hubs": 1}}, centres=returned)


def shapes(scene):
    return {marker.id: marker.shape for marker in scene.markers if marker.id.startswith("return-")}


def cells(report, key):
    return report.tables[key].values  # noqa: PD011 (no frame's)


def test_explore_shows_them_and_counts_them_if_asked(island, visit, scenes):
    at = visit(place="returned")
    assert shapes(scenes.drawn[-1]) == {"return-PO301AA": "network", "return-PO302AA": "planned"}
    assert "network site, some of a hub" in html(at)
    assert "planned to open" in html(at)
    assert "<b>Library" not in html(at)
    assert "8 sites count" in words(at)
    at.radio(key="counts").set_value("network").run()
    assert at.query_params["counts"] == "network"
    assert "a children's centre or network site" in words(at).replace("&#x27;", "'")
    assert "1 network site" in words(at)


def test_a_day_after_the_plan_shows_it_open(island, visit, scenes):
    at = visit(place="returned", day="2031-03-15")
    assert shapes(scenes.drawn[-1])["return-PO302AA"] == "open"
    assert "Later Hub" in words(at), "a plan is no proof, so it is said to be uncertain"


def test_what_if_offers_the_plan(island, visit, scenes):
    at = visit("layers/pages/what_if.py", place="returned")
    assert shapes(scenes.drawn[-1]) == {"return-PO301AA": "network", "return-PO302AA": "planned"}
    at.button(key="plan-return-PO302AA").click().run()
    assert shapes(scenes.drawn[-1])["return-PO302AA"] == "open"
    assert "Open Later Hub" in html(at)


def test_a_report_names_them_and_draws_them(island):
    place = Place.open(island)
    report = gather(place, ReportRequest(question=Question(day=date(2026, 12, 1))))
    rows = cells(report, "beside")
    assert rows.loc["return-PO302AA", ["what", "opened", "symbol"]].tolist() == [
        "planned to open", date(2031, 3, 15), "planned",
    ]  # fmt: skip
    assert rows.loc["return-PO301AA", ["name", "symbol"]].tolist() == [NAME, "network"]
    assert not any(site.startswith("return-") for site in cells(report, "sites").index)
    assert {"network", "planned"} <= {symbol for one in report.maps.values() for symbol in one.sites["symbol"]}
    counted = gather(place, ReportRequest(question=Question(day=date(2026, 12, 1), counting="network")))
    assert cells(counted, "sites").loc["return-PO301AA", "what"] == "network site: some of a hub's services"


def test_places_says_how_to_get_the_search_export(visit):
    assert "Full set of data" in html(visit("layers/pages/places.py"))
