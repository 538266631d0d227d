"""The words of what a report says beyond the walk: runs of areas, fairness, guidance, access and barriers.

The sentences are those of pages and commands; a report on a part of a place has only what is known of that part.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from layers.answers import barriers, gap_clusters, guidance
from layers.answers.fairness_groups import groups_said
from layers.reports.report import Section

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from layers.reports.content.findings import Findings
    from layers.reports.table import Table

_FULL_ONLY = (
    "What closures did is measured to full centres only, as if reduced ones had closed; other walks count them."
)
_SCENARIO = "The walks are those with the changes of the scenario."


def runs(found: Findings) -> Section | None:
    """Neighbouring areas with a large gap."""
    clusters = found.whole.weighed.clusters
    heading = "Do neighbourhoods with a large gap lie side by side?"
    if isinstance(clusters, str):
        return Section(key="runs", heading=heading, text=(clusters,)) if found.everywhere else None
    if found.everywhere:
        return Section(key="runs", heading=heading, text=tuple(gap_clusters.said(clusters)))
    inside = clusters.table.loc[clusters.table.index.intersection(found.chosen)]
    high = inside[(inside["run"] > 0) & (inside["kind"] == "high among high")]
    if high.empty:
        return None
    text = "Of the neighbourhoods here, these are in a run of neighbouring areas with a large gap, more than chance "
    return Section(key="runs", heading=heading, text=(f"{text}would have it: {'; '.join(high['area_name'])}.",))


def fair(found: Findings, tables: Mapping[str, Table]) -> Section | None:
    """How fairly walks fall, and what closures did to that; of a whole authority."""
    if not found.everywhere:
        return None
    weighed, question = found.whole.weighed, found.whole.asked.question
    told = [_SCENARIO] if question.changes else []
    told += [weighed.fairness] if isinstance(weighed.fairness, str) else weighed.fairness.said
    if "fair" in tables:
        now = weighed.groups["abroad"][["mean_now", "share_now"]]
        told.append(groups_said(now, question.walk.limit_walk))
    closed = weighed.closed
    apart = closed is not None and closed.question.counting != question.counting
    return Section(
        key="fair", heading="How fairly do walks fall on families?", text=tuple(told),
        careful=(_FULL_ONLY,) if apart else (),
        shows=("table:fair",) if "fair" in tables else (),
    )  # fmt: skip


def asked_by_guidance(found: Findings, tables: Mapping[str, Table]) -> Section | None:
    """The ambition of 70 %, a centre for so many children, reach by tenth; of a whole authority's centres."""
    weighed, asked = found.whole.weighed, found.whole.asked
    if not found.everywhere or asked.question.to != "centres":
        return None
    text = (*([_SCENARIO] if asked.question.changes else []), *guidance.said(weighed.guidance, asked))
    return Section(
        key="guidance", heading="How does this compare with what guidance asks?", text=text,
        shows=("table:tenths",) if "tenths" in tables else (),
    )  # fmt: skip


def access(found: Findings) -> Section | None:
    """How much choice there is, and how many children share each site."""
    there, to = found.whole.weighed.access, found.whole.asked.question.to
    heading = f"How much choice is there, and how many share each {'centre' if to == 'centres' else 'site'}?"
    if isinstance(there, str):
        return Section(key="access", heading=heading, text=(there,)) if found.everywhere else None
    if found.everywhere:
        shows = ("table:sites",) if to == "centres" else ()  # few play spaces have a name to be listed by
        return Section(key="access", heading=heading, text=tuple(there.said), shows=shows)
    here, every = (_mean(rows, "per_1000") for rows in (there.areas.loc[found.chosen], there.areas))
    near = _mean(there.areas.loc[found.chosen], f"sites_{found.whole.asked.question.minutes:g}")
    if np.isnan(here):
        return None
    what = "full centres" if to == "centres" else "sites"
    text = (
        f"Families here can choose from {near:.1f} within {found.whole.asked.question.walk.limit_walk} on average. "
        f"Shared among all under-fives around each, there are {here:.2f} {what} for every 1,000 under-fives here, and "
        f"{every:.2f} in {found.whole.place.card.name} as a whole."
    )
    return Section(key="access", heading=heading, text=(text,))


def _mean(areas: pd.DataFrame, column: str) -> float:
    """A measure of homes over the under-fives of some areas; missing where there are none."""
    known = areas[areas[column].notna() & (areas["under5"] > 0)]
    return float((known[column] * known["under5"]).sum() / known["under5"].sum()) if len(known) else float("nan")


def in_the_way(found: Findings, tables: Mapping[str, Table]) -> Section:
    """What stands in a pram's way."""
    heading = "What stands in a pram's way, and what would mending it bring?"
    standing = found.barriers
    if isinstance(standing, str):
        return Section(key="barriers", heading=heading, text=(standing,))
    walk, place = found.whole.asked.question.walk, found.whole.place.card.name
    listed = standing.table
    within = int((listed["under5_within"] > 0).sum())
    if found.everywhere:
        first = standing.said[0]
    elif listed.empty:
        first = f"Nothing that we know of stands here whose mending alone would shorten a walk in {place}."
    else:
        first = (
            f"Of the barriers and missing links here, {len(listed):,} would make a walk with a pram shorter if mended "
            f"alone; {within or 'none'} would bring under-fives within {walk.limit_walk} of {walk.to}."
        )
    careful = barriers.cautions(found.whole.place, listed)
    return Section(
        key="barriers", heading=heading, text=(first,), careful=tuple(careful),
        shows=("table:barriers",) if "barriers" in tables else (),
    )  # fmt: skip
