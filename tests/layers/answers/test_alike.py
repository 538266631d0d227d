"""A neighbourhood beside those with the most similar need, on the bundled place: the words against its table."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from data.place import Place
from geo.errors import RequestError
from geo.need import NeedWeights
from layers.answers.alike import alike, area_named
from layers.answers.question import Question, answer
from tests.layers.conftest import ISLAND

ONE = "E01017345"


@pytest.fixture(scope="module")
def found():
    """The bundled place's answer."""
    return answer(Place.open(ISLAND), Question(day=date(2026, 12, 1)))


def test_an_area_and_the_ten_that_are_like_it(found):
    said = alike(found, ONE)
    table = said.table
    ten = table[table["of"] == "alike"]
    assert ten["difference"].is_monotonic_increasing
    assert ten["area_name"].tolist() == list(said.names)
    assert len(said.names) == 10
    np.testing.assert_allclose(ten["minutes_median"].median(), table["minutes_median"]["ten"], atol=1e-4)
    every = found.gaps["minutes_median"].mask(found.gaps["no_route"], np.inf).median()
    assert table["minutes_median"]["all"] == pytest.approx(every, abs=1e-4)
    assert said.said[0].startswith("Typical walk: about 25 minutes in Ryde South (007E). In the middle one of the 10 ")
    assert said.rows[0] == ("Typical walk", *(f"{minutes}\N{NO-BREAK SPACE}min" for minutes in (25, 14, 25)))
    assert ("Within 15 minutes", "0%", "59%", "3%") in said.rows
    assert [label for label, *_ in said.rows][3:7] == [
        "Deprivation", "Children in low-income families", "Residents born outside the UK", "Under-fives",
    ]  # fmt: skip


def test_need_counts_as_the_question_weighs_it(found):
    place = Place.open(ISLAND)
    weights = NeedWeights(imd=1, idaci=0, abroad=0, under5=0)
    other = alike(answer(place, Question(day=date(2026, 12, 1), weights=weights), on=found.ground), ONE)
    order = found.gaps["need_imd"].sort_values(ascending=False).index
    assert set(other.table.index[1:11]) == set(order[1:11]), "it is the most deprived: the next ten are like it"


def test_an_area_by_code_name_or_postcode():
    place = Place.open(ISLAND)
    assert area_named(place, ONE.lower()) == area_named(place, "Ryde South (007E)") == ONE
    assert area_named(place, "PO33 2LF") == place.origins()["area_code"]["PO332LF"]
    with pytest.raises(RequestError, match="nothing here is called that"):
        area_named(place, "nowhere")
