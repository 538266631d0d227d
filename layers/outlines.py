"""Geometry that the browser fetches once: outlines of areas and lines of streets, files named by content."""

from __future__ import annotations

import json
import re
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import numpy as np
import shapely

from geo.crs import WGS84
from geo.errors import CrsError, InputError
from geo.network import STREET_CLASSES

if TYPE_CHECKING:
    import geopandas as gpd

STATIC = Path(__file__).resolve().parents[1] / "static"
"""Vendored libraries, our drawing code and markers; Streamlit serves it as ``/app/static``, to everybody."""

PLACES = STATIC / "places"
"""Geometry of the places, written at run time."""

AREA_CODE = re.compile(r"E01\d{6}", re.ASCII)
"""What an LSOA 2021 code of England looks like."""


def write_geometry(frame: gpd.GeoDataFrame, folder: Path = PLACES, *, digits: int = 5) -> str:
    """Write outlines or streets for the browser; return the address to fetch them from.

    The file is named by its content, so no browser's copy goes stale, and it is there whole or not at all.

    Parameters
    ----------
    frame
        Areas by their code; or lines with a column ``class`` (`geo.network.STREET_CLASSES`), which become one
        feature a class. Any stated CRS.
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
    source = "map geometry"
    if frame.crs is None:
        raise CrsError(source, expected="a stated coordinate reference system", found="none")
    drawn = frame[~(frame.geometry.isna() | frame.geometry.is_empty)].to_crs(WGS84)
    shapes = shapely.force_2d(drawn.geometry.to_numpy())
    shapes = shapely.transform(shapes, lambda at: np.round(at, digits))
    if "class" in drawn.columns:
        stem, classes = "streets", drawn["class"].astype(str).to_numpy()
        names = list(dict.fromkeys(classes))
        shapes = [shapely.multilinestrings(shapely.get_parts(shapes[classes == name])) for name in names]
    else:
        stem, names = "areas", [str(code) for code in drawn.index]
        for code in names:
            if not AREA_CODE.fullmatch(code):
                raise InputError(source, expected="LSOA 2021 codes as the index", found=repr(code))
    said = "class" if stem == "streets" else "code"
    features = ",\n".join(
        f'{{"type":"Feature","properties":{json.dumps({said: name})},"geometry":{shapely.to_geojson(shape)}}}'
        for name, shape in zip(names, shapes, strict=True)
    )
    content = f'{{"type":"FeatureCollection","features":[\n{features}\n]}}\n'.encode()
    target = folder / f"{stem}-{sha256(content).hexdigest()[:16]}.geojson"
    if not target.exists():
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = folder / f".{target.stem}.{uuid4().hex}.part"
        try:
            unfinished.write_bytes(content)
            unfinished.replace(target)
        finally:
            unfinished.unlink(missing_ok=True)
    return f"/app/static/places/{target.name}"


STREET_STEP_M = 8.0
"""How much a street may be straightened for drawing."""


def streets_to_draw(segments: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Roads and streets as few simple lines with their ``class``; paths are left out, for they clutter the map.

    Parameters
    ----------
    segments
        As `geo.network.segments_from` makes them.
    """
    names = np.asarray(STREET_CLASSES, dtype=object)[segments["street_class"].to_numpy()]
    drawn = segments.set_geometry(shapely.simplify(segments.geometry.to_numpy(), STREET_STEP_M), crs=segments.crs)
    return drawn.assign(**{"class": names}).loc[names != "path", ["class", "geometry"]]
