"""A small town on British National Grid, drawn by hand, so that every walk can be worked out on paper."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from data.place import SAMPLE, Place
from geo import network
from geo.crs import BNG, to_wgs84
from geo.network import CROSSING_TAGS, NAME_TAGS, NODE_TAGS, WAY_TAGS, WalkNetwork, Ways, segments_from
from geo.profiles import BUGGY, PROFILES
from layers.answers.question import ground

ORIGIN = (450_000.0, 90_000.0)  # Newport, Isle of Wight


def _ways(nodes, ways, barriers=None):
    """Ways from nodes {name: (x, y) metres from ORIGIN} and ways [(names, tags)]; a name not in nodes is missing.

    ``barriers`` are tags by node; without ``barrier`` among them, of a crossing.
    """
    names = list(nodes)
    xy = np.array([nodes[name] for name in names], dtype=float) + ORIGIN
    lon, lat = to_wgs84(xy[:, 0], xy[:, 1])
    passed = [[names.index(n) if n in nodes else -1 for n in way] for way, _ in ways]
    keys = [*WAY_TAGS, *NAME_TAGS]
    tags = pd.DataFrame([{key: tag.get(key) for key in keys} for _, tag in ways], columns=keys, dtype=object)
    tags["way_id"] = np.arange(len(ways), dtype=np.int64) + 1
    of_nodes = [{"node": names.index(n)} | tag for n, tag in (barriers or {}).items()]
    return Ways(
        lon=lon,
        lat=lat,
        ways=tags,
        offset=np.concatenate([[0], np.cumsum([len(p) for p in passed])]).astype(np.int64),
        node=np.concatenate(passed).astype(np.int64),
        barriers=_of_nodes([tag for tag in of_nodes if "barrier" in tag], NODE_TAGS),
        crossings=_of_nodes([tag for tag in of_nodes if "barrier" not in tag], CROSSING_TAGS),
    )


def _of_nodes(rows, keys):
    rows = [{key: row.get(key) for key in ("node", *keys)} for row in rows]
    return pd.DataFrame(rows, columns=["node", *keys], dtype=object).astype({"node": np.int64})


@pytest.fixture(scope="session")
def draw():
    """Draw ways; see `_ways`."""
    return _ways


@pytest.fixture(scope="session")
def town():
    """A function from a drawing to the network of a profile; nobody can change one, so each is made once."""
    made = {}

    def make(nodes, ways, barriers=None, *, profile="buggy"):
        key = repr((nodes, ways, barriers, profile, network.PART_LIMIT_M))
        if key not in made:
            made[key] = WalkNetwork.of(segments_from(_ways(nodes, ways, barriers)), PROFILES[profile])
        return made[key]

    return make


@pytest.fixture(scope="session")
def at():
    """Points (metres from ORIGIN) as a GeoDataFrame indexed by name."""

    def make(points, **columns):
        xy = np.array(list(points.values()), dtype=float).reshape(-1, 2) + ORIGIN
        return gpd.GeoDataFrame(
            {"area_code": "E01000001"} | columns,
            geometry=gpd.points_from_xy(xy[:, 0], xy[:, 1]),
            crs=BNG,
            index=pd.Index(list(points), name="origin_id", dtype="str"),
        )

    return make


@pytest.fixture(scope="session")
def lattice():
    """A function that draws a random street grid: nodes, ways; big enough to be joined to."""

    def make(rng, columns=7, rows=6, spacing=160.0):
        nodes = {
            f"{i},{j}": (i * spacing + rng.uniform(-50, 50), j * spacing + rng.uniform(-50, 50))
            for i in range(columns)
            for j in range(rows)
        }
        ways = []
        for i in range(columns):
            for j in range(rows):
                for other in ((i + 1, j), (i, j + 1)):
                    name = f"{other[0]},{other[1]}"
                    if name in nodes and rng.random() < 0.85:
                        kind = rng.choice(["residential", "footway", "steps", "cycleway"], p=[0.6, 0.2, 0.1, 0.1])
                        tags = {"highway": str(kind)}
                        if kind == "footway" and rng.random() < 0.4:
                            tags["surface"] = "grass"
                        ways.append(((f"{i},{j}", name), tags))
        return nodes, ways

    return make


@pytest.fixture(scope="session")
def island():
    """The bundled Isle of Wight."""
    return Place.open(SAMPLE / "isle_of_wight")


@pytest.fixture(scope="session")
def island_by_buggy(island):
    """The island's areas, homes and streets by buggy; not to be changed."""
    return ground(island, BUGGY)


@pytest.fixture(scope="session")
def island_centres(island):
    """The island's centres; not to be changed."""
    return island.centres()


@pytest.fixture(scope="session")
def island_segments(island):
    """The island's segments of streets; not to be changed."""
    return island.segments()
