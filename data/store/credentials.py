"""Links, codes and passphrases: how they are made, stored so that nobody can read them, and checked."""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, func, insert, select

from data.store.schema import attempts, now
from geo.errors import DeniedError, RequestError, TooOftenError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from data.store.database import Database

SHORTEST_PASSPHRASE = 12
_LONGEST_PASSPHRASE = 1000
MOST_FAILURES = 10
WINDOW = timedelta(minutes=15)
"""After so many failures in so long a time, even what is right is refused until the time has passed."""
MOST_FROM_ANYWHERE = 100
"""For one name, from however many addresses: so that strangers who guess cannot shut somebody out with ten tries, and
cannot guess without end either; a passphrase has 12 characters or more."""

_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no letter that looks like a figure
_CODE_LENGTH = 12
_PEPPER = secrets.token_bytes(32)  # names and addresses in the list of failures mean nothing after a restart


def new_token() -> str:
    """What a link ends in: 192 bits, beyond guessing."""
    return secrets.token_urlsafe(24)


def new_code() -> str:
    """The same for a paper sheet, to be typed: 58 bits, three groups of four."""
    code = "".join(secrets.choice(_LETTERS) for _ in range(_CODE_LENGTH))
    return "-".join(code[at : at + 4] for at in range(0, _CODE_LENGTH, 4))


def as_code(text: str) -> str | None:
    """A code as it was given out, however it was typed; None if it cannot be one."""
    said = re.sub(r"[\s-]", "", text).upper()
    if len(said) != _CODE_LENGTH or set(said) - set(_LETTERS):
        return None
    return "-".join(said[at : at + 4] for at in range(0, _CODE_LENGTH, 4))


def digest(secret: str) -> str:
    """What is kept of a token or a code: enough to know it again, not to tell it."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _nobodys_hash() -> str:
    return _hasher().hash(secrets.token_urlsafe())


def hash_passphrase(passphrase: str) -> str:
    """Argon2id of a passphrase.

    Raises
    ------
    RequestError
        It is too short.
    """
    said = _typed(passphrase)
    if not SHORTEST_PASSPHRASE <= len(said) <= _LONGEST_PASSPHRASE:
        message = f"a passphrase needs {SHORTEST_PASSPHRASE} characters or more; a few words are easiest"
        raise RequestError(message)
    return _hasher().hash(said.encode("utf-8", "surrogatepass"))


def is_passphrase(passphrase: str, known: str | None) -> bool:
    """Whether it is the one; takes as long for a name that nobody has."""
    try:
        said = _typed(passphrase[: 2 * _LONGEST_PASSPHRASE]).encode("utf-8", "surrogatepass")
        return _hasher().verify(known or _nobodys_hash(), said) and known is not None
    except (VerificationError, InvalidHashError):
        return False


def bucket(what: str, whose: str) -> str:
    """Under what failures are counted, without saying whose."""
    said = f"{what}:{folded(whose)}".encode("utf-8", "surrogatepass")
    return hashlib.blake2b(said, key=_PEPPER, digest_size=32).hexdigest()


def folded(name: str) -> str:
    """A name as it is compared: however its letters were put together, in capitals or not."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def _typed(passphrase: str) -> str:
    """A passphrase as it is compared: keyboards put letters together in their own ways, and telephones add a space."""
    return unicodedata.normalize("NFKC", passphrase).strip()


@contextmanager
def counted(database: Database, most: Mapping[str, int]) -> Iterator[None]:
    """Try a secret: counted as a failure before it is looked at, and no more once it has turned out right.

    That way many who guess at the same moment are counted too. Every process counts for itself.

    Parameters
    ----------
    database
        Where failures are kept.
    most
        How many failures there may be under each `bucket`.

    Raises
    ------
    TooOftenError
        As many within `WINDOW`.
    """
    at = now()
    with database.writing() as connection:
        _require_few(database, connection, at, most)
        tries = [
            connection.execute(insert(attempts).values(bucket=one, at=at).returning(attempts.c.id)).scalar_one()
            for one in most
        ]
    yield
    with database.writing() as connection:
        connection.execute(delete(attempts).where(attempts.c.id.in_(tries)))


@contextmanager
def counted_in_turn(database: Database, one: str) -> Iterator[Connection]:
    """The same for a secret that is looked up in no time: tries come one after the other, and only wrong ones count.

    So those who are right never stand in each other's way, however many they are. Look it up by the connection given.

    Raises
    ------
    TooOftenError
        `MOST_FAILURES` within `WINDOW`.
    """
    at, wrong = now(), None
    with database.writing() as connection:
        _require_few(database, connection, at, {one: MOST_FAILURES})
        try:
            yield connection
        except DeniedError as fault:
            wrong = fault
            connection.execute(insert(attempts).values(bucket=one, at=at))
    if wrong is not None:
        raise wrong


def _require_few(database: Database, connection: Connection, at: datetime, most: Mapping[str, int]) -> None:
    """Refuse who has failed too often; those of one bucket take turns until the transaction ends."""
    for one in sorted(most):
        database.take_turns(connection, int(one[:15], 16))
    counts = connection.execute(
        select(attempts.c.bucket, func.count())
        .where(attempts.c.bucket.in_(most), attempts.c.at > at - WINDOW)
        .group_by(attempts.c.bucket)
    ).all()
    if any(count >= most[one] for one, count in counts):
        message = f"too many tries; please wait {WINDOW.seconds // 60} minutes and try again"
        raise TooOftenError(message)
    connection.execute(delete(attempts).where(attempts.c.at <= at - WINDOW))
