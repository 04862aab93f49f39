"""The breaker opens once, whoever is refused, and closes once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from choruspro import CredentialsRefused
from raccord.domain.connection import Connection
from raccord.engine.gateway import Gateway


def _told(gateway: Gateway, kind: str) -> int:
    return sum(event.kind == kind for event in gateway.journal.latest(100))


def test_workers_refused_together_open_it_once(gateway: Gateway, offline: Connection) -> None:
    breaker, refusal = gateway.ground.breaker, CredentialsRefused("refusé", which="technical-account", operation="flux")
    with ThreadPoolExecutor(4) as workers:
        list(workers.map(lambda _: breaker.refused(offline.id, refusal), range(8)))
    assert _told(gateway, "connection.breaker_opened") == 1

    with gateway.store.begin() as conn:
        assert [breaker.close(conn, offline.id) for _ in range(2)] == [True, False]
    assert _told(gateway, "connection.breaker_closed") == 1
