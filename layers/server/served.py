"""How the dashboard is served: to which names it answers, who may frame it, and behind what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable

HERE = frozenset({"localhost", "127.0.0.1", "::1"})
"""The names that this machine has for itself."""


@dataclass(frozen=True)
class Served:
    """Parameters of the whole server.

    Parameters
    ----------
    hosts
        Names of this server in lower case, without a port.
    origins
        Addresses that pages of ours come from, as a browser says them, where a proxy gives the server another name.
    secure
        People reach it by HTTPS, so cookies are for HTTPS alone and browsers are told to stay with it.
    embedded_by
        Origins that may show the dashboard in a frame, besides itself.
    forwarded_by
        Addresses of the proxies in front, which are believed about whom they forward for; none if it stands alone.
    folder
        Below which it is served, with a stroke before and none behind; empty for none.
    """

    hosts: frozenset[str] = HERE
    origins: frozenset[str] = frozenset()
    secure: bool = False
    embedded_by: tuple[str, ...] = ()
    forwarded_by: tuple[str, ...] = ()
    folder: str = ""

    @classmethod
    def of(
        cls, address: str, hosts: Iterable[str] = (), embedded_by: Iterable[str] = (), forwarded_by: Iterable[str] = ()
    ) -> Served:
        """As the settings of a deployment say it: the address as people type it, further names, and the rest."""
        said = urlsplit(address)
        named = {said.hostname} if said.hostname else set()
        return cls(
            hosts=HERE | named | {name.lower() for name in hosts},
            origins=frozenset({f"{said.scheme}://{said.netloc}".lower()} if said.netloc else ()),
            secure=said.scheme == "https",
            embedded_by=tuple(embedded_by),
            forwarded_by=tuple(forwarded_by),
            folder=said.path.rstrip("/"),
        )

    def within(self, path: str) -> str:
        """An address below the folder that the dashboard is served from: ``/pramshed/media/x`` is ``/media/x``."""
        below = path.removeprefix(self.folder)
        return below if not self.folder or (below != path and below.startswith("/")) else path


def hostname(host: str) -> str | None:
    """The name in a ``Host`` header, lower case; None if it is not one."""
    try:
        said = urlsplit(f"//{host}")
        _ = said.port  # a number, and one that a port can have
    except ValueError:
        return None
    plain = said.hostname and not (said.username or said.password or said.path or said.query or said.fragment)
    return said.hostname.rstrip(".") if plain and said.hostname else None
