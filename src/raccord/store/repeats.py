"""The table of the requests that a program may repeat: one row for each idempotency key of an API key."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from raccord.store.dialects import insert
from raccord.store.tables.outward import repeats


@dataclass(frozen=True)
class Kept:
    """A request seen before. `sealed`: what it was and, once `answered`, what it was answered."""

    sealed: bytes
    answered: bool
    created_at: datetime


def claim(conn: sa.Connection, owner: str, key: str, sealed: bytes, now: datetime) -> bool:
    """Take the key for a request that begins; False when it is taken."""
    row = insert(conn, repeats).values(owner=owner, key=key, sealed=sealed, answered=False, created_at=now)
    return conn.execute(row.on_conflict_do_nothing().returning(repeats.c.key)).first() is not None


def find(conn: sa.Connection, owner: str, key: str) -> Kept | None:
    """What is kept under that key."""
    row = conn.execute(sa.select(repeats).where(*_named(owner, key))).first()
    return None if row is None else Kept(row.sealed, row.answered, row.created_at)


def answer(conn: sa.Connection, owner: str, key: str, sealed: bytes) -> None:
    """Keep what the request was answered."""
    conn.execute(sa.update(repeats).where(*_named(owner, key)).values(sealed=sealed, answered=True))


def release(conn: sa.Connection, owner: str, key: str) -> None:
    """Give the key back: the request came to nothing."""
    conn.execute(sa.delete(repeats).where(*_named(owner, key), ~repeats.c.answered))


def forget(conn: sa.Connection, before: datetime) -> int:
    """Forget what is older than that instant; how many."""
    return conn.execute(sa.delete(repeats).where(repeats.c.created_at < before)).rowcount


def _named(owner: str, key: str) -> tuple[sa.ColumnElement[bool], ...]:
    return repeats.c.owner == owner, repeats.c.key == key
