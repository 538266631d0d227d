"""A Streamlit server of the test's own, and pages of a headless Chromium that reach nothing but this machine."""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.required import missing

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


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
            timeout=30_000,
        )
        return next(frame for frame in self.page.frames if "streamlit_folium" in frame.url)


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
        browser = running.chromium.launch(executable_path=program, args=CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium):
    """Open an address: ``visit(url, width=390, touch=True)``; requests to anywhere else are refused and recorded."""
    contexts = []

    def open_page(url: str, *, width: int = 1280, height: int = 900, touch: bool = False) -> Visit:
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            has_touch=touch,
            is_mobile=touch,
            service_workers="block",
        )
        contexts.append(context)
        seen = Visit(context.new_page())

        def pass_or_refuse(route):
            address = route.request.url
            home = address.startswith(("http://127.0.0.1:", "data:", "blob:"))
            (seen.asked if home else seen.foreign).append(address)
            route.continue_() if home else route.abort()

        context.route("**/*", pass_or_refuse)
        seen.page.on("pageerror", lambda error: seen.errors.append(str(error)))
        seen.page.goto(url)
        return seen

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def serve(tmp_path_factory):
    """Start Streamlit on a script: ``serve(script, PRAMSHED_X="1")`` returns the address; stopped after the module."""
    started = []

    def start(script: Path, **environment: str) -> str:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        log = tmp_path_factory.mktemp("server") / "log.txt"
        command = [
            sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port),
            "--server.address", "127.0.0.1", "--server.headless", "true", "--server.enableStaticServing", "true",
            "--server.fileWatcherType", "none", "--browser.gatherUsageStats", "false",
        ]  # fmt: skip
        with log.open("wb") as out:
            process = subprocess.Popen(
                command,
                cwd=script.parent,
                env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        started.append(process)
        for _ in range(300):
            if process.poll() is not None:
                break
            if _healthy(port):
                return f"http://127.0.0.1:{port}"
            time.sleep(0.1)
        pytest.fail(f"Streamlit did not start:\n{log.read_text('utf-8', 'replace')[-2000:]}")

    yield start
    for process in started:
        process.terminate()
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
