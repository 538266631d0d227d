"""Explore: find a place by name, read the walk from it and the reach of a centre."""

from __future__ import annotations

import re

import pandas as pd
import pytest
import shapely

from layers.html import escape
from tests.layers.hostile import HOSTILE
from tests.layers.reading import html, markdown

RYDE = "20004"
FROM_PO33 = {"at": "459180,92656"}


pytestmark = pytest.mark.usefixtures("typed")


def find(at, text):
    at.selectbox(key="_sought").set_value(text).run()
    assert not at.exception
    return at


def test_a_postcode_and_the_walk_from_it(visit, scenes):
    at = find(visit(), "po33 2lf")
    assert at.query_params["at"] == "459180,92656"
    assert at.query_params["area"] == "E01017337"
    assert "<h2>The walk from here</h2>" in html(at)
    assert (
        "<th scope='row'>Parent with a pram</th><td>Ryde Children&#x27;s Centre, about 5 minutes, 302 m</td>"
        in html(at)
    )
    assert "<th scope='row'>Adult alone</th><td>Ryde Children&#x27;s Centre, about 4 minutes, 302 m</td>" in html(at)
    assert "nearest play space</th><td>about 11 minutes, 724 m" in html(at)
    scene = scenes.drawn[-1]
    assert [marker.shape for marker in scene.markers][-1] == "here"
    (way,) = scene.drawn
    assert way.lines == ("The way to Ryde Children's Centre, about 5 minutes, 302 m",)
    west, south, east, north = scene.view
    assert all(west < lon < east and south < lat < north for lon, lat in way.corners)


def test_the_walk_is_that_of_the_walker_who_is_chosen(visit, scenes):
    at = visit(**FROM_PO33, who="adult")
    assert scenes.drawn[-1].drawn[0].lines == ("The way to Ryde Children's Centre, about 4 minutes, 302 m",)
    at.radio(key="to").set_value("play").run()
    assert scenes.drawn[-1].drawn[0].lines[0].startswith("The way to one without a name")
    assert "nearest play space" not in html(at)


def test_what_is_on_the_way_is_told_by_name_and_marked(visit, scenes):
    at = visit(at="455169,80154")  # in Wroxall, from which an adult's way to Ventnor has steps and stiles
    assert "<li>154 m along Station Road</li>" in html(at)
    assert "It has 2 flights of steps (" in html(at)
    marked = {(one.shape, one.label) for one in scenes.drawn[-1].markers if one.id.startswith("met-")}
    assert {("steps", "Steps"), ("gate", "A stile"), ("gate", "A gate")} <= marked
    assert ("uncrossed", "Crosses Ocean View Road (B3327), no crossing mapped") in marked
    assert "steps on the way" in html(at)


def test_streets_and_ferries_of_any_name_are_only_text(derive, visit):
    script, image = HOSTILE["script"], HOSTILE["image"]
    folder = derive("Strange", ferries=lambda ferries: ferries.assign(name=image))
    parts = pd.read_parquet(folder / "street_parts.parquet")
    parts.assign(name=script, ref=None).to_parquet(folder / "street_parts.parquet")
    at = visit(place="strange", at="450152,95585")  # in East Cowes, beside the chain ferry
    assert f"m along {escape(script)}</li>" in html(at)
    assert f"With the ferry {escape(image)} it is " in html(at)
    assert "<script" not in html(at)
    assert "<img src=http" not in html(at)


def test_a_name_of_several_shows_one_and_names_the_others(visit, scenes):
    at = find(visit(), "union street")
    assert "Shown: Union Street" in markdown(at).replace("\\", "")
    first = scenes.drawn[-1].view
    find(at, "Union Street, Ryde")
    assert "Shown:" not in markdown(at)
    assert scenes.drawn[-1].view != first


def test_what_is_nowhere_is_said(visit, scenes):
    at = find(visit(), "Zzyzx Boulevard <b>")
    assert "nothing here is called that" in markdown(at)
    assert "<b>" not in markdown(at).replace("\\<b\\>", "")
    assert "at" not in at.query_params
    find(at, "LS1 1AA")
    assert "at" not in at.query_params


def test_a_centre_that_is_found_shows_its_reach(visit, scenes):
    at = find(visit(), "Ryde Children's Centre")
    assert at.query_params["reach"] == RYDE
    assert "The reach of Ryde Children&#x27;s Centre" in html(at)
    scene = scenes.drawn[-1]
    assert scene.streetwise
    assert scene.along.limits == (5, 10, 15, 20, 30)
    assert scene.legend_title == "To Ryde Children's Centre"
    assert "<th scope='row'>up to 5 minutes</th>" in html(at)
    assert "<th scope='row'>longer, or no way on foot</th>" in html(at)
    assert "more than 30 minutes</th>" not in html(at)
    table = at.dataframe[0].value
    assert table["minutes"].tolist() == [5, 10, 15, 20, 30]
    assert table["under5"].is_monotonic_increasing
    assert (table["under5_nearest"] <= table["under5"]).all()
    assert re.search(r"If it closed, under-fives newly beyond 15 minutes: \d+\.", html(at))
    next(button for button in at.button if button.label == "Close this reach").click().run()
    assert "reach" not in at.query_params
    assert scenes.drawn[-1].legend_title == "Minutes on foot"


def test_a_centre_far_from_any_street_has_no_reach_and_says_so(visit, derive, scenes):
    """The map, the answer and all else stay."""

    def moved(centres):
        away = centres.geometry.where(centres.index != RYDE, shapely.Point(440_000, 70_000))
        return centres.set_geometry(away)

    derive("Afar", centres=moved)
    at = visit(place="afar", reach=RYDE)
    assert any(
        "no street data within 250 m, so its reach is not known" in one.value.replace("\\", "") for one in at.warning
    )
    assert "The reach of" not in html(at)
    assert scenes.drawn[-1].legend_title == "Minutes on foot"


def test_a_link_moves_the_map_and_a_click_on_it_does_not(visit, scenes):
    at = visit(**FROM_PO33)
    assert scenes.drawn[-1].view is not None
    scenes.click = {
        "last_active_drawing": {
            "type": "Feature",
            "properties": {"kind": "area", "id": "E01017337", "at": 1},
            "geometry": {"type": "Point", "coordinates": [-1.17, 50.72]},
        }
    }
    at.run()
    assert at.query_params["at"] != FROM_PO33["at"]
    assert scenes.drawn[-1].view is None
    next(button for button in at.button if button.label == "Close this walk").click().run()
    assert {"at", "area"} & set(at.query_params) == set()
    assert [marker.shape for marker in scenes.drawn[-1].markers if marker.shape == "here"] == []


@pytest.mark.parametrize("wrong", [{"at": "1,1"}, {"reach": "99999"}, {"at": "1"}])
def test_a_link_to_nowhere_opens_the_page(visit, wrong):
    at = visit(**wrong)
    assert not at.exception
    assert "The reach of" not in html(at)


def test_a_spot_without_streets_says_so(visit):
    at = visit(at="440000,70000")
    assert "no street data within 250 m" in html(at)
    assert "<th scope='row'>Parent with a pram</th>" not in html(at)


def test_a_ward_is_found_by_its_name_and_a_town_before_the_ward_of_that_name(visit, scenes):
    at = find(visit(), "ventnor and st lawrence")
    assert at.query_params["within"] == "E05013395"
    assert {"at", "area"} & set(at.query_params) == set()
    assert "<h2>Ventnor &amp; St Lawrence</h2>" in html(at)
    find(at, "bembridge")
    assert at.query_params["within"] == "bembridge"
    assert "<p class='pramshed-reason'>Village · homes in 2 neighbourhoods</p>" in html(at)
    assert "Shown: Bembridge, Brading. Or Bembridge (ward)? Choose it in the list." in markdown(at).replace("\\", "")
    find(at, "Bembridge (ward)")
    assert at.query_params["within"] == "E05013359"
    find(at, "Ashey")
    assert "within" not in at.query_params, "a hamlet is a spot"
    assert "at" in at.query_params


def test_a_place_is_found_on_another_pages_map(visit, scenes):
    at = find(visit("layers/pages/lost.py"), "po33 2lf")
    scene = scenes.drawn[-1]
    (here,) = [marker for marker in scene.markers if marker.shape == "here"]
    west, south, east, north = scene.view
    assert west < here.lon < east
    assert south < here.lat < north
    find(at, "Ventnor")
    scene = scenes.drawn[-1]
    assert scene.drawn
    assert scene.view[3] < here.lat
    next(one for one in at.button if one.label == "Show the whole place").click().run()
    assert scenes.drawn[-1].view == scenes.drawn[-1].bounds
    assert not scenes.drawn[-1].drawn


def test_another_place_is_seen_whole(visit, scenes, derive):
    """What was looked at lies in the place before."""
    derive("Twin")
    at = find(visit(), "po33 2lf")
    at.selectbox(key="place").set_value("twin").run()
    assert scenes.drawn[-1].view is None
    assert not [marker for marker in scenes.drawn[-1].markers if marker.shape == "here"]
    assert dict(at.query_params) == {"place": "twin"}
    assert at.selectbox(key="_sought").value is None
