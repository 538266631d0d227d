"""What stands in front of Streamlit, each part by itself."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from layers.server import uploads
from layers.server.browsers import Sessions, browser_of, cookie_name
from layers.server.guard import is_needed, is_own
from layers.server.headers import told
from layers.server.health import Health
from layers.server.log import shown
from layers.server.messages import may_ask
from layers.server.served import Served, hostname
from layers.server.uploads import Most, Uploads

BROWSER = {"type": "http", "headers": [(b"cookie", b"pramshed=one")]}


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("walks.example.org", "walks.example.org"),
        ("Walks.Example.org:443", "walks.example.org"),
        ("[::1]:8501", "::1"),
        ("walks.example.org.", "walks.example.org"),
        ("walks.example.org/x", None),
        ("a@walks.example.org", None),
        ("walks.example.org:port", None),
        ("", None),
    ],
)
def test_the_name_in_a_host(said, name):
    assert hostname(said) == name


def test_how_it_is_served():
    served = Served.of("https://Walks.example.org/pramshed/", hosts=["INSIDE"])
    assert served.hosts == {"localhost", "127.0.0.1", "::1", "walks.example.org", "inside"}
    assert served.secure
    assert [served.within(path) for path in ("/pramshed/media/x", "/pramshedder", "/pramshed")] == [
        "/media/x", "/pramshedder", "/pramshed",
    ]  # fmt: skip
    assert is_own("https://walks.example.org", "127.0.0.1:8501", served)
    assert is_own(None, "localhost", served)
    assert not is_own("https://localhost.elsewhere.example", "localhost", served)


def test_addresses_that_come_with_a_later_streamlit_are_shut():
    assert [is_needed(path) for path in ("/explore", "/_stcore/stream", "/_stcore/upload_file/a/b")] == [True] * 3
    assert [is_needed(path) for path in ("/_stcore/new", "/_stcore", "/_stcore/health/../metrics")] == [False] * 3


def test_what_a_page_asks():
    """Emptying caches, changing settings, stopping the server and writing to its disk are not among it."""
    no = {}
    for kind in [field.name for field in BackMsg.DESCRIPTOR.oneofs_by_name["type"].fields]:
        ask = BackMsg()
        value = getattr(ask, kind)
        if isinstance(value, bool):
            setattr(ask, kind, True)
        else:
            value.SetInParent()
        no[kind] = not may_ask(ask.SerializeToString())
    assert {kind for kind, refused in no.items() if refused} == {
        "clear_cache", "set_run_on_save", "load_git_info", "debug_disconnect_websocket", "debug_shutdown_runtime",
        "backend_operation_request",
    }  # fmt: skip
    ask = BackMsg()
    ask.backend_operation_request.install_skills.SetInParent()
    assert not may_ask(ask.SerializeToString())
    ask.backend_operation_request.dataframe_chunk.SetInParent()
    assert may_ask(ask.SerializeToString())


def test_who_may_frame_it():
    framed = told(Served(embedded_by=("https://www.example.org",)))
    assert framed["content-security-policy"].startswith("frame-ancestors 'self' https://www.example.org; ")
    assert "x-frame-options" not in framed
    assert told(Served())["x-frame-options"] == "SAMEORIGIN"


def test_whose_a_session_is():
    sessions, browser = Sessions(), browser_of(BROWSER, Served())
    sessions.begun("a", browser)
    sessions.begun("a", "another")
    assert sessions.belongs("a", browser)
    assert not sessions.belongs("a", "another")
    assert not sessions.belongs("a", None)
    assert not sessions.belongs("b", browser)
    assert cookie_name(Served(secure=True)) == "__Host-pramshed"


@pytest.mark.parametrize(
    ("held", "size", "status"),
    [
        ({}, b"10", 204),
        ({"a": (1, 55)}, b"10", 413),
        ({"a": (3, 5)}, b"10", 413),
        ({"b": (1, 90)}, b"15", 507),
        ({}, None, 411),
        ({}, b"-1", 411),
    ],
)
def test_room_for_files(monkeypatch, held, size, status):
    """Three files and 60 bytes of a session, 100 bytes together."""
    monkeypatch.setattr(uploads, "held_now", lambda: held)
    sessions, sent = Sessions(), []
    sessions.begun("a", browser_of(BROWSER, Served()))
    sessions.asked_for_files("a")

    async def streamlit(scope, receive, send):
        await send({"type": "http.response.start", "status": 204, "headers": []})

    async def send(message):
        sent.append(message)

    app = Uploads(streamlit, Served(), sessions, Most(files=3, of_a_session=60, together=100))
    headers = [*BROWSER["headers"], *([(b"content-length", size)] if size is not None else [])]
    scope = BROWSER | {"method": "PUT", "path": "/_stcore/upload_file/a/one", "headers": headers}
    with ThreadPoolExecutor(1) as alone:  # a browser of another test may have a loop in this thread
        alone.submit(asyncio.run, app(scope, None, send)).result()
    assert sent[0]["status"] == status


def test_health(tmp_path):
    def broken():
        raise OSError

    well = Health(database=lambda: None, places=lambda: (2, 0), disk=tmp_path).seen()
    assert (well["database"], well["places"]) == (True, 2)
    ill = Health(database=broken, places=lambda: (2, 0), disk=tmp_path).seen()
    assert (ill["well"], ill["database"]) == (False, False)
    assert not Health(database=lambda: None, places=lambda: (0, 1), disk=tmp_path).seen()["well"]


def test_addresses_in_the_log():
    assert shown("/_stcore/upload_file/session/file") == "/_stcore/upload_file/…"
    assert shown("/explore") == "/explore"
