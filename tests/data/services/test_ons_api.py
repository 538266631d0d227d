"""Main languages by output area, asked of a service that answers as ONS's does."""

from __future__ import annotations

import numpy as np
import pytest

from data.services import ons_api
from data.services.authorities import write_table
from data.sources.languages import plain_name, read_languages
from geo.errors import InputError, ServiceError
from tests.data.services.fakes import ons_api as fake
from tests.servers.scripted import Answer

OAS = [f"E000{number:05}" for number in range(200)]
COUNTS = {code: [5, 100 + number, 3, 20, 0] for number, code in enumerate(OAS)}


def test_languages_come_some_areas_at_a_time_and_are_read_by_plain_names(client, service, tmp_path):
    service.on(ons_api.API, fake.rows(COUNTS, held_back=[OAS[7]]))
    table = read_languages(write_table(ons_api.read_languages(client, OAS), tmp_path / "languages.csv"))
    assert table.columns.tolist() == ["English", "French", "Polish", "other South Asian languages"]  # none under three
    assert table.loc[OAS[150]].tolist() == [250, 3, 20, 0]
    assert np.isnan(table.loc[OAS[7]]).all()  # held back is not 0
    assert [len(asked["area-type"].split(",")) - 1 for asked in service.asked] == [150, 50]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(b'{"errors":["Too many rows returned"]}', kind="application/json"), "Too many rows returned"),
        (Answer(b'{"observations":[],"blocked_areas":0}', kind="application/json"), "nothing for 200 of 200 areas"),
        (fake.rows(dict(list(COUNTS.items())[:-1])), "nothing for 1 of 200 areas, of which it holds back 0"),
        (Answer(status=403), "status 403"),
    ],
)
def test_areas_that_do_not_come_are_missed(client, service, answer, words):
    service.on(ons_api.API, answer)
    with pytest.raises(ServiceError, match=words):
        ons_api.read_languages(client, OAS)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("oa21cd,Polish\nE00000001,3\n", "a column for English"),
        ("oa21cd,English\nE01000001,3\n", "an output area code"),
        ("oa21cd,English\nE00000001,three\n", "'three'"),
    ],
)
def test_another_table_is_no_table_of_languages(file, content, words):
    with pytest.raises(InputError, match=words):
        read_languages(file(content))


def test_groups_have_plain_names():
    assert plain_name("Sign language: British Sign Language") == "British Sign Language"
    assert plain_name("Any other UK languages") == "other UK languages"
    assert (
        plain_name("South Asian language: Bengali (with Sylheti and Chatgaya)") == "Bengali (with Sylheti and Chatgaya)"
    )
