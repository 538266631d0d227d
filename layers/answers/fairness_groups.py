"""How walks fall on groups of families, by deprivation or by residents born abroad: now, or before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.errors import RequestError
from geo.groups import GROUPINGS, by_group, fifths, groups_of
from layers.answers.comparison import GROUP_WORDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from layers.answers.ledger import LedgerAnswer
    from layers.answers.question import Ground

WHEN = {
    "now": "now", "open": "with every centre open", "left": "with those left", "then": "with the scenario",
}  # fmt: skip
"""Which walks a table can be about: the first is what the second is compared with."""
_GROUPING = {"imd": "deprivation", "idaci": "idaci", "abroad": "abroad"}
_IDACI_WORDS = (
    "Fifth of England with most children in income deprivation", "Second fifth by children in income deprivation",
    "Middle fifth by children in income deprivation", "Fourth fifth by children in income deprivation",
    "Fifth of England with fewest children in income deprivation",
)  # fmt: skip
_DECIMALS = {"mean": 1, "median": 1, "share": 4}


def groups_table(on: Ground, walks: Mapping[str, pd.DataFrame], by: str, minutes: float) -> pd.DataFrame:
    """Under-fives, mean and typical walk, and the share within the threshold, for each group and each of some walks.

    Parameters
    ----------
    on
        The ground.
    walks
        One table of `geo.tables.Reach`, or two, before and after; by a name of `WHEN`.
    by
        ``imd`` or ``idaci`` for England's fifths, ``abroad`` for the authority's thirds.
    minutes
        The threshold.

    Returns
    -------
    DataFrame
        Index ``group`` in words, everyone the last; ``neighbourhoods``, ``under5``, and for each name
        ``mean_<name>`` (minutes of those who have a way), ``median_<name>`` and ``share_<name>``; of two walks
        ``mean_change``, ``median_change`` and ``share_change`` besides, as shown. Groups without areas are left out.

    Raises
    ------
    RequestError
        There is no such grouping.
    """
    if by not in _GROUPING:
        message = f"there are no groups by {by!r}; there are {', '.join(_GROUPING)}"
        raise RequestError(message)
    known = groups_of(on.areas).assign(idaci=fifths(on.areas["idaci_decile"]))
    grouping = _GROUPING[by]
    found = by_group(on.areas, on.origins, on.homes, walks, minutes=minutes, groups=known[[grouping, "everyone"]])
    found = found[found["areas"] > 0]
    table = pd.DataFrame(
        {"neighbourhoods": found["areas"], "under5": found["under5"]}
    ).set_axis(pd.Index([_words(*at) for at in found.index], name="group"))  # fmt: skip
    for when in walks:
        base = found["under5"].where(found["under5"] > 0)
        columns = {"mean": found[f"mean_{when}"], "median": found[f"median_{when}"],
                   "share": 1 - found[f"beyond_{when}"] / base}  # fmt: skip
        for name, column in columns.items():
            table[f"{name}_{when}"] = column.round(_DECIMALS[name]).to_numpy()
    if len(walks) > 1:
        first, last = walks
        for name, decimals in _DECIMALS.items():
            table[f"{name}_change"] = (table[f"{name}_{last}"] - table[f"{name}_{first}"]).round(decimals) + 0.0
    return table


def _words(grouping: str, group: str) -> str:
    if grouping == "idaci":
        return _IDACI_WORDS[GROUPINGS["deprivation"].index(group)]
    return GROUP_WORDS[grouping, group]


def of_ledger(on: Ground, closed: LedgerAnswer) -> dict[str, pd.DataFrame]:
    """The walks with every centre open and with those left, as `groups_table` takes them."""
    walks = closed.ledger.walks
    off = ~on.snaps.on_network

    def table(minutes: pd.Series[float]) -> pd.DataFrame:
        reached = np.where(off, "off_network", np.where(np.isfinite(minutes.to_numpy(float)), "yes", "no_route"))
        return pd.DataFrame({"minutes": minutes, "reached": reached}, index=walks.index)

    return {"open": table(walks["before_minutes"]), "left": table(walks["after_minutes"])}


def groups_said(table: pd.DataFrame, limit_walk: str) -> str:
    """The share within the threshold of the first group and of the last, of each walk."""
    whens = [when for when in WHEN if f"share_{when}" in table]
    shares = table.iloc[:-1][[f"share_{when}" for when in whens]].dropna()
    if shares.empty:
        return "How walks fall on groups of families is not known here."
    ends = shares.iloc[[0, -1][: len(shares)]]
    told = [
        f"{' then '.join(f'{share:.0%}' for share in row)}{'' if n else ' of under-fives'} in the "
        f"{str(name)[0].lower()}{str(name)[1:]}"
        for n, (name, row) in enumerate(ends.iterrows())
    ]
    which = "" if len(whens) == 1 else f", {' and '.join(WHEN[when] for when in whens)}"
    return f"Within {limit_walk}{which}: {', '.join(told)}."
