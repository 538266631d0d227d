"""Groups and their links: made, handed out once, withdrawn."""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from data.store.groups import LONGEST_NAME, MOST_DAYS, MOST_PER_HOUR
from geo.days import day_text
from geo.errors import DeniedError, RequestError, StoreError, UnknownNameError
from layers.html import html_lines, html_table, plain
from layers.marking import link_card
from layers.marking.links import address_of, code_of
from layers.moderation.queue import fault_said
from layers.session import moderating
from layers.session.parameters import LINK

if TYPE_CHECKING:
    from collections.abc import Callable

    from data.store.groups import Group, Link, NewLink
    from layers.moderation.queue import Desk


@dataclass(frozen=True)
class FreshLink:
    """A link that was just made, for as long as it is shown."""

    link: NewLink
    group: Group


def groups(desk: Desk) -> None:
    """The groups of the place, each with its links."""
    if isinstance(fresh := moderating.kept_once(), FreshLink):
        _hand_out(desk, fresh)
    known = desk.store.groups.all(desk.by)
    here = [group for group in known if group.place == desk.key]
    if not here:
        st.info("There is no group in this place yet.", icon=":material/groups:")
    for group in here:
        state = "" if group.closed is None else f" (closed on {day_text(group.closed)})"
        with st.expander(f"{plain(group.name)}{state}", expanded=len(here) == 1, key=f"desk-group-{group.id}"):
            if group.closed is None:
                _new_link(desk, group)
            _links(desk, group)
            if desk.by.role == "administrator" and group.closed is None:
                _closing(desk, group)
    if len(known) > len(here):
        st.caption(f"{len(known) - len(here)} more in other places: choose the place in the menu at the left.")
    if desk.by.role == "administrator":
        _new_group(desk)


def tried(work: Callable[[], object], done: str) -> None:
    """Do something and say what came of it; what was typed stays if it did not work."""
    try:
        work()
    except (RequestError, DeniedError, UnknownNameError, StoreError) as fault:
        st.error(fault_said(fault), icon=":material/error:")
    else:
        moderating.say(done)
        st.rerun()


def _new_group(desk: Desk) -> None:
    form = f"desk-group-new-{moderating.number_of('group')}"
    st.header("Another group", anchor=False)
    with st.form(form):
        name = st.text_input("Name of the group", max_chars=LONGEST_NAME, placeholder="Friends of the Hall")
        sent = st.form_submit_button("Make the group", icon=":material/group_add:")
    if sent:

        def make() -> None:
            desk.store.groups.create(desk.by, name=name, place=desk.key)
            moderating.sent("group")

        tried(make, f"{name.strip()} is a group of {desk.place.card.name} now. Make a link for it next.")


def _new_link(desk: Desk, group: Group) -> None:
    with st.form(f"desk-link-{group.id}-{moderating.number_of(f'link-{group.id}')}", border=False):
        label, days, rate = st.columns([4, 2, 2], vertical_alignment="bottom")
        with label:
            said = st.text_input(
                "For whom the link is", max_chars=LONGEST_NAME, placeholder="Tuesday playgroup",
                help="So that you can tell it from others. It stands on the card.",
            )  # fmt: skip
        with days:
            lasts = st.number_input("Days that it works", 1, MOST_DAYS, 90)
        with rate:
            most = st.number_input("Marks an hour", 1, MOST_PER_HOUR, 30)
        sent = st.form_submit_button("Make a link", type="primary", icon=":material/add_link:")
    if sent:

        def make() -> None:
            made = desk.store.groups.make_link(desk.by, group.id, label=said, days=int(lasts), per_hour=int(most))
            moderating.keep_once(FreshLink(made, group))
            moderating.sent(f"link-{group.id}")

        tried(make, f"A link for {group.name} was made. It is shown now and cannot be looked up again.")


def _hand_out(desk: Desk, fresh: FreshLink) -> None:
    """A new link with its code and its card; gone once it has been put away."""
    link, url = fresh.link, address_of("mark", **{LINK: fresh.link.token})
    svg = b64encode(code_of(url).encode()).decode()
    with st.container(border=True, key="desk-fresh-link"):
        st.header(plain(f"The new link of {fresh.group.name}"), anchor=False)
        code, words = st.columns([2, 5])
        with code:
            st.html(
                f"<img alt='QR code of the link' width='200' height='200' src='data:image/svg+xml;base64,{svg}'>",
                width="content",
            )
        with words:
            st.markdown("**Print the card or copy the link now:** nobody can look it up again, not even you.")
            st.code(url, language=None, wrap_lines=True)
            st.html(
                html_table(
                    [
                        ("", "Code for paper sheets", link.code),
                        ("", "Valid until", day_text(link.link.expires)),
                        ("", "Marks an hour", f"{link.link.per_hour:,}"),
                    ],
                    caption="The link",
                )
            )
            with st.container(horizontal=True):
                st.download_button(
                    "Download the card to print",
                    data=link_card.card(link, group=fresh.group.name, place=desk.place.card.name, url=url),
                    file_name=f"pramshed-card-{_file_name(fresh.group.name)}.html",
                    mime="text/html",
                    on_click="ignore",
                    type="primary",
                    icon=":material/print:",
                )
                st.button("Done, hide it", key="desk-put-away", on_click=moderating.forget_once)


def _links(desk: Desk, group: Group) -> None:
    known = desk.store.groups.links(desk.by, group.id)
    if not known:
        st.caption("It has no link yet.")
    for link in known:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.html(html_lines([f"{link.label or 'Without a name'}: {_state(link)}"]), width="stretch")
            if link.works and st.button(
                "Withdraw", key=f"desk-revoke-{link.id}", icon=":material/link_off:",
                help="It stops working at once, also for anyone who has it open.",
            ):  # fmt: skip
                tried(lambda link=link: desk.store.groups.revoke(desk.by, link.id), "The link was withdrawn.")


def _state(link: Link) -> str:
    made = f"made on {day_text(link.created)}"
    if link.revoked is not None:
        return f"withdrawn on {day_text(link.revoked)}, {made}"
    if not link.works:
        return f"ran out on {day_text(link.expires)}, {made}"
    return f"works until {day_text(link.expires)}, up to {link.per_hour:,} marks an hour, {made}"


def _closing(desk: Desk, group: Group) -> None:
    with st.form(f"desk-close-{group.id}", border=False):
        sure = st.checkbox("This group has ended: its links stop working, its marks stay")
        sent = st.form_submit_button("Close the group", icon=":material/group_off:")
    if sent and not sure:
        st.error("Nothing was closed: tick the box first.", icon=":material/error:")
    elif sent:
        tried(lambda: desk.store.groups.close(desk.by, group.id), f"{group.name} was closed.")


def _file_name(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40] or "group"
