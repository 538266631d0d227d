"""The public copy: what everybody may see of an approved mark; homes are shown as squares only."""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import shapely
from sqlalchemy import delete, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from data.store.marks import CHOICES, LISTS
from data.store.schema import groups, marks, published, revisions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection, Row


FEWEST_HOMES = 3
"""Homes are shown where this many or more lie in one square, and then as the square."""

APART_M = 25.0
"""Marks nearer to each other than this are taken for one home: no household makes three by itself."""

SQUARE_M = 1000.0
"""Side of a square: a home is anywhere in it, so that its place is known to no better than 500 m, and often worse."""

_SQUARE = re.compile(r"(-?\d+)-(-?\d+)")
_ROWS_AT_ONCE = 500
_COPIED = ("kind", "name", "note", "opens", "closes", *LISTS, *CHOICES, "wkb", "x", "y")


def refresh(connection: Connection, *rows: Row[Any]) -> None:
    """Bring the public copy in line with marks that have changed, in the same transaction.

    Parameters
    ----------
    rows
        Of `schema.marks`, as they were and as they are: a home that has moved leaves a square and enters another.
    """
    ids = {row.id for row in rows}
    homes = {(row.place, row.square) for row in rows if row.square}
    for place in sorted({row.place for row in rows}):  # first, so that two writers of one place take turns
        _count_up(connection, place)
    connection.execute(delete(published).where(published.c.mark_id.in_(ids)))
    for row in connection.execute(
        select(marks, groups.c.name.label("group_name"))
        .outerjoin(groups, groups.c.id == marks.c.group_id)
        .where(marks.c.id.in_(ids), marks.c.status == "approved", marks.c.at_home.is_(False))
    ):
        values = {name: getattr(row, name) for name in _COPIED} | {"homes": 0, "group": row.group_name or ""}
        times = {"approved": row.decided, "confirmed": row.confirmed}
        connection.execute(insert(published).values(mark_id=row.id, place=row.place, **values, **times))
    for place, square in sorted(homes):
        _refresh_square(connection, place, square)


def forget(connection: Connection, row: Row[Any]) -> None:
    """Take a mark that has just been deleted out of the public copy, if it was on the map."""
    if row.status != "approved":
        return
    _count_up(connection, row.place)
    connection.execute(delete(published).where(published.c.mark_id == row.id))
    if row.square:
        _refresh_square(connection, row.place, row.square)


def rebuild(connection: Connection) -> None:
    """Make the whole public copy again: after a step of the migrations, and for a backup from before there was one."""
    rows = connection.execute(select(marks).where(marks.c.status == "approved").order_by(marks.c.id)).all()
    connection.execute(delete(published))
    for at in range(0, len(rows), _ROWS_AT_ONCE):
        refresh(connection, *rows[at : at + _ROWS_AT_ONCE])


def _refresh_square(connection: Connection, place: str, square: str) -> None:
    """Publish how many homes are in a square, if they are enough; a language, if as many speak it."""
    name = f"square-{square}-{place}"
    connection.execute(delete(published).where(published.c.mark_id == name, published.c.place == place))
    homes = connection.execute(
        select(marks.c.languages, marks.c.decided, marks.c.x, marks.c.y)
        .where(
            marks.c.place == place,
            marks.c.square == square,
            marks.c.status == "approved",
            marks.c.at_home.is_(True),
        )
        .order_by(marks.c.id)
    ).all()
    known = _apart(homes)
    if len(known) < FEWEST_HOMES:
        return
    spoken = Counter(language for languages in known for language in languages)
    west, south = (int(part) * SQUARE_M for part in _SQUARE.findall(square)[0])
    box = shapely.box(west, south, west + SQUARE_M, south + SQUARE_M)
    latest = max(home.decided for home in homes)
    texts = dict.fromkeys((*LISTS, *CHOICES, "name", "note", "opens", "closes", "group"), "")
    texts["languages"] = ",".join(sorted(one for one, count in spoken.items() if count >= FEWEST_HOMES))
    connection.execute(
        insert(published).values(
            mark_id=name, place=place, kind="peer_group", homes=len(known), approved=latest, confirmed=latest,
            wkb=shapely.to_wkb(box), x=west + SQUARE_M / 2, y=south + SQUARE_M / 2, **texts,
        )
    )  # fmt: skip


def _apart(homes: Iterable[Any]) -> list[set[str]]:
    """The languages of each home; several marks of one home, or of its neighbour's, are one."""
    points: list[tuple[float, float]] = []
    spoken: list[set[str]] = []
    for home in homes:
        near = (n for n, (x, y) in enumerate(points) if math.hypot(home.x - x, home.y - y) < APART_M)
        at = next(near, len(points))
        if at == len(points):
            points.append((home.x, home.y))
            spoken.append(set())
        spoken[at] |= set(filter(None, home.languages.split(",")))
    return spoken


def _count_up(connection: Connection, place: str) -> None:
    made = (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(revisions)
    up = made.on_conflict_do_update(index_elements=[revisions.c.place], set_={"number": revisions.c.number + 1})
    connection.execute(up.values(place=place, number=1))
