"""The reach of one site: its streets within some minutes, who lives there, for whom it is the nearest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo import single_closure
from geo.access import nearest, reach_from
from geo.catchments import land_within, streets_within
from geo.errors import RequestError
from geo.homes import PEOPLE
from geo.whole import shown, whole
from layers.answers.walks import site_named

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    from layers.answers.question import Ground, Question

DEPRIVED = {"under5_imd": "imd_decile", "under5_idaci": "idaci_decile"}
"""Under-fives in neighbourhoods among the most deprived fifth of England, by each measure."""


@dataclass(frozen=True, eq=False)
class Catchment:
    """What lies within reach of a site, on one profile's streets."""

    name: str
    streets: gpd.GeoDataFrame
    """As `geo.catchments.streets_within` gives them."""
    people: pd.DataFrame
    """Index ``minutes``: `geo.homes.PEOPLE` and `DEPRIVED` within each limit, and ``under5_nearest``, those of them for
    whom no other site is nearer. Missing where the figure is."""
    depends: pd.Series[float]
    """As `geo.single_closure.depends_on` has it, for the question's threshold."""


def catchment_of(
    on: Ground, question: Question, sites: gpd.GeoDataFrame, text: str, limits: Sequence[float]
) -> Catchment:
    """The reach of the site that a text names.

    Parameters
    ----------
    on, question
        The streets and homes, and the threshold.
    sites
        Those that count for the question.
    text
        The site's name or id, see `layers.answers.walks.site_named`.
    limits
        Minutes, as `geo.catchments.limits_of` gives them.

    Raises
    ------
    RequestError
        The text names no one site, or no street data reach the site, so that nothing can be said of it.
    """
    site = site_named(text, sites)
    state = nearest(on.network, site)
    if not len(state.doors.site):
        message = (
            f"{site['name'].fillna(site.index[0]).iloc[0]}: no street data within 250 m, so its reach is not known"
        )
        raise RequestError(message)
    walk = on.network.minutes(state.cost(on.snaps)[0])
    every = reach_from(on.network, on.snaps, on.origins["area_code"], sites)
    mine = (every["site_id"] == site.index[0]).to_numpy()
    columns = {name: on.origins[name].to_numpy(float) for name in PEOPLE}
    for name, decile in DEPRIVED.items():
        tenth = on.areas[decile].reindex(on.origins["area_code"]).to_numpy(float)
        columns[name] = np.where(np.isnan(tenth), np.nan, np.where(tenth <= 2, columns["under5"], 0.0))
    rows = {}
    for limit in limits:
        near = on.counted & (walk <= limit)
        rows[limit] = {name: _sum(values, near) for name, values in columns.items()}
        rows[limit]["under5_nearest"] = _sum(columns["under5"], near & mine)
    people = pd.DataFrame.from_dict(rows, orient="index").rename_axis("minutes")
    depends = single_closure.depends_on(on.counted_reach(every), on.origins, sites, minutes=question.minutes)
    name = str(site["name"].fillna(f"one without a name ({site.index[0]})").iloc[0])
    return Catchment(name, streets_within(state, limits), people, depends.loc[site.index[0]])


def said(found: Catchment, question: Question) -> list[str]:
    """The reach in sentences, one a limit, and what hangs on the site."""
    lines = [
        f"Under-fives within {limit:g} minutes' walk of {found.name}: {_about(row['under5'])} "
        f"(under two: {shown(row['under2'])}; nearest to it: {shown(row['under5_nearest'])}; "
        f"in the most deprived fifth of England: {shown(row['under5_imd'])})."
        for limit, row in found.people.iterrows()
    ]
    crossing = shown(found.depends["would_cross"])
    lines += [
        f"Under-fives nearest to it, at any distance: {_about(found.depends['under5'])}.",
        f"If it closed, under-fives newly beyond {question.minutes:g} minutes: {crossing}.",
    ]
    return lines


def table_of(found: Catchment, *, shape: bool = False) -> gpd.GeoDataFrame:
    """The reach as a table: a row a limit, with its streets as lines or, as ``shape``, the land beside them."""
    table = found.streets.join(whole(found.people)).round({"metres": 0})
    return table.set_geometry(land_within(found.streets)) if shape else table


def _sum(values: np.ndarray, which: np.ndarray) -> float:
    return float("nan") if np.isnan(values).all() else float(values[which].sum())  # missing if any of them is


def _about(value: float) -> str:
    return shown(value) if np.isnan(value) else f"about {shown(value)}"
