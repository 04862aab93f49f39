"""The journal is append-only and tells when someone touched it."""

import threading
from datetime import UTC, datetime

import sqlalchemy as sa

from raccord.domain.journal import NewEvent
from raccord.store import journal
from raccord.store.database import Store

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def _event(subject: str, **data: object) -> NewEvent:
    return NewEvent(subject, "deposit.accepted", NOON, "alice@exemple.fr", data)


def test_events_come_back_in_their_order_sealed_to_one_another(store: Store) -> None:
    with store.begin() as conn:
        journal.append(conn, _event("deposit/1", number="F-1", amount="12.30"))
        journal.append_all(conn, [_event("deposit/2"), _event("deposit/1", état="à corriger")])
    with store.read() as conn:
        told = journal.read(conn)
        assert [event.subject for event in told] == ["deposit/1", "deposit/2", "deposit/1"]
        assert [event.seq for event in journal.read(conn, "deposit/1")] == [1, 3]
        assert [event.seq for event in journal.latest(conn, 2)] == [3, 2]
        assert journal.verify(conn) == journal.JournalVerdict(True, 3, None)
    assert told[1].previous == told[0].hash


def test_a_changed_event_is_found(store: Store) -> None:
    with store.begin() as conn:
        journal.append_all(conn, [_event(f"deposit/{n}") for n in range(5)])
        conn.execute(sa.text("UPDATE events SET actor = 'mallory' WHERE seq = 3"))
        assert journal.verify(conn).broken_at == 3


def test_a_removed_last_event_is_found(store: Store) -> None:
    with store.begin() as conn:
        journal.append_all(conn, [_event(f"deposit/{n}") for n in range(3)])
        conn.execute(sa.text("DELETE FROM events WHERE seq = 3"))
        assert not journal.verify(conn).intact


def test_an_act_that_fails_leaves_no_event(store: Store) -> None:
    try:
        with store.begin() as conn:
            journal.append(conn, _event("deposit/1"))
            raise KeyError
    except KeyError:
        pass
    with store.read() as conn:
        assert journal.read(conn) == ()


def test_ten_writers_keep_one_chain(store: Store) -> None:
    def write(worker: int) -> None:
        for n in range(10):
            with store.begin() as conn:
                journal.append(conn, _event(f"deposit/{worker}-{n}"))

    threads = [threading.Thread(target=write, args=(worker,)) for worker in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.read() as conn:
        assert journal.verify(conn) == journal.JournalVerdict(True, 100, None)
