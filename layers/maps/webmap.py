"""The map in the browser: what is drawn on it, and what a click means.

The base map never changes, so streamlit-folium keeps its iframe and the reader's zoom; at a rerun only a
small table of values travels, and ``static/pramshed-map.js`` draws it over outlines fetched once.
"""

from __future__ import annotations

import json
from functools import cache
from hashlib import sha256
from typing import Any, Literal, NamedTuple

import folium
from branca.element import MacroElement
from folium.template import Template
from streamlit_folium import st_folium

from layers.html import STATIC, escape
from layers.maps.scene import Scene, Shape, address, fits, on_earth, values_json


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
        } if fits(kind, name) and on_earth(lon, lat):
            return Click(kind, name, float(lon), float(lat), at)
    return None


@cache
def icon(shape: Shape | Literal["unsure", "flow"]) -> str:
    """Return the drawing as SVG text, for a legend (``st.image``) or a report.

    Besides the shapes: ``unsure``, the ring around one, and ``flow``, an arrow.
    """
    return (STATIC / "markers" / f"{shape}.svg").read_text("utf-8")


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
            "pramshed_ground": "pramshed-ground.js",
            "pramshed_surface": "pramshed-surface.js",
            "pramshed_marking": "pramshed-marking.js",
            "pramshed_sites": "pramshed-sites.js",
            "pramshed_window": "pramshed-window.js",
            "pramshed_keys": "pramshed-keys.js",
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

    def render(self, **_: object) -> None:
        """Nothing into folium's own page, which is not shown: it would read all values as a template, in 7 ms."""


@cache
def _asset(name: str) -> str:
    """Return the address of a file of ours with its content's hash: a browser may keep it till it changes."""
    return f"{address(f'/app/static/{name}')}?v={sha256((STATIC / name).read_bytes()).hexdigest()[:8]}"
