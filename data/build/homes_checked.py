"""Whether homes are where they should be: in the authority and beside its streets; and if not, what may be wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from geo.errors import InputError
from geo.network import BUGGY, SNAP_LIMIT_M, WalkNetwork

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from data.build.inputs import Inputs

_SWAPPED = "; with easting and northing swapped, most would lie in the authority"


def require_homes(homes: gpd.GeoDataFrame, directory: pd.DataFrame, areas: gpd.GeoDataFrame, inputs: Inputs) -> None:
    """Refuse a postcode directory that places no home in the authority.

    Parameters
    ----------
    homes
        Those that it places there.
    directory
        ``easting, northing`` (metres, British National Grid), ``live`` and ``authority_code`` of each postcode.
    areas
        Outlines, British National Grid.
    inputs
        The files, for the message.

    Raises
    ------
    InputError
        There are none; the message says why.
    """
    if len(homes):
        return
    ours = directory["live"] & directory["authority_code"].isin([inputs.authority, np.nan])
    at = directory.loc[ours, ["easting", "northing"]].dropna().to_numpy(float)
    expected = f"live postcodes of {inputs.authority} with coordinates"
    if ours.any() and not len(at):
        expected += ": columns 'oseast1m' and 'osnrth1m', here or in a further --postcodes"
    hint = _SWAPPED if _are_swapped(at, shapely.union_all(areas.geometry.to_numpy())) else ""
    raise InputError(inputs.postcodes[0], expected=expected, found=f"none{hint}")


def off_the_streets(
    segments: gpd.GeoDataFrame, origins: gpd.GeoDataFrame, outline: shapely.Geometry, inputs: Inputs
) -> tuple[int, list[str]]:
    """How many homes no pram can be walked from, for want of a street within `SNAP_LIMIT_M`; and a note on them.

    Parameters
    ----------
    segments, origins
        The streets, and the homes as `geo.tables.Origins`.
    outline
        The authority, British National Grid.
    inputs
        The files, for the message; and whether as many as that may be so.

    Raises
    ------
    InputError
        They are more than half of all: then the files do not fit each other.
    """
    where = origins.geometry.to_numpy()
    off = int((~WalkNetwork.of(segments, BUGGY).snap(where).on_network).sum())
    if not off:
        return 0, []
    said = f"{off:,} of {len(origins):,} homes are more than {SNAP_LIMIT_M:.0f} m from any street of the street file"
    if off > len(origins) / 2 and not inputs.accept_off_streets:
        hint = _SWAPPED if _are_swapped(shapely.get_coordinates(where), outline) else ""
        raise InputError(
            inputs.postcodes[0], found=f"that {said}{hint}",
            expected="most homes beside a street (--accept-off-streets builds the place all the same)",
        )  # fmt: skip
    return off, [f"{said}: their walk is not known, and areas where most are so are shown as having no street data."]


def _are_swapped(at: NDArray[np.float64], outline: shapely.Geometry) -> bool:
    """Whether most points lie in the authority if easting and northing change places, and do not as they are."""
    shapely.prepare(outline)
    there, back = (shapely.contains_xy(outline, *pair) for pair in (at.T, at.T[::-1]))
    return len(at) > 0 and bool(there.mean() < 0.5 < back.mean())
