"""One extract of a window, cut out of several: whole ways and areas, each thing once."""

from __future__ import annotations

import osmium
import pytest

from data.sources.extracts import cut
from data.sources.osm import read_tagged
from geo.errors import InputError

WINDOW = (-1.5, 53.5, -1.3, 53.7)


def extract(path, nodes, ways, relations="", day=""):
    """OpenStreetMap XML from nodes {id: (lon, lat, tags)} and ways {id: (nodes, tags)}."""
    said = lambda tags: "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())  # noqa: E731
    lines = [f'<node id="{n}" lon="{x}" lat="{y}">{said(tags)}</node>' for n, (x, y, tags) in sorted(nodes.items())]
    lines += [
        f'<way id="{n}">{"".join(f"<nd ref={ref!r}/>" for ref in map(str, refs))}{said(tags)}</way>'.replace("'", '"')
        for n, (refs, tags) in sorted(ways.items())
    ]
    path.write_text(f'<osm version="0.6">{"".join(lines)}{relations}</osm>', encoding="utf-8")
    return path


def ids(path, kind):
    return [thing.id for thing in osmium.FileProcessor(str(path), kind)]


STREET, WOOD = {"highway": "residential"}, {"natural": "wood"}
SHARED = {3: (-1.4, 53.6, {"barrier": "gate"}), 4: (-1.39, 53.6, {})}


@pytest.fixture
def counties(tmp_path):
    """Two counties: a street that both have, one each, and things far from the window that are wanted all the same."""
    west = extract(
        tmp_path / "west.osm",
        SHARED | {
            1: (-1.6, 53.6, {}), 2: (-1.45, 53.6, {}), 5: (-2.6, 53.6, {}), 6: (-2.5, 53.6, {}),
            7: (-2.0, 53.6, {"place": "town", "name": "Farville"}), 8: (-2.0, 53.6, {"amenity": "pub"}),
            9: (-1.44, 53.6, {"amenity": "pub"}), 10: (-2.5, 53.4, {}), 11: (-1.41, 53.65, {}), 12: (-1.2, 53.8, {}),
        },
        {
            1: ([1, 2, 3], STREET), 2: ([3, 4], STREET), 4: ([5, 6], STREET), 5: ([6, 10], {"natural": "coastline"}),
            6: ([11, 12], {}), 7: ([12, 10, 11], {}),
        },
        '<relation id="1"><member type="way" ref="6" role="outer"/><member type="way" ref="7" role="outer"/>'
        '<tag k="type" v="multipolygon"/><tag k="natural" v="wood"/></relation>',
    )  # fmt: skip
    east = extract(
        tmp_path / "east.osm",
        SHARED | {20: (-1.35, 53.6, {}), 21: (-1.2, 53.6, {})},
        {2: ([3, 4], STREET), 3: ([4, 20, 21], STREET)},
    )
    return west, east


def test_counties_are_joined_at_their_border(counties, tmp_path):
    out = tmp_path / "window.osm.pbf"
    cut(counties, WINDOW, out)
    # the far street and pub stay out; the coast, the town, and the far side of a wood that reaches in do not
    assert ids(out, osmium.osm.WAY) == [1, 2, 3, 5, 6, 7]
    assert ids(out, osmium.osm.NODE) == [1, 2, 3, 4, 6, 7, 9, 10, 11, 12, 20, 21]
    assert [node.tags.get("barrier") for node in osmium.FileProcessor(str(out), osmium.osm.NODE) if node.id == 3] == [
        "gate"
    ]
    woods = read_tagged(out, tags=[("natural", "wood")], keys=("name",))
    assert (woods.fields["osm_id"].tolist(), woods.shapeless) == (["relation/1"], [])
    by_other = tmp_path / "other.osm.pbf"
    cut(counties[::-1], WINDOW, by_other)
    assert ids(by_other, osmium.osm.NODE) == ids(out, osmium.osm.NODE)


def test_a_way_that_leaves_the_extract_is_kept_as_far_as_it_goes(tmp_path):
    path = extract(tmp_path / "cut.osm", {1: (-1.4, 53.6, {}), 2: (-1.39, 53.6, {})}, {1: ([1, 2, 99], STREET)})
    cut([path], WINDOW, tmp_path / "out.osm.pbf")
    assert ids(tmp_path / "out.osm.pbf", osmium.osm.NODE) == [1, 2]


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda path: path.write_bytes(path.read_bytes()[:300]), "data that breaks off"),
        (lambda path: path.unlink(), "no such file"),
    ],
)
def test_a_damaged_county_is_named(counties, tmp_path, spoil, said):
    spoil(counties[1])
    with pytest.raises(InputError, match=said) as fault:
        cut(counties, WINDOW, tmp_path / "out.osm.pbf")
    assert fault.value.source == str(counties[1])
