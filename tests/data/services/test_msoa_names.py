"""Names of middle layer areas: the newest edition on the areas of 2021."""

from __future__ import annotations

import pytest

from data.services import msoa_names
from data.services.msoa_names import LIBRARY
from geo.errors import ServiceError

OF_2021 = "\ufeffmsoa21cd,msoa21nm,msoa21nmw,msoa21hclnm,msoa21hclnmw,localauthorityname\nE02003586,Isle of Wight 006,,Ryde,,Isle of Wight\n"


def test_the_newest_edition_goes_first_and_a_numbered_one_after_it(client, service):
    service.on(f"{LIBRARY}/MSOA-Names-2.2.csv", OF_2021)
    assert msoa_names.get_names(client).path.name == "MSOA-Names-2.2.csv"
    service.on(f"{LIBRARY}/MSOA-Names-Latest2.csv", OF_2021)
    assert msoa_names.get_names(client).path.name == "MSOA-Names-Latest2.csv"


def test_names_of_the_areas_of_2011_are_refused(client, service):
    for edition in msoa_names.EDITIONS:
        service.on(f"{LIBRARY}/{edition}", OF_2021.replace("21", "11"))
    with pytest.raises(ServiceError, match="msoa21cd"):
        msoa_names.get_names(client)
