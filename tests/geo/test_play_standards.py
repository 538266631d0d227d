"""Play spaces by size and age, against sizes by hand and walks of a second program."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import BNG
from geo.play_standards import STANDARDS, levels, near
from geo.walks_within import walks_within
from tests.geo.by_scipy import walks as scipy_walks
from tests.geo.towns import random_town


def square(area_m2):
    return shapely.box(0, 0, area_m2**0.5, area_m2**0.5)


def test_by_size_and_by_age():
    """A space of unknown size may meet all standards; one for toddlers only the first; one for teenagers none."""
    rows = {
        "tiny": (square(99), None, None, 0, 0),
        "lap": (square(100.0001), None, None, 1, 1),
        "leap": (square(400.0001), "3", None, 2, 2),
        "neap": (square(5000), "4", "12", 3, 3),
        "big, for toddlers": (square(5000), None, "6", 1, 1),
        "big, for teenagers": (square(5000), "11", None, 0, 0),
        "point": (shapely.Point(1, 1), None, None, 0, 3),
        "point, for toddlers": (shapely.Point(1, 1), "0", "5", 0, 1),
        "point, for teenagers": (shapely.Point(1, 1), "12", "16", 0, 0),
        "age in words": (square(500), "small", None, 2, 2),
    }
    table = pd.DataFrame.from_dict(
        rows, orient="index", columns=["geometry", "min_age", "max_age", "at_least", "at_most"]
    )
    spaces = gpd.GeoDataFrame(table, geometry="geometry", crs=BNG)
    found = levels(spaces)
    pd.testing.assert_frame_equal(found[["at_least", "at_most"]], table[["at_least", "at_most"]], check_dtype=False)
    assert found.loc[found["area_m2"].isna()].index.str.startswith("point").all()


def test_the_size_of_what_entrances_stand_for():
    gates = shapely.MultiPoint([(0, 0), (9, 9)])
    spaces = gpd.GeoDataFrame({"area_m2": [450.0, np.nan]}, geometry=[gates, square(100.0001)], crs=BNG)
    assert levels(spaces)["at_least"].tolist() == [2, 1]
    assert levels(spaces[["geometry"]])["at_most"].tolist() == [3, 1]


def test_near_enough_on_foot(draw, lattice):
    """Homes within 100, 400 and 1,000 m of a space that is large enough; a larger one serves as a smaller."""
    town = random_town((draw, lattice), 3, sites=8)
    spaces = town.places
    level = np.arange(len(spaces)) % 4
    walks = walks_within(town.network, town.snaps, spaces.geometry.to_numpy(), 15)
    found = near(walks, town.network, level, len(town.snaps.segment))
    metres = scipy_walks(town.network, town.snaps, spaces) / 1000
    for number, standard in enumerate(STANDARDS):
        shortest = metres[level > number].min(axis=0)
        np.testing.assert_array_equal(found[:, number], shortest <= standard.metres)
    assert found.any(axis=0).all()
    assert not found.all(axis=0).any()
