"""What a moderator decides about a mark: approve, refuse, take off, restore, merge, confirm, delete."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from data.store.moderation import LONGEST_REASON
from geo.errors import ConflictError, DeniedError, RequestError, StoreError, UnknownNameError
from layers.moderation.queue import fault_said, title
from layers.session import moderating

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from data.store.marks import Mark
    from layers.moderation.queue import Desk

REFUSALS = (
    "It is on the map already.",
    "We could not find this place.",
    "Its text names or describes a person.",
    "It is not open to other families.",
    "It lies outside this map.",
    "It is not something that families need on this map.",
)
WITHDRAWALS = (
    "It is not there any more.",
    "It has moved.",
    "Somebody asked us to take it off.",
    "It is no longer open to other families.",
    "Its text names or describes a person.",
)
CONFIRMATION = "delete"


def version_of(mark: Mark) -> int:
    """The version that the moderator has before their eyes: a decision is about that one and no other."""
    return moderating.seen_version(mark.id) or mark.version


def attempt(work: Callable[[], Mark | None], done: str, *, then: str | None) -> None:
    """Do something about a mark and say what came of it; what was typed stays if it did not work.

    Parameters
    ----------
    work
        Does it, and returns the mark as it is now.
    done
        What is said if it worked.
    then
        The mark to look at after that.
    """
    try:
        after = work()
    except ConflictError as fault:
        moderating.say(f"Not done: {fault}", went_well=False)
        st.rerun()
    except UnknownNameError:
        moderating.open_mark(None)
        moderating.say("Not done: this mark has been deleted in the meantime.", went_well=False)
        st.rerun()
    except (RequestError, DeniedError, StoreError) as fault:
        st.error(fault_said(fault), icon=":material/error:")
    else:
        if after is not None:
            moderating.note_seen(after.id, after.version)
        moderating.open_mark(then)
        moderating.say(done)
        st.rerun()


def decisions(desk: Desk, mark: Mark, listed: Sequence[str], *, warned: bool, into: str | None) -> None:
    """The decisions that a mark of this status leaves open.

    Parameters
    ----------
    listed
        Ids of the list that the mark was chosen from: the next of them is shown after a decision.
    warned
        Whether the scan found something in its public texts.
    into
        The mark to merge this one into, if a moderator asked for that.
    """
    version, then = version_of(mark), moderating.next_of(listed, mark.id)
    store, by, name = desk.store.desk, desk.by, title(mark)
    if into:
        attempt(
            lambda: store.merge(by, mark.id, version=version, into=into), f"{name} is merged into {into}.",
            then=into,
        )  # fmt: skip
    st.subheader("Decide", anchor=False)
    if mark.status in ("waiting", "lapsed"):
        checked = warned and st.checkbox("I have checked: this may be shown", key=f"desk-checked-{mark.id}-{version}")
        if st.button("Approve: put it on the map", key="desk-approve", type="primary", icon=":material/check:"):
            attempt(
                lambda: store.approve(by, mark.id, version=version, checked=checked), f"{name} is on the map.",
                then=then,
            )  # fmt: skip
    if mark.status == "approved" and st.button(
        "Still there", key="desk-confirm", type="primary", icon=":material/event_available:",
        help="Somebody has checked: it stays on the map for another year, or as long as this dashboard is set to.",
    ):  # fmt: skip
        attempt(lambda: store.confirm(by, mark.id, version=version), f"{name} is confirmed as still there.", then=then)
    if mark.status in ("rejected", "withdrawn", "merged", "lapsed") and st.button(
        "Put it back in the queue", key="desk-restore", icon=":material/undo:"
    ):
        attempt(lambda: store.restore(by, mark.id, version=version), f"{name} is back in the queue.", then=mark.id)
    if mark.status == "waiting":
        reason = _reason_form(mark, "reject", "Refuse", REFUSALS)
        if reason is not None:
            attempt(
                lambda: store.reject(by, mark.id, version=version, reason=reason), f"{name} was refused.",
                then=then,
            )  # fmt: skip
    elif mark.status == "approved":
        reason = _reason_form(mark, "withdraw", "Take it off the map", WITHDRAWALS)
        if reason is not None:
            attempt(
                lambda: store.withdraw(by, mark.id, version=version, reason=reason),
                f"{name} was taken off the map.", then=then,
            )  # fmt: skip


def erasing(desk: Desk, mark: Mark, listed: Sequence[str]) -> None:
    """Delete a mark for good, after a word was typed."""
    with st.expander("Delete for good"), st.form(f"desk-erase-{mark.id}", border=False):
        st.caption(
            "Its words, its photo and its history are deleted everywhere. Only the trail keeps that there was a mark. "
            "This cannot be undone."
        )
        typed = st.text_input(f"Type **{CONFIRMATION}** to confirm", max_chars=20, autocomplete="off")
        sent = st.form_submit_button("Delete for good", icon=":material/delete_forever:")
    if not sent:
        return
    if typed.strip().lower() != CONFIRMATION:
        st.error(f"Nothing was deleted: type {CONFIRMATION} first.", icon=":material/error:")
        return

    def erase() -> None:
        desk.store.desk.erase(desk.by, mark.id)

    attempt(erase, f"{title(mark)} was deleted.", then=moderating.next_of(listed, mark.id))


def _reason_form(mark: Mark, what: str, label: str, ready: Sequence[str]) -> str | None:
    """Ask for a reason; what it is, once it is sent, even if it is empty: the store refuses that."""
    with st.expander(label), st.form(f"desk-{what}-{mark.id}", border=False):
        st.caption("The contributor reads the reason.")
        chosen = st.selectbox("Reason", ready, index=None, placeholder="Choose one, or write your own")
        own = st.text_input("In your own words", max_chars=LONGEST_REASON)
        sent = st.form_submit_button(label, icon=":material/block:")
    return " ".join(filter(None, (chosen, own.strip()))) if sent else None
