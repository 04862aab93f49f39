"""The table of wakes: which jobs are to run, at most one waiting for a name and a key.

Who schedules a job that already waits (and not later) adds nothing; the job clears its wake before it looks at the
work, so that work added afterwards wakes it again: nothing is forgotten, nothing runs twice for nothing.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from raccord.store.dialects import Upsert
from raccord.store.tables.core import wakes


@dataclass(frozen=True)
class Wake:
    """A job that is to run at `due`."""

    name: str
    key: str
    due: datetime
    args: dict[str, Any]
    priority: int


def _sooner(first: Any) -> sa.Executable:
    asked = first.on_conflict_do_update(
        index_elements=["name", "key"],
        set_={name: first.excluded[name] for name in ("due", "args", "priority")},
        where=sa.or_(wakes.c.due.is_(None), wakes.c.due > first.excluded.due),
    )
    wanted: sa.Executable = asked.returning(wakes.c.name)
    return wanted


_ask = Upsert(wakes, _sooner)


def ask(conn: sa.Connection, wake: Wake) -> bool:
    """Note that a job is to run at `due`. False when it already waits for that instant or an earlier one."""
    return conn.execute(_ask.on(conn), vars(wake)).first() is not None


def waits(conn: sa.Connection, name: str, key: str) -> bool:
    """Whether a job of that name and key waits."""
    query = sa.select(wakes.c.due).where(wakes.c.name == name, wakes.c.key == key)
    return conn.execute(query).scalar() is not None


def begin(conn: sa.Connection, name: str, key: str, now: datetime) -> bool:
    """The job begins: who adds work from now on wakes it again.

    False when the job is to run later: this one was asked before its hour was changed, another one will come.
    """
    mine = sa.and_(wakes.c.name == name, wakes.c.key == key)
    due = conn.execute(sa.select(wakes.c.due).where(mine)).scalar()
    if due is not None and due > now:
        return False
    conn.execute(wakes.update().where(mine).values(due=None))
    return True


def succeed(conn: sa.Connection, name: str, key: str) -> None:
    """The job ended well: its patience is whole again."""
    conn.execute(
        wakes.update()
        .where(wakes.c.name == name, wakes.c.key == key, wakes.c.failures > 0)
        .values(failures=0, last_error="")
    )


def fail(conn: sa.Connection, name: str, key: str, error: str) -> int:
    """The job ended badly; gives how many times in a row."""
    mine = sa.and_(wakes.c.name == name, wakes.c.key == key)
    conn.execute(wakes.update().where(mine).values(failures=wakes.c.failures + 1, last_error=error[:300]))
    return conn.execute(sa.select(wakes.c.failures).where(mine)).scalar() or 1


def overdue(conn: sa.Connection, before: datetime) -> tuple[Wake, ...]:
    """Jobs that should have begun before that instant: the engine has lost them, or nobody works."""
    query = sa.select(wakes).where(wakes.c.due < before).order_by(wakes.c.due)
    return tuple(Wake(row.name, row.key, row.due, row.args, row.priority) for row in conn.execute(query))


def push(conn: sa.Connection, wake: Wake, due: datetime) -> bool:
    """Take an overdue wake to enqueue it again; False when another process was first."""
    done = conn.execute(
        wakes.update()
        .where(wakes.c.name == wake.name, wakes.c.key == wake.key, wakes.c.due == wake.due)
        .values(due=due)
    )
    return bool(done.rowcount)
