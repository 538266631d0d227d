"""What a report compares: two days, a scenario with today, or two scenarios; their names and their difference."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geo.days import day_text
from geo.difference import in_words
from layers.answers import uncertainty
from layers.answers.scenario_words import said
from layers.reports.report import Section

if TYPE_CHECKING:
    from collections.abc import Mapping

    from layers.reports.content.findings import Findings
    from layers.reports.figure import Figure
    from layers.reports.report_map import ReportMap
    from layers.reports.request import ReportRequest
    from layers.reports.table import Table

HEADINGS = {
    "days": "What changed between the two days?",
    "scenario": "What would the scenario change?",
    "scenarios": "How do the two scenarios differ?",
}


def kind_of(request: ReportRequest) -> str:
    """What is compared, of `HEADINGS`; a scenario on another day is one against the other."""
    if request.before is None or request.question.changes == request.before.changes:
        return "days"
    return "scenarios" if request.before.changes or request.of_days else "scenario"


def quoted(name: str) -> str:
    """What somebody called something, in quotation marks."""
    return f"\N{LEFT DOUBLE QUOTATION MARK}{name}\N{RIGHT DOUBLE QUOTATION MARK}"


def both(request: ReportRequest) -> tuple[str, str]:
    """What is compared, and what is asked, each as it ends a sentence: "now" and "with the changes".

    Parameters
    ----------
    request
        With something that it is compared with.
    """
    kind = kind_of(request)
    if kind == "scenario":
        return "now", "with the changes"
    days = [f"on {day_text(one.day)}" for one in request.questions]
    if kind == "days":
        return days[0], days[1]
    names = []
    for one, name, which in zip(request.questions, (request.other, request.scenario), ("other", "first"), strict=True):
        scenario = f"with {quoted(name)}" if name else f"with the {which} scenario"
        names.append(scenario if one.changes else "without changes")
    return (f"{names[0]} {days[0]}", f"{names[1]} {days[1]}") if request.of_days else (names[0], names[1])


def heads(request: ReportRequest) -> tuple[str, str]:
    """The same, short enough to stand above a column."""
    match kind_of(request):
        case "days":
            then, now = (f"{one.day:%-d %b %Y}" for one in request.questions)
            return then, now
        case "scenario":
            return "now", "then"
        case _:
            return "other", "first"


def title(request: ReportRequest) -> str:
    """What is compared, to end a report's title; nothing if nothing is."""
    if request.before is None:
        return ""
    if kind_of(request) == "days":
        return f", {both(request)[1]} and {both(request)[0]}"
    return f", with {quoted(request.scenario)}" if request.scenario else ", with a scenario"


def subtitle(request: ReportRequest) -> str:
    """What is compared, to end a report's subtitle; nothing if nothing is."""
    if request.before is None:
        return ""
    if kind_of(request) == "days":
        return f", compared with {day_text(request.before.day)}"
    scenario = f"the scenario {quoted(request.scenario)}" if request.scenario else "a scenario"
    if kind_of(request) == "scenario":
        return f", for {scenario}"
    other = f"the scenario {quoted(request.other)}" if request.other else "another scenario"
    other = other if request.before.changes else "things as they are"
    day = f" on {day_text(request.before.day)}" if request.of_days else ""
    return f", for {scenario}, compared with {other}{day}"


def difference(request: ReportRequest, figures: Mapping[str, Figure]) -> str:
    """How much the headline differs, in a sentence."""
    before, change = figures["under5_beyond_before"], figures["under5_beyond_change"]
    if np.isnan(change.value):
        return "Under-fives are not known here, so the difference cannot be counted in children."
    than = both(request)[0]
    if not change.value:
        return f"That is the same number as {than}."
    more = "more" if change.value > 0 else "fewer"
    return f"That is {abs(change.value):,.0f} {more} than {than} ({before.number})."


def section(
    found: Findings, figures: Mapping[str, Figure], tables: Mapping[str, Table], maps: Mapping[str, ReportMap]
) -> Section | None:
    """What changes, for whom and where; None where nothing is compared."""
    if found.whole.change is None:
        return None
    request = found.request
    kind, (then, now) = kind_of(request), (_capital(words) for words in both(request))
    before, after = figures["under5_beyond_before"], figures["under5_beyond"]
    text = [f"{then}: {before.said}. {now}: {after.said}. {difference(request, figures)}"]
    if found.everywhere and kind == "scenario":
        text.append(in_words(found.whole.change, found.whole.asked.question.walk))
    poor, was = figures.get("most_deprived_beyond"), figures.get("most_deprived_beyond_before")
    if poor is not None and was is not None:
        text.append(f"In the most deprived fifth of England. {then}: {was.said}. {now}: {poor.said}.")
    names = found.whole.place.centres()["name"].to_dict()
    if found.everywhere and request.of_days and found.whole.before is not None:  # as many, but of fewer services
        text += [uncertainty.counted_said(one.sites, one.question) for one in (found.whole.before, found.whole.asked)]
    points = tuple(
        f"{_capital(words)}: {said(change, names)}" if kind == "scenarios" else said(change, names)
        for one, words in zip(request.questions, both(request), strict=True)
        for change in one.changes
        if kind != "days"
    )
    if tables["changes"].values.empty:
        text.append("No neighbourhood's walk changes by half a minute or more.")
        return Section(key="change", heading=HEADINGS[kind], text=tuple(text), points=points)
    shows = ("map:change", "table:changes") if "change" in maps else ("table:changes",)
    return Section(key="change", heading=HEADINGS[kind], text=tuple(text), points=points, shows=shows)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
