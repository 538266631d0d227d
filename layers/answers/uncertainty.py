"""Sites whose dates are uncertain on a day, and the answer both ways: with them and without."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from geo.access import nearest
from geo.days import day_text
from geo.sites import SERVING
from geo.whole import shown, whole
from layers.answers import community_sites
from layers.answers.question import serving_of, unsure_sites

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from data.place import Place
    from geo.network import WalkNetwork
    from layers.answers.question import Ground, Question

_KINDS = {
    "open": ("full centre", "full centres"),
    "linked": ("linked site", "linked sites"),
    "announced": ("centre due to close", "centres due to close"),
    "closed": ("closed centre", "closed centres"),
    "no_longer_listed": ("centre no longer listed", "centres no longer listed"),
    "planned": ("planned opening", "planned openings"),
    "network": ("network site", "network sites"),
}


@dataclass(frozen=True, eq=False)
class Bounds:
    """The sites that are uncertain on a day, and the under-fives beyond the threshold either way."""

    unsure: gpd.GeoDataFrame
    at_most: float
    """If none of the uncertain sites counts; missing where under-fives are not known."""
    at_least: float
    """If all of them count."""


@dataclass(frozen=True, eq=False)
class EitherWay:
    """The sites that are uncertain on a day, and the walks with them and without, whatever the threshold."""

    unsure: gpd.GeoDataFrame
    network: WalkNetwork
    children: NDArray[np.float64]
    """Under-fives of each home that count, shape (homes,)."""
    fewest: NDArray[np.int32]
    """Cost of the walk from each home if none of the uncertain sites counts, as `geo.access.Nearest.cost` has it."""
    most: NDArray[np.int32]
    """If all of them count."""

    def bounds(self, minutes: float) -> Bounds:
        """What a threshold makes of it."""
        limit = self.network.cost_of(minutes)
        fewest, most = (float(whole((self.children * (cost > limit)).sum())) for cost in (self.fewest, self.most))
        return Bounds(self.unsure, fewest, most)


def bounds_of(place: Place, on: Ground, question: Question, marks: gpd.GeoDataFrame | None = None) -> Bounds | None:
    """How far the answer of a day may be off; None if everything that counts is certain.

    Parameters
    ----------
    place, on, question, marks
        As `either_way` takes them.
    """
    either = either_way(place, on, question, marks)
    return None if either is None else either.bounds(question.minutes)


def either_way(place: Place, on: Ground, question: Question, marks: gpd.GeoDataFrame | None = None) -> EitherWay | None:
    """The walks of a day with the uncertain sites and without; None if everything that counts is certain.

    Parameters
    ----------
    place
        The place.
    on
        Its ground for the question's profile.
    question
        What is asked.
    marks
        The published marks, where community spaces count too; nothing about those is uncertain.
    """
    unsure = unsure_sites(place, question)
    if unsure.empty:
        return None
    fewest, most = (serving_of(place.centres(), replace(question, reading=reading)) for reading in ("fewest", "most"))
    if marks is not None and question.community is not None:
        fewest, most = (community_sites.beside(sites, marks, question.to) for sites in (fewest, most))
    costs = (nearest(on.network, sites).cost(on.snaps)[0] for sites in (fewest, most))
    return EitherWay(unsure, on.network, on.counted_children, *costs)


def counted_said(sites: pd.DataFrame, question: Question) -> str:
    """How many sites count on the day, and as what: "8 sites count: 3 full centres and 5 linked sites"."""
    ours = sites["kind"] == "community"
    status = sites["status"].mask((sites["kind"] == "network_site") & sites["status"].isin(SERVING), "network")
    added, sites = sites.index[ours], sites.assign(status=status).loc[~ours, ["inside", "status"]]
    inside = sites.loc[sites["inside"], "status"]
    counts = inside.value_counts()
    parts = [f"{counts[status]} {pair[int(counts[status] > 1)]}" for status, pair in _KINDS.items() if status in counts]
    listed = " and ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))
    context = len(sites) - len(inside)
    more = f" (and {context} of neighbours within 3 km)" if context else ""
    if question.community is not None and len(added):
        more += f"; also {len(added)} {community_sites.SPACE_WORDS['centres'][len(added) > 1]}, as they are today"
    day = day_text(question.day)
    if not len(inside):
        return f"On {day} no site counts{more}."
    return f"On {day} {len(inside)} site{'s count' if len(inside) > 1 else ' counts'}: {listed}{more}."


def bounds_said(found: Bounds, question: Question, *, most: int = 6) -> str:
    """What is uncertain and what hangs on it, in sentences."""
    order = found.unsure.sort_values("inside", ascending=False, kind="stable")
    whose = order["inside"].map({True: "", False: " (a neighbour's)"})
    names = [str(name) for name in order["name"].fillna("one without a name") + whose]
    these, were = ("these", "were") if len(names) > 1 else ("this one", "was")
    served = f"{these} {were} open" if set(question.statuses) <= set(SERVING) else f"{these} had that status"
    listed = "; ".join(names[:most]) + (f"; and {len(names) - most} more" if len(names) > most else "")
    head = f"It is not certain whether {served} on {day_text(question.day)}: {listed}."
    if np.isnan(found.at_most):
        return head
    if found.at_most == found.at_least:
        return f"{head} Either way {shown(found.at_most)} under-fives live beyond {question.walk.limit}."
    return (
        f"{head} So between {shown(found.at_least)} and {shown(found.at_most)} under-fives live beyond "
        f"{question.walk.limit}: fewest if all did, most if none did."
    )
