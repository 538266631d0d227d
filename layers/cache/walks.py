"""The walk from one place and the reach of one site, worked out once for all readers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely

from geo.access import nearest
from geo.ferries import Searches, to_landing
from geo.profiles import PROFILES
from geo.street_minutes import street_minutes
from layers.answers import by_ferry, catchment, spots, walk_card
from layers.answers.place_names import names_of
from layers.answers.signposts import Signposts
from layers.cache.answers import answer, sites, to_sites, unweighed, what_if
from layers.cache.keys import resource
from layers.cache.places import ground, segments
from layers.maps.scene import walk_bytes

if TYPE_CHECKING:
    from data.place import Place
    from geo.access import Nearest
    from geo.scenario import Change
    from layers.answers.catchment import Catchment
    from layers.answers.question import Question
    from layers.answers.spots import Spot
    from layers.answers.walk_card import WalkCard

LIMITS = (5.0, 10.0, 15.0, 20.0, 30.0)
"""Minutes within which the reach of a site is told."""


@resource(max_entries=8, show_spinner="Putting the names in order…")
def names(place: Place) -> list[str]:
    """What can be found by name, as it is offered while one types."""
    return list(dict.fromkeys(names_of(place).label))


def walks_from(place: Place, question: Question, spot: Spot) -> WalkCard:
    """The walks from a spot, of every kind of walker."""
    return _walks_from(place, unweighed(question), spot.easting, spot.northing)


@resource(max_entries=4)
def signposts(place: Place) -> Signposts:
    """By what the walks of a place are told."""
    return Signposts(segments(place), place.street_parts(), place.waypoints(), place.ferries())


@resource(max_entries=64)
def _walks_from(place: Place, question: Question, easting: int, northing: int) -> WalkCard:
    spot = spots.Spot(easting, northing)
    return walk_card.walk_card(
        spot.point,
        {key: ground(place, key).network for key in PROFILES},
        sites(place, question),
        signposts(place),
        profile=question.profile,
        where=spots.name_of(place, spot),
        play=place.play_spaces() if question.to == "centres" else None,
    )


def ferries_told(place: Place, question: Question) -> tuple[str, ...]:
    """For how many under-fives a ferry would make the walk much shorter."""
    return _ferries_told(place, unweighed(question))


@resource(max_entries=64)
def _ferries_told(place: Place, question: Question) -> tuple[str, ...]:
    searches = Searches(
        lambda: to_sites(place, question), lambda shore: _to_landing(place, question.profile, shore.x, shore.y)
    )
    return by_ferry.on_answer(answer(place, question), place.ferries(), searches)


@resource(max_entries=24)
def _to_landing(place: Place, profile: str, easting: float, northing: float) -> Nearest:
    return to_landing(ground(place, profile).network, shapely.Point(easting, northing))


@resource(max_entries=64)
def ferries_told_of(place: Place, question: Question, changes: tuple[Change, ...]) -> tuple[str, ...]:
    """The same with some changes; the question is without."""
    return by_ferry.on_answer(what_if(place, question, changes).after, place.ferries())


def reach_of(place: Place, question: Question, site_id: str) -> Catchment:
    """The reach of a site, within each of `LIMITS`."""
    return _reach_of(place, unweighed(question, minutes=question.minutes), site_id)


@resource(max_entries=32)
def _reach_of(place: Place, question: Question, site_id: str) -> Catchment:
    return catchment.catchment_of(ground(place, question.profile), question, sites(place, question), site_id, LIMITS)


def streets_to(place: Place, question: Question, site_id: str) -> bytes:
    """The walk from every street to one site, a byte a segment (`layers.maps.scene.walk_bytes`)."""
    return _streets_to(place, unweighed(question), site_id)


@resource(max_entries=32)
def _streets_to(place: Place, question: Question, site_id: str) -> bytes:
    state = nearest(ground(place, question.profile).network, sites(place, question).loc[[site_id]])
    return walk_bytes(street_minutes(state, len(segments(place))))
