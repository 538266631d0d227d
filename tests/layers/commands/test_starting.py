"""Work that a page starts: a process of its own, its progress, its end by itself, by cancelling and by kill -9."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from data.fetch.locks import held
from data.gather.jobs import FOLDER, Job, Progress
from geo.errors import RequestError
from layers.commands import starting

PROGRAM = Path(__file__).with_name("a_job.py")


@pytest.fixture
def begin(tmp_path, monkeypatch):
    """Start the work and wait until it is in the middle; its process id."""
    monkeypatch.setenv("PRAMSHED_FETCHED", str(tmp_path))
    monkeypatch.setattr(starting, "COMMAND", (sys.executable, str(PROGRAM)))
    for name in ("begun", "go-on"):
        os.mkfifo(tmp_path / name)

    def start():
        begins = Progress(key="town", wanted="Town", name="Town", of=2)
        starting.start(Job(tmp_path / FOLDER, "town"), begins, (str(tmp_path), starting.LOCK))
        return int((tmp_path / "begun").read_text("utf-8"))

    return start


def ended(folder):
    """Wait for the end of the work: its lock is free then; what is said of it."""
    job = Job(folder / FOLDER, "town")
    with held(job.lock):
        pass
    return job.progress()


@pytest.mark.program
def test_from_its_start_to_its_end(begin, tmp_path):
    pid = begin()
    assert os.getsid(pid) == pid != os.getsid(0), "it outlives whoever started it"
    (one,) = starting.under_way()
    assert (one.status, one.step, one.done, one.of) == ("running", "streets", 0, 2)
    with pytest.raises(RequestError, match="Town is being fetched already"):
        begin()
    starting.put_away("town")
    assert starting.under_way()[0].status == "running"
    (tmp_path / "go-on").write_text("go", "utf-8")
    found = ended(tmp_path)
    assert (found.status, found.place, found.name, found.remarks) == ("done", "town", "Town, City of", ("no hubs",))
    assert (tmp_path / "out").read_text("utf-8") == "half"
    starting.put_away("town")
    assert starting.under_way() == ()


@pytest.mark.program
def test_cancelled_or_killed_it_leaves_nothing_half_written_and_begins_again(begin, tmp_path):
    begin()
    starting.cancel("town")
    assert ended(tmp_path).status == "cancelled"
    assert not (tmp_path / "draft").exists()
    os.kill(begin(), signal.SIGKILL)
    found = ended(tmp_path)
    assert (found.status, found.done) == ("cancelled", 0)
    assert not (tmp_path / "out").exists()
    begin()
    assert starting.under_way()[0].status == "running"
    (tmp_path / "go-on").write_text("fail", "utf-8")
    found = ended(tmp_path)
    assert (found.status, found.sort, found.unreached) == ("failed", "service", True)
    assert found.fault.startswith("Geofabrik, streets.osm.pbf: found no connection")


def test_what_is_not_begun(tmp_path, monkeypatch):
    monkeypatch.setenv("PRAMSHED_FETCHED", str(tmp_path))
    monkeypatch.setattr(starting, "COMMAND", ("/nothing/of/this/name",))
    for name in ("", "   ", "x" * 101, "Le\x00eds"):
        with pytest.raises(RequestError, match="type the name"):
            starting.start_fetch(name)
    job = starting.start_fetch("Leeds")
    assert (job.progress().status, job.progress().sort) == ("failed", "program")
    for name in ("York", "Hull"):
        other = Job.of(tmp_path, name)
        monkeypatch.setattr(other.__class__, "running", property(lambda _: True))
        other.folder.mkdir(exist_ok=True)
        other.write(Progress(key=other.key, wanted=name, name=name))
    with pytest.raises(RequestError, match="two authorities"):
        starting.start_fetch("Leeds")
    with pytest.raises(RequestError, match="that work has already ended"):
        starting.cancel("../../etc/passwd")
