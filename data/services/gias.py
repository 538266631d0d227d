"""Children's centres from the Department for Education's dated extracts: the newest day there is, without people."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple

import pandas as pd

from data.fetch.ask import Ask, Look
from data.sources.delimited import PERSONAL
from geo.errors import InputError, ServiceError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from data.fetch.client import Got
    from data.services.alternatives import Asking

EXTRACTS = "https://ea-edubase-api-prod.azurewebsites.net/edubase/downloads/public"
OLDER_PATH = "https://ea-edubase-api-prod.azurewebsites.net/edubase"
"""Where programs found the files before; asked when the usual path has none of the last days."""

DAYS_BACK = 8
"""How many days back a file is sought."""

_LONG_AGO = 400
"""Days back to which a kept copy is taken where none newer is available."""

_PEOPLE = re.compile(r"telephone|e-?mail|^head|props?name|contact")
"""What the names of columns about people have in them, in lower case: also of columns that are not there today."""

_NAMES = {"centres": "edubaseallchildrencentre", "centre_links": "links_edubaseallchildrencentre"}
Kind = Literal["centres", "centre_links"]


class Extract(NamedTuple):
    """A file and its day."""

    day: date
    got: Got


def _wrong(first: bytes) -> str | None:
    start = first.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith((b"URN,", b'"URN",')):
        return None
    return "an empty answer" if not start else "a list without URN"


begins_with_urn = Look("a list of children's centres by URN", _wrong)
"""A list whose first column is the URN (``Ask.looks``); an error page comes with status 200 too."""


def extract_ask(day: date, kind: Kind, *, path: str = EXTRACTS) -> Ask:
    """Ask for the file of a day. What is about people is taken out before anything is written down."""
    return Ask(
        f"{path}/{_NAMES[kind]}{day:%Y%m%d}.csv",
        source=kind,
        looks=begins_with_urn,
        reduce=without_people,
        limit=64 << 20,
        fresh_for=None,
        edition=day.isoformat(),
        tries=2,  # a day that is missing may answer like a fault
    )


def without_people(content: bytes) -> bytes:
    """The list without its columns about people, heads' names and telephone numbers, in UTF-8.

    Raises
    ------
    InputError
        It cannot be read as a list.
    """
    text = io.StringIO(content.decode("cp1252", "replace").removeprefix("\u00ef\u00bb\u00bf"), newline="")
    try:
        table = pd.read_csv(text, dtype="str", keep_default_na=False)
    except (ValueError, pd.errors.ParserError) as fault:
        where = "the Department's list of children's centres"
        raise InputError(where, expected="a table (CSV)", found=str(fault)) from fault
    named = [str(name).strip().casefold() for name in table.columns]
    kept = [name not in PERSONAL and not _PEOPLE.search(name) for name in named]
    return table.loc[:, kept].to_csv(index=False, lineterminator="\r\n").encode()


def days_back(today: date, *, most: int = DAYS_BACK) -> Iterator[date]:
    """Today and the days before it."""
    return (today - timedelta(days=back) for back in range(most + 1))


def newest_extract(client: Asking, kind: Kind, *, today: date) -> Extract:
    """The newest file there is; a kept one of an older day where the service has none.

    Parameters
    ----------
    today
        UTC.

    Raises
    ------
    ServiceError
        None of the last days has one, and none is kept.
    """
    said = ""
    for path, day in ((path, day) for path in (EXTRACTS, OLDER_PATH) for day in days_back(today)):
        try:
            return Extract(day, client.get(extract_ask(day, kind, path=path)))
        except (ServiceError, InputError) as fault:
            said = said or fault.found
    for day, path in ((day, path) for day in days_back(today, most=_LONG_AGO) for path in (EXTRACTS, OLDER_PATH)):
        try:
            return Extract(day, client.kept(extract_ask(day, kind, path=path)))
        except ServiceError:
            continue
    service = f"Get Information about Schools, {_NAMES[kind]}"
    raise ServiceError(
        service,
        found=f"no file of the {DAYS_BACK + 1} days to {today:%d-%m-%Y} ({said})",
        expected="one",
        advice="try again later, or download it by hand and give it as a file",
    )
