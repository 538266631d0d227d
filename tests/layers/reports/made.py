"""A small report made by hand, for the writers' tests: six square neighbourhoods, hostile names, every kind of cell."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import BNG
from layers.answers.question import Question
from layers.reports.figure import Figure
from layers.reports.report import Basis, Report, Section
from layers.reports.report_map import LegendEntry, ReportMap
from layers.reports.request import ReportRequest
from layers.reports.table import Column, Table

HOSTILE = '=HYPERLINK("http://x.invalid","<script>alert(1)</script> & #emph[x] $x$ \\ "'
"""What a spreadsheet would run, a browser would run, and typst would read as markup."""
NAMES = (HOSTILE, "مركز الأسرة", "পরিবার কেন্দ্র", "ਪਰਿਵਾਰਕ ਕੇਂਦਰ", "Sheepcote Lane", "O'Connell's <b>Corner</b>")
CODES = tuple(f"E0101728{n}" for n in range(6))


def made_report() -> Report:
    """The report."""
    outlines = gpd.GeoSeries(
        [shapely.box(450_000 + 1000 * (n % 3), 90_000 + 1000 * (n // 3), 451_000 + 1000 * (n % 3), 91_000 + 1000 * (n // 3))
         for n in range(6)],
        index=pd.Index(CODES, name="area_code"), crs=BNG,
    )  # fmt: skip
    columns = (
        Column(key="rank", title="Rank", kind="rank", about="1 = highest priority.", width=0.6),
        Column(key="area_name", title="Neighbourhood", kind="text", about="As ONS names it.", width=2.5),
        Column(key="minutes", title="Minutes", kind="minutes", about="The typical walk: half walk longer, half less."),
        Column(key="under5", title="Under-fives", kind="count", about="Children aged 0 to 4."),
        Column(key="under5_beyond", title="Beyond 15 min", kind="count", about="Of them, farther away than that."),
        Column(key="within_share", title="Within", kind="share", about="Share of under-fives within 15 minutes."),
        Column(key="reason", title="Why", kind="text", about="The reason in words.", width=4),
        Column(key="need_score", title="Need", kind="score", about="0 to 100.", printed=False),
    )
    rows = pd.DataFrame(
        {
            "rank": [1, 2, 3, 4, 5, np.nan],
            "area_name": NAMES,
            "minutes": [24.46, 18.0, 16.04, np.nan, 7.2, np.nan],
            "under5": [66, 81, 54, 41, 120, 77],
            "under5_beyond": [66, 50.4, 30.1, 12, 4.2, np.nan],
            "within_share": [0, 0.378, 0.443, 0.71, 0.965, np.nan],
            "reason": [f"High need, far: {name} is a long way off; 66 of 66 under-fives live beyond." for name in NAMES],
            "need_score": [91.22, 80, 55, 54, 20, np.nan],
        },
        index=outlines.index,
    )  # fmt: skip
    areas = Table.of(
        "neighbourhoods", "Every neighbourhood, the largest gap first", "Children count by the need of where they live.",
        columns, rows, geometry=outlines, printed_rows=5,
    )  # fmt: skip
    lost_columns = (
        Column(key="name", title="Centre", kind="text", about="As the register names it.", width=3),
        Column(key="ended", title="Ended", kind="day", about="The day, where known.", width=1.5),
        Column(
            key="crossed", title="Now beyond", kind="count", about="Under-fives beyond the threshold because of it."
        ),
        Column(key="change", title="Change", kind="change", about="More or fewer."),
    )
    lost_rows = pd.DataFrame(
        {"name": [HOSTILE, "مركز"], "ended": [date(2016, 3, 7), None], "crossed": [312.4, 55], "change": [-3.2, 0.2]},
        index=pd.Index(["20001", "20002"], name="site_id"),
    )
    points = gpd.GeoSeries([shapely.Point(450_500, 90_500), None], index=lost_rows.index, crs=BNG)
    lost = Table.of(
        "lost", "What was lost", "Each closure, the greatest first.", lost_columns, lost_rows, geometry=points
    )
    settings = Table.of(
        "settings", "Settings", "What was asked.",
        (
            Column(key="setting", title="Setting", kind="text", about="What can be set.", width=2),
            Column(key="value", title="Value", kind="text", about="What it was.", width=2),
            Column(key="source", title="Where it comes from", kind="text", about="The source.", width=3),
        ),
        pd.DataFrame({"setting": ["Threshold"], "value": ["15 minutes"], "source": ["1,000 m at 4 km/h"]}),
    )  # fmt: skip
    beyond = Figure(
        key="under5_beyond", label="Under-fives beyond 15 minutes' walk", value=163, unit="under-fives", base=439,
        base_unit="under-fives whose walk is known",
    )  # fmt: skip
    far = Figure(key="areas_far", label="Neighbourhoods mostly beyond", value=3, unit="neighbourhoods", base=6)
    few = Figure(key="few", label="A small count", value=7, unit="under-fives", base=40)
    drawn = gpd.GeoDataFrame(
        {
            "fill": ["#3a2a3f", "#9c5a2e", "#e08214", "#b5aea6", "#f0f0f0", "#d9d9d9"],
            "hatch": ["dense", "cross", "lines", "dots", "", "gone"],
            "label": ["1", "2", "3", "4", "5", ""],
            "inside": [True, True, True, True, True, False],
        },
        index=outlines.index,
        geometry=outlines,
    )
    sites = gpd.GeoDataFrame(
        {"symbol": ["full", "linked", "community", "closed", "proposed"], "name": [*NAMES[:4], "Library"]},
        geometry=[shapely.Point(450_300 + 550 * n, 90_300 + 300 * n) for n in range(5)], crs=BNG,
    )  # fmt: skip
    legend = tuple(
        LegendEntry(label=label, fill=fill, hatch=hatch)
        for label, fill, hatch in zip(
            ("high need, far", "high need, fair", "high need, near", "middle need, fair", "low need, near", "not known"),
            drawn["fill"], drawn["hatch"], strict=True,
        )
    )  # fmt: skip
    plan = ReportMap(
        key="need", title="Need and walking time", about="The darkest have high need and a long walk.",
        alt="Map of six neighbourhoods: one has high need and is far.", areas=drawn, sites=sites, legend=legend,
    )  # fmt: skip
    return Report(
        request=ReportRequest(question=Question(day=date(2026, 11, 22))),
        basis=Basis(
            place="made-up", place_name="Made-up", authority_code="E06000046", fingerprint="0123456789abcdef",
            rules_version="1", tables={"areas.parquet": "ab" * 32},
            sources=({"dataset": "streets", "file": "x.osm", "vintage": "2026", "sha256": "cd" * 32,
                      "licence": "ODbL 1.0"},),
        ),
        key="made-up", title=f"Made-up {HOSTILE}: who can walk to a children's centre with a pram",
        subtitle="A report on the authority, as of 22 November 2026",
        answer=f"{beyond.said} live beyond 15 minutes' walk of a children's centre.",
        figures={figure.key: figure for figure in (beyond, far, few)},
        sections=(
            Section(key="where", heading="Where is the walk longest where need is greatest?",
                    text=(f"{beyond.said} live beyond it, near {HOSTILE}.", "A second paragraph."),
                    points=tuple(f"{name}: a point." for name in NAMES), shows=("map:need", "table:neighbourhoods")),
            Section(key="lost", heading="What was lost?", text=(few.said,), shows=("table:lost",),
                    careful=("Walks to closed centres are measured along today's streets.",)),
            Section(key="settings", heading="Settings", shows=("table:settings",)),
        ),
        tables={table.key: table for table in (areas, lost, settings)},
        maps={"need": plan},
        cautions=("Walks take no account of hills.",),
        credits=("© OpenStreetMap contributors, ODbL 1.0", "Contains public sector information licensed under the Open "
                 "Government Licence v3.0"),
    )  # fmt: skip
