"""People who moderate, and the trail of what they did."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from data.store import credentials
from data.store.people import ROLES
from geo.errors import DeniedError, RequestError
from layers.files import tables
from layers.html import plain
from layers.moderation.groups import tried
from layers.moderation.mark_card import trail_table
from layers.moderation.queue import fault_said
from layers.session import moderating, signin, who

if TYPE_CHECKING:
    from data.store.people import Person
    from layers.moderation.queue import Desk

_ALL_GROUPS = "all groups"
_LINES = 200


@dataclass(frozen=True)
class FreshPassphrase:
    """A passphrase that was just made, for as long as it is shown."""

    name: str
    passphrase: str


def people(desk: Desk) -> None:
    """Who may moderate; for administrators."""
    if isinstance(fresh := moderating.kept_once(), FreshPassphrase):
        _hand_over(fresh)
    names = {group.id: f"{group.name} ({group.place})" for group in desk.store.groups.all(desk.by)}
    st.header("Who may moderate", anchor=False)
    for one in desk.store.accounts.all(desk.by):
        scope = "" if one.group_id is None else f" of {names.get(one.group_id, f'group {one.group_id}')}"
        you = " (you)" if one.id == desk.by.id else ""
        with st.expander(plain(f"{one.name}{you}: {one.role}{scope}"), key=f"desk-person-{one.id}"):
            _passphrase(desk, one)
            _disabling(desk, one)
    for one in desk.store.accounts.former(desk.by):
        with st.expander(plain(f"{one.name}: access removed"), key=f"desk-former-{one.id}"):
            if st.button("Restore access", key=f"desk-enable-{one.id}", icon=":material/person_check:"):
                tried(partial(desk.store.accounts.enable, desk.by, one.id), f"{one.name} may moderate again.")
    _adding(desk, names)


def _hand_over(fresh: FreshPassphrase) -> None:
    with st.container(border=True, key="desk-fresh-passphrase"):
        st.header(plain(f"The passphrase of {fresh.name}"), anchor=False)
        st.markdown("**Hand it over now:** nobody can look it up again. They can change it under *Your passphrase*.")
        st.code(fresh.passphrase, language=None)
        st.button("Done, hide it", key="desk-put-away", on_click=moderating.forget_once)


def _adding(desk: Desk, names: dict[int, str]) -> None:
    st.header("Somebody new", anchor=False)
    with st.form(f"desk-person-new-{moderating.number_of('person')}"):
        name = st.text_input("Name", max_chars=80, help="What they sign in with, and what the trail calls them.")
        role = st.selectbox("Role", ROLES, help="An administrator also keeps groups and people.")
        group = st.selectbox(
            "Decides on the marks of", (None, *names), format_func=lambda key: names.get(key, _ALL_GROUPS)
        )
        typed = st.text_input(
            "Passphrase", type="password", max_chars=1000, autocomplete="new-password",
            placeholder="leave empty, and one is made up",
        )  # fmt: skip
        st.caption("Or, where people sign in through OpenID Connect, the two lines that they see when they try:")
        issuer = st.text_input("Issuer", max_chars=300, placeholder="https://login.example.org")
        subject = st.text_input("Subject", max_chars=300)
        sent = st.form_submit_button("Add", type="primary", icon=":material/person_add:")
    if not sent:
        return
    made_up = credentials.new_code() if not typed and not subject.strip() else ""

    def add() -> None:
        desk.store.accounts.add(
            desk.by, name=name, role=role, group_id=group, passphrase=typed or made_up or None,
            issuer=issuer.strip() or None, subject=subject.strip() or None,
        )  # fmt: skip
        moderating.sent("person")
        if made_up:
            moderating.keep_once(FreshPassphrase(" ".join(name.split()), made_up))

    tried(add, f"{name.strip()} may moderate now.")


def _passphrase(desk: Desk, one: Person) -> None:
    if st.button("Make a new passphrase", key=f"desk-new-passphrase-{one.id}", icon=":material/key:"):
        made_up = credentials.new_code()

        def make() -> None:
            desk.store.accounts.set_passphrase(desk.by, one.id, made_up)
            moderating.keep_once(FreshPassphrase(one.name, made_up))

        tried(
            make,
            f"{one.name} has a new passphrase. The old one no longer works; anyone signed in with it is signed out.",
        )


def _disabling(desk: Desk, one: Person) -> None:
    with st.form(f"desk-disable-{one.id}", border=False):
        sure = st.checkbox("Take all rights away from this person, at once")
        sent = st.form_submit_button("Take the rights away", icon=":material/person_off:")
    if sent and not sure:
        st.error("Nothing was changed: tick the box first.", icon=":material/error:")
    elif sent:
        tried(lambda: desk.store.accounts.disable(desk.by, one.id), f"{one.name} has no access here any more.")


def own_passphrase(desk: Desk) -> None:
    """Change one's own passphrase; the old one is asked for."""
    st.caption(f"At least {credentials.SHORTEST_PASSPHRASE} characters; a few words are easiest to remember.")
    with st.container(width=420), st.form(f"desk-own-{moderating.number_of('own')}"):
        old = st.text_input("Your current passphrase", type="password", autocomplete="current-password")
        new = st.text_input("The new one", type="password", max_chars=1000, autocomplete="new-password")
        again = st.text_input("The new one, once more", type="password", max_chars=1000, autocomplete="new-password")
        sent = st.form_submit_button("Change it", icon=":material/key:")
    if not sent:
        return
    if new != again:
        st.error("The two new ones differ.", icon=":material/error:")
        return
    try:
        desk.store.accounts.sign_in(desk.by.name, old, client=signin.client())
        fresh = desk.store.accounts.set_passphrase(desk.by, desk.by.id, new)
    except (DeniedError, RequestError) as fault:
        st.error(fault_said(fault), icon=":material/error:")
    else:
        who.stay(desk.store, fresh)  # every other sign-in by the old one has ended
        moderating.sent("own")
        moderating.say("Your passphrase was changed.")
        st.rerun()


def trail(desk: Desk) -> None:
    """The newest lines of the trail, of all marks or of one."""
    wanted = st.text_input("Only this mark", max_chars=40, placeholder="mark-…", key="desk-trail-of").strip()
    if wanted and not re.fullmatch(r"mark-[a-z2-7]{12}", wanted, re.ASCII):
        st.error("That is not a mark's id, which is mark- and twelve letters.", icon=":material/error:")
        return
    rows = desk.store.trail.rows(desk.by, mark_id=wanted or None, limit=_LINES)
    count = f"The newest {len(rows):,} lines." if len(rows) == _LINES else f"{len(rows):,} lines, all that there are."
    st.caption(f"{count} Nobody can change or delete one. Times are UTC.")
    trail_table(rows)
    st.download_button(
        "Download these lines (CSV)",
        data=tables.csv_text(rows),
        file_name=f"pramshed-trail{f'-{wanted}' if wanted else ''}.csv",
        mime="text/csv",
        on_click="ignore",
        icon=":material/download:",
    )
