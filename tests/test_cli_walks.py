"""The commands that follow one walk, the walks to one site, or weigh them all: `route`, `catchment`, `fairness`,
`access`, `barriers`, `lookup`.
"""

from __future__ import annotations

import io

import geopandas as gpd
import pandas as pd
import pytest

from layers.answers.barriers import COLUMNS


@pytest.fixture(scope="module")
def town(small_place):
    return str(small_place.folder)


def test_a_route_as_a_line_on_a_map(run, town, tmp_path):
    """The pieces are in degrees, and beside the file stands whose data it is."""
    code, out, err = run("route", town, "TW1 1AB", "western", "--profile", "adult", "--out", tmp_path / "walk.geojson")
    assert (code, out) == (0, "")
    assert err.startswith("From TW1 1AB, adults on their own walk 10.0 minutes (798 m) to Western Children's Centre.")
    found = gpd.read_file(tmp_path / "walk.geojson")
    assert found.crs.to_epsg() == 4326
    assert set(found["way"]) == {"street", "straight, beside the streets"}
    assert found["metres"].sum() == pytest.approx(798, abs=1)
    assert "OpenStreetMap" in "".join(path.read_text("utf-8") for path in tmp_path.iterdir() if path.suffix == ".txt")


def test_no_way_is_an_answer_and_not_a_fault(run, town):
    assert run("route", town, "TW1 2AA", "eastern") == (
        0,
        "",
        "No way on foot is mapped from TW1 2AA to that site.\n",
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nowhere street",), "nothing here is called that"),
        (("TW1 1AB", "southern"), "no site that counts is called 'southern'; there are Eastern <b>Link</b>; Western"),
        (("TW1 1AB", "e"), "may be more than one site"),
        (("TW1 1AB", "--profile", "horse"), "unknown walker 'horse'"),
    ],
)  # fmt: skip
def test_a_route_that_is_not_understood(run, town, words, said):
    code, out, err = run("route", town, *words)
    assert (code, out) == (2, "")
    assert said in " ".join(err.split())


def test_the_reach_of_a_site(run, town, tmp_path):
    code, out, err = run("catchment", town, "western", "--within", "20,5", "--out", tmp_path / "reach.csv")
    assert (code, out) == (0, "")
    assert err.splitlines()[1].startswith("Under-fives within 20 minutes' walk of Western Children's Centre: ")
    found = pd.read_csv(tmp_path / "reach.csv")
    assert found["minutes"].tolist() == [5, 20]
    assert found["under5"].is_monotonic_increasing


@pytest.mark.parametrize("within", ["5,x", "", "0", "500"])
def test_minutes_that_are_none(run, town, within):
    code, _, err = run("catchment", town, "western", "--within", within)
    assert code == 2
    assert err.startswith("pramshed: ")
    assert len(err.splitlines()) == 1


def test_the_streets_as_a_graph(run, town, tmp_path):
    """A street is written once in a GeoPackage, with whose data it is beside it."""
    code, out, _ = run("network", town, "--profile", "adult", "--out", tmp_path / "streets.gpkg")
    assert code == 0
    edges = gpd.read_file(tmp_path / "streets.gpkg", layer="edges")
    assert out.startswith("Streets of Town for adults on their own")
    assert f": {len(edges):,} stretches of street between " in out
    assert edges["travel_time"].sum() == pytest.approx(edges["length"].sum() / 80 * 60, rel=1e-3)
    assert "OpenStreetMap" in (tmp_path / "streets.gpkg.sources.txt").read_text("utf-8")


def test_a_graph_is_no_table(run, town, tmp_path):
    code, out, err = run("network", town, "--out", tmp_path / "streets.csv")
    assert (code, out) == (2, "")
    assert "streets.csv: a network can be written as .graphml, .gpkg" in " ".join(err.split())


def test_how_walks_fall_on_families(run, town, tmp_path):
    code, out, err = run("fairness", town, "--closures", "--out", tmp_path / "fair.csv")
    assert (code, out) == (0, "")
    assert err.startswith("Families in the most deprived tenth walk about ")
    found = pd.read_csv(tmp_path / "fair.csv")
    assert set(found["outcome"]) == {"minutes", "share within", "shortfall"}
    code, out, err = run("fairness", town, "--groups", "--by", "abroad", "--out", tmp_path / "groups.csv")
    assert (code, out) == (0, "")
    assert pd.read_csv(tmp_path / "groups.csv")["group"].iloc[-1] == "Everyone"
    code, out, err = run("fairness", town, "--closures", "--scenario", tmp_path / "none.json")
    assert (code, out) == (2, "")
    assert "without --closures" in err
    code, out, err = run("fairness", town, "--out", tmp_path / "fair.gpkg")
    assert (code, out) == (2, "")
    assert ".csv" in err


def test_beyond_the_nearest(run, town, tmp_path):
    code, out, err = run("access", town, "--of", "sites", "--linked-weight", "1", "--out", tmp_path / "sites.csv")
    assert (code, out) == (0, "")
    assert "can choose between two or more" in err.splitlines()[0]
    assert set(pd.read_csv(tmp_path / "sites.csv")["capacity"]) == {1.0}
    code, out, err = run("access", town, "--of", "wards")
    assert (code, out, len(err.splitlines())) == (2, "", 1)


def test_what_stands_in_the_way_of_a_pram(run, town, tmp_path):
    """There is one barrier, and nobody would walk there."""
    code, out, err = run("barriers", town, "--out", tmp_path / "barriers.csv")
    assert (code, out) == (0, "")
    assert err.startswith(
        "Barriers and missing links: 1. Mended alone, none would bring under-fives within 15 minutes'"
    )
    found = pd.read_csv(tmp_path / "barriers.csv", index_col="rank")
    assert list(found) == list(COLUMNS)
    assert found.empty


def test_a_list_of_postcodes(run, town, tmp_path):
    """Each in its row with what `reach` says of it; one elsewhere is not known, and other columns are not passed on."""
    (tmp_path / "list.csv").write_text("Name,Postcode\nA, tw1 1ab\nB,LS1 1AA\nC,\nD,TW1 2AA\n", "utf-8")
    code, out, err = run("lookup", town, tmp_path / "list.csv", "--profile", "adult")
    assert code == 0
    assert err.splitlines()[1:-1] == ["Walk not known: 1 that this place does not have."]
    found = pd.read_csv(io.StringIO(out), index_col="row")
    assert found["postcode"].to_dict() == {2: "TW11AB", 3: "LS11AA", 5: "TW12AA"}
    assert found.loc[3].drop(["postcode", "known"]).isna().all()
    assert "Name" not in found
    run("reach", town, "--profile", "adult", "--out", tmp_path / "reach.csv")
    reach = pd.read_csv(tmp_path / "reach.csv", index_col="origin_id")
    assert found.loc[2, "minutes"] == pytest.approx(reach.loc["TW1 1AB", "minutes"], abs=0.05)
    (tmp_path / "none.csv").write_text("Name\nA\n", "utf-8")
    code, out, err = run("lookup", town, tmp_path / "none.csv")
    assert (code, out) == (3, "")
    assert "postcode" in err
