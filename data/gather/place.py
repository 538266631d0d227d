"""An authority fetched and built into a place: what the command and the page do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from data.build import pipeline
from data.gather import authority
from data.place import key_of
from data.sources.centres import read_centres
from data.sources.site_return import is_return, read_site_return

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date
    from pathlib import Path

    from data.fetch.client import Client
    from data.gather.authority import StreetsBy
    from data.place import Place

STEPS = (*authority.STEPS, *(f"building: {step}" for step in pipeline.STEPS))
"""What is done, in order."""


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What whoever fetches may choose.

    Parameters
    ----------
    own
        Lists of sites of theirs, which go before the public ones: the council's return, the search export.
    streets
        Who gives the streets.
    """

    own: Sequence[Path] = ()
    streets: StreetsBy = "geofabrik"


USUAL = Choices()
"""Nothing of one's own, streets of the counties' extracts."""


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """A place, and the whole of what services said that did not answer."""

    place: Place
    faults: tuple[str, ...]


def fetch_place(
    client: Client,
    wanted: str,
    *,
    files: Path,
    places: Path,
    today: date,
    choices: Choices = USUAL,
    step: Callable[[str], None] = lambda _: None,
    replacing: Callable[[Path], object] = lambda _: None,
) -> Fetched:
    """Fetch an authority and build it; an older place of that name is replaced when the new one is whole.

    Parameters
    ----------
    client
        Asks the services.
    wanted
        The authority's name or code.
    files
        A folder for tables made of answers; the authority's are in one of its own there.
    places
        The folder of places: the new one is a folder in it, called by the authority's name.
    today
        UTC.
    choices
        Lists of one's own, and whose streets.
    step
        Called with each of `STEPS` as it begins.
    replacing
        Called with the folder of the place before it is built, which an older one may still be in.

    Raises
    ------
    ServiceError
        Something that no place can do without cannot be had.
    InputError
        What came cannot be built, or a list of one's own is none.
    UnknownNameError, RequestError
        No authority has that name, or several have.
    """
    for path in choices.own:  # before anybody is asked for anything
        if is_return(path):
            read_site_return(path)
        else:
            read_centres([path])
    found = authority.gather(client, wanted, files / key_of(wanted), today=today, streets=choices.streets, step=step)
    folder = places / key_of(found.authority.name)
    replacing(folder)
    place = pipeline.build(
        replace(found.inputs, centres=(*found.inputs.centres, *choices.own)),
        folder,
        step=lambda what: step(f"building: {what}"),
        receipts=found.receipts,
        remarks=found.remarks,
    )
    return Fetched(place=place, faults=found.faults)
