"""Marks for texts to be translated; they change nothing, ``make words`` looks for them."""

from __future__ import annotations


def N_(text: str) -> str:  # noqa: N802 - what gettext calls it
    """Return the text as it is."""
    return text


def NN_(one: str, many: str) -> tuple[str, str]:  # noqa: N802
    """Return a text for one and a text for many, as they are."""
    return one, many
