"""Signing in with a passphrase: a page and a cookie of our own, since Streamlit's pages can give no cookie."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from data.store.sign_ins import LONGEST
from geo.errors import DeniedError, StoreError, TooOftenError
from layers.html import fill

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

    from data.store.store import Store
    from layers.server.served import Served

ADDRESS = "/sign-in"
_PAGE = Path(__file__).with_suffix(".html.jinja")
_MOST_BYTES = 8_000
_BACK = re.compile(r"moderate(\?[\w=&%.,~-]*)?", re.ASCII)
"""Where somebody may be sent afterwards: the page of moderation, with its place and its mark."""
_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'"


def cookie_name(*, secure: bool) -> str:
    """What the cookie of somebody who has signed in is called."""
    return "__Host-pramshed-desk" if secure else "pramshed-desk"


@dataclass(frozen=True)
class SigningIn:
    """The page.

    Parameters
    ----------
    served
        How the dashboard is served.
    store
        Gives the store of marks, whose people sign in.
    """

    served: Served
    store: Callable[[], Store]

    @property
    def routes(self) -> list[Route]:
        """``GET`` and ``POST /sign-in``, below the folder that the dashboard is served from."""
        address = f"{self.served.folder}{ADDRESS}"
        return [Route(address, self._show, methods=["GET"]), Route(address, self._try, methods=["POST"])]

    async def _show(self, request: Request) -> Response:
        return self._page(back_of(request.query_params.get("to", "")))

    async def _try(self, request: Request) -> Response:
        size = request.headers.get("content-length", "")
        if not size.isdecimal() or int(size) > _MOST_BYTES:
            return self._page("moderate", "Too much was sent.", 413)
        said = {name: values[0] for name, values in parse_qs((await request.body()).decode("utf-8", "replace")).items()}
        back = back_of(said.get("to", ""))
        client = request.client.host if request.client else ""
        try:
            token = await run_in_threadpool(self._let_in, said.get("name", ""), said.get("passphrase", ""), client)
        except TooOftenError as fault:
            return self._page(back, f"{str(fault)[:1].upper()}{str(fault)[1:]}.", 429)
        except DeniedError as fault:
            return self._page(back, f"{str(fault)[:1].upper()}{str(fault)[1:]}.", 403)
        except StoreError:
            return self._page(back, "Signing in does not work just now. Please try again in a while.", 503)
        answer = RedirectResponse(f"{self.served.folder}/{back}", 303)
        answer.set_cookie(
            cookie_name(secure=self.served.secure), token, max_age=int(LONGEST.total_seconds()), path="/",
            httponly=True, samesite="strict", secure=self.served.secure,
        )  # fmt: skip
        return answer

    def _let_in(self, name: str, passphrase: str, client: str) -> str:
        store = self.store()
        return store.sign_ins.begin(store.accounts.sign_in(name, passphrase, client=client))

    def _page(self, back: str, fault: str = "", status: int = 200) -> Response:
        html = fill(_PAGE, folder=self.served.folder, to=back, fault=fault)
        return HTMLResponse(html, status, {"content-security-policy": _POLICY, "cache-control": "no-store"})


def back_of(said: str) -> str:
    """Where somebody is sent afterwards, if it is a page of ours: ``moderate?mark=mark-abcdefghijkl``."""
    return said if _BACK.fullmatch(said) else "moderate"
