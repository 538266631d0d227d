"""A map of a report, all decided: colours, patterns, symbols and what they mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    import shapely

Hatch = Literal["", "dots", "lines", "back", "cross", "dense", "gone"]
"""A pattern that tells classes apart without colour; ``gone`` is that of areas of which nothing is known."""

Symbol = Literal["full", "linked", "network", "planned", "play", "community", "own", "closed", "proposed", "added"]
"""What a site on a printed map is: its shape says so, not its colour alone."""


@dataclass(frozen=True, kw_only=True)
class LegendEntry:
    """A colour with its pattern and what both mean."""

    label: str
    fill: str
    hatch: Hatch = ""


@dataclass(frozen=True, eq=False, kw_only=True)
class ReportMap:
    """A map to be drawn, all decided: whoever draws it chooses nothing but where the scale goes.

    Parameters
    ----------
    key, title, about
        Name of its file, heading, and how to read it in a sentence.
    alt
        What it shows, for somebody who does not see it, with its figures.
    areas
        On the areas' index: ``fill`` (``#rrggbb``), ``hatch`` (of `Hatch`), ``label`` (a few characters to write on the
        area, mostly its rank; empty if none), ``inside`` (whether the report is about it; the others are drawn faint,
        for orientation), and ``unsure`` where streets are missing near by, so that the walk may be shorter; what is
        coloured of each, British National Grid.
    sites
        ``symbol`` (of `Symbol`), ``name``; points, British National Grid.
    streets
        Lines to find one's way by, British National Grid; ``main`` says which are drawn stronger. None for a whole
        authority, where they would be a blur.
    legend
        Classes in their order; `sites` add their own entries, of `SYMBOL_WORDS`.
    names
        Names to find one's way by, the most important first: ``name``, ``kind``, ``angle`` and ``room_m``
        as in `geo.tables.Labels`, points, British National Grid; None if there are none.
    ground
        What the map stands on, as `geo.tables.Backdrop`; None where nothing is known of it: then the areas are all the
        land there is.
    boundary
        The boundary of the authority, British National Grid; None where it is not drawn.
    extent
        What must be seen: west, south, east and north, British National Grid; None for all that the report is about.
    """

    key: str
    title: str
    about: str
    alt: str
    areas: gpd.GeoDataFrame
    sites: gpd.GeoDataFrame
    legend: tuple[LegendEntry, ...]
    streets: gpd.GeoDataFrame | None = None
    names: gpd.GeoDataFrame | None = None
    ground: gpd.GeoDataFrame | None = None
    boundary: shapely.Geometry | None = None
    extent: tuple[float, float, float, float] | None = None


SYMBOL_WORDS: Mapping[Symbol, str] = {
    "full": "full children's centre", "linked": "linked site, with a reduced offer",
    "network": "network site, with some of a hub's services", "planned": "planned to open", "play": "play space",
    "community": "community space",
    "own": "site of your list", "closed": "closed, or no longer a full centre",
    "proposed": "where a new one would help most", "added": "opened in the scenario",
}  # fmt: skip
