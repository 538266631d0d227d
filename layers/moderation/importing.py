"""Marks from a file: previewed, counted, and put into the queue."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import streamlit as st

from data.store.exchange.uploads import MOST_BYTES
from geo.errors import InputError
from layers.answers.mark_words import KIND_LABELS
from layers.files.marks_in import read_marks
from layers.html import html_table, plain
from layers.moderation.groups import tried
from layers.moderation.queue import fault_said
from layers.session import moderating
from layers.session.uploader import file_uploader

if TYPE_CHECKING:
    from data.place import Place
    from data.store.exchange.drafts import Incoming
    from data.store.groups import Group
    from layers.moderation.queue import Desk

FORMATS = {
    "marks": "Marks: GeoJSON, CSV or GeoPackage",
    "services": "Services: JSON as Open Referral UK has it",
}
_ENDINGS = {"marks": ["geojson", "json", "csv", "gpkg"], "services": ["json"]}


def importing(desk: Desk) -> None:
    """Take in marks from a file; each waits for a decision like any other."""
    st.caption(
        "Each mark needs a kind and a place on the map; every other field is read where there is a column of its name. "
        "Imported marks wait in the queue. The same mark of the same file is not added twice."
    )
    group = _group(desk)
    kind = st.radio("What is in the file", list(FORMATS), format_func=FORMATS.__getitem__, key="desk-import-kind")
    upload = file_uploader(
        "File", type=_ENDINGS[kind], key=f"desk-import-{kind}-{moderating.number_of('import')}", max_upload_size=10
    )
    if upload is None:
        return
    try:
        found = read(upload.getvalue(), str(upload.name), desk.place)
    except InputError as fault:
        st.error(f"{fault_said(fault)} Nothing was imported.", icon=":material/error:")
        return
    preview(found)
    if found.arrivals and st.button(
        f"Put {_marks(len(found.arrivals))} into the queue", key="desk-take-in", type="primary", icon=":material/input:"
    ):

        def take_in() -> None:
            with st.spinner("Importing…"):
                desk.store.marks.add_all(
                    desk.by,
                    [(arrival.draft, arrival.submission) for arrival in found.arrivals],
                    group_id=group.id if group else None,
                )
            moderating.sent("import")

        tried(
            take_in,
            f"{_marks(len(found.arrivals))} of the file are in the store; new ones wait in the queue, those that were "
            "there already are unchanged.",
        )


def read(content: bytes, name: str, place: Place) -> Incoming:
    """The marks of an uploaded file.

    Raises
    ------
    InputError
        The first fault, with its row and column; then nothing is to be taken.
    """
    if len(content) > MOST_BYTES:
        raise InputError(name, expected=f"at most {MOST_BYTES // 1_000_000} MB", found="a larger file")
    return read_marks(content, name, place)


def preview(found: Incoming) -> None:
    """What a file holds, before it is imported."""
    counts = Counter(arrival.draft.kind for arrival in found.arrivals)
    rows = [("", KIND_LABELS[kind], f"{count:,}") for kind, count in counts.most_common()]
    st.markdown(f"**{_marks(len(found.arrivals))} can be imported.**")
    st.html(html_table(rows, caption="Marks in the file, by kind"))
    for what, count in found.left_out.items():
        st.caption(plain(f"Left out: {what} ({count:,})."))
    if found.unread:
        st.caption(plain(f"Columns not used: {', '.join(found.unread)}."))


def _group(desk: Desk) -> Group | None:
    known = [group for group in desk.store.groups.all(desk.by) if group.place == desk.key]
    options: list[Group | None] = [*known] if desk.by.group_id is not None else [None, *known]
    return st.selectbox(
        "Whose marks they are", options, format_func=lambda group: group.name if group else "no group's",
        key="desk-import-group",
    )  # fmt: skip


def _marks(count: int) -> str:
    return "1 mark" if count == 1 else f"{count:,} marks"
