"""The answer under every set of assumptions: speeds, thresholds and readings of the streets; robust or fragile.

For each area, whether its class of access (`geo.gaps.ACCESS_CLASSES`) is the same in all of them, and if not, which
assumption decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.children_drawn import beyond_drawn
from geo.gaps import NO_STREETS, measures
from geo.sensitivity import cells_around, tables_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    import geopandas as gpd
    from numpy.typing import NDArray

    from geo.gaps import Walk
    from geo.homes import Homes

AS_TAGGED = "as_tagged"
LEVELS = ("reading", "speed_kmh", "minutes")
_PESSIMISTIC = "pessimistic"


@dataclass(frozen=True, eq=False)
class Variants:
    """The answer in each variant; columns of tables are `LEVELS`."""

    asked: tuple[str, float, float]
    """The variant of the answer itself: reading, kilometres per hour, minutes."""
    classes: pd.DataFrame
    """``access_class`` of each area."""
    beyond: pd.DataFrame
    """Under-fives of each area beyond the threshold; missing as ``under5_beyond`` of `geo.tables.Gaps`."""
    ranks: pd.DataFrame
    """``gap_rank`` of each area."""
    drawn: pd.DataFrame
    """``low`` and ``high`` of each variant: under-fives beyond, if children are drawn into homes at random."""
    known: pd.Series[float]
    """Under-fives of each area whose walk is known."""
    within: pd.DataFrame
    """``access_class`` of each area in the answer itself with one part of the pessimistic reading alone, by part."""

    @cached_property
    def grid(self) -> pd.DataFrame:
        """The headline in each variant.

        Returns
        -------
        DataFrame
            Index `LEVELS`; ``under5_beyond`` of ``under5_known``, ``drawn_low`` and ``drawn_high``, ``areas_far``, and
            ``areas_changed``: how many areas are of another class than in the answer itself.
        """
        return pd.DataFrame(
            {
                "under5_beyond": self.beyond.sum(min_count=1),
                "drawn_low": self.drawn["low"],
                "drawn_high": self.drawn["high"],
                "under5_known": self.known.sum(min_count=1),
                "areas_far": (self.classes == "far").sum(),
                "areas_changed": self.differs.sum(),
            },
            index=self.classes.columns,
        )

    @cached_property
    def differs(self) -> pd.DataFrame:
        """In which variants an area's class is another than in the answer itself."""
        return self.classes.ne(self.classes[self.asked], axis=0)

    @cached_property
    def areas(self) -> pd.DataFrame:
        """What of each area hangs on the assumptions.

        Returns
        -------
        DataFrame
            On the areas' index. ``sure``: robust, fragile or no street data; ``same``: in how many variants its class
            is that of the answer itself. ``decides``: what changes the class on its own, with spaces
            between: a reading (of the pessimistic one its parts, if any of them does alone), a speed ("4.8_km/h") or a
            threshold ("20_minutes"); ``together`` if nothing does. ``only``: in no variant without it is the class
            another.
            ``under5_beyond_low``, ``under5_beyond_high``, ``rank_low``, ``rank_high``: over all variants.
        """
        cells, differs = self.classes.columns, self.differs.to_numpy(bool)
        named: dict[str, NDArray[Any]] = {}
        changed = np.zeros(len(cells), np.int64)
        for level, at, word in zip(LEVELS, self.asked, ("{}", "{:g}_km/h", "{:g}_minutes"), strict=True):
            values = cells.get_level_values(level)
            changed += np.asarray(values != at)
            named |= {word.format(one): np.asarray(values == one) for one in values.unique() if one != at}
        alone: dict[str, Any] = {name: differs[:, which & (changed == 1)].any(axis=1) for name, which in named.items()}
        always: dict[str, Any] = {
            name: differs.any(axis=1) & ~differs[:, ~which].any(axis=1) for name, which in named.items()
        }
        if _PESSIMISTIC in alone:
            alone, always = self._parts_named(alone), self._parts_named(always)
        seen = self.classes[self.asked] != NO_STREETS
        fragile = pd.Series(differs.any(axis=1), self.classes.index)
        names = np.array(list(alone))
        told = [" ".join(names[row]) for row in np.array(list(alone.values())).T]
        decides = pd.Series(told, self.classes.index, dtype="str")
        return pd.DataFrame(
            {
                "sure": np.where(seen, np.where(fragile, "fragile", "robust"), NO_STREETS),
                "same": (~self.differs).sum(axis=1),
                "decides": decides.where((decides != "") | ~fragile, "together"),
                "only": np.array(list(always.values())).any(axis=0),
                "under5_beyond_low": self.beyond.min(axis=1),
                "under5_beyond_high": self.beyond.max(axis=1),
                "rank_low": self.ranks.min(axis=1),
                "rank_high": self.ranks.max(axis=1),
            },
            index=self.classes.index,
        )

    def _parts_named(self, which: dict[str, Any]) -> dict[str, Any]:
        """The pessimistic reading by those of its parts that change the class; as itself where none does."""
        parts = self.within.ne(self.classes[self.asked], axis=0)
        whole = which[_PESSIMISTIC]
        named = {str(part): whole & parts[part].to_numpy(bool) for part in parts}
        rest = {_PESSIMISTIC: whole & ~parts.any(axis=1).to_numpy(bool)}
        return {**named, **rest, **{name: rows for name, rows in which.items() if name != _PESSIMISTIC}}


def variants(
    areas: gpd.GeoDataFrame,
    origins: pd.DataFrame,
    reaches: Mapping[str, pd.DataFrame],
    *,
    within: Mapping[str, pd.DataFrame],
    profile_speed_kmh: float,
    walk: Walk,
    homes: Homes,
    needs: pd.DataFrame,
) -> Variants:
    """The answer in each variant.

    Parameters
    ----------
    areas, origins, walk, homes, needs
        As for `geo.gaps.measures`.
    reaches
        The walks by each reading, ``as_tagged`` among them, as `geo.readings.reach_read` finds them.
    within
        The walks by each part of the pessimistic reading alone.
    profile_speed_kmh
        Speed on level ground that they were walked at, kilometres per hour.
    """
    asked, cells = cells_around(profile_speed_kmh, walk.minutes)
    found = {
        (reading, *cell): table
        for reading, reach in reaches.items()
        for cell, table in zip(
            cells,
            tables_of(areas, origins, reach, asked=asked, cells=cells, walk=walk, homes=homes, needs=needs),
            strict=True,
        )
    }
    every = pd.MultiIndex.from_tuples(found, names=LEVELS)
    here = found[AS_TAGGED, *asked]
    classes, beyond, ranks = (
        pd.concat([table[column] for table in found.values()], axis=1, keys=every)
        for column in ("access_class", "under5_beyond", "gap_rank")
    )
    return Variants(
        asked=(AS_TAGGED, *asked),
        classes=classes,
        beyond=beyond,
        ranks=ranks,
        drawn=pd.DataFrame([beyond_drawn(table) for table in found.values()], every, ["low", "high"]),
        known=here["under5_known"].where(here["access_class"] != NO_STREETS),
        within=pd.DataFrame(
            {
                part: measures(areas, origins, reach, walk=walk, homes=homes, needs=needs)["access_class"]
                for part, reach in within.items()
            },
            index=areas.index,
        ),
    )
