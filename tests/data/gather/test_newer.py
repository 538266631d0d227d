"""Whether services have newer editions than a place: each is asked for that alone."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest

from data.catalogue import CATALOGUE
from data.fetch.receipts import Receipt, write_receipts
from data.gather.newer import compare
from data.place import RECEIPTS, Place
from data.services import arcgis, msoa_names, os_downloads, portal
from data.services.geofabrik import GEOFABRIK
from data.services.gias import EXTRACTS
from data.services.onspd import DIRECTORY
from tests.data.services.fakes import files, geography, whole
from tests.servers.scripted import Answer

MONDAY = "Mon, 19 Oct 2026 07:30:00 GMT"
DIRECTORY_CARD = arcgis.layer_address(DIRECTORY.known[0])
NAMES = msoa_names.names_ask(msoa_names.EDITIONS[0]).url
COUNTY = f"{GEOFABRIK}/europe/united-kingdom/england/isle-of-wight-latest.osm.pbf"
CONTENT = files.content_address(urlsplit(CATALOGUE["deprivation"].landing_page).path)


@pytest.fixture
def fetched(small_place, service, town, tmp_path):
    """The small authority as if it had been fetched on a day, from what the services have now."""
    folder = shutil.copytree(small_place.folder, tmp_path / "fetched")

    def receipt(source, url, **more):
        day = datetime(2026, 1, 30, tzinfo=UTC)
        url = f"{service.address}{service.path_of(url)}"
        return Receipt(source=source, url=url, asked_at=day, status=200, bytes=1, sha256="0" * 64, **more)

    receipts = [
        receipt("streets", COUNTY, etag='"isle-of-wight"'),
        receipt("area_names", NAMES, last_modified=MONDAY),
        receipt("code_point_open", f"{os_downloads.API}/products/CodePointOpen/downloads", edition="2026-08"),
        *(receipt(one.source, arcgis.layer_address(one.known[0])) for one in (portal.BOUNDARIES, portal.WARDS)),
    ]
    write_receipts(receipts, folder / RECEIPTS)
    place, asked_at = Place.open(folder), "2026-01-30T06:00:00+00:00"
    sources = {one.dataset: one for one in place.card.sources}
    for key in ("code_point_open", "area_names"):
        sources[key] = replace(sources["wards"], dataset=key, vintage="not stated")
    address = receipt("deprivation", CATALOGUE["deprivation"].url).url
    sources["deprivation"] = replace(sources["deprivation"], address=address)
    sources["children"] = replace(sources["children"], vintage="mid-2024")
    sources["postcode_directory"] = replace(sources["postcode_directory"], asked_at=asked_at)
    service.on(CONTENT, files.content_page(CATALOGUE["deprivation"].url))
    service.on(NAMES, Answer(b"x" * 1_000, modified=MONDAY))
    return replace(place, card=replace(place.card, sources=tuple(sources.values())))


def asked(fetching, place, day=whole.DAY):
    found = compare(fetching(refresh=True), place, today=day)
    return {one.source: one.fault or (one.here, one.there, one.newer) for one in found}


def test_nothing_is_newer(fetching, service, fetched):
    layers = "Lower_layer_Super_Output_Areas_December_2021_Boundaries_EW_BGC_V5", "LSOA21_WD25_LAD25_EW_LU_v2"
    deprivation = CATALOGUE["deprivation"].url.rpartition("/")[2]
    assert asked(fetching, fetched) == {
        "streets": (fetched.card.sources[0].vintage, "the same file", False),
        "boundaries": (layers[0], layers[0], False),
        "postcode_directory": ("asked on 2026-01-30", "", None),
        "deprivation": (deprivation, deprivation, False),
        "children": ("mid-2024", "mid-2024", False),
        "wards": (layers[1], layers[1], False),
        "centres": ("2026-01-30", "2026-01-30", False),
        "code_point_open": ("2026-08", "2026-08", False),
        "area_names": ("not stated", "changed on 2026-10-19", False),
    }
    # no file came but lists of editions
    whole_files = (COUNTY, NAMES, f"{EXTRACTS}/edubaseallchildrencentre20260130.csv")
    assert {one.method for url in whole_files for one in service.asked_for(url)} == {"HEAD"}
    assert not service.asked_for(CATALOGUE["deprivation"].url)


def test_everything_is_newer(fetching, service, store, fetched):
    listed = ["LSOA21_WD26_LAD26_EW_LU", "Lower_layer_Super_Output_Areas_December_2021_Boundaries_EW_BGC_V6"]
    service.on(
        arcgis.GEOGRAPHY, geography.said({"services": [{"name": one, "type": "FeatureServer"} for one in listed]})
    )
    moment = datetime(2026, 5, 20, tzinfo=UTC).timestamp() * 1000
    fields = [{"name": "PCDS"}]
    service.on(DIRECTORY_CARD, geography.said({"fields": fields, "editingInfo": {"dataLastEditDate": moment}}))
    service.on(COUNTY, Answer(b"OSMHeader", etag='"later"', modified=MONDAY))
    service.on(CONTENT, files.content_page(f"{files.ASSETS}/0/File_7_IoD2029.csv"))
    service.on(NAMES, Answer(b"x", modified="Tue, 03 Nov 2026 07:30:00 GMT"))
    files.os_product(service, store, os_downloads.CODE_POINT_OPEN, b"PK", name="codepo_gb.zip", version="2026-11")
    day = whole.DAY + timedelta(days=3)
    files.gias(service, day, centres=b"URN\n", missing=[files.MISSING_DAY, files.ERROR_WITH_200])
    before = replace(
        fetched,
        card=replace(
            fetched.card,
            sources=tuple(
                replace(one, vintage=one.vintage.replace("mid-2024", "mid-2020")) for one in fetched.card.sources
            ),
        ),
    )
    found = asked(fetching, before, day + timedelta(days=2))
    assert {key: one[1] for key, one in found.items()} == {
        "streets": "changed on 2026-10-19",
        "boundaries": listed[1],
        "postcode_directory": "changed on 2026-05-20",
        "deprivation": "File_7_IoD2029.csv",
        "children": "mid-2024",
        "wards": listed[0],
        "centres": "2026-02-02",
        "code_point_open": "2026-11",
        "area_names": "changed on 2026-11-03",
    }
    assert {one[2] for one in found.values()} == {True}


def test_of_a_place_built_by_hand_less_can_be_told(fetching, service, small_place, town):
    """Its files say their day, or nothing; and what a service does not say is a fault of that source alone."""
    service.on(CONTENT, "nothing")
    found = asked(fetching, small_place)
    assert found["wards"] == ("not stated", "LSOA21_WD25_LAD25_EW_LU_v2", None)
    assert found["children"] == ("mid-2020", "mid-2024", True)
    assert "GOV.UK" in found["deprivation"]
