"""The journal's table: append in the caller's transaction, read, and prove that nothing was changed since."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from raccord.domain.journal import GENESIS, Event, NewEvent, seal
from raccord.store import reaching
from raccord.store.dialects import insert
from raccord.store.tables.core import events, journal_head

_HEAD = 1
_insert = events.insert()
_take = (
    journal_head.update()
    .where(journal_head.c.id == _HEAD)
    .values(seq=journal_head.c.seq + sa.bindparam("count"))
    .returning(journal_head.c.seq, journal_head.c.hash)
)
_close = journal_head.update().where(journal_head.c.id == _HEAD).values(hash=sa.bindparam("last"))


@dataclass(frozen=True)
class JournalVerdict:
    """Whether the chain holds from its first event to its head; `broken_at` is the first event that does not."""

    intact: bool
    events: int
    broken_at: int | None


def append(conn: sa.Connection, event: NewEvent) -> Event:
    """Write one event at the end of the chain, in the caller's transaction.

    The head row is updated first, so that writers queue behind it: two events never share a place.
    """
    return append_all(conn, [event])[0]


def append_all(conn: sa.Connection, news: list[NewEvent]) -> list[Event]:
    """Write several events in their order, taking the head once."""
    if not news:
        return []
    seq, previous = _take_places(conn, len(news))
    written = []
    for event in news:
        digest = seal(previous, event)
        written.append(Event(event.subject, event.kind, event.at, event.actor, event.data, seq, previous, digest))
        seq, previous = seq + 1, digest
    conn.execute(_insert, [_as_row(event) for event in written])
    conn.execute(_close, {"last": previous})
    return written


def _take_places(conn: sa.Connection, count: int) -> tuple[int, str]:
    """The first of `count` places at the end of the chain, and the hash before it; other writers now wait."""
    taken = conn.execute(_take, {"count": count}).first()
    if taken is not None:
        return taken.seq - count + 1, taken.hash
    first = insert(conn, journal_head).values(id=_HEAD, seq=0, hash=GENESIS)
    conn.execute(first.on_conflict_do_nothing(index_elements=["id"]))
    return _take_places(conn, count)


def _as_row(event: Event) -> dict[str, Any]:
    return {
        "seq": event.seq,
        "subject": event.subject,
        "kind": event.kind,
        "at": event.at,
        "actor": event.actor,
        "data": dict(event.data),
        "previous": event.previous,
        "hash": event.hash,
    }


def read(conn: sa.Connection, subject: str = "", after: int = 0, limit: int = 100) -> tuple[Event, ...]:
    """Events after that one, oldest first; `subject` exact, every subject when empty."""
    query = sa.select(events).where(events.c.seq > after).order_by(events.c.seq).limit(limit)
    if subject:
        query = query.where(events.c.subject == subject)
    return tuple(_read(row) for row in conn.execute(query))


def latest(conn: sa.Connection, limit: int = 100, before: int | None = None) -> tuple[Event, ...]:
    """The last events, newest first."""
    mine = reaching.few_subjects(conn)
    place = events.c.seq if mine is None else events.c.seq + 0  # few: their own events, rather than everybody's back to
    query = sa.select(events).order_by(place.desc()).limit(limit)  # theirs
    if mine is not None:
        query = query.where(events.c.subject.in_(mine))
    if before is not None:
        query = query.where(events.c.seq < before)
    return tuple(_read(row) for row in conn.execute(query))


def has(conn: sa.Connection, subject: str, kind: str) -> bool:
    """Whether this happened at least once to that subject."""
    query = sa.select(events.c.seq).where(events.c.subject == subject, events.c.kind == kind).limit(1)
    return conn.execute(query).first() is not None


def last(conn: sa.Connection, subject: str, kind: str) -> Event | None:
    """The last event of that kind about that subject, None when there is none."""
    query = sa.select(events).where(events.c.subject == subject, events.c.kind == kind)
    row = conn.execute(query.order_by(events.c.seq.desc()).limit(1)).first()
    return None if row is None else _read(row)


def verify(conn: sa.Connection) -> JournalVerdict:
    """Compute every hash again, a thousand events at a time, and compare the last one with the head."""
    seq, previous = 0, GENESIS
    while batch := read(conn, after=seq, limit=1000):
        for event in batch:
            if event.seq != seq + 1 or event.previous != previous or event.hash != seal(previous, event):
                return JournalVerdict(intact=False, events=seq, broken_at=event.seq)
            seq, previous = event.seq, event.hash
    head = conn.execute(sa.select(journal_head.c.seq, journal_head.c.hash)).first()
    whole = (head is None and seq == 0) or (head is not None and (head.seq, head.hash) == (seq, previous))
    return JournalVerdict(whole, seq, None if whole else seq + 1)


def _read(row: sa.Row[Any]) -> Event:
    return Event(row.subject, row.kind, row.at, row.actor, row.data, row.seq, row.previous, row.hash)
