"""The reports of an authority and of all its wards, in a folder with an index; on all cores, all or nothing."""

from __future__ import annotations

import ctypes
import gc
import logging
import multiprocessing
import os
import signal
import sys
import threading
import warnings
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import typst

from geo.errors import PramshedError, RequestError
from layers.files.drafts import put
from layers.reports.content.figures import MOST_DEPRIVED
from layers.reports.content.findings import look
from layers.reports.figure import Figure
from layers.reports.gather import report_of
from layers.reports.pack import files_of, require_room, write_files
from layers.reports.writers.html import Entry, index_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from multiprocessing.synchronize import Event

    from data.place import Place
    from layers.answers.community_sites import Published
    from layers.reports.content.findings import Whole
    from layers.reports.request import ReportRequest

MOST_WORKERS = 2
"""As many processes at once at most: each holds a place and all libraries, about half a gigabyte."""

AUTHORITY = ""
"""What stands for the authority among the codes of its wards."""

FIGURES = ("under5_beyond", "areas_far", "most_deprived_beyond", "lost_beyond")
"""Figures that the index has a column for, where a report has them."""

_TYPST_KEEPS = 10
_LINKS = {"web page": "report.html", "PDF": "report.pdf", "spreadsheet": "tables.xlsx", "map layers": "layers.gpkg"}


@dataclass(frozen=True, kw_only=True)
class Ward:
    """A report of the folder: of a ward, or of the authority, whose code is `AUTHORITY`.

    ``folder`` is where its files are; empty where there is no report, and ``fault`` says why. ``none`` says which
    of the figures that it lacks, by key, have nothing to count; whatever else it lacks is not known.
    """

    code: str
    name: str
    folder: str = ""
    fault: str = ""
    figures: Mapping[str, Figure]
    none: Mapping[str, str] = field(default_factory=dict)
    title: str = ""
    answer: str = ""
    credits: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class _Work:
    """What every worker is given, once."""

    place: Place
    request: ReportRequest
    spaces: Published | None
    draft: Path
    names: Mapping[str, str]
    """Name of each ward by its code."""

    def name_of(self, code: str) -> str:
        """What a report is of."""
        return self.names[code] if code else self.place.card.name


def make_all(
    place: Place,
    request: ReportRequest,
    folder: Path,
    *,
    workers: int | None = None,
    spaces: Published | None = None,
    step: Callable[[int, int, str], None] | None = None,
) -> tuple[Ward, ...]:
    """Write the report of an authority and of each of its wards, and a page that lists them.

    A ward of which no report can be made (it has no street data) is in the list with the reason, and has no files;
    whatever else goes wrong, nothing is written.

    Parameters
    ----------
    place
        The place.
    request
        What is asked, of the authority as a whole.
    folder
        Where the reports go, each in a folder of its own: not there yet, or empty.
    workers
        How many processes share the work: as many as there are cores if None, `MOST_WORKERS` at most. One does all in
        this process. The files are the same.
    spaces
        The published marks, where community spaces count.
    step
        Told how many reports are done, of how many, and whose the last one was.

    Returns
    -------
    tuple of Ward
        The authority, then the wards by their name.

    Raises
    ------
    RequestError
        The request is about a part of the place, the place has no wards, or the folder cannot be written.
    """
    if request.ward or request.areas:
        message = "all wards are reported on, or a part of the place is: not both"
        raise RequestError(message)
    require_room(folder)
    areas = place.areas()
    known = (
        areas[["ward_code", "ward_name"]].dropna().drop_duplicates("ward_code").sort_values(["ward_name", "ward_code"])
    )
    if known.empty:
        message = f"no wards are known in {place.card.name} (build --wards), so there are no reports of wards"
        raise RequestError(message)
    names = dict(zip(known["ward_code"], known["ward_name"], strict=True))
    codes = (AUTHORITY, *names)
    workers = workers or min(_cores(), MOST_WORKERS)
    made: dict[str, Ward] = {}

    def fill(draft: Path) -> None:
        draft.mkdir()
        work = _Work(place=place, request=request, spaces=spaces, draft=draft, names=names)
        for ward in _alone(work, codes) if workers == 1 else _together(work, codes, workers):
            made[ward.code] = ward
            if step is not None:
                step(len(made), len(codes), ward.name)
        for code in codes:
            made[code] = _moved(made[code], draft)
        (draft / "index.html").write_bytes(_index(made[AUTHORITY], [made[code] for code in names]))

    put(folder, fill)
    return tuple(made[code] for code in codes)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _alone(work: _Work, codes: Iterable[str]) -> Iterator[Ward]:
    whole = look(work.place, work.request, work.spaces)
    for code in codes:
        yield _write(whole, work, code)
        _tidy()


def _together(work: _Work, codes: Iterable[str], workers: int) -> Iterator[Ward]:
    """The reports as they are done, by processes that each open the place once.

    They are started afresh and not forked: a copy of a process with threads (numba's, the dashboard's) may hang.
    """
    context = multiprocessing.get_context("spawn")
    stop = context.Event()
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_start, initargs=(work, stop))
    try:
        with _interrupts_later():
            waiting = [pool.submit(_next, code) for code in codes]
        for future in as_completed(waiting):
            done = future.result()
            if isinstance(done, str):
                raise RequestError(done)
            yield done
    except BrokenProcessPool as fault:
        message = f"{work.place.card.name}: a part of the work was ended from outside, perhaps for want of memory"
        raise RequestError(message) from fault
    finally:
        stop.set()
        pool.shutdown(wait=True, cancel_futures=True)  # who still writes is waited for, so that no file comes after


@contextmanager
def _interrupts_later() -> Iterator[None]:
    """What is started here does not hear Ctrl-C, from its first moment on; this process hears it afterwards."""
    if threading.current_thread() is not threading.main_thread():  # Python tells the main thread alone
        yield
        return
    heard: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: heard.append(number))
    if masked := hasattr(signal, "pthread_sigmask"):  # a new process has the mask of the thread that starts it
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        if masked:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        signal.signal(signal.SIGINT, before)
        if heard:
            signal.raise_signal(signal.SIGINT)


_HERE: dict[str, tuple[Whole | str, _Work, Event]] = {}
"""What this worker has open, or why it has nothing; and whether it should stop."""


def _start(work: _Work, stop: Event) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first process is told, and ends the others
    warnings.simplefilter("ignore")
    logging.getLogger("pyogrio").setLevel(logging.CRITICAL)
    threading.Thread(target=_end_with_the_first, daemon=True).start()
    if stop.is_set():
        _HERE["now"] = "stopped", work, stop
        return
    try:
        _HERE["now"] = look(work.place, work.request, work.spaces), work, stop
    except PramshedError as fault:
        _HERE["now"] = str(fault), work, stop


def _end_with_the_first() -> None:
    """A worker whose first process was killed would wait for work for ever."""
    first = multiprocessing.parent_process()
    if first is not None:
        first.join()
        os._exit(1)


def _next(code: str) -> Ward | str:
    """A ward's report, or what went wrong in a line: not every error can pass from one process to another."""
    whole, work, stop = _HERE["now"]
    if isinstance(whole, str) or stop.is_set():
        return whole if isinstance(whole, str) else "stopped"
    try:
        return _write(whole, work, code)
    except Exception as fault:  # noqa: BLE001 (said by the first process, with the ward's name)
        said = str(fault) if isinstance(fault, PramshedError) else f"{type(fault).__name__}: {fault}"
        return f"{work.name_of(code)}: {' '.join(said.split())}"
    finally:
        _tidy()


def _tidy() -> None:
    """Give back what the last report took, so that the fortieth has as much room as the first.

    Without this, two workers grow past 2.5 GB over the wards of the Isle of Wight; with it they stay within 1.5 GB.
    Typst keeps its work on a document until ten others have been written: empty ones will do. What is freed then goes
    back to the system where the C library can be told to.
    """
    nothing = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[])
    for _ in range(_TYPST_KEEPS + 1):
        typst.compile(b"", font_paths=nothing)
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is not None:
        trim(0)


def _write(whole: Whole, work: _Work, code: str) -> Ward:
    """Write a report to the draft, in a folder named by its code for the time being."""
    name = work.name_of(code)
    try:
        report = report_of(whole, replace(work.request, ward=code or None))
    except PramshedError as fault:
        if not code:
            raise
        return Ward(code=code, name=name, fault=str(fault), figures={})
    write_files(files_of(report), work.draft / _waiting(code))
    return Ward(
        code=code, name=name, folder=report.key, title=report.title, answer=report.answer, credits=report.credits,
        figures={figure: report.figures[figure] for figure in FIGURES if figure in report.figures},
        none=_none(whole, report.request),
    )  # fmt: skip


def _none(whole: Whole, request: ReportRequest) -> dict[str, str]:
    """Which figures a report can lack because there is nothing to count."""
    fifths = whole.groups.loc[request.chosen(whole.areas), "deprivation"]
    none_poor = fifths.notna().all() and not (fifths == MOST_DEPRIVED).any()
    said = {"most_deprived_beyond": "none live here"} if none_poor else {}
    return said | ({} if whole.lost is None else {"lost_beyond": "none known"})


def _waiting(code: str) -> str:
    return f".{code or 'authority'}"


def _moved(ward: Ward, draft: Path) -> Ward:
    """The report with its folder in its place: by the report's key, and the code where another has the same key."""
    if not ward.folder:
        return ward
    folder = f"{ward.folder}-{ward.code.lower()}" if (draft / ward.folder).exists() else ward.folder
    (draft / _waiting(ward.code)).replace(draft / folder)
    return replace(ward, folder=folder)


def _index(authority: Ward, wards: list[Ward]) -> bytes:
    def entry(ward: Ward) -> Entry:
        title = ward.name if ward.folder else f"{ward.name} (no report: {ward.fault})"
        links = {what: f"{ward.folder}/{file}" for what, file in _LINKS.items()} if ward.folder else {}
        return Entry(
            key=ward.folder or ward.code.lower(), title=title, figures=ward.figures, none=ward.none, links=links
        )

    return index_of(
        [entry(ward) for ward in wards], title=authority.title, answer=authority.answer, total=entry(authority),
        credits=authority.credits,
    )  # fmt: skip
