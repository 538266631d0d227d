"""Two days on Explore's map: one press, in the address, undone by one press or by the browser's Back."""

from __future__ import annotations

from datetime import date
from html import unescape

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
    assert "1,055 had a full children's centre within 15 minutes' walk on 1 January 2015 and have none today" in said
    assert "1,055 fewer within 15 minutes" in said
    rows = listed(at)
    assert list(rows.columns) == ["area", "ward", "before", "after", "change", "lost", "gained", "under5"]
    assert rows["lost"].is_monotonic_decreasing
    at.toggle(key="_comparing").set_value(False).run()
    assert at.query_params == before
    assert "Change since" not in markdown(at)


def test_back_undoes_it(visit, scenes):
    at = visit(**THEN, layer="change", drawn="areas")
    assert at.toggle(key="_comparing").value
    assert scenes.drawn[-1].along is None
    assert any("longer than on 1 January 2015" in line for area in scenes.drawn[-1].areas for line in area.lines)
    at.query_params.clear()
    at.query_params.update({"place": "isle-of-wight", **THEN})
    at.run()
    assert not at.toggle(key="_comparing").value
    assert at.pills(key="layer").value == "walk"


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
    assert "so who lost and who gained cannot be counted" in words(at)
    assert listed(at)["lost"].isna().all()
