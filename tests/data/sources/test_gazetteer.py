"""Names of streets, landmarks and localities: what is one street, where it stands, and what is nobody's business."""

from __future__ import annotations

import json
import shutil
import time
from itertools import count

import pytest
import shapely
from shapely.geometry import LineString, Point, box

from data.place import SAMPLE, Place
from data.sources.gazetteer import read_gazetteer
from geo.crs import BNG
from geo.errors import InputError
from geo.tables import Gazetteer, check
from tests.conftest import NORTH, WEST, _osm
from tests.data.conftest import PUB

STREET = {"highway": "residential"}


@pytest.fixture
def extract(osm_file):
    """A function that writes an extract of ways (corners in metres, tags) and nodes (point, tags), and reads it."""

    def read(ways=(), nodes=(), **more):
        return check(Gazetteer, read_gazetteer(osm_file(ways, nodes), **more), "extract")

    return read


def at(x, y):
    return Point(WEST + x, NORTH + y)


def near(point, other):
    return point.distance(other) < 0.1


class TestStreets:
    def test_pieces_that_lie_near_each_other_are_one_and_others_are_not(self, extract):
        high = STREET | {"name": "High Street"}
        table = extract([
            ([(0, 0), (100, 0)], high),
            ([(100, 0), (200, 0)], high),
            ([(440, 0), (500, 0)], high),  # 240 m on: as far as a bypassed stretch
            ([(760, 0), (800, 0)], high),  # 260 m on
            ([(500, 0), (760, 0)], STREET | {"name": "Low Street"}),  # another name does not join them
            ([(0, 50), (100, 50)], STREET),  # nameless
        ])  # fmt: skip
        assert table[["name", "kind"]].to_numpy().tolist() == [
            ["High Street", "street"], ["High Street", "street"], ["Low Street", "street"],
        ]  # fmt: skip
        assert table.index.name == "entry_id"
        # 260 m of three pieces, whose weight lies at (100 * 50 + 100 * 150 + 60 * 470) / 260: the nearest point of them
        assert near(table.geometry.loc["way/2"], at(185.4, 0))
        assert near(table.geometry.loc["way/4"], at(780, 0))

    def test_the_point_is_on_the_street_not_in_the_bend_of_it(self, extract):
        corners = [(0, 0), (400, 0), (400, 300), (0, 300)]
        (point,) = extract([(corners, STREET | {"name": "The Crescent"})]).geometry
        line = LineString([(WEST + x, NORTH + y) for x, y in corners])
        assert line.distance(line.centroid) > 100
        assert line.distance(point) < 0.1
        assert point.distance(line.centroid) == pytest.approx(line.distance(line.centroid), abs=0.1)

    def test_the_entry_is_the_way_on_which_the_point_lies(self, extract):
        name = STREET | {"name": "Long Lane"}
        table = extract([([(0, 0), (10, 0)], name), ([(10, 0), (900, 0)], name), ([(900, 0), (910, 0)], name)])
        assert table.index.tolist() == ["way/2"]
        assert near(table.geometry.iloc[0], at(455, 0))

    def test_a_street_that_leaves_the_extract_is_not_bridged(self, tmp_path):
        nodes = {1: (0, 0, {}), 2: (100, 0, {}), 4: (5000, 0, {}), 5: (5040, 0, {}), 7: (0, 900, {})}
        ways = {1: ([1, 2, 3, 4, 5], STREET | {"name": "Coast Road"}), 2: ([7, 8], STREET | {"name": "Cut Lane"})}
        path = tmp_path / "cut.osm"
        path.write_text(_osm(nodes, ways), encoding="utf-8")
        table = read_gazetteer(path)
        assert table["name"].tolist() == ["Coast Road"]  # of Cut Lane a single node is there
        (point,) = table.geometry
        assert near(point, at(50, 0))

    def test_what_is_no_street_to_walk_is_left_out(self, extract):
        kinds = ["motorway", "construction", "proposed", "corridor", "raceway"]
        ways = [
            ([(0, y), (100, y)], {"highway": kind, "name": kind})
            for y, kind in zip(count(step=500), kinds, strict=False)
        ]
        assert extract([*ways, ([(0, -500), (100, -500)], STREET | {"name": "Lane"})])["name"].tolist() == ["Lane"]

    def test_only_what_is_asked_for(self, extract):
        name = STREET | {"name": "Border Road"}
        ways = [([(x, 0), (x + 500, 0)], name) for x in (0, 500, 1000, 1500)]
        around = box(WEST - 10, NORTH - 10, WEST + 400, NORTH + 10)
        table = extract(ways, [((900, 0), {"amenity": "pub", "name": "The Border"})], around=around)
        assert table["name"].tolist() == ["Border Road"]
        assert near(table.geometry.iloc[0], at(250, 0))  # its middle in here, not where it goes


class TestLandmarks:
    def test_what_a_stranger_is_shown_the_way_by(self, extract):
        table = extract(
            [([(0, 0), (90, 0), (90, 90), (0, 90), (0, 0)], {"leisure": "park", "name": "Old  Park "})],
            [
                ((500, 0), {"amenity": "library", "name": "Lord Louis"}),
                ((600, 0), {"railway": "station", "name": "Central"}),
                ((700, 0), {"shop": "supermarket", "name": "Grocer"}),
                ((800, 0), {"tourism": "museum", "name": "Dinosaurs"}),
            ],
        )
        assert sorted(table["name"]) == ["Central", "Dinosaurs", "Grocer", "Lord Louis", "Old Park"]
        assert table["kind"].unique().tolist() == ["landmark"]
        assert table.crs == BNG
        assert box(WEST, NORTH, WEST + 90, NORTH + 90).contains(table.geometry["way/1"])

    def test_what_is_left_out(self, extract):
        left_out = [
            {"amenity": "bench"},
            {"amenity": "social_facility"},  # refuges, homes
            {"amenity": "nursing_home"},
            {"place": "farm"},
            {"place": "isolated_dwelling"},
            {"building": "house"},
            {"amenity": "pub", "access": "private"},
            {"leisure": "garden", "access": "No"},
            {"amenity": "pub", "disused": "yes"},
            {"amenity": "pub", "abandoned": "yes"},
            {"amenity": "library", "name": "  "},
        ]
        nodes = [((500 * n, 0), {"name": f"X{n}"} | tags) for n, tags in enumerate(left_out)]
        assert extract(nodes=[*nodes, ((0, 500), PUB)])["name"].tolist() == ["The Fox"]

    def test_what_is_mapped_twice_is_one(self, extract):
        school = {"amenity": "school", "name": "Nine Acres"}
        ring = [(0, 0), (90, 0), (90, 90), (0, 90), (0, 0)]
        table = extract([(ring, school)], [((200, 0), school), ((900, 0), school)])
        assert table.index.tolist() == ["node/1", "node/2"]

    def test_a_square_that_is_a_street_too_is_there_once(self, extract):
        ring = [(0, 0), (90, 0), (90, 90), (0, 90), (0, 0)]
        table = extract([(ring, {"highway": "pedestrian", "place": "square", "name": "Market Square"})])
        assert table["kind"].to_dict() == {"way/1": "street"}


class TestLocality:
    NODES = (
        ((0, 0), {"place": "town", "name": "Newport"}),
        ((1000, 0), {"place": "suburb", "name": "Barton"}),
        ((1200, 0), {"place": "hamlet", "name": "Pan"}),
        ((9000, 0), {"place": "village", "name": "Niton"}),
        ((1500, 10), {"amenity": "pub", "name": "The Fox"}),
        ((9000, 900), {"place": "locality", "name": "Crossways"}),
    )

    def test_the_nearest_and_for_a_locality_the_nearest_that_is_larger(self, extract):
        ways = [([(x, 5), (x + 10, 5)], STREET | {"name": "High Street"}) for x in (100, 800, 8000)]
        table = extract(ways, self.NODES)
        where = {(name, kind): town for name, kind, town in table[["name", "kind", "locality"]].to_numpy()}
        assert table.loc[["way/1", "way/2", "way/3"], "locality"].tolist() == ["Newport", "Barton", "Niton"]
        assert where["The Fox", "landmark"] == "Pan"
        assert where["Pan", "locality"] == "Barton"
        assert where["Barton", "locality"] == "Newport"
        assert where["Niton", "locality"] == "Newport"
        assert where["Crossways", "landmark"] == "Niton"
        assert table.loc[table["name"] == "Newport", "locality"].isna().all()

    def test_it_may_lie_beyond_what_is_asked_for(self, extract):
        around = box(WEST + 1400, NORTH, WEST + 1600, NORTH + 100)
        table = extract(nodes=self.NODES, around=around)
        assert table[["name", "locality"]].to_numpy().tolist() == [["The Fox", "Pan"]]

    def test_without_any_it_is_missing(self, extract):
        assert extract([([(0, 0), (9, 0)], STREET | {"name": "A"})])["locality"].isna().all()


class TestFiles:
    def test_none_is_an_empty_table_and_no_error(self, file):
        table = read_gazetteer(file('<?xml version="1.0"?><osm version="0.6"></osm>', "none.osm"))
        assert len(table) == 0
        check(Gazetteer, table, "none")

    @pytest.mark.parametrize(
        ("content", "name", "words"),
        [
            (b"<html>404</html>", "a.osm.pbf", ["a damaged or other file", "an OpenStreetMap extract"]),
            (b"", "a.osm.pbf", ["a damaged or other file"]),
            (b"name,lat,lon\n", "a.csv", ["another file", ".osm.pbf or .osm"]),
        ],
    )
    def test_a_bad_file_is_refused(self, file, refused, content, name, words):
        refused(read_gazetteer, file(content, name), *words)

    def test_a_missing_file_is_refused(self, tmp_path, refused):
        refused(read_gazetteer, tmp_path / "a.osm.pbf", "no such file")


class TestPlace:
    def test_the_pack_has_what_its_streets_are_called(self, small_place):
        table = small_place.gazetteer()
        assert table[["name", "kind", "inside"]].to_numpy().tolist() == [
            ["Swings", "landmark", True], ["High Street", "street", True],
        ]  # fmt: skip
        assert small_place.has_gazetteer
        assert small_place.card.counts["gazetteer"] == 2
        assert "gazetteer.parquet" in small_place.card.tables
        # the streets' line says it
        assert [source.dataset for source in small_place.card.sources].count("streets") == 1

    def test_neighbours_up_to_3_km_away_are_there_and_are_not_inside(self, mapped_place):
        table = mapped_place.gazetteer()
        assert table.loc[table["name"] == "The Fox", "inside"].to_dict() == {"node/201": False}

    def test_a_pack_without_it_opens_and_is_the_same_place(self, small_place, tmp_path):
        folder = tmp_path / "older"
        shutil.copytree(small_place.folder, folder)
        (folder / "gazetteer.parquet").unlink()
        card = json.loads((folder / "place.json").read_text(encoding="utf-8"))
        del card["tables"]["gazetteer.parquet"], card["counts"]["gazetteer"]
        (folder / "place.json").write_text(json.dumps(card), encoding="utf-8")
        older = Place.open(folder)
        assert older.gazetteer() is None
        assert not older.has_gazetteer
        assert older.card.fingerprint == small_place.card.fingerprint  # links and scenarios go on

    def test_streets_without_names_are_said(self, bare_place):
        place = bare_place
        assert place.gazetteer() is None
        assert "gazetteer" not in place.card.counts
        assert "The street file has no names, so only postcodes and grid references are found by typing." in (
            place.card.notes
        )

    def test_a_spoilt_table_is_refused(self, small_place, tmp_path):
        folder = tmp_path / "copy"
        shutil.copytree(small_place.folder, folder)
        table = small_place.gazetteer()
        table.assign(kind="planet").to_parquet(folder / "gazetteer.parquet")
        with pytest.raises(InputError, match=r"gazetteer\.parquet, column 'kind': found 'planet'"):
            Place.open(folder).gazetteer()


class TestReal:
    def test_the_bundled_island(self):
        table = Place.open(SAMPLE / "isle_of_wight").gazetteer()
        assert table["kind"].value_counts().to_dict() == {"street": 2519, "landmark": 1307, "locality": 141}
        high = table[table["name"] == "High Street"]
        assert high["locality"].is_unique
        assert {"Newport", "Ryde", "Cowes", "Ventnor", "Sandown", "Shanklin"} <= set(high["locality"])
        assert sum(path.stat().st_size for path in (SAMPLE / "isle_of_wight").iterdir()) < 8e6

    def test_every_street_of_the_island_stands_on_a_segment(self):
        place = Place.open(SAMPLE / "isle_of_wight")
        table, segments = place.gazetteer(), place.segments()
        streets = table[table["kind"] == "street"]
        # the segments' corners are kept to 1/128 m
        off = shapely.distance(
            streets.geometry.to_numpy(),
            segments.geometry.to_numpy()[segments.sindex.nearest(streets.geometry, return_all=False)[1]],
        )
        assert (off < 0.02).mean() > 0.95  # the others are private, and no segments

    @pytest.mark.real
    def test_leeds_takes_seconds(self, real):
        before = time.thread_time()
        table = read_gazetteer(real / "leeds" / "streets_2022-07.osm.pbf")
        assert time.thread_time() - before < 10
        assert len(table) > 7_000
        assert table["locality"].isna().all()  # the file has streets and nothing else
        lanes = table[table["name"] == "Church Lane"].geometry
        assert len(lanes) > 3
        assert min(one.distance(other) for one in lanes for other in lanes if one is not other) > 250

    @pytest.mark.real
    def test_the_extract_as_it_is_read_for_the_whole_file(self, real):
        path = real / "isle-of-wight" / "isle-of-wight_2020-04-22.osm.pbf"
        whole = read_gazetteer(path)
        check(Gazetteer, whole, str(path))
        part = read_gazetteer(path, around=box(448_000, 87_000, 452_000, 91_000))
        assert 100 < len(part) < len(whole)
        assert "Newport" in set(part.loc[part["kind"] == "locality", "name"])


def test_a_name_in_another_spelling_of_spaces_is_the_same(extract):
    table = extract([
        ([(0, 0), (9, 0)], STREET | {"name": "Mill  Hill"}), ([(9, 0), (20, 0)], STREET | {"name": " Mill Hill"}),
    ])  # fmt: skip
    assert table["name"].tolist() == ["Mill Hill"]
