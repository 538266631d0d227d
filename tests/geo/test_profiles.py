"""The walk rules, tag by tag."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geo import profiles
from geo.errors import RequestError, UnknownNameError

CLOSED = np.nan


def factor(rules, **tags):
    row = pd.DataFrame([{key: tags.get(key.replace(":", "_")) for key in profiles.WAY_TAGS}], dtype=object)
    return profiles.way_factors(row, rules)[0]


@pytest.mark.parametrize(
    ("tags", "foot", "pram"),
    [
        ({"highway": "residential"}, 1, 1),
        ({"highway": "cycleway"}, 1, 1),  # OSMnx's default walk filter loses these
        ({"highway": "motorway"}, CLOSED, CLOSED),
        ({"highway": "construction"}, CLOSED, CLOSED),
        ({"highway": "footway", "area": "yes"}, 1, 1),
        ({"highway": "pedestrian", "area": "yes"}, 1, 1),
        ({"highway": "service", "area": "yes"}, CLOSED, CLOSED),
        ({"highway": "footway", "indoor": "yes"}, CLOSED, CLOSED),
        ({"highway": "service", "access": "private"}, CLOSED, CLOSED),
        ({"highway": "service", "access": "private", "foot": "yes"}, 1, 1),
        ({"highway": "service", "access": "customers", "foot": "permissive"}, 1, 1),
        ({"highway": "service", "access": "permissive"}, 1, 1),
        ({"highway": "track", "access": "agricultural"}, CLOSED, CLOSED),
        ({"highway": "residential", "foot": "use_sidepath"}, CLOSED, CLOSED),
        ({"highway": "trunk", "motorroad": "yes"}, CLOSED, CLOSED),
        ({"highway": "trunk", "motorroad": "yes", "foot": "yes"}, 1, 1),
        ({"highway": "steps"}, 3, CLOSED),
        ({"highway": "steps", "ramp": "yes"}, 3, 3),
        ({"highway": "steps", "ramp": "no"}, 3, CLOSED),  # most ramp tags say no
        ({"highway": "steps", "ramp": "separate"}, 3, CLOSED),
        ({"highway": "steps", "ramp_wheelchair": "yes"}, 3, 3),
        ({"highway": "steps", "ramp_stroller": "yes", "surface": "gravel"}, 3, 3),  # factors do not multiply
        ({"highway": "path", "stroller": "no"}, 1, CLOSED),
        ({"highway": "path", "smoothness": "horrible"}, 1, CLOSED),
        ({"highway": "path", "smoothness": "very_bad"}, 1, 1.5),
        ({"highway": "path", "smoothness": "bad"}, 1, 1),
        ({"highway": "path", "surface": "grass"}, 1, 1.5),
        ({"highway": "path", "surface": "grass", "smoothness": "very_bad", "tracktype": "grade5"}, 1, 1.5),
        ({"highway": "track", "tracktype": "grade4"}, 1, 1.5),
        ({"highway": "track", "tracktype": "grade3"}, 1, 1),
        ({"highway": "path", "surface": "asphalt"}, 1, 1),
    ],
)
def test_way_factors(tags, foot, pram):
    assert factor("foot", **tags) == pytest.approx(foot, nan_ok=True)
    assert factor("pram", **tags) == pytest.approx(pram, nan_ok=True)


@pytest.mark.parametrize(
    ("tags", "foot", "pram"),
    [
        ({"barrier": "gate"}, False, False),
        ({"barrier": "gate", "access": "private"}, True, True),
        ({"barrier": "gate", "access": "private", "foot": "yes"}, False, False),
        ({"barrier": "gate", "access": "no", "foot": "permissive"}, False, False),
        ({"barrier": "gate", "foot": "no"}, True, True),
        ({"barrier": "gate", "foot": "private", "access": "yes"}, True, True),
        ({"barrier": "stile"}, False, True),
        ({"barrier": "kissing_gate"}, False, True),
        ({"barrier": "kissing_gate", "wheelchair": "yes"}, False, False),
        ({"barrier": "stile", "stroller": "yes"}, False, False),
        ({"barrier": "stile", "wheelchair": "no"}, False, True),
        ({"barrier": "bollard"}, False, False),
        ({"access": "no"}, False, False),  # not a barrier node
    ],
)
def test_barred(tags, foot, pram):
    nodes = pd.DataFrame([{key: tags.get(key) for key in profiles.NODE_TAGS}], dtype=object)
    assert profiles.barred(nodes, "foot")[0] == foot
    assert profiles.barred(nodes, "pram")[0] == pram


def test_speeds_are_those_of_the_rules():
    speeds = {key: profile.speed_kmh for key, profile in profiles.PROFILES.items()}
    assert speeds == {"adult": 4.8, "buggy": 4.0, "toddler": 3.2}
    assert profiles.BUGGY.metres_per_minute * 15 == pytest.approx(1000)


def test_unknown_profile_names_those_there_are():
    with pytest.raises(UnknownNameError, match="unknown walker 'bike'; there are buggy, adult, toddler"):
        profiles.profile_named("bike")


def test_metres_a_minute_are_not_taken_for_kilometres_an_hour():
    with pytest.raises(RequestError, match=r"66\.7 km/h is not between 0.5 and 10"):
        profiles.WalkProfile(key="x", label="x", walkers="x", speed_kmh=66.7, rules="foot")
