"""Beyond the nearest: how many sites families can choose from, how many children share each, and no sharp edge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.beyond_nearest import WEIGHTS, Provision, band_ends, children_within, provision, sites_within, soft
from geo.errors import RequestError
from geo.round_trips import round_trips
from geo.walks_within import Walks, walks_between, walks_within
from geo.whole import shown

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from layers.answers.question import Answer

    Floats = NDArray[np.float64]

MINUTES = (5.0, 10.0, 15.0, 20.0, 30.0)
"""Walks for which sites, and children around sites, are counted."""
LINKED_WEIGHT = 0.5
"""Of a linked or network site, which offers less than a full centre: nobody publishes how much, so it is a choice."""


@dataclass(frozen=True, eq=False)
class BeyondNearest:
    """What there is beyond the nearest site; read-only."""

    areas: gpd.GeoDataFrame
    """A row a neighbourhood, with its outline: ``under5`` whose walk is known; means over them of how many sites are
    within each number of minutes (``sites_15``), of ``per_1000`` (sites for 1,000 under-fives, shared), and of
    ``near_soft`` (the soft threshold). With play spaces also ``round_trip``, minutes from home to a centre, on to a
    play space and home: half of under-fives have one that is no longer; missing where half have none."""
    sites: gpd.GeoDataFrame
    """A row a site: ``capacity``, under-fives within each number of minutes (``under5_15``), ``sharing`` (those around
    it, farther ones counted in part), and ``per_1000`` of them."""
    said: list[str]
    trips: gpd.GeoDataFrame | None = None
    """With play spaces, a row a home: ``area_code``, ``under5`` who count there, minutes of its ``round_trip``, and the
    centre and the play space that it leads to; missing where there is none."""


def beyond_nearest(
    found: Answer, linked_weight: float = LINKED_WEIGHT, *, play: gpd.GeoDataFrame | None = None
) -> BeyondNearest:
    """Look beyond the nearest site of an answer.

    Parameters
    ----------
    found
        The answer.
    linked_weight
        What part of a full centre a linked or network site counts as, 0 to 1.
    play
        Play spaces (`geo.tables.Sites`), for round trips by way of a centre; None if there are none.

    Raises
    ------
    RequestError
        The weight is not from 0 to 1, or no walk of the place is known.
    """
    if not 0 <= linked_weight <= 1:
        message = f"a linked site counts as 0 to 1 of a full centre, not {linked_weight:g}"
        raise RequestError(message)
    ground, threshold = found.ground, found.question.minutes
    if not ground.counted.any():
        message = "no walk is known in this place: no home is near a street"
        raise RequestError(message)
    network, snaps, children = ground.network, ground.counted_snaps, ground.counted_children
    minutes = sorted({*MINUTES, threshold})
    ends = band_ends(threshold)
    walks = walks_within(network, snaps, found.sites.geometry.to_numpy(), max(*minutes, *ends))
    limits = [network.cost_of(one) for one in minutes]
    reduced = _reduced(found)
    capacity = np.where(reduced, linked_weight, 1.0)
    shared = provision(walks, [network.cost_of(end) for end in ends], children, capacity)
    number = sites_within(walks, limits, len(children))
    near = soft(_walks(found), threshold)

    counts = [f"{one:g}" for one in minutes]
    of_homes = {f"sites_{name}": each.astype(float) for name, each in zip(counts, number.T, strict=True)}
    of_homes |= {"per_1000": 1000 * shared.per_child, "near_soft": near}
    weight = np.where(ground.counted, ground.homes.weight, 0.0)
    whole = ground.homes.total(weight)
    means = {name: _means(ground.homes.total(weight * np.nan_to_num(each)), whole) for name, each in of_homes.items()}
    if np.isnan(children).all():
        means["per_1000"] = np.full(len(whole), np.nan)
    areas = ground.areas[["area_name", "ward_name"]].assign(under5=ground.homes.total(children), **means)
    each_trip = None if play is None else _round_trips(found, play, walks)
    trips = None if each_trip is None else each_trip["round_trip"].to_numpy(float)
    if trips is not None:
        at = ground.homes.quantiles(np.nan_to_num(trips, nan=np.inf), (0.5,), known=ground.counted)[:, 0]
        areas["round_trip"] = np.where(at >= 0, trips[at], np.nan)
    around = children_within(walks, limits, children, len(found.sites))
    sites = found.sites[["name", "status", "inside"]].assign(
        capacity=capacity,
        **{f"under5_{name}": each for name, each in zip(counts, around.T, strict=True)},
        sharing=shared.demand,
        per_1000=_means(1000 * capacity, shared.demand),
    )
    if not len(walks.site):
        said = ["No site that counts is near any home, so there is nothing to choose from."]
    elif children.sum() > 0:
        far = sites_within(walks, [network.cost_of(ends[-1])], len(children))[:, 0]
        said = [
            *_choice_said(found, number[:, minutes.index(threshold)]),
            *_shared_said(found, shared, areas.loc[areas["under5"] > 0, "per_1000"], none=children[far == 0].sum()),
            *_reduced_said(int(reduced.sum()), linked_weight),
            *([] if trips is None else _trips_said(found, trips)),
            *_soft_said(found, near),
        ]
    else:
        said = ["The number of under-fives is not known, so nothing can be shared among them."]
    by_home = None if each_trip is None else _with_shapes(each_trip, ground.origins)
    return BeyondNearest(_with_shapes(areas, ground.areas), _with_shapes(sites, found.sites), said, by_home)


def _round_trips(found: Answer, play: gpd.GeoDataFrame, to_centres: Walks) -> pd.DataFrame:
    """The shortest round trip of each home, and where it leads; missing where one of its walks would be too long."""
    network, snaps = found.ground.network, found.ground.counted_snaps
    most = band_ends(found.question.minutes)[-1]
    centres, spaces = (each.geometry.to_numpy() for each in (found.sites, play))
    near = to_centres.cost <= network.cost_of(most)
    trips = round_trips(
        Walks(*(values[near] for values in to_centres)),
        walks_within(network, snaps, spaces, most),
        walks_between(network, centres, spaces, most),
        len(snaps.segment),
    )
    ends = {"centre": (found.sites, trips.centre), "play": (play, trips.play)}
    table = found.ground.origins[["area_code"]].assign(
        under5=found.ground.counted_children, round_trip=network.minutes(trips.cost.astype(np.int32))
    )
    for end, (sites, at) in ends.items():  # a home without a trip leads to no row
        names = sites["name"].reset_index()
        names.columns = [f"{end}_id", f"{end}_name"]
        table[list(names)] = names.reindex(np.where(at >= 0, at, len(names))).to_numpy(object)
    return pd.DataFrame(table)


def _trips_said(found: Answer, trips: Floats) -> list[str]:
    children, most = found.ground.counted_children, band_ends(found.question.minutes)[-1]
    total = children.sum()
    whole = children[trips <= 2 * most].sum()
    return [
        f"{shown(whole)} ({whole / total:.0%}) can walk to {found.question.walk.to}, on to a play space and home in "
        f"{2 * most:g} minutes altogether, none of the three walks longer than {most:g}."
    ]


def _reduced(found: Answer) -> NDArray[np.bool_]:
    """Which sites offer less than a full centre on the day."""
    sites = found.sites
    if found.question.to != "centres":
        return np.zeros(len(sites), np.bool_)
    full = (sites["served_as"] == "open") | (sites["linked_since"] > pd.Timestamp(found.question.day))
    told = sites["status"].isin(("open", "linked", "planned"))
    linked = np.where(told, sites["status"] == "linked", ~full)
    return np.asarray(linked | (sites["kind"] == "network_site").to_numpy(bool))


def _walks(found: Answer) -> Floats:
    """Minutes to the nearest site; infinite without a way, missing where not known."""
    minutes = found.reach["minutes"].to_numpy(float)
    minutes = np.where(np.isnan(minutes), np.inf, minutes)
    return np.where(found.ground.counted, minutes, np.nan)


def _means(total: Floats, weight: Floats) -> Floats:
    return np.asarray(np.divide(total, weight, out=np.full(len(total), np.nan), where=weight > 0))


def _with_shapes(table: pd.DataFrame, shapes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    decimals = {name: 4 for name in table.columns if table[name].dtype == float}
    return shapes[["geometry"]].join(table.round(decimals))[[*table.columns, "geometry"]]


def _choice_said(found: Answer, number: NDArray[np.int64]) -> list[str]:
    walk, children = found.question.walk, found.ground.counted_children
    total, one, two = children.sum(), children[number >= 1].sum(), children[number >= 2].sum()
    return [
        f"Of {shown(total)} under-fives whose walk is known, {shown(one)} ({one / total:.0%}) have {walk.to} within "
        f"{walk.limit_walk}; {shown(two) if two else 'none'} of them can choose between two or more."
    ]


def _reduced_said(reduced: int, linked_weight: float) -> list[str]:
    sites = "linked or network site counts" if reduced == 1 else "linked or network sites count"
    said = (
        f"{reduced:,} {sites} as {linked_weight:g} of a full centre: that is our choice, as nobody publishes how much "
        "less they offer."
    )
    return [said] if reduced else []


def _soft_said(found: Answer, near: Floats) -> list[str]:
    softly = np.nansum(found.ground.counted_children * near)
    return [
        f"Without a sharp edge, where a walk of {found.question.walk.limit} counts as half near enough, a shorter one "
        f"as more and a longer one as less, {shown(softly)} are near enough.",
        "Children who live outside the authority are not counted, so sites near its boundary look less shared than "
        "they are.",
    ]


def _shared_said(found: Answer, shared: Provision, per_1000: pd.Series[float], *, none: float) -> list[str]:
    children = found.ground.counted_children
    total, each = children.sum(), children * shared.per_child
    near, middle, far = (f"{end:g}" for end in band_ends(found.question.minutes))
    what = "full centres" if found.question.to == "centres" else "sites"
    said = (
        f"Shared among the under-fives within {far} minutes' walk of each (those beyond {near} minutes counted as "
        f"{WEIGHTS[1]:g}, beyond {middle} as {WEIGHTS[2]:g}), there are {1000 * each.sum() / total:.2f} {what} for "
        f"every 1,000 under-fives. {shown(none)} ({none / total:.0%}) have none within that walk."
    )
    if each.sum() > 0:
        name = found.ground.areas["area_name"].loc[per_1000.idxmax()]
        said += f" {name} has most, {per_1000.max():.1f} for every 1,000."
    return [said]
