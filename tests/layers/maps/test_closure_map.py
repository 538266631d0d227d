"""The map of what was lost, on a place of five homes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from layers.answers.closure_card import event_card
from layers.answers.losses import Losses
from tests.layers.five_homes import PLACE, A, B, C, answer, drawn, ground


@pytest.fixture
def told():
    return Losses.of(answer(), ground())


def test_the_map(told):
    found = drawn(told)
    assert {marker.id: marker.shape for marker in found.markers} == {
        "5": "open", "6": "open", "1": "linked", "2": "announced", "3": "closed",
    }  # fmt: skip
    lines = {marker.id: marker.lines for marker in found.markers}
    assert lines["1"][1] == "Was the nearest for 6 under-fives; their typical walk is about 10 minutes longer"
    assert lines["3"] == ("Closed in March 2016", "What was lost is not known")
    assert [flow.lines for flow in found.flows] == [
        ("Oak → Fir", "6 under-fives; their typical walk is about 10 minutes longer"),
        ("Ash → Pine", "3 under-fives; their typical walk is about 20 minutes longer"),
    ]
    assert found.flows[0].width > found.flows[1].width
    styles = {area.code: area for area in found.areas}
    assert styles[C].hatched
    assert styles[C].lines[1] == "no street data here"
    assert styles[B].lines[1:] == (
        "typical walk about 20 minutes longer", "nearest then, for most: Ash",
        "nearest now, for most: Pine",
    )  # fmt: skip
    assert styles[A].lines == ("Alpha", "typical walk as long as before")


def test_only_the_arrows_of_the_chosen(told):
    found = drawn(told, "2")
    assert [flow.lines[0] for flow in found.flows] == ["Ash → Pine"]
    assert found.selected == "2"
    assert len(found.markers) == len(drawn(told).markers)


def test_less_than_one_child_is_no_arrow():
    found = answer()
    flows = found.ledger.flows.assign(under5=[6.0, 0.9])
    told = Losses.of(replace(found, ledger=replace(found.ledger, flows=flows)), ground())
    assert [flow.lines[0] for flow in drawn(told).flows] == ["Oak → Fir"]
    assert event_card(told, "2", PLACE).goes == ()
