"""What is on a map: areas, streets, sites, arrows; and all of it as the JSON that the browser draws."""

from __future__ import annotations

import json
import re
import zlib
from base64 import b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
import streamlit as st

from geo.errors import InputError
from layers.maps.geometry import AREA_CODE, GAIN_CLASSES

if TYPE_CHECKING:
    from numpy.typing import NDArray

ATTRIBUTION = (
    "© OpenStreetMap contributors (ODbL) · ONS, MHCLG, DfE, OS data © Crown copyright and database right (OGL v3) · "
    "Parliamentary information (Open Parliament Licence)"
)

Shape = Literal[
    "open", "linked", "announced", "closed", "unlisted", "added", "shut", "play", "community", "barrier", "crossing",
    "noted", "here", "own", "steps", "gate", "crossed", "uncrossed", "network", "planned",
]  # fmt: skip
"""What a site looks like: one drawing each in ``static/markers/``, told apart without colour."""

FLOW_WIDTHS = (1.0, 8.0)
"""Pixels: the slimmest and the widest arrow."""

GAIN_PALETTE = ("#4bb3a4", "#1f8fb0", "#2463a4", "#2b3a86", "#1d1145")
"""Colours of streets by what is gained along them, least to most: safe for colour-blind readers, dark on white."""

GAIN_WIDTHS = (1.4, 2.1, 3.0, 4.0, 5.0)
"""Pixels of the same at a middling zoom; wider is more, so that colour is not needed."""

MOST_MINUTES, NO_WAY, NOT_WALKED = 250, 254, 255
"""Walks as a byte: the longest that is told apart; no way on foot; a street that this walker may not use."""

_PATTERNS = {
    "area": AREA_CODE,
    "site": re.compile(r"[\w:./-]{1,64}", re.ASCII),
    "place": re.compile(""),
    "colour": re.compile(r"#[0-9a-fA-F]{6}"),
    "shape": re.compile("|".join(get_args(Shape))),
    "geometry": re.compile(r"/app/static/places/[\w-]+\.geojson", re.ASCII),
    "streets": re.compile(r"/app/static/places/segments-\w+\.json", re.ASCII),
    "base": re.compile(r"/app/static/places/base-\w+\.json", re.ASCII),
    "outlines": re.compile(r"/app/static/places/outlines-\w+\.json", re.ASCII),
    "gains": re.compile(r"/app/static/places/gains-\w+\.geojson", re.ASCII),
}
# More than a script needs: folium runs what it wrote through Jinja once more, so that {{...}} in a name would run on
# the server; and streamlit-folium rewrites whatever looks like one of folium's own names (_1a2b).
_ESCAPES = str.maketrans({character: f"\\u{ord(character):04x}" for character in "{}<>&'_"})


@dataclass(frozen=True, slots=True)
class AreaStyle:
    """How an area is drawn: LSOA code, colour (``#rrggbb``), tooltip (first line bold); striped, its outline dashed."""

    code: str
    fill: str
    lines: tuple[str, ...] = ()
    hatched: bool = False
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Marker:
    """A site: id (URN, OSM id, mark id), degrees, drawing (`shape_of`), name, more lines for the tooltip."""

    id: str
    lon: float
    lat: float
    shape: Shape
    label: str
    lines: tuple[str, ...] = ()
    unsure: bool = False
    """Drawn with a dashed ring and a question mark; say in ``lines`` what is not certain."""


@dataclass(frozen=True, slots=True)
class Flow:
    """An arrow from one place to another, in degrees: what moves, as wide as it is much (`flow_width`)."""

    start_lon: float
    start_lat: float
    end_lon: float
    end_lat: float
    width: float = 2.0
    lines: tuple[str, ...] = ()
    """What it says when it is pointed at or reached with the keyboard; the first line bold."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A line or an area that somebody drew: its corners (longitude, latitude), and what it says when pointed at."""

    corners: tuple[tuple[float, float], ...]
    closed: bool = False
    """An area; otherwise a line."""
    dashed: bool = False
    """Not on the map yet."""
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Along:
    """How every street is coloured: the walk from each segment, a byte for each, and a colour for each class of it."""

    minutes: bytes
    """Whole minutes, rounded up, see `walk_bytes`."""
    limits: tuple[float, ...]
    """Upper limits of all classes but the last."""
    palette: tuple[str, ...]
    no_way: str
    no_way_label: str
    words: tuple[str, str, str]
    """What is said before and after the minutes, and where there is no way."""
    told: tuple[str, ...] = ()
    """What is said in place of the minutes, for each value up to the greatest, where they are not minutes of a walk."""


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything that is on the map. Hashable; all texts are plain text."""

    areas_url: str
    """Outlines, as `write_geometry` returned it."""
    bounds: tuple[float, float, float, float]
    """West, south, east, north in degrees; the map moves there when they change, and only then."""
    span: tuple[float, float] | None = None
    """Metres across and down that the map shows at least, around the middle of its bounds: maps of one size and one
    span have one scale."""
    view: tuple[float, float, float, float] | None = None
    """What is looked at, likewise; the map moves there when this changes. The bounds show the whole map again."""
    areas: tuple[AreaStyle, ...] = ()
    """An outline without a style is drawn white."""
    streets_url: str | None = None
    """Every segment of street, as `layers.maps.base_map.write_streets` returned it."""
    base_url: str | None = None
    """Coast, water, woods, railways and names, as `layers.maps.base_map.write_base` returned it."""
    outlines_url: str | None = None
    """Outlines as `layers.maps.base_map.write_outlines` returned it: thin lines, where areas are coloured."""
    streetwise: bool = False
    """Streets are coloured in place of areas, which then are seen when they are pointed at or chosen."""
    along: Along | None = None
    """The colour of each street; without it, where ``streetwise``, a street has that of its neighbourhood."""
    legend: tuple[tuple[str, str, bool], ...] = ()
    """What the colours mean: ``#rrggbb``, words, striped or not."""
    legend_title: str = ""
    gains_url: str | None = None
    """Streets by what is gained along them, as `write_gains` returned it; give the areas pale fills then."""
    gain_palette: tuple[str, ...] = GAIN_PALETTE
    """A colour for each class of gain, least to most."""
    flows: tuple[Flow, ...] = ()
    """Arrows, above areas and streets and below the markers."""
    markers: tuple[Marker, ...] = ()
    drawn: tuple[Drawn, ...] = ()
    """Lines and areas, above everything but the markers."""
    selected: str | None = None
    """Code of the area, or id of the site, that is outlined."""
    marking: bool = False
    """A click beside the markers means a place, not an area."""
    attribution: str = ATTRIBUTION
    label: str = "Map of walks to children's centres. The table below the map has the same information."
    """What a screen reader says of the map."""
    words: tuple[tuple[str, str], ...] = ()
    """What the map itself says, where it is not in English (``lang``): ``fingers``, ``failed``; and, where
    ``marking``, for a button that asks the browser where the reader is, ``locate`` and ``refused``; ``nearer`` and
    ``nearerByKey``, once a tap or Enter has come nearer, which it does from afar if there are these words; ``keys``,
    what the keys do; ``placed``, after Enter."""


def shape_of(kind: str, status: str) -> Shape:
    """Return the drawing for a site of `geo.tables.Sites`; that it ended or is planned goes before its kind."""
    ended: dict[str, Shape] = {
        "announced": "announced", "closed": "closed", "no_longer_listed": "unlisted", "planned": "planned",
    }  # fmt: skip
    kinds: dict[str, Shape] = {"play_space": "play", "community": "community", "network_site": "network"}
    return ended.get(status) or kinds.get(kind) or ("linked" if status == "linked" else "open")


def flow_width(value: float, most: float) -> float:
    """Return how wide an arrow is for a value, where the largest on the map is ``most``."""
    least, widest = FLOW_WIDTHS
    share = float(value) / float(most) if most > 0 else 0.0
    return round(least + (widest - least) * min(max(share, 0.0), 1.0), 1)


def values_json(scene: Scene, *, tiled: bool = False) -> str:
    """Return the scene as JSON that is safe in a script: by column, each text and colour written once.

    Raises
    ------
    InputError
        A code, a colour, a shape, an address or a coordinate is not what it should be.
    """
    _check(scene)
    texts: dict[str, int] = {}
    palette: dict[str, int] = {}

    def pooled(lines: tuple[str, ...]) -> list[int]:
        return [texts.setdefault(line, len(texts)) for line in lines]

    content = {
        "areas": address(scene.areas_url),
        "streets": address(scene.streets_url) if scene.streets_url else None,
        "base": address(scene.base_url) if scene.base_url and not tiled else None,
        "outlines": address(scene.outlines_url) if scene.outlines_url and _coloured(scene) else None,
        "streetwise": scene.streetwise,
        **_along(scene),
        "legend": [list(row) for row in scene.legend],
        "legendTitle": scene.legend_title,
        "gains": address(scene.gains_url) if scene.gains_url else None,
        "gainStyle": list(zip(scene.gain_palette, GAIN_WIDTHS, strict=True)) if scene.gains_url else [],
        "bounds": [round(float(edge), 5) for edge in scene.bounds],
        "span": [round(float(metres)) for metres in scene.span] if scene.span else None,
        "view": _view(scene),
        "codes": [int(area.code[3:]) for area in scene.areas],
        "fills": [palette.setdefault(area.fill, len(palette)) for area in scene.areas],
        "hatched": [place for place, area in enumerate(scene.areas) if area.hatched],
        "dashed": [place for place, area in enumerate(scene.areas) if area.dashed],
        "lines": [pooled(area.lines) for area in scene.areas],
        "palette": list(palette),
        "markers": [
            [pooled((m.label, *m.lines)), m.id, round(float(m.lon), 5), round(float(m.lat), 5), m.shape]
            for m in scene.markers
        ],
        "unsure": [place for place, marker in enumerate(scene.markers) if marker.unsure],
        "flows": [
            [pooled(f.lines), *(round(float(at), 5) for at in _ends(f)), round(float(f.width), 1)] for f in scene.flows
        ],
        "drawn": [
            [pooled(one.lines), one.closed, one.dashed, [[round(float(at), 6) for at in end] for end in one.corners]]
            for one in scene.drawn
        ],
        "words": [list(pair) for pair in scene.words],
        "selected": scene.selected,
        "marking": scene.marking,
        "texts": list(texts),
        "tiled": tiled,
        "label": scene.label,
        "attribution": scene.attribution,
    }
    body = json.dumps(content, separators=(",", ":"), allow_nan=False)
    return "{" + body[1:-1].translate(_ESCAPES) + "}"  # no other object in it, so no other brace of its own


def _view(scene: Scene) -> list[float] | None:
    """What is looked at; the whole map in the digits of its bounds, by which the browser knows it."""
    digits = 5 if scene.view == scene.bounds else 6
    return [round(float(edge), digits) for edge in scene.view] if scene.view else None


def walk_bytes(minutes: NDArray[np.float64]) -> bytes:
    """Walks as a byte each: whole minutes, rounded up, so that a walk is within whole limits as before.

    Parameters
    ----------
    minutes
        Infinite where there is no way, which becomes `NO_WAY`; NaN where nobody of this kind walks, `NOT_WALKED`.
    """
    whole = np.minimum(np.ceil(np.nan_to_num(minutes, nan=0.0, posinf=0.0) - 1e-9), MOST_MINUTES)
    known = np.where(np.isinf(minutes), NO_WAY, whole)
    return np.where(np.isnan(minutes), NOT_WALKED, known).astype(np.uint8).tobytes()


def _along(scene: Scene) -> dict[str, object]:
    """How streets are coloured, as the browser takes it."""
    along = scene.along
    return {
        # level 1 takes a fifth of the time of the usual one, and a tenth more room
        "along": b64encode(zlib.compress(along.minutes, 1)).decode() if along else None,
        "alongLimits": list(along.limits) if along else [],
        "alongPalette": list(along.palette) if along else [],
        "alongWords": list(along.words) if along else ["", "", ""],
        "alongTold": list(along.told) if along else [],
        "noWay": along.no_way if along else "",
        "byArea": scene.streetwise and along is None,
    }


def _coloured(scene: Scene) -> bool:
    """Whether it is areas that are coloured."""
    return bool(scene.areas) and not scene.streetwise and not scene.marking


def _check(scene: Scene) -> None:
    """Raise InputError for what the browser should never get."""
    for area in scene.areas:
        _require(fits("area", area.code), "an LSOA 2021 code", area.code)
        _require(fits("colour", area.fill), "a colour as #rrggbb", area.fill)
    for marker in scene.markers:
        _require(fits("site", marker.id), "a site's id", marker.id)
        _require(fits("shape", marker.shape), f"one of {', '.join(get_args(Shape))}", marker.shape)
    _require(fits("geometry", scene.areas_url), "an address from write_geometry", scene.areas_url)
    for kind, url in (("streets", scene.streets_url), ("base", scene.base_url), ("outlines", scene.outlines_url)):
        _require(url is None or fits(kind, url), f"an address from write_{kind}", url)
    shades = () if scene.along is None else (*scene.along.palette, scene.along.no_way)
    for colour in (*shades, *(fill for fill, _, _ in scene.legend)):
        _require(fits("colour", colour), "a colour as #rrggbb", colour)
    _require(scene.gains_url is None or fits("gains", scene.gains_url), "an address from write_gains", scene.gains_url)
    _require(len(scene.gain_palette) == GAIN_CLASSES, f"{GAIN_CLASSES} colours of gains", scene.gain_palette)
    for colour in scene.gain_palette:
        _require(fits("colour", colour), "a colour as #rrggbb", colour)
    least, widest = FLOW_WIDTHS
    for flow in scene.flows:
        _require(least <= flow.width <= widest, f"a width of {least:g} to {widest:g} pixels", flow.width)
    west, south, east, north = scene.bounds
    seen = scene.view or scene.bounds
    ends = [(lon, lat) for flow in scene.flows for lon, lat in (_ends(flow)[:2], _ends(flow)[2:])]
    corners = [corner for one in scene.drawn for corner in one.corners]
    edges = [(west, south), (east, north), seen[:2], seen[2:]]
    for lon, lat in [*edges, *((m.lon, m.lat) for m in scene.markers), *ends, *corners]:
        _require(on_earth(lon, lat), "longitude and latitude in degrees", (lon, lat))


def _ends(flow: Flow) -> tuple[float, float, float, float]:
    return flow.start_lon, flow.start_lat, flow.end_lon, flow.end_lat


def address(path: str) -> str:
    """Return the path on a server that may serve the app below a folder."""
    folder = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{folder}{path}" if folder else path


def on_earth(lon: float, lat: float) -> bool:
    """Whether these are degrees of a place on earth."""
    return abs(lon) <= 180 and abs(lat) <= 90  # false for NaN as well


def fits(pattern: str, text: object) -> bool:
    """Whether a text is what it should be: a key of the patterns above."""
    return isinstance(text, str) and _PATTERNS[pattern].fullmatch(text) is not None


def _require(right: bool, expected: str, found: object) -> None:
    if not right:
        source = "map"
        raise InputError(source, expected=expected, found=repr(found))
