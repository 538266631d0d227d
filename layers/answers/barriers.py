"""What stands in a pram's way: barriers and missing links by name, and the under-fives whom mending each would help."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.changes import LONGEST_NAME, AddCrossing, MendWay
from geo.errors import InputError
from geo.network import STREET_CLASSES
from geo.single_fixes import NOTHING, Asked, single_fixes
from geo.street_parts import BARRIERS
from layers.answers.own_children import hidden_said
from layers.answers.signposts import Signposts
from layers.answers.whereabouts import localities, streets_beside

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from data.place import Place
    from geo.changes import WayChange
    from geo.single_fixes import Fix, Fixes
    from layers.answers.question import Answer

COLUMNS = (
    "kind", "street", "near", "across", "metres", "under5_within", "under5_shorter", "minutes_saved", "with_pair",
    "pair_under5_within", "easting", "northing",
)  # fmt: skip

_KINDS = {
    "steps": "steps", "closed": "way closed to prams", "rough": "rough ground", "ramp": "steps with a ramp",
    "link": "missing link", "bridge": "missing bridge or crossing",
}  # fmt: skip
_LINKS = (_KINDS["link"], _KINDS["bridge"])
_GATES = {kind: kind.replace("_", " ") for kind in BARRIERS}
_ACROSS = {"railway": "a railway", "river": "a river", "water": "water"}
_OF_LINK = re.compile(rf"^({'|'.join(_LINKS)}) (by|near|between) ")
"""What a scenario leaves off, as it calls every link a crossing at some place."""
_SAID = 5
_PAIRS_SAID = 3
_DECIMALS = {"under5_within": 1, "under5_shorter": 1, "minutes_saved": 1, "pair_under5_within": 1}


@dataclass(frozen=True, eq=False)
class Found:
    """The barriers of a place; read-only."""

    table: gpd.GeoDataFrame
    """`COLUMNS` and a point, index ``rank``: first what brings most under-fives within the threshold if it alone were
    mended. Only what shortens somebody's walk."""
    said: tuple[str, ...]
    fixes: Fixes
    """What each row of the table, and more beyond its end, puts right."""
    called: pd.Series[str]
    """What each row of the table is called in a sentence."""

    def change(self, rank: int) -> WayChange:
        """The row of a rank as a change that a scenario can make."""
        fix, called = self.fixes.fixes[rank - 1], _OF_LINK.sub("", self.called[rank])
        at = shapely.get_coordinates(fix.barrier.at if fix.line is None else fix.line).round().astype(int)
        line = tuple((int(x), int(y)) for x, y in at)
        mark_id, name = (
            f"fix-{fix.barrier.kind}-{line[0][0]}-{line[0][1]}",
            f"{called[:1].upper()}{called[1:]}"[:LONGEST_NAME],
        )
        return MendWay(mark_id, name, line) if fix.line is None else AddCrossing(mark_id, name, line)


def barriers_of(
    place: Place,
    found: Answer,
    *,
    most: int | None = None,
    fixes: Fixes | None = None,
    inside: shapely.Geometry | None = None,
) -> Found:
    """What stands in the way of families with a pram.

    Parameters
    ----------
    place
        The place.
    found
        An answer to a question about walks with a pram there, of today's streets.
    most
        How many are listed; all if it is not said.
    fixes
        As `all_fixes` finds them, if that is known already.
    inside
        Only what stands there is listed, with its rank in the whole place; British National Grid.

    Raises
    ------
    InputError
        As `all_fixes`.
    """
    segments, fixes = place.segments(), fixes or all_fixes(place, found)
    listed = fixes.table if inside is None else fixes.table[fixes.table.intersects(inside)]
    table = _named(place, segments, fixes, listed.head(len(listed) if most is None else most))
    said = _said(place, found, fixes, table)
    called = table["called"].str.replace(r" \(\d+\)$", "", regex=True)
    return Found(table.drop(columns="called"), tuple(said), fixes, called)


def all_fixes(place: Place, found: Answer) -> Fixes:
    """All that could be put right, as `barriers_of` lists it, without names.

    Raises
    ------
    InputError
        The place has no number of under-fives to rank by, or no walk is known.
    """
    on = found.ground
    children = on.counted_children
    if np.isnan(children).all():
        raise InputError(place.folder, expected="under-fives, to rank barriers by", found="none in this place")
    if not on.counted.any():
        raise InputError(place.folder, expected="homes whose walk is known", found="none in this place")
    asked = Asked(on.network, on.snaps, children, found.sites, found.question.minutes, _severing(place))
    return single_fixes(place.segments(), asked)


def _severing(place: Place) -> NDArray[np.object_]:
    """The railways and water of a place, as far as it knows them."""
    drawn = place.backdrop()
    return NOTHING if drawn is None else drawn.geometry.to_numpy()[drawn["kind"].isin(list(_ACROSS))]


def _named(place: Place, segments: gpd.GeoDataFrame, fixes: Fixes, first: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Some of the fixes with their names, and with those of the partners that help them."""
    wanted = pd.Index(np.union1d(first.index, first["with_pair"].dropna().astype(int)))
    chosen = [fixes.fixes[rank - 1] for rank in wanted]
    signposts = Signposts.of(place)
    points = np.array([fix.barrier.at for fix in chosen], dtype=object)
    streets = [_streets(signposts, segments, fix) for fix in chosen]
    locality, beside = localities(place, points), streets_beside(place, segments, points)
    near = [
        ", ".join(filter(None, (None if own else street, where)))
        for own, street, where in zip(streets, beside, locality, strict=True)
    ]
    kinds = _kinds(place, chosen)
    words = {
        "kind": kinds,
        "street": [" and ".join(own) or None for own in streets],
        "near": [where or None for where in near],
        "across": [_across(place, segments, fix) for fix in chosen],
        "called": list(map(_called, kinds, streets, near, wanted)),
    }
    named = pd.DataFrame(words, index=wanted).astype("str")
    table = first.drop(columns="kind").join(named).rename(
        columns={"within": "under5_within", "shorter": "under5_shorter", "pair_within": "pair_under5_within"}
    )  # fmt: skip
    table["with_pair"] = first["with_pair"].map(named["called"]).astype("str")
    whole = {"metres": table["metres"], "easting": table.geometry.x, "northing": table.geometry.y}
    table = table.assign(**{name: values.round().astype(int) for name, values in whole.items()})
    return table[[*COLUMNS, "called", "geometry"]].rename_axis("rank").round(_DECIMALS)


def _kinds(place: Place, fixes: list[Fix]) -> list[str]:
    """The kind of each in words; of a gate by what stands there."""
    standing = place.waypoints()
    at: dict[bytes, str] = {}
    if standing is not None:
        gates = standing[standing["kind"].isin(list(_GATES))]
        at = dict(zip(shapely.to_wkb(gates.geometry.to_numpy()), gates["kind"], strict=True))
    return [_KINDS.get(fix.barrier.kind) or _GATES.get(at.get(fix.barrier.at.wkb, ""), "barrier") for fix in fixes]


def _streets(signposts: Signposts, segments: gpd.GeoDataFrame, fix: Fix) -> list[str]:
    """What the street that a barrier is on is called; of a missing link, the two that it would join."""
    if fix.link:
        rows = [[spot.row] for spot in fix.link]
    else:
        junctions = fix.barrier.mend.junctions
        here = np.isin(segments["start"], junctions) | np.isin(segments["end"], junctions)
        rows = [[*fix.barrier.mend.rows, *np.flatnonzero(here).tolist()]]
    lengths = segments["length_mm"].to_numpy()
    named = ([part.street for row in group for part in signposts.parts_of(row, 0, int(lengths[row]))] for group in rows)
    return list(dict.fromkeys(filter(None, (next(filter(None, names), None) for names in named))))


def _across(place: Place, segments: gpd.GeoDataFrame, fix: Fix) -> str | None:
    """What a missing link would have to cross, as far as the place knows."""
    if fix.line is None or fix.link is None:
        return None
    inner = shapely.LineString(shapely.line_interpolate_point(fix.line, [0.05, 0.95], normalized=True))
    drawn = place.backdrop()
    kinds = [] if drawn is None else drawn.loc[drawn.sindex.query(inner, predicate="intersects"), "kind"].tolist()
    met = [_ACROSS[kind] for kind in _ACROSS if kind in kinds]
    rows = np.setdiff1d(segments.sindex.query(inner, predicate="intersects"), [spot.row for spot in fix.link])
    if (segments["street_class"].to_numpy()[rows] == STREET_CLASSES.index("main")).any():
        met.append("a main road")
    return ", ".join(met) or None


def _called(kind: str, streets: list[str], near: str, rank: int) -> str:
    """What a barrier is called: "steps on Sea Street, Newport (3)"."""
    if not streets:
        return f"{kind}{near and f' near {near}'} ({rank})"
    by = "between" if len(streets) > 1 else "by" if kind in _LINKS else "on"
    return f"{kind} {by} {' and '.join(streets)}{near and f', {near}'} ({rank})"


def _children(number: float) -> str:
    return f"about {number:,.0f}" if round(number) else "hardly any"


def _some(which: pd.Series[bool]) -> str:
    return f"{which.sum():,}" if which.any() else "none"


def _said(place: Place, found: Answer, fixes: Fixes, table: gpd.GeoDataFrame) -> list[str]:
    walk, within = found.question.walk, fixes.table["within"]
    lines = [
        f"Barriers and missing links: {fixes.looked_at:,}. Mended alone, {_some(within > 0)} would bring under-fives "
        f"within {walk.limit_walk} of {walk.to}; {_some(fixes.table['shorter'] > 0)} would make a walk with a pram "
        "shorter."
    ]
    for row in table[table["under5_within"] > 0].head(_SAID).itertuples():
        name = row.called.removesuffix(f" ({row.Index})")
        more = [f"across {row.across}"] if pd.notna(row.across) else []
        more += [f"{row.metres:,} m"] if row.metres else []
        lines.append(
            f"{row.Index}. {', '.join([name[:1].upper() + name[1:], *more])}: {_children(row.under5_within)} "
            f"under-fives brought within, {_children(row.under5_shorter)} have a shorter walk."
        )
    partner = fixes.table["with_pair"].reindex(table.index)
    pairs = table[partner.notna() & (partner.map(within) <= within.reindex(table.index))]
    for row in pairs.head(_PAIRS_SAID).itertuples():
        alone = within[row.Index] + within[partner[row.Index]]
        lines.append(
            f"{row.called[:1].upper()}{row.called[1:]} and {row.with_pair} help each other: {_children(alone)} brought "
            f"within if each is mended alone, {_children(row.pair_under5_within)} together."
        )
    return [*lines, *cautions(place, table), *hidden_said(place.card)]


def cautions(place: Place, listed: pd.DataFrame) -> list[str]:
    """What to be careful about in a list as `Found.table` has it."""
    said = []
    if not _has_gates(place):
        said.append("The street file has no stiles and gates, so none are listed; walks with a pram may be longer.")
    if listed["kind"].isin(_LINKS).any():
        said.append("Whether a missing link can be made is not known: a wall, a garden or a drop may lie between.")
    return said


def _has_gates(place: Place) -> bool:
    standing = place.waypoints()
    return standing is not None and bool(standing["kind"].isin(list(BARRIERS)).any())
