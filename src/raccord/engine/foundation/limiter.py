"""The exact limiter: a row per PISTE application and per technical account, shared by every process (GCRA).

`tat` is the theoretical arrival time of the next call if all came evenly; a call may be early by a burst. Every lane of
a call is reserved in one transaction, several calls at once when they leave together. Reserving what would wait longer
than `patience` takes nothing: the job gives its place back and comes later, instead of sleeping in it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from raccord.domain.clock import Sleep
from raccord.engine.foundation.port import Later
from raccord.store.database import Store
from raccord.store.dialects import Upsert
from raccord.store.tables.core import quotas


@dataclass(frozen=True)
class Lane:
    """What a limit bears on: calls per second, and how many may come at once."""

    key: str
    rate: float
    burst: int


class Limiter:
    """Reserves calls. `now` gives seconds since the epoch."""

    def __init__(self, store: Store, now: Callable[[], float], sleep: Sleep, *, patience_s: float = 1.0) -> None:
        self._store, self._now, self._sleep, self._patience = store, now, sleep, patience_s

    def wait(self, lanes: Sequence[Lane]) -> None:
        """Take one call on every lane and wait for its turn. Raises `Later` when the turn is beyond the patience."""
        self.wait_until(self.take(lanes)[0])

    def wait_until(self, instant: float) -> None:
        """Wait for a turn taken before."""
        delay = instant - self._now()
        if delay > 0:
            self._sleep(delay)

    def take(self, lanes: Sequence[Lane], count: int = 1) -> list[float]:
        """The instants of `count` turns; of one alone when so many do not fit in the patience.

        Raises `Later` when not even one does; nothing is taken then.
        """
        try:
            return self._take(lanes, count)
        except Later:
            if count == 1:
                raise
            return self._take(lanes, 1)

    def hold(self, key: str, seconds: float) -> None:
        """Let nobody call on `key` for so many seconds: the platform asked it (`Retry-After`)."""
        with self._store.begin() as conn:
            conn.execute(_HOLD.on(conn), {"key": key, "tat": self._now() + seconds})

    def _take(self, lanes: Sequence[Lane], count: int) -> list[float]:
        now = self._now()
        turns = [now] * count
        with self._store.begin() as conn:
            for lane in lanes:
                first = _advance(conn, lane, now, count)
                turns = [max(turn, first + rank / lane.rate) for rank, turn in enumerate(turns)]
            if turns[-1] - now > self._patience:
                raise Later(turns[-1] - now)  # rolls every lane back
        return turns


def _advance(conn: sa.Connection, lane: Lane, now: float, count: int) -> float:
    """Take `count` calls on a lane; gives the instant of the first."""
    span, early = count / lane.rate, (lane.burst - 1) / lane.rate
    taken = conn.execute(_TAKE.on(conn), {"key": lane.key, "tat": now + span, "now": now, "span": span})
    return float(taken.scalar_one()) - span - early


def _hold(first: Any) -> sa.Executable:
    held: sa.Executable = _upsert(first, _latest(first, sa.bindparam("tat", type_=sa.Float)))
    return held


def _take(first: Any) -> sa.Executable:
    arrival = _latest(first, sa.bindparam("now", type_=sa.Float))
    taken: sa.Executable = _upsert(first, arrival + sa.bindparam("span", type_=sa.Float)).returning(quotas.c.tat)
    return taken


def _upsert(first: Any, tat: sa.ColumnElement[float]) -> Any:
    values = first.values(key=sa.bindparam("key"), tat=sa.bindparam("tat", type_=sa.Float))
    return values.on_conflict_do_update(index_elements=["key"], set_={"tat": tat})


def _latest(first: Any, other: sa.ColumnElement[float]) -> sa.ColumnElement[float]:
    greatest = sa.func.greatest if isinstance(first, postgresql.Insert) else sa.func.max
    return greatest(quotas.c.tat, other, type_=sa.Float)


_TAKE, _HOLD = Upsert(quotas, _take), Upsert(quotas, _hold)
