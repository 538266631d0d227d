"""The maps of a report before they are drawn: colours, patterns, labels, symbols, and each map in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import shapely

from geo.difference import NOTICED_MIN
from geo.gaps import ACCESS_CLASSES
from geo.need import NEED_CLASSES
from layers.answers.beside_centres import beside_centres
from layers.maps import need_and_walk
from layers.maps.choropleth import MISSING
from layers.maps.walk_layers import CHANGED
from layers.maps.walk_layers import walk as walk_layer
from layers.reports.content import map_ground
from layers.reports.report_map import LegendEntry, ReportMap

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geo.difference import Difference
    from layers.reports.content.findings import Findings
    from layers.reports.figure import Figure
    from layers.reports.report_map import Hatch, Symbol

LABELLED = 15
"""How many of the first priorities have their rank written on the map."""

_RANKS = " Numbers show priority: 1 = highest."

_NEED_HATCH: Mapping[tuple[str, str], Hatch] = {
    ("low", "far"): "lines", ("middle", "far"): "cross", ("high", "far"): "dense",
    ("low", "fair"): "dots", ("middle", "fair"): "dots", ("high", "fair"): "dots", ("middle", "near"): "back",
}  # fmt: skip
_WALK_HATCH: tuple[Hatch, ...] = ("", "", "dots", "lines", "cross", "dense")
_UNCHANGED = 2  # of the classes of a change
_CHANGE_HATCH: tuple[Hatch, ...] = ("back", "dots", "", "lines", "cross", "dense")


def maps_of(found: Findings, figures: Mapping[str, Figure]) -> dict[str, ReportMap]:
    """The maps by key, in their order."""
    maps = [need_map(found, figures)]
    if found.everywhere or found.request.question.to == "play":
        maps.append(walk_map(found, figures))
    if found.whole.change is not None:
        maps.append(change_map(found, found.whole.change))
    return {one.key: one for one in maps}


def need_map(found: Findings, figures: Mapping[str, Figure]) -> ReportMap:
    """Need and walking time: nine classes."""
    whole, walk = found.whole, found.whole.asked.question.walk
    table = whole.asked.gaps
    pairs = list(zip(table["need_class"], table["access_class"], strict=True))
    areas = _areas(found, need_and_walk.fills(table), [_NEED_HATCH.get(pair, "") for pair in pairs])
    inside = table.index.isin(found.chosen)
    used = {pair for pair, here in zip(pairs, inside, strict=True) if here}
    legend = [
        LegendEntry(
            label=need_and_walk.class_words(need, access, walk),
            fill=need_and_walk.fill(need, access),
            hatch=_NEED_HATCH.get((need, access), ""),
        )
        for need in NEED_CLASSES[::-1]
        for access in ACCESS_CLASSES[::-1]
    ]
    unknown = [pair for pair in used if need_and_walk.fill(*pair) == MISSING]
    if unknown:
        legend.append(LegendEntry(label="not known", fill=MISSING, hatch="gone"))
    high = sum(pair == ("high", "far") for pair, here in zip(pairs, inside, strict=True) if here)
    return ReportMap(
        key="need", title=f"Need and walking time to {walk.to}",
        about=f"Minutes are the typical walk, one way. High, middle and low need are thirds of the authority.{_RANKS}"
        f"{_coloured(found)}",
        alt=f"Map of {_where(found)}: need and walking time to {walk.to}. {_areas_said(figures)} "
        f"{_many(high, 'has', 'have')} high need and {'is' if high == 1 else 'are'} far. The table of "
        "neighbourhoods has "
        "the same information.",
        areas=areas, sites=_sites(found), legend=tuple(legend), **_beneath(found),
    )  # fmt: skip


def walk_map(found: Findings, figures: Mapping[str, Figure]) -> ReportMap:
    """Minutes to the nearest site."""
    whole, walk = found.whole, found.whole.asked.question.walk
    layer = walk_layer(walk.minutes)
    table = whole.asked.gaps
    number = layer.classes(table)
    hatch: list[Hatch] = ["gone" if n < 0 else _WALK_HATCH[n] for n in number]
    legend = [
        LegendEntry(label=label, fill=fill, hatch=_WALK_HATCH[n])
        for n, (label, fill) in enumerate(zip(layer.labels, layer.palette, strict=True))
    ]
    if (number[found.chosen] < 0).any():
        legend.append(LegendEntry(label=layer.unknown, fill=MISSING, hatch="gone"))
    return ReportMap(
        key="walk", title=f"Minutes on foot to {walk.to}",
        about=f"The typical walk of each neighbourhood, one way.{_RANKS}{_coloured(found)}",
        alt=f"Map of {_where(found)}: minutes on foot to {walk.to}. {_areas_said(figures)} "
        "The table of neighbourhoods has the same information.",
        areas=_areas(found, layer.fills(table), hatch), sites=_sites(found), legend=tuple(legend),
        **_beneath(found),
    )  # fmt: skip


def change_map(found: Findings, change: Difference) -> ReportMap:
    """Where the walk gets longer or shorter."""
    table = change.areas
    number = CHANGED.classes(table)
    here = table.loc[found.chosen, "minutes_change"]
    longer, shorter = int((here >= NOTICED_MIN).sum()), int((here <= -NOTICED_MIN).sum())
    was, will = (table.loc[found.chosen, f"minutes_{when}"].notna() for when in ("before", "after"))
    gone, come = int((was & ~will).sum()), int((will & ~was).sum())
    lost = f"; most can no longer walk there in {_many(gone)}" if gone else ""
    lost += f"; most can now walk there in {_many(come)}" if come else ""
    legend = [
        LegendEntry(label=label, fill=fill, hatch=hatch)
        for label, fill, hatch in zip(CHANGED.labels, CHANGED.palette, _CHANGE_HATCH, strict=True)
    ]
    if (number[found.chosen] < 0).any():
        legend.append(LegendEntry(label=CHANGED.unknown, fill=MISSING, hatch="gone"))
    hatches: list[Hatch] = ["gone" if n < 0 else _CHANGE_HATCH[n] for n in number]
    areas = _areas(found, CHANGED.fills(table), hatches, ranked=number != _UNCHANGED)
    ranks = _RANKS if (areas["label"] != "").any() else ""
    return ReportMap(
        key="change", title="Where the walk changes", about=f"{CHANGED.about}{ranks}{_coloured(found)}",
        alt=f"Map of {_where(found)}: where the walk changes. It gets longer in {_many(longer)} and shorter in "
        f"{_many(shorter)}{lost}. The table of changes has the same information.",
        areas=areas, sites=_sites(found), legend=tuple(legend), **_beneath(found),
    )  # fmt: skip


def _coloured(found: Findings) -> str:
    return "" if found.whole.built_up is None else " Only the built-up part of each neighbourhood is coloured."


def _where(found: Findings) -> str:
    if found.everywhere:
        return found.whole.place.card.name
    if found.request.ward:
        return str(found.whole.areas.loc[found.chosen, "ward_name"].iloc[0])
    return found.request.name or "the chosen neighbourhoods"


def _areas_said(figures: Mapping[str, Figure]) -> str:
    far = figures["areas_far"]
    return f"In {far.said} most families live beyond the threshold."


def _many(number: int, one: str = "", many: str = "") -> str:
    verb = one if number == 1 else many
    return f"{number:,} neighbourhood{'' if number == 1 else 's'}{' ' if verb else ''}{verb}"


def _areas(
    found: Findings, fills: pd.Series, hatch: Sequence[Hatch], ranked: pd.Series[bool] | None = None
) -> gpd.GeoDataFrame:
    """The areas as they are drawn; ``ranked`` tells which may have their rank on them, all if it is not given."""
    areas, rank, shapes = found.whole.areas, found.whole.asked.gaps["gap_rank"], map_ground.shapes(found)
    inside = areas.index.isin(found.chosen)
    first = rank[inside].dropna().nsmallest(LABELLED).map("{:.0f}".format)
    labels = first.astype("object").reindex(areas.index, fill_value="")
    labels = labels if ranked is None else labels.where(ranked, "")
    hatched = pd.Series(list(hatch), index=areas.index).where(fills != MISSING, "gone")
    unsure = (found.whole.asked.gaps["near_missing_streets"] == "yes") & inside
    drawn = gpd.GeoDataFrame(
        {"fill": fills, "hatch": hatched, "label": labels, "inside": inside, "unsure": unsure}, geometry=shapes,
        crs=areas.crs,
    )  # fmt: skip
    near = shapely.intersects(shapes.to_numpy(), map_ground.around(found))
    return drawn if found.everywhere else drawn[inside | near]


def _beneath(found: Findings) -> dict[str, Any]:
    """What the maps of a report have in common."""
    return {
        "streets": map_ground.streets(found), "names": map_ground.names(found), "ground": map_ground.ground(found),
        "boundary": map_ground.boundary(found), "extent": map_ground.extent(found),
    }  # fmt: skip


def _sites(found: Findings) -> gpd.GeoDataFrame:
    """The sites that count, those that have gone, those that are proposed; each once, the last said wins."""
    whole = found.whole
    beside = besides(found)
    parts = [*([_symbols(beside)] if len(beside) else []), _symbols(whole.asked.sites)]
    if whole.lost is not None and whole.asked.question.to == "centres":
        gone = whole.lost.lost.gone
        parts.append(_symbols(gone[~gone.index.isin(whole.asked.sites.index)], "closed"))
    if found.plan is not None:
        chosen = found.plan.candidates.loc[list(found.plan.plan.chosen)]
        parts.append(_symbols(chosen, "proposed"))
    sites = pd.concat(parts)
    sites = gpd.GeoDataFrame(sites[~sites.index.duplicated(keep="last")], geometry="geometry", crs=whole.areas.crs)
    if found.everywhere:
        return sites[shapely.intersects(sites.geometry.to_numpy(), shapely.box(*whole.areas.total_bounds))]
    return sites[shapely.intersects(sites.geometry.to_numpy(), map_ground.around(found))]


def besides(found: Findings) -> gpd.GeoDataFrame:
    """Network sites and planned openings that do not count, of a report on walks to centres."""
    question = found.whole.asked.question
    there = beside_centres(found.whole.place.centres(), question)
    return there if question.to == "centres" else there[:0]


def _symbols(sites: gpd.GeoDataFrame, symbol: Symbol | None = None) -> gpd.GeoDataFrame:
    """Sites with a symbol, each with its own if none is given."""
    placed = sites[sites.geometry.notna() & ~sites.geometry.is_empty]
    points = shapely.point_on_surface(placed.geometry.to_numpy())
    symbols = [symbol] * len(placed) if symbol else symbols_of(placed)
    names = placed["name"].fillna("").astype("str")
    return gpd.GeoDataFrame({"symbol": symbols, "name": names}, geometry=points, index=placed.index, crs=sites.crs)


def symbols_of(sites: gpd.GeoDataFrame) -> list[Symbol]:
    """What each site that counts is on a map."""
    rows = zip(sites.index, sites["kind"], sites["status"], strict=True)
    return [_symbol_of(str(site), kind, status) for site, kind, status in rows]


def _symbol_of(site: str, kind: str, status: str) -> Symbol:
    if kind == "community":
        return "community"
    if kind == "play_space":
        return "play"
    if status == "planned":
        return "planned"
    if kind == "network_site":
        return "network"
    if site.startswith("new-"):
        return "added"
    return "linked" if status == "linked" else "full"
