"""Who has signed in with a passphrase, and for how long; Streamlit itself knows people of OpenID Connect."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from data.store.people import Person

AWAY = timedelta(minutes=60)
"""A sign-in ends when the page was not used for so long."""

_PERSON, _USED, _WHY = "_person", "_person_used", "_signed_out_because"


def moment() -> datetime:
    """What time it is."""
    return datetime.now(UTC)


def remember(person: Person) -> None:
    """Keep who has signed in, for this browser's session alone; what others left open here is forgotten."""
    forget()
    st.session_state[_PERSON], st.session_state[_USED] = person, moment()


def remembered() -> Person | None:
    """Who has signed in, if they have used the page of late; asking is using."""
    person = st.session_state.get(_PERSON)
    if person is None:
        return None
    if moment() - st.session_state[_USED] > AWAY:
        forget(f"You were signed out, because nothing was done here for {AWAY.seconds // 60} minutes.")
        return None
    st.session_state[_USED] = moment()
    known: Person = person
    return known


def forget(why: str = "") -> None:
    """Sign out: nothing that was seen, typed or made known on the moderators' page is kept.

    Parameters
    ----------
    why
        For the page to say, if it was not asked for.
    """
    for key in [key for key in st.session_state if str(key).startswith(DESK)]:
        del st.session_state[key]
    st.session_state.pop(_PERSON, None)
    st.session_state.pop(_USED, None)
    st.session_state[_WHY] = why


def why_signed_out() -> str:
    """Why somebody was signed out without having asked for it, said once."""
    return str(st.session_state.pop(_WHY, ""))


DESK = "desk-"
"""What every key of the moderators' page begins with."""
