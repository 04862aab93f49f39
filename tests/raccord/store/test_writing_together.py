"""Writes that come at the same time share one commit; each has its own answer, and one refusal harms nobody."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from raccord.domain.errors import Unavailable
from raccord.store.database import Store
from raccord.store.tables.core import quotas
from raccord.store.together import Together


def _keep(key: str) -> Callable[[sa.Connection], str]:
    def work(conn: sa.Connection) -> str:
        conn.execute(quotas.insert(), {"key": key, "tat": 0.0})
        return key

    return work


def _kept(store: Store) -> set[str]:
    with store.read() as conn:
        return set(conn.execute(sa.select(quotas.c.key)).scalars())


class _Commits:
    """Counts the commits of a store."""

    def __init__(self, store: Store) -> None:
        self.count = 0
        sa.event.listen(store.engine, "commit", self._note)

    def _note(self, _conn: sa.Connection) -> None:
        self.count += 1


def _all_at_once(together: Together, works: list[Callable[[sa.Connection], str]]) -> list[str | Exception]:
    """The first work holds the turn until all the others wait behind it; gives what each got."""
    inside, everybody = threading.Event(), threading.Event()

    def first(conn: sa.Connection) -> str:
        inside.set()
        assert everybody.wait(120)
        return "first"

    def ask(work: Callable[[sa.Connection], str]) -> str | Exception:
        try:
            return together.run(work)
        except Exception as error:
            return error

    with ThreadPoolExecutor(len(works) + 1) as pool:
        leader = pool.submit(ask, first)
        assert inside.wait(120)
        others = []
        for rank, work in enumerate(works, 1):  # one after the other, that the first to ask be the first of the list
            others.append(pool.submit(ask, work))
            while together.waiting < rank:
                threading.Event().wait(0.001)
        everybody.set()
        assert leader.result() == "first"
        return [other.result() for other in others]


def test_those_who_wait_share_one_commit(store: Store) -> None:
    commits, keys = _Commits(store), [f"k{number}" for number in range(20)]
    assert _all_at_once(Together(store), [_keep(key) for key in keys]) == keys
    assert _kept(store) == set(keys)
    assert commits.count == 2  # the one who held the turn, then all the others


class _LastComeFirst:
    """A lock that serves whoever came last: the order that no lock promises against."""

    def __init__(self) -> None:
        self._door = threading.Condition()
        self._asking: list[int] = []
        self._held = False

    @property
    def asking(self) -> int:
        """How many wait."""
        return len(self._asking)

    def __enter__(self) -> None:
        me = threading.get_ident()
        with self._door:
            self._asking.append(me)
            assert self._door.wait_for(lambda: not self._held and self._asking[-1] == me, 120)
            self._asking.pop()
            self._held = True

    def __exit__(self, *_: object) -> None:
        with self._door:
            self._held = False
            self._door.notify_all()


def test_whoever_has_the_turn_first_all_are_answered_when_more_wait_than_one_transaction_takes(store: Store) -> None:
    together, turn, keys = Together(store, most=3), _LastComeFirst(), [f"k{number}" for number in range(10)]
    together._turn = turn  # type: ignore[assignment]  # the last to come writes for those before it, three at a time
    with ThreadPoolExecutor(len(keys)) as pool:
        with turn:
            asked = [pool.submit(together.run, _keep(key)) for key in keys]
            while turn.asking < len(keys):
                threading.Event().wait(0.001)
        assert [one.result() for one in asked] == keys
    assert _kept(store) == set(keys)


def test_who_comes_alone_waits_for_nobody(store: Store) -> None:
    together = Together(store)
    assert [together.run(_keep(key)) for key in ("a", "b")] == ["a", "b"]
    assert _kept(store) == {"a", "b"}


def test_one_refusal_harms_none_of_the_others(store: Store) -> None:
    def half_done(conn: sa.Connection) -> str:
        conn.execute(quotas.insert(), {"key": "half", "tat": 0.0})
        raise ValueError("this one is refused")

    got = _all_at_once(Together(store), [_keep("a"), half_done, _keep("a"), _keep("b")])
    assert got[0] == "a"
    assert got[3] == "b"
    assert isinstance(got[1], ValueError)
    assert isinstance(got[2], sa.exc.IntegrityError)  # the same key twice: the second one hears of it, alone
    assert _kept(store) == {"a", "b"}


def test_nobody_believes_what_was_not_committed(store: Store) -> None:
    @sa.event.listens_for(store.engine, "commit")
    def _break(_conn: sa.Connection) -> None:
        raise sa.exc.OperationalError("COMMIT", {}, RuntimeError("disk is full"))

    got = _all_at_once_whatever_the_leader(Together(store), [_keep("a"), _keep("b")])
    sa.event.remove(store.engine, "commit", _break)
    assert [type(one) for one in got] == [Unavailable, Unavailable]
    assert _kept(store) == set()


def _all_at_once_whatever_the_leader(
    together: Together, works: list[Callable[[sa.Connection], str]]
) -> list[str | Exception]:
    def ask(work: Callable[[sa.Connection], str]) -> str | Exception:
        try:
            return together.run(work)
        except Exception as error:
            return error

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(ask, works))


def test_the_answer_of_a_refusal_alone_is_its_own(store: Store) -> None:
    together = Together(store)
    together.run(_keep("a"))
    with pytest.raises(sa.exc.IntegrityError):
        together.run(_keep("a"))
    assert together.run(_keep("b")) == "b"


def test_a_database_that_fails_is_said_in_its_words(store: Store) -> None:
    def full(_conn: sa.Connection) -> str:
        raise sa.exc.OperationalError("INSERT", {}, RuntimeError("database or disk is full"))

    together = Together(store)
    with pytest.raises(Unavailable) as alone:
        together.run(full)
    assert alone.value.code == "BASE_DISQUE_PLEIN"
    got = _all_at_once(together, [_keep("a"), full, _keep("b")])
    assert [getattr(one, "code", one) for one in got] == ["BASE_DISQUE_PLEIN"] * 3
    assert _kept(store) == set()
