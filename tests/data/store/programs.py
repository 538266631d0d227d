"""Other programs that use a store: each in a process of its own, begun from one that has loaded the store already."""

from __future__ import annotations

import multiprocessing
import os
import threading
import uuid
from typing import TYPE_CHECKING

import alembic.command
import alembic.config  # noqa: F401 (as every program loads it that makes a store)

from data.store import publishing  # noqa: F401
from data.store.people import OPERATOR
from data.store.store import Store
from geo.errors import StoreError
from tests.data.store.conftest import draft

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

_NEW = multiprocessing.get_context("forkserver")  # not a copy of this process, whose files and threads are its own
_NEW.set_forkserver_preload([__name__])


def begun(program: Callable[..., None], *args: object) -> tuple[BaseProcess, Connection]:
    """Begin a program; the process, and what it says."""
    ours, its = _NEW.Pipe()
    process = _NEW.Process(target=program, args=(its, *args), daemon=True)
    process.start()
    its.close()
    return process, ours


def write(said: Connection, url: str, link: str) -> None:
    """Add and approve marks without end; each is told when it is kept."""
    store = Store.open(url)
    who = store.groups.open_link(link)

    def work() -> None:
        while True:
            mark = store.marks.add(who, draft(note="n" * 400), submission=str(uuid.uuid4())).mark_id
            store.desk.approve(OPERATOR, mark, version=1)
            os.write(said.fileno(), f"{mark}\n".encode())

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def open_when_told(said: Connection, url: str) -> None:
    """Open a store as soon as somebody says so."""
    said.send("ready")
    said.recv()
    Store.open(url).close()


def write_as_nobody(said: Connection, urls: list[str]) -> None:
    """Write to stores as somebody who is not root, for root may do anything; what each says to that."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
    for url in urls:
        try:
            Store.open(url).groups.create(OPERATOR, name="x", place="x")
        except StoreError as fault:
            said.send(str(fault))
        else:
            said.send("written")
