"""The only caches: keyed by small frozen things, bounded, shared by all readers."""

from __future__ import annotations

import hashlib
import re
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from data.place import CARD, LOCAL, SAMPLE, Place, open_places
from geo.access import reach_from
from geo.gaps import gaps
from geo.need import NeedWeights
from geo.profiles import profile_named
from layers import export
from layers import question as ask
from layers.outlines import PLACES, streets_to_draw, write_geometry
from layers.sites import markers as markers_of
from settings import Settings

if TYPE_CHECKING:
    import geopandas as gpd

    from geo.errors import InputError
    from layers.webmap import Marker


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
    return ask.sites_of(Place.open(Path(folder)), question)


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
    found = gaps(on.areas, on.origins, walked, walk=question.walk, weights=question.weights)
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
