"""Reports, gathered once for all readers: findings for a place, the report on a part of it, its first map."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from layers.answers.community_sites import Published
from layers.cache.keys import data, resource
from layers.cache.marks import marks
from layers.cache.places import ground
from layers.reports.content.findings import look
from layers.reports.gather import report_of

if TYPE_CHECKING:
    from data.place import Place
    from layers.reports.content.findings import Whole
    from layers.reports.report import Report
    from layers.reports.request import ReportRequest

PREVIEW_MM, PREVIEW_DPI = (174.0, 140.0), 100
"""Width and height of the map on the page, and its dots to the inch."""


@resource(max_entries=8, show_spinner="Gathering the report…")
def report(place: Place, request: ReportRequest) -> Report:
    """The report that is asked for, read-only.

    Raises
    ------
    RequestError, InputError
        As `layers.reports.gather.gather`.
    """
    return report_of(_whole(place, replace(request, ward=None, areas=(), name="")), request)


@resource(max_entries=3)  # few: each holds the tables of a whole authority
def _whole(place: Place, request: ReportRequest) -> Whole:
    number = request.question.community
    spaces = None if number is None else Published(number, marks(place.card.key, number))
    return look(place, request, spaces, on=ground(place, request.question.profile))


@data(max_entries=16, show_spinner="Drawing the map…")
def picture(place: Place, request: ReportRequest) -> bytes:
    """The first map of a report as PNG, for a screen."""
    from layers.reports.writers.print_map import draw  # noqa: PLC0415 (slow to load, and not everybody looks at a report)

    found = report(place, request)
    width, height = PREVIEW_MM
    plan = next(iter(found.maps.values()))
    return draw(plan, width_mm=width, height_mm=height, dpi=PREVIEW_DPI, credits=found.credits)
