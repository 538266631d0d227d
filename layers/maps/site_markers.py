"""Centres and play spaces as markers, told apart by shape."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from geo.crs import to_wgs84
from geo.days import day_text
from geo.sites import SERVING
from layers.answers.question import STATUS_WORDS, what_it_is
from layers.maps.scene import Marker, shape_of

if TYPE_CHECKING:
    import geopandas as gpd

UNSURE_WORDS = "not certain on this day"
UNREACHED_WORDS = "no street we have leads there: not counted"
KIND_WORDS = {
    "centre": "Children's centre", "hub": "Family hub", "network_site": "Network site", "play_space": "Play space",
    "community": "Your site",
}  # fmt: skip
GIVES = "Gives at least one of a hub's services regularly; it is no children's centre."
"""What is known of every network site."""


def markers(sites: gpd.GeoDataFrame) -> tuple[Marker, ...]:
    """Markers of the sites that have a place.

    Parameters
    ----------
    sites
        As `geo.tables.Sites`, with ``status`` as of the day shown. Where a column ``unsure`` is true, what is known of
        the site's dates leaves open what it was on that day, and where ``unreached`` is nobody can walk to it; the
        marker says so.
    """
    placed = sites[sites.geometry.notna() & ~sites.geometry.is_empty & sites["status"].notna()]
    points = shapely.point_on_surface(placed.geometry.to_numpy())
    lon, lat = to_wgs84(shapely.get_x(points), shapely.get_y(points))
    unsure, apart = (
        placed[name].fillna(value=False).astype(bool) if name in placed else pd.Series(False, placed.index)
        for name in ("unsure", "unreached")
    )
    doubts = np.where(apart, UNREACHED_WORDS, np.where(unsure, UNSURE_WORDS, ""))
    columns = placed[["name", "kind", "status", "opened", "linked_since", "closed", "source"]]
    return tuple(
        Marker(
            str(site_id),
            round(x, 5),
            round(y, 5),
            shape_of(row.kind, row.status),
            row.name if isinstance(row.name, str) else KIND_WORDS[row.kind],
            _lines(row) + ((doubt,) if doubt else ()),
            bool(doubt),
        )
        for site_id, row, x, y, doubt in zip(
            placed.index,
            columns.itertuples(index=False, name="Site"),
            lon.tolist(),
            lat.tolist(),
            doubts.tolist(),
            strict=True,
        )
    )


def details(site: pd.Series, words: str | None = None) -> tuple[str, ...]:
    """What is known of a centre, who says so and when, in sentences.

    Parameters
    ----------
    site
        A row of `geo.tables.Sites`.
    words
        What it is on the day; its last known status if none is given.
    """
    said = [f"{KIND_WORDS[site['kind']]}: {words or STATUS_WORDS[site['status']]}."]
    if site["kind"] == "network_site":
        said = [f"{KIND_WORDS['network_site']}. {GIVES}" if site["status"] in SERVING else said[0]]
    for column, meaning in (
        ("opened", "Planned for" if site["status"] == "planned" else "Opened"),
        ("linked_since", "Linked site since"),
        ("closed", "Closes or closed"),
    ):
        if not pd.isna(site[column]):
            said.append(f"{meaning} {day_text(site[column])}.")
    if isinstance(site["hub"], str) and site["kind"] != "hub":
        since = site.get("hub_since")
        when = "" if since is None or pd.isna(since) else f", from {day_text(since)}"
        said.append(f"A family hub is at the same door: {site['hub']}{when}.")
    spoke = "" if pd.isna(site["source_date"]) else f", {day_text(site['source_date'])}"
    said.append(f"Source: {site['source']}{spoke}.")
    return (*said, site["note"]) if isinstance(site["note"], str) else tuple(said)


def _lines(site) -> tuple[str, ...]:  # type: ignore[no-untyped-def] # noqa: ANN001 (a named row)
    if site.kind == "play_space":
        return (f"Play space, {site.source}",)
    said = [f"{KIND_WORDS[site.kind]}, {STATUS_WORDS[site.status]}"]
    if site.kind == "network_site" and site.status in SERVING:
        said = [f"{what_it_is(site.kind, site.status).capitalize()}"]
    for day, words in (
        (site.opened, "planned for" if site.status == "planned" else "opened"),
        (site.linked_since, "linked site since"),
        (site.closed, "closes or closed"),
    ):
        if not pd.isna(day):
            said.append(f"{words} {day_text(day)}")
    return tuple(said)
