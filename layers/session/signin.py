"""Signing in: who is here. What they may do, the store decides at every call."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlencode

import streamlit as st

from layers.html import escape, plain
from layers.server.signing_in import ADDRESS
from layers.session import who

if TYPE_CHECKING:
    from data.store.people import Person
    from data.store.store import Store

_PROVIDER_KEYS = ("client_id", "server_metadata_url")


class Identity(NamedTuple):
    """Whom an OpenID Connect provider has let in: the claims ``iss`` and ``sub`` of its token."""

    issuer: str
    subject: str


def person(store: Store) -> Person | None:
    """Who is here, by their provider or by their passphrase; None for a visitor, or somebody the store does not know.

    Nothing is drawn. Somebody whose rights were taken away is nobody from this run on.
    """
    found = who.remembered(store)
    if found is None and (known := identity()) is not None:
        found = store.accounts.by_identity(*known)
    return found


def identity() -> Identity | None:
    """Whom the provider of OpenID Connect says is here; Streamlit has checked its token's signature."""
    said = st.user.to_dict()
    issuer, subject = said.get("iss"), said.get("sub")
    if said.get("is_logged_in") is not True or not isinstance(issuer, str) or not isinstance(subject, str):
        return None
    return Identity(issuer, subject) if issuer and subject else None


def providers() -> list[str | None]:
    """The providers of OpenID Connect that the secrets name, None for one without a name; none without secrets."""
    if not st.secrets.load_if_toml_exists() or "auth" not in st.secrets:
        return []
    said = st.secrets["auth"].to_dict()
    if "redirect_uri" not in said or "cookie_secret" not in said:
        return []
    named: list[str | None] = [
        name for name, part in said.items() if isinstance(part, dict) and all(key in part for key in _PROVIDER_KEYS)
    ]
    return [None, *named] if all(key in said for key in _PROVIDER_KEYS) else named


def gate(store: Store) -> Person | None:
    """Who is here; if nobody with an account is, the way to sign in is drawn and None returned."""
    found = person(store)
    if found is None:
        _ask(store)
    return found


def badge(here: Person, store: Store) -> None:
    """Who is signed in, and the way out."""
    with st.container(horizontal=True, vertical_alignment="center", key="signed-in"):
        st.caption(f"Signed in as **{plain(here.name)}**, {here.role}")
        st.button(
            "Sign out", key="sign-out", type="tertiary", icon=":material/logout:", on_click=sign_out, args=(store,)
        )


def sign_out(store: Store) -> None:
    """Sign out here, and at the provider if that is where somebody came from."""
    by_provider = identity() is not None
    who.sign_out(store)
    if by_provider:
        st.logout()


def signed_in_here(store: Store) -> bool:
    """Whether somebody came with a passphrase, not through a provider."""
    return who.remembered(store) is not None


def client() -> str:
    """What tells one guesser from another; it is hashed before it is noted, and forgotten after minutes."""
    address: object = st.context.ip_address
    return address if isinstance(address, str) else ""


def _ask(store: Store) -> None:
    why = who.why_signed_out()
    if why:
        st.info(plain(why), icon=":material/logout:")
    known = identity()
    if known is not None:
        st.warning("You are signed in, but have no rights here. Give your administrator these two lines:")
        st.code(f"issuer:  {known.issuer}\nsubject: {known.subject}", language=None, wrap_lines=True)
        st.button("Sign out", key="sign-out", icon=":material/logout:", on_click=sign_out, args=(store,))
        return
    st.html("<p>This page is for moderators. Marks wait here until somebody has looked at them.</p>")
    for name in providers():
        st.button(
            f"Sign in with {plain(name)}" if name else "Sign in with your organisation's account",
            key=f"provider-{name or 'default'}",
            type="primary",
            icon=":material/login:",
            on_click=st.login,
            args=(name,) if name else (),
        )
    if providers():
        st.caption("You will come back to the map: open Moderation in the menu then. Or sign in with a passphrase:")
    st.html(f'<a class="pramshed-button" target="_self" href="{escape(_form())}">Sign in</a>')


def _form() -> str:
    """The address of the page on which one signs in, from which one comes back to the place and mark asked for."""
    folder = str(st.get_option("server.baseUrlPath") or "").strip("/")
    said = {key: st.query_params[key] for key in ("place", "mark") if key in st.query_params}
    back = f"moderate?{urlencode(said)}" if said else "moderate"
    return f"{f'/{folder}' if folder else ''}{ADDRESS}?{urlencode({'to': back})}"
