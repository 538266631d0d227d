"""The pieces of the page In short: each answers one question and decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from geo.errors import RequestError
from geo.gaps import about, headline
from geo.play_standards import STANDARDS
from geo.whole import shown, whole_table
from layers import cache
from layers.answers import coverage, gap_clusters, ledger, named_walks, summary
from layers.answers import guidance as asking
from layers.html import html_lines
from layers.views import frame

if TYPE_CHECKING:
    from collections.abc import Iterable

    from data.place import Place
    from layers.answers.question import Answer, Question

_FIRST = 3
_UNKNOWN = "Not known: this place has no figures of under-fives."


def _block(heading: str, lines: Iterable[str], page: str, label: str) -> None:
    st.html(html_lines([heading], kind="h2") + html_lines(lines))
    st.page_link(f"layers/pages/{page}.py", label=label, icon=":material/arrow_forward:")


def how_many(place: Place, question: Question) -> None:
    """The headline, and what guidance asks of it."""
    found = cache.answers.answer(place, question)
    asked = asking.said(cache.weighed.guidance(place, question), found)
    _block("How many?", [headline(found.gaps, walk=question.walk), *asked[-1:]], "explore", "See the map")


def where(place: Place, question: Question) -> None:
    """The neighbourhoods with the largest gaps."""
    found = cache.answers.answer(place, question)
    ranked = found.gaps[found.gaps["gap_rank"] <= _FIRST].sort_values("gap_rank")
    names = found.ground.areas["area_name"]
    lines = [f"{row.gap_rank:.0f}. {names[row.Index]}: {_missed(row)}" for row in ranked.itertuples()]
    _block("Where?", lines or ["No neighbourhood is ranked: no walk is known."], "explore", "All neighbourhoods")


def _missed(row: Any) -> str:  # noqa: ANN401 (a row of a table)
    """How many are too far away, and how far most walk."""
    walk = "most have no way on foot" if pd.isna(row.minutes_median) else f"typical walk {about(row.minutes_median)}"
    if pd.isna(row.under5_beyond) or pd.isna(row.under5_known):
        return walk
    return f"{shown(row.under5_beyond)} of {shown(row.under5_known)} under-fives too far away, {walk}"


def who(place: Place, question: Question) -> None:
    """On whom it falls: by deprivation, and by residents born abroad."""
    lines = []
    for by in ("imd", "abroad"):
        try:
            lines += cache.weighed.fairness(place, question, by).said[:1]
        except RequestError:
            lines += [_UNKNOWN] if not lines else []
    _block("Who?", lines, "what_if", "What would bring them nearer")


def since_when(place: Place, question: Question) -> None:
    """What closures took."""
    _block("Since when?", [ledger.headline(cache.weighed.lost(place, question))], "lost", "Each closure")


def how_sure(place: Place, question: Question) -> None:
    """The band, what hangs on where children live, and what streets are missing."""
    found = cache.answers.answer(place, question)
    grid = summary.band(found)
    lines = [summary.band_said(grid, question)] if grid is not None else [_UNKNOWN]
    if grid is not None:
        lines.append(summary.drawn_said(cache.answers.drawn(place, question)))
    if coverage.is_missing(place.card) is not False:
        lines.append(coverage.streets_said(place.card))
    _block("How sure?", lines, "reports", "Take it with you as a report")


def guidance(place: Place, question: Question) -> None:
    """Sentences, and children within a walk by tenth."""
    found = cache.answers.answer(place, question)
    asked = cache.weighed.guidance(place, question)
    st.html(html_lines(asking.said(asked, found)))
    with st.expander("Children within a walk, by tenth of income deprivation affecting children"):
        shares = {name: f"{name}_share" for name in ("under2", "two_to_four", "under5")}
        words = {"under2": "Under-twos", "two_to_four": "Two to four", "under5": "Under-fives"}
        listed = pd.DataFrame(
            {
                "Tenth (1 = most deprived)": asked.tenths.index,
                "Neighbourhoods": asked.tenths["neighbourhoods"].to_numpy(),
            }
            | {"Sites": asked.tenths["sites"].to_numpy()}
            | {words[name]: asked.tenths[name].to_numpy() for name in words}
            | {f"{words[name]} within reach": asked.tenths[share].to_numpy() for name, share in shares.items()}
        )
        percent = {f"{said} within reach": st.column_config.NumberColumn(format="percent") for said in words.values()}
        whole = {said: st.column_config.NumberColumn(format="%.0f") for said in words.values()}
        st.dataframe(listed, hide_index=True, column_config=percent | whole, alt="Children within a walk by tenth")
        st.caption(asking.OF_THE_RETURN)
        frame.download_table("Download this table (CSV)", asked.tenths, f"pramshed-{place.card.key}-guidance.csv")
    named_distances(found, place)
    if place.has_play_spaces:
        play_spaces(place, question)


def play_spaces(place: Place, question: Question) -> None:
    """Under-fives near enough to a play space of each size."""
    found = cache.weighed.play_standards(place, question.profile)
    with st.expander("Play spaces near enough, by their size"):
        st.html(html_lines(found.said))
        percent = st.column_config.NumberColumn(format="percent")
        words = {"area_name": "Neighbourhood", "ward_name": "Ward", "under5": "Under-fives"} | {
            f"{standard.key}{column}": f"{standard.name} {words}"
            for standard in STANDARDS
            for column, words in (("_share", "within reach"), ("_share_at_most", "at most"))
        }
        st.dataframe(
            pd.DataFrame(found.areas)[list(words)].rename(columns=words), hide_index=True,
            column_config=dict.fromkeys(list(words.values())[3:], percent)
            | {"Under-fives": st.column_config.NumberColumn(format="%.0f")},
            alt="Share of under-fives near enough to a play space of each size, by neighbourhood",
        )  # fmt: skip
        frame.download_table("Download play spaces (CSV)", found.areas, f"pramshed-{place.card.key}-play.csv")


def named_distances(found: Answer, place: Place) -> None:
    """Under-fives beyond each distance that guidance names."""
    table = named_walks.named_walks(found)
    with st.expander("Under-fives beyond each distance that guidance names"):
        st.html(html_lines(named_walks.said(table, found) or [_UNKNOWN]))
        st.dataframe(
            whole_table(table[["beyond"]]).assign(
                share=table["share"], minutes=table["minutes"], source=table["source"]
            ),
            column_order=["threshold", "minutes", "beyond", "share", "source"],
            column_config={
                "threshold": "Longest acceptable walk",
                "minutes": st.column_config.NumberColumn("Minutes", format="%g"),
                "beyond": st.column_config.NumberColumn("Under-fives beyond", format="localized"),
                "share": st.column_config.NumberColumn("Share", format="percent"),
                "source": "Who names it",
            },
            alt="Under-fives beyond each distance that guidance names",
        )
        frame.download_table("Download the distances (CSV)", table, f"pramshed-{place.card.key}-distances.csv")


def clusters(place: Place, question: Question) -> None:
    """Runs of neighbouring areas, looked for when somebody asks: that takes a moment in a city."""
    if not st.toggle("Look for runs of neighbouring areas", key="runs"):
        st.caption(
            "Areas with a large gap between need and reach that lie side by side, more than chance would have it."
        )
        return
    try:
        found = cache.weighed.clusters(place, question)
    except RequestError as fault:
        st.info(f"{str(fault)[:1].upper()}{str(fault)[1:]}.", icon=":material/info:")
        return
    st.html(html_lines(gap_clusters.said(found)))
    rows = found.table[found.table["run"] > 0].drop(columns="geometry")
    if len(rows):
        st.dataframe(
            rows[["run", "area_name", "ward_name", "kind", "p"]].rename(
                columns={"run": "Run", "area_name": "Neighbourhood", "ward_name": "Ward", "kind": "Among", "p": "p"}
            ),
            hide_index=True, alt="Runs of neighbouring areas",
        )  # fmt: skip
        frame.download_table("Download the runs (CSV)", rows, f"pramshed-{place.card.key}-runs.csv")
