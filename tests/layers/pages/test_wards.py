"""Explore: the totals of wards and towns, on a card, on the map, in a table, in the address."""

from __future__ import annotations

import re

import pytest

from geo.whole import ROUNDED
from tests.layers.reading import headline, html, listed, markdown

VENTNOR, IN_VENTNOR = "E05013395", "E01017364"


def press(at, label):
    next(button for button in at.button if button.label.replace("\\", "") == label).click().run()
    assert not at.exception


@pytest.fixture(scope="module")
def ventnor(seen):
    """The whole of one ward, as a link shows it."""
    return seen(within=VENTNOR, counts="full")


def test_a_ward_in_one_line(ventnor):
    assert "<h2>Ventnor &amp; St Lawrence</h2>" in html(ventnor)
    assert "105 of 105 under-fives live more than 15 minutes&#x27; walk from a full children&#x27;s centre." in html(
        ventnor
    )
    assert "<th scope='row'>Rank among the wards</th><td>26 of 39" in html(ventnor)
    assert "Where to look first" not in html(ventnor)
    assert ventnor.query_params["within"] == VENTNOR


def test_the_table_is_narrowed_to_it(ventnor):
    table = listed(ventnor)
    assert len(table) == 3
    assert set(table["ward"]) == {"Ventnor & St Lawrence"}
    assert table["beyond"].sum() == 105
    assert "Only Ventnor & St Lawrence: 3 of 89. Close its card to see all." in markdown(ventnor).replace("\\", "")


def test_it_is_outlined_and_the_map_moves_there(visit, scenes):
    visit(within=VENTNOR)
    scene = scenes.drawn[-1]
    west, south, east, north = scene.view
    (outline,) = scene.drawn
    assert outline.corners[0] == outline.corners[-1]
    lon, lat = (sum(ends) / len(ends) for ends in zip(*outline.corners, strict=True))
    assert west < lon < east
    assert south < lat < north
    assert east - west < 0.1


def test_from_a_neighbourhood_to_its_ward_and_back(visit, scenes):
    at = visit(area=IN_VENTNOR)
    press(at, "The whole ward: Ventnor & St Lawrence")
    assert at.query_params["within"] == VENTNOR
    assert "area" not in at.query_params
    at.selectbox(key="area").set_value(IN_VENTNOR).run()
    assert at.query_params["within"] == VENTNOR, "it lies in the ward, so the ward stays"
    assert scenes.drawn[-1].selected == IN_VENTNOR
    assert len(scenes.drawn[-1].drawn) == 1
    at.selectbox(key="area").set_value("E01017282").run()
    assert "within" not in at.query_params
    assert scenes.drawn[-1].drawn == ()
    assert len(listed(at)) == 89


def test_a_ward_is_closed(visit):
    at = visit(within=VENTNOR)
    press(at, "Close this ward")
    assert "within" not in at.query_params
    assert "Where to look first" in html(at)


@pytest.mark.parametrize(
    "wrong", [{"within": "E05999999"}, {"within": "Ventnor"}, {"within": VENTNOR, "reach": "20004"}]
)
def test_a_link_to_no_ward_opens_the_page(visit, wrong):
    at = visit(**wrong)
    assert "within" not in at.query_params
    assert "Ward ·" not in html(at)


def test_the_table_of_wards_adds_up_to_about_the_headline_and_says_so(visit):
    at = visit()
    at.pills(key="rows").set_value("wards").run()
    assert at.query_params["rows"] == "wards"
    table = listed(at)
    beyond, known = (int(one.replace(",", "")) for one in re.match(r"([\d,]+) of ([\d,]+)", headline(at)).groups())
    assert table["under5_beyond"].sum() == pytest.approx(beyond, abs=3)
    assert table["under5_known"].sum() == pytest.approx(known, abs=3)
    assert ROUNDED in markdown(at)
    assert len(table) == 39
    assert table["beyond_rank"].tolist() == list(range(1, 40))
    at.pills(key="rows").set_value(None).run()
    assert len(listed(at)) == 39, "pressed again, it stays"


def test_a_town(visit, scenes):
    at = visit(within="ventnor", counts="full", rows="towns")
    assert "164 of 164 under-fives live more than 15 minutes&#x27; walk from a full children&#x27;s centre." in html(at)
    assert len(scenes.drawn[-1].drawn) == 1
    assert "Ventnor" in set(listed(at)["name"])
    at.pills(key="rows").set_value("areas").run()
    assert "Only those with homes in Ventnor: 4 of 89." in markdown(at)
    at.selectbox(key="area").set_value(IN_VENTNOR).run()
    assert at.query_params["within"] == "ventnor"
    at.selectbox(key="area").set_value("E01017282").run()
    assert "within" not in at.query_params
    press(at, "The whole town: Ryde")
    assert at.query_params["within"] == "ryde"


def test_what_is_not_known_has_no_rows(visit, derive):
    def without(areas):
        return areas.assign(ward_code=None, ward_name=None)

    derive("Wardless", areas=without)
    at = visit(place="wardless", rows="wards", within=VENTNOR)
    assert at.pills(key="rows").options == ["Neighbourhoods", "Towns and villages"]
    assert len(listed(at)) == 89
    (derive("Nameless", areas=without) / "labels.parquet").unlink()
    at = visit(place="nameless", rows="towns", within="ventnor")
    assert not [one for one in at.pills if one.key == "rows"]
    assert len(listed(at)) == 89


def test_a_neighbourhood_whose_ward_is_not_known_is_said(visit, derive):
    def forget(areas):
        none = areas["ward_code"] == VENTNOR
        return areas.assign(**{name: areas[name].mask(none) for name in ("ward_code", "ward_name")})

    derive("Partly", areas=forget)
    at = visit(place="partly", rows="wards")
    assert "Left out, because their ward is not known: 3 neighbourhoods." in markdown(at)
    assert "The whole ward" not in markdown(visit(place="partly", area=IN_VENTNOR))
