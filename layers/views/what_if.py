"""The pieces of What if: a change in words, its map, its lists; each shows one thing and decides nothing."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from geo.difference import NOTICED_MIN, in_words
from geo.errors import RequestError
from geo.scenario import AddSite, ChangeOpening, CloseSite, DowngradeSite, MoveSite, OpenSite
from geo.sites import SERVING
from geo.whole import ROUNDED, whole_table
from layers import cache, session
from layers.answers import comparison, fairness, guidance
from layers.answers.beside_centres import planned_in
from layers.answers.place_search import the_one
from layers.answers.question import what_it_is
from layers.answers.scenario_words import said
from layers.html import html_counts, html_lines, plain
from layers.maps.site_markers import STATUS_WORDS, details
from layers.views import frame

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import geopandas as gpd

    from data.place import Place
    from geo.scenario import Change, Scenario
    from layers.answers.comparison import Compared
    from layers.answers.question import Answer, Question


def names_of(centres: gpd.GeoDataFrame, answer: Answer) -> dict[str, str]:
    """What each centre is called in a list: its name and what it is on the day, by id; the authority's own first."""
    serving = answer.sites["status"].reindex(centres.index)
    known = centres["status"].where(centres["status"].isin(("closed", "no_longer_listed", "planned")), "closed")
    network = (centres["kind"] == "network_site") & centres["status"].isin(SERVING)
    status = serving.fillna(known.mask(network, "open"))
    order = centres.assign(ours=~centres["inside"]).sort_values(["ours", "name"]).index
    columns = (order, centres["name"][order], status[order], centres["inside"][order], centres["kind"][order])
    return {
        str(site_id): f"{name} ({what_it_is(kind, what)}){'' if inside else ', of a neighbour'}"
        for site_id, name, what, inside, kind in zip(*columns, strict=True)
    }


def compared(place: Place, question: Question, scenario: Scenario) -> Compared | None:
    """The scenario's answer beside today's; None, and why on the page, where it cannot be."""
    made_for = [one.card.name for one in cache.places.places().values() if one.card.fingerprint == scenario.fingerprint]
    if scenario.fingerprint != place.card.fingerprint:
        where = (
            f"These changes were made for {made_for[0]}: choose it in the menu, or start again here."
            if made_for
            else "These changes were made for another place, or for an earlier build of this one with other data. "
            "Sites and streets may differ, so they are not applied."
        )
        st.error(plain(f"This scenario cannot be shown here. {where}"), icon=":material/error:")
        return None
    try:
        return cache.answers.what_if(place, question, scenario.changes)
    except RequestError as fault:
        st.error(plain(f"This scenario cannot be shown here: {fault}."), icon=":material/error:")
        return None


def headline(found: Compared) -> None:
    """The difference in a sentence and in figures."""
    walk = found.before.question.walk
    if not found.after.question.changes:
        intro = "Close, open, move or add a centre, and see whose walk gets longer or shorter, and by how much."
        frame.headline(intro)
        return
    frame.headline(in_words(found.found, walk))
    row = found.found.groups.iloc[0]
    if pd.notna(row["beyond_after"]):
        change = int(row["beyond_after"] - row["beyond_before"])
        figures = [
            (f"Under-fives beyond {walk.limit} now", f"{row['beyond_before']:,.0f}"),
            ("with your changes", f"{row['beyond_after']:,.0f}"),
            ("difference", f"{change:+,}" if change else "0"),
        ]
        st.html(html_counts(figures))


def ferries(place: Place, answer: Answer) -> None:
    """Where a ferry would make walks much shorter, in an answer with or without changes."""
    asked, changes = replace(answer.question, changes=()), answer.question.changes
    told = cache.walks.ferries_told_of(place, asked, changes) if changes else cache.walks.ferries_told(place, asked)
    with st.container():  # there with or without it, so that what was opened below stays open
        if told:
            st.warning("\n\n".join(map(plain, told)), icon=":material/warning:")


def change_controls(place: Place, found: Compared, centres: gpd.GeoDataFrame, names: Mapping[str, str]) -> None:
    """What can be done to the chosen centre, and a new one."""
    _plans(place, found)
    site_id = session.site_picker(names)
    if site_id is not None:
        serving = found.after.sites
        status = serving["status"].get(site_id)
        site = centres.loc[site_id]
        words = STATUS_WORDS.get(status, "closed on that day")
        if status is None and (site["status"] == "planned" or site["kind"] == "network_site"):
            words = what_it_is(site["kind"], site["status"])
        st.html(html_lines(details(site, words), name="pramshed-reason"))
        first, second = st.columns(2)
        with first:
            if status is None:
                network = site["kind"] == "network_site" and site["status"] in SERVING
                _button("Make it a full centre" if network else "Open it", place, OpenSite(site_id))
            else:
                _button("Close it", place, CloseSite(site_id))
        with second:
            if status == "linked":
                _button("Make it a full centre", place, OpenSite(site_id))
            else:
                _button("Make it a linked site", place, DowngradeSite(site_id), disabled=status is None)
        with st.expander("Move it, or open it on another day"):
            asked = session.where_form("move", "Move it there", named=False)
            if asked is not None:
                _placed(place, asked.where, lambda x, y: MoveSite(site_id, x, y))
            day = session.opening_form()
            if day is not None:
                session.make(place, ChangeOpening(site_id, day))
                st.rerun()
    with st.expander("Add a centre", expanded=site_id is None):
        asked = session.where_form("add", "Add it", named=True)
        if asked is not None:
            number = session.next_new()
            name = asked.name or f"New centre {number}"
            _placed(place, asked.where, lambda x, y: AddSite(f"new-{number}", x, y, name))


def _plans(place: Place, found: Compared) -> None:
    """The planned openings, each a change that is ready to be made; all of them by one press."""
    plans = planned_in(cache.places.centres(place), found.after.question)
    if not plans:
        return
    with st.expander(f"Planned openings ({len(plans)})", expanded=not found.after.question.changes):
        st.caption(
            "From the council's own return. Open one now and see what it will give; on the time line each opens on its "
            "day."
        )
        for site_id, said_of in plans.items():
            st.button(
                f"Open {plain(said_of)}", key=f"plan-{site_id}", on_click=session.make,
                args=(place, OpenSite(site_id)), width="stretch",
            )  # fmt: skip
        if len(plans) > 1:
            every = [OpenSite(site_id) for site_id in plans]
            st.button(
                f"Open all {len(plans)}", key="plan-all", on_click=session.take_over, args=(place, every),
                type="primary", width="stretch",
            )  # fmt: skip


def _button(label: str, place: Place, change: Change, *, disabled: bool = False) -> None:
    st.button(
        label, key=f"do-{change.do}", on_click=session.make, args=(place, change), disabled=disabled, width="stretch"
    )


def _placed(place: Place, where: str, change: Callable[[float, float], Change]) -> None:
    """Make a change where somebody typed."""

    def make() -> Change:
        at = the_one(where, place)
        return change(at.easting, at.northing)

    session.make_where(place, make)
    st.rerun()


def change_list(changes: tuple[Change, ...], names: Mapping[str, object], odd: tuple[str, ...]) -> None:
    """The changes made so far, each with its undo."""
    st.html(html_lines(["Your changes"], kind="h2"))
    if not changes:
        st.caption("None yet. Choose a centre to close, open or move it, or add one.")
        return
    for position, change in enumerate(changes):
        with st.container(horizontal=True, vertical_alignment="center", key=f"change-{position}"):
            st.html(html_lines([f"{position + 1}. {said(change, names)}"]), width="stretch")
            st.button("Undo", key=f"undo-{position}", on_click=session.undo, args=(position,))
    if len(changes) > 1:
        st.button("Undo all", key="undo-all", on_click=session.undo_all)
    for sentence in odd:
        st.caption(f":material/info: {plain(sentence)}")


def group_table(found: Compared) -> None:
    """The same numbers for each group of families."""
    groups = found.found.groups
    listed = pd.DataFrame(
        {
            "who": [comparison.GROUP_WORDS[at] for at in groups.index],
            "under5": groups["under5"].to_numpy(),
            "now": groups["beyond_before"].to_numpy(),
            "then": groups["beyond_after"].to_numpy(),
            "change": (groups["beyond_after"] - groups["beyond_before"]).to_numpy(),
            "walk_now": groups["median_before"].to_numpy(),
            "walk_then": groups["median_after"].to_numpy(),
        }
    )
    limit = f"{found.before.question.minutes:g} min"
    st.dataframe(
        whole_table(listed),
        hide_index=True,
        placeholder="not known",
        alt="The difference for each group of families",
        column_config={
            "who": st.column_config.TextColumn("Families", width=290),
            "under5": _number("Under-fives"),
            "now": _number(f"Beyond {limit} now"),
            "then": _number(f"Beyond {limit} then"),
            "change": _number("Difference", format="%+.0f"),
            "walk_now": _number("Minutes now", help="The typical walk: half walk longer, half less."),
            "walk_then": _number("Minutes then", help="The typical walk with the changes."),
        },
    )
    st.caption(ROUNDED)
    with suppress(RequestError):  # where deprivation is not known there is nothing to put families in order by
        st.markdown(plain(fairness.scenario_said(found.before, found.after)))
    st.markdown(plain(guidance.scenario_said(found.before, found.after)))


def _number(label: str, *, format: str = "localized", help: str | None = None) -> object:  # noqa: A002 (Streamlit's names)
    return st.column_config.NumberColumn(label, format=format, help=help)


def area_table(table: pd.DataFrame) -> None:
    """The neighbourhoods whose walk changes, the greatest change first."""
    noticed = (table["minutes_change"].abs() >= NOTICED_MIN) | (table["under5_beyond_change"].abs() >= 1)
    way = table["minutes_before"].isna() != table["minutes_after"].isna()  # lost its only way, or has one now
    changed = table[noticed | way]
    if changed.empty:
        st.caption("No neighbourhood's walk changes by as much as half a minute.")
        return
    columns = {
        "area_name": st.column_config.TextColumn("Neighbourhood", width=130),
        "ward_name": st.column_config.TextColumn("Ward", width=130),
        "minutes_before": _number("Minutes now", help="The typical walk: half walk longer, half less."),
        "minutes_after": _number("Minutes then"),
        "minutes_change": _number("Change", format="%+.0f"),
        "under5": _number("Under-fives"),
        "under5_beyond_before": _number("Beyond now", help="Under-fives who are too far away now."),
        "under5_beyond_after": _number("Beyond then"),
        "imd_decile": _number("Deprivation", help="Tenth of England; 1 is the most deprived."),
    }
    listed = whole_table(pd.DataFrame(changed[list(columns)]))
    st.dataframe(
        listed.assign(minutes_change=listed["minutes_after"] - listed["minutes_before"]),
        hide_index=True,
        height=min(420, 38 + 35 * len(changed)),
        placeholder="not known",
        alt="The neighbourhoods whose walk changes",
        column_config=columns,
    )


def depends_list(question: Question, table: pd.DataFrame, names: Mapping[str, object]) -> None:
    """What depends on each centre, the most first."""
    listed = table.assign(name=[names.get(site_id, site_id) for site_id in table.index])
    limit = f"{question.minutes:g} min"
    columns = {
        "name": st.column_config.TextColumn("Centre", width=220),
        "would_cross": _number(
            f"Would be beyond {limit}", help=f"Under-fives who have it, and no other, within {limit}."
        ),
        "under5": _number("Under-fives nearest to it"),
        "extra_minutes_median": _number("Longer by, minutes", help="How much longer their typical walk would be."),
        "no_other": _number("No way to any other", help="Under-fives with no way on foot to any other centre."),
        "residents": _number("Residents nearest to it"),
    }
    st.dataframe(
        whole_table(listed[list(columns)]),
        hide_index=True,
        height=min(520, 38 + 35 * len(listed)),
        placeholder="not known",
        alt="What depends on each centre",
        column_config=columns,
    )
