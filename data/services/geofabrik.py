"""Streets by Geofabrik's county extracts of OpenStreetMap: which an authority needs, and whether they are whole."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import geopandas as gpd
import pyogrio
from shapely import Polygon

from data.fetch.ask import Ask, is_json, is_pbf, not_html
from data.services.alternatives import KeptCopies, first_of
from data.sources.boundaries import READ_ERRORS
from geo.crs import BNG, WGS84, moved_to
from geo.errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

    from data.fetch.client import Got
    from data.services.alternatives import Asking

GEOFABRIK = "https://download.geofabrik.de"
ALL_ENGLAND = (
    f"{GEOFABRIK}/europe/united-kingdom/england-latest.osm.pbf",
    "https://download.openstreetmap.fr/extracts/europe/united_kingdom/england-latest.osm.pbf",
)
"""Where the whole country is, for want of counties; over 1 GB."""

CITIES = "https://download.bbbike.org/osm/bbbike"
"""Where rectangles around cities are, each with its outline beside it."""

WALKING_M = 3_000.0
"""How far beyond the outline streets are needed."""

COUNTY, COUNTRY = 1 << 30, 4 << 30
"""Most bytes of an extract."""


class County(NamedTuple):
    """An extract: its name for people, and its address."""

    name: str
    url: str


def index_ask() -> Ask:
    """Ask which extracts there are, with their outlines."""
    return Ask(f"{GEOFABRIK}/index-v1.json", source="streets", looks=is_json, fresh_for=30 * 86_400.0)


def md5_ask(url: str) -> Ask:
    """Ask for the md5 that stands beside an extract."""
    return Ask(f"{url}.md5", source="streets", check=partial(_check_md5, url=url), limit=4_096)


def extract_ask(url: str, *, md5: str | None, limit: int = COUNTY) -> Ask:
    """Ask for an extract. An old address leads to a home page, with status 200."""
    return Ask(url, source="streets", looks=is_pbf, md5=md5, limit=limit)


def read_index(path: Path) -> gpd.GeoDataFrame:
    """Read the extracts of England's counties.

    Returns
    -------
    geopandas.GeoDataFrame
        Indexed by the extract's id: ``name, url``, outline in British National Grid.

    Raises
    ------
    ServiceError
        The index has none.
    """
    try:
        table = pyogrio.read_dataframe(path, columns=["id", "parent", "name", "urls"])
    except READ_ERRORS as fault:
        raise _fault(what="its index", found=str(fault), expected="outlines of extracts") from fault
    children = table[table["parent"] == "england"] if "parent" in table else table[:0]
    addresses = children["urls"].map(_address)
    children = children.assign(url=addresses)[addresses.notna()]
    if children.empty:
        raise _fault(what="its index", found="no county of England", expected="some 47 of them")
    return gpd.GeoDataFrame(children[["name", "url"]], geometry=moved_to(children.geometry, BNG).to_numpy(), crs=BNG)


def _address(urls: object) -> str | None:
    known = json.loads(urls) if isinstance(urls, str) else urls
    return known.get("pbf") if isinstance(known, dict) else None


def counties_for(index: gpd.GeoDataFrame, outline: BaseGeometry, *, around: float = WALKING_M) -> list[County]:
    """The extracts that meet an outline and what is within a walk of it, those that hold most of it first.

    Parameters
    ----------
    index
        As `read_index` returns it.
    outline
        In British National Grid.
    around
        Metres beyond it.
    """
    wide = outline.buffer(around)
    meeting = index[index.intersects(wide)]
    shared = meeting.intersection(wide).area.sort_values(ascending=False)
    return [County(str(meeting.at[one, "name"]), str(meeting.at[one, "url"])) for one in shared.index]


def read_md5(path: Path) -> str | None:
    """Read an md5: 32 hexadecimal digits at the start of the line."""
    match = re.match(r"\s*([0-9a-fA-F]{32})\b", path.read_text("ascii", "replace"))
    return match.group(1).lower() if match else None


def _check_md5(path: Path, *, url: str) -> None:
    if read_md5(path) is None:
        raise _fault(what=f"{url}.md5", found="no md5", expected="32 hexadecimal digits")


def get_extract(client: Asking, url: str, *, limit: int = COUNTY) -> Got:
    """An extract, whole by the md5 beside it.

    The two change at some moment of the day: where they differ both are asked for once more.

    Raises
    ------
    ServiceError
        It does not come, or does not come whole.
    """
    md5 = read_md5(client.get(md5_ask(url)).path)
    try:
        return client.get(extract_ask(url, md5=md5, limit=limit), older=False)
    except ServiceError:
        later = read_md5(client.get(replace(md5_ask(url), fresh_for=0.0)).path)
        if later == md5:
            raise
        return client.get(extract_ask(url, md5=later, limit=limit))


def get_streets(client: Asking, outline: BaseGeometry, *, city: str = "") -> list[Got]:
    """The extracts that hold the streets of an outline and of a walk around it.

    Parameters
    ----------
    outline
        In British National Grid.
    city
        What the authority is called without its titles: a rectangle of that name is asked for where no county comes.

    Raises
    ------
    ServiceError
        Neither the counties nor the whole country can be fetched.
    """

    def counties(client: Asking) -> list[Got]:
        found = counties_for(read_index(client.get(index_ask()).path), outline)
        if not found:
            raise _fault(what="its index", found="no county there", expected="a county of England")
        return [get_extract(client, county.url) for county in found]

    # an older copy of the counties goes before a gigabyte of the whole country
    ways: list[tuple[str, Callable[[Asking], list[Got]]]] = [
        ("Geofabrik's counties", counties),
        ("older copies of them", lambda client: counties(KeptCopies(client))),
    ]
    if city:
        ways.append(("BBBike's rectangle", partial(_rectangle, city=city, outline=outline)))
    ways += [(url, partial(_whole, url=url)) for url in ALL_ENGLAND]
    return first_of(client, "streets of OpenStreetMap", ways)


def _rectangle(client: Asking, *, city: str, outline: BaseGeometry) -> list[Got]:
    """BBBike's extract of a city, if it reaches a walk beyond the outline."""
    beginning = f"{CITIES}/{city}/{city}.osm.pbf"
    edge = client.get(Ask(f"{CITIES}/{city}/{city}.poly", source="streets", looks=not_html, limit=1 << 20))
    if not read_poly(edge.path).contains(outline.buffer(WALKING_M)):
        who = f"BBBike, {city}"
        raise ServiceError(who, found="a smaller rectangle", expected="one with a walk around the outline")
    sums = client.get(Ask(f"{CITIES}/{city}/CHECKSUM.txt", source="streets", looks=not_html, limit=1 << 20))
    line = re.search(rf"\b([0-9a-f]{{32}})\s+\*?{re.escape(city)}\.osm\.pbf\b", sums.path.read_text("ascii", "replace"))
    return [client.get(extract_ask(beginning, md5=line.group(1) if line else None))]


def read_poly(path: Path) -> BaseGeometry:
    """Read an outline in Osmosis' form (rings of longitude and latitude) in British National Grid."""
    rings, ring = [], []
    for line in path.read_text("utf-8", "replace").splitlines():
        pair = re.fullmatch(r"\s*(-?[\d.]+(?:E[+-]?\d+)?)\s+(-?[\d.]+(?:E[+-]?\d+)?)\s*", line, re.IGNORECASE)
        if pair:
            ring.append((float(pair[1]), float(pair[2])))
        elif line.strip() == "END" and len(ring) > 2:
            rings.append(Polygon(ring))
            ring = []
    return moved_to(gpd.GeoSeries(rings, crs=WGS84), BNG).union_all()


def _whole(client: Asking, *, url: str) -> list[Got]:
    return [get_extract(client, url, limit=COUNTRY)]


def _fault(*, what: str, found: str, expected: str) -> ServiceError:
    return ServiceError(f"Geofabrik (OpenStreetMap), {what}", found=found, expected=expected)
