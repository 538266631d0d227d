"""The queue and what is decided in it: approved, refused, changed, merged; conflicts; and hostile texts shown as text."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
import shapely
from PIL import Image

from data.store.people import OPERATOR
from tests.layers.moderators import EVIL, field, labels, office, plainly, prepared, press, raw  # noqa: F401
from tests.layers.reading import html, words

APPROVE = "Approve: put it on the map"


def shelf(at, key):
    at.get("button_group")[1].set_value(key).run()
    assert not at.exception
    return at


def listed(at):
    """The marks in the table of the list."""
    tables = [one.value for one in at.dataframe if "gone" in one.value]
    return list(tables[0].index) if tables else []


def test_the_queue_and_the_map(office, scenes):  # noqa: F811
    marks = [office.wait(name=name) for name in ("First", "Second")]
    on_map = office.put(name="Third", geometry=shapely.Point(450_500, 89_500))
    at = office.come_in()
    assert listed(at) == marks
    assert {marker.id for marker in scenes.drawn[-1].markers} == set(marks)
    assert next(one for one in at.get("button_group")).options[0] == "Marks"
    at.button(key="desk-oldest").click().run()
    assert scenes.drawn[-1].selected == marks[0]
    assert "<h2>First</h2>" in html(at)
    assert listed(shelf(at, "approved")) == [on_map]
    office.store.marks.tell(office.bo, on_map, still_there=False)
    at.run()
    assert listed(shelf(at, "due")) == [on_map]
    assert next(one.value for one in at.dataframe if "gone" in one.value).loc[on_map, "gone"] == 1
    assert listed(shelf(at, "off")) == []


def test_a_click_on_the_map_opens_a_mark(office, scenes):  # noqa: F811
    office.wait(name="First")
    mark = office.wait(name="Second", geometry=shapely.Point(450_500, 89_500))
    at = office.come_in()
    scenes.click = {
        "last_active_drawing": {
            "properties": {"kind": "site", "id": mark, "at": 1},
            "geometry": {"coordinates": [-1.2, 50.7]},
        }
    }
    at.run()
    assert "<h2>Second</h2>" in html(at)
    scenes.click["last_active_drawing"]["properties"] |= {"id": "mark-aaaaaaaaaaaa", "at": 2}
    at.run()
    assert not at.exception
    assert "<h2>Second</h2>" in html(at), "what is no mark of the list is left alone"


@pytest.mark.usefixtures("typed")
def test_the_map_goes_to_what_is_found_until_a_mark_is_opened(office, scenes):  # noqa: F811
    mark = office.wait(name="First")
    at = office.come_in()
    at.selectbox(key="desk-find--typed").set_value("po33 2lf").run()
    scene = scenes.drawn[-1]
    (here,) = [one for one in scene.markers if one.shape == "here"]
    west, south, east, north = scene.view
    assert west < here.lon < east
    assert south < here.lat < north
    at.button(key="desk-oldest").click().run()
    assert scenes.drawn[-1].selected == mark
    assert scenes.drawn[-1].view == scenes.drawn[-1].bounds
    assert at.selectbox(key=f"desk-find-{mark}-typed").value is None


def test_lines_and_areas_are_drawn(office, scenes):  # noqa: F811
    line = shapely.LineString([(450_000, 89_000), (450_100, 89_000), (450_100, 89_050)])
    mark = office.wait(kind="barrier", name="Steps", geometry=line)
    at = office.look_at(mark)
    (drawn,) = scenes.drawn[-1].drawn
    assert len(drawn.corners) == 3
    assert drawn.dashed
    assert not drawn.closed
    assert "A line of 150 m" in html(at)


def test_approve_then_the_next_one_is_shown(office):  # noqa: F811
    first, second = office.wait(name="First"), office.wait(name="Second")
    at = press(office.look_at(first), APPROVE)
    assert office.get(first).status == "approved"
    assert "First is on the map" in at.success[0].value
    assert "<h2>Second</h2>" in html(at)
    at = press(at, APPROVE)
    assert office.get(second).status == "approved"
    assert "There is nothing on this list" in at.info[0].value


def test_what_the_scan_finds_must_be_looked_at(office):  # noqa: F811
    mark = office.wait(note="Ring Anna on 01983 555123 or wa.me/<svg/onload=alert`1`>")
    at = office.look_at(mark)
    assert "<mark>01983 555123</mark>" in html(at)
    assert "<mark>wa.me/&lt;svg/onload=alert`1`&gt;</mark>" in html(at), "what was typed is text"
    press(at, APPROVE)
    assert office.get(mark).status == "waiting"
    assert "take this out of the text first" in plainly(at.error[0].value).lower()
    at.checkbox(key=f"desk-checked-{mark}-1").check().run()
    press(at, APPROVE)
    assert office.get(mark).status == "approved"


def test_a_refusal_needs_a_reason(office):  # noqa: F811
    mark = office.wait()
    at = press(office.look_at(mark), "Refuse")
    assert "reason is needed" in at.error[0].value
    assert office.get(mark).status == "waiting"
    field(at, "Reason", "selectbox").select("We could not find this place.")
    field(at, "In your own words").set_value("There is no hall there.")
    press(at, "Refuse")
    after = office.get(mark)
    assert (after.status, after.reason) == ("rejected", "We could not find this place. There is no hall there.")


def test_taken_off_restored_and_confirmed(office):  # noqa: F811
    mark = office.put()
    at = office.look_at(mark)
    field(at, "In your own words").set_value("It burnt down.")
    press(at, "Take it off the map")
    assert office.get(mark).status == "withdrawn"
    at = press(office.look_at(mark), "Put it back in the queue")
    assert office.get(mark).status == "waiting"
    at = press(at, APPROVE)
    version = office.get(mark).version
    at = press(office.look_at(mark), "Still there")
    assert office.get(mark).version == version + 1


def test_deleting_needs_a_word(office):  # noqa: F811
    mark = office.wait()
    at = press(office.look_at(mark), "Delete for good")
    assert "Nothing was deleted" in at.error[0].value
    field(at, "Type **delete** to confirm").set_value(" Delete ")
    at = press(at, "Delete for good")
    assert "was deleted" in at.success[0].value
    assert office.store.desk.queue(OPERATOR) == []


def test_every_field_can_be_edited(office):  # noqa: F811
    mark = office.wait(contact="anna@example.org", days=("mon",))
    at = office.look_at(mark)
    field(at, "What it is", "selectbox").select("drop_in")
    field(at, "Name").set_value("  The new hall ")
    field(at, "Note", "text_area").set_value("Bring\ncake")
    field(at, "Days", "multiselect").set_value(["tue", "wed"])
    field(at, "Opens at").set_value("10:00")
    field(at, "Closes at").set_value("12:00")
    field(at, "Languages", "multiselect").set_value(["uk"])
    field(at, "Cost", "selectbox").select("free")
    field(at, "How to reach who sent it", "text_area").set_value("")
    at = press(at, "Save the changes")
    draft = office.get(mark).draft
    assert (draft.kind, draft.name, draft.note, draft.days) == (
        "drop_in",
        "The new hall",
        "Bring\ncake",
        ("tue", "wed"),
    )
    assert (draft.opens, draft.closes, draft.languages, draft.cost) == ("10:00", "12:00", ("uk",), "free")
    assert draft.contact == ""
    assert "<h2>The new hall</h2>" in html(at), "the mark stays open"
    field(at, "Opens at").set_value("13:00")
    at = press(at, "Save the changes")
    assert "a time after 13:00" in plainly(at.error[0].value)
    assert field(at, "Opens at").value == "13:00", "what was typed stays"
    assert office.get(mark).draft.opens == "10:00"


@pytest.mark.parametrize("text", ["SZ 505 890", "450550, 89050"])
def test_a_mark_is_moved_by_typing(office, text):  # noqa: F811
    mark = office.wait(kind="barrier", geometry=shapely.LineString([(450_000, 89_000), (450_100, 89_000)]))
    at = office.look_at(mark)
    field(at, "Postcode, street, landmark or grid reference").set_value(text).run()
    at = press(at, "Move it there")
    line = office.get(mark).draft.geometry
    assert line.length == pytest.approx(100)
    assert (line.centroid.x, line.centroid.y) == (450_550, 89_050)
    assert not [one for one in at.button if one.label == "Move it there"], "the field is empty again"
    field(at, "Postcode, street, landmark or grid reference").set_value("Nowhere at all xyzzy").run()
    assert "Nothing here has that name" in at.error[0].value


def test_a_duplicate_is_merged(office):  # noqa: F811
    known = office.put(name="The hall")
    mark = office.wait(name="Hall", geometry=shapely.Point(450_100, 89_065))
    office.wait(name="Far away", geometry=shapely.Point(451_000, 89_065))
    at = office.look_at(mark)
    assert "The hall (place to meet, on the map), 86 m away" in html(at)
    assert "Far away (" not in html(at)
    at = press(at, "Merge this one into that one")
    after = office.get(mark)
    assert (after.status, after.merged_into) == ("merged", known)
    assert "<h2>The hall</h2>" in html(at), "the one that stays is shown"


def test_a_conflict_loses_nothing(office):  # noqa: F811
    mark = office.wait(name="The hall", note="On Tuesdays.")
    at = office.look_at(mark)
    field(at, "Note", "text_area").set_value("On Wednesdays.")
    _by_another(office, mark, name="St Mary's Hall")
    at = press(at, "Save the changes")
    assert "someone else has changed this mark" in at.error[0].value
    assert "Name: was “The hall”, is “St Mary&#x27;s Hall”." in html(at)
    assert office.get(mark).draft.note == "On Tuesdays."
    assert field(at, "Note", "text_area").value == "On Wednesdays.", "what was typed stays"
    assert field(at, "Name").value == "St Mary's Hall", "what was not typed over is what is there now"
    at = press(at, "Save the changes")
    draft = office.get(mark).draft
    assert (draft.name, draft.note) == ("St Mary's Hall", "On Wednesdays.")


def test_a_conflict_in_one_field_is_said_before_it_is_settled(office):  # noqa: F811
    mark = office.wait(name="The hall")
    at = office.look_at(mark)
    field(at, "Name").set_value("My hall")
    _by_another(office, mark, name="Your hall")
    at = press(at, "Save the changes")
    warned = [plainly(one.value) for one in at.warning]
    assert any("Name is “Your hall” now" in one and "Saving overwrites their change" in one for one in warned)
    assert field(at, "Name").value == "My hall"
    at = press(at, "Save the changes")
    assert office.get(mark).draft.name == "My hall"
    assert not at.warning


@pytest.mark.parametrize("decision", [APPROVE, "Refuse"])
def test_nobody_decides_on_what_they_have_not_seen(office, decision):  # noqa: F811
    mark = office.wait(note="Come in.")
    at = office.look_at(mark)
    field(at, "In your own words").set_value("No.")
    _by_another(office, mark, note="Ring the third bell.")
    at = press(at, decision)
    assert office.get(mark).status == "waiting"
    assert "someone else has changed this mark" in at.error[0].value
    assert "is “Ring the third bell.”" in html(at)
    press(at, decision)
    assert office.get(mark).status != "waiting"


def test_a_mark_that_was_deleted_meanwhile(office):  # noqa: F811
    mark = office.wait()
    at = office.look_at(mark)
    office.store.desk.erase(OPERATOR, mark)
    at = press(at, APPROVE) if APPROVE in labels(at) else at
    assert "may have been deleted" in raw(at) or "has been deleted" in raw(at)
    assert "There is nothing on this list" in words(at)


def test_a_moderator_of_another_group_sees_nothing_of_it(office, scenes):  # noqa: F811
    theirs = office.wait(group=0, name="Their hall", contact="anna@example.org")
    ours = office.wait(group=1, name="Our hall")
    at = office.come_in("Cy")
    assert listed(at) == [ours]
    at.session_state["desk-open"] = theirs
    at.run()
    assert not at.exception
    assert "Their hall" not in words(at)
    assert "anna@example.org" not in words(at)
    assert "only a moderator of that group" in raw(at)
    drawn = {marker.id for scene in scenes.drawn for marker in scene.markers}
    assert {one for one in drawn if one.startswith("mark-")} == {ours}


def test_a_photo_is_shown(office):  # noqa: F811
    content = io.BytesIO()
    Image.new("RGB", (64, 48), "red").save(content, "JPEG")
    at = office.look_at(office.wait(photo=content.getvalue()))
    assert len(at.get("image")) == 1


def test_private_fields_are_in_their_box_only(office):  # noqa: F811
    at = office.look_at(office.wait(contact="07700 900123", private_note="Ring first"))
    box = next(one.body for one in at.html if "Only moderators see this" in one.body)
    assert "07700 900123" in box
    assert "Ring first" in box
    assert html(at).count("07700 900123") == 1


def test_hostile_texts_are_shown_as_text(office, scenes):  # noqa: F811
    evil = dict.fromkeys(("name", "note", "contact", "private_note"), EVIL[:80])
    group = office.store.groups.create(OPERATOR, name=EVIL[:80], place="isle-of-wight")
    office.store.groups.make_link(OPERATOR, group.id, label=EVIL[:80])
    mark, twin = office.wait(**evil), office.wait(**evil)
    office.store.desk.reject(OPERATOR, twin, version=1, reason=EVIL)
    office.wait(**evil)
    at = office.look_at(mark, "Ada")
    _harmless(at)
    assert "&lt;img src=x onerror=alert(1)&gt; &#123;&#123;7*7&#125;&#125; **b**" in html(at)
    _by_another(office, mark, note=EVIL + EVIL)
    _harmless(press(at, "Save the changes"))
    _harmless(press(at, APPROVE))
    at.session_state["desk-open"] = twin
    _harmless(at.run())
    for part in at.get("button_group")[0].options:
        key = {"Groups and links": "groups", "Import a file": "import", "Your passphrase": "own"}.get(
            part, part.lower()
        )
        at.get("button_group")[0].set_value(key).run()
        _harmless(at)


def _harmless(at):
    assert not at.exception
    assert not re.search(r"<(?:img src=x|script|b>)", html(at))
    assert "{{7*7}}" not in html(at)
    shown = [one for kind in ("markdown", "caption", "warning", "error", "success", "info") for one in at.get(kind)]
    said = "\n".join([*(one.value for one in shown), *labels(at), *(one.label for one in at.get("expander"))])
    assert "](javascript" not in said
    assert not re.search(r"(?<!\\)<img", said)


def _by_another(office, mark_id, **said):  # noqa: F811
    mark = office.get(mark_id)
    office.store.desk.edit(OPERATOR, mark_id, version=mark.version, draft=replace(mark.draft, **said))
