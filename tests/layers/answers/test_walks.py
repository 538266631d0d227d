"""The walk from one point: what is said of it, and its pieces."""

from __future__ import annotations

import re

import geopandas as gpd
import pytest

from data.place import Place
from geo.errors import RequestError
from geo.profiles import PROFILES
from layers.answers.question import Question, ground, sites_of
from layers.answers.signposts import Signposts
from layers.answers.walks import ask, site_named, walks_from
from layers.answers.way_pieces import ROUGH, STEPS, STRAIGHT, stretches
from tests.layers.conftest import ISLAND

MINUTES = re.compile(r"From (.*), (.*) walk ([\d.]+) minutes \(([\d,]+) m\) to (.*)\.")


@pytest.fixture(scope="module")
def island():
    return Place.open(ISLAND)


@pytest.fixture(scope="module")
def sites(small_place):
    return sites_of(small_place, Question())


def test_the_walk_is_that_of_the_table(small_place, sites):
    """From the first postcode of the small authority: the centre stands at its door."""
    question = Question(profile="adult")
    found = ask(small_place, question, sites, "TW1 1AB")
    assert MINUTES.fullmatch(found.said[0]).groups() == (
        "TW1 1AB", "adults on their own", "10.0", "798", "Western Children's Centre",
    )  # fmt: skip
    on = ground(small_place, question.walker)
    table = walks_from(on.network, sites, on.origins.loc["TW1 1AB"].geometry)
    assert [walk.minutes for walk in table] == [found.walks[0].minutes, found.walks[1].minutes]
    assert found.said[1].startswith("The next nearest is Eastern <b>Link</b>: ")
    assert len(found.said) == 2, "an adult is not compared with an adult"


def test_who_walks_with_a_pram_reads_how_far_it_is_without(small_place, sites):
    """A kissing gate stands between the middle and the eastern site: with a pram there is no way."""
    said = ask(small_place, Question(), sites, "TW1 2AA").said
    assert said[0].startswith("From TW1 2AA, families with a pram walk ")
    assert said[-1] == "Adults on their own walk 17.5 minutes (1,396 m)."
    alone = ask(small_place, Question(), sites, "TW1 2AA", "eastern")
    assert alone.walks == ()
    assert alone.said == ("No way on foot is mapped from TW1 2AA to that site.",)
    assert ask(small_place, Question(profile="adult"), sites, "TW1 2AA", "20002").walks[0].name == "Eastern <b>Link</b>"


def test_a_long_walk_is_over_an_hour(island):
    """The metres say how much; the table has the minutes."""
    question = Question(profile="adult")
    said = ask(island, question, sites_of(island, question), "PO33 2LF").said
    assert said[1] == "The next nearest is East Cowes Children's Centre: over an hour (9,865 m)."


def test_far_from_every_street(small_place, sites):
    assert ask(small_place, Question(), sites, "TW1 2AB").said == ("There is no street data within 250 m of TW1 2AB.",)


@pytest.mark.parametrize(
    ("text", "name"),
    [("Cowes", "Cowes Children's Centre"), ("east cowes", "East Cowes Children's Centre"), ("20004", "Ryde Children's Centre"),
     ("RYDE CHILDRENS CENTRE", "Ryde Children's Centre")],
)  # fmt: skip
def test_a_site_by_its_name_or_number(island, text, name):
    assert site_named(text, island.centres())["name"].tolist() == [name]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "Newport",
            "'Newport' may be more than one site (East Newport Children's Centre; West Newport Children's Centre)",
        ),
        ("Leeds", "no site that counts is called 'Leeds'; there are Cowes Children's Centre; East Cowes"),
    ],
)
def test_a_name_that_says_too_little_or_nothing(island, text, said):
    with pytest.raises(RequestError) as fault:
        site_named(text, island.centres())
    assert said in str(fault.value)


def test_its_pieces_are_the_walk(island):
    """Steps, rough ground and the legs beside the streets are pieces of their own; all of them add up."""
    ways, signposts, centres = set(), Signposts.of(island), island.centres()
    homes = island.origins().geometry.iloc[::1000]
    for key in ("buggy", "adult"):
        network = island.network(PROFILES[key])
        for point in homes:
            for walk in walks_from(network, centres, point):
                found = stretches(walk, signposts)
                assert isinstance(found, gpd.GeoDataFrame)
                assert found.index.tolist() == list(range(1, len(found) + 1))
                assert found["metres"].sum() == pytest.approx(walk.metres, abs=0.01)
                assert found["minutes"].sum() == pytest.approx(walk.minutes, abs=0.01)
                kind = found[["way", "street", "surface"]].fillna("")
                assert (kind != kind.shift()).any(axis=1).all(), (
                    "neighbouring streets of one kind and name are one piece"
                )
                assert found.geometry.length.to_numpy() == pytest.approx(found["metres"].to_numpy(), rel=4e-3, abs=0.1)
                for before, after in zip(found.geometry, found.geometry[1:], strict=False):
                    assert before.distance(after) < 0.01
                ways |= {(key, way) for way in found["way"]}
    assert {("adult", STEPS), ("buggy", ROUGH), ("buggy", STRAIGHT), ("adult", "main road")} <= ways
    assert ("adult", ROUGH) not in ways
