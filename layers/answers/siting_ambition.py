"""The ambition that most sites stand in the most deprived areas, as a condition on where new ones go, and its price."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from geo.errors import RequestError
from geo.siting_quota import Quota
from geo.whole import shown
from layers.answers.guidance import AMBITION, INDICES, MOST_DEPRIVED_TENTHS, area_at
from layers.answers.siting_measures import brought_within

if TYPE_CHECKING:
    import geopandas as gpd

    from geo.siting import Plan
    from geo.siting_problem import SitingProblem


@dataclass(frozen=True)
class Ambition:
    """What part of all sites is to stand in England's 30 % most deprived areas.

    Parameters
    ----------
    index
        By which index, of `layers.answers.guidance.INDICES`.
    share
        Which part of them, 0 to 1.
    """

    index: str = "imd"
    share: float = AMBITION

    def __post_init__(self) -> None:
        if self.index not in INDICES:
            message = f"unknown index {self.index!r}; there are {', '.join(INDICES)}"
            raise RequestError(message)
        if not 0 < self.share <= 1:
            message = f"the share in the most deprived areas is above 0 and up to 1, not {self.share:g}"
            raise RequestError(message)


def quota_of(
    areas: gpd.GeoDataFrame, sites: gpd.GeoDataFrame, candidates: gpd.GeoDataFrame, ambition: Ambition
) -> Quota:
    """The ambition in terms of candidates.

    Parameters
    ----------
    areas
        As `geo.tables.Areas`.
    sites
        Those that count; the neighbours' are left out, as in `layers.answers.guidance`.
    candidates
        Points; one outside all areas, or in one whose tenth is not known, does not stand in a most deprived one.

    Raises
    ------
    RequestError
        No area's tenth is known.
    """
    tenth = areas[f"{ambition.index}_decile"].to_numpy(float)
    if not (tenth > 0).any():
        message = f"this place has no tenths of {INDICES[ambition.index]}"
        raise RequestError(message)
    own = sites[sites["inside"].to_numpy(bool)]
    at, there = area_at(areas, own), area_at(areas, candidates)
    known = tenth[at[at >= 0]]
    return Quota(
        share=ambition.share, sites=int((known > 0).sum()), there=int((known <= MOST_DEPRIVED_TENTHS).sum()),
        deprived=(there >= 0) & (tenth[there] <= MOST_DEPRIVED_TENTHS),
    )  # fmt: skip


def said(problem: SitingProblem, plan: Plan, ambition: Ambition, free: Plan | None) -> str:
    """How many sites would then stand in the most deprived areas, and what keeping to that costs."""
    quota = problem.quota
    if quota is None:
        return ""
    chosen = [problem.candidates.index(name) for name in plan.chosen]
    sites, there = quota.sites + len(chosen), quota.there + int(quota.deprived[chosen].sum())
    sentence = (
        f"By {INDICES[ambition.index]}, {there:,} of {sites:,} sites ({there / sites:.0%}) would then stand in the 30% "
        f"most deprived neighbourhoods of England, now {quota.there:,} of {quota.sites:,}"
    )
    if there < ambition.share * sites - 1e-9:
        sentence += f": still short of {ambition.share:.0%}"
    if free is None:
        return f"{sentence}."
    fewer = brought_within(problem, free.chosen) - brought_within(problem, plan.chosen)
    if set(free.chosen) == set(plan.chosen):
        return f"{sentence}. The best plan without that condition is the same."
    more = f"{shown(abs(fewer))} {'more' if fewer > 0 else 'fewer'}" if fewer else "as many"
    return f"{sentence}. Without that condition the best plan would bring {more} under-fives within reach."
