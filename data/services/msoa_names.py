"""Names of middle layer areas from the House of Commons Library: the newest edition on the areas of 2021."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from data.fetch.ask import Ask, is_csv
from data.services.alternatives import first_of

if TYPE_CHECKING:
    from data.fetch.client import Got
    from data.services.alternatives import Asking

LIBRARY = "https://houseofcommonslibrary.github.io/msoanames"
EDITIONS = ("MSOA-Names-Latest2.csv", "MSOA-Names-2.2.csv")
"""Newest first. ``MSOA-Names-Latest.csv`` is none of them: it is on the areas of 2011."""


def names_ask(edition: str) -> Ask:
    """Ask for an edition."""
    url = f"{LIBRARY}/{edition}"
    return Ask(url, source="area_names", looks=is_csv("msoa21cd", "msoa21nm", "msoa21hclnm"))


def get_names(client: Asking) -> Got:
    """The newest edition there is.

    Raises
    ------
    ServiceError
        None can be fetched.
    """

    def ask(client: Asking, *, edition: str) -> Got:
        return client.get(names_ask(edition))

    return first_of(client, "MSOA names", [(one, partial(ask, edition=one)) for one in EDITIONS])
