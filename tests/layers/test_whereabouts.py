"""Where somebody means: postcodes and grid references, worked out against published examples."""

from __future__ import annotations

import geopandas as gpd
import pytest
import shapely

from geo.errors import RequestError
from layers.whereabouts import to_grid, whereabouts


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
        ("PO30 9ZZ", "PO30 9ZZ is not a live postcode of this place"),
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
