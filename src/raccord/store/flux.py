"""The table of flux, and the attempts noted before each call that changes something at Chorus Pro."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from raccord.domain.errors import NotFound
from raccord.store.pages import Page, newest_first
from raccord.store.tables.core import attempts, deposits, flux

_note = attempts.insert()
_made_since = sa.select(sa.func.count()).where(
    flux.c.connection_id == sa.bindparam("connection"),
    flux.c.created_at > sa.bindparam("since"),
    flux.c.state != "abandoned",
)


@dataclass(frozen=True)
class Flux:
    """What one `deposer/flux` call carries. `state`: sending, uncertain, sent, done, abandoned, to_decide."""

    id: str
    connection_id: str
    syntaxe_flux: str
    state: str
    filename: str
    deposits: int
    size: int
    numero_flux: str
    platform_state: str
    report: dict[str, Any] | None
    looks: int
    look_at: datetime | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class Attempt:
    """The note written before a call; without `answered_at` nobody knows what came of it."""

    id: str
    connection_id: str
    subject: str
    operation: str
    worker: str
    started_at: datetime
    answered_at: datetime | None = None
    outcome: str = ""


def insert(conn: sa.Connection, new: Flux) -> None:
    """Keep a new flux."""
    conn.execute(flux.insert().values(**{name: getattr(new, name) for name in _COLUMNS}))


def get(conn: sa.Connection, flux_id: str) -> Flux:
    """The flux of that identifier. Raises `NotFound` (`FLUX_INCONNU`)."""
    row = conn.execute(sa.select(flux).where(flux.c.id == flux_id)).first()
    if row is None:
        raise NotFound("FLUX_INCONNU", "Cet envoi groupé n’existe pas dans Raccord.", "Revenez à la liste des dépôts.")
    return _read(row)


def change(conn: sa.Connection, flux_id: str, states: tuple[str, ...], *, now: datetime, **columns: Any) -> bool:
    """Change a flux that stands in one of `states`; False when another worker was first."""
    done = conn.execute(
        flux.update().where(flux.c.id == flux_id, flux.c.state.in_(states)).values(**columns, updated_at=now)
    )
    return bool(done.rowcount)


def listing(conn: sa.Connection, connection_id: str = "", after: str = "", limit: int = 50) -> Page[Flux]:
    """The flux of a connection (of all when empty), newest first."""
    query = sa.select(flux)
    if connection_id:
        query = query.where(flux.c.connection_id == connection_id)
    return newest_first(conn, query, flux, _read, after=after, limit=limit)


def made_since(conn: sa.Connection, connection_id: str, since: datetime) -> int:
    """How many flux of a connection left, or are leaving, since that instant."""
    return conn.execute(_made_since, {"connection": connection_id, "since": since}).scalar_one()


def seen_in(conn: sa.Connection, flux_id: str) -> int:
    """How many of the deposits of a flux are seen through this connection."""
    return conn.execute(sa.select(sa.func.count()).where(deposits.c.flux_id == flux_id)).scalar_one()


def due(conn: sa.Connection, connection_id: str, now: datetime, limit: int) -> tuple[Flux, ...]:
    """Sent flux whose report is to be read now."""
    query = (
        sa.select(flux)
        .where(flux.c.connection_id == connection_id, flux.c.state == "sent", flux.c.look_at <= now)
        .order_by(flux.c.look_at)
        .limit(limit)
    )
    return tuple(_read(row) for row in conn.execute(query))


def in_state(conn: sa.Connection, state: str, connection_id: str = "") -> tuple[Flux, ...]:
    """Every flux in that state."""
    query = sa.select(flux).where(flux.c.state == state)
    if connection_id:
        query = query.where(flux.c.connection_id == connection_id)
    return tuple(_read(row) for row in conn.execute(query))


def next_look(conn: sa.Connection, connection_id: str) -> datetime | None:
    """When the next report of this connection is to be read, None when none is expected."""
    query = sa.select(sa.func.min(flux.c.look_at)).where(flux.c.connection_id == connection_id, flux.c.state == "sent")
    return conn.execute(query).scalar()


def note(conn: sa.Connection, attempt: Attempt) -> None:
    """Write an attempt, before the call."""
    note_all(conn, [attempt])


def note_all(conn: sa.Connection, noted: Sequence[Attempt]) -> None:
    """Write several attempts, before the calls."""
    names = ("id", "connection_id", "subject", "operation", "worker", "started_at")
    if noted:
        conn.execute(_note, [{name: getattr(attempt, name) for name in names} for attempt in noted])


def answer(conn: sa.Connection, attempt_id: str, outcome: str, at: datetime, answer: dict[str, Any]) -> None:
    """Write what came of an attempt: `answered`, `refused`, `unknown` or `not_sent`."""
    conn.execute(
        attempts.update()
        .where(attempts.c.id == attempt_id, attempts.c.answered_at.is_(None))
        .values(outcome=outcome, answered_at=at, answer=answer)
    )


def answer_all(conn: sa.Connection, ids: Sequence[str], outcome: str, at: datetime) -> None:
    """Write the same outcome for several attempts."""
    conn.execute(
        attempts.update()
        .where(attempts.c.id.in_(ids), attempts.c.answered_at.is_(None))
        .values(outcome=outcome, answered_at=at, answer={})
    )


def unanswered(conn: sa.Connection) -> tuple[Attempt, ...]:
    """Attempts whose call may still be under way, or whose worker died."""
    query = sa.select(attempts).where(attempts.c.answered_at.is_(None)).order_by(attempts.c.started_at)
    return tuple(_read_attempt(row) for row in conn.execute(query))


def failures_in_a_row(conn: sa.Connection, connection_id: str, most: int = 10) -> int:
    """How many of the last attempts of a connection never left this machine, counted back from the last one."""
    query = (
        sa.select(attempts.c.outcome)
        .where(attempts.c.connection_id == connection_id, attempts.c.answered_at.is_not(None))
        .order_by(attempts.c.started_at.desc())
        .limit(most)
    )
    outcomes = conn.execute(query).scalars().all()
    return next((rank for rank, outcome in enumerate(outcomes) if outcome != "not_sent"), len(outcomes))


def attempts_of(conn: sa.Connection, subject: str) -> tuple[Attempt, ...]:
    """The attempts about one subject, in their order."""
    query = sa.select(attempts).where(attempts.c.subject == subject).order_by(attempts.c.started_at)
    return tuple(_read_attempt(row) for row in conn.execute(query))


_COLUMNS = tuple(Flux.__dataclass_fields__)


def _read(row: sa.Row[Any]) -> Flux:
    return Flux(**{name: getattr(row, name) for name in _COLUMNS})


def _read_attempt(row: sa.Row[Any]) -> Attempt:
    return Attempt(
        row.id,
        row.connection_id,
        row.subject,
        row.operation,
        row.worker,
        row.started_at,
        row.answered_at,
        row.outcome,
    )
