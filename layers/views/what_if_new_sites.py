"""The pieces of What if, new sites: the map, the plan in words and as a table, the trade-off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from geo.errors import RequestError
from geo.scenario import LONGEST_NAME, AddSite, OpenSite
from layers import cache, session
from layers.answers import new_sites, siting_aims, siting_words
from layers.answers.community_sites import hosts
from layers.cache.new_sites import Sought
from layers.html import plain
from layers.maps import charts, legends, walk_layers
from layers.views import frame

if TYPE_CHECKING:
    import geopandas as gpd

    from data.place import Place
    from layers.answers.new_sites import Sited
    from layers.answers.question import Answer, Question

_PALE = "#f4f5f6"


def controls(place: Place) -> tuple[int, Sought]:
    """How many new sites, and which."""
    spaces = cache.marks.published(place.card.key)
    marked = spaces is not None and not hosts(spaces.marks).empty
    k, goal, kinds, index = session.siting_controls(place, marked=marked)
    return k, Sought(kinds, goal, index)


def planned(place: Place, question: Question, sought: Sought, k: int) -> Sited | None:
    """The best plan; None, and why on the page, where there is none."""
    if cache.places.ground(place, question.profile).origins["under5"].isna().all():
        st.warning("Under-fives are not known here, so we cannot say where a new site would help most.")
        return None
    try:
        return cache.new_sites.planned(place, question, sought, k)
    except RequestError as fault:
        said = str(fault)
        st.warning(
            plain(f"{said[0].upper()}{said[1:]}. Choose other places to try, or another aim."), icon=":material/info:"
        )
        return None


def headline(found: Sited) -> None:
    """The plan in a sentence, and how good it is."""
    first, *rest = siting_words.said(found)
    frame.headline(first)
    for sentence in rest:
        st.caption(plain(sentence))
    st.caption(
        "Today's sites stay, and your own changes are not counted here. Street corners are picked by how many a site "
        "there would bring within reach, whatever matters most to you. Availability not checked: ask before you plan."
    )


def legend(place: Place, answer: Answer, *, surface: bool) -> None:
    """What the colours mean."""
    if surface:
        legends.gain_legend(cache.new_sites.gains(place, answer.question)[1], "under-fives")
        st.caption(
            f"For every street: how many under-fives who live beyond {answer.question.walk.limit} now would come "
            "within it if one site opened there."
        )
    else:
        layer = walk_layers.walk(answer.question.minutes)
        legends.layer_legend(layer, cache.answers.area_table(place, answer.question))


def plan_table(found: Sited) -> gpd.GeoDataFrame:
    """The chosen places in the order in which to open them."""
    table = new_sites.siting_table(found)
    number, text = st.column_config.NumberColumn, st.column_config.TextColumn
    columns = {
        "order": number("Order", format="%d", width=60),
        "name": text("Place", width=250),
        "kind": text("What it is", width=140),
        "adds": number("Adds", format="localized", help="Under-fives newly within reach, on top of the places above."),
        "within": number(
            "In all", format="localized", help="Under-fives newly within reach with it and the places above."
        ),
        "minutes_saved": number("Minutes saved", format="localized", help="All under-fives' walks together, one way."),
        "easting": number("Easting", format="%d"),
        "northing": number("Northing", format="%d"),
    }
    st.dataframe(pd.DataFrame(table[list(columns)]), hide_index=True, column_config=columns, alt="The chosen places")
    return table


def trade_off(table: pd.DataFrame, limit: str) -> None:
    """What one to five would give, the best and the plain greedy way, as a chart and as a table."""
    rows = table.reset_index()
    shown = rows[["k", "greedy", "optimum"]]
    frame.show_chart(cache.charts.trade_off_lines(tuple(shown.itertuples(index=False, name=None)), limit))
    with st.expander("The same as a table"):
        st.dataframe(charts.trade_off_rows(rows), hide_index=True, alt="What one to five new sites would give")


def aims(place: Place, found: Sited, sought: Sought) -> pd.DataFrame:
    """Every aim's plan by every measure, and what the fairer ones cost."""
    table = cache.new_sites.aims(place, found.question, sought, found.plan.k)
    for sentence in siting_aims.aims_said(table, found.question.walk.limit):
        st.markdown(plain(sentence))
    if table["fairer"].notna().any():
        _aims_chart(table, found.question.walk.limit)
    number, text = st.column_config.NumberColumn, st.column_config.TextColumn
    columns = {
        "number": text("No.", width=50, help="As in the chart."),
        "aim": text("Aim", width=230),
        "within": number("Newly within reach", format="localized", help="Under-fives."),
        "fewer": number("Fewer than possible", format="localized", help="The price: under-fives not reached."),
        "fairer": number(
            "Fairer by",
            format="%+.1f min",
            help="The most deprived end's walk gets so much shorter than the least deprived's: the slope index falls.",
        ),
        "deprived_within": number(
            "Of the most deprived fifth", format="localized", help="Under-fives of that fifth newly within reach."
        ),
        "deprived_minutes": number(
            "That fifth's mean walk", format="%.1f min", help="Mean of its under-fives' walks, one way."
        ),
        "longest_km": number("Longest walk", format="%.2f km", help="Of homes that can walk to any, one way."),
        "minutes_saved": number("Minutes saved", format="localized", help="All under-fives' walks together, one way."),
        "proved": text("Proved", help="Whether it is certain that no other choice does better by this aim."),
        "sites": text("Places", width=400),
    }
    numbered = table.assign(number=["now", *map(str, range(1, len(table)))])
    st.dataframe(numbered[list(columns)], hide_index=True, column_config=columns, alt="What each aim would bring")
    return table


def _aims_chart(table: pd.DataFrame, limit: str) -> None:
    """Reach and fairness of every aim's plan."""
    shown = table[["aim", "within", "fairer"]].assign(unbeaten=siting_aims.unbeaten(table))
    frame.show_chart(cache.charts.aims_points(tuple(shown.itertuples(index=False, name=None)), limit))
    st.caption(
        "Fairer: the walk at the most deprived end gets so much shorter than at the least deprived. Numbers at one "
        "point choose the same places, or places that are as good."
    )


def _one_line(name: object) -> str:
    """A name from a register or from OpenStreetMap as a scenario may hold it."""
    return " ".join("".join(one if one.isprintable() else " " for one in str(name)).split())[:LONGEST_NAME].strip()


def take_over(place: Place, found: Sited) -> None:
    """Hand the plan to the scenario."""
    number = session.next_new()
    there = {new_sites.KIND_WORDS[kind] for kind in (new_sites.CLOSED, new_sites.LINKED)}
    changes = [
        OpenSite(str(site_id)) if row.kind in there
        else AddSite(f"new-{number + row.order}", row.easting, row.northing, _one_line(row.name))
        for site_id, row in ((row.Index, row) for row in new_sites.siting_table(found).itertuples())
    ]  # fmt: skip
    st.button("Try these as a scenario", on_click=session.take_over, args=(place, changes), icon=":material/alt_route:")
