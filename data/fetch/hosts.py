"""The hosts that are asked: what people call them, how often they may be asked, and where they send one on to."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from data.catalogue import CATALOGUE
from geo.errors import UnknownNameError


@dataclass(frozen=True)
class Host:
    """One host.

    Parameters
    ----------
    called
        Its name for people.
    pace
        Least seconds from the end of one request to the beginning of the next; never two at once.
    sent_on_by
        The host that sends one on to it, if it is not asked itself.
    """

    called: str
    pace: float = 0.3
    sent_on_by: str = ""


_ARCGIS = Host("ONS Open Geography")
_GOV = Host("GOV.UK")
_OS = Host("OS Downloads")
_OVERPASS = Host("Overpass", pace=30.0)

HOSTS: dict[str, Host] = {
    "services1.arcgis.com": _ARCGIS,
    "www.arcgis.com": _ARCGIS,
    "hub.arcgis.com": _ARCGIS,
    "www.nomisweb.co.uk": Host("Nomis", pace=1.0),
    "api.beta.ons.gov.uk": Host("ONS API", pace=1.0),
    "download.ons.gov.uk": Host("ONS downloads", pace=1.0),
    "www.gov.uk": _GOV,
    "assets.publishing.service.gov.uk": _GOV,
    "local-links-manager.publishing.service.gov.uk": _GOV,
    "ea-edubase-api-prod.azurewebsites.net": Host("Get Information about Schools", pace=1.0),
    "api.os.uk": _OS,
    "omseprd1stdstordownload.blob.core.windows.net": Host("OS Downloads, the files", sent_on_by="api.os.uk"),
    "download.geofabrik.de": Host("Geofabrik", pace=1.0),
    "download.openstreetmap.fr": Host("OpenStreetMap France", pace=1.0),
    "download.bbbike.org": Host("BBBike", pace=1.0),
    "overpass-api.de": _OVERPASS,
    "overpass.private.coffee": _OVERPASS,
    "overpass.kumi.systems": _OVERPASS,
    "overpass.openstreetmap.fr": _OVERPASS,
    "houseofcommonslibrary.github.io": Host("House of Commons Library"),
}
"""Every host that may be asked, or sent on to, by its name in addresses."""


def host_of(address: str) -> str:
    """The host of an address, in lower case, with its port if one is given."""
    parts = urlsplit(address)
    host = (parts.hostname or "").lower()
    return f"{host}:{parts.port}" if parts.port else host


def called(address: str) -> str:
    """What people call the host of an address."""
    host = host_of(address)
    return HOSTS[host].called if host in HOSTS else host


def asked_of(source: str, address: str) -> str:
    """Who is asked for what, for people: ``Nomis (Census 2021, TS004 Country of birth)``.

    Raises
    ------
    UnknownNameError
        The catalogue has no source of that name.
    """
    if source not in CATALOGUE:
        message = f"no source {source!r} in the catalogue; there are {', '.join(CATALOGUE)}"
        raise UnknownNameError(message)
    return f"{called(address)} ({CATALOGUE[source].title})"
