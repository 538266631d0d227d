"""That each attack succeeds against Streamlit's own server: otherwise the tests of ours would show nothing."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from tests.layers.server.conftest import PAGE, ROOT, Door, free_port, run_page, said_of, wait_for
from tests.layers.server.test_attacks import put

pytestmark = pytest.mark.full_size


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    folder, port = tmp_path_factory.mktemp("bare"), free_port()
    (folder / "page.py").write_text(PAGE, encoding="utf-8")
    log = folder / "log.txt"
    options = {"port": port, "address": "127.0.0.1", "headless": "true", "fileWatcherType": "none"}
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "page.py", *(f"--server.{name}={value}" for name, value in options.items())],
            cwd=folder, env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=out, stderr=subprocess.STDOUT,
        )  # fmt: skip
    wait_for(port, process, log)
    yield Door(port, f"127.0.0.1:{port}", folder, [log])
    process.terminate()
    process.wait()


def test_they_are_let_in(bare):
    mine, theirs = bare.anybody().page(), bare.anybody().page()
    assert mine.ask("/", Host="elsewhere.example")[0] == 200
    assert mine.ask("/_stcore/metrics")[0] == 200
    assert b"streamlit.app" in mine.ask("/_stcore/host-config")[2]
    with mine.talk() as talk:
        session, before, frames = run_page(talk)
        assert str(bare.folder).encode() in frames
        assert put(theirs, session, 10) == 204  # this page asked for no file
        ask = BackMsg()
        ask.clear_cache = True
        talk.send(ask.SerializeToString())
        assert said_of(run_page(talk)[1], "kept") != said_of(before, "kept")
    with theirs.talk(session=session) as talk:
        assert run_page(talk)[0] == session
