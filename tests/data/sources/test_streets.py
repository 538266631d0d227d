"""Streets from an extract: what is taken, what is broken, what is refused."""

from __future__ import annotations

import gzip

import numpy as np
import pytest

from data.sources.streets import read_streets, vintage
from geo.errors import InputError
from geo.network import segments_from

EXTRACT = """<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6">
<node id="9000000001" version="1" lat="50.700" lon="-1.300"/>
<node id="2" version="1" lat="50.701" lon="-1.300"><tag k="barrier" v="stile"/></node>
<node id="3" version="1" lat="50.702" lon="-1.300"/>
<node id="5" version="1" lat="50.704" lon="-1.300"/>
<node id="6" version="1" lat="50.705" lon="-1.300"/>
<node id="7" version="1" lat="50.800" lon="-1.200"><tag k="barrier" v="gate"/></node>
<way id="11" version="1"><nd ref="9000000001"/><nd ref="2"/><nd ref="3"/><nd ref="4"/><nd ref="5"/><nd ref="6"/>
 <tag k="highway" v="cycleway"/><tag k="ramp:wheelchair" v="no"/><tag k="name" v="&lt;b&gt;"/></way>
<way id="12" version="1"><nd ref="3"/><nd ref="5"/><tag k="highway" v="motorway"/></way>
<way id="13" version="1"><nd ref="3"/><nd ref="5"/><tag k="building" v="yes"/></way>
</osm>
"""


@pytest.fixture
def extract(file):
    return file(EXTRACT, "streets.osm")


def test_ways_with_their_tags_and_nodes(extract):
    read = read_streets(extract)
    assert read.ways["way_id"].tolist() == [11]  # no motorway, no building
    assert read.ways.loc[0, ["highway", "ramp:wheelchair"]].tolist() == ["cycleway", "no"]
    assert read.ways.loc[0, "foot"] is None
    np.testing.assert_allclose(read.lat[read.node[:3]], [50.700, 50.701, 50.702])
    np.testing.assert_allclose(read.lon[read.node[:3]], [-1.3, -1.3, -1.3])


def test_a_way_is_broken_at_the_missing_node(extract):
    read = read_streets(extract)
    assert (read.node < 0).tolist() == [False, False, False, True, False, False]
    assert segments_from(read)["length_mm"].sum() == pytest.approx(3 * 111_195, abs=60)  # three steps of 0.001 degrees


def test_a_node_that_comes_after_its_way_is_not_lost(file):
    node = '<node id="3" version="1" lat="50.702" lon="-1.300"/>\n'
    read = read_streets(file(EXTRACT.replace(node, "").replace("</osm>", node + "</osm>"), "late.osm"))
    assert (read.node < 0).tolist() == [False, False, False, True, False, False]
    np.testing.assert_allclose(read.lat[read.node[2]], 50.702)


def test_barriers_are_those_on_ways(extract):
    read = read_streets(extract)
    assert read.barriers["barrier"].tolist() == ["stile"]  # the gate stands on no street
    assert read.lat[read.barriers["node"]].tolist() == pytest.approx([50.701])


def test_streets_beyond_the_bounds_are_left_out(extract):
    read = read_streets(extract, bounds=(-1.4, 50.6995, -1.2, 50.7025))
    assert len(read.lon) == 3
    assert (read.node < 0).tolist() == [False, False, False, True, True, True]
    with pytest.raises(InputError, match="found none there; expected streets within"):
        read_streets(extract, bounds=(0, 51, 1, 52))


def test_a_packed_file_is_the_same(extract, tmp_path):
    path = tmp_path / "streets.osm.gz"
    path.write_bytes(gzip.compress(extract.read_bytes()))
    assert read_streets(path).node.tolist() == read_streets(extract).node.tolist()


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (EXTRACT.replace("highway", "waterway"), "a.osm", "expected ways tagged highway"),
        (EXTRACT[:700], "a.osm", "expected a whole OpenStreetMap extract"),
        ("", "a.osm", "expected"),
        ("<html>", "a.osm", "expected a whole OpenStreetMap extract"),
        ("streets", "a.osm.pbf", "expected a whole OpenStreetMap extract"),
        (EXTRACT.replace('lat="50.702"', 'lat="north"'), "a.osm", "expected a whole OpenStreetMap extract"),
        ("streets", "a.xyz", "expected a whole OpenStreetMap extract"),
        (EXTRACT.replace('node id="', 'node id="99'), "a.osm", "expected the nodes of its ways"),
    ],
)
def test_what_is_no_extract_is_refused(file, refused, content, name, words):
    refused(read_streets, file(content, name), words)


def test_a_missing_file_and_a_folder_are_refused(tmp_path, refused):
    refused(read_streets, tmp_path / "nowhere.osm.pbf", "no such file")
    refused(read_streets, tmp_path, "no such file")


@pytest.mark.real
def test_the_islands_extract(real):
    path = real / "isle-of-wight" / "isle-of-wight_2020-04-22.osm.pbf"
    read = read_streets(path)
    assert vintage(path) == "2020-04-22"
    assert len(read.ways) == 22_440
    assert (read.ways["highway"] == "steps").sum() == 369
    assert (read.ways["highway"] == "cycleway").sum() == 141
    assert (read.node >= 0).all()
    assert read.barriers["barrier"].value_counts()[["stile", "kissing_gate"]].tolist() == pytest.approx(
        [641, 145], abs=6
    )


@pytest.mark.real
def test_leeds_extract(real):
    path = real / "leeds" / "streets_2022-07.osm.pbf"
    read = read_streets(path)
    assert vintage(path) is None
    assert len(read.ways) == 37_462
    assert (read.ways["highway"] == "steps").sum() == 807
    assert len(read.barriers) == 0
