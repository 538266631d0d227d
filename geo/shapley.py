"""How much of a joint loss each of several closures accounts for: exact Shapley values.

A home's walk depends on the nearest site that is left. With every site that ever served open, its sites stand in order,
the nearest first; it loses by the second closure only if the first has closed too, and so on down to the site that is
left. So its loss is a sum of *unanimity games*, one for each step down that chain, and the Shapley value of such a game
is its worth, shared alike among those whose closure it takes (Shapley 1953). Shares are therefore exact for any number
of closures: nothing has to be tried in every order, or sampled.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


class Worth(NamedTuple):
    """What a walk is worth: a value that never falls as the walk grows, and how much each home counts."""

    value: NDArray[np.float64]
    """Of every step of `Chains.cost`, shape (steps + 1, homes)."""
    weight: NDArray[np.float64]
    """Shape (homes,)."""


@dataclass(frozen=True, eq=False)
class Chains:
    """For each home the closed sites that were nearer than the one that is left, the nearest first."""

    sites: int
    """How many closed sites there are."""
    site: NDArray[np.int64]
    """Their numbers, shape (steps, homes); -1 below the end of a home's chain."""
    cost: NDArray[np.int32]
    """The walk to each, then to the site that is left, which stands in all rows below; shape (steps + 1, homes)."""

    @classmethod
    def of(cls, nearer: Sequence[NDArray[np.int32]], left: NDArray[np.int32]) -> Chains:
        """Sort the closed sites of every home.

        Parameters
        ----------
        nearer
            For each closed site the walk from every home, or anything not shorter than ``left`` where it is not nearer.
        left
            The walk to the nearest site that is left.
        """
        every = np.minimum(np.stack([*nearer, left]), left)
        order = np.argsort(every[:-1], axis=0, kind="stable")
        cost = np.take_along_axis(every[:-1], order, axis=0)
        steps = int((cost < left).sum(axis=0).max(initial=0))
        site = np.where(cost[:steps] < left, order[:steps], -1)
        return cls(len(nearer), site, np.concatenate([cost[:steps], left[None]]))

    def joint(self, worth: Worth) -> float:
        """What all closures took together."""
        return float((worth.weight * (worth.value[-1] - worth.value[0])).sum())

    def shares(self, worth: Worth) -> NDArray[np.float64]:
        """Each closure's Shapley share; the shares add up to the joint loss."""
        step = np.diff(worth.value, axis=0) / np.arange(1, len(worth.value))[:, None]
        return self._by_site(step[::-1].cumsum(axis=0)[::-1], worth.weight)

    def alone(self, worth: Worth) -> NDArray[np.float64]:
        """What each closure would have taken if it had been the only one."""
        first = np.zeros_like(worth.value[:-1])
        first[:1] = np.diff(worth.value[:2], axis=0)
        return self._by_site(first, worth.weight)

    def reopened(self, worth: Worth) -> NDArray[np.float64]:
        """What reopening each, and only it, would give back today."""
        return self._by_site(worth.value[-1] - worth.value[:-1], worth.weight)

    def pairs(self, worth: Worth) -> NDArray[np.float64]:
        """By how much the joint loss of two exceeds the sum of their single losses; shape (sites, sites), upper half.

        It is what the homes lose for which these two are the nearest and the second nearest.
        """
        excess = np.zeros((self.sites, self.sites))
        if len(self.site) > 1:
            two = self.site[1] >= 0
            low, high = np.minimum(*self.site[:2, two]), np.maximum(*self.site[:2, two])
            np.add.at(excess, (low, high), (worth.weight * (worth.value[2] - worth.value[1]))[two])
        return excess

    def _by_site(self, value: NDArray[np.float64], weight: NDArray[np.float64]) -> NDArray[np.float64]:
        on = self.site >= 0
        weighed = np.broadcast_to(weight, self.site.shape)[on] * value[on]
        return np.bincount(self.site[on], weighed, minlength=self.sites).astype(np.float64)
