"""Which homes make a town: on squares of built-up land along a line."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo.settlements import GAP_M, NAME_M, settlements


def land(*spans):
    return gpd.GeoSeries([shapely.box(low, 0, high, 100) for low, high in spans], crs=27700)


def points(*xs):
    return gpd.GeoSeries([shapely.Point(x, 50) for x in xs], crs=27700)


def places(**kinds):
    """Each by its kind and where it stands: ``town=100``."""
    return gpd.GeoDataFrame({"kind": [kind.rstrip("2") for kind in kinds]}, geometry=points(*kinds.values()))


def whose(named, built, homes):
    found = settlements(named, built, homes)
    return [None if at < 0 else int(found.place[at]) for at in found.home]


def test_a_home_is_of_the_name_on_its_stretch():
    built = land((0, 1000), (2000, 3000), (5000, 5100))
    assert whose(places(town=500, village=2500), built, points(10, 990, 2010, 5050)) == [0, 0, 1, None]


@pytest.mark.parametrize(("gap", "other"), [(GAP_M - 1, 0), (GAP_M + 1, None)])
def test_a_little_open_ground_divides_nothing(gap, other):
    built = land((0, 1000), (1000 + gap, 2000))
    assert whose(places(town=500), built, points(500, 1900)) == [0, other]


def test_a_village_grown_together_with_a_town_is_part_of_it():
    assert whose(places(village=100, town=900, city=5000), land((0, 1000)), points(100, 900)) == [1, 1]


def test_of_two_towns_the_nearer():
    named, built = places(town=100, town2=900), land((0, 1000))
    assert whose(named, built, points(120, 480, 520, 880)) == [0, 0, 1, 1]
    first, second = settlements(named, built, points(1)).shape
    assert first.bounds[2] == pytest.approx(500)
    assert second.bounds[0] == pytest.approx(500)
    assert shapely.intersection(first, second).area == pytest.approx(0)


@pytest.mark.parametrize(("off", "expected"), [(NAME_M - GAP_M, 0), (NAME_M + GAP_M, None)])
def test_a_name_may_stand_beside_its_stretch(off, expected):
    assert whose(places(town=1000 + off), land((0, 1000)), points(500)) == [expected]


@pytest.mark.parametrize("named", [places(hamlet=500, suburb=600), places()])
def test_nothing_that_is_a_town(named):
    found = settlements(named, land((0, 1000)), points(500))
    assert (len(found.place), found.home.tolist(), len(found.shape)) == (0, [-1], 0)


def test_no_land_and_no_homes():
    assert settlements(places(town=1), land(), points(500)).home.tolist() == [-1]
    assert settlements(places(town=1), land((0, 10)), points()).home.dtype == np.int64
