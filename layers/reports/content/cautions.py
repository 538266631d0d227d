"""What to be careful about throughout a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

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
    """What to be careful about throughout, with ferries that would make walks here much shorter."""
    asked, shorter = found.whole.asked, found.whole.shorter
    here = asked.ground.origins["area_code"].isin(found.chosen)
    return (*CAREFUL, *by_ferry.told(asked, shorter._replace(ferry=np.where(here, shorter.ferry, -1))))
