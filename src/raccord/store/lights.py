"""The columns of the light: last verdict, its memory, the history of lights. The rest of a connection is elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from raccord.domain.connection import Light
from raccord.store.tables.core import connections, light_history

PRESENT = ""
"""In place of the fingerprint of a refused password: the one recorded now, whatever it is."""


@dataclass(frozen=True)
class Memory:
    """What is remembered of the last visit. `verdict` and `refusal` are plain JSON, without any secret."""

    verdict: Mapping[str, Any] | None
    refusal: Mapping[str, Any] | None
    verdict_at: datetime | None
    retry_at: datetime | None
    refusals: int


@dataclass(frozen=True)
class LightChange:
    """One line of the history of a light: when, which, why, who found it, how long it lasted (None: still so)."""

    at: datetime
    light: Light
    cause: str
    sentence: str
    actor: str
    lasted: timedelta | None


_memory = sa.select(
    connections.c.verdict, connections.c.verdict_at, connections.c.retry_at, connections.c.refusals_in_a_row
).where(connections.c.id == sa.bindparam("id"))
_shown = sa.select(connections.c.light).where(connections.c.enabled)


def shown(conn: sa.Connection) -> tuple[Light, ...]:
    """The lights of the connections in use."""
    return tuple(Light(light) for light in conn.execute(_shown).scalars())


def memory(conn: sa.Connection, connection_id: str) -> Memory:
    """What is remembered of a connection that exists."""
    row = conn.execute(_memory, {"id": connection_id}).one()
    kept = row.verdict or {}
    return Memory(kept.get("verdict"), kept.get("refusal"), row.verdict_at, row.retry_at, row.refusals_in_a_row)


def remember(
    conn: sa.Connection, connection_id: str, verdict: Mapping[str, Any], refusal: Mapping[str, Any] | None
) -> None:
    """Keep the last verdict and the last refusal."""
    _keep(conn, connection_id, verdict=dict(verdict), refusal=dict(refusal) if refusal else None)


def remember_refusal(conn: sa.Connection, connection_id: str, at: datetime, evidence: str) -> None:
    """Keep that the present password was refused during a call: the doctor will not play it again."""
    _keep(conn, connection_id, refusal={"fingerprint": PRESENT, "at": at.isoformat(), "evidence": evidence})


def reminded(conn: sa.Connection, connection_id: str) -> tuple[str, int] | None:
    """The last reminder of an end: for which instant (ISO), at which threshold in days."""
    kept = conn.scalar(sa.select(connections.c.verdict).where(connections.c.id == connection_id)) or {}
    return tuple(kept["reminded"]) if kept.get("reminded") else None


def remember_reminder(conn: sa.Connection, connection_id: str, expires_at: str, threshold: int) -> None:
    """Keep that a reminder left for that instant at that threshold."""
    _keep(conn, connection_id, reminded=[expires_at, threshold])


def _keep(conn: sa.Connection, connection_id: str, **parts: object) -> None:
    kept = conn.scalar(sa.select(connections.c.verdict).where(connections.c.id == connection_id)) or {}
    conn.execute(sa.update(connections).where(connections.c.id == connection_id).values(verdict={**kept, **parts}))


def add_change(conn: sa.Connection, connection_id: str, change: LightChange) -> None:
    """Write a line of the history."""
    conn.execute(
        sa.insert(light_history).values(
            connection_id=connection_id,
            at=change.at,
            light=change.light.value,
            cause=change.cause,
            sentence=change.sentence[:500],
            actor=change.actor,
        )
    )


def changes(conn: sa.Connection, connection_id: str, limit: int) -> list[LightChange]:
    """The last changes, newest first."""
    query = (
        sa.select(light_history)
        .where(light_history.c.connection_id == connection_id)
        .order_by(light_history.c.at.desc(), light_history.c.id.desc())
        .limit(limit)
    )
    found: list[LightChange] = []
    until: datetime | None = None
    for row in conn.execute(query):
        lasted = None if until is None else until - row.at
        found.append(LightChange(row.at, Light(row.light), row.cause, row.sentence, row.actor, lasted))
        until = row.at
    return found
