"""Every page on a store of hostile texts, and whoever comes with a right that is not theirs."""

from __future__ import annotations

import math
import re
import shutil
import struct
import traceback
import uuid
import zlib
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pytest
import shapely
from sqlalchemy import insert

from data.place import SAMPLE, Place, key_of
from data.store import photos
from data.store.credentials import MOST_FAILURES
from data.store.marks import MarkDraft
from data.store.people import OPERATOR, LinkError
from data.store.schema import marks as marks_table
from data.store.store import Store
from geo.errors import DeniedError, PramshedError, TooOftenError
from layers.answers.place_search import to_grid
from layers.files.scenarios import to_link
from layers.html import escape, plain
from layers.maps.scene import values_json
from layers.marking import wording
from layers.session.parameters import CHANGES, MADE_FOR, NAME, PARAMETERS
from layers.views.what_if_streets import mark_changes
from tests.layers.hostile import CHUNKS, HOSTILE, NAMES, PRIVATE
from tests.layers.moderators import PAGE, office, office_on, prepared, press, raw  # noqa: F401
from tests.layers.pages.test_attacks import harmless
from tests.layers.pages.test_mark import press as press_word
from tests.layers.pages.test_mark import tapped, to_last_step

pytestmark = pytest.mark.place_anew

MARK = "layers/pages/mark.py"
COMMUNITY = "layers/pages/community.py"
SHOWN_AS_TEXT = {
    ("Selectbox", "options"), ("Selectbox", "raw_value"), ("MultiSelect", "options"), ("TextInput", "value"),
    ("TextInput", "default"), ("TextArea", "value"), ("TextArea", "default"), ("Code", "code_text"),
}  # fmt: skip
"""Parts of Streamlit's controls that it never reads as Markdown."""
DANGEROUS = [name for name in NAMES.values() if plain(name) != " ".join(name.split())]
LOOKED_FOR = [{name, plain(name), escape(name)} for name in DANGEROUS]
ANY_OF_THEM = re.compile("|".join(re.escape(one) for forms in LOOKED_FOR for one in forms))


def texts(message, path=()):
    """Every text in one of Streamlit's messages to the browser, with the names of the fields that lead to it."""
    for one, value in message.ListFields():
        for part in value if one.is_repeated else [value]:
            if one.message_type and not one.message_type.GetOptions().map_entry:
                yield from texts(part, (*path, one.name))
            elif isinstance(part, str):
                yield (*path, one.name), part


def messages(at):
    """Every element and container on the page, as the browser is told."""
    found, waiting = [], [at._tree]
    while waiting:
        node = waiting.pop()
        waiting += getattr(node, "children", {}).values()
        if hasattr(getattr(node, "proto", None), "ListFields"):
            found.append(node.proto)
    return found


def shown_as_text(at, scenes):
    """Whatever was typed is on the page as text; how much of it was looked at."""
    assert not at.exception
    count = 0
    for message in messages(at):
        kind = type(message).__name__
        for path, said in texts(message):
            if kind == "Html" and not said.startswith("<style>"):
                harmless(said)
            if not ANY_OF_THEM.search(said):
                continue
            if path[-1] not in ("id", "form_id") and (kind, path[-1]) not in SHOWN_AS_TEXT and kind != "Html":
                wrong = [name for name in DANGEROUS if name in said]
                assert not wrong, f"{kind}.{'.'.join(path)}: {said!r}"
            count += sum(any(one in said for one in forms) for forms in LOOKED_FOR)
    for scene in scenes.drawn:
        assert not set(values_json(scene)[1:-1]) & set("{}<>")
    return count


def sent(at, scenes) -> str:
    """All that the browser is sent, the address included."""
    parts = [repr(message.SerializeToString()) for message in messages(at)]
    return "\n".join([*parts, *map(values_json, scenes.drawn), str(dict(at.query_params))])


@pytest.fixture(scope="module")
def hostile_store(prepared, tmp_path_factory):  # noqa: F811
    """A file with every hostile text in marks on the map, waiting and refused; in groups, links and reasons likewise."""
    file = shutil.copy(prepared.file, tmp_path_factory.mktemp("hostile") / "marks.sqlite")
    store, made = Store.open(f"sqlite:///{file}"), []
    kinds = ("meeting_place", "barrier", "peer_group", "missing_crossing", "play_space", "drop_in", "other")
    group = store.groups.create(OPERATOR, name=NAMES["image"], place="isle-of-wight")
    link = store.groups.make_link(OPERATOR, group.id, label=NAMES["svg"], per_hour=500)
    who = store.groups.open_link(link.token)
    for number, text in enumerate(NAMES.values()):
        at = shapely.Point(450_014 + 30 * (number % 5), 89_065 + 30 * (number // 5))
        said = {"geometry": at, "name": text, "note": CHUNKS[number % len(CHUNKS)], "contact": PRIVATE}
        draft = MarkDraft(place="isle-of-wight", kind=kinds[number % 7], private_note=PRIVATE, **said)
        one, two = (store.marks.add(who, draft, submission=str(uuid.uuid4())) for _ in range(2))
        store.desk.approve(OPERATOR, one.mark_id, version=1, checked=True)
        made.append(one.mark_id)
        if number % 5 == 0:
            store.desk.reject(OPERATOR, two.mark_id, version=1, reason=text)
        last = two
    store.close()
    return SimpleNamespace(file=file, marks=made, link=link, receipt=last.token, waiting=last.mark_id)


@pytest.fixture
def hostile(tmp_path, monkeypatch, visit, prepared, hostile_store):  # noqa: F811
    """A copy of that store, with its people."""
    for office in office_on(hostile_store.file, tmp_path, monkeypatch, visit, prepared):  # noqa: F402
        made = hostile_store
        office.marks, office.link, office.receipt, office.waiting = made.marks, made.link, made.receipt, made.waiting
        yield office


def test_pages_that_anybody_sees(hostile, visit, scenes, drawn):
    at = visit(community="yes", show="centres,play,closed,marks")
    shown_as_text(at, scenes)
    assert PRIVATE not in sent(at, scenes)
    for mark_id in hostile.marks[:3]:
        at = visit(COMMUNITY, mark=mark_id)
        assert shown_as_text(at, scenes) > 15
        assert PRIVATE not in sent(at, scenes)
    changes = to_link(tuple(mark_changes(hostile.store.public.marks("isle-of-wight")))[:5])
    made_for = Place.open(SAMPLE / "isle_of_wight").card.fingerprint
    at = visit("layers/pages/what_if.py", **{CHANGES: changes, MADE_FOR: made_for, NAME: NAMES["image"]})
    assert shown_as_text(at, scenes) > 2
    assert PRIVATE not in sent(at, scenes)
    for file in drawn.iterdir():
        assert file.suffix in {".geojson", ".json"}
        assert PRIVATE not in file.read_text("utf-8")
        assert not [name for name in NAMES.values() if name in file.read_text("utf-8")]


def test_the_pages_of_contributors(hostile, visit, scenes):
    at = visit(MARK, link=hostile.link.token)
    assert shown_as_text(at, scenes) >= 1
    at.button(key="kind-other").click().run()
    tapped(scenes)
    at.run()
    assert shown_as_text(at, scenes) >= 2
    assert PRIVATE not in sent(at, scenes)
    at = visit(MARK, receipt=hostile.receipt)
    shown_as_text(at, scenes)
    assert PRIVATE not in sent(at, scenes)


def test_moderation(hostile, scenes):
    at = hostile.come_in("Ada")
    assert shown_as_text(at, scenes) >= 2, "in the list, and on the button for the oldest"
    at.session_state["desk-open"] = hostile.waiting
    at.run()
    assert shown_as_text(at, scenes) > 15
    assert PRIVATE in sent(at, scenes)
    mark = hostile.get(hostile.waiting)
    edited = replace(mark.draft, name=NAMES["script"], contact=NAMES["link"], private_note=NAMES["picture"])
    hostile.store.desk.edit(OPERATOR, mark.id, version=1, draft=edited)
    press(at, "Approve: put it on the map")
    assert "someone else has changed this mark" in raw(at).lower()
    shown_as_text(at, scenes)
    for part in ("groups", "trail", "people"):
        at.session_state["desk-kept-part"] = part
        at.run()
        shown_as_text(at, scenes)
    at.session_state["desk-kept-part"], at.session_state["desk-kept-shelf"] = "marks", "off"
    at.run()
    shown_as_text(at, scenes)


@pytest.mark.parametrize("text", ["image", "link", "streamlit", "unseen", "sql"])
def test_whatever_the_address_says(visit, scenes, text):
    at = visit(**dict.fromkeys(PARAMETERS, HOSTILE[text]), **{"desk-open": HOSTILE[text], "_person": HOSTILE[text]})
    shown_as_text(at, scenes)
    for page in (MARK, PAGE, COMMUNITY):
        at.switch_page(page)
        at.run()
        shown_as_text(at, scenes)


def bomb() -> bytes:
    """A PNG of a few hundred bytes that says it has 3.6 thousand million pixels."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(100))) + chunk(b"IEND", b"")


PHOTOS = {
    "no photo.jpg": b"<script>top.harmed=1</script>",
    "<img src=x onerror=top.harmed=1>.png": bomb(),
    "page.png": b"<svg xmlns='http://www.w3.org/2000/svg' onload='top.harmed=1'/>",
    "half.jpg": b"\xff\xd8\xff\xe0" + bytes(200),
    "large.webp": b"RIFF" + bytes(photos.MOST_BYTES),
}


def test_photos(community, visit, scenes):
    at = to_last_step(visit(MARK, link=community.link.token), scenes)
    for name, content in PHOTOS.items():
        at.text_input(key="mark-name").set_value("Hall")
        at.file_uploader[0].upload(name, content, "image/png").run()
        press_word(at, wording.SEND)
        shown_as_text(at, scenes)
        assert [one.value for one in at.error] in ([plain(wording.PHOTO_NOT_READ)], [plain(wording.PHOTO_TOO_LARGE)]), (
            name
        )
        assert community.store.desk.queue(OPERATOR) == []


FILES = {
    "large.csv": b"kind,lon,lat\n" + b"other,-1.29,50.7\n" * 700_000,
    "many.csv": b"kind,lon,lat\n" + b"other,-1.29,50.7\n" * 6_000,
    "photo.csv": b"\x89PNG\r\n\x1a\n",
    "<img src=x onerror=top.harmed=1>.gpkg": b"PK\x03\x04" + bytes(100),
    "deep.geojson": b"[" * 200_000,
    "[x](javascript:1).geojson": b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":'
    b'{"kind":"<img src=x onerror=top.harmed=1>"},"geometry":{"type":"Point","coordinates":[-1.29,50.7]}}]}',
    "half.json": b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"kind":"\\ud800"}}]}',
}


def test_files(office, scenes):  # noqa: F811
    """Whatever a moderator was sent: refused in a line, and nothing of it is taken in."""
    at = office.come_in("Ada")
    at.session_state["desk-kept-part"] = "import"
    at.run()
    for name, content in FILES.items():
        at.file_uploader[0].upload(name, content, "text/plain").run()
        shown_as_text(at, scenes)
        assert "nothing was imported" in raw(at).lower(), name
        assert "desk-take-in" not in [button.key for button in at.button]
    head = ",".join('"' + text.replace('"', '""') + '"' for text in NAMES.values() if text.isprintable())
    row = "," * sum(text.isprintable() for text in NAMES.values())
    content = f"kind,lon,lat,{head}\nother,-1.29,50.7{row}\n".encode()
    at.file_uploader[0].upload("columns.csv", content, "text/csv").run()
    assert shown_as_text(at, scenes) > 2
    assert office.store.desk.queue(OPERATOR) == []


def test_a_form_that_is_sent_again_is_one_mark(community, visit, scenes):
    at = to_last_step(visit(MARK, link=community.link.token), scenes)
    at.text_input(key="mark-name").set_value("Hall")
    before = at.session_state["_marking"]
    press_word(at, wording.SEND)
    at.session_state["_marking"] = before
    at.run()
    at.text_input(key="mark-name").set_value("Hall")
    press_word(at, wording.SEND)
    assert len(community.store.desk.queue(OPERATOR)) == 1


def test_many_with_the_right_code_at_once(community):
    """They are no guessers; and one wrong code is counted, whenever it comes."""
    open_link = community.store.groups.open_link
    with ThreadPoolExecutor(20) as many:
        found = list(many.map(lambda _: open_link(community.link.code), range(60)))
    assert {one.link_id for one in found} == {community.link.link.id}

    def guess(_):
        with pytest.raises(DeniedError) as fault:
            open_link("ZZZZ-ZZZZ-ZZZZ")
        return type(fault.value)

    with ThreadPoolExecutor(20) as many:
        said = Counter(many.map(guess, range(40)))
    assert said == {LinkError: MOST_FAILURES, TooOftenError: 40 - MOST_FAILURES}
    with pytest.raises(TooOftenError):
        open_link(community.link.code)
    assert open_link(community.link.code, client="192.0.2.7")
    assert open_link(community.link.token)


def test_no_address_decides_on_a_mark(community, visit, scenes):
    """Nor does one show a mark that nobody has looked at yet."""
    mark = community.wait(name="Quiet").mark_id
    for page, query in (
        (MARK, {"link": "A" * 32, "mark": mark}),
        (MARK, {"link": community.link.token, "mark": mark, "status": "approved"}),
        (PAGE, {"mark": mark, "approve": "yes", "role": "administrator"}),
        (None, {"community": "yes", "approve": mark}),
    ):
        assert "Quiet" not in sent(visit(page, **query), scenes)
    assert community.store.desk.get(OPERATOR, mark).status == "waiting"


def test_homes(office, visit, scenes):  # noqa: F811
    """Three in a square kilometre are a square; nothing that is sent says where any of them is, or what it is called."""
    at_home = {"kind": "peer_group", "at_home": True, "contact": PRIVATE}
    homes = [
        office.put(name=f"Secret{number}", note=f"Secret{number}", geometry=shapely.Point(449_213 + 77 * number, 89_317), **at_home)
        for number in range(3)
    ]  # fmt: skip
    office.put(name="Only2", geometry=shapely.Point(459_213, 92_317), **at_home)
    for page in (None, COMMUNITY, MARK):
        at = visit(page, community="yes", show="centres,marks", link=office.links[0].token)
        if page == MARK:
            at.button(key="kind-other").click().run()
            tapped(scenes, 449_213, 89_317)
            at.run()
        said = sent(at, scenes)
        assert "Secret" not in said
        assert "Only2" not in said
        assert not [mark_id for mark_id in homes if mark_id in said]
        for scene in scenes.drawn:
            corners = [corner for one in scene.drawn for corner in one.corners]
            grid = [to_grid(lon, lat) for lon, lat in corners]
            assert all(min(x % 1000, 1000 - x % 1000) < 1 and min(y % 1000, 1000 - y % 1000) < 1 for x, y in grid)
            near = [one for one in scene.markers if math.dist(to_grid(one.lon, one.lat), (449_213, 89_317)) < 300]
            assert {one.shape for one in near} <= {"open", "linked", "added"}
        scenes.drawn.clear()
    assert list(office.store.public.marks("isle-of-wight")["homes"]) == [3]


def test_faults_do_not_tell_what_was_written(community, visit, monkeypatch, tmp_path, scenes):
    """Neither a log that shows a fault of the database, nor a page that cannot reach it."""
    with pytest.raises(PramshedError) as fault, community.store.marks._database.writing() as connection:
        connection.execute(insert(marks_table).values(id="x", contact=PRIVATE))
    assert PRIVATE not in "".join(traceback.format_exception(fault.value))
    (tmp_path / "full").write_text("not a folder")
    monkeypatch.setenv("PRAMSHED_MARKS_URL", f"sqlite:///{tmp_path / 'full' / 'marks.sqlite'}")
    at = visit(PAGE)
    assert "cannot be reached" in raw(at)
    assert str(tmp_path) not in raw(at), "folders and addresses are not for visitors"


def test_names_of_wards(visit, derive, scenes):
    names = [NAMES[what] for what in ("image", "streamlit", "link", *NAMES)]

    def rename(areas):
        number, codes = pd.factorize(areas["ward_code"])
        wards.extend(codes)
        return areas.assign(ward_name=[names[each % len(names)] for each in number])

    def call(labels):
        return labels.assign(name=[names[each % len(names)] for each in range(len(labels))])

    wards = []
    derive("Odd Wards", areas=rename, labels=call)
    for code in wards[:3]:
        assert shown_as_text(visit(place="odd-wards", rows="wards", within=code), scenes) > 1
    at = visit(place="odd-wards", rows="towns", within=key_of(names[0]))
    assert "<caption>All its homes together" in "".join(one.body for one in at.html)
    assert shown_as_text(at, scenes) > 1
