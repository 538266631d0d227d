"""A public table of marks, made of drafts as the store makes one, with what people and attackers write."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import shapely

from data.store.marks import LISTS, MarkDraft
from geo import tables
from geo.crs import BNG

HOSTILE = {
    "script": "<img src=x onerror=alert(1)>",
    "formula": '=HYPERLINK("http://a.example","b")',
    "plus": "+44 to go",
    "minus": "-2+3+cmd|' /C calc'!A0",
    "at": "@SUM(1,2)",
    "quoted formula": "'=1+1",
    "twice quoted": "''@x",
    "apostrophe": "'s Gravenhage hall",
    "template": "{{7*7}} ${7*7} <%= 7*7 %>",
    "quotes": 'the "old" hall, it\'s \\ and `that`; DROP TABLE marks;--',
    "arabic": "مكان لقاء الأمهات",
    "emoji": "Tea ☕ and 👩‍👧‍👦 play",
    "lines": "first line\nsecond, line\n\n=not(a) formula",
    "nothing": "",
}

FULL = {
    "days": ("mon", "wed"),
    "opens": "09:30",
    "closes": "11:30",
    "ages": ("bump", "baby", "toddler"),
    "languages": ("en", "ar", "ckb"),
    "pram_friendly": "partly",
    "toilets": "changing",
    "cost": "donation",
    "term_time": "term_only",
}
POINT = shapely.Point(449_820, 89_310)
LINE = shapely.LineString([(449_800.5, 89_300.1), (449_850.3, 89_333.3), (449_900, 89_310.7)])
AREA = shapely.Polygon(
    [(449_800.2, 89_300), (449_900, 89_300.1), (449_900, 89_400.9), (449_790.4, 89_390)],
    [[(449_840, 89_340), (449_840, 89_360), (449_860, 89_360), (449_860, 89_340)]],
)


def draft(kind="meeting_place", geometry=POINT, **said):
    return MarkDraft(place="isle-of-wight", kind=kind, geometry=geometry, **said)


def hostile():
    """One draft for each hostile text, as a name and as a note."""
    return [
        draft(geometry=shapely.Point(449_000 + 10 * number, 89_000), name=text.replace("\n", " "), note=text)
        for number, text in enumerate(HOSTILE.values())
    ]


def shapes():
    """Points, lines and areas, of all kinds."""
    return [
        draft("meeting_place", name="St Mary's hall", note="Bring a cup", **FULL),
        draft("play_space", AREA, name="Green"),
        draft("play_space", LINE, name="Play street", days=("sun",), pram_friendly="yes"),
        draft("peer_group", shapely.Point(450_100, 89_000), languages=("fa", "ps"), ages=("older",), cost="free"),
        draft("drop_in", shapely.Point(450_200, 89_000), name="Clinic", opens="13:00", closes="14:00", cost="paid"),
        draft("other", shapely.Point(450_300, 89_000), name="Boat", ages=("bump",), term_time="all_year"),
        draft("barrier", LINE, note="Steps", stops="prams"),
        draft("barrier", AREA, note="Dark", stops="after_dark"),
        draft("missing_crossing", shapely.Point(450_400, 89_000), stops="everyone"),
    ]


def mark_id(number):
    return "mark-" + "".join("abcdefghij"[int(digit)] for digit in f"{number:012}")


def table_of(drafts, *, homes=0, **more):
    """The public copy of drafts, and `homes` squares with three homes each; `more` are further columns."""
    rows = {
        mark_id(number): {
            **{name: ",".join(getattr(one, name)) for name in LISTS},
            **{name: getattr(one, name) for name in ("kind", "name", "note", "opens", "closes", "stops")},
            **{name: getattr(one, name) for name in ("pram_friendly", "toilets", "cost", "term_time")},
            "homes": 0,
            "group": "Mums & friends" if number % 2 else "",
            "geometry": one.geometry,
        }
        for number, one in enumerate(drafts)
    }
    empty = dict.fromkeys([name for name in tables.columns(tables.Marks) if name != "mark_id"], "")
    for number in range(homes):
        square = shapely.box(449_000 + 1000 * number, 89_000, 450_000 + 1000 * number, 90_000)
        rows[f"square-SZ{number:02}89"] = {**empty, "kind": "peer_group", "homes": 3, "geometry": square}
    frame = pd.DataFrame.from_dict(
        rows, orient="index", columns=[name for name in empty if name not in ("approved", "confirmed")]
    )
    frame.index = pd.Index(frame.index, name="mark_id", dtype="str")
    frame = frame.assign(approved=pd.Timestamp("2026-03-01 10:20"), confirmed=pd.Timestamp("2026-09-15"), **more)
    return gpd.GeoDataFrame(tables.tidy(frame, tables.Marks).assign(**more), geometry="geometry", crs=BNG)


def same(one, other):
    """Two drafts that say the same, with the same shape wherever its ring starts."""
    said = [
        {name: getattr(each, name) for name in each.__dataclass_fields__ if name != "geometry"} for each in (one, other)
    ]
    return said[0] == said[1] and one.geometry.normalize() == other.geometry.normalize()
