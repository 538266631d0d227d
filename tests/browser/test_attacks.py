"""Hostile texts in everything that people can write, and every page in a browser: nothing runs, nothing is fetched."""

from __future__ import annotations

import uuid
from types import SimpleNamespace
from urllib.parse import urlencode

import pytest
import shapely

from data.place import SAMPLE, Place
from data.store.marks import MarkDraft
from data.store.people import OPERATOR
from data.store.store import Store
from layers import i18n
from layers.files.scenarios import to_link
from layers.marking import link_card, paper_sheet
from layers.marking.links import code_of
from layers.session.parameters import CHANGES, MADE_FOR, NAME
from layers.views.what_if_streets import mark_changes
from tests.browser.conftest import PASSPHRASE, ROOT
from tests.browser.waiting import MOST, at_rest, clicked, drawn
from tests.layers.hostile import CHUNKS, HOSTILE, NAMES, PRIVATE

pytestmark = pytest.mark.browser

PLACE = "isle-of-wight"
KINDS = ("meeting_place", "barrier", "peer_group", "missing_crossing", "play_space", "drop_in", "other")
HARMED = """() => [...document.querySelectorAll('img,iframe,svg,script,style,base,meta,a,form,object,embed')]
    .map((one) => one.outerHTML).filter((text) => /evil\\.example|top\\.harmed|7\\*7/.test(text))
    .concat(window.harmed === undefined ? [] : [`harmed: ${window.harmed}`])
    .concat([...document.querySelectorAll('*')].filter((one) => [...one.attributes].some((at) => /^on/.test(at.name)))
        .map((one) => one.outerHTML.slice(0, 200)).filter((text) => /harmed/.test(text)))"""


def _draft(number: int, kind: str, name: str, **said) -> MarkDraft:
    point = shapely.Point(450_014 + 25 * (number % 6), 89_065 + 25 * (number // 6))
    return MarkDraft(**({"place": PLACE, "kind": kind, "name": name, "geometry": point} | said))


@pytest.fixture(scope="module")
def there(serve, tmp_path_factory):
    """The app on a store in which every text is hostile: groups, links, marks on the map, waiting and refused."""
    url = f"sqlite:///{tmp_path_factory.mktemp('attacked') / 'marks.sqlite'}"
    store = Store.open(url)
    store.accounts.add(OPERATOR, name="Ada", role="administrator", passphrase=PASSPHRASE)
    store.accounts.add(OPERATOR, name="@O'Brien.+_- é", passphrase=PASSPHRASE)
    links, published, receipts = [], [], []
    for number, (what, text) in enumerate(HOSTILE.items()):
        group = store.groups.create(OPERATOR, name=NAMES[what], place=PLACE)
        links.append(store.groups.make_link(OPERATOR, group.id, label=NAMES[what], per_hour=500))
        who = store.groups.open_link(links[-1].token)
        kind = KINDS[number % len(KINDS)]
        more = {"stops": "prams"} if kind in ("barrier", "missing_crossing") else {"languages": ("ar",)}
        if kind == "play_space":
            more["geometry"] = shapely.LineString([(449_900, 88_900 + 20 * number), (449_990, 88_950 + 20 * number)])
        note = CHUNKS[number % len(CHUNKS)]

        def add(kind, *, who=who, number=number, what=what, **said):
            draft = _draft(number, kind, NAMES[what], contact=PRIVATE, **said)
            return store.marks.add(who, draft, submission=str(uuid.uuid4()))

        mark = add(kind, note=note, **more)
        store.desk.approve(OPERATOR, mark.mark_id, version=1, checked=True)
        published.append(mark.mark_id)
        add("other", note=note, private_note=text[:500])
        refused = add("other", note=note)
        store.desk.reject(OPERATOR, refused.mark_id, version=1, reason=text[:300])
        receipts.append(refused.token)
    address = serve(ROOT / "app.py", PRAMSHED_MARKS_URL=url, PRAMSHED_MARKS_LICENCE=HOSTILE["image"])
    yield SimpleNamespace(store=store, links=links, url=address, published=published, receipts=receipts)
    store.close()


def unharmed(opened, where: str) -> None:
    """Nothing ran, nothing was fetched, no element came from a text; neither in the page nor in a frame of it."""
    for frame in opened.page.frames:
        assert frame.evaluate(HARMED) == [], where
    assert opened.foreign == [], where
    assert opened.errors == [], where
    assert opened.page.url.startswith("http://127.0.0.1"), where
    assert opened.page.locator("[data-testid=stException]").count() == 0, where


def prodded(opened, least: int, name: str = NAMES["image"]) -> None:
    """Every marker and every line on the map is pointed at, so that each tooltip has been shown."""
    opened.map.wait_for_function(f"document.querySelectorAll('.pramshed-marker').length > {least}", timeout=MOST)
    said = opened.map.evaluate(
        """() => {
            const said = [];
            for (const layer of Object.values(map._layers)) {
                if (layer.worn || !layer.fire || !(layer.getLatLng || layer.getLatLngs)) continue;
                layer.fire('mouseover', { latlng: layer.getLatLng ? layer.getLatLng() : map.getCenter() });
                said.push(...[...document.querySelectorAll('.pramshed-tip')].map((tip) => tip.textContent));
            }
            return said.join(' ');
        }"""
    )
    assert name in said, "the tooltip says it as it was written"


def test_pages_that_anybody_sees(there, visit):
    for path, query in (
        ("", {"community": "yes", "show": "centres,play,closed,marks"}),
        *(("community", {"mark": one}) for one in there.published[: len(CHUNKS)]),
    ):
        opened = visit(f"{there.url}/{path}?{urlencode({'place': PLACE} | query)}")
        drawn(opened)
        prodded(opened, len(HOSTILE) // 2)
        if path:
            assert opened.page.locator(".stHtml h2").first.inner_text() in {
                " ".join(name.split()) for name in NAMES.values()
            }
        unharmed(opened, f"{path} {query}")
        assert PRIVATE not in opened.page.content()


def test_what_if_and_its_link(there, visit):
    changes = tuple(mark_changes(there.store.public.marks(PLACE)))
    assert len(changes) > 5
    fingerprint = Place.open(SAMPLE / "isle_of_wight").card.fingerprint
    query = {"place": PLACE, CHANGES: to_link(changes), MADE_FOR: fingerprint, NAME: NAMES["image"]}
    opened = visit(f"{there.url}/what_if?{urlencode(query)}")
    drawn(opened)
    prodded(opened, 5, NAMES["svg"])
    unharmed(opened, "what if")


def test_the_pages_of_contributors(there, visit):
    for number in range(0, len(there.links), 8):
        phone = visit(
            f"{there.url}/mark?link={there.links[number].token}&lang={('en', 'ar', 'ckb')[number // 8]}",
            width=390,
            touch=True,
        )
        drawn(phone)
        phone.page.locator(".st-key-kind-other button").tap()
        at_rest(phone)
        phone.map.wait_for_function("document.querySelectorAll('.pramshed-marker').length > 5", timeout=MOST)
        phone.page.locator(".st-key-mark-where input").fill("PO30 2AN")
        phone.page.locator(".st-key-mark-where input").press("Enter")
        at_rest(phone)
        unharmed(phone, f"group {number}")
        assert PRIVATE not in phone.page.content()
    for receipt in there.receipts[:3]:
        phone = visit(f"{there.url}/mark?receipt={receipt}", width=390, touch=True)
        drawn(phone)
        unharmed(phone, "receipt")
        assert PRIVATE not in phone.page.content()


def test_printed_pages(there, visit):
    for number, (what, text) in enumerate(NAMES.items()):
        words = i18n.words(list(i18n.LANGUAGES)[number % len(i18n.LANGUAGES)])
        address = f"https://walks.example.org/mark?link={there.links[number].token}"
        made = {
            "card": link_card.card(there.links[number], group=text, place=text, url=address),
            "sheet": paper_sheet.sheet(
                words, group=text, place=text, code=text, qr_svg=code_of(text), attribution=text
            ),
        }
        if number == 0:
            opened = visit("data:text/html,<p>")
        for name, page in made.items():
            opened.page.set_content(page)
            assert opened.page.evaluate(HARMED) == [], (name, what)
            assert opened.foreign == [], (name, what)
        if what in ("image", "svg"):
            printed = opened.page.pdf()
            assert not [word for word in (b"/URI", b"/JavaScript", b"/Launch") if word in printed]


@pytest.mark.full_size  # the same page without a browser: tests/layers/pages/test_attacks_pages.py
def test_moderation(there, visit):
    desk = visit(f"{there.url}/moderate?place={PLACE}", alone=True)
    drawn(desk, ".pramshed-button")
    desk.page.get_by_role("link", name="Sign in", exact=True).click()
    desk.page.get_by_label("Name", exact=True).fill("ada")
    desk.page.get_by_label("Passphrase", exact=True).fill(PASSPHRASE)
    desk.page.get_by_role("button", name="Sign in", exact=True).click()
    desk.page.get_by_text("Groups and links").first.wait_for(timeout=MOST)
    at_rest(desk)
    for number in range(2):
        desk.map.locator(".pramshed-marker").nth(5 * number).click(force=True)
        at_rest(desk)
        prodded(desk, 5)
        clicked(desk, desk.page.get_by_text("History", exact=True).last)
        unharmed(desk, f"mark {number}")
        assert PRIVATE in desk.page.content(), "whoever moderates sees it"
    for shelf in ("On the map", "Refused or taken off"):
        clicked(desk, desk.page.get_by_role("button", name=shelf).or_(desk.page.get_by_role("radio", name=shelf)).first)
        prodded(desk, 5)
        unharmed(desk, shelf)
    for part in ("Groups and links", "Trail", "People", "Import a file"):
        clicked(desk, desk.page.get_by_role("button", name=part).or_(desk.page.get_by_role("radio", name=part)).first)
        unharmed(desk, part)
    files = desk.page.locator("input[type=file]")
    head = ",".join(
        ["kind", "lon", "lat", "name", *('"' + text.replace('"', '""') + '"' for text in list(NAMES.values())[:8])]
    )
    for name, content in (
        ("<img src=x onerror=top.harmed=9>.csv", f"{head}\nother,-1.29,50.7,x{',y' * 8}\n".encode()),
        (
            "'><svg onload=top.harmed=9>.geojson",
            b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"kind":"<img src=http://evil.example/9>"},"geometry":{"type":"Point","coordinates":[-1.29,50.7]}}]}',
        ),
        (
            "a\ud800b.geojson".encode("utf-8", "replace").decode(),
            b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"kind":"other","name":"\\ud800"},"geometry":{"type":"Point","coordinates":[-1.29,50.7]}}]}',
        ),
        ("bomb.gpkg", b"PK\x03\x04" + bytes(1000)),
        ("large.csv", b"x" * 10_500_000),
    ):
        files.set_input_files({"name": name, "mimeType": "text/plain", "buffer": content})
        at_rest(desk)
        unharmed(desk, name)
        if "csv" in name and name.startswith("<"):
            desk.page.get_by_text("1 mark can be imported").wait_for(timeout=MOST)
        else:
            assert desk.page.get_by_text("can be imported").count() == 0, name
            assert desk.page.get_by_text("cannot be shown with these settings").count() == 0, name
        remove = desk.page.locator("[data-testid=stFileChipDeleteBtn]")
        if remove.count():
            remove.first.click()
            at_rest(desk)
