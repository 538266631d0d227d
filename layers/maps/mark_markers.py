"""A published mark as a reader sees it: in words, as a marker, as a row of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import shapely

from geo.crs import to_wgs84
from geo.days import day_text
from layers.answers.community_sites import called, who_says
from layers.answers.mark_words import CHOICE_LABELS, KIND_LABELS
from layers.i18n import LANGUAGES
from layers.maps.scene import Drawn, Marker

if TYPE_CHECKING:
    import geopandas as gpd

    from layers.maps.scene import Shape

SHAPES: dict[str, Shape] = {
    "meeting_place": "community",
    "peer_group": "community",
    "drop_in": "community",
    "play_space": "play",
    "barrier": "barrier",
    "missing_crossing": "crossing",
    "other": "noted",
}

_GRID_LETTERS = "ABCDEFGHJKLMNOPQRSTUVWXYZ"  # without I

KIND_WORDS = {kind: f"{said[0].lower()}{said[1:]}" for kind, said in KIND_LABELS.items()}
"""Kinds within a sentence: "place to meet"."""

_DAY_WORDS = {"mon": "Mon", "tue": "Tue", "wed": "Wed", "thu": "Thu", "fri": "Fri", "sat": "Sat", "sun": "Sun"}
_AGE_WORDS = {
    "bump": "before birth", "baby": "under 1", "toddler": "1 and 2", "preschool": "3 and 4", "older": "5 and over",
}  # fmt: skip


def when(mark: pd.Series) -> str:
    """Days and hours in words, empty where they are not said: "Mon, Wed, 09:30 to 11:30, in term time only"."""
    days = ", ".join(_DAY_WORDS[day] for day in mark["days"].split(",") if day)
    hours = f"{mark['opens']} to {mark['closes']}" if mark["opens"] else ""
    term = {"term_only": "in term time only", "all_year": "all year"}.get(mark["term_time"], "")
    return ", ".join(filter(None, ("every day" if days.count(",") == 6 else days, hours, term)))


def languages(mark: pd.Series) -> str:
    """The languages that are spoken there, in English."""
    return ", ".join(LANGUAGES[code].english if code in LANGUAGES else code for code in _codes(mark["languages"]))


def ages(mark: pd.Series) -> str:
    """For whom it is: "under 1, 1 and 2"."""
    return ", ".join(_AGE_WORDS[code] for code in _codes(mark["ages"]))


def choice(mark: pd.Series, field: str) -> str:
    """What is said of a field of `data.store.marks.CHOICES`, empty where nothing is."""
    return CHOICE_LABELS[field].get(mark[field], "")


def _codes(said: str) -> list[str]:
    return [code for code in said.split(",") if code]


def lines(mark: pd.Series) -> tuple[str, ...]:
    """What the map says of a mark under its name: what it is, when, in which languages, who put it there."""
    spoken = languages(mark)
    return tuple(
        filter(
            None,
            (
                KIND_LABELS[mark["kind"]],
                when(mark),
                f"languages: {spoken}" if spoken else "",
                f"stops: {choice(mark, 'stops').lower()}" if mark["stops"] else "",
                who_says(mark),
            ),
        )
    )


def facts(mark: pd.Series) -> tuple[tuple[str, str], ...]:
    """Everything that is said of a mark, each with what it is; what is not said is left out."""
    said = (
        ("When", when(mark)),
        ("For children", ages(mark)),
        ("Languages spoken", languages(mark)),
        ("With a pram", choice(mark, "pram_friendly")),
        ("Toilets", choice(mark, "toilets")),
        ("Cost", choice(mark, "cost")),
        ("Whom it stops", choice(mark, "stops")),
        ("Put on the map by", str(mark["group"])),
        ("Approved", day_text(mark["approved"])),
        ("Last said to be there", day_text(mark["confirmed"])),
    )
    return tuple(pair for pair in said if pair[1])


def points_of(marks: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The marks that have a place of their own: not the squares with homes in them."""
    return marks[marks["homes"] == 0]


def markers(marks: gpd.GeoDataFrame) -> tuple[Marker, ...]:
    """Markers of the marks; a line's or an area's stands on it. Homes have none."""
    shown = points_of(marks)
    at = shapely.point_on_surface(shown.geometry.to_numpy())
    lon, lat = to_wgs84(shapely.get_x(at), shapely.get_y(at))
    return tuple(
        Marker(str(mark_id), round(x, 5), round(y, 5), SHAPES[mark["kind"]], called(mark), lines(mark))
        for (mark_id, mark), x, y in zip(shown.iterrows(), lon.tolist(), lat.tolist(), strict=True)
    )


def outlines(marks: gpd.GeoDataFrame) -> tuple[Drawn, ...]:
    """The lines and areas among the marks, and the squares with homes in them, as the map draws them."""
    found = []
    for _, mark in marks[marks.geom_type != "Point"].iterrows():
        shape = mark["geometry"]
        ring = shape.exterior if shape.geom_type == "Polygon" else shape
        said = (square_said(mark),) if mark["homes"] else (called(mark), *lines(mark))
        lon, lat = to_wgs84(*shapely.get_coordinates(ring).T)
        corners = tuple((round(x, 6), round(y, 6)) for x, y in zip(lon.tolist(), lat.tolist(), strict=True))
        found.append(Drawn(corners, closed=shape.geom_type == "Polygon", lines=said))
    return tuple(found)


def square_said(mark: pd.Series) -> str:
    """A square with homes of peer supporters in it, in words; nobody learns which."""
    west, south, *_ = mark["geometry"].bounds
    return f"{mark['homes']} homes of peer supporters, somewhere in grid square {grid_square(west, south)}"


def grid_square(easting: float, northing: float) -> str:
    """The square kilometre that a point lies in, as Ordnance Survey's maps call it: "SZ 49 88"."""
    east, north = int(easting // 1000), int(northing // 1000)
    column, row = east // 100, 19 - north // 100
    letters = _GRID_LETTERS[row - row % 5 + (column + 10) // 5] + _GRID_LETTERS[row * 5 % 25 + column % 5]
    return f"{letters} {east % 100:02d} {north % 100:02d}"


def table(marks: gpd.GeoDataFrame) -> pd.DataFrame:
    """The marks as a table in words, on their ids; texts as people wrote them."""
    rows = [
        {
            "kind": KIND_LABELS[mark["kind"]],
            "name": square_said(mark) if mark["homes"] else called(mark),
            "when": when(mark),
            "languages": languages(mark),
            "ages": ages(mark),
            "pram": choice(mark, "pram_friendly"),
            "cost": choice(mark, "cost"),
            "group": mark["group"],
            "approved": mark["approved"],
            "note": mark["note"],
        }
        for _, mark in marks.iterrows()
    ]
    columns = ("kind", "name", "when", "languages", "ages", "pram", "cost", "group", "approved", "note")
    return pd.DataFrame(rows, index=marks.index, columns=list(columns))
