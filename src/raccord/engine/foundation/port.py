"""The port to the durable engine: "run this now", or later, in the transaction that makes the work.

The rest of the house knows `Jobs` alone; DBOS sits behind it (`dbos_engine.py`) and could be changed for another.
The truth is in our own tables: a job is short and idempotent, reads what is to be done, does one step.
What is asked of a job is its *wake*, a row (`store/wakes.py`): at most one waits for a name and a key.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Protocol, TypeVar

import sqlalchemy as sa

from raccord.domain.clock import Clock
from raccord.domain.errors import RaccordError, Unavailable
from raccord.engine.foundation.workers import BEAT_S, Liveness
from raccord.store import wakes
from raccord.store.database import Store
from raccord.store.wakes import Wake

Args = Mapping[str, Any]
Handler = Callable[[Args], None]
Written = TypeVar("Written")

_log = logging.getLogger("raccord.engine")
_PATIENCE_S = (5.0, 15.0, 60.0, 300.0, 900.0)
"""How long a job that failed by surprise waits before it is tried again."""
_LOST_AFTER = timedelta(seconds=60)
_EARLY = timedelta(seconds=2)
"""How much the clocks of two machines may differ before a job is taken for a stale one."""


class Later(Exception):
    """Raised by a job that must be run again after so many seconds; nothing went wrong."""

    def __init__(self, delay: float) -> None:
        super().__init__(f"again in {delay:.1f} s")
        self.delay = delay


class DurableEngine(Protocol):
    """What a durable engine must do for us."""

    def prepare(self) -> None:
        """Create the engine's own tables."""

    def enqueue(self, conn: sa.Connection, wake: Wake, delay: float) -> None:
        """Start a job after `delay` seconds, in the caller's transaction."""

    def has(self, wake: Wake) -> bool:
        """Whether a job for this wake waits or runs."""

    def start(self, run: Callable[[str, str, Args], None], worker: str) -> None:
        """Begin to run jobs in this process."""

    def take_over(self, worker: str) -> int:
        """Run again the jobs that a dead worker left; gives how many."""

    def purge(self, days: float) -> int:
        """Forget the finished jobs older than that; gives how many."""

    def stop(self) -> None:
        """Stop running jobs in this process."""


class Jobs:
    """What the house asks of the durable engine."""

    def __init__(self, store: Store, clock: Clock, engine: DurableEngine | None, liveness: Liveness) -> None:
        self._store, self._clock, self._engine = store, clock, engine
        self.liveness = liveness
        self._handlers: dict[str, Handler] = {}
        self._periods: dict[str, float] = {}
        self._retired: set[str] = set()
        self._caretakers: list[Callable[[], None]] = []
        self._owed: dict[tuple[str, str], Args] = {}
        self._unwritten: deque[Callable[[], object]] = deque()
        self._stopping = threading.Event()
        self._pulse: threading.Thread | None = None

    def prepare(self) -> None:
        """Create the durable engine's tables; before the first `schedule` of a process."""
        if self._engine:
            self._engine.prepare()

    def job(self, name: str) -> Callable[[Handler], Handler]:
        """Register the function that runs the jobs of that name."""

        def register(handler: Handler) -> Handler:
            self._handlers[name] = handler
            return handler

        return register

    def knows(self, name: str) -> bool:
        """Whether a function runs the jobs of that name."""
        return name in self._handlers

    def periodic(self, name: str, every_s: float, function: Callable[[], None]) -> None:
        """Run `function` about every `every_s` seconds, once for all the processes that work."""
        self._periods[name] = every_s
        self.job(name)(lambda _args: function())

    def retire(self, name: str) -> None:
        """A job that the settings of this process do not ask for: what waits for it is left, without an error, to a
        process that does it, or for ever.
        """
        self._retired.add(name)

    def caretaker(self, function: Callable[[], None]) -> None:
        """Run `function` in each working process at its start and after each burial of a dead worker."""
        self._caretakers.append(function)

    def schedule(
        self, conn: sa.Connection, name: str, key: str, args: Args, *, delay: float = 0.0, priority: int = 5
    ) -> None:
        """Ask in the caller's transaction that a job run after `delay` seconds; low `priority` goes first.

        Who asks for a job that already waits, and not later, adds nothing.
        """
        wake = Wake(name, key, self._clock() + timedelta(seconds=delay), dict(args), priority)
        if wakes.ask(conn, wake) and self._engine:
            self._engine.enqueue(conn, wake, delay)

    def waits(self, conn: sa.Connection, name: str, key: str) -> bool:
        """Whether a job of that name and key waits for its hour."""
        return wakes.waits(conn, name, key)

    def run(self, name: str, key: str, args: Args) -> None:
        """Run one job, now, in this thread. What fails by surprise is written and tried again later."""
        handler = self._handlers.get(name)
        if handler is None:
            _log.log(logging.DEBUG if name in self._retired else logging.ERROR, "no function runs the job %s", name)
            return
        try:
            self._run(handler, name, key, args)
        except Unavailable as error:  # not even the note of what is next could be written
            _log.warning("job %s %s is owed: %s", name, key, error)
            self._owed[name, key] = args

    def _run(self, handler: Handler, name: str, key: str, args: Args) -> None:
        with self._store.begin() as conn:
            if not wakes.begin(conn, name, key, self._clock() + _EARLY):
                return
        try:
            handler(args)
        except Later as later:
            self._again(name, key, args, later.delay)
        except RaccordError as error:  # known, and told in words: the disk, the database, a missing password
            _log.warning("job %s %s waits: %s", name, key, error)
            self._failed(name, key, args, error)
        except Exception as error:  # a fault of ours: logged whole, and the job comes again, less and less often
            _log.exception("job %s %s failed", name, key)
            self._failed(name, key, args, error)
        else:
            self._succeeded(name, key, args)

    def run_due(self) -> int:
        """Run in this thread every job whose hour has come; gives how many. For one-shot work, without an engine."""
        self.settle()
        with self._store.read() as conn:
            due = wakes.overdue(conn, self._clock() + timedelta(microseconds=1))
        for wake in sorted(due, key=lambda wake: (wake.priority, wake.due)):
            self.run(wake.name, wake.key, wake.args)
        return len(due)

    def start(self) -> None:
        """Begin to work: take a place among the workers, start the engine, the periodic jobs and the heartbeat."""
        worker = self.liveness.enter()
        self._stopping.clear()
        self._take_care()
        with self._store.begin() as conn:
            for name in self._periods:
                self.schedule(conn, name, "*", {})
        if self._engine:
            self._engine.start(self.run, worker)
        self._pulse = threading.Thread(target=self._beat_on, name="raccord-pulse", daemon=True)
        self._pulse.start()

    def stop(self) -> None:
        """Stop working, and give the place back."""
        self._stopping.set()
        if self._engine:
            self._engine.stop()
        if self._pulse:
            self._pulse.join(timeout=10)
            self._pulse = None
        self.liveness.leave()

    def purge(self, days: float) -> int:
        """Forget the engine's finished jobs older than so many days."""
        return self._engine.purge(days) if self._engine else 0

    def find_lost(self) -> int:
        """Enqueue again the wakes whose hour passed a minute ago and that the engine no longer knows."""
        now, found = self._clock(), 0
        if not self._engine:
            return 0
        with self._store.read() as conn:
            late = [wake for wake in wakes.overdue(conn, now - _LOST_AFTER) if wake.name in self._handlers]
        for wake in late:
            if self._engine.has(wake):
                continue
            with self._store.begin() as conn:
                if wakes.push(conn, wake, now):
                    self._engine.enqueue(conn, wake, 0)
                    found += 1
        return found

    def surely(self, write: Callable[[], Written]) -> Written:
        """Write what Chorus Pro answered; when the database is away, keep it and write it as soon as it is back.

        `write` may run again, minutes later: it must leave alone what has changed since. Raises `Unavailable`.
        """
        try:
            return write()
        except Unavailable:
            self._unwritten.append(write)
            raise

    def settle(self) -> None:
        """Write the answers, then ask again for the jobs, that could not be written (disk full, database away).

        Held in memory only: a process that dies owes nothing, its successor asks Chorus Pro, starts the periodic jobs
        and the sweep. Raises `Unavailable`.
        """
        self._write_answers()
        for (name, key), args in list(self._owed.items()):
            wake = Wake(name, key, self._clock(), dict(args), 5)
            with self._store.begin() as conn:
                wakes.ask(conn, wake)
                if self._engine:
                    self._engine.enqueue(conn, wake, 0)
            self._owed.pop((name, key), None)

    def _write_answers(self) -> None:
        for _ in range(len(self._unwritten)):
            write = self._unwritten.popleft()
            try:
                write()
            except Unavailable:
                self._unwritten.appendleft(write)
                raise
            except Later:
                continue  # written; the job that follows is asked for below
            except Exception:  # a fault of ours: the attempt stays open, and the sweep will ask Chorus Pro
                _log.exception("an answer could not be written")

    def _again(self, name: str, key: str, args: Args, delay: float) -> None:
        with self._store.begin() as conn:
            self.schedule(conn, name, key, args, delay=delay)

    def _failed(self, name: str, key: str, args: Args, error: Exception) -> None:
        with self._store.begin() as conn:
            failures = wakes.fail(conn, name, key, f"{type(error).__name__}: {error}")
            delay = _PATIENCE_S[min(failures, len(_PATIENCE_S)) - 1]
            self.schedule(conn, name, key, args, delay=delay)

    def _succeeded(self, name: str, key: str, args: Args) -> None:
        with self._store.begin() as conn:
            wakes.succeed(conn, name, key)
            if name in self._periods:
                self.schedule(conn, name, key, args, delay=self._periods[name])

    def _beat_on(self) -> None:
        while not self._stopping.wait(BEAT_S):
            try:
                self.liveness.beat()
                self.settle()
                self._bury()
                self.find_lost()
            except Unavailable as error:
                _log.warning("the heartbeat waits: %s", error)
            except Exception:  # without its beats this process would be taken for dead while it works
                _log.exception("the heartbeat failed")

    def _bury(self) -> None:
        dead = self.liveness.bury_dead()
        for worker in dead:
            taken = self._engine.take_over(worker) if self._engine else 0
            _log.warning("worker %s is dead: %d jobs taken over", worker, taken)
        if dead:
            self._take_care()

    def _take_care(self) -> None:
        for caretaker in self._caretakers:
            caretaker()
