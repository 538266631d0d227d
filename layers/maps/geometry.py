"""Geometry that the browser fetches once: outlines of areas, files named by content.

Also the streets of a "what if", by what is gained along them: a file for each change, so old ones are tidied away.
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import numpy as np
import shapely

from geo.crs import WGS84, moved_to
from geo.errors import CrsError, InputError
from layers.html import STATIC

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import geopandas as gpd
    from numpy.typing import ArrayLike, NDArray

PLACES = STATIC / "places"
"""Geometry of the places, written at run time."""

AREA_CODE = re.compile(r"E01\d{6}", re.ASCII)
"""What an LSOA 2021 code of England looks like."""

STREET_STEP_M = 8.0
"""How much a street may be straightened for drawing."""

GAIN_CLASSES = 5
"""Classes of what is gained along a street, 1 the least."""

MOST_GAINS = 40
"""How many files of gains are kept; more would fill the disk, for every question makes one."""

_SOURCE = "map geometry"


def write_geometry(frame: gpd.GeoDataFrame, folder: Path = PLACES, *, digits: int = 5) -> str:
    """Write outlines for the browser; return the address to fetch them from.

    The file is named by its content, so no browser's copy goes stale, and it is there whole or not at all.

    Parameters
    ----------
    frame
        Areas by their code, any stated CRS.
    folder
        The folder that is served as ``/app/static/places``.
    digits
        Decimals of a degree to keep: 5 is about a metre.

    Raises
    ------
    CrsError
        The frame does not say its CRS.
    InputError
        A row of areas has no LSOA 2021 code.
    """
    drawn = frame[~(frame.geometry.isna() | frame.geometry.is_empty)]
    shapes = _in_degrees(drawn.geometry, digits)
    codes = [str(code) for code in drawn.index]
    for code in codes:
        if not AREA_CODE.fullmatch(code):
            raise InputError(_SOURCE, expected="LSOA 2021 codes as the index", found=repr(code))
    return publish(_features("code", codes, shapes), "areas", folder)


def gain_classes(values: ArrayLike, limits: Sequence[float]) -> NDArray[np.int8]:
    """Class of what is gained along each segment, 1 to 5; 0 where that rounds to nothing, or is not known.

    Parameters
    ----------
    values
        What is gained, counted as the whole number that it rounds to, for that is what a legend says.
    limits
        Upper limits of all classes but the last; a value on a limit belongs to the class below it.

    Raises
    ------
    InputError
        There are not four limits, each larger than the one before.
    """
    bounds = np.asarray(limits, dtype=float)
    if bounds.shape != (GAIN_CLASSES - 1,) or not (np.diff(bounds, prepend=0) > 0).all():
        raise InputError(_SOURCE, expected=f"{GAIN_CLASSES - 1} rising limits above 0", found=repr(tuple(limits)))
    whole = np.rint(np.nan_to_num(np.asarray(values, dtype=float)))
    return np.where(whole > 0, np.searchsorted(bounds, whole, side="left") + 1, 0).astype(np.int8)


def write_gains(segments: gpd.GeoDataFrame, classes: ArrayLike, folder: Path = PLACES, *, digits: int = 5) -> str:
    """Write the streets along which something is gained, one feature a class; return the address to fetch them from.

    The newest `MOST_GAINS` such files are kept, areas and streets are never touched. An address from earlier may
    therefore have gone: ask `is_written`.

    Parameters
    ----------
    segments
        Lines, as `geo.network.segments_from` makes them: in metres.
    classes
        For each row, in the same order: 1 to 5, or 0 to leave it out. As `gain_classes` makes them.
    folder, digits
        As for `write_geometry`.

    Raises
    ------
    CrsError
        The segments do not say their CRS.
    InputError
        There is not one class a row, or one is not 0 to 5.
    """
    which = np.asarray(classes)
    if which.shape != (len(segments),):
        expected = f"a class for each of the {len(segments):,} segments"
        raise InputError(_SOURCE, expected=expected, found=f"{which.size:,}")
    known = np.isin(which, np.arange(GAIN_CLASSES + 1))
    if not known.all():
        raise InputError(_SOURCE, expected=f"classes 0 to {GAIN_CLASSES}", found=repr(which[~known][0].item()))
    lines = segments.geometry
    kept = (which > 0) & ~(lines.isna() | lines.is_empty).to_numpy()
    which, lines = which[kept], lines[kept].simplify(STREET_STEP_M, preserve_topology=False)
    shapes = _in_degrees(lines, digits)
    names = [int(one) for one in np.unique(which)]
    content = _features("gain", names, [_together(shapes[which == name]) for name in names])
    address = publish(content, "gains", folder, afresh=True)  # even if it is there: it is then the newest
    _tidy(folder)
    return address


def is_written(address: str, folder: Path = PLACES) -> bool:
    """Whether the file of an address is still there."""
    return (folder / address.rsplit("/", 1)[-1]).is_file()


def _in_degrees(shapes: gpd.GeoSeries, digits: int) -> NDArray[np.object_]:
    if shapes.crs is None:
        raise CrsError(_SOURCE, expected="a stated coordinate reference system", found="none")
    drawn = moved_to(shapes, WGS84).to_numpy()
    flat = shapely.force_2d(drawn) if shapely.has_z(drawn).any() else drawn
    return np.asarray(shapely.transform(flat, lambda at: np.round(at, digits)))


def _together(lines: NDArray[np.object_]) -> shapely.MultiLineString:
    return shapely.multilinestrings(shapely.get_parts(lines))


def _features(said: str, names: Iterable[str | int], shapes: Iterable[shapely.Geometry]) -> bytes:
    features = ",\n".join(
        f'{{"type":"Feature","properties":{json.dumps({said: name})},"geometry":{shapely.to_geojson(shape)}}}'
        for name, shape in zip(names, shapes, strict=True)
    )
    return f'{{"type":"FeatureCollection","features":[\n{features}\n]}}\n'.encode()


def publish(content: bytes, stem: str, folder: Path, *, suffix: str = "geojson", afresh: bool = False) -> str:
    """Put it where the browser finds it, under a name of its content, whole or not at all; return its address."""
    target = folder / f"{stem}-{sha256(content).hexdigest()[:16]}.{suffix}"
    if afresh or not target.exists():
        write_whole(content, target)
    return f"/app/static/places/{target.name}"


def write_whole(content: bytes, target: Path) -> None:
    """Write a file, whole or not at all; others may be writing at this moment."""
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f".{target.stem}.{uuid4().hex}.part")
    try:
        unfinished.write_bytes(content)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


def _tidy(folder: Path) -> None:
    """Remove all but the newest files of gains; others may be writing and tidying at this moment."""
    written = []
    for path in folder.glob("gains-*.geojson"):
        with suppress(OSError):
            written.append((path.stat().st_mtime_ns, path.name))
    for at, name in sorted(written, reverse=True)[MOST_GAINS:]:
        with suppress(OSError):
            if (folder / name).stat().st_mtime_ns == at:  # otherwise somebody has just asked for the same again
                (folder / name).unlink()
