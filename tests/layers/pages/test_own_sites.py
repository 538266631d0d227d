"""Explore for a reader's own list of sites: dropped in the menu, kept in the session, removed again."""

from __future__ import annotations

import pytest

from geo.errors import RequestError
from layers import cache
from layers.html import escape
from tests.layers.reading import headline, html, markdown, words

EVIL = "<img src=x onerror=alert(1)> {{7*7}} **b**"
CLUBS = f'name,easting,northing,postcode\nRyde library,459180,92656,\n"{EVIL}",450014,89065,\nCowes club,,,PO31 7RS\n'


def drop(at, content, name="clubs.csv"):
    at.get("file_uploader")[0].set_value((name, content.encode(), "text/csv")).run()
    assert not at.exception
    return at


@pytest.fixture
def dropped(visit):
    return lambda content=CLUBS, **query: drop(visit(**query), content)


def test_everything_answers_for_the_list(dropped, scenes):
    at = dropped(at="459180,92756")
    assert at.radio(key="to").value == "own"
    assert at.radio(key="to").options[-1] == "Your own list (3 sites)"
    assert "one of your sites" in headline(at)
    assert "The way to Ryde library, " in scenes.drawn[-1].drawn[0].lines[0]
    assert "clubs.csv: 3 sites, 1 of them by postcode. A link to this page shows others" in words(at)
    assert "kept in this browser session only" in words(at)
    own = [marker for marker in scenes.drawn[-1].markers if marker.shape == "own"]
    assert [marker.label for marker in own] == ["Ryde library", EVIL, "Cowes club"]
    assert {marker.lines for marker in own} == {("On your own list",)}
    assert {marker.shape for marker in scenes.drawn[-1].markers} == {"own", "here"}, "centres do not count now"
    assert EVIL not in html(at) + markdown(at)
    scenes.click = {
        "last_active_drawing": {
            "properties": {"kind": "site", "id": "own-3", "at": 1},
            "geometry": {"coordinates": [-1.29, 50.7]},
        }
    }
    at.run()
    assert f"The reach of {escape(EVIL)}" in html(at)
    assert scenes.drawn[-1].legend_title == f"To {EVIL}"


def test_it_is_in_no_link_and_another_reader_gets_centres_and_is_told(dropped, visit, scenes):
    at = dropped()
    assert at.query_params["to"] == "own"
    other = visit(**at.query_params)
    assert {marker.shape for marker in scenes.drawn[-1].markers} >= {"open", "linked"}
    assert "somebody's own list of sites" in words(other)
    assert "a children's centre" in headline(other)
    assert "Your own list (" not in str(other.radio(key="to").options)
    other.radio(key="to").set_value("play").run()
    assert "somebody's own list of sites" not in words(other)


def test_it_can_be_removed_and_then_nothing_is_left(dropped, scenes):
    at = dropped()
    at.pills(key="show").set_value(["centres"]).run()
    assert {marker.shape for marker in scenes.drawn[-1].markers} == {"own", "open", "linked"}, (
        "who wants them sees them"
    )
    at.button(key="own-remove").click().run()
    assert at.query_params == {}
    assert "a children's centre" in headline(at)
    assert "clubs.csv" not in words(at)


def test_a_list_with_faults_is_not_used_until_one_says_so(dropped):
    at = dropped("name,lat,lon\nHall,50.7,-1.3\nB <b>,here,-1.3\n")
    assert "Row 3, column lat: found 'here'; expected a number." in words(at).replace("**", "")
    assert "a children's centre" in headline(at)
    at.button(key="own-use").click().run()
    assert "one of your sites" in headline(at)
    assert "Row 3" not in words(at)


def test_sites_that_are_far_from_any_street_are_counted_and_said(dropped):
    said = words(dropped("name,easting,northing\nHall,450014,89065\nScotland,300000,700000\n"))
    assert "1 of your 2 sites is not within 250 m of a street" in said
    said = words(dropped("name,easting,northing\nScotland,300000,700000\n"))
    assert "None of your sites is within 250 m" in said


def test_other_pages_say_that_it_does_not_count_there(dropped, monkeypatch):
    def no_report(*_):
        message = "not today"
        raise RequestError(message)

    monkeypatch.setattr(cache.reports, "report", no_report)
    at = dropped()
    at.switch_page("layers/pages/reports.py").run()
    assert not at.exception
    assert "Your own list counts on Explore only" in words(at)


@pytest.mark.usefixtures("typed")
def test_its_sites_are_found_by_name(dropped, scenes):
    at = dropped()
    assert f"{EVIL} (your list)" in at.selectbox(key="_sought").options
    at.selectbox(key="_sought").set_value("ryde library (your").run()
    assert "The reach of Ryde library" in html(at)
    at.radio(key="to").set_value("centres").run()
    at.selectbox(key="_sought").set_value("Cowes club (your list)").run()
    assert "<h2>The walk from here</h2>" in html(at)
    at.button(key="own-remove").click().run()
    assert "Cowes club (your list)" not in at.selectbox(key="_sought").options
