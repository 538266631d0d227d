"""Finds a place on the map from a postcode, a grid reference, or the name of a street or landmark."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
import shapely

from geo.crs import to_bng
from geo.errors import RequestError
from layers.answers.place_names import folded, names_of, names_of_own, shortened, spelt_alike
from layers.answers.spots import Spot, area_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    import geopandas as gpd

    from data.place import Place
    from layers.answers.own_list import OwnList
    from layers.answers.place_names import Named, Names

    Kind = Literal["postcode", "grid_reference"] | Named

MOST_FOUND = 8
"""How many places a search gives at most."""

SAME_M = 250.0
"""Two things of one name that lie no farther apart, metres, are one: a library is a venue and a landmark."""

_LONGEST = 100
_MOST_WORDS = 10

_POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}", re.ASCII)
_WITHIN = re.compile(r"\b[A-Z]{1,2}[0-9][A-Z0-9]?\s*[0-9][A-Z]{2}\b", re.ASCII)
_NUMBERS = re.compile(r"([0-9]{4,6}(?:\.[0-9]+)?)[\s,;]+([0-9]{4,7}(?:\.[0-9]+)?)", re.ASCII)
_GRID = re.compile(r"([HNOST])([A-HJ-Z])([0-9]{4}|[0-9]{6}|[0-9]{8}|[0-9]{10})", re.ASCII)
_LETTERS = "ABCDEFGHJKLMNOPQRSTUVWXYZ"  # without I
_SQUARE_M = 100_000


@dataclass(frozen=True)
class Found:
    """A place that a text may mean.

    ``label`` tells it from the others ("High Street, Newport"); it is what a register or a mapper wrote, to be escaped
    wherever it is shown. ``easting`` and ``northing`` are metres, British National Grid.
    """

    label: str
    easting: float
    northing: float
    kind: Kind
    code: str = ""
    """Of a ward or a neighbourhood; the id of a site of one's own list."""


def search(text: str, place: Place, own: OwnList | None = None) -> list[Found]:
    """The places that a text may mean, the likeliest first, at most `MOST_FOUND`; none if nothing is like it.

    Postcodes and grid references are read as `whereabouts` does. Otherwise streets, landmarks, localities, centres,
    venues, play spaces, wards and neighbourhoods (by their official name too) are looked through by name. Case,
    accents, punctuation, a house number and how "Street", "Saint" or "Road" are written make no difference. What is
    called exactly so comes first, then what begins so, then what has words that begin so, then what has some of the
    words and lies in a locality with the others. Only if there is nothing it guesses: words are taken for others that
    are spelt alike, or what follows a name is left out. Among equals, localities come first, then wards, and
    neighbourhoods last, and of a kind those with more homes near first.

    Parameters
    ----------
    text
        What somebody typed: "high st newport", "12 High Street", "PO30 2AN".
    place
        The place; one without a gazetteer has no streets and landmarks to look through.
    own
        A list of sites whose names are looked through as well; they come first among equals.
    """
    return [found for _, found in _matches(text, place, own)]


def search_in(text: str, places: Mapping[str, Place]) -> dict[str, list[Found]]:
    """The same for several places: what each has of that name.

    Where one has something that is called exactly so, what is only like it is left out, there and in the others.

    Parameters
    ----------
    text
        As `search` takes it. A grid reference is found in the place where somebody lives near.
    places
        By key.

    Returns
    -------
    dict
        By key of the place, the likeliest first; empty if there is nothing.
    """
    matches = {key: _matches(text, place) for key, place in places.items()}
    for key, found in matches.items():
        if found and found[0][1].kind == "grid_reference":
            at = Spot(round(found[0][1].easting), round(found[0][1].northing))
            matches[key] = found if area_of(places[key], at) else []
    right = min((_sort(found[0][0]) for found in matches.values() if found), default=0)
    alike = {key: [one for rank, one in found if _sort(rank) == right] for key, found in matches.items()}
    return {key: found for key, found in alike.items() if found}


def _sort(rank: int) -> int:
    """0 for what is called exactly so, 1 for what has the words, 2 for a guess."""
    return min(rank, 1) + (rank >= _GUESSED)


def the_one(text: str, place: Place, own: OwnList | None = None) -> Found:
    """The only place that a text can mean; arguments as for `search`.

    Raises
    ------
    RequestError
        It means none that is known, or more than one; nothing is guessed.
    """
    matches = _matches(text, place, own)
    likely = [found for rank, found in matches if rank == 0] or [found for rank, found in matches if rank < _GUESSED]
    likely = [found for found in likely if found.kind not in _LAND] or likely
    if len(likely) == 1 or (likely and likely[0].kind == "postcode"):  # an address with its postcode
        return likely[0]
    if not likely:
        if _POSTCODE.fullmatch(re.sub(r"[^A-Z0-9]", "", text.upper())):
            whereabouts(text, names_of(place).origins)  # says that it is no live one
        hint = f"; is {matches[0][1].label[:60]} meant?" if matches else ""
        message = (
            f"{text[:40]!r} is neither a postcode (PO30 2AN) nor a grid reference (SZ 505 890, or 450514, 89065), and "
            f"nothing here is called that{hint}"
        )
        raise RequestError(message)
    several = "; ".join(found.label[:60] for found in likely[:3])
    message = f"{text[:40]!r} may be more than one place ({several}{'; …' if len(likely) > 3 else ''}): say which"
    raise RequestError(message)


def whereabouts(text: str, origins: gpd.GeoDataFrame) -> tuple[float, float]:
    """The point that a text means: easting and northing in metres.

    Parameters
    ----------
    text
        A postcode ("PO30 2AN"), a grid reference ("SZ 505 890", "SZ5051489065") or two numbers ("450514, 89065").
    origins
        As `geo.tables.Origins`: the live postcodes that are known.

    Raises
    ------
    RequestError
        It is none of these, or a postcode that is not among the place's live ones.
    """
    said = " ".join(text.upper().split())
    close = re.sub(r"[^A-Z0-9]", "", said)
    if numbers := _NUMBERS.fullmatch(said):
        return float(numbers[1]), float(numbers[2])
    if _POSTCODE.fullmatch(close):
        known = origins.index.str.replace(" ", "")
        at = known.get_indexer([close])[0]
        if at < 0:
            message = f"{close[:-3]} {close[-3:]} is not a postcode in use here; try a grid reference"
            raise RequestError(message)
        point = origins.geometry.iloc[at]
        return float(point.x), float(point.y)
    if grid := _GRID.fullmatch(close):
        return _of_grid(*grid.groups())
    message = f"{text[:40]!r} is neither a postcode (PO30 2AN) nor a grid reference (SZ 505 890, or 450514, 89065)"
    raise RequestError(message)


def _of_grid(first: str, second: str, figures: str) -> tuple[float, float]:
    """A grid reference's square by its letters, then the middle of the square that its figures name."""
    big, small = _LETTERS.index(first), _LETTERS.index(second)
    column = (big - 2) % 5 * 5 + small % 5
    row = 19 - big // 5 * 5 - small // 5
    half = len(figures) // 2
    unit = 10 ** (5 - half)
    east, north = (int(part) * unit + unit / 2 * (unit > 1) for part in (figures[:half], figures[half:]))
    return float(column * _SQUARE_M + east), float(row * _SQUARE_M + north)


def to_grid(lon: float, lat: float) -> tuple[float, float]:
    """Where a click was: easting and northing in whole metres."""
    easting, northing = to_bng(np.array([lon]), np.array([lat]))
    return float(round(float(easting[0]))), float(round(float(northing[0])))


_LAND = ("ward", "area")
"""What is no spot: meant only where nothing else is."""

_GUESSED = 4
"""The rank from which on it is a guess. Before it: called so; begins so; has words that begin so; and lies there."""


def _matches(text: str, place: Place, own: OwnList | None = None) -> list[tuple[int, Found]]:
    """What `search` finds, each with its rank: 0 is called exactly so, `_GUESSED` is only spelt alike."""
    typed, names = " ".join(text.split())[:_LONGEST], names_of(place)
    point = _at_a_point(typed, names.origins)
    if point is not None:
        return [(0, point)]
    within = _WITHIN.search(typed.upper())
    if within and within.group() != typed.upper():  # an address: its postcode, then its street
        parts = (within.group(), typed[: within.start()] + " " + typed[within.end() :])
        return [match for part in parts for match in _matches(part, place, own)][:MOST_FOUND]
    words = folded(typed).split()[:_MOST_WORDS]
    known = [names] if own is None else [names_of_own(own, place), names]
    matches = sorted((match for one in known for match in _of_names(words, one)), key=itemgetter(0))
    if matches and matches[0][0] < _GUESSED:
        matches = [match for match in matches if match[0] < _GUESSED]
    ranks, found = zip(*matches[:MOST_FOUND], strict=True) if matches else ((), ())
    return list(zip(ranks, _told_apart(list(found), names.origins), strict=True))


def _of_names(words: Sequence[str], names: Names) -> list[tuple[int, Found]]:
    """What words mean among some names, with their ranks, the best first."""
    ranks = _named_so(words, names)
    return [
        (
            int(ranks.loc[at]),
            Found(names.label[at], float(names.xy[at, 0]), float(names.xy[at, 1]), names.kind[at], names.code[at]),
        )
        for at in _each_once(ranks.index, names)
    ]


def _at_a_point(typed: str, origins: gpd.GeoDataFrame) -> Found | None:
    """The point that a postcode or a grid reference means; None for anything else."""
    try:
        easting, northing = whereabouts(typed, origins)
    except RequestError:
        return None
    close = re.sub(r"[^A-Z0-9]", "", typed.upper())
    if _POSTCODE.fullmatch(close):
        return Found(_spaced(close), easting, northing, "postcode")
    return Found(typed.upper(), easting, northing, "grid_reference")


def _named_so(words: Sequence[str], names: Names) -> pd.Series[int]:
    """The entries that words may mean with their ranks, the best first; only if there are none, guesses."""
    ranks = _ranks(words, names)
    if not len(ranks) and len(words) > 1 and re.fullmatch(r"[0-9]+[a-z]?", words[0]):
        words = words[1:]  # a house number
        ranks = _ranks(words, names)
    return ranks if len(ranks) else _guessed(words, names)


def _guessed(words: Sequence[str], names: Names) -> pd.Series[int]:
    """Entries spelt alike where a word is not known; or those with which the text begins; or all words in doubt."""
    unknown = [word for word in words if not (names.in_name.have(word) | names.there.have(word)).any()]
    ranks = _ranks(words, names, doubted=unknown) if unknown else pd.Series(dtype=int)
    if not len(ranks):
        ranks = _begun(words, names)
    if not len(ranks) and any(names.in_name.have(word).any() for word in words):
        ranks = _ranks(words, names, doubted=words)
    return ranks


def _each_once(ranked: Iterable[int], names: Names) -> list[int]:
    """The first `MOST_FOUND` entries that are not one thing with an earlier one."""
    chosen: list[int] = []
    for at in ranked:
        if not any(_same(at, other, names) for other in chosen):
            chosen.append(at)
        if len(chosen) == MOST_FOUND:
            break
    return chosen


def _ranks(words: Sequence[str], names: Names, *, doubted: Collection[str] = ()) -> pd.Series[int]:
    """How well the name of each entry fits, by its position, the best first; doubted words may be spelt alike."""
    called, lies = np.ones(len(names.label), bool), np.ones(len(names.label), bool)
    some = np.zeros(len(names.label), bool)
    for word in words:
        alike = [word, *(spelt_alike(word, names.words) if word in doubted else ())]
        has = np.logical_or.reduce([names.in_name.have(one) for one in alike])
        called &= has
        some |= has
        lies &= has | np.logical_or.reduce([names.there.have(one) for one in alike])
    fits = np.flatnonzero((lies & some) if words else some)
    plain = " ".join(words)
    short = shortened(" ".join(words))
    ranks = _GUESSED + ~called[fits]
    if not doubted:
        for number, at in enumerate(fits):
            if names.plain[at] == plain or names.short[at] == short or names.whole[at] == short:
                ranks[number] = 0
            elif names.plain[at].startswith(plain) or names.short[at].startswith(short):
                ranks[number] = 1
            else:
                ranks[number] = 2 if called[at] else 3
    order = np.argsort(ranks, kind="stable")
    return pd.Series(ranks[order], index=fits[order])


def _begun(words: Sequence[str], names: Names) -> pd.Series[int]:
    """Names with which the text begins: of "Otley Road, Headingley", Otley Road, if that is held to lie elsewhere."""
    said = shortened(" ".join(words)) + " "
    fits = [at for at, short in enumerate(names.short) if " " in short and said.startswith(f"{short} ")]
    fits.sort(key=lambda at: -len(names.short[at]))
    return pd.Series(_GUESSED, index=fits)


def _same(one: int, other: int, names: Names) -> bool:
    """Whether two entries are one thing; a village, its ward and its station are three."""
    kinds = {names.kind[one], names.kind[other]}
    return (
        names.short[one] == names.short[other]
        and (len(kinds) == 1 or not kinds & {"locality", "ward"})
        and float(np.hypot(*(names.xy[one] - names.xy[other]))) <= SAME_M
    )


def _told_apart(found: list[Found], origins: gpd.GeoDataFrame) -> list[Found]:
    """Those with the same label say which postcode they are near, or else where on the grid."""
    labels = [one.label for one in found]
    postcodes = origins[origins["kind"] == "postcode"]
    told = []
    for one in found:
        if labels.count(one.label) > 1:
            where = f"at {one.easting:.0f}, {one.northing:.0f}"
            if len(postcodes):
                at = postcodes.sindex.nearest(shapely.Point(one.easting, one.northing), return_all=False)[1][0]
                where = f"near {_spaced(postcodes.index[at])}"
            told.append(replace(one, label=f"{one.label} ({where})"))
        else:
            told.append(one)
    return told


def _spaced(postcode: str) -> str:
    """A postcode as it is written: "PO30 2AN"."""
    close = postcode.replace(" ", "")
    return f"{close[:-3]} {close[-3:]}"
