"""The tables of neighbourhoods, wards and families, each cell as it is published."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.difference import NOTICED_MIN
from geo.gaps import NO_STREETS, reasons
from geo.need import born_outside_uk_share
from geo.whole import ROUNDED
from geo.whole import whole as rounded
from layers.answers.comparison import GROUP_WORDS
from layers.reports.content import comparison
from layers.reports.content.findings import group_sums
from layers.reports.content.weighed_tables import AREA_COLUMNS, area_values
from layers.reports.table import Column, Table

if TYPE_CHECKING:
    from geo.difference import Difference
    from geo.gaps import Walk
    from layers.reports.content.findings import Findings

PRINTED_AREAS = 15

PRINTED_CHANGES = 15

_NAME = Column(
    key="area_name", title="Neighbourhood", kind="text", width=2.2,
    about="Name that residents know, where the place has such names; otherwise that of the LSOA 2021 (ONS).",
)  # fmt: skip

_WARD = Column(key="ward_name", title="Ward", kind="text", width=2, about="The ward it mostly lies in.")


def neighbourhoods(found: Findings) -> Table:
    """Every neighbourhood that the report is about, the largest gap first."""
    walk = found.whole.asked.question.walk
    rows = _neighbourhood_rows(found)
    columns = (
        *_rank_columns(found), *_walk_columns(walk), *_NEED_COLUMNS, *_proxies(found), *AREA_COLUMNS, *_CAREFUL_COLUMNS,
    )  # fmt: skip
    return Table.of(
        "neighbourhoods",
        "Every neighbourhood, highest priority first",
        f"Ranked by under-fives beyond {walk.limit_walk} of {walk.to}, weighted by local need. Where under-fives are "
        f"not known, residents stand in for them. {ROUNDED}",
        columns,
        rows,
        geometry=rows.geometry,
        printed_rows=PRINTED_AREAS,
    )


_NEAR = " † Streets are missing nearby: it may be shorter."
"""What is said besides of an area whose answer could change (`geo.coverage.may_change`)."""


def _neighbourhood_rows(found: Findings) -> gpd.GeoDataFrame:
    """The chosen areas by rank, with all that the table tells of them."""
    whole, asked = found.whole, found.whole.asked
    areas, gaps = whole.areas.loc[found.chosen], asked.gaps.loc[found.chosen]
    reason = reasons(areas, gaps, asked.question.walk)
    rows = areas.join(gaps).assign(
        born_outside_uk_share=born_outside_uk_share(areas),
        reason=reason.mask(gaps["near_missing_streets"] == "yes", reason + _NEAR),
        steady=_steady(found),
        **area_values(found),
        nearest=asked.gaps["site_id"].map(asked.sites["name"]),
    )
    return rows.sort_values("gap_rank", kind="stable")


def _rank_columns(found: Findings) -> tuple[Column, ...]:
    """The rank and what the neighbourhood is called; a report on a ward need not name the ward."""
    rank = Column(
        key="gap_rank",
        title="Rank",
        kind="rank",
        width=0.7,
        about="Among all neighbourhoods of the authority: by under-fives too far away, weighted by need; "
        "1 = highest priority.",
    )
    return (rank, _NAME) if found.request.ward else (rank, _NAME, _WARD)


def _walk_columns(walk: Walk) -> tuple[Column, ...]:
    """How far families walk, and how many live beyond the threshold."""
    return (
        Column(
            key="minutes_median",
            title="Minutes",
            kind="minutes",
            width=0.9,
            about=f"Typical walk of {walk.walkers} to {walk.to}, one way: half walk longer, half less.",
        ),
        Column(
            key="minutes_p90",
            title="Minutes, ninth tenth",
            kind="minutes",
            printed=False,
            about="Nine tenths of the families walk no longer than this.",
        ),
        Column(key="under5", title="Under-fives", kind="count", about="Children aged 0 to 4 who live there."),
        Column(
            key="under5_beyond",
            title=f"Beyond {walk.minutes:g} min",
            kind="count",
            about=f"Of the under-fives whose walk is known, those who live beyond {walk.limit_walk}.",
        ),
        Column(
            key="within_share",
            title=f"Within {walk.minutes:g} min",
            kind="share",
            printed=False,
            about=f"Share of the under-fives whose walk is known who live within {walk.limit_walk}.",
        ),
    )


_NEED_COLUMNS = (
    Column(
        key="need_class",
        title="Need",
        kind="text",
        printed=False,
        about="Third of the authority: high, middle or low.",
    ),
    Column(
        key="need_score",
        title="Need score",
        kind="score",
        printed=False,
        about="0 least, 100 most in the authority.",
    ),
    Column(
        key="access_class", title="Walk", kind="text", printed=False, about="near, fair or far, by the median walk."
    ),
    Column(
        key="imd_decile",
        title="Deprivation tenth",
        kind="rank",
        printed=False,
        about="Index of Multiple Deprivation, tenth of England; 1 is the most deprived.",
    ),
    Column(
        key="born_outside_uk_share",
        title="Born outside the UK",
        kind="share",
        printed=False,
        about="Share of residents of all ages, Census 2021: a proxy for families from abroad.",
    ),
)
"""Who lives there."""

_PROXIES = {
    "arrived_2y_share": ("UK under 2 years", "all residents who came to the UK less than 2 years before"),
    "arrived_5y_share": ("UK under 5 years", "all residents who came to the UK less than 5 years before"),
    "little_english_share": ("Little English", "residents aged 3 and over who cannot speak English well, or at all"),
    "no_adult_english_share": ("No adult's language", "households where English is no adult's main language"),
}
"""Shares that a place may have: the title of each, and of whom it is."""


def _proxies(found: Findings) -> tuple[Column, ...]:
    """What the place has that stands in for families from abroad: shares, and births by a council's own table."""
    figures = found.whole.place.card.figures
    births = Column(
        key="births_abroad", title="Births, parent from abroad", kind="count", printed=False,
        about=f"Births to a parent born outside the UK: {figures.get('births_abroad')}.",
    )  # fmt: skip
    shares = tuple(
        Column(
            key=key, title=title, kind="share", printed=False,
            about=f"Share of {of}, {figures[key]}: a proxy for families from abroad.",
        )
        for key, (title, of) in _PROXIES.items() if key in figures
    )  # fmt: skip
    return (births, *shares) if "births_abroad" in figures else shares


_CAREFUL_COLUMNS = (
    Column(
        key="nearest",
        title="Mostly nearest",
        kind="text",
        printed=False,
        about="The site that most families are nearest to.",
    ),
    Column(
        key="off_network_share",
        title="Homes without street data",
        kind="share",
        printed=False,
        about="Share of homes farther than 250 m from any street we have; their walk is not known.",
    ),
    Column(
        key="steady",
        title="Steady",
        kind="text",
        printed=False,
        about="Whether the class near, fair or far holds at three speeds and three thresholds, or where it "
        "changes first.",
    ),
    Column(key="confidence", title="Be careful", kind="text", printed=False, about="What to be careful about."),
    Column(key="reason", title="Why", kind="text", width=16, about="The reason for the rank, in words."),
)
"""Where they go, how far to trust it, and why the rank."""


def _steady(found: Findings) -> pd.Series:
    """Whether an area's class holds, in words."""
    first = found.whole.sure.first_change
    rows = zip(first["access_class"], first["speed_kmh"], first["minutes"], strict=True)
    said = pd.Series(
        ["holds throughout" if pd.isna(name) else f"{name} at {speed:g} km/h and {minutes:g} minutes"
         for name, speed, minutes in rows],
        index=first.index,
    )  # fmt: skip
    return said.mask(found.whole.asked.gaps["access_class"] == NO_STREETS, "not known")


def wards(found: Findings) -> Table:
    """Every ward, the most under-fives beyond the threshold first."""
    whole, walk = found.whole, found.whole.asked.question.walk
    gaps = whole.asked.gaps
    of, seen = whole.areas["ward_code"], whole.asked.gaps["access_class"] != NO_STREETS
    rows = pd.DataFrame(
        {
            "ward_name": whole.areas.groupby(of)["ward_name"].first(),
            "areas": gaps.groupby(of).size(),
            "areas_far": (gaps["access_class"] == "far").where(seen).groupby(of).sum(min_count=1),
            "under5_known": whole.people["under5_known"].groupby(of).sum(min_count=1),
            "under5_beyond": gaps["under5_beyond"].groupby(of).sum(min_count=1),
        }
    ).rename_axis("ward_code")
    rows["beyond_share"] = _share(rows)
    rows = rows.sort_values(["under5_beyond", "ward_name"], ascending=[False, True], kind="stable")
    columns = (
        Column(
            key="ward_name",
            title="Ward",
            kind="text",
            width=3,
            about="Name of the ward; areas belong to the ward they mostly lie in.",
        ),
        Column(key="areas", title="Neighbourhoods", kind="count", width=1.5, about="How many LSOAs."),
        Column(
            key="areas_far",
            title="Mostly beyond",
            kind="count",
            about=f"Of them, where most families live beyond {walk.limit_walk}.",
        ),
        *_beyond_columns(walk),
    )
    outlines = whole.areas.geometry.groupby(of).apply(lambda shapes: shapely.union_all(shapes.to_numpy()))
    geometry = gpd.GeoSeries(outlines, crs=whole.areas.crs).reindex(rows.index)
    return Table.of(
        "wards",
        "Every ward",
        f"Under-fives beyond {walk.limit_walk} of {walk.to}, the most first. {ROUNDED}",
        columns,
        rows,
        geometry=geometry,
    )


def _beyond_columns(walk: Walk) -> tuple[Column, ...]:
    """How many live beyond the threshold, out of how many."""
    return (
        Column(
            key="under5_known",
            title="Under-fives, walk known",
            kind="count",
            width=1.2,
            about="Children aged 0 to 4 whose walk is known.",
        ),
        Column(
            key="under5_beyond",
            title=f"Beyond {walk.minutes:g} min",
            kind="count",
            about=f"Of them, beyond {walk.limit_walk}.",
        ),
        Column(
            key="beyond_share",
            title="Share",
            kind="share",
            width=0.8,
            about="Those beyond, as a part of those whose walk is known.",
        ),
    )


def _share(rows: pd.DataFrame) -> pd.Series:
    """The part of those beyond, of the two numbers as they are told, so that a reader can check it."""
    known = rounded(rows["under5_known"])
    return rounded(rows["under5_beyond"]) / known.where(known > 0)


def who(found: Findings) -> Table:
    """Who is missed: by deprivation fifth, and by how many residents were born abroad."""
    whole, walk = found.whole, found.whole.asked.question.walk
    gaps = whole.asked.gaps
    counts = pd.DataFrame(
        {
            "areas": (gaps["access_class"] != NO_STREETS).astype(float),
            "under5_known": whole.people["under5_known"],
            "under5_beyond": gaps["under5_beyond"],
        }
    )
    rows = group_sums(whole, found.chosen, counts)
    rows = rows[rows["areas"] > 0]
    rows["beyond_share"] = _share(rows)
    rows["group"] = [GROUP_WORDS[grouping, group] for grouping, group in rows.index]
    rows.index = pd.Index([f"{grouping}: {group}" for grouping, group in rows.index], name="group_key")
    columns = (
        Column(
            key="group",
            title="Families in",
            kind="text",
            width=3.2,
            about="Fifths of England by the Index of Multiple Deprivation; thirds of the authority by residents "
            "born abroad.",
        ),
        Column(key="areas", title="Neighbourhoods", kind="count", width=1.5, about="How many LSOAs with street data."),
        *_beyond_columns(walk),
    )
    return Table.of(
        "who",
        "Who lives too far away",
        "Each neighbourhood belongs to one fifth of England, and to one third of this authority by how many of its "
        f"residents of all ages were born abroad: a proxy for families from abroad. {ROUNDED}",
        columns,
        rows,
    )


def changes(found: Findings, change: Difference) -> Table:
    """Each neighbourhood before and after: those that lose, then those that gain, the greatest change first."""
    whole = found.whole
    rows = whole.areas[["area_name", "ward_name"]].join(change.areas).loc[found.chosen]
    moved = (
        (rows["minutes_change"].abs() >= NOTICED_MIN)
        | (rows["under5_beyond_change"].abs() >= 1)
        | (rows["minutes_before"].isna() != rows["minutes_after"].isna())
    )
    counted, longer = rows["under5_beyond_change"].fillna(0), rows["minutes_change"].fillna(0)
    stranded = rows["minutes_after"].isna() & rows["minutes_before"].notna()
    loses = (counted > 0) | ((counted == 0) & ((longer > 0) | stranded))
    order = np.lexsort((-longer.abs(), -counted.abs(), ~loses))
    rows = rows.iloc[order][moved.iloc[order]]
    minutes = ["minutes_before", "minutes_after"]
    rows[minutes] = rounded(rows[minutes])
    rows["minutes_change"] = rows["minutes_after"] - rows["minutes_before"]
    then, now = comparison.heads(found.request)
    columns = (
        _NAME,
        _WARD,
        Column(key="minutes_before", title=f"Minutes, {then}", kind="minutes", about=f"The median walk {then}."),
        Column(key="minutes_after", title=f"Minutes, {now}", kind="minutes", about=f"The median walk {now}."),
        Column(
            key="minutes_change", title="Change", kind="minutes_change", about="The second less the first.", width=0.9
        ),
        Column(
            key="under5_beyond_before",
            title=f"Beyond, {then}",
            kind="count",
            about=f"Under-fives beyond the threshold {then}.",
        ),
        Column(
            key="under5_beyond_after",
            title=f"Beyond, {now}",
            kind="count",
            about=f"Under-fives beyond the threshold {now}.",
        ),
        Column(
            key="under5_beyond_change",
            title="Change",
            kind="change",
            width=0.9,
            about="The second less the first, as told.",
        ),
    )
    return Table.of(
        "changes",
        "Neighbourhoods whose walk changes",
        "Those that lose stand before those that gain, the greatest change first; those not listed stay as they are. "
        f"{ROUNDED}",
        columns,
        rows,
        geometry=whole.areas.geometry.loc[rows.index],
        printed_rows=PRINTED_CHANGES,
    )
