import numpy as np
import pytest

from data.sources.census import read_children, read_country_of_birth, read_counts


def test_born_abroad_is_everybody_less_those_born_in_the_uk(fixtures):
    born = read_country_of_birth(fixtures / "nomis_ts004_lsoa.csv")
    assert born.geography == "lsoa21"
    assert born.table.to_dict("index") == {
        "E01000001": {"residents": 1476, "born_outside_uk": 602},
        "E01000002": {"residents": 1384, "born_outside_uk": 625},
        "W01001730": {"residents": 2000, "born_outside_uk": 500},
    }
    assert set(born.table.dtypes.astype(str)) == {"float64"}


def test_the_suffix_of_the_headers_may_be_absent(fixtures, file):
    text = (fixtures / "nomis_ts004_lsoa.csv").read_text().replace("; measures: Value", "")
    assert read_country_of_birth(file(text)).table["born_outside_uk"].tolist() == [602, 625, 500]


def test_plain_tables_are_read(file):
    born = read_country_of_birth(
        file(
            "oa21cd,lsoa21cd,total,born_uk,born_outside_uk\nE00087279,E01017283,449,430,19\nE00087280,E01017283,312,,\n"
        )
    )
    assert born.geography == "oa21"
    assert born.table.loc["E00087279"].tolist() == [449, 19]
    assert np.isnan(born.table.loc["E00087280", "born_outside_uk"])


@pytest.mark.parametrize(
    ("text", "row", "words"),
    [
        ("code,total,born_uk\nE01000001,100,101\n", 2, ["100 = 101", "born in the UK"]),
        ("code,total,born_uk,born_outside_uk\nE01000001,100,90,10\nE01000002,100,90,11\n", 3, ["90 + 11"]),
        ("code,total,born_uk\nE01000001,100,ninety\n", 2, ["'ninety'", "born_uk", "a number"]),
        ("code,total,born_uk\nE01000001,100,-1\n", 2, ["'-1'", "not below 0"]),
        ("code,total,born_uk\nE02000001,100,90\n", 2, ["'E02000001'", "output area"]),
        ("code,total,born_uk\nE01000001,100,90\nE00000001,9,8\n", 3, ["'E00000001'", "an LSOA"]),
        ("code,total,born_uk\nE01000001,100,90\nE01000001,9,8\n", 3, ["'E01000001' again", "once"]),
        ("code,total\nE01000001,100\n", None, ["Country of birth: Europe: United Kingdom", "only 'code', 'total'"]),
    ],
)
def test_bad_counts_are_named(file, refused, text, row, words):
    refused(read_country_of_birth, file(text), *words, row=row)


def test_another_census_table_is_named(fixtures, refused):
    refused(
        read_country_of_birth, fixtures / "nomis_ts021_lsoa.csv", "TS021, ethnic group", "expected table TS004", row=1
    )
    refused(read_country_of_birth, fixtures / "nomis_ts007a_oa.csv", "TS007A, age", "expected table TS004", row=1)
    refused(read_children, fixtures / "nomis_ts004_lsoa.csv", "TS004, country of birth", "expected table TS007A", row=1)


def test_a_census_table_without_a_name_of_ours_is_quoted(file, refused):
    path = file("date,geography,geography code,Distance travelled to work: Total\n2021,A,E01000001,5\n")
    refused(read_country_of_birth, path, "'distance travelled to work'", "expected table TS004", row=1)


def test_children_of_mid_2020_are_added_by_age(fixtures):
    children = read_children(fixtures / "mye2020_under5.csv")
    assert (children.geography, children.vintage) == ("lsoa11", "mid-2020")
    assert children.table.loc["E01011949"].tolist() == [52, 118]
    assert children.table.loc["E01011950", "under2"] == 32
    assert np.isnan(children.table.loc["E01011950", "under5"])


def test_the_code_columns_name_tells_the_areas(file):
    text = "lsoa21cd,0,1,2,3,4\nE01000001,1,2,3,4,5\n"
    children = read_children(file(text, "estimates.csv"))
    assert (children.geography, children.vintage) == ("lsoa21", "year not stated")
    assert children.table.loc["E01000001"].tolist() == [3, 15]
    assert read_children(file(text, "mid-2022 estimates.csv")).vintage == "mid-2022"


def test_a_council_may_count_its_own(file):
    children = read_children(file("lsoa21_code,under5\nE01000001,15\n", "births.csv"))
    assert (children.geography, children.vintage) == ("lsoa21", "year not stated")
    assert children.table["under5"].tolist() == [15]
    assert children.table["under2"].isna().all()


def test_the_census_knows_under_fives_only(fixtures):
    children = read_children(fixtures / "nomis_ts007a_oa.csv")
    assert (children.geography, children.vintage) == ("oa21", "Census 2021")
    assert children.table["under5"].tolist()[0] == 21
    assert np.isnan(children.table["under5"].tolist()[1])
    assert children.table["under2"].isna().all()


@pytest.mark.parametrize(
    ("text", "row", "words"),
    [
        ("lsoa11_code,0,1,2,3\nE01000001,1,2,3,4\n", None, ["column '4'", "'age 4'"]),
        ("lsoa11_code,0,1,2,3,4\nE01000001,1,2,3,4,x\n", 2, ["'x'", "column '4'"]),
        ("area,0,1,2,3,4\nE01000001,1,2,3,4,5\n", None, ["lsoa21_code", "lsoa11_code"]),
    ],
)
def test_bad_tables_of_children_are_named(file, refused, text, row, words):
    refused(read_children, file(text), *words, row=row)


@pytest.mark.real
def test_england_by_country_of_birth(real):
    born = read_country_of_birth(real / "england" / "census2021_ts004_lsoa21.csv.gz")
    assert (len(born.table), born.geography) == (33_755, "lsoa21")
    assert born.table.sum().to_dict() == {"residents": 56_489_589, "born_outside_uk": 9_802_145}


@pytest.mark.real
@pytest.mark.parametrize(("place", "areas", "residents"), [("isle-of-wight", 476, 140_483), ("leeds", 2_607, 811_942)])
def test_output_areas_by_country_of_birth(real, place, areas, residents):
    born = read_country_of_birth(real / place / "census2021_ts004_oa21.csv")
    assert (len(born.table), born.geography) == (areas, "oa21")
    assert born.table["residents"].sum() == residents


@pytest.mark.real
def test_england_by_age(real):
    children = read_children(real / "england" / "mye2020_under5_lsoa11.csv.gz")
    assert (len(children.table), children.geography, children.vintage) == (32_844, "lsoa11", "mid-2020")
    assert children.table.sum().to_dict() == {"under2": 1_227_389, "under5": 3_239_447}


@pytest.mark.real
def test_the_published_bulk_layout_of_another_table(real, refused):
    path = real / "samples" / "nomis_bulk_census2021-ts021-lsoa_first400.csv"
    refused(read_country_of_birth, path, "TS021, ethnic group", row=1)


def test_a_table_that_is_none_of_the_counts_is_refused(fixtures, refused):
    refused(read_counts, fixtures / "nomis_ts004_lsoa.csv", "TS016, length of residence", "only 'date'", row=1)
