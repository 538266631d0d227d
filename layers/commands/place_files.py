"""The files that `build` takes, read from its own options and the catalogue of sources; and the command to copy."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, get_args, get_type_hints
from urllib.parse import urlsplit

from data.catalogue import CATALOGUE

if TYPE_CHECKING:
    from data.catalogue import Dataset

GIVEN_AS = {
    "deprivation": "--deprivation",
    "country_of_birth": "--population",
    "length_of_residence": "--census",
    "english": "--census",
    "household_language": "--census",
    "census_percentages": "--census",
    "languages": "--languages",
    "children": "--children",
    "own_children": "--children",
    "own_births": "--births",
    "boundaries": "--boundaries",
    "output_areas": "--lookup",
    "area_changes": "--lookup",
    "wards": "--wards",
    "area_names": "--area-names",
    "own_area_names": "--area-names",
    "code_point_open": "--postcodes",
    "postcode_directory": "--postcodes",
    "centres": "--centres",
    "centre_links": "--centres",
    "council_closures": "--closures",
    "family_hubs": "--hubs",
    "site_return": "--hubs",
    "play_spaces": "--play-spaces",
    "open_greenspace": "--greenspace",
    "venues": "--venues",
    "gazetteer": "--streets",
    "backdrop": "--streets",
    "labels": "--streets",
    "streets": "--streets",
}
"""The option of ``cli.py build`` that takes a source's file; there is none for what only ``cli.py fetch`` asks for."""

_EXTRACTS = {"https://www.openstreetmap.org/copyright": "https://wiki.openstreetmap.org/wiki/Planet.osm"}
"""Where there are files, of a source whose own page says on which terms."""


@dataclass(frozen=True)
class PlaceFile:
    """A file that `build` takes: its option, what it is, and whether there is no place without it."""

    option: str
    about: str
    needed: bool
    sources: tuple[Dataset, ...]
    """Who publishes such files; none where it is a table of one's own."""

    @property
    def publishers(self) -> tuple[str, ...]:
        """Each once; of streets, none but OpenStreetMap."""
        return tuple(dict.fromkeys(source.publisher for source in self.sources if source.landing_page))

    @property
    def pages(self) -> tuple[str, ...]:
        """The pages from which a person fetches it, as they are typed."""
        pages = (_EXTRACTS.get(source.landing_page, source.landing_page) for source in self.sources)
        return tuple(dict.fromkeys(page.removeprefix("https://").rstrip("/") for page in pages if page))

    @property
    def names(self) -> tuple[str, ...]:
        """What the publishers call their files, where an address says so."""
        found = (PurePosixPath(urlsplit(source.url).path).name for source in self.sources)
        return tuple(dict.fromkeys(name for name in found if "." in name and "{" not in name))


def place_files() -> tuple[PlaceFile, ...]:
    """The files, the necessary ones first, each group in the order of the command's options."""
    from layers.commands.places import build

    hints, found = get_type_hints(build, include_extras=True), []
    for name, parameter in inspect.signature(build).parameters.items():
        hint = hints[name]
        if name == "out" or "Path" not in str(hint):
            continue
        option = f"--{name.replace('_', '-')}"
        about = next(one.help for one in get_args(hint) if getattr(one, "help", None))
        sources = tuple(CATALOGUE[key] for key, given in GIVEN_AS.items() if given == option)
        found.append(PlaceFile(option, about.removesuffix("."), parameter.default is parameter.empty, sources))
    return tuple(sorted(found, key=lambda one: not one.needed))


def build_command(files: tuple[PlaceFile, ...], folder: Path) -> str:
    """The command with a placeholder for each file that must be there."""
    needed = [f"{one.option} FILE" for one in files if one.needed]
    lines = [" ".join(needed[at : at + 3]) for at in range(0, len(needed), 3)]
    return " \\\n  ".join([f"python cli.py build --name NAME --authority CODE --out {folder.as_posix()}/NAME", *lines])
