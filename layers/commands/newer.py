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
    from data.gather.newer import compare, with_editions
    from geo.errors import ServiceError

    place = _at_hand(authority)
    with progress() as bar, Client(settings, tell=lambda what: say([what])) as client:
        order = [one.dataset for one in with_editions(place)]
        tell, today = teller(bar, len(order)), datetime.now(tz=UTC).date()
        found = compare(client, place, today=today, step=lambda what: tell(order.index(what), what.replace("_", " ")))
    if found and all(one.fault for one in found):
        who = f"the services of {place.card.name}"
        raise ServiceError(who, found=found[0].fault, expected="their newest editions")
    for line in _lines(found):
        typer.echo(line)
    newer = sum(bool(one.newer) for one in found)
    then = "; fetch without --check takes them and builds the place again" if newer else ""
    say([f"Newer editions: {newer} of {len(found)} sources{then}."])


def _lines(found: list[Compared]) -> Iterator[str]:
    from data.catalogue import CATALOGUE

    for one in found:
        if one.fault:
            said = f" here; not known there ({one.fault})"
        elif one.newer is None:
            said = f" here, {one.there or 'no edition named'} there: which is newer cannot be told"
        else:
            said = f" here, {one.there} there: newer" if one.newer else ": nothing newer"
        mark = "!" if one.newer else "?" if one.newer is None else " "
        yield f"{mark} {CATALOGUE[one.source].title}: {one.here}{said}"


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
