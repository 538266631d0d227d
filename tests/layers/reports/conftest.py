"""Reports made once and read by many tests: of the Isle of Wight, of a ward of it, and of Leeds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from data.place import Place
from geo.changes import CloseSite
from layers.answers.question import Question
from layers.reports import pack as packing
from layers.reports.content.findings import look
from layers.reports.gather import gather, report_of
from layers.reports.pack import files_of, write_files
from layers.reports.request import ReportRequest
from tests.layers.conftest import ISLAND

DAY = date(2026, 6, 1)
WARD = "E05013395"
"""Ventnor & St Lawrence: three neighbourhoods, with small counts."""


@pytest.fixture(scope="module", autouse=True)
def _streets_once(streets_once):
    """The island's streets are read, and its homes joined to them, once for all reports."""
    with pytest.MonkeyPatch.context() as patch:
        streets_once.patch(patch)
        yield


@pytest.fixture(scope="session")
def island() -> Place:
    """The bundled place."""
    return Place.open(ISLAND)


@pytest.fixture(scope="session")
def asked() -> ReportRequest:
    """What the reports are asked for."""
    return ReportRequest(question=Question(day=DAY))


@pytest.fixture(scope="session")
def whole(island, asked):
    """What is found for the Isle of Wight."""
    return look(island, asked)


@pytest.fixture(scope="session")
def report(whole, asked):
    """The report on the Isle of Wight."""
    return report_of(whole, asked)


@pytest.fixture(scope="session")
def ward_report(whole):
    """The report on one of its wards."""
    return report_of(whole, ReportRequest(question=Question(day=DAY), ward=WARD))


@pytest.fixture(scope="session")
def ward_reports(whole):
    """The reports on all of its wards, by the ward's code."""
    codes = sorted(whole.areas["ward_code"].unique())
    return {code: report_of(whole, ReportRequest(question=Question(day=DAY), ward=code)) for code in codes}


@pytest.fixture(scope="session")
def pack(report, tmp_path_factory) -> Path:
    """The folder of all files of the report on the Isle of Wight, its maps in few dots."""
    folder = tmp_path_factory.mktemp("pack") / "island"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(packing, "PRINT_DPI", 100)
        write_files(files_of(report), folder)
    return folder


@pytest.fixture(scope="session")
def closing(island, whole):
    """What is found for a scenario that closes the centre in Ryde."""
    question = Question(day=DAY)
    site = whole.asked.sites.index[whole.asked.sites["name"] == "Ryde Children's Centre"][0]
    request = ReportRequest(
        question=replace(question, changes=(CloseSite(site),)), before=question, scenario="Close Ryde"
    )
    return look(island, request, on=whole.ground)


@pytest.fixture(scope="session")
def closed(island, whole):
    """The report on a scenario that closes every centre."""
    question = Question(day=DAY)
    changes = tuple(CloseSite(str(site)) for site in whole.asked.sites.index)
    request = ReportRequest(
        question=replace(question, changes=changes), before=question, scenario="None left", new_sites=1
    )
    return gather(island, request, on=whole.ground)


@pytest.fixture(scope="session")
def two_days(island, whole):
    """What is found for two days on which the same walks lead to a site that counts."""
    question = Question(day=DAY)
    request = ReportRequest(question=question, before=replace(question, day=date(2015, 1, 1)), new_sites=0)
    return look(island, request, on=whole.ground)


@pytest.fixture(scope="session")
def leeds(real_place) -> Place:
    """Leeds, with the council's word on its closures."""
    return real_place("leeds-review")


@pytest.fixture(scope="session")
def leeds_whole(leeds, asked):
    """What is found for Leeds."""
    return look(leeds, asked)


@pytest.fixture(scope="session")
def leeds_report(leeds_whole, asked):
    """The report on Leeds."""
    return report_of(leeds_whole, asked)
