"""Everything that leaves by a connection, in one job: the flux, and what is submitted by fields."""

from collections.abc import Callable

from raccord.engine.foundation.port import Args, Later


class Departures:
    """Runs several ways out one after the other: one that must wait does not hold the others back."""

    def __init__(self, *ways: Callable[[Args], None]) -> None:
        self._ways = ways

    def run(self, args: Args) -> None:
        """Job: each way once. Raises `Later` for the one that comes first again."""
        waits = []
        for way in self._ways:
            try:
                way(args)
            except Later as later:
                waits.append(later.delay)
        if waits:
            raise Later(min(waits))
