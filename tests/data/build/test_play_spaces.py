"""Play spaces of two sources: what both have is one, and what is private in one is none."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import pytest
from shapely.geometry import Point, box

from data.build.play_spaces import play_spaces_of
from data.build.recognise import recognise
from data.sources.play_spaces import cut_greenspace
from geo.crs import BNG
from geo.errors import InputError
from tests.data.services.fakes import files

WEST, SOUTH = 450_000, 90_000
OUTLINE = box(WEST, SOUTH, WEST + 2_000, SOUTH + 2_000)


def square(x, y, side=20):
    return box(WEST + x, SOUTH + y, WEST + x + side, SOUTH + y + side)


@pytest.fixture
def mapped(tmp_path):
    """OpenStreetMap's: one for everybody, one that is private."""
    fields = {"id": ["way/1", "way/2"], "leisure": "playground", "access": ["yes", "private"]}
    shapes = [square(100, 100), square(1_000, 1_000)]
    gpd.GeoDataFrame(fields, geometry=shapes, crs=BNG).to_file(tmp_path / "osm.gpkg")
    return tmp_path / "osm.gpkg"


@pytest.fixture
def listed(tmp_path):
    """The Ordnance Survey's: 49 m from the first, 51 m from it, beside the private one, new, and far away."""
    sites = {
        "same": square(169, 100), "beyond": square(171, 100), "private": square(1_030, 1_000), "new": square(500, 1_500, 200),
        "far": square(1_000, 6_000),
    }  # fmt: skip
    gates = {"same": [Point(WEST + 189, SOUTH + 100)], "new": [Point(WEST + 500, SOUTH + 1_600)]}
    return files.greenspace(tmp_path / "opgrsp_gb_2026-04.gpkg", sites, gates)


def test_what_both_have_is_one(small, mapped, listed):
    notes = []
    inputs = replace(small, play_spaces=mapped, greenspace=listed)
    table = play_spaces_of(inputs, small.streets[0], OUTLINE, notes)
    assert table["source"].to_dict() == {
        "beyond": "OS Open Greenspace", "new": "OS Open Greenspace", "way/1": "OpenStreetMap",
    }  # fmt: skip
    assert table.geometry["new"].geom_type == "MultiPoint"  # its gate
    assert notes == [
        "Play spaces left out, private or for customers: 1.",
        "Play spaces added from OS Open Greenspace, which OpenStreetMap does not have: 2. Taken to be one that "
        "OpenStreetMap has, within 50 m: 2.",
    ]


def test_a_file_that_is_brought_is_known_by_its_columns(mapped, listed):
    assert [recognise(path).kind.field for path in (mapped, listed)] == ["play_spaces", "greenspace"]


def test_a_rectangle_is_cut_out_as_it_was(small, mapped, listed, tmp_path):
    window = (WEST, SOUTH, WEST + 2_000, SOUTH + 5_000)
    some = cut_greenspace(listed, window, tmp_path / "open_greenspace_2026-04.gpkg")
    assert gpd.read_file(some, layer="greenspace_site")["id"].tolist() == ["same", "beyond", "private", "new"]
    tables = [
        play_spaces_of(replace(small, play_spaces=mapped, greenspace=path), small.streets[0], OUTLINE, [])
        for path in (listed, some)
    ]
    assert tables[0].drop(columns="source_date").equals(tables[1].drop(columns="source_date"))
    with pytest.raises(InputError, match="access points"):
        cut_greenspace(mapped, window, tmp_path / "none.gpkg")


def test_each_file_is_what_it_is_given_as(small, mapped, listed):
    for given in ({"greenspace": mapped}, {"play_spaces": listed, "greenspace": listed}):
        with pytest.raises(InputError, match="found play spaces of"):
            play_spaces_of(replace(small, **given), small.streets[0], OUTLINE, [])
