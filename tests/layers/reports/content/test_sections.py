"""What a report says where something is odd: a plan that closes all, spaces of the community, no under-fives, no streets."""

from __future__ import annotations

import re
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
import shapely

from data.place import Coverage, Place
from geo.changes import AddSite, BlockWay, CloseSite
from layers.answers.community_sites import Published
from layers.answers.question import Question
from layers.reports.content.cautions import CAREFUL, careful
from layers.reports.content.findings import narrow
from layers.reports.gather import gather, report_of
from layers.reports.request import ReportRequest
from tests.data.store import public_marks
from tests.layers.conftest import ISLAND
from tests.layers.reports.conftest import DAY
from tests.layers.reports.reader import cells
from tests.layers.reports.test_gather import sentences

pytestmark = [pytest.mark.whole_report, pytest.mark.xdist_group("reports")]  # they share what is found for the island

Q = Question(day=DAY)
DATES = "(register of January 2026, streets of April 2020, children of 2020)"
SCRIPTS = ("مكان لقاء الأمهات", "পরিবার কেন্দ্র", "ਪਰਿਵਾਰਕ ਕੇਂਦਰ")
POINTS = ((436_000, 86_000), (458_200, 81_300), (450_200, 89_200))


@pytest.fixture(scope="module")
def spaces():
    drafts = [
        public_marks.draft("meeting_place", shapely.Point(*at), name=name)
        for at, name in zip(POINTS, SCRIPTS, strict=True)
    ]
    return Published(7, public_marks.table_of(drafts))


@pytest.fixture(scope="module")
def tell(island, whole):
    """A report on the island: what is asked, and more."""

    def told(question=Q, marks=None, **more):
        same = question.profile == Q.profile
        return gather(island, ReportRequest(question=question, **more), marks, on=whole.ground if same else None)

    return told


def part(report, key):
    """All that a section says."""
    section = next(one for one in report.sections if one.key == key)
    return " ".join((*section.text, *section.points))


def require_plain(report):
    for where, text in sentences(report):
        assert not re.search(r"  |nan|\bNone\b(?! of)|NaT|\{|\}|<NA>| ,|\.\.", text), (where, text)
        assert not re.search(r"(?<!\.)\b1 (neighbourhoods|sites|under-fives|minutes)\b", text), (where, text)


def test_headings_are_the_questions_of_who_chooses_sites(report):
    assert [one.key for one in report.sections] == [
        "need",
        "gaps",
        "runs",
        "who",
        "lost",
        "fair",
        "help",
        "guidance",
        "access",
        "barriers",
        "sure",
        "method",
        "data",
        "settings",
    ]
    assert all(one.heading.endswith("?") for one in report.sections)
    assert "Best Start Family Hubs" in part(report, "need")


def test_a_ward_of_one_neighbourhood(ward_reports):
    one = ward_reports["E05013388"]
    assert "Most families with a pram of the one neighbourhood here live more than 15 minutes' walk" in part(
        one, "need"
    )
    assert "Its need is high." in part(one, "need")
    assert one.figures["areas_far"].said == "1 of 1 neighbourhood with street data (100%)"
    assert "At other speeds and thresholds its result stays the same." in part(one, "sure")


def test_the_profile_and_the_threshold_are_said(tell):
    one = tell(replace(Q, profile="adult", minutes=10.0), new_sites=1)
    assert "who can walk to a children's centre alone" in one.title
    assert "more than 10 minutes' walk" in one.answer
    assert "10 minutes, one way" in one.tables["settings"].text().to_string()
    require_plain(one)
    toddler = tell(replace(Q, profile="toddler"), new_sites=0, ward="E05013370")
    assert toddler.title == "East Cowes: who can walk to a children's centre with a small child"
    assert "Steps take three times as long." in part(toddler, "method")
    require_plain(toddler)


def test_play_spaces(tell):
    one = tell(replace(Q, to="play"))
    assert one.title.endswith("who can walk to a play space with a pram")
    assert "lost" not in one.tables
    assert "new_sites" not in one.tables
    assert not {"lost", "help"} & {section.key for section in one.sections}
    said = [one.answer, *one.gravest, *one.cautions, part(one, "method"), one.tables["settings"].text().to_string()]
    assert "centre" not in " ".join(said)
    assert "Best Start" not in part(one, "need")
    require_plain(one)


def test_closing_everything(closed):
    one = closed
    assert one.subtitle.endswith("for the scenario “None left”")
    assert one.answer.startswith("Nobody can walk to a children's centre here")
    assert "That is 1,874 more than now (4,008)." in part(one, "change")
    assert "Close Ryde Children's Centre" in part(one, "change")
    assert "At all of those speeds and thresholds, 5,882 of 5,882 under-fives are too far away." in part(one, "sure")
    assert "with the changes" in one.figures["new_sites_bring"].said


@pytest.mark.whole_report
def test_where_a_ferry_would_make_walks_much_shorter(tell, report):
    """Without East Cowes' centre its families would cross the river, if ferries were walked."""
    assert "ferry" not in " ".join(report.cautions)  # either bank has a centre
    asked = {"question": replace(Q, changes=(CloseSite("21020"),)), "before": Q, "scenario": "S", "new_sites": 0}
    *_, told = tell(**asked).cautions
    assert re.fullmatch(
        r"With the changes, for about \d\d+ under-fives the ferry Cowes Floating Bridge \(Chain Ferry\) would shorten "
        r"the walk by a third or more, or make one possible\. No ferry is part of any walk here\.",
        told,
    )
    *_, told = tell(**asked, ward="E05013370").cautions
    assert re.match(r"With the changes, for about \d+ under-fives the ferry", told)
    assert "ferry" not in " ".join(tell(**asked, ward="E05013395").cautions)


def test_children_who_are_a_councils_own_count_are_the_first_caution(whole, asked):
    def first(dataset):
        card = whole.place.card
        sources = tuple(replace(one, dataset=dataset) for one in card.sources if one.dataset == "children")
        place = replace(whole.place, card=replace(card, sources=sources))
        return careful(narrow(replace(whole, place=place), replace(asked, new_sites=0)))[0]

    assert first("own_children").startswith("Children are the council's own count. A neighbourhood with fewer than 10")
    assert first("children") == CAREFUL["centres"][0]


def test_opening_one_with_a_name_from_somebody(tell):
    name = 'Freshwater <b>hall</b> & "co"'
    one = tell(
        replace(Q, changes=(AddSite("new-1", 458_200, 81_300, name),)), before=Q, scenario="A & <i>B</i>", new_sites=0
    )
    assert name in part(one, "change")
    assert "A & <i>B</i>" in one.subtitle
    assert one.figures["under5_beyond_change"].value < 0
    assert f"{-one.figures['under5_beyond_change'].value:.0f} fewer than now (4,008)" in one.answer
    assert "would live" in one.answer


def test_streets_that_change(tell):
    gate = BlockWay("m1", "Gate at the park", "prams", ((450_014, 89_065), (450_214, 89_065)))
    one = tell(replace(Q, changes=(gate,)), before=Q, new_sites=0)
    assert one.subtitle.endswith("for a scenario")
    assert "Gate at the park: closed to prams" in part(one, "change")
    assert not re.search(r" {2}", one.subtitle)
    require_plain(one)


def test_two_days(two_days):
    one = report_of(two_days, two_days.request)
    assert one.subtitle == f"Report on the authority, as of 1 June 2026 {DATES}, compared with 1 January 2015"
    assert "That is the same number as on 1 January 2015." in one.answer
    assert one.gravest[0].startswith("5 of the 8 centres that counted on 1 January 2015 have been reduced")
    assert "(4,008) counts linked sites as centres; the number lost (1,056) counts those" in one.gravest[2]
    assert one.gravest[1].startswith("Families and streets are today's on both days.")
    # as many children are beyond, but what they can walk to has become less
    then, now = "8 sites count: 8 full centres.", "8 sites count: 3 full centres and 5 linked sites."
    assert f"On 1 January 2015 {then} On 1 June 2026 {now}" in part(one, "change")
    assert "count:" not in part(one, "need")
    require_plain(one)


def test_page_1_says_what_is_missing_of_the_streets(whole):
    seen = Coverage(around={"east": 0.0}, edge={"east": 0.9}, beyond=0.5, inside=0.9, unreached=("20004",))
    card = replace(whole.place.card, coverage=seen)
    gaps = whole.asked.gaps.assign(near_missing_streets=["yes"] * 3 + ["no"] * (len(whole.areas) - 3))
    cut = replace(whole, place=replace(whole.place, card=card), asked=replace(whole.asked, gaps=gaps))
    one = report_of(cut, whole.request)
    assert one.gravest[0] == (
        "Streets are missing: the street file covers 90% of Isle of Wight and 50% of the land up to 3 km beyond. "
        "1 centre that nobody can walk to counts nowhere. In 3 of the 89 neighbourhoods whose walk is known it may be "
        "shorter than shown, as streets are missing nearby."
    )
    table = one.tables["neighbourhoods"].values
    assert set(table.index[table["reason"].str.contains("Streets are missing nearby")]) == set(gaps.index[:3])


def test_a_section_begins_with_its_answer(report):
    assert report.sections[0].key == "need"
    said = next(s for s in report.sections if s.key == "lost").text
    assert said[0].startswith("Because of closures and downgrades, 1,056 of 5,882 under-fives")
    assert said[1].startswith("This section counts full centres only")


def test_chosen_neighbourhoods(whole):
    codes = tuple(whole.areas.index[:2])
    one = report_of(whole, ReportRequest(question=Q, areas=codes[:1], new_sites=0))
    assert one.title.startswith("1 neighbourhood: who")
    assert one.subtitle == f"Report on 1 chosen neighbourhood of Isle of Wight, as of 1 June 2026 {DATES}"
    require_plain(one)
    two = report_of(whole, ReportRequest(question=Q, areas=codes, name="<script>{0}</script>", new_sites=0))
    assert two.title.startswith("<script>{0}</script>: who can walk")
    assert two.subtitle.startswith("Report on 2 chosen neighbourhoods of")


def test_community_spaces_that_count(tell, spaces):
    one = tell(replace(Q, community=7), spaces, candidates=("library",), new_sites=1)
    said = part(one, "community")
    official, both = one.figures["under5_beyond_official"], one.figures["under5_beyond"]
    assert official.value == 4008
    assert both.value < official.value
    assert f"with 3 community spaces, {both.said}" in said
    assert set(SCRIPTS) <= set(cells(one.tables["sites"])["name"])
    assert any(line.startswith("Community marks") for line in one.credits)
    assert len(one.basis.marks) == 64
    require_plain(one)


def test_community_spaces_that_could_host_one(tell, spaces):
    one = tell(Q, spaces, candidates=("marks",), new_sites=2)
    assert set(cells(one.tables["new_sites"])["name"]) <= set(SCRIPTS)
    assert "(community spaces)" in part(one, "help")
    assert "community" not in {section.key for section in one.sections}
    require_plain(one)


def without_under_fives(folder):
    for name in ("areas", "origins"):
        frame = gpd.read_parquet(folder / f"{name}.parquet")
        for column in ("under5", "under2"):
            if column in frame:
                frame[column] = np.nan
        frame.to_parquet(folder / f"{name}.parquet")


def test_where_no_under_fives_are_known(tmp_path):
    """Nothing is counted then, and that is said; a share of homes still is."""
    import shutil

    folder = shutil.copytree(ISLAND, tmp_path / "island")
    without_under_fives(folder)
    one = gather(Place.open(folder), ReportRequest(question=Q))
    assert "How many under-fives live here is not known" in one.answer
    assert one.figures["under5_beyond"].said == "not known"
    assert "Under-fives are not known here" in part(one, "lost")
    assert "we cannot count" in part(one, "help")
    assert cells(one.tables["neighbourhoods"])["under5_beyond"].isna().all()
    require_plain(one)


@pytest.mark.full_size
@pytest.mark.real
def test_where_half_of_the_streets_are_missing(leeds_report, leeds_whole):
    said = part(leeds_report, "need")
    unknown = leeds_report.figures["areas_unknown"]
    assert f"We have no streets for {unknown.said}, which are left out." in said
    table = leeds_whole.asked.gaps
    high = ((table["need_class"] == "high") & (table["access_class"] != "no street data")).sum()
    assert f" of the {high} neediest that have street data." in said
    assert leeds_report.gravest[0].startswith(
        "Streets are missing: the street file covers 27% of Leeds and less than 1%"
    )
    assert "36 centres that nobody can walk to count nowhere." in leeds_report.gravest[0]
    require_plain(leeds_report)
