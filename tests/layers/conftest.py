"""The app on places of the test's own, each derived from the bundled one."""

from __future__ import annotations

import json
import re
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import geopandas as gpd
import pytest
import shapely
from streamlit.components.v2.component_manager import BidiComponentManager
from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.testing.v1 import AppTest, app_test, local_script_runner

from data.place import CARD, SAMPLE
from data.store.marks import MarkDraft
from data.store.people import OPERATOR
from data.store.store import Store
from layers import cache
from layers.maps import webmap
from layers.maps.scene import values_json
from tests.layers.island_streets import StreetsOnce
from tests.stores import cheap_passphrases, no_waiting_for_the_disk, statements_compiled_once  # noqa: F401 (fixtures)

ROOT = Path(__file__).resolve().parents[2]
ISLAND = SAMPLE / "isle_of_wight"
LONGEST = 600
"""Seconds after which a page is taken for hung; on a busy machine the first may take a minute."""


@pytest.fixture(scope="session")
def drawn(tmp_path_factory):
    """Where the geometry of the tests' maps is written: not into the repository."""
    return tmp_path_factory.mktemp("static") / "places"


@pytest.fixture(scope="session")
def streets_once(drawn):
    """The streets, which all places derived from the island have in common."""
    return StreetsOnce(drawn)


@pytest.fixture
def folder(tmp_path, monkeypatch, streets_once):
    """An empty folder of places besides the bundled one, as a deployment may have."""
    places = tmp_path / "places"
    places.mkdir()
    monkeypatch.setenv("PRAMSHED_PLACES", str(places))
    monkeypatch.setattr(cache.places, "LOCAL", tmp_path / "no-local-places")
    monkeypatch.setattr(cache.places, "settle", lambda *_: None)  # 0.3 s for each place, and each test has its own
    streets_once.patch(monkeypatch)
    return places


def derived(folder: Path, name: str, *, play: bool = True, card: dict | None = None, **changes) -> Path:
    """Another place, made out of the bundled one in a folder of places."""
    target = folder / re.sub(r"\W+", "_", name.lower())
    target.mkdir()
    for path in ISLAND.glob("*.parquet"):
        if play or path.stem != "play_spaces":
            shutil.copy(path, target)
    said = json.loads((ISLAND / CARD).read_text("utf-8"))
    (target / CARD).write_text(json.dumps(said | {"name": name} | (card or {})), "utf-8")
    for table, change in changes.items():
        path = target / f"{table}.parquet"
        change(gpd.read_parquet(path)).to_parquet(path)
    return target


@pytest.fixture
def derive(folder):
    """Make another place out of the bundled one: ``derive("Twin", areas=change, card={"notes": []}, play=False)``."""
    return partial(derived, folder)


@pytest.fixture
def scenes(monkeypatch):
    """Every scene that the app has drawn; ``scenes.click`` is what the browser reports."""
    seen = SimpleNamespace(drawn=[], click=None, keys=[])

    def show(scene, **asked):
        seen.drawn.append(scene)
        seen.keys.append(asked["key"])
        values_json(scene)
        return seen.click

    monkeypatch.setattr(webmap, "show", show)
    return seen


@pytest.fixture(scope="session")
def prepared_streamlit():
    """What Streamlit's tests of an app do for every page that is opened, done once.

    They would read the papers of every installed package, in search of components, and compile each script; and ask
    a thousand times a second whether a page has ended.
    """

    def wait_for_the_end(runner, timeout, ask=local_script_runner.require_widgets_deltas):
        runner._script_thread.join(timeout)
        ask(runner, 1)  # it has ended; else it is stopped, and that said

    components, scripts = BidiComponentManager(), ScriptCache()
    components.discover_and_register_components(start_file_watching=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(components, "discover_and_register_components", lambda **_: None)
        patch.setattr(app_test, "BidiComponentManager", lambda: components)
        for module in (app_test, local_script_runner):
            patch.setattr(module, "ScriptCache", lambda: scripts)
        patch.setattr(local_script_runner, "require_widgets_deltas", wait_for_the_end)
        yield
    cache.marks._store.clear()  # the stores that the app has left open


def open_app(
    page: str | None = None, *, user: dict | None = None, session: dict | None = None, **query: str
) -> AppTest:
    """Open the app as a link does, or a session that is under way; fails if anything went wrong."""
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=LONGEST)
    at.query_params.update(query)
    if user is not None:
        at.user = user
    for key, value in (session or {}).items():
        at.session_state[key] = value
    if page:
        at.switch_page(page)
    at.run()
    assert not at.exception
    return at


@pytest.fixture
def visit(folder, scenes, prepared_streamlit):
    """Open the app as a link does: ``visit(who="adult")``; fails if anything went wrong."""
    return open_app


@pytest.fixture(scope="module")
def seen(tmp_path_factory, streets_once, prepared_streamlit):
    """The bundled place's page as a link shows it, opened once for all tests of a module that only read it."""
    opened = {}

    def run_again(*_, **__):
        pytest.fail("this page is for reading: open one of your own with `visit`")

    def look(page: str | None = None, **query: str) -> AppTest:
        key = page, tuple(sorted(query.items()))
        if key not in opened:
            with pytest.MonkeyPatch.context() as patch:
                patch.delenv("PRAMSHED_PLACES", raising=False)
                patch.setattr(cache.places, "LOCAL", tmp_path_factory.mktemp("no-local-places"))
                patch.setattr(webmap, "show", lambda *_, **__: None)
                streets_once.patch(patch)
                opened[key] = open_app(page, **query)
            opened[key]._run = run_again
        return opened[key]

    return look


@pytest.fixture(scope="session")
def one_group(tmp_path_factory):
    """A store with a group of the island and its link, to be copied."""
    file = tmp_path_factory.mktemp("community") / "marks.sqlite"
    store = Store.open(f"sqlite:///{file}")
    group = store.groups.create(OPERATOR, name="Newport families", place="isle-of-wight")
    link = store.groups.make_link(OPERATOR, group.id, label="poster", per_hour=500)
    who = store.groups.open_link(link.token)
    store.close()
    return SimpleNamespace(file=file, group=group, link=link, who=who)


@contextmanager
def on_the_map(url: str, one_group: SimpleNamespace) -> Iterator[SimpleNamespace]:
    """A store that has that group; ``put`` puts a mark on the map, ``wait`` into the queue."""
    store = Store.open(url)
    group, link, who = one_group.group, one_group.link, one_group.who

    def wait(**said):
        said = {"kind": "meeting_place", "geometry": shapely.Point(450_014, 89_065)} | said
        return store.marks.add(who, MarkDraft(place="isle-of-wight", **said), submission=str(uuid.uuid4()))

    def put(**said):
        receipt = wait(**said)
        return store.desk.approve(OPERATOR, receipt.mark_id, version=1, checked=True)

    try:
        yield SimpleNamespace(store=store, group=group, link=link, who=who, wait=wait, put=put, url=url)
    finally:
        store.close()


@pytest.fixture
def community(tmp_path, monkeypatch, folder, one_group):
    """A store of the test's own with that group."""
    shutil.copy(one_group.file, tmp_path / "marks.sqlite")
    url = f"sqlite:///{tmp_path / 'marks.sqlite'}"
    monkeypatch.setenv("PRAMSHED_MARKS_URL", url)
    with on_the_map(url, one_group) as store:
        yield store
