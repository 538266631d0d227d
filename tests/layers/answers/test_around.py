"""The street around which a neighbourhood is, by hand."""

from __future__ import annotations

import geopandas as gpd
import pytest
import shapely

from layers.answers.around import streets_around, with_streets

A, B = "E01000001", "E01000002"


def homes(*of):
    """Homes as (area, metres east)."""
    return gpd.GeoDataFrame(
        {"area_code": [area for area, _ in of]}, geometry=[shapely.Point(x, 0) for _, x in of], crs="EPSG:27700"
    )


def named(*of):
    """Labels as (name, rank, metres east)."""
    table = {"name": [name for name, *_ in of], "kind": "street", "rank": [rank for _, rank, _ in of]}
    return gpd.GeoDataFrame(table, geometry=[shapely.Point(x, 0) for *_, x in of], crs="EPSG:27700")


@pytest.mark.parametrize(("away", "street"), [(99, "Main Road"), (101, "Side Lane")])
def test_two_ranks_better_may_be_a_hundred_metres_farther(away, street):
    found = streets_around(homes((A, 0)), named(("Side Lane", 9, 0), ("Main Road", 7, away)))
    assert found.to_dict() == {A: street}


@pytest.mark.parametrize(("there", "street"), [(3, "Main Road"), (2, "Side Lane")])
def test_the_better_known_needs_half_as_many_homes_as_the_first(there, street):
    places = homes(*[(A, 0)] * 5, *[(A, 400)] * there)
    assert streets_around(places, named(("Side Lane", 9, 0), ("Main Road", 7, 400))).to_dict() == {A: street}


def test_a_street_whose_name_stands_twice_is_one():
    places = homes(*[(A, 0)] * 2, *[(A, 1000)] * 2, *[(A, 2000)] * 3)
    found = streets_around(places, named(("Long Road", 9, 0), ("Long Road", 9, 1000), ("Short Road", 9, 2000)))
    assert found.to_dict() == {A: "Long Road"}


def test_an_area_most_of_whose_homes_are_near_none_has_none():
    places = homes((A, 0), (A, 5000), (B, 0), (B, 10), (B, 5000))
    assert streets_around(places, named(("Main Road", 7, 0))).to_dict() == {B: "Main Road"}


def test_nobody_is_found_by_a_path_a_roundabout_or_a_town():
    labels = named(("Cycle Track", 11, 0), ("Mill Roundabout", 7, 0), ("Town", 2, 0), ("High Street", 9, 300))
    labels.loc[2, "kind"] = "town"
    assert streets_around(homes((A, 0)), labels).to_dict() == {A: "High Street"}


def test_a_place_without_names_has_none():
    areas = gpd.GeoDataFrame(index=[A, B], geometry=[shapely.box(0, 0, 1, 1)] * 2)
    assert with_streets(areas, homes((A, 0)), None)["around"].isna().all()
    assert with_streets(areas, homes((A, 0)), named().astype({"name": "str"}))["around"].isna().all()
