"""The built-up part of areas: whose it is, what is left out, and what neighbours share."""

from __future__ import annotations

import shutil

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from shapely import LineString, Point

from data.build.built_up import HOME_M, LONE_HOME_M, built_up_of
from data.place import SAMPLE, Place, write_card
from geo.crs import BNG
from geo.network import STREET_CLASSES

X, Y = 450_000, 90_000
WEST, EAST, NORTH = "E01000001", "E01000002", "E01000003"
LAND = shapely.box(X - 5000, Y - 5000, X + 5000, Y + 5000)


def home(area, *places):
    return [(area, X + x, Y + y) for x, y in places]


def hamlet(area, x, y):
    """Nine homes, 80 m apart, in a square around a point."""
    return home(area, *((x + 80 * i, y + 80 * j) for i in (-1, 0, 1) for j in (-1, 0, 1)))


def street(*places, kind="street"):
    return kind, LineString([(X + x, Y + y) for x, y in places])


def shapes_of(homes, streets=(), outline=LAND, backdrop=None):
    """The shape of each area by its code; every area has the same outline, for only homes decide whose ground it is."""
    codes = sorted({code for code, _, _ in homes})
    areas = gpd.GeoDataFrame(geometry=[outline] * len(codes), index=pd.Index(codes, name="area_code"), crs=BNG)
    points = gpd.points_from_xy([x for _, x, _ in homes], [y for _, _, y in homes])
    origins = gpd.GeoDataFrame({"area_code": [code for code, _, _ in homes]}, geometry=points, crs=BNG)
    kinds = [STREET_CLASSES.index(kind) for kind, _ in streets]
    segments = gpd.GeoDataFrame(
        {"street_class": np.array(kinds, np.uint8)}, geometry=[line for _, line in streets], crs=BNG
    )
    return built_up_of(areas, origins, segments, backdrop)


def covers(shapes, x, y):
    return shapes.union_all().intersects(Point(X + x, Y + y))


def test_neighbours_share_their_border_and_nothing_else():
    homes = hamlet(WEST, 0, 0) + hamlet(EAST, 240, 30)
    shapes = shapes_of(homes, [street((-300, 40), (500, 40))])
    west, east = shapes.geometry
    assert shapely.coverage_is_valid(shapes.geometry.to_numpy())
    assert west.intersection(east).area == 0
    border = west.boundary.intersection(east.boundary)
    assert border.length > 200
    assert 100 < border.centroid.x - X < 140  # half-way between the two


def test_a_field_between_two_hamlets_is_not_built_up_nor_is_the_lane_across_it():
    shapes = shapes_of(hamlet(WEST, 0, 0) + hamlet(WEST, 900, 0), [street((0, 0), (900, 0))])
    assert covers(shapes, 80, 0)
    assert covers(shapes, 820, 0)
    assert not covers(shapes, 450, 0)


def test_houses_reach_along_a_street_beyond_their_point_but_not_along_a_path_or_a_pier():
    homes = hamlet(WEST, 0, 0)
    assert covers(shapes_of(homes, [street((80, 0), (400, 0))]), 200, 0)
    assert not covers(shapes_of(homes, [street((80, 0), (400, 0), kind="path")]), 200, 0)


def test_a_farm_is_a_dot_without_arms_and_smaller_than_a_hamlet():
    crossing = [street((-500, 0), (500, 0)), street((0, -500), (0, 500))]
    (farm,) = shapes_of(home(WEST, (0, 0)), crossing).geometry
    assert 0.8 < farm.area / (np.pi * LONE_HOME_M**2) < 1
    (three,) = shapes_of(home(WEST, (0, 0), (100, 0), (0, 100))).geometry
    assert three.area > 3 * farm.area


def test_a_street_without_homes_is_left_out():
    homes = hamlet(WEST, 0, 0)
    estate = [street((600, y), (900, y)) for y in (0, 50, 100)]
    assert shapes_of(homes, estate).geometry.geom_equals_exact(shapes_of(homes).geometry, 0).all()


def test_without_streets_an_area_is_what_lies_around_its_homes():
    shapes = shapes_of(hamlet(WEST, 0, 0) + home(EAST, (2000, 0)))
    assert shapes.index.tolist() == [WEST, EAST]
    assert (shapes.geom_type == "MultiPolygon").all()
    assert not covers(shapes, 80 + HOME_M + 5, 0)


def test_small_holes_are_filled_and_large_ones_stay():
    def around(side):
        return home(WEST, *((t, s) for t in range(0, side + 1, 65) for s in (0, side)),
                    *((s, t) for t in range(65, side, 65) for s in (0, side)))  # fmt: skip

    assert covers(shapes_of(around(260)), 130, 130)
    assert not covers(shapes_of(around(390)), 195, 195)


def test_the_head_of_a_pier_is_no_neighbourhood_unless_it_is_all_there_is():
    land = shapely.box(X - 500, Y - 500, X + 500, Y + 500)
    homes = hamlet(WEST, 0, 0) + home(WEST, (0, 1200))
    assert not covers(shapes_of(homes, outline=land), 0, 1200)
    assert covers(shapes_of(homes + home(EAST, (600, 1200)), outline=land), 600, 1200)


def test_water_is_not_coloured_but_around_a_home_afloat():
    jetty = shapely.box(X, Y + 80, X + 15, Y + 200)
    land = shapely.box(X - 5000, Y - 5000, X + 5000, Y + 90).union(jetty)
    lake = shapely.box(X - 5000, Y - 5000, X + 5000, Y - 100)
    backdrop = gpd.GeoDataFrame({"kind": ["land", "water"]}, geometry=[land, lake], crs=BNG)
    homes = hamlet(WEST, 0, 0) + home(EAST, (1000, 120)) + home(NORTH, (7, 140))
    shapes = shapes_of(homes, backdrop=backdrop)
    assert shapes.geometry[WEST].bounds[1::2] == pytest.approx((Y - 100, Y + 90), abs=5)
    assert covers(shapes, 1000, 120)
    assert shapes.geometry[NORTH].contains(Point(X + 7, Y + 140))  # the jetty is gone, who lives on it is not
    assert covers(shapes_of(homes), 80, 120)


def test_every_area_has_its_own_shape_even_in_one_tower():
    shapes = shapes_of(hamlet(WEST, 0, 0) + home(EAST, (0, 0)))
    assert shapes.index.tolist() == [WEST, EAST]
    assert (shapes.area > 0).all()
    assert shapely.coverage_is_valid(shapes.geometry.to_numpy())


def test_a_crumb_goes_to_the_area_around_it():
    homes = hamlet(WEST, 0, 0) + home(EAST, (20, 0)) + hamlet(EAST, 2000, 0)
    shapes = shapes_of(homes)
    assert shapes.geometry[WEST].contains(Point(X + 20, Y))
    assert shapes.geometry[EAST].centroid.x > X + 1900


def test_the_order_of_homes_and_streets_changes_nothing():
    homes = hamlet(WEST, 0, 0) + hamlet(EAST, 250, 30) + home(EAST, (900, 0))
    streets = [street((-300, 40), (500, 40)), street((0, -300), (0, 300)), street((0, 90), (90, 180))]
    once, again = shapes_of(homes, streets), shapes_of(homes[::-1], streets)
    assert shapely.to_wkb(once.geometry.to_numpy()).tolist() == shapely.to_wkb(again.geometry.to_numpy()).tolist()


def test_a_pack_has_the_shapes_and_an_older_one_is_the_same_place_without(small_place, tmp_path):
    assert sorted(small_place.built_up().index) == sorted(small_place.origins()["area_code"].unique())
    folder = shutil.copytree(small_place.folder, tmp_path / "older")
    (folder / "built_up.parquet").unlink()
    write_card(small_place.card, folder)
    older = Place.open(folder)
    assert older.built_up() is None
    assert older.card.fingerprint == small_place.card.fingerprint


@pytest.fixture(scope="module")
def sample():
    return Place.open(SAMPLE / "isle_of_wight")


def test_on_the_sample_homes_lie_in_their_own_areas_shape(sample):
    origins = sample.origins()
    shapes = built_up_of(sample.areas(), origins, sample.segments(), sample.backdrop()).geometry
    assert sorted(shapes.index) == sorted(origins["area_code"].unique())
    assert shapely.coverage_is_valid(shapes.to_numpy())
    own = shapes.loc[origins["area_code"]].to_numpy()
    assert shapely.intersects(own, origins.geometry.to_numpy()).mean() > 0.99  # borders are straightened
    assert shapely.get_num_coordinates(shapes.to_numpy()).sum() < 15_000
    assert sample.built_up().index.equals(shapes.index)
    assert sample.built_up().symmetric_difference(shapes).area.sum() < 10_000  # of another GEOS, perhaps: a hectare
