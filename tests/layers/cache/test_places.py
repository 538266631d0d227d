"""What is kept of a place: it is no garbage, and what was drawn is not drawn again."""

from __future__ import annotations

import gc
from datetime import date

from data.place import SAMPLE, Place
from layers import cache


def test_garbage_collection_is_to_pass_over_what_is_there_once_a_day_for_each_place_and_walker(monkeypatch):
    island, done = Place.open(SAMPLE / "isle_of_wight"), []
    for name in ("unfreeze", "collect", "freeze"):  # in this order: who has left by then is not kept for good
        monkeypatch.setattr(gc, name, lambda name=name: done.append(name))
    cache.places._settled.clear()
    for who in ("buggy", "buggy", "adult", "buggy"):
        cache.places.settle(island, who)
    assert done == ["unfreeze", "collect", "freeze"] * 2
    monkeypatch.setattr("layers.answers.question.today", lambda: date(2099, 1, 1))
    cache.places.settle(island, "adult")
    assert len(done) == 9


def test_what_the_browser_fetches_is_made_once_however_often_it_starts(tmp_path, monkeypatch):
    island, made = Place.open(SAMPLE / "isle_of_wight"), []

    def written(place):
        made.append(place)
        (tmp_path / "areas-1.geojson").write_text("{}")
        return "/app/static/places/areas-1.geojson", "/app/static/places/areas-1.geojson", None, None

    monkeypatch.setattr(cache.places, "PLACES", tmp_path)
    monkeypatch.setattr(cache.places, "_written", written)
    for _ in range(3):
        cache.places._geometry.clear()
        first = cache.places.geometry(island)
    assert len(made) == 1
    (tmp_path / "areas-1.geojson").unlink()  # somebody tidied the folder
    assert cache.places.geometry(island) == first
    assert len(made) == 2
    cache.places._geometry.clear()
