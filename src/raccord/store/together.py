"""Writes that come together share one transaction: one flush of the disk for all of them.

Who comes alone waits for nobody. Whoever has the turn writes for all those who wait, each in a savepoint of its own:
what one refuses touches none of the others, and nobody is answered before the commit.
"""

import threading
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

import sqlalchemy as sa

from raccord.store.database import ASKED_WRONG, Store

T = TypeVar("T")

MOST_TOGETHER = 64
"""Works of one transaction: beyond, the first of them would wait long for its answer."""


class _Asked(Generic[T]):
    """A work that waits, then its outcome."""

    def __init__(self, work: Callable[[sa.Connection], T]) -> None:
        self.work = work
        self.settled = False
        self.error: BaseException | None = None
        self.value: T | None = None

    def do(self, conn: sa.Connection) -> None:
        """Do it; what it raises is kept for who asked."""
        try:
            self.value = self.work(conn)
        except Exception as error:  # raised again in the thread that asked
            self.error = error
            raise

    def outcome(self) -> T:
        """What the work gave. Raises what it raised."""
        if self.error is not None:
            raise self.error
        return self.value  # type: ignore[return-value]  # None is a T when the work gives None


class Together:
    """Shared by the threads of a process."""

    def __init__(self, store: Store, most: int = MOST_TOGETHER) -> None:
        self._store, self._most = store, most
        self._turn = threading.Lock()
        self._waiting: deque[_Asked[object]] = deque()

    @property
    def waiting(self) -> int:
        """How many works wait for their turn."""
        return len(self._waiting)

    def run(self, work: Callable[[sa.Connection], T]) -> T:
        """Do this work in a transaction, perhaps with others; answers once it is committed.

        Raises what the work raises (its own writes are then undone), or `Unavailable`: nothing is kept. The work may
        run in another thread; it must ask nothing of the transaction but this connection.
        """
        asked = _Asked(work)
        self._waiting.append(asked)  # type: ignore[arg-type]  # read back by who asked alone
        with self._turn:
            while not asked.settled:  # those who came before go first, however many they are
                self._write([self._waiting.popleft() for _ in range(min(self._most, len(self._waiting)))])
        return asked.outcome()

    def _write(self, batch: list[_Asked[object]]) -> None:
        try:
            with self._store.begin() as conn:
                if len(batch) == 1:
                    batch[0].do(conn)
                else:
                    for asked in batch:
                        _apart(conn, asked)
        except BaseException as error:  # nothing was committed: nobody may believe that it was
            for asked in batch:
                if asked.error is None or isinstance(asked.error, sa.exc.SQLAlchemyError):
                    asked.error = error  # in the words of the store
            if not isinstance(error, Exception):
                raise
        finally:
            for asked in batch:
                asked.settled = True


def _apart(conn: sa.Connection, asked: _Asked[object]) -> None:
    """In a savepoint: what this work refuses is undone alone; a database that fails, fails for all."""
    try:
        with conn.begin_nested():
            asked.do(conn)
    except Exception as error:  # whatever the work raised is kept for who asked
        of_the_database = isinstance(error, sa.exc.SQLAlchemyError) and not isinstance(error, ASKED_WRONG)
        if of_the_database or asked.error is not error:
            raise
