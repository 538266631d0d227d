"""Charts as text: drawing one takes longer than the rest of a page, and loading the library as long again.

So they are kept, keyed by what they show, and nobody loads that who sees none.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pandas as pd

from layers.cache.keys import data

if TYPE_CHECKING:
    from datetime import date


@data(max_entries=32)
def ledger_bars(rows: tuple[tuple[str, str, float, float], ...], limit: str) -> str:
    """The chart of the ledger: site, name, share and loss alone; under-fives."""
    from layers.maps import charts  # noqa: PLC0415

    table = pd.DataFrame(rows, columns=["site_id", "name", "joint", "alone"]).set_index("site_id")
    return json.dumps(charts.ledger_bars(table, limit=limit).to_dict())


@data(max_entries=32)
def years(rows: tuple[tuple[pd.Timestamp, float, float, float], ...], day: date, limit: str) -> str:
    """The chart of the years: day, under-fives beyond, and the low and high reading."""
    from layers.maps import charts  # noqa: PLC0415

    table = pd.DataFrame(rows, columns=["date", "beyond", "low", "high"])
    return json.dumps(charts.through_time(table, day=day, limit=limit).to_dict())


@data(max_entries=32)
def trade_off_lines(rows: tuple[tuple[int, float, float], ...], limit: str) -> str:
    """The chart of one to five new sites: how many, the greedy and the best answer in under-fives."""
    from layers.maps import charts  # noqa: PLC0415

    table = pd.DataFrame(rows, columns=["k", "greedy", "optimum"])
    return json.dumps(charts.trade_off_lines(table, limit=limit).to_dict())


@data(max_entries=32)
def aims_points(rows: tuple[tuple[str, float, float, bool], ...], limit: str) -> str:
    """The chart of the aims of new sites: aim, under-fives, minutes fairer, and whether no other is better by both."""
    from layers.maps import fairness_charts  # noqa: PLC0415

    table = pd.DataFrame(rows, columns=["aim", "within", "fairer", "unbeaten"])
    return json.dumps(fairness_charts.aims_points(table, limit=limit).to_dict())


@data(max_entries=32)
def shared_walking(rows: tuple[tuple[float, float, float], ...], first: str, last: str) -> str:
    """The chart of how walking is shared out: families, and their part of all minutes in two orders."""
    from layers.maps import fairness_charts  # noqa: PLC0415

    table = pd.DataFrame(rows, columns=["families", "by_order", "by_walk"])
    return json.dumps(fairness_charts.shared_walking(table, first=first, last=last).to_dict())
