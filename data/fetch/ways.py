"""The way to a service: which hosts may be asked, what stands in their place, and where they may send one on to."""

from __future__ import annotations

import re
import ssl
from contextlib import ExitStack, contextmanager
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx2

from data.fetch.again import Again, Refused, in_words
from data.fetch.beginning import Beginning
from data.fetch.hosts import HOSTS, host_of
from geo.errors import InputError, RequestError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from data.fetch.ask import Ask
    from data.fetch.settings import FetchSettings
    from data.fetch.turns import Turns

VERSION = "0.1.0"
"""Of Pramshed, for the User-Agent."""

PROJECT = "an open dashboard of walks to children's centres"
"""Who asks, where no contact is given."""

MOST_HOPS = 5
"""How often a service may send one on."""


class Ways:
    """The connections of one client.

    Parameters
    ----------
    settings
        Hosts, bases, proxy, certificates and time-outs.
    turns
        Whose turn it is at each host.
    """

    def __init__(self, settings: FetchSettings, turns: Turns) -> None:
        self._settings, self._turns = settings, turns
        contact = re.sub(r"[^ -~]", "", settings.contact)
        self._agent = f"Pramshed/{VERSION} (+{contact or PROJECT})"
        self._hosts = {*HOSTS, *settings.hosts, *map(host_of, settings.bases.values())}
        self._open: httpx2.Client | None = None
        self._beginning = Beginning()

    def close(self) -> None:
        """Close the connections."""
        if self._open is not None:
            self._open.close()
            self._open = None

    def base_of(self, address: str) -> str:
        """The address that is asked: that of the catalogue, or what stands in its place."""
        parts = urlsplit(address)
        base = self._settings.bases.get(host_of(address))
        rest = f"{parts.path}?{parts.query}" if parts.query else parts.path
        return address if base is None else f"{base.rstrip('/')}{rest}"

    @contextmanager
    def answer(self, ask: Ask, headers: Mapping[str, str], *, method: str | None = None) -> Iterator[httpx2.Response]:
        """Ask, follow where the service sends one on, and give its answer, of which the body is still to come.

        Raises
        ------
        Refused
            The address, or one that the service sends on to, is no host of the catalogue; nobody trusts its
            certificate; a proxy bars it.
        Again
            No connection, or it was cut.
        """
        address, method, form = ask.address, method or ask.method, ask.form
        # what is made on demand comes packed if it can; a file comes as it is, so that one can go on after a cut
        packing = "identity" if ask.query is None and ask.form is None else "gzip, deflate"
        said = {"User-Agent": self._agent, "Accept": "*/*", "Accept-Encoding": packing, **headers}
        try:
            for _ in range(MOST_HOPS):
                asked = self.base_of(address)
                self._may_be_asked(address, asked)
                http = self._http()
                http.cookies.clear()
                idle = ask.patience or self._settings.idle_seconds
                request = http.build_request(
                    method,
                    asked,
                    data=form,
                    headers=said,
                    timeout=httpx2.Timeout(idle, connect=self._settings.connect_seconds, pool=None),
                    extensions={"trace": self._beginning.trace},
                )
                with ExitStack() as stack:
                    stack.enter_context(self._turns.turn(host_of(address), ask.pace))
                    with self._beginning.within(self._settings.connect_seconds + idle):
                        answer = http.send(request, stream=True)
                    stack.callback(answer.close)
                    if not answer.has_redirect_location:
                        yield answer
                        return
                    address = self._on_to(answer)
                if answer.status_code == 303 or (answer.status_code in {301, 302} and method == "POST"):
                    method, form = "GET", None
        except httpx2.RequestError as fault:
            raise in_words(fault) from None  # its own words may hold a signed address
        except httpx2.InvalidURL:
            raise Refused(found="an address that cannot be read", advice="see the catalogue") from None
        raise Again(found=f"being sent on more than {MOST_HOPS} times", most=2)

    def _may_be_asked(self, address: str, asked: str) -> None:
        url = httpx2.URL(asked)  # as it will be read by who asks, whatever others would read into it
        host = f"{url.host}:{url.port}" if url.port else url.host
        if host not in self._hosts or httpx2.URL(address).userinfo:
            raise Refused(
                found=f"a way on to {host or 'no host at all'}",
                expected="a host of the catalogue",
                advice="a proxy may want you to sign in: open the address in a browser",
            )

    def _on_to(self, answer: httpx2.Response) -> str:
        before, after = answer.url, str(answer.url.join(answer.headers["location"]))
        if before.scheme == "https" and urlsplit(self.base_of(after)).scheme != "https":
            raise Refused(
                found="a way on to an address that anybody can read", expected="https", advice="try again later"
            )
        return after

    def _http(self) -> httpx2.Client:
        """The connections, opened when somebody is first asked."""
        if self._open is None:
            settings = self._settings
            trusted = trusts(settings.certificates)
            try:
                self._open = httpx2.Client(verify=trusted, proxy=settings.proxy)
            except (ValueError, httpx2.InvalidURL):
                message = "the proxy's address cannot be read; it is like http://proxy.example.gov.uk:8080"
                raise RequestError(message) from None
        return self._open


@cache
def trusts(own: Path | None) -> ssl.SSLContext:
    """What the system trusts, and the certificates in a file of our own besides.

    Raises
    ------
    InputError
        There are none in it.
    """
    context = httpx2.create_ssl_context()
    if own is not None:
        try:
            context.load_verify_locations(cafile=own)
        except (OSError, ssl.SSLError) as fault:
            found = "no such file" if isinstance(fault, FileNotFoundError) else "something else"
            raise InputError(own, expected="certificates as text (PEM)", found=found) from fault
    return context
