"""Who lives within a walk of a peer-support group, and the best room for the next one, checked by a second program."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from data.place import Place
from geo.profiles import profile_named
from geo.whole import whole
from layers.answers import peer_support
from layers.answers.peer_support import PeerQuestion
from layers.answers.question import ground
from tests.data.store import public_marks
from tests.geo.by_scipy import Walks
from tests.layers.conftest import ISLAND

DRAFTS = [
    public_marks.draft("peer_group", shapely.Point(458_200, 81_300), name="Friends", languages=("pl", "ar")),
    public_marks.draft("drop_in", shapely.Point(450_200, 89_200), name="Advice", languages=("ar", "fa")),
    public_marks.draft("peer_group", shapely.Point(436_000, 86_000), name="West"),
    public_marks.draft("meeting_place", shapely.Point(459_300, 92_100), name="Ryde hall", languages=("ar",)),
    public_marks.draft("barrier", shapely.Point(450_200, 89_200), name="Steps"),
]


@pytest.fixture(scope="module")
def island():
    return Place.open(ISLAND)


@pytest.fixture(scope="module")
def on(island):
    return ground(island, profile_named("buggy"))


@pytest.fixture(scope="module")
def marks():
    return public_marks.table_of(DRAFTS, homes=2)


def walked(on, shapes):
    """Cost of the walk from each home to the nearest of some points."""
    walks = Walks(on.network, on.snaps, gpd.GeoDataFrame(geometry=list(shapes), crs=27700))
    return walks.to_nearest(np.arange(len(shapes)))


@pytest.mark.parametrize(
    ("language", "names"),
    [(None, ["Friends", "Advice", "West"]), ("ar", ["Friends", "Advice"]), ("pl", ["Friends"]), ("fa", ["Advice"])],
)
def test_groups_in_a_language_and_never_homes(marks, language, names):
    assert list(peer_support.groups_of(marks, language)["name"]) == names


def test_a_language_is_a_whole_code(marks):
    assert peer_support.groups_of(marks.assign(languages="ckb"), "ck").empty


@pytest.mark.parametrize(("language", "minutes"), [(None, 15.0), ("ar", 15.0), ("pl", 30.0)])
def test_people_within_the_walk_as_another_program_counts_them(on, marks, language, minutes):
    found = peer_support.peer_reach(on, marks, PeerQuestion(language=language, minutes=minutes))
    near = walked(on, found.groups.geometry) <= on.network.cost_of(minutes)
    for name in peer_support.PEOPLE:
        people = on.origins[name].to_numpy(float)
        assert found.people.loc[name, "within"] == whole(people[near & on.counted].sum())
        assert found.people.loc[name, "total"] == whole(people[on.counted].sum())
        beyond = found.areas[f"{name}_beyond"].sum()
        assert beyond == pytest.approx(people[~near & on.counted].sum(), abs=1e-4)


def test_the_sentence(on, marks):
    found = peer_support.peer_reach(on, marks, PeerQuestion(language="pl"))
    under5 = found.people.loc["under5"]
    said = peer_support.said(found)
    assert said.startswith(f"{under5['within']:,.0f} of {under5['total']:,.0f} under-fives, ")
    assert said.endswith(
        "live within 15 minutes' walk of a peer-support group or a drop-in in Polish (1 on this map), for families "
        "with a pram."
    )


def test_without_a_group_nobody_is_within_and_it_says_so(on, marks):
    found = peer_support.peer_reach(on, marks, PeerQuestion(language="ur"))
    assert (found.people["within"] == 0).all()
    assert found.areas["minutes_median"].isna().all()
    assert peer_support.said(found) == "There is no peer-support group or a drop-in in Urdu on this map yet."


def test_what_nobody_has_counted_is_not_nought(on, marks):
    blind = on.origins.assign(born_outside_uk=np.nan)
    found = peer_support.peer_reach(replace(on, origins=blind), marks, PeerQuestion())
    assert found.people.loc["born_outside_uk"].isna().all()
    assert found.areas["born_outside_uk_beyond"].isna().all()
    assert "born outside" not in peer_support.said(found)


class TestTheNextHost:
    """Where one more group would reach most people."""

    @pytest.fixture(scope="class")
    @classmethod
    def near(cls, island, on, marks):
        """Which homes are within the walk of each room, by the second program; rooms by their index."""
        rooms = peer_support.candidates(island, marks, marks.iloc[:0])
        cost = Walks(on.network, on.snaps, rooms).to_each()
        return pd.DataFrame(cost <= on.network.cost_of(PeerQuestion().minutes), rooms.index)

    @pytest.mark.parametrize(("language", "each"), [("ar", ("under5", "born_outside_uk")), ("ur", ("under5",))])
    def test_nothing_gives_more_than_the_first(self, island, on, marks, near, language, each):
        question = PeerQuestion(language=language)
        groups = peer_support.groups_of(marks, language)
        hosts = peer_support.candidates(island, marks, groups)
        limit = on.network.cost_of(question.minutes)
        now = walked(on, groups.geometry) if len(groups) else np.full(len(on.origins), limit + 1)
        within = near.loc[hosts.index].to_numpy()
        for whom in each:
            best = peer_support.best_hosts(on, groups, hosts, question, whom=whom)
            people = np.where(on.counted & (now > limit), on.origins[whom].to_numpy(float), 0.0)
            gives = pd.Series(within @ people, hosts.index)
            assert best["gives"].iloc[0] == pytest.approx(gives.max(), abs=1e-6), whom
            for name, value in best["gives"].items():
                assert value == pytest.approx(gives[name], abs=1e-6), whom
            left = gives.copy()
            for name in best.index:  # one after the other, each time the best that is not beside one that is named
                assert left[name] == pytest.approx(left.max(), abs=1e-6), whom
                left = left[hosts.geometry[left.index].distance(hosts.geometry[name]) >= peer_support.APART_M]

    def test_candidates_are_rooms_without_such_a_group(self, island, marks):
        groups = peer_support.groups_of(marks, "ar")
        hosts = peer_support.candidates(island, marks, groups)
        assert not set(hosts.index) & set(groups.index)
        assert set(hosts["kind"]) == {"centre", "marks", "library", "community_centre", "school", "place_of_worship"}
        assert set(hosts.loc[hosts["kind"] == "marks", "name"]) == {"Ryde hall", "West"}
        assert not hosts.index.str.startswith("square").any()

    def test_none_if_nobody_is_beyond(self, island, on, marks):
        groups = peer_support.groups_of(marks, None)
        hosts = peer_support.candidates(island, marks, groups)
        blind = on.origins.assign(under5=0.0)
        nobody = replace(on, origins=blind)
        assert peer_support.best_hosts(nobody, groups, hosts, PeerQuestion(), whom="under5").empty

    def test_the_table_is_in_words(self, island, on, marks):
        groups = peer_support.groups_of(marks, "ar")
        best = peer_support.best_hosts(
            on, groups, peer_support.candidates(island, marks, groups), PeerQuestion(), whom="under5"
        )
        table = peer_support.host_table(best)
        assert list(table.index) == list(best.index)
        assert len(table) == 3
        assert not table["kind"].isna().any()
