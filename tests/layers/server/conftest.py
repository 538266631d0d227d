"""Doors to a small dashboard: the server alone, and nginx in front of it with the configuration of ``deploy/``."""

from __future__ import annotations

import getpass
import http.client
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

from data.store.people import OPERATOR
from data.store.store import Store
from tests.required import missing

ROOT = Path(__file__).resolve().parents[3]
NAME = "walks.example.org"
MOST = 30
PASSPHRASE = "a long way to the children's centre"
PAGE = """
import secrets

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from layers.server.browsers import SESSIONS

st.set_page_config(page_title="Small")


@st.cache_data
def kept():
    return secrets.token_hex(8)


st.text(f"kept={kept()} address={st.context.ip_address}")
if "send" in st.query_params:
    SESSIONS.asked_for_files(get_script_run_ctx().session_id)
    st.file_uploader("A file")
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Door:
    """A way in, as a browser has it: its address, and the cookies that it was given."""

    port: int
    host: str
    folder: Path
    """Where the dashboard is on the server."""
    logs: list[Path]
    secure: bool = False
    cookies: dict[str, str] = field(default_factory=dict)

    @property
    def origin(self):
        return f"{'https' if self.secure else 'http'}://{self.host}"

    @property
    def context(self):
        if not self.secure:
            return None
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return context

    def anybody(self):
        """The same door for another browser."""
        return Door(self.port, self.host, self.folder, self.logs, self.secure)

    def ask(self, path, method="GET", body=None, **headers):
        """The answer to a request: its status, its headers and its text."""
        kind = http.client.HTTPSConnection if self.secure else http.client.HTTPConnection
        more = {"context": self.context} if self.secure else {}
        connection = kind("127.0.0.1", self.port, timeout=MOST, **more)
        said = {"Host": self.host, "Cookie": self._cookie()} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        try:
            connection.request(method, path, body, {name: value for name, value in said.items() if value is not None})
            answer = connection.getresponse()
            text = answer.read()
        finally:
            connection.close()
        for one in answer.headers.get_all("set-cookie", []):
            name, value = one.split(";")[0].split("=", 1)
            self.cookies[name] = value
        return answer.status, answer.headers, text

    def page(self):
        """The page, for whose cookies the rest asks."""
        for path in ("/", "/_stcore/health"):
            assert self.ask(path)[0] == 200
        return self

    def talk(self, *, origin=None, session=""):
        """A websocket, as a page opens it."""
        protocols = ["streamlit", self.cookies.get("_streamlit_xsrf", "none"), *([session] if session else [])]
        return connect(
            f"{'wss' if self.secure else 'ws'}://{self.host}/_stcore/stream",
            sock=socket.create_connection(("127.0.0.1", self.port), MOST),
            origin=origin or self.origin,
            subprotocols=protocols,
            additional_headers={"Cookie": self._cookie()},
            ssl=self.context,
            max_size=None,
            proxy=None,
            open_timeout=MOST,
        )

    def _cookie(self):
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())


def run_page(talk, query=""):
    """Run the page; its session, the text that it shows, and everything that was sent."""
    ask = BackMsg()
    ask.rerun_script.query_string = query
    talk.send(ask.SerializeToString())
    session, text, frames = "", "", []
    while True:
        frames.append(talk.recv(timeout=MOST))
        said = ForwardMsg.FromString(frames[-1])
        if said.WhichOneof("type") == "new_session":
            session = said.new_session.initialize.session_id
        if said.delta.new_element.text.body:
            text = said.delta.new_element.text.body
        if said.WhichOneof("type") == "script_finished":
            return session, text, b"".join(frames)


@pytest.fixture(scope="session")
def small(tmp_path_factory):
    """Start the server on a small page: ``small(PRAMSHED_ADDRESS=...)`` gives its port and its log."""
    started = []

    def start(folder, **environment):
        (folder / ".streamlit").mkdir(parents=True)
        shutil.copy(ROOT / ".streamlit" / "config.toml", folder / ".streamlit")
        (folder / "static").mkdir()
        (folder / "page.py").write_text(PAGE, encoding="utf-8")
        url = f"sqlite:///{folder / 'marks.sqlite'}"
        store = Store.open(url)
        store.accounts.add(OPERATOR, name="Ada", passphrase=PASSPHRASE)
        store.close()
        port, log = free_port(), folder / "log.txt"
        with log.open("wb") as out:
            process = subprocess.Popen(
                [sys.executable, ROOT / "tests" / "starter.py", folder / "page.py", str(port)],
                cwd=folder,
                env=os.environ | {"PYTHONPATH": str(ROOT), "PRAMSHED_MARKS_URL": url} | environment,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        started.append(process)
        wait_for(port, process, log)
        return port, log

    yield start
    for process in started:
        process.terminate()
        process.wait()


def wait_for(port, process, log):
    """Until somebody listens."""
    until = time.monotonic() + MOST
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail(log.read_text("utf-8", "replace"))


@pytest.fixture(scope="session")
def alone(small, tmp_path_factory):
    """The server with nothing in front."""
    folder = tmp_path_factory.mktemp("alone") / "dashboard"
    port, log = small(folder)
    return Door(port, f"127.0.0.1:{port}", folder, [log])


@pytest.fixture(scope="session")
def through_nginx(small, tmp_path_factory):
    """The server behind nginx, with the configuration that docs/deploy.md has people take."""
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        missing("nginx", "no nginx on this machine")
    place = tmp_path_factory.mktemp("nginx")
    behind, log = small(place / "dashboard", PRAMSHED_ADDRESS=f"https://{NAME}", PRAMSHED_FORWARDED_BY='["127.0.0.1"]')
    port = free_port()
    ours = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    for said, here in {
        "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
        "listen 80": f"listen 127.0.0.1:{free_port()}",
        "127.0.0.1:8501": f"127.0.0.1:{behind}",
        "/etc/ssl/certs/pramshed.pem": f"{place}/pramshed.pem",
        "/etc/ssl/private/pramshed.key": f"{place}/pramshed.key",
        "/var/log/nginx/": f"{place}/",
    }.items():
        assert said in ours
        ours = ours.replace(said, here)
    temporary = "".join(
        f"{kind}_temp_path {place}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (place / "nginx.conf").write_text(
        f"user {getpass.getuser()}; pid {place}/pid; error_log {place}/error.log; daemon off; events {{}} http {{ {temporary} {ours} }}",
        "utf-8",
    )
    subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1",
            "-subj", f"/CN={NAME}", "-keyout", place / "pramshed.key", "-out", place / "pramshed.pem",
        ],
        check=True, capture_output=True,
    )  # fmt: skip
    process = subprocess.Popen([program, "-p", place, "-c", place / "nginx.conf"], stderr=subprocess.DEVNULL)
    try:
        wait_for(port, process, place / "error.log")
        yield Door(port, NAME, place / "dashboard", [log, place / "pramshed.log"], secure=True)
    finally:
        process.terminate()
        process.wait()


@pytest.fixture(params=["alone", "through_nginx"])
def door(request):
    """Either door, for a browser that was never here."""
    return request.getfixturevalue(request.param).anybody()


def said_of(text, name):
    return re.search(rf"{name}=(\S+)", text)[1]
