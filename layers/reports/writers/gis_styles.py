"""How a GIS draws a layer: the colours of a report's map as QGIS's QML and as OGC's Styled Layer Descriptor 1.0."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree as Xml

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from layers.reports.report_map import Symbol

OUTLINE = "#595959"
_OGC, _SLD = "http://www.opengis.net/ogc", "http://www.opengis.net/sld"


@dataclass(frozen=True, kw_only=True)
class Style:
    """How one class of features is drawn.

    Parameters
    ----------
    label
        What the class is called, and the value that its features have.
    fill, line
        ``#rrggbb``; areas without fill are outlined only.
    shape
        A simple marker of QGIS, for points.
    """

    label: str
    fill: str | None
    line: str = OUTLINE
    shape: str | None = None


SITES: Mapping[Symbol, tuple[str, str, str]] = {
    "full": ("pentagon", "#14213d", "#ffffff"), "linked": ("diamond", "#ffffff", "#14213d"),
    "network": ("octagon", "#14213d", "#ffffff"), "planned": ("arrowhead_filled", "#ffffff", "#14213d"),
    "play": ("star", "#0f7b3f", "#ffffff"), "community": ("hexagon", "#7a2a6b", "#ffffff"),
    "own": ("equilateral_triangle", "#14213d", "#ffffff"), "closed": ("cross_fill", "#9b1c1c", "#ffffff"),
    "proposed": ("circle", "#1d4ed8", "#ffffff"), "added": ("square", "#1d4ed8", "#ffffff"),
}  # fmt: skip
"""Shape, fill and line of each kind of site: the colours of the printed map, and the nearest shapes that QGIS has."""

_WELL_KNOWN = {
    "pentagon": "square", "diamond": "square", "star": "star", "hexagon": "circle", "equilateral_triangle": "triangle",
    "cross_fill": "x", "circle": "circle", "square": "square", "octagon": "circle",
    "arrowhead_filled": "triangle",
}  # fmt: skip
"""SLD 1.0 knows few marks by name."""


def qml_of(styles: Sequence[Style], column: str | None) -> str:
    """A style as QGIS reads it from ``layer_styles``.

    Parameters
    ----------
    styles
        The classes in their order; one alone if there is no column.
    column
        Which column names a feature's class; None if all are drawn alike.
    """
    root = Xml.Element("qgis", version="3.22.0", styleCategories="Symbology")
    kind = "singleSymbol" if column is None else "categorizedSymbol"
    renderer = Xml.SubElement(root, "renderer-v2", type=kind, symbollevels="0", forceraster="0", enableorderby="0")
    if column is not None:
        renderer.set("attr", column)
        categories = Xml.SubElement(renderer, "categories")
        for number, style in enumerate(styles):
            Xml.SubElement(
                categories, "category", render="true", symbol=str(number), value=style.label, label=style.label,
                type="string",
            )  # fmt: skip
    symbols = Xml.SubElement(renderer, "symbols")
    for number, style in enumerate(styles):
        _symbol(symbols, str(number), style)
    Xml.SubElement(root, "layerGeometryType").text = "0" if styles[0].shape else "2"
    return "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n" + _written(root)


def _symbol(symbols: Xml.Element, name: str, style: Style) -> None:
    kind = "marker" if style.shape else "fill"
    symbol = Xml.SubElement(symbols, "symbol", type=kind, name=name, alpha="1", clip_to_extent="1", force_rhr="0")
    drawn = "SimpleMarker" if style.shape else "SimpleFill"
    layer = Xml.SubElement(symbol, "layer", {"class": drawn, "enabled": "1", "locked": "0", "pass": "0"})
    properties = {
        "color": _rgba(style.fill or "#ffffff"), "outline_color": _rgba(style.line), "outline_style": "solid",
        "outline_width_unit": "MM", "joinstyle": "miter" if style.shape else "bevel",
        "outline_width": "0.2" if style.fill else "0.5",
    }  # fmt: skip
    properties |= (
        {
            "name": style.shape,
            "size": "3.6",
            "size_unit": "MM",
            "scale_method": "diameter",
            "angle": "45" if style.shape == "cross_fill" else "0",
        }
        if style.shape
        else {"style": "solid" if style.fill else "no"}
    )
    options = Xml.SubElement(layer, "Option", type="Map")
    for key, value in sorted(properties.items()):
        Xml.SubElement(options, "Option", name=key, type="QString", value=value)
    for key, value in sorted(properties.items()):  # QGIS before 3.18 reads these
        Xml.SubElement(layer, "prop", k=key, v=value)


def _rgba(colour: str) -> str:
    return ",".join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5)) + ",255"


def sld_of(styles: Sequence[Style], column: str | None, layer: str, title: str) -> str:
    """The same as a Styled Layer Descriptor 1.0, for other programs.

    Parameters
    ----------
    styles, column
        As `qml_of` takes them.
    layer, title
        Name of the layer, and what people read.
    """
    root = Xml.Element("StyledLayerDescriptor", {"version": "1.0.0", "xmlns": _SLD, "xmlns:ogc": _OGC})
    named = Xml.SubElement(root, "NamedLayer")
    Xml.SubElement(named, "Name").text = layer
    user = Xml.SubElement(named, "UserStyle")
    Xml.SubElement(user, "Name").text = layer
    Xml.SubElement(user, "Title").text = title
    drawn = Xml.SubElement(user, "FeatureTypeStyle")
    for style in styles:
        rule = Xml.SubElement(drawn, "Rule")
        Xml.SubElement(rule, "Name").text = style.label
        Xml.SubElement(rule, "Title").text = style.label
        if column is not None:
            equal = Xml.SubElement(Xml.SubElement(rule, "ogc:Filter"), "ogc:PropertyIsEqualTo")
            Xml.SubElement(equal, "ogc:PropertyName").text = column
            Xml.SubElement(equal, "ogc:Literal").text = style.label
        if style.shape:
            graphic = Xml.SubElement(Xml.SubElement(rule, "PointSymbolizer"), "Graphic")
            mark = Xml.SubElement(graphic, "Mark")
            Xml.SubElement(mark, "WellKnownName").text = _WELL_KNOWN[style.shape]
            _colours(mark, style)
            Xml.SubElement(graphic, "Size").text = "12"
        else:
            _colours(Xml.SubElement(rule, "PolygonSymbolizer"), style)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + _written(root)


def _colours(symbol: Xml.Element, style: Style) -> None:
    if style.fill:
        Xml.SubElement(Xml.SubElement(symbol, "Fill"), "CssParameter", name="fill").text = style.fill
    line = Xml.SubElement(symbol, "Stroke")
    colour = style.fill if style.fill and style.shape == "cross_fill" else style.line  # that mark is lines alone
    Xml.SubElement(line, "CssParameter", name="stroke").text = colour
    Xml.SubElement(line, "CssParameter", {"name": "stroke-width"}).text = "0.5" if style.fill else "1.5"


def _written(root: Xml.Element) -> str:
    Xml.indent(root)
    return Xml.tostring(root, encoding="unicode")
