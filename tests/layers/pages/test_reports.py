"""The page Reports: what a report is about, what it is compared with, what it says, its files, and what cannot be."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from functools import lru_cache
from types import SimpleNamespace

import pandas as pd
import pytest

from data.place import Place, open_places
from geo.changes import CloseSite, DowngradeSite
from geo.profiles import profile_named
from layers import cache
from layers.answers.question import Question, answer, ground, today
from layers.reports.pack import ENDINGS
from layers.reports.request import ReportRequest
from layers.session.parameters import MOST_AREAS, PARAMETERS
from layers.views import reports
from tests.layers.conftest import ISLAND
from tests.layers.reading import headline, html, markdown, words
from tests.layers.report_page import ONE, PAGE, TWO, WARD, WARD_NAME, buttons, figures, on_page, title

pytestmark = pytest.mark.whole_report

MADE_FOR = Place.open(ISLAND).card.fingerprint
CLOSING = {"against": "scenario", "changes": "close~20004", "for": MADE_FOR}
EVIL = "<img src=x onerror=alert(1)> {{7*7}} **b** [x](javascript:1)"


@lru_cache(maxsize=1)
def on():
    """The bundled place's ground."""
    return ground(Place.open(ISLAND), profile_named("buggy"))


def homes_of(question):
    """Homes of the bundled place whose walk is known: neighbourhood, ward, under-fives, minutes."""
    found = answer(Place.open(ISLAND), question, on=on())
    areas = pd.read_parquet(ISLAND / "areas.parquet")
    table = found.reach.assign(under5=pd.read_parquet(ISLAND / "origins.parquet")["under5"])
    known = table[found.ground.counted]
    return known.assign(ward=known["area_code"].map(areas["ward_code"]))


@pytest.fixture(scope="module")
def homes():
    """As the page asks at first."""
    return homes_of(Question())


def beyond(homes) -> str:
    """How many live beyond a quarter of an hour, of how many."""
    far = homes["under5"][~(homes["minutes"] <= 15)].sum()
    return f"{far:,.0f} of {homes['under5'].sum():,.0f} under-fives whose walk is known"


# --- what it is about --------------------------------------------------------------------------------------------------


def test_the_whole_authority_at_once(visit, homes):
    at = visit(PAGE)
    assert title(at) == "Isle of Wight: who can walk to a children's centre with a pram"
    assert headline(at).startswith(beyond(homes))
    assert figures(at)["Under-fives beyond 15 minutes' walk"].startswith(beyond(homes))
    assert f"as of {today():%-d %B %Y}" in words(at)
    assert buttons(at) == [
        "Download the pack (ZIP)", "Document (PDF)", "Spreadsheet (XLSX)", "Map layers (GeoPackage)",
        "Web page (HTML)", "Settings and numbers (run.json)",
    ]  # fmt: skip
    assert [one.value for one in at.code] == [
        "python cli.py replay run.json", "python cli.py report isle-of-wight --all-wards --out reports",
    ]  # fmt: skip
    (picture,) = at.get("image")
    assert picture.proto.imgs[0].alt.startswith("Map of Isle of Wight: need and walking time to a children's centre.")


def test_a_ward_by_its_name(open_page, homes):
    at = open_page()
    at.radio(key="about").set_value("ward").run()
    assert "Choose a ward" in at.info[0].value
    assert not buttons(at)
    names = at.selectbox(key="ward").options
    assert len(names) == 39
    assert names == sorted(names)
    at.selectbox(key="ward").select(WARD).run()
    assert title(at).startswith(f"{WARD_NAME}: ")
    assert headline(at).startswith(beyond(homes[homes["ward"] == WARD]))
    assert on_page(at) == {"about": "ward", "ward": WARD}


def test_neighbourhoods_of_ones_choice(open_page, homes):
    at = open_page()
    at.radio(key="about").set_value("areas").run()
    assert "Choose one neighbourhood or more" in at.info[0].value
    assert not buttons(at)
    at.multiselect(key="areas").set_value([TWO, ONE]).run()
    assert title(at).startswith("2 neighbourhoods: ")
    assert figures(at)["Under-fives beyond 15 minutes' walk"].startswith(
        beyond(homes[homes["area_code"].isin([ONE, TWO])])
    )
    at.text_input(key="called").set_value(EVIL[:60]).run()
    assert "<img src=x" not in html(at)
    assert title(at).startswith("&lt;img src=x onerror=alert(1)&gt;")
    assert on_page(at) == {"about": "areas", "areas": f"{TWO},{ONE}", "called": EVIL[:60]}


def test_what_a_report_is_about_is_said_on_no_other_page(open_page):
    at = open_page(about="ward", ward=WARD, layer="away")
    at.query_params.clear()
    at.switch_page("layers/pages/about.py")
    at.run()
    assert on_page(at) == {"layer": "away"}
    at.query_params.clear()
    at.switch_page(PAGE)
    at.run()
    assert on_page(at) == {"about": "ward", "ward": WARD, "layer": "away"}
    assert title(at).startswith(WARD_NAME)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"about": "ward", "ward": "E05099999"}, "Choose a ward"),
        ({"about": "ward", "ward": "'; drop"}, "Choose a ward"),
        ({"about": "areas", "areas": "E01099999"}, "Choose one neighbourhood"),
        ({"about": "areas", "areas": "E01017282;E01017306"}, "Choose one neighbourhood"),
        ({"against": "day", "then": "2016-02-31"}, "Choose another day"),
        ({"against": "day", "then": str(today())}, "Choose another day"),
    ],
)
def test_an_address_that_says_nothing_of_here(open_page, query, said):
    at = open_page(**query)
    assert said in at.info[0].value
    assert not at.error
    assert not buttons(at)


def test_so_many_neighbourhoods_and_no_more():
    codes = [f"E01{number:06d}" for number in range(MOST_AREAS + 1)]
    read = PARAMETERS["areas"].read
    assert read(",".join(codes[:-1])) == codes[:-1]
    assert read(",".join(codes)) is None
    assert read(f"{ONE},{ONE},{TWO}") == [ONE, TWO]


# --- what it says ------------------------------------------------------------------------------------------------------


def test_the_headings_are_in_order(open_page):
    at = open_page(about="ward", ward=WARD)
    assert len(at.title) == 1
    assert not at.subheader
    assert [one.value.replace("\\", "") for one in at.header] == [
        "Need and walking time to a children's centre", "What the report answers", "For officers",
    ]  # fmt: skip
    sections = next(one.body for one in at.html if one.body.startswith("<h3>"))
    assert len(re.findall("<h3>", sections)) >= 8
    assert len(re.findall("</h3><p class='pramshed-reason'>[A-Z0-9]", sections)) == len(re.findall("<h3>", sections))
    assert "How sure are we?" in sections


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("In 3 of 8 most are far. Of the 2 with high need, 1 is far.", "In 3 of 8 most are far."),
        ("The largest gap here is St. Helens 1A, number 4 of 89. It is large.", "The largest gap here is St. Helens 1A, number 4 of 89."),
        ("The walk. Every home is joined to a street. So it goes.", "The walk. Every home is joined to a street."),
        ("It is 4.5 km on average from J. Smith Hall. So.", "It is 4.5 km on average from J. Smith Hall."),
        ("No full stop", "No full stop"),
    ],
)  # fmt: skip
def test_first_sentences(text, first):
    assert reports.first_sentence(text) == first


def test_a_file_is_called_after_its_report():
    report = SimpleNamespace(key="isle-of-wight-ryde", request=ReportRequest(question=Question(day=date(2026, 6, 1))))
    names = {reports.file_name(report, ending) for ending in ENDINGS}
    assert "pramshed-isle-of-wight-ryde-2026-06-01.pdf" in names
    assert "pramshed-isle-of-wight-ryde-2026-06-01-run.json" in names
    assert len(names) == len(ENDINGS)


def test_a_report_is_gathered_once(open_page, monkeypatch):
    asked = []
    kept = cache.reports._whole(cache.places.places()["isle-of-wight"], ReportRequest(question=Question()))
    part = cache.reports.report_of
    monkeypatch.setattr(cache.reports, "look", lambda *_, **__: asked.append("place") or kept)
    monkeypatch.setattr(cache.reports, "report_of", lambda *args: asked.append("report") or part(*args))
    for function in (cache.reports.report, cache.reports._whole):
        function.clear()
    at = open_page()
    at.run()
    assert asked == ["place", "report"]
    for ward in (WARD, "E05013376"):
        at = open_page(about="ward", ward=ward)
    at.run()
    assert asked == ["place", "report", "report", "report"]


# --- what it is compared with ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (CLOSING | {"for": "0123456789abcdef"}, "made for another place"),
        (CLOSING | {"changes": "close~99999"}, "This report cannot be made"),
        (CLOSING | {"changes": "close~"}, "part of it may be missing"),
    ],
)
def test_a_scenario_that_cannot_be(open_page, query, said):
    at = open_page(**query)
    assert said in at.error[0].value.replace("\\", "")
    at.radio(key="against").set_value("no").run()
    assert not at.error
    assert buttons(at)


@pytest.mark.usefixtures("no_search")
def test_the_address_restores_the_whole_choice(open_page):
    said = {
        "about": "areas", "areas": f"{ONE},{TWO}", "called": "West side", "against": "day", "then": "2015-01-01",
        "day": "2020-06-01", "counts": "full", "who": "adult", "minutes": "20", "need_imd": "0",
    }  # fmt: skip
    at = open_page(**said)
    assert title(at) == (
        "West side: who can walk to a full children's centre alone, on 1 June 2020 and on 1 January 2015"
    )
    assert "children of 2020), compared with 1 January 2015" in words(at)
    assert at.date_input(key="then").value == date(2015, 1, 1)
    assert on_page(at) == said
    before = html(at)
    assert html(open_page(**at.query_params)) == before


@pytest.mark.usefixtures("no_search")
def test_another_day(open_page):
    """On 7 March 2016 five full centres became linked sites."""
    at = open_page(counts="full", about="ward")
    assert next(one for one in at.radio if one.key == "against").options == ["No comparison", "Another day"]
    at.radio(key="against").set_value("day").run()
    at.date_input(key="then").set_value(date(2016, 1, 1)).run()
    at.radio(key="about").set_value("place").run()
    assert on_page(at) == {"counts": "full", "against": "day", "then": "2016-01-01"}
    told = figures(at)
    now, then = (
        told["Under-fives beyond 15 minutes' walk"],
        told["Under-fives beyond 15 minutes' walk, on 1 January 2016"],
    )
    assert now.startswith(beyond(homes_of(Question(counting="full"))))
    assert then.startswith(beyond(homes_of(Question(counting="full", day=date(2016, 1, 1)))))
    counts = [int(said.split(" ")[0].replace(",", "")) for said in (now, then, told["Difference"])]
    assert counts[0] - counts[1] == counts[2] > 0
    (opening,) = re.findall(r"What changed between the two days\?</h3><p [^>]*>(.*?)</p>", html(at))
    assert all(said in opening for said in (now, then)), "both halves"


@pytest.mark.usefixtures("no_search")
def test_the_scenario_of_what_if(open_page, visit):
    tried = visit("layers/pages/what_if.py", **{key: CLOSING[key] for key in ("changes", "for")})
    now, then = (
        re.search(rf"<dt>{what}</dt><dd>(.*?)</dd>", html(tried)).group(1)
        for what in ("Under-fives beyond 15 minutes now", "with your changes")
    )
    tried.switch_page(PAGE)
    tried.run()
    next(one for one in tried.button if one.label.startswith("Report on the scenario")).click().run()
    assert {key: tried.query_params[key] for key in CLOSING} == CLOSING
    for at in (tried, open_page(**CLOSING)):
        assert headline(at).startswith(f"{then} of ")
        assert figures(at)["Under-fives beyond 15 minutes' walk, now"].startswith(f"{now} of ")
        assert "<li>Close Ryde Children&#x27;s Centre</li>" in html(at)


def test_play_spaces_have_no_days(open_page):
    at = open_page(to="play", day="2015-01-01", **CLOSING | {"changes": "close~99999"})
    assert "walk to a play space" in title(at)
    assert not [one for one in at.radio if one.key == "against"]
    assert f"as of {today():%-d %B %Y}" in words(at)
    at.radio(key="to").set_value("centres").run()
    assert at.query_params["day"] == "2015-01-01"
    assert at.radio(key="against").value == "scenario"
    assert "This report cannot be made" in at.error[0].value, "a scenario counts for centres alone"


# --- places that are not as they should be -----------------------------------------------------------------------------


def test_names_are_text_and_nothing_else(open_page, derive):
    derive(
        "Named <b>",
        areas=lambda areas: areas.assign(area_name=EVIL, ward_name=EVIL),
        centres=lambda centres: centres.assign(name=EVIL),
    )
    key = next(key for key, place in cache.places.places().items() if place.card.name == "Named <b>")
    made_for = cache.places.places()[key].card.fingerprint
    query = {"place": key, "about": "ward", "ward": WARD, "name": EVIL[:70]} | CLOSING | {"for": made_for}
    at = open_page(**query)
    assert buttons(at)
    assert not re.search(r"<img src=x|<b>|\{\{", html(at))
    for line in markdown(at).splitlines():
        assert not re.search(r"<\w|\]\(|\*\*b", re.sub(r"\\.", "", line)), line


def test_two_kinds_of_change_to_one_site_are_two_reports(monkeypatch):
    """Streamlit tells frozen values by their fields, and these have the same."""
    monkeypatch.setattr(cache.reports, "look", lambda _place, request, *_, **__: request)
    monkeypatch.setattr(cache.reports, "report_of", lambda looked, request: (looked, request))
    place, question = open_places()[0]["isle-of-wight"], Question(day=date(2026, 6, 1))
    changed = {
        kind: ReportRequest(question=replace(question, changes=(kind("20004"),)), before=question, new_sites=0)
        for kind in (CloseSite, DowngradeSite)
    }
    told = {kind: cache.reports.report(place, request) for kind, request in changed.items()}
    for kind, (looked, request) in told.items():
        assert {type(one.question.changes[0]) for one in (looked, request)} == {kind}
    counted = {kind: homes_of(request.question) for kind, request in changed.items()}
    assert beyond(counted[CloseSite]).startswith("4,350 of ")
    assert beyond(counted[DowngradeSite]).startswith("4,008 of "), "a linked site is still a listed one"
    for function in (cache.reports.report, cache.reports._whole):
        function.clear()  # these were no reports
