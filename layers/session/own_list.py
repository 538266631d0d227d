"""The reader's own list of sites: in this session and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import streamlit as st

from layers.answers.own_list import OWN
from layers.files.own_lists import ENDINGS, MOST_MB, ReadList, read_own_list
from layers.session.parameters import SHOW, TO
from layers.session.uploader import file_uploader

if TYPE_CHECKING:
    from collections.abc import Callable

    from data.place import Place
    from layers.answers.own_list import OwnList

_LIST, _READ, _LACKING, _WALKED = "_own_list", "_own_read", "_own_lacking", "_own_walked"
_UPLOAD, _COUNT = "own-upload", "_own_uploads"


def own_list() -> OwnList | None:
    """The list that counts in this session; if a link asks for one that is not here, centres are walked to.

    While one walks to it, centres are off the map, for they do not count; who wants them there can show them.
    """
    found = cast("OwnList | None", st.session_state.get(_LIST))
    if found is None and st.session_state[TO] == OWN:
        st.session_state[TO], st.session_state[_LACKING], st.session_state[_WALKED] = "centres", True, True
    own = st.session_state[TO] == OWN
    if own != bool(st.session_state.get(_WALKED)):
        others = [kind for kind in st.session_state[SHOW] or [] if kind != "centres"]
        st.session_state[SHOW] = others if own else ["centres", *others]
    st.session_state[_WALKED] = own
    return found


def own_faults() -> ReadList | None:
    """What the last file came to, if something is wrong with it."""
    return cast("ReadList | None", st.session_state.get(_READ))


def own_upload(place: Place) -> None:
    """The control that takes a file; the file is read as it comes, and not kept."""
    key = f"{_UPLOAD}-{st.session_state.get(_COUNT, 0)}"

    def take() -> None:
        upload = st.session_state.get(key)
        if upload is None:
            return
        read = read_own_list(upload.getvalue(), str(upload.name), place)
        st.session_state[_COUNT] = st.session_state.get(_COUNT, 0) + 1  # an empty control: the file itself goes
        if read.faults:
            st.session_state[_READ] = read
        elif read.good is not None:
            use_own(read.good)

    file_uploader(
        "A file: CSV, GeoJSON or GeoPackage", type=list(ENDINGS), key=key, on_change=take, max_upload_size=MOST_MB
    )


def use_own(chosen: OwnList) -> None:
    """Walk to the sites of this list."""
    st.session_state[_LIST], st.session_state[TO] = chosen, OWN
    st.session_state[_READ] = None


def forget_own(and_then: Callable[[], None]) -> None:
    """Remove the list; then what rests on it."""
    for key in (_LIST, _READ):
        st.session_state[key] = None
    if st.session_state[TO] == OWN:
        st.session_state[TO] = "centres"
    and_then()


def lacks_own() -> bool:
    """Whether a link asked for somebody's own list, which is not here; until something else is chosen."""
    lacking = bool(st.session_state.get(_LACKING)) and st.session_state[TO] == "centres"
    st.session_state[_LACKING] = lacking
    return lacking
