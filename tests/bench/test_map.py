"""How long a reader of the map waits: the server's part of a new question, and the pieces it is made of."""

from __future__ import annotations

from itertools import cycle

import pytest
import shapely

from data.place import SAMPLE, Place
from geo.access import nearest
from geo.profiles import PROFILES
from geo.street_minutes import street_minutes
from layers.answers.catchment import catchment_of
from layers.answers.question import Question, answer, ground, sites_of
from layers.answers.signposts import Signposts
from layers.answers.walk_card import walk_card
from layers.answers.walks import walks_from
from layers.cache.walks import LIMITS
from layers.maps import webmap
from layers.maps.scene import values_json, walk_bytes
from tests.layers.conftest import open_app

RYDE, SPOT = "20004", shapely.Point(458_931, 91_682)


@pytest.fixture(scope="module")
def island():
    """The bundled place, its ground for a pram and the sites that count."""
    place, question = Place.open(SAMPLE / "isle_of_wight"), Question()
    return place, ground(place, question.walker), sites_of(place, question)


@pytest.mark.benchmark(group="the walk of every street (27,939), and its bytes")
def test_every_street(benchmark, island):
    place, on, sites = island
    rows = len(place.segments())
    benchmark(lambda: walk_bytes(street_minutes(nearest(on.network, sites), rows)))


@pytest.mark.benchmark(group="the walk of every street (27,939), and its bytes")
def test_every_neighbourhood(benchmark, island):
    """What the map was coloured by before: the whole answer of areas."""
    place, on, _ = island
    benchmark(lambda: answer(place, Question(), on=on))


@pytest.mark.benchmark(group="a card")
def test_a_route(benchmark, island):
    _, on, sites = island
    benchmark(lambda: walks_from(on.network, sites, SPOT))


@pytest.mark.benchmark(group="a card")
def test_a_spot(benchmark, island):
    """The nearest two sites of each of three walkers, the way in words, a play space."""
    place, _, sites = island
    networks = {key: ground(place, profile).network for key, profile in PROFILES.items()}
    asked = {"profile": "buggy", "where": "Here", "play": place.play_spaces()}
    signposts = Signposts.of(place)
    benchmark(lambda: walk_card(SPOT, networks, sites, signposts, **asked))


@pytest.mark.benchmark(group="a card")
def test_a_catchment(benchmark, island):
    _, on, sites = island
    benchmark(lambda: catchment_of(on, Question(), sites, RYDE, LIMITS))


@pytest.fixture(scope="module")
def explore():
    """Explore, opened, its map drawn as text; all walkers' streets are open."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(webmap, "show", lambda scene, **_: values_json(scene) and None)
        at = open_app(place="isle-of-wight")
        for who in PROFILES:
            at.radio(key="who").set_value(who).run()
        yield at


@pytest.mark.benchmark(group="Explore asked something new: the server's part")
@pytest.mark.parametrize(("key", "values"), [("minutes", (20, 15)), ("who", ("adult", "buggy"))], ids=str)
def test_a_question(benchmark, explore, key, values):
    control = {"minutes": lambda: explore.select_slider(key=key), "who": lambda: explore.radio(key=key)}[key]
    turn = cycle(values)
    benchmark(lambda: control().set_value(next(turn)).run())


@pytest.mark.benchmark(group="Explore asked something new: the server's part")
@pytest.mark.parametrize("drawn", ["streets", "areas"])
def test_a_layer(benchmark, explore, drawn):
    """Streets, and neighbourhoods as every map had them before."""
    explore.pills(key="drawn").set_value(drawn).run()
    turn = cycle(("gap", "walk"))
    benchmark(lambda: explore.pills(key="layer").set_value(next(turn)).run())
