"""The only caches: keyed by small frozen things, bounded, shared by all readers."""

from __future__ import annotations

import hashlib
import re
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import streamlit as st

from data.place import CARD, LOCAL, SAMPLE, Place, open_places
from geo import opportunity, single_closure, siting
from geo.access import Nearest, nearest, reach_from
from geo.gaps import gaps
from geo.need import NeedWeights, need
from geo.profiles import profile_named
from geo.scenario import ways_of
from layers import certainty, export, history, ledger, sited, whatif
from layers import question as ask
from layers.losses import Losses
from layers.outlines import PLACES, gain_classes, is_written, streets_to_draw, write_gains, write_geometry
from layers.sites import markers as markers_of
from settings import Settings

if TYPE_CHECKING:
    from datetime import date

    import geopandas as gpd

    from geo.errors import InputError
    from geo.scenario import Change, WayChange
    from layers.webmap import Marker


SITING_SECONDS = 10.0
"""How long the search for the best new sites may take, for each number of them; it mostly takes a moment."""

DOCS = Path(__file__).resolve().parents[1] / "docs"


def settings() -> Settings:
    """The settings of this deployment."""
    return _settings()


@st.cache_resource
def _settings() -> Settings:
    return Settings()


def places() -> dict[str, Place]:
    """The places that can be opened; new ones appear without a restart."""
    return dict(_places(_cards())[0])


def faults() -> tuple[InputError, ...]:
    """What is wrong with the places that cannot be opened."""
    return _places(_cards())[1]


def _cards() -> tuple[tuple[str, int, int], ...]:
    """What changes when a place comes, goes or is built anew: each card's address, time and size."""
    cards = []
    for path in sorted(path for folder in _folders() for path in folder.glob(f"[!.]*/{CARD}")):
        with suppress(FileNotFoundError):  # replaced by a build at this very moment
            seen = path.stat()
            cards.append((str(path), seen.st_mtime_ns, seen.st_size))
    return tuple(cards)


def _folders() -> tuple[Path, ...]:
    extra = settings().places
    return SAMPLE, LOCAL, *([extra] if extra else [])


@st.cache_resource(max_entries=4, show_spinner=False)
def _places(cards: tuple[tuple[str, int, int], ...]) -> tuple[dict[str, Place], tuple[InputError, ...]]:  # noqa: ARG001
    return open_places(_folders())


def stamp(place: Place) -> str:
    """What changes whenever a place is built anew."""
    return hashlib.sha256((place.folder / CARD).read_bytes()).hexdigest()


@st.cache_resource(max_entries=6, show_spinner="Opening the streets…")
def _ground(folder: str, of: str, profile: str) -> ask.Ground:  # noqa: ARG001 (the stamp is part of the key)
    return ask.ground(Place.open(Path(folder)), profile_named(profile))


def sites(place: Place, question: ask.Question) -> gpd.GeoDataFrame:
    """The sites that count."""
    return _sites(*_key(place), _where(question))


def _key(place: Place) -> tuple[str, str]:
    return str(place.folder), stamp(place)


def _where(question: ask.Question) -> ask.Question:
    """What of a question decides the sites."""
    return replace(question, profile="buggy", minutes=15, weights=NeedWeights())


@st.cache_resource(max_entries=64, show_spinner=False)
def _sites(folder: str, of: str, question: ask.Question) -> gpd.GeoDataFrame:  # noqa: ARG001
    place = Place.open(Path(folder))
    return ask.sites_of(place, question, _marks_of(place.card.key, question.community))


def _marks_of(key: str, number: int | None) -> gpd.GeoDataFrame | None:
    """The published marks at a revision; none without one."""
    if number is None:
        return None
    from layers import cached_marks  # noqa: PLC0415 (it stands on this module; the store is slow to load, too)

    return cached_marks.marks(key, number)


def markers(place: Place, question: ask.Question) -> tuple[Marker, ...]:
    """The sites that count, as they stand on the map."""
    return _markers(*_key(place), _where(question))


@st.cache_resource(max_entries=64, show_spinner=False)
def _markers(folder: str, of: str, question: ask.Question) -> tuple[Marker, ...]:
    return markers_of(_sites(folder, of, question))


def answer(place: Place, question: ask.Question) -> ask.Answer:
    """The answer to a question, read-only; the walk is found once for all thresholds and weights."""
    return _answer(*_key(place), question)


@st.cache_resource(max_entries=48, show_spinner=False)
def _answer(folder: str, of: str, question: ask.Question) -> ask.Answer:
    on = _ground(folder, of, question.profile)
    walked = _reach(folder, of, replace(question, minutes=15, weights=NeedWeights()))
    found = gaps(on.areas, on.origins, walked, walk=question.walk, weights=question.weights, homes=on.homes)
    return ask.Answer(question, on, _sites(folder, of, _where(question)), walked, found)


@st.cache_resource(max_entries=48, show_spinner=False)
def _reach(folder: str, of: str, question: ask.Question) -> pd.DataFrame:
    on = _ground(folder, of, question.profile)
    return reach_from(on.network, on.snaps, on.origins["area_code"], _sites(folder, of, _where(question)))


def area_table(place: Place, question: ask.Question) -> gpd.GeoDataFrame:
    """The answer as a table of areas, the largest gap first, read-only."""
    return _area_table(*_key(place), question)


@st.cache_resource(max_entries=48, show_spinner=False)
def _area_table(folder: str, of: str, question: ask.Question) -> gpd.GeoDataFrame:
    return export.area_table(_answer(folder, of, question))


def centres(place: Place) -> gpd.GeoDataFrame:
    """Every centre and hub that the place knows of, whatever became of it, read-only."""
    return _centres(*_key(place))


@st.cache_resource(max_entries=8, show_spinner=False)
def _centres(folder: str, of: str) -> gpd.GeoDataFrame:  # noqa: ARG001
    return Place.open(Path(folder)).centres()


def bounds(place: Place, question: ask.Question) -> certainty.Bounds | None:
    """What is uncertain on the question's day, and how far the answer may be off."""
    return _bounds(*_key(place), replace(question, weights=NeedWeights()))


@st.cache_resource(max_entries=64, show_spinner=False)
def _bounds(folder: str, of: str, question: ask.Question) -> certainty.Bounds | None:
    place = Place.open(Path(folder))
    marks = _marks_of(place.card.key, question.community)
    return certainty.bounds_of(place, _ground(folder, of, question.profile), question, marks)


def days(place: Place) -> list[date]:
    """The days of the place's time line."""
    return history.days_of(centres(place))


def through_time(place: Place, question: ask.Question) -> pd.DataFrame:
    """Under-fives beyond the threshold on each of those days, read-only."""
    asked = replace(question, weights=NeedWeights(), day=ask.today(), changes=(), community=None)
    return _through_time(*_key(place), asked)


@st.cache_resource(max_entries=24, show_spinner="Going through the years…")
def _through_time(folder: str, of: str, question: ask.Question) -> pd.DataFrame:
    known = _centres(folder, of)
    return history.through_time(known, _ground(folder, of, question.profile), question, history.days_of(known))


def closures(place: Place, question: ledger.LedgerQuestion) -> ledger.LedgerAnswer:
    """The closure ledger, read-only."""
    return _closures(*_key(place), question)


@st.cache_resource(max_entries=24, show_spinner="Working out what was lost…")
def _closures(folder: str, of: str, question: ledger.LedgerQuestion) -> ledger.LedgerAnswer:
    return ledger.answer_ledger(Place.open(Path(folder)), _ground(folder, of, question.profile), question)


def losses(place: Place, question: ledger.LedgerQuestion) -> Losses:
    """The ledger as its page tells it, read-only."""
    return _losses(*_key(place), question)


@st.cache_resource(max_entries=24, show_spinner=False)
def _losses(folder: str, of: str, question: ledger.LedgerQuestion) -> Losses:
    return Losses.of(_closures(folder, of, question), _ground(folder, of, question.profile))


def ground(place: Place, profile: str) -> ask.Ground:
    """The place for a profile, read-only."""
    return _ground(*_key(place), profile)


def what_if(place: Place, question: ask.Question, changes: tuple[Change, ...]) -> whatif.Compared:
    """The answer with some changes beside the answer without."""
    return _what_if(*_key(place), replace(question, changes=(), community=None), changes)


@st.cache_resource(max_entries=48, show_spinner=False)
def _what_if(folder: str, of: str, question: ask.Question, changes: tuple[Change, ...]) -> whatif.Compared:
    before = _answer(folder, of, question)
    state = _state(folder, of, _unweighed(question))
    needs, ways = _needs(folder, of, question.weights), ways_of(changes)
    then = _ground_after(folder, of, question.profile, ways) if ways else None
    return whatif.compare(before, state, _centres(folder, of), changes, needs=needs, then=then)


@st.cache_resource(max_entries=6, show_spinner="Changing the streets…")
def _ground_after(
    folder: str, of: str, profile: str, changes: tuple[WayChange, ...]
) -> tuple[ask.Ground, tuple[str, ...]]:
    return ask.ground_after(_ground(folder, of, profile), _segments(folder, of), changes)


@st.cache_resource(max_entries=3, show_spinner=False)
def _segments(folder: str, of: str) -> gpd.GeoDataFrame:  # noqa: ARG001
    return Place.open(Path(folder)).segments()


@st.cache_resource(max_entries=24, show_spinner=False)
def _state(folder: str, of: str, question: ask.Question) -> Nearest:
    on, every = _ground(folder, of, question.profile), _centres(folder, of)
    return nearest(on.network, _sites(folder, of, _where(question)), among=every.index)


@st.cache_resource(max_entries=24, show_spinner=False)
def _needs(folder: str, of: str, weights: NeedWeights) -> pd.DataFrame:
    return need(_areas(folder, of), weights=weights)


@st.cache_resource(max_entries=8, show_spinner=False)
def _areas(folder: str, of: str) -> gpd.GeoDataFrame:  # noqa: ARG001
    return Place.open(Path(folder)).areas()


def depends(place: Place, question: ask.Question) -> pd.DataFrame:
    """What depends on each of the sites that count, the most first, read-only."""
    return _depends(*_key(place), replace(question, weights=NeedWeights()))


@st.cache_resource(max_entries=24, show_spinner=False)
def _depends(folder: str, of: str, question: ask.Question) -> pd.DataFrame:
    found = _answer(folder, of, question)
    known = found.reach.assign(reached=found.reach["reached"].where(found.ground.counted, "off_network"))
    known.loc[~found.ground.counted, "site_id"] = None
    measured = np.zeros(len(found.sites), bool)
    measured[found.ground.network.doors(found.sites.geometry.to_numpy()).site] = True
    return single_closure.depends_on(
        known, found.ground.origins, found.sites, minutes=question.minutes, measured=measured
    )


def one_closure_away(place: Place, question: ask.Question) -> pd.DataFrame:
    """What became of each area if its main site closed, read-only."""
    return _one_closure_away(*_key(place), replace(question, weights=NeedWeights()))


@st.cache_resource(max_entries=24, show_spinner=False)
def _one_closure_away(folder: str, of: str, question: ask.Question) -> pd.DataFrame:
    found = _answer(folder, of, question)
    on = found.ground
    return single_closure.one_closure_away(on.areas, on.origins, found.reach, minutes=question.minutes)


def new_sites(place: Place, question: ask.Question, kinds: tuple[str, ...], *, k: int, goal: str) -> sited.Sited:
    """Where k new sites should go."""
    asked = replace(question, changes=(), community=None)
    folder, of = _key(place)
    number = _number(place, kinds)
    candidates, problem = _candidates(folder, of, asked, kinds, number)
    trade = _trade_off(folder, of, asked, kinds, goal, number)
    after = trade["sites"].get(k - 1, ())
    plan = siting.optimum(problem, k, objective=goal, time_limit_s=SITING_SECONDS, after=after)
    plain = siting.greedy(problem, k, objective=goal, swaps=False)
    return sited.Sited(asked, candidates, problem, plan, plain)


def trade_off(place: Place, question: ask.Question, kinds: tuple[str, ...], goal: str) -> pd.DataFrame:
    """What one to five new sites would give, read-only."""
    asked = replace(question, changes=(), community=None)
    return _trade_off(*_key(place), asked, kinds, goal, _number(place, kinds))


def _number(place: Place, kinds: tuple[str, ...]) -> int | None:
    """The revision of the published marks, if they are among the candidates and can be read."""
    if sited.MARKS not in kinds:
        return None
    from layers import cached_marks  # noqa: PLC0415 (as above)

    return cached_marks.revision(place.card.key)


@st.cache_resource(max_entries=24, show_spinner=False)
def _candidates(folder: str, of: str, question: ask.Question, kinds: tuple[str, ...], number: int | None):  # type: ignore[no-untyped-def] # noqa: ANN202
    on, state = _ground(folder, of, question.profile), _state(folder, of, _unweighed(question))
    place = Place.open(Path(folder))
    found = sited.candidates_of(place, on, state, question, kinds, _marks_of(place.card.key, number))
    return found, sited.problem_of(on, state, found, question)


@st.cache_resource(max_entries=24, show_spinner="Trying the candidates…")
def _trade_off(
    folder: str, of: str, question: ask.Question, kinds: tuple[str, ...], goal: str, number: int | None
) -> pd.DataFrame:
    problem = _candidates(folder, of, question, kinds, number)[1]
    table = siting.trade_off(problem, objective=goal, time_limit_s=SITING_SECONDS)
    return table.assign(
        greedy=[sited.brought_within(problem, sites) for sites in table["greedy_sites"]],
        optimum=[sited.brought_within(problem, sites) for sites in table["sites"]],
    )


def gains(place: Place, question: ask.Question) -> tuple[str, tuple[float, ...]]:
    """Address of the streets by how many under-fives a site there would bring within reach, and the classes' limits."""
    key = (*_key(place), _unweighed(question, minutes=question.minutes))
    found = _gains(*key)
    if not is_written(found[0]):
        _gains.clear(*key)
        found = _gains(*key)
    return found


@st.cache_data(max_entries=16, show_spinner="Asking every street corner…")
def _gains(folder: str, of: str, question: ask.Question) -> tuple[str, tuple[float, ...]]:
    on, state = _ground(folder, of, question.profile), _state(folder, of, _unweighed(question))
    surface = sited.surface_of(on, state, question.minutes)
    limits = sited.gain_limits(surface)
    streets = Place.open(Path(folder)).segments().iloc[on.network.row]
    return write_gains(streets, gain_classes(opportunity.of_streets(on.network, surface), limits)), limits


def _unweighed(question: ask.Question, *, minutes: float = 15) -> ask.Question:
    """What of a question decides the walk, whatever is made of it."""
    return replace(question, minutes=minutes, weights=NeedWeights(), changes=())


def geometry(place: Place) -> tuple[str, str]:
    """Addresses of the outlines and of the streets, as the browser fetches them."""
    key = _key(place)
    found = _geometry(*key)
    if not all((PLACES / address.rsplit("/", 1)[-1]).exists() for address in found):
        _geometry.clear(*key)  # somebody tidied the folder
        found = _geometry(*key)
    return found


def walk_rules() -> str:
    """The method page as the documentation has it, without its title, its headings below the page's own."""
    text = (DOCS / "methods.md").read_text(encoding="utf-8")
    return re.sub(r"^#", "##", re.sub(r"\A# .*\n", "", text), flags=re.MULTILINE)


@st.cache_data(max_entries=16, show_spinner="Drawing the streets…")
def _geometry(folder: str, of: str) -> tuple[str, str]:  # noqa: ARG001
    opened = Place.open(Path(folder))
    return write_geometry(opened.areas()[["geometry"]]), write_geometry(streets_to_draw(opened.segments()))
