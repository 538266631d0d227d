"""What a test waits for in a page, never for a time: each function says of what."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from layers.i18n import Words
from layers.marking import wording

WATCH = Path(__file__).with_name("watch.js")
MOST = 180_000
"""Milliseconds: how long anything may take on a busy machine; costs nothing where it comes sooner."""


@dataclass
class Visit:
    """A page, with what it asked for: addresses elsewhere (refused) and addresses here."""

    page: object
    foreign: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def map(self):
        """The frame that the map is drawn in, once it is there."""
        self.page.wait_for_function(
            "[...document.querySelectorAll('iframe')].some("
            "f => f.src.includes('streamlit_folium') && f.contentWindow.map && f.contentWindow.pramshed)",
            timeout=MOST,
        )
        return next(frame for frame in self.page.frames if "streamlit_folium" in frame.url)


def at_rest(seen: Visit) -> None:
    """Wait until the app has answered the page's last request, the page shows it, and its maps are drawn."""
    from playwright.sync_api import Error

    until = time.monotonic() + MOST / 1000
    while time.monotonic() < until:
        seen.page.wait_for_load_state(timeout=MOST)
        try:
            if seen.page.evaluate("() => window.pramshedWatch.atRest()"):
                return
        except Error as fault:
            if "navigation" not in str(fault):
                raise
    pytest.fail(f"the page is not at rest: {seen.page.evaluate('() => window.pramshedWatch.said()')}")


def drawn(seen: Visit, what: str = "h1") -> None:
    """Wait until an element (a selector) is there and the page is at rest."""
    seen.page.locator(what).first.wait_for(timeout=MOST)
    at_rest(seen)


def map_drawn(seen: Visit, *, markers: int = 0, areas: int = 0) -> None:
    """Wait until at least so many markers and areas are on the map, and the page is at rest."""
    seen.map.wait_for_function(
        f"document.querySelectorAll('.pramshed-marker').length >= {markers} &&"
        f"Object.values(map._layers).filter((layer) => layer.worn).length >= {areas}",
        timeout=MOST,
    )
    at_rest(seen)


def text_shown(seen: Visit, text: str) -> None:
    """Wait until a text is on the page and the page is at rest."""
    seen.page.get_by_text(text).first.wait_for(timeout=MOST)
    at_rest(seen)


def chosen_near(words: Words) -> str:
    """What the page says, before or after the name of a street, when a place on the map was chosen beside one."""
    return max(words.of(wording.CHOSEN_NEAR, place="|").split("|"), key=len).strip()


def uploaded(seen: Visit, files, name: str, mime: str, content: bytes) -> None:
    """Give a file to an empty field, and wait until the page lists it and the app has answered."""
    files.set_input_files({"name": name, "mimeType": mime, "buffer": content})
    seen.page.locator("[data-testid=stFileChipName]").first.wait_for(timeout=MOST)
    at_rest(seen)


def clicked(seen: Visit, what) -> None:
    """Click on an element, and wait until the app has answered."""
    what.click(timeout=MOST)
    at_rest(seen)
