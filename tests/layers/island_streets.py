"""The streets that all places derived from the island have in common, so that each test need not make them anew."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import lru_cache, partial
from hashlib import sha256
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

import data.place
from data.place import Place, sha256_of
from geo.network import Snaps, WalkNetwork, open_segments
from geo.profiles import WalkProfile
from layers import cache
from layers.answers import place_names
from layers.maps.base_map import write_base, write_streets
from layers.maps.geometry import write_geometry

_NOWHERE = shapely.Point()


class StreetsOnce:
    """Streets that are read, made a network, joined to, drawn and written once for all files of the same content.

    Whatever is not the same goes the usual way: another file, a broken one, a network that was changed, other points.
    """

    def __init__(self, drawn: Path) -> None:
        self.drawn = drawn
        self._read: dict[str, gpd.GeoDataFrame] = {}
        self._networks: dict[tuple[str, WalkProfile], WalkNetwork] = {}
        self._joined: dict[tuple[str, WalkProfile, tuple[bytes | None, ...]], Snaps] = {}
        self._addresses: dict[tuple[object, ...], str] = {}
        self._made: dict[tuple[object, ...], object] = {}
        self._said: dict[str, str] = {}

    def patch(self, patch: pytest.MonkeyPatch) -> None:
        """Let the app and the answers take the streets from here."""
        snap = WalkNetwork.snap
        patch.setattr(Place, "segments", lambda place: self.opened(place.folder / "network.parquet"))
        patch.setattr("data.place._read", lru_cache(partial(self.table, data.place._read)))
        patch.setattr(Place, "network", lambda place, profile: self.network(place.segments(), profile))
        patch.setattr(WalkNetwork, "snap", lambda network, points: self.joined(network, points, snap))
        patch.setattr(cache.places, "PLACES", self.drawn)
        patch.setattr(cache.places, "write_streets", self.written)
        patch.setattr(cache.places, "write_geometry", lambda frame: write_geometry(frame, self.drawn))
        patch.setattr(cache.places, "write_base", self.beneath)
        parts, names = cache.places.parts_of, cache.walks.names_of
        patch.setattr(
            cache.places, "parts_of", self.once("parts", parts, of=("areas", "origins", "built_up", "labels"))
        )
        patch.setattr(cache.walks, "names_of", self.once("names", names, of=place_names.TABLES))

    def once(self, what: str, make: Callable[[Place], object], of: Collection[str]) -> Callable[[Place], object]:
        """What is worked out of a place, made once for all places whose tables have the same words and shapes."""

        def kept(place: Place) -> object:
            paths = [path for path in (place.folder / f"{name}.parquet" for name in of) if path.is_file()]
            called = place.card.name if what == "names" else ""  # which are told apart by the place's
            key = what, called, *((path.name, self.words_and_shapes(path)) for path in paths)
            if key not in self._made:
                self._made[key] = make(place)
            return self._made[key]

        return kept

    def words_and_shapes(self, path: Path) -> str:
        """A hash of a table but for its numbers; of the whole file where it is no table."""
        content = sha256_of(path)
        if content not in self._said:
            try:
                table = gpd.read_parquet(path)
            except Exception:  # noqa: BLE001 (the app says what is wrong with it)
                return content
            words = table.drop(columns=table.geometry.name).select_dtypes(exclude=["number", "datetime", "bool"])
            said = repr((table.index.tolist(), words.to_dict("list"))).encode()
            shapes = shapely.to_wkb(table.geometry.fillna(_NOWHERE).to_numpy())
            self._said[content] = sha256(said + b"".join(shapes)).hexdigest()
        return self._said[content]

    def table(self, read, path: Path, model: str, as_built: str | None, stamp: tuple[int, ...]) -> gpd.GeoDataFrame:
        """A table of a place."""
        key = model, as_built, sha256_of(path) if path.is_file() else stamp
        if key not in self._made:
            self._made[key] = read(path, model, as_built, stamp)
        return self._made[key]

    def opened(self, path: Path) -> gpd.GeoDataFrame:
        """The table of segments of a file."""
        content = sha256_of(path) if path.is_file() else ""
        if content not in self._read:
            self._read[content] = open_segments(path)  # for what is gone or broken, it raises
        return self._read[content]

    def network(self, segments: gpd.GeoDataFrame, profile: WalkProfile) -> WalkNetwork:
        """The network of a profile."""
        content = _key_of(self._read, segments)
        if content is None:
            return WalkNetwork.of(segments, profile)
        key = content, profile
        if key not in self._networks:
            self._networks[key] = WalkNetwork.of(segments, profile)
        return self._networks[key]

    def joined(self, network: WalkNetwork, points, snap) -> Snaps:
        """Points joined to a network."""
        known = _key_of(self._networks, network)
        if known is None:
            return snap(network, points)
        key = *known, tuple(shapely.to_wkb(points))
        if key not in self._joined:
            self._joined[key] = snap(network, points)
        return self._joined[key]

    def written(self, segments: gpd.GeoDataFrame, origins: gpd.GeoDataFrame, areas: gpd.GeoDataFrame, backdrop) -> str:
        """Address of the streets as the browser fetches them."""
        known = _key_of(self._read, segments)
        if known is None:
            return write_streets(segments, origins, areas, backdrop, self.drawn)
        key = known, tuple(shapely.to_wkb(origins.geometry)), tuple(origins["area_code"]), tuple(areas.index)
        if key not in self._addresses:
            self._addresses[key] = write_streets(segments, origins, areas, backdrop, self.drawn)
        return self._addresses[key]

    def beneath(self, backdrop: gpd.GeoDataFrame, labels: gpd.GeoDataFrame) -> str:
        """Address of what lies beneath."""
        key = len(backdrop), len(labels), backdrop.total_bounds.tobytes(), tuple(labels["name"])
        if key not in self._addresses:
            self._addresses[key] = write_base(backdrop, labels, self.drawn)
        return self._addresses[key]


def _key_of(kept: dict, value: object):
    """Under which key this very thing is kept; None if it is not."""
    return next((key for key, one in kept.items() if one is value), None)
