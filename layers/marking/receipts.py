"""After a mark was sent: thanks, the link to follow it, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from geo.errors import PramshedError, UnknownNameError
from layers import cache, session
from layers.answers import mark_words
from layers.answers.question import today
from layers.html import plain
from layers.marking import wording
from layers.marking.links import address_of
from layers.marking.localised_html import say
from layers.marking.sending import fault_said, refuse

if TYPE_CHECKING:
    import geopandas as gpd

    from data.store.people import Contributor
    from layers.i18n import Words

ICONS = {
    "waiting": ":material/hourglass_top:",
    "approved": ":material/check_circle:",
    "rejected": ":material/block:",
    "withdrawn": ":material/remove_circle:",
    "merged": ":material/merge:",
    "lapsed": ":material/event_busy:",
}


def thanks(words: Words, token: str) -> None:
    """The mark has arrived."""
    st.success(plain(words.of(wording.THANKS)), icon=":material/check_circle:")
    say(words, words.of(wording.WHAT_NEXT))
    say(words, words.of(wording.YOUR_LINK), kind="h2")
    say(words, words.of(wording.KEEP_THIS_LINK))
    address = address_of("mark", receipt=token, lang=words.language.code)
    st.code(address, language=None, wrap_lines=True)
    st.link_button(plain(words.of(wording.RECEIPT_TITLE)), address, width="stretch")
    st.button(
        words.of(wording.ADD_ANOTHER), on_click=session.start_again, icon=":material/add_location_alt:",
        width="stretch", type="primary",
    )  # fmt: skip


def what_became(words: Words, token: str) -> None:
    """What became of the mark that a receipt is for; and deleting it."""
    say(words, words.of(wording.RECEIPT_TITLE), kind="h2")
    try:
        mark = cache.marks.store().marks.receipt(token)
    except UnknownNameError:
        st.info(plain(words.of(wording.RECEIPT_UNKNOWN)))
        return
    except PramshedError as fault:
        refuse(fault_said(words, fault))
        return
    kind = words.of(mark_words.KIND_LABELS[mark.kind])
    st.subheader(plain(mark.name or kind), anchor=False)
    st.info(plain(words.of(wording.STATUS_LABELS[mark.status])), icon=ICONS[mark.status])
    if mark.reason:
        say(words, words.of(wording.REASON, reason=mark.reason))
    say(words, words.of(wording.SENT_ON, date=words.date(mark.created)), small=True)
    if mark.decided:
        say(words, words.of(wording.DECIDED_ON, date=words.date(mark.decided)), small=True)
    with st.expander(words.of(wording.DELETE_MARK), icon=":material/delete:"):
        say(words, words.of(wording.DELETE_SURE))
        if st.button(words.of(wording.DELETE_YES), key="erase-own", width="stretch"):
            try:
                cache.marks.store().marks.erase_own(token)
            except PramshedError as fault:
                refuse(fault_said(words, fault))
            else:
                st.success(plain(words.of(wording.DELETED)))


def still_there(words: Words, who: Contributor, mark_id: str) -> None:
    """Ask whether a mark that is on the map already is still there."""
    say(words, words.of(wording.STILL_THERE), kind="h2")
    _ask(words, who, mark_id)
    st.button(
        words.of(wording.ADD_ANOTHER), on_click=session.start_again, icon=":material/add_location_alt:",
        width="stretch",
    )  # fmt: skip


def reminders(words: Words, who: Contributor, marks: gpd.GeoDataFrame, *, after_days: int, most: int = 3) -> None:
    """Ask about the marks that nobody has confirmed for longest, if they are soon to lapse.

    Parameters
    ----------
    marks
        As `geo.tables.Marks`.
    after_days
        After which a mark should be confirmed; the last month of it is soon.
    most
        How many are asked about at once.
    """
    late = pd.Timestamp(today()) - pd.Timedelta(days=max(after_days - 30, 0))
    due = marks[(marks["homes"] == 0) & (marks["confirmed"] <= late) & ~marks.index.isin(list(session.told()))]
    if due.empty:
        return
    with st.expander(words.of(wording.STILL_THERE), icon=":material/help:"):
        for mark_id, row in due.sort_values("confirmed", kind="stable").head(most).iterrows():
            label = words.of(mark_words.KIND_LABELS[row["kind"]])
            st.markdown(f"**{plain(row['name'])}** {plain(label)}" if row["name"] else plain(label))
            _ask(words, who, str(mark_id))


def _ask(words: Words, who: Contributor, mark_id: str) -> None:
    first, second = st.columns(2)
    for column, label, there in ((first, wording.YES_STILL_THERE, True), (second, wording.NO_GONE, False)):
        with column:
            pressed = st.button(words.of(label), key=f"still-{there}-{mark_id}", width="stretch")
        if pressed:
            try:
                cache.marks.store().marks.tell(who, mark_id, still_there=there)
            except PramshedError as fault:
                refuse(fault_said(words, fault))
            else:
                session.told(mark_id)
                st.success(plain(words.of(wording.STILL_THERE_THANKS)))
