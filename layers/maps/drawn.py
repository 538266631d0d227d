"""What the browser fetches of a place is made once, however often the dashboard starts: a note says from what it is."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from data.place import sha256_of
from layers.maps import base_map, geometry
from layers.maps.geometry import is_written, write_whole

if TYPE_CHECKING:
    from collections.abc import Iterable

Addresses = tuple[str, str, str | None, str | None]
"""Of neighbourhoods' shapes, of streets, of what lies beneath and of outlines."""

_CODE = tuple(Path(module.__file__) for module in (base_map, geometry))


def made_from(tables: Iterable[Path]) -> str:
    """Stands for tables of a place, those that it has, and for the code that draws them; in hexadecimal.

    Parameters
    ----------
    tables
        Their files.
    """
    read = [(path.name, sha256_of(path)) for path in (*tables, *_CODE) if path.exists()]
    return sha256(json.dumps(read).encode()).hexdigest()[:16]


def noted(made: str, folder: Path) -> Addresses | None:
    """Where that lies which was made from these; None if it was not, or is not there any more.

    Parameters
    ----------
    made
        As `made_from` says it.
    folder
        The folder that is served as ``/app/static/places``.
    """
    try:
        said = json.loads(_note(made, folder).read_bytes())
    except (OSError, ValueError):
        return None
    match said:
        case [str(areas), str(streets), str() | None as base, str() | None as outlines]:
            found = areas, streets, base, outlines
            return found if all(is_written(address, folder) for address in found if address) else None
    return None


def note(made: str, addresses: Addresses, folder: Path) -> Addresses:
    """Write down where it lies; arguments as for `noted`."""
    write_whole(json.dumps(addresses).encode(), _note(made, folder))
    return addresses


def _note(made: str, folder: Path) -> Path:
    return folder / f"made-from-{made}.json"
