"""Where somebody means: postcodes and grid references, worked out against published examples; names, on the island."""

from __future__ import annotations

import json
import shutil
import time

import geopandas as gpd
import pytest
import shapely

from data.place import CARD, SAMPLE, Place
from geo.errors import RequestError
from layers.answers.own_list import OwnList
from layers.answers.place_names import folded, own_labels, shortened
from layers.answers.place_search import MOST_FOUND, SAME_M, Found, search, search_in, the_one, to_grid, whereabouts


@pytest.fixture
def origins():
    points = [shapely.Point(450514, 89065), shapely.Point(431652, 434166)]
    return gpd.GeoDataFrame(index=["PO302AN", "LS1 8TL"], geometry=points, crs="EPSG:27700")


@pytest.mark.parametrize("text", ["PO30 2AN", "po302an", " PO30  2an "])
def test_a_postcode(origins, text):
    assert whereabouts(text, origins) == (450514.0, 89065.0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("450514, 89065", (450514.0, 89065.0)),
        ("450514 89065", (450514.0, 89065.0)),
        ("SZ5051489065", (450514.0, 89065.0)),
        ("SZ 505 890", (450550.0, 89050.0)),  # a square of 100 m: its middle
        ("sz 5051 8906", (450515.0, 89065.0)),
        ("TQ 30 80", (530500.0, 180500.0)),  # Trafalgar Square lies in this square
        ("NT 2510 7350", (325105.0, 673505.0)),  # Edinburgh Castle
        ("SV 00000 00000", (0.0, 0.0)),  # the grid's false origin
        ("HU 39 75", (439500.0, 1175500.0)),  # Sullom Voe
    ],
)
def test_a_grid_reference(origins, text, expected):
    assert whereabouts(text, origins) == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("PO30 9ZZ", "PO30 9ZZ is not a postcode in use here"),
        ("the library", "is neither a postcode"),
        ("", "is neither a postcode"),
        ("SZ 505 89", "is neither a postcode"),
        ("ZZ 505 890", "is neither a postcode"),
        ("SI 505 890", "is neither a postcode"),
        ("١٢٣٤٥٦, ١٢٣٤٥", "is neither a postcode"),
        ("x" * 5000, "is neither a postcode"),
        ("1e5, 1e5", "is neither a postcode"),
    ],
)
def test_what_is_none_is_said(origins, text, said):
    with pytest.raises(RequestError, match=said) as fault:
        whereabouts(text, origins)
    assert len(str(fault.value)) < 200


def test_a_click_is_whole_metres(origins):
    easting, northing = to_grid(-1.2858, 50.7)
    assert (easting, northing) == (round(easting), round(northing))
    assert abs(easting - 450_500) < 400


@pytest.fixture(scope="module")
def island():
    return Place.open(SAMPLE / "isle_of_wight")


@pytest.fixture
def changed(tmp_path):
    """The island with other tables: ``changed(gazetteer=None)`` is a pack that was built before there was one."""

    def place(**tables):
        folder = tmp_path / "changed"
        shutil.copytree(SAMPLE / "isle_of_wight", folder, ignore=shutil.ignore_patterns("*.py", "*.csv", "*.md"))
        for name, change in tables.items():
            path = folder / f"{name}.parquet"
            table = gpd.read_parquet(path)
            path.unlink()
            if change is not None:
                change(table).to_parquet(path)
        return Place.open(folder)

    return place


def labels(text, place):
    return [found.label for found in search(text, place)]


class TestSeveral:
    """What a text means in one of two places, or in both."""

    def test_only_where_most_of_it_is_right(self, island, changed):
        both = {"one": island, "other": changed(gazetteer=None)}
        assert [found[0].label for found in search_in("High Street, Newport", both).values()] == [
            "High Street, Newport"
        ]
        assert list(search_in("Ryde Children's Centre", both)) == ["one", "other"]
        assert search_in("qqqq xxxx", both) == {}

    def test_a_grid_reference_where_somebody_lives(self, island):
        assert list(search_in("450514, 89065", {"one": island})) == ["one"]
        assert search_in("431652, 434166", {"one": island}) == {}


class TestOwn:
    @pytest.fixture
    def own(self):
        names = ["High Street, Newport", "Zebra club", None]
        points = [shapely.Point(450_014, 89_065), shapely.Point(459_180, 92_656), shapely.Point(459_180, 92_656)]
        return OwnList.of(gpd.GeoDataFrame({"name": names}, geometry=points, index=["a", "b", "c"], crs=27700), "mine")

    def test_they_are_told_from_the_rest_and_come_first(self, island, own):
        assert own_labels(own) == ["High Street, Newport (your list)", "Zebra club (your list)"]
        first, second, *_ = search("high st newport", island, own)
        assert (first.label, first.kind, first.code) == ("High Street, Newport (your list)", "own", "a")
        assert second.label == "High Street, Newport"
        assert the_one("Zebra club (your list)", island, own).code == "b"

    def test_no_guess_comes_in_between(self, island, own):
        assert [one.kind for one in search("zebra", island, own)] == ["own"]
        assert "own" not in [one.kind for one in search("Union Street", island, own)]


class TestSearch:
    @pytest.mark.parametrize(
        "text",
        [
            "High Street, Newport", "high street newport", "HIGH ST NEWPORT", "High St., Newport", "newport high street",
            " High   Street - Newport ", "Hígh Ştreet, Newport", "12 High Street, Newport", "12a High St, Newport",
            "High Street, Newport, Isle of Wight", "Newprt High Street", "High Street Newporrt", "hig str newpo",
        ],
    )  # fmt: skip
    def test_however_it_is_written(self, island, text):
        (found,) = search(text, island)
        assert found.label == "High Street, Newport"
        assert found.kind == "street"
        (street,) = island.gazetteer().query("name == 'High Street' and locality == 'Newport'").geometry
        assert (found.easting, found.northing) == (street.x, street.y)

    def test_the_same_name_in_other_towns_is_told_apart(self, island):
        found = search("High Street", island)
        assert len(found) == MOST_FOUND
        assert len({one.label for one in found}) == MOST_FOUND
        assert all(one.label.startswith("High Street, ") for one in found)
        # where most homes are comes first, not what the alphabet has first
        assert {one.label for one in found[:3]} == {f"High Street, {town}" for town in ("Ryde", "Newport", "Ventnor")}

    def test_the_same_name_twice_in_a_locality_says_which_postcode_is_near(self, island):
        first, second = (one.label for one in search("Old Blackgang Road", island))
        assert {first, second} == {"Old Blackgang Road (near PO38 2BY)", "Old Blackgang Road (near PO38 2HW)"}

    def test_without_postcodes_it_says_where_on_the_grid(self, changed):
        place = changed(origins=lambda table: table.assign(kind="area_point"))
        assert "Old Blackgang Road (at 449824, 75879)" in labels("Old Blackgang Road", place)

    @pytest.mark.parametrize(
        ("text", "expected", "kind"),
        [
            ("Newport", "Newport", "locality"),
            ("Lord Louis", "Lord Louis Library, Nodehill", "venue"),
            ("lord lous libary", "Lord Louis Library, Nodehill", "venue"),
            ("ryde childrens centre", "Ryde Children's Centre", "centre"),
            ("kerry fields pl", "Kerry Fields Playground, Nettlestone", "play_space"),
            ("Ryde Esplanade", "Ryde Esplanade", "landmark"),
            ("worsley mon", "Worsley Monument, Sandford", "landmark"),
        ],
    )
    def test_every_kind_is_found(self, island, text, expected, kind):
        first = search(text, island)[0]
        assert (first.label, first.kind) == (expected, kind)

    def test_saints_and_streets(self, island):
        one, other = labels("Saint Johns Road", island), labels("St. John's Rd", island)
        assert one == other
        assert len(one) > 5
        assert folded("St. John\u2019s Rd & Café") == "st johns rd and cafe"
        assert shortened("Saint John's Road") == shortened("St John`s rd.") == "st johns rd"

    def test_called_exactly_so_then_begins_so_then_has_words_that_do(self, island):
        names = [label.partition(",")[0] for label in labels("church", island)]
        assert all(name.startswith("Church") for name in names)
        names = [label.partition(",")[0] for label in labels("church road", island)]
        assert names[:6] == ["Church Road"] * 6
        assert labels("Hill Church", island)[0].startswith("Church Hill")

    def test_a_library_is_a_venue_and_a_landmark_but_one_place(self, island):
        found = search("library", island)
        points = [shapely.Point(one.easting, one.northing) for one in found]
        for number, one in enumerate(found):
            for other, point in zip(found[:number], points, strict=False):
                assert one.label != other.label or point.distance(points[number]) > SAME_M

    @pytest.mark.parametrize(
        "text",
        [
            "", "   ", "\x00", "zzzz qqqq", "?", "%", "_", "\\", "[", "(.*)", "١٢٣", "شارع", "🙂", "x" * 5000, "a " * 5000,
            "<b>", "'; drop table", "AB1 0AA", "PO30 9ZZ", "SZ 505 89", "-1, -1",
        ],
    )  # fmt: skip
    def test_nothing_makes_it_fall_over(self, island, text):
        assert isinstance(search(text, island), list)

    @pytest.mark.parametrize("text", ["", "  ", "zzzz qqqq", "?", "شارع", "x" * 5000, "AB1 0AA", "High Street, Leeds"])
    def test_nothing_like_it_is_an_empty_list_or_a_guess(self, island, text):
        assert labels(text, island) == (labels("High Street", island) if "High" in text else [])

    @pytest.mark.parametrize(
        ("text", "label", "kind"),
        [
            ("po302an", "PO30 2AN", "postcode"),
            ("sz 505  890", "SZ 505 890", "grid_reference"),
            ("450550, 89050", "450550, 89050", "grid_reference"),
        ],
    )
    def test_postcodes_and_grid_references_as_before(self, island, text, label, kind):
        (found,) = search(text, island)
        assert (found.label, found.kind) == (label, kind)
        assert (found.easting, found.northing) == whereabouts(text, island.origins())

    def test_an_address_is_its_postcode_then_its_street(self, island):
        found = search("12 High Street, Newport PO30 1SS", island)
        assert [(one.label, one.kind) for one in found] == [
            ("PO30 1SS", "postcode"), ("High Street, Newport", "street"),
        ]  # fmt: skip
        assert labels("High Street, Newport, PO30 0ZZ", island) == ["High Street, Newport"]

    def test_it_does_not_keep_anybody_waiting(self, island):
        search("warm", island)
        for text in (
            "high street",
            "st",
            "road",
            "PO30 2AN",
            "lord lous libary",
            "zzzz qqqq wwww",
            "a b c d e f g h i j",
        ):
            took = []
            for _ in range(5):
                before = time.thread_time()
                search(text, island)
                took.append(time.thread_time() - before)
            assert min(took) < 0.03, text


class TestOtherPlaces:
    def test_a_pack_from_before_has_centres_venues_and_play_spaces(self, changed):
        place = changed(gazetteer=None)
        assert labels("High Street", place) == []
        assert labels("Lord Louis", place) == ["Lord Louis Library, Newport Central"]  # the ward, for want of a town
        assert search("PO30 2AN", place)[0].kind == "postcode"

    def test_streets_alone_take_the_ward(self, changed):
        place = changed(gazetteer=lambda table: table[table["kind"] == "street"].assign(locality=None))
        wards = set(place.areas()["ward_name"])
        found = labels("High Street", place)
        assert len(set(found)) == MOST_FOUND
        assert {label.partition(", ")[2].partition(" (near")[0] for label in found} <= wards

    def test_a_place_built_anew_is_read_anew(self, changed):
        place = changed(gazetteer=lambda table: table)
        assert labels("Brand New Road", place) == []
        path = place.folder / "gazetteer.parquet"
        table = gpd.read_parquet(path)
        table.assign(name="Brand New Road").iloc[:1].to_parquet(path)
        assert len(labels("Brand New Road", place)) == 1

    def test_a_place_of_hardly_any_names(self, small_place):
        (found,) = search("high street", small_place)
        assert found.label == "High Street, Middle"
        assert labels("Swings", small_place) == ["Swings, Middle"]
        assert [one.kind for one in search("western", small_place)] == ["centre"]
        assert labels("Lost Centre", small_place) == []  # it has no point

    def test_a_name_is_handed_on_as_it_is_for_the_page_to_escape(self, small_place):
        assert labels("eastern link", small_place) == ["Eastern <b>Link</b>, Middle"]

    def test_its_words_may_be_those_of_the_place(self, changed):
        place = changed(gazetteer=lambda table: table)
        card = json.loads((place.folder / CARD).read_text("utf-8"))
        assert card["authority_name"] == "Isle of Wight"
        assert labels("Briddlesford Road Isle of Wight", place) == labels("Briddlesford Road", place)


class TestTheOne:
    @pytest.mark.parametrize(
        ("text", "label"),
        [
            ("PO30 2AN", "PO30 2AN"),
            ("SZ 505 890", "SZ 505 890"),
            ("High St, Newport", "High Street, Newport"),
            ("Newport", "Newport"),  # and Newport Road, but that is not called so
            ("lord louis lib", "Lord Louis Library, Nodehill"),
            ("12 High Street, Newport PO30 1SS", "PO30 1SS"),
        ],
    )
    def test_what_can_only_be_one(self, island, text, label):
        found = the_one(text, island)
        assert isinstance(found, Found)
        assert found.label == label

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("High Street", r"'High Street' may be more than one place \(High Street, \w+; .*; …\): say which"),
            (
                "Old Blackgang Rd",
                r"may be more than one place \(Old Blackgang Road \(near PO38 2BY\); [^…]*\): say which",
            ),
            ("PO30 0ZZ", "PO30 0ZZ is not a postcode in use here"),
            ("nonsense", "'nonsense' is neither a postcode .* and nothing here is called that"),
            ("lord lous libary", "called that; is Lord Louis Library, Nodehill meant?"),  # not taken for it unasked
            ("", "is neither a postcode"),
            ("x" * 5000, "is neither a postcode"),
        ],
    )
    def test_otherwise_it_asks(self, island, text, said):
        with pytest.raises(RequestError, match=said) as fault:
            the_one(text, island)
        assert len(str(fault.value)) < 300


class TestNeighbourhoods:
    """They are found where they have a name that residents know."""

    @pytest.fixture
    def named(self, changed):
        def called(areas):
            number = areas["area_name"].str.extract(r"(\d{3}[A-Z])", expand=False)
            return areas.assign(area_name="Shide & Pan (" + number + ")", official_name="Isle of Wight " + number)

        return changed(areas=called)

    @pytest.mark.parametrize("text", ["Isle of Wight 007E", "007e", "shide & pan 007e", "Shide & Pan (007E)"])
    def test_by_either_name(self, named, text):
        found = the_one(text, named)
        assert (found.label, found.kind) == ("Shide & Pan (007E)", "area")

    def test_only_after_what_else_is_called_so(self, named):
        kinds = [one.kind for one in search("Shide", named)]
        assert kinds[0] == "locality"
        assert kinds == sorted(kinds, key=lambda kind: kind == "area")
        assert the_one("Shide", named).kind == "locality"


class TestWards:
    def test_a_ward_stands_behind_the_town_of_its_name(self, island):
        town, ward = search("Bembridge", island)[:2]
        assert (town.label, town.kind, town.code) == ("Bembridge, Brading", "locality", "")
        assert (ward.label, ward.kind, ward.code) == ("Bembridge (ward)", "ward", "E05013359")
        assert the_one("Bembridge", island) == town, "a walk begins in the village"

    def test_a_town_in_the_name_of_a_ward(self, island):
        assert [one.label for one in search("ventnor", island)][:2] == ["Ventnor", "Ventnor & St Lawrence (ward)"]

    @pytest.mark.parametrize(
        "text", ["Ventnor & St Lawrence", "ventnor and saint lawrence ward", "Ventnor & St Lawrence (ward)"]
    )
    def test_however_it_is_written(self, island, text):
        found = the_one(text, island)
        assert (found.label, found.code) == ("Ventnor & St Lawrence (ward)", "E05013395")

    def test_it_stands_within_the_ward(self, island):
        found = the_one("Ventnor & St Lawrence", island)
        areas = island.areas()
        here = areas[areas.contains(shapely.Point(found.easting, found.northing))]
        assert here["ward_code"].tolist() == ["E05013395"]

    def test_a_place_without_wards(self, changed):
        place = changed(areas=lambda table: table.assign(ward_code=None, ward_name=None))
        assert "ward" not in {one.kind for one in search("Ventnor", place)}
