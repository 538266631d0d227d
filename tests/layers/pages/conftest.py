"""Pages as a link opens them."""

from __future__ import annotations

import io
from functools import partial

import pytest
from PIL import Image
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1.element_tree import Selectbox

from layers import cache
from layers.reports.request import ReportRequest
from layers.views import reports
from tests.layers.report_page import PAGE


@pytest.fixture
def open_page(visit, monkeypatch):
    """Open the page as a link does; its map is a dot."""
    dot = io.BytesIO()
    Image.new("RGB", (1, 1)).save(dot, "PNG")
    monkeypatch.setattr(cache.reports, "picture", lambda *_: dot.getvalue())
    return lambda **query: visit(PAGE, **query)


@pytest.fixture
def no_search(monkeypatch):
    """The page's reports look for no new sites, which takes as long as all the rest of them."""
    monkeypatch.setattr(reports, "ReportRequest", partial(ReportRequest, new_sites=0))


@pytest.fixture
def typed(monkeypatch):
    """A browser sends what was typed as well; the testing library's own select box knows only what is offered."""
    offered = Selectbox._widget_state.fget

    def state(box):
        if isinstance(box.value, str) and box.proto.accept_new_options:
            return WidgetState(id=box.id, string_value=box.value)
        return offered(box)

    monkeypatch.setattr(Selectbox, "_widget_state", property(state))
