"""The tables of what a report says beyond the walk: measures of fairness, tenths, barriers; each cell as published."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.whole import whole as rounded
from layers.answers.guidance import OF_THE_RETURN
from layers.reports.table import Column, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layers.answers.barriers import Found
    from layers.answers.fairness import Fairness
    from layers.answers.guidance import Guidance
    from layers.reports.content.findings import Findings

PRINTED_BARRIERS = 10


AREA_COLUMNS = (
    Column(
        key="sites_near", title="Sites within", kind="measure", printed=False,
        about="How many sites families have within the threshold, on average.",
    ),
    Column(
        key="per_1000", title="Sites for 1,000", kind="measure", printed=False,
        about="Full ones for every 1,000 under-fives, shared among all who live around each.",
    ),
    Column(
        key="run", title="Run", kind="rank", printed=False,
        about="The run of neighbouring areas with a large gap, or with a small one, that it is in; 1 is the longest.",
    ),
)  # fmt: skip
"""What there is beyond the nearest site, and where gaps lie side by side."""


def area_values(found: Findings) -> dict[str, pd.Series]:
    """Of each chosen area the sites that its families can choose from and share, and the run that it is in."""
    access, clusters = found.whole.weighed.access, found.whole.weighed.clusters
    unknown = pd.Series(np.nan, found.chosen)
    near = f"sites_{found.whole.asked.question.minutes:g}"
    return {
        "sites_near": unknown if isinstance(access, str) else access.areas[near],
        "per_1000": unknown if isinstance(access, str) else access.areas["per_1000"],
        "run": unknown if isinstance(clusters, str) else clusters.table["run"].where(clusters.table["run"] > 0),
    }


def weighed_tables(found: Findings) -> Iterator[Table]:
    """Those that there is something in, in their order."""
    weighed = found.whole.weighed
    if found.everywhere:
        if not isinstance(weighed.fairness, str):
            yield _groups(found)
            yield _measures(weighed.fairness)
        if found.whole.asked.question.to == "centres":
            yield _tenths(found, weighed.guidance)
    if not isinstance(found.barriers, str) and len(found.barriers.table):
        yield _barriers(found, found.barriers)


_WALKS = {"now": "now", "open": "with every centre", "left": "with those left"}


def _groups(found: Findings) -> Table:
    """The walk of each fifth and third, the least deprived and those with fewest from abroad last."""
    both, limit = found.whole.weighed.groups, found.whole.asked.question.walk.limit_walk
    rows = pd.concat([both["imd"], both["abroad"].drop(both["imd"].index[-1])]).rename_axis("group_key")
    rows = rows.assign(group=rows.index, under5=rounded(rows["under5"]))
    columns = [
        Column(
            key="group", title="Families in", kind="text", width=3, about="Fifths of England; thirds of the authority."
        ),
        Column(key="under5", title="Under-fives", kind="count", about="Children aged 0 to 4 whose walk is known."),
    ]
    for when, said in _WALKS.items():
        if f"mean_{when}" not in rows:
            continue
        columns += [
            Column(key=f"mean_{when}", title=f"Minutes {said}", kind="minutes", width=1.2,
                   about="The mean walk of those who have a way, one way."),
            Column(key=f"median_{when}", title=f"Typical {said}", kind="minutes", printed=False,
                   about="The typical walk, one way: half walk longer, half less."),
            Column(key=f"share_{when}", title=f"Within reach {said}", kind="share", width=1.2,
                   about=f"The part that lives within {limit}."),
        ]  # fmt: skip
    return Table.of(
        "fair",
        "The walk of each group of families",
        "Minutes are those of the mean walk, one way.",
        tuple(columns),
        rows,
    )


def _measures(fair: Fairness) -> Table:
    columns = (
        Column(key="outcome", title="Of what", kind="text", about="The walk, the share within reach, the shortfall."),
        Column(
            key="measure", title="Measure", kind="text", width=2, about="As docs/methods.md of Pramshed defines it."
        ),
        Column(
            key="of", title="When", kind="text", about="Today, with every centre, with those left; or which closure."
        ),
        Column(key="value", title="Value", kind="measure", about="In the unit of the outcome, or without one."),
        Column(key="low", title="Low", kind="measure", about="95 of 100 random draws of homes lie above."),
        Column(key="high", title="High", kind="measure", about="95 of 100 random draws of homes lie below."),
    )
    about = "From the most to the least deprived tenth, as the command fairness gives them."
    return Table.of("fairness", "Measures of fairness", about, columns, fair.table.reset_index(drop=True))


_GROUPS = {"under2": "under-twos", "two_to_four": "children of two to four", "under5": "under-fives"}


def _tenths(found: Findings, asked: Guidance) -> Table:
    limit = found.whole.asked.question.walk.limit_walk
    columns = [
        Column(key="tenth", title="Tenth of England", kind="text", width=1.4, about="1 is the most deprived."),
        Column(key="neighbourhoods", title="Neighbourhoods", kind="count", width=1.5, about="How many LSOAs."),
        Column(key="sites", title="Sites", kind="count", about="How many of the authority's that count stand there."),
    ]
    for key, who in _GROUPS.items():
        title = who.replace("children of ", "").capitalize()
        columns += [
            Column(key=key, title=title, kind="count", printed=key == "under5", about=f"How many {who} live there."),
            Column(key=f"{key}_within", title=f"{title} within", kind="count", printed=False,
                   about=f"Of those whose walk is known, how many live within {limit}."),
            Column(key=f"{key}_share", title=f"{title} within reach", kind="share", width=1.2,
                   about=f"Their part of those {who} whose walk is known."),
        ]  # fmt: skip
    counts = [name for group in _GROUPS for name in (group, f"{group}_within")]
    rows = asked.tenths.assign(**rounded(asked.tenths[counts])).reset_index().set_index("tenth", drop=False)
    about = f"By income deprivation affecting children. {OF_THE_RETURN}"
    return Table.of("tenths", "Children within a walk, by tenth of deprivation", about, tuple(columns), rows)


def _barriers(found: Findings, standing: Found) -> Table:
    walk = found.whole.asked.question.walk
    table, rows = standing.table, pd.DataFrame(standing.table.drop(columns="geometry"))
    counts = ["under5_within", "under5_shorter", "minutes_saved", "pair_under5_within"]
    rows[counts] = rounded(rows[counts])
    rows = rows.assign(rank=rows.index, called=standing.called.str[:1].str.upper() + standing.called.str[1:])
    columns = (
        Column(key="rank", title="Rank", kind="rank", width=0.7, about="In the whole place; 1 brings most within."),
        Column(key="called", title="What and where", kind="text", width=4, about="As somebody would find it."),
        Column(key="across", title="Across", kind="text", about="What a missing link would have to cross."),
        Column(key="metres", title="Metres", kind="metres", width=0.8, about="How long it is."),
        Column(key="under5_within", title="Brought within", kind="count",
               about=f"Under-fives whom mending it alone would bring within {walk.limit_walk}."),
        Column(key="under5_shorter", title="Shorter walk", kind="count",
               about="Under-fives whose walk with a pram it would shorten."),
        Column(key="kind", title="Kind", kind="text", printed=False, about="What it is."),
        Column(key="street", title="Street", kind="text", printed=False, about="The street that it is on."),
        Column(key="near", title="Near", kind="text", printed=False, about="A street and a locality near by."),
        Column(key="minutes_saved", title="Minutes saved", kind="count", printed=False,
               about="Of all under-fives together, one way."),
        Column(key="with_pair", title="Helps with", kind="text", printed=False,
               about="Another that it brings more with than both alone."),
        Column(key="pair_under5_within", title="Both bring within", kind="count", printed=False,
               about="Under-fives whom mending both would bring within."),
        Column(key="easting", title="Easting", kind="metres", printed=False, about="British National Grid."),
        Column(key="northing", title="Northing", kind="metres", printed=False, about="British National Grid."),
    )  # fmt: skip
    return Table.of(
        "barriers", "What stands in a pram's way",
        "Each as if it alone were mended, those first that bring most under-fives within reach.", columns, rows,
        geometry=table.geometry, printed_rows=PRINTED_BARRIERS,
    )  # fmt: skip
