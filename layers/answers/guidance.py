"""The questions that guidance asks: sites where deprivation is greatest, sites for each child, reach by tenth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.homes import PEOPLE
from geo.whole import shown

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from layers.answers.question import Answer

INDICES = {"imd": "the Index of Multiple Deprivation", "idaci": "income deprivation affecting children"}
"""Ministers named no index for the ambition that 70 % of hubs stand in the 30 % most deprived areas: both are told."""
AMBITION, MOST_DEPRIVED_TENTHS = 0.7, 3
CHILDREN_A_CENTRE = 1_000
"""One centre for so many children under five: what the Institute for Fiscal Studies found at their height."""
OF_THE_RETURN = (
    "The national return on family hubs asks how many children services reach by tenth of income deprivation affecting "
    "children, and at ages 0 to 2 and 3 to 4. Under-fives by tenth are the children to set beside the first; ages are "
    "split at two here, as estimates of under-twos are what this place has, so they do not fit the second."
)
COLUMNS = (
    "tenth", "neighbourhoods", "sites", "under2", "under2_within", "under2_share", "two_to_four", "two_to_four_within",
    "two_to_four_share", "under5", "under5_within", "under5_share",
)  # fmt: skip
_GROUPS = ("under2", "two_to_four", "under5")


@dataclass(frozen=True, eq=False)
class Guidance:
    """What guidance asks, answered; read-only."""

    sites: int
    """Of the authority that count and have a known place in one of its areas."""
    most_deprived: dict[str, int]
    """Of them, how many stand in England's 30 % most deprived areas, by index."""
    without_index: dict[str, int]
    """Of them, how many stand where the index is not known."""
    children: float
    """Under-fives of the authority; missing where they are not known."""
    tenths: pd.DataFrame
    """`COLUMNS`: England's tenths of neighbourhoods by income deprivation affecting children, 1 the most deprived; a
    row of what is not known, and one of all. ``_within`` are children whose walk is within the threshold, ``_share``
    their part of those whose walk is known."""


def guidance(found: Answer) -> Guidance:
    """Answer what guidance asks, with the sites and walks of an answer.

    Parameters
    ----------
    found
        The answer.
    """
    areas, sites = found.ground.areas, found.sites
    at = area_at(areas, sites)
    stands = areas.iloc[at[sites["inside"].to_numpy(bool) & (at >= 0)]]
    tenth = {index: stands[f"{index}_decile"] for index in INDICES}
    return Guidance(
        sites=len(stands),
        most_deprived={index: int((each <= MOST_DEPRIVED_TENTHS).sum()) for index, each in tenth.items()},
        without_index={index: int(each.isna().sum()) for index, each in tenth.items()},
        children=float(areas["under5"].sum(min_count=1)),
        tenths=_tenths(found, tenth["idaci"]),
    )


def area_at(areas: gpd.GeoDataFrame, sites: gpd.GeoDataFrame) -> NDArray[np.int64]:
    """The number of the area in which each site stands; -1 for one in none, or whose place is not known."""
    found = np.full(len(sites), -1)
    at, which = areas.sindex.query(sites.representative_point().to_numpy(), predicate="intersects")
    found[at[::-1]] = which[::-1]  # a point on a border stands in the first of its areas
    return found


def _tenths(found: Answer, of_sites: pd.Series[float]) -> pd.DataFrame:
    ground = found.ground
    homes = pd.DataFrame({name: ground.origins[name].to_numpy(float) for name in PEOPLE if name.startswith("under")})
    homes["two_to_four"] = homes["under5"] - homes["under2"]
    of_area = ground.areas["idaci_decile"].fillna(0)
    decile = of_area.to_numpy(float)[ground.homes.area]
    known = ground.counted
    near = known & (found.reach["minutes"].to_numpy(float) <= found.question.minutes)
    rows = pd.Index([*range(1, 11), 0], name="tenth", dtype=float)
    table = pd.DataFrame(
        {
            "neighbourhoods": of_area.value_counts().reindex(rows, fill_value=0),
            "sites": of_sites.fillna(0).value_counts().reindex(rows, fill_value=0),
        }
    )
    for group in _GROUPS:
        for name, among in ((group, None), (f"{group}_within", near), (f"{group}_known", known)):
            counted = homes[group] if among is None else homes[group].where(among)
            table[name] = counted.groupby(decile).sum(min_count=1).reindex(rows)
    if not (of_area == 0).any():
        table = table.drop(0.0)
    table.loc[np.inf] = table.sum(min_count=1)
    for group in _GROUPS:
        table[f"{group}_share"] = table[f"{group}_within"] / table[f"{group}_known"].where(table[f"{group}_known"] > 0)
    names = {0.0: "not known", np.inf: "all"}
    table = table.assign(tenth=[names.get(one, f"{one:.0f}") for one in table.index])
    decimals = {name: 4 if name.endswith("share") else 1 for name in COLUMNS if name != "tenth"}
    return table[list(COLUMNS)].round(decimals).astype({"neighbourhoods": int, "sites": int}).set_index("tenth")


def said(asked: Guidance, found: Answer) -> list[str]:
    """The answers in sentences."""
    if not asked.sites:
        return ["No site of this authority counts, so there is nothing to set beside guidance."]
    lines = [_ambition_said(asked, index, name) for index, name in INDICES.items()]
    if asked.children > 0:
        each = asked.children / asked.sites
        lines.append(
            f"One site for about {shown(each)} under-fives: {asked.sites:,} for {shown(asked.children)}. At the height "
            f"of Sure Start the measure was one centre for {CHILDREN_A_CENTRE:,}."
        )
    limit = found.question.walk.limit_walk
    shares = asked.tenths.loc["all", ["under2_share", "two_to_four_share"]].astype(float)
    if shares.notna().all():
        lines.append(
            f"Within {limit}: {shares.iloc[0]:.0%} of under-twos, {shares.iloc[1]:.0%} of children of two to four."
        )
    return lines


def scenario_said(now: Answer, then: Answer) -> str:
    """Where sites would stand with a scenario: the share in the most deprived areas, beside today's."""
    was, would = guidance(now), guidance(then)
    told = []
    for index, name in INDICES.items():
        known = [one.sites - one.without_index[index] for one in (was, would)]
        if all(known):
            there, here = would.most_deprived[index], was.most_deprived[index]
            told.append(
                f"by {name} {there:,} of {known[1]:,} sites ({there / known[1]:.0%}) would stand in the 30% most "
                f"deprived neighbourhoods of England, now {here:,} of {known[0]:,} ({here / known[0]:.0%})"
            )
    return f"With the scenario {'; '.join(told)}. The ambition is 70%." if told else ""


def _ambition_said(asked: Guidance, index: str, name: str) -> str:
    there, known = asked.most_deprived[index], asked.sites - asked.without_index[index]
    if not known:
        return f"By {name}: not known, as this place has no tenths of it."
    needed = int(np.ceil(AMBITION * known - 1e-9))
    meets = "meets" if there >= needed else "does not meet"
    return (
        f"By {name}, {there:,} of {known:,} sites ({there / known:.0%}) stand in the 30% most deprived neighbourhoods "
        f"of England; that {meets} the ambition of 70%{'' if there >= needed else f' ({needed:,} would)'}."
    )
