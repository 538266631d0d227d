"""What a contributor can do: add a mark, see what became of it, delete it, say that a place is still there."""

from __future__ import annotations

import json
import math
import secrets
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from data.store import credentials, publishing
from data.store.mark_rows import change, keep_version, note, values_of
from data.store.marks import MarkDraft
from data.store.people import Contributor, moderated_group, require_contributor, require_moderator
from data.store.photos import reencoded
from data.store.public import table_of
from data.store.schema import audit, groups, links, marks, now, photos, published, tellings, versions
from data.store.screening import findings
from geo.errors import DeniedError, RequestError, TooOftenError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    import geopandas as gpd
    from sqlalchemy import Connection, Row

    from data.store.database import Database
    from data.store.people import Actor
    from data.store.photos import Photo

_LOST_NUMBER = "this form has expired, or was sent already; reload the page"

NEARBY_M = 150.0
"""A mark nearer than this may be the one that somebody is about to add."""


@dataclass(frozen=True)
class Receipt:
    """What a contributor gets: the mark's id, and the secret with which to follow it or delete it."""

    mark_id: str
    token: str
    again: bool = False
    """It was here already: the same form, or the same row of a file, was sent before."""


@dataclass(frozen=True)
class MarkStatus:
    """What became of a mark, as its contributor may know it."""

    id: str
    kind: str
    name: str
    status: str
    reason: str
    created: datetime
    decided: datetime | None


class Contributions:
    """Adding marks."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def nearby(self, place: str, kind: str, x: float, y: float, *, within_m: float = NEARBY_M) -> gpd.GeoDataFrame:
        """Return published marks that may be the one somebody is about to add, the nearest first.

        Parameters
        ----------
        place
            Key of the place.
        kind
            Marks of the same kind come before others.
        x, y
            British National Grid, metres.
        within_m
            How far away.

        Returns
        -------
        GeoDataFrame
            As `geo.tables.Marks`, with ``distance_m``; no homes.
        """
        with self._database.reading() as connection:
            rows = connection.execute(
                select(published).where(
                    published.c.place == place,
                    published.c.homes == 0,
                    published.c.x.between(x - within_m, x + within_m),
                    published.c.y.between(y - within_m, y + within_m),
                )
            ).all()
        found = table_of(rows)
        away = pd.Series([math.hypot(row.x - x, row.y - y) for row in rows], index=[row.mark_id for row in rows])
        found = found.assign(distance_m=away.reindex(found.index).astype(float), other=found["kind"] != kind)
        found = found[found["distance_m"] <= within_m]
        return found.sort_values(["other", "distance_m"], kind="stable").drop(columns="other")

    def add(
        self, who: Actor, draft: MarkDraft, *, submission: str, photo: bytes | None = None, group_id: int | None = None
    ) -> Receipt:
        """Put a mark into the moderators' queue.

        Parameters
        ----------
        who
            By a group's link; or a moderator, who types in what others have written on paper.
        draft
            What it says.
        submission
            A UUID made when the form was opened: sending it twice makes one mark, and gives a receipt again.
        photo
            A picture as it was uploaded; what is kept is a smaller one without what a camera writes into it.
        group_id
            For a moderator: the group that it comes from.

        Raises
        ------
        DeniedError
            The link is not good (any more), or the place is not the group's.
        TooOftenError
            More marks by this link than it allows in an hour.
        UnknownNameError
            There is no such group.
        RequestError
            The photo is none, the group is closed, ``submission`` is no UUID or was used by somebody else.
        """
        key = _number(submission)
        group_id = who.group_id if isinstance(who, Contributor) else group_id
        if photo:  # looking at it is work, and only done for who has the right
            with self._database.reading() as connection:
                _admit(connection, who, draft, group_id)
        picture = reencoded(photo) if photo else None
        with self._database.writing() as connection:
            _admit(connection, who, draft, group_id)
            return _put(connection, who, draft, key, group_id, picture)

    def add_all(
        self, who: Actor, drafts: Iterable[tuple[MarkDraft, str]], *, group_id: int | None = None
    ) -> list[Receipt]:
        """Put marks that a moderator has from elsewhere into the queue: all of them, or none.

        Parameters
        ----------
        who
            A moderator.
        drafts
            What each says, and the UUID by which it is known again when it comes a second time.
        group_id
            The group that they come from.

        Raises
        ------
        DeniedError, UnknownNameError, RequestError
            As `add` has it; a link does not do.
        """
        with self._database.writing() as connection:
            require_moderator(connection, who, group_id)
            receipts = []
            for draft, submission in drafts:
                _admit(connection, who, draft, group_id)
                receipts.append(_put(connection, who, draft, _number(submission), group_id, None))
        return receipts

    def receipt(self, token: str) -> MarkStatus:
        """Return what became of the mark that a receipt is for.

        Raises
        ------
        UnknownNameError
            There is no such mark, or not any more.
        """
        with self._database.reading() as connection:
            row = _of_receipt(connection, token)
        return MarkStatus(row.id, row.kind, row.name, row.status, row.reason, row.created, row.decided)

    def erase_own(self, token: str) -> None:
        """Delete the mark that a receipt is for, everywhere and for good.

        Raises
        ------
        UnknownNameError
            There is no such mark, or not any more.
        """
        with self._database.writing() as connection:
            row = _of_receipt(connection, token, lock=True)
            erase(connection, None, row)
            note(connection, None, "erased", row.id)

    def tell(self, who: Actor, mark_id: str, *, still_there: bool) -> None:
        """Say that a published mark is still there, or is not: a moderator will see it. One link counts once a day.

        Raises
        ------
        DeniedError
            The link is not good (any more).
        UnknownNameError
            There is no such mark on the map.
        """
        with self._database.writing() as connection:
            if isinstance(who, Contributor):
                require_contributor(connection, who, who.group_id)
            else:
                moderated_group(connection, who)
            link_id = who.link_id if isinstance(who, Contributor) else None
            day = (
                tellings.c.mark_id == mark_id,
                tellings.c.link_id.is_not_distinct_from(link_id),
                tellings.c.at > now() - timedelta(days=1),
            )
            if connection.execute(select(published.c.mark_id).where(published.c.mark_id == mark_id)).first() is None:
                message = f"there is no mark {mark_id[:20]} on the map"
                raise UnknownNameError(message)
            if still_there in connection.execute(select(tellings.c.still_there).where(*day)).scalars().all():
                return
            connection.execute(delete(tellings).where(*day))
            connection.execute(
                insert(tellings).values(mark_id=mark_id, link_id=link_id, at=now(), still_there=still_there)
            )
            note(connection, who, "told", mark_id, "still there" if still_there else "gone")


def _number(submission: str) -> str:
    try:
        return str(uuid.UUID(submission))
    except ValueError as fault:
        raise RequestError(_LOST_NUMBER) from fault


def _put(
    connection: Connection, who: Actor, draft: MarkDraft, key: str, group_id: int | None, picture: Photo | None
) -> Receipt:
    """A new row for a draft of somebody who may, in a transaction that is under way; or the row that it has already."""
    token = credentials.new_token()
    link_id = who.link_id if isinstance(who, Contributor) else None
    known = _sent_before(connection, key, link_id, group_id)
    if known is not None:
        return _again(connection, known, token)
    if link_id is not None:
        _require_room(connection, link_id)
    seen = findings({"name": draft.name, "note": draft.note})
    made = (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(marks).on_conflict_do_nothing(
        index_elements=[marks.c.submission]
    ).values(
        id=f"mark-{''.join(secrets.choice('abcdefghijklmnopqrstuvwxyz234567') for _ in range(12))}",
        status="waiting", version=1, group_id=group_id, link_id=link_id, submission=key,
        receipt_hash=credentials.digest(token), created=now(), reason="", **values_of(draft),
        warnings=json.dumps([f"{one.field}: {one.kind}" for one in seen]),
    )  # fmt: skip
    mark_id = connection.execute(made.returning(marks.c.id)).scalar()
    if mark_id is None:  # the same was sent twice at the same moment, and the other came first
        return _again(connection, _sent_before(connection, key, link_id, group_id) or "", token)
    if picture:
        connection.execute(
            insert(photos).values(mark_id=mark_id, jpeg=picture.jpeg, width=picture.width, height=picture.height)
        )
    keep_version(connection, who, mark_id)
    note(connection, who, "added", mark_id, f"{draft.kind}, group {group_id}")
    return Receipt(mark_id, token)


def erase(connection: Connection, who: Actor | None, row: Row[Any]) -> None:
    """Delete a mark with all that it has been; marks that were merged into it stand alone again, waiting."""
    for table in (photos, tellings, versions):
        connection.execute(delete(table).where(table.c.mark_id == row.id))
    others = select(marks).where(marks.c.merged_into == row.id).order_by(marks.c.id).with_for_update()
    for other in connection.execute(others).all():
        change(connection, who, other, other.version, merged_into=None, status="waiting", decided=None, confirm_by=None)
        note(connection, who, "restored", other.id, "merged to waiting")
    connection.execute(delete(marks).where(marks.c.id == row.id))
    publishing.forget(connection, row)


def _of_receipt(connection: Connection, token: str, *, lock: bool = False) -> Row[Any]:
    asked = select(marks).where(marks.c.receipt_hash == credentials.digest(token))
    row = connection.execute(asked.with_for_update() if lock else asked).first()
    if row is None:
        message = "there is no mark for this link; it may have been deleted"
        raise UnknownNameError(message)
    return row


def _admit(connection: Connection, who: Actor, draft: MarkDraft, group_id: int | None) -> None:
    """Refuse whoever may not add a mark of that place for that group."""
    require_contributor(connection, who, group_id)
    if group_id is None:
        return
    group = connection.execute(select(groups.c.place, groups.c.closed).where(groups.c.id == group_id)).first()
    if group is None:
        message = f"there is no group {group_id}"
        raise UnknownNameError(message)
    if group.place != draft.place:
        message = "this group is of another place"
        raise DeniedError(message)
    if group.closed is not None:
        message = "this group is closed"
        raise RequestError(message)


def _sent_before(connection: Connection, key: str, link_id: int | None, group_id: int | None) -> str | None:
    """The mark that was made by this submission; None if there is none yet."""
    found = connection.execute(
        select(marks.c.id, marks.c.link_id, marks.c.group_id).where(marks.c.submission == key)
    ).first()
    if found is None:
        return None
    if (found.link_id, found.group_id) != (link_id, group_id):
        raise RequestError(_LOST_NUMBER)
    return str(found.id)


def _again(connection: Connection, mark_id: str, token: str) -> Receipt:
    """A new receipt for a mark that is here already: the answer to its first sending was lost on the way."""
    connection.execute(update(marks).where(marks.c.id == mark_id).values(receipt_hash=credentials.digest(token)))
    return Receipt(mark_id, token, again=True)


def _require_room(connection: Connection, link_id: int) -> None:
    """Refuse a link that has brought too many marks in the last hour, whatever became of them since."""
    most = connection.execute(select(links.c.per_hour).where(links.c.id == link_id)).scalar_one()
    count = connection.execute(
        select(func.count())
        .select_from(audit)
        .where(audit.c.actor == f"link {link_id}", audit.c.action == "added", audit.c.at > now() - timedelta(hours=1))
    ).scalar_one()
    if count >= most:
        message = f"this link has brought {count} marks within an hour, as many as it may; please try again later"
        raise TooOftenError(message)
