"""What `fetch --check` says: beside each source of a place the newest edition that its publisher has."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import typer

from layers.commands.deployment import find_place, folders
from layers.commands.terminal import progress, say, teller

if TYPE_CHECKING:
    from collections.abc import Iterator

    from data.fetch.settings import FetchSettings
    from data.gather.newer import Compared
    from data.place import Place


def say_newer(authority: str, settings: FetchSettings) -> None:
    """Ask each service for its newest edition alone, and print a line a source.

    Parameters
    ----------
    authority
        Its name or code, or that of its place.
    settings
        How services are asked: again, whatever was asked today.

    Raises
    ------
    UnknownNameError
        There is no place of that authority here.
    ServiceError
        No service answers.
    """
    from data.fetch.client import Client
    from data.gather.newer import LOOKS, compare
    from geo.errors import ServiceError

    place = _at_hand(authority)
    with progress() as bar, Client(settings, tell=lambda what: say([what])) as client:
        tell = teller(bar, None)
        today = datetime.now(tz=UTC).date()
        found = compare(client, place, today=today, step=lambda what: tell(list(LOOKS).index(what), what))
    if found and all(one.fault for one in found):
        who = f"the services of {place.card.name}"
        raise ServiceError(who, found=found[0].fault, expected="their newest editions")
    for line in _lines(found):
        typer.echo(line)
    newer = sum(bool(one.newer) for one in found)
    say([f"{newer} of {len(found)} sources are newer there. fetch without --check fetches them and builds the place."])


def _lines(found: list[Compared]) -> Iterator[str]:
    from data.catalogue import CATALOGUE

    for one in found:
        if one.fault:
            said = f"not known there ({one.fault})"
        elif one.newer is None:
            said = f"{one.there or 'no edition'} there; which is newer is not known"
        else:
            said = f"{one.there} there, {'newer' if one.newer else 'not newer'}"
        mark = "!" if one.newer else "?" if one.newer is None else " "
        yield f"{mark} {CATALOGUE[one.source].title}: {one.here or 'not known'} here; {said}"


def _at_hand(authority: str) -> Place:
    """The place of an authority by any of its names or codes, or by its own."""
    from data.england.authorities import read_authorities
    from data.place import open_places
    from data.services.authorities import find_authority
    from geo.errors import PramshedError

    try:
        code = find_authority(authority, read_authorities()).code
    except PramshedError:
        return find_place(authority)
    places = open_places(folders())[0].values()
    return next((one for one in places if one.card.authority_code == code), None) or find_place(authority)
