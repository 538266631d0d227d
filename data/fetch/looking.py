"""Looking at a file without taking it: what a service says of its state, so that one knows whether there is a newer."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from data.fetch.again import BUSY, Again, Refused, retry_after
from data.fetch.exchange import status_in_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from data.fetch.ask import Ask
    from data.fetch.receipts import Receipt
    from data.fetch.ways import Ways


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What a service says of a file; None of each that it does not say.

    Parameters
    ----------
    etag, last_modified
        As it names this state of the file.
    kind
        What it calls it, such as ``text/csv``.
    """

    etag: str | None
    last_modified: str | None
    kind: str

    @property
    def day(self) -> str:
        """Of its last change, ISO; empty if that is not said."""
        try:
            return parsedate_to_datetime(self.last_modified or "").date().isoformat()
        except ValueError:
            return ""

    def same_as(self, receipt: Receipt) -> bool | None:
        """Whether it is the state that a receipt is of; None if nobody can tell."""
        for ours, theirs in ((receipt.etag, self.etag), (receipt.last_modified, self.last_modified)):
            if ours and theirs:
                return ours == theirs
        return None


def look(ask: Ask, ways: Ways, clock: Callable[[], float]) -> Seen:
    """Ask once what a file is like (HEAD).

    Raises
    ------
    Again, Refused
        The service does not say.
    """
    with ways.answer(ask, {}, method="HEAD") as answer:
        status, said = answer.status_code, answer.headers
        if status == 200:
            named = {"etag": said.get("etag"), "last_modified": said.get("last-modified")}
            return Seen(**named, kind=said.get("content-type", "").partition(";")[0])
        if status in BUSY:
            raise Again(
                found=status_in_words(status), wait=retry_after(said.get("retry-after"), clock()), status=status
            )
        raise Refused(found=status_in_words(status), advice="see its page", status=status)
