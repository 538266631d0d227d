"""Before, after and the difference: by area, by group of families, and in a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.groups import by_group
from geo.homes import PEOPLE
from geo.whole import shown, whole

if TYPE_CHECKING:
    from geo.gaps import Walk
    from geo.homes import Homes

CHANGE_COLUMNS = (
    "minutes_before", "minutes_after", "minutes_change", "under5_beyond_before", "under5_beyond_after",
    "under5_beyond_change", "access_before", "access_after",
)  # fmt: skip

NOTICED_MIN = 0.5
"""From this many minutes on a change of an area's walk is said; less is rounded away in every table."""


@dataclass(frozen=True, eq=False)
class Difference:
    """What a change does to the walk."""

    areas: pd.DataFrame
    """On the areas' index: `CHANGE_COLUMNS`; minutes are medians, missing where most families have no way there;
    under-fives are whole, and their change is the difference of the two."""
    groups: pd.DataFrame
    """As `geo.groups.by_group`, for the walks ``before`` and ``after``."""
    longer: pd.Series[float]
    """Residents, under-fives, under-twos and residents born abroad whose own walk grew; of the homes that sums are made
    of, see `geo.homes.Homes.counted`."""
    shorter: pd.Series[float]
    """The same of those whose own walk shrank."""
    stranded: pd.Series[float]
    """The same of those who had a way on foot and have none then."""
    joined: pd.Series[float]
    """The same of those who had none and have one then."""
    under5_minutes: float
    """Minutes by which all under-fives' walks together grew (below zero: shrank), where there is a way both times."""


def difference(
    areas: pd.DataFrame,
    origins: pd.DataFrame,
    homes: Homes,
    *,
    reach: tuple[pd.DataFrame, pd.DataFrame],
    gaps: tuple[pd.DataFrame, pd.DataFrame],
    minutes: float,
) -> Difference:
    """Compare two answers to the same question.

    Parameters
    ----------
    areas, origins
        As in `geo.tables`.
    homes
        Which area each origin is in.
    reach
        Before and after: ``minutes`` and ``reached`` as in `geo.tables.Reach`.
    gaps
        Before and after: as `geo.tables.Gaps`.
    minutes
        The threshold.
    """
    before, after = gaps
    table = pd.DataFrame(index=areas.index)
    for column, name in (("minutes_median", "minutes"), ("under5_beyond", "under5_beyond"), ("access_class", "access")):
        table[f"{name}_before"], table[f"{name}_after"] = before[column], after[column]
    counts = ["under5_beyond_before", "under5_beyond_after"]
    table[counts] = whole(table[counts])
    for name in ("minutes", "under5_beyond"):
        table[f"{name}_change"] = table[f"{name}_after"] - table[f"{name}_before"]
    was, now = (np.where(one["reached"] == "yes", one["minutes"].to_numpy(float), np.inf) for one in reach)
    counted = homes.counted((reach[0]["reached"] != "off_network").to_numpy())
    people = {name: origins[name].to_numpy(float) for name in PEOPLE}
    both = np.isfinite(was) & np.isfinite(now) & counted
    children = people["under5"]
    return Difference(
        areas=table[list(CHANGE_COLUMNS)],
        groups=by_group(areas, origins, homes, {"before": reach[0], "after": reach[1]}, minutes=minutes),
        longer=_of(people, both & (now > was)),
        shorter=_of(people, both & (now < was)),
        stranded=_of(people, counted & np.isfinite(was) & np.isinf(now)),
        joined=_of(people, counted & np.isinf(was) & np.isfinite(now)),
        under5_minutes=_sum(children * np.where(both, np.where(both, now, 0) - np.where(both, was, 0), 0), both),
    )


def crossed(
    origins: pd.DataFrame,
    homes: Homes,
    *,
    reach: tuple[pd.DataFrame, pd.DataFrame],
    gaps: tuple[pd.DataFrame, pd.DataFrame],
    minutes: float,
) -> pd.DataFrame:
    """Under-fives who were near enough before and are not after, and the other way round.

    Parameters
    ----------
    origins, homes, reach, gaps, minutes
        As `difference` takes them.

    Returns
    -------
    DataFrame
        On the areas' index: ``under5_lost`` and ``under5_gained``, missing where ``under5_beyond`` of either is.
        Gained less lost is by how many ``under5_beyond`` fell.
    """
    near = [one["minutes"].to_numpy(float) <= minutes for one in reach]
    known = (reach[0]["reached"] != "off_network").to_numpy()
    children = origins["under5"].to_numpy(float)
    counted = gaps[0]["under5_beyond"].notna() & gaps[1]["under5_beyond"].notna()
    which = {"under5_lost": near[0] & ~near[1], "under5_gained": near[1] & ~near[0]}
    sums = {name: homes.total(np.where(known & one, children, children * 0.0)) for name, one in which.items()}
    return pd.DataFrame(sums, index=homes.areas).where(counted)


def _of(people: dict[str, np.ndarray], which: np.ndarray) -> pd.Series[float]:
    return pd.Series({name: _sum(values, which) for name, values in people.items()})


def _sum(values: np.ndarray, which: np.ndarray) -> float:
    return float(np.nansum(values[which])) if not np.isnan(values).all() else float("nan")


def in_words(found: Difference, walk: Walk) -> str:
    """The difference in sentences, each number with its base."""
    before, after, base = found.groups[["beyond_before", "beyond_after", "under5"]].to_numpy(float)[0]
    if np.isnan([before, after]).any():
        return "Under-fives are not known here, so the difference cannot be counted in children."
    if not any(which.any() for which in (found.longer, found.shorter, found.stranded, found.joined)):
        where = f"beyond {walk.limit_walk} of {walk.to}"
        return f"Nothing changes: as before, {shown(before)} of {shown(base)} under-fives live {where}."
    change = whole(after) - whole(before)
    where = f"live beyond {walk.limit_walk} of {walk.to}"
    if change:
        more, verb = under_fives(abs(change), "more " if change > 0 else "fewer "), "up" if change > 0 else "down"
        said = f"{more} would {where}: {shown(after)} of {shown(base)}, {verb} from {shown(before)}."
    else:
        said = f"No change in number: {shown(after)} of {shown(base)} under-fives still {where}."
    for which, verb in (
        (found.longer, "The walk gets longer for {}."), (found.shorter, "The walk gets shorter for {}."),
        (found.stranded, "{} can no longer walk there."), (found.joined, "{} can now walk there."),
    ):  # fmt: skip
        if which.any():
            said += f" {verb.format(under_fives(which['under5']))}"
    return said


def under_fives(count: float, which: str = "") -> str:
    """How many, in words: "1 more under-five", "2,775 under-fives"."""
    return f"{shown(count)} {which}under-five{'' if whole(count) == 1 else 's'}"
