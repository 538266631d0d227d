"""Coast, water, greens, railways and main roads: what is land, what is drawn, and what is too small for it."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pytest
import shapely
from shapely.geometry import Point, Polygon, box

from data.place import SAMPLE, Place
from data.sources.backdrop import read_backdrop, view_of
from geo.crs import BNG
from geo.errors import InputError
from geo.tables import Backdrop, check
from tests.conftest import NORTH, WEST

COAST = {"natural": "coastline"}
FRAME = (0, 0, 6000, 4000)
TOWN = (2000, 1500, 4000, 2500)
ISLAND = [(1000, 1000), (5000, 1000), (5000, 3000), (1000, 3000), (1000, 1000)]
"""Against the clock, with the land on the left."""


def ground(*bounds):
    """A box in the frame, British National Grid."""
    west, south, east, north = bounds
    return box(WEST + west, NORTH + south, WEST + east, NORTH + north)


@pytest.fixture
def drawn(osm_file):
    """A function that writes an extract of ways (corners in metres, tags), and reads what is drawn, by kind."""

    def read(*ways, relations="", outline=TOWN):
        found = read_backdrop(osm_file(ways, relations=relations), outline=ground(*outline), frame=ground(*FRAME))
        table = check(Backdrop, found.table, "extract")
        assert table.crs == BNG
        assert table.is_valid.all()
        assert set(table.geom_type) <= {"Polygon", "LineString"}
        return {kind: part.union_all() for kind, part in table.groupby("kind")}, found.notes

    return read


def same(shape, other):
    return shape.symmetric_difference(other).area < 10


class TestLand:
    def test_without_a_coast_all_is_land(self, drawn):
        shapes, notes = drawn()
        assert list(shapes) == ["land"]
        assert same(shapes["land"], ground(*FRAME))
        assert notes == ()

    def test_a_coast_beyond_the_frame_is_none(self, drawn):
        shapes, _ = drawn(([(x + 90_000, y) for x, y in ISLAND], COAST))
        assert same(shapes["land"], ground(*FRAME))

    def test_an_island_in_several_ways_and_its_lagoon(self, drawn):
        lagoon = [(1500, 1100), (1500, 1300), (1800, 1300), (1800, 1100), (1500, 1100)]
        shapes, notes = drawn((ISLAND[:3], COAST), (ISLAND[2:], COAST), (lagoon, COAST))
        assert same(shapes["land"], ground(1000, 1000, 5000, 3000) - ground(1500, 1100, 1800, 1300))
        assert notes == ()

    def test_a_coast_cut_by_the_frame(self, drawn):
        shapes, _ = drawn(([(9000, 1000), (-500, 1000)], COAST), outline=(0, 0, 6000, 900))
        assert same(shapes["land"], ground(0, 0, 6000, 1000))

    def test_a_coast_that_the_extract_breaks_off_goes_on_to_the_edge_of_the_frame(self, drawn):
        shapes, notes = drawn(([(5900, 1000), (800, 1000)], COAST), outline=(0, 0, 6000, 900))
        assert same(shapes["land"], ground(0, 0, 6000, 1000))
        assert notes == ()

    def test_it_goes_on_as_it_went(self, drawn):
        shapes, _ = drawn(([(6500, 0), (2000, 1500)], COAST), outline=(0, 0, 1000, 900))
        south_of_it = Polygon([(WEST, NORTH), (WEST + 6500, NORTH), (WEST, NORTH + 6500 / 3)])
        assert same(shapes["land"], south_of_it & ground(*FRAME))

    def test_other_land_is_drawn_if_most_of_its_shore_is_known(self, drawn):
        for loose, known in ((500, True), (1400, False)):  # a sixth of its shore is made up, or nearly half
            shapes, notes = drawn((ISLAND, COAST), ([(loose, 3500), (6000 - loose, 3500)], COAST))
            there = ground(1000, 1000, 5000, 3000) | (ground(0, 3500, 6000, 4000) if known else Polygon())
            assert same(shapes["land"], there)
            assert [note.split(",")[0] for note in notes] == (
                [] if known else ["The street file has only parts of the shore across the water"]
            )

    def test_an_island_stays_whole_where_a_made_up_shore_passes(self, drawn):
        shapes, notes = drawn((ISLAND, COAST), ([(4500, 3100), (4500, 4500)], COAST))
        assert same(shapes["land"], ground(1000, 1000, 5000, 3000))
        assert notes == ()

    def test_a_gap_in_the_coast_is_closed(self, drawn):
        gap = [(2900, 1000), (3100, 1000)]
        shapes, _ = drawn(([gap[1], *ISLAND[1:4], (1000, 1000), gap[0]], COAST))
        assert same(shapes["land"], ground(1000, 1000, 5000, 3000))

    def test_a_rock_is_land_and_a_hole_of_it_is_not_filled_unless_it_is_tiny(self, drawn):
        rock = [(100, 100), (112, 100), (112, 112), (100, 112), (100, 100)]
        shapes, _ = drawn((ISLAND, COAST), (rock, COAST))
        assert shapes["land"].area == pytest.approx(8e6 + 144, abs=10)

    @pytest.mark.parametrize("wrong", [ISLAND[::-1], [(x * 0.5, y) for x, y in ISLAND]])
    def test_a_coast_that_leaves_the_town_in_the_sea_is_not_believed(self, drawn, wrong):
        shapes, (note,) = drawn((wrong, COAST))
        assert same(shapes["land"], ground(*FRAME))
        assert note.startswith("The coast in the street file is broken: by it only ")
        assert note.endswith("% of the authority would be land. The map is drawn without a coast.")


class TestView:
    @pytest.mark.parametrize(("width", "height"), [(37e3, 21e3), (20e3, 60e3), (2e3, 2e3)])
    def test_no_edge_of_land_is_seen_in_any_window(self, width, height):
        outline = ground(0, 0, width, height)
        west, south, east, north = view_of(outline).bounds
        for shape in (0.5, 1.0, 2.5):
            wide = max(width, shape * height) * 1.25
            assert east - west >= wide
            assert north - south >= wide / shape
        assert outline.buffer(19_999).within(view_of(outline))

    def test_only_land_is_drawn_beyond_the_frame(self, osm_file):
        wood = [(-5000, 0), (5000, 0), (5000, 500), (-5000, 500), (-5000, 0)]
        view = ground(-9000, -9000, 9000, 9000)
        path = osm_file([(wood, {"natural": "wood"}), ([(-5000, 900), (9000, 900)], {"highway": "trunk"})])
        table = read_backdrop(path, outline=ground(*TOWN), frame=ground(*FRAME), view=view).table
        bounds = table.set_index("kind").bounds.round() - [WEST, NORTH, WEST, NORTH]
        assert bounds.loc["land"].tolist() == [-9000, -9000, 9000, 9000]
        assert bounds.loc["green"].tolist() == [0, 0, 5000, 500]
        assert bounds.loc["main_road"].tolist() == [0, 900, 6000, 900]


class TestAreas:
    def test_water_on_land_is_water_and_land_goes_on_below_it(self, drawn):
        lake = [(2000, 2000), (2500, 2000), (2500, 2500), (2000, 2500), (2000, 2000)]
        shapes, _ = drawn((ISLAND, COAST), (lake, {"natural": "water"}))
        assert same(shapes["water"], ground(2000, 2000, 2500, 2500))
        assert same(shapes["land"], ground(1000, 1000, 5000, 3000))

    def test_what_touches_is_one_and_is_cut_at_the_frame(self, osm_file):
        rings = [[(x, 0), (x + 500, 0), (x + 500, 500), (x, 500), (x, 0)] for x in (-250, 250, 2000)]
        tags = ({"leisure": "park"}, {"natural": "wood"}, {"landuse": "forest"})
        table = read_backdrop(
            osm_file(zip(rings, tags, strict=True)), outline=ground(*TOWN), frame=ground(*FRAME)
        ).table
        assert sorted(table.loc[table["kind"] == "green"].area.round()) == [250_000.0, 375_000.0]

    def test_what_is_small_is_left_out_and_its_holes_are_filled(self, drawn):
        def square(x, side):
            return [(x, 0), (x + side, 0), (x + side, side), (x, side), (x, 0)]

        shapes, _ = drawn(
            (square(0, 70), {"leisure": "park"}),  # 0.49 ha
            (square(500, 72), {"leisure": "park"}),
            (square(1000, 44), {"natural": "water"}),  # 0.19 ha
            (square(1500, 46), {"natural": "water"}),
        )
        assert shapes["green"].area == pytest.approx(72**2, abs=20)
        assert shapes["water"].area == pytest.approx(46**2, abs=20)

    def test_a_lake_with_an_island_is_read_from_its_relation(self, drawn):
        outer = [(500, 500), (1500, 500), (1500, 1500), (500, 1500), (500, 500)]
        inner = [(900, 900), (1100, 900), (1100, 1100), (900, 1100), (900, 900)]
        relation = (
            '<relation id="9" version="1"><member type="way" ref="1" role="outer"/><member type="way" ref="2" '
            'role="inner"/><tag k="type" v="multipolygon"/><tag k="natural" v="water"/></relation>'
        )
        shapes, _ = drawn((outer, {}), (inner, {}), relations=relation)
        assert same(shapes["water"], ground(500, 500, 1500, 1500) - ground(900, 900, 1100, 1100))

    @pytest.mark.parametrize(
        "tags", [{"leisure": "garden"}, {"leisure": "nature_reserve"}, {"landuse": "farmland"}, {"natural": "beach"}]
    )
    def test_what_is_not_drawn(self, drawn, tags):
        shapes, _ = drawn((ISLAND, tags))
        assert list(shapes) == ["land"]


class TestLines:
    def test_each_kind_and_what_is_hidden(self, drawn):
        drawn_kinds = {
            "river": [{"waterway": "river"}, {"waterway": "canal", "tunnel": "no"}],
            "railway": [{"railway": "rail"}, {"railway": "tram"}],
            "main_road": [{"highway": "motorway"}, {"highway": "primary_link", "tunnel": "yes"}],
        }
        hidden = [
            {"waterway": "stream"},
            {"waterway": "canal", "tunnel": "yes"},
            {"railway": "rail", "service": "siding"},
            {"railway": "rail", "tunnel": "yes"},
            {"railway": "abandoned"},
            {"highway": "tertiary"},
        ]
        tags = [tags for kind in drawn_kinds.values() for tags in kind] + hidden
        shapes, _ = drawn(*(([(0, 100 * row), (1000, 100 * row)], some) for row, some in enumerate(tags, start=1)))
        found = {kind: sorted(np.round(line.bounds[1] - NORTH) for line in shapes[kind].geoms) for kind in drawn_kinds}
        assert found == {"river": [100, 200], "railway": [300, 400], "main_road": [500, 600]}

    def test_ways_that_go_on_are_one_line_cut_to_the_frame(self, osm_file):
        road = {"highway": "trunk"}
        corners = [(-500, 2000), (1000, 2001), (2000, 2000), (9000, 2000)]
        ways = [(corners[n : n + 2], road) for n in range(3)]
        table = read_backdrop(osm_file(ways), outline=ground(*TOWN), frame=ground(*FRAME)).table
        (line,) = table.loc[table["kind"] == "main_road"].geometry
        assert line.length == pytest.approx(6000, abs=1)
        assert len(line.coords) == 2  # a metre to the side is not seen


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [(b"<html>404</html>", "a.osm.pbf", ["a damaged or other file"]), (b"a,b\n", "a.csv", ["another file"])],
)
def test_a_bad_file_is_refused(file, refused, content, name, words):
    refused(lambda path: read_backdrop(path, outline=ground(*TOWN), frame=ground(*FRAME)), file(content, name), *words)


class TestPlace:
    def test_the_pack_has_its_land_and_opens_without(self, small_place, tmp_path):
        assert small_place.backdrop()["kind"].tolist() == ["land"]
        assert small_place.labels()["name"].unique().tolist() == ["Middle", "High Street"]  # a ward
        folder = tmp_path / "older"
        shutil.copytree(small_place.folder, folder)
        card = json.loads((folder / "place.json").read_text(encoding="utf-8"))
        for name in ("backdrop.parquet", "labels.parquet"):
            (folder / name).unlink()
            del card["tables"][name]
        (folder / "place.json").write_text(json.dumps(card), encoding="utf-8")
        older = Place.open(folder)
        assert older.backdrop() is None
        assert older.labels() is None
        assert older.card.fingerprint == small_place.card.fingerprint  # links and scenarios go on

    def test_a_spoilt_table_is_refused(self, small_place, tmp_path):
        folder = tmp_path / "copy"
        shutil.copytree(small_place.folder, folder)
        small_place.backdrop().assign(kind="lava").to_parquet(folder / "backdrop.parquet")
        with pytest.raises(InputError, match=r"backdrop\.parquet, column 'kind': found 'lava'"):
            Place.open(folder).backdrop()

    def test_the_bundled_island_lies_whole_in_the_sea(self):
        place = Place.open(SAMPLE / "isle_of_wight")
        table = place.backdrop()
        land = table[table["kind"] == "land"].geometry
        island = land[land.contains(Point(449_900, 88_900))].iloc[0]  # Newport
        assert island.area == pytest.approx(381e6, rel=0.01)
        assert shapely.contains(island, place.origins().geometry.to_numpy()).mean() > 0.995
        assert (land.area > 1e6).sum() == 1  # of the mainland the file has pieces of shore only
        assert set(table["kind"]) == {"land", "water", "green", "river", "railway", "main_road"}
