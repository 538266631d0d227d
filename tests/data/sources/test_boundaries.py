import warnings

import geopandas as gpd
import pytest
from shapely.geometry import Point, box

from data.sources.boundaries import read_boundaries
from geo.crs import BNG
from geo.errors import CrsError, InputError

SQUARE = '{"type":"Polygon","coordinates":[[[-1.3,50.7],[-1.29,50.7],[-1.29,50.71],[-1.3,50.7]]]}'


def collection(*features, crs=""):
    """GeoJSON of pairs (properties, geometry), both JSON text."""
    inner = ",".join(f'{{"type":"Feature","properties":{{{p}}},"geometry":{g}}}' for p, g in features)
    return f'{{"type":"FeatureCollection",{crs}"features":[{inner}]}}'


def area(code="E01000001", name="A"):
    return f'"LSOA21CD":"{code}","LSOA21NM":"{name}"'


def test_outlines_are_read_in_metres_and_repaired(fixtures):
    boundaries = read_boundaries(fixtures / "lsoa21.geojson")
    table = boundaries.table
    assert boundaries.geography == "lsoa21"
    assert table.index.name == "area_code"
    assert table.index.tolist() == ["E01017282", "E01017283"]
    assert table.columns.tolist() == ["area_name", "authority_code", "geometry"]
    assert table["authority_code"].unique().tolist() == ["E06000046"]
    assert table.crs == BNG
    assert table.is_valid.all()
    # 0.01 degrees square at latitude 50.7: about 706 m by 1,112 m; the bow tie is half of it.
    assert table.area.tolist() == pytest.approx([706 * 1112, 706 * 1112 / 2], rel=0.01)
    assert table.geom_type.isin(["Polygon", "MultiPolygon"]).all()


def test_a_geojson_without_reference_system_is_in_degrees(file):
    table = read_boundaries(file(collection((area(), SQUARE)), "a.geojson")).table
    assert table.total_bounds[0] == pytest.approx(449_500, abs=500)
    assert table["authority_code"].isna().all()


def test_the_areas_of_2011_are_told_by_their_column(file):
    old = '"lsoa11cd":"E01000001","lsoa11nm":"A"'
    assert read_boundaries(file(collection((old, SQUARE)), "a.geojson")).geography == "lsoa11"
    both = f"{old},{area('E01000002')}"
    boundaries = read_boundaries(file(collection((both, SQUARE)), "a.geojson"))
    assert (boundaries.geography, boundaries.table.index.tolist()) == ("lsoa21", ["E01000002"])


def geopackage(path, crs=BNG, geometry=None, **fields):
    fields = {"lsoa21cd": ["E01000001"], "lsoa21nm": ["A"], "lad24cd": ["E06000046"]} | fields
    table = gpd.GeoDataFrame(fields, geometry=geometry or [box(450_000, 90_000, 451_000, 91_000)], crs=crs)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # writing without a reference system is the point of one test
        table.to_file(path, layer="areas")
    return path


def test_the_layer_of_areas_is_found_in_a_geopackage(tmp_path):
    path = geopackage(tmp_path / "a.gpkg")
    other = gpd.GeoDataFrame({"x": [1]}, geometry=[Point(1, 1)], crs=BNG)
    other.to_file(path, layer="aaa")
    table = read_boundaries(path).table
    assert table.index.tolist() == ["E01000001"]
    assert table["authority_code"].tolist() == ["E06000046"]
    assert table.area.tolist() == [1_000_000]


@pytest.mark.parametrize(
    ("crs", "geometry", "words"),
    [
        (None, None, ["found none", "coordinate reference system"]),
        ("EPSG:27700", [box(-1.3, 50.7, -1.2, 50.8)], ["look like degrees"]),
        ("EPSG:4326", [box(50.7, -1.3, 50.8, -1.2)], ["EPSG:4326", "on Great Britain"]),
        ("EPSG:4326", [box(450_000, 90_000, 451_000, 91_000)], ["look like metres"]),
        ("EPSG:3857", [box(450_000, 90_000, 451_000, 91_000)], ["EPSG:3857", "on Great Britain"]),
    ],
)
def test_a_wrong_reference_system_or_swapped_axes_are_refused(tmp_path, refused, crs, geometry, words):
    refused(read_boundaries, geopackage(tmp_path / "a.gpkg", crs, geometry), *words, kind=CrsError)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (collection((area(), '{"type":"Point","coordinates":[-1,50.7]}')), ["a Point in feature 1", "Polygon"]),
        (collection((area(), SQUARE), (area("E01000002"), "null")), ["no outline in feature 2 (E01000002)"]),
        (collection((area(), SQUARE), (area(), SQUARE)), ["'E01000001' in features 1 and 2", "once"]),
        (collection((area("E02000001"), SQUARE)), ["'E02000001' in feature 1", "LSOA code"]),
        (collection(('"LSOA21CD":"E01000001"', SQUARE)), ["LSOA21NM", "the nearest are 'LSOA21CD'"]),
        (collection(('"WD25CD":"E05000001"', SQUARE)), ["only 'WD25CD'", "LSOA21CD"]),
        (collection(), ["no areas"]),
        ("", ["something else", "GeoJSON or GeoPackage"]),
        ("<html>404</html>", ["something else"]),
        (collection((area(), SQUARE))[:150], ["GeoJSON"]),
    ],
)
def test_a_bad_file_is_refused(file, refused, content, words):
    refused(read_boundaries, file(content, "a.geojson"), *words)


def test_a_geopackage_cut_short_is_refused(tmp_path, refused):
    path = geopackage(tmp_path / "a.gpkg")
    path.write_bytes(path.read_bytes()[:50_000])
    refused(read_boundaries, path)
    refused(read_boundaries, tmp_path / "nowhere.gpkg", "no such file")


def test_a_table_without_a_map_is_refused(file, refused):
    refused(read_boundaries, file("LSOA21CD,LSOA21NM\nE01000001,A\n", "a.csv"), "table without geometry")


@pytest.mark.real
@pytest.mark.parametrize(
    ("place", "areas", "authority"), [("isle-of-wight", 89, "E06000046"), ("leeds", 488, "E08000035")]
)
def test_the_published_outlines(real, place, areas, authority):
    boundaries = read_boundaries(real / place / "lsoa21_boundaries.geojson")
    assert len(boundaries.table) == areas
    assert boundaries.table["authority_code"].unique().tolist() == [authority]
    assert boundaries.table.is_valid.all()


@pytest.mark.real
def test_one_outline_of_the_island_is_published_invalid(real):
    path = real / "isle-of-wight" / "lsoa21_boundaries.geojson"
    raw = gpd.read_file(path).set_index("LSOA21CD")
    assert raw.index[~raw.is_valid].tolist() == ["E01017290"]
    assert read_boundaries(path).table.loc["E01017290", "geometry"].is_valid


@pytest.mark.real
def test_wards_are_not_taken_for_neighbourhoods(real):
    with pytest.raises(InputError, match="LSOA21CD"):
        read_boundaries(real / "leeds" / "ward25_boundaries.geojson")
