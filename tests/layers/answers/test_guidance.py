"""What guidance asks of the bundled place, against the tables it is made of."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import geopandas as gpd
import pytest

from data.place import SAMPLE, Place
from layers.answers import guidance, named_walks
from layers.answers.question import Question, answer


@pytest.fixture(scope="module")
def found():
    return answer(Place.open(SAMPLE / "isle_of_wight"), Question(day=date(2026, 6, 1)))


@pytest.fixture(scope="module")
def asked(found):
    return guidance.guidance(found)


def test_sites_where_deprivation_is_greatest(found, asked):
    """Five of the eight listed centres stand in tenths 1 to 3; independently worked out, 62.5 %."""
    inside = found.sites[found.sites["inside"]]
    stands = gpd.sjoin(inside[["geometry"]], found.ground.areas[["imd_decile", "geometry"]])
    assert (asked.most_deprived["imd"], asked.sites) == (int((stands["imd_decile"] <= 3).sum()), 8) == (5, 8)
    assert guidance.said(asked, found)[0] == (
        "By the Index of Multiple Deprivation, 5 of 8 sites (62%) stand in the 30% most deprived neighbourhoods of England; "
        "that does not meet the ambition of 70% (6 would)."
    )


def test_tenths_add_up_to_all(found, asked):
    rows = asked.tenths.drop("all")
    assert rows.index.tolist() == [str(tenth) for tenth in range(1, 11)]
    for name in ("neighbourhoods", "sites", "under2", "two_to_four", "under5", "under5_within"):
        assert rows[name].sum() == pytest.approx(asked.tenths.loc["all", name], abs=0.6)
    near = found.ground.counted_children[(found.reach["minutes"] <= 15).to_numpy()].sum()
    assert asked.tenths.loc["all", "under5_within"] == pytest.approx(near, abs=0.06)
    assert asked.tenths.loc["all", "under5_share"] == pytest.approx(
        near / found.ground.counted_children.sum(), abs=1e-4
    )


def test_a_tenth_without_anybody_is_not_known(asked):
    assert asked.tenths.loc["10", "neighbourhoods"] == 0
    assert asked.tenths.loc["10", ["under5", "under5_share"]].isna().all()


def test_distances_that_guidance_names(found):
    """The row of 1,000 m is the headline; each is a sum of children whose walk in metres of level ground is longer."""
    table = named_walks.named_walks(found)
    assert table.loc["1,000 m", "beyond"] == pytest.approx(found.gaps["under5_beyond"].sum(), abs=0.06)
    homes = zip(found.reach["minutes"], found.ground.counted_children, strict=True)
    assert table.loc["2.5 km", "beyond"] == pytest.approx(
        sum(children for walk, children in homes if not walk * 4000 / 60 <= 2500), abs=0.06
    )
    assert named_walks.said(table, found)[0].startswith(
        "Under-fives whose walk to a children's centre is longer than 400 m: 5,571 of 5,882 (95%); than 800 m: 4,694 (80%);"
    )


def test_where_sites_would_stand_with_a_scenario(found):
    """The two that stand elsewhere close: 5 of 8 become 5 of 6."""
    areas = found.ground.areas
    at = guidance.area_at(areas, found.sites)
    elsewhere = found.sites.index[found.sites["inside"] & (areas["imd_decile"].to_numpy()[at] > 3)][:2]
    then = replace(found, sites=found.sites.drop(elsewhere))
    said = guidance.scenario_said(found, then)
    assert "by the Index of Multiple Deprivation 5 of 6 sites (83%) would stand in the 30% most deprived" in said
    assert "now 5 of 8 (62%)" in said
