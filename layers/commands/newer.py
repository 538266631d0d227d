"""What `fetch --check` says: beside each source of a place the newest edition that its publisher has."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import typer

from layers.commands.deployment import find_place, folders, local_places
from layers.commands.terminal import progress, say, teller

if TYPE_CHECKING:
    from collections.abc import Iterator

    from data.fetch.settings import FetchSettings
    from data.gather.newer import Compared
    from data.place import Place


def say_newer(authority: str, settings: FetchSettings, *, inherited: int | None = None) -> None:
    """Ask each service for its newest edition alone, print a line a source, and let the page *Places* show them.

    Parameters
    ----------
    authority
        Its name or code, or that of its place.
    settings
        How services are asked: again, whatever was asked today.
    inherited
        The job's lock, open, from whoever started this process.

    Raises
    ------
    UnknownNameError
        There is no place of that authority here.
    ServiceError
        No service answers.
    """
    from data.fetch.client import Client
    from data.gather.jobs import FOLDER, Job, Progress
    from data.gather.newer import compare, with_editions
    from geo.errors import ServiceError
    from layers.commands.starting import looking_key
    from layers.commands.working import at_work

    place = _at_hand(authority)
    key, name = place.card.key, place.card.name
    order = [one.dataset for one in with_editions(place)]
    job = Job(settings.cache / FOLDER, looking_key(place))
    begins = Progress(key=job.key, wanted=key, name=name, kind="look", of=len(order))
    hide = (settings.cache, local_places())
    with (
        at_work(job, begins, inherited=inherited, hide=hide) as work,
        progress() as bar,
        Client(settings, tell=lambda what: (say([what]), work.tell(what))) as client,
    ):
        tell = teller(bar, len(order))

        def step(source: str) -> None:
            at, what = order.index(source), source.replace("_", " ")
            tell(at, what)
            work.step(at, what)

        found = compare(client, place, today=datetime.now(tz=UTC).date(), step=step)
        if found and all(one.fault for one in found):
            who = f"the services of {name}"
            raise ServiceError(who, found=found[0].fault, expected="their newest editions")
        lines = list(_lines(found))
        work.ended(key, name, [line[2:] for line in sorted(lines, key=lambda line: "!? ".index(line[0]))])
    for line in lines:
        typer.echo(line)
    newer = sum(bool(one.newer) for one in found)
    then = "; fetch without --check takes them and builds the place again" if newer else ""
    say([f"Newer editions: {newer} of {len(found)} sources{then}."])


def _lines(found: list[Compared]) -> Iterator[str]:
    from data.catalogue import CATALOGUE

    for one in found:
        if one.fault:
            said = f"not known ({one.fault})"
        elif one.newer is None:
            said = f"cannot be compared ({one.there or 'no edition named'}; here {one.here})"
        else:
            said = f"newer ({one.there}; here {one.here})" if one.newer else "nothing newer"
        mark = "!" if one.newer else "?" if one.newer is None else " "
        yield f"{mark} {CATALOGUE[one.source].title}: {said}"


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
