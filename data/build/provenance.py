"""Where figures come from: every file with its terms, its vintage, its hash and the day it was read."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from data.build import children
from data.build.area_names import dataset_of
from data.catalogue import CATALOGUE
from data.place import Source, sha256_of
from data.sources import streets
from data.sources.site_return import is_return

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    from data.build.inputs import Inputs, Lookups
    from data.fetch.receipts import Receipt

_USUAL = {"output_areas": "2021", "area_changes": "2011 to 2021"}
"""The vintage of what the dataset is, where the file's name tells none."""


def sources_of(
    inputs: Inputs,
    known: Lookups,
    figures: dict[str, str],
    *,
    areas: gpd.GeoDataFrame,
    sites: gpd.GeoDataFrame,
    play_spaces: gpd.GeoDataFrame | None,
    receipts: Sequence[Receipt] = (),
) -> tuple[Source, ...]:
    """The sources of a place.

    Parameters
    ----------
    inputs, known
        Its files, and which look-up each is.
    figures
        Vintage of each figure of the areas.
    areas
        Its areas, with the children that are shown.
    sites, play_spaces
        Its centres, hubs and play spaces, which know their register and its day.
    receipts
        Of what a program fetched; a table made of several answers names the first of them.
    """
    listed = sites.loc[sites["kind"] == "centre", "source_date"].max()
    register_day = None if pd.isna(listed) else f"{listed:%Y-%m-%d}"
    given: list[tuple[str, Path | None, str | None]] = [
        *(("streets", path, streets.vintage(path)) for path in inputs.streets),
        ("boundaries", inputs.boundaries, _outline_vintage(inputs.boundaries)),
        *((_postcode_list(path), path, None) for path in inputs.postcodes),
        ("deprivation", inputs.deprivation, figures.get("imd_rank")),
        *(("country_of_birth", path, "Census 2021") for path in inputs.population),
        *((table.dataset, path, "Census 2021") for path, table in known.proxies.items()),
        ("languages", inputs.languages, "Census 2021"),
        (children.dataset_of(inputs, figures.get("under5", "")), inputs.children, figures.get("under5")),
        ("own_births", inputs.births, figures.get("births_abroad")),
        *((known.dataset[path], path, None) for path in inputs.lookups),
        ("wards", inputs.wards, None),
        *dataset_of(known.area_names),
        *((_site_list(path, "centres"), path, None if is_return(path) else register_day) for path in inputs.centres),
        ("code_point_open", inputs.centre_points, None),
        *(("council_closures", path, None) for path in inputs.closures),
        (_site_list(inputs.hubs, "family_hubs") if inputs.hubs else "family_hubs", inputs.hubs, None),
        ("play_spaces" if inputs.greenspace else _play_list(play_spaces), inputs.play_spaces, None),
        ("open_greenspace", inputs.greenspace, None),
        ("venues", inputs.venues, streets.vintage(inputs.venues) if inputs.venues else None),
    ]
    editions = {receipt.source: receipt.edition for receipt in receipts if receipt.edition}
    of = {receipt.source: receipt for receipt in reversed(receipts)} | {one.sha256: one for one in receipts}
    today = datetime.now(tz=UTC).date().isoformat()
    found = []
    for dataset, path, vintage in given:
        if path is not None:
            digest = children.hash_of(areas, dataset) if CATALOGUE[dataset].private else sha256_of(path)
            receipt = of.get(digest) or of.get(dataset)
            told = vintage or vintage_in_name(path) or editions.get(dataset) or _of_service(receipt)
            found.append(
                Source(
                    dataset=dataset,
                    file=path.name,
                    vintage=told or _USUAL.get(dataset, "not stated"),
                    sha256=digest,
                    read=today,
                    licence=CATALOGUE[dataset].licence,
                    attribution=CATALOGUE[dataset].attribution,
                    address=receipt.url if receipt else None,
                    asked_at=receipt.asked_at.isoformat(timespec="seconds") if receipt else None,
                )
            )
    return tuple(found)


def vintage_in_name(path: Path) -> str | None:
    """The year, month or day that a file's name tells: ``2022-07``, or ``2024`` of ``ward24``."""
    found = re.search(r"20\d\d(?:-\d\d){0,2}", path.name)
    if found:
        return found.group()
    short = re.search(r"(?:ward|wd|lad)_?(2\d)(?!\d)", path.name.lower())
    return f"20{short.group(1)}" if short else None


def _of_service(receipt: Receipt | None) -> str | None:
    """The year that the name of a service of ONS Open Geography tells: ``2025`` of ``LSOA21_WD25_LAD25_EW_LU``."""
    found = re.search(r"/services/([^/]+)/", receipt.url) if receipt else None
    return vintage_in_name(Path(found.group(1))) if found else None


def _first_line(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.readline(4096)


def _outline_vintage(path: Path) -> str:
    """Outlines of 2011 are taken only for areas that have not changed since; the reader should know which they are."""
    with path.open("rb") as file:
        fields = file.read(1 << 18)
    return "LSOA 2011, unchanged to 2021" if b"LSOA11CD" in fields.upper() else "LSOA 2021"


def _postcode_list(path: Path) -> str:
    """Code-Point Open comes without a header, ONS's directories with one."""
    return "postcode_directory" if b"pcd" in _first_line(path).lower() else "code_point_open"


def _site_list(path: Path, otherwise: str) -> str:
    """A council's return may be given as a list of centres or of hubs; links only as one of centres."""
    if is_return(path):
        return "site_return"
    return "centre_links" if b"LinkURN" in _first_line(path) else otherwise


def _play_list(play_spaces: gpd.GeoDataFrame | None) -> str:
    ordnance_survey = play_spaces is not None and play_spaces["source"].str.contains("Greenspace").any()
    return "open_greenspace" if ordnance_survey else "play_spaces"
