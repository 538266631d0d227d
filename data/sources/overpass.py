"""Answers of Overpass (JSON), joined into one OpenStreetMap extract that is read like any other."""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import osmium

from geo.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

_BEGINNING = 4_096
_STAMP = re.compile(r'"timestamp_osm_base"\s*:\s*"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)"')


def stamp_of(path: Path) -> str | None:
    """The moment up to which an answer knows OpenStreetMap (ISO, UTC), which stands at its beginning."""
    with path.open("rb") as file:
        found = _STAMP.search(file.read(_BEGINNING).decode("utf-8", "replace"))
    return found.group(1) if found else None


def write_extract(answers: Sequence[Path], out: Path) -> str:
    """Join answers by the ids of what is in them, and write nodes, ways and relations by rising id.

    One answer is in memory as Python has it, all others as osmium has them (about 100 bytes a node).

    Parameters
    ----------
    answers
        At least one, as ``[out:json]`` and ``out body`` give them. What several have is taken from one of them.
    out
        ``.osm.pbf``; put in its place when it is whole. Its header tells the oldest moment of the answers.

    Returns
    -------
    str
        That moment (ISO, UTC).

    Raises
    ------
    InputError
        An answer is no such JSON.

    Notes
    -----
    Source: https://dev.overpass-api.de/output_formats.html#json.
    """
    joined = osmium.MergeInputReader()
    moments = []
    with tempfile.TemporaryDirectory(prefix="pramshed-", dir=out.parent) as folder:
        for number, path in enumerate(answers):
            part = Path(folder) / f"{number}.osm.pbf"
            moments.append(_write_part(path, part))
            joined.add_file(str(part))
        header, draft = osmium.io.Header(), Path(folder) / "whole.osm.pbf"
        header.set("osmosis_replication_timestamp", min(moments))
        with osmium.SimpleWriter(str(draft), header=header) as writer:
            joined.apply(writer, simplify=True)
        draft.replace(out)
    return min(moments)


def _write_part(path: Path, out: Path) -> str:
    """Write what an answer holds, in its order; give its moment."""
    try:
        with path.open(encoding="utf-8") as file:
            answer = json.load(file)
        with osmium.SimpleWriter(str(out)) as writer:
            for element in answer["elements"]:
                _WRITE[element["type"]](writer, element, element.get("tags", {}))
        return str(answer["osm3s"]["timestamp_osm_base"])
    except (ValueError, KeyError, TypeError, AttributeError, RuntimeError) as fault:
        found = f"something else ({type(fault).__name__}: {fault})"
        raise InputError(path, expected="nodes, ways and relations of Overpass", found=found) from fault


def _node(writer: osmium.SimpleWriter, element: dict[str, Any], tags: dict[str, str]) -> None:
    writer.add_node(osmium.osm.mutable.Node(id=element["id"], location=(element["lon"], element["lat"]), tags=tags))


def _way(writer: osmium.SimpleWriter, element: dict[str, Any], tags: dict[str, str]) -> None:
    writer.add_way(osmium.osm.mutable.Way(id=element["id"], nodes=element["nodes"], tags=tags))


def _relation(writer: osmium.SimpleWriter, element: dict[str, Any], tags: dict[str, str]) -> None:
    members = [(member["type"][0], member["ref"], member["role"]) for member in element["members"]]
    writer.add_relation(osmium.osm.mutable.Relation(id=element["id"], members=members, tags=tags))


_WRITE = {"node": _node, "way": _way, "relation": _relation}
