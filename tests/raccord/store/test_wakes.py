"""A wake asks for a job once, however many ask, and never forgets one that is asked after the job began."""

from datetime import UTC, datetime, timedelta

from raccord.store import wakes
from raccord.store.database import Store
from raccord.store.wakes import Wake

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def _wake(seconds: int = 0) -> Wake:
    return Wake("drain", "c1", NOON + timedelta(seconds=seconds), {"connection_id": "c1"}, 5)


def test_who_asks_again_adds_nothing(store: Store) -> None:
    with store.begin() as conn:
        assert wakes.ask(conn, _wake())
        assert not wakes.ask(conn, _wake())
        assert not wakes.ask(conn, _wake(60))


def test_an_earlier_hour_wins(store: Store) -> None:
    with store.begin() as conn:
        assert wakes.ask(conn, _wake(60))
        assert wakes.ask(conn, _wake(10))


def test_work_added_after_the_job_began_wakes_it_again(store: Store) -> None:
    with store.begin() as conn:
        wakes.ask(conn, _wake())
        assert wakes.begin(conn, "drain", "c1", NOON)
        assert wakes.ask(conn, _wake())


def test_failures_are_counted_until_a_success(store: Store) -> None:
    with store.begin() as conn:
        wakes.ask(conn, _wake())
        assert [wakes.fail(conn, "drain", "c1", "boom") for _ in range(3)] == [1, 2, 3]
        wakes.succeed(conn, "drain", "c1")
        assert wakes.fail(conn, "drain", "c1", "boom") == 1


def test_an_overdue_wake_is_taken_by_one_process(store: Store) -> None:
    with store.begin() as conn:
        wakes.ask(conn, _wake())
        (late,) = wakes.overdue(conn, NOON + timedelta(minutes=1))
        assert wakes.push(conn, late, NOON + timedelta(minutes=2))
        assert not wakes.push(conn, late, NOON + timedelta(minutes=2))


def test_a_job_asked_before_its_hour_was_changed_does_not_run(store: Store) -> None:
    with store.begin() as conn:
        wakes.ask(conn, _wake(60))
        wakes.ask(conn, _wake(0))
        assert wakes.begin(conn, "drain", "c1", NOON)  # the earlier one runs
        wakes.ask(conn, _wake(3600))
        assert not wakes.begin(conn, "drain", "c1", NOON + timedelta(seconds=60))  # the first one was replaced
