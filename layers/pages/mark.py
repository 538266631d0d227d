"""Add a place: put a mark on the map in four steps, from a telephone; and see what became of it."""

from __future__ import annotations

import streamlit as st

from geo.errors import PramshedError
from layers import cache, html, i18n, session
from layers.answers.place_search import to_grid
from layers.html import plain
from layers.maps.scene import ATTRIBUTION
from layers.marking import entry, fields, receipts, sending, steps, wording
from layers.marking.localised_html import say
from layers.views import frame

words = i18n.words(session.language_picker())
entry.style(words)
st.title(plain(words.of(wording.TITLE)), anchor=False)
if words.awaits_review:
    say(words, words.of(wording.AWAITS_REVIEW), small=True)
now = session.marking()

if session.receipt_link():
    receipts.what_became(words, session.receipt_link())
    st.button(words.of(wording.ADD_ANOTHER), on_click=session.forget_receipt, width="stretch")
    session.keep()  # a page that stops here would lose what was chosen on it
    st.stop()
try:
    who = entry.contributor()
except PramshedError as fault:
    sending.refuse(sending.fault_said(words, fault))
    who = None
if who is None:
    entry.ask_code(words)
    session.keep()  # a page that stops here would lose what was chosen on it
    st.stop()
place = cache.places.places().get(who.place)
if place is None:
    sending.refuse(words.of(wording.PLACE_NOT_HERE))
    session.keep()  # a page that stops here would lose what was chosen on it
    st.stop()

marks = cache.marks.marks(place.card.key, cache.marks.revision(place.card.key) or 0)

if now.receipt:
    receipts.thanks(words, now.receipt)
elif now.same_as:
    receipts.still_there(words, who, now.same_as)
elif session.on_paper():
    entry.typed_in(words, who, place)
else:
    # Each step is a part of its own, so that the keyboard goes on at its beginning, not where the last one ended.
    with [st.container() for _ in range(len(steps.STEP_NAMES))][now.step]:
        steps.heading(words, now.step, now.kind)
        if now.step == 0:
            entry.welcome(words, who, place)
            steps.what(words)
            receipts.reminders(words, who, marks, after_days=cache.deployment.settings().confirm_after_days)
            entry.paper(words, who, place)
        elif now.step == 1:
            with st.container():
                steps.shape(words, now)
                steps.typed_where(words, place)
            steps.how_to_tap(words, now)
            scene = steps.where_scene(cache.places.blank_map(place), words, now, marks)
            click = frame.show_map(scene, f"mark-{place.card.key}", height=380)
            steps.how_by_keys(words)
            if session.take_mark_click(click, to_grid):
                st.rerun()
            say(words, words.of(wording.LOCATION_NOT_KEPT), small=True)
            with st.container():
                fits = steps.chosen(words, place, now)
                if fits and not now.another:
                    known = cache.marks.store().marks.nearby(place.card.key, now.kind or "", *now.corners[0])
                    fits = known.empty
                    if not fits:
                        steps.nearby(words, known)
            entry.buttons(words, back=0, forward=2, ready=fits)
        elif now.step == 2:
            with st.form("answers", border=False):
                steps.answers(words, now.kind, dict(now.answers))
                entry.form_buttons(words, fields.fields_of(now.kind), back=1, forward=3)
        else:
            entry.last_step(words, who, place, now)
with st.expander(words.of(wording.PRIVACY), icon=":material/lock:"):
    for line in (wording.NO_NAME_NEEDED, wording.LOCATION_NOT_KEPT, wording.MODERATOR_LOOKS):
        say(words, words.of(line))
    say(words, words.of(wording.FIELD_HINTS["at_home"]))
st.html(f"<footer class='pramshed-reason' lang='en' dir='ltr'>{html.escape(ATTRIBUTION)}</footer>")
