"""A report as files: all forms, the same bytes for the same report, whole or not at all."""

from __future__ import annotations

import errno
import io
import json
import os
import subprocess
import zipfile
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from geo.errors import RequestError
from layers.files.drafts import put
from layers.reports import pack
from layers.reports.pack import ENDINGS, file_of, files_of, for_screen, require_target, write, zip_of
from tests.layers.reports.made import made_report

pytestmark = pytest.mark.whole_report

FIRST = {".pdf": b"%PDF-", ".html": b"<!doctype html>", ".xlsx": b"PK", ".gpkg": b"SQLite format 3", ".geojson": b'{"type"',
         ".json": b"{", ".zip": b"PK"}  # fmt: skip


@pytest.fixture(scope="module")
def made():
    """A report, its files, and drawings that are made once."""
    report = made_report()
    drawn = pack.pictures_of(report)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pack, "pictures_of", lambda _: drawn)
        yield report, files_of(report)


@pytest.fixture
def ready(made, monkeypatch):
    """The report, whose files are made already."""
    monkeypatch.setattr(pack, "files_of", lambda _: made[1])
    return made[0]


def names(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def full(monkeypatch):
    """A disk that is full."""

    def write_bytes(path, content):
        with path.open("wb") as file:
            file.write(content[:3])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    monkeypatch.setattr(Path, "write_bytes", write_bytes)


def test_every_form_is_there(made):
    _, files = made
    assert list(files) == [
        "README.txt", "report.pdf", "report.html", "tables.xlsx", "layers.gpkg", "neighbourhoods.geojson",
        "tables/figures.csv", "tables/about.txt", "tables/neighbourhoods.csv", "tables/lost.csv", "tables/settings.csv",
        "maps/need.png", "run.json",
    ]  # fmt: skip
    assert all(files.values())
    assert all(name.isascii() for name in files)
    for ending in (".pdf", ".xlsx", ".gpkg", ".json"):
        (name,) = [name for name in files if name.endswith(ending) and "neigh" not in name]
        assert files[name].lower().startswith(FIRST[ending].lower())


def test_the_readme_names_every_file_and_how_to_replay(made):
    report, files = made
    said = files["README.txt"].decode("utf-8-sig")
    for name in files:
        folder = f"{name.split('/')[0]}/" if "/" in name else name
        assert folder in said or name == "README.txt"
    assert "python cli.py replay run.json --place made-up\r\n" in said
    assert "python cli.py replay run.json --place FOLDER/made-up" in said, "for a place that has no name in `places`"
    assert json.loads(files["run.json"])["hash"] in said
    for line in (report.answer, *report.cautions, *report.credits):
        assert line in said


def test_the_map_is_for_print_and_half_of_it_for_a_screen(made):
    _, files = made
    printed = Image.open(io.BytesIO(files["maps/need.png"]))
    assert [round(dots) for dots in printed.info["dpi"]] == [300, 300]
    assert printed.width == pytest.approx(174 / 25.4 * 300, abs=2)
    shown = Image.open(io.BytesIO(for_screen({"need": files["maps/need.png"]})["need"]))
    assert (shown.width, shown.height) == ((printed.width + 1) // 2, (printed.height + 1) // 2)
    four = np.asarray(printed, float)[200:202, 300:302].mean(axis=(0, 1))
    assert np.asarray(shown, float)[100, 150] == pytest.approx(four, abs=1)


def test_the_zip_is_the_same_for_the_same_report(made):
    report, files = made
    first = file_of(made_report(), ".zip")
    assert first == zip_of(files, folder=report.key, day=report.request.question.day)
    with zipfile.ZipFile(io.BytesIO(first)) as packed:
        assert packed.testzip() is None
        assert packed.namelist() == [f"made-up/{name}" for name in files]
        assert {entry.date_time for entry in packed.infolist()} == {(2026, 11, 22, 0, 0, 0)}
        assert {entry.external_attr >> 16 for entry in packed.infolist()} == {0o100644}
        assert packed.read("made-up/run.json") == files["run.json"]


def test_a_day_before_the_calendar_of_zips():
    packed = zipfile.ZipFile(io.BytesIO(zip_of({"a.txt": b"a"}, folder="x", day=date(1931, 5, 4))))
    assert packed.infolist()[0].date_time[:3] == (1980, 5, 4)


@pytest.mark.parametrize("ending", ENDINGS)
def test_one_form_alone(made, tmp_path, ending):
    path = tmp_path / f"one{ending.upper()}"
    write(made[0], path)
    assert path.read_bytes().lower().startswith(FIRST[ending].lower())
    assert names(tmp_path) == [path.name]
    if ending == ".html":
        assert path.read_bytes() == made[1]["report.html"]


def test_a_folder(made, ready, tmp_path):
    _, files = made
    write(ready, tmp_path / "pack")
    found = {
        path.relative_to(tmp_path / "pack").as_posix(): path.read_bytes()
        for path in (tmp_path / "pack").rglob("*")
        if path.is_file()
    }
    assert found == files
    assert names(tmp_path) == ["pack"]


def test_an_empty_folder_is_filled_and_a_file_is_replaced(made, ready, tmp_path):
    (tmp_path / "pack").mkdir()
    write(ready, tmp_path / "pack")
    assert (tmp_path / "pack" / "run.json").exists()
    (tmp_path / "run.json").write_text("old")
    write(made[0], tmp_path / "run.json")
    assert (tmp_path / "run.json").read_bytes() == made[1]["run.json"]


def test_differences_are_exported_as_such(made):
    report, files = made
    table = replace(report.tables["neighbourhoods"], key="changes")
    more = files_of(replace(report, tables={**report.tables, "changes": table}))
    assert set(more) - set(files) == {"changes.geojson", "tables/changes.csv"}
    plain = replace(table, geometry=None)
    assert "changes.geojson" not in files_of(replace(report, tables={**report.tables, "changes": plain}))


class TestRefused:
    @pytest.mark.parametrize(
        ("name", "said"),
        [
            ("pack.rar", r"pack\.rar: a report can be written as \.zip, \.pdf.*or to a folder"),
            ("there.zip", "a folder already has that name"), ("full", "a folder that is not empty already has that name"),
            ("file", "a file already has that name"), ("nowhere/pack.zip", "nowhere: not a folder that can be written to"),
            ("nowhere/pack", "nowhere: not a folder that can be written to"),
            ("file/pack.zip", "not a folder that can be written to"),
        ],
    )  # fmt: skip
    def test_a_bad_target(self, made, tmp_path, name, said):
        (tmp_path / "there.zip").mkdir()
        (tmp_path / "full").mkdir()
        (tmp_path / "full" / "mine.txt").write_text("mine")
        (tmp_path / "file").write_text("mine")
        before = sorted(tmp_path.rglob("*"))
        for ask in (require_target, lambda path: write(made[0], path)):
            with pytest.raises(RequestError, match=said):
                ask(tmp_path / name)
        assert sorted(tmp_path.rglob("*")) == before
        assert (tmp_path / "file").read_text() == "mine"

    def test_a_folder_that_may_not_be_written(self, tmp_path, monkeypatch):
        monkeypatch.setattr(os, "access", lambda path, mode: False)  # as for anybody but root
        for name in ("pack.zip", "pack"):
            with pytest.raises(RequestError, match="not a folder that can be written to"):
                require_target(tmp_path / name)

    def test_no_such_form(self, made):
        with pytest.raises(RequestError, match=r"\.doc: a report can be written as"):
            file_of(made[0], ".doc")


class TestFullDisk:
    @pytest.mark.parametrize("name", ["pack.zip", "pack"])
    def test_nothing_half_written(self, ready, tmp_path, full, name):
        path = tmp_path / name
        with pytest.raises(RequestError, match=f"{name}: cannot be written: No space left on device"):
            write(ready, path)
        assert names(tmp_path) == []

    def test_what_was_there_stays(self, ready, tmp_path, full):
        (tmp_path / "pack.zip").write_text("old")
        with pytest.raises(RequestError):
            write(ready, tmp_path / "pack.zip")
        assert (tmp_path / "pack.zip").read_text() == "old"
        assert names(tmp_path) == ["pack.zip"]

    def test_no_room_for_a_draft(self, made, monkeypatch):
        def none(report):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        monkeypatch.setattr(pack, "geopackage_of", none)
        for ask in (files_of, lambda report: file_of(report, ".gpkg")):
            with pytest.raises(RequestError, match="cannot be drafted there: No space left on device"):
                ask(made[0])

    def test_a_real_one(self, ready, tmp_path):
        """A disk of 64 kilobytes, where one can be made."""
        disk = tmp_path / "disk"
        disk.mkdir()
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)], capture_output=True, text=True, check=False
        )
        if done.returncode:
            pytest.skip(f"no small disk can be made here: {done.stderr.strip()}")
        try:
            for name in ("pack.zip", "pack"):
                with pytest.raises(RequestError, match=f"{name}: cannot be written: No space left on device"):
                    write(ready, disk / name)
                assert names(disk) == []
        finally:
            subprocess.run(["umount", str(disk)], check=True)


def test_interrupted_halfway_leaves_nothing(tmp_path):
    def stop(draft):
        draft.write_text("half")
        raise KeyboardInterrupt

    with suppress(KeyboardInterrupt):
        put(tmp_path / "pack.zip", stop)
    assert names(tmp_path) == []
