"""The port to the durable engine: asked in the caller's transaction, run once, never forgotten."""

import itertools
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from raccord.engine.foundation.dbos_engine import DbosEngine
from raccord.engine.foundation.port import Args, Jobs, Later
from raccord.engine.foundation.workers import Liveness
from raccord.store import workers
from raccord.store.database import Store
from raccord.store.workers import Worker


class Diary:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 21, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **span: float) -> None:
        self.now += timedelta(**span)


@pytest.fixture
def diary() -> Diary:
    return Diary()


@pytest.fixture
def by_hand(store: Store, diary: Diary) -> Jobs:
    return Jobs(store, diary, None, Liveness(store, diary))


def _real(store: Store) -> Jobs:
    def clock() -> datetime:
        return datetime.now(UTC)

    jobs = Jobs(store, clock, DbosEngine(store, poll_s=0.05), Liveness(store, clock))
    jobs.prepare()
    return jobs


@pytest.fixture
def jobs(store: Store) -> Iterator[Jobs]:
    jobs = _real(store)
    yield jobs
    jobs.stop()


def _until(said: Callable[[], Any], seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not said():
        assert time.monotonic() < deadline, "it never came"
        threading.Event().wait(0.02)


def test_a_job_runs_when_its_transaction_commits_and_only_then(store: Store, jobs: Jobs) -> None:
    told: list[Args] = []
    jobs.job("tell")(told.append)
    with store.engine.connect() as conn:
        jobs.schedule(conn, "tell", "lost", {"n": 0})
        conn.rollback()
    with store.begin() as conn:
        jobs.schedule(conn, "tell", "kept", {"n": 1})
    jobs.start()
    _until(lambda: told)
    assert told == [{"n": 1}]


def test_a_job_asked_ten_times_before_it_begins_runs_once(store: Store, jobs: Jobs) -> None:
    told: list[Args] = []
    jobs.job("tell")(told.append)
    for n in range(10):
        with store.begin() as conn:
            jobs.schedule(conn, "tell", "same", {"n": n})
    with store.begin() as conn:
        jobs.schedule(conn, "tell", "other", {"n": 99}, priority=9)
    jobs.start()
    _until(lambda: len(told) >= 2)
    assert sorted(said["n"] for said in told) == [0, 99]


def test_a_job_asked_while_it_runs_runs_again(store: Store, jobs: Jobs) -> None:
    told: list[int] = []

    def tell(_args: Args) -> None:
        told.append(1)
        if len(told) == 1:
            with store.begin() as conn:
                jobs.schedule(conn, "tell", "same", {})

    jobs.job("tell")(tell)
    with store.begin() as conn:
        jobs.schedule(conn, "tell", "same", {})
    jobs.start()
    _until(lambda: len(told) == 2)


def test_a_finished_job_is_forgotten_after_a_while(store: Store, jobs: Jobs) -> None:
    told: list[Args] = []
    jobs.job("tell")(told.append)
    with store.begin() as conn:
        jobs.schedule(conn, "tell", "k", {})
    jobs.start()
    _until(lambda: told and jobs.purge(days=-1) == 1)


def test_the_rows_of_the_engine_are_plain_json(store: Store, jobs: Jobs) -> None:
    with store.begin() as conn:
        jobs.schedule(conn, "tell", "k", {"id": "F-1"})
    table = "dbos.workflow_status" if store.dialect == "postgresql" else "workflow_status"
    with store.read() as conn:
        (inputs,) = conn.execute(sa.text(f"SELECT inputs FROM {table.replace('status', 'input')}")).one()
    assert "F-1" in inputs


def test_a_job_that_fails_is_tried_again_with_growing_patience(store: Store, by_hand: Jobs, diary: Diary) -> None:
    hours: list[datetime] = []

    def fail(_args: Args) -> None:
        hours.append(diary.now)
        if len(hours) < 4:
            raise RuntimeError("boom")

    by_hand.job("fail")(fail)
    with store.begin() as conn:
        by_hand.schedule(conn, "fail", "k", {})
    while len(hours) < 4:
        by_hand.run_due()
        diary.passes(seconds=5)
    waits = [(later - sooner).total_seconds() for sooner, later in itertools.pairwise(hours)]
    assert waits == [5, 15, 60]


def test_a_job_may_ask_for_later(store: Store, by_hand: Jobs, diary: Diary) -> None:
    told: list[datetime] = []

    def tell(_args: Args) -> None:
        told.append(diary.now)
        if len(told) == 1:
            raise Later(3600)

    by_hand.job("tell")(tell)
    with store.begin() as conn:
        by_hand.schedule(conn, "tell", "k", {})
    assert by_hand.run_due() == 1
    assert by_hand.run_due() == 0
    diary.passes(hours=1)
    assert by_hand.run_due() == 1


def test_a_periodic_job_beats_once_for_all(store: Store, jobs: Jobs) -> None:
    told: list[int] = []
    jobs.periodic("beat", 0.3, lambda: told.append(1))
    jobs.start()
    _until(lambda: len(told) >= 3)


def test_starting_again_and_again_does_not_multiply_the_periodic_jobs(store: Store, diary: Diary) -> None:
    told: list[datetime] = []
    for _ in range(5):
        jobs = Jobs(store, diary, None, Liveness(store, diary))
        jobs.periodic("beat", 60, lambda: told.append(diary.now))
        jobs.start()
        jobs.stop()
    for _ in range(10):
        jobs.run_due()
        diary.passes(seconds=60)
    assert len(told) == 10


def test_a_wake_that_the_engine_lost_is_found_again(store: Store, jobs: Jobs) -> None:
    told: list[Args] = []
    jobs.job("tell")(told.append)
    with store.begin() as conn:
        jobs.schedule(conn, "tell", "k", {"n": 1})
        table = "dbos.workflow_status" if store.dialect == "postgresql" else "workflow_status"
        conn.execute(sa.text(f"DELETE FROM {table}"))
        conn.execute(sa.text("UPDATE wakes SET due = :then"), {"then": _long_ago(store)})
    assert jobs.find_lost() == 1
    assert jobs.find_lost() == 0
    jobs.start()
    _until(lambda: told)


def _long_ago(store: Store) -> Any:
    then = datetime.now(UTC) - timedelta(minutes=5)
    return then if store.dialect == "postgresql" else then.strftime("%Y-%m-%d %H:%M:%S.%f")


def test_a_dead_worker_gives_its_place_and_its_jobs(store: Store, diary: Diary) -> None:
    with store.begin() as conn:
        workers.beat(conn, Worker("elsewhere-1", diary.now, "elsewhere", 1), "0")
    mine = Liveness(store, diary)
    mine.enter()
    assert mine.bury_dead() == ()
    diary.passes(seconds=31)
    assert not mine.sure()
    mine.beat()
    assert mine.sure()
    assert mine.bury_dead() == ("elsewhere-1",)
    assert mine.bury_dead() == ()


def test_a_restarted_process_takes_its_old_place_at_once(store: Store, diary: Diary) -> None:
    first = Liveness(store, diary)
    place = first.enter()
    again = Liveness(store, diary)
    assert again.enter() == place


def test_a_job_whose_next_hour_cannot_be_written_is_asked_again(tmp_path: Path, diary: Diary) -> None:
    """A full disk, a database away: the database refuses between the work and the note of what is next."""
    from raccord.store.database import open_store

    store = open_store(f"sqlite:///{tmp_path}/raccord.db")
    sa.event.listen(store.engine, "checkout", lambda raw, *_: raw.execute("PRAGMA busy_timeout=0"))
    other = sqlite3.connect(tmp_path / "raccord.db", isolation_level=None)
    by_hand = Jobs(store, diary, None, Liveness(store, diary))
    seen: list[datetime] = []

    def look() -> None:
        seen.append(diary())
        if len(seen) == 1:
            other.execute("BEGIN IMMEDIATE")

    by_hand.periodic("look", 60, look)
    with store.begin() as conn:
        by_hand.schedule(conn, "look", "*", {})
    by_hand.run_due()
    other.execute("ROLLBACK")
    by_hand.run_due()
    diary.passes(seconds=61)
    by_hand.run_due()
    assert len(seen) == 3
    other.close()
    store.close()


def test_a_job_that_the_settings_no_longer_ask_for_leaves_no_error_line(
    by_hand: Jobs, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    """A watched folder taken out of the settings: its last wake-up is still written down at the next start."""
    with store.begin() as conn:
        by_hand.schedule(conn, "folder.look", "", {})
    by_hand.retire("folder.look")
    by_hand.run("folder.look", "", {})
    assert [one for one in caplog.records if one.levelname in ("ERROR", "WARNING")] == []
    by_hand.run("unheard.of", "", {})
    assert [one.levelname for one in caplog.records if "unheard.of" in one.message] == ["ERROR"]


def test_an_engine_that_cannot_write_says_why_in_one_line(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A full disk in the middle of a night fills no log with traces; the job was done, and others follow."""
    from raccord.store.database import open_store

    store, told = open_store(f"sqlite:///{tmp_path}/raccord.db"), list[Args]()
    jobs = _real(store)
    jobs.job("tell")(told.append)
    with store.begin() as conn:
        conn.execute(sa.text(
            "CREATE TRIGGER plein BEFORE UPDATE ON workflow_status WHEN NEW.status = 'SUCCESS'"
            " BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END"
        ))  # fmt: skip
        jobs.schedule(conn, "tell", "a", {"n": 1})
    jobs.start()
    try:
        _until(lambda: [one for one in caplog.records if one.name == "dbos"])
        with store.begin() as conn:
            conn.execute(sa.text("DROP TRIGGER plein"))
            jobs.schedule(conn, "tell", "b", {"n": 2})
        _until(lambda: {"n": 2} in told)
    finally:
        jobs.stop()
        store.close()
    (line,) = {one.getMessage() for one in caplog.records if one.name == "dbos"}
    assert "Le disque est plein" in line
    assert not any(one.exc_info for one in caplog.records)
