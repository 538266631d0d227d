"""Which sites serve families on a day, and as what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.errors import RequestError
from geo.tables import SITE_STATUSES

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    import geopandas as gpd

SERVING = ("open", "linked", "announced")
"""Where a family can still go: full centres, linked sites, and centres that are due to close but have not."""


def status_on(sites: pd.DataFrame, day: date) -> pd.Series[str]:
    """What each site was on a day.

    A linked site was a full centre before the day it was linked, an announced closure is closed from its date on, and
    before its closing date a closed site was what it had been. Missing where the site was not there yet, or where its
    closing is known only by an interval that the day falls in.

    Parameters
    ----------
    sites
        As `geo.tables.Sites`.
    day
        The day in question.
    """
    at = pd.Timestamp(day)
    opened, linked, closed = (sites[name] for name in ("opened", "linked_since", "closed"))
    status = sites["status"].to_numpy(object).copy()
    ended = sites["status"].isin(("closed", "no_longer_listed"))
    past = np.asarray(closed <= at)
    before_end = np.asarray(ended & (closed > at))
    status[np.asarray(sites["status"] == "announced") & past] = "closed"
    status[before_end] = np.where(linked.notna()[before_end], "linked", "open")
    status[np.asarray((linked > at) & np.isin(status, ("linked",)))] = "open"
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
        Which statuses count.
    context
        Whether the neighbours' sites, outside the authority, count.

    Raises
    ------
    RequestError
        An unknown status.
    """
    unknown = [status for status in statuses if status not in SITE_STATUSES]
    if unknown or not statuses:
        message = f"no status {', '.join(unknown) or 'given'}; there are {', '.join(SITE_STATUSES)}"
        raise RequestError(message)
    status = status_on(sites, day)
    counts = status.isin(list(statuses)) & (context | sites["inside"])
    return sites.assign(status=status)[counts]
