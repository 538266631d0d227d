"""A mark as a row and back; every change writes a version and a line of the trail."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import shapely
from sqlalchemy import insert, select, update

from data.store.marks import ANSWERS, LISTS, PRIVATE, Mark, MarkDraft
from data.store.people import signature
from data.store.schema import audit, groups, marks, now, photos, tellings, versions
from geo.errors import ConflictError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Row

    from data.store.people import Actor

_LONGEST_DETAIL = 200
_IDS_AT_ONCE = 1000


def values_of(draft: MarkDraft) -> dict[str, Any]:
    """The columns of `schema.marks` that a draft fills."""
    said = {name: getattr(draft, name) for name in ANSWERS}
    middle = draft.geometry.centroid
    return said | {name: ",".join(said[name]) for name in LISTS} | {
        "place": draft.place,
        "wkb": shapely.to_wkb(draft.geometry),
        "x": middle.x,
        "y": middle.y,
        "square": square_of(middle.x, middle.y) if draft.at_home else None,
    }  # fmt: skip


def draft_of(row: Row[Any]) -> MarkDraft:
    """The draft in a row of `schema.marks`."""
    said = {name: getattr(row, name) for name in ANSWERS}
    said |= {name: tuple(filter(None, said[name].split(","))) for name in LISTS}
    return MarkDraft(place=row.place, geometry=shapely.from_wkb(row.wkb), **said)


def square_of(x: float, y: float) -> str:
    """The square kilometre of British National Grid that a point is in: easting and northing of its corner."""
    return f"{int(x // 1000):03d}-{int(y // 1000):04d}"


def marks_of(connection: Connection, rows: Sequence[Row[Any]]) -> list[Mark]:
    """Rows of `schema.marks` as marks, with what other tables know of them."""
    names = {row.id: row.name for row in connection.execute(select(groups.c.id, groups.c.name))}
    pictured: set[str] = set()
    told: dict[str, list[Row[Any]]] = {}
    for at in range(0, len(rows), _IDS_AT_ONCE):  # a statement takes only so many
        ids = [row.id for row in rows[at : at + _IDS_AT_ONCE]]
        pictured.update(connection.execute(select(photos.c.mark_id).where(photos.c.mark_id.in_(ids))).scalars())
        for one in connection.execute(select(tellings).where(tellings.c.mark_id.in_(ids))):
            told.setdefault(one.mark_id, []).append(one)
    found = []
    for row in rows:
        looked_at = max(filter(None, (row.decided, row.confirmed)), default=row.created)
        since = [one.still_there for one in told.get(row.id, ()) if one.at > looked_at]
        found.append(
            Mark(
                id=row.id,
                draft=draft_of(row),
                status=row.status,
                version=row.version,
                created=row.created,
                group_id=row.group_id,
                group=names.get(row.group_id),
                decided=row.decided,
                confirm_by=row.confirm_by,
                reason=row.reason,
                merged_into=row.merged_into,
                warnings=tuple(json.loads(row.warnings)),
                has_photo=row.id in pictured,
                still_there=since.count(True),
                gone=since.count(False),
            )
        )
    return found


def locked(connection: Connection, mark_id: str) -> Row[Any]:
    """The row of a mark that is about to be changed; nobody else changes it until the transaction ends.

    Raises
    ------
    UnknownNameError
        There is no such mark, or not any more.
    """
    row = connection.execute(select(marks).where(marks.c.id == mark_id).with_for_update()).first()
    if row is None:
        message = f"there is no mark {mark_id[:20]}; it may have been deleted"
        raise UnknownNameError(message)
    return row


def change(connection: Connection, who: Actor | None, row: Row[Any], version: int, **values: Any) -> Row[Any]:  # noqa: ANN401
    """Change a mark that was read in this state, and keep the state that comes out.

    Parameters
    ----------
    who
        For the trail.
    row
        The mark, as `locked` gave it.
    version
        The version that whoever decides has seen.
    values
        Columns of `schema.marks`.

    Raises
    ------
    ConflictError
        Somebody has changed it since.
    """
    require_version(connection, row, version)
    connection.execute(update(marks).where(marks.c.id == row.id).values(version=version + 1, **values))
    return keep_version(connection, who, row.id)


def require_version(connection: Connection, row: Row[Any], version: int) -> None:
    """Refuse whoever decides on a state that is no more.

    Raises
    ------
    ConflictError
        Somebody has changed the mark since.
    """
    if row.version == version:
        return
    last = connection.execute(
        select(versions.c.at).where(versions.c.mark_id == row.id).order_by(versions.c.version.desc()).limit(1)
    ).first()
    when = f" at {last.at:%H:%M} on {last.at.day} {last.at:%B %Y} (UTC)" if last else ""
    message = f"someone else has changed this mark{when}; nothing of yours was saved: look at it again"
    raise ConflictError(message)


def keep_version(connection: Connection, who: Actor | None, mark_id: str) -> Row[Any]:
    """Write down the state that a mark is in now, and return it."""
    row = connection.execute(select(marks).where(marks.c.id == mark_id)).one()
    content = {name: getattr(row, name) for name in ANSWERS} | {"reason": row.reason, "wkb": row.wkb.hex()}
    connection.execute(
        insert(versions).values(
            mark_id=mark_id,
            version=row.version,
            at=now(),
            actor=signature(who),
            status=row.status,
            content=json.dumps(content, ensure_ascii=False),
        )
    )
    return row


def without_private(content: str) -> str:
    """What is kept of an earlier state when its private fields are blanked."""
    said = json.loads(content)
    return json.dumps(said | dict.fromkeys(PRIVATE, ""), ensure_ascii=False)


def note(connection: Connection, who: Actor | None, action: str, mark_id: str | None = None, detail: str = "") -> None:
    """Add a line to the trail; never a text that somebody typed into a mark, for the trail cannot be blanked."""
    connection.execute(
        insert(audit).values(
            at=now(), actor=signature(who), action=action, mark_id=mark_id, detail=detail[:_LONGEST_DETAIL]
        )
    )
