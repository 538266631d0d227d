"""The tables of centres: those that count, what was lost, where new ones would help most; each cell as published."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.beyond_nearest import band_ends
from geo.days import day_text
from geo.whole import whole
from layers.answers.ledger import said_of
from layers.answers.new_sites import siting_table
from layers.answers.question import what_it_is
from layers.reports.content.maps import besides, symbols_of
from layers.reports.table import UNKNOWN, Column, Table

if TYPE_CHECKING:
    from layers.answers.ledger import LedgerAnswer
    from layers.answers.new_sites import Sited
    from layers.reports.content.findings import Findings

PRINTED_LOST = 15
PRINTED_SITES = 10


def centres(found: Findings) -> Table:
    """The sites that count."""
    sites, question = found.whole.asked.sites, found.whole.asked.question
    rows = sites.assign(
        name=sites["name"].fillna("without a name"),
        what=[
            what_it_is(kind, status) if kind in ("centre", "hub", "network_site") else kind.replace("_", " ")
            for kind, status in zip(sites["kind"], sites["status"], strict=True)
        ],
        symbol=symbols_of(sites),
        whose=np.where(sites["inside"].astype(bool), "here", "a neighbour's"),
        **_shared(found),
    ).sort_values(["inside", "sharing", "name"], ascending=[False, False, True], kind="stable")
    limit, farthest = question.walk.limit_walk, f"{band_ends(question.minutes)[-1]:g} minutes"
    columns = (
        Column(
            key="name",
            title="Site",
            kind="text",
            width=3,
            about="As the register, OpenStreetMap or the community names it.",
        ),
        Column(key="what", title="What it is", kind="text", width=2, about="What it counts as on the day."),
        Column(
            key="whose",
            title="Where",
            kind="text",
            printed=False,
            about="In the authority, or a neighbour's within 3 km.",
        ),
        Column(
            key="under5_near", title="Under-fives near", kind="count", about=f"Under-fives who live within {limit}."
        ),
        Column(
            key="sharing",
            title="Share it",
            kind="count",
            about=f"Under-fives within {farthest} of it, those farther away counted in part.",
        ),
        Column(
            key="per_1000",
            title="For every 1,000",
            kind="measure",
            about="Full ones for every 1,000 of those who share it; a reduced one counts in part.",
        ),
        Column(key="source", title="Source", kind="text", width=2, printed=False, about="The source."),
        Column(key="symbol", title="Symbol", kind="code", printed=False, about="What it is drawn as."),
    )
    points = gpd.GeoSeries(shapely.point_on_surface(rows.geometry.to_numpy()), index=rows.index, crs=sites.crs)
    return Table.of(
        "sites",
        "The sites that count",
        f"What families walk to on {day_text(question.day)}; of the authority's own those first that most share.",
        columns,
        rows,
        geometry=points,
        printed_rows=PRINTED_SITES,
    )


def _shared(found: Findings) -> pd.DataFrame:
    """How many children are near each site and share it; missing where that is not known."""
    access, near = found.whole.weighed.access, f"under5_{found.whole.asked.question.minutes:g}"
    if isinstance(access, str):
        return pd.DataFrame(np.nan, found.whole.asked.sites.index, ["under5_near", "sharing", "per_1000"])
    rows = pd.DataFrame(access.sites[[near, "sharing", "per_1000"]]).rename(columns={near: "under5_near"})
    rows[["under5_near", "sharing"]] = whole(rows[["under5_near", "sharing"]])
    return rows


def beside(found: Findings) -> Table | None:
    """Network sites and planned openings, which do not count; None if there are none."""
    sites = besides(found)
    if sites.empty:
        return None
    rows = sites.assign(
        name=sites["name"].fillna("without a name"),
        what=[what_it_is(kind, status) for kind, status in zip(sites["kind"], sites["status"], strict=True)],
        opened=[None if pd.isna(day) else day.date() for day in sites["opened"]],
        symbol=symbols_of(sites),
        whose=np.where(sites["inside"].astype(bool), "here", "a neighbour's"),
    ).sort_values(["inside", "name"], ascending=[False, True], kind="stable")
    columns = (
        Column(key="name", title="Site", kind="text", width=2.2, about="As the council names it."),
        Column(key="what", title="What it is", kind="text", width=1.6, about="What it is on the day."),
        Column(key="opened", title="Opens or opened", kind="day", about="The day, as planned or as it was."),
        Column(
            key="note", title="More of it", kind="text", width=2.6, about="What is known of it, such as its building."
        ),
        Column(key="whose", title="Where", kind="text", about="In the authority, or a neighbour's within 3 km."),
        Column(key="source", title="Source", kind="text", width=1.4, about="The source."),
        Column(key="symbol", title="Symbol", kind="code", printed=False, about="What it is drawn as."),
    )
    points = gpd.GeoSeries(shapely.point_on_surface(rows.geometry.to_numpy()), index=rows.index, crs=sites.crs)
    return Table.of(
        "beside",
        "Network sites and planned openings",
        "On the map, and not counted in any figure of this report. A network site gives at least one of a family hub's "
        "services regularly; a plan is no proof that it will open.",
        columns,
        rows,
        geometry=points,
    )


def lost(found: Findings, ledger: LedgerAnswer) -> Table:
    """The closure ledger."""
    walk = ledger.question.walk
    rows = found.closures.assign(
        said=[said_of(row) for row in found.closures.itertuples()],
        name=found.closures["name"].fillna("one without a name"),
        goes_to_name=found.closures["goes_to"].map(ledger.lost.left["name"]),
    )
    columns = [
        Column(key="name", title="Centre", kind="text", width=2.6, about="As the register names it."),
        Column(
            key="said",
            title="What happened",
            kind="text",
            width=2.6,
            about="What ended, and when, as far as that is known.",
        ),
        Column(
            key="under5",
            title="Under-fives nearest",
            kind="count",
            width=1.1,
            about="Under-fives who were nearest to it.",
        ),
        Column(
            key="extra_minutes_median",
            title="Minutes more",
            kind="minutes",
            about=f"How much longer their typical walk is now, one way.{_no_way_about(rows)}",
        ),
    ]
    if found.everywhere:
        columns += [
            Column(
                key="share_crossed",
                title="Put beyond",
                kind="count",
                about=f"Its share (Shapley) of the under-fives whom all together put beyond {walk.limit_walk}.",
            ),
            Column(
                key="reopened_crossed",
                title="Reopening it brings back",
                kind="count",
                width=1.1,
                about=f"Under-fives whom reopening it, and only it, would bring within {walk.limit_walk}.",
            ),
        ]
    columns += [
        Column(
            key="goes_to_name",
            title="Nearest that is left",
            kind="text",
            width=2.2,
            about="The site that is left that is nearest to most of its families; whether they go there is not known.",
        ),
        Column(key="source", title="Source", kind="text", width=2, about="The source.", printed=False),
    ]
    points = ledger.lost.gone.geometry.reindex(rows.index)
    points = gpd.GeoSeries(shapely.point_on_surface(points.to_numpy()), index=rows.index, crs=found.whole.areas.crs)
    what = "here" if found.everywhere else "for the families of the neighbourhoods that this report is about"
    return Table.of(
        "lost",
        "Closures and what each cost",
        f"What was lost {what}, the greatest first. Each family is counted once, under its former nearest centre.",
        tuple(columns),
        rows,
        geometry=points,
        printed_rows=PRINTED_LOST,
    )


def _no_way_about(rows: pd.DataFrame) -> str:
    """What an empty cell among the minutes means, where there is one."""
    empty = rows["extra_minutes_median"].isna() & (rows["under5"] > 0)
    return f" {UNKNOWN} where half of them or more can no longer walk to one." if empty.any() else ""


def new_sites(sited: Sited) -> Table:
    """Where new sites would bring most within reach."""
    table = siting_table(sited)
    columns = (
        Column(key="order", title="Order", kind="rank", width=0.7, about="The order in which to open them: 1 first."),
        Column(
            key="name",
            title="Place",
            kind="text",
            width=3,
            about="As OpenStreetMap, the register or the community names it.",
        ),
        Column(key="kind", title="What it is", kind="text", width=2, about="What stands there now."),
        Column(
            key="adds",
            title="Brings within",
            kind="count",
            about="Under-fives beyond the threshold now whom it brings within it, after those above.",
        ),
        Column(key="within", title="Together", kind="count", about="The same for it and those above."),
        Column(key="easting", title="Easting", kind="metres", printed=False, about="British National Grid."),
        Column(key="northing", title="Northing", kind="metres", printed=False, about="British National Grid."),
    )
    rows = table.assign(easting=table["easting"].astype(int), northing=table["northing"].astype(int))
    return Table.of(
        "new_sites",
        "Where new ones would do most",
        "Points on the map; availability not checked.",
        columns,
        rows,
        geometry=table.geometry,
    )
