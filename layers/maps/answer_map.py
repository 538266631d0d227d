"""The map of an answer: areas by need and walk or by a layer, the sites that count, the community's marks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from geo.whole import whole
from layers.maps import mark_markers, need_and_walk
from layers.maps.choropleth import MISSING
from layers.maps.scene import AreaStyle
from layers.maps.walk_layers import walk_words

if TYPE_CHECKING:
    import geopandas as gpd

    from layers.answers.question import Answer
    from layers.maps.choropleth import Layer
    from layers.maps.scene import Along, Marker, Scene

_FADED = "#ffffff"

NEAR = "streets are missing nearby, it may be shorter"
"""What is said of an area whose answer could change (`geo.coverage.may_change`); its outline is dashed."""


@dataclass(frozen=True, kw_only=True)
class Look:
    """How an answer is drawn.

    Parameters
    ----------
    layer
        What gives the colours; need and walking time if none.
    streetwise
        Whether streets are coloured in place of the areas.
    along
        The colour of each street, where that is known better than by its area.
    cell
        Need and access class to bring out, if any.
    selected
        The area that is looked at.
    """

    layer: Layer | None = None
    streetwise: bool = False
    along: Along | None = None
    cell: tuple[str, str] | None = None
    selected: str | None = None


def answer_map(
    blank: Scene,
    answer: Answer,
    table: gpd.GeoDataFrame,
    look: Look,
    *,
    markers: tuple[Marker, ...] = (),
    marks: gpd.GeoDataFrame | None = None,
) -> Scene:
    """The map of an answer.

    Parameters
    ----------
    blank
        The map of the place with nothing on it.
    table
        The answer as a table of areas.
    look
        How it is drawn.
    markers
        The sites that are drawn.
    marks
        The community's marks that are drawn.
    """
    layer, cell = look.layer, look.cell
    along = look.along if look.streetwise else None
    fills = need_and_walk.fills(table) if layer is None else layer.fills(table)
    unknown = fills == MISSING
    if cell is not None:
        fills = fills.where((table["need_class"] == cell[0]) & (table["access_class"] == cell[1]), _FADED)
    near = table["near_missing_streets"] == "yes"
    rows = zip(
        table.index, fills, unknown, near, _lines(answer, table), _layer_lines(answer, table, layer),
        strict=True,
    )  # fmt: skip
    return replace(
        blank,
        areas=tuple(
            AreaStyle(str(code), str(fill), (*lines, *more, *((NEAR,) if dashed else ())), bool(striped), bool(dashed))
            for code, fill, striped, dashed, lines, more in rows
        ),
        streetwise=look.streetwise,
        along=along,
        legend=(
            *_legend(answer, table, layer, along),
            *((("#ffffff", f"outline: {NEAR}", False),) if near.any() else ()),
        ),
        legend_title=need_and_walk.TITLE if layer is None else layer.title,
        markers=(*markers, *(() if marks is None else mark_markers.markers(marks))),
        drawn=() if marks is None else mark_markers.outlines(marks[marks["homes"] == 0]),
        selected=look.selected,
        label=f"Map of walks to {answer.question.walk.to}. The table below the map has the same information.",
    )


def _legend(
    answer: Answer, table: pd.DataFrame, layer: Layer | None, along: Along | None
) -> tuple[tuple[str, str, bool], ...]:
    """What the colours mean, on the map itself."""
    if layer is None:
        return need_and_walk.legend(answer.question.walk)
    rows = layer.legend_rows(table)
    known = len(layer.palette)
    return rows if along is None else (*rows[:known], (along.no_way, along.no_way_label, False), *rows[known:])


def _lines(answer: Answer, table: pd.DataFrame) -> list[tuple[str, ...]]:
    """What is said of each area, whatever colours it."""
    limit = answer.question.walk.limit
    around, gaps = answer.ground.areas["around"].reindex(table.index), answer.gaps.reindex(table.index)
    rows = zip(
        table["area_name"], around, table["access_class"], gaps["minutes_median"], whole(gaps["under5_beyond"]),
        whole(gaps["under5_known"]), strict=True,
    )  # fmt: skip
    return [
        (
            str(name),
            *([] if pd.isna(street) else [f"around {street}"]),
            walk_words(access, minutes),
            *([] if pd.isna(beyond) else [f"{beyond:,.0f} of {known:,.0f} under-fives beyond {limit}"]),
        )
        for name, street, access, minutes, beyond, known in rows
    ]


def _layer_lines(answer: Answer, table: pd.DataFrame, layer: Layer | None) -> list[tuple[str, ...]]:
    """What the colour of each area means, where it is not the walk."""
    if layer is None:
        walk, classes = answer.question.walk, zip(table["need_class"], table["access_class"], strict=True)
        said = need_and_walk.class_words
        return [(said(need, access, walk) if isinstance(need, str) else "need not known",) for need, access in classes]
    if layer.key == "walk":
        return [()] * len(table)
    return [("not known" if pd.isna(value) else layer.show(value),) for value in table[layer.column]]
