"""Community spaces in the walk: which marks count, as what, and the number checked by a second program."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from data.place import Place
from geo import tables
from geo.errors import RequestError
from geo.sites import MARK_KINDS
from geo.whole import whole
from layers.answers import community_sites, new_sites, uncertainty
from layers.answers.area_card import area_card
from layers.answers.question import Question, answer, ground, sites_of
from layers.answers.summary import tell
from layers.maps import mark_markers
from tests.data.store import public_marks
from tests.geo.by_scipy import Walks
from tests.layers.conftest import ISLAND

DAY = date(2026, 6, 1)
FAR = shapely.Point(436_000, 86_000)
"""Freshwater, by the road: the nearest centre is more than a quarter of an hour away."""
STREET = shapely.LineString([(458_100, 81_200), (458_300, 81_400)])


@pytest.fixture(scope="module")
def island():
    return Place.open(ISLAND)


@pytest.fixture(scope="module")
def marks():
    drafts = [
        public_marks.draft("meeting_place", FAR, name="Freshwater hall"),
        public_marks.draft("peer_group", shapely.Point(458_200, 81_300), languages=("pl", "ar")),
        public_marks.draft("drop_in", shapely.Point(450_200, 89_200), name="Advice", languages=("ar",)),
        public_marks.draft("play_space", STREET, name="Play street"),
        public_marks.draft("barrier", shapely.Point(450_210, 89_200), name="Steps"),
        public_marks.draft("missing_crossing", shapely.Point(450_220, 89_200)),
        public_marks.draft("other", shapely.Point(436_010, 86_000), name="Laundry"),
    ]
    return public_marks.table_of(drafts, homes=1)


@pytest.fixture
def asked():
    return Question(day=DAY, community=7)


def beyond(found):
    return found.gaps["under5_beyond"].sum()


def beyond_by_scipy(on, points, minutes=15.0):
    """Under-fives beyond the threshold of the nearest of some sites."""
    walks = Walks(on.network, on.snaps, gpd.GeoDataFrame(geometry=points, crs=27700))
    cost = walks.to_nearest(np.arange(len(points)))
    return (on.counted_children * (cost > on.network.cost_of(minutes))).sum()


# --- what counts -------------------------------------------------------------------------------------------------------


def test_kinds_that_count(marks):
    assert list(community_sites.counting(marks, "centres")["kind"]) == ["meeting_place", "peer_group", "drop_in"]
    assert list(community_sites.counting(marks, "play")["kind"]) == ["play_space"]
    assert community_sites.counting(marks, "sites.csv").empty


def test_homes_never_count(marks):
    assert (marks["homes"] > 0).sum() == 1
    for kind in MARK_KINDS:
        homes = marks.assign(kind=kind, homes=3)
        assert all(community_sites.counting(homes, to).empty for to in ("centres", "play"))
        assert community_sites.hosts(homes).empty


@pytest.mark.parametrize(("to", "kind"), [("centres", "community"), ("play", "play_space")])
def test_as_sites_they_keep_the_contract(marks, to, kind):
    sites = community_sites.as_sites(marks, to)
    tables.check(tables.Sites, sites, "marks")
    assert set(sites["kind"]) == {kind}
    assert set(sites.index) <= set(marks.index)
    assert sites["source"].str.contains("approved 1 March 2026").all()


def test_a_street_to_play_in_is_a_site_with_an_area(marks):
    (street,) = community_sites.as_sites(marks, "play").geometry
    assert street.geom_type == "Polygon"
    assert street.area == pytest.approx(2 * STREET.length, rel=0.02)


def test_a_mark_without_a_name_is_called_what_it_is(marks):
    assert community_sites.called(marks.iloc[1]) == "Peer-support group of Mums & friends"
    assert community_sites.called(marks.iloc[1].replace({"Mums & friends": ""})) == "Peer-support group"
    assert community_sites.called(marks.iloc[5]) == "Missing crossing"


@pytest.mark.parametrize("to", ["centres", "play"])
def test_beside_official_sites_columns_and_types_stay(island, marks, to):
    official = sites_of(island, Question(day=DAY, to=to))
    both = community_sites.beside(official, marks, to)
    assert both.dtypes.to_dict() == official.dtypes.to_dict()
    assert list(both.index[: len(official)]) == list(official.index)
    assert both.index.is_unique
    assert community_sites.beside(official, marks.iloc[:0], to) is official


def test_who_is_owed(marks):
    assert community_sites.credits_of(marks) == (
        "Community marks: Mums & friends.",
        "Community marks published by this dashboard's moderators, the latest on 1 March 2026.",
    )
    assert community_sites.credits_of(marks.iloc[:0]) == ()
    assert "no group is named" in community_sites.credits_of(marks.iloc[:1])[0]


# --- both numbers ------------------------------------------------------------------------------------------------------


def test_both_numbers_as_another_program_counts_them(island, marks, asked):
    on = ground(island, asked.walker)
    official = answer(island, replace(asked, community=None), on=on)
    both = answer(island, asked, marks, on=on)
    centres = list(official.sites.geometry)
    added = list(community_sites.counting(marks, "centres").geometry)
    assert beyond(official) == pytest.approx(beyond_by_scipy(on, centres), abs=1e-6)
    assert beyond(both) == pytest.approx(beyond_by_scipy(on, centres + added), abs=1e-6)
    assert beyond(both) < beyond(official) - 100


def test_it_is_the_answer_of_a_file_with_the_same_places(island, marks, asked, tmp_path):
    official = answer(island, replace(asked, community=None))
    points = pd.concat([official.sites.geometry, community_sites.counting(marks, "centres").geometry])
    path = tmp_path / "all.geojson"
    features = [
        {"type": "Feature", "properties": {"site_id": name}, "geometry": shapely.geometry.mapping(point)}
        for name, point in points.items()
    ]
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::27700"}}
    path.write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": features}), "utf-8")
    own, both = answer(island, replace(asked, community=None, to=str(path))), answer(island, asked, marks)
    pd.testing.assert_frame_equal(own.reach, both.reach)


def test_a_play_street_by_another_program(island, marks, asked):
    on = ground(island, asked.walker)
    both = answer(island, replace(asked, to="play"), marks, on=on)
    shapes = [*island.play_spaces().geometry, STREET.buffer(community_sites.LINE_HALF_M)]
    assert beyond(both) == pytest.approx(beyond_by_scipy(on, shapes), abs=1e-6)


@pytest.mark.parametrize("counting", ["listed", "full"])
def test_they_join_whatever_counts_officially(island, marks, asked, counting):
    question = replace(asked, counting=counting)
    official = sites_of(island, replace(question, community=None))
    assert list(sites_of(island, question, marks).index) == [
        *official.index, *community_sites.counting(marks, "centres").index,
    ]  # fmt: skip


def test_they_count_on_every_day_as_streets_and_families_do(island, marks, asked):
    then = replace(asked, day=date(2012, 1, 1))
    assert set(community_sites.counting(marks, "centres").index) < set(sites_of(island, then, marks).index)


def test_of_equally_near_ones_the_official_site_is_taken(island, marks, asked):
    official = answer(island, replace(asked, community=None))
    twin = marks.iloc[[0]].set_geometry([official.sites.geometry.iloc[0]], crs=marks.crs)
    both = answer(island, asked, twin)
    assert (both.reach["site_id"] == official.sites.index[0]).sum() == (
        official.reach["site_id"] == official.sites.index[0]
    ).sum()


def test_the_marks_must_be_there(island, marks, asked, tmp_path):
    with pytest.raises(RequestError, match="marks are needed"):
        answer(island, asked)
    own = tmp_path / "own.csv"
    own.write_text("name,easting,northing\nHall,450014,89065\n", "utf-8")
    with pytest.raises(RequestError, match="beside children's centres or play spaces"):
        answer(island, replace(asked, to=str(own)), marks)


def test_what_cannot_be_placed_in_time_is_counted_with_them_both_ways(island, marks, asked):
    centres = island.centres()
    closed = centres.index == "20004"  # on no known day, so it may have served or not
    doubtful = centres.assign(status=centres["status"].mask(closed, "closed"), source_date=pd.Timestamp("2026-07-01"))
    place, on = SimpleNamespace(centres=lambda: doubtful), ground(island, asked.walker)
    found = uncertainty.bounds_of(place, on, asked, marks)
    added = list(community_sites.counting(marks, "centres").geometry)
    for reading, without in ((found.at_least, []), (found.at_most, ["20004"])):
        points = list(centres.drop(without).geometry) + added
        assert reading == whole(beyond_by_scipy(on, points))
    alone = uncertainty.bounds_of(place, on, replace(asked, community=None))
    assert found.at_most < alone.at_most


# --- in words ----------------------------------------------------------------------------------------------------------


def test_the_walk_says_so(asked):
    assert asked.walk.to == "a children's centre or a community space"
    assert replace(asked, counting="full").walk.to == "a full children's centre or a community space"
    assert replace(asked, to="play").walk.to == "a play space (community ones included)"
    assert replace(asked, community=None).walk.to == "a children's centre"


def test_a_command_tells_both(island, marks, asked):
    told = tell(island, replace(asked, community=None), community_sites.Published(7, marks))
    official = beyond(answer(island, replace(asked, community=None)))
    assert told.said[0] == (
        f"Under-fives beyond 15 minutes: {official:,.0f} with official sites only, {beyond(told.found):,.0f} with "
        "3 community spaces."
    )
    assert told.said[1] == "Data: register of January 2026, streets of April 2020, children of 2020."
    assert "also 3 community spaces, as they are today" in told.said[2]
    assert "or a community space" in told.about
    assert told.attributions[-2:] == community_sites.credits_of(community_sites.counting(marks, "centres"))
    assert tell(island, replace(asked, community=None)).attributions == island.card.attributions


def test_the_card_names_the_space(island, marks, asked):
    both = answer(island, asked, marks)
    area = both.gaps.index[both.gaps["site_id"] == marks.index[0]][0]
    assert dict(area_card(both, area, island.card).facts)["Nearest"].startswith("Freshwater hall, ")


def test_spaces_are_candidates_for_a_new_centre(island, marks, asked):
    question = replace(asked, community=None)
    found = new_sites.answer_siting(
        island, question, k=2, objective="cover", candidates="marks", time_limit_s=5, marks=marks
    )
    assert set(found.candidates.index) == set(community_sites.hosts(marks).index)
    assert set(new_sites.siting_table(found)["kind"]) == {"community space"}
    with pytest.raises(RequestError, match="we know of no community spaces"):
        new_sites.answer_siting(island, question, k=2, objective="cover", candidates="marks", time_limit_s=5)


def test_what_the_map_says(marks):
    drawn = {marker.id: marker for marker in mark_markers.markers(marks)}
    assert set(drawn) == set(marks.index[marks["homes"] == 0])
    assert [drawn[name].shape for name in marks.index[:7]] == [
        "community", "community", "community", "play", "barrier", "crossing", "noted",
    ]  # fmt: skip
    assert drawn[marks.index[1]].lines == (
        "Peer-support group", "languages: Arabic, Polish", "put on the map by Mums & friends, approved 1 March 2026",
    )  # fmt: skip
    square, street = sorted(mark_markers.outlines(marks), key=lambda one: not one.closed)
    assert square.lines == ("3 homes of peer supporters, somewhere in grid square SZ 49 89",)
    assert street.lines[0] == "Play street"


@pytest.mark.parametrize(
    ("at", "square"),
    [((449_820, 89_310), "SZ 49 89"), ((530_000, 180_000), "TQ 30 80"), ((429_999, 434_000), "SE 29 34")],
)
def test_grid_squares_as_the_ordnance_survey_calls_them(at, square):
    assert mark_markers.grid_square(*at) == square


def test_all_that_may_be_said_is_said():
    full = public_marks.table_of([public_marks.draft(name="Hall", **public_marks.FULL)])
    said = mark_markers.table(full).iloc[0]
    assert said["when"] == "Mon, Wed, 09:30 to 11:30, in term time only"
    assert said["ages"] == "before birth, under 1, 1 and 2"
    assert said["languages"] == "English, Arabic, Kurdish Sorani"
    facts = dict(mark_markers.facts(full.iloc[0]))
    assert facts["Toilets"] == "Yes, with a place to change nappies"
    assert "Put on the map by" not in facts
    week = full.iloc[0].replace({"mon,wed": "mon,tue,wed,thu,fri,sat,sun"})
    assert mark_markers.when(week).startswith("every day, ")
