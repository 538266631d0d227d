"""Names on a map: which, how important, and where and at what angle a street's stands."""

from __future__ import annotations

import math

import pytest
import shapely
from shapely.geometry import LineString, Point, box

from data.place import SAMPLE, Place
from data.sources.labels import APART_M, read_labels
from geo.tables import Labels, check
from tests.conftest import NORTH, WEST

STREET = {"highway": "residential"}
FRAME = box(WEST - 1e4, NORTH - 1e4, WEST + 1e4, NORTH + 1e4)


@pytest.fixture
def labels(osm_file):
    """A function that writes an extract of ways and nodes, and reads its names."""

    def read(ways=(), nodes=(), frame=FRAME):
        return check(Labels, read_labels(osm_file(ways, nodes), frame=frame), "extract")

    return read


def at(x, y):
    return Point(WEST + x, NORTH + y)


def straight(degrees, metres=300.0):
    """A street through the middle of the map, in a direction."""
    x, y = math.cos(math.radians(degrees)) * metres, math.sin(math.radians(degrees)) * metres
    return [(0, 0), (x, y)]


class TestPlaces:
    def test_ranks_by_kind_and_population(self, labels):
        places = [
            ("city", None, 1), ("town", "60,000", 1), ("town", "9000", 2), ("town", "many", 2), ("village", "6000", 3),
            ("village", None, 4), ("village", "90", 5), ("suburb", None, 4), ("suburb", "12000", 3), ("quarter", None, 5),
            ("neighbourhood", None, 6), ("hamlet", "40", 5),
        ]  # fmt: skip
        nodes = [
            ((500 * n, 0), {"place": kind, "name": f"N{n}"} | ({"population": people} if people else {}))
            for n, (kind, people, _) in enumerate(places)
        ]
        table = labels(nodes=nodes).set_index("name")
        assert table["rank"].to_dict() == {f"N{n}": rank for n, (_, _, rank) in enumerate(places)}
        assert table["rank"].is_monotonic_increasing
        assert table.loc[["N9", "N10"], "kind"].tolist() == ["suburb", "suburb"]
        assert (table["angle"] == 0).all()
        assert table["room_m"].isna().all()

    def test_what_is_mapped_twice_and_what_has_no_name(self, labels):
        ring = [(0, 0), (90, 0), (90, 90), (0, 90), (0, 0)]
        town = {"place": "town", "name": "Newport"}
        table = labels(
            [(ring, town)], [((300, 0), town), ((900, 0), {"place": "village"}), ((0, 9), {"place": "farm"})]
        )
        assert table["name"].tolist() == ["Newport"]
        assert table.geometry.iloc[0].distance(at(300, 0)) < 0.1


class TestWhichStreets:
    def test_ranks_by_class_and_length(self, labels):
        streets = [
            ("primary", 300, 7), ("trunk_link", 150, 8), ("motorway", 300, 7), ("tertiary", 300, 8),
            ("tertiary", 150, 9), ("residential", 300, 9), ("pedestrian", 150, 10), ("service", 160, 11),
            ("footway", 300, 11),
        ]  # fmt: skip
        ways = [
            ([(0, 500 * n), (metres, 500 * n)], {"highway": kind, "name": f"N{n}"})
            for n, (kind, metres, _) in enumerate(streets)
        ]
        table = labels(ways).set_index("name")
        assert table["rank"].to_dict() == {f"N{n}": rank for n, (_, _, rank) in enumerate(streets)}
        assert table["kind"].unique().tolist() == ["street"]

    @pytest.mark.parametrize(
        "tags",
        [
            STREET,
            STREET | {"name": "  "},
            STREET | {"name": "Private Road", "access": "private"},
            {"highway": "construction", "name": "New Road"},
            {"highway": "service", "name": "Yard"},
            {"highway": "footway", "name": "Alley"},
        ],
    )
    def test_what_is_left_out(self, labels, tags):
        assert labels([([(0, 0), (150, 0)], tags), ([(0, 900), (9, 900)], STREET | {"name": "A"})])[
            "name"
        ].tolist() == ["A"]

    def test_a_name_is_kept_as_it_is_written(self, labels):
        name = "&lt;b&gt;King&apos;s&lt;/b&gt;   &amp; Lane"
        assert labels([(straight(0), STREET | {"name": name})])["name"].tolist() == ["<b>King's</b> & Lane"]

    def test_what_lies_beyond_the_frame(self, labels):
        ways = [([(x, 0), (x + 300, 0)], STREET | {"name": f"N{x}"}) for x in (0, 500)]
        ways += [([(350, 5), (390, 5), (390, -400)], STREET | {"name": "Mostly Beyond"})]
        table = labels(ways, frame=box(WEST, NORTH - 9, WEST + 400, NORTH + 9)).set_index("name")
        assert table.index.tolist() == ["Mostly Beyond", "N0"]
        assert table.geometry["Mostly Beyond"].distance(at(370, 5)) < 0.1


class TestWhere:
    @pytest.mark.parametrize(
        ("drawn", "read"),
        [(0, 0), (30, 30), (90, 90), (-90, 90), (120, -60), (180, 0), (200, 20), (-30, -30), (-120, 60)],
    )
    def test_it_reads_from_left_to_right(self, labels, drawn, read):
        (angle,) = labels([(straight(drawn), STREET | {"name": "Lane"})])["angle"]
        assert angle == pytest.approx(read, abs=0.2)

    def test_a_street_that_bends_has_its_name_on_the_longest_straight_stretch(self, labels):
        corners = [(0, 0), (150, 0), (300, 5), (300, 500), (200, 600)]
        (label,) = labels([(corners, STREET | {"name": "Elbow Street"})]).itertuples()
        assert label.geometry.distance(at(300, 252)) < 3
        assert label.angle == pytest.approx(90, abs=1)
        assert label.room_m == pytest.approx(495, abs=1)

    def test_the_angle_is_that_of_the_street_over_the_length_of_the_name(self, labels):
        corners = [(0, 0), (180, 0), (220, 9), (400, 9)]  # a kink; straight enough to be one stretch
        angles = [labels([(corners, STREET | {"name": name})])["angle"].iloc[0] for name in ("Lane", "L" * 40)]
        assert angles[0] == pytest.approx(math.degrees(math.atan2(9, 40)), abs=1)
        assert angles[1] == pytest.approx(math.degrees(math.atan2(9, 320)), abs=0.3)

    def test_it_stands_on_the_street(self, labels):
        arc = [(math.cos(turn / 20) * 400, math.sin(turn / 20) * 400) for turn in range(30)]
        (point,) = labels([(arc, STREET | {"name": "Crescent"})]).geometry
        assert LineString([(WEST + x, NORTH + y) for x, y in arc]).distance(point) < 0.1

    def test_a_long_street_has_its_name_about_every_kilometre(self, labels):
        name = {"highway": "primary", "name": "Military Road"}
        ways = [([(x, 0), (x + 500, 0)], name) for x in range(0, 4000, 500)]
        points = labels(ways).geometry
        assert sorted((points.x - WEST).round()) == [500, 1500, 2500, 3500]

    def test_the_second_carriageway_does_not_have_it_again(self, labels):
        name = {"highway": "primary", "name": "York Road"}
        points = labels([([(0, y), (2000, y + 1)], name) for y in (0, 15)]).geometry.to_numpy()
        assert len(points) == 2
        assert points[0].distance(points[1]) >= APART_M

    def test_a_path_beside_a_street_of_its_name_does_not_bear_it(self, labels):
        name = {"name": "High Street"}
        table = labels([([(0, 0), (200, 0)], STREET | name), ([(0, 9), (600, 9)], {"highway": "footway"} | name)])
        assert [point.distance(at(100, 0)) < 0.1 for point in table.geometry] == [True]

    def test_a_ring(self, labels):
        ring = [(0, 0), (300, 0), (300, 100), (0, 100), (0, 0)]
        (label,) = labels([(ring, STREET | {"name": "Close"})]).itertuples()
        assert label.room_m == pytest.approx(300, abs=1)


def test_nothing_is_an_empty_table(labels):
    assert len(labels()) == 0


@pytest.mark.parametrize("content", [b"<html>404</html>", b""])
def test_a_bad_file_is_refused(file, refused, content):
    refused(lambda path: read_labels(path, frame=FRAME), file(content, "a.osm.pbf"), "a damaged or other file")


def test_the_bundled_island():
    table = Place.open(SAMPLE / "isle_of_wight").labels()
    assert {"Newport", "Ryde", "Cowes"} <= set(table.loc[table["rank"] <= 2, "name"])
    assert 2_000 < len(table) < 3_000
    streets = table[table["kind"] == "street"]
    segments = Place.open(SAMPLE / "isle_of_wight").segments()
    nearest = segments.geometry.to_numpy()[segments.sindex.nearest(streets.geometry, return_all=False)[1]]
    assert (shapely.distance(streets.geometry.to_numpy(), nearest) < 0.2).mean() > 0.99


@pytest.mark.real
def test_a_city_has_not_too_many(real):
    table = read_labels(real / "leeds" / "streets_2022-07.osm.pbf", frame=box(410_000, 420_000, 450_000, 453_000))
    assert 3_000 < len(table) < 15_000
