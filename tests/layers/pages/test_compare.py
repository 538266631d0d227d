"""Two places on one page, under one question: figures, maps on one scale, and need that means the same in both."""

from __future__ import annotations

import re
from html import unescape

import pytest

from layers.maps.scene import values_json
from tests.layers.hostile import NAMES
from tests.layers.pages.test_attacks import harmless
from tests.layers.reading import html, words

PAGE = "layers/pages/compare.py"


def rows(at):
    """The cells of every table on the page, by the heading of the row."""
    found = re.findall(r"<tr>(?:<td class='pramshed-swatch'[^>]*></td>)?<th scope='row'>(.*?)</th>(.*?)</tr>", html(at))
    return {unescape(head): re.findall(r"<td>(.*?)</td>", cells.replace("\xa0", " ")) for head, cells in found}


@pytest.fixture
def twin(derive):
    """A place like the island where everybody is poorer and half of the children live."""
    derive(
        "Twin",
        areas=lambda t: t.assign(imd_rank=t["imd_rank"] / 100, idaci_rank=t["idaci_rank"] / 100),
        play=False,
    )


def test_two_places_side_by_side(visit, scenes, twin):
    at = visit(PAGE)
    assert at.selectbox(key="beside").value == "twin"
    assert at.query_params["beside"] == "twin"
    said = rows(at)
    assert said["Under-fives beyond 15 minutes"] == ["4,008 (68%)"] * 2
    high, low = said["High need"], said["Low need"]
    assert high[0] != high[1], "by England's thirds the poorer place has more of it"
    assert low[1].startswith("0 under-fives (0%)")
    assert "33,755 neighbourhoods of England" in words(at)
    first, second = scenes.drawn[-2:]
    assert first.span == second.span
    assert first.legend == second.legend == (), "one legend stands below both"
    assert len(rows(at)["more than 30 minutes"]) == 2
    assert "full centre</li>" in html(at)
    assert first.along.limits == second.along.limits
    assert scenes.keys[-2:] == ["side-isle-of-wight", "side-twin"]


def test_need_by_the_authorities_own_thirds(visit, scenes, twin):
    at = visit(PAGE, thirds="authority")
    assert at.radio(key="thirds-england").value == "authority"
    high = rows(at)["High need"]
    assert high[0] == high[1], "whoever is poorer in the same proportions has the same order"


def test_the_question_is_asked_of_both(visit, scenes, twin):
    at = visit(PAGE, place="twin", beside="isle-of-wight", counts="full", minutes="10", shade="need")
    assert at.selectbox(key="beside").value == "isle-of-wight"
    assert unescape(html(at)).count("10 minutes' walk from a full children's centre") == 2
    assert (
        rows(at)["Under-fives who lost one within 10 minutes since 1 January 2010, as far as is known"][0] != "0 (0%)"
    )
    fills = [{area.code: area.fill for area in scene.areas} for scene in scenes.drawn[-2:]]
    assert fills[0] != fills[1], "need is not the same in both"
    assert all(scene.streetwise and scene.along is None for scene in scenes.drawn[-2:]), "by the need of its area"
    before = dict(at.query_params)
    at.switch_page("layers/pages/explore.py").run()
    assert "beside" not in at.query_params
    at.switch_page(PAGE).run()
    assert at.query_params == before
    # the link below the maps leads to the other place's sources, whatever this page alone has in its address
    at.query_params.clear()
    at.query_params.update({key: before[key] for key in ("counts", "minutes")} | {"place": "isle-of-wight"})
    at.switch_page("layers/pages/about.py").run()
    assert at.title[0].value == r"Isle of Wight\: data and method"
    at.switch_page(PAGE).run()
    assert at.query_params["minutes"] == "10"


def test_a_place_without_the_data_says_not_known(visit, scenes, twin):
    at = visit(PAGE, to="play")
    assert "Not known: this place has no data on play spaces." in words(at)
    assert rows(at)["Under-fives beyond 15 minutes"][1] == "not known"
    assert rows(at)["Under-fives"] == ["5,891", "5,891"]
    assert len(scenes.drawn) == 1
    assert not [row for row in rows(at) if "lost one" in row]


def test_where_there_is_one_place_only_it_says_how_to_add_another(seen):
    at = seen(PAGE)
    assert "the only place here" in at.info[0].value.replace("\\", "")
    assert "cli.py build" in at.info[0].value
    assert not [one for one in at.selectbox if one.key == "beside"]


def test_a_place_that_is_not_there(visit, twin):
    assert visit(PAGE, beside="atlantis").selectbox(key="beside").value == "twin"


def test_a_place_with_a_hostile_name_is_only_text(visit, scenes, derive):
    derive("Twin", card={"name": NAMES["image"]})
    at = visit(PAGE)
    harmless("".join(one.body for one in at.html if not one.body.startswith("<style>")))
    for scene in scenes.drawn:
        assert not set(values_json(scene)[1:-1]) & set("{}<>")


@pytest.mark.usefixtures("typed")
def test_what_is_found_moves_the_map_that_has_it(visit, scenes, twin):
    at = visit(PAGE)
    key = "beside-isle-of-wight-and-twin-typed"
    at.selectbox(key=key).set_value("High Street, Newport (Twin)").run()
    first, second = scenes.drawn[-2:]
    assert first.view == first.bounds
    assert [one.label for one in second.markers if one.shape == "here"] == ["High Street, Newport"]
    at.selectbox(key=key).set_value("ryde").run()
    assert "Shown: Ryde (Isle of Wight) and Ryde (Twin)." in words(at)
    assert all(scene.drawn and scene.view != scene.bounds for scene in scenes.drawn[-2:])
    at.selectbox(key=key).set_value("<b>nowhere").run()
    assert "Nothing in Isle of Wight or Twin is called '<b>nowhere'." in words(at)
    assert "\\\\" not in next(one.value for one in at.caption if "nowhere" in one.value), "escaped once"
    at.selectbox(key=key).set_value("po33 2lf").run()
    next(one for one in at.button if one.label == "Show both places whole").click().run()
    assert all(scene.view == scene.bounds for scene in scenes.drawn[-2:])
    assert at.selectbox(key=key).value is None
