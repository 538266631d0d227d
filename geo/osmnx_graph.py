"""The streets that a walker may use as a graph of OSMnx, with our lengths and times on its edges."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import osmnx
import pandas as pd
import shapely

from geo.crs import BNG
from geo.ways import STREET_CLASSES

if TYPE_CHECKING:
    import networkx as nx
    from numpy.typing import NDArray

    from geo.network import WalkNetwork

_FROM_PARTS = ("name", "ref", "surface")


def osmnx_graph(
    network: WalkNetwork, segments: gpd.GeoDataFrame, parts: pd.DataFrame | None = None, **about: str
) -> nx.MultiDiGraph:
    """A graph as `osmnx.graph_from_gdfs` makes it: simplified, projected, every edge once in each direction.

    Where a walker comes to a gate or a stile that cannot be passed, the edge ends at a node of its own: one may walk up
    to it and no farther, so that any shortest path of the graph is a walk of ours.

    Parameters
    ----------
    network
        Of one walker.
    segments
        The table that it was made from, as `geo.tables.Segments`.
    parts
        As `geo.tables.StreetParts`; without them no edge has a name.
    about
        Attributes of the graph.

    Returns
    -------
    MultiDiGraph
        Nodes: ``x, y`` (British National Grid, metres), ``barred`` (a gate or stile that ends the walk there). Edges:
        ``osmid`` (the first way of the segment), ``segment`` (its row), ``length`` (m), ``travel_time`` (s),
        ``speed_kph``, ``street_class``, ``oneway`` (False), ``reversed``, ``geometry``, and ``name, ref, surface``
        where the longest piece of the segment has them.
    """
    ends, nodes = _nodes(network)
    there = _edges(network, segments, parts, ends)
    back = there.assign(
        u=there["v"], v=there["u"], reversed=True, geometry=shapely.reverse(there["geometry"].to_numpy())
    )
    edges = pd.concat([there, back], ignore_index=True)
    edges["key"] = edges.groupby(["u", "v"]).cumcount()
    table = gpd.GeoDataFrame(edges.set_index(["u", "v", "key"]), geometry="geometry", crs=BNG)
    return osmnx.graph_from_gdfs(nodes, table, graph_attrs={"crs": BNG, "simplified": True, **about})


def _nodes(network: WalkNetwork) -> tuple[NDArray[np.int64], gpd.GeoDataFrame]:
    """The nodes at both ends of each segment, shape (2, segments), and the table of nodes.

    Every barred end is a node of its own, numbered after the junctions.
    """
    ends = np.stack([network.start, network.end]).astype(np.int64)
    barred = ~np.stack([network.start_open, network.end_open])
    ends[barred] = network.junctions + np.arange(np.count_nonzero(barred))
    points = np.stack([shapely.get_point(network.lines, 0), shapely.get_point(network.lines, -1)])
    number, at = np.unique(ends, return_index=True)
    x, y = shapely.get_coordinates(points.ravel()[at]).T
    table = gpd.GeoDataFrame(
        {"x": x, "y": y, "barred": barred.ravel()[at]},
        geometry=points.ravel()[at],
        index=pd.Index(number, name="osmid"),
        crs=BNG,
    )
    return ends, table


def _edges(
    network: WalkNetwork, segments: gpd.GeoDataFrame, parts: pd.DataFrame | None, ends: NDArray[np.int64]
) -> pd.DataFrame:
    table = segments.iloc[network.row]
    seconds = network.cost / 1000 / network.profile.metres_per_minute * 60
    edges = pd.DataFrame({
        "u": ends[0],
        "v": ends[1],
        "osmid": table["way_id"].to_numpy(),
        "segment": network.row,
        "length": network.length / 1000,
        "travel_time": seconds,
        "speed_kph": network.profile.metres_per_minute * 0.06 * network.length / np.maximum(network.cost, 1),
        "street_class": np.array(STREET_CLASSES)[table["street_class"].to_numpy()],
        "oneway": False,
        "reversed": False,
        "geometry": network.lines,
    })  # fmt: skip
    if parts is None:
        return edges
    longest = parts.assign(long=parts["end_mm"] - parts["begin_mm"]).sort_values("long", kind="stable")
    of = longest.drop_duplicates("segment", keep="last").set_index("segment").reindex(network.row)
    known = of[list(_FROM_PARTS)].astype(object).where(of[list(_FROM_PARTS)].notna(), None)
    return edges.join(known.reset_index(drop=True))
