"""The paper sheet: the fields of the marking page as one page of HTML that prints on A4."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from data.store.marks import DAYS
from geo.sites import MARK_KINDS
from layers.answers import mark_words
from layers.html import fill
from layers.i18n import LANGUAGES
from layers.marking import wording

if TYPE_CHECKING:
    from layers.i18n import Words

_TEMPLATE = Path(__file__).with_name("paper_sheet.html.jinja")


def sheet(words: Words, *, group: str, place: str, code: str, qr_svg: str, attribution: str) -> str:
    """A paper sheet to print.

    Parameters
    ----------
    words
        The language that it is printed in.
    group, place
        Whose it is, and where.
    code
        What is typed later; empty if only the QR code leads there.
    qr_svg
        The same as a QR code: SVG of our own making.
    attribution
        Whose words and data are on it.

    Returns
    -------
    str
        HTML; all texts are escaped, nothing is loaded from anywhere.
    """
    choices = {
        name: [words.of(label) for label in labels.values()] for name, labels in mark_words.CHOICE_LABELS.items()
    }
    return fill(
        _TEMPLATE,
        words=words,
        say=words.of,
        wording=wording,
        fields=wording.FIELD_LABELS,
        kind_labels={kind: mark_words.KIND_LABELS[kind] for kind in MARK_KINDS},
        choices=choices,
        days=[words.day_name(day) for day in DAYS],
        languages=LANGUAGES,
        group=group,
        place=place,
        code=code,
        qr_code=Markup(qr_svg),  # noqa: S704 (SVG of our own making)
        attribution=attribution,
    )
