"""A reader's own list of places to walk to, as a question carries it: known by what is in it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import geopandas as gpd

    from geo.network import WalkNetwork

OWN = "own"
"""What is walked to then, where a question says ``centres`` or ``play`` otherwise."""


@dataclass(frozen=True)
class OwnList:
    """Some places of a reader's own; two lists are one if the same places are in them."""

    digest: str
    """Of all that is in it: by this an answer is kept, and no list can be taken for another."""
    name: str
    """What the file was called."""
    sites: gpd.GeoDataFrame = field(repr=False, compare=False)
    """As `geo.tables.Sites`."""
    by_postcode: int = 0
    """How many stand where their postcode is."""

    @classmethod
    def of(cls, sites: gpd.GeoDataFrame, name: str, by_postcode: int = 0) -> OwnList:
        """The list of these sites (`geo.tables.Sites`), from a file of that name."""
        said = json.dumps([name, by_postcode, sites.index.tolist(), sites["name"].astype(object).map(str).tolist()])
        shapes = b"".join(sites.geometry.to_wkb())
        return cls(hashlib.sha256(said.encode() + shapes).hexdigest(), name, sites, by_postcode)

    def __len__(self) -> int:
        """How many places are in it."""
        return len(self.sites)

    def reached(self, network: WalkNetwork) -> int:
        """How many of them a street of the network leads to."""
        return len(np.unique(network.doors(self.sites.geometry.to_numpy()).site))


def counted(number: int) -> str:
    """So many sites, in words."""
    return "1 site" if number == 1 else f"{number:,} sites"
