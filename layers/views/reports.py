"""The pieces of the page Reports: its controls, the report's answer, and its files."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from geo.errors import InputError, RequestError
from layers import cache, session
from layers.answers.area_card import area_names
from layers.answers.question import today
from layers.answers.scenario_words import said
from layers.html import html_lines, html_table, plain
from layers.reports.request import ReportRequest, two_days

if TYPE_CHECKING:
    import pandas as pd

    from data.place import Place
    from layers.answers.question import Question
    from layers.reports.report import Report, Section

_SENTENCE = re.compile(r"(?<=[.!?])(?<!\b[A-Z]\.)(?<!\b[A-Z][a-z]\.) (?=[\"A-Z\d])")
"""Where a sentence ends; not behind "St." nor an initial."""
_FEW_WORDS = 4
"""A first sentence of fewer words ("The walk.") is a heading; the next belongs to it."""


def intro() -> None:
    """What the page is for; and where the controls are, on a screen too narrow to show them."""
    what = (
        "Choose what the report is about, check it here, and download it: a document to print and read out, a "
        "spreadsheet, map layers and a web page, all with the same numbers."
    )
    where = (
        "To change the place, the centres, who walks or the longest acceptable walk, open the menu » at the top left."
    )
    st.html(html_lines([what]) + html_lines([where], name="pramshed-hint"))


def ward_names(areas: pd.DataFrame) -> dict[str, str]:
    """What each ward is called in a list, by code; told apart by code if need be."""
    wards = areas[["ward_code", "ward_name"]].dropna().drop_duplicates("ward_code").set_index("ward_code")["ward_name"]
    called = wards.where(~wards.duplicated(keep=False), wards + ", " + wards.index)
    return {str(code): str(name) for code, name in called.sort_values(kind="stable").items()}


def asked_for(place: Place, question: Question, areas: pd.DataFrame) -> ReportRequest | None:
    """Choose what the report is about and what it is compared with; None, and why on the page, where it cannot be yet.

    Parameters
    ----------
    question
        What the controls ask, without changes.
    areas
        Of the place.
    """
    fault = session.fault()
    if fault:
        st.error(plain(fault), icon=":material/error:")
    about, compared = st.columns(2)
    with about:
        subject = _subject(areas)
    with compared:
        comparison = _comparison(place, question)
    if subject is None or comparison is None:
        return None
    asked, before, name = comparison
    ward, codes, called = subject
    return ReportRequest(question=asked, before=before, ward=ward, areas=codes, name=called, scenario=name)


def _subject(areas: pd.DataFrame) -> tuple[str | None, tuple[str, ...], str] | None:
    """A ward, or neighbourhoods and what they are called; neither for the whole authority."""
    about = session.about_picker()
    if about == "ward":
        names = ward_names(areas)
        if not names:
            st.info("We know of no wards in this place. Choose neighbourhoods instead.")
            return None
        ward = session.ward_picker(names)
        if ward is None:
            st.info("Choose a ward, and its report appears here.")
            return None
        return ward, (), ""
    if about == "areas":
        codes, called = session.areas_picker(area_names(areas))
        if not codes:
            st.info("Choose one neighbourhood or more, and their report appears here.")
            return None
        return None, codes, called
    return None, (), ""


def _comparison(place: Place, question: Question) -> tuple[Question, Question | None, str] | None:
    """What is asked then, what it is compared with, and what a scenario is called."""
    if question.to != "centres":
        st.caption("Reports on walks to play spaces are of today, and compare nothing: play spaces have no days here.")
        return replace(question, day=today()), None, ""
    against = session.against_picker()
    asked = replace(question, day=session.of_day_picker())
    if against == "no":
        if session.scenario_of(place).changes:
            st.button("Report on the scenario that is open on What if", on_click=session.against_scenario)
        else:
            st.caption("To compare with a scenario, close, open, move or add a centre on the page What if first.")
        return asked, None, ""
    if against == "day":
        then = session.then_picker()
        if then is None or then == asked.day:
            st.info("Choose another day, and the comparison appears here.")
            return None
        asked, before, swapped = two_days(asked, then)
        if swapped:
            st.info(swapped)
        return asked, before, ""
    scenario = session.scenario_of(place)
    try:
        scenario.require_place(place=place.card.key, fingerprint=place.card.fingerprint)
    except RequestError:
        st.error(
            "The scenario that is open was made for another place, or for this one as it was built from other data, so "
            "there is no report on it here. Choose its place in the menu, or start again on the page What if.",
            icon=":material/error:",
        )
        return None
    names = cache.places.centres(place)["name"].to_dict()
    st.html(
        html_lines(["The scenario's changes, of official sites:"], name="pramshed-reason")
        + f"<ul class='pramshed-reason'>{html_lines((said(one, names) for one in scenario.changes), kind='li')}</ul>"
    )
    return replace(asked, changes=scenario.changes), asked, scenario.name


def gathered(place: Place, request: ReportRequest) -> Report | None:
    """The report; None, and why on the page, where it cannot be made."""
    try:
        return cache.reports.report(place, request)
    except RequestError as fault:
        st.error(plain(f"This report cannot be made: {fault}."), icon=":material/error:")
    except InputError as fault:
        if fault.source != place.card.name:  # a file at fault
            raise
        st.warning(
            plain(f"This report cannot be made: it needs {fault.expected}; found {fault.found}."),
            icon=":material/warning:",
        )
    return None


def answer(report: Report) -> None:
    """Title, answer, and what to know first."""
    st.html(
        html_lines([report.title], kind="h2")
        + html_lines([report.subtitle], name="pramshed-reason")
        + html_lines([report.answer], name="pramshed-headline")
        + html_lines(report.gravest, name="pramshed-reason")
    )


def figures(report: Report) -> None:
    """The headline figures."""
    st.html(html_table([("", figure.label, figure.said) for figure in report.figures.values()], caption="Headlines"))


def first_sentence(text: str) -> str:
    """The first sentence of a paragraph; with the second, where the first is a word or two."""
    sentences = _SENTENCE.split(text)
    return sentences[0] if len(sentences[0].split()) >= _FEW_WORDS else " ".join(sentences[:2])


def contents(report: Report) -> None:
    """The questions that the report answers, each with its first sentence."""
    st.header("What the report answers", anchor=False)
    lines = (
        html_lines([section.heading], kind="h3") + html_lines([_opening(section)], name="pramshed-reason")
        for section in report.sections
    )
    st.html("".join(lines))


def _opening(section: Section) -> str:
    if not section.text:
        return "See the table in the report."
    # of a comparison the first sentence is one half
    return section.text[0] if section.key == "change" else first_sentence(section.text[0])


def first_map(place: Place, report: Report) -> None:
    """The first map of the report."""
    plan = next(iter(report.maps.values()))
    st.header(plain(plan.title), anchor=False)
    st.image(cache.reports.picture(place, report.request), alt=plan.alt, width="stretch")
    st.caption(plain(plan.about))


_FORMS = (
    (".pdf", "application/pdf", "Document (PDF)", "To print, to send round and to read out; screen readers read it."),
    (
        ".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Spreadsheet (XLSX)",
        "Every table in full, with what each column means.",
    ),
    (".gpkg", "application/geopackage+sqlite3", "Map layers (GeoPackage)", "For a GIS; QGIS opens them coloured."),
    (".html", "text/html", "Web page (HTML)", "One file, to be read without a network; the most accessible form."),
    (".json", "application/json", "Settings and numbers (run.json)", "Reproduces these numbers."),
)  # fmt: skip


def files(report: Report) -> None:
    """The pack, and each of its files alone; all are made when their button is pressed."""
    st.html(html_lines(["Downloads"], kind="h2"))
    _button(report, ".zip", "application/zip", "Download the pack (ZIP)", main=True)
    st.caption(
        "Everything in one: the document, the spreadsheet and its tables as CSV, the map layers, the maps as pictures, "
        "the web page and run.json. It takes some seconds to make, and fits into an e-mail."
    )
    for ending, mime, what, about in _FORMS:
        _button(report, ending, mime, what)
        st.caption(about)


def _button(report: Report, ending: str, mime: str, what: str, *, main: bool = False) -> None:
    st.download_button(
        what, data=lambda: _made(report, ending), file_name=file_name(report, ending), mime=mime,
        key=f"get{ending.replace('.', '-')}", on_click="ignore", icon=":material/download:", width="stretch",
        type="primary" if main else "secondary",
    )  # fmt: skip


def _made(report: Report, ending: str) -> bytes:
    """A file of the report; made on a thread of its own, where nothing of Streamlit may be asked."""
    from layers.reports.pack import file_of  # noqa: PLC0415 (the writers load slowly, and few press a button)

    return file_of(report, ending)


def file_name(report: Report, ending: str) -> str:
    """What a file of the report is called: "pramshed-isle-of-wight-2026-06-01.pdf"."""
    return f"pramshed-{report.key}-{report.request.question.day}{'-run' if ending == '.json' else ''}{ending}"


def officers(place: Place) -> None:
    """What somebody at a command line may want to know."""
    st.header("For officers", anchor=False)
    with st.expander("How to reproduce these numbers"):
        st.markdown(
            "The file run.json holds the settings, every number, and a hash of every file that was read. This "
            "command makes the report again and says whether every number is the same, and if not, what changed:"
        )
        st.code("python cli.py replay run.json", language=None)
    with st.expander("A report on every ward at once"):
        st.markdown(
            "This command writes the report of the authority and of each ward into a folder, with a page that lists "
            "them; with --help it says how to choose the day, who walks and how long:"
        )
        st.code(f"python cli.py report {place.card.key} --all-wards --out reports", language=None)
