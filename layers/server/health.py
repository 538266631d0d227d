"""``/health``: whether the dashboard can do its work, for whoever watches over it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse
from starlette.routing import Route

from geo.errors import PramshedError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from starlette.requests import Request

_LEAST_FREE = 500_000_000
"""Bytes: with less room on the disk of the marks, they and their backups may soon not be written."""


@dataclass(frozen=True)
class Health:
    """What is looked at.

    Parameters
    ----------
    database
        Asks the store for something small; raises if it does not answer.
    places
        How many places can be opened, and how many cannot.
    disk
        A folder on the disk that is written to.
    """

    database: Callable[[], object]
    places: Callable[[], tuple[int, int]]
    disk: Path

    def seen(self) -> dict[str, object]:
        """What is well and what is not: ``well`` and a line each; numbers and yes or no, nothing of anybody."""
        opened, shut = self.places()
        free = shutil.disk_usage(self.disk).free
        database = _answers(self.database)
        return {
            "well": database and opened > 0 and free >= _LEAST_FREE,
            "database": database,
            "disk_free_mb": free // 1_000_000,
            "places": opened,
            "places_that_cannot_be_opened": shut,
        }

    def route(self, folder: str) -> Route:
        """``GET /health`` below the folder that the dashboard is served from: 200 if all is well, otherwise 503."""

        async def health(_: Request) -> JSONResponse:
            seen = await run_in_threadpool(self.seen)
            return JSONResponse(seen, 200 if seen["well"] else 503, {"cache-control": "no-store"})

        return Route(f"{folder}/health", health)


def _answers(ask: Callable[[], object]) -> bool:
    try:
        ask()
    except (PramshedError, OSError):
        return False
    return True
