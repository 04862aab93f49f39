"""Leases of processes that died: ended at once, instead of when they expire."""

from raccord.engine.foundation.ground import Ground
from raccord.store import leases


def end_leases_of_the_dead(ground: Ground) -> int:
    """Let others take up what dead processes were at; gives how many leases ended."""
    with ground.store.read() as conn:
        gone = ground.jobs.liveness.dead_marks(leases.holders(conn))
    if not gone:
        return 0
    with ground.store.begin() as conn:
        return leases.forget(conn, gone)
