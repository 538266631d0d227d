"""From a telephone to the map: a mother marks a place in Arabic, a moderator lets it through, and walks get shorter."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest

from data.place import SAMPLE, Place
from data.store.people import OPERATOR, Visitor
from geo.crs import to_wgs84
from geo.errors import DeniedError
from layers import i18n
from layers.answers.question import Question, answer
from layers.marking import wording
from tests.browser.conftest import PASSPHRASE
from tests.browser.waiting import MOST, at_rest, chosen_near, drawn, text_shown

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser: app")]  # one server for all of the group

NAME = "لقاء الأمهات <img src=x onerror=top.harmed=1>"


@pytest.fixture(scope="module")
def there(app):
    """The app with a group and its link."""
    group = app.store.groups.create(OPERATOR, name="أمهات نيوبورت", place="isle-of-wight")
    return SimpleNamespace(store=app.store, link=app.store.groups.make_link(OPERATOR, group.id), url=app.url)


@pytest.fixture(scope="module")
def far():
    """The neighbourhood with the largest gap: its code, and where most of its under-fives live."""
    place = Place.open(SAMPLE / "isle_of_wight")
    found = answer(place, Question())
    code = found.gaps["gap_rank"].idxmin()
    homes = place.origins().query("area_code == @code")
    point = homes.geometry.loc[homes["under5"].idxmax()]
    lon, lat = to_wgs84(point.x, point.y)
    walk = float(found.gaps["minutes_median"][code])
    return SimpleNamespace(code=code, lon=float(lon), lat=float(lat), minutes=walk)


def minutes(opened) -> float:
    """The walk that half of the chosen neighbourhood's families have, as its card says."""
    facts = opened.page.get_by_role("table", name="The walk and who lives here")
    said = facts.inner_text(timeout=MOST)
    return float(re.search(r"(\d+)\s*min", said)[1])


def beyond(opened) -> dict[str, int]:
    """Both numbers: what is counted, and under-fives beyond the threshold."""
    box = opened.page.locator("dl.pramshed-counts").first
    cells = [line.strip() for line in box.inner_text(timeout=MOST).split("\n") if line.strip()]
    return {what: int(figure.replace(",", "")) for what, figure in zip(cells[::2], cells[1::2], strict=True)}


def tap(opened, place: str) -> None:
    opened.page.locator(place).first.tap()
    at_rest(opened)


def marked_by_telephone(phone, words, where) -> None:
    """Four steps; at the end there is an address that follows the mark."""
    phone.page.context.grant_permissions(["geolocation"])
    phone.page.context.set_geolocation({"longitude": where.lon, "latitude": where.lat})
    drawn(phone)
    assert words.of(wording.TITLE) in phone.page.locator("h1").inner_text()
    assert phone.page.locator("h1").evaluate("box => getComputedStyle(box).direction") == "rtl"
    tap(phone, ".st-key-kind-meeting_place button")
    phone.map.locator(".pramshed-locate").tap(timeout=MOST)
    text_shown(phone, chosen_near(words))
    assert phone.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing hangs over the edge"
    tap(phone, "[data-testid=stBaseButton-primary]")
    tap(phone, "[data-testid=stBaseButton-primaryFormSubmit]")
    phone.page.locator(".st-key-mark-name input").fill(NAME)
    tap(phone, "[data-testid=stBaseButton-primary]")
    text_shown(phone, words.of(wording.THANKS))
    assert phone.page.locator("a[href*='receipt=']").first.get_attribute("href")


def signed_in(opened) -> None:
    """By the page to which that of moderation leads."""
    opened.page.get_by_role("link", name="Sign in", exact=True).click()
    opened.page.get_by_label("Name", exact=True).fill("moderator")
    opened.page.get_by_label("Passphrase", exact=True).fill(PASSPHRASE)
    opened.page.get_by_role("button", name="Sign in", exact=True).click()
    text_shown(opened, "Waiting")


def test_marked_in_arabic_approved_and_counted(there, far, visit):
    words = i18n.words("ar")
    community = f"{there.url}/?place=isle-of-wight&area={far.code}&community=yes&show=centres,marks"
    phone = visit(f"{there.url}/mark?link={there.link.token}&lang=ar", width=390, height=844, touch=True, alone=True)
    marked_by_telephone(phone, words, far)
    (mark,) = [one for one in there.store.desk.queue(OPERATOR) if one.draft.name == NAME]
    for who in (Visitor(), there.store.groups.open_link(there.link.token)):
        with pytest.raises(DeniedError):
            there.store.desk.approve(who, mark.id, version=mark.version)

    desk = visit(f"{there.url}/moderate?place=isle-of-wight&mark={mark.id}", alone=True)
    drawn(desk, ".pramshed-button")
    assert desk.page.get_by_role("button", name="Approve: put it on the map").count() == 0
    assert NAME not in desk.page.locator("body").inner_text()
    signed_in(desk)
    desk.page.get_by_role("combobox", name="Mark").focus()
    desk.page.keyboard.type(NAME[:5])
    desk.page.keyboard.press("Enter")
    desk.page.get_by_role("button", name="Approve: put it on the map").wait_for(timeout=MOST)
    at_rest(desk)
    # the answer is what the page says when it has decided; asking the store sooner would be too soon
    desk.page.get_by_role("button", name="Approve: put it on the map").click()
    desk.page.get_by_role("status").filter(has_text="is on the map").wait_for(timeout=MOST)
    assert there.store.desk.get(OPERATOR, mark.id).status == "approved"

    after = visit(community)
    drawn(after)
    assert minutes(after) < far.minutes
    official, with_marks = beyond(after).values()
    assert with_marks < official
    marker = after.map.locator(".pramshed-marker[aria-label*='لقاء الأمهات']").first
    marker.wait_for(timeout=MOST)
    marker.hover(force=True)
    for opened in (phone, desk, after):
        assert opened.foreign == []
        assert opened.page.evaluate("window.harmed") is None
        assert opened.errors == []


def where_is_it(opened) -> float:
    """The step with the map of the whole place; its zoom."""
    drawn(opened)
    tap(opened, ".st-key-kind-barrier button")
    opened.map.wait_for_function("map.getZoom() > 0 && document.querySelector('.pramshed-locate')", timeout=MOST)
    at_rest(opened)
    return opened.map.evaluate("map.getZoom()")


def test_tapping_the_map(there, visit):
    """From afar a tap only comes nearer and says so; the second puts the mark there, and the map stays."""
    phone = visit(f"{there.url}/mark?link={there.link.token}&lang=en", width=390, height=844, touch=True)
    far_out = where_is_it(phone)
    assert phone.page.get_by_text(wording.TAP_TWICE).is_visible()
    phone.map.locator(".leaflet-container").tap(position={"x": 170, "y": 200})
    phone.map.get_by_text(wording.NOW_TAP).wait_for(timeout=MOST)
    at_rest(phone)
    assert phone.map.evaluate("map.getZoom()") > far_out + 2
    assert phone.map.locator(".pramshed-added").count() == 0
    first = phone.map.evaluate("map.getCenter().toString()")
    phone.map.locator(".leaflet-container").tap(position={"x": 200, "y": 190})
    text_shown(phone, wording.CHOSEN_HERE)
    assert phone.map.evaluate("map.getCenter().toString()") == first, "the map does not run away under the finger"
    assert phone.map.locator(".pramshed-added").count() == 1
    assert phone.errors == []


def test_a_mark_by_the_maps_keys(there, visit):
    """Enter means the middle of the map, where a cross shows; from afar it only comes nearer, as a tap does."""
    seen = visit(f"{there.url}/mark?link={there.link.token}&lang=en", touch=True)
    where_is_it(seen)
    box = seen.map.locator("#map_div")
    box.press("Enter")
    seen.map.get_by_text(wording.NOW_ENTER).wait_for(timeout=MOST)
    assert seen.map.locator(".pramshed-cross").is_visible()
    box.press("Enter")
    seen.map.locator(".pramshed-spoken[role=status]", has_text=wording.CHOSEN_HERE).wait_for(timeout=MOST)
    text_shown(seen, wording.CHOSEN_HERE)
    middle, mark = (seen.map.locator(one).bounding_box() for one in (".pramshed-cross", ".pramshed-added"))
    for edge, size in (("x", "width"), ("y", "height")):
        assert abs(middle[edge] + middle[size] / 2 - mark[edge] - mark[size] / 2) < 2
    assert seen.errors == []
