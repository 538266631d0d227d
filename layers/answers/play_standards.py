"""Play spaces by size: under-fives within the walk that the standards LAP, LEAP and NEAP allow to each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.errors import InputError
from geo.play_standards import LONGEST_M, STANDARDS, levels, near
from geo.walks_within import walks_within
from geo.whole import shown

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from data.place import Place
    from geo.profiles import WalkProfile
    from layers.answers.question import Ground

CLASSES = ("smaller", *(standard.name for standard in STANDARDS))
"""What a play space is by its size, where that is known."""
COLUMNS = {
    "standards": ("standard", "area_m2", "metres", "minutes", "spaces", "under5_within", "share", "share_at_most"),
    "areas": ("area_name", "under5", "lap_share", "leap_share", "neap_share", "neap_share_at_most"),
    "spaces": ("name", "size", "area_m2", "min_age", "max_age"),
}
"""Those that a screen shows."""
_SIZES = {
    "NEAP": "of 1,000 m² or more (NEAP)", "LEAP": "of 400 to 1,000 m² (LEAP)", "LAP": "of 100 to 400 m² (LAP)",
    "smaller": "smaller", "older children": "for older children only", "not known": "of unknown size",
}  # fmt: skip
_CAREFUL = (
    "Size stands in for the standard: what equipment there is, and which part of the outline is for play, is not "
    "known. A larger space serves as a smaller one, too."
)


@dataclass(frozen=True, eq=False)
class PlayStandards:
    """Play spaces of a place beside the standards; read-only.

    ``_within`` are under-fives near enough to a space that is known to be large enough, ``_at_most`` those who would be
    if every space of unknown size were; ``_share`` is their part of the under-fives whose walk is known.
    """

    standards: pd.DataFrame
    """Index ``standard``: ``area_m2``, ``metres``, ``minutes`` for the walker, how many ``spaces`` of the authority are
    large enough; ``under5_within``, ``under5_at_most``, ``share``, ``share_at_most``."""
    areas: gpd.GeoDataFrame
    """A row a neighbourhood, with its outline: ``under5`` whose walk is known, and for each of ``lap``, ``leap`` and
    ``neap`` ``_within``, ``_share`` and ``_share_at_most``."""
    spaces: gpd.GeoDataFrame
    """A row a play space: ``name``, ``size`` (of `CLASSES`, "not known", or "older children"), ``area_m2``, ages."""
    said: list[str]


def play_standards(place: Place, on: Ground, walker: WalkProfile) -> PlayStandards:
    """Set the play spaces of a place beside the standards.

    Parameters
    ----------
    place
        The place.
    on
        Its ground for the walker.
    walker
        Who walks.

    Raises
    ------
    InputError
        The place has no play-space data.
    """
    playing = place.play_spaces()
    if playing is None:
        raise InputError(place.folder, expected="play-space data", found=f"none in {place.card.name}")
    level = levels(playing)
    network, children = on.network, on.counted_children
    longest = LONGEST_M / walker.metres_per_minute
    walks = walks_within(network, on.counted_snaps, playing.geometry.to_numpy(), longest)
    reached = {name: near(walks, network, level[name], len(children)) for name in ("at_least", "at_most")}
    spaces = _spaces(playing, level)
    table = _standards(spaces, level, reached, children, walker)
    return PlayStandards(table, _areas(on, reached, children), spaces, _said(table, spaces, children.sum(), walker))


def _spaces(playing: gpd.GeoDataFrame, level: pd.DataFrame) -> gpd.GeoDataFrame:
    size = np.array(CLASSES, dtype=object)[level["at_least"]]
    size[level["area_m2"].isna()] = "not known"
    size[(level["at_most"] == 0) & (level["min_age"] > 0)] = "older children"
    told = {"size": pd.Series(size, playing.index, dtype="str"), "area_m2": level["area_m2"].round()}
    ages = {name: level[name] for name in ("min_age", "max_age")}
    return playing[["name", "inside", "geometry"]].assign(**told, **ages)[
        ["name", "size", "area_m2", "min_age", "max_age", "inside", "geometry"]
    ]


def _standards(
    spaces: gpd.GeoDataFrame,
    level: pd.DataFrame,
    reached: dict[str, NDArray[np.bool_]],
    children: NDArray[np.float64],
    walker: WalkProfile,
) -> pd.DataFrame:
    here, total = level[spaces["inside"]], children.sum()
    within, most = (children @ reached[name] for name in ("at_least", "at_most"))
    table = pd.DataFrame(
        {
            "area_m2": [each.area_m2 for each in STANDARDS],
            "metres": [each.metres for each in STANDARDS],
            "minutes": [each.metres / walker.metres_per_minute for each in STANDARDS],
            "spaces": [int((here["at_least"] >= number).sum()) for number in range(1, len(STANDARDS) + 1)],
            "under5_within": within,
            "under5_at_most": most,
            "share": within / total,
            "share_at_most": most / total,
        },
        index=pd.Index([each.name for each in STANDARDS], name="standard"),
    )
    return table.round({"minutes": 2, "under5_within": 1, "under5_at_most": 1, "share": 4, "share_at_most": 4})


def _areas(on: Ground, reached: dict[str, NDArray[np.bool_]], children: NDArray[np.float64]) -> gpd.GeoDataFrame:
    under5 = on.homes.total(children)
    table = on.areas[["area_name", "ward_name"]].assign(under5=np.round(under5, 1))
    for number, standard in enumerate(STANDARDS):
        within, most = (on.homes.total(children * reached[name][:, number]) for name in ("at_least", "at_most"))
        for name, value in (("share", within), ("share_at_most", most)):
            part = np.divide(value, under5, out=np.full(len(under5), np.nan), where=under5 > 0)
            table[f"{standard.key}_{name}"] = np.round(part, 4)
        table[f"{standard.key}_within"] = np.round(within, 1)
    return table.assign(geometry=on.areas.geometry)


def _said(table: pd.DataFrame, spaces: gpd.GeoDataFrame, total: float, walker: WalkProfile) -> list[str]:
    here = spaces[spaces["inside"]]
    counts = here["size"].value_counts()
    listed = ", ".join(f"{counts[name]:,} {words}" for name, words in _SIZES.items() if name in counts)
    lines = [f"Play spaces by size: {listed}." if len(here) else "No play space of the authority is known."]
    if total > 0:
        lines += [_near_said(name, row, total, walker) for name, row in table.iterrows()]
    else:
        lines.append("The number of under-fives is not known, so nobody is counted near them.")
    return [*lines, _CAREFUL]


def _near_said(name: object, row: pd.Series, total: float, walker: WalkProfile) -> str:
    share, most = f"{row['share']:.0%}", f"{row['share_at_most']:.0%}"
    more = f", up to {most} if all of unknown size are large enough" if most != share else ""
    return (
        f"{shown(row['under5_within'])} of {shown(total)} under-fives ({share}{more}) have a play space of "
        f"{row['area_m2']:,.0f} m² or more within {row['metres']:,.0f} m on foot ({name}; {row['minutes']:g} minutes "
        f"for {walker.walkers})."
    )
