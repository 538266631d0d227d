"""Need without reach: classes, ranks and reasons in words, counted in children first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.errors import RequestError
from geo.homes import Homes, main_site
from geo.need import NEED_CLASSES, NeedWeights, born_outside_uk_share, need
from geo.whole import shown, whole

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd
    from numpy.typing import NDArray

ACCESS_CLASSES = ("near", "fair", "far")
NO_STREETS = "no street data"

NEAR_PART = 2 / 3
"""``near``: half of the under-fives walk no longer than this part of the threshold."""


LACKING = 0.01
"""From this share of under-fives without a known walk on, an answer begins with it."""

SOME_OFF = 0.005
"""From this share of homes without street data on, it is said."""

HOUR_MIN = 60
"""A longer walk is no longer said in minutes: nobody takes it with a pram."""


def about(minutes: float) -> str:
    """Minutes as they are said, rounded as the table rounds them: "about 25 minutes", or "over an hour"."""
    if round(minutes) > HOUR_MIN:
        return "over an hour"
    return f"about {minutes:.0f} minute{'' if round(minutes) == 1 else 's'}"


@dataclass(frozen=True, kw_only=True)
class Walk:
    """The walk that is asked about, in the words of its sentences.

    Parameters
    ----------
    to
        What families walk to, singular: "a children's centre".
    walkers
        Who walks: "families with a pram".
    minutes
        The threshold.
    """

    to: str = "a children's centre"
    walkers: str = "families with a pram"
    minutes: float = 15.0

    def __post_init__(self) -> None:
        if not 0 < self.minutes <= 240:
            message = f"the longest acceptable walk must be more than 0 and at most 240 minutes, not {self.minutes}"
            raise RequestError(message)

    @property
    def limit(self) -> str:
        """The threshold, as said: "15 minutes" or "7.5 minutes"."""
        return f"{self.minutes:g} minute{'' if self.minutes == 1 else 's'}"

    @property
    def limit_walk(self) -> str:
        """The threshold as a walk: "15 minutes' walk"."""
        return f"{self.limit}'{'s' if self.minutes == 1 else ''} walk"


def gaps(
    areas: gpd.GeoDataFrame,
    origins: pd.DataFrame,
    reach: pd.DataFrame,
    *,
    walk: Walk | None = None,
    weights: NeedWeights | None = None,
    homes: Homes | None = None,
    needs: pd.DataFrame | None = None,
    which: str = "",
) -> pd.DataFrame:
    """What each area lacks.

    Origins count by their under-fives (by residents where those are not known, else alike). An origin with streets but
    no way to any site counts as beyond every threshold; one without street data counts neither way and is reported.

    Parameters
    ----------
    areas, origins, reach
        As in `geo.tables`; `reach` on the origins' index.
    walk
        The threshold and the words; 15 minutes to a children's centre if none is given.
    weights
        For the need score.
    homes
        How much each origin counts, if that is known already.
    needs
        What `geo.need.need` says of the areas, if that is known already; ``weights`` are not asked then.
    which
        As `reasons` takes it.

    Returns
    -------
    DataFrame
        As `geo.tables.Gaps`, on the areas' index, with the parts of `geo.need.need` besides. ``gap_rank`` orders by
        under-fives beyond the threshold, each counted by the area's need (0 to 100), then by the median walk; where an
        area's under-fives are not known, by as many as its residents would have on the authority's average.
    """
    walk = walk or Walk()
    homes = homes or Homes.of(areas, origins)
    needs = need(areas, weights=weights) if needs is None else needs
    table = measures(areas, origins, reach, walk=walk, homes=homes, needs=needs)
    said = {
        "confidence": _confidence(areas, table, homes.basis),
        "site_id": main_site(homes, reach["site_id"]),
        "reason": reasons(areas, table, walk, which),
    }
    return pd.concat([table, pd.DataFrame(said, index=areas.index)], axis=1)


def measures(
    areas: gpd.GeoDataFrame,
    origins: pd.DataFrame,
    reach: pd.DataFrame,
    *,
    walk: Walk,
    homes: Homes,
    needs: pd.DataFrame,
) -> pd.DataFrame:
    """The numbers and classes of `gaps`, without what is said of them.

    Parameters
    ----------
    areas, origins, reach, walk, homes, needs
        As for `gaps`.
    """
    reached = reach["reached"].to_numpy(object)
    known = reached != "off_network"
    minutes = np.where(reached == "yes", reach["minutes"].to_numpy(float), np.inf)
    beyond = known & ~(minutes <= walk.minutes)

    seen, out = (homes.total(np.where(which, homes.weight, 0.0)) for which in (known, beyond))
    off_share = homes.unknown_share(known)
    no_street_data = ~(off_share < 0.5)

    def counted(column: str, which: NDArray[np.bool_]) -> NDArray[np.float64]:
        people = origins[column].to_numpy(float)
        return homes.total(np.where(which, people, people * 0.0))

    def at(values: NDArray[np.float64], position: NDArray[np.int64]) -> NDArray[np.float64]:
        return np.where(no_street_data | (position < 0), np.nan, values[position])

    at_half, at_p90 = homes.quantiles(minutes, (0.5, 0.9), known=known).T
    median, p90 = at(minutes, at_half), at(minutes, at_p90)
    within = np.where(no_street_data, np.nan, _share(seen - out, seen))
    missed = np.where(no_street_data, np.nan, counted("under5", beyond))
    score = needs["need_score"].to_numpy(float)
    found = {
        "off_network_share": off_share,
        "within_share": within,
        "under5_beyond": missed,
        "born_outside_uk_beyond": np.where(no_street_data, np.nan, counted("born_outside_uk", beyond)),
        "under5_known": np.where(no_street_data, np.nan, counted("under5", known)),
        "minutes_median": np.where(np.isinf(median), np.nan, median),
        "metres_median": at(reach["metres"].to_numpy(float), at_half),
        "minutes_p90": np.where(np.isinf(p90), np.nan, p90),
        "access_class": pd.Series(_access(median, no_street_data, walk), index=areas.index, dtype="str"),
        "no_route": np.isinf(median),
    }
    table = pd.concat([needs, pd.DataFrame(found, index=areas.index)], axis=1)
    return table.assign(gap_rank=ranks(children_ranked(areas, table), median, score, ~no_street_data))


def _access(median: NDArray[np.float64], no_street_data: NDArray[np.bool_], walk: Walk) -> NDArray[np.str_]:
    return np.select(
        [no_street_data, median <= walk.minutes * NEAR_PART, median <= walk.minutes],
        [NO_STREETS, "near", "fair"],
        "far",
    )


def ranks(
    children: NDArray[np.float64], median: NDArray[np.float64], score: NDArray[np.float64], ranked: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Rank by children times need, then by the walk, then by need, each from the greatest; what is not known last."""
    gap = children * np.where(np.isnan(score), 50.0, score) / 100
    keys = [np.where(np.isnan(key), np.inf, -key)[ranked] for key in (score, median, gap)]
    rank = np.full(len(median), np.nan)
    rank[np.flatnonzero(ranked)[np.lexsort(keys)]] = np.arange(1.0, ranked.sum() + 1)
    return rank


def children_ranked(areas: pd.DataFrame, table: pd.DataFrame) -> NDArray[np.float64]:
    """Under-fives beyond the threshold that each area is ranked by; where that is not known, as many as are usual.

    Parameters
    ----------
    areas
        As `geo.tables.Areas`.
    table
        ``under5_beyond`` and ``within_share``, as `measures` makes them.
    """
    missed = table["under5_beyond"].to_numpy(float)
    usual = (1 - table["within_share"].to_numpy(float)) * _usual_children(areas)
    return np.where(np.isnan(missed), usual, missed)


def _usual_children(areas: pd.DataFrame) -> NDArray[np.float64]:
    """Under-fives to be expected among an area's residents, to rank it by where its own count is not known."""
    counted = areas["under5"].notna() & areas["residents"].notna()
    usual = areas.loc[counted, "under5"].sum() / areas.loc[counted, "residents"].sum() if counted.any() else 1.0
    return areas["residents"].to_numpy(float) * usual


def _share(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    share = np.divide(part, whole, out=np.full(len(whole), np.nan), where=whole > 0)
    return np.asarray(np.clip(share, 0, 1))


_CHANGED = {
    "split": "its figures are shared out from a larger 2011 area",
    "merged": "its figures are the sum of several 2011 areas",
    "complex": "its boundary changed in a complex way in 2021, so some figures cannot be carried over",
}
_WEIGHED = {
    "residents": "homes counted by all residents: under-fives are not known",
    "homes": "homes counted alike",
}


def _confidence(areas: pd.DataFrame, table: pd.DataFrame, basis: pd.Series[str]) -> pd.Series[str]:
    """What a reader should be careful about, in words; empty where nothing is known."""
    rows = zip(
        table["off_network_share"].to_list(), areas["change_2011"].to_list(), table["need_known"].to_list(),
        basis.to_list(),
        strict=True,
    )  # fmt: skip
    said = [
        (
            f"{off:.0%} of homes are farther than 250 m from any street we have" if SOME_OFF <= off < 0.5 else "",
            _CHANGED.get(change, ""),
            "some parts of the need score are not known" if known < 0.999 else "",
            _WEIGHED.get(weights, ""),
        )
        for off, change, known, weights in rows
    ]
    return pd.Series(["; ".join(filter(None, notes)) for notes in said], index=areas.index, dtype="str")


def reasons(areas: pd.DataFrame, table: pd.DataFrame, walk: Walk, which: str = "") -> pd.Series[str]:
    """One sentence an area: the walk, the children, the need; what is missing is not spoken of.

    Parameters
    ----------
    areas
        As `geo.tables.Areas`.
    table
        As `gaps` makes it; a report blanks what it may not tell.
    walk
        The words and the threshold.
    which
        What follows "High need", where it is a third of more than the authority: " in England".
    """
    no_streets, off = table["access_class"] == NO_STREETS, table["off_network_share"].fillna(0)
    minutes = _told(table["minutes_median"], about)
    half = f"the typical walk to {walk.to} is " + minutes
    walks = np.where(table["no_route"], f"most families cannot walk to {walk.to}", half)
    counted = ~no_streets & table["under5_beyond"].notna() & table["under5_known"].notna()
    beyond, known = (_told(table[name], "{:.0f}".format) for name in ("under5_beyond", "under5_known"))
    where = np.where(off >= SOME_OFF, " with street data", "").astype(object)
    said = np.where(no_streets, "we have no streets here, so the walk is not known", walks)
    for clause in (
        np.where(counted, "; " + beyond + " of " + known + " under-fives" + where + f" live beyond {walk.limit}", ""),
        _told(areas["imd_decile"], _deprived),
        _told(born_outside_uk_share(areas) * 100, "; {:.0f}% of residents born outside the UK".format),
    ):
        said = said + clause
    need_class = table["need_class"].map({name: f"{name.capitalize()} need{which}: " for name in NEED_CLASSES})
    sentences = need_class.fillna("Need not known: ").to_numpy(object) + said + "."
    return pd.Series(sentences, index=areas.index, name="reason", dtype="str")


def _told(values: pd.Series[float], words: Callable[[float], str]) -> NDArray[np.object_]:
    """Each value in words, those that round to the same whole number once; empty where it is missing."""
    numbers = values.to_numpy(float)
    said, known = np.full(len(numbers), "", dtype=object), ~np.isnan(numbers)
    rounded, which = np.unique(whole(numbers[known]), return_inverse=True)
    said[known] = np.array([words(one) for one in rounded.tolist()], dtype=object)[which]
    return said


def _deprived(decile: float) -> str:
    if decile <= 5:
        return f"; among the {decile * 10:.0f}% most deprived areas of England"
    return f"; among the {(11 - decile) * 10:.0f}% least deprived areas of England"


def classes(table: pd.DataFrame, areas: pd.DataFrame) -> pd.DataFrame:
    """Need by access: the 3 x 3 of the bivariate map, counted.

    Returns
    -------
    DataFrame
        Index ``need_class`` (high first), ``access_class`` (far first), all nine; columns ``areas`` and ``under5``
        (missing where not known for any of the areas).
    """
    index = pd.MultiIndex.from_product([NEED_CLASSES[::-1], ACCESS_CLASSES[::-1]], names=["need_class", "access_class"])
    by = [table["need_class"], table["access_class"]]
    counts = pd.DataFrame(
        {"areas": table.groupby(by).size(), "under5": areas["under5"].groupby(by).sum(min_count=1)}
    ).reindex(index)
    counts["areas"] = counts["areas"].fillna(0).astype(int)
    counts["under5"] = counts["under5"].where(counts["areas"] > 0, 0.0 if areas["under5"].notna().any() else np.nan)
    return counts


def not_known_said(known: float, every: float) -> str:
    """Of how many under-fives the walk is not known, as a sentence to begin with; empty where it is fewer than 1%.

    Parameters
    ----------
    known, every
        Under-fives whose walk is known, and all who live there.
    """
    missing = whole(every) - whole(known)
    if not missing >= max(1, LACKING * every):
        return ""
    return (
        f"{shown(missing)} of {shown(every)} under-fives ({missing / every:.0%}) are in none of these numbers: we have "
        "no streets near their homes, or near most homes of their neighbourhood, so their walk is not known."
    )


def headline(table: pd.DataFrame, *, walk: Walk, every: float = np.nan) -> str:
    """The answer in a sentence or two: children first, each number with its base.

    Parameters
    ----------
    table
        As `gaps` makes it.
    walk
        The words and the threshold.
    every
        All under-fives of the place, if it is to be said of how many the walk is not known.
    """
    far = table["access_class"] == "far"
    no_street_data = table["access_class"] == NO_STREETS
    known = int((~no_street_data).sum())
    if not known:
        return "There is no street data for any neighbourhood of this place, so no walk is known."
    if table["site_id"][~no_street_data].isna().all():
        return f"Nobody can walk to {walk.to} here: none counts on that day, or none is near any street we have."
    where, beyond = f"live more than {walk.limit_walk} from {walk.to}", table["under5_beyond"]
    said, do = "", where
    if beyond.notna().any():
        count, base = whole(beyond.sum()), whole(table["under5_known"].sum())
        part = f" ({count / base:.0%})" if base else ""
        said, do = f"{shown(count)} of {shown(base)} under-fives whose walk is known{part} {where}. ", "do"
    place = "neighbourhood" if known == 1 else "neighbourhoods"
    said += f"In {far.sum():,} of {known:,} {place} most {walk.walkers} {do}."
    if lacking := not_known_said(table["under5_known"].sum(), every):
        said = f"{lacking} {said}"
    if no_street_data.any():
        said += f" Neighbourhoods that we have no streets for are left out: {no_street_data.sum():,}."
    return said
