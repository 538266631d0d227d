"""The pieces of the page Side by side: each shows one thing and decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from geo.days import day_text
from geo.gaps import headline
from layers import cache, session
from layers.answers import side_by_side
from layers.answers.need_classes import england
from layers.files import tables
from layers.html import html_lines, html_table, plain
from layers.maps import legends, side_by_side_map, walk_layers
from layers.maps.answer_map import Look
from layers.maps.choropleth import MISSING
from layers.views import finding, frame

if TYPE_CHECKING:
    from collections.abc import Mapping

    from data.place import Place
    from layers.answers.place_search import Found
    from layers.answers.question import Question
    from layers.maps.scene import Marker

_NEED = ("high", "middle", "low")


def alone(place: Place) -> None:
    """Where no other place is at hand: how to have one."""
    st.info(
        f"{plain(place.card.name)} is the only place here, so there is nothing to set beside it. Another is built from "
        "open data with `python cli.py build`.",
        icon=":material/info:",
    )
    st.page_link("layers/pages/places.py", label="How to add another authority", icon=":material/arrow_forward:")


def answers(places: tuple[Place, Place], question: Question) -> None:
    """The headline of each, beside the other."""
    for column, place in zip(st.columns(2, gap="medium"), places, strict=True):
        with column:
            st.html(html_lines([place.card.name], kind="h2"))
            lacking = cache.side_by_side.lacks(place, question)
            if lacking:
                st.html(html_lines([f"Not known: this place has no data on {lacking}."], name="pramshed-headline"))
                continue
            found = cache.answers.answer(place, question)
            said = headline(found.gaps, walk=question.walk, every=found.ground.areas["under5"].sum())
            st.html(html_lines([said], name="pramshed-headline"))


def find(places: tuple[Place, Place], question: Question) -> dict[str, Found]:
    """Find something by name on the map that has it; what was found, by key of the place."""
    drawn = {place.card.key: place for place in places if not cache.side_by_side.lacks(place, question)}
    if not drawn:
        return {}
    offered = cache.side_by_side.offered(*places) if len(drawn) > 1 else finding.offered(*drawn.values())
    found = session.find_in(f"beside-{'-and-'.join(drawn)}", drawn, offered)
    if found and len(drawn) > 1:
        st.caption("The scales differ until both places are shown whole.")
    return found


def maps(
    places: tuple[Place, Place], question: Question, *, which: str, streetwise: bool, found: Mapping[str, Found]
) -> None:
    """Both maps, on one scale until something is found; arguments as the page has them."""
    room = side_by_side_map.span(place.card.bounds for place in places)
    drawn: list[Marker] = []
    for column, place in zip(st.columns(2, gap="medium"), places, strict=True):
        with column:
            if cache.side_by_side.lacks(place, question):
                st.caption(f"There is no map of {plain(place.card.name)}: the walk is not known there.")
                continue
            st.markdown(f"**{plain(place.card.name)}**")
            answer, walks = cache.answers.answer(place, question), None
            if streetwise and which == "walk":
                walks = cache.answers.street_walks(place, question)
            look = Look(
                layer=side_by_side_map.shade(answer, which),
                streetwise=streetwise,
                along=None if walks is None else walk_layers.streets(question.minutes, walks, question.walk.to),
            )
            beside = cache.answers.markers_beside(place, question) if question.to == "centres" else ()
            scene = side_by_side_map.side_map(
                cache.places.blank_map(place),
                answer,
                cache.answers.area_table(place, question),
                look,
                name=place.card.name,
                markers=(*cache.answers.markers(place, question), *beside),
                room=room,
            )
            scene = finding.shown(scene, place, found.get(place.card.key))
            frame.show_map(scene, f"side-{place.card.key}", height=460)
            drawn += scene.markers
    legends.marker_legend(drawn, ())


def legend(places: tuple[Place, Place], question: Question, which: str) -> None:
    """What the colours mean on both maps, and how many of each place's under-fives live in each."""
    known = [place for place in places if not cache.side_by_side.lacks(place, question)]
    if not known:
        return
    layer = side_by_side_map.shade(cache.answers.answer(known[0], question), which)
    found = {
        place.card.name: {
            (fill, words): share
            for fill, words, share in side_by_side_map.classes(
                cache.answers.area_table(place, question), layer, question.walk
            )
        }
        for place in known
    }
    keys = dict.fromkeys(key for classes in found.values() for key in classes)
    rows = [
        (
            f"{fill}/" if fill == MISSING else fill,
            words,
            *(_share(classes.get((fill, words), 0.0)) for classes in found.values()),
        )
        for fill, words in keys
    ]
    with st.container(key="colours"):
        st.markdown(
            "**What the colours mean.** The figures are the share of each place's under-fives whose neighbourhood has "
            "that colour."
        )
        st.html(html_table(rows, caption="What the colours mean on both maps", head=tuple(found)))


def _share(share: float) -> str:
    return "not known" if pd.isna(share) else f"{share:.0%}"


def figures(places: tuple[Place, Place], question: Question) -> None:
    """The same figures of both as a table, and as a file."""
    sides = {place.card.name: cache.side_by_side.figures(place, question) for place in places}
    since = day_text(cache.side_by_side.SINCE)
    words = side_by_side.rows(question.walk, since, centres=question.to == "centres")
    rows = [
        ("", said, *(_on_one_line(side_by_side.told(name, getattr(one, name))) for one in sides.values()))
        for name, said in words.items()
    ]
    st.html(html_table(rows, caption="The same figures of both places", head=tuple(sides)))
    st.caption(
        "Shares are of the under-fives whose walk is known; for high need, of all under-fives; in the last row, of "
        f"those of high need whose neighbourhood has street data. {_thirds_said(question)} Families are "
        "today's on every day. “Born outside the UK” counts residents of all ages: a proxy for families from abroad."
    )
    keys = "-and-".join(place.card.key for place in places)
    asked = f"{question.to}-{question.counting}-{question.profile}-{question.minutes:g}-minutes"
    table = side_by_side.table(sides, words).rename(columns=tables.harmless)  # a place is called as its builder likes
    frame.download_table("Download this table (CSV)", table, f"pramshed-{keys}-{asked}.csv")


def _on_one_line(figure: str) -> str:
    """A number and its share or unit are not parted on a telephone."""
    return figure.replace(" (", "\N{NO-BREAK SPACE}(").replace(" minutes", "\N{NO-BREAK SPACE}minutes")


def need(places: tuple[Place, Place], question: Question) -> None:
    """How many under-fives live where need is high, middle or low in England, and how many of them too far away."""
    sides = [cache.side_by_side.figures(place, question) for place in places]
    limit = question.walk.limit
    rows = []
    for third in _NEED:
        cells = []
        for one in sides:
            row = one.need.loc[third]
            if pd.isna(row["under5"]):
                cells.append("not known")
                continue
            beyond = "" if pd.isna(row["beyond_share"]) else f"; {row['beyond_share']:.0%} of them beyond {limit}"
            cells.append(f"{row['under5']:,.0f} under-fives ({row['share']:.0%}){beyond}")
        rows.append(("", f"{third.capitalize()} need", *cells))
    names = tuple(place.card.name for place in places)
    st.html(html_table(rows, caption="Under-fives by need", head=names))
    st.caption(f"{_thirds_said(question)} “What counts as need” lets you change that, and how much each part counts.")


def _thirds_said(question: Question) -> str:
    if question.thirds == "england":
        return (
            f"High, middle and low need are thirds of all {len(england()):,} neighbourhoods of England, so that they "
            "mean the same in both places."
        )
    return "High, middle and low need are thirds of each authority: what is high in one may be middle in the other."
