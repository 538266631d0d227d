"""Pramshed without a browser: the same questions, the same answers."""

from __future__ import annotations

import os
import signal
import sys

_STOPPED = b"pramshed: stopped; nothing half-written was left\n"


def _stop_at_once(*_: object) -> None:
    os.write(2, _STOPPED)
    os._exit(130)


def _stop(*_: object) -> None:
    os.write(2, _STOPPED)
    sys.exit(130)


if __name__ == "__main__":  # loading takes a second, in which nothing is written yet
    signal.signal(signal.SIGINT, _stop_at_once)

import atexit
import gc
import logging
import warnings
from functools import cache
from typing import TYPE_CHECKING

import typer

from geo.errors import PramshedError, RequestError, ServiceError, StoreError, UnknownNameError
from layers.commands.brought import build_brought
from layers.commands.deployment import close_stores
from layers.commands.fetching import fetch
from layers.commands.languages import languages
from layers.commands.marks import marks_app
from layers.commands.measures import access, barriers, clusters, fairness, guidance, lookup
from layers.commands.need import alike, weightings
from layers.commands.places import build, check, network, places
from layers.commands.play import play
from layers.commands.questions import catchment, closures, gaps, reach, route, scenario, site
from layers.commands.reports import replay, report
from layers.commands.serving import serve
from layers.commands.sure import sensitivity
from layers.commands.terminal import errors, shown

if TYPE_CHECKING:
    from collections.abc import Callable

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help=__doc__,
    rich_markup_mode=None,
)
for command in (
    places,
    fetch,
    build,
    check,
    network,
    gaps,
    reach,
    route,
    catchment,
    closures,
    fairness,
    clusters,
    sensitivity,
    weightings,
    alike,
    guidance,
    access,
    barriers,
    play,
    languages,
    lookup,
    scenario,
    site,
    report,
    replay,
    serve,
):
    app.command()(command)
app.command(hidden=True)(build_brought)
app.add_typer(marks_app(), name="marks")


@cache
def command_line() -> Callable[[], object]:
    """All commands with their options, read from their functions once."""
    return typer.main.get_command(app)


def main() -> None:
    """Run, and turn what a person can put right into one line and an exit code."""
    # a command is over in seconds: searching for cycles while libraries load, and once more at the end, costs a third
    gc.set_threshold(100_000)
    atexit.register(gc.freeze)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that nothing half-written stays behind
    signal.signal(signal.SIGINT, _stop)
    logging.getLogger("pyogrio").setLevel(logging.CRITICAL)  # what is wrong with a file is said once, by us
    warnings.simplefilter("ignore")
    try:
        command_line()()
    except PramshedError as fault:
        errors.print(f"pramshed: {shown(str(fault))}", style="red", markup=False)
        asked, served = (RequestError, UnknownNameError), (StoreError, ServiceError)
        sys.exit(2 if isinstance(fault, asked) else 4 if isinstance(fault, served) else 3)
    except OSError as fault:  # a full disk, a name that is too long: nothing that the program could know
        errors.print(f"pramshed: {shown(str(fault.filename or 'output'))}: {fault.strerror}", style="red", markup=False)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what is still to be printed there would fail again
        sys.exit(3)
    finally:
        close_stores()


if __name__ == "__main__":
    main()
