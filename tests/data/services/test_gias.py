"""The Department's dated extracts: the newest day, nobody's name, and what comes in a file's place."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from data.services import gias
from data.sources.centres import read_centres
from geo.errors import ServiceError
from tests.data.services.fakes import files

DAY = date(2026, 9, 22)
TODAY = date(2026, 9, 24)
CENTRES = pd.DataFrame(
    [
        ("20004", "Ryde Children's Centre", "47", "1", "PO33 2JF"),
        ("20841", "Cowes \u2018Sure Start\u2019", "48", "1", ""),
    ],
    columns=["URN", "EstablishmentName", "TypeOfEstablishment (code)", "EstablishmentStatus (code)", "Postcode"],
).assign(**{"LA (code)": "921", "LA (name)": "Isle of Wight", "County (code)": "003"})
LINKS = b'"URN","LinkURN","LinkName","LinkType","LinkEstablishedDate"\r\n20004,20841,"Cowes","Children\'s Centre Link","07-03-2016"'


@pytest.mark.parametrize("in_its_place", [files.MISSING_DAY, files.ERROR_WITH_200, files.Answer(status=404)])
def test_the_newest_day_that_has_a_file(client, service, in_its_place):
    files.gias(service, DAY, centres=files.gias_extract(CENTRES), missing=[in_its_place, in_its_place])
    extract = gias.newest_extract(client, "centres", today=TODAY)
    assert extract.day == DAY
    assert extract.got.path.name == "edubaseallchildrencentre20260922.csv"  # the reader takes the day from it
    assert extract.got.receipt.edition == "2026-09-22"


def test_what_is_about_people_is_written_nowhere(client, service, tmp_path):
    files.gias(service, TODAY, centres=files.gias_extract(CENTRES), links=LINKS)
    centres = gias.newest_extract(client, "centres", today=TODAY).got.path
    links = gias.newest_extract(client, "centre_links", today=TODAY).got.path
    for path in (one for one in tmp_path.rglob("*") if one.is_file()):
        content = path.read_bytes().decode().casefold()
        assert not [said for said in ("wilhelmina", "björk", "01983", "headfirst", "telephone") if said in content], (
            path
        )
    assert gias.newest_extract(client, "centres", today=TODAY).got.path == centres  # and the copy is known as whole
    assert len(service.asked) == 2
    read = read_centres([centres, links])
    assert read.table["name"].to_dict() == {"20004": "Ryde Children's Centre", "20841": "Cowes \u2018Sure Start\u2019"}
    assert read.table["la_code"].tolist() == ["921", "921"]
    assert b'"003"' in centres.read_bytes() or b",003," in centres.read_bytes()


def test_a_copy_of_an_older_day_is_used_where_there_is_none_newer(client, service):
    files.gias(service, DAY, centres=files.gias_extract(CENTRES))
    gias.newest_extract(client, "centres", today=DAY)
    assert gias.newest_extract(client, "centres", today=date(2026, 11, 1)).day == DAY


def test_the_older_path_is_asked_where_the_usual_one_has_nothing(client, service):
    service.on(gias.extract_ask(DAY, "centres", path=gias.OLDER_PATH).url, files.gias_extract(CENTRES))
    assert gias.newest_extract(client, "centres", today=TODAY).day == DAY


def test_nine_days_without_a_file_are_said_so(client, service):
    with pytest.raises(ServiceError, match=r"no file of the 9 days to 24-09-2026.*give it as a file"):
        gias.newest_extract(client, "centres", today=TODAY)


@pytest.mark.parametrize(
    ("first", "said"),
    [
        (b'"URN","LA (code)"', None),
        (b"URN,LA (code)", None),
        (b"<!DOCTYPE html>", "an HTML page"),
        (b"LA,URN", "a list without URN"),
        (b"", "an empty answer"),
    ],
)
def test_a_list_begins_with_urn(first, said):
    assert gias.begins_with_urn(first) == said
