"""The rest of the moderators' page: groups and their links, cards, people, the trail, marks from a file."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest

from data.store.groups import NewLink
from data.store.people import OPERATOR
from geo.errors import DeniedError
from layers.files import tables
from layers.marking import link_card
from tests.layers.moderators import (
    EVIL,
    ISSUER,
    PASSPHRASE,
    PLACE,
    field,
    labels,
    office,  # noqa: F401
    plainly,
    prepared,  # noqa: F401
    press,
    raw,
)
from tests.layers.reading import html, words

ADDRESS = "https://walks.example.org"
MARKS = """kind,name,lon,lat,note,days
meeting place,The hall,-1.2926,50.7003,On Tuesdays,tue
drop-in,=HYPERLINK("x"),-1.2900,50.7010,,
"""


@pytest.fixture
def part(office, monkeypatch):  # noqa: F811
    """A part of the page, for somebody."""
    monkeypatch.setenv("PRAMSHED_ADDRESS", ADDRESS)

    def come(name, key):
        return office.come_in(name, **{"desk-kept-part": key})

    return come


def parts(at):
    return at.get("button_group")[0].options


def shown_address(at):
    return next(one.value for one in at.code if one.value.startswith(ADDRESS))


# Groups and links ------------------------------------------------------------------------------------------------


def test_a_link_is_shown_once_and_opens(part, office):  # noqa: F811
    at = part("Cy", "groups")
    assert "Ryde families" in " ".join(one.label for one in at.get("expander"))
    assert "Newport families" not in words(at) + " ".join(one.label for one in at.get("expander"))
    assert "Make the group" not in labels(at), "only administrators make groups"
    field(at, "For whom the link is").set_value("Tuesday playgroup")
    field(at, "Days that it works", "number_input").set_value(10)
    field(at, "Marks an hour", "number_input").set_value(7)
    at = press(at, "Make a link")
    address = shown_address(at)
    token = re.fullmatch(rf"{re.escape(ADDRESS)}/mark\?link=([\w-]{{32}})", address).group(1)
    who = office.store.groups.open_link(token)
    assert (who.group, who.label) == ("Ryde families", "Tuesday playgroup")
    code = re.search(r"Code for paper sheets</th><td>([\w-]+)</td>", html(at)).group(1)
    assert office.store.groups.open_link(code) == who
    assert "alt='QR code of the link'" in html(at)
    assert "Download the card to print" in [one.proto.label for one in at.get("download_button")]
    at = press(at, "Done, hide it")
    assert token not in words(at)
    assert not at.code
    assert "Tuesday playgroup: works until" in html(at)
    assert "up to 7 marks an hour" in html(at)


def test_a_link_is_withdrawn(part, office):  # noqa: F811
    at = press(part("Cy", "groups"), "Withdraw")
    assert "The link was withdrawn" in raw(at)
    assert "Withdraw" not in labels(at)
    with pytest.raises(DeniedError):
        office.store.groups.open_link(office.links[1].token)
    assert office.store.groups.open_link(office.links[0].token)


def test_an_administrator_makes_and_closes_a_group(part, office):  # noqa: F811
    at = part("Ada", "groups")
    field(at, "Name of the group").set_value("  Cowes families ")
    at = press(at, "Make the group")
    group = next(one for one in office.store.groups.all(OPERATOR) if one.name == "Cowes families")
    assert group.place == PLACE
    assert field(at, "Name of the group").value == ""
    at = press(at, "Make the group")
    assert "A name is needed" in raw(at)
    at = press(at, "Close the group")
    assert "Nothing was closed" in raw(at)
    at.checkbox[0].check()
    press(at, "Close the group")
    assert [one.closed is not None for one in office.store.groups.all(OPERATOR)].count(True) == 1


class Reader(HTMLParser):
    """Elements and attributes of a page, and its text."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.attributes, self.text = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.text.append(data)


def test_a_card_stands_alone_and_is_safe(office):  # noqa: F811
    evil = "</title></style></script><script>alert(1)</script><img src=x onerror=alert(1)> {{7*7}}"
    link = office.links[0]
    named = SimpleNamespace(label="'\"><svg onload=alert(1)>", expires=link.link.expires)
    url = f"{ADDRESS}/mark?link={link.token}"
    card = link_card.card(NewLink(named, link.token, link.code), group=evil, place="Isle <of> Wight", url=url)
    seen = Reader(card)
    assert set(seen.elements) <= {
        "html", "head", "meta", "title", "style", "body", "main", "h1", "p", "bdi", "div", "svg", "path", "ol", "li",
        "dl", "dt", "dd",
    }  # fmt: skip
    assert not [name for name, _ in seen.attributes if name.startswith("on") or name in ("src", "href")]
    text = "".join(seen.text)
    assert text.count(evil) == 2, "as it is, in the title and above the code"
    assert url in text
    assert link.code in text
    assert f"{link.link.expires:%-d %B %Y}" in text
    assert "default-src 'none'" in card
    assert "{{7*7}}" not in card


def test_the_code_on_a_card_holds_the_link():
    import segno

    from layers.marking.links import code_of

    url = f"{ADDRESS}/mark?link={'a' * 32}"
    drawn = re.findall(r' d="([^"]+)"', code_of(url))[-1]
    assert drawn == re.findall(r' d="([^"]+)"', segno.make(url, error="m", micro=False).svg_inline(border=2))[-1]
    assert drawn != re.findall(r' d="([^"]+)"', code_of(url + "b"))[-1]


# People and the trail --------------------------------------------------------------------------------------------


def test_only_administrators_see_people(part, office):  # noqa: F811
    at = office.come_in("Ada")
    at.get("button_group")[0].set_value("people").run()
    assert not at.exception
    assert "People" in parts(at)
    assert "Bo: moderator" in plainly(" ".join(one.label for one in at.get("expander")))
    assert "People" not in parts(part("Bo", "trail"))


def test_somebody_is_added_with_a_passphrase_that_is_shown_once(part, office):  # noqa: F811
    at = part("Ada", "people")
    field(at, "Name").set_value("Dee")
    field(at, "Decides on the marks of", "selectbox").select(office.groups[0].id)
    at = press(at, "Add")
    passphrase = at.code[0].value
    dee = office.store.accounts.sign_in("Dee", passphrase)
    assert (dee.role, dee.group_id) == ("moderator", office.groups[0].id)
    at = press(at, "Done, hide it")
    assert not at.code
    assert passphrase not in words(at)


def test_somebody_is_added_by_issuer_and_subject(part, office):  # noqa: F811
    at = part("Ada", "people")
    field(at, "Name").set_value("Dee")
    field(at, "Issuer").set_value(ISSUER)
    at = press(at, "Add")
    assert "issuer and subject" in raw(at)
    assert field(at, "Name").value == "Dee", "what was typed stays"
    field(at, "Subject").set_value("dee-1")
    at = press(at, "Add")
    assert office.store.accounts.by_identity(ISSUER, "dee-1").name == "Dee"
    assert not at.code, "no passphrase was asked for"


def test_rights_are_taken_away_after_a_tick(part, office):  # noqa: F811
    at = part("Ada", "people")
    at = press(at, "Take the rights away")
    assert "Nothing was changed" in raw(at)
    at.checkbox[0].check()
    at = press(at, "Take the rights away")
    assert "This is the last administrator" in raw(at), "the first in the list is Ada herself"
    at.checkbox[0].uncheck()
    at.checkbox[1].check()
    next(one for one in at.button if one.key and f"disable-{office.bo.id}" in one.key).click().run()
    assert "Bo has no access here any more" in raw(at)
    assert [one.name for one in office.store.accounts.all(OPERATOR)] == ["Ada", "Cy"]


def test_a_new_passphrase_for_somebody(part, office):  # noqa: F811
    at = part("Ada", "people")
    at.button(key=f"desk-new-passphrase-{office.cy.id}").click().run()
    assert office.store.accounts.sign_in("Cy", at.code[0].value).id == office.cy.id
    with pytest.raises(DeniedError):
        office.store.accounts.sign_in("Cy", PASSPHRASE)


@pytest.mark.parametrize(
    ("old", "new", "again", "said"),
    [
        ("wrong horse battery", "another horse battery", "another horse battery", "is wrong"),
        (PASSPHRASE, "another horse battery", "another horse", "two new ones differ"),
        (PASSPHRASE, "short", "short", "12 characters or more"),
        (PASSPHRASE, "another horse battery", "another horse battery", "Your passphrase was changed"),
    ],
)
def test_ones_own_passphrase(part, office, old, new, again, said):  # noqa: F811
    at = part("Bo", "own")
    for label, text in (("Your current passphrase", old), ("The new one", new), ("The new one, once more", again)):
        field(at, label).set_value(text)
    at = press(at, "Change it")
    assert said in raw(at)
    if "changed" in said:
        assert office.store.accounts.sign_in("Bo", new).id == office.bo.id
        assert "Sign out" in labels(at.run()), "who changed it stays signed in"
    else:
        assert office.store.accounts.sign_in("Bo", PASSPHRASE) == office.bo


def test_the_trail_is_read_filtered_and_safe_to_download(part, office):  # noqa: F811
    mark, other = office.wait(name="=1+1"), office.wait()
    office.store.desk.approve(office.bo, mark, version=1)
    at = part("Bo", "trail")
    lines = at.dataframe[0].value
    assert {mark, other} <= set(lines["Mark"].dropna())
    assert lines.iloc[0]["Who"] == "Bo"
    field(at, "Only this mark").set_value(mark).run()
    assert list(at.dataframe[0].value["What"]) == ["approved", "added"]
    field(at, "Only this mark").set_value(EVIL).run()
    assert "That is not a mark's id" in raw(at)
    rows = office.store.trail.rows(OPERATOR)
    assert not re.search(r"(?m)(^|,)[=+@-]", tables.csv_text(rows.assign(detail="=cmd|' /C calc'!A0")))


# A file ----------------------------------------------------------------------------------------------------------


def upload(at, name, content):
    at.get("file_uploader")[0].set_value((name, content, "application/octet-stream")).run()
    assert not at.exception
    return at


def test_marks_of_a_file_wait_in_the_queue(part, office):  # noqa: F811
    at = upload(part("Cy", "import"), "marks.csv", MARKS.encode())
    assert "2 marks can be imported" in words(at)
    assert field(at, "Whose marks they are", "selectbox").options == ["Ryde families"]
    assert office.store.desk.queue(OPERATOR) == [], "nothing is taken in before it was asked for"
    at = press(at, "Put 2 marks into the queue")
    waiting = office.store.desk.queue(office.cy)
    assert sorted(one.draft.kind for one in waiting) == ["drop_in", "meeting_place"]
    assert {one.status for one in waiting} == {"waiting"}
    at = upload(at, "marks.csv", MARKS.encode())
    press(at, "Put 2 marks into the queue")
    assert len(office.store.desk.queue(OPERATOR)) == 2, "the same file again doubles nothing"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("marks.csv", b"kind,lon,lat\nvolcano,-1.29,50.70\n", "row 2"),
        ("marks.csv", b"kind,name\ndrop-in,A\n", "lon and lat"),
        ("marks.gpkg", b"PK\x03\x04not a package", "a zip archive"),
        ("<img src=x>.geojson", b"{}", "FeatureCollection"),
    ],
)
def test_the_first_fault_of_a_file_in_one_line(part, office, name, content, said):  # noqa: F811
    at = upload(part("Bo", "import"), name, content)
    (error,) = at.error
    assert said in plainly(error.value)
    assert "\n" not in error.value
    assert "Nothing was imported" in error.value
    assert not re.search(r"(?<!\\)<img", error.value)
    assert office.store.desk.queue(OPERATOR) == []


def test_services_of_open_referral(part, office):  # noqa: F811
    at = part("Bo", "import")
    at.radio[0].set_value("services").run()
    service = {
        "id": "5f0a6f0e-3c0b-4d3c-9a55-6a7e6b1d8c42",
        "name": "Stay and play",
        "status": "active",
        "service_at_locations": [{"location": {"id": "l1", "latitude": 50.7003, "longitude": -1.2926}}],
    }
    at = upload(at, "services.json", json.dumps({"contents": [service]}).encode())
    at = press(at, "Put 1 mark into the queue")
    assert [one.draft.name for one in office.store.desk.queue(OPERATOR)] == ["Stay and play"]
