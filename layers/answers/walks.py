"""The walk from one point: to the nearest and the second nearest site, or to one that is named, street by street."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.access import nearest, reach_from
from geo.errors import RequestError
from geo.gaps import HOUR_MIN
from geo.profiles import ADULT
from geo.routes import Route, route
from layers.answers.by_ferry import on_walk
from layers.answers.place_names import folded
from layers.answers.place_search import the_one

if TYPE_CHECKING:
    from data.place import Place
    from geo.network import WalkNetwork
    from layers.answers.question import Question

UNNAMED = "one without a name"


@dataclass(frozen=True, eq=False)
class Walk:
    """A walk to a site, on one profile's streets."""

    name: str
    """The site's, as a register or somebody wrote it."""
    minutes: float
    metres: float
    route: Route
    network: WalkNetwork


@dataclass(frozen=True)
class Found:
    """The walks, nearest first, and the sentences that tell them."""

    walks: tuple[Walk, ...]
    said: tuple[str, ...]
    alone: Walk | None = None
    """An adult's walk to the first one's site, if somebody else walks."""


def ask(place: Place, question: Question, sites: gpd.GeoDataFrame, begin: str, end: str | None = None) -> Found:
    """The walk that two texts mean.

    Parameters
    ----------
    place, question
        The place, and who walks.
    sites
        Those that count for the question.
    begin
        Where from; see `layers.answers.place_search.the_one`.
    end
        The site's name or id; None for the nearest and the second nearest.

    Raises
    ------
    RequestError
        A text means nothing here, or more than one thing.
    """
    here = the_one(begin, place)
    point = shapely.Point(here.easting, here.northing)
    network = place.network(question.walker)
    if end is None:
        walks = walks_from(network, sites, point)
    else:
        walks = [walk for walk in [walk_to(network, site_named(end, sites), point)] if walk is not None]
    if not walks:
        joins = network.snap(np.array([point], dtype=object)).on_network[0]
        if not joins:
            return Found((), (f"There is no street data within 250 m of {here.label}.",))
        there = "any site that counts" if end is None else "that site"
        wanted = sites if end is None else site_named(end, sites)
        return Found(
            (),
            (
                f"No way on foot is mapped from {here.label} to {there}.",
                *ferries_told((), network, wanted, place.ferries(), point),
            ),
        )
    first, *others = walks
    told = [f"From {here.label}, {question.walker.walkers} walk {_long(first)} to {first.name}."]
    told += [f"The next nearest is {other.name}: {_long(other)}." for other in others]
    wanted = sites if end is None else sites.loc[[first.route.site_id]]
    told += ferries_told(tuple(walks), network, wanted, place.ferries(), point)
    alone = None
    if question.walker != ADULT:
        alone = walk_to(place.network(ADULT), sites.loc[[first.route.site_id]], point)
        told += [f"{ADULT.walkers.capitalize()} walk {_long(alone)}."] if alone else []
    return Found(tuple(walks), tuple(told), alone)


def ferries_told(
    walks: tuple[Walk, ...],
    network: WalkNetwork,
    sites: gpd.GeoDataFrame,
    ferries: gpd.GeoDataFrame | None,
    point: shapely.Point,
) -> tuple[str, ...]:
    """A ferry by which the walk to the nearest site, or else to the next nearest, would be much shorter.

    Parameters
    ----------
    walks
        Those from the point, nearest first; none if there is no way.
    network, sites, ferries, point
        As `layers.answers.by_ferry.on_walk` takes them.
    """
    first, second = (*walks, None, None)[:2]
    said = on_walk(network, sites, ferries, point, None if first is None else first.route.cost)
    if said is None and first is not None and second is not None:
        others = sites.drop(index=first.route.site_id)
        said = on_walk(network, others, ferries, point, second.route.cost)
    return () if said is None else (said,)


def _long(walk: Walk) -> str:
    time = "over an hour" if walk.minutes > HOUR_MIN else f"{walk.minutes:.1f} minutes"
    return f"{time} ({walk.metres:,.0f} m)"


def walks_from(network: WalkNetwork, sites: gpd.GeoDataFrame, point: shapely.Point) -> list[Walk]:
    """The walks from a point to the nearest site and the second nearest; fewer if fewer can be walked to.

    Parameters
    ----------
    network
        The streets of the profile.
    sites
        Those that count, as `geo.tables.Sites`.
    point
        British National Grid.
    """
    here = pd.Series(["here"], index=["here"])
    found = reach_from(network, network.snap(np.array([point], dtype=object)), here, sites).iloc[0]
    wanted = [site for site in (found["site_id"], found["second_site_id"]) if not pd.isna(site)]
    return [walk for site in wanted if (walk := walk_to(network, sites.loc[[site]], point)) is not None]


def walk_to(network: WalkNetwork, site: gpd.GeoDataFrame, point: shapely.Point) -> Walk | None:
    """The walk from a point to one site, a table of one row; None where there is no way."""
    found = route(nearest(network, site), site, point)
    if found is None:
        return None
    minutes = float(network.minutes(np.array([found.cost], np.int32))[0])
    name = site["name"].fillna(f"{UNNAMED} ({found.site_id})").iloc[0]
    return Walk(str(name), minutes, found.length / 1000, found, network)


def at_pace(walk: Walk, network: WalkNetwork) -> Walk:
    """The walk of somebody else to whom the same ways are open, at their own pace: it takes no search.

    Parameters
    ----------
    walk
        On a network of the same rules.
    network
        Theirs.
    """
    minutes = float(network.minutes(np.array([walk.route.cost], np.int32))[0])
    return replace(walk, minutes=minutes, network=network)


def site_named(text: str, sites: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The one of the sites that a text names, by its id or its name; case and punctuation make no difference.

    Raises
    ------
    RequestError
        None has that name, or several have.
    """
    if text in sites.index:
        return sites.loc[[text]]
    names = sites["name"].fillna("").map(folded)
    said = folded(text)
    for likely in (names == said, names.str.startswith(f"{said} "), names.str.contains(said, regex=False)):
        if likely.sum() == 1:
            return sites[likely]
        if likely.any():
            several = "; ".join(sites.loc[likely, "name"].head(4))
            message = f"{text[:40]!r} may be more than one site ({several}): say which"
            raise RequestError(message)
    known = sites["name"].dropna().sort_values()
    first = "; ".join(known.head(6)) + ("; …" if len(known) > 6 else "")
    message = f"no site that counts is called {text[:40]!r}; there are {first or 'none'}"
    raise RequestError(message)
