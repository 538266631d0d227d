"""Long work in a process of its own: how far it is, in a small file that all may read; one at a time by a lock."""

from __future__ import annotations

import fcntl
import json
import os
import re
import time
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING, Any, Literal

from data.england.authorities import read_authorities
from data.fetch.arrival import disk
from data.place import key_of
from data.services.authorities import find_authority
from geo.errors import PramshedError

if TYPE_CHECKING:
    from pathlib import Path

    from data.gather.authority import StreetsBy

FOLDER = ".jobs"
"""In the folder of what is fetched."""

_TRIES, _PAUSE = 5, 0.02
"""Whoever only looks whether a lock is held has it for a moment."""

Status = Literal["running", "done", "failed", "cancelled"]


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far the work is; the whole of it is public, so that no folder of the machine is in it.

    Parameters
    ----------
    key
        Of the job.
    wanted
        The request: an authority's name or code; a place's name.
    name
        What people call it.
    kind
        ``fetch``; ``build`` of files that somebody brought; ``look`` for newer editions.
    streets
        Whose streets are fetched: see `data.gather.authority.StreetsBy`.
    status
        As the process wrote it last. One that was killed has written ``running`` (`Job.progress` tells).
    step, done, of
        What is being done, how many steps are behind it, how many there are.
    asking, arrived, whole
        Who is asked for what; bytes of it that are there, and of the whole; None where that is not known.
    fetched
        Bytes that have come in all.
    said
        The last sentences that were told.
    fault, sort
        Why it failed, in a line; and whose fault: ``service``, ``input`` or ``request``.
    unreached
        Whether nobody could be reached at all.
    place
        Key of the place that came of it.
    remarks
        What could not be had: the place was built without.
    began, changed
        ISO, UTC.
    """

    key: str
    wanted: str
    name: str
    kind: Literal["fetch", "build", "look"] = "fetch"
    streets: StreetsBy = "geofabrik"
    status: Status = "running"
    step: str = ""
    done: int = 0
    of: int = 0
    asking: str = ""
    arrived: int = 0
    whole: int | None = None
    fetched: int = 0
    said: tuple[str, ...] = ()
    fault: str = ""
    sort: str = ""
    unreached: bool = False
    place: str = ""
    remarks: tuple[str, ...] = ()
    began: str = ""
    changed: str = ""

    @property
    def share(self) -> float:
        """How much of the work is done, between 0 and 1; what arrives counts within its step."""
        within = min(1.0, self.arrived / self.whole) if self.whole else 0.0
        return min(1.0, (self.done + within) / self.of) if self.of else 0.0


@dataclass(frozen=True)
class Job:
    """The files of one job.

    Parameters
    ----------
    folder
        Where they are: `FOLDER` in that of what is fetched.
    key
        Lower case letters, figures and hyphens.
    """

    folder: Path
    key: str

    @classmethod
    def of(cls, cache: Path, wanted: str) -> Job:
        """The job that fetches an authority: one and the same by each of its names and codes."""
        return cls(cache / FOLDER, job_key(wanted))

    @property
    def lock(self) -> Path:
        """The file that is held as long as the work goes on."""
        return self.folder / f"{self.key}.lock"

    @property
    def log(self) -> Path:
        """What the process printed."""
        return self.folder / f"{self.key}.log"

    @property
    def _state(self) -> Path:
        return self.folder / f"{self.key}.json"

    @property
    def _cancel(self) -> Path:
        return self.folder / f"{self.key}.cancel"

    def hold(self) -> IO[str] | None:
        """Take the lock; it is gone with the file that is returned, or with the process. None if somebody has it.

        Raises
        ------
        InputError
            The folder cannot be written.
        """
        with disk(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            file = self.lock.open("a+", encoding="ascii")
        for _ in range(_TRIES):
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                time.sleep(_PAUSE)
            else:
                return file
        file.close()
        return None

    @property
    def running(self) -> bool:
        """Whether somebody is at work."""
        try:
            with self.lock.open("r", encoding="ascii") as file:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except FileNotFoundError:
            return False
        except BlockingIOError:
            return True
        return False

    def progress(self) -> Progress | None:
        """How far it is; ``cancelled`` if the process was cut off and wrote nothing more; None if there is nothing."""
        running = self.running  # before it is read: who ends writes first
        try:
            raw: dict[str, Any] = json.loads(self._state.read_text("utf-8"))
            known = {field.name for field in fields(Progress)}
            lists = {"said": tuple(raw.get("said", ())), "remarks": tuple(raw.get("remarks", ()))}
            found = Progress(**{name: value for name, value in (raw | lists).items() if name in known})
        except (OSError, ValueError, TypeError, AttributeError):
            return None
        if found.status == "running" and not running:
            return Progress(**asdict(found) | {"status": "cancelled", "said": (*found.said, CUT_OFF)})
        return found

    def write(self, progress: Progress) -> None:
        """Say how far it is; whoever does so holds the lock."""
        draft = self._state.with_name(f"{self.key}.draft")
        draft.write_text(json.dumps(asdict(progress) | {"changed": now()}, ensure_ascii=False), "utf-8")
        draft.replace(self._state)

    def forget(self) -> None:
        """Take away what is said of work that is over."""
        file = self.hold()
        if file is None:
            return
        with file:
            for path in (self._state, self._cancel, self.log):
                path.unlink(missing_ok=True)

    def ask_to_end(self) -> None:
        """Ask whoever is at work to end; what has arrived is kept."""
        if self.running:
            self._cancel.touch()

    @property
    def asked_to_end(self) -> bool:
        """Whether somebody asked."""
        return self._cancel.exists()

    def take_back(self) -> None:
        """Nobody asks to end any more."""
        self._cancel.unlink(missing_ok=True)


CUT_OFF = "The work was cut off."


def jobs(cache: Path) -> tuple[Progress, ...]:
    """All work that goes on or has ended and was not put away, the newest first."""
    names = sorted(path.stem for path in (cache / FOLDER).glob("*.json"))
    found = [one for name in names if (one := Job(cache / FOLDER, name).progress())]
    return tuple(sorted(found, key=lambda one: one.began, reverse=True))


def job_key(wanted: str) -> str:
    """The key of the job that fetches an authority: its code, as far as the bundled list knows it."""
    try:
        return find_authority(wanted, read_authorities()).code.lower()
    except PramshedError:
        return key_of(wanted)[:80] or "unnamed"


def public(said: str, *folders: Path) -> str:
    """A sentence without the folders of the machine."""
    for folder in folders:
        said = said.replace(f"{folder}{os.sep}", "").replace(str(folder), folder.name)
    return re.sub(r"(?<![\w:/.])/(?:[\w.\-]+/)+(?=[\w.\-])", "", said)


def now() -> str:
    """What time it is: ISO, UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")
