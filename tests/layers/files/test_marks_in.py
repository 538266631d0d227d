"""Files of marks, all of them in the place that they are meant for."""

from __future__ import annotations

import json

import pytest
import shapely
import shapely.ops

from data.place import SAMPLE, Place
from geo.crs import to_wgs84
from geo.errors import InputError
from layers.files.marks_in import read_marks

ROWS = "kind,name,lon,lat\nplace to meet,Hall,-1.30,50.70\ndrop-in,Library,-1.28,50.70\n"
LEEDS = (-1.55, 53.80)


@pytest.fixture(scope="module")
def island():
    return Place.open(SAMPLE / "isle_of_wight")


def features(*places, **said):
    return json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "properties": {"kind": "drop_in", "name": f"No. {number}"},
                    "geometry": {"type": "Point", "coordinates": list(place)},
                }
                for number, place in enumerate(places, start=1)
            ],
        }
        | said
    ).encode()


def service(name, lon, lat):
    at = {"id": f"l-{name}", "latitude": lat, "longitude": lon, "location_type": "physical"}
    return {
        "id": f"s-{name}", "name": name, "status": "active",
        "service_at_locations": [{"id": f"a-{name}", "location": at}],
    }  # fmt: skip


def test_a_list(island):
    found = read_marks(ROWS.encode(), "marks.csv", island)
    assert [arrival.draft.name for arrival in found.arrivals] == ["Hall", "Library"]
    assert {arrival.draft.place for arrival in found.arrivals} == {"isle-of-wight"}


def test_a_row_elsewhere_is_named_and_nothing_is_taken(island):
    text = ROWS + f"drop-in,Leeds,{LEEDS[0]},{LEEDS[1]}\n"
    with pytest.raises(
        InputError, match=r"marks.csv, row 4: found easting 4\d{5}, northing 4\d{5}; expected a place in Isle"
    ):
        read_marks(text.encode(), "marks.csv", island)


@pytest.mark.parametrize("name", ["marks.json", "MARKS.JSON", "marks.geojson"])
def test_features_may_be_called_json(island, name):
    assert len(read_marks(features((-1.30, 50.70)), name, island).arrivals) == 1
    with pytest.raises(InputError, match="row 2"):
        read_marks(features((-1.30, 50.70), LEEDS), name, island)


def test_services_elsewhere_are_left_out_and_counted(island):
    page = {"contents": [service("here", -1.30, 50.70), service("there", *LEEDS)]}
    found = read_marks(json.dumps(page).encode(), "services.json", island)
    assert [arrival.draft.name for arrival in found.arrivals] == ["here"]
    assert found.left_out["services outside Isle of Wight"] == 1


def test_the_shore_is_inside(island):
    """The end of a pier is off a coarse outline."""
    west = island.areas().total_bounds[0]
    shore = island.areas().geometry.union_all().boundary
    end = shapely.ops.nearest_points(shore, shapely.Point(west - 10_000, 85_500))[0]
    lon, lat = to_wgs84(end.x - 300, end.y)
    assert len(read_marks(features((float(lon), float(lat))), "a.geojson", island).arrivals) == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("services.json", b"[]"),
        ("marks.csv", b"kind,easting,northing\n"),
        ("marks.geojson", b'{"type": "FeatureCollection", "features": []}'),
    ],
)
def test_a_file_of_nothing_is_called_so(island, name, content):
    with pytest.raises(InputError, match=f"{name}.* found none"):
        read_marks(content, name, island)


@pytest.mark.parametrize("content", [b"", b"{", b"[" * 100_000, b"null", b'{"type": "FeatureCollection"}'])
def test_what_is_no_such_file(island, content):
    with pytest.raises(InputError):
        read_marks(content, "marks.json", island)
