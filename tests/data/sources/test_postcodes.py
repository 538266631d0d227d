import numpy as np
import pandas as pd
import pytest

from data.sources.postcodes import Postcodes, merge_postcodes, read_postcodes
from geo.errors import RequestError

COLUMNS = ["easting", "northing", "live", "area_code", "oa_code", "authority_code"]


def test_a_cut_of_the_directory(fixtures):
    postcodes = read_postcodes(fixtures / "onspd_cut.csv")
    table = postcodes.table
    assert postcodes.geography == "lsoa21"
    assert table.columns.tolist() == COLUMNS
    assert table.index.tolist() == ["PO301AA", "PO301BB", "BD11JS"]
    assert table["live"].tolist() == [False, True, True]
    assert table.loc["PO301AA", ["easting", "northing", "area_code"]].tolist() == [449_700, 89_100, "E01017326"]
    assert pd.isna(table.loc["BD11JS", "area_code"])
    assert table["live"].dtype == bool


def test_the_whole_directory(fixtures):
    postcodes = read_postcodes(fixtures / "onspd_full.csv")
    table = postcodes.table
    assert postcodes.geography == "lsoa21"
    assert table["live"].to_dict() == {"PO301AA": False, "PO301BB": True, "JE23AB": True}
    assert table.loc["PO301AA", ["easting", "northing"]].tolist() == [449_700, 89_100]
    assert table.loc[["PO301BB", "JE23AB"], ["easting", "northing"]].isna().all(axis=None)
    assert table.loc["PO301AA", ["area_code", "oa_code", "authority_code"]].tolist() == [
        "E01017326",
        "E00087279",
        "E06000046",
    ]
    assert table.loc["JE23AB", ["area_code", "oa_code", "authority_code"]].isna().all()


def test_an_earlier_directory_names_its_columns_otherwise(fixtures):
    table = read_postcodes(fixtures / "onspd_2023.csv").table
    row = table.loc["AB10AA"]
    assert row.tolist() == [385_386, 801_193, False, "S01013473", "S00137176", "S12000033"]


def test_the_lookup_of_2022_has_codes_of_2011_and_no_coordinates(fixtures):
    postcodes = read_postcodes(fixtures / "ons_lookup_2022.csv")
    table = postcodes.table
    assert postcodes.geography == "lsoa11"
    assert table[["easting", "northing"]].isna().all(axis=None)
    assert table["live"].tolist() == [False, True, True]
    assert table.loc["PO301BB", ["area_code", "oa_code"]].tolist() == ["E01017326", "E00087280"]
    assert table.loc["PO301CC", ["area_code", "oa_code", "authority_code"]].isna().all()


def test_code_point_open_has_no_header(fixtures):
    four = read_postcodes(fixtures / "code_point_4.csv")
    assert four.geography is None
    assert four.table.index.tolist() == ["PO301BB", "PO301CC", "PO309ZZ"]
    assert four.table["live"].all()
    assert four.table.loc["PO301BB", ["easting", "northing"]].tolist() == [449_801, 89_201]
    assert four.table.loc["PO309ZZ", ["easting", "northing"]].isna().all()
    assert four.table[["area_code", "oa_code", "authority_code"]].isna().all(axis=None)
    ten = read_postcodes(fixtures / "code_point_10.csv")
    assert ten.table["authority_code"].tolist() == ["E06000046", "E06000046"]
    assert (ten.geography, ten.table["live"].all()) == (None, True)


@pytest.mark.parametrize(
    ("text", "row", "words"),
    [
        ("pcd,oseast1m,osnrth1m,doterm\nBD1 1JS,1,2,\nbd11js,1,2,\n", 3, ["'BD11JS' again", "once"]),
        ("pcd,oseast1m,osnrth1m,doterm\nBD1 1JS,far,2,\n", 2, ["'far'", "oseast1m"]),
        ("pcd,oseast1m,osnrth1m,doterm\nBD1 1JS,-1.5,53.8,\n", 2, ["'-1.5'", "700,000"]),
        ("pcd,oseast1m,osnrth1m,doterm\n,1,2,\n", 2, ["a blank", "a postcode such as"]),
        ("pcd,oseast1m,osnrth1m,doterm\nBD1 1JS,1,2,gone\n", 2, ["'gone'", "doterm"]),
        ("pcd,oseast1m,osnrth1m,live_in_codepoint_open\nBD1 1JS,1,2,yes\n", 2, ["'yes'", "True or False"]),
        ("pcd,oseast1m,osnrth1m\nBD1 1JS,1,2\n", None, ["doterm", "'osnrth1m'"]),
        ("pcd,doterm,laua\nBD1 1JS,,E08000035\n", 1, ["coordinates", "'laua'"]),
        ("URN,Town\n1,Ryde\n", None, ["only 'URN', 'Town'", "'pcds'"]),
        ("BD1 1JS,10,1\n", 1, ["found 3", "10 fields"]),
        ("BD1 1JS,10,1,2\nBD1 1JT,10,1\n", 2, ["found 3", "4 fields"]),
    ],
)
def test_a_bad_list_is_refused(file, refused, text, row, words):
    refused(read_postcodes, file(text), *words, row=row)


def test_lists_are_joined_without_inventing_a_postcode(fixtures):
    code_point = read_postcodes(fixtures / "code_point_4.csv")
    lookup = read_postcodes(fixtures / "ons_lookup_2022.csv")
    merged = merge_postcodes([code_point, lookup])
    table = merged.table
    assert merged.geography == "lsoa11"
    assert table.index.name == "postcode"
    assert sorted(table.index) == ["PO301AA", "PO301BB", "PO301CC", "PO309ZZ"]
    assert table.loc["PO301BB"].tolist() == [449_801, 89_201, True, "E01017326", "E00087280", "E06000046"]
    assert not table.loc["PO301AA", "live"]
    assert table.loc["PO309ZZ", "live"]
    assert np.isnan(table.loc["PO301AA", "easting"])
    assert table.columns.tolist() == COLUMNS
    assert code_point.table["area_code"].isna().all()


def part(geography, **columns):
    empty = {"easting": [np.nan], "northing": [np.nan], "live": [True], "area_code": [None], "oa_code": [None]}
    table = pd.DataFrame(empty | {"authority_code": [None]} | columns, index=pd.Index(["A"], name="postcode"))
    return Postcodes(table.astype({"area_code": "str", "oa_code": "str", "authority_code": "str"}), geography)


def test_a_postcode_is_live_if_all_say_so_and_vintages_do_not_mix():
    old = part("lsoa11", live=[False], area_code=["E01000001"], easting=[1.0])
    new = part("lsoa21", area_code=[None], easting=[3.0], northing=[4.0])
    merged = merge_postcodes([old, new])
    assert merged.geography == "lsoa21"
    row = merged.table.loc["A"]
    assert not row["live"]
    assert pd.isna(row["area_code"])
    assert row[["easting", "northing"]].tolist() == [3, 4]


def test_nothing_to_join_is_an_error():
    with pytest.raises(RequestError, match="no lists"):
        merge_postcodes([])


@pytest.mark.real
@pytest.mark.parametrize(
    ("place", "rows", "live", "unplaced"), [("isle-of-wight", 6_424, 5_128, 6), ("leeds", 30_876, 20_722, 0)]
)
def test_the_directory_of_november_2025(real, place, rows, live, unplaced):
    postcodes = read_postcodes(real / place / "postcodes_onspd_2025-11.csv")
    assert postcodes.geography == "lsoa21"
    assert len(postcodes.table) == rows
    assert postcodes.table["live"].sum() == live
    assert postcodes.table["area_code"].isna().sum() == unplaced
    assert postcodes.table[["easting", "northing"]].notna().all(axis=None)
