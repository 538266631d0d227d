"""A card to print with a group's link and QR code."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from geo.days import day_text
from layers.html import fill
from layers.marking.links import code_of

if TYPE_CHECKING:
    from data.store.groups import NewLink

_TEMPLATE = Path(__file__).with_name("link_card.html.jinja")

HOW_TO = (
    "Scan the square with the camera of your phone, or type the address into its browser.",
    "Say what it is, where it is, when and for whom. It takes about two minutes, and needs no account.",
    "A moderator looks at it before others see it. Write no telephone numbers, e-mail addresses or names of children.",
)


def card(link: NewLink, *, group: str, place: str, url: str) -> str:
    """A page to print and hand out, which needs nothing else.

    Parameters
    ----------
    link
        As it was made.
    group, place
        What they are called; plain text.
    url
        The address of the link, as `layers.marking.links.address_of` gives it.
    """
    return fill(
        _TEMPLATE,
        group=group,
        place=place,
        label=link.link.label,
        steps=HOW_TO,
        url=url,
        qr_code=Markup(code_of(url)),  # noqa: S704 (SVG of our own making)
        code=link.code,
        expires=day_text(link.link.expires),
    )
