"""An authority by its name, and the areas that are its own."""

from __future__ import annotations

import pandas as pd
import pytest

from data.services import authorities
from data.services.authorities import Authority, find_authority
from data.sources.boundaries import read_boundaries
from data.sources.lookups import read_lookup
from geo.errors import RequestError, ServiceError, UnknownNameError
from tests.data.services.fakes import geography

KNOWN = pd.DataFrame(
    [
        ("E06000023", "Bristol, City of"),
        ("E06000019", "Herefordshire, County of"),
        ("E06000010", "Kingston upon Hull, City of"),
        ("E06000047", "County Durham"),
        ("E06000043", "Brighton and Hove"),
        ("E07000146", "King's Lynn and West Norfolk"),
        ("E07000085", "East Hampshire"),
        ("E08000013", "St. Helens"),
        ("E08000021", "Newcastle upon Tyne"),
        ("E07000195", "Newcastle-under-Lyme"),
        ("E08000035", "Leeds"),
        ("E08000038", "Barnsley"),
        ("E09000001", "City of London"),
    ],
    columns=["code", "name"],
)
BARNSLEY = Authority(code="E08000038", name="Barnsley")


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("leeds", "E08000035"),
        (" LEEDS ", "E08000035"),
        ("Bristol", "E06000023"),
        ("City of Bristol", "E06000023"),
        ("Bristol, City of", "E06000023"),
        ("Herefordshire", "E06000019"),
        ("Durham", "E06000047"),
        ("Brighton & Hove", "E06000043"),
        ("Kings Lynn and West Norfolk", "E07000146"),
        ("King\u2019s Lynn & West Norfolk", "E07000146"),
        ("St Helens", "E08000013"),
        ("newcastle under lyme", "E07000195"),
        ("e08000035", "E08000035"),
        ("E08000016", "E08000038"),
        ("City of Leeds", "E08000035"),
        ("Leeds City Council", "E08000035"),
        ("Metropolitan Borough of Barnsley", "E08000038"),
        ("Barnsley MBC", "E08000038"),
        ("Durham County Council", "E06000047"),
        ("City of London", "E09000001"),
    ],
)
def test_an_authority_is_found_by_any_form_of_its_name_and_by_its_codes(typed, code):
    assert find_authority(typed, KNOWN).code == code


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("Newcastle", "Newcastle upon Tyne (E08000021), Newcastle-under-Lyme (E07000195)"),
        ("Hull", "Kingston upon Hull, City of (E06000010)"),
        ("Hampshire", "East Hampshire (E07000085)"),
        ("Leedz", "Leeds (E08000035)"),
        ("London", "City of London (E09000001)"),
        ("Cardiff", "no local authority of England is called 'Cardiff'"),
        ("", "no local authority"),
    ],
)
def test_a_name_that_none_has_is_refused_with_those_near_it(typed, words):
    with pytest.raises(UnknownNameError) as caught:
        find_authority(typed, KNOWN)
    assert words in str(caught.value)


def test_namesakes_are_listed_and_none_is_taken():
    table = pd.concat([KNOWN, pd.DataFrame([("E07000998", "Bristol")], columns=["code", "name"])])
    with pytest.raises(RequestError, match=r"Bristol, City of \(E06000023\), Bristol \(E07000998\)"):
        find_authority("Bristol", table)
    assert find_authority("City of Bristol", table).code == "E06000023"


def test_the_list_is_englands_and_the_newest(client, service):
    old = geography.authorities(("E08000016", "Barnsley")).rename(columns=lambda name: name.replace("26", "24"))
    new = geography.authorities(("E08000038", "Barnsley"))
    geography.serve(service, {"WD24_LAD24_UK_LU": old, "WD26_LAD26_UK_LU_v2": new}, dead=["WD26_LAD26_UK_LU"])
    found = authorities.list_authorities(client)
    assert len(found) == 296
    assert find_authority("Barnsley", found) == BARNSLEY


def test_the_list_comes_from_another_layer_where_one_is_gone_or_cut(client, service):
    few = geography.authorities(("E08000038", "Barnsley"))[:100]
    names = geography.authorities(("E08000038", "Barnsley")).drop_duplicates("LAD26CD")
    names = names.rename(columns={"LAD26CD": "LAD25CD", "LAD26NM": "LAD25NM"})
    geography.serve(service, {"WD26_LAD26_UK_LU": few, "LAD_APR_2025_UK_NC_v2": names})
    assert len(authorities.list_authorities(client)) == 296


def test_every_layer_gone_says_what_each_said(client, service):
    geography.serve(service, {}, dead=["WD26_LAD26_UK_LU", "LAD_APR_2025_UK_NC_v2"])
    with pytest.raises(ServiceError, match=r"names of local authorities.*WD26_LAD26_UK_LU.*Invalid URL.*expected"):
        authorities.list_authorities(client)


@pytest.fixture
def recoded(service):
    """Barnsley: its code of 2025 in the wards and outlines, that of before in the look-up of output areas."""
    lsoas = [f"E010073{number:02}" for number in range(19, 22)]
    wards = pd.DataFrame(
        {"LSOA21CD": lsoas, "LSOA21NM": "Barnsley 001A", "WD25CD": "E05000001", "WD25NM": "Central"}
    ).assign(LAD25CD="E08000038", LAD25NM="Barnsley")
    oas = pd.DataFrame({"OA21CD": [f"E000371{number:02}" for number in range(6)], "LSOA21CD": [*lsoas, *lsoas]}).assign(
        LSOA21NM="Barnsley 001A", MSOA21CD="E02001509", MSOA21NM="Barnsley 001", LAD22CD="E08000016", LAD22NM="Barnsley"
    )
    other = oas.assign(OA21CD="W" + oas["OA21CD"].str[1:], LSOA21CD="W01000001", LAD22CD="W06000015")
    outline = geography.squares({"LAD26CD": ["E08000038", "E08000035"]}, LAD26NM=["Barnsley", "Leeds"])
    areas = geography.squares({"LSOA21CD": [*lsoas, "E01011269"]}, LSOA21NM="Barnsley 001A")
    middles = areas.set_geometry(areas.centroid)[:2].rename(columns={"LSOA21CD": "OA21CD"}).assign(OA21CD=oas["OA21CD"])
    geography.serve(
        service,
        {
            "LSOA21_WD25_LAD25_EW_LU_v2": wards,
            "OA_LSOA_MSOA_EW_DEC_2021_LU_v3": pd.concat([oas, other]),
            "Local_Authority_Districts_May_2026_Boundaries_UK_BGC": outline,
            "Lower_layer_Super_Output_Areas_December_2021_Boundaries_EW_BGC_V5": areas,
            "Output_Areas_2021_PWC_V3": middles,
        },
        most=4,
    )
    return lsoas


def test_areas_are_chosen_once_and_joined_by_their_own_codes(client, recoded, tmp_path):
    wards = authorities.read_wards(client, BARNSLEY)
    oas = authorities.read_output_areas(client, wards["LSOA21CD"], points=False)
    assert authorities.census_code(oas) == "E08000016"  # what Nomis knows it by
    read = read_lookup(authorities.write_table(wards, tmp_path / "wards.csv"))
    assert read.table["authority_code"].unique().tolist() == ["E08000038"]
    assert read.table.index.tolist() == recoded
    read = read_lookup(authorities.write_table(oas, tmp_path / "output_areas.csv"))
    assert sorted(read.table["area_code"].unique()) == recoded
    assert len(read.table) == 6
    drawn = read_boundaries(
        authorities.write_outlines(authorities.read_boundaries(client, recoded), tmp_path / "areas.gpkg")
    )
    assert sorted(drawn.table.index) == recoded
    assert drawn.geography == "lsoa21"
    assert authorities.read_outline(client, BARNSLEY).bounds == (430_000, 430_000, 431_000, 431_000)


def test_an_older_edition_knows_the_authority_by_its_former_code(client, service):
    wards = pd.DataFrame({"LSOA21CD": ["E01007319"], "LSOA21NM": "a", "WD24CD": "E05000001", "WD24NM": "b"})
    geography.serve(
        service,
        {"LSOA21_WD24_LAD24_EW_LU": wards.assign(LAD24CD="E08000016", LAD24NM="Barnsley")},
        dead=["LSOA21_WD25_LAD25_EW_LU_v2"],
    )
    assert authorities.read_wards(client, BARNSLEY)["LAD24CD"].tolist() == ["E08000016"]


def test_an_authority_newer_than_the_look_up_of_wards_is_found_by_health_areas(client, service):
    lsoas = ["E01007319", "E01007320"]
    wards = pd.DataFrame({"LSOA21CD": lsoas, "LSOA21NM": "a", "WD25CD": "E05000001", "WD25NM": "b"})
    health = pd.DataFrame({"LSOA21CD": lsoas, "LAD26CD": "E06000070"})
    geography.serve(
        service,
        {
            "LSOA21_WD25_LAD25_EW_LU_v2": wards.assign(LAD25CD="E07000001", LAD25NM="Old"),
            "LSOA21_SICBL26_ICB26_NHSER26_LAD26": health,
        },
        dead=["LSOA21_WD24_LAD24_EW_LU"],
    )
    assert authorities.read_lsoas(client, Authority(code="E06000070", name="New")) == lsoas
    assert authorities.read_wards_of(client, lsoas)["WD25NM"].tolist() == ["b", "b"]


def test_an_authority_of_2023_has_no_code_of_2022():
    assert authorities.census_code(pd.DataFrame({"LAD22CD": ["E07000026", "E07000028"]})) is None


def test_middles_of_output_areas_are_a_help_only(client, service, recoded, tmp_path):
    geography.serve(service, {}, dead=["Output_Areas_2021_PWC_V3"])
    service.on(geography.GEOGRAPHY, geography.GONE)
    assert "x" not in authorities.read_output_areas(client, recoded)


def test_middles_of_output_areas_come_with_them(client, service, recoded, tmp_path):
    middles = geography.squares({"OA21CD": [f"E000371{number:02}" for number in range(6)]})
    middles = middles.set_geometry(middles.centroid)
    geography.serve(service, {"Output_Areas_2021_PWC_V3": middles})
    table = authorities.read_output_areas(client, recoded)
    read = read_lookup(authorities.write_table(table, tmp_path / "oa.csv")).table
    assert read["easting"].tolist() == [430_500, 431_500, 432_500, 433_500, 434_500, 435_500]
