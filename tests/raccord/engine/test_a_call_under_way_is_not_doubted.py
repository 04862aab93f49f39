"""The sweep doubts what dead processes were sending, never what its own process is sending at this moment."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from raccord.domain.deposit import DepositState
from raccord.engine.deposits.drain import Drain
from raccord.engine.foundation.doubt import find_orphans
from raccord.store import flux

if TYPE_CHECKING:
    from raccord.domain.connection import Connection
    from raccord.engine.gateway import Gateway


def test_a_slow_answer_is_waited_for(gateway: Gateway, online: Connection, bench: Any, invoicing: Any) -> None:
    gateway.jobs.start()  # it takes its place among the workers
    bench.fails("slow", seconds=1.5)
    deposit = invoicing.accept(gateway, "F-1").deposit
    sending = threading.Thread(target=Drain(gateway.ground).run, args=({"connection_id": "c1"},))
    sending.start()
    found = 0
    while sending.is_alive():
        with gateway.store.read() as conn:
            under_way = bool(flux.unanswered(conn))
        if under_way:
            found += find_orphans(gateway.ground)
    assert found == 0
    kinds = [event.kind for event in gateway.outbox.events(deposit.id)]
    assert "deposit.uncertain" not in kinds
    assert gateway.outbox.get(deposit.id).state is DepositState.SENT
    gateway.jobs.stop()
