"""A place's doors: hubs beside centres, venues beside both, each inside, near or left out."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import date

import pytest

from data.build.pipeline import build
from data.place import Place
from geo.errors import InputError
from layers.answers.data_quality import findings
from layers.answers.question import Question, answer
from tests.conftest import _osm, write_small_authority
from tests.data.conftest import VENUES

HUBS = """\
Region,Local_Authority,Family_Hub,Postcode
X,Town,Western Family Hub,TW1 1AA
X,Town,Middle Family Hub,TW1 2AA
X,Town,Other Name,tw1 3ab
X,Town,Youth Hub,TW1 2AA
X,"Town, City of",Roving Hub,TW1 8ZZ
X,Elsewhere,Far Hub,ZZ1 1ZZ
"""


def hubs_in(folder):
    path = folder / "hubs_2025-03-31.csv"
    path.write_text(HUBS)
    return path


def venues_in(folder):
    path = folder / "venues_2026-01-01.osm"
    path.write_text(_osm(VENUES, {}), encoding="utf-8")
    return path


@pytest.fixture
def with_hubs(small):
    return replace(small, hubs=hubs_in(small.streets[0].parent))


@pytest.fixture(scope="module")
def place_with_doors(tmp_path_factory):
    """The small authority with hubs and venues, built; not to be changed."""
    raw = tmp_path_factory.mktemp("raw")
    inputs = replace(write_small_authority(raw), hubs=hubs_in(raw), venues=venues_in(raw))
    return build(inputs, tmp_path_factory.mktemp("places") / "doors")


def test_one_door_counts_once(place_with_doors):
    place = place_with_doors
    centres = place.centres()
    assert centres["hub"].dropna().to_dict() == {
        "20001": "Western Family Hub",
        "20002": "Other Name",
        "hub-TW12AA": "Middle Family Hub",
        "hub-TW12AA-2": "Youth Hub",
        "hub-TW18ZZ": "Roving Hub",
    }
    assert centres["kind"].to_dict() == dict.fromkeys(["20001", "20002", "20003"], "centre") | dict.fromkeys(
        ["hub-TW12AA", "hub-TW12AA-2", "hub-TW18ZZ"], "hub"
    )
    assert (place.card.counts["centres"], place.card.counts["family_hubs"]) == (
        2,
        4,
    )  # and one each that nobody can walk to
    assert place.card.counts["centres_without_coordinates"] == 1
    assert centres["inside"].all()
    hub = centres.loc["hub-TW12AA"]
    assert hub[["status", "served_as", "source", "postcode"]].tolist() == [
        "open", "open", "DfE list of family hub sites", "TW1 2AA",
    ]  # fmt: skip
    assert f"{hub['source_date']:%Y-%m-%d}" == "2025-03-31"
    assert centres.loc["20001", "source"] == "GIAS open extract"


def test_what_is_unsure_of_hubs_is_said(place_with_doors):
    notes = place_with_doors.card.notes
    assert [note for note in notes if "Other Name" in note] == [
        "The family hub Other Name has the postcode of Eastern <b>Link</b> (20002) but another name: they are taken "
        "for one door."
    ]
    assert (
        "Roving Hub (hub-TW18ZZ) has no coordinates and is not walked to: give it lat and lon in the list of hubs."
        in notes
    )
    assert not any("Far Hub" in note for note in notes)


def test_a_hub_is_walked_to(place_with_doors):
    found = answer(place_with_doors, Question(day=date(2026, 2, 1)))
    assert found.reach.loc["TW1 2AA", "site_id"] == "hub-TW12AA"
    assert found.reach.loc["TW1 1AA", "site_id"] == "20001"


def test_the_list_of_hubs_is_a_source(place_with_doors):
    place = place_with_doors
    source = next(source for source in place.card.sources if source.dataset == "family_hubs")
    assert (source.file, source.vintage) == ("hubs_2025-03-31.csv", "2025-03-31")
    listed = next(source for source in place.card.sources if source.dataset == "centres")
    assert listed.vintage == "2026-01-30"  # the hubs' day is not the register's


def test_without_a_list_of_hubs_nothing_is_said_of_them(small_place):
    assert small_place.centres()["hub"].isna().all()
    assert "family_hubs" not in small_place.card.counts
    said = {finding.about: finding.found for finding in findings(small_place)}
    assert said["family hubs"] == "no list was given: which centres are hubs is not known"


def test_the_quality_report_counts_doors(place_with_doors):
    said = {}
    for finding in findings(place_with_doors):
        said.setdefault(finding.about, finding.found)
    assert said["children's centres"] == "2 (1 open, 1 linked), and 0 of neighbours within 3 km"
    assert said["family hubs"] == "4: 2 at a children's centre, 2 at doors of their own"
    assert said["venues"] == "1 where a centre could be put (library 1)"
    assert said["on the way"].endswith("; 1 gates, stiles and the like; 0 crossings")


def test_a_bad_list_of_hubs_leaves_nothing_behind(with_hubs, tmp_path):
    with_hubs.hubs.write_text(HUBS.replace("tw1 3ab", "somewhere"))
    with pytest.raises(InputError, match=r"hubs_2025-03-31\.csv, row 4, column 'Postcode': found 'SOMEWHERE'; exp"):
        build(with_hubs, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_hub_in_the_place_of_a_closed_centre_is_a_door_of_its_own(with_hubs, tmp_path):
    path = with_hubs.streets[0].parent / "closures.csv"
    path.write_text(
        "URN,exit_timeline_as_published,exit_date_or_month,source\n20001,Ceased (seen Dec 2025),2025-12-12,a page\n"
    )
    place = build(replace(with_hubs, closures=(path,)), tmp_path / "out")
    assert place.centres().loc["20001", "status"] == "closed"
    assert place.centres()["hub"].dropna().index.tolist()[:2] == ["20002", "hub-TW11AA"]
    found = answer(place, Question(day=date(2026, 2, 1)))
    assert found.reach.loc["TW1 1AA", "site_id"] == "hub-TW11AA"


def test_venues_of_the_place_and_of_its_neighbours_near_by(place_with_doors):
    place = place_with_doors
    table = place.venues()
    assert table["inside"].to_dict() == {"node/301": True, "node/302": False}  # the third is too far away
    assert table["kind"].tolist() == ["library", "school"]
    assert table.loc["node/301", "name"] == "Town Library"
    assert place.has_venues
    assert place.card.counts["venues"] == 1
    source = next(source for source in place.card.sources if source.dataset == "venues")
    assert (source.file, source.licence) == ("venues_2026-01-01.osm", "Open Database License v1.0")


def test_venues_are_taken_from_the_streets_if_no_file_is_given(mapped_place):
    assert mapped_place.venues().index.tolist() == ["node/301", "node/302"]
    assert [source.dataset for source in mapped_place.card.sources].count("venues") == 0  # the streets' line says it


def test_no_venues_is_missing_not_none(small_place):
    assert small_place.venues() is None
    assert not small_place.has_venues
    assert "venues" not in small_place.card.counts
    told = [note for note in small_place.card.notes if "venue" in note]
    assert told == ["There is no data on venues for this place, so none are suggested for a new centre."]


def test_a_spoilt_table_of_venues_is_refused(place_with_doors, tmp_path):
    place = Place.open(shutil.copytree(place_with_doors.folder, tmp_path / "copy"))
    table = place.venues()
    table.assign(kind="palace").to_parquet(place.folder / "venues.parquet")
    with pytest.raises(InputError, match=r"venues\.parquet, column 'kind': found 'palace' at node/301"):
        Place.open(place.folder).venues()
    card = json.loads((place.folder / "place.json").read_text(encoding="utf-8"))
    assert set(card["tables"]) >= {"venues.parquet", "centres.parquet"}
