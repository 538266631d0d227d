"""What the other tests of this folder rest on: a page at rest has answered, and nobody else can be asked."""

from __future__ import annotations

import pytest

from tests.browser.waiting import clicked, drawn, uploaded

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser: stage")]  # one server for all of the group

SCRIPT = """
import time

import streamlit as st

from layers.session.uploader import file_uploader

st.title("Slow")
state = st.session_state
if st.button("Once"):
    time.sleep(0.7)
    state.times = state.get("times", 0) + 1
if st.button("Twice"):
    time.sleep(0.7)
    state.again = True
    st.rerun()
if state.pop("again", False):
    time.sleep(0.7)
    state.times = state.get("times", 0) + 1
file = file_uploader("A file")
st.text(f"times={state.get('times', 0)} bytes={len(file.getvalue()) if file else 0}.")
"""


def said(seen) -> str:
    return seen.page.locator("[data-testid=stText]").inner_text()


def test_a_page_at_rest_has_answered(stage, visit):
    seen = visit(stage("slow", SCRIPT))
    drawn(seen)
    assert said(seen) == "times=0 bytes=0."
    for button, answer in (("Once", 1), ("Twice", 2), ("Once", 3)):
        clicked(seen, seen.page.get_by_role("button", name=button))
        assert said(seen) == f"times={answer} bytes=0."
    uploaded(seen, seen.page.locator("input[type=file]"), "a.txt", "text/plain", bytes(3000))
    assert said(seen) == "times=3 bytes=3000."


def test_nobody_else_can_be_asked(stage, visit):
    seen = visit(stage("slow", SCRIPT))
    for address in ("http://evil.example/1", "http://192.0.2.1/2", "https://localhost.example/3"):
        assert (
            seen.page.evaluate("(at) => fetch(at, {mode: 'no-cors'}).then(() => 'came', () => 'refused')", address)
            == "refused"
        )
    assert seen.foreign == ["http://evil.example/1", "http://192.0.2.1/2", "https://localhost.example/3"]
