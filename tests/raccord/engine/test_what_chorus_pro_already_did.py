"""What a person asked was done elsewhere meanwhile: Chorus Pro knows better than our row."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from raccord.domain.answers import AnswerKind, NewAnswer
from raccord.domain.connection import Connection
from raccord.domain.deposit import NewDeposit
from raccord.domain.identifiers import Siret
from raccord.domain.reception import NewStatus, PostState
from raccord.domain.validation import NewDecision

if TYPE_CHECKING:
    from collections.abc import Callable

    from raccord.domain.connection import Structure
    from raccord.engine.gateway import Gateway


def _run(gateway: Gateway, diary: Any, turns: int = 6, **span: float) -> None:
    for _ in range(turns):
        gateway.jobs.run_due()
        diary.passes(**(span or {"seconds": 20}))


def _set(bench: Any, diary: Any, id_facture: int | None, *statuses: str) -> None:
    for status in statuses:
        diary.passes(minutes=1)  # the history tells minutes
        bench.control("POST", f"/factures/{id_facture}/statut", statut=status, motif="Au portail")


def test_a_status_given_on_the_portal_and_left_behind_is_done_and_the_newest_is_kept(
    gateway: Gateway, commune: Structure, bench: Any, diary: Any
) -> None:
    gateway.inbox.begin("s1", diary() - timedelta(days=30), "bob")
    bench.control("POST", "/factures", destinataire=commune.siret, count=1)
    _run(gateway, diary, minutes=20)
    ((_, reception),) = gateway.inbox.since(0)
    post = gateway.statuses.post(NewStatus(reception.id, "SERVICE_FAIT", author="bob"))
    _set(bench, diary, reception.id_facture, "SERVICE_FAIT", "MISE_EN_PAIEMENT")
    _run(gateway, diary, 1)
    (now,) = gateway.statuses.posts(reception.id)
    assert (now.id, now.state) == (post.id, PostState.DONE)
    there = bench.control("GET", f"/factures/{reception.id_facture}")
    assert there["statut"] == gateway.inbox.get(reception.id).platform_status == "MISE_EN_PAIEMENT"


def test_an_invoice_completed_on_the_portal_needs_no_second_answer(
    gateway: Gateway, online: Connection, bench: Any, diary: Any, invoicing: Any
) -> None:
    deposit = invoicing.accept(gateway, "F-1").deposit
    _run(gateway, diary)
    known = gateway.outbox.get(deposit.id)
    _set(bench, diary, known.id_facture, "SUSPENDUE")
    gateway.follow.refresh("c1", "alice")
    _run(gateway, diary, 2)
    gateway.answering.answer(NewAnswer(deposit.id, AnswerKind.COMPLETE, comment="La voici."))
    _set(bench, diary, known.id_facture, "COMPLETEE")
    _run(gateway, diary, 2)
    (answer,) = gateway.answering.answers(deposit.id)
    assert answer.state is PostState.DONE
    assert bench.invoices()["F-1"] == gateway.outbox.get(deposit.id).platform_status == "COMPLETEE"


def test_a_decision_taken_on_the_portal_is_the_one_that_was_asked(
    gateway: Gateway, bench: Any, connect: Callable[..., Connection], invoicing: Any, diary: Any
) -> None:
    firm, other = "45251785100010", "81234567800012"
    connect(gateway, bench.base_url, bench.application(), bench.account(firm), "c1")
    connect(gateway, bench.base_url, bench.application(), bench.account(other), "c2")
    data = replace(invoicing, supplier=Siret.parse(other)).file("ST-1", cadre="A9")
    gateway.outbox.accept(NewDeposit("c2", data, "ST-1.xml"))
    _run(gateway, diary)
    invoice = next(one for one in gateway.validators.waiting("c1") if one.number == "ST-1")
    decision = gateway.validators.decide(NewDecision("c1", invoice.id_facture, accepted=True, author="alice"))
    _set(bench, diary, invoice.id_facture, "VALIDEE_1", "MISE_A_DISPOSITION")
    _run(gateway, diary, 1)
    assert gateway.validators.decision(decision.id).state is PostState.DONE
