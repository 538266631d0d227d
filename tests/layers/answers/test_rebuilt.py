"""A place built again: which neighbourhoods changed class, and which source did it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from data.build.pipeline import build
from layers.answers.question import Question, answer
from layers.answers.rebuilt import rebuilt, sources_changed

pytestmark = pytest.mark.place_anew


@pytest.fixture
def again(small, small_place, tmp_path):
    """Build the small authority again after some words of some files were exchanged; both answers."""

    def make(**changes):
        for name, (old, new) in changes.items():
            given = getattr(small, name)
            path = given[0] if isinstance(given, tuple) else given
            text = path.read_text("utf-8")
            assert old in text
            path.write_text(text.replace(old, new), "utf-8")
        place = build(replace(small, accept_off_streets=True), tmp_path / "anew")
        return rebuilt(answer(small_place, Question()), answer(place, Question())), place

    return make


def test_nothing_changed(again, small_place):
    table, place = again()
    assert table.empty
    assert sources_changed(small_place.card, place.card) == ()


def test_a_centre_that_closed_and_figures_that_changed(again, small_place):
    """The third area was least in need; the second moves only because classes are thirds of the authority."""
    table, place = again(
        centres=("Eastern <b>Link</b>,48,Children's Centre Linked Site,1,Open", "Eastern <b>Link</b>,48,Children's Centre Linked Site,2,Closed"),
        deprivation=(",3000,3,2700,3\n", ",500,1,400,1\n"),
    )  # fmt: skip
    moved = table.drop(columns=["area_name", "why"])
    assert moved.loc["E01000001"].tolist() == ["high", "middle", "near", "near"]
    assert moved.loc["E01000003"].tolist() == ["low", "high", "near", "far"]
    others = "figures of other neighbourhoods (classes are thirds of the authority)"
    assert table["why"].tolist() == [others, others, "deprivation and the list of centres"]
    said = sources_changed(small_place.card, place.card)
    assert [line.split(":")[0] for line in said] == ["deprivation", "centres"]


@pytest.mark.parametrize(
    ("changes", "code", "why"),
    [
        ({"postcodes": ("True,E01000001", "False,E01000001")}, "E01000001", "the list of postcodes"),
        (
            {"streets": ("</way>", '<tag k="smoothness" v="horrible"/></way>')},
            "E01000003",
            "the streets",
        ),
    ],
)
def test_homes_that_went_and_streets_that_no_pram_can_use(again, changes, code, why):
    table, _ = again(**changes)
    assert table.loc[code, "why"] == why
    assert set(table["why"]) == {why}
