"""Places, files that somebody brings: what each is, what is wrong, what is missing, columns by hand, and the build."""

from __future__ import annotations

import json
import shutil

import pytest

from data.place import Place
from geo.errors import RequestError
from layers.commands import brought, starting
from layers.commands.brought import LARGE, Shelf
from layers.session import allowed
from tests.layers.reading import html, markdown, words

PAGE = "layers/pages/places.py"
HERE = allowed.Came(None, {"Host": "localhost:8501", "Origin": "http://localhost:8501"})
CLOSURES = b"URN,exit_date_or_month,source\n20004,2026-04,<b>us</b>\nx,2026-04,us\n"


@pytest.fixture
def opened(visit, monkeypatch, tmp_path):
    """The page in a browser on the dashboard's own machine."""
    monkeypatch.setenv("PRAMSHED_FETCHED", str(tmp_path / "fetched"))
    monkeypatch.setattr(allowed, "came", lambda: HERE)
    return lambda: visit(PAGE)


def drop(at, *files):
    """Give files, each a name and its content."""
    at.get("file_uploader")[0].set_value([(name, content, "text/csv") for name, content in files]).run()
    assert not at.exception
    return at


def test_faults_row_by_row_and_what_is_not_recognised(opened):
    at = drop(opened(), ("closures.csv", CLOSURES), ("<i>x.csv", b"a,b\n1,2\n"))
    said = html(at)
    assert "a council&#x27;s closures" in said
    assert "1 fault" in said
    assert "is left out" in said
    assert "<i>" not in said + markdown(at)
    assert "Row 3, column URN" in words(at)
    assert "Download its faults (CSV): closures.csv" in [
        one.label.replace("\\", "") for one in at.get("download_button")
    ]
    next(one for one in at.selectbox if one.label == "Take a file away").set_value("closures.csv").run()
    assert "closures.csv" not in html(at)


def test_columns_named_by_hand_are_remembered(opened):
    mine = b"Centre no,Shuts,Whose word\n20004,2026-04,the council\n"
    at = drop(opened(), ("mine.csv", mine))
    at.selectbox(key="brought-kind-mine.csv").set_value("closures").run()
    assert at.button(key="columns-mine.csv").disabled
    for ours, own in (("URN", "Centre no"), ("exit_date_or_month", "Shuts"), ("source", "Whose word")):
        at.selectbox(key=f"brought-column-mine.csv-closures-{ours}").set_value(own).run()
    at.button(key="columns-mine.csv").click().run()
    assert html(at).count("<td>good</td>") == 1
    drop(at, ("later.csv", mine))
    assert html(at).count("<td>good</td>") == 2


def test_what_is_missing_is_said_and_a_build_begins_when_all_is_there(opened, small, monkeypatch, tmp_path):
    started = []
    monkeypatch.setattr(brought, "start", lambda job, begins, words: started.append((begins.name, words)))
    at = drop(opened(), *((path.name, path.read_bytes()) for path in (small.boundaries, small.deprivation)))
    assert "What is still needed: 4 of the files" in [one.label for one in at.expander]
    at.selectbox(key="brought-authority").set_value("E06000046").run()
    assert at.button(key="build").disabled
    assert len(at.get("image")) == 1
    (tmp_path / "fetched" / LARGE).mkdir()
    shutil.copy(small.streets[0], tmp_path / "fetched" / LARGE)  # too large to be dropped
    assert not at.checkbox
    rest = (*small.postcodes, *small.population, *small.centres, small.children)
    drop(at, *((path.name, path.read_bytes()) for path in rest))
    assert not at.checkbox(key="children-published").value  # private until somebody says otherwise
    at.checkbox(key="children-published").check().run()
    at.text_input[0].set_value("Our <b>town").run()
    at.button(key="build").click().run()
    ((name, words),) = started
    assert name == "Our <b>town"
    folder = words[-1]
    plan = json.loads((Shelf(tmp_path / folder).folder / "plan.json").read_text("utf-8"))
    needed = {"boundaries", "deprivation", "streets", "postcodes", "population", "centres"}
    assert set(plan["files"]) == needed | {"children"}
    assert plan["children_published"]
    assert (Shelf(tmp_path / folder).folder.stat().st_mode & 0o077) == 0


def test_nobody_else_drops_anything(visit, monkeypatch):
    at = visit(PAGE)
    assert not at.get("file_uploader")
    monkeypatch.setattr(allowed, "came", lambda: HERE)
    at = visit(PAGE)
    monkeypatch.setattr(allowed, "came", lambda: allowed.Came("192.168.0.7", {}))
    drop(at, ("closures.csv", CLOSURES))
    assert "whoever sits at the machine" in at.error[0].value
    assert "closures.csv" not in html(at)


@pytest.mark.place_anew
def test_built_the_files_are_cleared(run, small, tmp_path, monkeypatch):
    monkeypatch.setenv("PRAMSHED_FETCHED", str(tmp_path / "fetched"))
    monkeypatch.setattr(brought, "start", lambda *_: None)
    shelf, files = Shelf.new(), {}
    for field in ("boundaries", "deprivation", "streets", "postcodes", "population", "centres", "children", "lookups"):
        given = getattr(small, field)
        for path in given if isinstance(given, tuple) else (given,):
            files.setdefault(field, []).append(shelf.keep(path.name, path.read_bytes()))
    job = brought.start_build(shelf, "Our town", small.authority, files)
    code, _, err = run("build-brought", shelf.folder, places=tmp_path / "places")
    assert code == 0, err
    assert (job.progress().status, job.progress().place) == ("done", "our-town")
    assert Place.open(tmp_path / "places" / "our-town").card.counts["areas"] == 3
    assert not shelf.there
    other = Shelf.new()
    brought.start_build(other, "Half", small.authority, {"streets": [other.folder / "gone.osm"]})
    code, _, err = run("build-brought", other.folder, places=tmp_path / "places")
    assert code == 3
    assert job.folder.joinpath("files-half.json").exists()
    assert "no boundaries" in err
    assert other.there, "so that what is missing can be brought"


def test_a_shelf_is_small_and_its_names_are_safe(monkeypatch, tmp_path):
    monkeypatch.setenv("PRAMSHED_FETCHED", str(tmp_path))
    shelf = Shelf.new()
    for name in ("../../etc/passwd", "C:\\x\\passwd", "/etc/passwd", ".passwd"):
        assert shelf.keep(name, b"x").name == "passwd"
    monkeypatch.setattr(brought, "MOST_BYTES", 10)
    with pytest.raises(RequestError, match="remove some first"):
        shelf.keep("more.csv", b"x" * 20)
    monkeypatch.setattr(brought, "OLD", -1.0)
    assert Shelf.new().there
    assert not shelf.there
    with pytest.raises(RequestError, match="give the place a name"):
        brought.start_build(shelf, "--", "E06000046", {})
    assert starting.under_way() == ()
