"""Postcodes of an authority, asked of a layer that answers as the directory's does."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from data.services import onspd
from data.services.arcgis import layer_address
from data.services.authorities import Authority
from data.sources.postcodes import read_postcodes
from geo.errors import ServiceError
from tests.data.services.fakes import geography

LEEDS = Authority(code="E08000035", name="Leeds")
NAME = "ONSPD_Online_latest_Postcode_Centroids"
ROWS = pd.DataFrame(
    [
        ("LS1 8TL", None, 430_001, 433_001, "E00056750", "E01011269", 53.8),
        ("BD1 1JS", "202301", 421_900, 428_500, "E00056751", "E01011527", 53.7),
        ("LS1 9AA", None, 0, 0, "E00056750", "E01011269", 99.999999),
        ("LS1 1AA", None, 430_100, 433_100, "E00056750", "E01011269", 53.8),
    ],
    columns=["PCDS", "DOTERM", "EAST1M", "NORTH1M", "OA21CD", "LSOA21CD", "LAT"],
).assign(LAD26CD="E08000035")
OTHER = ROWS[:1].assign(PCDS="HG1 1AA", LAD26CD="E06000065")


@pytest.fixture
def directory(service):
    geography.serve(service, {NAME: pd.concat([ROWS, OTHER])}, most=2)


def test_live_postcodes_come_sorted_and_are_read_as_the_directory_is(client, service, directory, tmp_path):
    path = onspd.write_postcodes(onspd.read_postcodes(client, LEEDS), tmp_path / "onspd.csv")
    read = read_postcodes(path)
    assert read.geography == "lsoa21"
    assert read.table.index.tolist() == ["LS11AA", "LS18TL", "LS19AA"]
    assert read.table["live"].all()
    assert read.table["authority_code"].unique().tolist() == ["E08000035"]
    assert read.table.loc["LS18TL", ["easting", "area_code", "oa_code"]].tolist() == [430_001, "E01011269", "E00056750"]
    assert np.isnan(read.table.loc["LS19AA", "easting"])  # it has no position
    asked = [one for one in service.asked_for(f"{layer_address(NAME)}/query") if one.get("resultOffset")]
    assert {one["orderByFields"] for one in asked} == {"PCDS"}  # by OBJECTID it would hang
    assert {one["resultRecordCount"] for one in asked} == {"2"}  # as many as the layer gives


def test_the_column_of_authorities_is_found_whatever_its_year(client, service):
    geography.serve(service, {NAME: ROWS.rename(columns={"LAD26CD": "LAD25CD"})})
    assert len(onspd.read_postcodes(client, LEEDS)) == 3


def test_a_dead_layer_gives_way_to_the_next_and_to_the_hosted_table(client, service):
    hosted = "ONS_Postcode_Directory_(May_2026)_for_the_United_Kingdom_(Hosted_Table)"
    lower = ROWS.rename(columns=str.lower).rename(columns={"east1m": "oseast1m", "north1m": "osnrth1m"})
    geography.serve(service, {hosted: lower}, dead=onspd.DIRECTORY.known[:2])
    assert len(onspd.read_postcodes(client, LEEDS)) == 3


def test_an_authority_without_postcodes_is_refused(client, directory):
    with pytest.raises(ServiceError, match="none instead of live postcodes of Nowhere"):
        onspd.read_postcodes(client, Authority(code="E07009999", name="Nowhere"))


def test_single_postcodes_come_from_anywhere_in_use_or_not(client, directory):
    found = onspd.read_listed(client, ["hg1  1aa", "BD1 1JS", "XX1 1XX", ""])
    assert found[["PCDS", "LAD26CD"]].to_numpy().tolist() == [["BD1 1JS", "E08000035"], ["HG1 1AA", "E06000065"]]
    assert onspd.read_listed(client, ["XX1 1XX"]).empty
