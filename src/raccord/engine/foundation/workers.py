"""Liveness: each working process beats; one that beats no more gives its place and its jobs to the others."""

import hashlib
import os
import socket
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import sqlalchemy as sa

from raccord.domain.clock import Clock
from raccord.store import workers
from raccord.store.database import Store
from raccord.store.workers import Worker

BEAT_S = 5.0
DEAD_AFTER_S = 30.0
"""Without a beat for so long, a worker is taken for dead; it stops sending by itself at half of it."""


class Liveness:
    """The heartbeat of this process."""

    def __init__(self, store: Store, clock: Clock, *, version: str = "", dead_after_s: float = DEAD_AFTER_S) -> None:
        self._store, self._clock, self._version = store, clock, version
        self._dead_after = timedelta(seconds=dead_after_s)
        self._host = socket.gethostname()[:100]
        self._last_beat: datetime | None = None
        self.since: datetime | None = None
        """When this process took its place; what its place was doing before, a dead predecessor was doing."""
        self.id = f"{self._host}-{os.getpid()}"

    def enter(self) -> str:
        """Take the first free place on this machine, that of a dead predecessor first: its jobs come back with it."""
        with self._store.begin() as conn:
            taken = {worker.id for worker in workers.everyone(conn) if self._lives(worker)}
            self.id = next(name for name in self._places() if name not in taken)
            self.since = self._clock()
            self._beat(self.since, conn)
        return self.id

    def beat(self) -> None:
        """Say that this process lives."""
        with self._store.begin() as conn:
            self._beat(self._clock(), conn)

    def leave(self) -> None:
        """Give the place back at a clean stop."""
        with self._store.begin() as conn:
            for worker in workers.everyone(conn):
                if worker.id == self.id and worker.pid == os.getpid():
                    workers.bury(conn, worker)

    def sure(self) -> bool:
        """Whether the others certainly take this process for living: otherwise it must send nothing."""
        return self._last_beat is None or self._clock() - self._last_beat < self._dead_after / 2

    def alive(self) -> frozenset[str]:
        """The identifiers of the workers that live, this process included once it has taken its place."""
        with self._store.read() as conn:
            return frozenset(one.id for one in workers.everyone(conn) if self._is_mine(one) or self._lives(one))

    def mark(self, unique: str) -> str:
        """The name under which this process holds a long piece of work, so that others can tell that it died."""
        return unique[:36] if self.since is None else f"{_place(self.id)}.{_born(self.since)}.{unique[-12:]}"

    def dead_marks(self, marks: Iterable[str]) -> list[str]:
        """Those of these marks whose process certainly died: its place is empty, or is now that of this process."""
        living = {_place(worker): worker == self.id for worker in self.alive()}
        return [mark for mark in marks if mark.count(".") == 2 and self._is_dead(mark, living)]

    def _is_dead(self, mark: str, living: Mapping[str, bool]) -> bool:
        place, born, _ = mark.split(".")
        if place not in living:
            return True
        return living[place] and self.since is not None and born != _born(self.since)

    def bury_dead(self) -> tuple[str, ...]:
        """Remove the dead; gives the identifiers that this process removed, whose jobs it must take over."""
        with self._store.begin() as conn:
            dead = [worker for worker in workers.everyone(conn) if worker.id != self.id and not self._lives(worker)]
            return tuple(worker.id for worker in dead if workers.bury(conn, worker))

    def _beat(self, now: datetime, conn: sa.Connection) -> None:
        workers.beat(conn, Worker(self.id, now, self._host, os.getpid()), self._version)
        self._last_beat = now

    def _places(self) -> list[str]:
        return [f"{self._host}-{number}" for number in range(1, 1000)]

    def _is_mine(self, worker: Worker) -> bool:
        return self.since is not None and worker.id == self.id and worker.pid == os.getpid()

    def _lives(self, worker: Worker) -> bool:
        if self._clock() - worker.beat_at > self._dead_after:
            return False
        return worker.host != self._host or (worker.pid != os.getpid() and _runs(worker.pid))


def _place(worker: str) -> str:
    """Eight characters for the identifier of a worker."""
    return hashlib.sha256(worker.encode()).hexdigest()[:8]


def _born(since: datetime) -> str:
    """When a process took its place, in few characters."""
    return f"{int(since.timestamp() * 1000):x}"


def _runs(pid: int) -> bool:
    if os.name == "nt":  # asking is not possible there without harm: the beat alone tells
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
