"""Getting an authority on the page Places: choosing one, what comes, how far the work is, what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from data.england.authorities import read_authorities
from data.fetch.arrival import size
from data.gather.jobs import public
from data.gather.sizes import PARTS, whole
from data.services.authorities import names_of, same_name
from geo.errors import PramshedError
from layers.commands import starting
from layers.commands.place_files import place_files
from layers.html import escape, html_table, plain
from layers.session import fetching
from layers.views.by_hand import listed
from layers.views.places import got_on, open_link

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from data.gather.authority import StreetsBy
    from data.gather.jobs import Progress
    from data.place import Place

OFTEN, SELDOM = 1.0, 15.0
"""Seconds between two looks at the work: while some goes on; while none does, for whoever may begin it."""

_MEND = "Mend or replace that file, and build it again."
_WORTH_SAYING = 200_000
"""Bytes: what is smaller is there before it can be read how much of it is."""

_ROUGHLY = 100_000_000

_WHAT_TO_DO = {
    "service": "What has arrived is kept: *Go on* asks only for what is missing.",
    "input": "What came is not what it should be. Try again another day, or see its publisher's page.",
    "request": "Choose the authority by its name or code above.",
    "program": "Try again; if it fails again, tell whoever runs this dashboard.",
}


def what_was_said() -> None:
    """What came of what was done last."""
    found, note = fetching.said(), fetching.noted()
    if note is not None:
        st.toast(plain(note), icon=":material/check:")
    if found is not None:
        text, went_well = found
        st.toast(plain(text))  # for whoever is further down
        (st.success if went_well else st.error)(plain(text), icon=f":material/{'check' if went_well else 'error'}:")


def get_an_authority(places: Mapping[str, Place], why_not: Callable[[], str | None]) -> None:
    """Choose one, read what will be fetched, begin."""
    st.header("Get an authority", anchor=False)
    barred = why_not()
    if barred is not None:
        st.markdown(f"Any authority in England can be fetched from the public services and added here. {plain(barred)}")
        return
    st.markdown(
        "Any authority in England can be fetched from the public services and built into a place. That takes some "
        "minutes, in which you can go on with other things, or close this page."
    )
    known = read_authorities()
    chosen = fetching.authority_picker(dict(zip(known["code"], known["name"], strict=True)))
    name = dict(zip(known["code"], known["name"], strict=True)).get(chosen or "", chosen)
    with st.expander("What is fetched, from whom, and about how much", icon=":material/download:"):
        rows = [("", one.what, ", ".join(one.asked), _about(one.least, one.most)) for one in PARTS]
        st.html(html_table(rows, caption="What is fetched", head=("Asked", "About")))
        st.caption("What was fetched before is asked for again only if it has changed. Nothing is sent but questions.")
    if chosen is None or name is None:
        return
    before = next((one for one in places.values() if _is(one, chosen)), None)
    if before is not None:
        st.caption(
            f"{plain(before.card.name)} is here already, with files of {got_on(before)}. It stays in use until the new "
            "one is complete, and is then replaced."
        )
    at_it = any(one.status == "running" and chosen in (one.wanted, one.key.upper()) for one in starting.under_way())
    streets = fetching.streets_picker()
    label = f"Fetch {plain(name)}{' again' if before else ''}"
    st.button(
        label, key="fetch", type="primary", icon=":material/cloud_download:", on_click=_begin, disabled=at_it,
        args=(chosen, streets, why_not),
    )  # fmt: skip
    known = streets == "geofabrik"
    more = "most of it streets and play spaces" if known else "and the streets, whose size is not known beforehand"
    st.caption(f"About {_about(*whole(streets=known))}, {more}.")


def _is(place: Place, chosen: str) -> bool:
    """Whether a place is of the authority that was chosen, or typed."""
    return chosen.upper() == place.card.authority_code or same_name(chosen) in names_of(place.card.authority_name)


def _about(least: int, most: int) -> str:
    return size(least) if least == most else f"{size(least)} to {size(round(most, -7) if most > _ROUGHLY else most)}"


def _begin(wanted: str, streets: StreetsBy, why_not: Callable[[], str | None]) -> None:
    do(lambda: starting.start_fetch(wanted, streets), why_not)


def do(action: Callable[[], object], why_not: Callable[[], str | None]) -> None:
    """Do something if whoever is here may; it is asked again at every action."""
    barred = why_not()
    if barred is not None:
        fetching.say(barred)
        return
    try:
        action()
    except PramshedError as fault:
        said = public(str(fault))
        fetching.say(f"{said[:1].upper()}{said[1:]}.")


def work(kind: str, why_not: Callable[[], str | None]) -> None:
    """The work that goes on, drawn again every second; and what became of the rest, for whoever may go on with it.

    Parameters
    ----------
    kind
        ``fetch`` or ``build``: each is shown where it is begun.
    """

    def under_way() -> tuple[Progress, ...]:
        return tuple(one for one in starting.under_way() if one.kind == kind)

    may, seen = why_not() is None, _states(under_way())

    def draw() -> None:
        now = under_way()
        if _states(now) != seen:
            came = [one.name for one in now if one.status == "done" and (one.key, "running") in seen]
            if came:
                fetching.note(f"{' and '.join(came)} is here.")
            fetching.draw_all_again()  # the places at hand may be others now
        for one in now:
            if one.status == "running":
                _running(one, why_not, may=may)
            elif may:
                _over(one, why_not)

    at_it = any(status == "running" for _, status in seen)
    fetching.again_while(draw, OFTEN if at_it else SELDOM if may else None)


def goes_on() -> bool:
    """Whether something is being fetched or built."""
    return any(one.status == "running" for one in starting.under_way())


def _states(now: tuple[Progress, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((one.key, one.status) for one in now)


def _running(one: Progress, why_not: Callable[[], str | None], *, may: bool) -> None:
    with st.container(border=True, key=f"work-{one.key}"):
        step = f"step {one.done + 1} of {one.of}, {plain(one.step)}" if one.step else "about to begin"
        st.progress(one.share, text=f"**{plain(one.name)}**: {step}")
        st.html(f"<p class='pramshed-reason'>{'<br>'.join(map(escape, _lines(one)))}</p>")
        if may:
            st.button(
                "Cancel", key=f"cancel-{one.key}", icon=":material/cancel:", on_click=do,
                args=(lambda: starting.cancel(one.key), why_not),
            )  # fmt: skip


def _lines(one: Progress) -> list[str]:
    """What is arriving, how much has come in all, and the last sentence."""
    of = f" of {size(one.whole)}" if one.whole else ""
    arriving = [f"{one.asking}: {size(one.arrived)}{of}"] if max(one.arrived, one.whole or 0) > _WORTH_SAYING else []
    in_all = [f"{size(one.fetched)} have come in all."] if one.fetched else []
    return [*arriving, *in_all, *one.said[-1:]] or ["This goes on if you close the page."]


def _over(one: Progress, why_not: Callable[[], str | None]) -> None:
    name = plain(one.name)
    with st.container(border=True, key=f"work-{one.key}"):
        if one.status == "done":
            st.success(f"**{name}** is here.", icon=":material/check:")
            if one.remarks:
                with st.expander("Built without these, which could not be fetched"):
                    st.html(f"<ul>{''.join(f'<li>{escape(said)}</li>' for said in one.remarks)}</ul>")
        elif one.status == "failed":
            _failed(one)
        else:
            kept = "What has arrived is kept." if one.kind == "fetch" else "The files are kept for a day."
            st.info(f"**{name}** is incomplete, because the work was stopped. {kept}", icon=":material/pause:")
        with st.container(horizontal=True, vertical_alignment="center"):
            if one.status == "done":
                open_link(one.place, one.name)
            elif one.kind == "fetch" and one.sort != "request":
                st.button(
                    "Go on", key=f"go-on-{one.key}", icon=":material/play_arrow:", on_click=_begin,
                    args=(one.wanted, one.streets, why_not),
                )  # fmt: skip
            st.button(
                "Hide this", key=f"away-{one.key}", type="tertiary", on_click=do,
                args=(lambda: starting.put_away(one.key), why_not),
            )  # fmt: skip


def _failed(one: Progress) -> None:
    """Why, in a line, and what to do; without the internet the addresses of the files, and where to drop them."""
    done = "fetched" if one.kind == "fetch" else "built"
    fault = f"{one.fault[:1].upper()}{one.fault[1:].rstrip('.')}."
    st.error(f"**{plain(one.name)}** could not be {done}. {plain(fault)}", icon=":material/error:")
    if not one.unreached:
        st.markdown(_WHAT_TO_DO.get(one.sort, "") if one.kind == "fetch" else _MEND)
        return
    st.markdown(
        "This machine cannot reach the internet. Fetch these files with a browser that reaches it, unpack what "
        "is packed (zip), and drop them under *Bring your own files*; large ones go into the folder named there."
    )
    st.html(listed((file for file in place_files() if file.needed), options=False, authority=one.name))
