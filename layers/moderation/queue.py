"""The moderators' queue: the marks that wait, in a list and on a map."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely
import streamlit as st

from geo.crs import to_wgs84
from layers import cache, session
from layers.answers.mark_words import KIND_LABELS
from layers.html import plain
from layers.maps.scene import Drawn, Marker, Scene, Shape
from layers.session import moderating
from layers.session.who import DESK
from layers.views import finding, frame

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from data.place import Place
    from data.store.marks import Mark
    from data.store.people import Person
    from data.store.store import Store
    from geo.errors import PramshedError
    from layers.answers.place_search import Found

SHELVES = {
    "waiting": "Waiting",
    "approved": "On the map",
    "due": "Due for a check",
    "off": "Refused or taken off",
}
"""Parts of the queue. Due: said to be gone, or soon to be confirmed."""

STATUS_WORDS = {
    "waiting": "waiting",
    "approved": "on the map",
    "rejected": "refused",
    "withdrawn": "taken off the map",
    "merged": "merged with another",
    "lapsed": "lapsed: nobody said that it is still there",
}
_OFF = ("rejected", "withdrawn", "merged", "lapsed")
_AROUND_M = 250.0
"""How much of the town is seen around a mark that is looked at."""


@dataclass(frozen=True)
class Desk:
    """Who moderates what."""

    store: Store
    by: Person
    place: Place

    @property
    def key(self) -> str:
        """Of the place."""
        return self.place.card.key


def title(mark: Mark) -> str:
    """What a mark is called, plain text: its name, or what kind it is."""
    return mark.draft.name or f"{KIND_LABELS[mark.draft.kind]} without a name"


def name_of(mark: Mark) -> str:
    """The same with what it is and how it stands, for a list."""
    return f"{title(mark)} ({KIND_LABELS[mark.draft.kind].lower()}, {STATUS_WORDS[mark.status].partition(':')[0]})"


def fault_said(fault: PramshedError) -> str:
    """What went wrong, as a sentence of Markdown."""
    said = str(fault)
    return plain(f"{said[:1].upper()}{said[1:]}{'' if said.endswith(('.', '!', '?')) else '.'}")


def say_what_came_of_it() -> None:
    """What came of what was done last."""
    with st.container():  # there with or without it, so that what was opened below stays open
        said = moderating.said()
        if said and said.went_well:
            st.success(plain(said.text), icon=":material/check:")
        elif said:
            st.error(plain(said.text), icon=":material/error:")


def shelf(desk: Desk, waiting: Sequence[Mark]) -> list[Mark]:
    """Choose a part of the queue; its marks, the oldest first.

    Parameters
    ----------
    waiting
        What waits in all places.
    """
    waiting, due = [mark for mark in waiting if mark.draft.place == desk.key], desk.store.desk.due(desk.by, desk.key)
    counts = {"waiting": len(waiting), "due": len(due)}
    words = {
        key: f"{label} ({counts[key]})" if counts.get(key) or key == "waiting" else label
        for key, label in SHELVES.items()
    }
    chosen = moderating.picker("shelf", "Which marks", words)
    if chosen == "waiting":
        return waiting
    if chosen == "due":
        return due
    statuses = ("approved",) if chosen == "approved" else _OFF
    return [mark for status in statuses for mark in desk.store.desk.queue(desk.by, desk.key, status=status)]


def waiting_elsewhere(desk: Desk, waiting: Sequence[Mark], places: Mapping[str, Place]) -> None:
    """Where else marks wait, so that none is forgotten."""
    counts = Counter(mark.draft.place for mark in waiting if mark.draft.place != desk.key)
    if counts:
        said = "; ".join(
            f"{count} in {places[key].card.name if key in places else key}" for key, count in sorted(counts.items())
        )
        st.caption(plain(f"Also waiting: {said}. Choose the place in the menu at the left."))


def open_one(desk: Desk, listed: Sequence[Mark]) -> Mark | None:
    """Choose a mark by name; the one that is looked at, even if it is on another shelf by now.

    Raises
    ------
    UnknownNameError, DeniedError
        It has been deleted in the meantime; it is another group's now.
    """
    names = {mark.id: name_of(mark) for mark in listed}
    wanted = moderating.opened()
    if wanted and wanted not in names:
        found = desk.store.desk.get(desk.by, wanted)
        if found.draft.place == desk.key:
            names[wanted] = name_of(found)
    chosen = moderating.mark_picker(names)
    return desk.store.desk.get(desk.by, chosen) if chosen else None


def nothing_open(listed: Sequence[Mark]) -> None:
    """What to do first."""
    if not listed:
        st.info("There is nothing on this list.", icon=":material/check:")
        return
    count = "1 mark" if len(listed) == 1 else f"{len(listed):,} marks"
    st.markdown(f"**{count} on this list.** Choose one above, in the table or on the map.")
    first = listed[0]
    st.button(
        f"Look at the oldest: {plain(title(first))}",
        key="desk-oldest",
        icon=":material/arrow_forward:",
        on_click=moderating.open_mark,
        args=(first.id,),
    )


def mark_table(listed: Sequence[Mark]) -> None:
    """The marks of a shelf as a table."""
    if not listed:
        return
    table = pd.DataFrame(
        {
            "name": [title(mark) for mark in listed],
            "kind": [KIND_LABELS[mark.draft.kind] for mark in listed],
            "group": [mark.group or "" for mark in listed],
            "status": [STATUS_WORDS[mark.status].partition(":")[0] for mark in listed],
            "created": [mark.created for mark in listed],
            "warnings": [bool(mark.warnings) for mark in listed],
            "photo": [mark.has_photo for mark in listed],
            "gone": [mark.gone for mark in listed],
            "confirm_by": [mark.confirm_by for mark in listed],
        },
        index=[mark.id for mark in listed],
    )
    column = st.column_config
    moderating.mark_list(
        table,
        height=min(420, 38 + 36 * len(table)),
        placeholder="",
        alt="The marks of this list",
        column_config={
            "name": column.TextColumn("Name", width=170),
            "kind": column.TextColumn("What it is", width=130),
            "group": column.TextColumn("Brought by", width=130),
            "status": column.TextColumn("Status", width=100),
            "created": column.DatetimeColumn("Came", format="D MMM YYYY", width=90),
            "warnings": column.CheckboxColumn("Warnings", width=70, help="Found by the scan of its public texts."),
            "photo": column.CheckboxColumn("Photo", width=55),
            "gone": column.NumberColumn("Said gone", format="%d", width=75),
            "confirm_by": column.DateColumn("Confirm by", format="D MMM YYYY", width=95),
        },
    )


def find(desk: Desk, opened: Mark | None) -> Found | None:
    """Find something by name on the map; a mark that is opened is looked at in its place."""
    name = f"{DESK}find-{opened.id if opened else ''}"
    return session.find_in(name, {desk.key: desk.place}, finding.offered(desk.place)).get(desk.key)


def mark_map(
    desk: Desk, listed: Sequence[Mark], opened: Mark | None, near: Sequence[Mark], found: Found | None
) -> None:
    """The marks of a shelf and what was found by name; with one that is looked at, that and what is near."""
    shown = {mark.id: mark for mark in (*listed, *near, *([opened] if opened else []))}
    scene = scene_of(cache.places.blank_map(desk.place), list(shown.values()), opened)
    scene = finding.shown(scene, desk.place, found)
    click = frame.show_map(scene, f"desk-{desk.key}", height=380)
    if moderating.take_mark_click(click, shown):
        st.rerun()


def scene_of(blank: Scene, marks: Sequence[Mark], opened: Mark | None) -> Scene:
    """The map of some marks, around the one that is looked at."""
    markers, drawn = [], []
    for mark in marks:
        lines = (KIND_LABELS[mark.draft.kind], STATUS_WORDS[mark.status].partition(":")[0])
        corners = degrees(mark.draft.geometry)
        if len(corners) > 1:
            drawn.append(
                Drawn(
                    corners,
                    closed=mark.draft.geometry.geom_type == "Polygon",
                    dashed=mark.status != "approved",
                    lines=(title(mark), *lines),
                )
            )
        ((lon, lat),) = degrees(mark.draft.geometry.centroid)
        shape: Shape = "play" if mark.draft.kind == "play_space" else "community"
        markers.append(Marker(mark.id, lon, lat, shape, title(mark), lines))
    bounds = blank.bounds
    if opened is not None:
        around = opened.draft.geometry.buffer(_AROUND_M).bounds
        (west, south), (east, north) = degrees(shapely.LineString([around[:2], around[2:]]))
        bounds = (west, south, east, north)
    return replace(
        blank,
        bounds=bounds,
        markers=tuple(markers),
        drawn=tuple(drawn),
        selected=opened.id if opened else None,
        label="Map of the marks of this list. The table below it has the same marks.",
    )


def degrees(geometry: shapely.Geometry) -> tuple[tuple[float, float], ...]:
    """The corners of a shape as longitude and latitude; of an area, its outer ring."""
    outer = geometry.exterior if geometry.geom_type == "Polygon" else geometry
    at = shapely.get_coordinates(outer)
    lon, lat = to_wgs84(at[:, 0], at[:, 1])
    return tuple(zip(np.asarray(lon, float).tolist(), np.asarray(lat, float).tolist(), strict=True))
