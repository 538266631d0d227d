"""Two maps on one scale: as many metres a pixel on both, and the same colours for the same walk or the same need."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from geo.crs import to_bng
from layers.maps import need_and_walk, walk_layers
from layers.maps.answer_map import answer_map
from layers.maps.choropleth import MISSING

if TYPE_CHECKING:
    from collections.abc import Iterable

    import geopandas as gpd
    import pandas as pd

    from geo.gaps import Walk
    from layers.answers.question import Answer
    from layers.maps.answer_map import Look
    from layers.maps.choropleth import Layer
    from layers.maps.scene import Marker, Scene


def span(bounds: Iterable[tuple[float, float, float, float]]) -> tuple[float, float]:
    """Metres across and down into which each of some rectangles fits.

    Parameters
    ----------
    bounds
        West, south, east and north of each, in degrees.
    """
    west, south, east, north = np.array(list(bounds)).T
    middle = (south + north) / 2
    one, other = (np.column_stack(to_bng(lon, middle)) for lon in (west, east))
    across = np.hypot(*(other - one).T)
    one, other = (np.column_stack(to_bng((west + east) / 2, lat)) for lat in (south, north))
    down = np.hypot(*(other - one).T)
    return float(across.max()), float(down.max())


def shade(answer: Answer, which: str) -> Layer | None:
    """What colours a map: the walk, or need and walking time, for which there is no layer of one column."""
    return walk_layers.walk(answer.question.minutes) if which == "walk" else None


def side_map(
    blank: Scene,
    answer: Answer,
    table: gpd.GeoDataFrame,
    look: Look,
    *,
    name: str,
    markers: tuple[Marker, ...],
    room: tuple[float, float],
) -> Scene:
    """The map of one of two places.

    Parameters
    ----------
    blank
        The map of the place with nothing on it.
    answer, table
        The answer, and it as a table of areas.
    look
        What colours it, as `shade` gives the layer.
    name
        What the place is called.
    markers
        The sites that count.
    room
        The `span` of both maps.
    """
    scene = answer_map(blank, answer, table, look, markers=markers)
    label = f"Map of {name}: walks to {answer.question.walk.to}. The tables have the same information."
    return replace(scene, span=room, label=label, legend=())  # one for both stands below them


def classes(table: pd.DataFrame, layer: Layer | None, walk: Walk) -> list[tuple[str, str, float]]:
    """What the colours mean, and the part of a place's under-fives in each class; missing where they are not known.

    Parameters
    ----------
    table
        As `side_map` takes it.
    layer
        As `shade` gives it.

    Returns
    -------
    list
        Colour, words, share.
    """
    if layer is not None:
        legend = layer.legend(table)
        held = legend["under5"].where(legend["areas"] > 0, 0.0)  # in a class without areas there is nobody
        rows = zip(legend["fill"], legend["label"], held, strict=True)
        found = [(str(fill), str(label), float(count)) for fill, label, count in rows]
    else:
        counts = table["under5"].groupby(need_and_walk.fills(table)).sum(min_count=1)
        known = [(fill, words) for fill, words, _ in need_and_walk.legend(walk)]
        rest = [(MISSING, "no street data, or need not known")] if counts.get(MISSING, 0.0) > 0 else []
        found = [(fill, words, float(counts.get(fill, 0.0))) for fill, words in known + rest]
    whole = table["under5"].sum(min_count=1)
    return [(fill, words, count / whole if whole > 0 else float("nan")) for fill, words, count in found]
