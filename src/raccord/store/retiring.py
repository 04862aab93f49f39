"""Removing a connection: whether anything passed by it, and what goes with it when nothing did."""

import sqlalchemy as sa

from raccord.store.tables.core import connections, deposits, flux, light_history, receptions, structures


def is_used(conn: sa.Connection, connection_id: str) -> bool:
    """Whether a deposit, a flux or a reception belongs to this connection."""
    return any(
        conn.scalar(sa.select(table.c.id).where(table.c.connection_id == connection_id).limit(1)) is not None
        for table in (deposits, flux, receptions)
    )


def remove(conn: sa.Connection, connection_id: str) -> None:
    """Delete a connection that is not used, its structures and the history of its light."""
    for table in (light_history, structures):
        conn.execute(sa.delete(table).where(table.c.connection_id == connection_id))
    conn.execute(sa.delete(connections).where(connections.c.id == connection_id))
