"""Network sites and planned openings on the pages: beside the centres, counted if asked for, ready to be opened."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from data.place import CARD, SAMPLE
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

    derive("Returned", card={"counts": counts | {"network_sites": 1, "family_hubs": 1}}, centres=returned)


def shapes(scene):
    return {marker.id: marker.shape for marker in scene.markers if marker.id.startswith("return-")}


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


def test_places_says_how_to_get_the_search_export(visit):
    assert "Full set of data" in html(visit("layers/pages/places.py"))
