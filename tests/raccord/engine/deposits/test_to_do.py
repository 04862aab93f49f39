"""What waits for a person is in one place, with its amount and its age, and leaves it once the person has acted."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from raccord.domain.answers import AnswerKind, NewAnswer
from raccord.domain.deposit import DepositState, NewDeposit
from raccord.domain.to_do import Task
from raccord.store import deposits as rows
from raccord.store import entries

if TYPE_CHECKING:
    from raccord.domain.connection import Connection
    from raccord.engine.gateway import Gateway


def _run(gateway: Gateway, diary: Any, turns: int = 12) -> None:
    for _ in range(turns):
        gateway.jobs.run_due()
        diary.passes(minutes=5)


def test_suspended_and_rejected_invoices_wait_beside_the_faulty_ones(
    gateway: Gateway, online: Connection, bench: Any, invoicing: Any, diary: Any
) -> None:
    sent = {number: invoicing.accept(gateway, number).deposit for number in ("F-1", "F-2", "F-3")}
    faulty = invoicing.accept(gateway, "F-" + "9" * 20).deposit
    assert faulty.state is DepositState.FAULTY
    _run(gateway, diary)
    for number, status in (("F-1", "SUSPENDUE"), ("F-2", "REJETEE")):
        known = gateway.outbox.get(sent[number].id)
        bench.control("POST", f"/factures/{known.id_facture}/statut", statut=status, motif="Pièce manquante")
    _run(gateway, diary, 30)
    diary.passes(days=3)
    found = gateway.to_dos.waiting()
    assert {one.number: one.task for one in found.items} == {
        faulty.number: Task.CORRECT, "F-1": Task.COMPLETE, "F-2": Task.REPLACE,
    }  # fmt: skip
    assert next(one.deposit_id for one in found.items) == faulty.id, "the oldest first"
    told = {one.number: one for one in found.items}
    assert (told["F-1"].reason, told["F-1"].amount) == ("Pièce manquante", sent["F-1"].amount_due)
    assert min(one.age for one in found.items) >= 3
    assert all(one.reason for one in found.items)
    due = [one.amount_due or Decimal(0) for one in (sent["F-1"], sent["F-2"], faulty)]
    assert (found.total, found.amounts) == (3, {"EUR": sum(due)})
    assert gateway.to_dos.waiting(limit=1).total == 3
    assert gateway.to_dos.waiting("another").total == 0

    gateway.answering.answer(NewAnswer(sent["F-1"].id, AnswerKind.COMPLETE, comment="La voici."))
    gateway.answering.answer(NewAnswer(sent["F-2"].id, AnswerKind.REJECTION))
    assert [one.task for one in gateway.to_dos.waiting().items] == [Task.CORRECT], "answered: no longer theirs"
    _run(gateway, diary)
    assert [one.task for one in gateway.to_dos.waiting().items] == [Task.CORRECT]
    corrected = invoicing.accept(gateway, "F-4").deposit
    with gateway.store.begin() as conn:
        entries.correct(conn, corrected.id, faulty.id)
    assert gateway.to_dos.waiting().total == 0, "replaced"
    gateway.outbox.pause("c1", "alice")
    with gateway.store.begin() as conn:
        rows.move(conn, [corrected.id], DepositState.READY, DepositState.CANCELLED, now=gateway.clock())
    assert [one.deposit_id for one in gateway.to_dos.waiting().items] == [faulty.id], "what replaced it is cancelled"


def test_a_deposit_says_whether_it_leaves_or_why_it_waits(
    gateway: Gateway, offline: Connection, invoicing: Any, diary: Any
) -> None:
    def code(deposit: Any) -> str:
        outlook = gateway.outlooks.of([gateway.outbox.get(deposit.id)])[deposit.id]
        assert outlook.sentence
        assert not outlook.waits or outlook.cure, "who waits is told what for"
        return outlook.code

    one = invoicing.accept(gateway, "F-1").deposit
    later = gateway.outbox.accept(
        NewDeposit("c1", invoicing.file("F-2"), "f.xml", not_before=diary().replace(year=diary().year + 1))
    ).deposit
    faulty = invoicing.accept(gateway, "F-" + "9" * 20).deposit
    assert (code(one), code(later), code(faulty)) == ("leaving", "later", "to_act")
    gateway.outbox.pause("c1", "alice")
    assert code(one) == "paused"
    with gateway.store.begin() as conn:
        gateway.ground.breaker.open(conn, "c1", "account", "test")
    assert (code(one), code(later)) == ("kept", "kept")
    with gateway.store.begin() as conn:
        conn.exec_driver_sql("UPDATE connections SET enabled = false")
    assert code(one) == "disabled"
    gateway.outbox.cancel(one.id, "alice")
    assert code(one) == "done"
