"""The pieces of the page What stands in the way: each shows one thing and decides nothing."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pandas as pd
import shapely
import streamlit as st

from geo.errors import InputError
from geo.profiles import BUGGY
from geo.whole import ROUNDED, shown, whole_table
from layers import cache, session
from layers.answers.cut_off import from_to, row_said
from layers.html import html_lines, plain
from layers.maps import looking_map, obstacles_map
from layers.maps.answer_map import Look, answer_map
from layers.views import explore

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import geopandas as gpd

    from data.place import Place
    from geo.changes import WayChange
    from layers.answers.question import Question
    from layers.maps.choropleth import Layer
    from layers.maps.scene import Drawn, Marker, Scene
    from layers.session.areas import Choice

MARKER_WORDS = {
    "barrier": "rough ground, or a way closed to prams",
    "crossing": "missing link, bridge or crossing",
    "steps": "steps",
    "gate": "stile, gate or the like",
    "noted": "homes that are cut off",
}
_MOST = 60
"""So many are drawn and can be chosen by name; the table has all."""
_FIRST = 5
_NUMBER, _TEXT = st.column_config.NumberColumn, st.column_config.TextColumn


@dataclass(frozen=True, kw_only=True, eq=False)
class Shown:
    """What the page is about just now: barriers, or who is cut off."""

    headline: str
    notes: tuple[str, ...]
    first: str
    """What is said above the first few."""
    heading: str
    """What is said above the table."""
    table: gpd.GeoDataFrame
    file_name: str
    label: str
    """What one of them is, for who chooses."""
    names: Mapping[str, str]
    """What each of the first is called, by its id."""
    said: Mapping[str, str]
    """The same in a sentence."""
    markers: tuple[Marker, ...]
    shapes: Mapping[str, shapely.Geometry]
    """Where each is, British National Grid: what the map moves to."""
    drawn: tuple[Drawn, ...] = ()
    walks: Mapping[str, Drawn] = field(default_factory=dict)
    """The walk that tells each, where there is one."""
    changes: Mapping[str, WayChange] | None = None
    """What would mend each."""


def with_pram(question: Question) -> Question:
    """The question as a parent with a pram asks it; that is said, where the reader chose another walker."""
    if question.profile != BUGGY.key:
        st.caption("This page is about walks with a pram, whoever walks elsewhere.")
    return replace(question, profile=BUGGY.key)


def worked_out(place: Place, question: Question, *, mends: bool) -> Shown | None:
    """What the page is about; None, and why on the page, where the place has no figures for it."""
    try:
        return barriers(place, question) if mends else cut_off(place, question)
    except InputError as fault:
        st.info(plain(f"Not known here: this needs {fault.expected}; found {fault.found}."), icon=":material/info:")
        return None


def barriers(place: Place, question: Question) -> Shown:
    """Barriers and missing links, those first that bring most under-fives within reach."""
    found, penalty = cache.obstacles.barriers(place, question), cache.obstacles.penalty(place, question)
    first = found.table.head(_MOST)
    changes = {found.change(rank).mark_id: found.change(rank) for rank in first.index}
    ids, called = list(changes), found.called[first.index].tolist()
    names = {key: f"{rank}. {_capital(name)}" for key, rank, name in zip(ids, first.index, called, strict=True)}
    brings = [
        f"{_children(row.under5_within)} brought within {question.walk.limit}, a shorter walk for "
        f"{shown(row.under5_shorter)}"
        for row in first.itertuples()
    ]
    said = [(_capital(name), more) for name, more in zip(called, brings, strict=True)]
    return Shown(
        headline=found.said[0],
        notes=(*penalty.said, *(line for line in found.said[1:] if not line[:1].isdigit())),
        first="What would bring most within reach",
        heading="What mending each alone would bring",
        table=found.table,
        file_name="barriers",
        label="Barrier or missing link",
        names=names,
        said=dict(zip(ids, (f"{_capital(more)}." for more in brings), strict=True)),
        markers=obstacles_map.barrier_markers(first, ids, said),
        shapes=dict(zip(ids, first.geometry, strict=True)),
        changes=changes,
    )


def cut_off(place: Place, question: Question) -> Shown:
    """Neighbourhoods that are near a centre in a straight line and far on foot, most under-fives first."""
    found = cache.obstacles.cut_off(place, question)
    first = found.table.head(_MOST)
    ids = [f"cut-{number}" for number in range(1, len(first) + 1)]
    rows = [(from_to(row), _capital(row_said(row))) for row in first.itertuples()]
    markers, drawn = obstacles_map.cut_off_lines(first, ids, rows)
    return Shown(
        headline=found.said[0],
        notes=found.notes,
        first="Where most are cut off",
        heading="Near in a straight line, far on foot",
        table=found.table,
        file_name="cut-off",
        label="Neighbourhood and centre",
        names={key: f"{number}. {row[0]}" for number, (key, row) in enumerate(zip(ids, rows, strict=True), start=1)},
        said={key: row[1] for key, row in zip(ids, rows, strict=True)},
        markers=markers,
        shapes=dict(zip(ids, first.geometry, strict=True)),
        drawn=drawn,
        walks={
            key: obstacles_map.line_drawn(walk, ("The walk", row[1]))
            for key, walk, row in zip(ids, found.walks, rows, strict=False)
            if walk is not None
        },
    )


def scene(
    place: Place, question: Question, table: gpd.GeoDataFrame, layer: Layer, found: Shown, *, selected: str | None
) -> Scene:
    """The map: streets by the walk, or by how much longer it is with a pram; centres; what stands in the way."""
    look = Look(layer=layer, streetwise=True, along=explore.along(place, question, layer.key))
    answer = cache.answers.answer(place, question)
    sites = explore.site_markers(place, answer, ["centres"])
    drawn = answer_map(cache.places.blank_map(place), answer, table, look, markers=(*sites, *found.markers))
    label = "Map of what stands in the way. The table below the map has the same information."
    drawn = replace(drawn, drawn=found.drawn, label=label)
    if selected is None:
        return drawn
    walk = found.walks.get(selected)
    lines = found.drawn if walk is None else (*found.drawn, walk)
    return replace(drawn, drawn=lines, selected=selected, view=looking_map.box_of(found.shapes[selected]))


def notes(found: Shown) -> None:
    """What to know besides, a paragraph each."""
    if found.notes:
        st.caption("\n\n".join(map(plain, found.notes)))


def first_ones(found: Shown, on_choose: Callable[[str], None]) -> None:
    """The first of them, until one is chosen."""
    if found.names:
        st.html(html_lines([found.first], kind="h2"))
    for key in list(found.names)[:_FIRST]:
        with st.container(gap=None):
            rank, name = found.names[key].split(". ", 1)
            st.button(f"{rank}\\. {plain(name)}", key=f"first-{key}", type="tertiary", on_click=on_choose, args=(key,))
            st.html(html_lines([found.said[key]], name="pramshed-reason"))


def card(place: Place, found: Shown, key: str) -> None:
    """The one that was chosen; if it can be mended, a press tries that on What if."""
    st.html(html_lines([found.names[key]], kind="h2") + html_lines([found.said[key]]))
    if found.changes is None:
        st.caption("On the map the straight line is dashed, and the walk of one home is drawn in full.")
        return
    st.caption("Whether it can be mended, and what that would cost, is not known.")
    if st.button("Try it on What if", key="try-mend", type="primary", icon=":material/alt_route:"):
        session.take_over(place, [found.changes[key]])
        st.switch_page("layers/pages/what_if.py")


def listed(found: Shown, choice: Choice) -> None:
    """All of them as a table; choosing one of the first rows opens its card."""
    if found.table.empty:
        st.caption("Nothing to list.")
        return
    keys = [*found.names, *(f"more-{number}" for number in range(len(found.names), len(found.table)))]
    exact = pd.DataFrame(found.table.drop(columns="geometry")).reset_index().set_axis(pd.Index(keys))
    rows = whole_table(exact).assign(**{name: exact[name] for name in exact.columns.intersection(["times"])})
    st.caption(ROUNDED)
    choice.table(
        rows, height=min(420, 38 + 35 * len(rows)), placeholder="", alt=found.heading,
        column_config=_COLUMNS, column_order=[name for name in _COLUMNS if name in rows],
    )  # fmt: skip


def _count(title: str, said: str | None = None) -> Any:  # noqa: ANN401 (a column of Streamlit's)
    return _NUMBER(title, format="localized", help=said)


_COLUMNS = {
    "rank": _NUMBER("Rank", format="%d", width=50),
    "kind": _TEXT("What", width=150),
    "street": _TEXT("Street", width=160),
    "near": _TEXT("Near", width=170),
    "area_name": _TEXT("Neighbourhood", width=190),
    "site_name": _TEXT("Centre", width=200),
    "under5": _count(
        "Under-fives", "Cut off from the centre that is nearest in a straight line, and beyond reach of any."
    ),
    "crosses": _TEXT("In the way", width=110, help="What the straight line crosses and the walk goes round."),
    "straight_m": _count("Straight, m", "In a straight line, of the home that tells the row."),
    "walk_m": _count("On foot, m", "The same home's walk with a pram."),
    "times": _NUMBER("Times", format="%.1f", help="How many times the straight line the walk is."),
    "crossing_near": _TEXT("Crossed near", width=170),
    "crossing_m": _count("Away, m", "From where the straight line meets it to where the walk crosses it."),
    "across": _TEXT("Across", width=100, help="What a link would have to cross."),
    "metres": _count("Length, m"),
    "under5_within": _count("Brought within", "Under-fives brought within reach if it alone were mended."),
    "under5_shorter": _count("Shorter walk", "Under-fives whose walk would be shorter, or possible at all."),
    "minutes_saved": _count("Minutes saved", "One way, summed over under-fives who have a way today."),
    "with_pair": _TEXT("Helps with", width=220, help="Another one that brings more together with it than both alone."),
    "pair_under5_within": _count("Both bring within"),
}


def _children(number: float) -> str:
    return f"{shown(number)} under-five{'' if shown(number) == '1' else 's'}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
