"""What to be careful about throughout a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geo.disclosure import FEWEST
from layers.answers import by_ferry

if TYPE_CHECKING:
    from layers.reports.content.findings import Findings

CAREFUL = (
    "Walks are along the streets of the street file. They take no account of hills, of waiting at crossings, of parked "
    "cars or of weather.",
    '"Born outside the UK" counts residents of all ages in 2021: a proxy for families from abroad, not their number.',
    "A centre that is listed as open need not run a service there every day; that families can walk to it does not say "
    "that they know of it.",
    "No record of a closure is no proof that none closed.",
    "Numbers of children in a neighbourhood are shared out over its homes, so small ones are estimates.",
)


def careful(found: Findings) -> tuple[str, ...]:
    """What to be careful about throughout, with ferries that would make walks much shorter.

    Of a part of the authority no number is told: from reports on other parts a small one could be worked out.
    """
    asked, shorter = found.whole.asked, found.whole.shorter
    if found.everywhere:
        return (*CAREFUL, *by_ferry.told(asked, shorter, fewest=FEWEST))
    here = asked.ground.origins["area_code"].isin(found.chosen)
    shorter = shorter._replace(ferry=np.where(here, shorter.ferry, -1))
    return (*CAREFUL, *by_ferry.told(asked, shorter, fewest=np.inf))
