"""Everything in a place that has a name, found by its words: streets, landmarks, centres, venues, neighbourhoods."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from rapidfuzz import fuzz, process
from scipy.spatial import cKDTree

from data.place import Place
from layers.answers.place_parts import wards

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from layers.answers.own_list import OwnList

Named = Literal["locality", "centre", "venue", "play_space", "landmark", "street", "ward", "area", "own"]

_HOMES_M = 500.0
_ALIKE = 80
"""How alike (`rapidfuzz.fuzz.ratio`, of 100) a word must be to one that is known, to be taken for it."""

_NAMED = ("locality", "ward", "centre", "venue", "play_space", "landmark", "street", "area", "own")
_LATER = {"locality": 0, "ward": 1, "area": 3}
TABLES = ("areas", "origins", "centres", "venues", "play_spaces", "gazetteer")
"""Those of a place that have names, or say where homes are."""
_SHORT = {
    "saint": "st", "street": "st", "road": "rd", "avenue": "ave", "av": "ave", "lane": "ln", "drive": "dr",
    "close": "cl", "crescent": "cres", "court": "ct", "place": "pl", "square": "sq", "terrace": "ter", "terr": "ter",
    "gardens": "gdns", "grove": "gr", "mount": "mt", "park": "pk", "great": "gt", "center": "centre",
}  # fmt: skip
"""One spelling for words that are written in several."""

_APOSTROPHES = dict.fromkeys(map(ord, "'`\u2018\u2019\u02bc\u00b4"))
_APART = re.compile(r"[\W_]+")

_SAID = {"ward": "{} (ward)", "own": "{} (your list)"}
"""How what is called like something else is told from it, by kind."""

_LAST = "\U0010ffff"
"""What stands after every letter."""


@dataclass(frozen=True, eq=False)
class Words:
    """Words in order, and which entries have them: those of the word at ``n`` are ``entry[first[n]:first[n + 1]]``."""

    words: list[str]
    first: NDArray[np.int64]
    entry: NDArray[np.int64]
    entries: int

    @classmethod
    def of(cls, texts: Sequence[str]) -> Words:
        """Those of folded texts, one an entry."""
        word = pd.Series([text.split() for text in texts], dtype=object).explode().dropna().sort_values()
        words, first = np.unique(word.to_numpy(object).astype(str), return_index=True)
        return cls(words.tolist(), np.append(first, len(word)), word.index.to_numpy(np.int64), len(texts))

    def have(self, word: str) -> NDArray[np.bool_]:
        """Whether each entry has a word that begins so, or that is the same in another spelling."""
        found = np.zeros(self.entries, bool)
        low, high = bisect_left(self.words, word), bisect_left(self.words, word + _LAST)
        found[self.entry[self.first[low] : self.first[high]]] = True
        same = _SHORT.get(word)
        at = bisect_left(self.words, same) if same else len(self.words)
        if at < len(self.words) and self.words[at] == same:
            found[self.entry[self.first[at] : self.first[at + 1]]] = True
        return found


@dataclass(frozen=True, eq=False)
class Names:
    """What can be searched, the likeliest of equals first; one entry a position, in every list."""

    origins: gpd.GeoDataFrame
    label: list[str]
    kind: list[Named]
    code: list[str]
    """The code of a ward or a neighbourhood, the id of a site of one's own list; empty for anything else."""
    xy: NDArray[np.float64]
    plain: list[str]
    """Names as `folded`; with one spelling for what has several: ``short``."""
    short: list[str]
    whole: list[str]
    """Labels in one spelling."""
    in_name: Words
    """The words of both spellings."""
    there: Words
    """The same of where it is: locality and authority."""
    words: list[str]
    """Every word of either."""


def names_of(place: Place) -> Names:
    """The names of a place; read and put in order once, and again when its tables change."""
    paths = [place.folder / f"{name}.parquet" for name in TABLES]
    seen = [(path.name, path.stat()) for path in paths if path.exists()]
    return _names(str(place.folder), tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in seen))


@lru_cache(maxsize=4)
def _names(folder: str, files: tuple[tuple[str, int, int], ...]) -> Names:  # noqa: ARG001 (part of the key)
    """Everything of a place that has a name, put in order once."""
    place = Place.open(Path(folder))
    return _in_order(_listed(place), place)


def own_labels(own: OwnList) -> list[str]:
    """What the sites of a reader's own list are called in a list with others, those that have a name."""
    return [_SAID["own"].format(str(name)) for name in own.sites["name"].dropna()]


def names_of_own(own: OwnList, place: Place) -> Names:
    """The sites of a reader's own list that have a name; they are not kept."""
    sites = own.sites[own.sites["name"].notna()]
    said = {
        "name": sites["name"].astype("str"),
        "kind": "own",
        "locality": pd.NA,
        "official": "your list",
        "code": sites.index,
    }
    table = gpd.GeoDataFrame(said, geometry=sites.representative_point(), crs=sites.crs)
    return _in_order(table.astype({"locality": "str"}), place)


def _in_order(table: gpd.GeoDataFrame, place: Place) -> Names:
    """Names to be searched, from a table as `_listed` makes it."""
    origins = place.origins()
    xy = np.column_stack([table.geometry.x, table.geometry.y])
    homes = np.column_stack([origins.geometry.x, origins.geometry.y])
    table["homes"] = -cKDTree(homes).query_ball_point(xy, _HOMES_M, return_length=True) if len(table) else 0
    table["order"] = table["kind"].map(_NAMED.index)
    table["later"] = table["kind"].map(_LATER).fillna(2).astype(int)
    table["length"], table["row"] = table["name"].str.len(), np.arange(len(table))
    table = table.sort_values(["later", "length", "order", "homes", "name", "locality", "row"])
    name, locality = table["name"].tolist(), table["locality"].fillna("").tolist()
    towns = {one: folded(one) for one in set(locality)}
    plain, where = [folded(one) for one in name], [towns[one] for one in locality]
    short = [_one_spelling(one) for one in plain]
    authority = folded(f"{place.card.name} {place.card.authority_name}")
    label = [
        one if not town or f" {said} " in f" {called} " else f"{one}, {town}"
        for one, town, called, said in zip(name, locality, plain, where, strict=True)
    ]
    also = [folded(one) if one else "" for one in table["official"]]
    label = [_SAID.get(kind, "{}").format(one) for one, kind in zip(label, table["kind"], strict=True)]
    in_name = Words.of([" ".join(said) for said in zip(plain, short, also, strict=True)])
    spelt = {one: f"{one} {_one_spelling(one)} {authority}" for one in towns.values()}
    there = Words.of([spelt[one] for one in where])
    return Names(
        origins=origins,
        label=label,
        kind=table["kind"].tolist(),
        code=table["code"].tolist(),
        xy=xy[table["row"]],
        plain=plain,
        short=short,
        whole=[shortened(one) for one in label],
        in_name=in_name,
        there=there,
        words=sorted({*in_name.words, *there.words}),
    )


def _listed(place: Place) -> gpd.GeoDataFrame:
    """Everything that has a name and a point, as ``name, kind, locality``."""
    gazetteer = place.gazetteer()
    centres = place.centres()
    at_doors = centres[centres["hub"].notna() & (centres["hub"] != centres["name"])]  # known by either name
    tables = [
        (centres, "centre"), (at_doors.assign(name=at_doors["hub"]), "centre"), (place.venues(), "venue"),
        (place.play_spaces(), "play_space"),
    ]  # fmt: skip
    parts = [
        gpd.GeoDataFrame({"name": table["name"], "kind": kind}, geometry=table.geometry)
        for table, kind in tables
        if table is not None
    ]
    listed = gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), crs=parts[0].crs)
    listed = listed[listed["name"].notna() & listed.geometry.notna() & ~listed.geometry.is_empty]
    listed = listed.set_geometry(listed.representative_point()).assign(locality=pd.Series(dtype="str"))
    if gazetteer is not None:
        towns = gazetteer[gazetteer["kind"] == "locality"]
        if len(towns) and len(listed):
            nearest = shapely.STRtree(towns.geometry.to_numpy()).nearest(listed.geometry.to_numpy())
            listed["locality"] = towns["name"].to_numpy()[nearest]
        listed = pd.concat([listed, gazetteer[["name", "kind", "locality", "geometry"]]], ignore_index=True)
    nowhere = listed["locality"].isna() & (listed["kind"] != "locality")
    if nowhere.any():  # without towns and villages, wards tell one High Street from another
        areas = place.areas()
        nearest = shapely.STRtree(areas.geometry.to_numpy()).nearest(listed.geometry[nowhere].to_numpy())
        listed.loc[nowhere, "locality"] = areas["ward_name"].fillna(areas["area_name"]).to_numpy()[nearest]
    parts = [listed.assign(official="", code=""), _wards(place), _areas(place)]
    return gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), crs=listed.crs)


def _wards(place: Place) -> gpd.GeoDataFrame:
    """Wards under their names, also as "... ward"."""
    found = wards(place.areas(), place.origins())
    said = {"name": found.names, "kind": "ward", "locality": pd.NA, "official": "ward", "code": found.names.index}
    table = gpd.GeoDataFrame(said, geometry=found.points.to_numpy(), crs=found.points.crs)
    return table.astype({"locality": "str"})


def _areas(place: Place) -> gpd.GeoDataFrame:
    """Neighbourhoods under the names that residents know, with their official ones; none where they have no others."""
    areas = place.areas()
    if "official_name" not in areas:
        areas = areas.head(0).assign(official_name=pd.Series(dtype="str"))
    named = areas[["area_name", "official_name"]].set_axis(["name", "official"], axis=1)
    point = areas.representative_point()
    named = named.assign(kind="area", locality=pd.Series(dtype="str"), code=areas.index)
    return gpd.GeoDataFrame(named, geometry=point, crs=areas.crs)


def folded(text: str) -> str:
    """Without case, accents and punctuation: "Saint Mary's & All" is "saint marys and all"."""
    bare = text.casefold().replace("&", " and ").translate(_APOSTROPHES)
    if not bare.isascii():
        bare = "".join(one for one in unicodedata.normalize("NFKD", bare) if not unicodedata.combining(one))
    return " ".join(_APART.split(bare)).strip()


def shortened(text: str) -> str:
    """Folded, with one spelling for words that have several."""
    return _one_spelling(folded(text))


def _one_spelling(said: str) -> str:
    return " ".join([_SHORT.get(word, word) for word in said.split()])


def spelt_alike(word: str, words: list[str]) -> list[str]:
    """Up to three known words that are spelt like a longer one."""
    if len(word) < 4 or word.isdigit():
        return []
    ends = (word[0], word[-1])
    near = [one for one in words if abs(len(one) - len(word)) <= 2 and (one[0] == ends[0] or one[-1] == ends[1])]
    return [one for one, _, _ in process.extract(word, near, scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=3)]
