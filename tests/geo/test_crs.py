"""Coordinates moved by any thread are those that PROJ gives."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from pyproj import Transformer

from geo.crs import BNG, WGS84, to_bng, to_wgs84


def test_many_threads_at_once_and_all_in_one():
    """pyproj prepares a transformer for each thread that it is used in."""
    rng = np.random.default_rng(5)
    x, y = rng.uniform(430_000, 470_000, (400, 10)), rng.uniform(75_000, 97_000, (400, 10))
    there, back = (Transformer.from_crs(*pair, always_xy=True) for pair in ((BNG, WGS84), (WGS84, BNG)))
    before = threading.active_count()
    with ThreadPoolExecutor(8) as many:
        found = list(many.map(lambda at: to_wgs84(*at), zip(x, y, strict=True)))
        again = list(many.map(lambda at: to_bng(*at), found))
    assert threading.active_count() <= before + 1
    for (lon, lat), (east, north), ours_x, ours_y in zip(found, again, x, y, strict=True):
        np.testing.assert_array_equal((lon, lat), there.transform(ours_x, ours_y))
        np.testing.assert_array_equal((east, north), back.transform(lon, lat))
