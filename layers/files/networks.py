"""The walking network as a file that OSMnx and QGIS open."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import osmnx

from data.catalogue import CATALOGUE
from geo.osmnx_graph import osmnx_graph
from layers.files.tables import require_writable, write_whole

if TYPE_CHECKING:
    from pathlib import Path

    from data.place import Place
    from geo.profiles import WalkProfile

FORMATS = (".graphml", ".gpkg")


def write_network(place: Place, profile: WalkProfile, path: Path) -> str:
    """Write the streets that a walker may use, as `geo.osmnx_graph.osmnx_graph` makes them, whole or not at all.

    Parameters
    ----------
    place, profile
        Whose streets, and who walks.
    path
        Ends in one of `FORMATS`: GraphML for `osmnx.load_graphml`, GeoPackage (layers ``nodes`` and ``edges``, each
        street once) for a GIS.

    Returns
    -------
    str
        What was written, in a sentence.

    Raises
    ------
    RequestError
        It cannot be written.
    """
    suffix = require_writable(path, FORMATS, "a network")
    credit = CATALOGUE["streets"].attribution
    about = f"Streets of {place.card.name} for {profile.walkers}, with lengths in metres and times in seconds"
    graph = osmnx_graph(
        place.network(profile), place.segments(), place.street_parts(), about=about, attribution=" · ".join(credit)
    )
    save = partial(osmnx.save_graph_geopackage, directed=False) if suffix == ".gpkg" else osmnx.save_graphml
    write_whole(path, partial(save, graph), attributions=credit, about=about)
    return f"{about}: {graph.number_of_edges() // 2:,} stretches of street between {graph.number_of_nodes():,} points."
