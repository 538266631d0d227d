"""How sure the answer is: whether it holds at other walking speeds and other thresholds.

The robustness strip: the headline at three speeds and three thresholds, and which areas change their class of access
(`geo.gaps.ACCESS_CLASSES`) in any of them. The streets are those of the profile that was asked about, and so are the
ways: at another speed the same walk takes more or fewer minutes, in proportion.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.errors import RequestError
from geo.gaps import ACCESS_CLASSES, NO_STREETS, Walk, measures
from geo.homes import Homes
from geo.need import need

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

SPEEDS_KMH = (4.8, 4.0, 3.2)
"""An adult in transport planning, a family with a pram, a small child on foot (measured: 3.2 +- 0.7, n = 48, Spain)."""

THRESHOLD_PARTS = (0.8, 1.0, 4 / 3)
"""Of 15 minutes with a pram: 12 minutes or 800 m (Active Travel England), 15 minutes or 1,000 m (Natural England), and
20 minutes, the name of the 20-minute neighbourhood, taken one way."""


def thresholds_of(minutes: float) -> tuple[float, ...]:
    """Three thresholds around the one that is asked about, which is the middle one: 12, 15 and 20 minutes of 15.

    Parameters
    ----------
    minutes
        The threshold that is asked about. The others are rounded to three figures, so that they can be said.
    """
    return tuple(minutes if part == 1 else float(f"{minutes * part:.3g}") for part in THRESHOLD_PARTS)


@dataclass(frozen=True, eq=False)
class Robustness:
    """The answer at several speeds and thresholds; columns of tables are ``speed_kmh, minutes``, the cells."""

    asked: tuple[float, float]
    """The cell that was asked about, one of them: kilometres per hour, minutes."""
    classes: pd.DataFrame
    """``access_class`` of each area in each cell."""
    beyond: pd.DataFrame
    """Under-fives of each area beyond the threshold in each cell; missing as ``under5_beyond`` of `geo.tables.Gaps`."""
    known: pd.Series[float]
    """Under-fives of each area whose walk is known; missing for an area without street data."""

    @property
    def seen(self) -> pd.Series[bool]:
        """Which areas have street data."""
        return (self.classes[self.asked] != NO_STREETS).rename("seen")

    @cached_property
    def differs(self) -> pd.DataFrame:
        """In which cells an area's class is another than the one in the cell that was asked about."""
        return self.classes.ne(self.classes[self.asked], axis=0)

    @cached_property
    def changing(self) -> pd.Series[bool]:
        """Which areas change their class in any cell: fragile; the others with street data are robust."""
        return self.differs.any(axis=1).rename("changing")

    @property
    def grid(self) -> pd.DataFrame:
        """The headline in each cell.

        Returns
        -------
        DataFrame
            Index ``speed_kmh, minutes``; under-fives ``under5_beyond`` of ``under5_known`` (missing if not known of any
            area); how many areas are ``areas_near``, ``areas_fair`` and ``areas_far`` of ``areas_known``, those with
            street data; ``areas_changed``: how many of them are of another class than in the cell that was asked about.
        """
        cells = self.classes.columns
        table = pd.DataFrame({"under5_beyond": self.beyond.sum(min_count=1)}, index=cells)
        table["under5_known"] = self.known.sum(min_count=1)
        for name in ACCESS_CLASSES:
            table[f"areas_{name}"] = (self.classes == name).sum()
        table["areas_known"] = int(self.seen.sum())
        table["areas_changed"] = self.differs.sum()
        return table

    @cached_property
    def first_change(self) -> pd.DataFrame:
        """The cell nearest to the one that was asked about in which an area's class is another, and that class.

        The fewer times as fast and as long, both together, the nearer (on a scale of logarithms); of equally near cells
        the one at another speed is named.

        Returns
        -------
        DataFrame
            On the areas' index: ``speed_kmh``, ``minutes``, ``access_class``; missing where the class holds throughout.
        """
        cells = self.classes.columns.to_list()
        at = np.array(cells, dtype=float).reshape(-1, 2)
        far = np.abs(np.log(at / self.asked)).sum(axis=1).round(9)
        order = np.lexsort((at[:, 1] != self.asked[1], far))
        differs = self.differs.to_numpy(bool)[:, order]
        first, some = order[differs.argmax(axis=1)], differs.any(axis=1)
        names = self.classes.to_numpy(object)[np.arange(len(first)), first]
        return pd.DataFrame(
            {
                "speed_kmh": np.where(some, at[first, 0], np.nan),
                "minutes": np.where(some, at[first, 1], np.nan),
                "access_class": pd.Series(np.where(some, names, None), index=self.classes.index, dtype="str"),
            },
            index=self.classes.index,
        )

    def among(self, areas: pd.Index[str]) -> Robustness:
        """The same of some of the areas, such as a ward's.

        Parameters
        ----------
        areas
            Codes of areas, all of them known here.
        """
        return replace(
            self, classes=self.classes.loc[areas], beyond=self.beyond.loc[areas], known=self.known.loc[areas]
        )


def robustness(  # noqa: PLR0913 (what `gaps` takes, and the two that vary)
    areas: gpd.GeoDataFrame,
    origins: pd.DataFrame,
    reach: pd.DataFrame,
    *,
    profile_speed_kmh: float,
    walk: Walk | None = None,
    homes: Homes | None = None,
    needs: pd.DataFrame | None = None,
    speeds: Sequence[float] = SPEEDS_KMH,
    thresholds: Sequence[float] | None = None,
) -> Robustness:
    """The answer at each of the speeds and thresholds.

    The speed of the profile and the threshold of the walk are always among them: if they are not given, each takes the
    place of the one nearest to it.

    Parameters
    ----------
    areas, origins, reach, walk, homes, needs
        As for `geo.gaps.gaps`; minutes are those of the profile.
    profile_speed_kmh
        Speed on level ground that ``reach`` was walked at, kilometres per hour.
    speeds
        Kilometres per hour.
    thresholds
        Minutes; `thresholds_of` the walk's if none are given.

    Raises
    ------
    RequestError
        A speed or a threshold is not above zero, or there is none.
    """
    walk = walk or Walk()
    asked, cells = cells_around(profile_speed_kmh, walk.minutes, speeds, thresholds)
    homes = homes or Homes.of(areas, origins)
    needs = need(areas) if needs is None else needs
    tables = tables_of(areas, origins, reach, asked=asked, cells=cells, walk=walk, homes=homes, needs=needs)
    here = tables[cells.to_list().index(asked)]
    return Robustness(
        asked=asked,
        classes=pd.concat([table["access_class"] for table in tables], axis=1, keys=cells),
        beyond=pd.concat([table["under5_beyond"] for table in tables], axis=1, keys=cells),
        known=here["under5_known"].where(here["access_class"] != NO_STREETS),
    )


def cells_around(
    speed_kmh: float,
    minutes: float,
    speeds: Sequence[float] = SPEEDS_KMH,
    thresholds: Sequence[float] | None = None,
) -> tuple[tuple[float, float], pd.MultiIndex]:
    """The cell that is asked about, and all of them; as `robustness` takes them.

    Raises
    ------
    RequestError
        A speed or a threshold is not above zero, or there is none.
    """
    fast = _with(speed_kmh, speeds)
    long = _with(minutes, thresholds_of(minutes) if thresholds is None else thresholds)
    cells = pd.MultiIndex.from_product([fast, long], names=["speed_kmh", "minutes"])
    return (float(speed_kmh), float(minutes)), cells


def tables_of(
    areas: gpd.GeoDataFrame,
    origins: pd.DataFrame,
    reach: pd.DataFrame,
    *,
    asked: tuple[float, float],
    cells: pd.MultiIndex,
    walk: Walk,
    homes: Homes,
    needs: pd.DataFrame,
) -> list[pd.DataFrame]:
    """What `geo.gaps.measures` makes of the walks in each cell.

    Parameters
    ----------
    areas, origins, reach, walk, homes, needs
        As for `geo.gaps.measures`; minutes are those of the cell that is asked about.
    asked, cells
        As `cells_around` makes them.
    """
    minutes, tables = reach["minutes"].to_numpy(float), []
    for speed, limit in cells:
        # beyond a longer threshold, or faster: as if every walk were shorter by that much
        walked = reach.assign(minutes=minutes * (asked[0] * asked[1] / (speed * limit)))
        tables.append(measures(areas, origins, walked, walk=walk, homes=homes, needs=needs))
    return tables


def beyond_grid(
    minutes: NDArray[np.float64], children: NDArray[np.float64], *, speed_kmh: float, threshold: float
) -> pd.DataFrame:
    """Under-fives beyond the threshold at each speed and threshold, from the walks alone: quick enough for a page.

    Parameters
    ----------
    minutes
        Of each home, at the profile's speed; not a number where there is no way, which is beyond any threshold.
    children
        Of each home that sums are made of, 0 for the others.
    speed_kmh, threshold
        What is asked about; each takes the place of the one nearest to it, as in `robustness`.

    Returns
    -------
    DataFrame
        Index kilometres per hour, columns minutes.
    """
    fast, long = _with(speed_kmh, SPEEDS_KMH), _with(threshold, thresholds_of(threshold))
    walked = np.nan_to_num(minutes, nan=np.inf)
    cells = [[children[walked * speed_kmh / speed > limit].sum() for limit in long] for speed in fast]
    return pd.DataFrame(cells, index=pd.Index(fast, name="speed_kmh"), columns=pd.Index(long, name="minutes"))


def _with(asked: float, others: Sequence[float]) -> list[float]:
    """The values without repetition, the one nearest to what is asked being what is asked."""
    values = list(dict.fromkeys(map(float, others)))
    if not values or not all(0 < value < float("inf") for value in [asked, *values]):
        message = f"speeds and thresholds are above zero, and at least one of each: not {values} around {asked}"
        raise RequestError(message)
    nearest = min(range(len(values)), key=lambda i: abs(values[i] - asked))
    return list(dict.fromkeys([*values[:nearest], float(asked), *values[nearest + 1 :]]))
