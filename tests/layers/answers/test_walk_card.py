"""The card of a spot: the walks of the table, why a pram goes round, and where the spot is."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
import shapely

from data.place import Place
from geo.access import reach_from
from geo.profiles import PROFILES
from layers.answers.by_ferry import on_answer
from layers.answers.question import Question, answer, ground, sites_of
from layers.answers.signposts import Signposts
from layers.answers.spots import Spot, area_of, box_around, name_of
from layers.answers.walk_card import walk_card
from tests.layers.conftest import ISLAND


@pytest.fixture(scope="module")
def island():
    return Place.open(ISLAND)


@pytest.fixture(scope="module")
def grounds(island):
    return {key: ground(island, profile) for key, profile in PROFILES.items()}


@pytest.fixture(scope="module")
def tables(island, grounds):
    """The walk of every home, for each walker."""
    sites = sites_of(island, Question())
    return {
        key: reach_from(on.network, on.snaps, on.origins["area_code"], sites)[["site_id", "minutes", "metres"]]
        for key, on in grounds.items()
    }


@pytest.fixture(scope="module")
def card_of(island, grounds):
    sites, signposts = sites_of(island, Question()), Signposts.of(island)
    networks = {key: on.network for key, on in grounds.items()}

    def make(point, profile="buggy"):
        return walk_card(point, networks, sites, signposts, profile=profile, where="Here")

    return make


@pytest.fixture(scope="module")
def round_about(tables):
    """The home from which a pram's way is longest beside an adult's to the same site."""
    pram, adult = tables["buggy"], tables["adult"]
    more = (pram["metres"] - adult["metres"]).where(pram["site_id"] == adult["site_id"])
    return more.idxmax(), more.max()


def test_each_row_is_the_walk_of_the_table(grounds, tables, card_of):
    rng = np.random.default_rng(3)
    for name in rng.choice(tables["buggy"]["minutes"].dropna().index, 5, replace=False):
        card = card_of(grounds["buggy"].origins.geometry[name])
        said = {who: text for who, text in card.rows if who != "next nearest"}
        for key, profile in PROFILES.items():
            row = tables[key].loc[name]
            time = "over an hour" if row["minutes"] > 60 else f"about {row['minutes']:.0f} minute"
            assert time in said[profile.label], name
            assert said[profile.label].endswith(f", {row['metres']:,.0f} m"), name
        walked = [float(one.split(" m ", 1)[0].replace(",", "")) for one in card.way if one[0].isdecimal()]
        assert sum(walked) == pytest.approx(tables["buggy"].loc[name, "metres"], abs=len(walked))


def test_why_a_pram_goes_round(grounds, round_about, card_of):
    name, more = round_about
    card = card_of(grounds["buggy"].origins.geometry[name])
    assert more > 200
    assert any(note.startswith(f"An adult alone has a way that is {more:,.0f} m shorter. It ") for note in card.notes)
    (_, mine), (said, alone) = card.routes
    assert said.startswith("An adult alone: ")
    assert mine.length - alone.length == pytest.approx(more, rel=5e-3, abs=1)
    assert len(card_of(grounds["buggy"].origins.geometry[name], "adult").routes) == 1


def test_steps_are_named_on_the_way_of_who_takes_them(grounds, round_about, card_of):
    """Whatever a pram goes round here, an adult's card names it."""
    name, _ = round_about
    pram, adult = (card_of(grounds["buggy"].origins.geometry[name], who) for who in ("buggy", "adult"))
    told = next(note for note in pram.notes if note.startswith("An adult alone has"))
    kinds = [kind for kind in ("steps", "stile", "kissing gate") if kind in told]
    assert kinds
    assert all(kind in " ".join(adult.notes) for kind in kinds)


def test_where_a_pram_has_no_way_the_others_are_told(grounds, tables, card_of):
    """Nobody reads "no way" of a place from which an adult alone can walk."""
    stuck = tables["buggy"]["minutes"].isna() & tables["adult"]["minutes"].notna()
    name = stuck.idxmax()
    assert stuck[name]
    card = card_of(grounds["buggy"].origins.geometry[name])
    assert (PROFILES["buggy"].label, "no way on foot") in card.rows
    adult = next(text for who, text in card.rows if who == PROFILES["adult"].label)
    assert adult.endswith(f", {tables['adult']['metres'][name]:,.0f} m")
    why, has = card.notes
    assert why == "From here families with a pram have no way to any site that counts; an adult alone has one."
    assert has.startswith("It has 2 stiles ")
    assert [said for said, _ in card.routes] == [f"An adult alone: {adult.split(', ', 1)[1]}"]


def test_no_streets_and_no_way(card_of):
    card = card_of(shapely.Point(440_000, 70_000))
    assert (card.rows, card.way, card.routes) == ((), (), ())
    assert card.notes == ("There is no street data within 250 m of here, so the walk is not known.",)


def test_where_a_spot_is(island):
    ryde = Spot(459_180, 92_656)
    assert name_of(island, ryde) == "Near Ryde Post Office"
    assert area_of(island, ryde) == "E01017337"
    sea = Spot(440_000, 70_000)
    assert name_of(island, sea) == "Grid reference 440000, 70000"
    assert area_of(island, sea) is None


def test_a_map_shows_the_spot_and_the_whole_way():
    west, south, east, north = box_around(Spot(1000, 1000), shapely.LineString([(1000, 1000), (3000, 1200)]))
    assert (west, south, east, north) == (650, 650, 3000, 1350)


def test_a_ferry_that_would_be_shorter_is_told_and_not_walked(island, card_of):
    """The next nearest centre is over the river, where the chain ferry goes."""
    card = card_of(island.origins().geometry["PO326SL"])
    assert card.rows[1] == ("next nearest", "East Newport Children's Centre, over an hour, 8,182 m")
    assert card.notes[-1] == (
        "With the ferry Cowes Floating Bridge (Chain Ferry) it is 1,366 m on foot and the crossing to Cowes Children's "
        "Centre. No ferry is part of any walk here."
    )


def test_an_answer_says_for_how_many_a_ferry_would_be_shorter(island, grounds):
    found = answer(island, Question(), on=grounds["buggy"])
    assert on_answer(found, island.ferries()) == ()  # either bank has a centre
    on, sites = grounds["buggy"], found.sites.drop(index="21020")  # East Cowes
    reach = reach_from(on.network, on.snaps, on.origins["area_code"], sites)
    (told,) = on_answer(replace(found, sites=sites, reach=reach), island.ferries())
    assert re.match(
        r"For about \d+ under-fives the ferry .*Floating Bridge.* would shorten the walk by a third or more, ", told
    )
