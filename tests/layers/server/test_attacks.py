"""What was tried against the server, and what it answers: alone, and behind nginx. docs/deploy.md has the table."""

from __future__ import annotations

import time

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.exceptions import InvalidStatus

from tests.layers.server.conftest import PASSPHRASE, run_page, said_of

FOREIGN = "https://elsewhere.example"
pytestmark = pytest.mark.program  # servers, and nginx


def put(door, session, size, name="one", *, whole=True):
    """Send a file of that size as a page's uploader does, or only say that it comes; the status."""
    boundary = b"----pramshed"
    body = (
        b"--" + boundary + b'\r\nContent-Disposition: form-data; name="f"; filename="f.txt"\r\n'
        b"Content-Type: text/plain\r\n\r\n" + b"x" * (size if whole else 1) + b"\r\n--" + boundary + b"--\r\n"
    )
    return door.ask(
        f"/_stcore/upload_file/{session}/{name}", "PUT", body,
        Content_Type="multipart/form-data; boundary=----pramshed", Origin=door.origin,
        X_Xsrftoken=door.cookies.get("_streamlit_xsrf", "none"), Content_Length=str(len(body) + (0 if whole else size)),
    )[0]  # fmt: skip


def test_a_page_of_ours_works(door):
    with door.page().talk() as talk:
        session, text, _ = run_page(talk)
    assert session
    assert said_of(text, "kept")


def test_a_foreign_page_opens_no_websocket(door):
    """Streamlit would look its own address up at an outside host, two seconds for everybody."""
    begun = time.monotonic()
    with pytest.raises(InvalidStatus) as refused:
        door.page().talk(origin=FOREIGN)
    assert refused.value.response.status_code == 403
    assert time.monotonic() - begun < 1.5


def test_a_foreign_page_sends_nothing(door):
    assert door.ask("/_stcore/upload_file/a/b", "PUT", b"x", Origin=FOREIGN)[0] == 403
    assert door.ask("/_stcore/host-config", "OPTIONS", Origin=FOREIGN)[0] in (403, 405)


def test_another_name_is_not_answered(door):
    assert door.ask("/", Host="elsewhere.example")[0] == 421


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/agent/mcp", "/_stcore/agent/interact", "/_stcore/script-health-check", "/_stcore/"])  # fmt: skip
def test_what_nobody_needs_is_not_there(door, path):
    assert door.ask(path)[0] == 404


def test_no_visitor_empties_everybodys_caches(door):
    with door.page().talk() as talk:
        _, before, _ = run_page(talk)
        ask = BackMsg()
        ask.clear_cache = True
        talk.send(ask.SerializeToString())
        _, after, _ = run_page(talk)
    assert said_of(after, "kept") == said_of(before, "kept")


def test_nobody_takes_up_anothers_session(door):
    mine, theirs = door.anybody().page(), door.page()
    with mine.talk() as talk:
        session, _, _ = run_page(talk)
    for browser, same in ((theirs, False), (mine, True)):
        with browser.talk(session=session) as talk:
            assert (run_page(talk)[0] == session) is same


def test_a_file_is_taken_only_from_who_was_asked(door):
    stranger = door.anybody().page()
    with door.page().talk() as talk:
        session, _, _ = run_page(talk)
        assert put(door, session, 10) == 403
        run_page(talk, "send=1")
        assert put(stranger, session, 10) == 403
        assert put(door, session, 10) == 204
        assert put(door, session, 50_000_000, whole=False) == 413


def test_no_path_of_the_server_reaches_a_browser(door):
    with door.page().talk() as talk:
        _, _, frames = run_page(talk)
    assert str(door.folder).encode() not in frames


def test_a_forged_address_is_not_believed(door):
    door.page()
    with door.talk() as talk:
        assert said_of(run_page(talk)[1], "address") in ("None", "127.0.0.1")
    assert door.ask("/health", X_Forwarded_For="203.0.113.7")[0] == 200


def test_what_browsers_are_told(door):
    _, headers, _ = door.ask("/")
    assert headers["content-security-policy"].startswith("frame-ancestors 'self'; ")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert ("strict-transport-security" in headers) is door.secure
    cookies = headers.get_all("set-cookie")
    assert cookies
    assert all(("; Secure" in one) is door.secure for one in cookies)
    assert any("pramshed=" in one and "HttpOnly" in one and "SameSite=Lax" in one for one in cookies)
    assert b"streamlit.app" not in door.ask("/_stcore/host-config")[2]


def test_no_secret_stands_in_a_log(door):
    door.page()
    door.ask("/mark?link=a-secret-link&receipt=a-secret-receipt")
    door.ask("/media/a-secret-file.pdf")
    with door.talk() as talk:
        session, _, _ = run_page(talk, "link=a-secret-link")
        put(door, session, 10, "a-secret-upload")
    time.sleep(0.2)
    said = "".join(log.read_text("utf-8") for log in door.logs)
    assert "/mark" in said
    assert all(secret not in said for secret in ("a-secret", session, *door.cookies.values()))


def test_signing_in(door):
    """By a page of ours, with a cookie that no script reads and no foreign page sends."""
    status, headers, text = door.ask("/sign-in?to=moderate%3Fmark%3Dmark-abcdefghijkl")
    assert status == 200
    assert b'value="moderate?mark=mark-abcdefghijkl"' in text
    assert headers["content-security-policy"].startswith("default-src 'none'; ")
    assert b"elsewhere" not in door.ask("/sign-in?to=//elsewhere.example")[2]
    sent = {"Content_Type": "application/x-www-form-urlencoded"}
    assert door.ask("/sign-in", "POST", b"name=Ada", Origin=FOREIGN, **sent)[0] == 403
    assert door.ask("/sign-in", "POST", b"x" * 9_000, Origin=door.origin, **sent)[0] == 413
    wrong = door.ask("/sign-in", "POST", b"name=%3Cb%3E&passphrase=wrong", Origin=door.origin, **sent)
    assert wrong[0] == 403
    assert b"The name or the passphrase is wrong." in wrong[2]
    right = f"name=ada&passphrase={PASSPHRASE.replace(' ', '+')}&to=moderate%3Fmark%3Da".encode()
    status, headers, _ = door.ask("/sign-in", "POST", right, Origin=door.origin, **sent)
    assert (status, headers["location"]) == (303, "/moderate?mark=a")
    (cookie,) = headers.get_all("set-cookie")
    assert all(word in cookie for word in ("HttpOnly", "SameSite=strict", "Path=/"))
    assert ("; Secure" in cookie and cookie.startswith("__Host-")) is door.secure
