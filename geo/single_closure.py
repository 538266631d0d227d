"""What depends on each of today's sites: the walk to the second nearest, and who has none near enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.homes import extra_minutes, main_site
from geo.whole import more, whole

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from geo.homes import Homes

AWAY_CLASSES = ("holds", "depends on one centre", "beyond already")
"""An area whose median walk stays within the threshold if its main site closes; would not; does not now."""


def depends_on(
    reach: pd.DataFrame,
    origins: pd.DataFrame,
    sites: gpd.GeoDataFrame,
    *,
    minutes: float,
    measured: NDArray[np.bool_] | None = None,
) -> pd.DataFrame:
    """What would happen if each site closed, and only it: the most under-fives who would lose their walk first.

    Parameters
    ----------
    reach, origins
        As in `geo.tables`; a home that sums are not made of is ``off_network``, without a site.
    sites
        Those that the reach was measured to.
    minutes
        The threshold.
    measured
        Which of the sites can be walked to; if none is said, those that have a point.

    Returns
    -------
    DataFrame
        On the sites' index: ``residents, under5, born_outside_uk`` of the homes nearest to it; ``would_cross``, their
        under-fives who are within the threshold and would not be; ``extra_minutes_median``, by how much the walk of
        half of them would grow at least (missing where half would have no way to any other); ``no_other``,
        under-fives who would have no way to any other. People are whole, and ``would_cross`` is by how much the shown
        number beyond the threshold grows. Zero where it is nobody's nearest; missing where no walk to it is measured or
        the figure is not known.
    """
    mine = pd.Series(sites.index.get_indexer(reach["site_id"].to_numpy(object)), index=reach.index).to_numpy()
    near, second = reach["minutes"].to_numpy(float), reach["second_minutes"].to_numpy(float)
    some, size = mine >= 0, len(sites)

    def total(values: np.ndarray) -> np.ndarray:
        if np.isnan(values).all():
            return np.full(size, np.nan)
        return np.bincount(mine[some], np.nan_to_num(values)[some], minlength=size)

    children = origins["under5"].to_numpy(float)
    table = pd.DataFrame(
        {name: total(origins[name].to_numpy(float)) for name in ("residents", "under5", "born_outside_uk")},
        index=sites.index,
    )
    lost = (near <= minutes) & ~(second <= minutes)
    far = (reach["reached"] != "off_network").to_numpy() & ~(near <= minutes)
    now = float(np.nansum(children[far]))
    table["would_cross"] = more(now, total(np.where(lost, children, 0.0 * children)))
    weight = np.nan_to_num(children) if not np.isnan(children).all() else np.ones(len(children))
    table["extra_minutes_median"] = [
        extra_minutes(near, second, np.where(mine == number, weight, 0.0), (0.5,))[0] for number in range(size)
    ]
    table["no_other"] = total(np.where(np.isnan(second), children, 0.0 * children))
    if measured is None:
        measured = ~(sites.geometry.isna() | sites.geometry.is_empty).to_numpy()
    people = ["residents", "under5", "born_outside_uk", "no_other"]
    table[people] = whole(table[people])
    table.loc[~measured] = np.nan
    return table.sort_values(["would_cross", "under5"], ascending=False, kind="stable")


def without_main_site(homes: Homes, reach: pd.DataFrame) -> pd.DataFrame:
    """The walk of half of each area's families now, and if the site closed that most of them are nearest to.

    Parameters
    ----------
    homes
        How much each origin counts.
    reach
        As in `geo.tables`.

    Returns
    -------
    DataFrame
        On the areas' index: ``main_site_id``; ``minutes_now`` and ``minutes_then``, infinite where most have no way;
        missing without street data.
    """
    known = (reach["reached"] != "off_network").to_numpy()
    main = main_site(homes, reach["site_id"])
    near = np.where(reach["reached"] == "yes", reach["minutes"].to_numpy(float), np.inf)
    second = reach["second_minutes"].fillna(np.inf).to_numpy(float)
    hit = (reach["site_id"].to_numpy(object) == main.to_numpy(object)[homes.area]) & main.notna().to_numpy()[homes.area]
    now, then = (_median(homes, walk, known) for walk in (near, np.where(hit, second, near)))
    total = homes.total(homes.weight)
    street_data = homes.total(np.where(known, homes.weight, 0.0)) > total / 2
    walks = {name: np.where(street_data, walk, np.nan) for name, walk in (("minutes_now", now), ("minutes_then", then))}
    return pd.DataFrame({"main_site_id": main, **walks}, index=homes.areas)


def one_closure_away(walks: pd.DataFrame, *, minutes: float) -> pd.Series[str]:
    """Each area if its main site closed, and only it: of `AWAY_CLASSES`, missing without street data.

    Parameters
    ----------
    walks
        As `without_main_site` makes them.
    minutes
        The threshold.
    """
    now, then = walks["minutes_now"].to_numpy(), walks["minutes_then"].to_numpy()
    names = pd.Series(np.select([now > minutes, then > minutes], AWAY_CLASSES[:0:-1], AWAY_CLASSES[0]), walks.index)
    return names.mask(np.isnan(now)).astype("str").rename("away_class")


def _median(homes: Homes, walk: np.ndarray, known: np.ndarray) -> np.ndarray:
    at = homes.quantiles(walk, (0.5,), known=known)[:, 0]
    return np.where(at >= 0, walk[at], np.nan)
