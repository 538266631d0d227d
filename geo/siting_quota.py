"""A share of all sites that is to stand where families are most deprived, as new ones come."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False, kw_only=True)
class Quota:
    """What part of the sites, today's and new ones together, is to stand in the most deprived areas.

    Parameters
    ----------
    share
        Of all sites, 0 to 1.
    sites
        Today's, of which it is known how deprived their area is.
    there
        Of them, how many stand in the most deprived areas.
    deprived
        Whether each candidate stands in one; not, where that is not known. (candidates,)
    """

    share: float
    sites: int
    there: int
    deprived: NDArray[np.bool_]

    def elsewhere(self, k: int) -> int:
        """How many of k new sites may stand elsewhere; none where even k in the most deprived areas are too few."""
        needed = ceil(self.share * (self.sites + k) - 1e-9) - self.there
        return min(max(k - needed, 0), k)
