"""The URL keeps what was chosen and gives it back; whatever else it says is ignored."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

import pytest

from layers.session.parameters import PARAMETERS
from tests.layers.reading import headline, html, markdown

ONE = "E01017282"
EVERYTHING = {
    "place": "isle-of-wight", "to": "play", "counts": "full", "day": "2015-01-01", "who": "adult", "minutes": "10", "layer": "gap",
    "show": "play,closed", "area": ONE, "cell": "high-far", "need_imd": "0", "need_idaci": "2", "need_abroad": "3",
    "need_under5": "4",
}  # fmt: skip


def test_a_link_restores_everything(visit):
    at = visit(**EVERYTHING)
    assert at.selectbox(key="place").value == "isle-of-wight"
    assert at.radio(key="to").value == "play"
    assert at.radio(key="who").value == "adult"
    assert at.select_slider(key="minutes").value == 10
    assert at.pills(key="show").value == ["play", "closed"]
    assert at.selectbox(key="area").value == ONE
    assert [at.slider(key=f"need_{part}").value for part in ("imd", "idaci", "abroad", "under5")] == [0, 2, 3, 4]
    assert at.button(key="cell-high-far").label.startswith("**✓")
    assert at.query_params == EVERYTHING
    at.radio(key="to").set_value("centres").run()
    assert at.radio(key="counts").value == "full"
    assert at.select_slider(key="_slider").value == date(2015, 1, 1)


def test_a_square_of_the_legend_brings_its_colours(visit):
    """Need and walking time was the usual layer once, so that older links to a square of it do not name it."""
    at = visit(cell="high-far")
    assert at.pills(key="layer").value == "gap"
    assert at.button(key="cell-high-far").label.startswith("**✓")


def test_nothing_is_lost_from_run_to_run(visit):
    at = visit(**EVERYTHING | {"layer": "away", "drawn": "areas"})
    before = dict(at.query_params)
    at.run()
    at.switch_page("layers/pages/about.py")
    at.run()
    assert at.query_params == before
    at.switch_page("layers/pages/explore.py")
    at.run()
    assert at.query_params == before


def test_the_menu_forgets_nothing(visit):
    """Streamlit's menu opens a page without a query: what was chosen stays."""
    at = visit(**EVERYTHING)
    before = dict(at.query_params)
    at.query_params.clear()
    at.switch_page("layers/pages/about.py")
    at.run()
    at.query_params.clear()
    at.switch_page("layers/pages/explore.py")
    at.run()
    assert at.query_params == before


def test_the_menu_forgets_nothing_of_a_page_that_was_left_before_it_was_drawn(visit, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("layers.session.keep", lambda: None)
        at = visit(who="adult", to="play")
    at.query_params.clear()
    at.switch_page("layers/pages/about.py")
    at.run()
    assert (at.query_params["who"], at.query_params["to"]) == ("adult", "play")


def test_back_to_a_page_that_the_menu_opened(visit):
    """The menu's address is empty, and stays in the browser's history before the one that says all."""
    at = visit(who="adult", area=ONE)
    before = dict(at.query_params)
    at.query_params.clear()
    at.switch_page("layers/pages/about.py")
    at.run()
    assert at.query_params == before
    at.query_params.clear()
    at.run()
    assert at.query_params == before


def test_the_browsers_back(visit):
    at = visit()
    assert at.query_params == {}
    at.radio(key="who").set_value("adult").run()
    at.selectbox(key="area").set_value(ONE).run()
    for query in ({"place": "isle-of-wight", "who": "adult"}, {}):
        at.query_params.clear()
        at.query_params.update(query)
        at.run()
        assert at.query_params == query
        assert at.selectbox(key="area").value is None
        assert at.radio(key="who").value == query.get("who", "buggy")


def test_a_control_wins_over_the_url_of_the_run_before(visit):
    """Whoever is quick presses again before the browser has heard of the new URL."""
    at = visit(who="adult")
    old = dict(at.query_params)
    at.radio(key="who").set_value("toddler").run()
    at.query_params.clear()
    at.query_params.update(old)
    at.select_slider(key="minutes").set_value(30).run()
    assert at.radio(key="who").value == "toddler"
    assert at.select_slider(key="minutes").value == 30


PICKLE = "gASVHQAAAAAAAACMBXBvc2l4lIwGc3lzdGVtlJOUjAR0cnVllIWUUpQu"


@pytest.mark.parametrize(
    "junk",
    ["", " ", "\x00", "none,none", "<script>alert(1)</script>", "{{7*7}}", PICKLE, "../../etc/passwd", "E01017282'--",
     "E01099999", "E0101728\u0662", "x" * 8_000, "-1", "1e9", "nan", "15.0", "high", "high-far-", "open," * 500,
     "[x](javascript:alert(1))", "None", "\u202egap"],
    ids=lambda junk: ascii(junk)[:24],
)  # fmt: skip
def test_nonsense_in_the_url_is_ignored(seen, junk):
    plain = seen()
    at = seen(**dict.fromkeys([*(key for key in PARAMETERS if key != "name"), "unknown"], junk))
    assert not at.error
    assert "unknown" not in at.query_params
    assert headline(at) == headline(plain)
    assert len(urlencode(at.query_params)) < 300
    if len(junk) > 8:
        assert junk not in html(at) + markdown(at)


def test_a_value_given_twice(visit):
    at = visit(who=["adult", "toddler"])
    assert at.radio(key="who").value in {"adult", "toddler"}
