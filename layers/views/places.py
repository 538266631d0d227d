"""The pieces of the page Places: what is at hand, of which day and how large; opening and removing a place."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import streamlit as st

from data.catalogue import CATALOGUE
from data.fetch.arrival import size
from data.place import SAMPLE
from geo.errors import RequestError
from layers.answers.freshness import ages
from layers.answers.question import today
from layers.commands.removing import removable, remove
from layers.html import html_lines, html_table, plain
from layers.session import fetching

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from data.place import Place
    from layers.answers.freshness import Age

MOST_PLACES = 30
"""So many are listed; the others are in the menu."""

MOST_LINKS = 8

_STEPS = (
    (
        "If you plan services",
        "Choose in the menu who walks, where to and how long, and read the answer. Press a street for the walk from "
        "it. Your own list of sites can be dropped in the menu. Then try what a change would do.",
        (("explore", "Who can walk"), ("what_if", "What if a centre closed or moved")),
    ),
    (
        "If you are a community group",
        "See what groups have put on the map. To add a place you need your group's link or code, which whoever runs "
        "this dashboard gives you; a moderator reads each mark before others see it.",
        (("community", "The community's map"), ("mark", "Add a place")),
    ),
    (
        "If you decide on policy",
        "See which closures took whose walk, and what reopening would give back. Then make a report on the authority "
        "or a ward: PDF, spreadsheet, map layers.",
        (("lost", "What was lost"), ("compare", "Two authorities side by side"), ("reports", "Make a report")),
    ),
)
"""For each of those who come: what to do first, and the pages to do it on."""


def at_hand(places: Mapping[str, Place]) -> None:
    """Which places can be opened at once, each a link to its answer; how large they are and of which day."""
    number = len(places)
    bundled = [place.card.name for place in places.values() if place.folder.parent == SAMPLE]
    with_it = (
        f" {' and '.join(map(plain, bundled))} comes with Pramshed, so everything can be tried on it."
        if bundled
        else ""
    )
    st.markdown(f"**{'One place is' if number == 1 else f'{number:,} places are'} ready here.**{with_it}")
    with st.container(horizontal=True, gap="medium"):
        for key, place in list(places.items())[:MOST_LINKS]:
            open_link(key, place.card.name)
    head = ("Areas", "Homes", "Read on", "Due for renewal", "Size")
    rows = [("", *_row(place)) for place in list(places.values())[:MOST_PLACES]]
    st.html(html_table(rows, caption="Places on this dashboard", head=head))
    if number > MOST_PLACES:
        st.caption(f"And {number - MOST_PLACES:,} more, in the menu under *Place*.")


def open_link(key: str, name: str) -> None:
    """A link to a place's answer."""
    st.page_link("layers/pages/explore.py", label=plain(name), icon=":material/map:", query_params={"place": key})


def _row(place: Place) -> tuple[str, ...]:
    counts = place.card.counts
    figures = [f"{counts[what]:,}" if what in counts else "not known" for what in ("areas", "homes")]
    known = ages(place, today())
    old = f"{sum(one.old for one in known)} of {len(known)}"
    return place.card.name, *figures, got_on(place), old, size(on_disk(place))


def got_on(place: Place) -> str:
    """The day on which the newest of its files was fetched or read, in words."""
    days = [one.asked_at[:10] if one.asked_at else one.read for one in place.card.sources]
    return said_day(max(days)) if days else "not known"


def said_day(text: str) -> str:
    """A day as people say it; text that is none, as it is."""
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        return text
    return f"{day.day}\N{NO-BREAK SPACE}{day:%b}\N{NO-BREAK SPACE}{day:%Y}"


def on_disk(place: Place) -> int:
    """Bytes of its files."""
    return sum(path.stat().st_size for path in place.folder.iterdir() if path.is_file())


def of_which_day(place: Place) -> None:
    """Of which day each source of a place is, when it was read, and whether it is time to fetch it again."""
    with st.expander(f"{plain(place.card.name)}: the date of each source", icon=":material/calendar_month:"):
        rows = [
            (
                "",
                _title(one.source.dataset),
                one.source.vintage,
                said_day(one.source.asked_at or one.source.read),
                _old(one),
            )
            for one in ages(place, today())
        ]
        st.html(html_table(rows, caption="Sources of this place", head=("Of", "Read on", "Age")))
        st.page_link(
            "layers/pages/about.py", label="Licences, and what to be careful about", icon=":material/arrow_forward:"
        )


def _old(one: Age) -> str:
    """How old it is, and whether there will be a newer one."""
    return f"{one.said}: time to fetch it again" if one.old else one.said


def _title(dataset: str) -> str:
    return str(getattr(CATALOGUE.get(dataset), "title", dataset))


def removal(places: Mapping[str, Place], why_not: Callable[[], str | None]) -> None:
    """Remove a place that was made here, after a question."""
    own = {key: place.card.name for key, place in places.items() if removable(place)}
    if not own:
        return
    with st.expander("Remove a place", icon=":material/delete:", expanded=fetching.asked_whether() in own):
        key = fetching.removal_picker(own)
        if key is None:
            st.caption("What was fetched for it is kept, so it is quickly built again. What comes with Pramshed stays.")
            return
        if fetching.asked_whether() != key:
            st.button("Remove it…", key="remove", on_click=fetching.ask_whether, args=(key,))
            return
        st.warning(
            f"Remove {plain(own[key])} from this dashboard, for everybody? Links to it will lead nowhere, and marks in "
            "it are kept but not shown.",
            icon=":material/warning:",
        )
        with st.container(horizontal=True):
            yes = f"Yes, remove {plain(own[key])}"
            st.button(yes, key="remove-yes", type="primary", on_click=_remove, args=(places[key], why_not))
            st.button("Keep it", key="remove-no", on_click=fetching.ask_whether, args=(None,))


def _remove(place: Place, why_not: Callable[[], str | None]) -> None:
    barred = why_not()
    try:
        if barred is None:
            remove(place)
    except RequestError as fault:
        barred = f"{str(fault)[:1].upper()}{str(fault)[1:]}."
    fetching.removed()
    fetching.say(barred or f"{place.card.name} is removed.", went_well=barred is None)


def first_steps() -> None:
    """What each of three sorts of readers does first."""
    for column, (who, what, pages) in zip(st.columns(len(_STEPS)), _STEPS, strict=True):
        with column:
            st.html(html_lines([who], kind="h2") + html_lines([what]))
            for page, label in pages:
                st.page_link(f"layers/pages/{page}.py", label=label, icon=":material/arrow_forward:")
