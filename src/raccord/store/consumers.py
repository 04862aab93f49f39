"""The table of consumers: programs that take receptions, each with its own place; and what was laid in folders."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from raccord.store.dialects import insert
from raccord.store.tables.core import receptions
from raccord.store.tables.outward import consumers, handovers
from raccord.store.tables.types import Instant


@dataclass(frozen=True)
class Consumer:
    """A program and the last reception that it acknowledged."""

    name: str
    sequence: int
    token: str
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class Handover:
    """A reception laid in a folder, and when the program showed that it took it."""

    consumer: str
    reception_id: str
    path: str
    delivered_at: datetime
    acknowledged_at: datetime | None


def get(conn: sa.Connection, name: str, now: datetime) -> Consumer:
    """The consumer of that name; one that is not known yet begins at the first reception."""
    row = conn.execute(sa.select(consumers).where(consumers.c.name == name)).first()
    return Consumer(name, 0, "", now, now) if row is None else _read(row)


def all_consumers(conn: sa.Connection) -> tuple[Consumer, ...]:
    """Every consumer, by name."""
    return tuple(_read(row) for row in conn.execute(sa.select(consumers).order_by(consumers.c.name)))


def advance(conn: sa.Connection, name: str, after: int, through: int, *, now: datetime, token: str = "") -> bool:
    """Move a consumer from `after` to `through`; False when it was elsewhere."""
    begun = insert(conn, consumers).values(name=name, sequence=0, created_at=now, updated_at=now)
    conn.execute(begun.on_conflict_do_nothing())
    mine = (consumers.c.name == name, consumers.c.sequence == after)
    moved = consumers.update().where(*mine).values(sequence=through, token=token, updated_at=now)
    return bool(conn.execute(moved).rowcount)


def last_sequence(conn: sa.Connection) -> int:
    """The place of the last reception stored."""
    return int(conn.execute(sa.select(sa.func.coalesce(sa.func.max(receptions.c.sequence), 0))).scalar_one())


def of_platform_id(conn: sa.Connection, id_facture: int) -> tuple[str, ...]:
    """The receptions of that identifier at Chorus Pro, in every connection."""
    return tuple(conn.execute(sa.select(receptions.c.id).where(receptions.c.id_facture == id_facture)).scalars())


def lay(conn: sa.Connection, consumer: str, reception_id: str, path: str, now: datetime) -> None:
    """Note that a reception lies in the folder of a consumer."""
    laid = insert(conn, handovers).values(
        consumer=consumer, reception_id=reception_id, path=path, delivered_at=now, acknowledged_at=None
    )
    conn.execute(laid.on_conflict_do_nothing())


def laid(conn: sa.Connection, consumer: str, reception_id: str) -> Handover | None:
    """The hand-over of that reception to that consumer, or None."""
    mine = (handovers.c.consumer == consumer, handovers.c.reception_id == reception_id)
    row = conn.execute(sa.select(handovers).where(*mine)).first()
    return None if row is None else _handover(row)


def waiting(conn: sa.Connection, consumer: str, limit: int, after: Handover | None = None) -> tuple[Handover, ...]:
    """What the program has not taken yet, oldest first; what follows `after` when it is given."""
    place = sa.tuple_(handovers.c.delivered_at, handovers.c.reception_id)
    query = sa.select(handovers).where(*_untaken(consumer))
    if after:
        query = query.where(place > sa.tuple_(sa.bindparam(None, after.delivered_at, Instant), after.reception_id))
    query = query.order_by(handovers.c.delivered_at, handovers.c.reception_id).limit(limit)
    return tuple(_handover(row) for row in conn.execute(query))


def how_many_wait(conn: sa.Connection, consumer: str) -> int:
    """How many receptions the program has not taken yet."""
    return int(conn.execute(sa.select(sa.func.count()).where(*_untaken(consumer))).scalar_one())


def _untaken(consumer: str) -> tuple[sa.ColumnElement[bool], ...]:
    return handovers.c.consumer == consumer, handovers.c.acknowledged_at.is_(None)


def acknowledge(conn: sa.Connection, consumer: str, reception_id: str, now: datetime) -> bool:
    """The program took it; False when that was known."""
    mine = (
        handovers.c.consumer == consumer,
        handovers.c.reception_id == reception_id,
        handovers.c.acknowledged_at.is_(None),
    )
    return bool(conn.execute(handovers.update().where(*mine).values(acknowledged_at=now)).rowcount)


def _read(row: sa.Row[Any]) -> Consumer:
    return Consumer(row.name, row.sequence, row.token, row.created_at, row.updated_at)


def _handover(row: sa.Row[Any]) -> Handover:
    return Handover(row.consumer, row.reception_id, row.path, row.delivered_at, row.acknowledged_at)
