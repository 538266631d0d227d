"""How sure the headline of Explore is: other speeds and walks at once, every set of assumptions when asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from geo.whole import shown
from layers import cache
from layers.answers import summary
from layers.answers.how_sure import READING_WORDS
from layers.html import html_lines, html_table

if TYPE_CHECKING:
    import geopandas as gpd

    from data.place import Place
    from layers.answers.how_sure import HowSure
    from layers.answers.question import Answer


def show(place: Place, found: Answer) -> HowSure | None:
    """The headline at other speeds and longest walks, and, if the reader asks, under every set of assumptions.

    Returns
    -------
    HowSure or None
        What was found, if it was asked for.
    """
    grid, question = summary.band(found), found.question
    if grid is None:
        return None
    with st.expander(summary.band_said(grid, question)):
        rows = [("", f"{speed:g} km/h", *map(shown, row)) for speed, *row in grid.itertuples()]
        limits = tuple(f"beyond {limit:g} min" for limit in grid.columns)
        st.html(html_table(rows, caption="Under-fives beyond each longest walk, at each walking speed", head=limits))
        st.caption(summary.drawn_said(cache.answers.drawn(place, question)))
        # another question has a switch of its own, for what it starts takes some seconds
        if not st.toggle("Try other readings of the map, too", key=f"every-{hash((place.card.key, question))}"):
            st.caption("What if gates, paths or cycle paths are not what the map has us assume? Takes some seconds.")
            return None
        tried = cache.weighed.how_sure(place, question)
        st.html(html_lines(tried.said, name="pramshed-reason"))
        table = tried.found.grid["under5_beyond"].xs(tried.found.asked[2], level="minutes").unstack(sort=False)
        rows = [("", READING_WORDS[str(reading)], *map(shown, row)) for reading, *row in table.itertuples()]
        speeds = tuple(f"{speed:g} km/h" for speed in table.columns)
        caption = f"Under-fives beyond {question.walk.limit}, by reading of the map and walking speed"
        st.html(html_table(rows, caption=caption, head=speeds))
        st.caption("The table of neighbourhoods tells of each whether its result holds, and what it hangs on.")
    return tried


def of_area(tried: HowSure | None, code: str) -> list[tuple[str, str]]:
    """How sure a neighbourhood's result is, as facts of its card; nothing where that was not asked for."""
    if tried is None:
        return []
    row = tried.table.loc[code]
    unknown = (
        [] if row.isna()["assumed_share"] else [("Surface not recorded", f"{row['assumed_share']:.0%} of the way")]
    )
    return [("How sure", str(row["said"])), *unknown]


def onto(table: gpd.GeoDataFrame, tried: HowSure | None) -> gpd.GeoDataFrame:
    """A table of neighbourhoods with how sure each one's result is, if that was asked for; other tables as they are."""
    if tried is None or not table.index.isin(tried.table.index).all():
        return table
    return table.join(
        tried.table[["sure", "same", "decides", "only", "said", "rank_low", "rank_high", "assumed_share"]]
    )
