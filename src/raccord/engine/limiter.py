"""The exact limiter: a row per PISTE application and per technical account, shared by every process (GCRA).

`tat` is the theoretical arrival time of the next call if all came evenly; a call may be early by a burst. One
statement reserves on both databases. Reserving what would wait longer than `patience` is refused: the job gives its
place back and comes later, instead of sleeping in it.
"""

from collections.abc import Callable

import sqlalchemy as sa

from raccord.domain.clock import Sleep
from raccord.engine.port import Later
from raccord.store.database import Store
from raccord.store.dialects import insert
from raccord.store.schema import quotas


class Limiter:
    """Reserves calls. `now` gives seconds since the epoch."""

    def __init__(self, store: Store, now: Callable[[], float], sleep: Sleep, *, patience_s: float = 1.0) -> None:
        self._store, self._now, self._sleep, self._patience = store, now, sleep, patience_s

    def wait(self, key: str, rate: float, burst: int) -> None:
        """Take one call on `key` and wait for its turn. Raises `Later` when the turn is further than the patience."""
        delay = self.reserve(key, rate, burst)
        if delay > self._patience:
            raise Later(delay)
        if delay > 0:
            self._sleep(delay)

    def reserve(self, key: str, rate: float, burst: int) -> float:
        """Seconds to wait for the turn just taken, or, beyond the patience, for a turn that was not taken."""
        step, early = 1 / rate, (burst - 1) / rate
        now = self._now()
        with self._store.begin() as conn:
            arrival = _latest(conn, quotas.c.tat, now)
            taken = (
                insert(conn, quotas)
                .values(key=key, tat=now + step)
                .on_conflict_do_update(
                    index_elements=["key"],
                    set_={"tat": arrival + step},
                    where=arrival - now - early <= self._patience,
                )
            )
            tat = conn.execute(taken.returning(quotas.c.tat)).scalar()
            if tat is not None:
                return max(0.0, float(tat) - step - early - now)
            waiting = conn.execute(sa.select(quotas.c.tat).where(quotas.c.key == key)).scalar_one()
            return float(waiting - early - now)

    def hold(self, key: str, seconds: float) -> None:
        """Let nobody call on `key` for so many seconds: the platform asked it (`Retry-After`)."""
        until = self._now() + seconds
        with self._store.begin() as conn:
            held = insert(conn, quotas).values(key=key, tat=until)
            conn.execute(
                held.on_conflict_do_update(index_elements=["key"], set_={"tat": _latest(conn, quotas.c.tat, until)})
            )


def _latest(conn: sa.Connection, column: sa.Column[float], other: float) -> sa.ColumnElement[float]:
    greatest = sa.func.greatest if conn.dialect.name == "postgresql" else sa.func.max
    return greatest(column, other, type_=sa.Float)
