"""Whether there are newer editions of what a place was built from: each service is asked for that alone."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from data.services import arcgis, geofabrik, gias, govuk, msoa_names, nomis, onspd, os_downloads, portal
from geo.errors import InputError, ServiceError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from data.fetch.ask import Ask
    from data.fetch.client import Client
    from data.fetch.looking import Seen
    from data.fetch.receipts import Receipt
    from data.place import Place, Source


class Edition(NamedTuple):
    """An edition: what people call it, and whether it is another than that at hand; None if nobody can tell."""

    called: str
    newer: bool | None


@dataclass(frozen=True, kw_only=True)
class Compared:
    """One source of a place beside what its publisher has.

    Parameters
    ----------
    source
        Key of the catalogue.
    here, there
        The edition at hand and the newest that the service names; empty if it names none.
    newer
        Whether the latter is newer; None if that cannot be told.
    fault
        What the service said instead.
    """

    source: str
    here: str
    there: str = ""
    newer: bool | None = None
    fault: str = ""


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """Who asks, about which place, on which day (UTC)."""

    client: Client
    place: Place
    today: date
    receipts: tuple[Receipt, ...] = field(default=())

    def got(self, source: str) -> list[Receipt]:
        return [receipt for receipt in self.receipts if receipt.source == source]


def compare(
    client: Client, place: Place, *, today: date, step: Callable[[str], None] = lambda _: None
) -> list[Compared]:
    """Ask for the newest edition of each source of a place that has editions; no file comes but lists of them.

    Parameters
    ----------
    client
        Asks, and takes no copy of today for an answer: its settings say ``refresh``.
    place
        Fetched, or built by hand, of which less can be told.
    today
        UTC.
    step
        Called with each source's key before it is asked for.

    Returns
    -------
    list of Compared
        In the order of the place's card; what a service did not say is in it as a fault.
    """
    asked = _Asked(client=client, place=place, today=today, receipts=place.receipts())
    found = []
    for source in with_editions(place):
        step(source.dataset)
        look = _LOOKS[source.dataset]
        here = look.here(asked, source)
        try:
            there, newer = look.there(asked, source, here)
        except (ServiceError, InputError) as fault:
            found.append(Compared(source=source.dataset, here=here, fault=str(fault)))
        else:
            found.append(Compared(source=source.dataset, here=here, there=there, newer=newer))
    return found


def with_editions(place: Place) -> tuple[Source, ...]:
    """The sources of a place that have editions, each once, in the order of its card."""
    return tuple({one.dataset: one for one in place.card.sources if one.dataset in _LOOKS}.values())


class _Look(NamedTuple):
    """How the edition at hand is told, and how the newest is asked for, given that."""

    there: Callable[[_Asked, Source, str], Edition]
    here: Callable[[_Asked, Source], str] = lambda _, source: source.vintage


def _by_day(here: str, there: str) -> bool | None:
    """Whether one day, month or year is after another, as far as both say; None if one says none."""
    days = [re.search(r"20\d\d(?:-\d\d){0,2}", one) for one in (here, there)]
    if days[0] is None or days[1] is None:
        return None
    length = min(len(days[0].group()), len(days[1].group()))
    return days[1].group()[:length] > days[0].group()[:length]


def _service(need: portal.Need) -> _Look:
    """A layer of ONS Open Geography, whose service is named by its edition."""

    def here(asked: _Asked, source: Source) -> str:
        urls = [receipt.url for receipt in asked.got(need.source)]
        names = [found.group(1) for url in urls if (found := re.search(r"/services/([^/]+)/FeatureServer", url))]
        return next(iter(arcgis.newest_first(names, need.pattern)), source.vintage)

    def there(asked: _Asked, _: Source, here: str) -> Edition:
        # under one source, as whoever fetches asks for the list
        ask = arcgis.services_ask(source=portal.AUTHORITY_NAMES.source)
        listed = arcgis.newest_first(arcgis.read_services(asked.client.get(ask, older=False).path), need.pattern)
        if not listed:
            raise arcgis.fault_of(arcgis.GEOGRAPHY, found="no such layer", expected=need.what)
        known = bool(arcgis.newest_first([here], need.pattern))
        return Edition(listed[0], listed[0] != here if known else None)

    return _Look(there, here)


def _directory(asked: _Asked, source: Source, here: str) -> Edition:
    """The postcode directory has one layer, which says when its rows were last changed."""
    ask = arcgis.card_ask(arcgis.layer_address(onspd.DIRECTORY.known[0]), source=source.dataset)
    changed = arcgis.read_card(asked.client.get(ask, older=False).path).changed
    if changed is None:
        return Edition("", None)
    return Edition(f"changed on {changed}", _by_day(here, changed.isoformat()))


def _estimates(asked: _Asked, _: Source, here: str) -> Edition:
    """Nomis gives the newest year, asked for one neighbourhood."""
    area = str(asked.place.areas().index[0])
    path = asked.client.get(nomis.rows_ask(nomis.ESTIMATES, area), older=False).path
    year = nomis.year_of(str(nomis.read_rows(path, nomis.ESTIMATES)["date"].iloc[0]))
    return Edition(f"mid-{year}", _by_day(here, year))


def _publication(one: govuk.Publication) -> _Look:
    """A file of GOV.UK, whose address is another with each edition."""

    def here(_: _Asked, source: Source) -> str:
        return _name(source.address) if source.address else source.file

    def there(asked: _Asked, source: Source, here: str) -> Edition:
        url = govuk.offered(asked.client, one)
        same = (source.address or "").endswith(urlsplit(url).path) if source.address else _name(url) == here
        return Edition(_name(url), not same)

    return _Look(there, here)


def _name(url: str | None) -> str:
    return urlsplit(url or "").path.rpartition("/")[2]


def _register(asked: _Asked, _: Source, here: str) -> Edition:
    """The newest of the last days that the Department has a list of."""
    for day in gias.days_back(asked.today):
        try:
            seen = asked.client.look(gias.extract_ask(day, "centres"))
        except ServiceError:
            continue
        if seen.kind != "text/html":  # an error page comes with status 200 too
            return Edition(day.isoformat(), _by_day(here, day.isoformat()))
    who, found = "Get Information about Schools", f"no list of the {gias.DAYS_BACK + 1} days to {asked.today}"
    raise ServiceError(who, found=found, expected="one")


def _file(ask: Ask, asked: _Asked, source: Source, here: str) -> Edition:
    """A file that stays at its address: its state is told by its headers."""
    kept = [one for one in asked.got(source.dataset) if one.url.endswith(urlsplit(ask.url).path)]
    return _state(asked.client.look(ask), kept, here)


def _state(seen: Seen, kept: list[Receipt], here: str) -> Edition:
    same = seen.same_as(kept[0]) if kept else None
    newer = _by_day(here, seen.day) if same is None else not same
    if seen.day:
        return Edition(f"changed on {seen.day}", newer)
    return Edition("" if newer is None else "another file" if newer else "the same file", newer)


def _product(product: os_downloads.Product) -> _Look:
    """The Ordnance Survey names the version of a product."""

    def here(asked: _Asked, source: Source) -> str:
        return next((one.edition for one in asked.got(product.source) if one.edition), source.vintage)

    def there(asked: _Asked, _: Source, here: str) -> Edition:
        path = asked.client.get(os_downloads.product_ask(product), older=False).path
        version = os_downloads.read_version(path) or ""
        return Edition(version, _by_day(here, version))

    return _Look(there, here)


def _streets(asked: _Asked, source: Source, here: str) -> Edition:
    """The extracts of the counties that the place reaches into; the newest of them tells."""
    outline = asked.place.areas().union_all(grid_size=0.01)
    index = geofabrik.read_index(asked.client.get(geofabrik.index_ask(), older=False).path)
    counties = geofabrik.counties_for(index, outline)
    found = [_file(geofabrik.extract_ask(one.url, md5=None), asked, source, here) for one in counties]
    if not found:
        who = "Geofabrik (OpenStreetMap)"
        raise ServiceError(who, found="no county there", expected="a county of England")
    return max(found, key=lambda one: (bool(one.newer), one.called))


_LOOKS: dict[str, _Look] = {
    "streets": _Look(_streets),
    "boundaries": _service(portal.BOUNDARIES),
    "output_areas": _service(portal.OUTPUT_AREAS),
    "wards": _service(portal.WARDS),
    "postcode_directory": _Look(_directory, lambda _, source: f"asked on {(source.asked_at or source.read)[:10]}"),
    "code_point_open": _product(os_downloads.CODE_POINT_OPEN),
    "open_greenspace": _product(os_downloads.OPEN_GREENSPACE),
    "deprivation": _publication(govuk.DEPRIVATION),
    "family_hubs": _publication(govuk.FAMILY_HUBS),
    "children": _Look(_estimates),
    "centres": _Look(_register),
    "area_names": _Look(partial(_file, msoa_names.names_ask(msoa_names.EDITIONS[0]))),
}
"""The sources that have editions. A Census has none; what a council brings of its own nobody else has."""
