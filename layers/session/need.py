"""The controls of need: how much each part counts, and of whose neighbourhoods high, middle and low are thirds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from geo.need import FURTHER, PART_NAMES, NeedWeights, parts_there
from layers.session.parameters import LONGEST_WEIGHT, THIRDS, THIRDS_WORDS, WEIGHTS

if TYPE_CHECKING:
    from collections.abc import Collection


def need_controls(figures: Collection[str], usual: str | None, overlap: str) -> tuple[NeedWeights, str]:
    """Choose the weights of need, and of whose neighbourhoods high, middle and low are thirds.

    Parameters
    ----------
    figures
        Columns of the place's areas that are known.
    usual
        Of whose, if the reader has not said, of `THIRDS_WORDS`; None where the page has no classes of need.
    overlap
        What overlaps in the score, in a sentence; may be empty.
    """
    with st.expander("What counts as need"):
        weights = _weights(figures)
        if overlap:
            st.caption(overlap)
        return weights, "authority" if usual is None else _thirds(usual)


def _weights(figures: Collection[str]) -> NeedWeights:
    st.caption("How much each part counts. Only the proportions matter: all at 1 is the same as all at 2.")
    values = {}
    for name in parts_there(figures):
        if name in FURTHER and not FURTHER.keys() & values.keys():
            st.caption("These count only if you move them, not in England's thirds. Most are proxies (Census 2021).")
        values[name] = st.slider(_capital(PART_NAMES[name]), 0, LONGEST_WEIGHT, key=WEIGHTS[name])
    if not any(values.values()):
        st.caption("All are 0, so all count the same.")
        return NeedWeights()
    return NeedWeights(**{name: float(value) for name, value in values.items()})


def _capital(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}"


def _thirds(usual: str) -> str:
    # a key for each usual choice: what is usual differs from page to page, and is nothing that the reader chose
    key = f"thirds-{usual}"
    st.session_state[key] = st.session_state[THIRDS] or usual

    def choose() -> None:
        chosen = st.session_state[key]
        st.session_state[THIRDS] = None if chosen == usual else chosen

    said = (
        "By England's thirds high need means the same in every place. The rank does not change. Only the first four "
        "parts count there: we have no others for all of England."
    )
    return str(
        st.radio(
            "High, middle and low are thirds of", list(THIRDS_WORDS), format_func=THIRDS_WORDS.__getitem__, key=key,
            on_change=choose, horizontal=True, help=said,
        )
    )  # fmt: skip
