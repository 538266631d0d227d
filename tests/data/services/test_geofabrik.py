"""Streets by county: which extracts an authority needs, and that each is whole."""

from __future__ import annotations

import geopandas as gpd
import pytest
from shapely import box

from data.services import geofabrik
from data.services.geofabrik import GEOFABRIK
from geo.errors import ServiceError
from tests.data.services.fakes import files
from tests.data.services.fakes.files import PBF

LEEDS = box(430_000, 430_000, 440_000, 440_000)


def county(west, east):
    """A county from one easting to another, as long as Leeds and more, in degrees."""
    return gpd.GeoSeries([box(west, 420_000, east, 450_000)], crs=27700).to_crs(4326).iloc[0]


@pytest.fixture
def counties(service):
    """West Yorkshire, which has Leeds; North Yorkshire within a walk of it; South Yorkshire beyond one."""
    files.extracts(
        service,
        {
            "west-yorkshire": (county(420_000, 441_000), PBF + b"west"),
            "north-yorkshire": (county(442_000, 450_000), PBF + b"north"),
            "south-yorkshire": (county(444_000, 460_000), PBF + b"south"),
        },
    )


def url(key):
    return f"{GEOFABRIK}/europe/united-kingdom/england/{key}-latest.osm.pbf"


def test_every_county_within_a_walk_of_the_outline(client, service, counties):
    got = geofabrik.get_streets(client, LEEDS)
    assert [one.path.read_bytes()[-5:] for one in got] == [b"\x10west", b"north"]
    assert service.asked_for(url("south-yorkshire")) == []


def test_a_home_page_in_an_extracts_place_gives_way_to_the_whole_country(client, service):
    files.extracts(service, {"west-yorkshire": (county(420_000, 441_000), None)})
    france = geofabrik.ALL_ENGLAND[1]
    service.on(france, PBF + b"all")
    service.on(f"{france}.md5", files.md5_line(PBF + b"all", "england"))
    (got,) = geofabrik.get_streets(client, LEEDS)
    assert got.path.read_bytes() == PBF + b"all"


def test_older_copies_of_the_counties_go_before_the_whole_country(client_of, clock, service, counties):
    geofabrik.get_streets(client_of(), LEEDS)
    clock.now += 7 * 86_400
    service.on(url("north-yorkshire"), files.Answer(status=404))
    service.on(f"{url('north-yorkshire')}.md5", files.md5_line(PBF + b"newer", "north-yorkshire"))
    got = geofabrik.get_streets(client_of(), LEEDS)
    assert [one.path.read_bytes()[-5:] for one in got] == [b"\x10west", b"north"]
    assert not [asked for asked in service.asked if "england-latest" in asked.path]


def test_an_extract_that_is_not_whole_is_refused(client, service, counties):
    service.on(f"{url('west-yorkshire')}.md5", files.md5_line(b"another", "west-yorkshire"))
    with pytest.raises(ServiceError, match="MD5"):
        geofabrik.get_extract(client, url("west-yorkshire"))


def test_a_page_in_the_md5s_place_is_none(client, service, counties):
    service.on(f"{url('west-yorkshire')}.md5", files.HOME_PAGE)
    with pytest.raises(ServiceError, match="32 hexadecimal digits"):
        geofabrik.get_extract(client, url("west-yorkshire"))


def test_an_authority_without_a_county_is_said_so(client, service, counties):
    with pytest.raises(ServiceError, match="no county there"):
        geofabrik.get_streets(client, box(100_000, 100_000, 110_000, 110_000))


@pytest.mark.parametrize(("wider", "comes"), [(4_000, True), (2_000, False)])
def test_a_citys_rectangle_will_do_if_it_reaches_a_walk_beyond_the_outline(client, service, wider, comes):
    corners = gpd.GeoSeries([LEEDS.buffer(wider).envelope], crs=27700).to_crs(4326).iloc[0].exterior.coords
    ring = "\n".join(f"   {lon:.6E}   {lat:.6E}" for lon, lat in corners)
    service.on(f"{geofabrik.CITIES}/Leeds/Leeds.poly", f"Leeds\n1\n{ring}\nEND\nEND\n")
    service.on(f"{geofabrik.CITIES}/Leeds/CHECKSUM.txt", files.md5_line(PBF, "x").replace("x-latest", "Leeds"))
    service.on(f"{geofabrik.CITIES}/Leeds/Leeds.osm.pbf", PBF)
    if comes:
        assert [one.path.read_bytes() for one in geofabrik.get_streets(client, LEEDS, city="Leeds")] == [PBF]
    else:
        with pytest.raises(ServiceError, match="a smaller rectangle"):
            geofabrik.get_streets(client, LEEDS, city="Leeds")
