"""Leases: who does a long piece of work at this moment. They end by themselves when their holder dies."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from raccord.store.dialects import insert
from raccord.store.tables.processing import leases


def claim(conn: sa.Connection, key: str, holder: str, now: datetime, until: datetime) -> bool:
    """Take or prolong the lease of `key`; False while somebody else holds it."""
    row = {"holder": holder, "until": until}
    free = sa.or_(leases.c.until < now, leases.c.holder == holder)
    taken = insert(conn, leases).values(key=key, **row)
    asked = taken.on_conflict_do_update(index_elements=["key"], set_=row, where=free)
    return conn.execute(asked.returning(leases.c.key)).first() is not None


def held(conn: sa.Connection, key: str, now: datetime) -> bool:
    """Whether somebody holds the lease of `key`."""
    asked = sa.select(leases.c.key).where(leases.c.key == key, leases.c.until >= now)
    return conn.execute(asked).first() is not None


def holders(conn: sa.Connection) -> tuple[str, ...]:
    """Who holds something."""
    return tuple(conn.execute(sa.select(leases.c.holder).distinct()).scalars())


def forget(conn: sa.Connection, gone: Sequence[str]) -> int:
    """End the leases of these holders; gives how many."""
    return conn.execute(leases.delete().where(leases.c.holder.in_(gone))).rowcount


def release(conn: sa.Connection, key: str, holder: str) -> None:
    """Give the lease back; nothing when somebody else holds it by now."""
    conn.execute(leases.delete().where(leases.c.key == key, leases.c.holder == holder))
