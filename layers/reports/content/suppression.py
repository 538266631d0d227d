"""Which numbers a report suppresses: small counts and what would reveal them, the same in all reports of a place.

Reports of an authority and of all of its wards are read side by side, so what one of them keeps back the others must
not tell: everything is decided for the authority at once. The rule is that of `geo.disclosure`.

Homes share out an area's under-fives and its residents born abroad in much the same proportions, so that one count of
those beyond the threshold gives the other. Residents born abroad are therefore counted for a whole authority only.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from geo.disclosure import FEWEST, kept_back
from geo.groups import GROUPINGS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geo.sensitivity import Robustness

    Flags = NDArray[np.bool_]

Cell = tuple[float, float]
"""Speed, km/h, and threshold, minutes."""

AUTHORITY = ("authority", "authority")
EVERYONE = "everyone everyone"


@dataclass(frozen=True, eq=False, kw_only=True)
class Mask:
    """What is kept back of one answer."""

    areas: pd.Series
    """Whether each area's count of under-fives beyond the threshold is kept back."""
    totals: pd.Series
    """The same of sums; index ``scope, name, group``: the scope a ward (by its code), the authority or what was chosen,
    the group one of `geo.groups.GROUPINGS` as "deprivation 1 most deprived"."""
    few: pd.Series
    """Of those sums, which are themselves below ten."""

    def of(self, scope: tuple[str, str], group: str) -> tuple[bool, bool]:
        """Whether a sum is kept back, and whether because it is small itself."""
        key = (*scope, group)
        return bool(self.totals.loc[key]), bool(self.few.loc[key])


@dataclass(frozen=True, eq=False, kw_only=True)
class Withheld:
    """What is kept back of a report's answers."""

    asked: Mask
    before: Mask | None
    """Of the answer that it is compared with."""
    official: Mask | None
    """Of the answer with official sites only, where community spaces count."""
    grid: pd.DataFrame
    """Whether a count at another speed or threshold is kept back; wards, and ``authority``, by the grid's cells."""
    counts: tuple[pd.Series, ...]
    """The counts that were looked at, one column for each answer; for sets of areas chosen later."""
    members: dict[tuple[str, str, str], np.ndarray]
    """Which areas each sum adds up, for the same."""

    def beside(self, chosen: pd.Index, groups: pd.DataFrame) -> Withheld:
        """What is kept back in a report on areas that somebody chose: whatever is elsewhere, and what its sums need.

        Reports on sets that overlap can be compared by whoever makes them; against that nothing here helps.

        Parameters
        ----------
        chosen
            Codes of the areas.
        groups
            As `geo.groups.groups_of`.
        """
        inside = pd.Series(self.asked.areas.index.isin(chosen), index=self.asked.areas.index)
        also = [mask.areas for mask in (self.asked, self.before, self.official) if mask is not None]
        members = self.members | _with_groups(("chosen", "chosen"), inside, _groups(groups))
        masks = _masks(self.counts, members, also)
        names = _named(masks, before=self.before is not None, official=self.official is not None)
        return replace(self, **names, members=members)


def withheld(
    areas: pd.DataFrame,
    groups: pd.DataFrame,
    sure: Robustness,
    *,
    asked: pd.DataFrame,
    before: pd.DataFrame | None,
    official: pd.DataFrame | None,
) -> Withheld:
    """What is kept back in the reports of an authority and of its wards.

    Parameters
    ----------
    areas
        As `geo.tables.Areas`.
    groups
        As `geo.groups.groups_of`.
    sure
        What was asked, at other speeds and thresholds.
    asked, before, official
        `geo.tables.Gaps` of what was asked, of what it is compared with, and of official sites only, if told.
    """
    within = _groups(groups)
    members = _with_groups(AUTHORITY, pd.Series(True, index=areas.index), within)
    wards = areas["ward_code"]
    for code in wards.dropna().unique():
        members |= _with_groups(("ward", str(code)), wards == code, within)
    counts = tuple(one["under5_beyond"] for one in (asked, before, official) if one is not None)
    masks = _named(_masks(counts, members, None), before=before is not None, official=official is not None)
    return Withheld(**masks, grid=_grid(wards, sure, masks["asked"]), counts=counts, members=members)


def _named(masks: list[Mask], *, before: bool, official: bool) -> dict[str, Any]:
    given = iter(masks)
    return {
        "asked": next(given), "before": next(given) if before else None, "official": next(given) if official else None,
    }  # fmt: skip


def _groups(groups: pd.DataFrame) -> dict[str, Flags]:
    """Which areas belong to each group, by the group's name in `Mask.totals`."""
    return {
        f"{grouping} {name}": (groups[grouping] == name).to_numpy(bool)
        for grouping, names in GROUPINGS.items()
        for name in names
    }


def _with_groups(
    scope: tuple[str, str], inside: pd.Series, within: dict[str, Flags]
) -> dict[tuple[str, str, str], Flags]:
    here = inside.to_numpy(bool)
    return {(*scope, group): here & flags for group, flags in within.items()}


def _masks(
    counts: tuple[pd.Series, ...],
    members: dict[tuple[str, str, str], np.ndarray],
    also: Sequence[pd.Series] | None,
) -> list[Mask]:
    """What is kept back of each answer: whatever is kept back of any.

    A reader may know that nothing has changed somewhere, and would take the one for the other.
    """
    index = pd.MultiIndex.from_tuples(list(members), names=["scope", "name", "group"])
    matrix = np.array(list(members.values()))
    # of a ward readers look for its one number; its groups stand in its own report only
    dear = [scope == AUTHORITY[0] or group == EVERYONE for scope, _, group in members]
    found = [kept_back(one, matrix, dear=dear) for one in counts]
    cells = np.any([one.cells for one in found] + [one.to_numpy(bool) for one in also or ()], axis=0)
    sums = np.any([one.totals for one in found], axis=0)
    return [
        Mask(
            areas=pd.Series(cells, index=one.index),
            totals=pd.Series(sums, index=index),
            few=pd.Series(own.few_totals, index=index),
        )
        for one, own in zip(counts, found, strict=True)
    ]


def _grid(wards: pd.Series, sure: Robustness, asked: Mask) -> pd.DataFrame:
    """Wards add up to the authority in every cell; cells may be alike, as 12 minutes at 4 km/h and 15 at 3.2 are.

    A longer walk never leaves more beyond, so that a count lies between its neighbours: those of one that is kept back
    are kept back with it, if they are nearer to it than ten.
    """
    sums = sure.beyond.groupby(wards.fillna("")).sum(min_count=1)
    hidden = _grid_as_asked(sums.index, asked)
    own: dict[Cell, Flags] = {sure.asked: hidden}
    cells: list[Cell] = list(sums.columns)  # type: ignore[arg-type]
    for cell in cells:
        if cell != sure.asked:
            own[cell] = _grid_cell(sums[cell], sums[sure.asked], hidden[:-1])
    total = pd.concat([sums, sums.sum(min_count=1).to_frame(AUTHORITY[0]).T])
    return pd.DataFrame(_alike_too(total, own), index=[*sums.index, AUTHORITY[0]])


def _grid_as_asked(wards: pd.Index, asked: Mask) -> Flags:
    """What is kept back of wards and the authority at the speed and threshold that were asked about.

    Areas without a ward are a row of no name, of which no report tells.
    """
    hidden = [bool(name) and asked.of(("ward", str(name)), EVERYONE)[0] for name in wards]
    return np.array([*hidden, asked.of(AUTHORITY, EVERYONE)[0]], dtype=bool)


def _grid_cell(counts: pd.Series, at_asked: pd.Series, hidden: Flags) -> Flags:
    """What is kept back of wards and the authority at another speed or threshold."""
    near = hidden & ((counts - at_asked).abs() < FEWEST).to_numpy()
    values = np.where(near, FEWEST / 2, counts.to_numpy(float))  # like a small count, they get company
    found = kept_back(values, np.ones((1, len(counts)), bool))
    return np.array([*(found.cells | near), found.totals[0]], dtype=bool)


def _alike_too(total: pd.DataFrame, own: dict[Cell, Flags]) -> dict[Cell, Flags]:
    """A count that is kept back in one cell is kept back in every cell that has the same."""
    return {
        cell: np.any([hidden & (total[cell] == total[other]).to_numpy() for other, hidden in own.items()], axis=0)
        for cell in own
    }


def kept_in_wards(counts: pd.DataFrame, wards: pd.Series) -> pd.DataFrame:
    """Which counts of a ward are kept back where the authority's and those of every ward are told.

    Parameters
    ----------
    counts
        Areas by what is counted; the last column stands by itself, the others add up to a ward's.
    wards
        Code of each area's ward.

    Returns
    -------
    DataFrame
        Wards and ``authority``, by the same columns.
    """
    sums = counts.groupby(wards.fillna("")).sum()
    told = sums.columns
    parts, (rows, columns) = sums.iloc[:, :-1], (len(sums), len(told) - 1)
    number = np.arange(rows * columns)
    of_ward, of_closure = np.divmod(number, max(columns, 1))
    members = np.array([of_closure == n for n in range(columns)] + [of_ward == n for n in range(rows)], dtype=bool)
    hidden = pd.DataFrame(False, index=[*sums.index, "authority"], columns=told)
    if columns:
        found = kept_back(parts.to_numpy(float).ravel(), members)
        hidden.iloc[:-1, :-1] = found.cells.reshape(rows, columns)
        hidden.iloc[-1, :-1] = found.totals[:columns]
    last = kept_back(sums.iloc[:, -1].to_numpy(float), np.ones((1, rows), bool))
    hidden.iloc[:-1, -1], hidden.iloc[-1, -1] = last.cells, bool(last.totals[0])
    return hidden


def one_column(counts: pd.Series) -> pd.Series:
    """Which counts of a list that stands above its sum are kept back."""
    return pd.Series(kept_back(counts.to_numpy(float), np.ones((1, len(counts)), bool)).cells, index=counts.index)
