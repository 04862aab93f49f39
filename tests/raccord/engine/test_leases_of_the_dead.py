"""What a killed process was at is taken up when another starts, not when its lease would have expired."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from raccord.engine.foundation.leasing import end_leases_of_the_dead
from raccord.engine.foundation.workers import Liveness
from raccord.store import leases, workers
from raccord.store.workers import Worker

if TYPE_CHECKING:
    from raccord.engine.gateway import Gateway

KEY = "inbox/s1"


def _claim(gateway: Gateway, holder: str) -> bool:
    now = gateway.clock()
    with gateway.store.begin() as conn:
        return leases.claim(conn, KEY, holder, now, now + timedelta(minutes=5))


def test_the_next_process_in_the_same_place_ends_them(make_gateway: Callable[..., Gateway], diary: Any) -> None:
    killed = make_gateway()
    killed.jobs.start()
    assert _claim(killed, killed.jobs.liveness.mark("premier"))
    diary.passes(seconds=2)
    follower = make_gateway()
    assert not _claim(follower, "un autre")
    follower.jobs.start()  # it takes the place of the dead one
    assert _claim(follower, follower.jobs.liveness.mark("second"))
    assert end_leases_of_the_dead(follower.ground) == 0  # its own are those of a living process
    assert not _claim(killed, "un autre")
    follower.jobs.stop()
    killed.jobs.stop()


def test_those_of_another_machine_end_only_when_it_no_longer_beats(gateway: Gateway, diary: Any) -> None:
    other = Liveness(gateway.store, gateway.clock)
    other.id, other.since = "ailleurs-1", gateway.clock()
    with gateway.store.begin() as conn:
        workers.beat(conn, Worker(other.id, other.since, "ailleurs", 1), "")
    assert _claim(gateway, other.mark("premier"))
    assert end_leases_of_the_dead(gateway.ground) == 0
    diary.passes(seconds=31)
    assert end_leases_of_the_dead(gateway.ground) == 1
    assert _claim(gateway, "un autre")


def test_those_of_a_command_without_a_place_are_left_to_expire(gateway: Gateway, diary: Any) -> None:
    assert _claim(gateway, gateway.jobs.liveness.mark("8a7b6c5d-0000-4000-8000-123456789012"))
    assert end_leases_of_the_dead(gateway.ground) == 0
    diary.passes(minutes=6)
    assert _claim(gateway, "un autre")
