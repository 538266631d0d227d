"""Postcodes of an authority from the ONS Postcode Directory's layer, with the areas they belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from data.services import arcgis, paging
from data.services.portal import Layer, Need, ask_portal
from geo.errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from data.services.alternatives import Asking
    from data.services.authorities import Authority

PACE_S = 2.0
"""Seconds between two pages of the directory."""

NO_POSITION = 99.0
"""A latitude from which on a postcode has no position (it is given as 99.999999)."""

DIRECTORY = Need(
    source="postcode_directory",
    what="postcodes of the authority",
    pattern="ONSPD_Online_latest_Postcode_Centroids",
    known=(
        "ONSPD_Online_latest_Postcode_Centroids",
        "Online_ONS_Postcode_Directory_Live",
        "Online_ONS_Postcode_Directory_Live/1",
        "ONSPD_LATEST_UK",
    ),
    last=r"ONS_Postcode_Directory_\((?P<month>[A-Za-z]+)_(?P<year>\d{4})\)_for_the_United_Kingdom_\(Hosted_Table\)",
    fields={
        "postcode": "PCDS",
        "ended": "DOTERM",
        "east": "(?:OS)?EAST1M",
        "north": "(?:OS)?NRTH1M|NORTH1M",
        "latitude": "LAT",
        "code": r"LAD\d\dCD",
        "oa": "OA21CD",
        "lsoa": "LSOA21CD",
    },
)


def read_postcodes(client: Asking, authority: Authority) -> pd.DataFrame:
    """The live postcodes of an authority, in the columns of the publisher.

    They are sorted by postcode: by OBJECTID the layer fails or hangs. A postcode without a position has no
    coordinates here.

    Source: ONS Postcode Directory.

    Raises
    ------
    ServiceError
        No layer has them.
    """

    def ask(client: Asking, layer: Layer) -> pd.DataFrame:
        names = layer.columns
        where = f"{arcgis.in_list(names['code'], authority.codes)} AND {names['ended']} IS NULL"
        query = arcgis.Query(where=where, fields=tuple(names.values()), order=names["postcode"], pace=PACE_S)
        rows = paging.read_rows(client, layer.address, query, source=DIRECTORY.source, rows=layer.card.most_rows)
        if rows.empty:
            expected = f"live postcodes of {authority.name} ({', '.join(authority.codes)})"
            raise ServiceError(_called(layer), found="none", expected=expected)
        return located(rows, layer)

    return ask_portal(client, DIRECTORY, ask)


def read_listed(client: Asking, postcodes: Iterable[str]) -> pd.DataFrame:
    """Some postcodes, wherever they are and whether in use or not, such as those of neighbours' centres.

    A postcode that the directory does not have is not in the table.

    Parameters
    ----------
    postcodes
        With their one space.
    """
    wanted = sorted({" ".join(one.upper().split()) for one in postcodes} - {""})

    def ask(client: Asking, layer: Layer) -> pd.DataFrame:
        names = layer.columns
        parts = []
        for some in arcgis.batches(wanted):
            where = arcgis.in_list(names["postcode"], some)
            query = arcgis.Query(where=where, fields=tuple(names.values()), order=names["postcode"], pace=PACE_S)
            parts.append(paging.read_rows(client, layer.address, query, source=DIRECTORY.source))
        filled = [part for part in parts if len(part)]
        if not filled:
            return pd.DataFrame(columns=list(names.values()))
        return located(pd.concat(filled, ignore_index=True), layer)

    return ask_portal(client, DIRECTORY, ask)


def located(rows: pd.DataFrame, layer: Layer) -> pd.DataFrame:
    """The rows, without the coordinates of those that have no position, and without their latitude."""
    names = layer.columns
    nowhere = pd.to_numeric(rows[names["latitude"]], errors="coerce").ge(NO_POSITION)
    points = rows[[names["east"], names["north"]]].mask(nowhere)
    return rows.drop(columns=names["latitude"]).assign(**{str(name): points[name] for name in points})


def write_postcodes(table: pd.DataFrame, path: Path) -> Path:
    """Write postcodes as the directory has them, which is how they are read."""
    table.to_csv(path, index=False, encoding="utf-8")
    return path


def _called(layer: Layer) -> str:
    return f"ONS Open Geography, {layer.service}"
