"""A table of marks from elsewhere as drafts for the store: all of it, or the first fault with its row and column."""

from __future__ import annotations

import json
import re
import uuid
from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import shapely

from data.sources.workbooks import FORMULA_SIGNS
from data.store.exchange.vocabulary import WORDS, code_of, codes_of, time_of, yes_of
from data.store.marks import ANSWERS, CHOICES, LISTS, MarkDraft
from geo.crs import to_bng
from geo.errors import InputError, RequestError

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    import geopandas as gpd

NAMESPACE = uuid.UUID("5f0a6f0e-3c0b-5d3c-9a55-6a7e6b1d8c42")
"""Of every identifier that is made from a mark's or a row's."""

HOMES = "squares with people's homes"

_ALIASES: dict[str, tuple[str, ...]] = {
    "kind": ("type", "category"),
    "name": ("title",),
    "note": ("description", "notes"),
    "opens": ("opens_at", "opening_time"),
    "closes": ("closes_at", "closing_time"),
    "languages": ("language",),
    "pram_friendly": ("pram",),
    "days": ("day",),
    "ages": ("for_whom",),
}
_IDS = ("mark_id", "source_id", "id", "site_id")
_OURS = ("homes", "group", "approved", "confirmed", "wkt", "source")
_EVERYWHERE = re.compile(r"mark-[a-z2-7]{12}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)
_HARMLESS = re.compile(f"'+[{FORMULA_SIGNS}]")
_WKT = re.compile(r"\s*(?:POINT|LINESTRING|POLYGON)\s*\([-+.,()\s\deE]+\)\s*", re.ASCII | re.IGNORECASE)
_BESIDE_M = 50
"""So far from its ``lon`` and ``lat`` a shape given as ``wkt`` may be."""


@dataclass(frozen=True)
class Arrival:
    """One mark that comes in.

    Parameters
    ----------
    row
        Where it stands: a CSV's row, the header being row 1; otherwise its number from 1.
    draft
        What it says.
    submission
        For ``store.marks.add``: the same mark of the same source has the same one, whenever it comes.
    source_id
        What the source calls it; a mark's id if it is one of ours, empty if it has no name.
    """

    row: int
    draft: MarkDraft
    submission: str
    source_id: str


@dataclass(frozen=True)
class Incoming:
    """What a file holds.

    Parameters
    ----------
    arrivals
        The marks, in the file's order.
    left_out
        What is no mark or was not taken, in words, and how many.
    unread
        Columns that nothing here understands.
    """

    arrivals: tuple[Arrival, ...]
    left_out: Mapping[str, int] = field(default_factory=dict)
    unread: tuple[str, ...] = ()


def drafts(table: gpd.GeoDataFrame, place: str, *, name: str = "the file") -> Incoming:
    """Drafts of a table of marks.

    Parameters
    ----------
    table
        As `data.store.exchange.uploads.read_upload` gives it: British National Grid, all other columns text, index
        ``row``.
        ``kind`` is needed; every other field of `MarkDraft` is read where there is a column of its name, in codes or
        in plain words. ``mark_id``, ``source_id`` or ``id`` says what the source calls it, ``source`` which one.
        ``wkt`` (longitude and latitude) is the shape of a line or an area.
    place
        Key of the place that they are in.
    name
        The file's name. In one that ends in ``.csv`` the apostrophe goes that an export puts before what a
        spreadsheet would run as a formula.

    Raises
    ------
    InputError
        The first row that is no mark, with its column; then none is taken.
    """
    columns, unread = _columns(table)
    if "kind" not in columns:
        found = ", ".join(str(column)[:30] for column in list(table.columns)[:6])
        raise InputError(
            name, column="kind", expected=f"a column kind ({', '.join(WORDS['kind'].values())})", found=found
        )
    spreadsheet = name.lower().endswith(".csv")
    arrivals: list[Arrival] = []
    left_out: Counter[str] = Counter()
    seen: dict[str, int] = {}
    shapes = table.geometry.to_numpy()
    rows = table.drop(columns=table.geometry.name).to_dict("records")
    for row, cells, shape in zip(table.index, rows, shapes, strict=True):
        said = {one: _cell(cells, column, spreadsheet=spreadsheet) for one, column in columns.items()}
        if said.get("homes", "") not in ("", "0") or said.get("id", "").startswith("square-"):
            left_out[HOMES] += 1
            continue
        draft = _draft(said, _shape(said, shape, row, name), place, (name, int(row), columns))
        known = said.get("id", "")
        arrival = Arrival(int(row), draft, submission_of(draft, known, said.get("source", "") or name), known)
        if arrival.submission in seen:
            found = f"{known or 'the same mark'!r} again, first in row {seen[arrival.submission]}"
            raise InputError(name, row=int(row), column=columns.get("id"), expected="each mark once", found=found)
        seen[arrival.submission] = int(row)
        arrivals.append(arrival)
    return Incoming(tuple(arrivals), dict(left_out), unread)


def submission_of(draft: MarkDraft, source_id: str, source: str) -> str:
    """The number of a submission: of the id and its source; without an id, of everything that the mark says.

    Ids that are one of a kind anywhere (a mark's, a UUID) do without the source, so that a mark is the same whichever
    file it comes in.
    """
    if _EVERYWHERE.fullmatch(source_id):
        key = [draft.place, source_id.lower()]
    elif source_id:
        key = [draft.place, source, source_id]
    else:
        said = asdict(draft) | {"geometry": shapely.to_wkt(shapely.normalize(draft.geometry), rounding_precision=1)}
        key = [json.dumps(said, sort_keys=True, ensure_ascii=False)]
    return str(uuid.uuid5(NAMESPACE, "\n".join(key)))


def checked(
    place: str, geometry: shapely.Geometry, said: Mapping[str, object], where: tuple[str, int, Mapping[str, str]]
) -> MarkDraft:
    """A draft; what makes no sense in it is told with the row and the column of the file.

    Parameters
    ----------
    place, geometry, said
        For `MarkDraft`.
    where
        Name of the file, row, and the file's own name of each field.

    Raises
    ------
    InputError
        It is no mark.
    """
    name, row, columns = where
    try:
        return MarkDraft(place=place, geometry=geometry, **said)  # type: ignore[arg-type]
    except RequestError as fault:
        one, _, rest = str(fault).partition(": found ")
        found, _, expected = rest.rpartition("; expected ")
        raise InputError(name, row=row, column=columns.get(one, one), expected=expected, found=found[:120]) from fault


def _columns(table: gpd.GeoDataFrame) -> tuple[dict[str, str], tuple[str, ...]]:
    """The file's column of each field, and the columns that are none."""
    present: dict[str, str] = {}
    others = [str(column) for column in table.columns if column != table.geometry.name]
    for column in others:
        present.setdefault(re.sub(r"[\s-]+", "_", column.strip().casefold()), column)
    wanted: dict[str, tuple[str, ...]] = {one: (one, *_ALIASES.get(one, ())) for one in ANSWERS}
    wanted |= {one: (one,) for one in _OURS} | {"id": _IDS}
    found = {
        one: present[spelling]
        for one, spellings in wanted.items()
        for spelling in [next((spelling for spelling in spellings if spelling in present), None)]
        if spelling is not None
    }
    return found, tuple(column for column in others if column not in found.values())


def _cell(cells: Mapping[Hashable, object], column: str, *, spreadsheet: bool) -> str:
    value = cells[column]
    text = value.strip() if isinstance(value, str) else ""
    return text[1:] if spreadsheet and _HARMLESS.match(text) else text


def _draft(
    said: Mapping[str, str], shape: shapely.Geometry, place: str, where: tuple[str, int, Mapping[str, str]]
) -> MarkDraft:
    name, row, columns = where

    def refuse(one: str, expected: str, found: str) -> InputError:
        shown = repr(found[:80]) if found else "a blank"
        return InputError(name, row=row, column=columns[one], expected=expected, found=shown)

    answers: dict[str, object] = {}
    for one in (one for one in ANSWERS if one in columns):
        text = said[one]
        if one == "kind" or (one in CHOICES and text):
            code = code_of(one, text)
            if code is None:
                raise refuse(one, f"one of {', '.join(WORDS[one])}", text)
            answers[one] = code
        elif one in LISTS:
            codes, unknown = codes_of(one, text)
            if unknown is not None:
                raise refuse(one, f"of {', '.join(WORDS[one])}", unknown)
            answers[one] = codes
        elif one in ("opens", "closes") and text:
            time = time_of(text)
            if time is None:
                raise refuse(one, "a time as 09:30", text)
            answers[one] = time
        elif one == "at_home":
            home = yes_of(text)
            if home is None:
                raise refuse(one, "yes or no", text)
            answers[one] = home
        else:
            answers[one] = text
    return checked(place, shape, answers, where)


def _shape(said: Mapping[str, str], shape: shapely.Geometry, row: Hashable, name: str) -> shapely.Geometry:
    """The row's own geometry, or the one that it gives as text, which must be beside it."""
    text = said.get("wkt", "")
    if not text:
        return shape
    fault = InputError(
        name,
        row=int(str(row)),
        column="wkt",
        expected="a point, a line or an area at lon and lat",
        found=repr(text[:60]),
    )
    if not _WKT.fullmatch(text):
        raise fault
    try:
        with np.errstate(all="ignore"):  # of a number beyond all bounds
            given = shapely.transform(shapely.from_wkt(text), _on_grid)
    except (ValueError, shapely.errors.ShapelyError) as wrong:
        raise fault from wrong
    if given.is_empty or not given.is_valid or not shapely.dwithin(given, shape, _BESIDE_M):
        raise fault
    return given


def _on_grid(at: np.ndarray) -> np.ndarray:
    """Longitudes and latitudes as eastings and northings."""
    return np.column_stack(to_bng(at[:, 0], at[:, 1]))
