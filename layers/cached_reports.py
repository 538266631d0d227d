"""Reports, gathered once for all readers: what is found for a place, the report on a part of it, its first map."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from data.place import Place
from layers import cached, cached_marks
from layers.community.spaces import Published
from layers.reports.content.findings import look
from layers.reports.gathering import report_of
from layers.reports.request import as_dict

if TYPE_CHECKING:
    from layers.reports.content.findings import Whole
    from layers.reports.report import Report
    from layers.reports.request import ReportRequest

PREVIEW_MM, PREVIEW_DPI = (174.0, 140.0), 100
"""Width and height of the map on the page, and its dots to the inch."""


def report(place: Place, request: ReportRequest) -> Report:
    """The report that is asked for, read-only.

    Raises
    ------
    RequestError, InputError
        As `layers.reports.gathering.gather`.
    """
    return _report(str(place.folder), cached.stamp(place), _named(place, request), request)


def _named(place: Place, request: ReportRequest) -> str:
    """All of a request as text: Streamlit tells frozen values by their fields, and kinds of change may share those."""
    marks = [question.community for question in request.questions]
    return json.dumps([as_dict(request, place.card.key), marks], sort_keys=True)


@st.cache_resource(max_entries=8, show_spinner="Gathering the report…")
def _report(folder: str, of: str, named: str, _request: ReportRequest) -> Report:  # noqa: ARG001
    place, every = Place.open(Path(folder)), replace(_request, ward=None, areas=(), name="")
    return report_of(_whole(folder, of, _named(place, every), every), _request)


@st.cache_resource(max_entries=3, show_spinner=False)  # few: each holds the tables of a whole authority
def _whole(folder: str, of: str, named: str, _request: ReportRequest) -> Whole:  # noqa: ARG001 (parts of the key)
    place, question = Place.open(Path(folder)), _request.question
    number = question.community
    spaces = None if number is None else Published(number, cached_marks.marks(place.card.key, number))
    return look(place, _request, spaces, on=cached.ground(place, question.profile))


def picture(place: Place, request: ReportRequest) -> bytes:
    """The first map of a report as PNG, for a screen."""
    return _picture(str(place.folder), cached.stamp(place), _named(place, request), request)


@st.cache_data(max_entries=16, show_spinner="Drawing the map…")
def _picture(folder: str, of: str, named: str, _request: ReportRequest) -> bytes:
    from layers.reports.forms.drawing import draw  # noqa: PLC0415 (it loads slowly, and not everybody looks at a report)

    found = _report(folder, of, named, _request)
    width, height = PREVIEW_MM
    plan = next(iter(found.maps.values()))
    return draw(plan, width_mm=width, height_mm=height, dpi=PREVIEW_DPI, credits=found.credits)
