"""The map in the browser: what is drawn on it, and what a click means.

The base map never changes, so streamlit-folium keeps its iframe and the reader's zoom; at a rerun only a
small table of values travels, and ``static/pramshed-map.js`` draws it over outlines fetched once.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import Any, Literal, NamedTuple, get_args

import folium
import streamlit as st
from branca.element import MacroElement
from folium.template import Template
from streamlit_folium import st_folium

from geo.errors import InputError
from layers.html import STATIC, escape
from layers.maps.geometry import AREA_CODE, GAIN_CLASSES, PLACES, write_gains, write_geometry

__all__ = [
    "ATTRIBUTION", "FLOW_WIDTHS", "GAIN_PALETTE", "GAIN_WIDTHS", "PLACES", "AreaStyle", "Click", "Drawn", "Flow",
    "Marker", "Scene", "Shape", "clicked", "flow_width", "icon", "shape_of",
    "show", "values_json", "write_gains", "write_geometry",
]  # fmt: skip

ATTRIBUTION = (
    "© OpenStreetMap contributors (ODbL) · ONS, MHCLG, DfE, OS data © Crown copyright and database right (OGL v3)"
)

Shape = Literal[
    "open", "linked", "announced", "closed", "unlisted", "added", "shut", "play", "community", "barrier", "crossing",
    "noted",
]  # fmt: skip
"""What a site looks like: one drawing each in ``static/markers/``, told apart without colour."""

FLOW_WIDTHS = (1.0, 8.0)
"""Pixels: the slimmest and the widest arrow."""

GAIN_PALETTE = ("#4bb3a4", "#1f8fb0", "#2463a4", "#2b3a86", "#1d1145")
"""Colours of streets by what is gained along them, least to most: safe for colour-blind readers, dark on white."""

GAIN_WIDTHS = (1.4, 2.1, 3.0, 4.0, 5.0)
"""Pixels of the same at a middling zoom; wider is more, so that colour is not needed."""

_PATTERNS = {
    "area": AREA_CODE,
    "site": re.compile(r"[\w:./-]{1,64}", re.ASCII),
    "place": re.compile(""),
    "colour": re.compile(r"#[0-9a-fA-F]{6}"),
    "shape": re.compile("|".join(get_args(Shape))),
    "geometry": re.compile(r"/app/static/places/[\w-]+\.geojson", re.ASCII),
    "gains": re.compile(r"/app/static/places/gains-\w+\.geojson", re.ASCII),
}
# More than a script needs: folium runs what it wrote through Jinja once more, so that {{...}} in a name would run on
# the server; and streamlit-folium rewrites whatever looks like one of folium's own names (_1a2b).
_ESCAPES = str.maketrans({character: f"\\u{ord(character):04x}" for character in "{}<>&'_"})


@dataclass(frozen=True, slots=True)
class AreaStyle:
    """How an area is drawn: LSOA code, colour (``#rrggbb``), tooltip (first line bold), striped or not."""

    code: str
    fill: str
    lines: tuple[str, ...] = ()
    hatched: bool = False


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
class Scene:
    """Everything that is on the map. Hashable; all texts are plain text."""

    areas_url: str
    """Outlines, as `write_geometry` returned it."""
    bounds: tuple[float, float, float, float]
    """West, south, east, north in degrees; the map moves there when they change, and only then."""
    areas: tuple[AreaStyle, ...] = ()
    """An outline without a style is drawn white."""
    streets_url: str | None = None
    """Streets, as `write_geometry` returned it."""
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
    ``marking``, for a button that asks the browser where the reader is, ``locate`` and ``refused``."""


class Click(NamedTuple):
    """What the reader clicked on last; a new click has another ``at`` (the reader's clock, milliseconds)."""

    kind: Literal["area", "site", "place"]
    id: str
    lon: float
    lat: float
    at: int


def show(
    scene: Scene, *, key: str = "map", height: int = 560, tiles: str | None = None, tiles_credit: str = ""
) -> dict[str, Any] | None:
    """Draw the map and return what streamlit-folium reports, for `clicked` and its like to read.

    A click on an area or a site reruns the app; panning and zooming do not.

    Parameters
    ----------
    scene
        What to draw.
    key
        Widget key, one for each map on the page.
    height
        Pixels.
    tiles
        Address of background tiles with ``{z}/{x}/{y}``; without it nothing is fetched from anywhere else.
    tiles_credit
        Whom the owner of the tiles wants named, plain text.
    """
    base = _Base(tiles, tiles_credit)
    drawn = folium.FeatureGroup(control=False)
    drawn.add_child(_Drawing(values_json(scene, tiled=bool(tiles))))
    # streamlit-folium blanks out parts of the script before it compares maps; all of the key counts.
    parts = json.dumps([tiles, tiles_credit, base.default_js, base.default_css])
    returned: dict[str, Any] | None = st_folium(
        base,
        key=f"{key}-{sha256(parts.encode()).hexdigest()[:12]}",
        height=height,
        use_container_width=True,
        returned_objects=["last_active_drawing"],
        feature_group_to_add=drawn,
    )
    return returned


def clicked(returned: object) -> Click | None:
    """Return the last click in what `show` returned; None if there is none, or something else is there.

    The browser is not trusted: look the code up among the place's areas before using it.
    """
    match returned:
        case {
            "last_active_drawing": {
                "properties": {"kind": "area" | "site" | "place" as kind, "id": str(name), "at": int(at)},
                "geometry": {"coordinates": [int() | float() as lon, int() | float() as lat]},
            }
        } if _fits(kind, name) and _on_earth(lon, lat):
            return Click(kind, name, float(lon), float(lat), at)
    return None


def shape_of(kind: str, status: str) -> Shape:
    """Return the drawing for a site of `geo.tables.Sites`; that it has ended matters more than its kind."""
    ended: dict[str, Shape] = {"announced": "announced", "closed": "closed", "no_longer_listed": "unlisted"}
    kinds: dict[str, Shape] = {"play_space": "play", "community": "community"}
    return ended.get(status) or kinds.get(kind) or ("linked" if status == "linked" else "open")


def flow_width(value: float, most: float) -> float:
    """Return how wide an arrow is for a value, where the largest on the map is ``most``."""
    least, widest = FLOW_WIDTHS
    share = float(value) / float(most) if most > 0 else 0.0
    return round(least + (widest - least) * min(max(share, 0.0), 1.0), 1)


@cache
def icon(shape: Shape | Literal["unsure", "flow"]) -> str:
    """Return the drawing as SVG text, for a legend (``st.image``) or a report.

    Besides the shapes: ``unsure``, the ring around one, and ``flow``, an arrow.
    """
    return (STATIC / "markers" / f"{shape}.svg").read_text("utf-8")


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
        "areas": _address(scene.areas_url),
        "streets": _address(scene.streets_url) if scene.streets_url else None,
        "gains": _address(scene.gains_url) if scene.gains_url else None,
        "gainStyle": list(zip(scene.gain_palette, GAIN_WIDTHS, strict=True)) if scene.gains_url else [],
        "bounds": [round(float(edge), 5) for edge in scene.bounds],
        "codes": [int(area.code[3:]) for area in scene.areas],
        "fills": [palette.setdefault(area.fill, len(palette)) for area in scene.areas],
        "hatched": [place for place, area in enumerate(scene.areas) if area.hatched],
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


def _check(scene: Scene) -> None:
    """Raise InputError for what the browser should never get."""
    for area in scene.areas:
        _require(_fits("area", area.code), "an LSOA 2021 code", area.code)
        _require(_fits("colour", area.fill), "a colour as #rrggbb", area.fill)
    for marker in scene.markers:
        _require(_fits("site", marker.id), "a site's id", marker.id)
        _require(_fits("shape", marker.shape), f"one of {', '.join(get_args(Shape))}", marker.shape)
    for address in filter(None, (scene.areas_url, scene.streets_url)):
        _require(_fits("geometry", address), "an address from write_geometry", address)
    _require(scene.gains_url is None or _fits("gains", scene.gains_url), "an address from write_gains", scene.gains_url)
    _require(len(scene.gain_palette) == GAIN_CLASSES, f"{GAIN_CLASSES} colours of gains", scene.gain_palette)
    for colour in scene.gain_palette:
        _require(_fits("colour", colour), "a colour as #rrggbb", colour)
    least, widest = FLOW_WIDTHS
    for flow in scene.flows:
        _require(least <= flow.width <= widest, f"a width of {least:g} to {widest:g} pixels", flow.width)
    west, south, east, north = scene.bounds
    ends = [(lon, lat) for flow in scene.flows for lon, lat in (_ends(flow)[:2], _ends(flow)[2:])]
    corners = [corner for one in scene.drawn for corner in one.corners]
    for lon, lat in [(west, south), (east, north), *((m.lon, m.lat) for m in scene.markers), *ends, *corners]:
        _require(_on_earth(lon, lat), "longitude and latitude in degrees", (lon, lat))


def _ends(flow: Flow) -> tuple[float, float, float, float]:
    return flow.start_lon, flow.start_lat, flow.end_lon, flow.end_lat


class _Base(folium.Map):
    """What lies below everything, the same for every place; its libraries come from our own server."""

    def __init__(self, tiles: str | None, credit: str) -> None:
        super().__init__(
            location=(52.8, -1.6),  # until the drawing code has moved to the scene's bounds
            zoom_start=6,
            tiles=tiles,
            attr=escape(credit) or " ",  # folium insists on some text, and writes it as HTML
            prefer_canvas=True,
            zoom_snap=0.25,
            attribution_control=bool(tiles),
        )
        scripts = {
            "leaflet": "leaflet/leaflet.js",
            "pramshed_lines": "pramshed-lines.js",  # the map's drawing code uses it, and the next
            "pramshed_surface": "pramshed-surface.js",
            "pramshed_marking": "pramshed-marking.js",
            "pramshed": "pramshed-map.js",
        }
        self.default_js = [(name, _asset(file)) for name, file in scripts.items()]
        self.default_css = [
            ("leaflet_css", _asset("leaflet/leaflet.css")),
            ("pramshed_css", _asset("pramshed-map.css")),
        ]


class _Drawing(MacroElement):
    """The one thing in the feature group: hands the values to our drawing code."""

    _template = Template(
        "{% macro script(this, kwargs) %}pramshed.draw({{ this._parent._parent.get_name() }}, "
        "{{ this._parent.get_name() }}, {{ this.values }});{% endmacro %}"
    )

    def __init__(self, values: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name, self.values = "Drawing", values


@cache
def _asset(name: str) -> str:
    """Return the address of a file of ours with its content's hash: a browser may keep it till it changes."""
    return f"{_address(f'/app/static/{name}')}?v={sha256((STATIC / name).read_bytes()).hexdigest()[:8]}"


def _address(path: str) -> str:
    """Return the path on a server that may serve the app below a folder."""
    folder = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{folder}{path}" if folder else path


def _on_earth(lon: float, lat: float) -> bool:
    return abs(lon) <= 180 and abs(lat) <= 90  # false for NaN as well


def _fits(pattern: str, text: object) -> bool:
    return isinstance(text, str) and _PATTERNS[pattern].fullmatch(text) is not None


def _require(right: bool, expected: str, found: object) -> None:
    if not right:
        source = "map"
        raise InputError(source, expected=expected, found=repr(found))
