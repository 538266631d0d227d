"""The pieces of the page What was lost: each shows one thing and decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from geo.gaps import NO_STREETS
from layers import cache
from layers.answers.ledger import other_count, pairs_said
from layers.answers.losses import area_rows, event_rows, timeline, unknowable, warned
from layers.html import html_lines, html_table, plain
from layers.maps import charts
from layers.views import frame

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    import geopandas as gpd

    from layers.answers.closure_card import EventCard
    from layers.answers.ledger import LedgerAnswer
    from layers.answers.losses import Losses
    from layers.session.areas import Choice

_NUMBER, _TEXT, _DAY = st.column_config.NumberColumn, st.column_config.TextColumn, st.column_config.DateColumn


def warnings(found: LedgerAnswer) -> None:
    """What a reader must know before acting on the ledger, then what is good to know."""
    grave, rest = warned(found)
    if said := other_count(found):
        st.caption(plain(said))
    if grave:
        st.warning("\n\n".join(plain(line) for line in grave), icon=":material/warning:")
    st.caption(plain(" ".join(rest)))


def nothing_lost(found: LedgerAnswer, sites: gpd.GeoDataFrame) -> None:
    """Where nothing is known to be lost: what that can mean, and what to try."""
    st.info("\n\n".join(plain(line) for line in unknowable(found, sites)), icon=":material/info:")


def first_events(losses: Losses, on_choose: Callable[[str], None], most: int = 5) -> None:
    """What took the most, until a closure is chosen."""
    st.html(html_lines(["What took the most"], kind="h2"))
    known = losses.events[losses.events["reached"] == "yes"].head(most)
    for rank, (site_id, row) in enumerate(known.iterrows(), start=1):
        with st.container(gap=None):
            st.button(
                f"{rank}\\. {plain(row['name'])}", key=f"first-{site_id}", type="tertiary", on_click=on_choose,
                args=(site_id,),
            )  # fmt: skip
            st.html(html_lines([losses.brief(row)], name="pramshed-reason"))
    if known.empty:
        st.caption("None of the losses could be measured.")
    elif losses.column == "under5":
        st.caption("Largest share of the joint loss first, counted in under-fives who are now too far away.")
    else:
        st.caption("The one that was nearest to most residents comes first.")


def show_card(card: EventCard, losses: Losses) -> None:
    """One closure."""
    parts = [
        html_lines([card.title], kind="h2"),
        html_lines([" ".join(card.said)]),
        html_lines(card.sources, name="pramshed-reason"),
    ]
    if card.facts:
        facts = [("", *pair) for pair in card.facts]
        parts.append(html_table(facts, caption="Who lost it, and how much longer they walk"))
    if card.counted:
        parts += [
            html_lines(["What was lost, counted in three ways"], kind="h3"),
            html_table([("", *pair) for pair in card.counted], caption="What was lost"),
            html_lines(
                [
                    f"Under-fives: those beyond {losses.limit} because of it, or back within if it reopened. Hours: "
                    "how much longer all of them together walk, one way. The three differ where one centre was the "
                    "second choice for another, and by one where totals are rounded; only the shares add up."
                ],
                name="pramshed-reason",
            ),
        ]
    if card.goes:
        parts += [
            html_lines([f"Nearest centre that is left, in {losses.who}"], kind="h3"),
            html_table([("", *row) for row in card.goes], caption="Nearest centre that is left"),
            html_lines(["Worked out from the streets; where families really go is not known."], name="pramshed-reason"),
        ]
    st.html("".join(parts))


def event_list(losses: Losses, choice: Choice) -> None:
    """Every closure as a table that sorts by any column; choosing a row opens its card."""
    limit = f"{losses.found.question.minutes:g} min"
    listed = event_rows(losses)
    st.caption(
        f"The columns Share, Alone and Reopening it count under-fives beyond {losses.limit}. Tick a row to see what "
        "happened, on the map and in words."
    )
    hidden = [] if (listed["measured"] != "yes").any() else ["measured"]
    choice.table(
        listed.drop(columns=hidden),
        height=min(420, 38 + 35 * max(len(listed), 1)),
        placeholder="not known",
        alt="Every closure and downgrade, with who lost it and how much longer they walk",
        column_config={
            "rank": _NUMBER("Rank", format="%d", width=80, help="By its share of the joint loss."),
            "name": _TEXT("Centre", width=215),
            "said": _TEXT("What happened", width=350),
            "day": _DAY("Day", format="D MMM YYYY", width=95, help="“What happened” says how certain it is."),
            "share": _count("Share", 85, f"Under-fives beyond {limit}: its share of the joint loss."),
            "alone": _count("Alone", 85, f"Under-fives beyond {limit} if it were the only one to close."),
            "reopened": _count("Reopening it", 95, f"Under-fives back within {limit} if only it reopened."),
            "hours": _count("Hours longer", 95, "Its share of the extra walking, one way, of all under-fives."),
            "median": _count("Minutes longer", 105, "How much longer its families' typical walk is."),
            "p90": _count("One in ten", 85, "One in ten walk at least this many minutes longer."),
            "crossed": _count(f"Now beyond {limit}", 125, "Under-fives nearest to it who were within the limit."),
            "under5": _count("Under-fives", 85, "Children aged 0 to 4 who were nearest to it."),
            "under2": _count("Under-twos", 85, "Children aged 0 and 1 who were nearest to it."),
            "residents": _count("Residents", 85, "People of all ages who were nearest to it."),
            "born": _count("Born abroad", 90, "Born outside the UK: a proxy for families from abroad."),
            "goes": _TEXT("Nearest that is left", width=215, help="For most families; where they go is not known."),
            "measured": _TEXT("Measured", width=120),
            "source": _TEXT("Source", width=190),
            "as_of": _DAY("As of", format="D MMM YYYY", width=95),
        },
        column_order=[
            "rank", "name", "said", "share", "alone", "reopened", "hours", "under5", "under2", "residents", "born",
            "median", "p90", "crossed", "goes", "day", "measured", "source", "as_of",
        ],
    )  # fmt: skip


def _count(title: str, width: int, said: str) -> st.column_config.NumberColumn:
    return _NUMBER(title, format="localized", width=width, help=said)


def bars(losses: Losses) -> None:
    """The greatest as bars; the table above has the same numbers."""
    rows = losses.events[["name", "share_crossed", "alone_crossed"]].dropna()
    if rows.empty:
        st.caption("No chart: under-fives are not known here, or the losses could not be measured.")
        return
    frame.show_chart(cache.charts.ledger_bars(tuple(rows.itertuples(name=None)), losses.limit))
    st.caption("The table above has the same numbers, under Share and Alone.")


def pairs(found: LedgerAnswer) -> None:
    """The closures that made each other worse."""
    said = pairs_said(found)
    if not said:
        return
    st.header("Closures that made each other worse", anchor=False)
    more = f" The five largest of {len(found.ledger.pairs):,}." if len(found.ledger.pairs) > len(said) else ""
    st.caption(f"Each was the second choice for the other: families could go there until it went, too.{more}")
    st.html(f"<ul>{html_lines(said, kind='li')}</ul>")


def years(through: pd.DataFrame, *, day: date, limit: str) -> None:
    """Under-fives beyond the threshold as centres came and went, as a chart and as a table."""
    rows = timeline(through)
    frame.show_chart(cache.charts.years(tuple(rows.itertuples(index=False, name=None)), day, limit))
    st.caption(
        "Families and streets are the latest we have on every day; only the centres change. An opening shows on the 1 "
        "January after it; an announced closure counts from its day on. The band shows what is uncertain, because "
        "records do not say when some centres opened, closed or were reduced."
    )
    with st.expander("The same as a table"):
        table = charts.through_time_rows(rows, limit=limit)
        first, *rest = table.columns
        looks = {name: _NUMBER(format="localized") for name in rest} | {first: _DAY(format="D MMMM YYYY")}
        st.dataframe(table, hide_index=True, placeholder="not known", column_config=looks)


def area_list(losses: Losses) -> None:
    """The map's colours as a table."""
    rows, whole = area_rows(losses), len(losses.areas)
    no_street_data = int(losses.areas["added_minutes"].isna().sum())
    with st.expander("The neighbourhoods as a table"):
        st.caption(
            f"The typical walk is longer in {len(rows):,} of {whole:,} neighbourhoods."
            + (f" {no_street_data:,} have {NO_STREETS}." if no_street_data else "")
        )
        st.dataframe(
            rows,
            hide_index=True,
            placeholder="not known",
            column_config={
                "area": _TEXT("Neighbourhood", width=130),
                "ward": _TEXT("Ward", width=130),
                "minutes": _count("Minutes longer", 105, "How much longer the typical walk is."),
                "under5": _count("Under-fives", 85, "Children aged 0 to 4 who live here."),
                "then": _TEXT(
                    "Nearest then", width=190, help="For most families, with every centre that was ever open."
                ),
                "now": _TEXT("Nearest that is left", width=190, help="For most families."),
                "said": _TEXT("In words", width=330),
            },
        )
