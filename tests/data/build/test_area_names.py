"""What neighbourhoods of the small authority are called when files of names are given."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from data.build.area_names import name_areas
from data.build.inputs import Lookups, read_lookups
from data.build.pipeline import build
from data.place import Place
from data.sources.area_names import read_area_names
from data.sources.lookups import read_lookup
from geo import tables
from geo.errors import InputError
from tests.layers.hostile import HOSTILE

LIBRARY = "msoa21cd,msoa21nm,msoa21hclnm\nE02000001,Town 000,Quay & Castle\nE02000002,Town 002,Heath\n"
OUTPUT_AREAS = (
    "oa21cd,lsoa21cd,lsoa21nm,msoa21cd,msoa21nm,lad22cd,lad22nm\n"
    "E00000002,E01000002,Town 001A,E02000002,Town 002,E06000099,Town\n"
)


@pytest.fixture
def named(small, small_place, tmp_path):
    """The areas of the small authority named by files of the given texts, and what is noted."""

    def name(*texts, lookup=None):
        paths = [tmp_path / f"names_{number}.csv" for number in range(len(texts))]
        for path, text in zip(paths, texts, strict=True):
            path.write_text(text, encoding="utf-8")
        if lookup:
            (tmp_path / "oa.csv").write_text(lookup)
        inputs = replace(
            small, area_names=tuple(paths), lookups=(*small.lookups, *([tmp_path / "oa.csv"] if lookup else []))
        )
        notes = []
        areas = name_areas(small_place.areas(), inputs, read_lookups(inputs), notes)
        tables.check(tables.Areas, areas, "names")
        assert areas["official_name"].tolist() == ["Town 000A", "Town 001A", "Town 002A"]
        return areas["area_name"].tolist(), notes

    return name


def test_an_area_is_called_as_its_msoa_with_its_number(named):
    called, notes = named(LIBRARY)
    assert called == ["Quay & Castle (000A)", "Town 001A", "Heath (002A)"]
    assert notes == ["1 of 3 areas have no name in the files of names and keep their official one, such as Town 001A."]


def test_the_look_up_of_output_areas_knows_the_msoa_better_than_the_name(named):
    called, notes = named(LIBRARY, lookup=OUTPUT_AREAS)
    assert called == ["Quay & Castle (000A)", "Heath (001A)", "Heath (002A)"]
    assert notes == []


def test_a_name_of_ones_own_wins_and_has_a_number_only_if_another_is_called_so(named):
    for order in (1, -1):  # of the files
        own = "lsoa21cd,name\nE01000001,The Docks\nE01000003,\n"
        assert named(*(LIBRARY, own)[::order])[0] == ["The Docks", "Town 001A", "Heath (002A)"]
    own = "lsoa21cd,name\nE01000001,The Docks\nE01000003,The Docks\n"
    assert named(own)[0] == ["The Docks (000A)", "Town 001A", "The Docks (002A)"]


def test_of_two_files_the_later_goes_before(named):
    assert named("lsoa21cd,name\nE01000001,Old\n", "lsoa21cd,name\nE01000001,New\n")[0][0] == "New"


def test_files_of_another_authority_are_refused(named):
    with pytest.raises(InputError, match=r"names_0\.csv: found none of them; expected names of the MSOAs of E06000099"):
        named("msoa21cd,msoa21nm,msoa21hclnm\nE02000009,City 001,Elsewhere\n")
    with pytest.raises(
        InputError, match=r"names_0\.csv, row 3, column 'lsoa21cd': found 'E01000009'; expected an area"
    ):
        named("lsoa21cd,name\nE01000001,Here\nE01000009,There\n")


def test_a_place_built_with_names_says_whose_they_are(small, small_place, tmp_path):
    library, own = tmp_path / "MSOA-Names-2.2.csv", tmp_path / "our_names.csv"
    library.write_text(LIBRARY, encoding="utf-8")
    own.write_text(f'lsoa21cd,name\nE01000003,"{HOSTILE["image"]}"\n', encoding="utf-8")
    place = Place.open(build(replace(small, area_names=(library, own)), tmp_path / "out").folder)
    assert place.areas()["area_name"].tolist() == ["Quay & Castle (000A)", "Town 001A", HOSTILE["image"]]
    assert place.card.fingerprint != small_place.card.fingerprint
    changed = {name for name, was in small_place.card.tables.items() if place.card.tables[name] != was}
    assert changed == {"areas.parquet"}
    assert "Contains Parliamentary information licensed under the Open Parliament Licence" in place.card.attributions
    vintages = {source.dataset: source.vintage for source in place.card.sources}
    assert (vintages["area_names"], vintages["own_area_names"]) == ("edition 2.2, MSOA 2021", "not stated")
    assert "official_name" not in small_place.areas(), "without the option everything stays as it is"


@pytest.mark.real
@pytest.mark.parametrize(("key", "count"), [("isle-of-wight", 89), ("leeds", 488)])
def test_real_names_of_2011_serve_the_areas_of_2021(real, key, count):
    """By code, as the look-up of output areas tells it, and the same by official name alone."""
    library = real / "england" / "msoa_names_1.14.csv"
    output_areas = read_lookup(real / key / "lookup_oa21_lsoa21_msoa21_lad.csv")
    parents = output_areas.table.drop_duplicates("area_code").set_index("area_code").sort_index()
    called = []
    for known in (output_areas, None):
        lookups = Lookups(
            output_areas=known, changes=None, wards=None, dataset={}, area_names={library: read_area_names(library)}
        )
        notes = []
        areas = name_areas(parents[["area_name"]], SimpleNamespace(authority=key), lookups, notes)
        assert len(areas) == count
        assert areas["area_name"].is_unique
        assert notes == []
        called.append(areas["area_name"].to_dict())
    assert called[0] == called[1]
