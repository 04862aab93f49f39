"""What Raccord promises to a supplier whose invoice is suspended or rejected: the answer arrives, once, and is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from raccord.domain.answers import AnswerKind, Joined, NewAnswer
from raccord.domain.deposit import DepositState, NewDeposit
from raccord.domain.errors import Conflict, Invalid
from raccord.domain.next_steps import next_step
from raccord.domain.reception import PostState
from raccord.engine.sweep import Sweep

if TYPE_CHECKING:
    from raccord.domain.connection import Connection
    from raccord.domain.deposit import Deposit
    from raccord.engine.gateway import Gateway

LETTER = Joined("attestation.pdf", b"%PDF-1.4 attestation", "Attestation demandée")


def _work(gateway: Gateway, diary: Any, turns: int = 6, **span: float) -> None:
    for _ in range(turns):
        gateway.jobs.run_due()
        diary.passes(**(span or {"seconds": 10}))


def _standing(gateway: Gateway, bench: Any, diary: Any, invoicing: Any, status: str, number: str = "F-1") -> Deposit:
    """An integrated invoice that the public body has just given that status."""
    deposit = invoicing.accept(gateway, number).deposit
    _work(gateway, diary)
    known = gateway.outbox.get(deposit.id)
    bench.control("POST", f"/factures/{known.id_facture}/statut", statut=status, motif="Il manque l’attestation")
    gateway.follow.refresh("c1", "alice@exemple.fr")
    _work(gateway, diary, turns=2)
    standing: Deposit = gateway.outbox.get(deposit.id)
    assert standing.platform_status == status
    return standing


def _complete(gateway: Gateway, deposit: Deposit, **more: Any) -> Any:
    facts = {"comment": "Voici l’attestation.", "files": (LETTER,), "author": "alice@exemple.fr", **more}
    return gateway.answering.answer(NewAnswer(deposit.id, AnswerKind.COMPLETE, **facts))


def test_a_suspended_invoice_is_completed_with_a_file_and_a_comment(
    gateway: Gateway, online: Connection, bench: Any, diary: Any, invoicing: Any
) -> None:
    suspended = _standing(gateway, bench, diary, invoicing, "SUSPENDUE")
    assert suspended.platform_comment == "Il manque l’attestation"
    assert gateway.answering.possible(suspended.id) == (AnswerKind.COMPLETE,)
    _complete(gateway, suspended)
    _work(gateway, diary, turns=3)
    assert bench.invoices()["F-1"] == "COMPLETEE"
    assert gateway.outbox.get(suspended.id).platform_status == "COMPLETEE"
    (answer,) = gateway.answering.answers(suspended.id)
    assert answer.state is PostState.DONE
    assert answer.files[0].name == "attestation.pdf"
    assert bench.calls()["transverses/ajouter/fichier"] == 1
    history = gateway.follow.history(suspended.id)
    assert [passage.code for passage in history][:2] == ["COMPLETEE", "SUSPENDUE"]
    assert history[0].comment == "Voici l’attestation."


def test_a_rejection_is_declared_dealt_with_and_its_number_is_spent(
    gateway: Gateway, online: Connection, bench: Any, diary: Any, invoicing: Any
) -> None:
    rejected = _standing(gateway, bench, diary, invoicing, "REJETEE")
    assert "nouveau numéro" in next_step(rejected.platform_status)
    gateway.answering.answer(NewAnswer(rejected.id, AnswerKind.REJECTION, author="alice@exemple.fr"))
    _work(gateway, diary, turns=2)
    (answer,) = gateway.answering.answers(rejected.id)
    assert answer.state is PostState.DONE
    assert gateway.answering.possible(rejected.id) == ()
    with pytest.raises(Conflict, match="DEPOT_NUMERO_CONSOMME"):
        invoicing.accept(gateway, "F-1", commitment="ENG-2")
    file = invoicing.file("F-1B", commitment="ENG-2")
    corrected = gateway.outbox.accept(NewDeposit("c1", file, "F-1B.xml", corrects=rejected.id)).deposit
    _work(gateway, diary)
    assert gateway.outbox.get(corrected.id).state is DepositState.INTEGRATED
    assert gateway.outbox.corrects(corrected.id) == rejected.id


@pytest.mark.parametrize("when", ["before", "after"])
def test_an_answer_whose_fate_is_unknown_is_asked_about(
    gateway: Gateway, online: Connection, bench: Any, diary: Any, invoicing: Any, when: str
) -> None:
    suspended = _standing(gateway, bench, diary, invoicing, "SUSPENDUE")
    bench.fails("reset", "*/completer", when=when)
    _complete(gateway, suspended)
    gateway.jobs.run_due()
    assert gateway.answering.answers(suspended.id)[0].state is PostState.UNCERTAIN
    _work(gateway, diary, turns=6, minutes=5)
    assert gateway.answering.answers(suspended.id)[0].state is PostState.DONE
    passages = [passage.code for passage in gateway.follow.history(suspended.id)]
    assert passages.count("COMPLETEE") == 1


def test_what_chorus_pro_refuses_is_told_in_its_words(
    gateway: Gateway, online: Connection, bench: Any, diary: Any, invoicing: Any
) -> None:
    suspended = _standing(gateway, bench, diary, invoicing, "SUSPENDUE")
    bench.control("POST", f"/factures/{suspended.id_facture}/statut", statut="MISE_A_DISPOSITION")
    _complete(gateway, suspended)
    _work(gateway, diary, turns=2)
    (answer,) = gateway.answering.answers(suspended.id)
    assert answer.state is PostState.REFUSED
    assert answer.reply


def test_an_answer_out_of_place_is_refused_at_once(
    gateway: Gateway, online: Connection, bench: Any, diary: Any, invoicing: Any
) -> None:
    deposit = invoicing.accept(gateway, "F-1").deposit
    with pytest.raises(Conflict, match="REPONSE_HORS_DE_PROPOS"):
        _complete(gateway, deposit)
    suspended = _standing(gateway, bench, diary, invoicing, "SUSPENDUE", "F-2")
    with pytest.raises(Invalid, match="REPONSE_VIDE"):
        _complete(gateway, suspended, comment=" ", files=())
    with pytest.raises(Invalid, match="REPONSE_FICHIER"):
        _complete(gateway, suspended, files=(Joined("virus.exe", b"MZ"),))
    _complete(gateway, suspended)
    with pytest.raises(Conflict, match="REPONSE_EN_COURS"):
        _complete(gateway, suspended)


def test_a_database_that_leaves_while_the_answer_is_noted_leaves_nothing_half_told(
    gateway: Gateway, online: Connection, bench: Any, diary: Any, invoicing: Any
) -> None:
    suspended = _standing(gateway, bench, diary, invoicing, "SUSPENDUE")
    _complete(gateway, suspended)
    leaving = ["the first time"]

    def leave(_conn: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if leaving and statement.startswith("UPDATE answers") and "done" in str(parameters):
            leaving.pop()
            raise sa.exc.OperationalError("", None, Exception("connection refused"))

    sa.event.listen(gateway.store.engine, "before_cursor_execute", leave)
    _work(gateway, diary, turns=2)
    assert not leaving, "Chorus Pro had answered when the database left"
    for _ in range(6):
        diary.passes(minutes=10)
        Sweep(gateway.ground).run()
        gateway.jobs.run_due()
    assert gateway.answering.answers(suspended.id)[0].state is PostState.DONE
    assert [passage.code for passage in gateway.follow.history(suspended.id)].count("COMPLETEE") == 1


def test_the_name_of_a_joined_file_hides_nothing(
    gateway: Gateway, online: Connection, bench: Any, diary: Any, invoicing: Any
) -> None:
    suspended = _standing(gateway, bench, diary, invoicing, "SUSPENDUE")
    names = ("C:\\dossier\\attestation\r\nX: y.pdf", "../../plan.pdf", "a" * 300 + ".pdf")
    given = _complete(gateway, suspended, files=tuple(Joined(name, b"%PDF-1.4") for name in names))
    assert [file.name for file in given.files] == ["attestationX: y.pdf", "plan.pdf", "a" * 196 + ".pdf"]
    assert [file.designation for file in given.files] == [file.name for file in given.files]


def test_an_extension_written_backwards_does_not_pass_for_a_pdf(
    gateway: Gateway, online: Connection, bench: Any, diary: Any, invoicing: Any
) -> None:
    """`facture<rtl>fdp.exe` reads `factureexe.pdf`; and a sign that does not show makes another extension of `.pdf`."""
    suspended = _standing(gateway, bench, diary, invoicing, "SUSPENDUE")
    with pytest.raises(Invalid, match=r"« facturefdp\.exe »"):
        _complete(gateway, suspended, files=(Joined("facture\u202efdp.exe", b"MZ"),))
    given = _complete(gateway, suspended, files=(Joined("plan.p\u200bdf", b"%PDF-1.4"),))
    assert [file.name for file in given.files] == ["plan.pdf"]
