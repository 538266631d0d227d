"""Two maps on one scale: the room that both need, and what part of each place is in each colour."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geo.gaps import Walk
from layers.maps import walk_layers
from layers.maps.side_by_side_map import classes, span

ISLAND, LEEDS = (-1.6, 50.57, -1.06, 50.77), (-1.8, 53.7, -1.29, 53.95)


def test_the_room_that_both_need():
    across, down = span([ISLAND, LEEDS])
    assert across == pytest.approx(span([ISLAND])[0])
    assert down == pytest.approx(span([LEEDS])[1])
    assert across == pytest.approx(0.54 * 111_320 * np.cos(np.radians(50.67)), rel=0.01)
    assert down == pytest.approx(0.25 * 111_195, rel=0.01)


def test_the_part_of_a_place_in_each_colour():
    given = pd.DataFrame(
        {"minutes_median": [4.0, 12, 40], "under5": [10.0, 30, 60], "need_class": ["high", "low", "high"],
         "access_class": ["near", "near", "far"]}
    )  # fmt: skip
    found = {words: share for _, words, share in classes(given, walk_layers.walk(15), Walk())}
    assert found["up to 5 minutes"] == pytest.approx(0.1)
    assert found["5 to 10 minutes"] == 0
    assert found["more than 30 minutes"] == pytest.approx(0.6)
    both = {words: share for _, words, share in classes(given, None, Walk())}
    assert (both["high need, over 15 minutes"], both["low need, up to 10 minutes"]) == (
        pytest.approx(0.6),
        pytest.approx(0.3),
    )
    assert len(both) == 9
    off = classes(given.assign(access_class=["near", "no street data", "far"]), None, Walk())
    assert off[-1][1:] == ("no street data, or need not known", pytest.approx(0.3))
    unknown = classes(given.assign(under5=np.nan), None, Walk())
    assert all(np.isnan(share) for *_, share in unknown)
