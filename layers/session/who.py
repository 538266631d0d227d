"""Who has signed in with a passphrase, by the cookie of their browser; of OpenID Connect Streamlit knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from layers.server.signing_in import cookie_name

if TYPE_CHECKING:
    from data.store.people import Person
    from data.store.store import Store

DESK = "desk-"
"""What every key of the moderators' page begins with."""
ENDED = (
    "You are no longer signed in. A sign-in ends after an hour in which nothing was done, when you sign out in another "
    "window, and when your passphrase or your rights are changed."
)
_PERSON, _WHY = "_person", "_signed_out_because"


def cookie() -> str:
    """The cookie of somebody who has signed in; empty without one.

    Where people come by HTTPS, only one that no other server of the same domain can have set.
    """
    secure = str(st.context.url or "").startswith("https:")
    said = st.context.cookies.get(cookie_name(secure=secure), "")
    return said if isinstance(said, str) else ""


def remembered(store: Store) -> Person | None:
    """Who has signed in; what somebody else left open is forgotten."""
    token = cookie()
    found = store.sign_ins.whose(token) if token else None
    known = st.session_state.get(_PERSON)
    if known is not None and (found is None or found.id != known):
        forget(ENDED)
    if found is not None:
        st.session_state[_PERSON] = found.id
    return found


def sign_out(store: Store) -> None:
    """End the sign-in, in every window of this browser."""
    store.sign_ins.end(cookie())
    forget()


def stay(store: Store, person: Person) -> None:
    """Go on after having given oneself a new passphrase, which ends every other sign-in."""
    store.sign_ins.go_on(cookie(), person)


def forget(why: str = "") -> None:
    """Keep nothing that was seen, typed or made known on the moderators' page.

    Parameters
    ----------
    why
        For the page to say, if nobody asked for it.
    """
    for key in [key for key in st.session_state if str(key).startswith(DESK)]:
        del st.session_state[key]
    st.session_state.pop(_PERSON, None)
    st.session_state[_WHY] = why


def why_signed_out() -> str:
    """Why somebody was signed out without having asked for it, said once."""
    return str(st.session_state.pop(_WHY, ""))
