"""A store with groups, people and marks for the tests of the moderators' page, and the page as each of them sees it."""

from __future__ import annotations

import shutil
import uuid
from types import SimpleNamespace

import pytest
import shapely
import streamlit as st

from data.store.marks import MarkDraft
from data.store.people import OPERATOR
from data.store.store import Store
from layers.session import who

PAGE = "layers/pages/moderate.py"
PLACE = "isle-of-wight"
PASSPHRASE = "correct horse battery"
EVIL = "<img src=x onerror=alert(1)> {{7*7}} **b** [x](javascript:1)"
ISSUER = "https://login.example.org"


@pytest.fixture(scope="session")
def prepared(tmp_path_factory):
    """A store with its people (Ada keeps all, Bo decides on all, Cy on one group's marks), to be copied."""
    file = tmp_path_factory.mktemp("office") / "marks.sqlite"
    store = Store.open(f"sqlite:///{file}")
    groups = [store.groups.create(OPERATOR, name=name, place=PLACE) for name in ("Newport families", "Ryde families")]
    links = [store.groups.make_link(OPERATOR, group.id, per_hour=500) for group in groups]
    made = SimpleNamespace(
        file=file,
        groups=groups,
        links=links,
        who=[store.groups.open_link(link.token) for link in links],
        ada=store.accounts.add(OPERATOR, name="Ada", role="administrator", passphrase=PASSPHRASE),
        bo=store.accounts.add(OPERATOR, name="Bo", passphrase=PASSPHRASE, issuer=ISSUER, subject="bo-1"),
        cy=store.accounts.add(OPERATOR, name="Cy", group_id=groups[1].id, passphrase=PASSPHRASE),
    )
    store.close()
    return made


@pytest.fixture
def office(tmp_path, monkeypatch, visit, prepared):
    """A store of the test's own with those people, how marks get into it, and how somebody comes in."""
    yield from office_on(prepared.file, tmp_path, monkeypatch, visit, prepared)


def office_on(file, tmp_path, monkeypatch, visit, prepared):
    """The same on a copy of another file, in which more has happened since it was `prepared`."""
    shutil.copy(file, tmp_path / "marks.sqlite")
    url = f"sqlite:///{tmp_path / 'marks.sqlite'}"
    monkeypatch.setenv("PRAMSHED_MARKS_URL", url)
    store = Store.open(url)

    def wait(*, group=0, photo=None, **said):
        """A mark in the queue."""
        said = {"kind": "meeting_place", "geometry": shapely.Point(450_014, 89_065), "name": "The hall"} | said
        draft = MarkDraft(place=PLACE, **said)
        return store.marks.add(prepared.who[group], draft, submission=str(uuid.uuid4()), photo=photo).mark_id

    def put(**said):
        """A mark on the map."""
        return store.desk.approve(OPERATOR, wait(**said), version=1, checked=True).id

    monkeypatch.setattr(who, "cookie", lambda: st.session_state.get("_cookie", ""))

    def come_in(name="Bo", page=PAGE, **session):
        """The page of somebody who has signed in already."""
        return visit(page, session={"_cookie": store.sign_ins.begin(getattr(prepared, name.lower())), **session})

    def look_at(mark_id, name="Bo"):
        """The page of somebody who has signed in and looks at a mark."""
        return come_in(name, **{"desk-open": mark_id})

    yield SimpleNamespace(
        store=store, groups=prepared.groups, links=prepared.links, ada=prepared.ada, bo=prepared.bo, cy=prepared.cy,
        wait=wait, put=put, come_in=come_in, look_at=look_at,
        get=lambda mark_id: store.desk.get(OPERATOR, mark_id),
    )  # fmt: skip
    store.close()


def press(at, label):
    """Press the first button of that name."""
    at = next(button for button in at.button if button.label == label).click().run()
    assert not at.exception
    return at


def field(at, label, kind="text_input"):
    """The last field of that name: the forms stand below what is always there."""
    return [one for one in at.get(kind) if one.label == label][-1]


def labels(at):
    """What the buttons are called."""
    return [button.label for button in at.button]


def plainly(text):
    """Markdown without what keeps it from being read as such."""
    return text.replace("\\", "").replace("\N{WORD JOINER}", "")


def raw(at):
    """What the page says of what was done."""
    return plainly("\n".join(one.value for kind in ("error", "warning", "info", "success") for one in at.get(kind)))
