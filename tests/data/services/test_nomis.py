"""Census tables and estimates, asked of a service on this machine that answers as Nomis does."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from data.services import nomis
from data.services.nomis import AGE, COUNTRY_OF_BIRTH, ESTIMATES
from data.sources.census import read_children, read_country_of_birth, read_counts
from geo.errors import ServiceError
from tests.data.services.fakes import nomis as fake

OAS = [f"E000567{number:02}" for number in range(50, 62)]
BORN = pd.DataFrame({0: np.arange(300, 312), 1: np.arange(280, 292)}, index=OAS)


@pytest.fixture
def table_read(service, client):
    """Ask for the country of birth of `OAS`, which Nomis knows by the authority's code of 2022."""

    def read(*, authority="E08000035", most=25_000, known=("E08000035",)):
        parents = dict.fromkeys(known, OAS)
        service.on(fake.address(COUNTRY_OF_BIRTH), fake.rows(fake.long(BORN), parents=parents, most=most))
        return nomis.read_table(client, COUNTRY_OF_BIRTH, OAS, authority=authority)

    return read


def test_rows_come_by_the_authoritys_code_and_are_read_as_a_bulk_file_is(table_read, service, tmp_path):
    path = tmp_path / "ts004.csv"
    table_read().to_csv(path, index=False)
    born = read_country_of_birth(path)
    assert born.geography == "oa21"
    assert born.table.loc["E00056750"].tolist() == [300, 20]
    assert len(born.table) == 12
    (asked,) = service.asked
    assert asked["geography"] == "E08000035TYPE150"
    assert asked["c2021_cob_12"] == "0,1"  # without it subtotals come too


def test_an_answer_that_is_cut_is_asked_for_page_by_page(table_read, service):
    assert len(table_read(most=10)) == 12
    assert [one["RecordOffset"] for one in service.asked] == ["0", "10", "20"]


def test_a_code_that_nomis_does_not_know_gives_way_to_lists_of_areas(table_read, service):
    assert len(table_read(authority="E08000038")) == 12  # 200 with nothing in it
    assert service.asked[-1]["geography"] == ",".join(OAS)
    assert len(table_read(authority=None)) == 12


def test_the_bulk_file_is_the_last_way(client, service):
    service.on(fake.address(COUNTRY_OF_BIRTH), b'"DATE","GEOGRAPHY_CODE","C2021_COB_12","OBS_VALUE","RECORD_COUNT"\n')
    service.on(fake.bulk_address(COUNTRY_OF_BIRTH), fake.bulk(COUNTRY_OF_BIRTH, BORN))
    table = nomis.read_table(client, COUNTRY_OF_BIRTH, OAS, authority="E08000035")
    assert table["geography code"].tolist() == OAS  # neither Wales nor what is not asked for


def test_nothing_anywhere_says_what_each_way_said(client, service):
    service.on(fake.address(COUNTRY_OF_BIRTH), b"")
    with pytest.raises(ServiceError, match=r"TS004.*an empty answer.*lists of areas.*the bulk file"):
        nomis.read_table(client, COUNTRY_OF_BIRTH, OAS, authority="E08000035")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "an empty answer"),
        (b'"DATE","GEOGRAPHY_CODE"\n', "a header alone"),
        (b'"DATE","OBS_VALUE"\n2021,3\n', "a column GEOGRAPHY_CODE"),
    ],
)
def test_an_answer_without_rows_is_none(file, content, words):
    with pytest.raises(ServiceError, match=words):
        nomis.check_rows(file(content), table=COUNTRY_OF_BIRTH)


def test_an_area_that_does_not_come_is_missed(table_read, service, client):
    service.on(fake.bulk_address(COUNTRY_OF_BIRTH), fake.bulk(COUNTRY_OF_BIRTH, BORN[:11]))
    service.on(fake.address(COUNTRY_OF_BIRTH), fake.rows(fake.long(BORN[:11]), parents={"E08000035": OAS}))
    with pytest.raises(ServiceError, match=r"nothing for 1 of 12 areas, such as E00056761"):
        nomis.read_table(client, COUNTRY_OF_BIRTH, OAS, authority="E08000035")


def test_subtotals_and_other_categories_are_refused(file):
    path = file('"GEOGRAPHY_CODE","C2021_COB_12","OBS_VALUE","RECORD_COUNT"\n"E00056750","1002",3,1\n')
    with pytest.raises(ServiceError, match="category '1002'; expected one of 0, 1"):
        nomis.read_rows(path, COUNTRY_OF_BIRTH)


def test_under_fives_of_the_census(client, service, tmp_path):
    ages = pd.DataFrame({0: [300, 310], 1: [20, 0]}, index=OAS[:2])
    service.on(fake.address(AGE), fake.rows(fake.long(ages), parents={"E08000035": OAS[:2]}))
    path = tmp_path / "ts007a.csv"
    nomis.read_table(client, AGE, OAS[:2], authority="E08000035").to_csv(path, index=False)
    children = read_children(path)
    assert (children.geography, children.vintage) == ("oa21", "Census 2021")
    assert children.table["under5"].tolist() == [20, 0]


def test_estimates_are_of_the_newest_year_on_the_areas_of_2021(client, service, tmp_path):
    lsoas = ["E01017282", "E01017283"]
    ages = pd.DataFrame({code: [code, 2 * code] for code in (101, 102, 103, 104, 105)}, index=lsoas)
    service.on(fake.address(ESTIMATES), fake.rows(fake.long(ages, date="2024"), parents={"E06000046": lsoas}))
    table, year = nomis.estimates(nomis.read_table(client, ESTIMATES, lsoas, authority="E06000046"))
    path = tmp_path / nomis.estimates_name(year)
    table.to_csv(path, index=False)
    children = read_children(path)
    assert (children.geography, children.vintage) == ("lsoa21", "mid-2024")
    assert children.table.loc["E01017282"].tolist() == [203, 515]  # ages 0 and 1; 0 to 4
    (asked,) = service.asked
    assert (asked["gender"], asked["c_age"], asked["geography"]) == ("0", "101,102,103,104,105", "E06000046TYPE151")


@pytest.mark.parametrize("table", [nomis.LENGTH_OF_RESIDENCE, nomis.ENGLISH, nomis.HOUSEHOLD_LANGUAGE])
def test_the_other_tables_are_read_with_every_category_in_its_place(client, service, table, tmp_path):
    wide = pd.DataFrame([[100 * code + row for code in table.categories] for row in range(3)], index=OAS[:3])
    service.on(fake.address(table), fake.rows(fake.long(wide), parents={"E08000035": OAS[:3]}))
    path = tmp_path / "counts.csv"
    nomis.read_table(client, table, OAS[:3], authority="E08000035").to_csv(path, index=False)
    counts = read_counts(path)
    assert (counts.name, counts.geography) == (table.name, "oa21")
    assert counts.table.to_numpy().tolist() == wide.to_numpy().tolist()
