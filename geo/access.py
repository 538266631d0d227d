"""How far it is: the walk from every origin to the nearest site, and what one site more or less changes.

Minutes and metres come on the origins' index. The walk is the quickest one; metres are its length.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo import k_nearest, paths, topology
from geo.crs import BNG
from geo.errors import RequestError, UnknownNameError
from geo.network import Doors, Snaps, WalkNetwork
from geo.profiles import BUGGY

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Nearest:
    """The nearest site of every junction, ready to be asked for any point and to take or lose a site.

    Make one with `nearest`; `with_site` and `without_site` return another and leave this one as it was.
    """

    network: WalkNetwork
    site_ids: tuple[str, ...]
    """Site number to id; a site that has gone keeps its number."""
    doors: Doors
    labels: paths.Labels

    def with_site(self, site_id: str, geometry: shapely.Geometry) -> Nearest:
        """The answer after one more site opened.

        Raises
        ------
        RequestError
            A site of that id is there already.
        """
        if site_id in self.site_ids and bool((self.doors.site == self.site_ids.index(site_id)).any()):
            message = f"there is a site {site_id} already"
            raise RequestError(message)
        known = site_id in self.site_ids
        number = self.site_ids.index(site_id) if known else len(self.site_ids)
        added = self.network.doors(np.array([geometry], dtype=object))
        added = added._replace(site=np.full(len(added.site), number, np.int32))
        labels = _copied(self.labels)
        paths.spread(self.network.graph, _seeds(self.network, added), *labels, paths.FAR)
        return replace(
            self,
            site_ids=self.site_ids if known else (*self.site_ids, site_id),
            doors=Doors(*(np.concatenate(pair) for pair in zip(self.doors, added, strict=True))),
            labels=labels,
        )

    def without_site(self, site_id: str) -> Nearest:
        """The answer after a site closed: only its own cell is grown again, from its border.

        Raises
        ------
        UnknownNameError
            There is no such site.
        """
        if site_id not in self.site_ids:
            message = f"there is no site {site_id}"
            raise UnknownNameError(message)
        number = self.site_ids.index(site_id)
        stay = self.doors.site != number
        doors = Doors(*(values[stay] for values in self.doors))
        labels = _copied(self.labels)
        border = paths.clear_cell(self.network.graph, number, *labels)
        own = _seeds(self.network, doors)
        in_cell = labels.site[own.junction] == paths.NO_SITE
        seeds = paths.sorted_seeds(*(np.concatenate([a, b[in_cell]]) for a, b in zip(border, own, strict=True)))
        paths.spread(self.network.graph, seeds, *labels, paths.FAR)
        return replace(self, doors=doors, labels=labels)

    def between(self, before: gpd.GeoDataFrame, after: gpd.GeoDataFrame) -> Nearest:
        """The answer for other sites, by closing and opening only those that differ.

        Parameters
        ----------
        before
            The sites that this answer is for, as `geo.tables.Sites`.
        after
            The sites that it should be for.
        """
        state, was, now = self, before.geometry, after.geometry
        both = was.index.intersection(now.index)
        moved = both[~np.asarray(shapely.equals_exact(was[both].to_numpy(), now[both].to_numpy()))]
        moved = moved[~(was[moved].isna() & now[moved].isna()).to_numpy()]
        for site_id in [*was.index.difference(now.index), *moved]:
            state = state.without_site(site_id)
        for site_id in [*now.index.difference(was.index, sort=False), *moved]:
            state = state.with_site(site_id, now[site_id])
        return state

    def reach(self, snaps: Snaps, area_code: pd.Series[str]) -> pd.DataFrame:
        """The walk from every origin, as `geo.tables.Reach` but without the second nearest site.

        Parameters
        ----------
        snaps
            The origins joined to the network.
        area_code
            Of each origin; it brings the index.
        """
        cost, site, length = self.cost(snaps)
        ids = np.array([*self.site_ids, None], dtype=object)  # site -1 is none
        return _reach_table(self.network, snaps, area_code, cost, ids[site], length)

    def cost(self, snaps: Snaps) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
        """Cost, site number and length (millimetres) of the walk from each snapped point; `paths.FAR` where none."""
        columns = _columns(self.labels)
        cost, site, length = _arrive(self.network, snaps, self.doors, columns)
        return cost[:, 0], site[:, 0], length[:, 0]


def nearest(network: WalkNetwork, sites: gpd.GeoDataFrame, *, among: pd.Index[str] | None = None) -> Nearest:
    """The nearest site of every junction: many sources, one pass.

    Parameters
    ----------
    network
        The profile's network.
    sites
        Index ``site_id``; geometry in British National Grid.
    among
        Every site that may yet come, in the order in which ties are decided, if some are to be opened later: so that
        the answer does not depend on the order of opening.
    """
    among = sites.index if among is None else among
    doors = network.doors(sites.geometry.to_numpy())
    doors = doors._replace(site=among.get_indexer(sites.index).astype(np.int32)[doors.site])
    labels = paths.blank_labels(network.junctions)
    paths.spread(network.graph, _seeds(network, doors), *labels, paths.FAR)
    return Nearest(network, tuple(among.astype(str)), doors, labels)


def reach(network: WalkNetwork, origins: gpd.GeoDataFrame, sites: gpd.GeoDataFrame) -> pd.DataFrame:
    """The walk from every origin to its nearest and second nearest site.

    Parameters
    ----------
    network
        The profile's network.
    origins
        As `geo.tables.Origins`.
    sites
        As `geo.tables.Sites`, those that count; sites without a geometry or off the network are not walked to.

    Returns
    -------
    DataFrame
        As `geo.tables.Reach`, on the origins' index; no origin is dropped.
    """
    return reach_from(network, network.snap(origins.geometry.to_numpy()), origins["area_code"], sites)


def reach_from(network: WalkNetwork, snaps: Snaps, area_code: pd.Series[str], sites: gpd.GeoDataFrame) -> pd.DataFrame:
    """As `reach`, for origins that have been snapped before; ``area_code`` brings the index."""
    doors = network.doors(sites.geometry.to_numpy())
    labels = k_nearest.k_nearest(network.graph, _seeds(network, doors), 2, paths.FAR)
    cost, site, length = _arrive(network, snaps, doors, labels)
    ids = np.array([*sites.index, None], dtype=object)  # site -1 is none
    table = _reach_table(network, snaps, area_code, cost[:, 0], ids[site[:, 0]], length[:, 0])
    table.insert(4, "second_site_id", pd.Series(ids[site[:, 1]], index=area_code.index, dtype="str"))
    table.insert(5, "second_minutes", network.minutes(cost[:, 1]))
    return table


def _reach_table(
    network: WalkNetwork,
    snaps: Snaps,
    area_code: pd.Series[str],
    cost: NDArray[np.int32],
    site_id: NDArray[np.object_],
    length: NDArray[np.int32],
) -> pd.DataFrame:
    table = pd.DataFrame(
        {
            "area_code": area_code,
            "site_id": pd.Series(site_id, index=area_code.index, dtype="str"),
            "minutes": network.minutes(cost),
            "metres": np.where(cost == paths.FAR, np.nan, length / 1000),
            "snap_m": np.where(np.isfinite(snaps.snap_m), snaps.snap_m, np.nan),
            "reached": np.where(~snaps.on_network, "off_network", np.where(cost == paths.FAR, "no_route", "yes")),
        },
        index=area_code.index,
    )
    return table.rename_axis("origin_id")


def within(
    network: WalkNetwork, point: shapely.Point, origins: gpd.GeoDataFrame, *, minutes: float
) -> pd.Series[float]:
    """Minutes from the origins that lie within a walk of one point, nearest first: a bounded search.

    Parameters
    ----------
    network
        The profile's network.
    point
        British National Grid.
    origins
        As `geo.tables.Origins`.
    minutes
        How long the walk may be.
    """
    limit = network.cost_of(minutes)
    doors = network.doors(np.array([point], dtype=object))
    labels = paths.blank_labels(network.junctions)
    paths.spread(network.graph, _seeds(network, doors), *labels, limit)
    columns = _columns(labels)
    cost = _arrive(network, network.snap(origins.geometry.to_numpy()), doors, columns)[0][:, 0]
    walk = pd.Series(network.minutes(cost), index=origins.index, name="minutes")
    return walk[cost <= limit].sort_values(kind="stable")


def _copied(labels: paths.Labels) -> paths.Labels:
    return paths.Labels(*(values.copy() for values in labels))


def _columns(labels: paths.Labels) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    return labels.cost.reshape(-1, 1), labels.site.reshape(-1, 1), labels.length.reshape(-1, 1)


def _seeds(network: WalkNetwork, doors: Doors) -> paths.Seeds:
    """The two ends of each door's segment; a barred end leads nowhere."""
    s = doors.segment
    at_start, at_end = network.start_open[s], network.end_open[s]
    return paths.sorted_seeds(
        np.concatenate([network.start[s][at_start], network.end[s][at_end]]),
        np.concatenate([doors.site[at_start], doors.site[at_end]]),
        np.concatenate([(doors.leg + doors.low)[at_start], (doors.leg + network.cost[s] - doors.high)[at_end]]),
        np.concatenate(
            [
                (doors.leg + doors.low_length)[at_start],
                (doors.leg + network.length[s] - doors.high_length)[at_end],
            ]
        ),
    )


def _arrive(
    network: WalkNetwork,
    snaps: Snaps,
    doors: Doors,
    labels: tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]],
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    order = np.argsort(doors.segment, kind="stable")
    first = np.searchsorted(doors.segment[order], np.arange(len(network.start) + 1)).astype(np.int32)
    answer: tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]] = k_nearest.labels_at_points(
        (snaps.segment, snaps.cost, snaps.length, snaps.leg),
        (network.start, network.end, network.cost, network.length, network.start_open, network.end_open),
        (first, *(values[order] for values in doors[1:])),
        labels[0],
        labels[1],
        labels[2],
        labels[0].shape[1],
    )
    return answer


def compile_kernels() -> None:
    """Walk a street of two houses and a playground, so that every kernel is compiled and kept on disk at set-up."""
    line = shapely.LineString([(0, 0), (3000, 0)])
    street = gpd.GeoDataFrame(
        {
            "start": np.array([0], np.int32), "end": np.array([1], np.int32),
            "length_mm": np.array([3_000_000], np.int32),
            "foot_factor": np.ones(1, np.float32), "pram_factor": np.ones(1, np.float32),
            "start_barred": np.zeros(1, np.uint8), "end_barred": np.zeros(1, np.uint8),
        },
        geometry=[line], crs=BNG,
    )  # fmt: skip
    network = WalkNetwork.of(street, BUGGY)
    homes = gpd.GeoDataFrame({"area_code": ["E01000001"]}, index=["A"], geometry=[shapely.Point(10, 5)], crs=BNG)
    sites = gpd.GeoDataFrame(index=["1"], geometry=[shapely.Point(2000, 0)], crs=BNG)
    reach(network, homes, sites)
    within(network, shapely.Point(0, 0), homes, minutes=5)
    start = nearest(network, sites)
    start.with_site("2", shapely.Point(500, 0)).without_site("1").cost(network.snap(homes.geometry.to_numpy()))
    one = np.zeros(1, np.int32)
    most = np.ones(network.junctions, np.int32)
    paths.bounded_searches(network.graph, np.array([0, 1], np.int32), one, one, most, paths.unchanged(1))
    step = np.zeros(1, np.int64)
    topology.trace_chains(2, step, step + 1, np.ones(1), np.ones(2, np.bool_))
