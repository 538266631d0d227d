"""What Explore says of two days: who lost and who gained, and every neighbourhood then and now."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from geo.days import day_text
from geo.whole import shown
from layers import cache
from layers.answers import since, uncertainty
from layers.answers.question import today
from layers.html import html_counts, html_lines, plain
from layers.maps import since_layers
from layers.session import area_list, full_centres_only
from layers.views import frame

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd
    import pandas as pd

    from data.place import Place
    from layers.answers.question import Answer, Question
    from layers.answers.since import Since
    from layers.maps.choropleth import Layer
    from layers.maps.scene import Along, Marker


def called(question: Question) -> str | None:
    """What the change is called that another day than today allows to be shown; None of today."""
    if question.day == today() or question.to != "centres":
        return None
    return since.called(question.day)


def headline(found: Since | None) -> None:
    """Who lost and who gained, where two days are compared; and that centres which still count were reduced."""
    if found is None:
        return
    reduced = since.reduced_words(found.before, found.after)
    st.html(html_lines(filter(None, [reduced, since.in_words(found)]), name="pramshed-headline"))
    if reduced:
        st.button("Count full centres only", key="full-only", on_click=full_centres_only)


def layer(place: Place, question: Question, found: Since | None) -> Layer | None:
    """The layer of two days, where they are compared."""
    if found is None:
        return None
    return since_layers.layer(found, since.called(question.day), cache.since.streets(place, question))


def onto(table: gpd.GeoDataFrame, found: Since | None) -> gpd.GeoDataFrame:
    """A table of areas with what that layer colours."""
    return table if found is None else table.assign(walk_change=found.areas["walk_change"])


def along(place: Place, question: Question, found: Since | None) -> Along | None:
    """Every street by how the walk from it has changed, where two days are compared."""
    return None if found is None else since_layers.streets(found, cache.since.streets(place, question))


def site_markers(found: Since | None, drawn: tuple[Marker, ...]) -> tuple[Marker, ...]:
    """The sites that are drawn; where two days are compared, with what went and came between them."""
    return drawn if found is None else since_layers.site_markers(found, drawn)


def mark_words(found: Since | None) -> dict[str, str]:
    """What the marks of those sites mean."""
    return {} if found is None else since_layers.mark_words(found)


def then_and_now(place: Place, answer: Answer, found: Since | None) -> None:
    """Under-fives beyond the threshold on the chosen day and today, or who lost and who gained; what is not certain."""
    question = answer.question
    then = question.day != today()
    if found is not None:
        _who_lost(found)
    elif then and answer.ground.origins["under5"].notna().any():
        now = cache.answers.answer(place, replace(question, day=today()))
        both = ((day_text(question.day), answer), ("today", now))
        limit = f"Under-fives beyond {question.walk.limit}"
        st.html(html_counts([(f"{limit}, {when}", shown(one.gaps["under5_beyond"].sum())) for when, one in both]))
    said = cache.answers.counted_said(place, question)
    if then:
        said += " Families and streets are the latest we have, whatever the day."
    st.caption(plain(said))
    bounds = cache.answers.bounds(place, question)
    if bounds:
        st.caption(f"**Not certain.** {plain(uncertainty.bounds_said(bounds, question))}")


def _who_lost(found: Since) -> None:
    """Under-fives who lost, who gained, and the net."""
    if np.isnan(found.lost):
        return  # the headline says so
    lost, gained, net = found.counts
    figures = (
        (f"Under-fives who lost one within {found.before.question.walk.limit}", f"{lost:,}"),
        ("Who gained one", f"{gained:,}"),
        ("Net", f"{abs(net):,} {'more' if net > 0 else 'fewer'}" if net else "as many as before"),
    )
    st.html(html_counts(figures))


def section(place: Place, question: Question, found: Since, on_choose: Callable[[str], None]) -> None:
    """Every neighbourhood on both days, those first where most under-fives lost; and the same as a file."""
    first, last = found.said
    st.header(since.called(question.day), anchor=False)
    rows = since.table(found)
    number, text = st.column_config.NumberColumn, st.column_config.TextColumn
    limit = f"{found.before.question.minutes:g} min"
    area_list(
        _listed(rows),
        on_choose,
        height=min(420, 38 + 35 * max(len(rows), 1)),
        placeholder="-",
        alt=f"Every neighbourhood {first} and {last}: its walk, and who lost or gained",
        column_config={
            "area": text("Neighbourhood", width=130),
            "ward": text("Ward", width=130),
            "before": number(
                _headed(first), format="%.0f min", width=115, help="The typical walk: half walk longer, half less."
            ),
            "after": number(
                _headed(last), format="%.0f min", width=115, help="The typical walk: half walk longer, half less."
            ),
            "change": text("Difference", width=145),
            "lost": number("Lost", format="%.0f", width=60, help=f"Under-fives within {limit} {first}, not {last}."),
            "gained": number("Gained", format="%.0f", width=70, help=f"Within {limit} {last}, not {first}."),
            "under5": number("Under-fives", format="%.0f", width=85, help="Children aged 0 to 4 who live here today."),
        },
    )
    asked = f"{question.counting}-{question.profile}-{question.minutes:g}-minutes"
    days = "-to-".join(map(str, found.days))
    frame.download_table("Download both days (CSV)", rows, f"pramshed-{place.card.key}-{days}-{asked}.csv")


def _headed(said: str) -> str:
    day = said.removeprefix("on ")
    return f"{day[:1].upper()}{day[1:]}"


def _listed(rows: pd.DataFrame) -> pd.DataFrame:
    columns = {
        "area_name": "area", "ward_name": "ward", "minutes_before": "before", "minutes_after": "after",
        "change": "change", "under5_lost": "lost", "under5_gained": "gained", "under5": "under5",
    }  # fmt: skip
    return rows[list(columns)].rename(columns=columns).drop(columns="geometry", errors="ignore")
