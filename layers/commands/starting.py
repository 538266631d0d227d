"""Starting long work in a process of its own, which goes on when whoever started it is gone."""

from __future__ import annotations

import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from data.england.authorities import read_authorities
from data.gather.jobs import FOLDER, Job, Progress, jobs, now
from data.gather.place import STEPS
from geo.errors import RequestError
from layers.commands.deployment import fetch_settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from data.gather.authority import StreetsBy
    from data.place import Place

ROOT = Path(__file__).resolve().parents[2]
COMMAND = (sys.executable, str(ROOT / "cli.py"))
"""What is started: the command line."""

MOST_AT_ONCE = 2
"""So much long work goes on at a time: each takes a processor, and a gigabyte or two while it builds."""

LOCK = "{lock}"
"""Among the words of a command: the number by which it has its lock open."""

LONGEST = 100
"""Characters of a name."""


def start_fetch(wanted: str, streets: StreetsBy = "geofabrik") -> Job:
    """Fetch an authority, or go on where that was broken off.

    Parameters
    ----------
    wanted
        Its name or code, as it was typed.
    streets
        Who gives them.

    Raises
    ------
    RequestError
        That is no name; the authority is being fetched already; or enough goes on as it is.
    """
    wanted = " ".join(wanted.split())
    if not wanted or len(wanted) > LONGEST or not wanted.isprintable():
        message = "type the name or the code of an authority"
        raise RequestError(message)
    job = Job.of(fetch_settings().cache, wanted)
    name = name_of(job.key, wanted)
    began = Progress(key=job.key, wanted=wanted, name=name, streets=streets, of=len(STEPS), began=now())
    start(job, began, ("fetch", "--held", LOCK, "--streets", streets, "--", wanted))
    return job


def looking_key(place: Place) -> str:
    """The key of the job that looks for newer editions of a place's sources."""
    return f"newer-{place.card.key}"


def start_looking(place: Place) -> Job:
    """Ask for the newest editions of a place's sources.

    Raises
    ------
    RequestError
        They are being asked for already; or enough goes on as it is.
    """
    key, name = place.card.key, place.card.name
    job = Job(fetch_settings().cache / FOLDER, looking_key(place))
    start(
        job,
        Progress(key=job.key, wanted=key, name=name, kind="look", began=now()),
        ("fetch", "--check", "--held", LOCK, "--", key),
    )
    return job


def name_of(key: str, wanted: str) -> str:
    """What people call what is fetched."""
    known = read_authorities()
    names = known.loc[known["code"].str.lower() == key, "name"]
    return str(names.iloc[0]) if len(names) else wanted


def start(job: Job, begins: Progress, words: Sequence[str]) -> None:
    """Start a command that holds the job's lock from its first moment on.

    Parameters
    ----------
    job
        Which.
    begins
        What is said of it until it says something itself.
    words
        The command's words; `LOCK` stands for the number by which it has the lock.

    Raises
    ------
    RequestError
        It is at work already, or enough other work goes on.
    """
    if sum(one.status == "running" and one.key != job.key for one in jobs(job.folder.parent)) >= MOST_AT_ONCE:
        message = "two authorities are being fetched or built already; try again when one has finished"
        raise RequestError(message)
    lock = job.hold()
    if lock is None:
        message = f"{begins.name} is being fetched already" if begins.kind != "look" else "they are being asked already"
        raise RequestError(message)
    with lock, job.log.open("wb") as log:
        job.take_back()
        job.write(begins)
        number = str(lock.fileno())
        try:
            process = subprocess.Popen(  # noqa: S603 (the lock is open in it too)
                [*COMMAND, *(number if word == LOCK else word for word in words)],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                pass_fds=(lock.fileno(),),
                start_new_session=True,
            )
        except OSError as fault:
            job.write(
                replace(begins, status="failed", sort="program", fault=f"It cannot be started: {fault.strerror}.")
            )
            return
    threading.Thread(target=process.wait, daemon=True).start()  # so that no dead process is kept


def cancel(key: str) -> None:
    """Ask a job to end; what has arrived is kept for the next time."""
    _job(key).ask_to_end()


def put_away(key: str) -> None:
    """Say no more of a job that is over."""
    _job(key).forget()


def under_way() -> tuple[Progress, ...]:
    """All work that goes on or has ended and was not put away, the newest first."""
    return jobs(fetch_settings().cache)


def _job(key: str) -> Job:
    """One of those there are, for a key comes from a page."""
    found = next((one for one in under_way() if one.key == key), None)
    if found is None:
        message = "that work has already ended"
        raise RequestError(message)
    return Job(fetch_settings().cache / FOLDER, found.key)
