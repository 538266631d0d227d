"""The only caches: keyed by small frozen things, bounded, shared by all readers."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from data.place import CARD, LOCAL, SAMPLE, Place, list_places
from geo.access import reach_from
from geo.gaps import gaps
from geo.need import NeedWeights
from geo.profiles import profile_named
from layers import question as ask
from layers.outlines import PLACES, streets_to_draw, write_geometry
from settings import Settings

if TYPE_CHECKING:
    import geopandas as gpd


DOCS = Path(__file__).resolve().parents[1] / "docs"


def settings() -> Settings:
    """The settings of this deployment."""
    return _settings()


@st.cache_resource
def _settings() -> Settings:
    return Settings()


def places() -> dict[str, Place]:
    """The places at hand; new ones appear without a restart."""
    extra = settings().places
    return list_places((SAMPLE, LOCAL, *([extra] if extra else [])))


def stamp(place: Place) -> str:
    """What changes whenever a place is built anew."""
    return hashlib.sha256((place.folder / CARD).read_bytes()).hexdigest()


def ground(place: Place, profile: str) -> ask.Ground:
    """A place opened for a profile; read-only."""
    return _ground(str(place.folder), stamp(place), profile)


@st.cache_resource(max_entries=6, show_spinner="Opening the streets…")
def _ground(folder: str, of: str, profile: str) -> ask.Ground:  # noqa: ARG001 (the stamp is part of the key)
    return ask.ground(Place.open(Path(folder)), profile_named(profile))


def sites(place: Place, question: ask.Question) -> gpd.GeoDataFrame:
    """The sites that count."""
    return _sites(
        str(place.folder), stamp(place), replace(question, profile="buggy", minutes=15, weights=NeedWeights())
    )


@st.cache_resource(max_entries=64, show_spinner=False)
def _sites(folder: str, of: str, question: ask.Question) -> gpd.GeoDataFrame:  # noqa: ARG001
    return ask.sites_of(Place.open(Path(folder)), question)


@st.cache_data(max_entries=128, show_spinner=False)
def _reach(folder: str, of: str, question: ask.Question) -> pd.DataFrame:
    on = _ground(folder, of, question.profile)
    chosen = _sites(folder, of, replace(question, profile="buggy"))
    return reach_from(on.network, on.snaps, on.origins["area_code"], chosen)


def answer(place: Place, question: ask.Question) -> ask.Answer:
    """The answer to a question: the walk is found once for all thresholds and weights."""
    folder, of = str(place.folder), stamp(place)
    on = _ground(folder, of, question.profile)
    walked = _reach(folder, of, replace(question, minutes=15, weights=NeedWeights()))
    found = gaps(on.areas, on.origins, walked, walk=question.walk, weights=question.weights)
    return ask.Answer(question, on, sites(place, question), walked, found)


def geometry(place: Place) -> tuple[str, str]:
    """Addresses of the outlines and of the streets, as the browser fetches them."""
    key = str(place.folder), stamp(place)
    found = _geometry(*key)
    if not all((PLACES / address.rsplit("/", 1)[-1]).exists() for address in found):
        _geometry.clear(*key)  # somebody tidied the folder
        found = _geometry(*key)
    return found


def walk_rules() -> str:
    """The method page, as the documentation has it."""
    return (DOCS / "methods.md").read_text(encoding="utf-8")


@st.cache_data(max_entries=16, show_spinner="Drawing the streets…")
def _geometry(folder: str, of: str) -> tuple[str, str]:  # noqa: ARG001
    opened = Place.open(Path(folder))
    return write_geometry(opened.areas()[["geometry"]]), write_geometry(streets_to_draw(opened.segments()))
