"""Files of GOV.UK: by the content API, by the page, and where they last were."""

from __future__ import annotations

import pytest

from data.catalogue import CATALOGUE
from data.services import govuk
from data.services.govuk import DEPRIVATION, FAMILY_HUBS
from data.sources.hubs import read_hubs
from geo.errors import ServiceError
from tests.data.services.fakes import files
from tests.servers.scripted import Answer

HUBS = b"Region,Local_Authority,Family_Hub,Postcode\nSouth East,Isle of Wight,Ryde Family Hub,PO33 2JF\n"
PAGE = "/government/publications/list-of-family-hub-sites"
NEW = f"{files.ASSETS}/{'a' * 24}/List_of_family_hub_sites_2026.csv"
LAST = CATALOGUE["family_hubs"].url


def ask_for_hubs(client):
    return read_hubs(govuk.get_file(client, FAMILY_HUBS).path)["name"].tolist()


@pytest.mark.parametrize(
    "page",
    [
        files.content_page(f"{files.ASSETS}/{'b' * 24}/Guidance.csv", NEW),
        files.content_page(documents=["/government/publications/other", NEW]),  # an older page
    ],
)
def test_the_newest_file_is_the_one_that_the_page_offers(client, service, page):
    service.on(files.content_address(PAGE), page)
    service.on(NEW, HUBS)
    assert ask_for_hubs(client) == ["Ryde Family Hub"]
    assert service.asked_for(LAST) == []


def test_a_page_that_has_moved_is_followed(client, service):
    service.on(files.content_address(PAGE), files.moved("/government/publications/best-start-family-hubs"))
    service.on(files.content_address("/government/publications/best-start-family-hubs"), files.content_page(f"{NEW}"))
    service.on(NEW, HUBS)
    assert ask_for_hubs(client) == ["Ryde Family Hub"]


def test_the_page_itself_is_read_where_the_content_api_is_gone(client, service):
    service.on(files.content_address(PAGE), files.gone())
    service.on(
        f"{govuk.SITE}{PAGE}",
        Answer(f'<!DOCTYPE html><section class="gem-c-attachment"><a class="govuk-link" href="{NEW}">x</a>'.encode()),
    )
    service.on(NEW, HUBS)
    assert ask_for_hubs(client) == ["Ryde Family Hub"]


@pytest.mark.parametrize(
    "page",
    [
        files.gone(),
        files.moved(PAGE),  # in a circle
        files.content_page(NEW, NEW.replace("2026", "2025")),  # which of the two?
        Answer(b"[]", kind="application/json"),
        Answer(status=503),
    ],
)
def test_otherwise_the_last_known_address_is_asked(client, service, page):
    service.on(files.content_address(PAGE), page)
    service.on(LAST, HUBS)
    assert ask_for_hubs(client) == ["Ryde Family Hub"]


def test_a_spreadsheet_or_another_table_is_no_list_of_hubs(client, service):
    service.on(files.content_address(PAGE), files.content_page(NEW))
    service.on(NEW, files.packed({"[Content_Types].xml": "", "xl/workbook.xml": ""}))
    service.on(LAST, b"Region,Name\nSouth East,Ryde\n")
    with pytest.raises(ServiceError, match=r"a spreadsheet.*without the column 'Postcode'"):
        ask_for_hubs(client)


@pytest.mark.parametrize(
    ("names", "chosen"),
    [
        (["File_7_IoD2025_All_Ranks.csv", "File_1_IoD2025.xlsx", "File_7_notes.pdf"], 0),
        (["File_8.csv", "File7_IoD2025.csv"], 1),
        (["File_70_x.csv"], None),
        (["File_7_a.csv", "File_7_b.csv"], None),
    ],
)
def test_one_file_7_is_chosen(names, chosen):
    urls = [f"{files.ASSETS}/{'c' * 24}/{name}" for name in names]
    if chosen is not None:
        assert govuk.choose(urls, DEPRIVATION.file, page="/x") == urls[chosen]
    else:
        with pytest.raises(ServiceError, match="expected one file"):
            govuk.choose(urls, DEPRIVATION.file, page="/x")


def test_deprivation_goes_to_its_known_file_first_and_must_be_all_of_england(client, service, fixtures):
    head = (
        "LSOA code (2021),Index of Multiple Deprivation (IMD) Score,Index of Multiple Deprivation (IMD) Rank (where 1),"
    )
    few = f"{head}Index of Multiple Deprivation (IMD) Decile (where 1)\nE01000001,8.742,26525,8\n"
    service.on(CATALOGUE["deprivation"].url, few)
    with pytest.raises(ServiceError, match="1 instead of 33,755 areas"):
        govuk.get_file(client, DEPRIVATION)
    assert service.asked[0].path == service.path_of(CATALOGUE["deprivation"].url)
