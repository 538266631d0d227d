"""A council's return of sites in a built place: what it adds, and what it says of the register's own."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from data.build.pipeline import build
from geo.closures import lost_by
from geo.scenario import OpenSite
from geo.sites import serving
from layers.answers.beside_centres import beside_centres, planned_in
from layers.answers.data_quality import findings
from layers.answers.over_time import days_of
from layers.answers.place_search import search
from layers.answers.question import Question, answer, serving_of
from tests.conftest import write_small_authority

BEFORE, AFTER = date(2027, 3, 14), date(2027, 3, 15)


@pytest.fixture(scope="module")
def returned(tmp_path_factory, fixtures):
    """The small authority with its council's return among the lists of centres, built; not to be changed."""
    raw = tmp_path_factory.mktemp("raw")
    small = write_small_authority(raw)
    path = raw / "site_return_2026-06-30.csv"
    shutil.copy(fixtures / path.name, path)
    return build(replace(small, centres=(*small.centres, path)), tmp_path_factory.mktemp("places") / "returned")


def test_nothing_is_doubled(returned):
    sites = returned.centres()
    assert sites["kind"].to_dict() == {
        "20001": "centre", "20002": "centre", "20003": "centre",
        "return-TW12AA": "network_site", "return-TW13AA": "hub",
        "return-TW12AB": "network_site", "return-TW12AB-2": "hub",
    }  # fmt: skip
    assert sites["hub"].dropna().to_dict() == {
        "20001": "Western Family Hub", "20002": "Eastern Link", "return-TW13AA": "Middle Family Hub",
        "return-TW12AB-2": "Later Hub",
    }  # fmt: skip
    assert sites.loc["20001", "hub_since"] == pd.Timestamp("2026-04-01")
    assert sites.loc["20001", "note"] == (
        "In the council's site return: Western Family Hub (best start family hub), since 01-04-2026. Best Start Family "
        "Hub. Before, it was a children's centre."
    )
    assert sites.loc["20002", ["status", "source"]].tolist() == ["closed", "council's site return"]
    assert sites.loc["20002", "closed"] == pd.Timestamp("2026-05-31")
    assert "closed on 31-05-2026. GIAS open extract says: open, as a linked site." in sites.loc["20002", "note"]
    assert sites["inside"].all()
    assert any(
        note.startswith("Of the 6 locations of the council's site return 2 are sites of the register, matched by")
        and "Western Children's Centre (20001)" in note
        for note in returned.card.notes
    )


def test_its_card_counts_them_and_says_whose_it_is(returned):
    assert {key: returned.card.counts[key] for key in ("centres", "family_hubs", "network_sites")} == {
        "centres": 2, "family_hubs": 2, "network_sites": 1,
    }  # fmt: skip
    source = next(one for one in returned.card.sources if one.dataset == "site_return")
    assert (source.file, source.vintage) == ("site_return_2026-06-30.csv", "2026-06-30")


def test_the_answer_before_and_after_a_planned_opening(returned):
    def walked(day, counting="listed"):
        asked = Question(day=day, profile="adult", counting=counting)
        return answer(returned, asked).reach.loc["TW1 3AB", ["site_id", "metres"]].tolist()

    assert walked(BEFORE) == ["20001", pytest.approx(2_700, rel=0.005)]
    assert walked(AFTER) == ["return-TW13AA", pytest.approx(600, rel=0.005)]
    assert walked(AFTER, "hubs") == walked(AFTER)


def test_network_sites_count_if_they_are_asked_for(returned):
    def at(counting):
        return answer(returned, Question(day=BEFORE, profile="adult", counting=counting)).reach.loc["TW1 2AA"]

    assert at("listed")["site_id"] == "20001"
    assert at("network")[["site_id", "minutes"]].tolist() == ["return-TW12AA", pytest.approx(0, abs=0.01)]


def test_the_check_tells_them(returned):
    said = {
        found.about: found.found for found in findings(returned) if found.about in ("network sites", "planned openings")
    }
    assert said == {
        "network sites": "1 (1 open): no centres, and counted if asked for",
        "planned openings": "2, 1 of them for no known day",
    }


def test_a_hub_is_found_by_its_own_name_and_its_centre_by_the_register_s(returned):
    for name in ("Western Family Hub", "Western Children's Centre", "Town Library"):
        assert [one.label.partition(",")[0] for one in search(name, returned)] == [name]


def test_the_time_line_has_the_planned_day(returned):
    assert AFTER in days_of(returned.centres())


def test_what_is_beside_the_centres(returned):
    question = Question(day=BEFORE)
    assert set(beside_centres(returned.centres(), question).index) == {
        "return-TW12AA", "return-TW13AA", "return-TW12AB-2",
    }  # fmt: skip
    assert planned_in(returned.centres(), question) == {
        "return-TW12AB-2": "Later Hub, no day known", "return-TW13AA": "Middle Family Hub, 15 March 2027",
    }  # fmt: skip
    opened = replace(question, changes=(OpenSite("return-TW13AA"), OpenSite("return-TW12AA")))
    assert set(beside_centres(returned.centres(), opened).index) == {"return-TW12AB-2"}
    assert set(planned_in(returned.centres(), replace(question, day=AFTER))) == {"return-TW12AB-2"}


def test_a_hub_that_is_to_come_to_a_centre_is_a_plan_where_hubs_count(small, sites_of):
    path = small.streets[0].parent / "return.csv"
    path.write_text("FHS01,FHS02,FHS07,FHS04,FHS07A\nq,q,q,q,q\nWestern Hub,TW1 1AA,family_hub,planned,2027-03-15\n")
    sites, _ = sites_of(replace(small, hubs=path))
    hubs = Question(day=BEFORE, counting="hubs")
    assert planned_in(sites, Question(day=BEFORE)) == {}
    assert planned_in(sites, hubs) == {"20001": "Western Hub, 15 March 2027"}
    assert serving_of(sites, hubs).empty
    assert list(serving_of(sites, replace(hubs, day=AFTER)).index) == ["20001"]
    opened = replace(hubs, changes=(OpenSite("20001"),))
    assert list(serving_of(sites, opened).index) == ["20001"]
    assert planned_in(sites, opened) == {}


def test_what_closed_is_a_confirmed_closure_with_its_day(returned):
    gone = lost_by(returned.centres(), day=date(2026, 12, 1), confirmed_only=True).gone
    assert gone.loc["20002", ["event", "event_precision", "confirmed"]].tolist() == ["closed", "day", True]
    assert "return-TW12AB" not in gone.index
    assert "return-TW12AB" in lost_by(returned.centres(), day=date(2026, 12, 1), counting="network").gone.index
    assert "20002" in serving(returned.centres(), day=date(2026, 5, 30)).index


def test_a_return_alone_makes_a_place(small, sites_of, fixtures):
    sites, notes = sites_of(replace(small, centres=(fixtures / "site_return_2026-06-30.csv",)))
    assert len(sites) == 6
    assert "No children's centre of this authority is in the lists given." in notes
    assert any("6 locations of the council's site return none is" in note for note in notes)
    both, _ = sites_of(replace(small, hubs=fixtures / "site_return_2026-06-30.csv"))
    assert len(both) == 7


@pytest.mark.parametrize(
    ("location", "site"),
    [
        ("Westen Childrens Centre,TW1 1AA,network_site,active,", "20001"),  # misspelt
        ("Reading Room,TW1 1AA,best_start_family_hub,active,", "20001"),  # a hub at the only centre of a postcode
        ("Reading Room,TW1 1AA,network_site,active,", None),  # another place at the same postcode
        ("Western Family Hub,TW1 2AA,best_start_family_hub,active,", None),  # a name alone proves nothing
        ("Western Hub,TW1 1AA,network_site,closed,2026-01-31", "20001"),
    ],
)
def test_which_location_is_which_site(small, sites_of, location, site):
    name, postcode, kind, status, closed = location.split(",")
    path = small.streets[0].parent / "return.csv"
    path.write_text(f"FHS01,FHS02,FHS07,FHS04,FHS05\nq,q,q,q,q\n{name},{postcode},{kind},{status},{closed}\n")
    sites, _ = sites_of(replace(small, hubs=path))
    added = [one for one in sites.index if one.startswith("return-")]
    assert bool(added) == (site is None)
    if site:
        assert "In the council's site return: " + name in sites.loc[site, "note"]
        assert sites.loc[site, "status"] == ("closed" if closed else "open")


def test_a_location_whose_postcode_is_unknown_is_named(small, sites_of):
    path = small.streets[0].parent / "return.csv"
    path.write_text("FHS01,FHS02,FHS07,FHS04\nq,q,q,q\nOdd Place,TW9 9ZZ,network_site,active\n")
    sites, notes = sites_of(replace(small, hubs=path))
    assert sites.loc["return-TW99ZZ"].geometry is None
    assert any(
        "Odd Place (return-TW99ZZ) has no coordinates" in note and "right in the return" in note for note in notes
    )
