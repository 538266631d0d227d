"""Who may call what: every public method of the store, by everybody. What is refused changes nothing."""

from __future__ import annotations

import inspect
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from data.store.people import OPERATOR, Person, Visitor
from data.store.store import Store
from geo.errors import DeniedError
from tests.data.store.conftest import PASSPHRASE, PLACE, Town, draft, everything, run_sql

ACTORS = (
    "visitor", "contributor", "contributor of another group", "contributor by a revoked link",
    "contributor by an expired link", "contributor of a closed group", "contributor by no such link",
    "contributor who says another group", "moderator", "moderator of another group", "moderator of all",
    "administrator", "moderator who says administrator", "moderator of another group who says all",
    "disabled administrator", "disabled moderator", "person who does not exist", "operator",
)  # fmt: skip

ANYBODY = set(ACTORS)
ADMINISTRATORS = {"administrator", "operator"}
OF_ALL = {"moderator of all", *ADMINISTRATORS}
"""The forged administrator is a moderator of the group, whatever they say."""
OF_GROUP = {"moderator", "moderator who says administrator", *OF_ALL}
MODERATORS = {"moderator of another group", "moderator of another group who says all", *OF_GROUP}
WORKING_LINKS = {"contributor", "contributor of another group"}


@dataclass(frozen=True)
class Call:
    """Who may, and how it is called; ``ready`` makes what it is called on."""

    may: set[str]
    make: Callable[[Town, object], object]
    ready: Callable[[Town], object] = lambda town: None


def _waiting(town: Town) -> str:
    return town.add()


def _approved(town: Town) -> str:
    return town.approved()


def _refused(town: Town) -> str:
    mark = town.add()
    town.store.desk.reject(OPERATOR, mark, version=1, reason="no")
    return mark


def _two(town: Town) -> tuple[str, str]:
    return town.add(), town.add()


def _somebody(town: Town) -> int:
    return town.person(uuid.uuid4().hex).id


def _former(town):
    person_id = _somebody(town)
    town.store.accounts.disable(OPERATOR, person_id)
    return person_id


def _new() -> dict[str, str]:
    return {"name": uuid.uuid4().hex, "issuer": "https://id.example", "subject": uuid.uuid4().hex}


def _form() -> str:
    return str(uuid.uuid4())


CALLS: dict[str, Call] = {
    "public.marks": Call(ANYBODY, lambda town, by: town.store.public.marks(PLACE)),
    "public.revision": Call(ANYBODY, lambda town, by: town.store.public.revision(PLACE)),
    "public.photo": Call(ANYBODY, lambda town, by: town.store.public.photo("mark-aaaaaaaaaaaa")),
    "marks.nearby": Call(ANYBODY, lambda town, by: town.store.marks.nearby(PLACE, "other", 450_000, 90_000)),
    "marks.add": Call(
        WORKING_LINKS | OF_GROUP,  # by a link, always for the link's group
        lambda town, by: town.store.marks.add(by, draft(), submission=_form(), group_id=town.mums.id),
    ),
    "marks.add_all": Call(
        OF_GROUP, lambda town, by: town.store.marks.add_all(by, [(draft(), _form())], group_id=town.mums.id)
    ),
    "marks.receipt": Call(ANYBODY, lambda town, token: town.store.marks.receipt(town.receipt().token)),
    "marks.erase_own": Call(ANYBODY, lambda town, token: town.store.marks.erase_own(town.receipt().token)),
    "marks.tell": Call(
        WORKING_LINKS | MODERATORS, lambda town, by: town.store.marks.tell(by, town.ready, still_there=True), _approved
    ),
    "desk.queue": Call(MODERATORS, lambda town, by: town.store.desk.queue(by)),
    "desk.due": Call(MODERATORS, lambda town, by: town.store.desk.due(by)),
    "desk.get": Call(OF_GROUP, lambda town, by: town.store.desk.get(by, town.ready), _waiting),
    "desk.photo": Call(OF_GROUP, lambda town, by: town.store.desk.photo(by, town.ready), _waiting),
    "desk.history": Call(OF_GROUP, lambda town, by: town.store.desk.history(by, town.ready), _waiting),
    "desk.approve": Call(OF_GROUP, lambda town, by: town.store.desk.approve(by, town.ready, version=1), _waiting),
    "desk.reject": Call(
        OF_GROUP, lambda town, by: town.store.desk.reject(by, town.ready, version=1, reason="no"), _waiting
    ),
    "desk.withdraw": Call(
        OF_GROUP, lambda town, by: town.store.desk.withdraw(by, town.ready, version=2, reason="no"), _approved
    ),
    "desk.restore": Call(OF_GROUP, lambda town, by: town.store.desk.restore(by, town.ready, version=2), _refused),
    "desk.confirm": Call(OF_GROUP, lambda town, by: town.store.desk.confirm(by, town.ready, version=2), _approved),
    "desk.edit": Call(
        OF_GROUP,
        lambda town, by: town.store.desk.edit(by, town.ready, version=1, draft=draft(name="Mine")),
        _waiting,
    ),
    "desk.merge": Call(
        OF_GROUP, lambda town, by: town.store.desk.merge(by, town.ready[0], version=1, into=town.ready[1]), _two
    ),
    "desk.erase": Call(OF_GROUP, lambda town, by: town.store.desk.erase(by, town.ready), _waiting),
    "groups.create": Call(ADMINISTRATORS, lambda town, by: town.store.groups.create(by, name="New", place=PLACE)),
    "groups.all": Call(MODERATORS, lambda town, by: town.store.groups.all(by)),
    "groups.close": Call(
        ADMINISTRATORS,
        lambda town, by: town.store.groups.close(by, town.ready),
        lambda town: town.store.groups.create(OPERATOR, name="Old", place=PLACE).id,
    ),
    "groups.make_link": Call(OF_GROUP, lambda town, by: town.store.groups.make_link(by, town.mums.id)),
    "groups.links": Call(OF_GROUP, lambda town, by: town.store.groups.links(by, town.mums.id)),
    "groups.revoke": Call(
        OF_GROUP,
        lambda town, by: town.store.groups.revoke(by, town.ready),
        lambda town: town.store.groups.make_link(OPERATOR, town.mums.id).link.id,
    ),
    "groups.still_open": Call(ANYBODY, lambda town, by: town.store.groups.still_open(town.ada)),
    "groups.open_link": Call(ANYBODY, lambda town, by: town.store.groups.open_link(town.link.token)),
    "accounts.add": Call(ADMINISTRATORS, lambda town, by: town.store.accounts.add(by, **_new())),
    "accounts.sign_in": Call(ANYBODY, lambda town, by: town.store.accounts.sign_in("Signs in", PASSPHRASE)),
    "accounts.by_identity": Call(ANYBODY, lambda town, by: town.store.accounts.by_identity("https://a", "b")),
    "accounts.all": Call(ADMINISTRATORS, lambda town, by: town.store.accounts.all(by)),
    "accounts.disable": Call(ADMINISTRATORS, lambda town, by: town.store.accounts.disable(by, town.ready), _somebody),
    "accounts.former": Call(ADMINISTRATORS, lambda town, by: town.store.accounts.former(by)),
    "accounts.enable": Call(ADMINISTRATORS, lambda town, by: town.store.accounts.enable(by, town.ready), _former),
    "sign_ins.begin": Call(ANYBODY, lambda town, by: town.store.sign_ins.begin(town.administrator)),
    "sign_ins.whose": Call(ANYBODY, lambda town, by: town.store.sign_ins.whose("a cookie")),
    "sign_ins.go_on": Call(ANYBODY, lambda town, by: town.store.sign_ins.go_on("a cookie", town.administrator)),
    "sign_ins.end": Call(ANYBODY, lambda town, by: town.store.sign_ins.end("a cookie")),
    "accounts.unlock": Call(ADMINISTRATORS, lambda town, by: town.store.accounts.unlock(by)),
    "accounts.set_passphrase": Call(
        ADMINISTRATORS, lambda town, by: town.store.accounts.set_passphrase(by, town.ready, PASSPHRASE), _somebody
    ),
    "trail.rows": Call(MODERATORS, lambda town, by: town.store.trail.rows(by)),
    "tidy": Call(ADMINISTRATORS, lambda town, by: town.store.tidy(by)),
    "backup": Call(ADMINISTRATORS, lambda town, by: town.store.backup(by, town.folder / f"{_form()}.sqlite")),
}
"""Every method by which anything can be had from the store."""

ELSEWHERE = {"restore", "close", "open"}
"""Opening and closing ask nothing of the store; restoring is into an empty one: below."""


@pytest.fixture(scope="module")
def busy(kind, request, tmp_path_factory):
    """A store in use, and everybody who may ask."""
    folder = tmp_path_factory.mktemp("rights")
    if kind == "sqlite":
        town = Town(Store.open(f"sqlite:///{folder}/store.sqlite"))
        yield _peopled(town, folder)
        town.store.close()
        return
    with request.getfixturevalue("server").database() as url:
        town = Town(Store.open(url))
        yield _peopled(town, folder)
        town.store.close()


def _peopled(town: Town, folder):
    town.folder = folder
    town.store.accounts.add(OPERATOR, name="Signs in", passphrase=PASSPHRASE)
    groups = town.store.groups
    of = town.person("Of the mums", group_id=town.mums.id)
    other = town.person("Of the dads", group_id=town.dads.id)
    gone = town.person("Gone administrator", role="administrator")
    lost = town.person("Gone moderator")
    closed = groups.create(OPERATOR, name="Closed", place=PLACE)
    links = [groups.make_link(OPERATOR, group) for group in (town.dads.id, town.mums.id, town.mums.id, closed.id)]
    dads, revoked, expired, of_closed = (groups.open_link(link.token) for link in links)
    groups.revoke(OPERATOR, revoked.link_id)
    run_sql(town.store, "UPDATE links SET expires = '2020-01-01 00:00:00' WHERE id = :id", id=expired.link_id)
    groups.close(OPERATOR, closed.id)
    for person in (gone, lost):
        town.store.accounts.disable(OPERATOR, person.id)
    everybody = (
        Visitor(), town.ada, dads, revoked,
        expired, of_closed, replace(town.ada, link_id=9999),
        replace(dads, group_id=town.mums.id), of, other, town.everyone,
        town.administrator, replace(of, role="administrator", group_id=None), replace(other, group_id=None),
        gone, lost, Person(9999, "Nobody", "administrator"), OPERATOR,
    )  # fmt: skip
    town.actors = dict(zip(ACTORS, everybody, strict=True))
    return town


def test_no_method_is_missing():
    """A new method has to say here who may call it."""
    found = set()
    for name, part in vars(Store).items():
        if name.startswith("_"):
            continue
        if isinstance(part, property):
            kind = inspect.signature(part.fget).return_annotation
            module = inspect.getmodule(Store)
            methods = vars(getattr(module, kind))
            found |= {f"{name}.{method}" for method in methods if not method.startswith("_")}
        elif callable(part) or isinstance(part, classmethod):
            found.add(name)
    assert found - {"database", "retention"} == set(CALLS) | ELSEWHERE


@pytest.mark.parametrize("name", CALLS)
def test_rights(busy, name):
    call = CALLS[name]
    refused = [actor for actor in ACTORS if actor not in call.may]
    busy.ready = call.ready(busy)
    before = everything(busy.store)
    for actor in refused:
        with pytest.raises(DeniedError):
            call.make(busy, busy.actors[actor])
    assert everything(busy.store) == before
    for actor in ACTORS[:1] if call.may is ANYBODY else ACTORS:  # those that anybody may call do not ask who
        if actor in call.may:
            busy.ready = call.ready(busy)
            call.make(busy, busy.actors[actor])


@pytest.mark.parametrize("name", [name for name, call in CALLS.items() if call.may == OF_GROUP and "desk" in name])
def test_nobody_learns_which_marks_there_are(busy, name):
    """Without any right, the answer is the same whether there is such a mark or not."""
    busy.ready = ("mark-aaaaaaaaaaaa", "mark-bbbbbbbbbbbb") if name == "desk.merge" else "mark-aaaaaaaaaaaa"
    for actor in ("visitor", "contributor", "disabled administrator", "person who does not exist"):
        with pytest.raises(DeniedError):
            CALLS[name].make(busy, busy.actors[actor])


@pytest.mark.both_databases
def test_what_a_moderator_of_one_group_sees(busy):
    """Their own group's marks, links and lines of the trail, whatever they say of themselves."""
    mine = busy.add()
    for actor, group, own in (("moderator", "Mums", True), ("moderator of another group who says all", "Dads", False)):
        by = busy.actors[actor]
        assert (mine in {mark.id for mark in busy.store.desk.queue(by)}) is own
        assert [one.name for one in busy.store.groups.all(by)] == [group]
        assert (mine in set(busy.store.trail.rows(by, limit=10_000)["mark_id"])) is own
        assert busy.store.trail.rows(by, mark_id=mine).empty is not own
        assert {mark.group for mark in busy.store.desk.queue(by)} <= {group}


def test_merging_into_another_groups_mark(busy):
    """Both have to be the moderator's."""
    mine = busy.add()
    theirs = busy.add(busy.actors["contributor of another group"])
    for one, other in ((mine, theirs), (theirs, mine)):
        with pytest.raises(DeniedError):
            busy.store.desk.merge(busy.actors["moderator"], one, version=1, into=other)


def test_a_mark_of_no_group_is_for_moderators_of_all(busy):
    mark = busy.store.marks.add(busy.everyone, draft(), submission=_form()).mark_id
    with pytest.raises(DeniedError):
        busy.store.desk.approve(busy.actors["moderator"], mark, version=1)
    with pytest.raises(DeniedError):
        busy.store.marks.add(busy.actors["moderator"], draft(), submission=_form())
    assert busy.store.desk.approve(busy.everyone, mark, version=1).status == "approved"


@pytest.mark.both_databases
def test_a_link_adds_for_its_own_group(busy):
    by = busy.actors["contributor of another group"]
    mark = busy.store.marks.add(by, draft(), submission=_form(), group_id=busy.mums.id).mark_id
    assert busy.store.desk.get(OPERATOR, mark).group == "Dads"


def test_a_mark_of_another_place(busy):
    """A group's marks are in the group's place; what a link says of itself does not count."""
    for by in (busy.ada, replace(busy.ada, place="leeds"), busy.actors["moderator"]):
        with pytest.raises(DeniedError):
            busy.store.marks.add(by, draft(place="leeds"), submission=_form(), group_id=busy.mums.id)


def test_a_person_may_set_their_own_passphrase(busy):
    person = busy.store.accounts.add(OPERATOR, name=_form(), passphrase=PASSPHRASE)
    elsewhere = busy.store.accounts.sign_in(person.name, PASSPHRASE)
    fresh = busy.store.accounts.set_passphrase(person, person.id, "another long passphrase")
    assert busy.store.accounts.sign_in(person.name, "another long passphrase") == fresh
    assert busy.store.desk.queue(fresh) is not None
    for old in (person, elsewhere):
        with pytest.raises(DeniedError):
            busy.store.desk.queue(old)
    with pytest.raises(DeniedError):
        busy.store.accounts.set_passphrase(fresh, busy.administrator.id, PASSPHRASE)


def test_restoring_is_for_the_command_line(store, tmp_path):
    store.backup(OPERATOR, tmp_path / "empty.sqlite")
    for by in (Visitor(), Person(1, "Administrator", "administrator")):
        with pytest.raises(DeniedError):
            store.restore(by, tmp_path / "empty.sqlite")
    assert store.restore(OPERATOR, tmp_path / "empty.sqlite") == 0
