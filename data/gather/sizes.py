"""What fetching an authority takes: whom it asks for what, and about how much comes."""

from __future__ import annotations

from dataclasses import dataclass

from data.fetch.hosts import called
from data.services.means import MEANS

MB = 1_000_000


@dataclass(frozen=True)
class Part:
    """One part of what is fetched.

    Parameters
    ----------
    what
        In words.
    sources
        Keys of the catalogue.
    least, most
        About how many bytes come: of a small authority and of a large one.
    """

    what: str
    sources: tuple[str, ...]
    least: int
    most: int

    @property
    def asked(self) -> tuple[str, ...]:
        """Who is asked first for each source."""
        first = (MEANS[one].ways[0].address for one in self.sources)
        return tuple(dict.fromkeys(map(called, first)))


PARTS = (
    Part("Outline, neighbourhoods, output areas and wards", ("authorities", "boundaries", "output_areas", "wards"),
         1 * MB, 8 * MB),
    Part("People by country of birth, and children", ("country_of_birth", "children"), MB // 5, 3 * MB),
    Part("Main languages", ("languages",), 4 * MB, 30 * MB),
    Part("Postcodes", ("postcode_directory", "code_point_open"), 16 * MB, 30 * MB),
    Part("Deprivation", ("deprivation",), 10 * MB, 10 * MB),
    Part("Children's centres and family hubs", ("centres", "centre_links", "family_hubs"), MB, 2 * MB),
    Part("Names of neighbourhoods", ("area_names",), MB // 2, MB),
    Part("Play spaces that OpenStreetMap does not have", ("open_greenspace",), 57 * MB, 57 * MB),
    Part("Streets: the extract of each county that the authority touches", ("streets",), 6 * MB, 250 * MB),
)  # fmt: skip
"""Measured on files as published in 2025 and 2026; the extracts of England's counties have 2 to 121 MB each."""


def whole(*, streets: bool = True) -> tuple[int, int]:
    """About how many bytes come in all, at least and at most; without streets where nobody knows their size."""
    parts = [one for one in PARTS if streets or "streets" not in one.sources]
    return sum(one.least for one in parts), sum(one.most for one in parts)
