"""The command `fetch`, from services on this machine that answer as the real ones."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime

import pandas as pd
import pytest

from data.fetch.hosts import HOSTS
from layers.commands import fetching
from tests.data.services.fakes import files, whole
from tests.servers.scripted import Service


@pytest.fixture
def served(small, small_place, monkeypatch, tmp_path):
    """A service that has the small authority, and settings that lead there."""
    service, store = Service(), Service()
    listed = files.gias_extract(pd.read_csv(small.centres[0], dtype="str", keep_default_na=False))
    town = whole.made_of(small, small_place, centres=listed)
    whole.serve(service, store, town, day=datetime.now(UTC).date())
    monkeypatch.setenv("PRAMSHED_MIRRORS", json.dumps(service.bases()))
    monkeypatch.setenv("PRAMSHED_FETCHED", str(tmp_path / "fetched"))
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    host, said = store.address.removeprefix("http://"), fetching.fetch_settings
    without_pauses = {"pace": dict.fromkeys([*HOSTS, host], 0.0), "hosts": frozenset({host})}
    monkeypatch.setattr(fetching, "fetch_settings", lambda **words: replace(said(**words), **without_pauses))
    yield service
    service.close()
    store.close()


def test_an_authority_by_its_name(run, served, tmp_path):
    places = tmp_path / "places"
    code, out, err = run("fetch", "town", "--record", tmp_path / "noted", places=places)
    assert code == 0, err
    assert out.splitlines()[0].startswith("Town, City of: 3 areas, 6 homes")
    assert re.search(r"^1/\d+ the authority$", err, re.MULTILINE)
    assert re.search(r"It took \d+ s: \d+ s of pauses between questions, \d+ s for answers, \d+ s to build", err)
    assert {"200.json", "200.body"} <= {path.name.partition(".")[2] for path in (tmp_path / "noted").rglob("*.*")}
    code, out, _ = run("places", places=places)
    assert "town-city-of: Town, City of (E06000099)" in out
    code, out, err = run("fetch", "Town, City of", "--check", places=places)
    assert (code, "Code-Point Open: nothing newer" in out) == (0, True)
    assert "Newer editions: 0 of 10 sources." in err
    assert run("fetch", "Town, City of", "--check", "--offline", places=places)[0] == 2
    code, _, err = run("fetch", "town", "--streets", "overpass", places=places)
    assert (code, "streets of OpenStreetMap by Overpass: found status 404" in err) == (4, True)
    assert run("fetch", "town", "--streets", "elsewhere", places=places)[0] == 2


def test_what_cannot_be_fetched_is_one_line(run, served, tmp_path):
    code, out, err = run("fetch", "Nowhere", places=tmp_path / "places")
    assert (code, out) == (2, "")
    assert "Nowhere" in err.splitlines()[-1]
    code, _, err = run("fetch", "town", "--offline", places=tmp_path / "none")
    assert code == 4
    assert "found no copy that is kept; expected one, as nobody may be asked offline" in err.splitlines()[-1]
