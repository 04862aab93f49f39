"""After a doubt, an invoice that Chorus Pro already holds is ours only when it came by a flux of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from raccord.domain.deposit import DepositState

if TYPE_CHECKING:
    from raccord.domain.connection import Connection
    from raccord.engine.gateway import Gateway


def test_an_invoice_typed_on_the_portal_is_not_taken_for_the_one_in_doubt(
    gateway: Gateway, online: Connection, bench: Any, invoicing: Any, diary: Any
) -> None:
    """Same supplier, same number, typed by hand before: Chorus Pro refuses the flux, and the supplier must know."""
    supplier, recipient = str(invoicing.supplier), str(invoicing.recipient)
    bench.control("POST", "/factures", destinataire=recipient, fournisseur=supplier, numero="F-1", count=1)
    bench.fails("reset", when="after")
    deposit = invoicing.accept(gateway, "F-1").deposit
    for _ in range(40):
        gateway.jobs.run_due()
        diary.passes(minutes=5)
    found = gateway.outbox.get(deposit.id)
    kinds = [event.kind for event in gateway.outbox.events(deposit.id)]
    assert "deposit.uncertain" in kinds
    assert found.state is DepositState.REFUSED
    assert any("déjà" in fault.sentence for fault in found.faults if fault.is_error), found.faults
    assert found.id_facture is None
