"""What the words on a page mean, from the glossary, for whoever wants to know."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from layers.answers.glossary import MEANINGS, SECTIONS
from layers.html import escape

if TYPE_CHECKING:
    from collections.abc import Iterable

EXPLORE = ("typical walk", "longest acceptable walk", "linked site", "need", "rank", "under-fives", "not known")
LOST = ("closure", "downgrade", "linked site", "nearest centre that is left", "share of the joint loss", "uncertain")
WHAT_IF = (
    "scenario", "candidate", "proved", "price of fairness", "slope", "typical walk", "depends on one centre",
    "under-fives",
)  # fmt: skip
IN_SHORT = ("typical walk", "slope", "need", "rank", "under-fives", "families from abroad", "not known")
IN_THE_WAY = ("cut off", "missing link", "longer with a pram", "longest acceptable walk", "under-fives", "scenario")
REPORTS = ("as of", "typical walk", "need", "rank", "under-fives", "families from abroad", "hidden", "not known")
"""The words that each page cannot do without."""


def explained(*words: str) -> None:
    """An expander with these words of the glossary; where all of them are is said at its end."""
    with st.expander("What the words mean"):
        st.html(_list(words))
        st.page_link("layers/pages/about.py", label="All words, on *Data and method*")


def whole() -> None:
    """The whole glossary, a heading above each subject."""
    for subject, terms in SECTIONS.items():
        st.html(f"<h3>{escape(subject)}</h3>{_list(terms)}")


def _list(words: Iterable[str]) -> str:
    terms = "".join(
        f"<dt class='pramshed-word'>{escape(word.capitalize())}</dt><dd>{escape(MEANINGS[word])}</dd>" for word in words
    )
    return f"<dl>{terms}</dl>"
