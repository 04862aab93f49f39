"""A deposit from our archive to the payment, on a real simulator, over HTTP."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from raccord.domain.deposit import DepositState

if TYPE_CHECKING:
    from raccord.domain.connection import Connection
    from raccord.engine.gateway import Gateway


def _work(gateway: Gateway, diary: Any, turns: int = 6, **span: float) -> None:
    for _ in range(turns):
        gateway.jobs.run_due()
        diary.passes(**(span or {"seconds": 10}))


def test_an_invoice_leaves_is_integrated_and_followed_to_its_payment(
    gateway: Gateway, online: Connection, bench: Any, invoicing: Any, diary: Any
) -> None:
    deposit = invoicing.accept(gateway, "F-2026-001").deposit
    assert deposit.state is DepositState.READY, deposit.faults
    gateway.jobs.run_due()
    sent = gateway.outbox.get(deposit.id)
    assert sent.state is DepositState.SENT
    assert sent.numero_flux.startswith("CPP001")
    _work(gateway, diary)
    integrated = gateway.outbox.get(deposit.id)
    assert integrated.state is DepositState.INTEGRATED
    assert integrated.id_facture
    bench.control("POST", f"/factures/{integrated.id_facture}/statut", statut="MANDATEE", mandat="M-1")
    _work(gateway, diary, hours=1)
    assert gateway.outbox.get(deposit.id).platform_status == "MANDATEE"
    bench.control("POST", f"/factures/{integrated.id_facture}/statut", statut="MISE_EN_PAIEMENT")
    _work(gateway, diary, turns=10, hours=1)
    assert gateway.outbox.get(deposit.id).platform_status == "MISE_EN_PAIEMENT"
    kinds = [event.kind for event in gateway.outbox.events(deposit.id)]
    assert kinds[:3] == ["deposit.accepted", "deposit.sent", "deposit.integrated"]
    assert gateway.journal.verify().intact
    assert bench.received() == ["F-2026-001"]


def test_a_date_that_has_not_come_yet_hides_no_later_news(
    gateway: Gateway, online: Connection, bench: Any, invoicing: Any, diary: Any
) -> None:
    """One row dated next year would otherwise be the place from which every question begins."""
    ours = [invoicing.accept(gateway, number).deposit.id for number in ("F-2026-001", "F-2026-002")]
    _work(gateway, diary)
    early, late = (gateway.outbox.get(one).id_facture for one in ours)
    bench.control("POST", "/clock", set=(diary() + timedelta(days=400)).isoformat())
    bench.control("POST", f"/factures/{early}/statut", statut="MANDATEE", mandat="M-1")
    bench.control("POST", "/clock", set=diary().isoformat())
    _work(gateway, diary, hours=1)
    assert gateway.outbox.get(ours[0]).platform_status == "MANDATEE"
    bench.control("POST", f"/factures/{late}/statut", statut="MISE_EN_PAIEMENT")
    _work(gateway, diary, turns=10, hours=1)
    assert gateway.outbox.get(ours[1]).platform_status == "MISE_EN_PAIEMENT"
