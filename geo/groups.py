"""The same walk for different families: by deprivation fifth, and by how many residents were born abroad."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.homes import Homes
from geo.need import born_outside_uk_share, thirds
from geo.whole import whole

if TYPE_CHECKING:
    from collections.abc import Mapping

GROUPINGS = {
    "everyone": ("everyone",),
    "deprivation": ("1 most deprived", "2", "3", "4", "5 least deprived"),
    "abroad": ("high", "middle", "low"),
}
"""Groups of areas: all; fifths of England by the Index of Multiple Deprivation; thirds of the authority by the share of
residents born outside the UK, a proxy for families from abroad."""


def groups_of(areas: pd.DataFrame) -> pd.DataFrame:
    """The group of each area in each of `GROUPINGS`; missing where the figure is.

    Parameters
    ----------
    areas
        As `geo.tables.Areas`, one authority.
    """
    return pd.DataFrame(
        {
            "everyone": "everyone",
            "deprivation": fifths(areas["imd_decile"]),
            "abroad": thirds(born_outside_uk_share(areas)),
        },
        index=areas.index,
    )


def fifths(tenths: pd.Series[float]) -> pd.Series[str]:
    """The fifth of each area, as `GROUPINGS` names those of deprivation, by its tenth; missing where that is."""
    fifth = np.ceil(tenths.to_numpy(float) / 2)
    names = np.array([*GROUPINGS["deprivation"], None], dtype=object)
    return pd.Series(names[np.where(np.isnan(fifth), 5, fifth - 1).astype(int)], index=tenths.index)


def by_group(
    areas: pd.DataFrame,
    origins: pd.DataFrame,
    homes: Homes,
    walks: Mapping[str, pd.DataFrame],
    *,
    minutes: float,
    groups: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Under-fives beyond the threshold, and the walk that half of them do not exceed, for each group and each walk.

    Parameters
    ----------
    areas, origins
        As in `geo.tables`.
    homes
        Which area each origin is in.
    walks
        Tables on the origins' index with ``minutes`` and ``reached`` as in `geo.tables.Reach`, by a name: "before" ...
    minutes
        The threshold.
    groups
        Those of `groups_of`, if others are not asked for; a grouping that `GROUPINGS` does not have has fifths.

    Returns
    -------
    DataFrame
        Index ``grouping, group``; ``areas``; in whole numbers ``under5`` (of the homes that sums are made of, see
        `geo.homes.Homes.counted`) and for each name ``beyond_<name>``, ``median_<name>`` (minutes; missing if half
        have no way there) and ``mean_<name>`` (minutes of those who have a way there).
    """
    children = origins["under5"].to_numpy(float)
    on_network = (next(iter(walks.values()))["reached"] != "off_network").to_numpy()
    known = ~np.isnan(children) & homes.counted(on_network)
    walked = {
        when: np.where(walk["reached"] == "yes", walk["minutes"].to_numpy(float), np.inf)
        for when, walk in walks.items()
    }
    tables = []
    for grouping, group in (groups_of(areas) if groups is None else groups).items():
        names = pd.Index(GROUPINGS.get(str(grouping), GROUPINGS["deprivation"]))
        of_area = names.get_indexer(pd.Index(group))
        which = of_area[homes.area]
        members = Homes(names, np.maximum(which, 0), np.where(known & (which >= 0), children, 0.0), homes.basis)
        counts = np.bincount(of_area[of_area >= 0], minlength=len(names))
        some = np.bincount(which[known & (which >= 0)], minlength=len(names)) > 0
        table = {"grouping": grouping, "group": names, "areas": counts}
        table["under5"] = whole(np.where(some, members.total(members.weight), np.nan))
        for when, each in walked.items():
            beyond = members.total(np.where(each > minutes, members.weight, 0.0))
            table[f"beyond_{when}"] = whole(np.where(some, beyond, np.nan))
            at = members.quantiles(each, (0.5,), known=known & (which >= 0))[:, 0]
            table[f"median_{when}"] = np.where((at >= 0) & np.isfinite(each[at]), each[at], np.nan)
            way = np.where(np.isfinite(each), members.weight, 0.0)
            among = members.total(way)
            walked_all = members.total(way * np.where(np.isfinite(each), each, 0.0))
            table[f"mean_{when}"] = np.divide(walked_all, among, out=np.full(len(names), np.nan), where=among > 0)
        tables.append(pd.DataFrame(table))
    return pd.concat(tables).set_index(["grouping", "group"])
