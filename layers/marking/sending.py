"""From the filled-in form to a mark in the moderators' queue, or the reason why it cannot go there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely
import streamlit as st

from data.store import photos
from data.store.marks import MarkDraft
from data.store.people import LinkError
from data.store.screening import findings
from geo.errors import PramshedError, RequestError, TooOftenError
from layers import cache, session
from layers.html import plain
from layers.marking import wording

if TYPE_CHECKING:
    from collections.abc import Mapping

    from data.store.people import Contributor
    from layers.i18n import Words
    from layers.session.marking import Marking

PHOTO_TYPES = ["jpg", "jpeg", "png", "webp"]
PHOTO_MB = 8
FOUND_WORDS = {
    "phone": "phone", "email": "email", "web_contact": "email", "child_name": "child", "home_address": "address",
}  # fmt: skip
"""Text of `wording.FOUND_IN_TEXT`, by kind of `data.store.screening.KINDS`."""
LINK_WORDS = {
    "unknown": wording.LINK_UNKNOWN,
    "expired": wording.LINK_EXPIRED,
    "revoked": wording.LINK_REVOKED,
    "other group": wording.LINK_UNKNOWN,
}


def geometry_of(shape: str, corners: tuple[tuple[float, float], ...]) -> shapely.Geometry:
    """What was tapped, as a geometry on British National Grid.

    Raises
    ------
    RequestError
        Nothing was, or too little for a line or an area.
    """
    least = {"point": 1, "line": 2, "area": 3}[shape]
    if len(corners) < least:
        message = f"geometry: found {len(corners)} corners; expected {least} or more"
        raise RequestError(message)
    if shape == "line":
        return shapely.LineString(corners)
    return shapely.Polygon(corners) if shape == "area" else shapely.Point(corners[0])


def draft_of(place: str, now: Marking, answers: Mapping[str, object]) -> MarkDraft:
    """The mark that somebody has filled in; fields of another kind of mark are left out.

    Raises
    ------
    RequestError
        Something makes no sense.
    """
    from layers.marking.fields import TEXTS, fields_of  # noqa: PLC0415 (the steps show, this sends)

    wanted = (*fields_of(now.kind), *TEXTS)
    said = {name: answers[name] for name in wanted if name in answers}
    return MarkDraft(place=place, kind=now.kind or "", geometry=geometry_of(now.shape, now.corners), **said)  # type: ignore[arg-type]


def doubts(words: Words, answers: Mapping[str, object]) -> list[str]:
    """What the public texts seem to hold that should not be there, in words."""
    found = findings({name: str(answers.get(name, "")) for name in ("name", "note")})
    return [
        f"{words.of(wording.FOUND_IN_TEXT[FOUND_WORDS[one.kind]])} {words.of(wording.FOUND_WORDS, text=one.excerpt)}"
        for one in found
    ]


def unfilled(words: Words, answers: Mapping[str, object]) -> str | None:
    """What is still to be filled in or put right, in words."""
    opens, closes = str(answers.get("opens", "")), str(answers.get("closes", ""))
    if bool(opens) != bool(closes):
        return words.of(wording.BOTH_TIMES)
    if opens and opens >= closes:
        return words.of(wording.CLOSES_AFTER)
    if not f"{answers.get('name', '')}{answers.get('note', '')}".strip():
        return words.of(wording.NAME_FIRST)
    return None


def send(words: Words, who: Contributor, draft: MarkDraft, submission: str, photo: bytes | None) -> str | None:
    """Send a mark; returns what is wrong, in words, or remembers the receipt."""
    try:
        receipt = cache.marks.store().marks.add(who, draft, submission=submission, photo=photo)
    except PramshedError as fault:
        return fault_said(words, fault, photo=photo is not None)
    session.sent(receipt.token)
    return None


def fault_said(words: Words, fault: PramshedError, *, photo: bool = False) -> str:
    """What is wrong, in the language of the page; what there are no words for is said to have gone wrong."""
    said = wording.TRY_AGAIN
    match fault:
        case LinkError():
            said = LINK_WORDS[fault.why]
        case TooOftenError():
            said = wording.TOO_OFTEN
        case RequestError() if photo:
            large = str(fault) in (photos.TOO_LARGE, photos.TOO_MANY_PIXELS)
            said = wording.PHOTO_TOO_LARGE if large else wording.PHOTO_NOT_READ
        case RequestError() if "larger" in str(fault):
            said = wording.TOO_LARGE
        case RequestError() if "geometry" in str(fault):
            said = wording.CROSSING_LINES
    return words.of(said)


def refuse(said: str) -> None:
    """Say what is wrong."""
    st.error(plain(said), icon=":material/error:")
