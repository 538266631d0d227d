"""Who may fetch and remove places: who sits at the machine, or is an administrator, or nobody."""

from __future__ import annotations

import pytest

from layers.session import allowed
from layers.session.allowed import Came, from_this_machine, why_not

HERE = {"Host": "localhost:8501", "Origin": "http://localhost:8501"}


@pytest.mark.parametrize(
    ("address", "headers", "own"),
    [
        (None, HERE, True),
        ("::ffff:127.0.0.1", {"Host": "127.0.0.1:8501", "Origin": "http://127.0.0.1:8501"}, True),
        ("127.0.0.1", {"host": "[::1]:8501", "origin": "http://[::1]:8501"}, True),
        ("192.168.0.7", HERE, False),
        ("::ffff:192.168.0.7", HERE, False),
        (None, HERE | {"X-Forwarded-For": "127.0.0.1"}, False),
        (None, HERE | {"forwarded": "for=127.0.0.1"}, False),
        (None, HERE | {"Via": "1.1 proxy"}, False),
        (None, HERE | {"Origin": "https://walks.example.org"}, False),
        (None, HERE | {"Host": "walks.example.org"}, False),
        (None, {"Host": "localhost:8501"}, False),
        (None, HERE | {"Origin": "http://localhost.example.org"}, False),
        (None, HERE | {"Origin": "http://[bad"}, False),
        (None, {}, False),
    ],
)
def test_whose_browser_runs_on_the_machine(address, headers, own):
    assert from_this_machine(Came(address, headers)) is own


def test_nobody_may(monkeypatch):
    monkeypatch.setattr(allowed, "came", lambda: Came(None, HERE))
    assert why_not("this machine", lambda: None) is None
    assert "command line" in why_not("nobody", lambda: None)
