"""The table of validators' decisions on their way to Chorus Pro, in the order in which they were asked."""

from typing import Any

import sqlalchemy as sa

from raccord.domain.errors import NotFound
from raccord.domain.reception import PostState
from raccord.domain.validation import Decision
from raccord.store.sent_rows import OPEN, SentRows
from raccord.store.tables.archive import validation_posts as table
from raccord.store.tables.core import connections

_rows = SentRows(table)
move, any_waiting = _rows.move, _rows.any_waiting
_NAMES = tuple(Decision.__dataclass_fields__)


def insert(conn: sa.Connection, new: Decision, source: str) -> None:
    """Keep a new decision, after all others."""
    values = {name: getattr(new, name) for name in _NAMES} | {"state": new.state.value}
    conn.execute(table.insert().values(seq=_rows.next_place(), source=source[:20], **values))


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
            table.c.connection_id == connection_id, table.c.id_facture == id_facture, table.c.state.in_(OPEN)
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
    return tuple(_read(row) for row in conn.execute(_rows.in_state(state, connection_id)))


def first_waiting(conn: sa.Connection, connection_id: str) -> Decision | None:
    """The oldest decision that may leave."""
    row = conn.execute(_rows.first_waiting(connection_id)).first()
    return None if row is None else _read(row)


def _read(row: sa.Row[Any]) -> Decision:
    values = {name: getattr(row, name) for name in _NAMES if name != "state"}
    return Decision(state=PostState(row.state), **values)
