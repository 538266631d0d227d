"""Who may fetch, build and remove places: asked before every action, on the server."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

import streamlit as st

from geo.errors import StoreError
from layers.session import signin

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from data.store.store import Store

_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "x-client-ip", "via")


class Came(NamedTuple):
    """How a browser came here: its address (None for this machine's own), and the headers of its first request."""

    address: str | None
    headers: Mapping[str, str]


def came() -> Came:
    """How whoever is here came."""
    address = st.context.ip_address
    return Came(address if isinstance(address, str) else None, st.context.headers)


def from_this_machine(how: Came) -> bool:
    """Whether a browser runs on the machine of the dashboard.

    It came from the machine's own address, was sent on by nobody, asked for the machine by its own name, and shows a
    page of that name: a proxy on the machine that says nothing of whom it serves does not change what the browser
    says of its page, and a page of somebody else's that leads here names its own address.
    """
    headers = {name.lower(): value for name, value in how.headers.items()}
    own = how.address is None or _is_own(how.address)
    asked, shown = f"//{headers.get('host', '')}", headers.get("origin", "")
    return own and not any(name in headers for name in _FORWARDED) and _leads_here(asked) and _leads_here(shown)


def _leads_here(address: str) -> bool:
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return False
    return host == "localhost" or _is_own(host)


def _is_own(address: str) -> bool:
    """Whether a number is the machine's own, ``127.0.0.1`` or ``::1``, also one in the form of the other."""
    try:
        number = ip_address(address)
    except ValueError:
        return False
    return (getattr(number, "ipv4_mapped", None) or number).is_loopback


def why_not(rule: str, store: Callable[[], Store]) -> str | None:
    """Why whoever is here may not fetch, build and remove places, in a sentence; None if they may.

    Parameters
    ----------
    rule
        ``nobody``, ``administrators`` or ``this machine``, as `settings.Settings.fetching` has it.
    store
        Opens the store that knows the administrators.
    """
    if rule == "this machine":
        if from_this_machine(came()):
            return None
        return "Places are fetched and removed by whoever sits at the machine that this dashboard runs on."
    if rule == "administrators":
        try:
            here = signin.person(store())
        except StoreError:
            return "Who is an administrator cannot be looked up just now. Try again later."
        if here is not None and here.role == "administrator":
            return None
        return "Places are fetched and removed by administrators: sign in on the page Moderation."
    return "Places are fetched and removed by whoever runs this dashboard, on the command line."
