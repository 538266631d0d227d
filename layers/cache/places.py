"""Places, their streets and their outlines, opened once for all readers."""

from __future__ import annotations

import gc
import re
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from data.place import CARD, LOCAL, SAMPLE, Place, open_places
from geo.profiles import profile_named
from layers.answers import area_card
from layers.answers import question as ask
from layers.answers.place_parts import parts_of
from layers.cache.deployment import settings
from layers.cache.keys import data, resource
from layers.maps import drawn
from layers.maps.base_map import outlines_fit, write_base, write_outlines, write_streets
from layers.maps.geometry import PLACES, is_written, write_geometry
from layers.maps.scene import Scene

if TYPE_CHECKING:
    from datetime import date

    import geopandas as gpd
    import shapely

    from geo.errors import InputError
    from layers.answers.place_parts import Parts

DOCS = Path(__file__).resolve().parents[2] / "docs"

DRAWN = ("areas", "built_up", "network", "origins", "backdrop", "labels")
"""The tables that what the browser fetches of a place is made from."""


def places() -> dict[str, Place]:
    """The places that can be opened; new ones appear without a restart."""
    return dict(_places(_cards())[0])


def faults() -> tuple[InputError, ...]:
    """What is wrong with the places that cannot be opened."""
    return _places(_cards())[1]


def _cards() -> tuple[tuple[str, int, int], ...]:
    """What changes when a place is added, removed or rebuilt: each card's address, time and size."""
    cards = []
    for path in sorted(path for folder in _folders() for path in folder.glob(f"[!.]*/{CARD}")):
        with suppress(FileNotFoundError):  # replaced by a build at this very moment
            seen = path.stat()
            cards.append((str(path), seen.st_mtime_ns, seen.st_size))
    return tuple(cards)


def _folders() -> tuple[Path, ...]:
    extra = settings().places
    return SAMPLE, LOCAL, *([extra] if extra else [])


@resource(max_entries=4)
def _places(cards: tuple[tuple[str, int, int], ...]) -> tuple[dict[str, Place], tuple[InputError, ...]]:  # noqa: ARG001
    return open_places(_folders())


@resource(max_entries=6, show_spinner="Opening the streets…")
def ground(place: Place, profile: str) -> ask.Ground:
    """The place for a profile, read-only."""
    return ask.ground(place, profile_named(profile))


@resource(max_entries=8)
def centres(place: Place) -> gpd.GeoDataFrame:
    """Every centre and hub that the place knows of, whatever became of it, read-only."""
    return place.centres()


@resource(max_entries=3)
def segments(place: Place) -> gpd.GeoDataFrame:
    """The streets of all profiles, read-only."""
    return place.segments()


@resource(max_entries=8)
def areas(place: Place) -> gpd.GeoDataFrame:
    """The neighbourhoods with their figures, read-only."""
    return place.areas()


@resource(max_entries=8)
def area_names(place: Place) -> dict[str, str]:
    """What each area is called in a list, by code (`layers.answers.area_card.area_names`), read-only."""
    return area_card.area_names(areas(place))


@resource(max_entries=4)
def postcodes(place: Place) -> gpd.GeoDataFrame:
    """The postcodes of the place, as points, read-only."""
    origins = place.origins()
    return origins[origins["kind"] == "postcode"]


@resource(max_entries=16)
def outline(place: Place) -> shapely.Geometry:
    """The authority's outline: all its neighbourhoods in one, British National Grid."""
    return areas(place).geometry.union_all()


@resource(max_entries=6)
def parts(place: Place) -> dict[str, Parts]:
    """Its wards and towns, as far as they are known, read-only."""
    return parts_of(place)


def part(place: Place, code: str) -> tuple[str, Parts]:
    """The sort of parts to which one belongs, by its key in `parts`."""
    return next((which, sort) for which, sort in parts(place).items() if code in sort.areas)


def geometry(place: Place) -> drawn.Addresses:
    """Addresses of the neighbourhoods' shapes, of streets, of what lies beneath and of outlines, for the browser.

    No outlines, where they are too coarse to be drawn.
    """
    found = _geometry(place)
    if not all(is_written(address, PLACES) for address in found if address):
        _geometry.clear(place)  # somebody tidied the folder
        found = _geometry(place)
    return found


@data(max_entries=16, show_spinner="Drawing the streets…")
def _geometry(place: Place) -> drawn.Addresses:
    made = drawn.made_from(place.folder / f"{table}.parquet" for table in DRAWN)
    return drawn.noted(made, PLACES) or drawn.note(made, _written(place), PLACES)


def _written(place: Place) -> drawn.Addresses:
    backdrop, labels, homes = place.backdrop(), place.labels(), place.origins()
    return (
        write_geometry(shapes(place)),
        write_streets(segments(place), homes, areas(place), backdrop),
        None if backdrop is None or labels is None else write_base(backdrop, labels),
        write_outlines(areas(place)) if outlines_fit(areas(place), homes) else None,
    )


def shapes(place: Place) -> gpd.GeoDataFrame:
    """What of each neighbourhood is coloured: its built-up part; its outline where the place knows no better."""
    built = place.built_up()
    return areas(place)[["geometry"]] if built is None else built


def blank_map(place: Place) -> Scene:
    """The map of a place with its shapes and streets, before anything is drawn on it."""
    areas_url, streets_url, base_url, outlines_url = geometry(place)
    return Scene(
        areas_url=areas_url, streets_url=streets_url, base_url=base_url, outlines_url=outlines_url,
        bounds=place.card.bounds,
    )  # fmt: skip


def settle(place: Place, profile: str) -> None:
    """Tell the garbage collection to pass over all that is there now: modules, streets and homes stay for good.

    Streamlit has it go through everything after every run, while the end of the page still waits to be sent: 0.2 s and
    more, each time. Every day it goes through all of it once, for sessions that were open and have ended.
    """
    _settled(place, profile, ask.today())


@resource(max_entries=32)
def _settled(place: Place, profile: str, day: date) -> None:  # noqa: ARG001 (once for each, when a page has opened them)
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def walk_rules() -> str:
    """The method page as the documentation has it, without its title, its headings below the page's own."""
    text = (DOCS / "methods.md").read_text(encoding="utf-8")
    return re.sub(r"^#", "##", re.sub(r"\A# .*\n+", "", text), flags=re.MULTILINE)
