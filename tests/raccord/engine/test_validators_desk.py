"""The holder of a contract decides on its subcontractor's invoices: once, durably, and knows how long silence lasts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from raccord.domain.clock import PARIS
from raccord.domain.connection import Connection
from raccord.domain.deposit import NewDeposit
from raccord.domain.errors import Conflict, Invalid, NotFound, Unavailable
from raccord.domain.identifiers import Siret
from raccord.domain.reception import PostState
from raccord.domain.validation import MOTIFS, NewDecision
from raccord.engine.gateway import Gateway
from raccord.engine.receptions.validators import ToValidate

FIRM, SUBCONTRACTOR = "45251785100010", "81234567800012"


@pytest.fixture
def submitted(
    gateway: Gateway, bench: Any, connect: Callable[..., Connection], invoicing: Any, diary: Any
) -> Callable[[str], ToValidate]:
    """Have the subcontractor deposit an invoice of cadre A9, and find it on the desk of the holder (connection c1)."""
    connect(gateway, bench.base_url, bench.application(), bench.account(FIRM), "c1")
    connect(gateway, bench.base_url, bench.application(), bench.account(SUBCONTRACTOR), "c2")

    def submit(number: str) -> ToValidate:
        data = replace(invoicing, supplier=Siret.parse(SUBCONTRACTOR)).file(number, cadre="A9")
        deposit = gateway.outbox.accept(NewDeposit("c2", data, f"{number}.xml")).deposit
        for _ in range(6):
            gateway.jobs.run_due()
            diary.passes(seconds=20)
        assert gateway.outbox.get(deposit.id).numero_flux, gateway.outbox.get(deposit.id).faults
        return next(one for one in gateway.validators.waiting("c1") if one.number == number)

    return submit


Submit = Callable[[str], ToValidate]


def test_what_waits_shows_until_when_silence_is_not_consent(gateway: Gateway, submitted: Submit) -> None:
    invoice = submitted("ST-1")
    assert (invoice.status, invoice.rank, invoice.supplier_siret) == ("A_VALIDER_1", 1, SUBCONTRACTOR)
    assert invoice.deposit_date is not None
    assert invoice.tacit_on == invoice.deposit_date + timedelta(days=15)
    assert invoice.amount_total is not None
    assert invoice.decision is None


def test_the_days_that_are_left_are_counted_as_paris_counts_them(
    gateway: Gateway, submitted: Submit, diary: Any
) -> None:
    invoice = submitted("ST-1")
    assert invoice.tacit_on is not None
    for _ in range(4):
        (waiting,) = gateway.validators.waiting("c1")
        assert waiting.days_left == (invoice.tacit_on - diary().astimezone(PARIS).date()).days
        diary.passes(days=3, hours=7)


def test_the_invoice_is_read_before_the_decision_with_what_is_joined_to_it(
    gateway: Gateway, submitted: Submit, bench: Any
) -> None:
    invoice = submitted("ST-1")
    name, page = gateway.validators.document("c1", invoice.id_facture)
    assert (name, page[:5]) == (f"facture_{invoice.id_facture}.pdf", b"%PDF-")
    assert gateway.validators.document("c1", invoice.id_facture, attachments=True) == (name, page), "nothing is joined"
    assert bench.invoices()["ST-1"] == "A_VALIDER_1", "reading decides nothing"
    with pytest.raises(Unavailable, match="CHORUS_INDISPONIBLE"):
        gateway.validators.document("c1", 987_654)


def test_a_validation_is_sent_once_and_told(gateway: Gateway, submitted: Submit, bench: Any) -> None:
    invoice = submitted("ST-1")
    decision = gateway.validators.decide(NewDecision("c1", invoice.id_facture, accepted=True, author="alice"))
    assert decision.state is PostState.WAITING
    shown = next(one for one in gateway.validators.waiting("c1") if one.number == "ST-1")
    assert shown.decision == decision
    with pytest.raises(Conflict, match="VALIDATION_EN_COURS"):
        gateway.validators.decide(NewDecision("c1", invoice.id_facture, accepted=True))
    gateway.jobs.run_due()
    assert gateway.validators.decision(decision.id).state is PostState.DONE
    assert bench.invoices()["ST-1"] == "MISE_A_DISPOSITION"
    assert bench.calls()["factures/traiter/factureAValider"] == 1
    kinds = [event.kind for event in gateway.journal.read(f"validation/{invoice.id_facture}")]
    assert kinds == ["validation.asked", "validation.done"]
    assert gateway.validators.waiting("c1") == ()


def test_a_refusal_carries_its_reason(gateway: Gateway, submitted: Submit, bench: Any) -> None:
    invoice = submitted("ST-1")
    asked = NewDecision("c1", invoice.id_facture, accepted=False, motif="ERR_VALIDEUR", comment="Ce n’est pas nous.")
    decision = gateway.validators.decide(asked)
    gateway.jobs.run_due()
    assert gateway.validators.decision(decision.id).state is PostState.DONE
    assert bench.invoices()["ST-1"] == "ERREUR_FOURNISSEUR_SUR_VALIDEUR"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"accepted": False}, "VALIDATION_MOTIF_OBLIGATOIRE"),
        ({"accepted": False, "motif": "JE_NE_SAIS_PAS"}, "VALIDATION_MOTIF_INCONNU"),
        ({"accepted": True, "motif": "AUTRE"}, "VALIDATION_MOTIF_DEPLACE"),
        ({"accepted": True, "comment": "x" * 2001}, "VALIDATION_COMMENTAIRE_TROP_LONG"),
    ],
)
def test_what_chorus_pro_would_refuse_is_refused_before(gateway: Gateway, wrong: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid, match=code):
        gateway.validators.decide(NewDecision("c1", 1, **wrong))


def test_nobody_decides_what_does_not_wait(gateway: Gateway, submitted: Submit) -> None:
    submitted("ST-1")
    with pytest.raises(NotFound, match="VALIDATION_ABSENTE"):
        gateway.validators.decide(NewDecision("c1", 1, accepted=True))
    with pytest.raises(NotFound, match="DECISION_INCONNUE"):
        gateway.validators.decision("inconnue")


@pytest.mark.parametrize("kind", ["before", "after"])
def test_a_decision_whose_answer_was_lost_is_asked_about_before_it_is_sent_again(
    gateway: Gateway, submitted: Submit, bench: Any, diary: Any, kind: str
) -> None:
    invoice = submitted("ST-1")
    decision = gateway.validators.decide(NewDecision("c1", invoice.id_facture, accepted=True))
    bench.fails("reset", "*/traiter/factureAValider", when=kind, count=1)
    gateway.jobs.run_due()
    assert gateway.validators.decision(decision.id).state is PostState.UNCERTAIN
    diary.passes(minutes=6)
    gateway.jobs.run_due()
    gateway.jobs.run_due()
    assert gateway.validators.decision(decision.id).state is PostState.DONE
    assert bench.invoices()["ST-1"] == "MISE_A_DISPOSITION"
    assert bench.calls()["factures/traiter/factureAValider"] == 1  # heard once, whichever sending it was


def test_a_decision_that_came_after_the_delay_is_explained(
    gateway: Gateway, submitted: Submit, bench: Any, diary: Any
) -> None:
    invoice = submitted("ST-1")
    decision = gateway.validators.decide(NewDecision("c1", invoice.id_facture, accepted=True))
    bench.control("POST", "/clock", advance=16 * 86_400)
    diary.others.clear()
    diary.passes(days=16)
    gateway.jobs.run_due()
    after = gateway.validators.decision(decision.id)
    assert after.state is PostState.REFUSED
    assert after.answer


def test_the_reasons_are_the_twenty_one_of_chorus_pro() -> None:
    assert len(MOTIFS) == 21
