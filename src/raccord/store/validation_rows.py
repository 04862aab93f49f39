"""The table of validators' decisions on their way to Chorus Pro, in the order in which they were asked."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from raccord.domain.errors import NotFound
from raccord.domain.reception import PostState
from raccord.domain.validation import Decision
from raccord.store.tables.archive import validation_posts as table
from raccord.store.tables.core import connections

_OPEN = (PostState.WAITING.value, PostState.SENDING.value, PostState.UNCERTAIN.value)
_NAMES = tuple(Decision.__dataclass_fields__)


def insert(conn: sa.Connection, new: Decision, source: str) -> None:
    """Keep a new decision, after all others."""
    last = sa.select(sa.func.coalesce(sa.func.max(table.c.seq), 0)).scalar_subquery()
    values = {name: getattr(new, name) for name in _NAMES} | {"state": new.state.value}
    conn.execute(table.insert().values(seq=last + 1, source=source[:20], **values))


def lock(conn: sa.Connection, connection_id: str) -> None:
    """Keep the decisions of a connection to this transaction: two persons never decide on one invoice at once."""
    conn.execute(sa.select(connections.c.id).where(connections.c.id == connection_id).with_for_update())


def get(conn: sa.Connection, decision_id: str) -> Decision:
    """The decision of that identifier. Raises `NotFound` (`DECISION_INCONNUE`)."""
    row = conn.execute(sa.select(table).where(table.c.id == decision_id)).first()
    if row is None:
        raise NotFound("DECISION_INCONNUE", "Cette décision n’existe pas dans Raccord.", "Rechargez la page.")
    return _read(row)


def open_for(conn: sa.Connection, connection_id: str, id_facture: int) -> Decision | None:
    """The decision on this invoice that has no answer yet, or None."""
    row = conn.execute(
        sa.select(table).where(
            table.c.connection_id == connection_id, table.c.id_facture == id_facture, table.c.state.in_(_OPEN)
        )
    ).first()
    return None if row is None else _read(row)


def latest(conn: sa.Connection, connection_id: str = "", limit: int = 50) -> tuple[Decision, ...]:
    """The last decisions, newest first."""
    query = sa.select(table).order_by(table.c.seq.desc()).limit(limit)
    if connection_id:
        query = query.where(table.c.connection_id == connection_id)
    return tuple(_read(row) for row in conn.execute(query))


def in_state(conn: sa.Connection, state: PostState, connection_id: str) -> tuple[Decision, ...]:
    """The decisions of a connection in that state, oldest first."""
    query = sa.select(table).where(table.c.connection_id == connection_id, table.c.state == state.value)
    return tuple(_read(row) for row in conn.execute(query.order_by(table.c.seq)))


def first_waiting(conn: sa.Connection, connection_id: str) -> Decision | None:
    """The oldest decision that may leave; on PostgreSQL another worker's is passed over."""
    query = sa.select(table).where(table.c.connection_id == connection_id, table.c.state == PostState.WAITING.value)
    row = conn.execute(query.order_by(table.c.seq).limit(1).with_for_update(skip_locked=True)).first()
    return None if row is None else _read(row)


def any_waiting(conn: sa.Connection, connection_id: str) -> bool:
    """Whether a decision waits to leave, or to be asked about."""
    states = (PostState.WAITING.value, PostState.UNCERTAIN.value)
    query = sa.select(table.c.id).where(table.c.connection_id == connection_id, table.c.state.in_(states))
    return conn.execute(query.limit(1)).first() is not None


def move(
    conn: sa.Connection,
    decision_id: str,
    current: tuple[PostState, ...],
    target: PostState,
    *,
    now: datetime,
    **columns: Any,
) -> bool:
    """Change the state of a decision; False when it stood elsewhere."""
    done = conn.execute(
        table.update()
        .where(table.c.id == decision_id, table.c.state.in_([state.value for state in current]))
        .values(state=target.value, updated_at=now, **columns)
    )
    return bool(done.rowcount)


def _read(row: sa.Row[Any]) -> Decision:
    values = {name: getattr(row, name) for name in _NAMES if name != "state"}
    return Decision(state=PostState(row.state), **values)
