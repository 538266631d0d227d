"""All wards of an authority: the same files whoever makes them, an index that leads to them, all or nothing."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import textwrap
import threading
import time
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
def alone(two_wards, tmp_path_factory):
    """Made by one process, with maps as coarse as can be."""
    folder, seen = tmp_path_factory.mktemp("alone") / "reports", []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pack, "PRINT_DPI", 40)
        made = make_all(two_wards, ASKED, folder, workers=1, step=lambda *said: seen.append(said))
    return folder, made, seen


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
        assert {"report.pdf", "report.html", "tables.xlsx", "layers.gpkg", "run.json"} <= set(
            names(folder / ward.folder)
        )


def test_the_index_leads_to_files_that_are_there(alone):
    folder, made, _ = alone
    page = (folder / "index.html").read_text("utf-8")
    links = {link for link in re.findall(r'href="([^"#]+)"', page) if not link.startswith("http")}
    assert len(links) == 3 * 4
    for link in links:
        assert (folder / link).is_file(), link
    for ward in made:
        assert ward.figures["under5_beyond"].said in re.sub(r"<[^>]+>", "", page)


def test_two_processes_make_what_one_makes(small_place, tmp_path):
    made = make_all(small_place, ASKED, tmp_path / "reports", workers=2)
    assert [ward.folder for ward in made] == ["town", "town-e05000001"]
    assert names(tmp_path) == ["reports"]
    asked = replace(ASKED, ward=WEST)
    one = pack.files_of(all_wards.report_of(all_wards.look(small_place, ASKED), asked))
    assert files(tmp_path / "reports" / "town-e05000001") == one


def test_a_ward_without_streets_is_listed_with_the_reason(two_wards, tmp_path, monkeypatch):
    real = all_wards.report_of

    def report_of(whole, request):
        if request.ward == EAST:
            raise InputError(two_wards.card.name, expected="street data", found="none in <b>the chosen</b> areas")
        return real(whole, request)

    monkeypatch.setattr(all_wards, "report_of", report_of)
    monkeypatch.setattr(pack, "PRINT_DPI", 40)
    made = make_all(two_wards, ASKED, tmp_path / "reports", workers=1)
    assert made[2].fault == "Town: found none in <b>the chosen</b> areas; expected street data"
    assert names(tmp_path / "reports") == ["index.html", "town", "town-st-marys"]
    page = (tmp_path / "reports" / "index.html").read_text("utf-8")
    assert "no report: Town: found none in &lt;b&gt;the chosen&lt;/b&gt; areas" in page


def test_a_ward_that_fails_is_named_and_nothing_is_left(two_wards, tmp_path, monkeypatch):
    def files_of(report):
        if report.request.ward == EAST:
            message = "no\nroom"
            raise ValueError(message)
        return {"report.pdf": b""}

    monkeypatch.setattr(all_wards, "files_of", files_of)
    monkeypatch.setitem(all_wards._HERE, "now", (all_wards.look(two_wards, ASKED), all_wards._Work(
        place=two_wards, request=ASKED, spaces=None, draft=tmp_path, names={EAST: "East"},
    ), threading.Event()))  # fmt: skip
    assert all_wards._next(EAST) == "East: ValueError: no room"
    with pytest.raises(ValueError, match="no\nroom"):
        make_all(two_wards, ASKED, tmp_path / "reports", workers=1)
    assert names(tmp_path) == []


def test_what_cannot_be_asked_is_said_by_every_worker_in_one_line(two_wards, tmp_path):
    asked = replace(ASKED, question=Question(day=date(2026, 1, 31), counting="hubs"))
    with pytest.raises((InputError, RequestError), match="expected a list of family hubs") as fault:
        make_all(two_wards, asked, tmp_path / "reports", workers=2)
    assert len(str(fault.value).splitlines()) == 1
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
    with pytest.raises(RequestError, match="a folder with something in it is in the way"):
        make_all(two_wards, ASKED, tmp_path / "reports")
    assert names(tmp_path / "reports") == ["mine"]


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_stopped_from_outside_it_leaves_nothing(two_wards, tmp_path, how):
    program = f"""
        import signal, sys
        from datetime import date
        from pathlib import Path
        from data.place import Place
        from layers.question import Question
        from layers.reports.request import ReportRequest
        from layers.reports.wards import make_all
        if __name__ == "__main__":
            signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
            signal.signal(signal.SIGINT, signal.default_int_handler)  # in the background it is ignored at first
            asked = ReportRequest(question=Question(day=date(2026, 1, 31)), new_sites=0)
            step = lambda *_: print("one", flush=True)
            make_all(Place.open(Path({str(two_wards.folder)!r})), asked, Path("out") / "reports", workers=2, step=step)
    """
    (tmp_path / "program.py").write_text(textwrap.dedent(program))
    (tmp_path / "out").mkdir()
    started = subprocess.Popen(
        [sys.executable, "program.py"], cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        deadline = time.monotonic() + 120
        while not list((tmp_path / "out").glob(".pramshed-*/reports")) and started.poll() is None:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        os.killpg(started.pid, how) if how == signal.SIGINT else os.kill(started.pid, how)
        assert started.wait(timeout=120) != 0
    finally:
        started.kill()
        started.communicate()
    assert names(tmp_path / "out") == []
