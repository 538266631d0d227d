"""Links to the dashboard's own pages, and their QR codes."""

from __future__ import annotations

import io
from urllib.parse import urlencode, urlsplit

import segno
import streamlit as st

from layers import cache


def address_of(page: str, **query: str) -> str:
    """The address of a page, as a reader would type it.

    Parameters
    ----------
    page
        Its path.
    query
        What stands behind the question mark.
    """
    return f"{_home()}/{page}?{urlencode(query)}"


def _home() -> str:
    """The setting ``PRAMSHED_ADDRESS``; failing that, where this browser found us."""
    said = cache.deployment.settings().address.rstrip("/")
    if said:
        return said
    here = urlsplit(str(st.context.url or ""))
    folder = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"{here.scheme}://{here.netloc}" + (f"/{folder}" if folder else "") if here.netloc else ""


def code_of(address: str) -> str:
    """The address as a QR code: SVG text, without a size of its own."""
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="svg", xmldecl=False, omitsize=True, border=2)
    return out.getvalue().decode()
