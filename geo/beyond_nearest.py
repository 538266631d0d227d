"""Beyond the nearest site: how many there are to choose from, how many children share them, and no sharp edge.

Provision is the two-step floating catchment area (Luo and Wang 2003) with weights that fall with the walk (Luo and Qi
2009, "enhanced"): a site is shared among the children around it, and a home has a share of every site around it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geo.errors import RequestError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from geo.walks_within import Walks

    Floats = NDArray[np.float64]

WEIGHTS = (1.0, 0.68, 0.22)
"""Of a site in the nearest, the middle and the farthest band; as in PySAL's `access`, where bands are 10 minutes."""
STEEPNESS = 5.0
"""Of the soft threshold; its slope is that of the Global Healthy and Sustainable City Indicators."""


def band_ends(minutes: float) -> tuple[float, float, float]:
    """Ends of three equal bands up to twice a threshold, minutes: 10, 20 and 30 for 15."""
    return (2 * minutes / 3, 4 * minutes / 3, 2 * minutes)


def sites_within(walks: Walks, limits: Sequence[int], homes: int) -> NDArray[np.int64]:
    """How many sites each home has within each limit; (homes, limits).

    Parameters
    ----------
    walks
        All walks up to the longest of the limits.
    limits
        Costs, as `geo.network.WalkNetwork.cost_of` gives them.
    homes
        How many homes there are.
    """
    columns = [np.bincount(walks.home[walks.cost <= limit], minlength=homes) for limit in limits]
    return np.column_stack(columns) if columns else np.empty((homes, 0), np.int64)


def children_within(walks: Walks, limits: Sequence[int], children: Floats, sites: int) -> Floats:
    """How many children each site has within each limit, missing where a child's number is; (sites, limits)."""
    near = [walks.cost <= limit for limit in limits]
    columns = [np.bincount(walks.site[one], children[walks.home[one]], minlength=sites) for one in near]
    return np.column_stack(columns) if columns else np.empty((sites, 0))


class Provision(NamedTuple):
    """Sites shared among children."""

    per_child: Floats
    """What each child of a home has of all sites around it: parts of a site; 0 where none is near. (homes,)"""
    demand: Floats
    """Children around each site, those in farther bands counted in part. (sites,)"""
    shared: NDArray[np.bool_]
    """Sites that some child is near. Only they are shared: what all children have adds up to their capacity."""


def provision(
    walks: Walks, limits: Sequence[int], children: Floats, capacity: ArrayLike, weights: Sequence[float] = WEIGHTS
) -> Provision:
    """Share sites among the children around them, by the enhanced two-step floating catchment area.

    First ``R_j = S_j / sum_k P_k W(d_kj)``: a site's capacity for each child around it. Then ``A_i = sum_j R_j
    W(d_ij)``. So ``sum_i P_i A_i`` is the capacity of all sites with a child around.

    Parameters
    ----------
    walks
        All walks up to the last limit; of longer ones nothing counts.
    limits
        Costs at which each band ends, rising.
    children
        Of each home, (homes,); missing throughout if not known, and then so is the answer.
    capacity
        Of each site, (sites,), zero or more: 1 for a full centre.
    weights
        Of each band, falling.

    Raises
    ------
    RequestError
        The bands do not rise, or there is not a weight or a capacity for each of what needs one.
    """
    supply = np.asarray(capacity, np.float64)
    if supply.ndim != 1 or not np.all(np.isfinite(supply) & (supply >= 0)):
        message = "each site needs a capacity of zero or more"
        raise RequestError(message)
    if len(limits) != len(weights) or list(limits) != sorted(set(limits)):
        message = "bands need rising ends and a weight each"
        raise RequestError(message)
    weight = np.append(np.asarray(weights, np.float64), 0.0)[np.searchsorted(limits, walks.cost)]
    around = weight * children[walks.home]
    demand = np.bincount(walks.site, around, minlength=len(supply)).astype(np.float64)
    for_each = np.divide(supply, demand, out=np.zeros(len(supply)), where=demand != 0)
    per_child = np.bincount(walks.home, weight * for_each[walks.site], minlength=len(children))
    return Provision(np.where(np.isnan(children), np.nan, per_child), demand, demand > 0)


def soft(minutes: Floats, threshold: float, steepness: float = STEEPNESS) -> Floats:
    """How far a walk counts as near enough, 1 to 0 without an edge: ``1 / (1 + exp(k (d - T) / T))``, half at T.

    Parameters
    ----------
    minutes
        Walks; infinite where there is no way (0), missing where it is not known (missing).
    threshold
        T, minutes.
    steepness
        k.
    """
    with np.errstate(over="ignore"):  # a walk of hours counts 0
        return np.asarray(1 / (1 + np.exp(steepness * (minutes - threshold) / threshold)))
