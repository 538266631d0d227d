"""Maps on paper: what is in the picture, whether mono print tells classes apart, and whether the scale is true."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
import shapely
from matplotlib.collections import PathCollection
from matplotlib.text import Text
from PIL import Image

from geo.crs import BNG
from layers.reports.report_map import SYMBOL_WORDS, LegendEntry, ReportMap
from layers.reports.writers.print_map import composed, draw
from layers.reports.writers.print_map.margins import PATTERNS, scale_bar
from layers.reports.writers.print_map.sheet import Room, clean, writable
from layers.reports.writers.print_map.symbols import ORDER, strokes
from tests.layers.reports.made import HOSTILE, NAMES, made_report

pytestmark = pytest.mark.whole_report

INSIDE = 5  # areas of the made map that it is about


def pixels(picture: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(picture)).convert("RGB"))


def plan_of(box=(450_000, 90_000, 453_000, 92_000), sites=(), **given) -> ReportMap:
    """A map of one area and of sites (symbol, name, x, y)."""
    areas = gpd.GeoDataFrame(
        {"fill": ["#f5d8a8"], "hatch": [""], "label": ["1"], "inside": [True]}, geometry=[shapely.box(*box)], crs=BNG
    )
    points = gpd.GeoDataFrame(
        {"symbol": [one[0] for one in sites], "name": [one[1] for one in sites]},
        geometry=[shapely.Point(one[2:]) for one in sites],
        crs=BNG,
    )
    return ReportMap(
        key="m", title="Walk", about="", alt="", areas=areas, sites=points,
        legend=(LegendEntry(label="near", fill="#f5d8a8"),), **given,
    )  # fmt: skip


def named(*names: tuple[str, float, float], kind="village", angle=0.0, room_m=np.nan) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"name": [one[0] for one in names], "kind": kind, "angle": angle, "room_m": room_m},
        geometry=[shapely.Point(one[1:]) for one in names], crs=BNG,
    )  # fmt: skip


def sheet_of(plan: ReportMap, **given):
    return composed(plan, **({"width_mm": 174, "height_mm": 150, "dpi": 100} | given))


def written(sheet) -> list[str]:
    return [text.get_text() for text in sheet.figure.findobj(Text) if text.get_text()]


def boxes(sheet, texts: set[str] | None = None) -> dict[str, np.ndarray]:
    """Where each text is, pixels: left, bottom, right, top."""
    pen = sheet.canvas.get_renderer()
    return {
        text.get_text(): np.array(text.get_window_extent(pen).extents)
        for text in sheet.figure.findobj(Text)
        if text.get_text() and (texts is None or text.get_text() in texts)
    }


def apart(places: list[np.ndarray]) -> bool:
    return not any(
        one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
        for n, one in enumerate(places)
        for other in places[n + 1 :]
    )


@pytest.fixture(scope="module")
def made() -> ReportMap:
    return made_report().maps["need"]


@pytest.fixture(scope="module")
def picture(made) -> np.ndarray:
    return pixels(draw(made, credits=["© Somebody"], dpi=200))


@pytest.fixture(scope="module")
def area_pixels(made, picture):
    """The pixels of an area in the picture, away from its borders and its label: its lower right quarter's middle."""
    sheet = sheet_of(made, dpi=200, credit="© Somebody")
    frame = next(artist for artist in sheet.figure.artists if artist.get_zorder() == 40).get_bbox()
    return lambda place: quarter(frame, made.areas.geometry.iloc[place].bounds, picture)


def quarter(frame, bounds, shown: np.ndarray, dpi: int = 200) -> np.ndarray:
    west, south, east, north = bounds
    middle = ((frame.x0 + frame.x1) / 2, (frame.y0 + frame.y1) / 2)
    # The made map is 3 km by 2 km, 450-453 km east, and fits the frame but for 3 mm on each side.
    scale = min((frame.width - 6) / 3000, (frame.height - 6) / 2000)
    at = lambda x, y: ((middle[0] + (x - 451_500) * scale), (middle[1] + (y - 91_000) * scale))  # noqa: E731
    left, bottom = at(west + 0.6 * (east - west), south + 0.08 * (north - south))
    right, top = at(west + 0.92 * (east - west), south + 0.4 * (north - south))
    dot = dpi / 25.4
    rows = len(shown)
    return shown[int(rows - top * dot) : int(rows - bottom * dot), int(left * dot) : int(right * dot)]


def test_the_picture_has_the_size_on_paper(made):
    for width, height, dpi, size in ((174, 150, 300, (2055, 1772)), (100, 80, 150, (591, 472))):
        shown = Image.open(io.BytesIO(draw(made, width_mm=width, height_mm=height, dpi=dpi)))
        assert shown.size == size
        assert shown.info["dpi"] == pytest.approx((dpi, dpi), abs=0.1)


def test_the_same_map_gives_the_same_bytes_on_every_thread(made):
    first = draw(made, dpi=60)
    with ThreadPoolExecutor(3) as pool:
        assert set(pool.map(lambda _: draw(made, dpi=60), range(3))) == {first}
    assert not {b"tIME", b"tEXt", b"iTXt"} & {first[at : at + 4] for at in range(len(first))}


def test_every_area_has_its_colour(made, area_pixels):
    for place in range(INSIDE):
        fill = made.areas["fill"].iloc[place]
        colour = [int(fill[at : at + 2], 16) for at in (1, 3, 5)]
        same = (area_pixels(place) == colour).all(axis=2)
        assert same.mean() > 0.25, fill


def test_an_area_that_the_map_is_not_about_is_faint(area_pixels):
    assert area_pixels(INSIDE).min() > 235


def test_patterns_are_told_apart_in_grey():
    """On one and the same colour, each pattern is another in its share of ink, or in the direction of its lines."""
    marks = {}
    for hatch in PATTERNS:
        plan = plan_of()
        plan.areas["hatch"] = hatch
        shown = pixels(draw(plan, dpi=200))[100:400, 350:650].mean(axis=2)
        ink = np.abs(shown - np.median(shown)) > 30
        across, along = ink.mean(axis=1).std(), ink.mean(axis=0).std()
        marks[hatch] = (ink.mean(), across, along)
    found = list(marks.values())
    for n, one in enumerate(found):
        for other in found[n + 1 :]:
            # 2% more ink, or lines along the rows where the other has none.
            assert abs(one[0] - other[0]) > 0.02 or abs(one[1] - other[1]) > 0.1, marks
    assert marks[""][0] == 0
    assert all(mark[0] > 0.02 for hatch, mark in marks.items() if hatch)


def test_classes_of_the_made_map_differ_in_grey(area_pixels):
    spread = [area_pixels(place).mean(axis=2) for place in range(INSIDE)]
    marks = [(part.mean(), part.std()) for part in spread]
    for n, one in enumerate(marks):
        for other in marks[n + 1 :]:
            assert abs(one[0] - other[0]) > 8 or abs(one[1] - other[1]) > 8


@pytest.mark.parametrize(
    ("metres", "room", "bar"),
    [
        (1, 40, (20, 20)),  # 40 m fit; 20 is the longest round one
        (1, 50, (50, 50)),  # exactly
        (100, 30, (2000, 20)),
        (1000, 9.99, (5000, 5)),
        (0.01, 30, (0.2, 20)),
        (3, 34, (100, 100 / 3)),
    ],
)
def test_the_scale_bar_is_round_and_fits(metres, room, bar):
    assert scale_bar(metres, room) == pytest.approx(bar)


def test_the_scale_bar_says_its_unit_once():
    assert [scale_bar(100, 30).said(part) for part in (0.5, 1)] == ["1", "2 km"]
    assert [scale_bar(50, 30).said(part) for part in (0.5, 1)] == ["0.5", "1 km"]
    assert [scale_bar(10, 30).said(part) for part in (0.5, 1)] == ["100", "200 m"]


def test_the_drawn_bar_is_as_long_as_it_says():
    """Count: a square of 1,000 m against the bar of so many metres, both in pixels of the picture."""
    plan = plan_of((450_000, 90_000, 451_000, 91_000))
    sheet = sheet_of(plan, dpi=300)
    shown = pixels(sheet.png()).astype(np.int16)
    area = (np.abs(shown - np.int16([0xF5, 0xD8, 0xA8])).max(axis=2) <= 2).sum(axis=1)
    side = np.median(area[area > 400])  # rows of the square; those of the swatch are shorter
    bar = next(text for text in written(sheet) if text.endswith(" m"))
    first = next(artist for artist in sheet.figure.artists if artist.get_gid() == "scale-0")
    row = len(shown) - round((first.get_y() + 0.6) * 300 / 25.4)
    dark = shown[row].max(axis=1) < 60
    start = round(first.get_x() * 300 / 25.4)
    half = int(np.argmin(dark[start + 3 :])) + 3  # the black half ends where it gets light
    assert half / side == pytest.approx(int(bar[:-2]) / 2 / 1000, rel=0.02)


def test_legend_scale_north_and_credits_are_there(made):
    sheet = sheet_of(made, credit="© OpenStreetMap contributors")
    texts = written(sheet)
    assert {"N", "grid north", "0", "Need and walking time", "© OpenStreetMap contributors"} <= set(texts)
    at = [texts.index(entry.label) for entry in made.legend]
    assert at == sorted(at)
    swatches = [a for a in sheet.figure.artists if a.get_zorder() == 45 and getattr(a, "get_hatch", lambda: None)()]
    assert [a.get_hatch() for a in swatches] == [PATTERNS[e.hatch] for e in made.legend if e.hatch]
    assert any(artist.get_gid() == "north" for artist in sheet.figure.artists)


def test_the_legend_has_the_symbols_that_occur_and_no_other(made):
    texts = {text.lower() for text in written(sheet_of(made))}
    there = {words for words in SYMBOL_WORDS.values() if words in texts}
    assert there == {SYMBOL_WORDS[symbol] for symbol in ("full", "linked", "community", "closed", "proposed")}
    # A site far outside the view is neither on the map nor in the legend.
    far = plan_of(sites=[("full", "A", 451_000, 91_000), ("play", "B", 490_000, 91_000)])
    texts = {text.lower() for text in written(sheet_of(far))}
    assert SYMBOL_WORDS["full"] in texts
    assert SYMBOL_WORDS["play"] not in texts


def test_a_map_without_a_site_is_widened_to_the_nearest_unless_that_is_far():
    def symbols(x):
        found = sheet_of(plan_of(sites=[("full", "", x, 91_000)])).figure.findobj(PathCollection)
        return len(found)

    assert symbols(454_500) == 2  # one on the map, one in the legend: 4.5 km is 1.5 of the 3 km of the area
    assert symbols(459_000) == 0


def test_many_centres_are_drawn_smaller_but_many_play_spaces_make_no_difference():
    def widest(count: int, symbol: str) -> float:
        many = [(symbol, "", 450_100 + 50 * one, 90_500) for one in range(count)]
        sheet = sheet_of(plan_of(sites=[("full", "", 451_500, 91_500), *many]))
        drawn = [one for one in sheet.figure.findobj(PathCollection) if one.get_zorder() == 10 + ORDER.index("full")]
        return max(outline.get_extents().width for outline in drawn[0].get_paths())

    few, crowd = widest(10, "full"), widest(50, "full")
    assert crowd == pytest.approx(few * 2.4 / 3.4)
    assert widest(50, "play") == few


def test_every_symbol_has_a_shape_of_its_own():
    assert set(ORDER) == set(SYMBOL_WORDS)
    silhouettes = {symbol: strokes(symbol, 100)[0].outline.to_polygons()[0] for symbol in ORDER}
    shapes = {symbol: shapely.make_valid(shapely.Polygon(corners)) for symbol, corners in silhouettes.items()}
    for symbol, one in shapes.items():
        for other, two in shapes.items():
            if symbol < other:
                assert one.intersection(two).area / one.union(two).area < 0.93, (symbol, other)
    assert len({len(strokes(symbol, 1)) for symbol in ORDER}) > 1


def test_dollars_and_brackets_stand_as_they_are():
    text = r"$x_1$ <b>a</b> & \frac $"
    plan = replace(
        plan_of(names=named((text, 451_500, 91_500))),
        title="What $5$ < $6$ buys",
        legend=(LegendEntry(label="$near$ <15>", fill="#f5d8a8"),),
    )
    sheet = sheet_of(plan, credit=r"© A & B <c> $\alpha$")
    assert {text, "What $5$ < $6$ buys", "$near$ <15>", r"© A & B <c> $\alpha$"} <= set(written(sheet))
    assert not any(one.get_parse_math() for one in sheet.figure.findobj(Text) if one.get_text())
    sheet.png()


def test_names_in_scripts_that_are_not_shaped_here_are_left_out():
    assert [writable(name) for name in NAMES] == [HOSTILE, "", "", "", "Sheepcote Lane", "O'Connell's <b>Corner</b>"]
    assert [writable(name) for name in ("Llanrûg", "Αθήνα", "Київ", "東京", "", None, float("nan"), "smile \U0001f600")] == [
        "Llanrûg", "Αθήνα", "Київ", "", "", "", "", "",
    ]  # fmt: skip
    plan = plan_of(names=named(*((name, 450_400, 90_300 + 300 * n) for n, name in enumerate(NAMES))))
    texts = written(sheet_of(plan))
    assert "Sheepcote Lane" in texts
    assert not set(NAMES[1:4]) & set(texts)


def test_what_steers_text_is_taken_out_and_what_has_no_letter_is_marked():
    assert clean("a\u202eb\n c\x00\U0001f600") == "ab c?"


def test_nothing_written_on_the_map_covers_anything_else():
    """Nine ranks, names and sites within a few hundred metres of an area of 10 km."""
    squares = [
        shapely.box(x, y, x + 150, y + 150) for x in (455_000, 455_150, 455_300) for y in (95_000, 95_150, 95_300)
    ]
    areas = gpd.GeoDataFrame(
        {"fill": "#a8cbe4", "hatch": "", "label": [str(n + 1) for n in range(9)] + [""], "inside": True},
        geometry=[*squares, shapely.box(450_000, 90_000, 460_000, 95_000)], crs=BNG,
    )  # fmt: skip
    names = named(("Alderbury", 455_200, 95_250), ("Birchwood", 455_250, 95_200), ("Cedarvale", 452_000, 92_000))
    base = plan_of(sites=[("full", "Oak Centre", 455_100, 95_100), ("play", "Swings", 455_400, 95_400)])
    sheet = sheet_of(replace(base, areas=areas, names=names), dpi=150)
    ranks = {str(n + 1) for n in range(9)}
    found = boxes(sheet, ranks | {"Alderbury", "Birchwood", "Cedarvale", "Oak Centre"})
    assert ranks <= set(found)  # moved beside their areas, none left out
    assert "Cedarvale" in found
    assert apart([box + [1, 3, -1, -3] for box in found.values()])  # a line's box has room for letters it may not have


def test_of_labels_with_no_room_the_lowest_ranks_stay():
    many = 400
    areas = gpd.GeoDataFrame(
        {"fill": "#a8cbe4", "hatch": "", "label": [str(n) for n in range(many, 0, -1)], "inside": True},
        geometry=[shapely.box(450_000 + 10 * n, 90_000, 450_010 + 10 * n, 90_500) for n in range(many)], crs=BNG,
    )  # fmt: skip
    texts = {text for text in written(sheet_of(replace(plan_of(), areas=areas), dpi=72)) if text.isdecimal()}
    assert {str(n) for n in range(1, 31)} <= texts
    assert len(texts) < 200


def test_room_is_given_once_and_only_on_the_map():
    room = Room((0, 0, 10, 10))
    assert room.first([(-1, 0, 1, 1), (1, 1, 3, 3), (4, 4, 5, 5)]) == (1, 1, 3, 3)
    assert room.first([(2, 2, 4, 4), (3, 1, 5, 3)]) == (3, 1, 5, 3)  # sides may touch
    other = room.copy()
    other.take([(6, 6, 8, 8)])
    assert room.free((6, 6, 8, 8))
    assert not other.free((7, 7, 9, 9))


@pytest.mark.parametrize(
    "box",
    [(450_000, 90_000, 452_000, 110_000), (450_000, 90_000, 480_000, 92_000), (450_000, 90_000, 450_020, 90_030)],
    ids=["tall", "wide", "tiny"],
)
@pytest.mark.parametrize("size", [(174, 150), (120, 180)])
def test_any_extent_fits_with_nothing_over_the_legend(box, size):
    plan = replace(plan_of(box), legend=tuple(LegendEntry(label=f"class {n}", fill="#f5d8a8") for n in range(8)))
    sheet = sheet_of(plan, width_mm=size[0], height_mm=size[1], dpi=80, credit="© " + "Somebody and others " * 20)
    found = boxes(sheet)
    width, height = sheet.canvas.get_width_height()
    frame = next(artist for artist in sheet.figure.artists if artist.get_zorder() == 40).get_window_extent()
    for text, at in found.items():
        assert at[0] >= 0
        assert at[1] >= -1
        assert at[2] <= width, text
        assert at[3] <= height + 1, text
        if text != "1":
            assert at[2] <= frame.x0 or at[0] >= frame.x1 or at[3] <= frame.y0 + 2 or at[1] >= frame.y1 - 2, text
    assert apart([at + [0, 3, 0, -3] for at in found.values()])
    shown = pixels(sheet.png())
    assert (shown == [0xF5, 0xD8, 0xA8]).all(axis=2).mean() > 0.02


def test_the_legend_stands_where_it_leaves_the_map_larger():
    tall, wide = (sheet_of(plan_of(box)) for box in ((0, 0, 1000, 3000), (0, 0, 3000, 1000)))
    frames = [next(a for a in s.figure.artists if a.get_zorder() == 40) for s in (tall, wide)]
    assert frames[0].get_height() > 145
    assert frames[0].get_width() < 130
    assert frames[1].get_width() > 170
    assert frames[1].get_height() < 140


def test_nothing_is_written_smaller_than_can_be_read(made):
    sheet = sheet_of(replace(made, names=named(("Ryde", 451_200, 91_300))), credit="© Somebody")
    assert min(text.get_fontsize() for text in sheet.figure.findobj(Text) if text.get_text()) >= 6.5


def test_streets_are_drawn_the_main_ones_stronger():
    lines = [shapely.LineString([(450_100, y), (452_900, y)]) for y in (90_500, 91_500)]
    streets = gpd.GeoDataFrame({"main": [True, False]}, geometry=[*lines], crs=BNG)
    before, after = (pixels(draw(plan_of(streets=given), dpi=200)).astype(int) for given in (None, streets))
    changed = np.flatnonzero((before != after).any(axis=2)[:, 500])
    upper, lower = np.split(changed, np.flatnonzero(np.diff(changed) > 5) + 1)
    assert len(lower) > len(upper) > 0  # the main one is the southern


def test_maps_with_nothing_on_them_are_drawn(made):
    """No site, one class only, areas without an outline, no area at all."""
    none = made.sites.iloc[:0]
    one = made.areas.assign(fill="#e08214", hatch="lines", inside=True)
    bare = made.areas.assign(geometry=gpd.GeoSeries([None] * len(made.areas), index=made.areas.index, crs=BNG))
    for areas, sites in (
        (made.areas, none),
        (one, none),
        (bare, none),
        (made.areas.iloc[:0], made.sites),
        (made.areas.iloc[:0], none),
    ):
        texts = written(sheet := sheet_of(replace(made, areas=areas, sites=sites), dpi=72))
        assert "Need and walking time" in texts
        assert len(pixels(sheet.png())) == round(150 / 25.4 * 72)
