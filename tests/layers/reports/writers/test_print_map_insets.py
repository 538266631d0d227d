"""Insets: of towns whose ranked areas are specks, where they hide nothing, each rank written once."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from matplotlib.patches import Rectangle

from geo.crs import BNG
from layers.reports.writers.print_map import composed
from layers.reports.writers.print_map.sheet import View
from tests.layers.reports.writers.test_print_map import named, plan_of, sheet_of, written

EXTENT = (400_000, 100_000, 440_000, 130_000)
TOWNS = {"Ryde": (430_000, 120_000), "Cowes": (412_000, 118_000), "Yarmouth": (405_000, 108_000)}


def squares(side: float, counts=(4, 3, 1)) -> gpd.GeoDataFrame:
    """So many ranked squares of a side, in metres, side by side in each town."""
    shapes = [
        shapely.box(x + n * side, y, x + (n + 1) * side, y + side)
        for (x, y), count in zip(TOWNS.values(), counts, strict=True)
        for n in range(count)
    ]
    labels = [str(n + 1) for n in range(len(shapes))]
    return gpd.GeoDataFrame(
        {"fill": "#4a90c4", "hatch": "lines", "label": labels, "inside": True}, geometry=shapes, crs=BNG
    )


def county(side: float = 600, **given):
    """A map of 40 km by 30 km with three towns."""
    names = named(*((name, x + 300, y + 300) for name, (x, y) in TOWNS.items()), kind="town")
    base = plan_of(names=names, extent=EXTENT, sites=[("full", "", 420_000, 101_000)], **given)
    return replace(base, areas=squares(side))


def frames(sheet) -> list[Rectangle]:
    """Of insets: those that are lifted above the map."""
    return [one for one in sheet.figure.artists if one.get_zorder() == 140]


def extents(box: Rectangle) -> tuple[float, ...]:
    return box.get_x(), box.get_y(), box.get_x() + box.get_width(), box.get_y() + box.get_height()


def test_the_towns_with_most_specks_have_an_inset_with_a_name_and_a_scale():
    sheet = sheet_of(county())
    assert len(frames(sheet)) == 2
    assert [written(sheet).count(name) for name in TOWNS] == [2, 2, 1]  # on the map, and on the inset
    assert sum(one.get_gid() == "inset-scale" for one in sheet.figure.artists) == 2
    assert len([one for one in sheet.figure.artists if one.get_zorder() == 8.1]) == 2  # where they are on the map


def test_every_rank_is_written_once():
    ranks = [text for text in written(sheet_of(county())) if text.isdecimal() and text != "0"]
    assert sorted(ranks) == [str(n + 1) for n in range(8)]


def test_insets_hide_nothing_coloured_no_site_and_no_other_inset():
    sheet, plan = sheet_of(county()), county()
    map_frame = extents(next(one for one in sheet.figure.artists if one.get_zorder() == 40))
    view = View.of(map_frame, EXTENT, 3)
    shown = [shapely.box(*extents(one)) for one in frames(sheet)]
    drawn = np.concatenate([view.on_paper(rows.geometry.to_numpy()) for rows in (plan.areas, plan.sites)])
    for inset in shown:
        assert shapely.box(*map_frame).contains(inset)
        assert shapely.distance(inset, drawn).min() > 1
    assert not shown[0].intersects(shown[1])


@pytest.mark.parametrize(
    "plan",
    [
        county(side=2_000),
        county(streets=gpd.GeoDataFrame({"main": [True]}, geometry=[shapely.LineString([EXTENT[:2], EXTENT[2:]])], crs=BNG)),
        replace(county(), names=None),
        replace(county(), names=named(("Elm", 430_300, 120_300))),
        replace(county(), areas=squares(600, counts=(1, 1, 1))),
        replace(county(), areas=pd.concat([squares(600), squares(600).assign(geometry=shapely.box(*EXTENT), label="")])),
    ],
    ids=["large", "a ward", "no names", "no towns", "few", "no room"],
)  # fmt: skip
def test_there_is_none(plan):
    assert frames(sheet_of(plan, dpi=50)) == []


def test_the_inset_has_the_scale_that_it_says():
    sheet = composed(county(), width_mm=174, height_mm=150, dpi=100)
    bar = next(one for one in sheet.figure.artists if one.get_gid() == "inset-scale")
    map_bar = next(one for one in sheet.figure.artists if one.get_gid() == "scale-0")
    said = {int(number) * (1000 if unit == "km" else 1) for number, unit in metres(sheet)}
    assert len(said) == 2  # both insets have the same scale
    times = (bar.get_width() / min(said)) / (2 * map_bar.get_width() / max(said))
    assert times == pytest.approx(2.5)  # the least, for squares of 2 mm


def metres(sheet) -> list[list[str]]:
    """Lengths that are written, each with its unit."""
    return [text.split(" ") for text in written(sheet) if text.endswith((" km", " m"))]
