"""The table of workers: who beats, who does no more."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from raccord.store.dialects import insert
from raccord.store.tables.core import workers


@dataclass(frozen=True)
class Worker:
    """A process that works. `id` is unique among the living and taken again after a restart."""

    id: str
    beat_at: datetime
    host: str
    pid: int


def everyone(conn: sa.Connection) -> tuple[Worker, ...]:
    """Every worker known, dead or alive."""
    return tuple(Worker(row.id, row.beat_at, row.host, row.pid) for row in conn.execute(sa.select(workers)))


def beat(conn: sa.Connection, worker: Worker, version: str) -> None:
    """Say that this worker lives."""
    row = {"beat_at": worker.beat_at, "host": worker.host, "pid": worker.pid, "version": version}
    first = insert(conn, workers).values(id=worker.id, **row)
    conn.execute(first.on_conflict_do_update(index_elements=["id"], set_=row))


def bury(conn: sa.Connection, worker: Worker) -> bool:
    """Remove a worker that no longer beats; False when another process did it, or when it beat again."""
    done = conn.execute(workers.delete().where(workers.c.id == worker.id, workers.c.beat_at == worker.beat_at))
    return bool(done.rowcount)
