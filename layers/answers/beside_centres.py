"""What is shown beside the centres that count, and counts only if it is asked for: network sites, planned openings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from geo.days import day_text
from geo.scenario import apply
from geo.sites import SERVING, serving
from layers.answers.question import serving_of

if TYPE_CHECKING:
    import geopandas as gpd

    from layers.answers.question import Question


def beside_centres(centres: gpd.GeoDataFrame, question: Question) -> gpd.GeoDataFrame:
    """Network sites and planned openings on the question's day, but for those that count.

    Parameters
    ----------
    centres
        As `geo.tables.Sites`.
    question
        To centres.

    Returns
    -------
    geopandas.GeoDataFrame
        As `geo.sites.serving` returns them; as `geo.tables.Sites` if the place knows of none.
    """
    if not ((centres["kind"] == "network_site") | (centres["status"] == "planned")).any():
        return centres[:0]
    every = serving(  # a plan is shown wherever it is, if it has a place at all
        apply(centres, question.changes).drop(columns="unreached", errors="ignore"), day=question.day,
        statuses=(*SERVING, "planned"), counting="network", context=question.context,
    )  # fmt: skip
    shown = every[(every["kind"] == "network_site") | (every["status"] == "planned")]
    return shown.loc[shown.index.difference(serving_of(centres, question).index)]


def planned_in(centres: gpd.GeoDataFrame, question: Question) -> dict[str, str]:
    """The authority's openings that are planned on the question's day, by id: "Middle Family Hub, 15 March 2027".

    Network sites are among them only where they count, hubs at the door of a centre that serves only where hubs do.

    Parameters
    ----------
    centres, question
        As `beside_centres` takes them.
    """
    there = beside_centres(centres, question)
    counted = question.counting == "network"
    there = there[(there["status"] == "planned") & there["inside"] & (counted | (there["kind"] != "network_site"))]
    if question.counting == "hubs" and "hub_since" in centres:
        after = apply(centres, question.changes)
        doors = after[(after["hub_since"] > pd.Timestamp(question.day)) & after["inside"] & (after["kind"] == "centre")]
        there = pd.concat([there, doors.assign(name=doors["hub"], opened=doors["hub_since"])])
    when = ["no day known" if pd.isna(day) else day_text(day) for day in there["opened"]]
    return {str(site): f"{name}, {day}" for site, name, day in zip(there.index, there["name"], when, strict=True)}
