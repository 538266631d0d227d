"""How files are fetched: where they are kept, who asks, and through which network."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True)
class FetchSettings:
    """What a deployment, a command or a test says about fetching.

    Parameters
    ----------
    cache
        Folder of the kept files; made if it is not there.
    contact
        An address or a page by which a service reaches whoever runs this, for the User-Agent.
    offline
        Ask nobody; use what is kept, however old.
    refresh
        Ask again, once in a run, even for what is fresh.
    hosts
        Hosts that may be asked, or be sent on to, beyond those of the catalogue.
    bases
        For a host of the catalogue the address that is asked in its place, such as a mirror: ``{"api.os.uk":
        "https://mirror.example.gov.uk/os"}``. The path and the parameters follow it.
    pace
        For a host the least seconds between two requests, if not those of the catalogue.
    connect_seconds, idle_seconds, total_seconds
        Limits until a connection stands, between two pieces of an answer, and for a whole answer.
    slowest
        Bytes a second below which an answer is given up once it has taken a minute.
    tries
        How often the same is asked for.
    longest_wait
        Seconds; a service that wants a longer pause is left alone.
    proxy
        Address of the network's proxy; None for what the system's own variables say.
    record
        Folder in which the beginning of every answer is noted, for tests (`data.fetch.record`); None for nowhere.
    certificates
        File of certificates (PEM) that this network's own certificate is signed by, beside the usual ones.
    """

    cache: Path
    contact: str = ""
    offline: bool = False
    refresh: bool = False
    hosts: frozenset[str] = frozenset()
    bases: Mapping[str, str] = field(default_factory=dict)
    pace: Mapping[str, float] = field(default_factory=dict)
    connect_seconds: float = 10.0
    idle_seconds: float = 120.0
    total_seconds: float = 7_200.0
    slowest: float = 1_000.0
    tries: int = 5
    longest_wait: float = 600.0
    proxy: str | None = None
    certificates: Path | None = None
    record: Path | None = None
