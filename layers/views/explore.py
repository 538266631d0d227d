"""The pieces of the page Explore: each shows one thing and decides nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from geo.days import day_text
from geo.gaps import NO_STREETS
from geo.whole import ROUNDED, whole
from layers import cache, session
from layers.answers import coverage, summary
from layers.answers.area_card import area_card
from layers.answers.community_sites import SPACE_WORDS
from layers.answers.freshness import parts_said
from layers.answers.need_classes import CLASSES, both_said
from layers.answers.own_children import hidden_said
from layers.answers.weightings import rank_said
from layers.html import html_counts, html_lines, html_table, plain
from layers.maps import legends, looking_map, need_and_walk, population_layers, walk_layers
from layers.session import area_list as listed_areas
from layers.views import own_sites
from layers.views.alike import beside_those_alike

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    import geopandas as gpd
    from streamlit.delta_generator import DeltaGenerator

    from data.place import Place
    from layers.answers.community_sites import Published
    from layers.answers.question import Answer, Question
    from layers.answers.spots import Spot
    from layers.maps.choropleth import Layer
    from layers.maps.scene import Along, Marker, Scene


_NEED_OF = {
    "authority": ("need_here", "this authority", "Need here"),
    "england": ("need_in_england", "England", "In England"),
}
"""By whose thirds: the column of an area table, whose they are, the heading of the list."""


def both_numbers(place: Place, answer: Answer, spaces: Published | None) -> None:
    """What is beyond the threshold with official sites only and with community spaces, whichever is shown."""
    if spaces is None:
        st.caption("The community's marks cannot be read at the moment, so only official sites count.")
        return
    question, to = answer.question, answer.question.to
    number = len(spaces.counting(to))
    if not number:
        return
    both = [cache.answers.answer(place, replace(question, community=revision)) for revision in (None, spaces.number)]
    what = "Under-fives" if summary.counts_children(answer) else "Neighbourhoods mostly"
    sites, limit = ("official only", f"with {number:,} {SPACE_WORDS[to][number > 1]}"), question.walk.limit
    counts = zip(sites, map(summary.beyond, both), strict=True)
    st.html(html_counts([(f"{what} beyond {limit}, {which}", f"{count:,}") for which, count in counts]))


def dates(place: Place, question: Question) -> None:
    """The day that is asked about, and of which day each part of the data is."""
    st.caption(plain(f"As of {day_text(question.day)}: {parts_said(place.card, question.to)}."))


def warnings(place: Place, answer: Answer) -> None:
    """What a reader must know before acting on the answer."""
    said = [plain(told) for told in (*hidden_said(place.card), *cache.walks.ferries_told(place, answer.question))]
    if coverage.is_missing(place.card) is not False:
        said.append(f"**{plain(coverage.streets_said(place.card))}** {coverage.near_said(answer.gaps)}")
    no_street_data = int((answer.gaps["access_class"] == NO_STREETS).sum())
    if no_street_data:
        said.append(
            f"**{no_street_data:,} of {len(answer.gaps):,} neighbourhoods have no street data.** They are "
            "striped on the map and left out of the counts."
        )
    if answer.question.to == "centres":
        apart = cache.answers.unreached(place, answer.question)
        if len(apart):
            ours = apart.loc[apart["inside"], "name"].fillna("one without a name")
            names = f" {plain('; '.join(ours))}." if len(ours) else ""
            said.append(f"**Of the centres, {coverage.unreached_said(apart)}**{names}")
    if said:
        st.warning("\n\n".join(said), icon=":material/warning:")


def site_markers(place: Place, answer: Answer, shown: list[str]) -> tuple[Marker, ...]:
    """The sites that are drawn.

    Parameters
    ----------
    shown
        Which: keys of `layers.session.parameters.SHOWN`.
    """
    official = replace(answer.question, community=None, own=None)
    own = own_sites.markers(place, answer.question) if answer.question.own else ()
    asked = {
        "play": replace(official, to="play"),
        "closed": replace(official, to="centres", statuses=("closed", "no_longer_listed")),
        "centres": replace(official, to="centres", reading="most"),  # what is not certain is drawn as such
    }
    drawn = {
        marker.id: marker
        for kind, question in asked.items()
        if kind in shown
        for marker in cache.answers.markers(place, question)
    }
    if "centres" in shown:
        beside = cache.answers.markers_beside(place, replace(asked["centres"], community=None))
        drawn |= {marker.id: marker for marker in beside}
    return own + tuple(drawn.values())


def map_table(place: Place, question: Question) -> gpd.GeoDataFrame:
    """The answer as a table of areas, with what else can colour the map."""
    away = walk_layers.away_number(cache.answers.one_closure_away(place, question))
    more = cache.obstacles.penalty(place, question).table["pram_more"]
    table = cache.answers.area_table(place, question).assign(away=away, pram_more=more)
    if question.to != "play":
        return table
    return table.assign(leap_share=cache.weighed.play_standards(place, question.profile).areas["leap_share"])


def layers_of(question: Question, table: pd.DataFrame) -> dict[str, Layer]:
    """What can colour the map, by key, apart from need and walking time."""
    return {
        "walk": walk_layers.walk(question.minutes),
        "pram": walk_layers.PRAM,
        "away": walk_layers.away(question.walk.limit),
        **population_layers.play(table),
        "deprivation": population_layers.DEPRIVATION,
        **population_layers.children(table),
        **population_layers.proxies(table),
    }


def along(place: Place, question: Question, layer: str) -> Along | None:
    """Every street by the walk from it, or by how much longer it is with a pram; None for layers of areas."""
    if layer == "walk":
        return walk_layers.streets(question.minutes, cache.answers.street_walks(place, question), question.walk.to)
    return walk_layers.pram_streets(cache.answers.pram_streets(place, question)) if layer == "pram" else None


def layer_explained(place: Place, question: Question, layer: Layer, coloured: pd.DataFrame) -> None:
    """The classes of a layer, and what it shows; of what is longer with a pram also by how much, and where most."""
    legends.layer_legend(layer, coloured)
    said = cache.obstacles.penalty(place, question).said if layer.key == "pram" else ()
    st.caption(plain(" ".join((layer.about, *said))))


def looked_at(
    scene: Scene,
    place: Place,
    question: Question,
    *,
    spot: Spot | None,
    site_id: str | None,
    area: str | None,
    part: str | None,
) -> Scene:
    """The map with what is looked at: a site's reach, the way from a spot, a ward or town; it moves to what was listed.

    Parameters
    ----------
    scene
        The map without.
    spot, site_id, area, part
        What is looked at; a neighbourhood may be looked at within its ward or town.
    """
    moves = session.map_moves()
    land = None if part is None else cache.places.part(place, part)[1].shapes[part]
    if land is not None:
        scene = looking_map.with_outline(scene, land)
    if site_id is not None:
        found, walks = cache.walks.reach_of(place, question, site_id), cache.walks.streets_to(place, question, site_id)
        land = found.streets.loc[: question.minutes].union_all()
        return looking_map.with_reach(scene, walks, cache.walks.LIMITS, found.name, land, moves=moves)
    if spot is not None:
        return looking_map.with_walk(scene, spot, cache.walks.walks_from(place, question, spot), moves=moves)
    shapes = cache.places.shapes(place)
    if moves and area in shapes.index:
        return replace(scene, view=looking_map.box_of(shapes.geometry[area]))
    if moves and land is not None:
        return replace(scene, view=looking_map.box_of(land))
    return scene


def mark_words(question: Question) -> dict[str, str]:
    """What the legend says of community spaces: whether they count just now."""
    counted = question.to == "centres" and question.community is not None
    return {"community": "community space" if counted else "community space, not counted now"}


def drawn_marks(answer: Answer, shown: list[str], spaces: Published | None) -> gpd.GeoDataFrame | None:
    """The community's marks that are drawn."""
    if spaces is None or "marks" in shown:
        return None if spaces is None else spaces.marks
    return None if answer.question.community is None else spaces.counting(answer.question.to)


def first_places(table: pd.DataFrame, on_choose: Callable[[str], None], most: int = 5) -> None:
    """Where the gap is largest, until an area is chosen."""
    st.html(html_lines(["Where to look first"], kind="h2"))
    rows = table[["gap_rank", "area_name", "ward_name", "reason"]]
    for row in rows[rows["gap_rank"].notna()].head(most).itertuples():
        with st.container(gap=None):
            st.button(
                f"{row.gap_rank:.0f}\\. {plain(row.area_name)}{_in_ward(row.ward_name)}",
                key=f"first-{row.Index}",
                type="tertiary",
                on_click=on_choose,
                args=(row.Index,),
            )
            st.html(html_lines([row.reason], name="pramshed-reason"))
    st.caption("Ranked by under-fives too far away, weighted by local need.")


def _in_ward(name: object) -> str:
    return f" ({plain(name)})" if isinstance(name, str) else ""


def show_area(
    place: Place,
    found: Answer,
    code: str,
    on_close: Callable[[], None] | None,
    facts: Collection[tuple[str, str]] = (),
) -> None:
    """One neighbourhood, with further facts; without ``on_close`` it goes with another card."""
    classes = cache.answers.area_table(place, found.question).loc[code, [*CLASSES]]
    more = [*rank_said(cache.weighed.weightings(place, found.question), code), ("Need", both_said(*classes)), *facts]
    said = area_card(found, code, place.card, cache.answers.drawn(place, found.question), more)
    st.html(
        html_lines([said.title], kind="h2")
        + html_lines([said.subtitle], name="pramshed-reason")
        + html_lines([said.reason])
        + html_table([("", *pair) for pair in said.facts], caption="The walk and who lives here")
        + html_lines([f"Take care: {caveat}." for caveat in said.caveats], name="pramshed-reason")
    )
    with st.expander("What the need score is made of"):
        st.caption("0 is least and 100 is most among this authority's neighbourhoods.")
        st.html(html_table([("", *pair) for pair in said.need], caption="Need"))
    beside_those_alike(place, found.question, code)
    if on_close is not None:
        st.button("Close this neighbourhood", key="close", on_click=on_close, type="tertiary", icon=":material/close:")


def file_name(place: Place, question: Question, rows: str) -> str:
    """What the table is called as a file; ``rows`` is a key of `layers.session.parameters.ROWS_WORDS`."""
    community, each = "" if question.community is None else "-community", "" if rows == "areas" else f"-{rows}"
    return (
        f"pramshed-{place.card.key}-{question.to}{community}-{question.profile}-{question.minutes:g}-minutes{each}.csv"
    )


def rows_of_table(parts: Collection[str]) -> tuple[str, DeltaGenerator]:
    """Of what the table has a row each; and where its download goes: above it, for the Tab key stops at each column.

    Parameters
    ----------
    parts
        As `session.rows_picker` takes them.
    """
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
        return session.rows_picker(parts), st.container(width="content")


def area_list(
    answer: Answer,
    table: gpd.GeoDataFrame,
    cell: tuple[str, str] | None,
    on_choose: Callable[[str], None],
    *,
    layer: str = "walk",
) -> None:
    """The areas of a table as one that sorts by any column; choosing a row opens its card.

    Parameters
    ----------
    layer
        What the map shows: a key of `layers.session.parameters.LAYERS`. What is longer with a pram has its column, too.
    """
    rows = table.sort_values("pram_more", ascending=False, kind="stable") if layer == "pram" else table
    if cell is not None:
        rows = rows[(rows["need_class"] == cell[0]) & (rows["access_class"] == cell[1])]
        said = need_and_walk.class_words(*cell, answer.question.walk)
        st.caption(f"Only {said}: {len(rows):,} of {len(table):,}. Press the square again for all.")
    asked = answer.question.thirds
    other = "authority" if asked == "england" else "england"
    limit, gaps = f"{answer.question.minutes:g} min", answer.gaps.reindex(rows.index)
    near = rows["near_missing_streets"].map({"yes": "may be shorter"}).fillna("")
    listed = pd.DataFrame(
        {
            "rank": rows["gap_rank"],
            "area": rows["area_name"],
            "ward": rows["ward_name"],
            **({"pram": rows["pram_more"]} if layer == "pram" else {}),
            "minutes": whole(gaps["minutes_median"]),
            **({"near": near} if (near != "").any() else {}),
            "under5": whole(answer.ground.areas["under5"].reindex(rows.index)),
            "beyond": whole(gaps["under5_beyond"]),
            "within": rows["within_share"] * 100,
            "need": rows["need_class"],
            other: rows[_NEED_OF[other][0]],
            "access": rows["access_class"],
            **({"sure": rows["said"]} if "said" in rows else {}),
            "imd": rows["imd_decile"],
            "abroad": rows["born_outside_uk_share"] * 100,
        }
    )
    number, text = st.column_config.NumberColumn, st.column_config.TextColumn
    st.caption(ROUNDED)
    listed_areas(
        listed,
        on_choose,
        height=420,
        placeholder="not known",
        alt="Every neighbourhood, with its walk, its under-fives and its need",
        column_config={
            "rank": number("Rank", format="%d", width=45, help="1 = highest priority."),
            "area": text("Neighbourhood", width=130, help="With the end of its official name in brackets."),
            "ward": text("Ward", width=130),
            "pram": number(
                "Longer with a pram",
                format="%.1f",
                width=135,
                help="Extra minutes compared with an adult alone, on average over under-fives.",
            ),
            "minutes": number(
                "Minutes", format="%.0f", width=65, help="The typical walk: half walk longer, half less."
            ),
            "near": text("Streets missing", width=110, help="Streets are missing nearby, so the walk may be shorter."),
            "under5": number("Under-fives", format="%.0f", width=85, help="Children aged 0 to 4 who live here."),
            "beyond": number(f"Beyond {limit}", format="%.0f", width=105, help="How many of them live farther away."),
            "within": number(f"Within {limit}", format="%.0f%%", width=100, help="Share of the under-fives."),
            "need": text(
                _NEED_OF[asked][2], width=85, help=f"Need by thirds of {_NEED_OF[asked][1]}: low, middle, high."
            ),
            other: text(_NEED_OF[other][2], width=85, help=f"The same by thirds of {_NEED_OF[other][1]}."),
            "access": text("Walk", width=50, help="By typical walk: near, fair or far (see What the words mean)."),
            "sure": text("How sure", width=420, help="Robust: the same in all sets of assumptions; else what decides."),
            "imd": number("Deprivation", format="%d", width=85, help="Tenth of England; 1 is the most deprived."),
            "abroad": number("Born abroad", format="%.1f%%", width=90, help="A proxy for families from abroad."),
        },
    )
