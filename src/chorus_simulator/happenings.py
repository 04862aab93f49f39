"""What happens by itself when time passes: a flux is judged, a validator's silence becomes consent.

Nothing runs in the background for its result to exist: whoever looks first makes happen what was due, in the
order of the due dates, so that an answer never depends on who asked when.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import datetime

from chorus_simulator import integration, validation
from chorus_simulator.memory import Memory

KINDS: dict[str, Callable[[Memory, str, datetime], None]] = {
    "flux": integration.integrate,
    "tacite": validation.consent_by_silence,
}


def settle(world: Memory, budget: int | None) -> int:
    """Do what the agenda holds up to now, oldest first, at most `budget` things; how many were done."""
    now, done = world.now(), 0
    while world.agenda and world.agenda[0][0] <= now and (budget is None or done < budget):
        when, _, kind, key = heapq.heappop(world.agenda)
        KINDS[kind](world, key, when)
        done += 1
    return done
