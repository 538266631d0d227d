"""Need without reach: classes, ranks and reasons in words, counted in children first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.errors import RequestError
from geo.need import NEED_CLASSES, NeedWeights, born_outside_uk_share, need

if TYPE_CHECKING:
    import geopandas as gpd

ACCESS_CLASSES = ("near", "fair", "far")
NO_STREETS = "no street data"

NEAR_PART = 2 / 3
"""``near``: half of the under-fives walk no longer than this part of the threshold."""


SOME_OFF = 0.005
"""From this share of homes without street data on, it is said."""


def about(minutes: float) -> str:
    """Minutes as they are said, rounded as the table rounds them: "about 25 minutes"."""
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
            message = f"a threshold of {self.minutes} minutes is not more than 0 and at most 240"
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

    Returns
    -------
    DataFrame
        As `geo.tables.Gaps`, on the areas' index, with the parts of `geo.need.need` besides. ``gap_rank`` orders by
        under-fives beyond the threshold, each counted by the area's need (0 to 100), then by the median walk; where an
        area's under-fives are not known, by as many as its residents would have on the authority's average.
    """
    walk = walk or Walk()
    table = need(areas, weights=weights)
    weight, basis = home_weights(areas, origins)
    known = reach["reached"] != "off_network"
    minutes = reach["minutes"].where(reach["reached"] == "yes", np.inf).where(known)
    beyond = known & ~(minutes <= walk.minutes)

    code = reach["area_code"]
    total = weight.groupby(code).sum().reindex(areas.index)
    seen = weight.where(known, 0.0).groupby(code).sum().reindex(areas.index)
    out = weight.where(beyond, 0.0).groupby(code).sum().reindex(areas.index)
    table["off_network_share"] = _share(total - seen, total)
    table["within_share"] = _share(seen - out, seen)
    for column in ("under5", "born_outside_uk"):
        counted = origins[column].where(beyond, origins[column] * 0.0)
        table[f"{column}_beyond"] = counted.groupby(code).sum(min_count=1).reindex(areas.index)
    table["under5_known"] = origins["under5"].where(known, origins["under5"] * 0.0).groupby(code).sum(min_count=1)
    walked = pd.DataFrame({"area_code": code, "minutes": minutes, "metres": reach["metres"], "weight": weight})
    for name, part in (("median", 0.5), ("p90", 0.9)):
        at = weighted_quantile(walked[known], part).reindex(areas.index)
        table[f"minutes_{name}"] = at["minutes"]
        table[f"metres_{name}"] = at["metres"]

    blind = ~(table["off_network_share"] < 0.5)
    table.loc[blind, ["minutes_median", "minutes_p90", "metres_median", "within_share"]] = np.nan
    table.loc[blind, ["under5_beyond", "born_outside_uk_beyond"]] = np.nan
    median = table["minutes_median"]
    table["access_class"] = np.select(
        [blind, median <= walk.minutes * NEAR_PART, median <= walk.minutes],
        [NO_STREETS, "near", "fair"],
        "far",
    )
    table["minutes_median"] = median.replace(np.inf, np.nan)
    table["minutes_p90"] = table["minutes_p90"].replace(np.inf, np.nan)
    table["no_route"] = np.isinf(median)

    children = table["under5_beyond"].fillna((1 - table["within_share"]) * _usual_children(areas))
    order = pd.DataFrame(
        {"gap": children * table["need_score"].fillna(50) / 100, "walk": median, "need": table["need_score"]}
    )[~blind]
    order = order.sort_values(["gap", "walk", "need"], ascending=False, kind="stable")
    table["gap_rank"] = pd.Series(np.arange(1.0, len(order) + 1), index=order.index).reindex(areas.index)
    table["confidence"] = _confidence(areas, table, basis)
    table["site_id"] = main_site(reach, weight).reindex(areas.index)
    table["reason"] = _reasons(areas, table, walk)
    return table.drop(columns=["metres_p90"])


def _usual_children(areas: pd.DataFrame) -> pd.Series[float]:
    """Under-fives to be expected among an area's residents, to rank it by where its own count is not known."""
    counted = areas["under5"].notna() & areas["residents"].notna()
    usual = areas.loc[counted, "under5"].sum() / areas.loc[counted, "residents"].sum() if counted.any() else 1.0
    return areas["residents"] * usual


def _share(part: pd.Series[float], whole: pd.Series[float]) -> pd.Series[float]:
    return (part / whole.where(whole > 0)).clip(0, 1)


def home_weights(areas: pd.DataFrame, origins: pd.DataFrame) -> tuple[pd.Series[float], pd.Series[str]]:
    """How much each origin counts within its area, and what that rests on for each area."""
    code = origins["area_code"]
    basis = pd.Series("homes", index=areas.index, dtype="str")
    weight = pd.Series(1.0, index=origins.index)
    for column in ("residents", "under5"):
        has = origins[column].groupby(code).sum(min_count=1).reindex(areas.index) > 0
        basis = basis.where(~has, column)
        weight = weight.where(~code.map(has).fillna(False).astype(bool), origins[column])
    return weight.fillna(0.0), basis


def weighted_quantile(walked: pd.DataFrame, part: float) -> pd.DataFrame:
    """The walk that this part of an area's weight does not exceed: minutes and metres by area."""
    rows = walked[walked["weight"] > 0].sort_values(["area_code", "minutes"], kind="stable")
    by_area = rows.groupby("area_code")["weight"]
    reached = by_area.cumsum() >= by_area.transform("sum") * part * (1 - 1e-12)
    return rows[reached].groupby("area_code")[["minutes", "metres"]].first()


def main_site(reach: pd.DataFrame, weight: pd.Series[float], *, column: str = "site_id") -> pd.Series[str]:
    """The site that most of an area's weight has as its nearest (or second nearest), by area; missing if none is."""
    rows = pd.DataFrame({"area_code": reach["area_code"], "site_id": reach[column], "weight": weight})
    totals = rows.dropna(subset=["site_id"]).groupby(["area_code", "site_id"])["weight"].sum()
    top = totals.sort_values(ascending=False, kind="stable").reset_index().drop_duplicates("area_code")
    return top.set_index("area_code")["site_id"]


def _confidence(areas: pd.DataFrame, table: pd.DataFrame, basis: pd.Series[str]) -> pd.Series[str]:
    """What a reader should be careful about, in words; empty where nothing is known."""
    off = table["off_network_share"]
    changed = areas["change_2011"].map(
        {
            "split": "its figures are shared out from a larger 2011 area",
            "merged": "its figures are the sum of several 2011 areas",
            "complex": "its boundary changed in a complex way in 2021, so some figures cannot be carried over",
        }
    )
    notes = pd.DataFrame(
        {
            "streets": [
                f"{share:.0%} of homes are farther than 250 m from any street we have"
                if SOME_OFF <= share < 0.5 else None for share in off.fillna(0)
            ],
            "change": changed.to_numpy(object),
            "need": np.where(table["need_known"] < 0.999, "some parts of the need score are not known", ""),
            "weights": basis.map(
                {
                    "residents": "homes counted by all residents: under-fives are not known",
                    "homes": "homes counted alike",
                }
            ).to_numpy(object),
        },
        index=areas.index,
    )  # fmt: skip
    return pd.Series(
        ["; ".join(note for note in row if isinstance(note, str) and note) for row in notes.itertuples(index=False)],
        index=areas.index,
        dtype="str",
    )


def _reasons(areas: pd.DataFrame, table: pd.DataFrame, walk: Walk) -> pd.Series[str]:
    """One sentence an area: the walk, the children, the need."""
    share = born_outside_uk_share(areas)
    rows = zip(
        table["access_class"], table["need_class"], table["minutes_median"], table["no_route"],
        table["under5_beyond"], table["under5_known"], areas["imd_decile"], share, table["off_network_share"].fillna(0),
        strict=True,
    )  # fmt: skip
    return pd.Series([_reason(walk, *row) for row in rows], index=areas.index, name="reason", dtype="str")


def _reason(  # noqa: PLR0913, PLR0917 (the columns of one row)
    walk: Walk,
    access: str,
    need_class: object,
    minutes: float,
    no_route: bool,
    beyond: float,
    under5: float,
    decile: float,
    abroad: float,
    off: float,
) -> str:
    said = []
    where = " with street data" if off >= SOME_OFF else ""
    if access == NO_STREETS:
        said.append("no street data here, so the walk is not known")
    elif no_route:
        said.append(f"most families have no route on foot to {walk.to}")
    elif access == "far":
        said.append(f"half of families walk {about(minutes)} or more to {walk.to}")
    else:
        said.append(f"half of families are within {about(minutes)} of {walk.to}")
    if access != NO_STREETS and not np.isnan(beyond) and not np.isnan(under5):
        said.append(f"{beyond:.0f} of {under5:.0f} under-fives{where} live beyond {walk.limit}")
    if not np.isnan(decile):
        tenth = (
            f"among the {decile * 10:.0f}% most deprived areas of England"
            if decile <= 5
            else (f"among the {(11 - decile) * 10:.0f}% least deprived areas of England")
        )
        said.append(tenth)
    if not np.isnan(abroad):
        said.append(f"{abroad:.0%} of residents born outside the UK")
    head = f"{need_class.capitalize()} need, " if isinstance(need_class, str) else "Need not known, "
    return f"{head}{access}: {'; '.join(said)}."


def classes(table: pd.DataFrame, areas: pd.DataFrame) -> pd.DataFrame:
    """Need against access: the 3 x 3 of the bivariate map, counted.

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


def headline(table: pd.DataFrame, areas: pd.DataFrame, *, walk: Walk) -> str:
    """The answer in one sentence, each number with its base."""
    far = table["access_class"] == "far"
    blind = table["access_class"] == NO_STREETS
    known = int((~blind).sum())
    if not known:
        return "There is no street data for any neighbourhood of this place, so no walk is known."
    if table["site_id"][~blind].isna().all():
        return f"Nobody can walk to {walk.to} here: none counts on that day, or none is near any street we have."
    place = "neighbourhood" if known == 1 else "neighbourhoods"
    said = f"In {far.sum():,} of {known:,} {place} most {walk.walkers} live more than {walk.limit_walk} from {walk.to}"
    under5 = areas["under5"].where(~blind)
    if under5.notna().any():
        said += f"; {under5[far].sum():,.0f} of {under5.sum():,.0f} under-fives live there"
    said += "."
    beyond = table["under5_beyond"]
    if beyond.notna().any():
        said += f" Home by home, {beyond.sum():,.0f} under-fives live beyond {walk.limit}."
    if blind.any():
        said += f" Neighbourhoods without street data, not counted: {blind.sum():,}."
    return said
