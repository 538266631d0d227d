"""Answers, worked out once for all readers, read-only: who can walk, who lost that, what a change does."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from geo import single_closure
from geo.access import nearest, reach_from
from geo.children_drawn import Drawn, children_drawn
from geo.profiles import ADULT, BUGGY, profile_named
from geo.scenario import ways_of
from geo.street_minutes import street_minutes
from layers.answers import comparison, coverage, ledger, need_classes, over_time, totals, uncertainty
from layers.answers import question as ask
from layers.answers.beside_centres import beside_centres
from layers.answers.losses import Losses
from layers.cache.keys import resource
from layers.cache.marks import marks_in, state
from layers.cache.places import areas, centres, ground, parts, segments
from layers.files import tables
from layers.maps.scene import walk_bytes
from layers.maps.site_markers import markers as markers_of

if TYPE_CHECKING:
    from datetime import date

    import geopandas as gpd
    import pandas as pd

    from data.place import Place
    from geo.access import Nearest
    from geo.need import NeedWeights
    from geo.scenario import Change, WayChange
    from layers.maps.scene import Marker


def sites(place: Place, question: ask.Question) -> gpd.GeoDataFrame:
    """The sites that count."""
    return _sites(place, _where(question))


def _where(question: ask.Question) -> ask.Question:
    """What of a question decides the sites."""
    return walked(replace(question, profile="buggy"))


@resource(max_entries=64)
def _sites(place: Place, question: ask.Question) -> gpd.GeoDataFrame:
    return ask.sites_of(place, question, marks_in(place.card.key, state(question.community)))


def markers(place: Place, question: ask.Question) -> tuple[Marker, ...]:
    """The sites that count, as they stand on the map."""
    return _markers(place, _where(question))


@resource(max_entries=64)
def _markers(place: Place, question: ask.Question) -> tuple[Marker, ...]:
    return markers_of(_sites(place, question))


def markers_beside(place: Place, question: ask.Question) -> tuple[Marker, ...]:
    """What does not count, as it stands on the map: network sites, planned openings, centres nobody can walk to."""
    return _markers_beside(place, replace(_where(question), community=None, reading="best"))


@resource(max_entries=64)
def _markers_beside(place: Place, question: ask.Question) -> tuple[Marker, ...]:
    every = centres(place)
    return markers_of(beside_centres(every, question)) + markers_of(_unreached(place, question))


def unreached(place: Place, question: ask.Question) -> gpd.GeoDataFrame:
    """The centres that would count if anybody could walk to them."""
    return _unreached(place, replace(_where(question), community=None))


@resource(max_entries=64)
def _unreached(place: Place, question: ask.Question) -> gpd.GeoDataFrame:
    return coverage.unreached_on(centres(place), question)


@resource(max_entries=48)
def answer(place: Place, question: ask.Question) -> ask.Answer:
    """The answer to a question; the walk is found once for all thresholds and weights."""
    on, needs = ground(place, question.profile), needs_of(place, question)
    reach = _reach(place, walked(question))
    found = ask.gaps_on(on, reach, question, needs=needs)
    return ask.Answer(question, on, sites(place, question), reach, found)


@resource(max_entries=48)
def _reach(place: Place, question: ask.Question) -> pd.DataFrame:
    on = ground(place, question.profile)
    return reach_from(on.network, on.snaps, on.origins["area_code"], sites(place, question))


@resource(max_entries=48)
def drawn(place: Place, question: ask.Question) -> Drawn:
    """How much of the answer hangs on where in its neighbourhood each child lives."""
    return children_drawn(answer(place, question).gaps)


@resource(max_entries=48)
def area_table(place: Place, question: ask.Question) -> gpd.GeoDataFrame:
    """The answer as a table of areas, the largest gap first."""
    return tables.area_table(answer(place, question))


def part_totals(place: Place, question: ask.Question, which: str) -> pd.DataFrame:
    """The answer for every ward or town, the most under-fives beyond the threshold first.

    Parameters
    ----------
    which
        One of `layers.cache.places.parts`.
    """
    return _part_totals(place, question.unweighed, which)


@resource(max_entries=24)
def _part_totals(place: Place, question: ask.Question, which: str) -> pd.DataFrame:
    return totals.totals(answer(place, question), parts(place)[which])


def bounds(place: Place, question: ask.Question) -> uncertainty.Bounds | None:
    """What is uncertain on the question's day, and how far the answer may be off."""
    either = _either_way(place, walked(question))
    return None if either is None else either.bounds(question.minutes)


@resource(max_entries=64)
def _either_way(place: Place, question: ask.Question) -> uncertainty.EitherWay | None:
    marks = marks_in(place.card.key, state(question.community))
    return uncertainty.either_way(place, ground(place, question.profile), question, marks)


def counted_said(place: Place, question: ask.Question) -> str:
    """How many sites count on the question's day, and as what, in a sentence."""
    return _counted_said(place, _where(question))


@resource(max_entries=64)
def _counted_said(place: Place, question: ask.Question) -> str:
    return uncertainty.counted_said(_sites(place, question), question)


def days(place: Place) -> list[date]:
    """The days of the place's time line."""
    return _days(place, ask.today())


@resource(max_entries=16)
def _days(place: Place, day: date) -> list[date]:  # noqa: ARG001 (once a day)
    return over_time.days_of(centres(place))


def through_time(place: Place, question: ask.Question) -> pd.DataFrame:
    """Under-fives beyond the threshold on each of those days."""
    asked = replace(question.unweighed, day=ask.today(), changes=(), community=None)
    return _through_time(place, asked)


@resource(max_entries=24, show_spinner="Going through the years…")
def _through_time(place: Place, question: ask.Question) -> pd.DataFrame:
    return over_time.through_time(centres(place), ground(place, question.profile), question, days(place))


@resource(max_entries=24, show_spinner="Working out what was lost…")
def closures(place: Place, question: ledger.LedgerQuestion) -> ledger.LedgerAnswer:
    """The closure ledger."""
    return ledger.answer_ledger(place, ground(place, question.profile), question)


@resource(max_entries=24)
def losses(place: Place, question: ledger.LedgerQuestion) -> Losses:
    """The ledger as its page tells it."""
    return Losses.of(closures(place, question), ground(place, question.profile))


@resource(max_entries=24)
def ledger_table(place: Place, question: ledger.LedgerQuestion) -> gpd.GeoDataFrame:
    """The ledger as a table to export."""
    return ledger.ledger_table(closures(place, question))


def what_if(place: Place, question: ask.Question, changes: tuple[Change, ...]) -> comparison.Compared:
    """The answer with some changes beside the answer without."""
    return _what_if(place, replace(question, changes=(), community=None), changes)


@resource(max_entries=48)
def _what_if(place: Place, question: ask.Question, changes: tuple[Change, ...]) -> comparison.Compared:
    ways = ways_of(changes)
    return comparison.compare(
        answer(place, question),
        nearest_sites(place, question),
        centres(place),
        changes,
        needs=needs_of(place, question),
        then=_ground_after(place, question.profile, ways) if ways else None,
    )


@resource(max_entries=6, show_spinner="Changing the streets…")
def _ground_after(place: Place, profile: str, changes: tuple[WayChange, ...]) -> tuple[ask.Ground, tuple[str, ...]]:
    return ask.ground_after(ground(place, profile), segments(place), changes)


def street_walks(place: Place, question: ask.Question) -> bytes:
    """The walk from every street, a byte a segment (`layers.maps.scene.walk_bytes`)."""
    return _street_walks(place, unweighed(question))


@resource(max_entries=48)
def _street_walks(place: Place, question: ask.Question) -> bytes:
    return walk_bytes(street_minutes(to_sites(place, question), len(segments(place))))


def to_sites(place: Place, question: ask.Question) -> Nearest:
    """From every junction the way to the nearest site that counts."""
    return _to_sites(place, unweighed(question))


@resource(max_entries=32)
def _to_sites(place: Place, question: ask.Question) -> Nearest:
    return nearest(ground(place, question.profile).network, sites(place, question))


def pram_streets(place: Place, question: ask.Question) -> bytes:
    """How much longer the way from every street is with a pram than without, at its pace; a byte a segment."""
    return _pram_streets(place, unweighed(question))


@resource(max_entries=24)
def _pram_streets(place: Place, question: ask.Question) -> bytes:
    keys, rows = (with_pram(question), ADULT.key), len(segments(place))
    pram, alone = (street_minutes(to_sites(place, replace(question, profile=key)), rows) for key in keys)
    slower = profile_named(keys[1]).speed_kmh / profile_named(keys[0]).speed_kmh
    with np.errstate(invalid="ignore"):  # where neither has a way there is nothing to compare
        return walk_bytes(np.maximum(pram - alone * slower, 0))


def with_pram(question: ask.Question) -> str:
    """The profile whose walk is set beside an adult's."""
    return BUGGY.key if question.profile == ADULT.key else question.profile


def nearest_sites(place: Place, question: ask.Question) -> Nearest:
    """The same with every centre that may yet come in its place, so that a change need not start over."""
    return _nearest_sites(place, unweighed(question))


@resource(max_entries=24)
def _nearest_sites(place: Place, question: ask.Question) -> Nearest:
    return nearest(ground(place, question.profile).network, sites(place, question), among=centres(place).index)


def walked(question: ask.Question) -> ask.Question:
    """What of a question decides the walk, whatever is made of it: neither threshold nor weights."""
    return replace(question.unweighed, minutes=15.0)


def unweighed(question: ask.Question, *, minutes: float = 15.0) -> ask.Question:
    """The same of the place as it is, without the question's changes."""
    return replace(question.unweighed, minutes=minutes, changes=())


def needs_of(place: Place, question: ask.Question) -> pd.DataFrame:
    """The need of each area, its class by the thirds that the question goes by."""
    return _needs(place, question.weights, question.thirds)


@resource(max_entries=24)
def _needs(place: Place, weights: NeedWeights, thirds: str) -> pd.DataFrame:
    return need_classes.needs_of(areas(place), weights, thirds)


def depends(place: Place, question: ask.Question) -> pd.DataFrame:
    """What depends on each of the sites that count, the most first."""
    return _depends(place, question.unweighed)


@resource(max_entries=24)
def _depends(place: Place, question: ask.Question) -> pd.DataFrame:
    found = answer(place, question)
    known = found.ground.counted_reach(found.reach)
    measured = np.zeros(len(found.sites), bool)
    measured[found.ground.network.doors(found.sites.geometry.to_numpy()).site] = True
    return single_closure.depends_on(
        known, found.ground.origins, found.sites, minutes=question.minutes, measured=measured
    )


def one_closure_away(place: Place, question: ask.Question) -> pd.Series[str]:
    """What became of each area if its main site closed."""
    return single_closure.one_closure_away(_without_main_site(place, walked(question)), minutes=question.minutes)


@resource(max_entries=24)
def _without_main_site(place: Place, question: ask.Question) -> pd.DataFrame:
    return single_closure.without_main_site(ground(place, question.profile).homes, _reach(place, question))
