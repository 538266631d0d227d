"""The bundled place's play spaces beside the standards, against walks to those that are large enough."""

from __future__ import annotations

import pytest

from data.place import SAMPLE, Place
from geo.access import reach_from
from geo.errors import InputError
from geo.profiles import BUGGY
from layers.answers.play_standards import play_standards
from layers.answers.question import ground

PLACE = Place.open(SAMPLE / "isle_of_wight")


@pytest.fixture(scope="module")
def on():
    return ground(PLACE, BUGGY)


@pytest.fixture(scope="module")
def asked(on):
    return play_standards(PLACE, on, BUGGY)


def test_under_fives_near_enough(on, asked):
    spaces = PLACE.play_spaces()
    large = spaces[(spaces.geometry.area >= 400)]
    walk = reach_from(on.network, on.snaps, on.origins["area_code"], large)["minutes"].to_numpy()
    leap = asked.standards.loc["LEAP"]
    assert leap["under5_within"] == pytest.approx(on.counted_children[walk <= 6].sum(), abs=0.06)
    assert leap["spaces"] == len(large[large["inside"]])
    unsure = spaces[(spaces.geometry.area >= 1000) | (spaces.geometry.area == 0)]
    walk = reach_from(on.network, on.snaps, on.origins["area_code"], unsure)["minutes"].to_numpy()
    most = asked.standards.loc["NEAP", "under5_at_most"]
    assert most == pytest.approx(on.counted_children[walk <= 15].sum(), abs=0.06)


def test_said_with_what_is_not_known(asked):
    assert asked.said[:3] == [
        "Play spaces by size: 15 of 1,000 m² or more (NEAP), 21 of 400 to 1,000 m² (LEAP), 28 of 100 to 400 m² (LAP), "
        "5 smaller, 14 of unknown size.",
        "98 of 5,882 under-fives (2%) have a play space of 100 m² or more within 100 m on foot (LAP; 1.5 minutes for "
        "families with a pram).",
        "966 of 5,882 under-fives (16%, up to 19% if all of unknown size are large enough) have a play space of 400 m² or "
        "more within 400 m on foot (LEAP; 6 minutes for families with a pram).",
    ]


def test_areas_add_up_to_the_place(asked):
    for standard in ("lap", "leap", "neap"):
        whole = asked.standards.loc[standard.upper(), "under5_within"]
        assert asked.areas[f"{standard}_within"].sum() == pytest.approx(whole, abs=4.5)  # 89 areas, each rounded
        assert (asked.areas[f"{standard}_share"] <= asked.areas[f"{standard}_share_at_most"]).all()


def test_without_play_space_data(on, tmp_path):
    with pytest.raises(InputError, match="play-space data"):
        play_standards(Place(tmp_path, PLACE.card), on, BUGGY)
