import numpy as np
import pandas as pd
import pytest

from data.sources.deprivation import read_deprivation

FIGURES = ["imd_score", "imd_rank", "imd_decile", "idaci_rank", "idaci_decile"]


def cut(fixtures, name="iod2025_file7.csv", **changes):
    """The fixture's first columns as a table of text, with some cells changed (by the start of the header)."""
    table = pd.read_csv(fixtures / name, dtype="str", keep_default_na=False)
    for start, cells in changes.items():
        header = next(name for name in table.columns if name.startswith(start.replace("_", " ")))
        table[header] = cells
    return table


def test_file_7_is_read_with_all_its_columns(fixtures):
    deprivation = read_deprivation(fixtures / "iod2025_file7.csv")
    assert (deprivation.vintage, deprivation.geography) == ("IoD2025", "lsoa21")
    table = deprivation.table
    assert table.columns.tolist() == ["area_name", "authority_code", "authority_name", *FIGURES]
    assert table.loc["E01000001", FIGURES].tolist() == [8.742, 26_525, 8, 33_304, 10]
    assert table.loc["E01014485", "authority_name"] == "Bristol, City of"
    assert table.loc["E01014485", ["idaci_rank", "idaci_decile"]].isna().all()
    assert set(table[FIGURES].dtypes.astype(str)) == {"float64"}


def test_the_fixture_is_as_published(fixtures):
    header = cut(fixtures).columns
    assert len(header) == 56
    assert header[36].endswith("(where 1 is most deprived 10% of LSO")


def test_columns_may_stand_in_any_order_and_children_be_absent(fixtures, tmp_path):
    table = cut(fixtures)
    few = table[[name for name in reversed(table.columns) if "IDACI" not in name and "Crime" not in name]]
    few.to_csv(tmp_path / "few.csv", index=False)
    read = read_deprivation(tmp_path / "few.csv").table
    assert read.loc["E01021988", ["imd_score", "imd_rank", "imd_decile"]].tolist() == [94.223, 1, 1]
    assert read[["idaci_rank", "idaci_decile"]].isna().all(axis=None)


def test_codes_and_the_index_are_enough(fixtures, tmp_path):
    table = cut(fixtures)
    table[[name for name in table.columns if "LSOA code" in name or "(IMD)" in name]].to_csv(
        tmp_path / "least.csv", index=False
    )
    read = read_deprivation(tmp_path / "least.csv").table
    assert read["imd_rank"].tolist() == [26_525, 31_203, 13_840, 1]
    assert read[["area_name", "authority_code", "authority_name"]].isna().all(axis=None)


def test_the_edition_of_2019_is_on_other_areas(fixtures):
    deprivation = read_deprivation(fixtures / "iod2019_file7.csv")
    assert (deprivation.vintage, deprivation.geography) == ("IoD2019", "lsoa11")
    assert deprivation.table.loc["E01000001", FIGURES].tolist() == [6.208, 29_199, 9, 32_806, 10]


@pytest.mark.parametrize(
    ("name", "changes", "row", "words"),
    [
        (
            "iod2025_file7.csv",
            {"Index_of_Multiple_Deprivation_(IMD)_Rank": ["26525", "33756", "1", "2"]},
            3,
            ["'33756'", "1 to 33,755", "(IMD)"],
        ),
        (
            "iod2019_file7.csv",
            {"Index_of_Multiple_Deprivation_(IMD)_Rank": ["1", "32845"]},
            3,
            ["'32845'", "1 to 32,844"],
        ),
        (
            "iod2025_file7.csv",
            {"Index_of_Multiple_Deprivation_(IMD)_Decile": ["0", "1", "1", "1"]},
            2,
            ["'0'", "from 1 to 10", "Decile"],
        ),
        (
            "iod2025_file7.csv",
            {"Income_Deprivation_Affecting_Children_Index_(IDACI)_Rank": ["1", "n/a", "1", "1"]},
            3,
            ["'n/a'", "(IDACI) Rank"],
        ),
        (
            "iod2025_file7.csv",
            {"LSOA_code": ["E01000001", "E01000002", "E01000001", "E01000003"]},
            4,
            ["'E01000001'", "row 2"],
        ),
        ("iod2025_file7.csv", {"LSOA_code": ["E01000001", "", "E01000002", "E01000003"]}, 3, ["a blank", "LSOA code"]),
    ],
)
def test_bad_figures_are_named(fixtures, tmp_path, refused, name, changes, row, words):
    path = tmp_path / "bad.csv"
    cut(fixtures, name, **changes).to_csv(path, index=False)
    refused(read_deprivation, path, *words, row=row)


def test_a_missing_column_is_named(fixtures, tmp_path, refused):
    table = cut(fixtures)
    path = tmp_path / "bad.csv"
    table.drop(columns=[name for name in table.columns if name.startswith("Index") and "Rank" in name]).to_csv(
        path, index=False
    )
    refused(
        read_deprivation,
        path,
        "column 'Index of Multiple Deprivation (IMD) Rank…'",
        "the nearest are",
        "'Index of Multiple Deprivation (IMD) Score'",
    )


def test_an_edition_on_other_districts_is_refused(fixtures, tmp_path, refused):
    path = tmp_path / "iod2015.csv"
    cut(fixtures, "iod2019_file7.csv").rename(columns=lambda name: name.replace("2019", "2013")).to_csv(
        path, index=False
    )
    refused(read_deprivation, path, "2013", "2019", "2025", row=1)


@pytest.mark.real
def test_england_as_published(real):
    deprivation = read_deprivation(real / "england" / "iod2025_lsoa21.csv.gz")
    table = deprivation.table
    assert (len(table), deprivation.vintage) == (33_755, "IoD2025")
    assert table["authority_code"].nunique() == 296
    assert table["imd_rank"].idxmin() == "E01021988"
    assert table.loc["E01021988", ["area_name", "imd_score"]].tolist() == ["Tendring 018A", 94.223]
    assert np.sort(table["imd_rank"]).tolist() == list(range(1, 33_756))
    assert set(table["imd_decile"].value_counts()) == {3_375, 3_376}
    assert table[FIGURES].notna().all(axis=None)


@pytest.mark.real
def test_the_most_deprived_tenth_by_city(real):
    table = read_deprivation(real / "england" / "iod2025_lsoa21.csv.gz").table
    worst = table["imd_decile"].eq(1).groupby(table["authority_name"]).sum()
    names = ["Isle of Wight", "Leeds", "Bristol, City of", "Bradford", "Tower Hamlets"]
    assert worst[names].tolist() == [3, 84, 30, 115, 22]
    assert table["authority_name"].value_counts()[names].tolist() == [89, 488, 268, 312, 169]


@pytest.mark.real
def test_columns_in_another_order_than_published(real):
    table = read_deprivation(real / "samples" / "iod2025_file7_layout_bristol.csv").table
    assert len(table) == 268
    assert table.loc["E01014485", FIGURES].tolist() == [21.104, 13_840, 5, 12_412, 4]
