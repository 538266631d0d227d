"""Words of the marking page as HTML that names their language, so that a screen reader speaks it.

Streamlit's own elements cannot say it: what is not a control goes through here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import streamlit as st

from layers.html import html_lines

if TYPE_CHECKING:
    from layers.i18n import Words


def say(words: Words, text: str, *, kind: Literal["p", "h2", "h3"] = "p", small: bool = False) -> None:
    """A line in the language of the page.

    Parameters
    ----------
    words
        The language.
    text
        Plain text.
    kind
        The element of HTML.
    small
        It explains something else.
    """
    st.html(in_language(words, html_lines([text], kind=kind, name="pramshed-reason" if small else "pramshed-said")))


def announce(words: Words, text: str, heading: str = "") -> None:
    """A line that is read out when it appears; with it a heading.

    Parameters
    ----------
    words
        The language.
    text, heading
        Plain text.
    """
    lines = html_lines([text], name="pramshed-reason") + html_lines(filter(None, [heading]), kind="h2")
    st.html(in_language(words, lines, role="status"))


def in_language(words: Words, html: str, *, role: str = "") -> str:
    """HTML with its language and its direction.

    Parameters
    ----------
    words
        The language.
    html
        What has been escaped already.
    role
        What it is to a screen reader, if it is more than text.
    """
    said = f" role='{role}'" if role else ""
    return f"<div lang='{words.language.code}' dir='{words.direction}'{said}>{html}</div>"
