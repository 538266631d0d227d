"""Every way a build can go wrong: one line, nothing half-written, the older place left alone."""

from __future__ import annotations

import errno
import gzip
import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from data.build import pipeline
from data.build.areas import areas_of
from data.build.inputs import read_lookups
from data.build.pack import _locked, require_free
from data.build.pipeline import build
from data.place import Place
from data.sources.census import read_country_of_birth
from data.sources.centres import read_centres
from data.sources.streets import read_streets
from geo.errors import InputError
from layers.answers.new_sites import answer_siting
from layers.answers.question import Question


def _spoil(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


SPOILS = {
    "boundaries without a code column": ("boundaries", "LSOA21CD", "CODE", ["LSOA21CD"]),
    "boundaries of Wales": ("boundaries", "E01000001", "W01000001", ["E01000001"]),
    "a code twice": ("boundaries", "E01000002", "E01000001", ["E01000001"]),
    "a column misnamed": ("deprivation", "(IMD) Rank", "(IMD) Place", ["Rank"]),
    "a rank of words": ("deprivation", ",2000,", ",second,", ["second", "row 3"]),
    "codes of another vintage": ("deprivation", "E0100000", "E0109000", ["none of them"]),
    "people of another vintage": ("population", "E0100000", "E0109000", ["none of them"]),
    "more born abroad than live there": ("population", ",850,150", ",850,1150", ["row 3"]),
    "an unknown authority": ("boundaries", "E06000099", "E06000097", ["E06000099"]),
    "a date of nonsense": ("centres", "01-09-2005", "2005 or so", ["2005 or so", "OpenDate"]),
}


@pytest.mark.parametrize("case", SPOILS)
def test_bad_input_is_one_line_and_leaves_nothing(case, small, tmp_path):
    which, old, new, words = SPOILS[case]
    path = {
        "boundaries": small.boundaries, "deprivation": small.deprivation, "population": small.population[0],
        "centres": small.centres[0],
    }[which]  # fmt: skip
    if case == "an unknown authority":
        for other in (small.deprivation, small.wards, small.lookups[0]):
            _spoil(other, "E06000099", "E06000097")
    _spoil(path, old, new)
    with pytest.raises(InputError) as caught:
        build(small, tmp_path / "out")
    message = str(caught.value)
    assert "\n" not in message
    for word in words:
        assert word in message
    assert list(tmp_path.iterdir()) == [small.streets[0].parent]


def test_lists_and_streets_that_hold_nothing_of_use_are_refused_by_their_readers(small, refused):
    """As a build is by the same readers, in whose words it fails: see the cases above and below."""
    centres, streets = small.centres[0], small.streets[0]
    whole = centres.read_text(encoding="utf-8")
    _spoil(centres, "20002,999", "20001,999")
    refused(lambda path: read_centres((path,)), centres, "20001", row=3)
    centres.write_text(whole, encoding="utf-8")
    for old, new in ((",47,", ",24,"), (",48,", ",24,"), ("hildren", "lder")):
        _spoil(centres, old, new)
    refused(lambda path: read_centres((path,)), centres, "children's centre")
    _spoil(streets, "highway", "railway")
    refused(read_streets, streets, "highway")


def test_flipped_axes_are_refused(small, tmp_path):
    drawn = json.loads(small.boundaries.read_text())
    for feature in drawn["features"]:
        ring = feature["geometry"]["coordinates"][0]
        feature["geometry"]["coordinates"][0] = [[lat, lon] for lon, lat in ring]
    small.boundaries.write_text(json.dumps(drawn))
    with pytest.raises(
        InputError, match=r"boundaries\.geojson: found EPSG:4326 giving .*; expected coordinates on Great"
    ):
        build(small, tmp_path / "out")


def test_streets_that_are_no_extract_are_refused(small, tmp_path):
    path, said = tmp_path / "raw" / "streets.osm.pbf", r"streets\.osm\.pbf: found .*; expected"
    for content in (b"", b"\x00\x00\x00\x0d", b"not a map at all", b"<html>Error</html>"):
        path.write_bytes(content)
        with pytest.raises(InputError, match=said):
            read_streets(path)
    with pytest.raises(InputError, match=said):
        build(replace(small, streets=(path,)), tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.real
def test_a_truncated_extract_is_refused(small, real, tmp_path):
    whole = (real / "isle-of-wight" / "isle-of-wight_2020-04-22.osm.pbf").read_bytes()
    path = tmp_path / "raw" / "cut.osm.pbf"
    for part in (0.5, 0.99):
        path.write_bytes(whole[: int(len(whole) * part)])
        with pytest.raises(InputError, match=r"cut\.osm\.pbf: found .*; expected a whole OpenStreetMap extract"):
            build(replace(small, streets=(path,)), tmp_path / "out")


def test_streets_of_somewhere_else_are_refused(small, tmp_path):
    (streets,) = small.streets
    streets.write_text(streets.read_text().replace('lon="-1.', 'lon="-2.'))
    with pytest.raises(InputError, match="found none there; expected streets within"):
        build(small, tmp_path / "out")


@pytest.fixture
def older(small_place, tmp_path):
    """A folder with the small authority as it was built before."""
    return shutil.copytree(small_place.folder, tmp_path / "out")


@pytest.mark.place_anew
def test_a_failed_build_leaves_the_older_place_alone(small, older):
    out = older
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    _spoil(small.centres[0], "01-09-2005", "never")
    with pytest.raises(InputError):
        build(small, out)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


@pytest.mark.place_anew
def test_what_was_half_written_is_swept_away(small, older, tmp_path, monkeypatch):
    def no_space(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(pipeline, "write_card", no_space)  # the last of the files
    for out in (older, tmp_path / "new" / "folders" / "out"):
        with pytest.raises(InputError, match="found no space left; expected a folder that files can be written to"):
            build(small, out)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "raw"]
    assert Place.open(older).card.name == "Town"


@pytest.mark.place_anew
def test_what_a_killed_build_left_is_cleared_by_the_next(older, tmp_path):
    left, at_work, of_others = (tmp_path / name for name in (".out-abcd1234", ".out-at_work1", ".out-holidays"))
    for folder in (left, at_work, of_others):
        shutil.copytree(older, folder)
    (of_others / "photo.jpg").touch()
    with _locked(at_work):
        require_free(older)
    assert sorted(path.name for path in tmp_path.glob(".*")) == [".out-at_work1", ".out-holidays"]
    older.rename(tmp_path / ".out-abcd1234-old")  # killed between two steps: the older place is where it was put aside
    require_free(older)
    assert Place.open(older).card.name == "Town"


@pytest.mark.place_anew
def test_homes_that_are_off_the_streets_are_refused_unless_told_to_go_on(small, tmp_path):
    _spoil(small.postcodes[0], "oseast1m,osnrth1m", "osnrth1m,oseast1m")
    said = r"found that 6 of 6 homes are more than 250 m .* with easting and northing swapped, most would lie in the"
    with pytest.raises(InputError, match=said):
        build(small, tmp_path / "out")
    place = build(replace(small, accept_off_streets=True), tmp_path / "out")
    halls = tmp_path / "halls.csv"
    halls.write_text("name,easting,northing\nHall,450900,90500\n")
    sited = answer_siting(place, Question(), k=1, objective="cover", candidates=str(halls), time_limit_s=1)
    assert sited.plan.reason == "no walk of a child is known here, so there is nothing to choose by"
    _spoil(small.postcodes[0], "lsoa21cd_pip", "other")
    _spoil(small.postcodes[0], "laua", "none")
    with pytest.raises(InputError, match="found none; with easting and northing swapped, most would lie"):
        build(small, tmp_path / "new")


@pytest.mark.place_anew
def test_a_name_keeps_to_its_line(small, tmp_path):
    _spoil(small.centres[0], "Western Children's Centre", "Western\n\x1b[31mCentre")
    place = build(replace(small, name="Old\nTown"), tmp_path / "out")
    assert place.card.name == "Old Town"
    assert place.centres().loc["20001", "name"] == "Western [31mCentre"


@pytest.mark.place_anew
def test_a_place_is_replaced_but_no_other_folder(small, older, tmp_path):
    out = older
    build(replace(small, name="Town again"), out)
    assert Place.open(out).card.name == "Town again"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "raw"]
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "thesis.txt").write_text("years of work")
    with pytest.raises(InputError, match=r"precious: found something else: thesis\.txt; expected a new folder or an"):
        build(small, precious)
    assert (precious / "thesis.txt").exists()


def test_a_gzip_that_breaks_off_is_refused(small, tmp_path):
    path = tmp_path / "raw" / "population.csv.gz"
    packed = gzip.compress(small.population[0].read_bytes() * 50)
    path.write_bytes(packed[: len(packed) // 2])
    with pytest.raises(InputError, match=r"population\.csv\.gz"):
        build(replace(small, population=(path,)), tmp_path / "out")


def test_an_area_that_another_file_knows_must_have_an_outline(small, tmp_path):
    drawn = json.loads(small.boundaries.read_text())
    drawn["features"] = [f for f in drawn["features"] if f["properties"]["LSOA21CD"] != "E01000002"]
    small.boundaries.write_text(json.dumps(drawn))
    with pytest.raises(InputError, match=r"found none for E01000002, .*; expected an outline for each of 3 areas"):
        build(small, tmp_path / "out")


def test_an_outline_without_an_area_is_refused(small, tmp_path):
    drawn = json.loads(small.boundaries.read_text())
    ring = drawn["features"][1]["geometry"]["coordinates"][0]
    drawn["features"][1]["geometry"]["coordinates"][0] = [ring[0], ring[1], ring[0], ring[0]]
    small.boundaries.write_text(json.dumps(drawn))
    with pytest.raises(InputError, match=r"found no outline in feature 2 \(E01000002\)"):
        build(small, tmp_path / "out")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "oseast1m",
            "east",
            "column 'oseast1m': found only 'pcd', .*; expected eastings and northings, both or neither",
        ),
        (
            "oseast1m,osnrth1m",
            "east,north",
            "with coordinates: columns 'oseast1m' and 'osnrth1m', here or in a further",
        ),
        (",True,", ",False,", "found none; expected live postcodes of E06000099 with coordinates"),
        ("E06000099", "E06000098", "found none; expected live postcodes of E06000099 with coordinates"),
    ],
)
def test_a_directory_without_a_usable_postcode_is_refused(small, tmp_path, old, new, said):
    _spoil(small.postcodes[0], old, new)
    with pytest.raises(InputError, match=said):
        build(small, tmp_path / "out")


def test_a_centre_that_the_points_file_lacks_is_placed_by_its_live_postcode(small, tmp_path, sites_of):
    path = tmp_path / "raw" / "points.csv"
    path.write_text("URN,Postcode,Easting,Northing\n20002,TW1 3AB,452800,90500\n")
    sites, _ = sites_of(replace(small, centre_points=path))
    assert sites.geometry.isna().to_dict() == {"20001": False, "20002": False, "20003": True}


def test_an_area_that_lacks_an_output_area_has_no_figure_rather_than_a_smaller_one(small):
    folder = small.streets[0].parent
    (folder / "oa.csv").write_text(
        "oa21cd,lsoa21cd,lsoa21nm,msoa21cd,msoa21nm,lad22cd,lad22nm\n"
        + "".join(f"E0000000{i},E0100000{max(i - 1, 1)},a,E02000001,m,E06000099,Town\n" for i in range(1, 5))
    )
    (folder / "oa_people.csv").write_text(
        "oa21cd,lsoa21cd,total,born_uk,born_outside_uk\n"
        "E00000001,E01000001,300,290,10\nE00000003,E01000002,100,60,40\nE00000004,E01000003,50,40,10\n"
    )
    inputs = replace(small, lookups=(*small.lookups, folder / "oa.csv"), population=(folder / "oa_people.csv",))
    counted, notes = [read_country_of_birth(path) for path in inputs.population], []
    areas, _ = areas_of(inputs, read_lookups(inputs), counted, notes)
    assert areas["residents"].tolist() == pytest.approx([np.nan, 100, 50], nan_ok=True)
    assert "1 of 3 areas have no resident count." in notes


@pytest.mark.place_anew
def test_what_is_not_ours_in_a_place_is_not_swept_away(small, older, tmp_path):
    (tmp_path / "out" / "my_notes.txt").write_text("keep me")
    with pytest.raises(InputError, match=r"found something else: my_notes\.txt"):
        build(small, older)
    assert (tmp_path / "out" / "my_notes.txt").read_text() == "keep me"


def test_a_name_and_a_folder_that_can_be_are_needed(small, tmp_path):
    with pytest.raises(InputError, match="found '///'; expected a name with letters"):
        build(replace(small, name="///"), tmp_path / "out")
    with pytest.raises(InputError, match=r"found .*raw/wards\.csv, which cannot"):
        build(small, small.wards / "out")
    for impossible in ("/proc/out", tmp_path / ("n" * 300)):
        with pytest.raises(InputError, match="expected a folder that files can be written to"):
            require_free(Path(impossible))
