"""How sure an answer is, on the Isle of Wight: the same numbers as elsewhere, and what is said of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from data.place import SAMPLE, Place
from geo.sensitivity import robustness
from layers.answers.how_sure import COLUMNS, how_sure
from layers.answers.question import Question, answer


@pytest.fixture(scope="module")
def island():
    return Place.open(SAMPLE / "isle_of_wight")


@pytest.fixture(scope="module")
def sure(island):
    found = answer(island, Question(day=date(2026, 11, 21)))
    return found, how_sure(island, found)


def test_the_map_as_it_is_gives_the_nine_cells_of_the_report(sure):
    found, tried = sure
    on = found.ground
    nine = robustness(
        on.areas, on.origins, found.reach, homes=on.homes, profile_speed_kmh=4.0, walk=found.question.walk
    )
    rows = tried.found.grid.loc["as_tagged"]
    assert rows["under5_beyond"].tolist() == pytest.approx(nine.grid["under5_beyond"].tolist())
    assert len(tried.found.grid) == 36


def test_the_tables_have_their_columns(sure):
    tried = sure[1]
    for of, table in {"areas": tried.table, "variants": tried.variants, "boundaries": tried.zones}.items():
        assert tuple(table.reset_index().columns.drop("geometry", errors="ignore")) == COLUMNS[of]


def test_no_reading_brings_anybody_nearer_and_each_matters_here(sure):
    beyond = sure[1].found.beyond
    for reading in ("pessimistic", "no_cycleways", "no_private"):
        more = beyond[reading] - beyond["as_tagged"]
        assert (more >= -1e-9).all(axis=None)
        assert (more > 1).any(axis=None)


def test_what_is_said(sure):
    found, tried = sure
    said = " ".join(tried.said)
    assert said.startswith("How sure is 4,008? Between ")
    robust = (tried.table["sure"] == "robust").sum()
    assert f"{robust} of 89 neighbourhoods are robust: the same result in all 36." in said
    assert (tried.table["said"].str.startswith("Robust") == (tried.table["sure"] == "robust")).all()
    assert tried.table["assumed_share"].between(0, 1).all()
    walked, weight = found.reach["metres"].to_numpy(), found.ground.homes.weight
    share = (tried.table["assumed_share"].reindex(found.ground.areas.index)).to_numpy()[found.ground.homes.area]
    there = np.isfinite(walked)
    by_area = (share * walked * weight)[there].sum() / (walked * weight)[there].sum()
    assert f"{by_area:.0%} of the way that families walk" in said
    assert tried.zones["under5_beyond"].tolist()[:4] == pytest.approx([4008.4] * 4)
    assert tried.zones.index.tolist() == ["homes", "output_areas", "areas", "wards", "towns"]


def test_an_older_place_says_that_it_must_be_built_again(island, sure, monkeypatch):
    monkeypatch.setattr(Place, "assumed", lambda _: None)
    older = how_sure(island, replace(sure[0]))
    assert len(older.found.grid) == 9
    assert "build it again" in older.said[-1]
    assert older.table["assumed_share"].isna().all()
