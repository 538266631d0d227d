"""Streets by Overpass: what is asked, how a refusal is met, and that the answers make an extract like any other."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date

import geopandas as gpd
import numpy as np
import osmium
import pandas as pd
import pytest
import shapely

from data.services import overpass
from data.sources.backdrop import read_backdrop
from data.sources.ferries import read_ferries
from data.sources.gazetteer import read_gazetteer
from data.sources.labels import read_labels
from data.sources.overpass import write_extract
from data.sources.play_spaces import read_play_spaces
from data.sources.streets import read_streets, vintage
from data.sources.venues import read_venues
from geo.errors import InputError, ServiceError
from tests.conftest import NORTH, WEST
from tests.data.services.fakes import overpass as fake
from tests.servers.scripted import Asked

DAY = date(2026, 1, 30)
TOWN = shapely.box(WEST, NORTH, WEST + 3000, NORTH + 1000)
WOOD = """<relation id="9" version="1"><member type="way" ref="8" role="outer"/><member type="way" ref="9" role="inner"/>
<tag k="type" v="multipolygon"/><tag k="natural" v="wood"/></relation>"""


def square(west, south, side):
    return [(west, south), (west + side, south), (west + side, south + side), (west, south + side), (west, south)]


@pytest.fixture
def extract(osm_file):
    """A town with a gate and a crossing on its street, and one of all that the readers look for."""
    ways = [
        ([(x, 500) for x in range(-2000, 5001, 500)], {"highway": "residential", "name": "High Street"}),
        ([(1000, 500), (1000, 900), (1500, 900)], {"highway": "footway", "surface": "gravel", "lit": "yes"}),
        (square(1200, 600, 80), {"leisure": "playground", "access": "yes"}),
        (square(1800, 600, 60), {"amenity": "library", "name": "Town Library", "building": "yes"}),
        ([(-9000, -2000), (12000, -2000)], {"natural": "coastline"}),
        ([(500, -2500), (600, -2900)], {"route": "ferry", "name": "Water taxi"}),
        ([(0, 2000), (3000, 2100)], {"railway": "rail"}),
        (square(-1500, 1000, 900), {}),
        (square(-1200, 1300, 200), {}),
        (square(4200, -1500, 400), {"natural": "water"}),
        (square(1000, 1000, 50), {"building": "yes"}),
    ]
    nodes = [
        ((2000, 500), {"leisure": "playground", "name": "Swings"}),
        ((500, 700), {"place": "town", "name": "Town", "population": "12000"}),
        ((12_000, 700), {"place": "city", "name": "City"}),
        ((700, 520), {"amenity": "pub", "name": "The Fox"}),
    ]
    path = osm_file(ways, nodes, WOOD)
    gate = re.compile(r'(<node id="1015" [^>]*>)')  # the first corner of the footpath off the street
    path.write_text(gate.sub(r'\1<tag k="barrier" v="kissing_gate"/><tag k="lit" v="no"/>', path.read_text()))
    return path


@pytest.fixture
def main(service, extract):
    """The main server has the town; its mirrors have nothing."""
    answering = fake.Overpass(extract)
    service.on(fake.MAIN, answering)
    return answering


def kept_of(path):
    return {
        (one.type_str(), one.id): (
            {tag.k: tag.v for tag in one.tags},
            [n.ref for n in one.nodes] if one.is_way() else (),
        )
        for one in osmium.FileProcessor(str(path))
    }


def test_the_answers_are_an_extract_like_any_other(client, main, extract, tmp_path):
    out = tmp_path / "town.osm.pbf"
    said = overpass.get_streets(client, TOWN, out, today=DAY)
    assert "30 January 2026, 06:00 UTC, by Overpass" in said
    assert vintage(out) == "2026-01-30"
    order = [("nwr".index(one.type_str()), one.id) for one in osmium.FileProcessor(str(out))]
    assert order == sorted(set(order))
    kept = kept_of(out)
    assert kept[("w", 2)][0] == {"highway": "footway", "surface": "gravel", "lit": "yes"}
    assert kept[("n", 1015)][0] == {"barrier": "kissing_gate", "lit": "no"}
    assert ("w", 11) not in kept  # a house is nobody's walk
    frame, around = shapely.box(*TOWN.buffer(3_000).bounds), TOWN.buffer(3_000)
    for read in (
        lambda path: read_streets(path).ways,
        lambda path: read_streets(path).barriers,
        lambda path: read_play_spaces(path).table,
        lambda path: read_venues(path).table,
        lambda path: read_gazetteer(path, around=around),
        lambda path: read_ferries(path, around=around),
        lambda path: read_labels(path, frame=frame),
        lambda path: (
            read_backdrop(path, outline=TOWN, frame=frame, view=shapely.box(*TOWN.buffer(20_000).bounds)).table
        ),
    ):
        theirs, ours = read(extract), read(out)
        assert len(ours)
        if isinstance(ours, gpd.GeoDataFrame):
            assert ours.geometry.geom_equals_exact(theirs.geometry, 0.05).all()
        drop = [column for column in ("geometry", "source_date") if column in ours]
        pd.testing.assert_frame_equal(ours.drop(columns=drop), theirs.drop(columns=drop), atol=0.01)


def test_the_question(client, service, main, tmp_path):
    overpass.get_streets(client, TOWN, tmp_path / "town.osm.pbf", today=DAY)
    (asked,) = service.asked_for(fake.MAIN)
    assert (asked.method, asked.headers["user-agent"][:9]) == ("POST", "Pramshed/")
    assert asked["data"].startswith('[out:json][timeout:300][maxsize:1073741824];(way["highway"](poly:"5')
    assert asked["data"].endswith(";);(._;>;);out body qt;")
    assert overpass.window_ask(overpass.Window.around(TOWN), server=fake.MAIN, today=DAY).patience > 300


def test_the_shape_is_plain_and_leaves_nothing_out():
    angle = np.linspace(0, 2 * np.pi, 1_200, endpoint=False)
    far = 9_000 + 1_500 * np.sin(40 * angle) + 200 * np.sin(250 * angle)
    outline = shapely.Polygon(np.column_stack([WEST + far * np.cos(angle), NORTH + far * np.sin(angle)]))
    outline = outline.difference(shapely.Point(WEST, NORTH).buffer(4_000))
    walked = overpass.Window.around(outline).walked
    assert shapely.get_num_coordinates(walked) <= overpass.MOST_CORNERS
    assert walked.contains(outline.buffer(3_000, quad_segs=4))


def test_a_busy_server_is_asked_three_times_half_a_minute_apart(client, clock, service, main, tmp_path):
    service.on(fake.MAIN, fake.TOO_OFTEN, fake.TOO_BUSY_200, main)
    began = clock.now
    overpass.get_streets(client, TOWN, tmp_path / "town.osm.pbf", today=DAY)
    assert len(service.asked_for(fake.MAIN)) == 3
    assert clock.now - began >= 60


def test_a_mirror_answers_where_the_main_server_does_not(client, service, main, tmp_path):
    service.on(fake.MAIN, fake.TOO_BUSY)
    service.on(overpass.SERVERS[2], main)
    (got,) = overpass.get_answers(client, overpass.Window.around(TOWN), today=DAY)
    assert len(service.asked_for(fake.MAIN)) == 3
    assert got.receipt.url.endswith("overpass.kumi.systems/api/interpreter")
    assert got.receipt.edition == main.stamp


@pytest.mark.parametrize("remark", [fake.TIMED_OUT, fake.NO_MEMORY])
def test_what_is_too_much_is_asked_in_quarters(client_of, service, extract, tmp_path, remark):
    whole, quartered, again = (tmp_path / f"{name}.osm.pbf" for name in ("whole", "quartered", "again"))
    service.on(fake.MAIN, fake.Overpass(extract))
    overpass.get_streets(client_of(cache=tmp_path / "other"), TOWN, whole, today=DAY)
    service.on(fake.MAIN, fake.Overpass(extract, most=36, remark=remark))
    overpass.get_streets(client_of(), TOWN, quartered, today=DAY)
    assert kept_of(quartered) == kept_of(whole)
    asked = len(service.asked)
    assert asked > 5
    overpass.get_streets(client_of(), TOWN, again, today=DAY)  # nor is the whole asked for once more
    assert (len(service.asked), kept_of(again)) == (asked, kept_of(whole))


def test_a_large_authority_is_asked_in_quarters_at_once(client, service, main, tmp_path, monkeypatch):
    monkeypatch.setattr(overpass, "LARGEST_M2", 40e6)
    overpass.get_streets(client, TOWN, tmp_path / "town.osm.pbf", today=DAY)
    assert len(service.asked_for(fake.MAIN)) == 4


def test_an_answer_that_is_too_large_for_us_is_asked_in_quarters(client, service, main, tmp_path, monkeypatch):
    monkeypatch.setattr(overpass, "LARGEST_ANSWER", 5_000)
    overpass.get_streets(client, TOWN, tmp_path / "town.osm.pbf", today=DAY)
    assert len(service.asked_for(fake.MAIN)) == 5


def test_too_much_to_the_end(client, service, extract, tmp_path):
    service.on(fake.MAIN, fake.Overpass(extract, most=0))
    with pytest.raises(ServiceError, match="even a small part too much"):
        overpass.get_streets(client, TOWN, tmp_path / "town.osm.pbf", today=DAY)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (fake.page("line 2: parse error: ';' expected - 'out' found.", 400), "';' expected - 'out' found"),
        (fake.Answer(b"Not Acceptable", status=406), "set PRAMSHED_CONTACT"),
        (b'{"version": 0.6, "elements": [', "an answer that breaks off"),
        (b'{"version": 0.6, "remark": "runtime error: disk full", "elements": []}', "only a part"),
        (b'{"elements": []}', "found other JSON"),
        (b"<!DOCTYPE html><html><title>Sign in</title></html>", "an HTML page"),
    ],
)
def test_what_is_no_answer_is_refused_in_a_line(client, service, tmp_path, answer, words):
    for server in overpass.SERVERS:
        service.on(server, answer)
    with pytest.raises(ServiceError, match=words) as caught:
        overpass.get_streets(client, TOWN, tmp_path / "town.osm.pbf", today=DAY)
    assert "\n" not in str(caught.value)
    assert list(tmp_path.glob("*.osm.pbf")) == []


def test_data_that_are_older_than_a_month_give_way_to_a_mirrors(client, service, extract, main, tmp_path):
    service.on(fake.MAIN, fake.Overpass(extract, stamp="2025-11-22T06:00:00Z"))
    service.on(overpass.SERVERS[1], main)
    assert "30 January 2026" in overpass.get_streets(client, TOWN, tmp_path / "town.osm.pbf", today=DAY)


def test_an_answer_with_a_way_that_is_none(file, tmp_path):
    answer = file('{"osm3s": {"timestamp_osm_base": "2026-01-30T06:00:00Z"}, "elements": [{"type": "way"}]}', "a.json")
    with pytest.raises(InputError, match="KeyError"):
        write_extract([answer], tmp_path / "out.osm.pbf")
    assert not (tmp_path / "out.osm.pbf").exists()


def test_the_local_overpass_answers_as_overpass_does(main):
    assert asked(main, "[out:json];way(1);out;", agent="python-requests/2.32").status == 406
    assert b"';' expected - 'out;' found." in asked(main, '[out:json];way["highway"](0,0,1,1)out;').body
    here = '(way["natural"="coastline"](40,-20,60,20);way["railway"](40,-20,60,20);'
    kinds = [
        json.loads(asked(main, f"[out:json];{here}{rest}out body qt;").body) for rest in (");", ">;);", ");(._;>;);")
    ]
    counts = [Counter(one["type"] for one in answer["elements"]) for answer in kinds]
    # within brackets ">" looks below the last statement only
    assert counts == [{"way": 2}, {"way": 2, "node": 2}, {"way": 2, "node": 4}]


def asked(main, question, agent="A (b)"):
    return main(Asked("POST", "/", {}, {"data": question}, {"user-agent": agent}))
