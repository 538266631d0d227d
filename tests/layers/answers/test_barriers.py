"""What stands in a pram's way on the bundled place, by name."""

from __future__ import annotations

from datetime import date

import pytest

from data.place import SAMPLE, Place
from layers.answers.barriers import barriers_of
from layers.answers.question import Question, answer


@pytest.fixture(scope="module")
def found():
    place = Place.open(SAMPLE / "isle_of_wight")
    return barriers_of(place, answer(place, Question(day=date(2026, 6, 1))))


def test_barriers_have_names_and_places(found):
    kinds = set(found.table["kind"])
    assert {"steps", "rough ground", "stile", "kissing gate", "missing link"} <= kinds
    assert "barrier" not in kinds
    assert found.table["near"].notna().all()
    first = found.table.loc[1]
    assert (first["kind"], first["near"], first["metres"]) == ("steps", "Maxted Close, Somerton", 8)
    assert found.said[1] == (
        "1. Steps near Maxted Close, Somerton, 8 m: about 12 under-fives brought within, about 150 have a shorter walk."
    )


def test_what_helps_only_with_something_else_names_it(found):
    pair = found.table.dropna(subset="with_pair").iloc[0]
    rank = int(pair["with_pair"].rsplit("(", 1)[1].rstrip(")"))
    other = found.table.loc[rank]
    assert pair["with_pair"].startswith(other["kind"])
    assert other["with_pair"].endswith(f"({pair.name})")
    assert pair["pair_under5_within"] > pair["under5_within"] + other["under5_within"]
