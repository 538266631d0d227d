"""The marking page: four steps from a group's link to a mark in the queue, in any language; and what became of it."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from data.place import SAMPLE, Place
from data.store.people import OPERATOR
from geo.crs import to_wgs84
from geo.errors import DeniedError
from layers import i18n
from layers.marking import sending, wording
from layers.session.marking import Marking
from tests.layers.reading import html, words

PAGE = "layers/pages/mark.py"
EVIL = "<img src=x onerror=alert(1)> {{7*7}} **b** [x](javascript:1)"
HALL = (450_014.0, 89_065.0)


@pytest.fixture
def mark(visit, community):
    """Open the page by the group's link: ``mark(lang="ar")``."""
    return lambda **query: visit(PAGE, **({"link": community.link.token} | query))


def tapped(scenes, x=HALL[0], y=HALL[1], at=1, kind="place", name=""):
    """What the browser reports when somebody taps there."""
    lon, lat = to_wgs84(np.array([x]), np.array([y]))
    scenes.click = {
        "last_active_drawing": {
            "properties": {"kind": kind, "id": name, "at": at},
            "geometry": {"coordinates": [float(lon[0]), float(lat[0])]},
        }
    }


def press(at, label, code="en"):
    said = i18n.words(code).of(label)
    return next(button for button in at.button if button.label == said).click().run()


def to_last_step(at, scenes, kind="meeting_place", code="en", **where):
    at.button(key=f"kind-{kind}").click().run()
    tapped(scenes, **where)
    at.run()
    press(at, wording.NEXT, code)
    return press(at, wording.NEXT, code)


def waiting(community):
    return community.store.desk.queue(OPERATOR)


def said(at, message, code="en", /, **values):
    return i18n.words(code).of(message, **values) in words(at)


def test_four_steps(mark, community, scenes):
    at = mark()
    assert said(at, wording.ADDING_FOR, group="Newport families", place="Isle of Wight")
    at.button(key="kind-drop_in").click().run()
    assert scenes.drawn[-1].marking
    assert said(at, wording.TAP_TWICE)
    assert dict(scenes.drawn[-1].words)["nearer"] == wording.NOW_TAP
    tapped(scenes)
    at.run()
    assert [m.id for m in scenes.drawn[-1].markers] == ["tapped-0"]
    press(at, wording.NEXT)
    at.pills(key="mark-days").set_value(["thu", "tue"])
    at.multiselect(key="mark-languages").set_value(["ar", "pl"])
    at.radio(key="mark-pram_friendly").set_value("partly")
    at.radio(key="mark-cost").set_value("free")
    press(at, wording.NEXT)
    at.text_input(key="mark-name").set_value("Coffee morning")
    at.text_area(key="mark-note").set_value("Ring the bell.")
    at.text_input(key="mark-contact").set_value("ask for Ada")
    press(at, wording.SEND)
    assert said(at, wording.THANKS)
    (found,) = waiting(community)
    draft = found.draft
    assert (draft.kind, draft.name, draft.note, draft.contact) == (
        "drop_in", "Coffee morning", "Ring the bell.", "ask for Ada",
    )  # fmt: skip
    assert (draft.days, draft.languages, draft.pram_friendly, draft.cost) == (
        ("tue", "thu"), ("ar", "pl"), "partly", "free",
    )  # fmt: skip
    assert draft.geometry.distance(shapely.Point(HALL)) < 2
    assert found.group == "Newport families"


def test_what_was_filled_in_is_there_on_the_way_back(mark, scenes):
    at = to_last_step(mark(), scenes)
    at.text_input(key="mark-name").set_value("Hall")
    press(at, wording.BACK)
    at.pills(key="mark-days").set_value(["sun"])
    press(at, wording.BACK)
    press(at, wording.NEXT)
    assert at.pills(key="mark-days").value == ["sun"]
    press(at, wording.NEXT)
    assert at.text_input(key="mark-name").value == "Hall"


@pytest.mark.parametrize("code", [code for code in i18n.LANGUAGES if code != "en"])
def test_all_steps_in_every_language(mark, community, scenes, code):
    at = mark(lang=code)
    assert said(at, wording.TITLE, code)
    assert said(at, wording.AWAITS_REVIEW, code)
    at = to_last_step(at, scenes, code=code)
    at.text_input(key="mark-name").set_value("Hall")
    press(at, wording.SEND, code)
    assert said(at, wording.THANKS, code)
    assert len(waiting(community)) == 1
    right_to_left = any("direction:rtl" in one.body for one in at.html)
    assert right_to_left == i18n.LANGUAGES[code].right_to_left


def test_the_map_is_not_the_only_way(mark, community, scenes):
    at = mark()
    at.button(key="kind-meeting_place").click().run()
    at.text_input(key="mark-where").set_value("PO30 2AN")
    press(at, wording.FIND)
    at.button(key="where-0").click().run()
    assert at.text_input(key="mark-where").value == ""
    press(at, wording.NEXT)
    press(at, wording.NEXT)
    at.text_input(key="mark-name").set_value("Hall")
    press(at, wording.SEND)
    (found,) = waiting(community)
    there = Place.open(SAMPLE / "isle_of_wight").origins().geometry["PO302AN"]
    assert found.draft.geometry.distance(there) < 1


def test_what_cannot_be_found_is_said(mark, scenes):
    at = mark()
    at.button(key="kind-other").click().run()
    at.text_input(key="mark-where").set_value("Qwxyzzy Boulevard")
    press(at, wording.FIND)
    assert said(at, wording.NOTHING_FOUND, text="Qwxyzzy Boulevard")
    assert next(b for b in at.button if b.label == wording.NEXT).disabled


def test_outside_the_place(mark, scenes):
    at = mark()
    at.button(key="kind-other").click().run()
    tapped(scenes, 430_000, 435_000)
    at.run()
    assert said(at, wording.NOT_IN_PLACE, place="Isle of Wight")
    assert next(b for b in at.button if b.label == wording.NEXT).disabled


def test_is_it_this_one(mark, community, scenes):
    there = community.put(name="Coffee in the hall")
    at = mark()
    at.button(key="kind-meeting_place").click().run()
    tapped(scenes, HALL[0] + 60, HALL[1])
    at.run()
    assert "Coffee in the hall" in words(at)
    assert next(b for b in at.button if b.label == wording.NEXT).disabled
    at.button(key=f"same-{there.id}").click().run()
    press(at, wording.YES_STILL_THERE)
    assert community.store.desk.get(OPERATOR, there.id).still_there == 1
    assert waiting(community) == []


def test_what_nobody_has_confirmed_for_long_is_asked_about(mark, community, monkeypatch, scenes):
    monkeypatch.setenv("PRAMSHED_CONFIRM_AFTER_DAYS", "30")
    there, home = community.put(name="Old hall"), community.put(kind="peer_group", name="At home", at_home=True)
    at = mark()
    assert "Old hall" in words(at)
    assert "At home" not in words(at)
    at.button(key=f"still-False-{there.id}").click().run()
    assert said(at, wording.STILL_THERE_THANKS)
    assert community.store.desk.get(OPERATOR, there.id).gone == 1
    at.run()
    assert "Old hall" not in words(at)
    assert home.status == "approved"


def test_it_is_another(mark, community, scenes):
    community.put(name="Coffee in the hall")
    at = mark()
    at.button(key="kind-meeting_place").click().run()
    tapped(scenes)
    at.run()
    at.button(key="another").click().run()
    assert not next(b for b in at.button if b.label == wording.NEXT).disabled


def test_a_line(mark, community, scenes):
    at = mark()
    at.button(key="kind-barrier").click().run()
    at.segmented_control(key="mark-shape").set_value("line").run()
    for number, x in enumerate((0, 40, 80)):
        tapped(scenes, HALL[0] + x, HALL[1], at=number + 1)
        at.run()
    assert len(scenes.drawn[-1].drawn[0].corners) == 3
    press(at, wording.UNDO_CORNER)
    press(at, wording.NEXT)
    at.radio(key="mark-stops").set_value("prams")
    press(at, wording.NEXT)
    at.text_input(key="mark-name").set_value("Muddy path")
    press(at, wording.SEND)
    (found,) = waiting(community)
    assert found.draft.geometry.geom_type == "LineString"
    assert found.draft.geometry.length == pytest.approx(40, abs=1)
    assert found.draft.stops == "prams"


def test_something_must_be_written(mark, community, scenes):
    at = to_last_step(mark(), scenes)
    press(at, wording.SEND)
    assert said(at, wording.NAME_FIRST)
    assert waiting(community) == []


@pytest.mark.parametrize(("opens", "closes", "fits"), [("09:00", "10:00", True), ("10:00", "10:00", False),
                                                       ("10:00", "09:00", False)])  # fmt: skip
def test_a_place_closes_after_it_opens(opens, closes, fits):
    english = i18n.words("en")
    wrong = sending.unfilled(english, {"opens": opens, "closes": closes, "name": "Hall"})
    assert wrong == (None if fits else english.of(wording.CLOSES_AFTER))


def test_only_what_is_asked_about_such_a_mark_is_sent():
    """Whoever changes the kind on the way back may have filled in what is asked about another."""
    answers = {"name": "Steps", "stops": "prams", "days": ("mon",), "toilets": "yes"}
    barrier = sending.draft_of("isle-of-wight", Marking(kind="barrier", corners=(HALL,)), answers)
    assert (barrier.name, barrier.stops, barrier.days, barrier.toilets) == ("Steps", "prams", (), "")
    hall = sending.draft_of("isle-of-wight", Marking(kind="meeting_place", corners=(HALL,)), answers)
    assert (hall.name, hall.stops, hall.days, hall.toilets) == ("Steps", "", ("mon",), "yes")


@pytest.mark.parametrize(
    ("note", "kind"),
    [("Call 07700 900123", "phone"), ("write to someone@example.org", "email"), ("my son Ahmed likes it", "child")],
)
def test_what_gives_somebody_away_is_asked_to_be_taken_out(mark, community, scenes, note, kind):
    at = to_last_step(mark(), scenes)
    at.text_input(key="mark-name").set_value("Hall")
    at.text_area(key="mark-note").set_value(note)
    press(at, wording.SEND)
    assert said(at, wording.FOUND_IN_TEXT[kind])
    assert waiting(community) == []
    at.checkbox(key="mark-sure").set_value(True)
    press(at, wording.SEND)
    assert waiting(community)[0].warnings


def test_hostile_words_are_words(mark, community, scenes):
    community.put(name=EVIL)
    at = mark()
    at.button(key="kind-meeting_place").click().run()
    tapped(scenes)
    at.run()
    assert "<img" not in html(at)
    assert "<img src=x" in words(at), "shown as it was written"
    assert "**b**" not in "".join(one.value for one in at.markdown)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda c: c.store.groups.revoke(OPERATOR, c.link.link.id), wording.LINK_REVOKED),
        (lambda c: c.store.groups.close(OPERATOR, c.group.id), wording.LINK_REVOKED),
    ],
)
def test_a_link_that_was_withdrawn(mark, community, spoil, message, scenes):
    at = mark()
    spoil(community)
    at.run()
    assert said(at, message)
    assert not [button for button in at.button if button.key == "kind-other"]


def test_withdrawn_while_somebody_fills_it_in(mark, community, scenes):
    at = to_last_step(mark(), scenes)
    at.text_input(key="mark-name").set_value("Hall")
    community.store.groups.revoke(OPERATOR, community.link.link.id)
    at.run()
    assert said(at, wording.LINK_REVOKED)
    assert waiting(community) == []


def test_no_link_and_the_code_of_a_paper_sheet(visit, community, scenes):
    at = visit(PAGE)
    assert said(at, wording.CODE_NEEDED)
    at.text_input(key="mark-code").set_value("ZZZZ-ZZZZ-ZZZZ")
    press(at, wording.NEXT)
    assert said(at, wording.LINK_UNKNOWN)
    at.text_input(key="mark-code").set_value(community.link.code.lower().replace("-", " "))
    press(at, wording.NEXT)
    assert said(at, wording.ADDING_FOR, group="Newport families", place="Isle of Wight")
    at.run()
    assert at.query_params["link"], "a telephone that was asleep finds it in the address"
    assert said(at, wording.ADDING_FOR, group="Newport families", place="Isle of Wight")


def test_guessing_codes_is_slowed_down(visit, community, scenes):
    for number in range(11):
        at = visit(PAGE, link=f"ZZZZ-ZZZZ-ZZ{number % 8 + 22}")
    assert said(at, wording.TOO_OFTEN)
    assert said(
        visit(PAGE, link=community.link.token), wording.ADDING_FOR, group="Newport families", place="Isle of Wight"
    )


def test_guesses_of_others_shut_nobody_out_of_a_form(visit, community, scenes):
    at = visit(PAGE, link=community.link.code)
    for number in range(12):
        with pytest.raises(DeniedError):
            community.store.groups.open_link(f"ZZZZ-ZZZZ-ZZ{number % 8 + 22}")
    at.run()
    assert said(at, wording.ADDING_FOR, group="Newport families", place="Isle of Wight")
    assert said(visit(PAGE, link=community.link.code), wording.TOO_OFTEN), "who comes anew waits"


def test_what_became_of_it(visit, community, scenes):
    shown, receipt = community.wait(name="Library"), community.wait(name="Hall")
    community.store.desk.approve(OPERATOR, shown.mark_id, version=1)
    assert said(visit(PAGE, receipt=shown.token), wording.STATUS_LABELS["approved"])
    at = visit(PAGE, receipt=receipt.token)
    assert said(at, wording.STATUS_LABELS["waiting"])
    community.store.desk.reject(OPERATOR, receipt.mark_id, version=1, reason="It is a private garden.")
    at.run()
    assert said(at, wording.STATUS_LABELS["rejected"])
    assert "It is a private garden." in words(at)
    at.button(key="erase-own").click().run()
    assert said(at, wording.DELETED)
    at.run()
    assert said(at, wording.RECEIPT_UNKNOWN)
    assert community.store.desk.queue(OPERATOR, status="rejected") == []


def test_a_forged_receipt_says_nothing(visit, community, scenes):
    community.wait(name="Hall")
    at = visit(PAGE, receipt="A" * 32)
    assert said(at, wording.RECEIPT_UNKNOWN)
    assert "Hall" not in words(at)


def test_the_link_stays_on_its_page(mark, community, scenes):
    at = mark()
    assert at.query_params["link"] == community.link.token
    at.switch_page("layers/pages/explore.py").run()
    assert "link" not in at.query_params


def test_a_paper_sheet_is_typed_in(mark, community, scenes):
    at = mark(paper="yes")
    at.selectbox(key="mark-paper-kind").set_value("play_space").run()
    at.text_input(key="mark-paper-where").set_value("PO30 2AN")
    press(at, wording.FIND)
    at.button(key="paper-where-0").click().run()
    at.text_input(key="mark-name").set_value("Swings")
    press(at, wording.SEND)
    assert i18n.words("en").many(*wording.TYPED_IN, 1) in words(at)
    assert at.text_input(key="mark-paper-where").value == ""
    assert waiting(community)[0].draft.name == "Swings"
    address = next(one.value for one in at.code)
    token = address.partition("receipt=")[2].partition("&")[0]
    assert community.store.marks.receipt(token).name == "Swings", "whoever wrote the sheet can follow it"


def test_a_sheet_may_be_of_a_mark_that_is_there(mark, community, scenes):
    there = Place.open(SAMPLE / "isle_of_wight").origins().geometry["PO302AN"]
    community.put(name="Coffee in the hall", geometry=there)
    at = mark(paper="yes")
    at.selectbox(key="mark-paper-kind").set_value("meeting_place").run()
    at.text_input(key="mark-paper-where").set_value("PO30 2AN")
    press(at, wording.FIND)
    at.button(key="paper-where-0").click().run()
    assert "Coffee in the hall" in words(at)
    assert next(b for b in at.button if b.label == wording.SEND).disabled
    at.button(key="another").click().run()
    assert not next(b for b in at.button if b.label == wording.SEND).disabled


def test_a_store_that_does_not_answer(mark, community, monkeypatch, scenes):
    monkeypatch.setenv("PRAMSHED_MARKS_URL", "postgresql+psycopg://nobody:secret@127.0.0.1:1/none")
    at = mark()
    assert said(at, wording.TRY_AGAIN)
    assert "secret" not in words(at)
