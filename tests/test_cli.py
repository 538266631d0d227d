"""The command line: its answers, its exit codes, its one-line errors."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from rich.console import Console
from rich.progress import Progress

import cli
from geo.errors import ServiceError
from layers.commands import terminal
from tests.layers.island_streets import StreetsOnce

AREA_COLUMNS = {
    "area_code", "area_name", "ward_name", "imd_decile", "under5", "born_outside_uk_share", "minutes_median",
    "minutes_p90", "metres_median", "within_share", "under5_beyond", "need_class", "need_here",
    "need_in_england", "access_class", "gap_rank", "reason",
}  # fmt: skip
ORIGIN_COLUMNS = {"origin_id", "area_code", "site_id", "minutes", "metres", "snap_m", "reached"}


@pytest.fixture(scope="module", autouse=True)
def _streets_once(tmp_path_factory):
    """The island's streets are read, and its homes joined to them, once for all commands."""
    with pytest.MonkeyPatch.context() as patch:
        StreetsOnce(tmp_path_factory.mktemp("drawn")).patch(patch)
        yield


def options_of(inputs, out):
    """The words of a build."""
    words = ["build", "--name", inputs.name, "--authority", inputs.authority, "--out", out, "--children-published"]
    for name in ("boundaries", "deprivation", "children", "wards"):
        words += [f"--{name}", getattr(inputs, name)]
    for option, paths in (
        ("streets", inputs.streets), ("postcodes", inputs.postcodes), ("population", inputs.population), ("lookup", inputs.lookups),
        ("centres", inputs.centres), ("closures", inputs.closures),
    ):  # fmt: skip
        for path in paths:
            words += [f"--{option}", path]
    return words


def test_places_lists_the_bundled_one_with_vintages(run):
    code, out, _ = run("places")
    assert code == 0
    assert "isle-of-wight: Isle of Wight (E06000046)" in out
    assert "2020-04-22" in out
    assert "Census 2021" in out


def test_build_check_gaps_reach(run, small, tmp_path):
    code, out, err = run(*options_of(small, tmp_path / "town"))
    assert (code, err.splitlines()[0]) == (0, "1/11 areas")
    assert "3 areas" in out
    assert "Lost Centre (20003) has no coordinates" in out
    code, out, _ = run("check", tmp_path / "town")
    assert code == 0
    assert out.startswith("! streets: Streets are missing: the street file covers 10% of Town, City of and")
    assert "walked to and counts nowhere: no coordinates are known of it. Lost Centre (20003)" in out
    assert "1 of 6 homes are more than 250 m from any street" in out
    assert "areas have no street data" in out
    code, out, err = run("gaps", tmp_path / "town")
    table = pd.read_csv(io.StringIO(out))
    assert code == 0
    assert set(table.columns) >= AREA_COLUMNS
    assert len(table) == 3
    assert "live more than 15 minutes' walk from a children's centre. In 0 of 2 neighbourhoods most families" in err
    code, out, _ = run("reach", tmp_path / "town", "--profile", "adult")
    table = pd.read_csv(io.StringIO(out))
    assert set(table.columns) >= ORIGIN_COLUMNS
    assert len(table) == 6
    assert table.set_index("origin_id").loc["TW1 1AB", "minutes"] == pytest.approx(10, rel=5e-3)


def test_places_of_the_deployment_are_known_by_name(run, small_place):
    code, out, _ = run("gaps", "town", "--weights", "under2=3", places=small_place.folder.parent)
    assert code == 0
    assert "Town 000A" in out
    assert pd.read_csv(io.StringIO(out))["need_score"].tolist() == [50, 50, 50]  # 20 under-twos in each


def test_a_row_for_each_ward(run, small_place, tmp_path):
    code, out, err = run("gaps", small_place.folder, "--by", "ward")
    table = pd.read_csv(io.StringIO(out))
    assert code == 0
    assert {"ward_code", "ward_name", "under5_known", "under5_beyond", "beyond_rank"} < set(table.columns)
    assert table["under5_beyond"].sum() == pytest.approx(
        pd.read_csv(io.StringIO(run("gaps", small_place.folder)[1]))["under5_beyond"].sum(), abs=0.2
    )
    assert "of 100 under-fives whose walk is known (0%) live more than" in err
    assert run("gaps", small_place.folder, "--by", "town")[0] == 2, "it has no names of towns"
    code, _, _ = run("gaps", small_place.folder, "--by", "ward", "--out", tmp_path / "wards.gpkg")
    assert code == 0
    assert gpd.read_file(tmp_path / "wards.gpkg").geometry.notna().all()


@pytest.mark.parametrize("suffix", ["csv", "gpkg", "geojson", "parquet"])
def test_every_format_reads_back_with_its_credits(run, small_place, tmp_path, suffix):
    for command, columns in (("gaps", AREA_COLUMNS), ("reach", ORIGIN_COLUMNS)):
        out = tmp_path / f"{command}.{suffix}"
        code, printed, _ = run(command, small_place.folder, "--out", out)
        assert (code, printed) == (0, "")
        table = {"csv": pd.read_csv, "parquet": gpd.read_parquet}.get(suffix, gpd.read_file)(out)
        table = table.reset_index() if suffix == "parquet" else table
        assert set(table.columns) >= columns
        if suffix != "csv":
            assert table.crs is not None
            assert table.geometry.notna().all()
        credited = (tmp_path / f"{out.name}.sources.txt").read_text(encoding="utf-8")
        for line in ("OpenStreetMap", "Open Government Licence", "Royal Mail", "threshold 15 minutes"):
            assert line in credited
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".pramshed")]


def test_a_name_that_a_spreadsheet_would_run_is_made_harmless(run, small, tmp_path):
    path = small.boundaries
    spoilt = path.read_text().replace("Town 000A", "=HYPERLINK(1)").replace("Town 001A", "\uff1dHYPERLINK(2)")
    path.write_text(spoilt)
    run(*options_of(small, tmp_path / "town"))
    _, out, _ = run("gaps", tmp_path / "town")
    assert "'=HYPERLINK(1)" in out
    assert "'\uff1dHYPERLINK(2)" in out, "full-width signs are formulas, too"
    assert ",=HYPERLINK" not in out


def test_the_options_of_a_question_change_the_answer(run):
    @cache
    def within(*words):
        code, out, _ = run("reach", "isle-of-wight", *words)
        assert code == 0
        walk = pd.read_csv(io.StringIO(out))["minutes"]
        return int((walk <= 15).sum())

    usual = within()
    assert usual == pytest.approx(0.239 * 5079, abs=30)
    assert within("--profile", "adult") > usual > within("--profile", "toddler")
    assert within("--status", "open") < usual
    assert within("--status", "open", "--on", "2015-01-01") == usual  # all eight were full centres then
    assert within("--status", "open", "--on", "2017-01-01") == within("--status", "open")
    assert within("--to", "play") > 2 * usual


def test_ones_own_sites_can_be_walked_to(run, small_place, tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("name,easting,northing\nChurch hall,450900,90500\n")
    code, out, _ = run("reach", small_place.folder, "--to", path)
    table = pd.read_csv(io.StringIO(out), dtype={"site_id": "str"}).set_index("origin_id")
    assert code == 0
    assert table.loc["TW1 1AB", ["site_id", "metres"]].tolist() == ["1", 0.0]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("name,easting,northing\nDegrees,-1.3,50.7\n", "found '-1.3'"),
        ("name,easting,northing\nScotland,300000,700000\n", "found none that is"),
        ("name,easting,northing\nBlank,,\n", "at least one site with a place"),
        ("name,easting,northing\nWords,e5,90500\n", "found 'e5'"),
        ("name,where\nHall,here\n", "expected columns easting and northing"),
        ("name,lon,lat\nFlipped,50.7,-1.3\n", "Great Britain"),
    ],
)
def test_own_sites_that_cannot_be_walked_to_are_one_line(run, small_place, tmp_path, content, said):
    path = tmp_path / "mine.csv"
    path.write_text(content)
    code, _, err = run("gaps", small_place.folder, "--to", path)
    assert (code, err.count("\n")) == (3, 1)
    assert said in err


def test_one_blank_among_own_sites_does_not_spoil_the_others(run, small_place, tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("name,easting,northing\nHall,450900,90500\nSomewhere,,\n")
    code, out, err = run("reach", small_place.folder, "--to", path)
    assert code == 0
    assert "450" not in out
    assert out.count(",1,") >= 1
    said = "Left out, as their rows say no place: 1 of the 2 sites in mine.csv (row 3)."
    assert said in err
    assert said in run("site", small_place.folder, "--k", "1", "--candidates", path)[2]


def test_no_centre_on_that_day_is_said_so(run, small_place, tmp_path):
    code, _, err = run("gaps", "isle-of-wight", "--on", "1990-01-01")
    assert code == 0
    assert err.startswith("Nobody can walk to a children's centre here: none counts on that day")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["gaps", "nowhere"], 2, "no place 'nowhere'"),
        (["gaps", "isle-of-wight", "--profile", "bike"], 2, "there are buggy, adult, toddler"),
        (["gaps", "isle-of-wight", "--status", "opne"], 2, "there are open, linked"),
        (["gaps", "isle-of-wight", "--minutes", "0"], 2, "at most 240 minutes, not 0.0"),
        (["gaps", "isle-of-wight", "--minutes", "nan"], 2, "at most 240 minutes, not nan"),
        (["gaps", "isle-of-wight", "--by", "street"], 2, "choose neighbourhood, ward, town"),
        (["gaps", "isle-of-wight", "--to", "swings"], 2, "there are centres, play"),
        (["gaps", "isle-of-wight", "--to", "nowhere.geojson"], 3, "nowhere.geojson"),
        (["gaps", "isle-of-wight", "--to", "play", "--status", "opne"], 2, "there are open, linked"),
        (["gaps", "./isle-of-wight"], 3, "place.json"),
        (["gaps", "isle-of-wight", "--out", "."], 2, "."),
        (["gaps", "isle-of-wight", "--out", "table.docx"], 2, "table.docx"),
        (["gaps", "isle-of-wight", "--out", "/nowhere/table.csv"], 2, "/nowhere"),
    ],
)
def test_a_mistake_is_one_line(run, words, code, said, tmp_path):
    got, out, err = run(*words)
    assert got == code
    assert said in err
    assert err.startswith("pramshed: ")
    assert err.count("\n") == 1
    assert out == ""


@pytest.mark.parametrize("words", [["gaps"], ["gaps", "isle-of-wight", "--on", "yesterday"], ["build"], ["gasp"]])
def test_a_command_that_makes_no_sense_is_exit_2(run, words):
    code, _, err = run(*words)
    assert code == 2
    assert "Traceback" not in err


def test_bad_input_is_exit_3_with_file_row_column_and_nothing_written(run, small, tmp_path):
    path = small.deprivation
    path.write_text(path.read_text().replace(",2000,", ",second,"))
    code, out, err = run(*options_of(small, tmp_path / "town"))
    assert code == 3
    line = err.splitlines()[-1]
    for word in (str(path), "row 3", "(IMD) Rank", "found 'second'", "expected a number"):
        assert word in line
    assert out == ""
    assert not (tmp_path / "town").exists()


def test_a_service_that_fails_is_exit_4(run, monkeypatch):
    def fetch():
        who = "Nomis (TS004)"
        raise ServiceError(who, found="status 503", expected="a table")

    monkeypatch.setattr(cli, "command_line", lambda: fetch)
    code, out, err = run("fetch")
    assert (code, out) == (4, "")
    assert err == "pramshed: Nomis (TS004): found status 503; expected a table; try again later\n"


def test_a_missing_file_is_exit_3(run, small, tmp_path):
    small.streets[0].unlink()
    code, _, err = run(*options_of(small, tmp_path / "town"))
    assert (code, "no such file" in err) == (3, True)


def test_names_with_markup_are_drawn_as_they_are():
    table = pd.DataFrame({"name": ["[/red] <b>[Hall]"], "minutes": [1.5]})
    with terminal.screen.capture() as drawn:
        terminal.show(table, ("name", "minutes"))
    assert "[/red] <b>[Hall]" in drawn.get()
    with Progress(*terminal.progress().columns, console=Console(file=io.StringIO(), force_terminal=True)) as bar:
        bar.add_task("[/red] ward")


@pytest.mark.program
def test_stopped_while_it_loads_it_says_so_in_one_line(root, tmp_path):
    (tmp_path / "typer.py").write_text("import signal\nsignal.raise_signal(signal.SIGINT)\n")  # the first to be loaded
    env = {**os.environ, "PYTHONPATH": str(tmp_path)}
    told = subprocess.run(
        [sys.executable, "-c", "import runpy; runpy.run_path('cli.py', run_name='__main__')"],
        cwd=root, capture_output=True, text=True, check=False, env=env,
    )  # fmt: skip
    assert (told.returncode, told.stdout) == (130, "")
    assert told.stderr == "pramshed: stopped; nothing half-written was left\n"


@pytest.mark.program
def test_a_full_disk_behind_the_output_is_one_line(root):
    with Path("/dev/full").open("w") as full:
        told = subprocess.run(
            [sys.executable, "cli.py", "--help"], cwd=root, stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert (told.returncode, told.stderr) == (3, "pramshed: output: No space left on device\n")


@pytest.mark.program
def test_it_runs_as_a_program_offline(root, tmp_path):
    told = subprocess.run(
        [sys.executable, "cli.py", "gaps", "isle-of-wight"], cwd=root, capture_output=True, text=True, check=False,
        env={**os.environ, "PRAMSHED_PLACES": str(tmp_path)},
    )  # fmt: skip
    assert told.returncode == 0
    assert told.stdout.startswith("area_code,")
    assert "of 5,882 under-fives whose walk is known (68%)" in told.stderr


def test_what_guidance_names_and_who_speaks_what(run, small_place, tmp_path):
    """A distance in place of minutes, at the walker's own pace; tables with their sources beside them."""
    out = tmp_path / "distances.csv"
    code, _, err = run("guidance", small_place.folder, "--of", "thresholds", "--within", "800 m", "--out", out)
    assert (code, len(pd.read_csv(out))) == (0, 5)
    assert "Within 12 minutes' walk" in err
    assert "Open Government Licence" in (tmp_path / "distances.csv.sources.txt").read_text("utf-8")
    code, out, err = run("play", small_place.folder, "--of", "spaces", "--profile", "adult")
    assert (code, "(LAP; 1.25 minutes for adults on their own)" in err) == (0, True)
    assert pd.read_csv(io.StringIO(out))["size"].isin(["LAP", "LEAP", "NEAP", "smaller", "not known"]).all()
    for words, fault in ((("guidance", "--of", "all"), 2), (("gaps", "--within", "800 yards"), 2), (("languages",), 3)):
        code, _, err = run(words[0], small_place.folder, *words[1:])
        assert (code, err.count("\n")) == (fault, 1)
