"""Whatever the network and the platform do, each invoice is integrated once: drawn sequences of failures."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from raccord.store.deposits import DepositQuery

if TYPE_CHECKING:
    from raccord.domain.connection import Connection
    from raccord.engine.gateway import Gateway

_KINDS = ("reset", "429", "500", "502", "503", "maintenance", "truncated", "content_type", "403", "internal_state")
_PATTERNS = ("*/deposer/flux", "*/rechercher/fournisseur", "*/consulterCRDetaille", "*")


@pytest.mark.parametrize("seed", range(8))
def test_each_invoice_arrives_once_whatever_happens(
    gateway: Gateway, online: Connection, bench: Any, invoicing: Any, diary: Any, seed: int
) -> None:
    chance = Random(seed)
    sent = 0
    for _ in range(12):
        for _ in range(chance.randrange(3)):
            invoicing.accept(gateway, f"F-{sent:03d}", syntax=chance.choice(("cii", "ubl")))
            sent += 1
        kind, when = chance.choice(_KINDS), chance.choice(("before", "after"))
        more = {"retry_after": chance.choice((None, 5, 600))} if kind == "429" else {}
        pattern = "*/deposer/flux" if kind == "internal_state" else chance.choice(_PATTERNS)
        when = "before" if kind in ("429", "403", "internal_state") else when  # refused at the door
        bench.fails(kind, pattern=pattern, when=when, count=chance.randrange(1, 3), **more)
        for _ in range(4):
            gateway.jobs.run_due()
            diary.passes(seconds=chance.choice((1, 30, 400)))
    bench.control("DELETE", "/faults")
    for _ in range(60):
        gateway.jobs.run_due()
        diary.passes(minutes=5)
    states = Counter(deposit.state.value for deposit in gateway.outbox.search(DepositQuery(), limit=1000).items)
    assert states == {"integrated": sent}
    invoices = [facture["numero"] for facture in bench.control("GET", "/factures")["factures"]]
    assert sorted(invoices) == [f"F-{rank:03d}" for rank in range(sent)]
    assert gateway.journal.verify().intact
