"""Who needs a place nearby: deprivation, families from abroad and small children, each part shown.

Every part is the area's standing within its own authority, 0 (least) to 100 (most): an authority decides between its
own streets. Deprivation ranks come from the Indices of Deprivation; "families from abroad" is the share of all
residents who were born outside the UK, a *proxy*, for no small-area table counts migrant families with babies. Shares
of those who came lately, of those with little English and of households where English is nobody's are proxies, too;
they count only where somebody gives them weight. Children enter by their number, not their share: they are what a
centre is for, so a larger area counts for more.
"""

from __future__ import annotations

from dataclasses import asdict, astuple, dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.errors import RequestError

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

NEED_CLASSES = ("low", "middle", "high")


@dataclass(frozen=True, kw_only=True)
class NeedWeights:
    """How much each part counts; only the proportions matter.

    Parameters
    ----------
    imd
        Index of Multiple Deprivation.
    idaci
        Income Deprivation Affecting Children Index.
    abroad
        Share of residents born outside the UK.
    under5
        Number of children aged 0 to 4.
    under2
        Number of children aged 0 and 1.
    arrived2, arrived5
        Share of residents who had come to the UK less than 2, or 5, years before the Census.
    english
        Share of those aged 3 and over who cannot speak English well, or at all.
    language
        Share of households in which no adult has English as a main language.
    births
        Number of births to a parent born outside the UK, by a council's own table.
    """

    imd: float = 1.0
    idaci: float = 1.0
    abroad: float = 1.0
    under5: float = 1.0
    under2: float = 0.0
    arrived2: float = 0.0
    arrived5: float = 0.0
    english: float = 0.0
    language: float = 0.0
    births: float = 0.0

    def __post_init__(self) -> None:
        values = astuple(self)
        if not all(np.isfinite(v) and v >= 0 for v in values) or sum(values) <= 0:
            message = f"need weights {values} are not all zero or more with at least one above zero"
            raise RequestError(message)

    def given(self) -> dict[str, float]:
        """The parts that count, and how much."""
        return {name: weight for name, weight in asdict(self).items() if weight > 0}


PART_NAMES = {
    "imd": "deprivation",
    "idaci": "children in low-income families",
    "abroad": "residents born outside the UK",
    "under5": "under-fives",
    "under2": "under-twos",
    "arrived2": "came to the UK within 2 years",
    "arrived5": "came to the UK within 5 years",
    "english": "cannot speak English well",
    "language": "no adult with English as main language",
    "births": "births to parents from abroad",
}
"""The parts of need, in the interface's words and in the order of `NeedWeights`."""

SHARES = {
    "arrived2": "arrived_2y_share", "arrived5": "arrived_5y_share", "english": "little_english_share",
    "language": "no_adult_english_share",
}  # fmt: skip
"""Parts that are proxies besides the share born abroad, and the column of `geo.tables.Areas` that has each."""

FURTHER = {"under2": "under2", **SHARES, "births": "births_abroad"}
"""The parts that not every place has figures for; the others are always told, if only as not known."""


def parts_there(figures: Collection[str]) -> tuple[str, ...]:
    """The parts of need that a place can tell, of `PART_NAMES`.

    Parameters
    ----------
    figures
        Columns of its areas that are known for some.
    """
    return tuple(name for name in PART_NAMES if name not in FURTHER or FURTHER[name] in figures)


def born_outside_uk_share(areas: pd.DataFrame) -> pd.Series[float]:
    """Share of residents born outside the UK, 0 to 1; NaN where the figures are missing or nobody lives there."""
    residents = areas["residents"].where(areas["residents"] > 0)
    return (areas["born_outside_uk"] / residents).rename("born_outside_uk_share")


def need(areas: pd.DataFrame, *, weights: NeedWeights | None = None) -> pd.DataFrame:
    """The need score and its parts.

    Parameters
    ----------
    areas
        As `geo.tables.Areas`, one authority.
    weights
        Equal weights if none are given.

    Returns
    -------
    DataFrame
        On the areas' index: ``need_imd, need_idaci ...``, one for each of `PART_NAMES` (0 to 100, mid-rank percentile
        within the authority), ``need_score`` (their weighted mean, over the parts that are known), ``need_known``
        (share of the weight that is known, 0 to 1) and ``need_class`` (thirds of the authority; missing where no part
        is known).
    """
    figures = figures_of(areas.assign(born_outside_uk_share=born_outside_uk_share(areas)))
    parts = standings(figures).add_prefix("need_")
    parts["need_score"], parts["need_known"] = weighted(parts.to_numpy(), weights or NeedWeights())
    parts["need_class"] = thirds(parts["need_score"])
    return parts


def figures_of(table: pd.DataFrame) -> pd.DataFrame:
    """What each part of the need score goes by: a column a part, in the order of `NeedWeights`; more is more need.

    Parameters
    ----------
    table
        ``imd_rank, idaci_rank, born_outside_uk_share, under5``, as in `geo.tables.Areas`; and those of `FURTHER` that
        there are, the others are missing.
    """
    figures = {
        "imd": -table["imd_rank"],
        "idaci": -table["idaci_rank"],
        "abroad": table["born_outside_uk_share"],
        "under5": table["under5"],
    }
    return pd.DataFrame(figures | {name: table.get(column, np.nan) for name, column in FURTHER.items()})


def weighted(standings: NDArray[np.float64], weights: NeedWeights) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The mean of each row over the parts that are known, NaN if none is; and the share of the weight that is known.

    Parameters
    ----------
    standings
        Shape (areas, parts), in the order of `NeedWeights`; missing is NaN.
    weights
        How much each part counts.
    """
    weight = np.array(astuple(weights))
    standings, weight = standings[:, weight > 0], weight[weight > 0]
    total = (~np.isnan(standings) * weight).sum(axis=1)
    score = np.divide(
        (np.nan_to_num(standings) * weight).sum(axis=1), total, out=np.full(len(standings), np.nan), where=total > 0
    )
    return score, total / weight.sum()


def standings(figures: pd.DataFrame) -> pd.DataFrame:
    """Where each value stands among the known ones of its column: 0 lowest, 100 highest, 50 a lone one; NaN stays NaN.

    Ties share their middle.
    """
    count = figures.notna().sum()
    found = (figures.rank(method="average") - 1) / (count - 1).clip(lower=1) * 100
    return found.mask(figures.notna() & (count == 1), 50.0)


def thirds(score: pd.Series[float]) -> pd.Series[str]:
    """Low, middle and high third of the known scores; equal scores fall into the same class."""
    share = score.rank(method="average", pct=True).to_numpy()
    names = np.array([*NEED_CLASSES, None], dtype=object)
    which = np.where(np.isnan(share), 3, np.ceil(np.nan_to_num(share) * 3 - 1e-9).clip(1, 3) - 1).astype(int)
    return pd.Series(names[which], index=score.index, name="need_class", dtype="str")
