"""How fairly walks fall on families: from the most to the least deprived, and what closures did to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.closures import minutes_shared
from geo.days import day_text
from geo.errors import RequestError
from geo.inequality import Families, Inequality, between_ends, inequality, shortfall
from geo.need import born_outside_uk_share
from geo.whole import shown
from layers.answers.ledger import headline

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from layers.answers.ledger import LedgerAnswer
    from layers.answers.question import Answer, Ground

    Floats = NDArray[np.float64]

BY = {
    "imd": ("in the most deprived tenth", "in the least deprived", "the most deprived"),
    "idaci": ("where most children live in income deprivation", "where fewest do", "children in income deprivation"),
    "abroad": ("in the tenth with most residents born abroad", "in that with fewest", "families from abroad"),
}
"""What families are put in order by: the tenth that has most of it, the one that has least, and whom it is about."""

ENDS = {
    "imd": ("the least deprived", "the most deprived"),
    "idaci": ("where fewest children live in income deprivation", "where most do"),
    "abroad": ("fewest residents born abroad", "most"),
}
"""From whom to whom families are put in order."""

COLUMNS = ("outcome", "measure", "of", "value", "low", "high")
_DECIMALS = 4
_LONGEST = 60
_MOST_PARTS = 3
_NOTICED = 0.05
"""Minutes of the slope: less is rounded away."""
_SMALL = 0.5
"""Minutes: below this a closure's part is not told."""


@dataclass(frozen=True, eq=False)
class Fairness:
    """How walks fall on families; read-only."""

    minutes: Inequality
    within: Inequality
    table: pd.DataFrame
    """`COLUMNS`, a row a measure: of the walk in minutes, of the share within the threshold, and of the shortfall."""
    said: tuple[str, ...]


def order_of(areas: gpd.GeoDataFrame, by: str) -> pd.Series[float]:
    """What areas are put in order by, of `BY`: the more, the more deprived, or the more residents born abroad.

    Raises
    ------
    RequestError
        There is no such order, or no area of the place has the figure.
    """
    if by not in BY:
        message = f"families cannot be put in order by {by!r}; there are {', '.join(BY)}"
        raise RequestError(message)
    order = born_outside_uk_share(areas) if by == "abroad" else -areas[f"{by}_rank"]
    if order.isna().all():
        message = f"this place has no figures to put families in order by {by}"
        raise RequestError(message)
    return order


def families_of(on: Ground, by: str = "imd") -> Families:
    """The homes that sums are made of, by the deprivation of their areas, or what else `BY` has.

    Raises
    ------
    RequestError
        As `order_of`; or under-fives are not known.
    """
    children = on.counted_children
    if np.isnan(children).all():
        message = "how fairly walks fall is counted in under-fives, and this place has no figures of them"
        raise RequestError(message)
    order = order_of(on.areas, by).to_numpy(float)
    return Families(area=on.homes.area, children=children, deprivation=np.asarray(order[on.homes.area], np.float64))


def fairness(
    found: Answer, by: str = "imd", *, closed: LedgerAnswer | None = None, then: Answer | None = None
) -> Fairness:
    """How the walks of an answer fall on families.

    Parameters
    ----------
    found
        The answer.
    by
        What families are put in order by, of `BY`.
    closed
        What was lost, if that is to stand beside it: the same, with every centre open and with those left.
    then
        The answer with a scenario, if that is to stand beside it.

    Raises
    ------
    RequestError
        As `families_of`; or no walk is known.
    """
    families = families_of(found.ground, by)
    walk, limit = found.question.walk, found.question.minutes
    minutes, known = _minutes(found), found.ground.counted
    if not np.isfinite(minutes[known]).any():
        message = f"no walk to {walk.to} is known here, so nothing can be said of how fairly walks fall"
        raise RequestError(message)
    longer = inequality(minutes, families)
    near = inequality(_near(found), families, bounds=(0.0, 1.0))
    rows = [_rows("minutes", "now", longer.table), _rows("share within", "now", near.table)]
    short = shortfall(minutes, families.children, threshold=limit)
    rows.append(
        pd.DataFrame(
            {
                "outcome": "shortfall",
                "measure": [f"power {power}" for power in short],
                "of": "now",
                "value": short.values(),
            }
        )
    )
    said = [_walk_said(longer, by, walk.to), _near_said(near, by, walk.limit_walk)]
    without = float(families.children[known & ~np.isfinite(minutes)].sum())
    if longer.left_out - without >= _SMALL:
        said.append(
            f"Left out, as their walk or the figure of their area is not known: {shown(longer.left_out - without)}."
        )
    if without >= _SMALL:
        said.append(f"{shown(without)} under-fives have no way on foot; they are in the shares and not in the minutes.")
    if closed is not None:
        more, words = _closed(found.ground, families, by, closed)
        rows += more
        said += words
    if then is not None:
        of = "with the scenario"
        longer_then = inequality(_minutes(then), families, draws=0)
        near_then = inequality(_near(then), families, bounds=(0.0, 1.0), draws=0)
        rows += [_rows("minutes", of, longer_then.table), _rows("share within", of, near_then.table)]
        said.append(_then_said(longer, longer_then, by))
    return Fairness(longer, near, pd.concat(rows, ignore_index=True)[list(COLUMNS)].round(_DECIMALS), tuple(said))


def _minutes(found: Answer) -> Floats:
    return np.where(found.reach["reached"] == "yes", found.reach["minutes"].to_numpy(float), np.nan)


def _near(found: Answer) -> Floats:
    near = (_minutes(found) <= found.question.minutes).astype(float)
    return np.where(found.ground.counted, near, np.nan)


def shared_said(found: Fairness, by: str) -> str:
    """Which part of all minutes is walked by the first half of families in the order, and by those who walk least."""
    half = found.minutes.shared.set_index("families").loc[0.5]
    first, last = ENDS[by]
    return (
        f"If all walked alike, any half of families would walk half of all minutes. Put in order from {first} to "
        f"{last}, the first half walk {half['by_order']:.0%} of them; the half with the shortest walks "
        f"{half['by_walk']:.0%}."
    )


def scenario_said(now: Answer, then: Answer, by: str = "imd") -> str:
    """What a scenario does to the walks of families at both ends, and to the slope between them.

    Raises
    ------
    RequestError
        As `families_of`.
    """
    families = families_of(now.ground, by)
    was, would = (inequality(_minutes(answer), families, draws=0) for answer in (now, then))
    return _then_said(was, would, by)


def _rows(outcome: str, of: str, table: pd.DataFrame) -> pd.DataFrame:
    return table.reset_index().assign(outcome=outcome, of=of)


def _about(minutes: float) -> str:
    return f"about {minutes:.0f} minutes" if round(minutes) <= _LONGEST else "over an hour"


def _walk_said(found: Inequality, by: str, to: str) -> str:
    most, least, whom = BY[by]
    value = found.table["value"]
    there, here = value["most_deprived"], value["least_deprived"]
    said = f"Families {most} walk {_about(there)} to {to}, {least} {_about(here)}"
    low, high = found.table.loc["difference", ["low", "high"]].to_numpy(float)
    if not low * high > 0:
        return f"{said}: no clear difference."
    apart = round(there) - round(here)
    which = f": {abs(apart)} minutes {'more' if apart > 0 else 'less'}" if max(there, here) <= _LONGEST else ""
    verdict = f"Sites stand {'farther from' if apart > 0 else 'nearer to'} {whom}."
    return f"{said}{which}. {verdict}"


def _then_said(now: Inequality, then: Inequality, by: str) -> str:
    most, least, whom = BY[by]
    was, would = (of.table["value"].to_dict() for of in (now, then))
    if np.isnan([was["slope"], would["slope"]]).any():
        return "How the walks then fall on families is not known."
    there, here = (f"{_exactly(would[end])} (now {_exactly(was[end])})" for end in ("most_deprived", "least_deprived"))
    slope = would["slope"] - was["slope"]
    fairer = "Nothing changes in how walks fall."
    if abs(slope) >= _NOTICED:
        how = "more" if slope < 0 else "less"
        fairer = f"By the slope, walks are then {abs(slope):.1f} minutes {how} in favour of {whom} than now."
    return f"With the scenario families {most} would walk {there}, {least} {here}. {fairer}"


def _exactly(minutes: float) -> str:
    return f"{minutes:.1f} minutes" if minutes <= _LONGEST else "over an hour"


def _near_said(found: Inequality, by: str, limit_walk: str) -> str:
    most, least, _ = BY[by]
    value = found.table["value"]
    there, here = value["most_deprived"], value["least_deprived"]
    return f"Within {limit_walk}: {there:.0%} of under-fives {most}, {here:.0%} {least}."


def _closed(on: Ground, families: Families, by: str, closed: LedgerAnswer) -> tuple[list[pd.DataFrame], list[str]]:
    """The same with every centre open and with those left, and each closure's part in the difference."""
    walks = closed.ledger.walks
    left = (walks["reached"] == "yes").to_numpy()  # who has no way left is in no sum of minutes
    families = replace(families, children=np.where(left, families.children, 0.0))
    ends = {
        of: inequality(walks[f"{when}_minutes"].to_numpy(float), families, draws=0).table["value"]
        for of, when in (("before closures", "before"), ("after closures", "after"))
    }
    parts = minutes_shared(on.network, on.counted_snaps, closed.lost, between_ends(families))
    named = closed.ledger.closures["name"].reindex(parts.index)
    parts = parts.sort_values(key=np.abs, ascending=False, kind="stable")
    rows = [_rows("minutes", of, table.to_frame()) for of, table in ends.items()]
    rows.append(
        pd.DataFrame({"outcome": "minutes", "measure": "difference, part of", "of": named[parts.index], "value": parts})
    )
    return rows, _closed_said(ends, parts.set_axis(named[parts.index]), by, closed)


def _closed_said(ends: dict[str, pd.Series], parts: pd.Series, by: str, closed: LedgerAnswer) -> list[str]:
    most, least, _ = BY[by]
    before, after = ends.values()
    there, here = (after[end] - before[end] for end in ("most_deprived", "least_deprived"))
    if closed.lost.gone.empty:
        return [headline(closed)]
    since = closed.question.since
    said = (
        f"What closed or was reduced{f' since {day_text(since)}' if since else ''} made the walk of families {most} "
        f"{there:.1f} minutes longer, {least} {here:.1f}."
    )
    told = [
        f"{name} hit families {most if part > 0 else least} harder, by {abs(part):.1f} minutes"
        for name, part in parts[parts.abs() >= _SMALL].head(_MOST_PARTS).items()
    ]
    return [said, f"{'; '.join(told)}."] if told else [said]
