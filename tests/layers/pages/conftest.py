"""Pages as a link opens them."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from layers import cache
from tests.layers.report_page import PAGE


@pytest.fixture
def open_page(visit, monkeypatch):
    """Open the page as a link does; its map is a dot."""
    dot = io.BytesIO()
    Image.new("RGB", (1, 1)).save(dot, "PNG")
    monkeypatch.setattr(cache.reports, "picture", lambda *_: dot.getvalue())
    return lambda **query: visit(PAGE, **query)
