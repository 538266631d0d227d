"""What the commands work on: this machine's places, its store of marks and its settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from data.fetch.settings import FetchSettings
    from data.place import Place
    from data.store.store import Store
    from layers.answers.community_sites import Published
    from layers.server.served import Served

_opened: list[Store] = []


def folders() -> list[Path]:
    """Where places are looked for."""
    from data.place import LOCAL, SAMPLE
    from settings import Settings

    extra = Settings().places
    return [SAMPLE, LOCAL, *([extra] if extra else [])]


def find_place(name: str) -> Place:
    """A place by its name or folder."""
    from data.place import find_place as find

    return find(name, folders())


def local_places() -> Path:
    """Where places are put that are made on this machine."""
    from data.place import LOCAL
    from settings import Settings

    return Settings().places or LOCAL


def fetch_settings(*, offline: bool = False, refresh: bool = False, record: Path | None = None) -> FetchSettings:
    """How files are fetched here."""
    from data.fetch.settings import FetchSettings
    from settings import Settings

    said = Settings()
    return FetchSettings(
        cache=said.fetched,
        contact=said.contact,
        offline=offline,
        refresh=refresh,
        bases=said.mirrors,
        proxy=said.proxy,
        certificates=said.certificates,
        record=record,
    )


def served() -> Served:
    """How the dashboard is served here."""
    from layers.server.served import Served
    from settings import Settings

    return Served.of(**Settings().serving)


def open_store() -> Store:
    """The store of the community's marks."""
    from data.store.retention import Retention
    from data.store.store import Store
    from settings import Settings

    settings = Settings()
    store = Store.open(settings.marks_url, retention=Retention(**settings.retention))
    _opened.append(store)
    return store


def close_stores() -> None:
    """Close what a command has opened; it is over."""
    while _opened:
        _opened.pop().close()


def published(place: Place) -> Published:
    """The published marks of a place."""
    from layers.answers.community_sites import Published

    return Published.read(open_store(), place.card.key)


def setting(name: str) -> str:
    """The text of a setting; empty if nobody has said."""
    from settings import Settings

    return str(getattr(Settings(), name))
