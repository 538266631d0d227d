"""Stores for the tests: the contract is tested on SQLite and on PostgreSQL with PostGIS, the rest on SQLite.

The contract is what could differ between databases: each public call once, and how transactions, locks, times, texts,
geometry and backups behave. Its tests are marked ``both_databases``; ``--thorough`` runs all of them on both.
"""

from __future__ import annotations

import os
import shutil
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import shapely

from data.store.marks import MarkDraft
from data.store.people import OPERATOR, Contributor, Person
from data.store.store import Store
from tests.data.store.server import Server, programs
from tests.required import missing
from tests.stores import cheap_passphrases, no_waiting_for_the_disk, statements_compiled_once  # noqa: F401 (fixtures)

KINDS = ("sqlite", "postgis")
PLACE = "isle-of-wight"
PASSPHRASE = "correct horse battery"


@pytest.fixture(scope="session")
def server():
    """A PostGIS server; the test is skipped where there is none, and fails where there must be one."""
    folder = programs()
    if folder is None:
        missing("postgis", "no PostgreSQL server with PostGIS on this machine")
    running = Server(folder)
    try:
        running.make_store()
        yield running
    finally:
        running.stop()


def pytest_generate_tests(metafunc):
    """The databases that a test runs on."""
    names = metafunc.fixturenames
    if "kind" in names and not {"url", "fresh", "busy"}.isdisjoint(names):
        both = metafunc.config.getoption("thorough") or metafunc.definition.get_closest_marker("both_databases")
        metafunc.parametrize("kind", KINDS if both else KINDS[:1], indirect=True, scope="module")


@pytest.fixture(scope="module")
def kind(request):
    """Which database."""
    return request.param


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory):
    """An SQLite store without anything in it, to copy from."""
    file = tmp_path_factory.mktemp("empty") / "store.sqlite"
    Store.open(f"sqlite:///{file}").close()
    return file


@pytest.fixture
def fresh(request, tmp_path):
    """A function that makes the address of a new, empty database of a kind."""
    open_now = []

    def make(kind: str) -> str:
        if kind == "sqlite":
            return f"sqlite:///{tmp_path / uuid.uuid4().hex}.sqlite"
        database = request.getfixturevalue("server").database()
        open_now.append(database)
        return database.__enter__()

    yield make
    for one in open_now:
        one.__exit__(None, None, None)


@pytest.fixture
def url(kind, request, tmp_path):
    """The address of a store of either kind with its tables and nothing in them."""
    if kind == "postgis":
        return request.getfixturevalue("server").emptied()
    file = shutil.copyfile(request.getfixturevalue("empty_file"), tmp_path / "store.sqlite")
    return f"sqlite:///{file}"


@pytest.fixture
def opened():
    """Open a store: ``opened(url)``; closed after the test."""
    stores = []

    def open_store(address: str, **more) -> Store:
        stores.append(Store.open(address, **more))
        return stores[-1]

    yield open_store
    for store in stores:
        store.close()


@pytest.fixture
def store(url, opened):
    """An empty store of either kind."""
    return opened(url)


@pytest.fixture
def unchecked(monkeypatch):
    """Looking at the whole published table takes long, and is not what most tests are about."""
    monkeypatch.setattr("data.store.public.check", lambda model, table, name: table)


@pytest.fixture
def server_text(request):
    """All that a store has written to its disk, as bytes."""

    def read(store: Store) -> bytes:
        if store.database.is_postgres:
            server = request.getfixturevalue("server")
            server.sql("CHECKPOINT")
            files = [file for file in (server.folder / "data").rglob("*") if file.is_file()]
        else:
            files = list(Path(store.database.engine.url.database).parent.iterdir())
        return b"".join(file.read_bytes() for file in files if file.is_file())

    return read


@dataclass
class Town:
    """A store in use: two groups of one place, their links and their people."""

    store: Store
    names: dict[str, Person] = field(default_factory=dict)

    def __post_init__(self) -> None:
        groups = self.store.groups
        self.mums = groups.create(OPERATOR, name="Mums", place=PLACE)
        self.dads = groups.create(OPERATOR, name="Dads", place=PLACE)
        self.link = groups.make_link(OPERATOR, self.mums.id, label="card", per_hour=500)
        self.ada: Contributor = groups.open_link(self.link.token)
        self.everyone = self.person("Everyone")
        self.administrator = self.person("Administrator", role="administrator")

    def person(self, name: str, **more) -> Person:
        """Add somebody who signs in (through a provider, which is quicker than a passphrase)."""
        return self.store.accounts.add(OPERATOR, name=name, issuer="https://id.example", subject=name, **more)

    def add(self, who=None, **said) -> str:
        """Add a mark; its id."""
        return self.receipt(who, **said).mark_id

    def receipt(self, who=None, **said):
        """Add a mark; its receipt."""
        return self.store.marks.add(who or self.ada, draft(**said), submission=str(uuid.uuid4()))

    def approved(self, **said) -> str:
        """Add a mark and approve it; its id."""
        mark_id = self.add(**said)
        self.store.desk.approve(self.everyone, mark_id, version=1)
        return mark_id

    def home(self, dx: float = 0, dy: float = 0, **said) -> str:
        """Somebody's home, approved; its id."""
        said = {"kind": "peer_group", "at_home": True, "geometry": point(dx, dy)} | said
        return self.approved(**said)

    def status(self, mark_id: str) -> str:
        """What became of a mark."""
        return self.store.desk.get(OPERATOR, mark_id).status

    def version(self, mark_id: str) -> int:
        """The version of a mark."""
        return self.store.desk.get(OPERATOR, mark_id).version

    def public(self):
        """The public copy."""
        return self.store.public.marks(PLACE)


@pytest.fixture
def town(store):
    """A store in use."""
    return Town(store)


def point(dx: float = 0, dy: float = 0) -> shapely.Point:
    """A place so many metres from the corner of a square kilometre."""
    return shapely.Point(450_000 + dx, 90_000 + dy)


def draft(**said) -> MarkDraft:
    """A mark of the place; what is not said is a hall."""
    return MarkDraft(**({"place": PLACE, "kind": "meeting_place", "geometry": point(), "name": "Hall"} | said))


def rows_of(store: Store, table: str) -> list[tuple[object, ...]]:
    """All rows of a table, as the store's own columns."""
    from sqlalchemy import select

    from data.store.schema import metadata

    with store.database.reading() as connection:
        return sorted(map(tuple, connection.execute(select(metadata.tables[table])).all()), key=repr)


def everything(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables, apart from failed attempts to get in and who is signed in."""
    from data.store.schema import metadata

    return {name: rows_of(store, name) for name in metadata.tables if name not in ("attempts", "sign_ins")}


def run_sql(store: Store, statement: str, **values) -> None:
    """Run a statement as somebody with the database's own tools would."""
    from sqlalchemy import text

    with store.database.writing() as connection:
        connection.execute(text(statement), values)


def until(happened, seconds: float = 60) -> None:
    """Wait for what is to happen, which on a busy machine may take its time."""
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "it has not happened"
        time.sleep(0.002)


def as_root() -> bool:
    """Whether nothing is forbidden to this process."""
    return os.geteuid() == 0
