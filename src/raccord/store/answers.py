"""The table of a supplier's answers, in the order in which they were asked for each deposit."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from raccord.domain.answers import Answer, AnswerKind
from raccord.domain.reception import PostState
from raccord.store import entries
from raccord.store.tables.supply import answers

OPEN = (PostState.WAITING, PostState.SENDING, PostState.UNCERTAIN)


def insert(conn: sa.Connection, new: Answer, connection_id: str, source: str) -> None:
    """Keep a new answer, after those of the same deposit, and its files."""
    last = sa.select(sa.func.coalesce(sa.func.max(answers.c.seq), 0)).scalar_subquery()
    conn.execute(
        answers.insert().values(
            id=new.id,
            seq=last + 1,
            deposit_id=new.deposit_id,
            connection_id=connection_id,
            kind=new.kind.value,
            comment=new.comment,
            state=new.state.value,
            reply=new.reply,
            author=new.author,
            source=source,
            created_at=new.created_at,
            updated_at=new.updated_at,
        )
    )
    entries.keep_files(conn, new.deposit_id, new.files, owner=new.id)


def get(conn: sa.Connection, answer_id: str) -> Answer:
    """The answer of that identifier, which must exist."""
    return _read(conn, conn.execute(sa.select(answers).where(answers.c.id == answer_id)).one())


def of_deposit(conn: sa.Connection, deposit_id: str) -> tuple[Answer, ...]:
    """The answers about a deposit, in their order."""
    query = sa.select(answers).where(answers.c.deposit_id == deposit_id).order_by(answers.c.seq)
    return tuple(_read(conn, row) for row in conn.execute(query).all())


def first_waiting(conn: sa.Connection, connection_id: str) -> Answer | None:
    """The oldest answer of a connection that waits to leave."""
    query = (
        sa.select(answers)
        .where(answers.c.connection_id == connection_id, answers.c.state == PostState.WAITING.value)
        .order_by(answers.c.seq)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row = conn.execute(query).first()
    return None if row is None else _read(conn, row)


def in_state(conn: sa.Connection, state: PostState, connection_id: str) -> tuple[Answer, ...]:
    """The answers of a connection in that state, oldest first."""
    query = sa.select(answers).where(answers.c.connection_id == connection_id, answers.c.state == state.value)
    return tuple(_read(conn, row) for row in conn.execute(query.order_by(answers.c.seq)).all())


def move(
    conn: sa.Connection,
    answer_id: str,
    current: tuple[PostState, ...],
    target: PostState,
    *,
    now: datetime,
    **columns: Any,
) -> bool:
    """Change the state of an answer; False when it stood elsewhere."""
    states = [state.value for state in current]
    done = conn.execute(
        answers.update()
        .where(answers.c.id == answer_id, answers.c.state.in_(states))
        .values(state=target.value, updated_at=now, **columns)
    )
    return bool(done.rowcount)


def any_waiting(conn: sa.Connection, connection_id: str) -> bool:
    """Whether an answer waits to leave, or to be asked about."""
    states = (PostState.WAITING.value, PostState.UNCERTAIN.value)
    query = sa.select(answers.c.id).where(answers.c.connection_id == connection_id, answers.c.state.in_(states))
    return conn.execute(query.limit(1)).first() is not None


def _read(conn: sa.Connection, row: sa.Row[Any]) -> Answer:
    return Answer(
        id=row.id,
        deposit_id=row.deposit_id,
        kind=AnswerKind(row.kind),
        comment=row.comment,
        files=entries.files_of(conn, row.deposit_id, row.id),
        state=PostState(row.state),
        reply=row.reply,
        author=row.author,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
