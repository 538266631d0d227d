"""Addresses of files that a person's browser can fetch as they are, where this machine does not reach the internet."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from data.catalogue import CATALOGUE
from data.services import arcgis, geofabrik, portal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

_FILES = (".csv", ".zip", "redirect")


def addresses(sources: Iterable[str], day: date, authority: str = "") -> tuple[str, ...]:
    """Addresses that a browser saves as files.

    Parameters
    ----------
    sources
        Keys of the catalogue.
    day
        Today: some lists are made every day.
    authority
        Name of the authority whose outlines are wanted; without it there is no address of outlines.
    """
    found: list[str] = []
    for one in sources:
        url = CATALOGUE[one].url
        if one == "boundaries" and authority:
            found.append(outlines(authority))
        elif one == "streets":
            found.append(f"{geofabrik.GEOFABRIK}/europe/united-kingdom/england.html")
        elif url.startswith("https") and url.endswith(_FILES):
            found.append(url.replace("{}", f"{day:%Y%m%d}"))
    return tuple(dict.fromkeys(found))


def outlines(authority: str) -> str:
    """The address of an authority's neighbourhoods as GeoJSON; their names begin with the authority's.

    Those of an authority that was made of several after 2021 are still called by the former ones.
    """
    code, name = portal.BOUNDARIES.fields["lsoa"], portal.BOUNDARIES.fields["lsoa_name"]
    asked = {"where": f"{name} LIKE {arcgis.quoted(f'{authority} %')}", "outFields": f"{code},{name}", "f": "geojson"}
    return f"{arcgis.layer_address(portal.BOUNDARIES.known[0])}/query?{urlencode(asked)}"
