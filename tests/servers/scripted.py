"""A service on this machine that answers as it is told, faults included."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

MOST = 1 << 16


@dataclass(frozen=True)
class Asked:
    """A request that came: of its parameters and form, the last value of each name."""

    method: str
    path: str
    query: dict[str, str]
    form: dict[str, str]
    headers: dict[str, str]
    """Names in lower case."""
    raw_query: str = ""
    raw_path: str = ""

    def __getitem__(self, name):
        """A parameter, wherever it came."""
        return {**self.query, **self.form}[name]

    def get(self, name, default=None):
        return {**self.query, **self.form}.get(name, default)


@dataclass(frozen=True)
class Answer:
    """What is answered.

    ``etag`` and ``modified`` are sent and answer conditional requests with 304; with ``ranges`` a ``Range`` is answered
    with 206, if an ``If-Range`` that comes with it names this state. ``cut`` ends the connection after so many bytes of
    the body, ``drip`` waits so many seconds after each ``piece`` bytes. Without ``length`` no Content-Length is sent.
    """

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    kind: str = "application/octet-stream"
    etag: str | None = None
    modified: str | None = None
    ranges: bool = False
    cut: int | None = None
    drip: float = 0.0
    piece: int = MOST
    length: bool = True
    header_drip: float = 0.0
    """Seconds between two bytes of a header without end."""
    before: float = 0.0
    """Seconds before anything is said."""


PAGE = Answer(b"<!DOCTYPE html>\n<html><head><title>Sign in</title></head></html>", kind="text/html")
"""A page for people, with status 200, as a proxy answers before one has signed in."""


def later(status=429, wait="7", body=b"busy"):
    """An answer that asks one to come back."""
    return Answer(body, status=status, headers={"Retry-After": wait} if wait else {})


def on_to(address, status=307):
    """An answer that sends one on."""
    return Answer(status=status, headers={"Location": address})


class Service:
    """An HTTP server in a thread.

    ``service.on(address, *answers)`` says what is answered there: one answer after the other, the last again and again;
    each an `Answer`, text, bytes, or a function of an `Asked` that gives one of these. ``address`` is a path, or a
    publisher's own address (``https://api.os.uk/downloads/v1/products``), which ``service.bases()`` leads here. What is
    not told is answered with 404. ``service.asked`` is what came, ``service.asked_for(address)`` what came there.
    """

    def __init__(self, certificate=None):
        self.asked: list[Asked] = []
        self._answers: dict[str, list] = {}
        self._lock = threading.Lock()
        service = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # headers and body are two writes: without this each answer takes 40 ms

            def do_GET(self):
                service._answer(self)

            do_POST = do_HEAD = do_GET  # noqa: N815

            def do_CONNECT(self):
                """As a proxy, it wants a name and a password."""
                self.send_error(407)

            def log_message(self, *_):
                """Nothing on the screen."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.address = f"http{'s' if certificate else ''}://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    def on(self, address, *answers):
        self._answers[self.path_of(address)] = list(answers)

    def has(self, path):
        """Whether anything but 404 is answered there."""
        return path in self._answers

    def asked_for(self, address):
        path = self.path_of(address)
        return [one for one in self.asked if one.path == path]

    def bases(self, *hosts):
        """What leads questions to these hosts here: ``FetchSettings.bases``; without any, all of the catalogue."""
        from data.fetch.hosts import HOSTS

        return {host: f"{self.address}/{host}" for host in hosts or HOSTS}

    @staticmethod
    def path_of(address):
        parts = urlsplit(address)
        return f"/{parts.netloc}{parts.path}" if parts.netloc else parts.path

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, handler):
        parts, path = urlsplit(handler.path), self.path_of(handler.path)
        sent = handler.rfile.read(int(handler.headers.get("Content-Length") or 0)).decode()
        asked = Asked(
            handler.command,
            path,
            dict(parse_qsl(parts.query, keep_blank_values=True)),
            dict(parse_qsl(sent, keep_blank_values=True)),
            {name.lower(): value for name, value in handler.headers.items()},
            parts.query,
            handler.path,
        )
        with self._lock:
            self.asked.append(asked)
            answers = self._answers.get(path, [Answer(b"not here", status=404)])
            answer = answers.pop(0) if len(answers) > 1 else answers[0]
        answer = answer(asked) if callable(answer) else answer
        answer = answer.encode() if isinstance(answer, str) else answer
        answer = Answer(answer) if isinstance(answer, bytes) else answer
        try:
            self._send(handler, _of_state(answer, asked.headers))
        except OSError:
            handler.close_connection = True

    @staticmethod
    def _send(handler, answer):
        time.sleep(answer.before)
        if answer.header_drip:
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            while True:
                handler.wfile.write(b"a")
                time.sleep(answer.header_drip)
        handler.send_response(answer.status)
        names = {"ETag": answer.etag, "Last-Modified": answer.modified, "Content-Type": answer.kind}
        names["Accept-Ranges"] = "bytes" if answer.ranges else None
        names["Content-Length"] = str(len(answer.body)) if answer.length and answer.status != 304 else None
        if not answer.length:
            names["Connection"] = "close"
        for name, value in {**names, **answer.headers}.items():
            if value is not None:
                handler.send_header(name, value)
        handler.end_headers()
        if handler.command == "HEAD":
            return
        whole = answer.body if answer.cut is None else answer.body[: answer.cut]
        for start in range(0, len(whole), answer.piece):
            handler.wfile.write(whole[start : start + answer.piece])
            if answer.drip:
                handler.wfile.flush()
                time.sleep(answer.drip)
        if answer.cut is not None or not answer.length:
            handler.wfile.flush()
            handler.close_connection = True
            handler.connection.shutdown(socket.SHUT_RDWR)


def _of_state(answer, headers):
    """The answer as its state and the conditions of the request make it."""
    if answer.status != 200:
        return answer
    same = answer.etag and headers.get("if-none-match") == answer.etag
    since = answer.modified and headers.get("if-modified-since") == answer.modified
    if same or (since and "if-none-match" not in headers):
        return replace(answer, status=304, body=b"", cut=None)
    wanted = headers.get("range")
    if not (answer.ranges and wanted) or headers.get("if-range", answer.etag) not in {answer.etag, answer.modified}:
        return answer
    start = int(wanted.removeprefix("bytes=").rstrip("-"))
    total = len(answer.body)
    if start >= total:
        return replace(answer, status=416, body=b"", headers={**answer.headers, "Content-Range": f"bytes */{total}"})
    said = {**answer.headers, "Content-Range": f"bytes {start}-{total - 1}/{total}"}
    return replace(answer, status=206, body=answer.body[start:], headers=said)


class Clock:
    """A clock that moves only when somebody sleeps, or when it is told; ``slept`` is for how long, in turn."""

    def __init__(self, now=1_796_000_000.0):
        self.now, self.slept = now, []

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds
