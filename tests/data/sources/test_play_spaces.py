import geopandas as gpd
import pytest
from shapely.geometry import Point, box

from data.sources.play_spaces import read_play_spaces
from geo.crs import BNG
from geo.errors import CrsError
from geo.tables import Sites, check

DETAILS = ["access", "min_age", "max_age", "surface"]


def test_an_extract_of_openstreetmap(fixtures):
    play = read_play_spaces(fixtures / "play.osm")
    table = play.table
    assert table.index.name == "site_id"
    assert table.index.tolist() == ["node/1", "way/100", "relation/7"]
    assert table["name"].fillna("").tolist() == ["Seaclose", "", "Ring"]
    assert table.loc["node/1", ["access", "min_age"]].tolist() == ["yes", "3"]
    assert table.loc["way/100", "surface"] == "bark"
    assert table["max_age"].isna().all()
    assert table.crs == BNG
    assert table.geom_type.tolist() == ["Point", "MultiPolygon", "MultiPolygon"]
    # a square of 0.004 degrees with a hole of 0.001: 16 - 1 parts of about 70.6 m by 111.2 m
    assert table.loc["relation/7", "geometry"].area == pytest.approx(15 * 70.6 * 111.2, rel=0.01)


def test_what_is_left_out_is_counted(fixtures):
    assert read_play_spaces(fixtures / "play.osm").notes == (
        "Playgrounds left out, for want of a closed outline in OpenStreetMap: 1 (way/102).",
        "Play spaces left out, private or for customers: 2.",
    )


def test_features_of_openstreetmap(fixtures):
    play = read_play_spaces(fixtures / "play_features.geojson")
    assert play.table.index.tolist() == ["way/100"]
    assert play.table.loc["way/100", ["surface", "source"]].tolist() == ["bark", "OpenStreetMap"]
    assert play.notes == (
        "Playgrounds left out, neither a point nor an outline: 1.",
        "Play spaces left out, private or for customers: 1.",
    )


@pytest.mark.parametrize(
    "ids",
    [
        {"element": ["node", "way"], "id": [1, 2]},
        {"osm_type": ["node", "way"], "osm_id": ["1", "2"]},
        {"full_id": ["n1", "w2"]},
        {"id": ["node/1", "way/2"]},
    ],
)
def test_ids_of_the_usual_exporters(tmp_path, ids):
    shapes = [Point(450_000, 90_000), box(450_000, 90_000, 450_100, 90_100)]
    fields = ids | {"leisure": ["playground", "playground"]}
    gpd.GeoDataFrame(fields, geometry=shapes, crs=BNG).to_file(tmp_path / "f.gpkg")
    play = read_play_spaces(tmp_path / "f.gpkg")
    assert play.table.index.tolist() == ["node/1", "way/2"]
    assert play.notes == ()
    assert play.table[DETAILS].isna().all(axis=None)


def test_features_without_ids_are_numbered_and_say_so(tmp_path):
    fields = {"leisure": ["playground", "park", "playground"]}
    shapes = [Point(450_000 + x, 90_000) for x in range(3)]
    gpd.GeoDataFrame(fields, geometry=shapes, crs=BNG).to_file(tmp_path / "f.gpkg")
    play = read_play_spaces(tmp_path / "f.gpkg")
    assert play.table.index.tolist() == ["feature/1", "feature/2"]
    assert "has no OpenStreetMap ids" in play.notes[0]


def greenspace(path, *, site_fields, point_fields, name):
    """OS Open Greenspace in miniature: a park, a play space with three gates, a play space with a car gate only."""
    shapes = [box(x, 400_000, x + 50, 400_050) for x in (380_000, 381_000, 382_000)]
    site = {"id": ["P", "A", "B"], "function": ["Public Park Or Garden", "Play Space", "Play Space"]}
    site |= {field: ["Longford Park", "", "Acre Field"] for field in site_fields}
    gpd.GeoDataFrame(site, geometry=shapes, crs=BNG).to_file(path, layer=name)
    kinds = ["Pedestrian", "Motor Vehicle And Pedestrian", "Motor Vehicle", "Motor Vehicle", "Pedestrian"]
    refs = ["A", "A", "A", "B", "P"]
    points = [Point(381_000 + number, 400_000) for number in range(5)]
    fields = {"id": list("vwxyz"), point_fields[0]: kinds, point_fields[1]: refs}
    gpd.GeoDataFrame(fields, geometry=points, crs=BNG).to_file(
        path, layer=name.replace("site", "point").replace("Site", "Point")
    )
    return path


@pytest.mark.parametrize(
    ("site_fields", "point_fields", "name"),
    [
        (["distinctive_name_1", "distinctive_name_2"], ["access_type", "ref_to_greenspace_site"], "greenspace_site"),
        (["distinctiveName1"], ["accessType", "refToGreenspaceSite"], "GreenspaceSite"),
    ],
)
def test_open_greenspace_goes_to_the_gate(tmp_path, site_fields, point_fields, name):
    path = greenspace(
        tmp_path / "opgrsp_gb_2026-04-01.gpkg", site_fields=site_fields, point_fields=point_fields, name=name
    )
    play = read_play_spaces(path)
    table = play.table
    assert table.index.tolist() == ["A", "B"]
    assert table["name"].fillna("").tolist() == ["", "Acre Field"]
    assert table.geom_type.tolist() == ["MultiPoint", "Polygon"]
    assert [point.x for point in table.loc["A", "geometry"].geoms] == [381_000, 381_001]
    assert table["source"].unique().tolist() == ["OS Open Greenspace"]
    assert str(table["source_date"].iloc[0].date()) == "2026-04-01"
    assert play.notes == ("Play spaces shown by outline, no entrance on foot being known: 1.",)


def test_the_renamed_fields_of_trafford(fixtures):
    play = read_play_spaces(fixtures / "greenspace_trafford.geojson")
    assert play.table.index.tolist() == ["feature/1"]
    assert play.table["name"].isna().all()
    assert play.table.geom_type.tolist() == ["Polygon"]
    assert "no ids" in play.notes[0]


EMPTY = '{"type":"FeatureCollection","features":[]}'
PARK = (
    '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"leisure":"park","id":"way/1"},'
    '"geometry":{"type":"Point","coordinates":[-1.3,50.7]}}]}'
)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (EMPTY, "none.geojson"),
        (PARK, "park.geojson"),
        (PARK.replace("leisure", "function"), "green.geojson"),
        ('<?xml version="1.0"?><osm version="0.6"></osm>', "none.osm"),
    ],
)
def test_no_play_spaces_is_said_and_not_an_error(file, fixtures, content, name):
    play = read_play_spaces(file(content, name))
    assert len(play.table) == 0
    assert play.table.columns.tolist() == read_play_spaces(fixtures / "play.osm").table.columns.tolist()
    assert play.table.crs == BNG
    assert play.notes[-1] == f"{name}: no play spaces in it, which may be a gap in the map and not on the ground."
    check(Sites, play.table, "play spaces")


@pytest.mark.parametrize("name", ["play.osm", "play_features.geojson", "greenspace_trafford.geojson"])
def test_the_table_meets_the_contract_of_sites(fixtures, name):
    table = read_play_spaces(fixtures / name).table
    checked = check(Sites, table, name)
    assert checked["kind"].unique().tolist() == ["play_space"]
    assert checked["status"].unique().tolist() == ["open"]
    assert checked["inside"].all()


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"<html>404</html>", "a.osm.pbf", ["a damaged or other file", "OpenStreetMap extract"]),
        (b"", "a.osm.pbf", ["a damaged or other file"]),
        (b"<html>404</html>", "a.osm", ["a damaged or other file"]),
        (b"<html>404</html>", "a.geojson", ["something else", "GeoJSON"]),
        (
            EMPTY.replace("[]", '[{"type":"Feature","properties":{"x":1},"geometry":null}]').encode(),
            "a.geojson",
            ["'x'", "leisure"],
        ),
        (
            PARK.replace("park", "playground").replace("}]}", "},").encode()
            + PARK.replace("park", "playground").split("[", 1)[1].encode(),
            "a.geojson",
            ["'way/1' twice"],
        ),
    ],
)
def test_a_bad_file_is_refused(file, refused, content, name, words):
    refused(read_play_spaces, file(content, name), *words)


def test_a_missing_file_is_refused(tmp_path, refused):
    refused(read_play_spaces, tmp_path / "a.osm.pbf", "no such file")


def test_swapped_axes_are_refused(file, refused):
    swapped = PARK.replace("park", "playground").replace("-1.3,50.7", "50.7,-1.3")
    refused(read_play_spaces, file(swapped, "a.geojson"), "on Great Britain", kind=CrsError)


@pytest.mark.real
def test_the_playgrounds_of_the_island(real):
    play = read_play_spaces(real / "isle-of-wight" / "isle-of-wight_2020-04-22.osm.pbf")
    assert len(play.table) == 83
    assert "Play spaces left out, private or for customers: 4." in play.notes
    kinds = play.table.index.str.split("/").str[0].value_counts()
    assert kinds.sum() == 83
    assert kinds["relation"] == 1
    assert play.table["access"].value_counts().to_dict() == {"yes": 6}
    assert str(play.table["source_date"].iloc[0].date()) == "2020-04-22"


@pytest.mark.real
def test_all_playgrounds_of_the_island_are_found_before_any_is_left_out(real, monkeypatch):
    monkeypatch.setattr("data.sources.play_spaces.NOT_PUBLIC", ())
    table = read_play_spaces(real / "isle-of-wight" / "isle-of-wight_2020-04-22.osm.pbf").table
    kinds = table.index.str.split("/").str[0].value_counts().to_dict()
    assert kinds == {"way": 70, "node": 16, "relation": 1}
    assert table["name"].notna().sum() == 18


@pytest.mark.real
def test_an_extract_cut_short_is_refused(real, file, refused):
    whole = (real / "isle-of-wight" / "isle-of-wight_2020-04-22.osm.pbf").read_bytes()
    refused(read_play_spaces, file(whole[:3_000_000], "cut.osm.pbf"), "unexpected EOF")


@pytest.mark.real
def test_streets_alone_have_no_play_spaces(real):
    play = read_play_spaces(real / "leeds" / "streets_2022-07.osm.pbf")
    assert len(play.table) == 0
    assert "no play spaces in it" in play.notes[-1]


@pytest.mark.real
def test_trafford_as_published(real):
    table = read_play_spaces(real / "samples" / "os_open_greenspace_trafford_sites.geojson").table
    assert len(table) == 88
    assert table["name"].isna().all()
    assert table.area.median() == pytest.approx(701, rel=0.01)
