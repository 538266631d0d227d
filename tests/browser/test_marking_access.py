"""The community's pages for everybody: keyboard alone, a narrow screen, large targets, names for what is heard."""

from __future__ import annotations

import uuid
from types import SimpleNamespace

import pytest

from data.place import SAMPLE, Place
from data.store.marks import MarkDraft
from data.store.people import OPERATOR
from layers import i18n
from layers.answers import mark_words
from layers.marking import wording
from tests.browser.accessibility import faults
from tests.browser.conftest import PASSPHRASE
from tests.browser.test_mark import signed_in
from tests.browser.waiting import MOST, at_rest, chosen_near, drawn, map_drawn, text_shown

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser: app")]  # one server for all of the group

NARROW = {"width": 320, "height": 640, "touch": True}
"""A screen of 1280 pixels at 400 %."""

FOCUSED = """() => {
    const box = document.activeElement;
    const near = [box, box.parentElement, box.parentElement.parentElement, box.closest('label'), box.closest('[data-testid]')];
    return {
        name: ['MAIN', 'BODY', 'IFRAME'].includes(box.tagName)
            ? '' : (box.getAttribute('aria-label') || box.innerText || box.labels?.[0]?.innerText || '').trim(),
        tag: box.tagName,
        ring: near.some((one) => one && parseFloat(getComputedStyle(one).outlineWidth) >= 2),
    };
}"""
SMALL = """(least) => [...document.querySelectorAll('.stMain :is(button, a[href], summary, label:has(input))')]
    .filter((one) => one.checkVisibility() && !one.closest('p, footer'))
    .map((one) => [one.innerText || one.ariaLabel, one.getBoundingClientRect()])
    .filter(([, box]) => box.width > 1 && (box.height < least || box.width < Math.min(least, 24)))
    .map(([name, box]) => `${name}: ${box.width} x ${box.height}`)"""
WIDE = """() => [...document.querySelectorAll('.stMain *')]
    .filter((one) => one.checkVisibility() && one.getBoundingClientRect().right > innerWidth + 1)
    .filter((one) => !one.closest('[data-testid=stDataFrame]') && one.tagName !== 'INPUT')
    .map((one) => one.outerHTML.slice(0, 90))"""
SPACED = """* {line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important}
p {margin-bottom: 2em !important}"""


@pytest.fixture(scope="module")
def there(app):
    """The app with a group and its link, and marks on the map and in the queue while these tests run."""
    store = app.store
    group = store.groups.create(OPERATOR, name="Newport families", place="isle-of-wight")
    link = store.groups.make_link(OPERATOR, group.id, per_hour=100)
    who = store.groups.open_link(link.token)
    homes = Place.open(SAMPLE / "isle_of_wight").origins()
    homes = homes[homes["kind"] == "postcode"]
    made = []
    for number in range(18):
        draft = MarkDraft(
            place="isle-of-wight",
            kind="drop_in",
            name=f"Baby clinic {number}",
            geometry=homes.geometry.iloc[number * 60],
        )
        made.append(store.marks.add(who, draft, submission=str(uuid.uuid4())).mark_id)
        if number > 1:
            store.desk.approve(OPERATOR, made[-1], version=1)
    yield SimpleNamespace(
        store=store, link=link, url=app.url, postcode=f"{homes.index[30][:-3]} {homes.index[30][-3:]}"
    )
    for mark_id in made:
        store.desk.erase(OPERATOR, mark_id)


def tabbed(opened, name: str, most: int = 30) -> None:
    """Press Tab until something of that name has the focus; whatever has it meanwhile shows it."""
    for _ in range(most):
        opened.page.keyboard.press("Tab")
        at = opened.page.evaluate(FOCUSED)
        assert at["ring"] or at["tag"] in ("IFRAME", "MAIN", "BODY"), f"nobody sees where the keyboard is: {at}"
        if name in at["name"] and not at["name"].startswith("Help for"):
            return
    pytest.fail(f"{name} is not reached by {most} times Tab")


def press(opened, *keys: str) -> None:
    for key in keys:
        opened.page.keyboard.press(key)
    at_rest(opened)


def sound(opened, least: int = 24) -> None:
    """Usable by everybody, and nothing hangs over the edge or is hard to hit."""
    assert faults(opened.page) == []
    assert opened.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page scrolls sideways"
    assert opened.page.evaluate(WIDE) == []
    assert opened.page.evaluate(SMALL, least) == []


def test_a_mark_by_keyboard_alone(there, visit):
    """Type a place, fill in a time, send. After each step Tab goes on at its beginning."""
    words = i18n.words("en")
    at = visit(f"{there.url}/mark?link={there.link.token}&lang=en")
    drawn(at)
    tabbed(at, words.of(mark_words.KIND_LABELS["meeting_place"]))
    press(at, "Enter")
    map_drawn(at, markers=16)
    tabbed(at, words.of(wording.OR_TYPE), most=2)
    at.page.keyboard.type(there.postcode)
    press(at, "Enter")
    tabbed(at, there.postcode, most=3)
    press(at, "Space")
    at.page.get_by_role("status").filter(has_text="Chosen").wait_for(timeout=MOST)
    another = at.page.locator(".st-key-another button")
    if another.count():
        tabbed(at, another.inner_text())
        press(at, "Enter")
    tabbed(at, words.of(wording.NEXT), most=12)  # many markers are one stop, so that nobody is held up by the map
    press(at, "Enter")
    at.page.get_by_role("spinbutton").last.wait_for(timeout=MOST)
    at_rest(at)
    tabbed(at, words.day_name("mon"), most=2)
    press(at, "ArrowRight", "Space")
    tabbed(at, words.of(wording.FIELD_LABELS["opens"]))
    at.page.keyboard.type("0930")
    tabbed(at, words.of(wording.FIELD_LABELS["closes"]))
    at.page.keyboard.type("1130")
    tabbed(at, words.of(wording.NEXT))
    press(at, "Enter")
    at.page.get_by_label(words.of(wording.FIELD_LABELS["name"]), exact=True).wait_for(timeout=MOST)
    at_rest(at)
    tabbed(at, words.of(wording.SEND))
    press(at, "Enter")
    assert words.of(wording.NAME_FIRST) in at.page.get_by_role("alert").inner_text()
    at.page.get_by_label(words.of(wording.FIELD_LABELS["name"]), exact=True).focus()
    at.page.keyboard.type("By keyboard")
    tabbed(at, words.of(wording.SEND))
    press(at, "Space")
    at.page.get_by_text(words.of(wording.THANKS)).first.wait_for(timeout=MOST)
    (mark,) = [one for one in there.store.desk.queue(OPERATOR) if one.draft.name == "By keyboard"]
    assert (mark.draft.opens, mark.draft.closes) == ("09:30", "11:30")
    assert len(mark.draft.days) == 1


def test_an_approval_by_keyboard_alone(there, visit):
    desk = visit(f"{there.url}/moderate?place=isle-of-wight", alone=True)
    drawn(desk, ".pramshed-button")
    tabbed(desk, "Sign in")
    desk.page.keyboard.press("Enter")
    desk.page.get_by_role("heading", name="Sign in to moderate").wait_for(timeout=MOST)
    assert faults(desk.page) == []
    desk.page.keyboard.type("moderator")
    desk.page.keyboard.press("Tab")
    desk.page.keyboard.type(PASSPHRASE)
    desk.page.keyboard.press("Enter")
    text_shown(desk, "Waiting")
    desk.page.get_by_role("combobox", name="Mark").focus()
    desk.page.keyboard.type("clinic 1")
    press(desk, "Enter")
    desk.page.get_by_role("button", name="Approve: put it on the map").wait_for(timeout=MOST)
    at_rest(desk)
    tabbed(desk, "Approve")
    press(desk, "Enter")
    desk.page.get_by_role("status").filter(has_text="Baby clinic 1 is on the map").wait_for(timeout=MOST)
    assert "Baby clinic 1" not in [one.draft.name for one in there.store.desk.queue(OPERATOR)]


@pytest.mark.parametrize("language", ["ar", pytest.param("pa", marks=pytest.mark.full_size)])
def test_the_steps_on_a_narrow_screen(there, visit, language):
    """Each step at 320 pixels; what is said is marked with its language; times run from left to right in each."""
    at = visit(f"{there.url}/mark?link={there.link.token}&lang={language}", **NARROW, alone=True)
    drawn(at)
    sound(at, least=44 - 6)  # what folds out is 38 pixels high: Streamlit's own
    step = at.page.locator(".stHtml [role=status]").first
    assert (step.get_attribute("lang"), step.get_attribute("dir")) == (language, i18n.words(language).direction)
    assert at.page.locator(".st-key-kind-drop_in button").bounding_box()["height"] >= 44
    at.page.locator(".st-key-kind-drop_in button").tap()
    at_rest(at)
    at.map.wait_for_function("document.querySelector('.pramshed-locate')", timeout=MOST)
    assert at.map.evaluate("document.documentElement.lang") == language
    sound(at)
    at.page.context.grant_permissions(["geolocation"])
    at.page.context.set_geolocation({"longitude": -1.2913, "latitude": 50.7003})
    at.map.locator(".pramshed-locate").tap()
    text_shown(at, chosen_near(i18n.words(language)))
    if at.page.locator(".st-key-another button").count():
        at.page.locator(".st-key-another button").tap()
        at_rest(at)
    at.page.locator("[data-testid=stBaseButton-primary]").first.tap()
    at.page.get_by_role("spinbutton").first.wait_for(timeout=MOST)
    at_rest(at)
    hour, minute = (at.page.get_by_role("spinbutton").nth(place).bounding_box() for place in (0, 1))
    assert hour["x"] < minute["x"], "half past nine is 09:30 in every language"
    sound(at)
    at.page.add_style_tag(content=SPACED)
    assert at.page.evaluate(WIDE) == []


def test_the_map_and_the_desk_on_a_narrow_screen(there, visit):
    at = visit(f"{there.url}/community?place=isle-of-wight", **NARROW)
    drawn(at)
    map_drawn(at, markers=15)
    sound(at)
    read = at.map.locator(".pramshed-spoken[role=status]")
    at.map.locator("#map_div").press("s")
    first = read.inner_text()
    at.map.locator("#map_div").press("s")
    assert "" != first != read.inner_text()

    desk = visit(f"{there.url}/moderate?place=isle-of-wight", **NARROW, alone=True)
    drawn(desk, ".pramshed-button")
    sound(desk)
    signed_in(desk)
    sound(desk)
    desk.page.locator(".st-key-desk-oldest button").tap()
    approve = desk.page.get_by_role("button", name="Approve: put it on the map")
    approve.wait_for(timeout=MOST)
    at_rest(desk)
    assert approve.bounding_box()["height"] >= 44
    sound(desk)
    desk.page.get_by_text("Groups and links").first.tap()
    at_rest(desk)
    sound(desk)
