"""From a walk on Explore that is not as people walk to a mark that says what is wrong."""

from __future__ import annotations

import shapely

from data.store.people import OPERATOR
from layers import i18n
from layers.answers.place_search import to_grid
from layers.marking import wording
from tests.layers.reading import words


def press(at, label):
    return next(button for button in at.button if button.label == label).click().run()


def said(at, message, **values):
    return i18n.words("en").of(message, **values) in words(at)


def wrong(visit, **query):
    return visit(**query).button(key="wrong-way").click().run()


def test_a_walk_that_is_wrong_opens_the_page_with_a_barrier_halfway(visit, community, scenes):
    at = wrong(visit, at="459180,92756")
    assert said(at, wording.CODE_NEEDED), "a stranger is asked for a code, as ever"
    at.text_input(key="mark-code").set_value(community.link.token)
    press(at, wording.NEXT)
    assert said(at, wording.STEP_COUNT, step=2, steps=4)
    scene = scenes.drawn[-1]
    ((here,), (way,)) = [one for one in scene.markers if one.shape == "added"], scene.drawn
    west, south, east, north = scene.bounds
    assert all(west < lon < east and south < lat < north for lon, lat in (*way.corners, (here.lon, here.lat)))
    press(at, wording.NEXT)
    press(at, wording.NEXT)
    at.text_input(key="mark-name").set_value("Locked gate")
    press(at, wording.SEND)
    (found,) = community.store.desk.queue(OPERATOR)
    assert found.draft.kind == "barrier"
    assert found.draft.geometry.distance(shapely.LineString([to_grid(*corner) for corner in way.corners])) < 5


def test_where_there_is_no_way_a_crossing_is_missing_at_the_spot(visit, community, scenes):
    at = wrong(visit, at="440000,70000")
    assert at.session_state["_marking"].kind == "missing_crossing"
    assert at.session_state["_marking"].corners == ((440_000, 70_000),)
    at.text_input(key="mark-code").set_value(community.link.token)
    press(at, wording.NEXT)
    assert said(at, wording.NOT_IN_PLACE, place="Isle of Wight")
