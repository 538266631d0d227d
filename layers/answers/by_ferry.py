"""What is said where a ferry would make walks much shorter: none is walked, and no crossing is counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from geo import paths
from geo.ferries import by_ferry

if TYPE_CHECKING:
    import geopandas as gpd
    import shapely
    from numpy.typing import NDArray

    from geo.ferries import Searches
    from geo.network import WalkNetwork
    from layers.answers.question import Answer

_NOT_COUNTED = "No ferry is part of any walk here."


def on_walk(
    network: WalkNetwork,
    sites: gpd.GeoDataFrame,
    ferries: gpd.GeoDataFrame | None,
    point: shapely.Point,
    cost: int | None,
) -> str | None:
    """A walk with a ferry, where that is shorter by a third or more, or the only way; the crossing is not counted.

    Parameters
    ----------
    network, sites
        The walker's streets, and the sites of which the nearest is walked to.
    ferries
        As `geo.tables.Ferries`; None where none are known.
    point
        Where the walk begins, British National Grid.
    cost
        Of the walk without a ferry, millimetres of level ground; None if there is no way.
    """
    if ferries is None or sites.empty:
        return None
    here = np.array([point], dtype=object)
    found = by_ferry(
        network, sites, ferries, here, network.snap(here), np.array([paths.FAR if cost is None else cost], np.int64)
    )
    if found.ferry[0] < 0:
        return None
    name = sites["name"].iloc[int(found.site[0])]
    called = name if isinstance(name, str) else f"one without a name ({sites.index[int(found.site[0])]})"
    far = f"{found.length[0] / 1000:,.0f} m on foot and the crossing"
    return f"With {_called(ferries, int(found.ferry[0]))} it is {far} to {called}. {_NOT_COUNTED}"


def on_answer(answer: Answer, ferries: gpd.GeoDataFrame | None, searches: Searches | None = None) -> tuple[str, ...]:
    """For how many under-fives a ferry would make the walk shorter by a third or more, or possible at all.

    Parameters
    ----------
    answer
        The answer.
    ferries
        As `geo.tables.Ferries`; None where none are known.
    searches
        On the answer's streets and to its sites, if they are kept.
    """
    return told(answer, shorter(answer, ferries, searches))


class Shorter(NamedTuple):
    """Where a ferry would make walks much shorter: those that are known, and for each home its row there, or -1."""

    ferries: gpd.GeoDataFrame | None
    ferry: NDArray[np.int64]


def shorter(answer: Answer, ferries: gpd.GeoDataFrame | None, searches: Searches | None = None) -> Shorter:
    """For each home of an answer the ferry that would make its walk so much shorter; arguments as for `on_answer`."""
    on = answer.ground
    if ferries is None or answer.sites.empty:
        return Shorter(None, np.full(len(on.origins), -1))
    cost = answer.reach["minutes"].to_numpy(float) * 1000 * on.network.profile.metres_per_minute
    whole = np.where(np.isnan(cost), paths.FAR, np.round(cost)).astype(np.int64)
    homes = on.origins.geometry.to_numpy()
    found = by_ferry(on.network, answer.sites, ferries, homes, on.snaps, whole, searches=searches)
    return Shorter(ferries, found.ferry)


def told(answer: Answer, found: Shorter) -> tuple[str, ...]:
    """What is said of ferries that would make walks much shorter, a sentence each; homes where no child is known."""
    if found.ferries is None:
        return ()
    said = []
    start = "With the changes, for" if answer.question.changes else "For"
    for row in np.unique(found.ferry[found.ferry >= 0]).tolist():
        here = found.ferry == row
        children = float(np.nansum(answer.ground.counted_children[here]))
        who = f"about {children:,.0f} under-fives" if np.round(children) >= 1 else f"{here.sum():,} homes"
        name = _called(found.ferries, row)
        said.append(
            f"{start} {who} {name} would shorten the walk by a third or more, or make one possible. {_NOT_COUNTED}"
        )
    return tuple(said)


def _called(ferries: gpd.GeoDataFrame, row: int) -> str:
    name = ferries["name"].iloc[row]
    return "a ferry" if pd.isna(name) else f"the ferry {name}"
