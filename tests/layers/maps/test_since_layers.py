"""The map of two days: a street and a neighbourhood of the same change have the same colour and the same words."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from layers.maps import since_layers
from layers.maps.scene import NO_WAY, NOT_WALKED

CHANGES = [-60, -10.5, -10, -5, -4.9, -2, -1.9, 0, 2, 2.1, 5, 10, 10.1, 120, np.inf, -np.inf]
FOUND = SimpleNamespace(
    said=("on 1 January 2015", "today"), areas=pd.DataFrame({"walk_change": CHANGES, "under5": 1.0})
)


def bytes_of(changes):
    """Walks of an hour, and what they become; no way where the change is infinite."""
    before = np.where(np.isneginf(changes), np.inf, 60.0)
    return since_layers.change_bytes(before, np.where(np.isfinite(changes), before + changes, -np.array(changes) * -1))


@pytest.fixture
def along():
    changes = np.array(CHANGES)
    before, after = np.full(len(changes), 60.0), 60 + changes
    before[-1], after[-1] = np.inf, 60
    return since_layers.streets(FOUND, since_layers.change_bytes(before, after))


def colour_of(along, byte):
    """As the browser finds it."""
    return along.palette[next((at for at, limit in enumerate(along.limits) if byte <= limit), len(along.limits))]


def test_streets_and_neighbourhoods_agree(along):
    fills = since_layers.layer(FOUND, "Change", along.minutes).fills(FOUND.areas)
    assert [colour_of(along, byte) for byte in along.minutes] == fills.tolist()


def test_what_is_said_of_a_street(along):
    said = dict(zip(CHANGES, (along.told[byte] for byte in along.minutes), strict=True))
    assert said[-10] == "10 minutes shorter, or more"
    assert said[0] == said[2] == said[-1.9] == "about the same walk"
    assert said[2.1] == "at most 3 minutes longer"
    assert said[np.inf] == "a way then, none now"
    assert said[-np.inf] == "none then, a way now"
    assert along.words[:2] == ("From this street: ", " (1 January 2015 to today)")


def test_no_way_on_either_day_and_streets_where_nobody_walks():
    before, after = np.array([np.inf, np.nan, 5.0]), np.array([np.inf, np.nan, 5.0])
    assert list(since_layers.change_bytes(before, after)) == [NO_WAY, NOT_WALKED, since_layers._SAME]


def test_the_legend_has_no_line_for_what_is_nowhere():
    usual = SimpleNamespace(said=FOUND.said, areas=pd.DataFrame({"walk_change": [0.0, 3.0]}))
    assert not [label for label in since_layers.layer(usual, "Change", b"").labels if "way" in label]
    lost = since_layers.layer(usual, "Change", bytes([since_layers._LOST]))
    assert lost.labels[-1] == "a way then, none now"
    assert len(lost.palette) == len(lost.labels) == len(lost.limits) + 1
