"""What is said where a ferry would make walks much shorter: none is walked, and no crossing is counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo import paths
from geo.ferries import by_ferry

if TYPE_CHECKING:
    import geopandas as gpd
    import shapely

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


def on_answer(answer: Answer, ferries: gpd.GeoDataFrame | None) -> tuple[str, ...]:
    """For how many under-fives a ferry would make the walk shorter by a third or more, or possible at all.

    Parameters
    ----------
    answer
        The answer.
    ferries
        As `geo.tables.Ferries`; None where none are known.
    """
    if ferries is None or answer.sites.empty:
        return ()
    on = answer.ground
    cost = answer.reach["minutes"].to_numpy(float) * 1000 * on.network.profile.metres_per_minute
    whole = np.where(np.isnan(cost), paths.FAR, np.round(cost)).astype(np.int64)
    found = by_ferry(on.network, answer.sites, ferries, on.origins.geometry.to_numpy(), on.snaps, whole)
    said = []
    for row in np.unique(found.ferry[found.ferry >= 0]).tolist():
        here = found.ferry == row
        children = float(np.nansum(on.counted_children[here]))
        who = f"{children:,.0f} under-fives" if children >= 1 else f"{here.sum():,} homes"
        said.append(
            f"For {who} {_called(ferries, row)} would shorten the walk by a third or more, or make one possible. "
            f"{_NOT_COUNTED}"
        )
    return tuple(said)


def _called(ferries: gpd.GeoDataFrame, row: int) -> str:
    name = ferries["name"].iloc[row]
    return "a ferry" if pd.isna(name) else f"the ferry {name}"
