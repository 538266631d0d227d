"""What a printed map stands on: land, sea and what is on them, said below it; names beside what is coloured."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from matplotlib.text import Text

from geo.crs import BNG
from layers.reports.writers.print_map import draw
from layers.reports.writers.print_map.ground import GROUND, SEA, UNSURE_WORDS
from layers.reports.writers.print_map.labelling import Cover
from tests.layers.reports.writers.test_print_map import boxes, named, pixels, plan_of, sheet_of, written

EXTENT = (450_000, 90_000, 453_000, 92_000)


def beneath(**kinds: shapely.Geometry) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"kind": list(kinds)}, geometry=list(kinds.values()), crs=BNG)


def rgb(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]


def share(picture: bytes, colour: str) -> float:
    return float((pixels(picture) == rgb(colour)).all(axis=2).mean())


def islet(**given):
    """A map of a village of 200 m in the middle of 3 km by 2 km."""
    return plan_of((451_400, 90_900, 451_600, 91_100), extent=EXTENT, **given)


def test_land_is_drawn_as_land_and_the_rest_is_sea():
    west = shapely.box(440_000, 80_000, 451_500, 100_000)
    half, bare = (draw(islet(ground=given), dpi=60) for given in (beneath(land=west), None))
    land, sea = share(half, GROUND["land"].fill), share(half, SEA)
    assert land == pytest.approx(sea, rel=0.1)
    assert land + sea > 0.5
    assert share(bare, SEA) == 0


def test_what_is_on_the_land_has_its_colour_and_is_named_below_the_map():
    land = shapely.box(440_000, 80_000, 460_000, 100_000)
    wood, lake = shapely.box(450_000, 90_000, 450_900, 91_900), shapely.box(452_000, 90_000, 453_000, 91_900)
    off = shapely.LineString([(440_100, 80_100), (440_200, 99_000)])
    plan = islet(ground=beneath(land=land, green=wood, water=lake, railway=off))
    picture = draw(plan, dpi=60)
    assert min(share(picture, GROUND[kind].fill) for kind in ("green", "water")) > 0.05
    keys = {"woods and parks", "water", "main road", "railway", "other neighbourhoods", "boundary of the authority"}
    assert keys & set(written(sheet_of(plan))) == {"woods and parks", "water"}
    edge = islet(ground=plan.ground, boundary=shapely.box(450_000, 80_000, 460_000, 91_500))
    assert "boundary of the authority" in written(sheet_of(edge))


def test_areas_near_missing_streets_have_a_broken_outline_and_the_legend_says_so():
    plan = islet()
    unsure = replace(plan, areas=plan.areas.assign(unsure=True))
    assert [UNSURE_WORDS in written(sheet_of(one)) for one in (plan, unsure)] == [False, True]
    dark = [(pixels(draw(one, dpi=60)).max(axis=2) < 60).sum() for one in (plan, unsure)]
    assert dark[1] > dark[0]


def test_the_key_of_the_ground_is_clear_of_the_map_and_of_the_legend():
    kinds = {"land": shapely.box(440_000, 80_000, 460_000, 100_000)} | {
        kind: shapely.LineString([(450_000, 90_500), (453_000, 91_500)]) for kind in ("railway", "main_road", "river")
    }
    for size in ((174, 102), (90, 150)):
        sheet = sheet_of(islet(ground=beneath(**kinds)), width_mm=size[0], height_mm=size[1], credit="© Somebody")
        found = boxes(sheet)
        frame = next(artist for artist in sheet.figure.artists if artist.get_zorder() == 40).get_window_extent()
        for words in ("water", "main road", "railway"):
            assert found[words][3] < frame.y0 + 2
            others = [at for text, at in found.items() if text != words]
            assert not any(
                one[0] < found[words][2] and one[2] > found[words][0] and one[1] + 3 < found[words][3]
                and one[3] > found[words][1] + 3
                for one in others
            )  # fmt: skip


def test_the_name_of_a_street_runs_along_it_if_there_is_room_and_is_not_said_twice():
    def lines(**given):
        street = named(("Sheepcote Lane", 451_500, 91_000), ("Sheepcote Lane", 451_550, 91_600), kind="street", **given)
        return [one for one in sheet_of(islet(names=street)).figure.findobj(Text) if one.get_text() == "Sheepcote Lane"]

    (line,) = lines(angle=40.0, room_m=900.0)
    assert line.get_rotation() == 40
    assert lines(angle=40.0, room_m=100.0) == []


def test_a_name_stands_beside_what_is_coloured():
    at = boxes(sheet_of(islet(names=named(("Oak", 451_500, 91_000), kind="town"))), {"Oak", "1"})
    assert at["Oak"][0] > at["1"][2]
    inside = boxes(sheet_of(plan_of(names=named(("Oak", 451_600, 91_500)))), {"Oak"})["Oak"]
    assert inside.mean() > 0  # all is coloured: it stands there nevertheless


def test_towns_come_before_villages_with_larger_letters():
    town = named(("Ryde", 451_000, 91_500), kind="town")
    sheet = sheet_of(islet(names=pd.concat([named(("Elm", 452_500, 91_500)), town], ignore_index=True)))
    size = {one.get_text(): one.get_fontsize() for one in sheet.figure.findobj(Text)}
    assert size["Ryde"] > size["Elm"]


def test_how_much_of_a_box_is_coloured():
    cover = Cover((0, 0, 20, 10), np.array([shapely.box(0, 0, 10, 10)], dtype=object))
    boxes = np.array([[2, 2, 6, 6], [12, 2, 16, 6], [6, 2, 14, 6]], dtype=float)
    assert cover.shares(boxes) == pytest.approx([1, 0, 0.5], abs=0.1)
