"""Two days on Explore's map: one press, in the address, undone by one press or by the browser's Back."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pandas as pd

from layers.answers.question import today
from tests.layers.reading import html, listed, markdown, words

THEN = {"counts": "full", "day": "2015-01-01"}


def test_one_press_compares_a_day_with_today(visit, scenes):
    at = visit(**THEN)
    assert "Change since 1 January 2015" in at.pills(key="layer").options
    before = dict(at.query_params)
    at.toggle(key="_comparing").set_value(True).run()
    assert at.query_params == before | {"layer": "change"}
    assert at.pills(key="layer").value == "change"
    scene = scenes.drawn[-1]
    assert scene.legend_title == "Change since 1 January 2015"
    assert scene.along.told
    shut = [marker for marker in scene.markers if marker.shape == "shut"]
    assert len(shut) == 5
    assert shut[0].lines == ("there on 1 January 2015, not today",)
    assert "counted on 1 January 2015, not today" in html(at)
    said = unescape(words(at))
    assert "1,056 had a full children's centre within 15 minutes' walk on 1 January 2015 and have none today" in said
    assert re.search(r"who lost one within 15 minutes\s+1,056\s.*Net\s+1,056 fewer", said)
    rows = listed(at)
    assert list(rows.columns) == ["area", "ward", "before", "after", "change", "lost", "gained", "under5"]
    assert rows["lost"].is_monotonic_decreasing
    assert '"label":"1 January 2015"' in at.dataframe[0].proto.columns.replace(": ", ":")
    at.toggle(key="_comparing").set_value(False).run()
    assert at.query_params == before
    assert "Change since" not in markdown(at)


def test_back_undoes_it(visit, scenes):
    at = visit(**THEN, layer="change", drawn="areas")
    assert at.toggle(key="_comparing").value
    assert scenes.drawn[-1].along is None
    assert any("longer today than on 1 January 2015" in line for area in scenes.drawn[-1].areas for line in area.lines)
    at.query_params.clear()
    at.query_params.update({"place": "isle-of-wight", **THEN})
    at.run()
    assert not at.toggle(key="_comparing").value
    assert at.pills(key="layer").value == "walk"


def test_centres_that_were_reduced_are_told_at_once(visit):
    at = visit(day="2015-01-01", layer="change")
    assert "5 of the 8 centres that counted on 1 January 2015 have been reduced to linked sites since" in words(at)
    at.button(key="full-only").click().run()
    assert at.query_params["counts"] == "full"
    assert "reduced to linked sites" not in words(at)
    assert "1,056 had a full children's centre" in unescape(words(at))


def test_today_and_play_spaces_have_no_other_day(visit):
    at = visit(layer="change")
    assert at.pills(key="layer").value == "walk"
    assert not [one for one in at.toggle if one.key == "_comparing"]
    at = visit(**THEN, layer="change")
    at.select_slider(key="_slider").set_value(date(2016, 1, 1)).run()
    assert at.query_params["layer"] == "change", "it stays while the day changes"
    at.button(key="play-today").click().run()
    assert "layer" not in at.query_params


def test_where_no_children_are_known_nothing_is_counted(visit, derive):
    derive("Uncounted", areas=lambda t: t.assign(under5=float("nan")), origins=lambda t: t.assign(under5=float("nan")))
    at = visit(place="uncounted", **THEN, layer="change")
    assert "so we cannot count who lost or gained one" in words(at)
    assert listed(at)["lost"].isna().all()


def test_what_opened_since_is_on_the_map_and_counted(visit, scenes, derive):
    opened = pd.Timestamp("2018-05-01")
    derive("Opened", centres=lambda t: t.assign(opened=t["opened"].mask(t.index == "20004", opened)))
    at = visit(place="opened", day="2015-01-01", layer="change")
    assert [(one.id, one.lines[0]) for one in scenes.drawn[-1].markers if one.shape == "added"] == [
        ("20004", "not there on 1 January 2015, there today")
    ]
    assert "counts today, not on 1 January 2015" in html(at)
    assert listed(at)["gained"].sum() > 300, "341 under-fives live within 15 minutes of Ryde's centre"
    assert any("shorter today than on 1 January 2015" in line for one in scenes.drawn[-1].areas for line in one.lines)


def test_a_day_to_come_is_the_later_of_the_two(visit, derive):
    closes = pd.Timestamp(today()) + pd.Timedelta(days=200)
    derive("Ending", centres=lambda t: t.assign(
        status=t["status"].mask(t.index == "20004", "announced"), closed=t["closed"].mask(t.index == "20004", closes),
        date_precision=t["date_precision"].mask(t.index == "20004", "day"),
    ))  # fmt: skip
    at = visit(place="ending", day=str((closes + pd.Timedelta(days=1)).date()), layer="change")
    assert "Change by " in "".join(at.pills(key="layer").options)
    assert re.search(r"had a children's centre within 15 minutes' walk today and have none on ", unescape(words(at)))
    assert listed(at)["lost"].sum() > 300
