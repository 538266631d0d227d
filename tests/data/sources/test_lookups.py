import numpy as np
import pandas as pd
import pytest

from data.sources.census import read_children, read_country_of_birth
from data.sources.lookups import AreaChanges, OutputAreas, Wards, carry_counts, carry_ranks, read_lookup
from geo.tables import CHANGES_2011


@pytest.fixture
def changes(fixtures):
    """A unchanged; B split into C and D; E and F merged into G; H and I became J and K, nobody knows how."""
    found = read_lookup(fixtures / "changes.csv")
    assert isinstance(found, AreaChanges)
    return found


@pytest.fixture
def counts():
    codes = [f"E0100000{n}" for n in range(1, 7)]
    return pd.DataFrame({"under5": [50, 80, 10, 20, 30, 40], "under2": [20, 40, 4, np.nan, 9, 9]}, index=codes)


def test_output_areas(fixtures):
    lookup = read_lookup(fixtures / "oa_lookup.csv")
    assert isinstance(lookup, OutputAreas)
    assert lookup.table.index.tolist() == ["E00087279", "E00087280"]
    assert lookup.table.loc["E00087279"].to_dict() == {
        "area_code": "E01017283",
        "area_name": "Isle of Wight 006B",
        "msoa_code": "E02003586",
        "msoa_name": "Isle of Wight 006",
        "authority_code": "E06000046",
        "authority_name": "Isle of Wight",
    }


def test_output_areas_with_points_and_districts_of_another_year(fixtures):
    table = read_lookup(fixtures / "oa_lookup_with_points.csv").table
    assert table.loc["E00087279", ["authority_code", "easting", "northing"]].tolist() == ["E06000046", 458_600, 91_600]


def test_changes_come_in_words(changes):
    assert changes.table["change"].value_counts().to_dict() == {"complex": 3, "split": 2, "merged": 2, "unchanged": 1}
    assert changes.table.columns.tolist() == ["lsoa11_code", "lsoa21_code", "change"]
    assert set(changes.table["change"]) == set(CHANGES_2011)


def test_the_older_spelling_of_the_code(fixtures):
    lookup = read_lookup(fixtures / "changes_older_spelling.csv")
    assert isinstance(lookup, AreaChanges)
    assert lookup.table.to_dict("list") == {
        "lsoa11_code": ["E01000001"],
        "lsoa21_code": ["E01000001"],
        "change": ["unchanged"],
    }


@pytest.mark.parametrize("name", ["wards_2024.csv", "wards_2025.csv"])
def test_wards_of_any_year(fixtures, name):
    lookup = read_lookup(fixtures / name)
    assert isinstance(lookup, Wards)
    assert lookup.table.to_dict("index") == {
        "E01012049": {
            "ward_code": "E05009861",
            "ward_name": "Ladgate",
            "authority_code": "E06000002",
            "authority_name": "Middlesbrough",
        }
    }


OA_HEADER = "oa21cd,lsoa21cd,lsoa21nm,msoa21cd,msoa21nm,lad22cd,lad22nm\n"


@pytest.mark.parametrize(
    ("text", "row", "words"),
    [
        ("oa21cd,lsoa21cd\nE00000001,E01000001\n", None, ["lsoa21nm", "the nearest are 'lsoa21cd'"]),
        (OA_HEADER + "E01000001,E01000001,a,E02000001,m,E06000046,l\n", 2, ["'E01000001'", "output area code"]),
        (OA_HEADER + 2 * "E00000001,E01000001,a,E02000001,m,E06000046,l\n", 3, ["'E00000001' again"]),
        ("lsoa11cd,lsoa21cd\nE01000001,E01000001\n", None, ["column 'chgind'", "only 'lsoa11cd', 'lsoa21cd'"]),
        ("lsoa11cd,lsoa21cd,chgind\nE01000001,E01000001,Z\n", 2, ["'Z'", "U, S, M or X"]),
        ("lsoa11cd,lsoa21cd,chgind\n" + 2 * "E01000001,E01000001,U\n", 3, ["'E01000001 E01000001' again"]),
        ("lsoa21cd,wd24cd,wd24nm,lad24cd,lad24nm\n" + 2 * "E01000001,E05000001,w,E06000046,l\n", 3, ["again"]),
        ("URN,Town\n1,Ryde\n", 1, ["only 'URN', 'Town'", "chgind"]),
        (
            OA_HEADER.replace("\n", ",x,y\n") + "E00000001,E01000001,a,E02000001,m,E06000046,l,-1.3,50.7\n",
            2,
            ["'-1.3'", "from 1,000"],
        ),
    ],
)
def test_a_bad_lookup_is_refused(file, refused, text, row, words):
    refused(read_lookup, file(text), *words, row=row)


def test_counts_are_copied_shared_and_added(changes, counts):
    residents = pd.Series({"E01000001": 1000.0, "E01030001": 1500.0, "E01030002": 500.0, "E01030003": 9.0})
    carried = carry_counts(counts, changes=changes, residents=residents)
    assert carried.index.name == "area_code"
    assert carried["under5"].to_dict() == pytest.approx(
        # 80 children shared 3 to 1; 10 and 20 added
        {
            "E01000001": 50,
            "E01030001": 60,
            "E01030002": 20,
            "E01030003": 30,
            "E01030004": np.nan,
            "E01030005": np.nan,
        },
        nan_ok=True,
    )
    assert carried["under2"].tolist()[:3] == [20, 30, 10]
    assert np.isnan(carried.loc["E01030003", "under2"])
    assert carried["change_2011"].tolist() == ["unchanged", "split", "split", "merged", "complex", "complex"]


@pytest.mark.parametrize(
    "residents",
    [None, pd.Series({"E01030001": 1500.0}), pd.Series({"E01030001": 0.0, "E01030002": 0.0})],
)
def test_a_split_without_residents_is_missing(changes, counts, residents):
    carried = carry_counts(counts, changes=changes, residents=residents)
    assert carried.loc[["E01030001", "E01030002"], "under5"].isna().all()
    assert carried.loc[["E01000001", "E01030003"], "under5"].tolist() == [50, 30]


def test_an_area_without_a_count_is_missing_and_not_zero(changes, counts):
    carried = carry_counts(counts.drop(["E01000001", "E01000003"]), changes=changes, residents=None)
    assert carried.loc[["E01000001", "E01030003"], "under5"].isna().all()
    assert len(carried) == 6


def test_ranks_move_only_where_nothing_changed(changes):
    codes = [f"E0100000{n}" for n in range(1, 7)]
    table = pd.DataFrame({"imd_rank": [7.0, 1, 2, 3, 4, 5], "area_name": list("ABEFHI")}, index=codes)
    carried = carry_ranks(table, changes=changes)
    assert carried.loc["E01000001"].tolist() == [7, "A", "unchanged"]
    assert carried.drop(index="E01000001")[["imd_rank", "area_name"]].isna().all(axis=None)
    assert carried["change_2011"].tolist() == ["unchanged", "split", "split", "merged", "complex", "complex"]


@pytest.mark.real
@pytest.mark.parametrize(("place", "areas", "lsoas"), [("isle-of-wight", 476, 89), ("leeds", 2_607, 488)])
def test_output_areas_as_published(real, place, areas, lsoas):
    lookup = read_lookup(real / place / "lookup_oa21_lsoa21_msoa21_lad.csv")
    assert (len(lookup.table), lookup.table["area_code"].nunique()) == (areas, lsoas)


@pytest.mark.real
def test_wards_as_published(real):
    table = read_lookup(real / "england" / "lookup_lsoa21_ward24_lad24.csv.gz").table
    assert (len(table), table["ward_code"].nunique(), table["authority_code"].nunique()) == (33_755, 6_784, 296)
    assert table.loc[table["authority_code"] == "E06000046", "ward_code"].nunique() == 39


@pytest.mark.real
def test_changes_as_published(real):
    table = read_lookup(real / "england" / "lookup_lsoa11_lsoa21.csv.gz").table
    assert table["change"].value_counts().to_dict() == {
        "unchanged": 31_810,
        "split": 1_842,
        "merged": 194,
        "complex": 10,
    }
    assert (table["lsoa11_code"].nunique(), table["lsoa21_code"].nunique()) == (32_844, 33_755)
    unchanged = table[table["change"] == "unchanged"]
    assert (unchanged["lsoa11_code"] == unchanged["lsoa21_code"]).all()


@pytest.mark.real
def test_no_child_of_england_is_lost_or_made(real):
    changes = read_lookup(real / "england" / "lookup_lsoa11_lsoa21.csv.gz")
    children = read_children(real / "england" / "mye2020_under5_lsoa11.csv.gz").table
    residents = read_country_of_birth(real / "england" / "census2021_ts004_lsoa21.csv.gz").table["residents"]
    carried = carry_counts(children, changes=changes, residents=residents)
    complex_areas = changes.table.loc[changes.table["change"] == "complex", "lsoa11_code"].unique()
    lost = children.loc[complex_areas, "under5"].sum()
    assert carried["under5"].sum() == pytest.approx(3_239_447 - lost)
    assert carried["under5"].isna().sum() == 6
    assert carried.loc[carried["change_2011"] == "unchanged", "under5"].sum() == 3_028_095


@pytest.mark.real
def test_the_island_did_not_change(real):
    changes = read_lookup(real / "england" / "lookup_lsoa11_lsoa21.csv.gz")
    children = read_children(real / "england" / "mye2020_under5_lsoa11.csv.gz").table
    areas = read_lookup(real / "isle-of-wight" / "lookup_oa21_lsoa21_msoa21_lad.csv").table["area_code"].unique()
    carried = carry_counts(children, changes=changes, residents=None).loc[areas]
    assert carried[["under2", "under5"]].sum().tolist() == [2_153, 5_891]
    assert carried["change_2011"].unique().tolist() == ["unchanged"]
