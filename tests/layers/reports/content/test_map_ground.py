"""What the maps of a report stand on, what of a neighbourhood is coloured, and which names are given."""

from __future__ import annotations

from dataclasses import replace

import pytest
import shapely

from data.place import Place
from layers.reports.content import map_ground
from layers.reports.content.findings import narrow
from layers.reports.request import ReportRequest
from tests.layers.reports.conftest import WARD

pytestmark = pytest.mark.xdist_group("reports")  # they share what is found for the island


class Older(Place):
    """A place built before there were land, names for maps, and built-up parts."""

    def backdrop(self):
        return None

    def labels(self):
        return None

    def built_up(self):
        return None


def test_the_built_up_part_is_coloured_and_the_whole_authority_is_seen(report, whole):
    drawn = report.maps["need"]
    assert drawn.areas.geometry.equals(whole.place.built_up().geometry.reindex(drawn.areas.index))
    assert drawn.extent == pytest.approx(tuple(whole.areas.total_bounds))
    assert set(drawn.ground["kind"]) == {"land", "water", "green", "railway", "river", "main_road"}


def test_a_ward_is_seen_as_large_as_its_homes_lie(ward_report):
    drawn = ward_report.maps["need"]
    inside = drawn.areas[drawn.areas["inside"]]
    assert drawn.extent == pytest.approx(tuple(inside.total_bounds))
    seen = shapely.box(*drawn.extent).buffer(map_ground.WARD_MARGIN_M, join_style="mitre")
    assert shapely.intersects(drawn.streets.geometry.to_numpy(), seen.boundary).any()
    assert 0 < len(drawn.ground) < 500


def test_a_boundary_as_coarse_as_the_islands_is_not_drawn(report, whole):
    assert report.maps["need"].boundary is None
    fine = whole.areas.set_geometry(shapely.segmentize(whole.areas.geometry.to_numpy(), 100), crs=whole.areas.crs)
    ground = replace(whole.ground, areas=fine)
    found = narrow(replace(whole, asked=replace(whole.asked, ground=ground)), whole.request)
    assert map_ground.boundary(found).area == pytest.approx(whole.outline.area)


def test_towns_are_named_first_and_streets_on_a_wards_map_only(report, ward_report):
    names = report.maps["need"].names
    assert set(names["name"][:9]) >= {"Newport", "Ryde", "Cowes", "Sandown", "Ventnor"}
    assert set(names["kind"]) == {"town", "village"}
    streets = ward_report.maps["need"].names
    assert {"town", "village", "hamlet", "street"} <= set(streets["kind"])
    assert streets["kind"].eq("street").argmax() == (streets["kind"] != "street").sum()


def test_a_set_from_all_over_the_island_has_no_streets_on_its_map(whole):
    scattered = tuple(whole.areas.index[::9])
    found = narrow(whole, ReportRequest(question=whole.request.question, areas=scattered))
    assert map_ground.streets(found) is None
    assert set(map_ground.names(found)["kind"]) == {"town", "village"}
    assert map_ground.streets(narrow(older(whole), found.request)) is not None  # nothing else to find one's way by


def older(whole):
    return replace(whole, place=Older(whole.place.folder, whole.place.card))


def test_older_places_have_the_outlines_and_the_gazetteers_names(whole):
    for ward in (None, WARD):
        found = narrow(older(whole), ReportRequest(question=whole.request.question, ward=ward))
        assert map_ground.shapes(found).equals(whole.areas.geometry)
        assert map_ground.ground(found) is None
        assert map_ground.boundary(found) is None
        assert "Ventnor" in set(map_ground.names(found)["name"])
