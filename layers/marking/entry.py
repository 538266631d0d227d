"""How a contributor comes in and moves on: the group's code, the buttons, sending, typing in a paper sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from data.store.credentials import as_code
from geo.errors import PramshedError
from geo.sites import MARK_KINDS, ON_THE_WAY
from layers import cache, session
from layers.answers import mark_words
from layers.html import plain, style_sheet
from layers.maps.scene import ATTRIBUTION
from layers.marking import paper_sheet, sending, steps, wording
from layers.marking.fields import TEXTS, fields_of
from layers.marking.links import address_of, code_of
from layers.marking.localised_html import say
from layers.session import signin
from layers.session.uploader import file_uploader

if TYPE_CHECKING:
    from data.place import Place
    from data.store.people import Contributor
    from layers.i18n import Words
    from layers.session.marking import Marking


def style(words: Words) -> None:
    """A page as wide as a telephone, in the direction of its language; no data in it."""
    sheets = ["pramshed-marking.css", *(["pramshed-right-to-left.css"] if words.direction == "rtl" else [])]
    st.html("".join(map(style_sheet, sheets)))


def contributor() -> Contributor | None:
    """Who came by a group's link or code; None if nobody has given one.

    Raises
    ------
    PramshedError
        The link does not open, or the store cannot be reached.
    """
    secret = session.group_link()
    if not secret:
        return None
    groups = cache.marks.store().groups
    known = session.came_by(secret)
    if known is not None:  # others' guesses from the same address must not shut out who is in the middle of a form
        return groups.still_open(known)
    return session.came_by(secret, groups.open_link(secret, client=signin.client()))


def ask_code(words: Words) -> None:
    """No link: ask for the group's code."""
    say(words, words.of(wording.CODE_NEEDED))
    with st.form("code", border=False):
        st.text_input(
            words.of(wording.CODE), key=session.widget("code"), help=words.of(wording.CODE_HINT), max_chars=64
        )
        st.form_submit_button(words.of(wording.NEXT), on_click=session.offer_link, type="primary", width="stretch")


def welcome(words: Words, who: Contributor, place: Place) -> None:
    """Whom it is for; and the way by paper."""
    say(words, words.of(wording.ADDING_FOR, group=who.group, place=place.card.name))
    say(words, f"{words.of(wording.WELCOME)} {words.of(wording.WELCOME_TIME)}", small=True)


def paper(words: Words, who: Contributor, place: Place) -> None:
    """The paper sheet to print, and the way to type one in."""
    left, right = st.columns(2)
    secret = session.group_link() or ""
    address = address_of("mark", link=secret, paper="yes")
    with left:
        st.download_button(
            words.of(wording.SHEET_DOWNLOAD), icon=":material/print:", on_click="ignore", width="stretch",
            data=lambda: paper_sheet.sheet(
                words, group=who.group, place=place.card.name, code=as_code(secret) or "",
                qr_svg=code_of(address), attribution=ATTRIBUTION,
            ), file_name=f"pramshed-sheet-{words.language.code}.html", mime="text/html",
        )  # fmt: skip
    with right:
        st.button(
            words.of(wording.TYPING_TITLE), icon=":material/keyboard:", on_click=session.choose_paper,
            kwargs={"paper": True}, width="stretch",
        )  # fmt: skip


def buttons(words: Words, *, back: int, forward: int, ready: bool) -> None:
    """Back, and on if this step will do."""
    first, second = st.columns(2)  # the way on comes first, as in a form, where Enter presses the first button
    with second:
        st.button(words.of(wording.BACK), on_click=session.go, args=(back,), width="stretch")
    with first:
        st.button(
            words.of(wording.NEXT), on_click=session.go, args=(forward,), disabled=not ready, type="primary",
            width="stretch",
        )  # fmt: skip


def form_buttons(words: Words, fields: tuple[str, ...], *, back: int, forward: int) -> None:
    """The same below a form: what was filled in is kept, whichever is pressed."""
    first, second = st.columns(2)
    with first:
        st.form_submit_button(
            words.of(wording.NEXT), on_click=session.keep_answers, args=(fields, forward), type="primary",
            width="stretch",
        )  # fmt: skip
    with second:
        st.form_submit_button(
            words.of(wording.BACK), on_click=session.keep_answers, args=(fields, back), width="stretch"
        )


def last_step(words: Words, who: Contributor, place: Place, now: Marking) -> None:
    """Name and note, a photo, and sending it."""
    given = dict(now.answers)
    steps.texts(words, given)
    photo = _photo(words)
    with st.expander(words.of(wording.SHEET_PRIVATE), icon=":material/lock:"):
        steps.private(words, given)
    say(words, words.of(wording.BY_SENDING), small=True)
    answers = session.filled_in(TEXTS)
    sure = _sure(words, answers)
    first, second = st.columns(2)
    with second:
        st.button(words.of(wording.BACK), on_click=session.keep_answers, args=(TEXTS, 2), width="stretch")
    with first:
        pressed = st.button(words.of(wording.SEND), type="primary", icon=":material/send:", width="stretch")
    if pressed and sure:
        _send(words, who, place, now, answers, photo)


def _photo(words: Words) -> bytes | None:
    chosen = file_uploader(
        words.of(wording.FIELD_LABELS["photo"]), type=sending.PHOTO_TYPES, max_upload_size=sending.PHOTO_MB,
        help=words.of(wording.FIELD_HINTS["photo"]), key=session.widget("photo"),
    )  # fmt: skip
    return chosen.getvalue() if chosen else None


def _sure(words: Words, answers: dict[str, object]) -> bool:
    """Whether nothing in the public texts gives somebody away, or it was looked at again."""
    doubts = sending.doubts(words, answers)
    if not doubts:
        return True
    for doubt in doubts:
        st.warning(plain(doubt), icon=":material/warning:")
    return st.checkbox(words.of(wording.SEND_AS_IT_IS), key=session.widget("sure"))


def _send(
    words: Words, who: Contributor, place: Place, now: Marking, answers: dict[str, object], photo: bytes | None
) -> bool:
    said = sending.unfilled(words, answers)
    if said is None:
        try:
            draft = sending.draft_of(place.card.key, now, answers)
        except PramshedError as fault:
            said = sending.fault_said(words, fault)
        else:
            said = sending.send(words, who, draft, now.submission, photo)
    if said is not None:
        sending.refuse(said)
        return False
    if not session.on_paper():
        st.rerun()
    return True


def typed_in(words: Words, who: Contributor, place: Place) -> None:
    """A paper sheet, typed in: the same fields on one page."""
    now = session.marking()
    say(words, words.of(wording.TYPING_TITLE), kind="h2")
    done = session.typed_in()
    if done:
        st.success(plain(words.many(*wording.TYPED_IN, len(done))), icon=":material/check_circle:")
        say(words, words.of(wording.KEEP_THIS_LINK), small=True)
        st.code(address_of("mark", receipt=done[-1], lang=words.language.code), language=None, wrap_lines=True)
    say(words, words.of(wording.TYPING_HOW), small=True)
    kind = st.selectbox(
        words.of(wording.STEP_WHAT), MARK_KINDS, index=None, key=session.widget("paper-kind"),
        format_func=lambda one: words.of(mark_words.KIND_LABELS[one]), placeholder="",
    )  # fmt: skip
    if kind != now.kind:
        session.change(kind=kind)
        now = session.marking()
    steps.typed_where(words, place, key="paper-where", label=wording.SHEET_WHERE)
    fits = steps.chosen(words, place, now)
    if fits and kind and not now.another:
        known = cache.marks.store().marks.nearby(place.card.key, kind, *now.corners[0])
        if not known.empty:
            steps.nearby(words, known)
            fits = False
    if kind:
        steps.answers(words, kind, {})
        if kind in ON_THE_WAY:
            say(words, words.of(wording.KIND_HINTS[kind]), small=True)
        steps.texts(words, {})
        steps.private(words, {})
        answers = session.filled_in((*fields_of(kind), *TEXTS))
        sure = _sure(words, answers)
        pressed = st.button(
            words.of(wording.SEND), type="primary", icon=":material/send:", width="stretch", disabled=not fits
        )
        if pressed and sure and _send(words, who, place, now, answers, None):
            session.typed_in(receipt=session.marking().receipt)
            st.rerun()
    st.button(words.of(wording.STEP_BY_STEP), on_click=session.choose_paper, kwargs={"paper": False}, width="stretch")
