"""All wards of an authority: the same files whoever makes them, an index that leads to them, all or nothing."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import textwrap
import time
from concurrent.futures import Future
from dataclasses import replace
from datetime import date

import geopandas as gpd
import numpy as np
import pytest

from data.build.pipeline import build
from data.place import Place, write_card
from geo.errors import InputError, RequestError
from layers.answers.question import Question
from layers.reports import all_wards, pack
from layers.reports.all_wards import make_all
from layers.reports.request import ReportRequest
from tests.conftest import ROOT, write_small_authority
from tests.layers.reports import coarse

pytestmark = pytest.mark.whole_report

ASKED = ReportRequest(question=Question(day=date(2026, 1, 31)), new_sites=0)
WEST, EAST = "E05000001", "E05000002"


@pytest.fixture(scope="module")
def two_wards(tmp_path_factory):
    """The small authority with two wards of one name, so that their files must not have one."""
    folder = tmp_path_factory.mktemp("wards")
    (folder / "raw").mkdir()
    inputs = write_small_authority(folder / "raw")
    text = inputs.wards.read_text("utf-8").replace("Middle", "St Marys")
    inputs.wards.write_text(text.replace("E01000003,St Marys,E05000001", "E01000003,St. Marys,E05000002"))
    return build(inputs, folder / "town")


@pytest.fixture(scope="module")
def alone(two_wards, whole, tmp_path_factory):
    """Made by one process, with files that say whose they are."""
    folder, seen = tmp_path_factory.mktemp("alone") / "reports", []
    files = ("report.pdf", "report.html", "tables.xlsx", "layers.gpkg", "run.json")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(all_wards, "look", lambda *_: whole)
        patch.setattr(all_wards, "_tidy", lambda: None)
        patch.setattr(all_wards, "files_of", lambda report: {name: report.title.encode() for name in files})
        made = make_all(two_wards, ASKED, folder, workers=1, step=lambda *said: seen.append(said))
    return folder, made, seen


@pytest.fixture(scope="module")
def whole(two_wards):
    """What is found for the town."""
    return all_wards.look(two_wards, ASKED)


@pytest.fixture
def here(monkeypatch):
    """The workers' part done in this process; what became of each pool and of the word to stop."""
    seen = []

    class Pool:
        def __init__(self, workers, *, mp_context, initializer, initargs):
            assert workers == 2
            self.stop = initargs[1]
            initializer(*initargs)
            seen.append(self)

        def submit(self, work, code):
            future = Future()
            future.set_result(work(code))
            return future

        def shutdown(self, **how):
            self.end = {"stopped": self.stop.is_set(), **how}

    monkeypatch.setattr(all_wards, "ProcessPoolExecutor", Pool)
    monkeypatch.setattr(all_wards.signal, "signal", lambda *_: None)
    monkeypatch.setattr(all_wards, "_HERE", {})
    monkeypatch.setattr(all_wards, "_tidy", lambda: None)
    monkeypatch.setattr(pack, "PRINT_DPI", coarse.DPI)
    return seen


ENDED = {"stopped": True, "wait": True, "cancel_futures": True}


def files(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_folder_for_each_and_an_index(alone):
    folder, made, seen = alone
    assert names(folder) == ["index.html", "town", "town-st-marys", "town-st-marys-e05000002"]
    assert [(ward.code, ward.folder) for ward in made] == [
        ("", "town"), (WEST, "town-st-marys"), (EAST, "town-st-marys-e05000002")
    ]  # fmt: skip
    assert [said[:2] for said in seen] == [(1, 3), (2, 3), (3, 3)]
    assert seen[0][2] == "Town"
    for ward in made:
        assert (folder / ward.folder / "report.pdf").read_text() == ward.title
        assert len(names(folder / ward.folder)) == 5


def test_the_index_leads_to_files_that_are_there(alone):
    folder, made, _ = alone
    page = (folder / "index.html").read_text("utf-8")
    links = {link for link in re.findall(r'href="([^"#]+)"', page) if not link.startswith("http")}
    assert len(links) == 3 * 4
    for link in links:
        assert (folder / link).is_file(), link
    for ward in made:
        assert ward.figures["under5_beyond"].said in re.sub(r"<[^>]+>", "", page)


@pytest.mark.full_size  # that other processes work and stop as told: below
@pytest.mark.program
def test_other_processes_make_what_this_one_makes(small_place, tmp_path, monkeypatch, thorough):
    """One other process, or two in a thorough run."""
    together = all_wards._together
    monkeypatch.setattr(all_wards, "_start", coarse.start)
    monkeypatch.setattr(pack, "PRINT_DPI", coarse.DPI)
    monkeypatch.setattr(all_wards, "_together", lambda work, codes, n: together(work, codes, n if thorough else 1))
    made = make_all(small_place, ASKED, tmp_path / "reports", workers=2)
    assert [ward.folder for ward in made] == ["town", "town-e05000001"]
    assert names(tmp_path) == ["reports"]
    asked = replace(ASKED, ward=WEST)
    one = pack.files_of(all_wards.report_of(all_wards.look(small_place, ASKED), asked))
    assert files(tmp_path / "reports" / "town-e05000001") == one


def test_a_ward_without_streets_is_listed_with_the_reason(two_wards, whole, tmp_path, monkeypatch):
    real = all_wards.report_of
    monkeypatch.setattr(all_wards, "look", lambda *_: whole)

    def report_of(whole, request):
        if request.ward == EAST:
            raise InputError(two_wards.card.name, expected="street data", found="none in <b>the chosen</b> areas")
        return real(whole, request)

    monkeypatch.setattr(all_wards, "report_of", report_of)
    monkeypatch.setattr(all_wards, "files_of", lambda report: {"report.html": report.key.encode()})
    monkeypatch.setattr(all_wards, "_tidy", lambda: None)
    made = make_all(two_wards, ASKED, tmp_path / "reports", workers=1)
    assert made[2].fault == "Town: found none in <b>the chosen</b> areas; expected street data"
    assert names(tmp_path / "reports") == ["index.html", "town", "town-st-marys"]
    page = (tmp_path / "reports" / "index.html").read_text("utf-8")
    assert "no report: Town: found none in &lt;b&gt;the chosen&lt;/b&gt; areas" in page


def test_a_ward_that_fails_is_named_and_nothing_is_left(two_wards, whole, tmp_path, monkeypatch, here):
    def files_of(report):
        if report.request.ward == EAST:
            message = "no\nroom"
            raise ValueError(message)
        return {"report.pdf": b""}

    monkeypatch.setattr(all_wards, "files_of", files_of)
    monkeypatch.setattr(all_wards, "look", lambda *_: whole)
    with pytest.raises(RequestError, match=r"^St\. Marys: ValueError: no room$"):
        make_all(two_wards, ASKED, tmp_path / "reports", workers=2)
    assert [pool.end for pool in here] == [ENDED]
    assert names(tmp_path) == []
    with pytest.raises(ValueError, match="no\nroom"):
        make_all(two_wards, ASKED, tmp_path / "reports", workers=1)
    assert names(tmp_path) == []


def test_what_cannot_be_asked_is_said_by_every_worker_in_one_line(two_wards, tmp_path, here):
    asked = replace(ASKED, question=Question(day=date(2026, 1, 31), counting="hubs"))
    with pytest.raises((InputError, RequestError), match="expected a list of family hubs") as fault:
        make_all(two_wards, asked, tmp_path / "reports", workers=2)
    assert len(str(fault.value).splitlines()) == 1
    assert [pool.end for pool in here] == [ENDED]
    assert names(tmp_path) == []


def test_who_is_told_to_stop_begins_no_other(two_wards, whole, tmp_path, monkeypatch, here):
    """As when the first process is ended while others work: it waits for them, and nothing is left."""
    wrote = []
    monkeypatch.setattr(all_wards, "look", lambda *_: whole)
    monkeypatch.setattr(all_wards, "files_of", lambda report: wrote.append(report.key) or {"report.pdf": b""})

    def end(*_):
        raise SystemExit(143)

    with pytest.raises(SystemExit):
        make_all(two_wards, ASKED, tmp_path / "reports", workers=2, step=end)
    assert [pool.end for pool in here] == [ENDED]
    assert all_wards._next(WEST) == "stopped"
    assert len(wrote) == 3
    assert names(tmp_path) == []


def test_no_wards(small_place, tmp_path):
    folder = tmp_path / "town"
    folder.mkdir()
    for path in small_place.folder.glob("*.parquet"):
        gpd.read_parquet(path).to_parquet(folder / path.name) if path.stem == "areas" else (
            folder / path.name
        ).write_bytes(path.read_bytes())
    areas = gpd.read_parquet(folder / "areas.parquet")
    areas[["ward_code", "ward_name"]] = np.nan
    areas.astype({"ward_code": "str", "ward_name": "str"}).to_parquet(folder / "areas.parquet")
    write_card(small_place.card, folder)
    with pytest.raises(RequestError, match="no wards are known in Town"):
        make_all(Place.open(folder), ASKED, tmp_path / "reports")


def test_bad_requests(two_wards, tmp_path):
    with pytest.raises(RequestError, match="all wards are reported on, or a part"):
        make_all(two_wards, replace(ASKED, ward=EAST), tmp_path / "reports")
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "mine").write_text("mine")
    with pytest.raises(RequestError, match="a folder that is not empty already has that name"):
        make_all(two_wards, ASKED, tmp_path / "reports")
    assert names(tmp_path / "reports") == ["mine"]


@pytest.mark.program
def test_stopped_from_outside_it_leaves_nothing(two_wards, tmp_path, thorough):
    """By Ctrl-C, which every process of the group is told, at the very beginning of the workers; and by a request to end,
    which only the first is told.
    """
    for how, code in ((signal.SIGINT, -signal.SIGINT), (signal.SIGTERM, 143))[: 2 if thorough else 1]:
        folder = tmp_path / how.name
        folder.mkdir()
        assert stopped(two_wards, folder, how) == code, how.name
        assert names(folder / "out") == [], how.name


def stopped(place, folder, how):
    """The exit code of a program that is told to end as soon as it writes; it writes to ``out``.

    Ctrl-C comes when the first worker is being started, and has not loaded anything yet.
    """
    program = f"""
        import signal, sys, time
        from datetime import date
        from pathlib import Path
        if __name__ != "__main__" and {how == signal.SIGINT}:  # a worker
            Path("worker").touch()
            time.sleep(1)
        from data.place import Place
        from layers.answers.question import Question
        from layers.reports.request import ReportRequest
        from layers.reports.all_wards import make_all
        if __name__ == "__main__":
            signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
            signal.signal(signal.SIGINT, signal.default_int_handler)  # in the background it is ignored at first
            asked = ReportRequest(question=Question(day=date(2026, 1, 31)), new_sites=0)
            step = lambda *_: print("one", flush=True)
            make_all(Place.open(Path({str(place.folder)!r})), asked, Path("out") / "reports", workers=2, step=step)
    """
    (folder / "program.py").write_text(textwrap.dedent(program))
    (folder / "out").mkdir()
    started = subprocess.Popen(
        [sys.executable, "program.py"], cwd=folder, env=os.environ | {"PYTHONPATH": str(ROOT)}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        deadline = time.monotonic() + 120
        begun = "worker" if how == signal.SIGINT else "out/.pramshed-*/reports"
        while not list(folder.glob(begun)) and started.poll() is None:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert started.poll() is None
        os.killpg(started.pid, how) if how == signal.SIGINT else os.kill(started.pid, how)
        return started.wait(timeout=120)
    finally:
        started.kill()
        started.communicate()


def test_ctrl_c_comes_when_all_workers_are_started():
    """In the midst of a start it would leave half a worker, which cannot be ended."""
    heard, before = [], signal.signal(signal.SIGINT, lambda *_: heard.append("Ctrl-C"))
    try:
        with all_wards._interrupts_later():
            os.kill(os.getpid(), signal.SIGINT)
            heard.append("started")
    finally:
        signal.signal(signal.SIGINT, before)
    assert heard == ["started", "Ctrl-C"]
