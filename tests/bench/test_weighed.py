"""How long an answer takes to be weighed. Figures to read, not to pass: `make bench` prints them.

A generated authority of 500 areas and 25,000 homes, and the island.
"""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import box

from data.place import SAMPLE, Place
from geo.beyond_nearest import provision
from geo.children_drawn import children_drawn
from geo.clusters import clusters, neighbours_of
from geo.inequality import Families, inequality, shortfall
from geo.walks_within import Walks
from layers.answers import beyond_nearest, fairness, gap_clusters, guidance
from layers.answers.question import Question, answer

AREAS, HOMES = 500, 25_000


@pytest.fixture(scope="module")
def city():
    """Minutes, homes by deprivation, and the areas' outlines and gaps."""
    random = np.random.default_rng(1)
    area = np.sort(random.integers(0, AREAS, HOMES))
    rank = random.permutation(AREAS).astype(float)
    families = Families(area=area, children=random.random(HOMES) * 3, deprivation=rank[area])
    outlines = gpd.GeoSeries([box(x, y, x + 1, y + 1) for y in range(20) for x in range(25)]).scale(
        400, 400, origin=(0, 0)
    )
    known = random.integers(20, 150, AREAS).astype(float)
    table = pd.DataFrame(
        {
            "under5_known": known,
            "under5_beyond": known * random.random(AREAS),
            "minutes_median": random.random(AREAS) * 40,
        }
    )
    table["need_score"] = random.random(AREAS) * 100
    table["gap_rank"] = (table["under5_beyond"] * table["need_score"]).rank(ascending=False)
    return random.gamma(4, 5, HOMES), families, outlines, table


@pytest.fixture(scope="module")
def island():
    return answer(Place.open(SAMPLE / "isle_of_wight"), Question(day=date(2026, 11, 21)))


@pytest.mark.benchmark(group="500 areas, 25,000 homes, weighed: all of these within 1 s, clusters within 3 s")
class TestCity:
    def test_inequality_of_minutes_with_200_draws(self, benchmark, city):
        benchmark(lambda: inequality(*city[:2]))

    def test_inequality_of_the_share_within_with_200_draws(self, benchmark, city):
        benchmark(lambda: inequality((city[0] <= 15).astype(float), city[1], bounds=(0.0, 1.0)))

    def test_shortfall(self, benchmark, city):
        benchmark(lambda: shortfall(city[0], city[1].children, threshold=15))

    def test_60_sites_shared_among_300000_pairs_of_home_and_site(self, benchmark, city):
        random = np.random.default_rng(2)
        site, home = (
            np.repeat(np.arange(60), 5_000),
            np.concatenate([random.permutation(HOMES)[:5_000] for _ in range(60)]),
        )
        walks = Walks(site, home, random.integers(0, 2_000_000, len(site)))
        limits = [666_667, 1_333_333, 2_000_000]
        benchmark(lambda: provision(walks, limits, city[1].children, np.ones(60)))

    def test_200_draws_of_where_children_live(self, benchmark, city):
        benchmark(lambda: children_drawn(city[3]))

    def test_clusters_with_99999_permutations(self, benchmark, city):
        beside = neighbours_of(city[2])
        benchmark(lambda: clusters(city[3]["under5_beyond"], beside))


@pytest.mark.benchmark(group="the island weighed")
class TestIsland:
    def test_fairness(self, benchmark, island):
        benchmark(lambda: fairness.fairness(island))

    def test_guidance(self, benchmark, island):
        benchmark(lambda: guidance.guidance(island))

    def test_beyond_nearest(self, benchmark, island):
        play = Place.open(SAMPLE / "isle_of_wight").play_spaces()
        benchmark(lambda: beyond_nearest.beyond_nearest(island, play=play))

    def test_clusters(self, benchmark, island):
        benchmark(lambda: gap_clusters.clusters_of(island))
