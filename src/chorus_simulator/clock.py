"""The bench's clock: the one source of « now » for every answer, expiry and delay of the simulator.

It follows the machine's clock until somebody sets it: it can be moved, frozen, slowed down or sped up, so
that a year of password expiry or the fifteen days of a tacit validation fit in a test.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


class Clock:
    """`now()` is aware, in UTC. `source` gives the machine's seconds since the epoch."""

    def __init__(self, start: datetime | None = None, source: Callable[[], float] = time.time) -> None:
        self._source = source
        self._origin = source()
        self._base = start.astimezone(UTC) if start else datetime.fromtimestamp(self._origin, UTC)
        self.speed = 1.0
        self.frozen = False

    def now(self) -> datetime:
        """The bench's present, aware, in UTC."""
        if self.frozen:
            return self._base
        return self._base + timedelta(seconds=(self._source() - self._origin) * self.speed)

    def set(self, moment: datetime) -> None:
        """Move to `moment` (aware); the speed and the frost stay as they are."""
        if moment.tzinfo is None:
            raise ValueError("L’heure doit porter son fuseau, par exemple 2026-11-21T10:00:00+01:00.")
        self._base, self._origin = moment.astimezone(UTC), self._source()

    def advance(self, by: timedelta) -> None:
        """Jump from the bench's present; a negative `by` goes back. The speed and the frost stay as they are."""
        self.set(self.now() + by)

    def freeze(self, frozen: bool = True) -> None:
        """Stop at the present instant, or run again from it at the same speed."""
        self.set(self.now())
        self.frozen = frozen

    def run_at(self, speed: float) -> None:
        """`speed` simulated seconds per real second; 0 stands still, 86400 makes a day of each second."""
        if speed < 0:
            raise ValueError("La vitesse de l’horloge ne peut pas être négative.")
        self.set(self.now())
        self.speed = speed


def paris_day(moment: datetime) -> str:
    """`2026-11-21`: the day at the hour of Paris, the form of `dateDepot` (api/conventions.md §4)."""
    return moment.astimezone(PARIS).date().isoformat()
