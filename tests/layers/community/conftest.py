"""A store of marks of the test's own, and the pages of the community on it."""

from __future__ import annotations

import uuid
from types import SimpleNamespace

import pytest
import shapely

from data.store.marks import MarkDraft
from data.store.people import OPERATOR
from data.store.store import Store
from layers import cached, cached_marks

PASSPHRASE = "correct horse battery"


@pytest.fixture
def community(tmp_path, monkeypatch, folder):
    """A store with a group of the island and its link; ``put`` puts a mark on the map."""
    url = f"sqlite:///{tmp_path / 'marks.sqlite'}"
    monkeypatch.setenv("PRAMSHED_MARKS_URL", url)
    forget()
    store = Store.open(url)
    group = store.groups.create(OPERATOR, name="Newport families", place="isle-of-wight")
    link = store.groups.make_link(OPERATOR, group.id, label="poster", per_hour=500)
    who = store.groups.open_link(link.token)

    def wait(**said):
        said = {"kind": "meeting_place", "geometry": shapely.Point(450_014, 89_065)} | said
        return store.marks.add(who, MarkDraft(place="isle-of-wight", **said), submission=str(uuid.uuid4()))

    def put(**said):
        receipt = wait(**said)
        return store.desk.approve(OPERATOR, receipt.mark_id, version=1, checked=True)

    yield SimpleNamespace(store=store, group=group, link=link, who=who, wait=wait, put=put, url=url)
    store.close()
    forget()


def forget():
    """What was kept rests on the marks of another test: their revisions have the same numbers."""
    for module in (cached, cached_marks):
        for name, one in vars(module).items():
            if hasattr(one, "clear") and callable(one) and name not in ("_ground", "_geometry", "_centres", "_outline"):
                one.clear()
