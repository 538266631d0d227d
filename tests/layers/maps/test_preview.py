"""Outlines as a small picture."""

from __future__ import annotations

import geopandas as gpd
from shapely import box

from geo.crs import BNG
from layers.maps.preview import outlines_svg


def test_north_is_up_and_each_outline_is_there():
    drawn = outlines_svg(gpd.GeoSeries([box(0, 0, 100, 100), box(100, 0, 200, 50)], crs=BNG))
    assert drawn.count("M") == 2
    assert "width='480' height='240'" in drawn
    assert "480.0 120.0" in drawn, "the lower one ends half-way up"
