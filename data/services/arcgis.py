"""Layers of ONS Open Geography (ArcGIS): how they are asked page by page, and what their answers and errors mean."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio

from data.fetch.ask import Ask, NotYet, is_json
from data.sources.boundaries import READ_ERRORS
from geo.crs import BNG, in_bng
from geo.errors import CrsError, ServiceError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path


GEOGRAPHY = "https://services1.arcgis.com/ESMARspQHYMw9BZ9/arcgis/rest/services"
"""ONS Open Geography, the folder of its services at ArcGIS Online."""

CODES_A_CALL = 90
"""Codes in one list: a program met a limit above that."""

MOST_ROWS = 2_000
"""Rows asked for at once; a layer that gives fewer says so by its flag."""

_LONG = 1_000
"""Characters of a condition from which it is posted, not put in the address."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True, kw_only=True)
class Query:
    """What is asked of a layer.

    Parameters
    ----------
    where
        The condition, in the layer's own SQL; texts go through `quoted`.
    fields
        The columns wanted.
    order
        The column that the rows are sorted by, so that pages do not overlap; never OBJECTID, which can hang.
    geometry
        Whether shapes come too, in British National Grid.
    distinct
        Whether each row is wanted once.
    pace
        Seconds between two pages; None for the usual ones.
    """

    where: str = "1=1"
    fields: tuple[str, ...] = ("*",)
    order: str = ""
    geometry: bool = False
    distinct: bool = False
    pace: float | None = None


@dataclass(frozen=True, kw_only=True)
class LayerCard:
    """What a layer says of itself: its columns, how many rows it gives at once, when its rows last changed (UTC)."""

    fields: tuple[str, ...]
    most_rows: int = MOST_ROWS
    changed: date | None = None

    def field(self, pattern: str) -> str | None:
        """The column whose whole name matches, whatever its capitals; of several years the latest."""
        return max((name for name in self.fields if re.fullmatch(pattern, name, re.IGNORECASE)), default=None)


class Page(NamedTuple):
    """One answer: its rows (shapes with them if they were asked for), and whether there are more."""

    rows: pd.DataFrame
    more: bool


def layer_address(service: str, *, number: int = 0) -> str:
    """The address of a layer of a service."""
    return f"{GEOGRAPHY}/{service}/FeatureServer/{number}"


def quoted(text: str) -> str:
    """A text in a condition: in apostrophes, those within it doubled."""
    return "'" + text.replace("'", "''") + "'"


def in_list(field: str, values: Sequence[str]) -> str:
    """The condition that a column holds one of some texts."""
    return f"{field} IN ({','.join(map(quoted, values))})"


def batches(codes: Iterable[str], *, size: int = CODES_A_CALL) -> Iterator[list[str]]:
    """Codes, each once and sorted, in lists that one call can take."""
    ordered = sorted(set(codes))
    for start in range(0, len(ordered), size):
        yield ordered[start : start + size]


def page_ask(layer: str, query: Query, *, source: str, offset: int = 0, rows: int = MOST_ROWS) -> Ask:
    """Ask for the rows of a layer from `offset` on; long conditions are posted."""
    asked = _asked(query) | {"resultOffset": str(offset), "resultRecordCount": str(rows)}
    asked |= {"outSR": "27700", "f": "geojson"} if query.geometry else {"f": "json"}
    return replace(_ask(f"{layer}/query", asked, source=source), pace=query.pace)


def count_ask(layer: str, query: Query, *, source: str) -> Ask:
    """Ask how many rows a condition has."""
    return _ask(f"{layer}/query", {"where": query.where, "returnCountOnly": "true", "f": "json"}, source=source)


def card_ask(layer: str, *, source: str) -> Ask:
    """Ask a layer for its columns and limits."""
    return _ask(layer, {"f": "json"}, source=source)


def services_ask(*, source: str) -> Ask:
    """Ask for the names of all services."""
    return _ask(GEOGRAPHY, {"f": "json"}, source=source)


def _ask(url: str, asked: Mapping[str, str], *, source: str) -> Ask:
    posted = len(asked.get("where", "")) > _LONG
    layer = _short(url)
    return Ask(
        url,
        source=source,
        query=None if posted else asked,
        form=asked if posted else None,
        looks=is_json,
        check=partial(check_answer, layer=layer),
        refused=partial(_refused, layer=layer),
        name="answer.json",
    )


def _asked(query: Query) -> dict[str, str]:
    asked = {"where": query.where, "outFields": ",".join(query.fields)}
    asked["returnGeometry"] = "true" if query.geometry else "false"
    if query.distinct:
        asked["returnDistinctValues"] = "true"
    if query.order:
        asked["orderByFields"] = query.order
    return asked


def check_answer(path: Path, *, layer: str) -> None:
    """Tell an answer from an error, which comes with status 200 as well.

    Raises
    ------
    NotYet
        It is worth asking again: JSON that is cut short, a busy server, or "Invalid query parameters" without a field
        named, which a burst of calls draws for good queries too.
    ServiceError
        It is not: the layer or a column is gone, or needs a sign-in.
    """
    answer = _read(path)
    if answer is None:
        raise NotYet(found="JSON that is cut short")
    error = answer.get("error")
    if isinstance(error, dict):
        _raise(error, layer)


def _refused(status: int, first: bytes, *, layer: str) -> None:
    """An error that comes with an error's status, of which all but a burst's 400 is as usual for that status."""
    try:
        error = json.loads(first).get("error")
    except (ValueError, AttributeError):
        return
    if status == 400 and isinstance(error, dict):
        _raise(error, layer)


def _raise(error: dict[str, Any], layer: str) -> None:
    details = " ".join(map(str, error.get("details") or ()))
    said = f"{error.get('message', 'an error without words')} {details}".strip()
    code = error.get("code")
    passing = "invalid query parameters" in said.casefold() and "invalid field" not in said.casefold()
    if passing or (isinstance(code, int) and (code == 429 or code >= 500)):
        raise NotYet(found=said)
    raise fault_of(layer, found=f"an error ({said})", expected="its rows")


def fault_of(layer: str, *, found: str, expected: str) -> ServiceError:
    """What is wrong with a layer, or with the file that it gave."""
    return ServiceError(who(layer), found=found, expected=expected)


def who(layer: str) -> str:
    """What a layer is called in a message, by its name or address."""
    return f"ONS Open Geography, {_short(layer)}"


def _short(url: str) -> str:
    return url.removeprefix(GEOGRAPHY).removesuffix("/query").strip("/") or "its list of services"


def _read(path: Path) -> dict[str, Any] | None:
    """The answer, or None if it is no JSON object."""
    try:
        answer = json.loads(path.read_bytes())
    except ValueError:
        return None
    return answer if isinstance(answer, dict) else None


def read_card(path: Path) -> LayerCard:
    """Read what a layer says of itself.

    Raises
    ------
    ServiceError
        It says nothing of columns.
    """
    answer = _read(path) or {}
    fields = tuple(str(field["name"]) for field in answer.get("fields") or () if "name" in field)
    if not fields:
        raise fault_of(path.name, found="a layer that names no columns", expected="its columns")
    editing = answer.get("editingInfo") or {}
    moment = editing.get("dataLastEditDate") or editing.get("lastEditDate")
    changed = datetime.fromtimestamp(moment / 1000, UTC).date() if isinstance(moment, int | float) else None
    return LayerCard(fields=fields, most_rows=int(answer.get("maxRecordCount") or MOST_ROWS), changed=changed)


def read_count(path: Path) -> int:
    """Read how many rows there are.

    Raises
    ------
    ServiceError
        The answer has no number.
    """
    count = (_read(path) or {}).get("count")
    if not isinstance(count, int):
        raise fault_of(path.name, found="an answer without a count", expected="how many rows there are")
    return count


def read_services(path: Path) -> tuple[str, ...]:
    """Read the names of the services that have layers to be asked."""
    named = (_read(path) or {}).get("services") or ()
    return tuple(str(one["name"]) for one in named if one.get("type") == "FeatureServer")


def read_page(path: Path) -> Page:
    """Read one answer: a table from Esri's JSON, shapes in British National Grid from GeoJSON.

    The flag that there are more rows stands at the top or among the ``properties``; absent is no.

    Raises
    ------
    ServiceError
        The shapes are in degrees or not on Great Britain, though metres were asked for.
    """
    answer = _read(path) or {}
    flags = (answer, answer.get("properties") or {})
    more = any(bool(flag.get("exceededTransferLimit")) for flag in flags)
    features = answer.get("features") or []
    if answer.get("type") != "FeatureCollection":
        return Page(pd.DataFrame.from_records([feature["attributes"] for feature in features]), more)
    return Page(_shapes(path) if features else pd.DataFrame(), more)


def _shapes(path: Path) -> gpd.GeoDataFrame:
    try:
        # Readers take GeoJSON for degrees, whatever the numbers are.
        table = pyogrio.read_dataframe(f"GeoJSON:{path}").set_crs(BNG, allow_override=True)
        if np.abs(table.total_bounds).max() <= 360:
            raise fault_of(path.name, found="shapes in degrees", expected="metres on British National Grid")
        return in_bng(table, path)
    except (*READ_ERRORS, CrsError) as fault:
        raise fault_of(path.name, found=f"shapes that cannot be used ({fault})", expected="shapes") from fault


def newest_first(names: Iterable[str], pattern: str) -> list[str]:
    """The services whose whole name matches, the newest edition first.

    Parameters
    ----------
    names
        All services.
    pattern
        Its groups ``year`` (two digits or four), ``month`` (a name) and ``version`` say which is newer; each may be
        left out.
    """
    found = [match for name in names if (match := re.fullmatch(pattern, name, re.IGNORECASE))]
    return [match.group() for match in sorted(found, key=_edition, reverse=True)]


def _edition(match: re.Match[str]) -> tuple[int, int, int]:
    said = match.groupdict()
    month = (said.get("month") or "").casefold()[:3]
    return (
        int((said.get("year") or "0")[-2:]),
        _MONTHS.index(month) if month in _MONTHS else -1,
        int(said.get("version") or 0),
    )
