"""Servers of the tests' own, and pages of a headless Chromium that reach nothing but this machine."""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from data.store.people import OPERATOR
from data.store.store import Store
from layers.html import STATIC
from tests.browser.waiting import MOST, WATCH, Visit
from tests.required import missing

ROOT = Path(__file__).resolve().parents[2]
STARTER = ROOT / "tests" / "starter.py"
PASSPHRASE = "a long way to the children's centre"
CHROMIUM = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
    "--js-flags=--no-opt",  # no page lives long enough for its scripts to be compiled twice
    # whatever is not on this machine is asked of a proxy that does not exist
    "--proxy-server=http://127.0.0.1:9", "--proxy-bypass-list=127.0.0.1",
]  # fmt: skip
STAGE = """
from pathlib import Path

import streamlit as st

exec(compile((Path(__file__).parent / f"{st.query_params['of']}.py").read_text("utf-8"), "of", "exec"))
"""


@pytest.fixture(scope="session")
def chromium():
    """A headless Chromium; the test is skipped where there is none, and fails where there must be one."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("browser", "playwright is not installed")
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        missing("browser", "no Chromium on this machine")
    with sync_playwright() as running:
        browser = running.chromium.launch(executable_path=program, args=CHROMIUM, timeout=3 * MOST)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def contexts(chromium):
    """A browser's memory for each kind of screen, in which pages of the dashboard are read but once."""
    known = {}

    def context(*, touch: bool, alone: bool):
        """The shared one, or one of a test's own: for cookies and permissions."""
        if alone or touch not in known:
            made = chromium.new_context(has_touch=touch, is_mobile=touch, service_workers="block")
            made.set_default_timeout(MOST)
            made.set_default_navigation_timeout(MOST)
            made.add_init_script(path=WATCH)
            if alone:
                return made
            known[touch] = made
        return known[touch]

    yield context
    for made in known.values():
        made.close()


def _visits(contexts):
    opened = []

    def open_page(url: str, *, width: int = 1280, height: int = 900, touch: bool = False, alone: bool = False) -> Visit:
        context = contexts(touch=touch, alone=alone)
        seen = Visit(context.new_page())
        opened.append(context if alone else seen.page)
        seen.page.set_viewport_size({"width": width, "height": height})

        def note(request):
            home = request.url.startswith(("http://127.0.0.1:", "data:", "blob:"))
            (seen.asked if home else seen.foreign).append(request.url)

        seen.page.on("request", note)
        seen.page.on("pageerror", lambda error: seen.errors.append(str(error)))
        seen.page.goto(url)
        return seen

    yield open_page
    for one in opened:
        one.close()


@pytest.fixture
def visit(contexts):
    """Open an address: ``visit(url, width=390, touch=True)``; what is asked of anybody else is refused and recorded."""
    yield from _visits(contexts)


@pytest.fixture(scope="module")
def visit_once(contexts):
    """The same, for a page that a module's tests look at one after another."""
    yield from _visits(contexts)


@pytest.fixture(scope="session")
def serve(tmp_path_factory):
    """Start the server on a script: ``serve(script, PRAMSHED_X="1")`` returns the address; stopped at the end."""
    started = []
    elsewhere = str(tmp_path_factory.mktemp("no-more-places"))

    def start(script: Path, **environment: str) -> str:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        log = tmp_path_factory.mktemp("server") / "log.txt"
        command = [sys.executable, str(STARTER), str(script), str(port)]
        with log.open("wb") as out:
            process = subprocess.Popen(
                command,
                cwd=script.parent,
                env=os.environ | {"PYTHONPATH": str(ROOT), "PRAMSHED_PLACES": elsewhere} | environment,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        started.append(process)
        until = time.monotonic() + 2 * MOST / 1000
        while process.poll() is None and time.monotonic() < until:
            if _healthy(port):
                return f"http://127.0.0.1:{port}"
            time.sleep(0.1)
        pytest.fail(f"It did not start:\n{log.read_text('utf-8', 'replace')[-2000:]}")

    yield start
    for process in started:
        process.terminate()
    for process in started:
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)


def _healthy(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/_stcore/health")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


@pytest.fixture(scope="session")
def app(serve, tmp_path_factory):
    """The dashboard with the bundled place alone, for everybody who brings marks of their own: a store, a moderator."""
    url = f"sqlite:///{tmp_path_factory.mktemp('marks') / 'marks.sqlite'}"
    store = Store.open(url)
    store.accounts.add(OPERATOR, name="Moderator", passphrase=PASSPHRASE)
    yield SimpleNamespace(store=store, url=serve(ROOT / "app.py", PRAMSHED_MARKS_URL=url))
    store.close()


@pytest.fixture(scope="session")
def stage(serve, tmp_path_factory):
    """One server for scripts: ``stage("map", script)`` returns the address; files go to the folder ``stage.folder``."""
    folder = tmp_path_factory.mktemp("stage")
    shutil.copytree(STATIC, folder / "static", ignore=shutil.ignore_patterns("places"))
    (folder / ".streamlit").mkdir()
    shutil.copy(ROOT / ".streamlit" / "config.toml", folder / ".streamlit")  # what the environment says is not read
    (folder / "app.py").write_text(STAGE, "utf-8")
    url = serve(folder / "app.py")

    def put(name: str, script: str) -> str:
        (folder / f"{name}.py").write_text(script, "utf-8")
        return f"{url}/?of={name}"

    put.folder = folder
    return put
