"""All rows of a layer of ONS Open Geography: page by page, or some codes at a time, and whether all have come."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from data.fetch.ask import DAY
from data.services import arcgis
from geo.errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from data.fetch.ask import Ask
    from data.services.alternatives import Asking


def read_rows(
    client: Asking, layer: str, query: arcgis.Query, *, source: str, rows: int = arcgis.MOST_ROWS, counted: bool = True
) -> pd.DataFrame:
    """All rows of a condition, page by page by the rows received, until the layer's flag is gone.

    Parameters
    ----------
    rows
        As many are asked for at once.
    counted
        Whether the layer is asked how many there are, where nothing else tells that all have come.

    Returns
    -------
    pandas.DataFrame
        The columns asked for; a GeoDataFrame in British National Grid if shapes were. Without rows it has no columns.

    Raises
    ------
    ServiceError
        The layer is gone, or gives another number of rows than it counts.
    """
    try:
        return _all_rows(client, layer, query, source=source, rows=rows, counted=counted and not query.distinct)
    except _UnevenError:
        # Pages kept on another day do not fit together: all of them are asked for again.
        return _all_rows(client, layer, query, source=source, rows=rows, fresh_for=0.0)


class _UnevenError(ServiceError):
    """The pages do not add up to what the layer counts."""


def _all_rows(
    client: Asking,
    layer: str,
    query: arcgis.Query,
    *,
    source: str,
    rows: int,
    counted: bool = True,
    fresh_for: float | None = DAY,
) -> pd.DataFrame:
    def get(ask: Ask) -> Path:
        return client.get(replace(ask, fresh_for=fresh_for)).path

    expected = arcgis.read_count(get(arcgis.count_ask(layer, query, source=source))) if counted else None
    pages: list[pd.DataFrame] = []
    received = 0
    while True:
        page = arcgis.read_page(get(arcgis.page_ask(layer, query, source=source, offset=received, rows=rows)))
        pages.append(page.rows)
        received += len(page.rows)
        if not page.more or page.rows.empty:
            break
    if expected is not None and received != expected:
        who = arcgis.who(layer)
        raise _UnevenError(who, found=f"{received:,} rows", expected=f"{expected:,}, as it counts them itself")
    filled = [page for page in pages if len(page)]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame()


def read_listed(
    client: Asking,
    layer: str,
    query: arcgis.Query,
    *,
    field: str,
    codes: Iterable[str],
    source: str,
    once: bool = False,
) -> pd.DataFrame:
    """The rows of a list of codes, some codes a call.

    Parameters
    ----------
    query
        Its ``where`` is not used.
    field
        The column of the codes, among the fields asked for.
    once
        Whether each code has one row: then the layer need not be asked how many there are.

    Raises
    ------
    ServiceError
        The layer is gone, has no row for one of the codes, or several where each has one.
    """
    wanted = set(codes)
    parts = []
    for some in arcgis.batches(wanted):
        listed = replace(query, where=arcgis.in_list(field, some))
        parts.append(read_rows(client, layer, listed, source=source, counted=not once))
    filled = [part for part in parts if len(part)]
    table = pd.concat(filled, ignore_index=True) if filled else pd.DataFrame({field: []})
    missing = sorted(wanted.difference(table[field].astype("str")))
    if missing:
        found = f"no row for {len(missing):,} of {len(wanted):,} codes, such as {missing[0]}"
        raise arcgis.fault_of(layer, found=found, expected="a row for each")
    if once and len(table) != len(wanted):
        raise arcgis.fault_of(layer, found=f"{len(table):,} rows for {len(wanted):,} codes", expected="one for each")
    return table
