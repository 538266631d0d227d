"""The numbers of the closure ledger as they are shown: whole people, and columns that add up to their total."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from geo.homes import PEOPLE
from geo.whole import fewer, more, parts, whole

if TYPE_CHECKING:
    import pandas as pd

    from geo.closures import Ledger


def as_shown(found: Ledger) -> Ledger:
    """A ledger in whole people.

    Together, the closures put as many beyond the threshold as the shown number grows by; each one's share, and those
    who had it as their nearest, add up to that. What one closure would take alone, and what reopening it would bring
    back, is by how much the shown number would change, as *What if* has it.

    Parameters
    ----------
    found
        As `geo.closures.ledger` makes it.
    """
    rows, sums = found.closures, found.together
    before, after = sums["beyond_before"], sums["beyond_after"]
    crossed = more(before, sums["crossed"])
    table = rows.assign(
        **{name: parts(rows[name], whole(sums[name])) for name in PEOPLE},
        crossed=parts(rows["crossed"], crossed),
        share_crossed=parts(rows["share_crossed"], crossed),
        alone_crossed=more(before, rows["alone_crossed"]),
        reopened_crossed=fewer(after, rows["reopened_crossed"]),
        no_way=parts(rows["no_way"], whole(sums["no_way"])),
    )
    counts = [name for name in sums.index if name != "minutes"]
    together = sums.copy()
    together[counts] = whole(sums[counts])
    together["crossed"] = crossed
    return replace(
        found,
        closures=table,
        flows=_flows(found.flows, table),
        pairs=found.pairs.assign(crossed=whole(found.pairs["crossed"])),
        together=together,
    )


def _flows(flows: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Those who went from each site add up to those whose nearest it was."""
    told = flows.copy()
    for site_id, of_site in flows.groupby("site_id", sort=False):
        for name in PEOPLE:
            told[name] = parts(of_site[name], float(rows[name][site_id])).reindex(flows.index).fillna(told[name])
    return told
