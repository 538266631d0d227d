"""What the store and the pages of moderation do with claims that nothing bears out."""

from __future__ import annotations

import io
import uuid
from dataclasses import replace

import pytest
import shapely
from PIL import Image

from data.store.marks import MarkDraft
from data.store.people import OPERATOR, Contributor, Person
from data.store.schema import now
from geo.errors import DeniedError
from layers import cache
from tests.layers.moderators import labels, office, prepared, press  # noqa: F401


def test_who_was_disabled_decides_nothing_in_an_open_page(office):  # noqa: F811
    mark = office.wait()
    at = office.look_at(mark)
    office.store.accounts.disable(OPERATOR, office.bo.id)
    press(at, "Approve: put it on the map")
    assert "Sign out" not in labels(at)
    assert office.get(mark).status == "waiting"


def test_claims_that_the_store_does_not_bear_out(office):  # noqa: F811
    """A person or a contributor in a session is a claim; the store looks again."""
    mine, theirs = office.wait(group=1), office.wait(group=0)
    desk = office.store.desk
    forged = (
        Person(office.cy.id, "Cy", "administrator"), Person(10_000, "Nobody", "administrator"),
        replace(office.cy, group_id=office.groups[0].id), Contributor(office.links[0].link.id, office.groups[0].id, "", "", "", now()),
    )  # fmt: skip
    for who in forged:
        with pytest.raises(DeniedError):
            desk.approve(who, theirs, version=1)
        with pytest.raises(DeniedError):
            office.store.accounts.all(who)
    assert desk.approve(office.cy, mine, version=1).status == "approved"
    draft = MarkDraft(place="isle-of-wight", kind="other", geometry=shapely.Point(450_014, 89_065))
    elsewhere = Contributor(office.links[0].link.id, office.groups[1].id, "", "isle-of-wight", "", now())
    for who, place in ((elsewhere, "isle-of-wight"), (office.store.groups.open_link(office.links[0].token), "leeds")):
        with pytest.raises(DeniedError):
            office.store.marks.add(who, replace(draft, place=place), submission=str(uuid.uuid4()))


def test_photos_of_what_is_not_on_the_map(office):  # noqa: F811
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(out, "JPEG")
    waits, shown = office.wait(photo=out.getvalue()), office.wait(photo=out.getvalue())
    home = office.wait(photo=out.getvalue(), kind="peer_group", at_home=True)
    for mark_id in (shown, home):
        office.store.desk.approve(OPERATOR, mark_id, version=1)
    assert cache.marks.photo(shown)
    assert cache.marks.photo(waits) is None
    assert cache.marks.photo(home) is None
    office.store.desk.withdraw(OPERATOR, shown, version=2, reason="gone")
    assert cache.marks.photo(shown) is None
