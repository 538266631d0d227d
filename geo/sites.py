"""Which sites serve families on a day, and as what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    import geopandas as gpd

SITE_KINDS = ("centre", "hub", "play_space", "community")
"""What a family walks to."""

SITE_STATUSES = ("open", "linked", "announced", "closed", "no_longer_listed")
"""A site's life as last known: full centre; linked site with a reduced offer; closing, as announced; closed; gone
from the register (an interval, not a date)."""

SERVING = ("open", "linked", "announced")
"""Where a family can still go: full centres, linked sites, and centres that are due to close but have not."""


def status_on(sites: pd.DataFrame, day: date) -> pd.Series[str]:
    """What each site was on a day.

    A linked site was a full centre before the day it was linked. An announced closure is announced from the day its
    source speaks of, and closed from its own date on; before, and before a closed site closed, it was what it served
    as. Missing where the site was not there yet.

    Parameters
    ----------
    sites
        As `geo.tables.Sites`.
    day
        The day in question.
    """
    at = pd.Timestamp(day)
    opened, linked, closed, said = (sites[name] for name in ("opened", "linked_since", "closed", "source_date"))
    announced = sites["status"] == "announced"
    ended = sites["status"].isin(("closed", "no_longer_listed"))
    status = sites["status"].to_numpy(object).copy()
    serves = (announced & (said > at)) | (ended & (closed > at))
    status[np.asarray(serves)] = sites["served_as"].to_numpy(object)[np.asarray(serves)]
    status[np.asarray(announced & (closed <= at))] = "closed"
    status[np.asarray((linked > at) & (status == "linked"))] = "open"
    status[np.asarray(opened > at)] = None
    return pd.Series(status, index=sites.index, name="status", dtype="str")


def serving(
    sites: gpd.GeoDataFrame, *, day: date, statuses: Collection[str] = SERVING, context: bool = True
) -> gpd.GeoDataFrame:
    """The sites that count on a day, with ``status`` as of that day.

    Parameters
    ----------
    sites
        As `geo.tables.Sites`.
    day
        The day in question.
    statuses
        Which statuses count, of `SITE_STATUSES`.
    context
        Whether the neighbours' sites, outside the authority, count.
    """
    status = status_on(sites, day)
    counts = status.isin(list(statuses)) & (context | sites["inside"])
    return sites.assign(status=status)[counts]
