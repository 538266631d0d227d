"""`cli.py fetch` as a page starts it, against services on this machine: killed in the middle of a file, and gone on with."""

from __future__ import annotations

import json
import os
import signal
import threading
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from data.fetch.locks import held
from data.place import Place
from geo.errors import RequestError
from layers.commands import starting
from tests.data.services.fakes import files, whole
from tests.servers.scripted import Service

PAUSES = Path(__file__).resolve().parents[2] / "browser" / "without_pauses"


@pytest.fixture
def service(small, small_place, monkeypatch, tmp_path):
    """Services that have the small authority; ``service.dripping`` is set when its streets begin to come."""
    service, store = Service(), Service()
    listed = files.gias_extract(pd.read_csv(small.centres[0], dtype="str", keep_default_na=False))
    whole.serve(service, store, whole.made_of(small, small_place, centres=listed), day=datetime.now(UTC).date())
    service.dripping = threading.Event()
    service.pbf = next(path for path in service._answers if path.endswith(".osm.pbf"))
    (answer,) = service._answers[service.pbf]

    def drip(_):
        service.dripping.set()
        return replace(answer, ranges=True, etag='"one"', drip=0.2, piece=128)

    service.on(service.pbf, drip, replace(answer, ranges=True, etag='"one"'))
    bases = service.bases() | {store.address.removeprefix("http://"): store.address}
    for name, value in {
        "PRAMSHED_MIRRORS": json.dumps(bases),
        "PRAMSHED_FETCHED": tmp_path / "fetched",
        "PRAMSHED_PLACES": tmp_path / "places",
        "PYTHONPATH": os.pathsep.join([str(PAUSES), str(starting.ROOT)]),
    }.items():
        monkeypatch.setenv(name, str(value))
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    yield service
    service.close()
    store.close()


@pytest.mark.program
def test_killed_in_the_middle_of_a_file_it_goes_on_there(service, tmp_path, monkeypatch):
    started, popen = [], starting.subprocess.Popen
    monkeypatch.setattr(starting.subprocess, "Popen", lambda *a, **k: started.append(popen(*a, **k)) or started[-1])
    job = starting.start_fetch("Town")
    assert service.dripping.wait(60)
    assert (job.progress().status, job.progress().step) == ("running", "streets")
    with pytest.raises(RequestError, match="already"):
        starting.start_fetch("town")  # by another spelling it is the same job
    os.kill(started[0].pid, signal.SIGKILL)
    with held(job.lock):
        assert not (tmp_path / "places").exists() or not list((tmp_path / "places").iterdir())
    assert job.progress().status == "cancelled"
    before = len(service.asked)
    starting.start_fetch("Town")
    with held(job.lock):
        found = job.progress()
    assert (found.status, found.place, found.fault) == ("done", "town-city-of", "")
    assert Place.open(tmp_path / "places" / "town-city-of").card.counts["areas"] == 3
    again = [one.path for one in service.asked[before:]]
    assert sum("/dataset/" in path for path in again) == 0, "what was whole is not asked for again"
    assert len(service.asked_for(service.pbf)) == 2
