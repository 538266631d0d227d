"""Files of GOV.UK: the newest one that a page offers, by its content API, by the page itself, or where it last was."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import partial
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urljoin, urlsplit

from data.catalogue import CATALOGUE
from data.fetch.ask import Ask, is_csv, is_json
from data.services.alternatives import first_of
from data.sources.deprivation import read_deprivation
from data.sources.hubs import read_hubs
from geo.errors import InputError, ServiceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from data.fetch.client import Got
    from data.services.alternatives import Asking

SITE = "https://www.gov.uk"
_MOVES = 3
"""How often a page may have moved."""


@dataclass(frozen=True, kw_only=True)
class Publication:
    """A file that a page of GOV.UK offers.

    Parameters
    ----------
    source
        The data set, by the catalogue, which has the page and the file's last known address.
    file
        Pattern of the file's name.
    columns
        Columns that its first line must have.
    check
        Of the whole file.
    known_first
        Whether the last known address goes first: the edition is fixed. Otherwise the page is asked for a newer one.
    """

    source: str
    file: str
    columns: tuple[str, ...]
    check: Callable[[Path], None]
    known_first: bool


def _all_of_england(path: Path) -> None:
    read = read_deprivation(path)
    expected = {"lsoa21": 33_755, "lsoa11": 32_844}[read.geography]
    if len(read.table) != expected:
        raise InputError(path, expected=f"{expected:,} areas", found=f"{len(read.table):,}")


def _hubs(path: Path) -> None:
    read_hubs(path)


DEPRIVATION = Publication(
    source="deprivation",
    file=r"File_?7[^0-9].*\.csv",
    columns=("LSOA code (2021)",),
    check=_all_of_england,
    known_first=True,
)
FAMILY_HUBS = Publication(
    source="family_hubs",
    file=r".*family[_-]?hubs?.*\.csv",
    columns=("Postcode",),
    check=_hubs,
    known_first=False,
)


@dataclass(frozen=True, kw_only=True)
class Content:
    """What a page offers, by the content API.

    Parameters
    ----------
    files
        Addresses of its files.
    moved_to
        The path of the page that stands in its place.
    gone
        Whether there is nothing any more.
    """

    files: tuple[str, ...] = ()
    moved_to: str | None = None
    gone: bool = False


def content_ask(page: str, *, source: str) -> Ask:
    """Ask the content API for a page, by its path: ``/government/publications/list-of-family-hub-sites``."""
    url = f"{SITE}/api/content{page}"
    return Ask(url, source=source, looks=is_json, refused=partial(_refused, page=page), name="content.json")


def page_ask(page: str, *, source: str) -> Ask:
    """Ask for the page that people read."""
    return Ask(f"{SITE}{page}", source=source, name="page.html")


def file_ask(url: str, publication: Publication) -> Ask:
    """Ask for a file; its address has the edition in it."""
    return Ask(
        url,
        source=publication.source,
        looks=is_csv(*publication.columns),
        check=publication.check,
        fresh_for=None,
    )


def _refused(status: int, first: bytes, *, page: str) -> None:
    if status in {404, 410} or b'"gone"' in first:
        raise _fault(page, found="no such page any more", expected="the page that offers the file")


def read_content(path: Path) -> Content:
    """Read what a page offers: its attachments and, on older pages, the links in its documents.

    Raises
    ------
    ServiceError
        It is no page of the content API.
    """
    try:
        page = json.loads(path.read_bytes())
    except ValueError:
        page = None
    if not isinstance(page, dict):
        raise _fault(path.name, found="no JSON object", expected="a page of the content API")
    if page.get("schema_name") == "gone":
        return Content(gone=True)
    if page.get("schema_name") == "redirect":
        moves = page.get("redirects") or [{}]
        return Content(moved_to=moves[0].get("destination"))
    details: dict[str, Any] = page.get("details") or {}
    attached = [
        str(one["url"])
        for one in details.get("attachments") or ()
        if one.get("url") and one.get("attachment_type", "file") == "file"
    ]
    linked = [link for part in details.get("documents") or () for link in links(str(part))]
    return Content(files=tuple(dict.fromkeys(urljoin(SITE, one) for one in (*attached, *linked))))


class _Links(HTMLParser):
    """Collects where the links of a page lead."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a link."""
        if tag == "a":
            self.found += [value for name, value in attrs if name == "href" and value]


def links(markup: str) -> list[str]:
    """Where the links of some HTML lead, in order."""
    reader = _Links()
    reader.feed(markup)
    return reader.found


def choose(files: Iterable[str], pattern: str, *, page: str) -> str:
    """The one address whose file name matches, whatever its capitals.

    Raises
    ------
    ServiceError
        None does, or several do.
    """
    named = {url: unquote(urlsplit(url).path.rsplit("/", 1)[-1]) for url in files}
    hits = [url for url, name in named.items() if re.fullmatch(pattern, name, re.IGNORECASE)]
    if len(hits) != 1:
        found = ", ".join(named[url] for url in hits) if hits else f"none among {len(named)} files"
        raise _fault(page, found=found, expected=f"one file called like {pattern}")
    return hits[0]


def get_file(client: Asking, publication: Publication) -> Got:
    """The file of a publication.

    Raises
    ------
    ServiceError
        None of the ways to it leads there.
    """
    known = CATALOGUE[publication.source]
    page = urlsplit(known.landing_page).path

    def configured(client: Asking) -> Got:
        return client.get(file_ask(known.url, publication))

    def by_content(client: Asking) -> Got:
        return client.get(file_ask(offered(client, publication), publication))

    def by_page(client: Asking) -> Got:
        markup = client.get(page_ask(page, source=publication.source)).path.read_text("utf-8", "replace")
        url = choose([urljoin(SITE, one) for one in dict.fromkeys(links(markup))], publication.file, page=page)
        return client.get(file_ask(url, publication))

    ways = [("the content API", by_content), ("the page", by_page)]
    last = ("the last known address", configured)
    return first_of(client, known.title, [last, *ways] if publication.known_first else [*ways, last])


def offered(client: Asking, publication: Publication) -> str:
    """The address that the content API has for the file, wherever its page has moved to.

    Raises
    ------
    ServiceError
        It has none.
    """
    page = urlsplit(CATALOGUE[publication.source].landing_page).path
    for _ in range(_MOVES):
        content = read_content(client.get(content_ask(page, source=publication.source)).path)
        if content.moved_to is None:
            break
        page = urlsplit(content.moved_to).path
    if content.gone or content.moved_to:
        found = "it is gone" if content.gone else f"it has moved more than {_MOVES} times"
        raise _fault(page, found=found, expected="the page that offers the file")
    return choose(content.files, publication.file, page=page)


def _fault(page: str, *, found: str, expected: str) -> ServiceError:
    advice = "try again later, or download the file by hand and give it"
    return ServiceError(f"GOV.UK, {page}", found=found, expected=expected, advice=advice)
