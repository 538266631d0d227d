"""What each single fix for prams would give, which fixes help only in pairs, and where a link is missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.access import nearest
from geo.barriers import Barrier, barriers
from geo.mending import Groups, Mend, Mending
from geo.missing_links import missing_links
from geo.segment_cuts import Spot, cut_segments, network_after
from geo.street_changes import REACH_M

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.barriers import Kind
    from geo.network import Snaps, WalkNetwork

LINKS_APART_M = 50.0
"""Of two missing links that are nearer to each other, the one that gives less is left out."""

_ROUNDED_M = 0.01
"""By so much the ends of a link are rounded along their streets, at most."""

MORE_CHILDREN = 0.5
"""Two fixes help each other if together they bring so many children more within the threshold than separately."""


NOTHING = np.empty(0, dtype=object)


class Fix(NamedTuple):
    """One thing that could be put right, on the table of segments as it is given."""

    barrier: Barrier
    link: tuple[Spot, Spot] | None = None
    """The two ends of a missing link, which has no row yet."""
    line: shapely.LineString | None = None
    """The link itself, British National Grid."""


@dataclass(frozen=True, eq=False)
class Fixes:
    """Everything that would shorten somebody's walk; read-only."""

    fixes: tuple[Fix, ...]
    table: gpd.GeoDataFrame
    """A row a fix, index ``fix`` from 1, those first that bring most within the threshold: ``kind, metres``; ``within,
    shorter, minutes_saved`` as `geo.mending.Gains`; ``with_pair`` (another fix; missing) and ``pair_within``, what both
    together bring. A point in British National Grid."""
    looked_at: int
    """How many there are in all, most of which shorten no walk."""


class Asked(NamedTuple):
    """Whose walks, to what: the pram's streets, homes joined to them, their children, sites, the threshold."""

    network: WalkNetwork
    snaps: Snaps
    children: NDArray[np.float64]
    sites: gpd.GeoDataFrame
    minutes: float
    between: NDArray[np.object_] = NOTHING
    """Railways and water, across which links are looked for too."""


def single_fixes(segments: gpd.GeoDataFrame, asked: Asked) -> Fixes:
    """Mend everything that is in a pram's way, one by one and in the pairs that help each other.

    Parameters
    ----------
    segments
        As `geo.ways.segments_from` makes them: the table of ``asked.network``.
    asked
        Whose walks.

    Notes
    -----
    A walk that profits from two fixes passes both. So a pair is worth asking only if one of them shortens the walk to
    an end of the other; all such pairs are asked.
    """
    standing = barriers(segments)
    cost = nearest(asked.network, asked.sites).labels.cost
    lines = segments.geometry.to_numpy()
    shapes = np.array([_shape(lines, one) for one in standing], dtype=object)
    links = missing_links(asked.network, cost, minutes=asked.minutes, barriers=shapes, between=asked.between)
    cut, source = cut_segments(segments, {}, links)
    new = np.flatnonzero(source == len(segments))
    fixes = [Fix(one) for one in standing] + [
        Fix(_link(cut, int(row)), link, cut.geometry.iloc[row]) for row, link in zip(new, links, strict=True)
    ]
    mends = [Mend(_parts(source, one.mend.rows), one.mend.junctions) for one in standing]
    mends += [Mend(rows=(int(row),)) for row in new]

    cut.loc[new, "pram_factor"] = np.float32(np.nan)  # until it is made, nobody walks there
    network = network_after(asked.network, cut, source)
    mending = Mending(nearest(network, asked.sites), cut, network.carried(asked.snaps), asked.children, asked.minutes)
    found = mending.gains(mends)
    gains = pd.DataFrame({"within": found.within, "shorter": found.shorter, "minutes_saved": found.minutes})
    table = gpd.GeoDataFrame(
        {"kind": [fix.barrier.kind for fix in fixes], "metres": [fix.barrier.metres for fix in fixes], **gains},
        geometry=[fix.barrier.at for fix in fixes], crs=segments.crs,
    )  # fmt: skip
    order = np.lexsort([-gains["minutes_saved"], -gains["within"].round(6)])
    order = order[_apart(table.iloc[order])]
    place = np.full(len(mends), -1)
    place[order] = np.arange(len(order))
    nearer = place[found.number], found.nearer
    pairs = _pairs(mending, [mends[at] for at in order], nearer, gains["within"].to_numpy()[order])
    table = table.iloc[order].join(pairs.set_axis(order[pairs.index]))
    helps = ((table["shorter"] > 0) | table["with_pair"].notna()).to_numpy()
    rank = pd.Series(np.cumsum(helps), dtype="Int64")
    table["with_pair"] = rank.reindex(table["with_pair"].fillna(-1).astype(int)).array
    return Fixes(
        tuple(fixes[at] for at in order[helps]),
        table[helps].set_axis(pd.RangeIndex(1, helps.sum() + 1, name="fix")),
        len(fixes),
    )


def _shape(lines: NDArray[np.object_], one: Barrier) -> shapely.Geometry:
    """Where a barrier is; rough ground and ramps bar nothing."""
    if one.kind in ("rough", "ramp"):
        return None
    return shapely.union_all(lines[list(one.mend.rows)]) if one.mend.rows else one.at


def _link(cut: gpd.GeoDataFrame, row: int) -> Barrier:
    line, metres = cut.geometry.iloc[row], float(cut["length_mm"].iloc[row]) / 1000
    kind: Kind = "bridge" if line.length > REACH_M + _ROUNDED_M else "link"
    return Barrier(kind, Mend(), shapely.line_interpolate_point(line, 0.5, normalized=True), metres)


def _parts(source: NDArray[np.int64], rows: tuple[int, ...]) -> tuple[int, ...]:
    """The rows of a cut table that some rows were cut into."""
    begin, end = (np.searchsorted(source, rows, side) for side in ("left", "right"))
    return tuple(at for one, other in zip(begin.tolist(), end.tolist(), strict=True) for at in range(one, other))


def _apart(ranked: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    """Which of some fixes stay, if a link close to one that gives more is left out."""
    stays = np.ones(len(ranked), np.bool_)
    for kind in ("link", "bridge"):
        links = np.flatnonzero(ranked["kind"] == kind)
        points = ranked.geometry.to_numpy()[links]
        near = shapely.STRtree(points).query(points, predicate="dwithin", distance=LINKS_APART_M)
        for one, other in sorted(zip(*near.tolist(), strict=True)):
            if one < other and stays[links[one]]:
                stays[links[other]] = False
    return stays


def _pairs(
    mending: Mending,
    mends: list[Mend],
    nearer: tuple[NDArray[np.int64], NDArray[np.int64]],
    within: NDArray[np.float64],
) -> pd.DataFrame:
    """The partner with which each helps most beyond the two alone, by its place in the list, and what both bring.

    ``nearer`` and ``within`` as `geo.mending.Gains`, of each mend alone; -1 is the number of one not in the list.
    """
    number, junction = mending.ends_of(mends)
    item, which = Groups.of(junction, mending.state.network.junctions).at(nearer[1])
    pairs = np.sort(np.array([nearer[0][which], number[item]]), axis=0)
    pairs = np.unique(pairs[:, (pairs[0] >= 0) & (pairs[0] < pairs[1])], axis=1)
    together = mending.gains([mends[one].and_also(mends[other]) for one, other in pairs.T.tolist()]).within
    best: dict[int, tuple[float, int, float]] = {}
    for one, other, both in zip(*pairs.tolist(), together.tolist(), strict=True):
        more = both - within[one] - within[other]
        for mine, partner in ((one, other), (other, one)):
            if more >= MORE_CHILDREN and more > best.get(mine, (0.0,))[0]:
                best[mine] = (more, partner, both)
    columns = {"with_pair": [one[1] for one in best.values()], "pair_within": [one[2] for one in best.values()]}
    return pd.DataFrame(columns, index=list(best))
