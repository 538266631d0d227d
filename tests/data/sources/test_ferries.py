"""Ferries: which are taken, and which are left."""

from __future__ import annotations

import pytest
import shapely

from data.sources.ferries import read_ferries
from geo.tables import Ferries, check

WAYS = {
    1: {"route": "ferry", "name": " The  Chain Ferry"},
    2: {"route": "ferry", "foot": "no"},
    3: {"route": "ferry", "access": "private"},
    4: {"highway": "residential"},
    5: {"route": "ferry", "access": "private", "foot": "yes"},
}


@pytest.fixture
def extract(file):
    def way(number, tags, last="2"):
        said = "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())
        return f'<way id="{number}" version="1"><nd ref="1"/><nd ref="{last}"/>{said}</way>\n'

    ways = "".join(way(number, tags) for number, tags in WAYS.items()) + way(6, WAYS[1], last="9")
    nodes = "".join(f'<node id="{one}" version="1" lat="50.75{one}" lon="-1.29"/>\n' for one in (1, 2))
    return file(f'<?xml version="1.0"?>\n<osm version="0.6">\n{nodes}{ways}</osm>\n', "ferries.osm")


def test_ferries_that_take_people_on_foot_from_shore_to_shore(extract):
    found = check(Ferries, read_ferries(extract), "drawing")
    assert found["name"].fillna("").to_dict() == {"way/1": "The Chain Ferry", "way/5": ""}
    assert found.length.tolist() == pytest.approx([111.2, 111.2], rel=5e-3)


def test_one_that_leaves_the_place_is_left(extract):
    line = read_ferries(extract).geometry.iloc[0]
    assert len(read_ferries(extract, around=line.buffer(10))) == 2
    assert len(read_ferries(extract, around=shapely.Point(line.coords[0]).buffer(50))) == 0
