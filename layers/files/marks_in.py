"""Marks from a file in any of the formats, all of them in the place they are meant for."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from data.store.exchange.drafts import Incoming, drafts
from data.store.exchange.services import drafts_from_open_referral
from data.store.exchange.uploads import read_upload
from geo.errors import InputError

if TYPE_CHECKING:
    from data.place import Place

SLACK_M = 500.0
"""A place's outline is drawn coarsely: a mark so near to it is taken to be inside."""


def read_marks(content: bytes, name: str, place: Place) -> Incoming:
    """The marks of a file.

    Parameters
    ----------
    content
        What is in it.
    name
        What it is called; its ending says the format. A ``.json`` is GeoJSON if it is a collection of features, and
        services of Open Referral UK otherwise.
    place
        Where the marks are to be. A row of a list that is not there is a fault; a service elsewhere is left out, for
        directories cover more than one authority.

    Raises
    ------
    InputError
        The first fault, with its row and column, or that nothing is in the file; nothing is imported then.
    """
    if name.lower().endswith(".json") and not _has_features(content):
        found = _those_inside(drafts_from_open_referral(content, place.card.key, name=name), place)
    else:
        found = _all_inside(drafts(read_upload(content, name), place.card.key, name=name), place, name)
    if not (found.arrivals or found.left_out):
        raise InputError(name, expected="marks", found="none")
    return found


def _all_inside(found: Incoming, place: Place, name: str) -> Incoming:
    for arrival, inside in zip(found.arrivals, _inside(found, place), strict=True):
        if not inside:
            at = arrival.draft.geometry.centroid
            raise InputError(
                name, row=arrival.row, expected=f"a place in {place.card.name}",
                found=f"easting {at.x:.0f}, northing {at.y:.0f}",
            )  # fmt: skip
    return found


def _those_inside(found: Incoming, place: Place) -> Incoming:
    inside = _inside(found, place)
    kept = tuple(arrival for arrival, here in zip(found.arrivals, inside, strict=True) if here)
    outside = int((~inside).sum())
    more = {f"services outside {place.card.name}": outside} if outside else {}
    return replace(found, arrivals=kept, left_out={**found.left_out, **more})


def _inside(found: Incoming, place: Place) -> np.ndarray:
    """Which of the marks are in the place."""
    areas = shapely.STRtree(place.areas().geometry.to_numpy())
    geometries = np.array([arrival.draft.geometry for arrival in found.arrivals], dtype=object)
    inside = np.zeros(len(geometries), bool)
    inside[areas.query(geometries, predicate="dwithin", distance=SLACK_M)[0]] = True
    return inside


def _has_features(content: bytes) -> bool:
    with suppress(ValueError, RecursionError):
        said = json.loads(content)
        return isinstance(said, dict) and said.get("type") == "FeatureCollection"
    return False
