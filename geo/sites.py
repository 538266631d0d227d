"""Which sites serve families on a day, and as what; which of them are uncertain on that day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from geo.errors import RequestError

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    import geopandas as gpd
    from numpy.typing import NDArray

SITE_KINDS = ("centre", "hub", "network_site", "play_space", "community")
"""What a family walks to; a network site gives at least one of a hub's services, and is no centre."""

SITE_STATUSES = ("open", "linked", "announced", "closed", "no_longer_listed", "planned")
"""A site's life as last known: full centre; linked site with a reduced offer; closing, as announced; closed; gone
from the register (an interval, not a date); to open, as planned."""

VENUE_KINDS = ("library", "community_centre", "school", "place_of_worship", "health_centre")
"""Buildings in which a centre could be put."""

MARK_KINDS = ("meeting_place", "play_space", "peer_group", "drop_in", "barrier", "missing_crossing", "other")
"""What the community puts on the map: a place to meet, a play space, a peer-support group, a drop-in, a barrier on the
way, a missing crossing, something else."""

WALKED_TO = ("meeting_place", "peer_group", "drop_in")
"""Marks that count as community spaces beside the centres; play spaces count as play spaces."""

ON_THE_WAY = ("barrier", "missing_crossing")
"""Marks that say something about the way, not about a place to go."""

SERVING = ("open", "linked", "announced")
"""Where a family can still go: full centres, linked sites, and centres that are due to close but have not."""

EVENTS = ("closed", "downgraded", "announced", "no_longer_listed")
"""What happened to a site that is lost: it closed; a full centre became a linked site; it is to close, and nothing
confirms that it has; it vanished from the register."""

COUNTING = ("listed", "full", "hubs", "network")
"""Which centres count: full centres and linked sites; full centres only; sites with a family hub only; network
sites as well."""

Reading = Literal["best", "fewest", "most"]
"""How to read what is uncertain: as seems likeliest, or so that the fewest or the most sites count."""

# what a site may have been on a day; whether it was full is told apart, for a full centre may be due to close
_STATES = ("open", "linked", "announced_full", "announced_linked", "closed", "no_longer_listed", "planned", "not_yet")
_STATUS_OF = ("open", "linked", "announced", "announced", "closed", "no_longer_listed", "planned", None)
_FULL = ("open", "announced_full", "planned")


def status_on(sites: pd.DataFrame, day: date) -> pd.Series[str]:
    """What each site was on a day, as the evidence is best read.

    A linked site was a full centre before the day it was linked. An announced closure is announced from the day its
    source speaks of, and closed from its own date on; before, and before a closed site closed, it was what it served
    as. A site that is no longer listed was what it served as until it was last seen. What is planned is so from the
    day its source speaks of until the day it is planned for, and open from then on; if that day had passed already, or
    none is known, it stays planned. Missing where the site was not there yet. What of this is certain, `possible_on`
    tells.

    Parameters
    ----------
    sites
        As `geo.tables.Sites`.
    day
        The day in question.
    """
    names = np.array(_STATUS_OF, dtype=object)
    return pd.Series(names[_best(sites, day)], index=sites.index, name="status", dtype="str")


def possible_on(sites: pd.DataFrame, day: date) -> pd.DataFrame:
    """Everything that each site may have been on a day, by what is known of it.

    Uncertain are: a site without an opening day, before the first day that anything is known of it; a linked site
    without a link's day, before its source saw it linked (it may have been full); the month in which a closure dated
    to the month fell; the time before a closure known only to have happened "by" a day, or on no known day; an
    announced closure whose day has passed, or that has none, for nothing confirms it; a site no longer listed, between
    the last list that had it and the first that had not; a planned opening whose day has come, or that has none.

    Parameters
    ----------
    sites
        As `geo.tables.Sites`.
    day
        The day in question.

    Returns
    -------
    DataFrame
        On the sites' index, a column of booleans for ``open``, ``linked``, ``announced_full``, ``announced_linked``,
        ``closed``, ``no_longer_listed``, ``planned`` and ``not_yet``; at least one is true in every row.
    """
    return pd.DataFrame(_possible(sites, day), index=sites.index)


def _possible(sites: pd.DataFrame, day: date) -> dict[str, NDArray[np.bool_]]:
    """Whether each site may have been in each of `_STATES` on a day."""
    at = pd.Timestamp(day)
    said = {name: sites[name].to_numpy() for name in ("status", "served_as", "date_precision")}
    opened, linked, closed, source, seen = (
        sites[name].to_numpy("datetime64[ns]")
        for name in ("opened", "linked_since", "closed", "source_date", "last_seen")
    )
    first_known = np.fmin.reduce([linked, closed, source, seen])  # fmin passes over what is missing
    not_yet = (opened > at) | (np.isnat(opened) & (first_known > at))
    surely_there = ~(opened > at)

    as_linked = said["served_as"] == "linked"
    full = ~as_linked | (linked > at) | (np.isnat(linked) & (source > at))
    reduced = as_linked & ~(linked > at)

    announced, was_closed, gone = (said["status"] == name for name in ("announced", "closed", "no_longer_listed"))
    month_start = closed.astype("datetime64[M]").astype("datetime64[ns]")
    earliest = np.where(said["date_precision"] == "month", month_start, closed)
    exact = np.isin(said["date_precision"].astype(object), ("day", "month"))
    heard = ~(source > at)  # the source speaks of that day or an earlier one, or of none
    may_have_ended = np.select(
        [announced, was_closed & exact, was_closed, gone],
        [np.where(np.isnat(closed), heard, earliest <= at), earliest <= at, True, ~(seen > at)],
        default=False,
    )
    may_serve = np.select(
        [announced, was_closed & ~np.isnat(closed), was_closed, gone],
        [True, closed > at, source > at, (seen > at) | (source > at)],
        default=True,
    )
    spoken = announced & heard
    possible = {
        "open": may_serve & full & ~spoken,
        "linked": may_serve & reduced & ~spoken,
        "announced_full": may_serve & full & spoken,
        "announced_linked": may_serve & reduced & spoken,
        "closed": may_have_ended & (announced | was_closed),
        "no_longer_listed": may_have_ended & gone,
    }
    possible = {name: values & surely_there for name, values in possible.items()} | {"not_yet": not_yet}
    planned = said["status"] == "planned"
    may_have_come = np.where(np.isnat(due := _due(sites)), ~(source >= at), due <= at)
    of_plans = {"open": heard & may_have_come, "planned": heard, "not_yet": ~heard}
    none = np.zeros(len(sites), np.bool_)
    return {name: np.where(planned, of_plans.get(name, none), possible.get(name, none)) for name in _STATES}


def _due(sites: pd.DataFrame) -> NDArray[np.datetime64]:
    """The day on which each planned site is to open; missing if none is known, or it had passed when it was told."""
    opened, source = (sites[name].to_numpy("datetime64[ns]") for name in ("opened", "source_date"))
    return np.where(opened < source, np.datetime64("NaT", "ns"), opened)


def _best(sites: pd.DataFrame, day: date) -> NDArray[np.int64]:
    """Position in `_STATES` of the likeliest state of each site."""
    at = pd.Timestamp(day)
    opened, linked, closed, source, seen = (
        sites[name].to_numpy("datetime64[ns]")
        for name in ("opened", "linked_since", "closed", "source_date", "last_seen")
    )
    status = sites["status"].to_numpy(object)
    full = (sites["served_as"].to_numpy(object) == "open") | (linked > at)
    announced = status == "announced"
    serving = np.where(full, _STATES.index("open"), _STATES.index("linked"))
    spoken = np.where(full, _STATES.index("announced_full"), _STATES.index("announced_linked"))
    planned, heard = status == "planned", ~(source > at)
    best = np.select(
        [
            planned & heard & (_due(sites) <= at),
            planned & heard,
            planned | (opened > at),
            (announced | (status == "closed")) & (closed <= at),
            announced & ~(source > at),
            (status == "closed") & np.isnat(closed),
            (status == "no_longer_listed") & ~(seen > at),
        ],
        [
            _STATES.index("open"),
            _STATES.index("planned"),
            _STATES.index("not_yet"),
            _STATES.index("closed"),
            spoken,
            _STATES.index("closed"),
            _STATES.index("no_longer_listed"),
        ],
        default=serving,
    )
    return np.asarray(best, np.int64)


def serving(
    sites: gpd.GeoDataFrame,
    *,
    day: date,
    statuses: Collection[str] = SERVING,
    counting: str = "listed",
    context: bool = True,
    reading: Reading = "best",
) -> gpd.GeoDataFrame:
    """The sites that count on a day, with ``status`` as of that day and ``unsure`` where it is not certain.

    Parameters
    ----------
    sites
        As `geo.tables.Sites`.
    day
        The day in question.
    statuses
        Which statuses count, of `SITE_STATUSES`.
    counting
        Which centres count, of `COUNTING`.
    context
        Whether the neighbours' sites, outside the authority, count.
    reading
        How to read what is uncertain: ``best`` as seems likeliest, ``fewest`` without every site that may not have
        counted, ``most`` with every site that may have.

    Raises
    ------
    RequestError
        There is no such way of counting.
    """
    which = _counting(statuses, counting)
    possible = np.column_stack(list(_possible(sites, day).values()))
    best = _best(sites, day)
    sure, may = _sure(possible, which), _may(possible, which)
    counts = _counts(best, possible, which, among=_among(sites, counting, day, context=context))[reading]
    found = sites.assign(status=_status_names(best, may & ~which[best], possible, which), unsure=may & ~sure)
    return found[counts]


def counted_on(
    sites: gpd.GeoDataFrame,
    *,
    day: date,
    statuses: Collection[str] = SERVING,
    counting: str = "listed",
    context: bool = True,
) -> dict[Reading, NDArray[np.bool_]]:
    """Which sites count on a day, by each reading: those that `serving` gives, without a table of them.

    Parameters
    ----------
    sites, day, statuses, counting, context
        As `serving` takes them.

    Raises
    ------
    RequestError
        There is no such way of counting.
    """
    which = _counting(statuses, counting)
    possible = np.column_stack(list(_possible(sites, day).values()))
    return _counts(_best(sites, day), possible, which, among=_among(sites, counting, day, context=context))


def unsure_of(
    sites: gpd.GeoDataFrame,
    *,
    day: date,
    statuses: Collection[str] = SERVING,
    counting: str = "listed",
    context: bool = True,
) -> gpd.GeoDataFrame:
    """The sites that may have counted on a day, or may not: what cannot be placed in time."""
    most = serving(sites, day=day, statuses=statuses, counting=counting, context=context, reading="most")
    return most[most["unsure"]]


def ever_serving(
    sites: gpd.GeoDataFrame, *, day: date, counting: str = "listed", context: bool = True
) -> gpd.GeoDataFrame:
    """The sites that counted at any time up to a day; every linked site is taken to have been a full centre once.

    A planned site counts if it is likeliest to be open on that day.

    Parameters
    ----------
    sites, day, counting, context
        As `serving` takes them.
    """
    _counting(SERVING, counting)
    there = np.where(sites["status"] == "planned", _best(sites, day) == 0, ~(sites["opened"] > pd.Timestamp(day)))
    return sites[there & _among(sites, counting, day, context=context)]


def _counting(statuses: Collection[str], counting: str) -> NDArray[np.bool_]:
    if counting not in COUNTING:
        message = f"unknown choice of centres {counting!r}; there are {', '.join(COUNTING)}"
        raise RequestError(message)
    states = zip(_STATES, _STATUS_OF, strict=True)
    return np.array([status in statuses and (counting != "full" or state in _FULL) for state, status in states])


def _among(sites: gpd.GeoDataFrame, counting: str, day: date, *, context: bool) -> NDArray[np.bool_]:
    """Whether each site is of the kind that counts: a network site only if it is asked for, a hub from its day on.

    One that nobody can walk to is none.
    """
    among = ~sites["unreached"].to_numpy(bool) if "unreached" in sites else np.ones(len(sites), np.bool_)
    among = among if counting == "network" else among & (sites["kind"] != "network_site").to_numpy(bool)
    if counting == "hubs":
        among = among & sites["hub"].notna().to_numpy(bool)
        if "hub_since" in sites:
            among = among & ~(sites["hub_since"] > pd.Timestamp(day)).to_numpy(bool)
    return among if context else among & sites["inside"].to_numpy(bool)


def _counts(
    best: NDArray[np.int64], possible: NDArray[np.bool_], which: NDArray[np.bool_], *, among: NDArray[np.bool_]
) -> dict[Reading, NDArray[np.bool_]]:
    """Whether each site counts, by each reading."""
    return {
        "best": which[best] & among, "fewest": _sure(possible, which) & among, "most": _may(possible, which) & among,
    }  # fmt: skip


def _sure(possible: NDArray[np.bool_], which: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Whether each site is nothing but what counts."""
    return np.asarray(~(possible & ~which).any(axis=1))


def _may(possible: NDArray[np.bool_], which: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Whether each site may be what counts."""
    return np.asarray((possible & which).any(axis=1))


def _status_names(
    best: NDArray[np.int64], otherwise: NDArray[np.bool_], possible: NDArray[np.bool_], which: NDArray[np.bool_]
) -> NDArray[np.object_]:
    """Status by the best reading; where a site counts by another one only, the status that it counts as."""
    first_that_counts = (possible & which).argmax(axis=1)
    names: NDArray[np.object_] = np.array(_STATUS_OF, dtype=object)[np.where(otherwise, first_that_counts, best)]
    return names
