"""Which small counts in a set of tables are suppressed, and which others with them, so that no total reveals one.

A count of one to nine people is not published (the Office for National Statistics suppresses under 10 likewise). What
is left would often tell it all the same: an area's count is its ward's less those of the ward's other areas. So more is
kept back. Somebody who knows all that is shown faces linear equations, one a total, in what is kept back. Each count of
one to nine gets company until those equations, and that no count is below zero, leave everything from zero to ten
possible: they say no more than that it is kept back. Then nothing kept back can be worked out, for all of it can move.

The company is the cheapest way to move a count to zero, then to ten, with every shown total as it is: a linear
programme each, one count after the other, what is kept back already being free (Kelly, Golden and Assad 1992,
*Networks* 22: 397-417; Hundepool et al. 2012, *Statistical Disclosure Control*, chapter 4).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geo.errors import RequestError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

FEWEST = 10
"""The smallest count above zero that is shown. Of one that is not, all from zero to this stays possible."""

DEAR = 3.0
"""What it costs to keep a total back that readers look for, beside a cell or another total of that count."""

_NOTHING = 1e-7


@dataclass(frozen=True, eq=False)
class KeptBack:
    """What is kept back: arrays of shape (cells,) and (totals,)."""

    cells: NDArray[np.bool_]
    totals: NDArray[np.bool_]
    few_cells: NDArray[np.bool_]
    """Those of the cells that count fewer than ten; the others are kept back to protect one of these."""
    few_totals: NDArray[np.bool_]


def few(counts: ArrayLike, *, fewest: int = FEWEST) -> NDArray[np.bool_]:
    """Which counts are above zero and below ten as they are published: in whole numbers, halves to the even one.

    So 9.5 reads 10 and is shown; 0.5 reads 0, which is shown as well; what is not known (NaN) is not a small count.

    Parameters
    ----------
    counts
        People; homes and areas may have parts of one.
    fewest
        The smallest count above zero that is shown.
    """
    read = np.round(np.asarray(counts, float))
    return np.asarray((read > 0) & (read < fewest))


def kept_back(cells: ArrayLike, members: ArrayLike, *, dear: ArrayLike | None = None, fewest: int = FEWEST) -> KeptBack:
    """Which cells and totals are kept back: all below ten, and others, mostly small, that would tell one of them.

    Every choice depends on the counts and their order alone. It is seldom the very cheapest one. A cell that reads zero
    is kept back only where nothing else could help, one that is not known never: there is nothing to keep.

    Parameters
    ----------
    cells
        The finest counts, such as one an area, not rounded, zero or more; NaN where not known. Shape (cells,).
    members
        Which cells each published total adds up, shape (totals, cells). A cell that is not known is left out of it; a
        total of none that is known is not known.
    dear
        Which totals readers look for first, so that others go before them; all, unless it is said. Shape (totals,).
    fewest
        The smallest count above zero that is shown.

    Raises
    ------
    RequestError
        A count is below zero or infinite, or the shapes do not fit.
    """
    counts, which = np.asarray(cells, float), np.asarray(members, bool)
    if counts.ndim != 1 or which.ndim != 2 or which.shape[1] != len(counts):
        message = f"totals of shape {which.shape} are not of counts of shape {counts.shape}"
        raise RequestError(message)
    if (counts < 0).any() or np.isinf(counts).any():
        message = "a count of people is zero or more"
        raise RequestError(message)
    # sums of the same cells are one: they are shown or kept back together
    known, row = np.unique(which & ~np.isnan(counts), axis=0, return_inverse=True)
    held, worth = known.astype(float), np.nan_to_num(counts)
    worth = np.concatenate([worth, held @ worth])
    small = few(worth, fewest=fewest)
    kept = small.copy()
    if small.any():
        sought = np.zeros(len(held), bool)
        np.logical_or.at(sought, row.reshape(-1), np.ones(len(which), bool) if dear is None else np.asarray(dear, bool))
        moves = _Moves(held, worth, np.where(sought, DEAR, 1.0))
        # the smallest, that leave the others the least room, first
        for one in np.flatnonzero(small)[np.argsort(worth[small], kind="stable")].tolist():
            for by in (-worth[one], fewest - worth[one]):
                kept |= moves.company(one, by, kept)
    at = np.concatenate([np.arange(len(counts)), len(counts) + row.reshape(-1)])
    return KeptBack(*np.split(kept[at], [len(counts)]), *np.split(small[at], [len(counts)]))


class _Moves:
    """Tables that add up just as the true ones: how far each count and each total is above or below its true one.

    Parameters
    ----------
    held
        The known cells of each total as 1, shape (totals, cells).
    worth
        The counts, then the totals, 0 where not known.
    dear
        What each total costs, beside a cell of that count.
    """

    def __init__(self, held: NDArray[np.float64], worth: NDArray[np.float64], dear: NDArray[np.float64]) -> None:
        import highspy  # noqa: PLC0415 (it loads slowly, and many tables have no small count)

        self.best = highspy.HighsModelStatus.kOptimal
        self.model = highspy.Highs()  # type: ignore[no-untyped-call]
        self.model.silent()
        count, (totals, cells) = len(worth), held.shape
        # what reads zero is the last that is kept back: hidden, it would mislead, and it has nothing to give
        price = np.where(np.round(worth) > 0, np.log1p(worth), count * np.log1p(worth.sum()))
        self.price = price * np.concatenate([np.ones(cells), dear])
        self.index = np.arange(2 * count, dtype=np.int32)
        self.most = np.concatenate([np.where(worth > 0, np.inf, 0.0), worth])  # up, then down: no count is below zero
        self.model.addVars(2 * count, np.zeros(2 * count), self.most)
        sums = np.concatenate([held, -np.eye(totals)], axis=1)
        sums = np.concatenate([sums, -sums], axis=1)
        row, column = np.nonzero(sums)
        start = np.searchsorted(row, np.arange(totals)).astype(np.int32)
        zero = np.zeros(totals)
        self.model.addRows(totals, zero, zero, len(row), start, column.astype(np.int32), sums[row, column])

    def company(self, one: int, by: float, free: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """What has to move along, at the least price, when one count or total moves by so many people."""
        both = np.array([one, one + len(free)], dtype=np.int32)
        self.model.changeColsCost(len(self.index), self.index, np.tile(np.where(free, 0.0, self.price), 2))
        fixed = np.array([max(by, 0.0), max(-by, 0.0)])
        self.model.changeColsBounds(2, both, fixed, fixed)
        self.model.run()
        if self.model.getModelStatus() != self.best:  # the totals can always follow
            message = f"what protects a small count was not found: {self.model.getModelStatus()}"
            raise RuntimeError(message)
        self.model.changeColsBounds(2, both, np.zeros(2), self.most[both])
        up, down = np.split(np.asarray(self.model.getSolution().col_value), 2)
        return np.asarray(np.abs(up - down) > _NOTHING)
