"""A place pack: one authority's tables in a folder, each figure with its source."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from data.fetch.receipts import read_receipts
from data.json_text import TwiceError, read_json
from geo.errors import InputError, UnknownNameError
from geo.network import RULES_VERSION, WalkNetwork, open_segments

if TYPE_CHECKING:
    from collections.abc import Iterable

    from data.fetch.receipts import Receipt
    from geo.network import WalkProfile

CARD = "place.json"
PACK_VERSION = 2
PACK_TABLES = (
    "areas", "origins", "centres", "play_spaces", "venues", "gazetteer", "backdrop", "labels", "built_up",
    "network", "street_parts", "waypoints", "assumed", "ferries", "unmapped", "languages",
    "output_areas",
)  # fmt: skip
RECEIPTS = "receipts.json"
PACK_FILES = frozenset({CARD, RECEIPTS, *(f"{name}.parquet" for name in PACK_TABLES)})
NO_ANSWER_RESTS_ON = frozenset(
    f"{name}.parquet"
    for name in (
        "gazetteer", "backdrop", "labels", "built_up", "street_parts", "waypoints", "assumed", "ferries", "unmapped",
        "languages", "output_areas",
    )
)  # fmt: skip
"""Tables to search in, to draw, to tell a walk by, or to doubt one: a place with or without them has the same
fingerprint, so that links to it go on."""

SAMPLE = Path(__file__).parent / "sample"
LOCAL = Path(__file__).parent / "local" / "places"


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where one table or figure of a place comes from.

    ``dataset`` is a key of the catalogue, ``vintage`` what the figures speak of ("Census 2021", "2022-07"), ``read``
    the day the file was read (ISO), ``sha256`` the file's hash. If a program fetched it, ``address`` is where from, and
    ``asked_at`` when the service last gave or confirmed it (ISO, UTC); `Place.receipts` has every answer.
    """

    dataset: str
    file: str
    vintage: str
    sha256: str
    read: str
    licence: str
    attribution: tuple[str, ...]
    address: str | None = None
    asked_at: str | None = None


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """Whether streets reach the authority's boundary and `data.build.sites.CONTEXT_M` beyond, as the build found it."""

    around: dict[str, float | None]
    """Share of the land around that has streets, by `geo.coverage.EIGHTHS`; missing where an eighth is all sea."""
    edge: dict[str, float | None]
    """The same inside, along the boundary."""
    beyond: float | None
    """The same of all that is around; missing if that is all sea."""
    inside: float
    """The same of the whole authority."""
    unreached: tuple[str, ...]
    """Centres and hubs that nobody here can walk to: they have no point, or no street of the file leads there."""


@dataclass(frozen=True, kw_only=True)
class Card:
    """What a place says of itself (``place.json``)."""

    name: str
    authority_code: str
    authority_name: str
    bounds: tuple[float, float, float, float]
    """West, south, east, north of the authority, degrees."""
    figures: dict[str, str]
    """Vintage of each figure of Areas, by column; a figure that is not there has none."""
    sources: tuple[Source, ...]
    notes: tuple[str, ...] = ()
    """What the reader should know of the data, in sentences."""
    rules_version: str = RULES_VERSION
    pack_version: int = PACK_VERSION
    counts: dict[str, int] = field(default_factory=dict)
    tables: dict[str, str] = field(default_factory=dict)
    """Hash of each table as it was built and checked, by file name."""
    coverage: Coverage | None = None
    """Missing in packs that were built before it was looked at."""

    @property
    def key(self) -> str:
        """The name in URLs and on the command line: "isle-of-wight"."""
        return key_of(self.name)

    @property
    def fingerprint(self) -> str:
        """Sixteen characters that stand for the tables: the same tables have the same, whenever they were built."""
        counting = [entry for entry in sorted(self.tables.items()) if entry[0] not in NO_ANSWER_RESTS_ON]
        content = json.dumps([counting, self.rules_version])
        return hashlib.sha256(content.encode()).hexdigest()[:16]

    @property
    def attributions(self) -> tuple[str, ...]:
        """The lines that must stand beside every map and in every export, each once."""
        return tuple(dict.fromkeys(line for source in self.sources for line in source.attribution))


def key_of(name: str) -> str:
    """A name as a key: lower case, words joined by hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


@dataclass(frozen=True)
class Place:
    """A place pack on disk. Its tables are read when asked for, checked against their contract."""

    folder: Path
    card: Card

    @classmethod
    def open(cls, folder: Path) -> Place:
        """Open the pack in a folder.

        Raises
        ------
        InputError
            There is no pack, or it is of another version of Pramshed.
        """
        path = folder / CARD
        try:
            raw = read_json(path.read_text(encoding="utf-8"))
        except TwiceError as fault:
            raise InputError(path, expected="each value of a place once", found=str(fault)) from fault
        except (OSError, ValueError) as fault:
            raise InputError(
                path, expected="a place built by `cli.py build`", found="no readable place.json"
            ) from fault
        raw = raw if isinstance(raw, dict) else {}
        version = raw.get("pack_version")
        if version != PACK_VERSION:
            raise InputError(
                path, expected=f"pack version {PACK_VERSION} (build the place again)", found=f"{version!r}"
            )
        try:
            seen = raw.get("coverage")
            card = Card(
                **raw
                | {
                    "sources": tuple(
                        Source(**source | {"attribution": tuple(source["attribution"])}) for source in raw["sources"]
                    ),
                    "bounds": tuple(float(edge) for edge in raw["bounds"]),
                    "notes": tuple(raw["notes"]),
                    "coverage": seen and Coverage(**seen | {"unreached": tuple(seen["unreached"])}),
                }
            )
            sound = _is_sound(card)
            west, south, east, north = card.bounds
            usable = card.key != "" and -180 <= west < east <= 180 and -90 <= south < north <= 90
        except (AttributeError, KeyError, TypeError, ValueError) as fault:
            raise InputError(path, expected="the fields of a place", found=f"a fault in {fault}") from fault
        if not sound:
            raise InputError(path, expected="the fields of a place", found="a value of another kind")
        if not usable:
            raise InputError(path, expected="a name, and bounds in degrees", found=f"{card.name!r}, {card.bounds}")
        return cls(folder, card)

    @cached_property
    def identity(self) -> tuple[str, str]:
        """Where it lies, and a hash of all that its card says; the hash of each table is on it."""
        return str(self.folder), hashlib.sha256(repr(self.card).encode()).hexdigest()

    def areas(self) -> gpd.GeoDataFrame:
        """`geo.tables.Areas`."""
        return self._table("areas", "Areas")

    def origins(self) -> gpd.GeoDataFrame:
        """`geo.tables.Origins`."""
        return self._table("origins", "Origins")

    def centres(self) -> gpd.GeoDataFrame:
        """Children's centres and hubs, as `geo.tables.Sites`, with ``unreached`` where some cannot be walked to."""
        table, coverage = self._table("centres", "Sites"), self.card.coverage
        apart = table.index.isin(coverage.unreached if coverage else ()) | table.geometry.isna().to_numpy()
        return table.assign(unreached=apart) if apart.any() else table

    def play_spaces(self) -> gpd.GeoDataFrame | None:
        """Play spaces as `geo.tables.Sites`; None where the place has no play-space data (which is not "none here")."""
        return self._table_if_there("play_spaces", "Sites")

    def venues(self) -> gpd.GeoDataFrame | None:
        """Candidates for a new centre as `geo.tables.Venues`; None where the place has no data on them."""
        return self._table_if_there("venues", "Venues")

    def gazetteer(self) -> gpd.GeoDataFrame | None:
        """Named streets, landmarks and localities as `geo.tables.Gazetteer`; None where the place has no such data."""
        return self._table_if_there("gazetteer", "Gazetteer")

    def backdrop(self) -> gpd.GeoDataFrame | None:
        """Land, water, greens, railways, main roads as `geo.tables.Backdrop`; None where the place has no such data."""
        return self._table_if_there("backdrop", "Backdrop")

    def labels(self) -> gpd.GeoDataFrame | None:
        """Names to write on the map as `geo.tables.Labels`; None where the place has no such data."""
        return self._table_if_there("labels", "Labels")

    def built_up(self) -> gpd.GeoDataFrame | None:
        """The part of each area where its homes stand, as `geo.tables.BuiltUp`; None in packs older than that table."""
        return self._table_if_there("built_up", "BuiltUp")

    def street_parts(self) -> pd.DataFrame | None:
        """Names of streets as `geo.tables.StreetParts`; None in packs older than that table."""
        return self._table_if_there("street_parts", "StreetParts")

    def waypoints(self) -> gpd.GeoDataFrame | None:
        """Gates, stiles and crossings as `geo.tables.Waypoints`; None in packs older than that table."""
        return self._table_if_there("waypoints", "Waypoints")

    def assumed(self) -> pd.DataFrame | None:
        """What of the streets is assumed, as `geo.tables.Assumed`; None in packs older than that table."""
        return self._table_if_there("assumed", "Assumed")

    def ferries(self) -> gpd.GeoDataFrame | None:
        """Ferries as `geo.tables.Ferries`; None where the place has no such data, which may be that there are none."""
        return self._table_if_there("ferries", "Ferries")

    def unmapped(self) -> gpd.GeoDataFrame | None:
        """Land without streets as `geo.tables.Unmapped`; None where there is none, or `Card.coverage` is not known."""
        return self._table_if_there("unmapped", "Unmapped")

    def output_areas(self) -> pd.Series[str] | None:
        """The output area of each home, as `geo.tables.OutputAreas`; None where that is not known."""
        table = self._table_if_there("output_areas", "OutputAreas")
        return None if table is None else table["oa_code"]

    def languages(self) -> pd.DataFrame | None:
        """Main languages by neighbourhood as `geo.tables.Languages`; None where the place has no such data."""
        return self._table_if_there("languages", "Languages")

    def receipts(self) -> tuple[Receipt, ...]:
        """Of every answer that it was made of, if a program fetched them."""
        return read_receipts(self.folder / RECEIPTS)

    @property
    def has_gazetteer(self) -> bool:
        """Whether there is data on names of streets and landmarks."""
        return self._has("gazetteer")

    @property
    def has_venues(self) -> bool:
        """Whether there is data on venues."""
        return self._has("venues")

    @property
    def has_play_spaces(self) -> bool:
        """Whether there is play-space data."""
        return self._has("play_spaces")

    def segments(self) -> gpd.GeoDataFrame:
        """Streets of all profiles, as `geo.network.segments_from` makes them."""
        path = self.folder / "network.parquet"
        return _segments(path, _stamp(path) if path.exists() else None).copy(deep=False)

    def network(self, profile: WalkProfile) -> WalkNetwork:
        """The walking network of a profile."""
        return WalkNetwork.of(self.segments(), profile)

    def _has(self, name: str) -> bool:
        return (self.folder / f"{name}.parquet").exists()

    def _table_if_there(self, name: str, model: str) -> gpd.GeoDataFrame | None:
        return self._table(name, model) if self._has(name) else None

    def _table(self, name: str, model: str) -> gpd.GeoDataFrame:
        path = self.folder / f"{name}.parquet"
        try:
            stamp = _stamp(path)
        except OSError as fault:
            raise InputError(path, expected="a table of a place", found=fault.strerror or "none") from fault
        return _read(path, model, self.card.tables.get(path.name), stamp).copy(deep=False)


def _is_sound(card: Card) -> bool:
    """Whether fields hold what they should: a card may have been changed by hand."""
    words = [card.name, card.authority_code, card.authority_name, card.rules_version, *card.notes]
    words += [*card.figures.values(), *card.tables.values()]
    for one in card.sources:
        words += [one.dataset, one.file, one.vintage, one.sha256, one.read, one.licence, *one.attribution]
        words += [text for text in (one.address, one.asked_at) if text is not None]
    counts = card.counts.values()
    return all(isinstance(word, str) for word in words) and all(isinstance(count, int) for count in counts)


def _stamp(path: Path) -> tuple[int, int, int]:
    """What is another when a file is."""
    seen = path.stat()
    return seen.st_ino, seen.st_mtime_ns, seen.st_size


@lru_cache(maxsize=4)  # places: all walkers share them
def _segments(path: Path, stamp: tuple[int, int, int] | None) -> gpd.GeoDataFrame:  # noqa: ARG001
    """The streets of a place, read once until their file is another."""
    return open_segments(path)


@lru_cache(maxsize=64)  # some four places
def _read(path: Path, model: str, as_built: str | None, stamp: tuple[int, int, int]) -> gpd.GeoDataFrame:  # noqa: ARG001
    """A table of a place, read once until its file is another: one answer asks for the same table again and again."""
    try:
        table = (
            pd.read_parquet(path)
            if model in ("StreetParts", "Assumed", "Languages", "OutputAreas")
            else gpd.read_parquet(path)
        )
        same = sha256_of(path) == as_built
    except (OSError, ValueError) as fault:
        raise InputError(path, expected="a table of a place", found=str(fault).splitlines()[0]) from fault
    table.attrs.clear()  # notes of the reader that made it; pandas would copy them with every column
    if same:
        return table  # checked when it was built, and the same since
    from geo import tables  # noqa: PLC0415 (only a table that somebody changed needs the contract, which loads slowly)

    return tables.check(getattr(tables, model), table, str(path))


def sha256_of(path: Path) -> str:
    """A file's SHA-256, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_card(card: Card, folder: Path) -> None:
    """Write ``place.json`` beside the tables, whose hashes it takes up."""
    card = replace(card, tables={path.name: sha256_of(path) for path in sorted(folder.glob("*.parquet"))})
    text = json.dumps(asdict(card), indent=1, ensure_ascii=False)
    (folder / CARD).write_text(text + "\n", encoding="utf-8")


def open_places(folders: Iterable[Path] = (SAMPLE, LOCAL)) -> tuple[dict[str, Place], tuple[InputError, ...]]:
    """The places at hand by key, and what is wrong with those that cannot be opened: one does not hide the others.

    The bundled place comes first; a local place of the same name takes its stead.
    """
    places: dict[str, Place] = {}
    faults: list[InputError] = []
    for folder in folders:
        for path in sorted(folder.glob(f"[!.]*/{CARD}")):
            try:
                place = Place.open(path.parent)
            except InputError as fault:
                faults.append(fault)
            else:
                places[place.card.key] = place
    return places, tuple(faults)


def find_place(name: str, folders: Iterable[Path] = (SAMPLE, LOCAL)) -> Place:
    """The place of that name, or in that folder.

    Raises
    ------
    UnknownNameError
        There is none; the message lists those there are, and those that cannot be opened.
    """
    path = Path(name)
    if len(path.parts) > 1 or name.startswith(".") or name.endswith("/"):  # a path, whatever places there are
        return Place.open(path)
    places, faults = open_places(folders)
    if key_of(name) in places:
        return places[key_of(name)]
    if (path / CARD).exists():
        return Place.open(path)
    message = f"no place {name!r}: it is neither a folder with a {CARD} nor one of {', '.join(places) or '(none)'}"
    raise UnknownNameError("; ".join([message, *(f"cannot be opened: {fault}" for fault in faults)]))
