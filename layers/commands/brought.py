"""Files that somebody brings to the page Places: kept in a private folder, built by a process, and cleared."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Annotated

import typer

from data.build.inputs import Inputs
from data.build.recognise import ENDINGS
from data.fetch.arrival import disk
from data.gather.jobs import FOLDER, Job, Progress, now
from data.place import key_of
from geo.errors import InputError, RequestError
from layers.commands.deployment import fetch_settings, local_places
from layers.commands.removing import tidy
from layers.commands.starting import LOCK, LONGEST, start
from layers.commands.terminal import progress, teller
from layers.commands.working import at_work

UPLOADS, LARGE = ".uploads", "brought"
"""In the folder of what is fetched: a folder for each browser's files; that for files too large to be dropped."""

MOST_FILES = 40
MOST_BYTES = 500 << 20
"""Bytes of one browser's files together."""

OLD = 86_400.0
"""Seconds after which files are cleared that nobody has built from."""

_PLAN = "plan.json"
_MANY = ("streets", "postcodes", "population", "census", "centres", "lookups", "area_names", "closures")
_NEEDED = ("streets", "boundaries", "postcodes", "deprivation", "population", "centres")


@dataclass(frozen=True)
class Shelf:
    """Where one browser's files are kept: a folder that only this account may read."""

    folder: Path

    @classmethod
    def new(cls) -> Shelf:
        """An empty one; what others left behind long ago is cleared.

        Raises
        ------
        InputError
            The folder cannot be written.
        """
        within = fetch_settings().cache / UPLOADS
        with disk(within):
            within.mkdir(parents=True, exist_ok=True, mode=0o700)
            for path in within.iterdir():
                if time.time() - path.stat().st_mtime > OLD:
                    shutil.rmtree(path, ignore_errors=True)
            return cls(Path(tempfile.mkdtemp(dir=within)))

    @property
    def there(self) -> bool:
        """Whether it has not been cleared."""
        return self.folder.is_dir()

    def files(self) -> tuple[Path, ...]:
        """Its files by name."""
        return tuple(sorted(path for path in self.folder.glob("[!.]*") if path.is_file() and path.name != _PLAN))

    def keep(self, name: str, content: bytes) -> Path:
        """Keep a file; one of the same name is replaced.

        Raises
        ------
        RequestError
            There are too many, or they are too large together.
        """
        path = self.folder / safe_name(name)
        others = [one for one in self.files() if one != path]
        if len(others) >= MOST_FILES or sum(one.stat().st_size for one in others) + len(content) > MOST_BYTES:
            message = f"at most {MOST_FILES} files and {MOST_BYTES >> 20} MB are kept: remove some first"
            raise RequestError(message)
        with disk(self.folder):
            path.write_bytes(content)
        return path

    def take_away(self, name: str) -> None:
        """Delete one of its files."""
        (self.folder / safe_name(name)).unlink(missing_ok=True)

    def clear(self) -> None:
        """Delete it with all its files."""
        shutil.rmtree(self.folder, ignore_errors=True)


def safe_name(name: str) -> str:
    """A file's name without any folder, and such as it can be in every system."""
    last = PurePosixPath(name.replace("\\", "/")).name
    return re.sub(r"[^\w. ()-]+", "_", last).strip(". ")[-120:] or "file"


def large_files() -> tuple[Path, ...]:
    """The files that whoever runs this has put into its folder, as they are too large to be dropped on a page."""
    found = (fetch_settings().cache / LARGE).glob("[!.]*")
    endings = tuple(f".{one}" for one in ENDINGS)
    return tuple(
        sorted(
            path for path in found if path.is_file() and not path.is_symlink() and path.name.lower().endswith(endings)
        )
    )


def start_build(
    shelf: Shelf, name: str, authority: str, files: dict[str, list[Path]], *, children_published: bool = False
) -> Job:
    """Build a place of these files, in a process of its own.

    Parameters
    ----------
    shelf
        Where they are kept; cleared when the place is whole.
    name, authority
        What the place is called; the authority's code.
    files
        Files by the field of `data.build.inputs.Inputs`.
    children_published
        Whether the table of children is; otherwise it is private, see `data.build.children`.

    Raises
    ------
    RequestError
        The name says nothing, or a build of it goes on already.
    """
    name = " ".join(name.split())
    if not key_of(name) or len(name) > LONGEST or not name.isprintable():
        message = "give the place a name with letters or figures in it"
        raise RequestError(message)
    plan = {
        "name": name,
        "authority": authority,
        "children_published": children_published,
        "files": {field: [str(path) for path in paths] for field, paths in files.items()},
    }
    (shelf.folder / _PLAN).write_text(json.dumps(plan), "utf-8")
    job = Job(fetch_settings().cache / FOLDER, f"files-{key_of(name)[:80]}")
    begins = Progress(key=job.key, wanted=name, name=name, kind="build", of=_steps(), began=now())
    start(job, begins, ("build-brought", "--held", LOCK, str(shelf.folder)))
    return job


def _steps() -> int:
    from data.build.pipeline import STEPS

    return len(STEPS)


def read_plan(folder: Path) -> Inputs:
    """What is to be built of the files that are kept in a folder.

    Raises
    ------
    InputError
        A file that there is no place without is not there.
    """
    raw = json.loads((folder / _PLAN).read_text("utf-8"))
    files = {field: tuple(map(Path, paths)) for field, paths in raw["files"].items() if paths}
    missing = [field for field in _NEEDED if field not in files]
    gone = [path.name for paths in files.values() for path in paths if not path.is_file()]
    if missing or gone:
        raise InputError(
            folder.name, expected="every file that a place needs", found=f"no {', '.join(missing or gone)}"
        )
    given = {field: paths if field in _MANY else paths[-1] for field, paths in files.items()}
    return Inputs(name=raw["name"], authority=raw["authority"], children_published=raw["children_published"], **given)


def build_brought(
    folder: Annotated[Path, typer.Argument(help="Where the page keeps the files.")],
    *,
    inherited: Annotated[int | None, typer.Option("--held", hidden=True, help="The job's lock, open.")] = None,
) -> None:
    """Build a place of files that were brought to the page Places; that page starts it."""
    from data.build.pipeline import STEPS, build

    cache, shelf = fetch_settings().cache, Shelf(folder.resolve())
    if shelf.folder.parent != (cache / UPLOADS).resolve():
        message = "only files that were brought to the page Places are built so: see `cli.py build`"
        raise RequestError(message)
    name = str(json.loads((shelf.folder / _PLAN).read_text("utf-8"))["name"])
    job = Job(cache / FOLDER, f"files-{key_of(name)[:80]}")
    begins = Progress(key=job.key, wanted=name, name=name, kind="build", of=len(STEPS))
    hide = (shelf.folder, cache.resolve(), cache, local_places())
    with at_work(job, begins, inherited=inherited, hide=hide) as work, progress() as bar:
        tell = teller(bar, len(STEPS))

        def step(what: str) -> None:
            tell(STEPS.index(what), what)
            work.step(STEPS.index(what), what)

        tidy(local_places())
        inputs = read_plan(shelf.folder)
        place = build(inputs, local_places() / key_of(inputs.name), step=step)
        work.ended(place.card.key, place.card.name)
    shelf.clear()
