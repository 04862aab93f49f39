"""An invoice refused because Chorus Pro already holds it is followed when it is the same one, and told otherwise."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from choruspro.models.factures_emises import RetourRechercherFactureParFournisseur as Row
from raccord.domain.deposit import DepositState, NewDeposit, Road
from raccord.engine.deposits.same_invoice import same_invoice
from raccord.formats import invoice_json
from raccord.formats.sample import make_invoice
from raccord.store.tables.core import deposits, metadata

if TYPE_CHECKING:
    from raccord.domain.connection import Connection
    from raccord.domain.deposit import Deposit
    from raccord.engine.gateway import Gateway


def _run(gateway: Gateway, diary: Any, turns: int = 12) -> None:
    for _ in range(turns):
        gateway.jobs.run_due()
        diary.passes(minutes=5)


def _forget(gateway: Gateway, deposit: Deposit) -> None:
    """The database is that of before the deposit: nothing remembers it."""
    with gateway.store.begin() as conn:
        for table in metadata.sorted_tables:
            if "deposit_id" in table.c:
                conn.execute(table.delete().where(table.c.deposit_id == deposit.id))
        conn.execute(deposits.delete().where(deposits.c.id == deposit.id))


def test_a_duplicate_of_itself_is_adopted_and_followed(
    gateway: Gateway, online: Connection, bench: Any, invoicing: Any, diary: Any
) -> None:
    first = invoicing.accept(gateway, "F-1").deposit
    _run(gateway, diary)
    known = gateway.outbox.get(first.id)
    assert known.state is DepositState.INTEGRATED
    _forget(gateway, first)
    again = invoicing.accept(gateway, "F-1").deposit
    _run(gateway, diary)
    found = gateway.outbox.get(again.id)
    assert (found.state, found.id_facture) == (DepositState.INTEGRATED, known.id_facture)
    assert found.platform_status == bench.invoices()["F-1"]
    kinds = [event.kind for event in gateway.outbox.events(again.id)]
    assert "deposit.adopted" in kinds
    assert "deposit.refused" not in kinds
    bench.control("POST", f"/factures/{found.id_facture}/statut", statut="SERVICE_FAIT")
    _run(gateway, diary, 30)
    assert gateway.outbox.get(again.id).platform_status == "SERVICE_FAIT"


def test_the_same_number_for_other_amounts_is_refused_and_told(
    gateway: Gateway, online: Connection, bench: Any, invoicing: Any, diary: Any
) -> None:
    supplier, recipient = str(invoicing.supplier), str(invoicing.recipient)
    bench.control("POST", "/factures", destinataire=recipient, fournisseur=supplier, numero="F-1", count=1)
    deposit = invoicing.accept(gateway, "F-1").deposit
    _run(gateway, diary)
    found = gateway.outbox.get(deposit.id)
    assert (found.state, found.id_facture) == (DepositState.REFUSED, None)


def test_a_submission_refused_as_a_duplicate_of_itself_is_adopted(
    gateway: Gateway, online: Connection, bench: Any, invoicing: Any, diary: Any
) -> None:
    invoice = make_invoice(
        3, number="F-2", supplier=invoicing.supplier, recipient=invoicing.recipient, issue_date=diary().date()
    )
    new = NewDeposit("c1", invoice_json.write(invoice), "F-2.json", road=Road.FIELDS)
    first = gateway.outbox.accept(new).deposit
    _run(gateway, diary, 3)
    known = gateway.outbox.get(first.id)
    assert known.state is DepositState.INTEGRATED, [fault.sentence for fault in known.faults]
    _forget(gateway, first)
    again = gateway.outbox.accept(new).deposit
    _run(gateway, diary, 3)
    found = gateway.outbox.get(again.id)
    assert (found.state, found.id_facture) == (DepositState.INTEGRATED, known.id_facture)
    assert bench.received().count("F-2") <= 1


_ROW = Row(
    numeroFacture="F-1", codeFournisseur="45251785100010", codeDestinataire="12345678200051",
    dateFacture=date(2026, 3, 2), devise="EUR", montantTTC=Decimal("120.00"), montantAPayer=Decimal("120.00"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({}, True),
        ({"montantTTC": Decimal(-120)}, True),  # a credit note
        ({"montantTTC": Decimal("120.01")}, False),
        ({"montantTTC": None}, False),
        ({"montantAPayer": Decimal(100)}, False),
        ({"montantAPayer": None}, True),
        ({"numeroFacture": "F-2"}, False),
        ({"codeFournisseur": "12345678200051"}, False),
        ({"codeDestinataire": "21970999400017"}, False),
        ({"dateFacture": date(2026, 3, 3)}, False),
        ({"dateFacture": None}, False),
        ({"devise": "USD"}, False),
    ],
)
def test_what_makes_two_invoices_one(
    gateway: Gateway, offline: Connection, invoicing: Any, change: Any, same: bool
) -> None:
    kept = invoicing.accept(gateway, "F-1").deposit
    deposit = replace(
        kept, issue_date=date(2026, 3, 2), amount_total=Decimal("120.00"), amount_due=Decimal("120.00"), currency="EUR"
    )
    row = Row(**{**{name: getattr(_ROW, name) for name in _ROW.__struct_fields__}, **change})
    assert same_invoice(row, deposit) is same
