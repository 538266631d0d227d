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
from layers.reports.request import as_dict, from_dict

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
    return _report(str(place.folder), cached.stamp(place), _as_text(place, request))


def _as_text(place: Place, request: ReportRequest) -> str:
    """All of a request as text: Streamlit tells frozen values by their fields, and kinds of change may share those."""
    return json.dumps([as_dict(request, place.card.key), request.question.community], sort_keys=True)


def _from_text(text: str) -> ReportRequest:
    asked, community = json.loads(text)
    return from_dict(asked, "the page").at(community)


@st.cache_resource(max_entries=8, show_spinner="Gathering the report…")
def _report(folder: str, of: str, asked: str) -> Report:
    request = _from_text(asked)
    every = _as_text(Place.open(Path(folder)), replace(request, ward=None, areas=(), name=""))
    return report_of(_whole(folder, of, every), request)


@st.cache_resource(max_entries=3, show_spinner=False)  # few: each holds the tables of a whole authority
def _whole(folder: str, of: str, asked: str) -> Whole:  # noqa: ARG001 (part of the key)
    place, request = Place.open(Path(folder)), _from_text(asked)
    number = request.question.community
    spaces = None if number is None else Published(number, cached_marks.marks(place.card.key, number))
    return look(place, request, spaces, on=cached.ground(place, request.question.profile))


def picture(place: Place, request: ReportRequest) -> bytes:
    """The first map of a report as PNG, for a screen."""
    return _picture(str(place.folder), cached.stamp(place), _as_text(place, request))


@st.cache_data(max_entries=16, show_spinner="Drawing the map…")
def _picture(folder: str, of: str, asked: str) -> bytes:
    from layers.reports.forms.drawing import draw  # noqa: PLC0415 (it loads slowly, and not everybody looks at a report)

    found = _report(folder, of, asked)
    width, height = PREVIEW_MM
    plan = next(iter(found.maps.values()))
    return draw(plan, width_mm=width, height_mm=height, dpi=PREVIEW_DPI, credits=found.credits)
