"""What is kept of a place is no garbage."""

from __future__ import annotations

import gc

from data.place import SAMPLE, Place
from layers import cache


def test_garbage_collection_is_to_pass_over_what_is_there_once_a_place_and_walker(monkeypatch):
    island, passed = Place.open(SAMPLE / "isle_of_wight"), []
    monkeypatch.setattr(gc, "freeze", lambda: passed.append(1))
    cache.places.settle.clear()
    for who in ("buggy", "buggy", "adult", "buggy"):
        cache.places.settle(island, who)
    assert len(passed) == 2
