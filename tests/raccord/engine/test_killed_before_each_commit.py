"""Raccord dies before a commit of the job that sends, any commit: what a person asked leaves once, and is noted."""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import replace
from datetime import datetime
from itertools import count
from typing import TYPE_CHECKING, Any

import pikepdf
import pytest
import sqlalchemy as sa

from raccord.domain.answers import AnswerKind, NewAnswer
from raccord.domain.clock import PARIS
from raccord.domain.deposit import DepositState, NewDeposit, Road
from raccord.domain.identifiers import Siret
from raccord.domain.reception import PostState
from raccord.domain.validation import NewDecision
from raccord.engine.foundation.names import ANSWER, DRAIN, SWEEP, VALIDATE
from raccord.formats import invoice_json
from raccord.formats.sample import make_invoice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from raccord.engine.gateway import Gateway

FIRM, SUBCONTRACTOR, TOWN = "45251785100010", "81234567800012", "12345678200051"
MOST = 8
"""Invoices at hand: more than a job has commits."""
IMPATIENT = {"asks": 2, "takeover_delay_s": 120.0}


class Killed(BaseException):
    """The process dies: what it had not committed is undone, and nobody catches this."""


class Deaths:
    """Runs a job in a process that dies before its first commit, then in one that dies before its second, and so on.

    After each death a successor takes over, and the story goes on with another invoice.
    """

    def __init__(self, make_gateway: Callable[..., Gateway], diary: Any) -> None:
        self._make, self._diary = make_gateway, diary

    def each(self, job: str, ask: Callable[[Gateway, int], Any]) -> Iterator[tuple[Gateway, Any]]:
        """The successor of each death, and what had been asked: `ask(gateway, nth)` just before the job runs."""
        for nth in count(1):
            mortal = self._make(options=IMPATIENT)
            asked = ask(mortal, nth)
            if not self._dies(mortal, job, nth):
                break
            yield self._succeeded(), asked
        assert nth > 3, "a claim, an answer, what follows: a job has several commits"

    def _dies(self, mortal: Gateway, job: str, nth: int) -> bool:
        seen: list[object] = []

        def strike(conn: object) -> None:
            seen.append(conn)
            if len(seen) == nth:
                raise Killed

        sa.event.listen(mortal.store.engine, "commit", strike)
        try:
            mortal.jobs.run(job, "c1", {"connection_id": "c1"})
        except Killed:
            return True
        finally:
            sa.event.remove(mortal.store.engine, "commit", strike)
        return False

    def _succeeded(self) -> Gateway:
        successor = self._make(options=IMPATIENT)
        for _ in range(4):
            self._diary.passes(minutes=10)
            successor.jobs.run(SWEEP, "*", {})
            with successor.store.begin() as conn:
                successor.jobs.schedule(conn, SWEEP, "*", {})
            successor.jobs.run_due()
        return successor


@pytest.fixture
def deaths(make_gateway: Callable[..., Gateway], connect: Callable[..., Any], bench: Any, diary: Any) -> Deaths:
    """Of processes that share the connections of a building firm (c1) and of its subcontractor (c2)."""
    for key, siret in (("c1", FIRM), ("c2", SUBCONTRACTOR)):
        connect(make_gateway(), bench.base_url, bench.application(), bench.account(siret), key)
    return Deaths(make_gateway, diary)


def _work(gateway: Gateway, diary: Any) -> None:
    for _ in range(4):
        gateway.jobs.run_due()
        diary.passes(seconds=20)


def test_an_answer_to_a_public_body_leaves_once(
    deaths: Deaths, gateway: Gateway, bench: Any, diary: Any, invoicing: Any
) -> None:
    suspended = [invoicing.accept(gateway, f"F-{nth}").deposit.id for nth in range(MOST)]
    _work(gateway, diary)
    for one in suspended:
        number = gateway.outbox.get(one).id_facture
        bench.control("POST", f"/factures/{number}/statut", statut="SUSPENDUE", motif="Il manque une pièce")
    gateway.follow.refresh("c1", "alice@exemple.fr")
    _work(gateway, diary)

    def ask(mortal: Gateway, nth: int) -> str:
        mortal.answering.answer(NewAnswer(suspended[nth], AnswerKind.COMPLETE, comment="La voici."))
        return str(suspended[nth])

    for successor, deposit_id in deaths.each(ANSWER, ask):
        (answer,) = successor.answering.answers(deposit_id)
        assert answer.state is PostState.DONE
        passages = Counter(passage.code for passage in successor.follow.history(deposit_id))
        assert passages["COMPLETEE"] == 1


def test_a_decision_of_a_validator_leaves_once(
    deaths: Deaths, gateway: Gateway, bench: Any, diary: Any, invoicing: Any
) -> None:
    subcontractor = replace(invoicing, supplier=Siret.parse(SUBCONTRACTOR))
    for nth in range(MOST):
        gateway.outbox.accept(NewDeposit("c2", subcontractor.file(f"ST-{nth}", cadre="A9"), f"ST-{nth}.xml"))
    _work(gateway, diary)
    waiting = gateway.validators.waiting("c1")
    assert len(waiting) == MOST

    def ask(mortal: Gateway, nth: int) -> tuple[str, str]:
        one = waiting[nth]
        return one.number, mortal.validators.decide(NewDecision("c1", one.id_facture, accepted=True)).id

    for successor, (number, decision_id) in deaths.each(VALIDATE, ask):
        assert successor.validators.decision(decision_id).state is PostState.DONE
        assert bench.invoices()[number] == "MISE_A_DISPOSITION"


def test_an_invoice_sent_by_fields_leaves_once(deaths: Deaths, bench: Any) -> None:
    def ask(gateway: Gateway, nth: int) -> str:
        day, number = datetime.now(PARIS).date(), f"S-{nth}"
        supplier, recipient = Siret.parse(FIRM), Siret.parse(TOWN)
        terms = make_invoice(7, number=number, supplier=supplier, recipient=recipient, service="", issue_date=day)
        new = NewDeposit("c1", _plain_pdf(), f"{number}.pdf", terms=invoice_json.write(terms), road=Road.FIELDS)
        return str(gateway.outbox.accept(new).deposit.id)

    for successor, deposit_id in deaths.each(DRAIN, ask):
        assert successor.outbox.get(deposit_id).state is DepositState.INTEGRATED
        assert set(Counter(bench.received()).values()) == {1}


def _plain_pdf() -> bytes:
    document, target = pikepdf.new(), io.BytesIO()
    document.add_blank_page()
    document.save(target, deterministic_id=True)
    return target.getvalue()
