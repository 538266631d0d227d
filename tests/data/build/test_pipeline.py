"""From raw files to a place: a small authority worked by hand, and two real ones."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from data.build.origins import locate
from data.build.pipeline import STEPS, build
from data.place import Place
from data.sources.extracts import cut
from geo.errors import InputError
from layers.answers.question import Question, answer
from tests.conftest import write_small_authority


def test_areas_carry_their_figures_and_what_became_of_them(small_place):
    areas = small_place.areas()
    assert list(areas.index) == ["E01000001", "E01000002", "E01000003"]  # not the neighbour's
    assert areas["authority_name"].unique().tolist() == ["Town, City of"]
    assert areas["under5"].tolist() == [50, 50, 50]  # the second and third are halves of one 2011 area of 100
    assert areas["under2"].tolist() == [20, 20, 20]
    assert areas["change_2011"].tolist() == ["unchanged", "split", "split"]
    assert areas["imd_rank"].tolist() == [1000, 2000, 3000]
    assert areas["born_outside_uk"].tolist() == [100, 150, 200]
    assert areas["ward_name"].unique().tolist() == ["Middle"]
    said = "Areas that are parts of a larger 2011 area, their counts of children shared out by residents: 2."
    assert said in small_place.card.notes


def test_people_in_are_people_out(small_place):
    areas, origins = small_place.areas(), small_place.origins()
    for column in ("residents", "under2", "under5", "born_outside_uk"):
        shared = origins.groupby("area_code")[column].sum()
        np.testing.assert_allclose(shared, areas[column])
    assert list(origins.index) == ["TW1 1AA", "TW1 1AB", "TW1 2AA", "TW1 2AB", "TW1 3AA", "TW1 3AB"]


def test_personal_columns_never_reach_the_place(small_place):
    for path in small_place.folder.iterdir():
        content = path.read_bytes()
        for said in (b"01234 567890", b"Given", b"HeadFirstName"):
            assert said not in content, path


def test_sites_are_placed_by_postcode_and_the_lost_one_is_named(small_place):
    centres = small_place.centres()
    assert centres["status"].to_dict() == {"20001": "open", "20002": "linked", "20003": "open"}
    assert centres.geometry.isna().to_dict() == {"20001": False, "20002": False, "20003": True}
    assert any("Lost Centre (20003) has no coordinates" in note for note in small_place.card.notes)
    assert small_place.card.counts["centres"] == 2
    assert small_place.card.counts["centres_nobody_can_walk_to"] == 1
    assert small_place.card.counts["centres_without_coordinates"] == 1


def test_a_retired_postcode_is_used_only_when_asked_for(small, sites_of):
    sites, _ = sites_of(replace(small, retired_postcodes=True))
    assert sites.geometry.notna().all()


def test_a_centre_of_the_authority_placed_far_outside_is_left_out_by_name(small, tmp_path, sites_of):
    path = tmp_path / "raw" / "points.csv"
    path.write_text("URN,Postcode,Easting,Northing\n20002,TW1 3AB,530000,180000\n")
    sites, notes = sites_of(replace(small, centre_points=path))
    assert "20002" not in sites.index
    assert any(note.startswith("Eastern <b>Link</b> (20002) is the authority's by the register") for note in notes)


def test_the_walk_by_hand(small_place):
    pram = answer(small_place, Question(profile="buggy")).reach
    adult = answer(small_place, Question(profile="adult")).reach
    # TW1 1AB is 800 m along the street from the western centre at TW1 1AA
    assert pram.loc["TW1 1AB", "minutes"] == pytest.approx(800 / 1000 * 15, rel=5e-3)
    assert adult.loc["TW1 1AB", "minutes"] == pytest.approx(800 / 80, rel=5e-3)
    # the kissing gate at 2,000 m: a pram from 1,500 m cannot go on to the link at 2,800 m, an adult could but need not
    assert pram.loc["TW1 2AA", ["site_id", "reached"]].tolist() == ["20001", "yes"]
    assert pd.isna(pram.loc["TW1 2AA", "second_site_id"])
    assert adult.loc["TW1 2AA", ["site_id", "second_site_id"]].tolist() == ["20002", "20001"]
    # beyond the gate only the linked site can be reached with a pram
    assert pram.loc["TW1 3AA", "site_id"] == "20002"
    assert pram.loc["TW1 3AA", "metres"] == pytest.approx(600, rel=5e-3)
    # 450 m from the street
    assert pram.loc["TW1 2AB", "reached"] == "off_network"


def test_play_spaces_are_points_and_areas(small_place):
    found = answer(small_place, Question(to="play"))
    assert set(found.sites.index) == {"node/105", "way/2"}
    # the playground's outline is 20 m from the street, too far for a door of its own: it is a point, 50 m away
    assert found.reach.loc["TW1 1AA", "metres"] == pytest.approx(430 + 50, abs=5)


def test_half_an_area_without_streets_is_said(small_place):
    row = answer(small_place, Question()).gaps.loc["E01000002"]
    assert row["off_network_share"] == pytest.approx(0.5)
    assert row["access_class"] == "no street data"


def test_the_pack_says_where_everything_comes_from(small_place):
    card = json.loads((small_place.folder / "place.json").read_text(encoding="utf-8"))
    by_file = {source["file"]: source for source in card["sources"]}
    assert by_file["centres_2026-01-30.csv"]["vintage"] == "2026-01-30"
    assert by_file["postcodes_2025-11.csv"]["vintage"] == "2025-11"
    assert all(
        len(source["sha256"]) == 64 and source["licence"] and source["attribution"] for source in card["sources"]
    )
    assert card["figures"]["under5"] == "mid-2020"
    assert any("OpenStreetMap" in line for line in small_place.card.attributions)


def test_tables_are_readable_without_us(small_place):
    import pyarrow.parquet as pq

    for name in ("areas", "origins", "centres", "play_spaces", "network"):
        assert b"geo" in pq.read_schema(small_place.folder / f"{name}.parquet").metadata  # GeoParquet


def test_a_walk_is_told_by_tables_on_which_no_answer_rests(small_place, tmp_path):
    assert set(small_place.waypoints()["kind"]) == {"kissing_gate"}
    assert small_place.street_parts()["segment"].max() < len(small_place.segments())
    assert small_place.ferries() is None
    older = tmp_path / "older"
    shutil.copytree(small_place.folder, older, ignore=shutil.ignore_patterns("street_parts*", "waypoints*", "assumed*"))
    card = json.loads((older / "place.json").read_text("utf-8"))
    told = [card["tables"].pop(f"{name}.parquet") for name in ("street_parts", "waypoints", "assumed")]
    (older / "place.json").write_text(json.dumps(card), "utf-8")
    assert len(told) == 3
    before = Place.open(older)
    assert before.card.fingerprint == small_place.card.fingerprint
    assert before.street_parts() is before.waypoints() is before.assumed() is None


@pytest.fixture(scope="module")
def again(tmp_path_factory):
    """The small authority built once more, to a link; the place and what was told; not to be changed."""
    folder, told = tmp_path_factory.mktemp("again"), []
    for name in ("raw", "target"):
        (folder / name).mkdir()
    (folder / "link").symlink_to(folder / "target")
    return build(write_small_authority(folder / "raw"), folder / "link", step=told.append), told


def test_steps_are_told_in_order(again):
    assert tuple(again[1]) == STEPS


def test_the_build_is_the_same_twice(again, small_place):
    assert again[0].card.tables == small_place.card.tables
    assert again[0].card.fingerprint == small_place.card.fingerprint


def test_a_link_is_followed(again):
    link = again[0].folder.parent / "link"
    assert link.is_symlink()
    assert Place.open(link.with_name("target")).card.name == "Town"


def test_an_area_without_a_live_postcode_is_stood_for_by_its_point_and_says_so(small, tmp_path):
    path = small.postcodes[0]
    path.write_text("".join(line for line in path.read_text().splitlines(keepends=True) if "TW1 3" not in line))
    place = build(small, tmp_path / "out")
    origins = place.origins()
    assert origins.loc["E01000003", "kind"] == "area_point"
    assert origins.loc["E01000003", "residents"] == 1000
    assert any("stood for by a point inside its outline (Town 002A)" in note for note in place.card.notes)


def test_output_areas_weigh_postcodes_and_stand_in_for_areas_without(small, tmp_path):
    folder = small.streets[0].parent
    (folder / "oa.csv").write_text(
        "oa21cd,lsoa21cd,lsoa21nm,msoa21cd,msoa21nm,lad22cd,lad22nm,easting,northing\n"
        "E00000001,E01000001,a,E02000001,m,E06000099,Town,450100,90500\n"
        "E00000002,E01000001,a,E02000001,m,E06000099,Town,450900,90500\n"
        "E00000003,E01000003,a,E02000001,m,E06000099,Town,452700,90500\n"
    )
    (folder / "oa_people.csv").write_text(
        "oa21cd,lsoa21cd,total,born_uk,born_outside_uk\n"
        "E00000001,E01000001,300,290,10\nE00000002,E01000001,100,60,40\nE00000003,E01000003,50,40,10\n"
    )
    (folder / "directory.csv").write_text(
        "pcds,doterm,oseast1m,osnrth1m,laua,lsoa21cd,oa21cd\n"
        "TW1 1AA,,450100,90500,E06000099,E01000001,E00000001\n"
        "TW1 1AB,,450900,90500,E06000099,E01000001,E00000002\n"
        "TW1 1AC,,450800,90500,E06000099,E01000001,E00000002\n"
        "TW1 2AA,,451500,90500,E06000099,E01000002,\n"
    )
    inputs = replace(
        small,
        postcodes=(folder / "directory.csv",),
        lookups=(*small.lookups, folder / "oa.csv"),
        population=(*small.population, folder / "oa_people.csv"),
    )
    origins = build(inputs, tmp_path / "out").origins()
    # three quarters of the area's own 1,000 live in the first output area; of those born abroad a fifth
    assert origins.loc["TW1 1AA", "residents"] == pytest.approx(750)
    assert origins.loc[["TW1 1AB", "TW1 1AC"], "residents"].tolist() == pytest.approx([125, 125])  # who share the rest
    assert origins.loc["TW1 1AA", ["under2", "under5"]].tolist() == pytest.approx([15, 37.5])
    assert origins.loc["TW1 1AA", "born_outside_uk"] == pytest.approx(20)
    assert origins.loc["E00000003", ["kind", "residents"]].tolist() == ["output_area", 1000]


def test_codes_of_2011_serve_only_where_the_area_is_as_it_was(small, tmp_path):
    """The second and the third area were one in 2011: their postcodes are placed by the outlines."""
    path = small.postcodes[0]
    text = path.read_text().replace("lsoa21cd_pip", "lsoa11cd")
    path.write_text(text.replace("E01000002", "E01000077").replace("E01000003", "E01000077"))
    origins = build(small, tmp_path / "out").origins()
    codes = dict.fromkeys(("TW1 1AA", "TW1 1AB"), "E01000001") | dict.fromkeys(("TW1 2AA", "TW1 2AB"), "E01000002")
    assert origins["area_code"].to_dict() == codes | dict.fromkeys(("TW1 3AA", "TW1 3AB"), "E01000003")


def test_a_neighbours_postcode_is_not_taken_in(small_place):
    rows = {"TW11AA": (None, "E06000099"), "TW19AA": (None, "E06000098"), "TW19AB": ("E01000009", "E06000098")}
    here = pd.DataFrame.from_dict(rows, orient="index", columns=["area_code", "authority_code"])
    here = here.assign(easting=450_100.0, northing=90_500.0, live=True, oa_code=None)
    points, notes = locate(here, small_place.areas(), authority="E06000099")
    assert points["area_code"].to_dict() == {"TW11AA": "E01000001"}
    assert not any("left out" in note for note in notes), "it is no postcode of ours that could not be placed"


def test_the_council_overrides_the_register(small, tmp_path):
    path = small.streets[0].parent / "closures.csv"
    path.write_text(
        "council_name,URN,exit_timeline_as_published,exit_date_or_month,services_moved_to,source\n"
        "West,20001,12 December 2025,2025-12-12,Eastern,council page\n"
    )
    place = build(replace(small, closures=(path,)), tmp_path / "out")
    assert place.centres().loc["20001", "status"] == "announced"
    before, after = (
        answer(place, Question(day=pd.Timestamp(day).date())).sites.index.tolist()
        for day in ("2025-12-11", "2025-12-12")
    )
    assert before == ["20001", "20002"]
    assert place.centres().loc["20001", "served_as"] == "open"
    assert after == ["20002"]  # nobody can walk to 20003


def test_no_play_spaces_is_missing_not_zero(bare_place):
    place = bare_place
    assert place.play_spaces() is None
    assert "play_spaces" not in place.card.counts
    with pytest.raises(InputError, match="found none in Town; expected play-space data"):
        answer(place, Question(to="play"))


@pytest.mark.real
def test_the_isle_of_wight_from_raw_files(real_place):
    place = real_place("isle-of-wight")
    areas, origins, centres = place.areas(), place.origins(), place.centres()
    assert (len(areas), len(origins), len(centres)) == (89, 5128, 8)
    assert origins[["under2", "under5"]].sum().tolist() == pytest.approx([2_153, 5_891])
    assert areas[["residents", "born_outside_uk", "under2", "under5"]].sum().tolist() == [140_428, 8_577, 2_153, 5_891]
    assert areas["imd_decile"].value_counts().sort_index().tolist() == [3, 15, 17, 15, 14, 12, 7, 5, 1]
    assert centres["status"].value_counts().to_dict() == {"linked": 5, "open": 3}
    assert centres["linked_since"].dropna().unique().tolist() == [pd.Timestamp("2016-03-07")]
    assert len(place.play_spaces()) == 83
    assert areas["ward_code"].nunique() == 39


@pytest.mark.real
def test_leeds_from_raw_files_with_the_councils_closures(real_place):
    place = real_place("leeds-review")
    counts = place.card.counts
    assert (counts["areas"], counts["centres"], counts["centres_nobody_can_walk_to"]) == (488, 41, 17)
    coverage = place.card.coverage
    assert (coverage.inside, coverage.around["south-west"], coverage.around["north"]) == (0.272, 0.016, 0)
    apart = place.centres()["unreached"]
    assert (apart & ~place.centres()["inside"]).sum() == 24
    assert counts["homes"] == 20_722
    assert 7_900 < counts["homes_off_the_streets"] < 8_100
    assert any("Shakespeare Children's Centre (22673)" in note for note in place.card.notes)
    assert place.areas()["change_2011"].value_counts().to_dict() == {"unchanged": 473, "split": 14, "merged": 1}
    inside = place.centres()[place.centres()["inside"]]
    assert inside["status"].isin(["announced", "closed"]).sum() == 15
    assert place.play_spaces() is None
    found = answer(place, Question())
    blind = found.gaps["access_class"] == "no street data"
    assert blind.sum() > 100
    assert found.gaps.loc[blind, ["minutes_median", "within_share", "under5_beyond", "gap_rank"]].isna().all(axis=None)


class TestSeveralExtracts:
    """A place on the border of two counties is read from both, joined."""

    def halves(self, small, west, east):
        """The street file cut in two at a gate, as publishers cut counties: each with the whole of ways that cross."""
        folder = small.streets[0].parent
        for name, window in (("west", west), ("east", east)):
            cut(small.streets, window, folder / f"{name}.osm.pbf")
        return replace(small, streets=tuple(folder / f"{name}.osm.pbf" for name in ("west", "east")))

    def test_the_place_is_the_same(self, small, small_place, tmp_path):
        west, _, east, _ = small_place.card.bounds
        middle = (west + east) / 2
        place = build(self.halves(small, (-9, 49, middle, 60), (middle, 49, 9, 60)), tmp_path / "out")
        for name in ("network", "gazetteer", "play_spaces", "waypoints", "backdrop"):
            whole, joined = (pd.read_parquet(one.folder / f"{name}.parquet") for one in (small_place, place))
            pd.testing.assert_frame_equal(joined, whole)
        assert [source.file for source in place.card.sources if source.dataset == "streets"] == [
            "west.osm.pbf", "east.osm.pbf"
        ]  # fmt: skip

    def test_what_is_amiss_is_said_of_the_files_that_were_given(self, small, tmp_path):
        nowhere = (5, 49, 6, 50)
        with pytest.raises(
            InputError, match=r"west.osm.pbf, \S+east.osm.pbf: found none; expected ways tagged highway"
        ):
            build(self.halves(small, nowhere, nowhere), tmp_path / "out")
