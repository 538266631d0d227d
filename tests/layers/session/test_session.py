"""What the URL may say, and what becomes of it."""

from __future__ import annotations

import re
from datetime import date
from types import SimpleNamespace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import RequestError
from geo.need import PART_NAMES
from geo.profiles import PROFILES
from geo.scenario import AddSite, CloseSite, MoveSite
from layers import session
from layers.answers.spots import Spot
from layers.maps.webmap import Click
from layers.session import areas, controls
from layers.session.parameters import PARAMETERS


@pytest.fixture
def state(monkeypatch):
    """The session, without Streamlit."""
    kept = {key: parameter.default for key, parameter in PARAMETERS.items()}
    monkeypatch.setattr(areas.st, "session_state", kept)
    return kept


CHANGES = (CloseSite("20004"), AddSite("new-1", 450000.0, 90000.0, "A library, ~_& 100 %"))
SAMPLES = {
    "place": ["isle-of-wight"], "beside": ["leeds"], "area": ["E01017282"], "day": [date(2015, 1, 1), date(2026, 2, 28)],
    "at": [Spot(450514, 89065), Spot(0, 0)], "reach": ["20004", "way/12"], "event": ["20004"], "site": ["new-1", "way/12"], "changes": [(), CHANGES], "for": ["0123456789abcdef"],
    "name": ["Closing Ryde"], "ward": ["E05013374"], "within": ["E05013374", "st-helens"], "areas": [["E01017282"], ["E01017283", "E01017282"]],
    "called": ["West side"], "then": [date(2016, 1, 1)], "mark": ["mark-abcdefghij27"], "fix": ["fix-steps-450514-89065", "cut-3"],
    "link": ["OzJJUBsCuKYQ_6BMbav6OXLOlP0_J0j7", "F4E8-R88B-5S64"], "receipt": ["0ZEtrPeYEOpIhlUVoJv5seS1gl2aFHEK"],
}  # fmt: skip


def choices(key):
    parameter = PARAMETERS[key]
    if key in SAMPLES:
        return SAMPLES[key]
    if parameter.many:
        return [[], *([value] for value in parameter.allowed), list(parameter.allowed)]
    return list(parameter.allowed)


@pytest.mark.parametrize("key", PARAMETERS)
def test_what_is_written_is_read(key):
    parameter = PARAMETERS[key]
    for value in choices(key):
        text = parameter.write(value)
        assert value == parameter.default if text is None else parameter.read(text) == value


@pytest.mark.parametrize("key", PARAMETERS)
@given(text=st.text(max_size=60))
def test_a_stranger_is_never_taken_up(key, text):
    parameter = PARAMETERS[key]
    found = parameter.read(text)
    if found is None or found in ([], ()):
        return
    if isinstance(parameter.allowed, re.Pattern):
        assert parameter.allowed.fullmatch(found)
    elif key in ("name", "called"):
        assert found.isprintable()
    elif key in SAMPLES:
        pytest.fail(f"{text!r} is taken for {found!r}")
    else:
        assert set(found if parameter.many else [found]) <= set(parameter.allowed)


def test_the_default_is_not_written():
    assert {parameter.write(parameter.default) for parameter in PARAMETERS.values()} == {None}


def test_a_list_is_in_our_order_and_each_once():
    kinds = PARAMETERS["from"]
    assert kinds.read("school,closed,school,unknown") == ["closed", "school"]
    assert kinds.write(["library", "community_centre", "closed"]) is None
    assert kinds.read("unknown") is None
    assert kinds.read("none") == []
    assert kinds.write([]) == "none"


@pytest.mark.parametrize("text", ["2015-02-30", "2015-1-1", "1999-01-01", "20150101", "2015-01-01 ", "\u0662015-01-01"])
def test_a_day_that_is_none(text):
    assert PARAMETERS["day"].read(text) is None


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


class TestWardOrTown:
    WARDS = SimpleNamespace(areas={"E05000001": {"E01017282"}, "E05000002": {"E01017283"}})
    TOWNS = SimpleNamespace(areas={"ryde": {"E01017282"}})

    def chosen(self):
        return session.chosen_part([self.WARDS, self.TOWNS])

    def test_it_is_looked_at_and_at_nothing_else(self, state):
        session.look_at_area("E01017282")
        session.look_at_part("E05000001")
        assert self.chosen() == "E05000001"
        assert (state["area"], state["at"], state["reach"]) == (None, None, None)
        assert session.map_moves()

    def test_it_stays_with_a_neighbourhood_in_it_and_goes_with_any_other(self, state):
        session.look_at_part("E05000001")
        session.look_at_area("E01017282")
        assert self.chosen() == "E05000001"
        for elsewhere in ("E01017283", "E01017284"):
            session.look_at_part("E05000001")
            session.look_at_area(elsewhere)
            assert self.chosen() is None
            assert state["within"] is None

    def test_a_town(self, state):
        session.look_at_part("ryde")
        assert self.chosen() == "ryde"

    def test_a_reach_is_no_wards(self, state):
        session.look_at_part("E05000001")
        session.choose_reach("20004")
        assert self.chosen() is None

    def test_none_that_is_not_here(self, state):
        session.look_at_part("E05999999")
        assert self.chosen() is None


class TestClicks:
    AREAS = ("E01017282", "E01017283")
    SITES = ("20004",)

    def click(self, code="E01017282", at=1, kind="area"):
        return Click(kind, code, -1.3, 50.7, at)

    def take(self, click):
        return session.take_look(click, self.AREAS, self.SITES)

    def test_a_click_on_a_street_or_neighbourhood_looks_there(self, state):
        assert self.take(self.click())
        assert state["area"] == "E01017282"
        assert PARAMETERS["at"].write(state["at"]) == "449532,89162"
        assert not session.map_moves()

    def test_a_click_on_a_site_looks_at_its_reach_and_at_nothing_else(self, state):
        self.take(self.click())
        assert self.take(self.click("20004", at=2, kind="site"))
        assert session.chosen_reach(self.SITES) == "20004"
        assert (state["at"], state["area"]) == (None, None)
        assert session.map_moves()
        self.take(self.click(at=3))
        assert session.chosen_reach(self.SITES) is None

    def test_the_same_click_is_taken_once(self, state):
        assert self.take(self.click())
        session.look_at_area("E01017283")
        assert not self.take(self.click())
        assert state["area"] == "E01017283"
        assert state["at"] is None
        assert session.map_moves()
        assert self.take(self.click(at=2))

    @pytest.mark.parametrize(("kind", "code"), [("site", "99"), ("place", ""), ("area", "E01099999")])
    def test_what_is_not_here_chooses_nothing(self, state, kind, code):
        assert not self.take(self.click(code, kind=kind))
        assert not self.take(None)
        assert (state["area"], state["at"], state["reach"]) == (None, None, None)


@pytest.mark.parametrize(
    "text", ["1", "450514;89065", "450514,89065,1", "-1,2", "450514,1300000", "x,y", "1234567,1", ""]
)
def test_a_spot_that_is_none(text):
    assert PARAMETERS["at"].read(text) is None


class TestList:
    @pytest.fixture
    def drawn(self, state, monkeypatch):
        seen = []
        monkeypatch.setattr(areas.st, "dataframe", lambda table, **asked: seen.append(asked))
        return seen

    def pick(self, state, drawn, rows):
        state[drawn[-1]["key"]] = {"selection": {"rows": rows}}
        drawn[-1]["on_select"]()

    def test_a_row_is_its_area(self, state, drawn):
        session.area_list(
            pd.DataFrame({"x": [1, 2]}, index=["E01017283", "E01017282"]), session.choose_area, height=100
        )
        self.pick(state, drawn, [1])
        assert state["area"] == "E01017282"
        assert drawn[-1]["height"] == 100

    @pytest.mark.parametrize("rows", [[], [2], [99]])
    def test_no_row(self, state, drawn, rows):
        session.area_list(pd.DataFrame({"x": [1, 2]}, index=["E01017283", "E01017282"]), session.choose_area)
        self.pick(state, drawn, rows)
        assert state["area"] is None

    def test_another_order_is_another_choice(self, state, drawn):
        for order in (["E01017283", "E01017282"], ["E01017282", "E01017283"], ["E01017283", "E01017282"]):
            session.area_list(pd.DataFrame({"x": [1, 2]}, index=order), session.choose_area)
        first, second, third = (asked["key"] for asked in drawn)
        assert first == third != second


def test_the_first_place_is_taken_where_there_is_no_such(state, monkeypatch):
    monkeypatch.setattr(controls.st, "selectbox", lambda *_, **__: None)
    places = {"a": SimpleNamespace(), "b": SimpleNamespace()}
    state["place"] = "nowhere"
    session.place_picker(places)
    assert session.chosen_place() == "a"
    state["place"] = "b"
    session.place_picker(places)
    assert session.chosen_place() == "b"


class TestScenario:
    @pytest.fixture
    def place(self):
        return SimpleNamespace(card=SimpleNamespace(key="town", fingerprint="0123456789abcdef"))

    def test_changes_are_made_and_undone(self, state, place):
        session.make(place, CloseSite("1"))
        session.make(place, CloseSite("2"))
        assert session.scenario_of(place).changes == (CloseSite("1"), CloseSite("2"))
        assert state["for"] == place.card.fingerprint
        session.undo(0)
        assert session.scenario_of(place).changes == (CloseSite("2"),)
        session.undo_all()
        assert session.scenario_of(place).changes == ()
        assert {PARAMETERS[key].write(state[key]) for key in ("changes", "for", "name")} == {None}

    def test_undoing_an_added_site_undoes_what_was_done_to_it(self, state, place):
        for change in (AddSite("new-1", 1.0, 2.0, "A"), CloseSite("2"), CloseSite("new-1")):
            session.make(place, change)
        session.undo(0)
        assert state["changes"] == (CloseSite("2"),)

    def test_new_sites_have_numbers_of_their_own(self, state, place):
        assert session.next_new() == 1
        for number in (1, 2):
            session.make(place, AddSite(f"new-{number}", 1.0, 2.0, "A"))
        session.undo(0)
        assert session.next_new() == 3

    def test_too_many_changes_are_said_and_not_made(self, state, place):
        for number in range(41):
            session.make(place, CloseSite(str(number)))
        assert len(state["changes"]) == 40
        assert "at most 40 changes" in session.fault()
        assert session.fault() is None

    def test_what_cannot_be_found_is_said(self, state, place):
        def nowhere():
            message = "nowhere"
            raise RequestError(message)

        session.make_where(place, nowhere)
        assert session.fault() == "nowhere"
        assert state["changes"] == ()

    @pytest.mark.parametrize(
        ("meant", "kind", "expected"),
        [
            ("choose", "place", ()),
            ("add", "area", ()),
            ("add", "place", (AddSite("new-1", 450.0, 90.0, "New centre 1"),)),
            ("move", "place", (MoveSite("7", 450.0, 90.0),)),
        ],
    )
    def test_a_click_on_the_map(self, state, place, meant, kind, expected):
        state.update({"_click_means": meant, "site": "7"})
        click = Click(kind, "", -1.3, 50.7, 5)
        session.take_what_if_click(place, click, {"7": "Seven"}, lambda *_: (450.0, 90.0))
        assert state["changes"] == expected
        assert not session.take_what_if_click(place, click, {"7": "Seven"}, lambda *_: (450.0, 90.0)), "taken twice"

    def test_a_click_on_a_centre_chooses_it(self, state, place):
        assert session.take_what_if_click(place, Click("site", "7", 0.0, 0.0, 1), {"7": "Seven"}, lambda *_: (0, 0))
        assert state["site"] == "7"
        assert not session.take_what_if_click(place, Click("site", "8", 0.0, 0.0, 2), {"7": "Seven"}, lambda *_: (0, 0))
        assert state["site"] == "7"

    def test_nothing_is_moved_before_it_is_chosen(self, state, place):
        state["_click_means"] = "move"
        session.take_what_if_click(place, Click("place", "", 0.0, 0.0, 1), {}, lambda *_: (0, 0))
        assert "First choose the centre" in session.fault()
