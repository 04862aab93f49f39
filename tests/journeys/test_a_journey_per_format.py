"""A journey for each format and each kind: accepted, integrated, followed to its payment, by the road it was given."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from chorus_simulator.seeds import FIRM, SUBCONTRACTOR
from raccord.domain.clock import PARIS
from raccord.domain.deposit import DepositState
from raccord.domain.identifiers import Siret
from raccord.domain.invoice import Address, Attachment, Identifier, Party, PrecedingInvoice
from raccord.formats.summary import vat_number

FORMATS = ("cii", "ubl", "facturx", "json", "fields")
NOTE = Attachment(reference="BL-1", description="Bon de livraison", filename="bon.pdf", mime="application/pdf",
                  content=b"%PDF-1.4 bon de livraison")  # fmt: skip


@pytest.mark.parametrize("form", FORMATS)
def test_an_invoice_with_its_annex_reaches_its_payment(voyage: Any, form: str) -> None:
    deposit = voyage.send(voyage.connect(FIRM), voyage.invoice("F-1", attachments=(NOTE,)), form)
    assert deposit.state is DepositState.INTEGRATED, deposit.faults
    for status in ("SERVICE_FAIT", "MANDATEE", "MISE_EN_PAIEMENT"):
        voyage.simulator.control.status(deposit.id_facture, status)
        voyage.passes(turns=14, minutes=10)  # news is asked once an hour when the recipient has the invoice
        assert voyage.status(deposit) == status
    told = [
        event.data["status"] for event in voyage.gateway.outbox.events(deposit.id) if event.kind == "deposit.status"
    ]
    assert told[-3:] == ["SERVICE_FAIT", "MANDATEE", "MISE_EN_PAIEMENT"]


@pytest.mark.parametrize("form", FORMATS)
def test_a_credit_note_names_its_invoice_and_is_integrated(voyage: Any, form: str) -> None:
    first = PrecedingInvoice(number="F-0", issue_date=voyage.now().astimezone(PARIS).date())
    credit = voyage.invoice("AV-1", type_code="381", preceding=first)
    deposit = voyage.send(voyage.connect(FIRM), credit, form)
    assert deposit.state is DepositState.INTEGRATED, deposit.faults


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("cadre", ["A9", "A12"])
def test_a_validator_is_waited_for_then_silence_lets_it_pass(voyage: Any, form: str, cadre: str) -> None:
    """The holder of the contract says nothing for fifteen days: the demand goes on to the public body."""
    holder = Party(
        name="Titulaire", identifiers=(Identifier(value=FIRM, scheme="0009"),), address=Address(country="FR"),
        vat_number=vat_number(Siret.parse(FIRM)),
    )  # fmt: skip
    demand = replace(voyage.invoice("ST-1", SUBCONTRACTOR, cadre=cadre), tax_representative=holder)
    deposit = voyage.send(voyage.connect(SUBCONTRACTOR), demand, form)
    assert deposit.state is DepositState.INTEGRATED, deposit.faults
    assert deposit.platform_status == "A_VALIDER_1"
    voyage.passes(turns=20, days=1)
    assert voyage.status(deposit) == "MISE_A_DISPOSITION"


@pytest.mark.parametrize("form", ["cii", "ubl", "facturx"])
@pytest.mark.parametrize("cadre", ["A2", "A4", "A5", "A7"])
def test_other_frames_are_taken_as_the_platform_takes_them(voyage: Any, form: str, cadre: str) -> None:
    deposit = voyage.send(voyage.connect(FIRM), voyage.invoice("TX-1", cadre=cadre), form)
    assert deposit.state is DepositState.INTEGRATED, deposit.faults
    assert deposit.cadre == cadre
