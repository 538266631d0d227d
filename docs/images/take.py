"""The pictures of the pages, taken from the running app: ``python -m docs.images.take``, or some: ``take lost.png``."""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from PIL import Image
from playwright.sync_api import sync_playwright

from data.place import SAMPLE, Place
from data.store.people import OPERATOR
from data.store.store import Store
from geo.scenario import AddSite, CloseSite
from layers.files.scenarios import to_link

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

HERE = Path(__file__).resolve().parent
APP = HERE.parents[1] / "app.py"
ISLAND = {"place": "isle-of-wight"}
SPOT = {"at": "458931,91682"}
"""Osborne Road, Ryde: some way from the centre, on foot."""
CHANGES = (CloseSite("23410"), AddSite("new-1", 458150.0, 81595.0, "Shanklin Community Library"))
"""Those of the README's scenario."""

SCREEN, PHONE = (1280, 900), (390, 1180)
PATIENCE_S = 60


def pictures(link: str = "") -> dict[str, tuple[str, tuple[int, int]]]:
    """Address and size of each picture.

    Parameters
    ----------
    link
        Of the example group; without it the addresses of marking lead nowhere.
    """
    explore = f"?{urlencode(ISLAND | SPOT)}"
    made_for = Place.open(SAMPLE / "isle_of_wight").card.fingerprint
    what_if = f"what_if?{urlencode(ISLAND | {'changes': to_link(CHANGES), 'for': made_for})}"
    return {
        "explore.png": (explore, SCREEN),
        "explore-phone.png": (explore, PHONE),
        "lost.png": (f"lost?{urlencode(ISLAND)}", SCREEN),
        "what-if.png": (what_if, SCREEN),
        "what-if-phone.png": (what_if, PHONE),
        "reports.png": (f"reports?{urlencode(ISLAND)}", SCREEN),
        "places.png": (f"places?{urlencode(ISLAND)}", SCREEN),
        "mark-phone.png": (f"mark?{urlencode({'link': link, 'lang': 'en'})}", PHONE),
        "mark-phone-arabic.png": (f"mark?{urlencode({'link': link, 'lang': 'ar'})}", PHONE),
    }


def example_link(url: str) -> str:
    """Make the example group, which has no marks, in a store of its own; the link by which its people come."""
    store = Store.open(url)
    group = store.groups.create(OPERATOR, name="Example group", place=ISLAND["place"])
    link = store.groups.make_link(OPERATOR, group.id)
    store.close()
    return link.token


def main() -> None:
    """Start the app, take each picture, stop the app."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        sys.exit("no Chromium on this machine")
    command = [sys.executable, str(APP.with_name("cli.py")), "serve", "--no-browser", "--port", str(port)]
    with tempfile.TemporaryDirectory() as empty:
        marks = f"sqlite:///{Path(empty) / 'marks.sqlite'}"
        link = example_link(marks)
        server = subprocess.Popen(  # noqa: S603 (our own program)
            command,
            cwd=APP.parent,
            env=os.environ | {"PRAMSHED_PLACES": empty, "PRAMSHED_MARKS_URL": marks},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait(port)
            with sync_playwright() as running:
                browser = running.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
                wanted = set(sys.argv[1:])
                for name, (address, (width, height)) in pictures(link).items():
                    if wanted and name not in wanted:
                        continue
                    _take(browser, f"http://127.0.0.1:{port}/{address}", name, width=width, height=height)
                browser.close()
        finally:
            server.terminate()
            server.wait(PATIENCE_S)


def _wait(port: int) -> None:
    for _ in range(PATIENCE_S * 10):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
        try:
            connection.request("GET", "/health")
            if connection.getresponse().status == http.HTTPStatus.OK:
                return
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    sys.exit("the app did not start")


def _take(browser: Browser, address: str, name: str, *, width: int, height: int) -> None:
    phone = width < 500
    page = browser.new_page(viewport={"width": width, "height": height}, is_mobile=phone, has_touch=phone)
    page.goto(address)
    map_is_drawn = (
        "[...document.querySelectorAll('iframe')].some((frame) => frame.contentDocument &&"
        " frame.contentDocument.querySelectorAll('.pramshed-marker').length)"
    )
    page.wait_for_function(
        f"document.querySelector('.st-key-kind-other, .st-key-fetch-wanted, img[alt^=\"Map of\"]') || {map_is_drawn}",
        timeout=PATIENCE_S * 1000,
    )
    if name == "places.png":
        _choose(page, "Leeds")
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    page.wait_for_timeout(1500)  # the map's tiles of canvas, fonts
    page.screenshot(path=HERE / name)
    page.close()
    with Image.open(HERE / name) as taken:  # 256 colours: a third of the size, and no colour off by what can be seen
        few = taken.convert("RGB").quantize(256, Image.Quantize.MAXCOVERAGE, kmeans=2, dither=Image.Dither.NONE)
    few.save(HERE / name, optimize=True)


def _choose(page: Page, authority: str) -> None:
    """Choose an authority that could be fetched, and show the button that would."""
    page.get_by_role("combobox", name="Authority").click()
    page.keyboard.type(authority)
    page.keyboard.press("Enter")
    page.get_by_role("button", name=f"Fetch {authority}").wait_for(timeout=PATIENCE_S * 1000)
    page.get_by_role("heading", name="Get an authority").evaluate("heading => heading.scrollIntoView()")


if __name__ == "__main__":
    main()
