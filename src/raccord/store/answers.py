"""The table of a supplier's answers, in the order in which they were asked for each deposit."""

from typing import Any

import sqlalchemy as sa

from raccord.domain.answers import Answer, AnswerKind
from raccord.domain.reception import PostState
from raccord.store import entries
from raccord.store.sent_rows import SentRows
from raccord.store.tables.supply import answers

_rows = SentRows(answers)
move, any_waiting = _rows.move, _rows.any_waiting


def insert(conn: sa.Connection, new: Answer, connection_id: str, source: str) -> None:
    """Keep a new answer, after those of the same deposit, and its files."""
    conn.execute(
        answers.insert().values(
            id=new.id,
            seq=_rows.next_place(),
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
    row = conn.execute(_rows.first_waiting(connection_id)).first()
    return None if row is None else _read(conn, row)


def in_state(conn: sa.Connection, state: PostState, connection_id: str) -> tuple[Answer, ...]:
    """The answers of a connection in that state, oldest first."""
    return tuple(_read(conn, row) for row in conn.execute(_rows.in_state(state, connection_id)).all())


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
