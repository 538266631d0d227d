"""The contract: every table that crosses a folder, each column with its unit and meaning.

A table is checked once, at the door (`check`), and trusted afterwards. Missing figures are NaN, never 0.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pandera.geopandas as pa
from pandera.errors import SchemaError, SchemaErrors
from pandera.typing import Index, Series
from pandera.typing.geopandas import GeoSeries

from geo.crs import BNG
from geo.errors import InputError
from geo.sites import EVENTS, MARK_KINDS, SITE_KINDS, SITE_STATUSES, VENUE_KINDS
from geo.street_parts import MET, SURFACES

if TYPE_CHECKING:
    import pandas as pd

DATE_PRECISIONS = ("day", "month", "by", "unknown")
"""How well the date of a closure is known; "by" means that it had happened by then."""

ORIGIN_KINDS = ("postcode", "output_area", "area_point")
"""What stands for homes: a live postcode; failing that, an output area's point; failing that, the area's own."""

REACHED = ("yes", "off_network", "no_route")
"""Whether a walk was found. ``off_network``: no street data within 250 m; ``no_route``: streets, but no way there."""

MEASURED = ("yes", "off_network", "not_located")
"""Whether walks to a closed site can be measured: if not, there is no street data within 250 m, or no point."""

NAMED_KINDS = ("street", "landmark", "locality")
"""What bears a name: a street; something to find one's way by; a town, a village or a part of one."""

DRAWN_KINDS = ("land", "water", "green", "river", "railway", "main_road")
"""What a base map is drawn of: areas, of which water includes lakes, not the sea; then lines."""

LABEL_KINDS = ("city", "town", "suburb", "village", "hamlet", "street")
"""Whose name is written on a map; a suburb is any part of a town or city."""

CHANGES_2011 = ("unchanged", "split", "merged", "complex")
"""What became of a 2011 area by 2021 (ONS change indicator U, S, M, X)."""


def _figure(description: str, *, le: float | None = None) -> Any:  # noqa: ANN401 (as Pandera has it)
    """A number that may be missing and is not negative."""
    return pa.Field(nullable=True, ge=0, le=le, description=description)


_share = partial(_figure, le=1)
"""A share, 0 to 1."""


class _Table(pa.DataFrameModel):
    class Config:
        coerce = True
        strict = False
        ordered = False


class Areas(_Table):
    """Neighbourhoods (LSOA 2021): who lives there. Geometry: (Multi)Polygon, British National Grid, for drawing."""

    area_code: Index[str] = pa.Field(str_matches=r"^E01\d{6}$", unique=True, check_name=True, description="LSOA 2021")
    area_name: Series[str] = pa.Field(description="name that residents know, if one was given, else LSOA 2021 name")
    official_name: Series[str] | None = pa.Field(description="LSOA 2021 name; no such column where all are the same")
    ward_code: Series[str] = pa.Field(nullable=True, description="ward, best fit")
    ward_name: Series[str] = pa.Field(nullable=True, description="ward, best fit")
    authority_code: Series[str] = pa.Field(description="local authority district")
    authority_name: Series[str] = pa.Field(description="local authority district")
    imd_score: Series[float] = _figure("Index of Multiple Deprivation, score")
    imd_rank: Series[float] = pa.Field(nullable=True, ge=1, description="IMD rank in England, 1 = most deprived")
    imd_decile: Series[float] = pa.Field(nullable=True, ge=1, le=10, description="IMD tenth, 1 = most deprived")
    idaci_rank: Series[float] = pa.Field(nullable=True, ge=1, description="income deprivation affecting children, rank")
    idaci_decile: Series[float] = pa.Field(nullable=True, ge=1, le=10, description="IDACI tenth, 1 = most deprived")
    residents: Series[float] = _figure("usual residents, Census 2021")
    born_outside_uk: Series[float] = _figure("residents born abroad, Census 2021")
    arrived_2y_share: Series[float] | None = _share("share of residents in the UK for less than 2 years")
    arrived_5y_share: Series[float] | None = _share("share of residents in the UK for less than 5 years")
    little_english_share: Series[float] | None = _share("share with little English, of those aged 3 or more")
    no_adult_english_share: Series[float] | None = _share(
        "share of households with no adult whose main language is English"
    )
    births_abroad: Series[float] | None = _figure("births to a parent born outside the UK, by a council's own table")
    under2: Series[float] = _figure("children aged 0 and 1")
    under5: Series[float] = _figure("children aged 0 to 4")
    change_2011: Series[str] = pa.Field(nullable=True, isin=CHANGES_2011, description="what the 2011 area became")
    geometry: GeoSeries[Any] = pa.Field(description="outline")


class Origins(_Table):
    """Where families live. Weights: within an area they sum to the area's figure. Point, British National Grid."""

    origin_id: Index[str] = pa.Field(unique=True, check_name=True, description="postcode (7 characters) or area code")
    area_code: Series[str] = pa.Field(str_matches=r"^E01\d{6}$", description="LSOA 2021 that the origin belongs to")
    residents: Series[float] = _figure("weight: residents")
    under2: Series[float] = _figure("weight: children aged 0 and 1")
    under5: Series[float] = _figure("weight: children aged 0 to 4")
    born_outside_uk: Series[float] = _figure("weight: residents born outside the UK")
    kind: Series[str] = pa.Field(isin=ORIGIN_KINDS, description="what the point is")
    geometry: GeoSeries[Any] = pa.Field(description="point")


class Languages(_Table):
    """How many people aged 3 or over have which main language. A row an area and language, none left out."""

    area_code: Series[str] = pa.Field(str_matches=r"^E01\d{6}$", description="as in Areas")
    language: Series[str] = pa.Field(description="a language, or a group of them, as the Census table calls it")
    people: Series[float] = _figure("whose main language it is, Census 2021; missing: held back")


class OutputAreas(_Table):
    """In which output area of the Census each home is, where the directory of postcodes says it."""

    origin_id: Index[str] = pa.Field(unique=True, check_name=True, description="as in Origins")
    oa_code: Series[str] = pa.Field(
        str_matches=r"^E00\d{6}$", description="of 2021, or of 2011 where it has only those"
    )


class BuiltUp(_Table):
    """The part of each area where its homes stand, for drawing; one row for every area with homes.

    MultiPolygon, British National Grid. Areas do not overlap, and neighbours share their border corner for corner.
    """

    area_code: Index[str] = pa.Field(str_matches=r"^E01\d{6}$", unique=True, check_name=True, description="as in Areas")
    geometry: GeoSeries[Any] = pa.Field(description="what lies around homes and along the streets between them")


class Sites(_Table):
    """Centres, hubs, play spaces, community spaces. Point, Polygon or MultiPolygon; no geometry is "not located"."""

    site_id: Index[str] = pa.Field(
        unique=True, check_name=True, description="URN, OSM id, mark id, or `hub-` or `return-` and postcode"
    )
    name: Series[str] = pa.Field(nullable=True, description="name; missing where it has none")
    kind: Series[str] = pa.Field(isin=SITE_KINDS, description="what it is")
    status: Series[str] = pa.Field(isin=SITE_STATUSES, description="as last known")
    served_as: Series[str] = pa.Field(isin=("open", "linked"), description="full or linked, while it serves or served")
    opened: Series[pa.DateTime] = pa.Field(nullable=True, description="day it opened")
    linked_since: Series[pa.DateTime] = pa.Field(nullable=True, description="day a full centre became a linked site")
    closed: Series[pa.DateTime] = pa.Field(nullable=True, description="day it closed or is due to close, if known")
    date_precision: Series[str] = pa.Field(nullable=True, isin=DATE_PRECISIONS, description="how exact `closed` is")
    last_seen: Series[pa.DateTime] = pa.Field(nullable=True, description="last day a list had it, if a later lacks it")
    source: Series[str] = pa.Field(description="who says so")
    source_date: Series[pa.DateTime] = pa.Field(nullable=True, description="the day the source speaks of")
    postcode: Series[str] = pa.Field(nullable=True, description="postcode, as given")
    hub: Series[str] = pa.Field(nullable=True, description="name of the family hub at the same door, if one is known")
    hub_since: Series[pa.DateTime] | None = pa.Field(nullable=True, description="day from which that hub is there")
    inside: Series[bool] = pa.Field(description="in the authority; otherwise a neighbour's, kept as context")
    unreached: Series[bool] | None = pa.Field(description="nobody here can walk to it; no such column where all can be")
    note: Series[str] = pa.Field(nullable=True, description="what the reader should know of this one")
    geometry: GeoSeries[Any] = pa.Field(nullable=True, description="point or outline")


class Venues(_Table):
    """Buildings in which a centre could be put: candidates, not sites. Point, British National Grid."""

    venue_id: Index[str] = pa.Field(unique=True, check_name=True, description="OSM id")
    name: Series[str] = pa.Field(nullable=True, description="name; missing where it has none")
    kind: Series[str] = pa.Field(isin=VENUE_KINDS, description="what it is")
    source: Series[str] = pa.Field(description="who says so")
    inside: Series[bool] = pa.Field(description="in the authority; otherwise a neighbour's, kept as context")
    geometry: GeoSeries[Any] = pa.Field(description="point")


class Gazetteer(_Table):
    """Names by which somebody may look for a place. A street's point is on it. Point, British National Grid."""

    entry_id: Index[str] = pa.Field(unique=True, check_name=True, description="OSM id; of a street, one of its ways")
    name: Series[str] = pa.Field(description="name")
    kind: Series[str] = pa.Field(isin=NAMED_KINDS, description="what it is")
    locality: Series[str] = pa.Field(nullable=True, description="nearest town, village or part of one, if there is")
    inside: Series[bool] = pa.Field(description="in the authority; otherwise a neighbour's, kept as context")
    geometry: GeoSeries[Any] = pa.Field(description="point")


class Backdrop(_Table):
    """What a map shows beneath the answers, land farther around than the rest; what is not known to be land is sea.

    Polygon or LineString, valid, British National Grid; areas of a kind do not overlap.
    """

    kind: Series[str] = pa.Field(isin=DRAWN_KINDS, description="what it is")
    geometry: GeoSeries[Any] = pa.Field(description="land, water, green: outline; river, railway, main road: line")


class Unmapped(_Table):
    """Land in and around the authority where the street file has no streets. Polygon, British National Grid."""

    geometry: GeoSeries[Any] = pa.Field(description="as `geo.coverage.covered` finds it")


class Labels(_Table):
    """Names to write on a map, the most important first. Of a street on the street. Point, British National Grid."""

    name: Series[str] = pa.Field(str_length={"min_value": 1}, description="name, as OpenStreetMap has it, or a ward's")
    kind: Series[str] = pa.Field(isin=LABEL_KINDS, description="whose name it is")
    rank: Series[int] = pa.Field(ge=1, description="1 is the most important; places before streets")
    angle: Series[float] = pa.Field(
        gt=-90, le=90, description="direction of the street there, degrees counter-clockwise from east; 0 of a place"
    )
    room_m: Series[float] = _figure("metres of fairly straight street to write along; missing of a place")
    geometry: GeoSeries[Any] = pa.Field(description="point at the middle of the name")


class StreetParts(_Table):
    """Names of streets, piece by piece along the segments, in their order; what nothing is known of has no row."""

    segment: Series[int] = pa.Field(ge=0, description="row in `network.parquet`, from 0")
    begin_mm: Series[int] = pa.Field(ge=0, description="where the piece begins, millimetres from the segment's start")
    end_mm: Series[int] = pa.Field(ge=0, description="where it ends, the same")
    name: Series[str] = pa.Field(nullable=True, description="name of the street, as OpenStreetMap has it")
    ref: Series[str] = pa.Field(nullable=True, description="number of the road, or of the public footpath")
    main: Series[bool] = pa.Field(description="a trunk, primary or secondary road: an A or a B road")
    surface: Series[str] = pa.Field(nullable=True, isin=SURFACES, description="what it is made of, if it is not paved")


class Waypoints(_Table):
    """Gates, stiles and crossings, once for each segment that they are on, in order. Point, British National Grid."""

    segment: Series[int] = pa.Field(ge=0, description="row in `network.parquet`, from 0")
    along_mm: Series[int] = pa.Field(ge=0, description="how far along it, millimetres from the segment's start")
    kind: Series[str] = pa.Field(isin=MET, description="what it is")
    geometry: GeoSeries[Any] = pa.Field(description="point")


class Assumed(_Table):
    """What of the streets is assumed, piece by piece along the segments, in their order; a gate has no length."""

    segment: Series[int] = pa.Field(ge=0, description="row in `network.parquet`, from 0")
    begin_mm: Series[int] = pa.Field(ge=0, description="where the piece begins, millimetres from the segment's start")
    end_mm: Series[int] = pa.Field(ge=0, description="where it ends, the same")
    ground_unknown: Series[bool] = pa.Field(description="off the roads, and nothing says what it is made of")
    ramp_untyped: Series[bool] = pa.Field(description="steps that a pram may use by `ramp=yes` alone")
    cycleway: Series[bool] = pa.Field(description="a cycle path")
    by_leave: Series[bool] = pa.Field(description="on private land, and people on foot may use it")
    gate_untagged: Series[bool] = pa.Field(description="a gate or cycle barrier, and nothing says who passes it")


class Ferries(_Table):
    """Ferries that take people on foot and lie in the place from shore to shore. LineString, British National Grid."""

    ferry_id: Index[str] = pa.Field(unique=True, check_name=True, description="OSM id")
    name: Series[str] = pa.Field(nullable=True, description="name; missing where it has none")
    geometry: GeoSeries[Any] = pa.Field(description="the crossing, as it is drawn")


class Marks(_Table):
    """What the community has put on the map and a moderator has let through: the public copy, without private fields.

    Point, LineString or Polygon, British National Grid. People's homes are squares of a kilometre, each with the number
    of homes in it, three or more. Lists are codes with commas between; empty is "not said".
    """

    mark_id: Index[str] = pa.Field(unique=True, check_name=True, description="mark id; `square-` and grid square")
    kind: Series[str] = pa.Field(isin=MARK_KINDS, description="what it is")
    name: Series[str] = pa.Field(description="name; empty where it has none")
    note: Series[str] = pa.Field(description="what there is to say of it")
    homes: Series[int] = pa.Field(ge=0, description="how many homes are in the square; 0 for all other marks")
    days: Series[str] = pa.Field(description="days of the week")
    opens: Series[str] = pa.Field(description="time it opens, HH:MM")
    closes: Series[str] = pa.Field(description="time it closes, HH:MM")
    ages: Series[str] = pa.Field(description="for whom")
    languages: Series[str] = pa.Field(description="languages spoken, ISO 639")
    pram_friendly: Series[str] = pa.Field(description="yes, partly or no")
    toilets: Series[str] = pa.Field(description="changing (with a place to change a baby), yes or no")
    cost: Series[str] = pa.Field(description="free, donation or paid")
    term_time: Series[str] = pa.Field(description="all_year or term_only")
    stops: Series[str] = pa.Field(description="whom a barrier stops: everyone, prams, after_dark")
    group: Series[str] = pa.Field(description="the group whose link it came by; empty if none")
    approved: Series[pa.DateTime] = pa.Field(description="day it was let through")
    confirmed: Series[pa.DateTime] = pa.Field(description="day somebody last said that it is still there")
    geometry: GeoSeries[Any] = pa.Field(description="where it is")


class Reach(_Table):
    """The walk from every origin to its nearest site. Minutes and metres are NaN unless ``reached`` is ``yes``."""

    origin_id: Index[str] = pa.Field(unique=True, check_name=True, description="as in Origins")
    area_code: Series[str] = pa.Field(description="as in Origins")
    site_id: Series[str] = pa.Field(nullable=True, description="nearest site")
    minutes: Series[float] = _figure("walk to it, minutes")
    metres: Series[float] = _figure("length of that walk, metres")
    second_site_id: Series[str] = pa.Field(nullable=True, description="next nearest site")
    second_minutes: Series[float] = _figure("walk to it, minutes")
    snap_m: Series[float] = _figure("straight leg to the street, metres")
    reached: Series[str] = pa.Field(isin=REACHED, description="yes, off_network or no_route")


class Gaps(_Table):
    """What each area lacks. Minutes are NaN where no walk is known or most families have none."""

    area_code: Index[str] = pa.Field(unique=True, check_name=True, description="as in Areas")
    minutes_median: Series[float] = _figure("half of under-fives walk no longer, minutes")
    minutes_p90: Series[float] = _figure("nine tenths walk no longer, minutes")
    metres_median: Series[float] = _figure("length of the median walk, metres")
    within_share: Series[float] = _share("share of under-fives within the threshold")
    under5_beyond: Series[float] = _figure("under-fives beyond it")
    born_outside_uk_beyond: Series[float] = _figure("residents born abroad beyond it")
    need_score: Series[float] = _figure(le=100, description="need, 0 to 100 within the authority")
    need_class: Series[str] = pa.Field(nullable=True, description="low, middle or high: by the thirds asked for")
    need_here: Series[str] | None = pa.Field(nullable=True, description="the same by the authority's thirds")
    need_in_england: Series[str] | None = pa.Field(nullable=True, description="the same by England's thirds")
    access_class: Series[str] = pa.Field(description="near, fair, far or no street data")
    gap_rank: Series[float] = pa.Field(nullable=True, ge=1, description="1 = the largest gap of the authority")
    site_id: Series[str] = pa.Field(nullable=True, description="site that most under-fives here are nearest to")
    reason: Series[str] = pa.Field(description="why, in words")
    confidence: Series[str] = pa.Field(description="what to be careful about; empty if nothing")
    off_network_share: Series[float] = _share("share of homes without street data")
    near_missing_streets: Series[str] | None = pa.Field(description="may the walk be shorter? yes, no, not known")


class Closures(_Table):
    """What each closure or downgrade took: the ledger. Figures are missing where no walk to the site is known."""

    site_id: Index[str] = pa.Field(unique=True, check_name=True, description="as in Sites")
    name: Series[str] = pa.Field(nullable=True, description="as in Sites")
    inside: Series[bool] = pa.Field(description="in the authority; otherwise a neighbour's")
    status: Series[str] = pa.Field(isin=SITE_STATUSES, description="as last known")
    event: Series[str] = pa.Field(isin=EVENTS, description="what happened to it")
    event_day: Series[pa.DateTime] = pa.Field(nullable=True, description="day it happened or is due, if known")
    event_precision: Series[str] = pa.Field(isin=DATE_PRECISIONS, description="how well `event_day` is known")
    confirmed: Series[bool] = pa.Field(description="it has happened; otherwise only announced or no longer listed")
    source: Series[str] = pa.Field(description="who says so")
    source_date: Series[pa.DateTime] = pa.Field(nullable=True, description="the day the source speaks of")
    note: Series[str] = pa.Field(nullable=True, description="what the reader should know of this one")
    residents: Series[float] = _figure("residents (with street data) whose nearest site it was")
    under5: Series[float] = _figure("of them children aged 0 to 4")
    under2: Series[float] = _figure("of them children aged 0 and 1")
    born_outside_uk: Series[float] = _figure("of them born outside the UK")
    extra_minutes_median: Series[float] = _figure(
        "half of these walks grew by no more, minutes; empty: no way left for half"
    )
    extra_minutes_p90: Series[float] = _figure("nine tenths grew by no more, minutes; empty: no way left for a tenth")
    crossed: Series[float] = _figure("of these under-fives, those now beyond the threshold who were not")
    no_way: Series[float] = _figure("of these under-fives, those with no way on foot to any site left")
    alone_crossed: Series[float] = _figure("under-fives it would have put beyond the threshold as the only loss")
    reopened_crossed: Series[float] = _figure("under-fives whom reopening only it would bring within the threshold")
    share_crossed: Series[float] = _figure("its share (Shapley) of the under-fives that all put beyond the threshold")
    alone_minutes: Series[float] = _figure("minutes it would have added as the only loss, summed over under-fives")
    reopened_minutes: Series[float] = _figure("minutes that reopening only it would save, summed over under-fives")
    share_minutes: Series[float] = _figure("its share (Shapley) of the minutes that all added, summed over under-fives")
    reached: Series[str] = pa.Field(isin=MEASURED, description="yes, off_network or not_located")
    goes_to: Series[str] = pa.Field(nullable=True, description="site that most of its under-fives are nearest to now")


def check(model: type[_Table], table: Any, source: str) -> Any:  # noqa: ANN401 (pandera's models are untyped)
    """Return the table as its contract has it, with columns in the contract's types.

    Parameters
    ----------
    model
        One of this module's tables.
    table
        DataFrame or GeoDataFrame with the model's index.
    source
        Where the table came from, for the message.

    Raises
    ------
    InputError
        A column is missing, of the wrong type or out of range, or a code stands twice; the first fault is named with
        its row's code, its column, what was found and what was expected.
    """
    try:
        checked = model.validate(table, lazy=True)
    except SchemaErrors as fault:
        cases = fault.failure_cases
        first = cases.iloc[0]
        more = f" (and {len(cases) - 1} more faults)" if len(cases) > 1 else ""
        at = "" if first["index"] is None or first["index"] != first["index"] else f" at {first['index']}"
        raise InputError(
            source,
            column=str(first["column"] or model.__name__),
            expected=f"{first['check']}",
            found=f"{first['failure_case']!r}{at}{more}",
        ) from fault
    except SchemaError as fault:
        raise InputError(source, expected=str(fault.check), found=str(fault)) from fault
    if "geometry" in model.to_schema().columns and checked.crs != BNG:
        raise InputError(source, expected=f"coordinates in {BNG}", found=str(checked.crs))
    return checked


def columns(model: type[_Table]) -> dict[str, str]:
    """The model's columns, index first, each with its meaning: the data dictionary."""
    schema = model.to_schema()
    meanings = {schema.index.name: schema.index.description} if schema.index is not None else {}
    return meanings | {name: column.description or "" for name, column in schema.columns.items()}


def tidy(frame: pd.DataFrame, model: type[_Table]) -> pd.DataFrame:
    """The frame with the model's columns only, in the model's order."""
    return frame[[name for name in model.to_schema().columns if name in frame.columns]]
