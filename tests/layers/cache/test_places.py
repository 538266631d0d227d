"""What is kept of a place is no garbage."""

from __future__ import annotations

import gc

import pytest

from data.place import SAMPLE, Place
from layers import cache


@pytest.fixture
def thawed():
    yield
    gc.unfreeze()
    cache.places.settle.clear()


@pytest.mark.usefixtures("thawed")
def test_garbage_collection_passes_over_what_was_opened_once_a_place_and_walker():
    island = Place.open(SAMPLE / "isle_of_wight")
    cache.places.settle.clear()
    gc.unfreeze()
    cache.places.settle(island, "buggy")
    kept = gc.get_freeze_count()
    assert kept > 10_000
    later = [[] for _ in range(5_000)]
    cache.places.settle(island, "buggy")
    assert gc.get_freeze_count() < kept + 1_000
    cache.places.settle(island, "adult")
    assert gc.get_freeze_count() > kept + 4_000
    assert later
