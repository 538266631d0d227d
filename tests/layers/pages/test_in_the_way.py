"""What stands in the way: who is cut off, what mending would bring, and a press that tries it."""

from __future__ import annotations

import pytest

from tests.layers.reading import headline, listed, words

PAGE = "layers/pages/in_the_way.py"


def test_who_is_cut_off_on_the_map_and_as_a_table(visit, scenes):
    at = visit(PAGE, fix="cut-3")
    assert headline(at).startswith("40 under-fives beyond 15 minutes live within 1,000 m of a children's centre")
    assert "Across a railway: 470 m in a straight line, 1.1 km on foot; 6 under-fives." in words(at)
    scene = scenes.drawn[-1]
    assert scene.selected == "cut-3"
    *straight, walk = scene.drawn
    assert len(straight) == len(listed(at)) == sum(one.shape == "noted" for one in scene.markers)
    assert (walk.dashed, {one.dashed for one in straight}) == (False, {True})
    line = straight[2].corners
    assert [walk.corners[0], walk.corners[-1]] == [pytest.approx(line[0]), pytest.approx(line[1])], (
        "from home to centre"
    )


def test_a_barrier_is_mended_by_a_press(visit, scenes):
    at = visit(PAGE, obstacle="mend", who="adult")
    assert "This page is about walks with a pram" in words(at)
    first = listed(at).iloc[0]
    assert (first["kind"], first["near"], first["under5_within"]) == ("steps", "Maxted Close, Somerton", 12)
    key = next(one.id for one in scenes.drawn[-1].markers if one.shape == "steps")
    at.selectbox(key="fix").select(key).run()
    assert "1. Steps near Maxted Close, Somerton" in words(at)
    at.button(key="try-mend").click().run()
    assert not at.exception
    (change,) = at.session_state["changes"]
    assert (change.do, change.name, at.session_state["part"]) == ("mend", "Steps near Maxted Close, Somerton", "try")
    at.switch_page("layers/pages/what_if.py").run()
    at.radio(key="who").set_value("buggy").run()
    assert "12 fewer under-fives would live beyond 15 minutes" in words(at)
