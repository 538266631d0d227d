"""What if: the changes a reader has made, undone, loaded or followed a link to."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import streamlit as st

from geo.errors import PramshedError
from geo.scenario import LONGEST_NAME, AddSite, MoveSite, Scenario
from layers.answers.question import today
from layers.files.scenarios import from_text
from layers.session.parameters import CHANGES, MADE_FOR, NAME, PART, PARTS, SITE
from layers.session.uploader import file_uploader
from layers.session.url import FAULT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from data.place import Place
    from geo.scenario import Change
    from layers.maps.webmap import Click

CLICKS = {"choose": "Chooses a centre", "add": "Adds a centre there", "move": "Moves the chosen centre there"}
NEW = "new-"
"""What the ids of added sites begin with."""

_CLICK, _SEEN, _UPLOAD = "_click_means", "_seen_what_if_click", "_uploaded"


class Ask(NamedTuple):
    """What a form was filled in with: what to do, where (as typed), and a name."""

    where: str
    name: str


def part_picker() -> str:
    """Choose what the page is about."""
    return str(
        st.segmented_control(
            "What would you like to do?", list(PARTS), format_func=PARTS.__getitem__, key=PART,
            label_visibility="collapsed", required=True,
        )
    )  # fmt: skip


def scenario_of(place: Place) -> Scenario:
    """The scenario as it stands; on another place than its own, `Scenario.require_place` refuses it."""
    changes = st.session_state[CHANGES]
    made_for = st.session_state[MADE_FOR] if changes else place.card.fingerprint
    return Scenario(
        name=st.session_state[NAME], place=place.card.key, fingerprint=made_for or "unknown", changes=changes
    )


def make(place: Place, change: Change) -> None:
    """Make one change more; what cannot be is said on the page, and changes nothing."""
    try:
        changes = scenario_of(place).with_change(change).changes
    except PramshedError as fault:
        st.session_state[FAULT] = str(fault)
        return
    st.session_state[CHANGES], st.session_state[MADE_FOR] = changes, place.card.fingerprint


def make_where(place: Place, change: Callable[[], Change]) -> None:
    """Make a change whose place has yet to be found; what cannot be found is said on the page."""
    try:
        found = change()
    except PramshedError as fault:
        st.session_state[FAULT] = str(fault)
    else:
        make(place, found)


def take_over(place: Place, changes: Sequence[Change]) -> None:
    """Make several changes and go on trying."""
    for change in changes:
        make(place, change)
    st.session_state[PART] = "try"


def undo(position: int) -> None:
    """Take one change back, and with an added site whatever was done to it later."""
    changes = st.session_state[CHANGES]
    gone = changes[position]
    kept = [
        change for number, change in enumerate(changes)
        if number != position and not (isinstance(gone, AddSite) and getattr(change, "site_id", None) == gone.site_id)
    ]  # fmt: skip
    st.session_state[CHANGES] = tuple(kept)
    if not kept:
        st.session_state[MADE_FOR] = None


def undo_all() -> None:
    """Begin again."""
    st.session_state[CHANGES], st.session_state[MADE_FOR], st.session_state[NAME] = (), None, ""


def next_new() -> int:
    """The number of the next added site."""
    added = [change.site_id for change in st.session_state[CHANGES] if isinstance(change, AddSite)]
    return max((int(site_id.removeprefix(NEW)) for site_id in added if site_id[len(NEW) :].isdigit()), default=0) + 1


def fault() -> str | None:
    """What was wrong with the last change, said once."""
    return st.session_state.pop(FAULT, None)


def say_fault(message: str) -> None:
    """Remember what is wrong, for the page to say."""
    st.session_state[FAULT] = message


def site_picker(names: Mapping[str, str]) -> str | None:
    """Choose a centre by name: the way that needs no map."""
    st.session_state[SITE] = chosen_site(names)
    return st.selectbox(
        "Centre", list(names), index=None, format_func=lambda site_id: names[site_id], key=SITE,
        placeholder="Choose one, or click on the map",
    )  # fmt: skip


def chosen_site(names: Mapping[str, str]) -> str | None:
    """The centre that was chosen, if it is one of these."""
    return st.session_state[SITE] if st.session_state[SITE] in names else None


def click_picker() -> str:
    """Choose what a click on the map means."""
    return str(
        st.radio("A click on the map", list(CLICKS), format_func=CLICKS.__getitem__, key=_CLICK, horizontal=True)
    )


def take_what_if_click(
    place: Place, click: Click | None, names: Mapping[str, str], to_grid: Callable[[float, float], tuple[float, float]]
) -> bool:
    """Choose, add or move a centre by a new click on the map; whether that changes anything."""
    if click is None or click.at == st.session_state.get(_SEEN):
        return False
    st.session_state[_SEEN] = click.at
    meant = st.session_state.get(_CLICK, "choose")
    if click.kind == "site" and click.id in names:
        st.session_state[SITE] = click.id
        return True
    if click.kind != "place" or meant == "choose":
        return False
    easting, northing = to_grid(click.lon, click.lat)
    number, chosen = next_new(), chosen_site(names)
    if meant == "add":
        make(place, AddSite(f"{NEW}{number}", easting, northing, f"New centre {number}"))
    elif chosen is None:
        say_fault("First choose the centre to move.")
    else:
        make(place, MoveSite(chosen, easting, northing))
    return True


def where_form(key: str, label: str, *, named: bool) -> Ask | None:
    """A form that asks where, as a postcode, a name or a grid reference; what was typed, once it is sent."""
    with st.form(key, border=False):
        name = st.text_input("Name", max_chars=LONGEST_NAME, placeholder="New centre") if named else ""
        where = st.text_input(
            "Postcode, street or landmark", max_chars=80, placeholder="PO30 2AN, High Street Newport, or SZ 505 890"
        )
        sent = st.form_submit_button(label, width="stretch")
    return Ask(where, name.strip()) if sent and where.strip() else None


def opening_form() -> date | None:
    """A form that asks for another opening day; the day, once it is sent."""
    with st.form("opening", border=False):
        opened = st.date_input(
            "Opening day", value=today(), min_value=date(2000, 1, 1), max_value=date(2099, 12, 31),
            format="DD/MM/YYYY",
        )  # fmt: skip
        sent = st.form_submit_button("Open it on that day", width="stretch")
    return opened if sent else None


def keep_controls(place: Place, text: str) -> None:
    """Name a scenario, save it, load one.

    Parameters
    ----------
    place
        The place that it is for.
    text
        The scenario as the text of its file.
    """
    st.text_input("Name of this scenario", key=NAME, max_chars=LONGEST_NAME)
    st.download_button(
        "Save as a file", data=text, file_name=f"pramshed-{place.card.key}-scenario.json", mime="application/json",
        on_click="ignore", icon=":material/download:", disabled=not st.session_state[CHANGES],
    )  # fmt: skip
    st.caption("To share it, copy the address of this page, which holds every change.")

    def load() -> None:
        upload = st.session_state[_UPLOAD]
        if upload is None:
            return
        try:
            found = from_text(upload.getvalue().decode("utf-8"), str(upload.name))
            found.require_place(place=place.card.key, fingerprint=place.card.fingerprint)
        except UnicodeDecodeError:
            say_fault(f"{upload.name} is not a scenario saved by Pramshed.")
        except PramshedError as wrong:
            say_fault(str(wrong))
        else:
            st.session_state[CHANGES], st.session_state[MADE_FOR] = found.changes, found.fingerprint
            st.session_state[NAME] = found.name

    file_uploader(
        "Load a saved scenario",
        type="json",
        key=_UPLOAD,
        on_change=load,
        max_upload_size=1,
    )
