"""A PostgreSQL server with PostGIS for the tests alone: in a folder of its own, on a socket, gone afterwards."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

import psycopg

from data.store.database import Database
from data.store.schema import metadata

BIN = Path("/usr/lib/postgresql")
_numbers = count(1)


def programs() -> Path | None:
    """Folder of the newest server that has PostGIS; None where there is none."""
    found = sorted(
        (int(folder.name), folder / "bin")
        for folder in BIN.glob("[0-9]*")
        if (folder / "bin" / "initdb").is_file()
        and Path(f"/usr/share/postgresql/{folder.name}/extension/postgis.control").is_file()
    )
    return found[-1][1] if found else None


class Server:
    """A server; as root it runs as another user, for PostgreSQL refuses to be root."""

    def __init__(self, bin_folder: Path) -> None:
        self._bin = bin_folder
        self.folder = Path(tempfile.mkdtemp(prefix="pramshed-pg-", dir="/tmp"))  # a socket's path must be short
        self._as = {}
        if os.geteuid() == 0:
            known = {user.pw_name for user in pwd.getpwall()}
            owner = pwd.getpwnam("postgres" if "postgres" in known else "nobody")
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
            self._as = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
        command = [self._bin / "initdb", "-D", self.folder / "data", "-U", "pramshed", "-A", "trust", "-E", "UTF8"]
        self._run([*command, "--no-sync", "--locale=C.UTF-8"])
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def _run(self, command: list[object]) -> None:
        done = subprocess.run(
            list(map(str, command)), capture_output=True, text=True, cwd="/", env=self._env, check=False, **self._as
        )
        if done.returncode:
            raise RuntimeError(done.stderr or done.stdout)

    @property
    def _env(self) -> dict[str, str]:
        return {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"}

    def start(self) -> None:
        """Start, or start again, and wait until it answers."""
        settings = ("listen_addresses=", "fsync=off", "max_connections=150", "timezone=Asia/Kolkata")
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._bin / "postgres", "-D", self.folder / "data", "-k", self.folder,
                 *(part for one in settings for part in ("-c", one))],
                stdout=log, stderr=log, cwd="/", env=self._env, start_new_session=True, **self._as,
            )  # fmt: skip
        end = time.monotonic() + 120  # a machine may be busy
        while time.monotonic() < end:
            try:
                psycopg.connect(self.conninfo("postgres"), connect_timeout=5).close()
            except psycopg.OperationalError:
                if self._process.poll() is not None:
                    break
                time.sleep(0.05)
            else:
                return
        raise RuntimeError((self.folder / "log").read_text("utf-8", "replace")[-2000:])

    def crash(self) -> None:
        """Kill the server and all that it started, without a word."""
        os.killpg(self._process.pid, signal.SIGKILL)
        for child in _children(self.folder):
            _kill(child)
        self._process.wait(60)

    def stop(self) -> None:
        """Stop and leave nothing behind."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGQUIT)
            try:
                self._process.wait(60)
            except subprocess.TimeoutExpired:
                self.crash()
        shutil.rmtree(self.folder, ignore_errors=True)

    def conninfo(self, name: str) -> str:
        """For psycopg."""
        return f"host={self.folder} user=pramshed dbname={name}"

    def url(self, name: str) -> str:
        """For the store."""
        return f"postgresql+psycopg://pramshed@/{name}?host={self.folder}"

    def sql(self, statement: str, name: str = "postgres") -> list[tuple[object, ...]]:
        """Run a statement outside of any transaction."""
        with psycopg.connect(self.conninfo(name), autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    @contextmanager
    def database(self):
        """The address of a new database; dropped afterwards."""
        name = f"db{next(_numbers)}"
        self.sql(f"CREATE DATABASE {name}")
        try:
            yield self.url(name)
        finally:
            self.sql(f"DROP DATABASE {name} WITH (FORCE)")

    def emptied(self) -> str:
        """The address of a store without anything in it: always the same one, which is quicker than a new one."""
        self.sql(
            "SET session_replication_role = replica; "  # no references and no protection of the trail for this once
            + "; ".join(f'DELETE FROM "{name}"' for name in metadata.tables)
            + "; SELECT setval(seqrelid::regclass, 1, false) FROM pg_sequence",
            "emptied",
        )
        return self.url("emptied")

    def make_store(self) -> None:
        """The store that is emptied again and again."""
        self.sql("CREATE DATABASE emptied")
        Database.connect(self.url("emptied")).close()


def _children(folder: Path) -> list[int]:
    """Processes of the server in that folder that its process group does not hold."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            there = (entry / "cwd").resolve(strict=True)
        except OSError:
            continue
        if there == folder / "data":
            found.append(int(re.sub(r"\D", "", entry.name)))
    return found


def _kill(process: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)
