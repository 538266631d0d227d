"""What the URL may say, and what becomes of it."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.need import PART_NAMES
from geo.profiles import PROFILES
from layers import session
from layers.webmap import Click

PARAMETERS = session._PARAMETERS


@pytest.fixture
def state(monkeypatch):
    """The session, without Streamlit."""
    kept = {key: parameter.default for key, parameter in PARAMETERS.items()}
    monkeypatch.setattr(session.st, "session_state", kept)
    return kept


def choices(parameter):
    if isinstance(parameter.allowed, session.re.Pattern):
        return ["E01017282"] if parameter.allowed is PARAMETERS["area"].allowed else ["isle-of-wight"]
    if parameter.many:
        return [[], *([value] for value in parameter.allowed), list(parameter.allowed)]
    return list(parameter.allowed)


@pytest.mark.parametrize("key", PARAMETERS)
def test_what_is_written_is_read(key):
    parameter = PARAMETERS[key]
    for value in choices(parameter):
        text = parameter.write(value)
        assert value == parameter.default if text is None else parameter.read(text) == value


@pytest.mark.parametrize("key", PARAMETERS)
@given(text=st.text(max_size=60))
def test_a_stranger_is_never_taken_up(key, text):
    parameter = PARAMETERS[key]
    found = parameter.read(text)
    if found is None or found == []:
        return
    if isinstance(parameter.allowed, session.re.Pattern):
        assert parameter.allowed.fullmatch(found)
    else:
        assert set(found if parameter.many else [found]) <= set(parameter.allowed)


def test_the_default_is_not_written():
    assert {parameter.write(parameter.default) for parameter in PARAMETERS.values()} == {None}


def test_a_list_is_in_our_order_and_each_once():
    status = PARAMETERS["status"]
    assert status.read("linked,open,linked,unknown") == ["open", "linked"]
    assert status.write(["announced", "linked", "open"]) is None
    assert status.read("unknown") is None
    assert status.read("none") == []
    assert status.write([]) == "none"


def test_numbers_are_numbers():
    assert PARAMETERS["minutes"].read("30") == 30
    assert PARAMETERS["minutes"].read("7") is None
    assert PARAMETERS["need_imd"].read("0") == 0
    assert PARAMETERS["need_imd"].read("5") is None


def test_every_profile_and_part_of_need_has_a_place_in_the_url():
    assert set(PARAMETERS["who"].allowed) == set(PROFILES)
    assert {f"need_{part}" for part in PART_NAMES} <= set(PARAMETERS)


def test_a_cell_is_chosen_and_let_go(state):
    session.choose_cell("high", "far")
    assert session.chosen_cell() == ("high", "far")
    assert PARAMETERS["cell"].write(state["cell"]) == "high-far"
    session.choose_cell("low", "near")
    assert session.chosen_cell() == ("low", "near")
    session.choose_cell("low", "near")
    assert session.chosen_cell() is None


def test_an_area_of_another_place_is_none(state):
    session.choose_area("E01017282")
    assert session.chosen_area({"E01017282": "A"}) == "E01017282"
    assert session.chosen_area({"E01000001": "B"}) is None


class TestClicks:
    AREAS = ("E01017282", "E01017283")

    def click(self, code="E01017282", at=1, kind="area"):
        return Click(kind, code, -1.3, 50.7, at)

    def test_a_new_click_chooses(self, state):
        assert session.take_click(self.click(), self.AREAS)
        assert state["area"] == "E01017282"

    def test_the_same_click_is_taken_once(self, state):
        session.take_click(self.click(), self.AREAS)
        session.choose_area("E01017283")
        assert not session.take_click(self.click(), self.AREAS)
        assert state["area"] == "E01017283"
        assert session.take_click(self.click(at=2), self.AREAS)

    @pytest.mark.parametrize("kind", ["site", "place"])
    def test_other_clicks_choose_nothing(self, state, kind):
        assert not session.take_click(self.click(kind=kind), self.AREAS)
        assert state["area"] is None

    def test_an_area_that_is_not_here(self, state):
        assert not session.take_click(self.click("E01099999"), self.AREAS)
        assert not session.take_click(None, self.AREAS)
        assert state["area"] is None


class TestList:
    @pytest.fixture
    def drawn(self, state, monkeypatch):
        seen = []
        monkeypatch.setattr(session.st, "dataframe", lambda table, **asked: seen.append(asked))
        return seen

    def pick(self, state, drawn, rows):
        state[drawn[-1]["key"]] = {"selection": {"rows": rows}}
        drawn[-1]["on_select"]()

    def test_a_row_is_its_area(self, state, drawn):
        session.area_list(pd.DataFrame({"x": [1, 2]}, index=["E01017283", "E01017282"]), height=100)
        self.pick(state, drawn, [1])
        assert state["area"] == "E01017282"
        assert drawn[-1]["height"] == 100

    @pytest.mark.parametrize("rows", [[], [2], [99]])
    def test_no_row(self, state, drawn, rows):
        session.area_list(pd.DataFrame({"x": [1, 2]}, index=["E01017283", "E01017282"]))
        self.pick(state, drawn, rows)
        assert state["area"] is None

    def test_another_order_is_another_choice(self, state, drawn):
        for order in (["E01017283", "E01017282"], ["E01017282", "E01017283"], ["E01017283", "E01017282"]):
            session.area_list(pd.DataFrame({"x": [1, 2]}, index=order))
        first, second, third = (asked["key"] for asked in drawn)
        assert first == third != second


def test_the_first_place_is_taken_where_there_is_no_such(state, monkeypatch):
    monkeypatch.setattr(session.st, "selectbox", lambda *_, **__: None)
    places = {"a": SimpleNamespace(), "b": SimpleNamespace()}
    state["place"] = "nowhere"
    session.place_picker(places)
    assert session.chosen_place() == "a"
    state["place"] = "b"
    session.place_picker(places)
    assert session.chosen_place() == "b"
