"""A sheet of paper in millimetres: drawing and writing on it, and finding free room.

Nothing global of matplotlib is set, so that sheets may be drawn on several threads and in worker processes.
"""

from __future__ import annotations

import io
import math
import unicodedata
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

import matplotlib as mpl
import numpy as np
import shapely
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, get_font
from matplotlib.patheffects import withStroke
from matplotlib.text import Text
from matplotlib.transforms import Affine2D, Bbox
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import geopandas as gpd
    from matplotlib.artist import Artist
    from numpy.typing import NDArray

Style = Literal["Regular", "Bold", "Italic"]
Across = Literal["left", "center", "right"]
Box = tuple[float, float, float, float]
"""Left, bottom, right and top."""

POINT = 25.4 / 72
"""A printer's point in millimetres."""
COMPRESSION = 3
"""Of a map's PNG, 1 to 9: half the work of the usual 6, and a fortieth more bytes."""
INK = "#1a1a1a"
SMALL = 6.5
"""The smallest writing, points."""

_FONTS = Path(__file__).parents[1] / "fonts"
_OWN = {"Regular": "DejaVuSans.ttf", "Bold": "DejaVuSans-Bold.ttf", "Italic": "DejaVuSans-Oblique.ttf"}
_CAPITALS = 0.714  # of the size: how high they are, in Noto Sans; nearly so in DejaVu Sans
_SCRIPTS = ("LATIN", "GREEK", "CYRILLIC")


@cache
def _font_file(style: Style) -> str:
    """The bundled font; matplotlib's own, where there is none."""
    bundled = _FONTS / f"NotoSans-{style}.ttf"
    return str(bundled if bundled.exists() else Path(mpl.get_data_path(), "fonts", "ttf", _OWN[style]))


@cache
def _known(style: Style) -> frozenset[int]:
    return frozenset(get_font(_font_file(style)).get_charmap())


def clean(text: object, style: Style = "Regular") -> str:
    """A text on one line, without characters that steer others, and with "?" for what the font cannot write."""
    line = " ".join(unicodedata.normalize("NFC", str(text)).split())
    return "".join(
        letter if ord(letter) in _known(style) else "?"
        for letter in line
        if unicodedata.category(letter) not in ("Cc", "Cf")
    )


def writable(text: object, style: Style = "Regular") -> str:
    """A name as it may stand on a map; nothing if it is in a script that is not shaped well here, or no text."""
    line = " ".join(unicodedata.normalize("NFC", text).split()) if isinstance(text, str) else ""
    for letter in line:
        if unicodedata.category(letter)[0] in "LM" and not unicodedata.name(letter, "").startswith(_SCRIPTS):
            return ""
    return line if line and clean(line, style) == line else ""


class Sheet:
    """The paper.

    Parameters
    ----------
    width, height
        Millimetres.
    dpi
        Dots to the inch.
    """

    def __init__(self, width: float, height: float, dpi: int) -> None:
        self.width, self.height, self.dpi = width, height, dpi
        inches = [(round(side * dpi / 25.4) + 1e-4) / dpi for side in (width, height)]
        self.figure = Figure(figsize=(inches[0], inches[1]), dpi=dpi, facecolor="white")
        self.canvas = FigureCanvasAgg(self.figure)
        self.mm = Affine2D().scale(dpi / 25.4)
        self._renderer = self.canvas.get_renderer()  # type: ignore[no-untyped-call]
        self._widths: dict[tuple[str, float, Style], float] = {}
        self._lift = 0.0

    def add(self, artist: Artist, above: float, within: Box | None = None) -> None:
        """Draw something above what has a lower number, and only within a box."""
        artist.set_zorder(above + self._lift)
        self.figure.add_artist(artist)
        if within:
            artist.set_clip_box(Bbox.from_extents(*within).transformed(self.mm))

    @contextmanager
    def lifted(self, by: float) -> Iterator[None]:
        """Draw all that is drawn meanwhile so much higher."""
        self._lift += by
        try:
            yield
        finally:
            self._lift -= by

    def write(  # noqa: PLR0913 (how a line is written has many sides)
        self, text: str, at: tuple[float, float], size: float, *, style: Style = "Regular", colour: str = INK,
        halo: float = 0, across: Across = "left", middle: bool = False, above: float = 50, turn: float = 0,
    ) -> None:  # fmt: skip
        """Write a line, literally.

        Parameters
        ----------
        text, at, size, style, colour
            What, where (mm), in points, and how.
        halo
            Width of the white round it, in points.
        across
            Whether its ``left``, ``center`` or ``right`` stands there.
        middle
            Whether the middle of its capitals stands there, and not the line they stand on.
        above
            What is drawn over what.
        turn
            Direction of the line, degrees counter-clockwise from level.
        """
        down = _CAPITALS / 2 * size * POINT if middle else 0
        x, y = at[0] + down * math.sin(math.radians(turn)), at[1] - down * math.cos(math.radians(turn))
        line = Text(
            x, y, clean(text, style), color=colour, fontproperties=_font(style, size),
            horizontalalignment=across, verticalalignment="baseline", transform=self.mm, parse_math=False,
            rotation=turn, rotation_mode="anchor",
        )  # fmt: skip
        if halo:
            line.set_path_effects([withStroke(linewidth=2 * halo, foreground="white")])
        self.add(line, above)

    def width_of(self, text: str, size: float, style: Style = "Regular") -> float:
        """How wide a line is, in millimetres."""
        key = (text, size, style)
        if key not in self._widths:
            line, font = clean(text, style), _font(style, size)
            pixels = self._renderer.get_text_width_height_descent(line, font, ismath=False)[0] if line else 0
            self._widths[key] = float(pixels) * 25.4 / self.dpi
        return self._widths[key]

    def wrapped(self, text: str, room: float, size: float, style: Style = "Regular") -> list[str]:
        """A text in lines that fit into a width in millimetres; a word that is too long is cut."""
        if self.width_of(text, size, style) <= room:
            return [clean(text, style)]
        lines = [""]
        for word in clean(text, style).split(" "):
            longer = f"{lines[-1]} {word}".strip()
            if self.width_of(longer, size, style) <= room:
                lines[-1] = longer
                continue
            lines += [word] if lines[-1] else []
            lines[-1] = lines[-1] or word
            while len(lines[-1]) > 1 and self.width_of(lines[-1], size, style) > room:
                line = lines.pop()
                cut = next(
                    n for n in range(len(line) - 1, 0, -1) if n == 1 or self.width_of(line[:n], size, style) <= room
                )
                lines += [line[:cut], line[cut:]]
        return lines

    def png(self) -> bytes:
        """The sheet as PNG, without any note of when or by what it was made."""
        self.canvas.draw()  # type: ignore[no-untyped-call]
        pixels = np.asarray(self.canvas.buffer_rgba())[..., :3]  # type: ignore[no-untyped-call]
        file = io.BytesIO()
        Image.fromarray(np.ascontiguousarray(pixels)).save(
            file, "PNG", dpi=(self.dpi, self.dpi), compress_level=COMPRESSION
        )
        return file.getvalue()


def _font(style: Style, size: float) -> FontProperties:
    return FontProperties(fname=_font_file(style), size=size)


def line_height(size: float) -> float:
    """From line to line, in millimetres, of a size in points."""
    return size * POINT * 1.22


class Room:
    """What is taken on a map already.

    Parameters
    ----------
    frame
        Nothing is written outside it.
    """

    def __init__(self, frame: Box) -> None:
        self.frame = frame
        self._taken = np.empty((0, 4))

    def take(self, boxes: Iterable[Box]) -> None:
        """Keep places free of writing."""
        self._taken = np.vstack([self._taken, *(np.array([box], dtype=float) for box in boxes)])

    def free(self, box: Box) -> bool:
        """Whether nothing is there yet, and it is on the map."""
        left, bottom, right, top = self.frame
        if box[0] < left or box[1] < bottom or box[2] > right or box[3] > top:
            return False
        taken = self._taken
        return not bool(
            ((taken[:, 0] < box[2]) & (taken[:, 2] > box[0]) & (taken[:, 1] < box[3]) & (taken[:, 3] > box[1])).any()
        )

    def copy(self) -> Room:
        """The same, to try something out."""
        other = Room(self.frame)
        other._taken = self._taken.copy()
        return other

    def first(self, boxes: Iterable[Box]) -> Box | None:
        """Take the first of these places that is free; None if none is."""
        for box in boxes:
            if self.free(box):
                self.take([box])
                return box
        return None


def sides(box: Box) -> tuple[float, float]:
    """Width and height of a box."""
    return box[2] - box[0], box[3] - box[1]


class Look(NamedTuple):
    """How ground is drawn: filled, or a line of so many points, dashed or not."""

    fill: str = "none"
    line: str = "none"
    width: float = 0
    dash: tuple[float, tuple[float, ...]] | None = None


@dataclass(frozen=True)
class View:
    """Where the ground is on the paper: the frame, millimetres for a metre, the ground in the middle of the frame."""

    frame: Box
    scale: float
    middle: tuple[float, float]

    @classmethod
    def of(cls, frame: Box, extent: Box, clear: float) -> View:
        """As large as the extent (British National Grid) fits into the frame, with some millimetres round it."""
        scale = min((paper - 2 * clear) / ground for paper, ground in zip(sides(frame), sides(extent), strict=True))
        return cls(frame, scale, ((extent[0] + extent[2]) / 2, (extent[1] + extent[3]) / 2))

    def enlarged(self, window: Box, frame: Box, times: float) -> View:
        """A part of the paper, so many times as large, in a frame of its own."""
        at = [(low + high) / 2 for low, high in ((window[0], window[2]), (window[1], window[3]))]
        centre = [(low + high) / 2 for low, high in ((self.frame[0], self.frame[2]), (self.frame[1], self.frame[3]))]
        x, y = (
            middle + (place - here) / self.scale for middle, place, here in zip(self.middle, at, centre, strict=True)
        )
        return View(frame, self.scale * times, (x, y))

    def on_paper(self, shapes: NDArray[np.object_]) -> NDArray[np.object_]:
        """Shapes (British National Grid) in millimetres."""
        left, bottom, right, top = self.frame
        centre = np.array([(left + right) / 2, (bottom + top) / 2])
        return np.asarray(shapely.transform(shapes, lambda points: (points - self.middle) * self.scale + centre))

    def points(self, shapes: gpd.GeoSeries) -> NDArray[np.float64]:
        """A point of each shape, in millimetres."""
        return np.asarray(shapely.get_coordinates(shapely.point_on_surface(self.on_paper(shapes.to_numpy()))))

    def seen(self, shapes: gpd.GeoSeries, inset: float = 0) -> NDArray[np.bool_]:
        """Which shapes are in the frame at least in part, and so many millimetres off its edge."""
        return np.asarray(shapely.intersects(shapes.to_numpy(), self._shown(inset)))

    def touches(self, shape: shapely.Geometry) -> bool:
        """Whether a shape is in the frame at least in part."""
        return bool(shapely.intersects(shape, self._shown()))

    def _shown(self, inset: float = 0) -> shapely.Polygon:
        across, up = (half / 2 / self.scale - inset / self.scale for half in sides(self.frame))
        x, y = self.middle
        return shapely.box(x - across, y - up, x + across, y + up)
