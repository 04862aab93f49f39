"""What the outbox promises when it takes an invoice in charge, whether or not Chorus Pro answers."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from raccord.domain.deposit import DepositState, NewDeposit
from raccord.domain.errors import Conflict, Invalid, NotFound
from raccord.store.deposits import DepositQuery

if TYPE_CHECKING:
    from raccord.domain.connection import Connection
    from raccord.engine.gateway import Gateway


def test_an_accepted_invoice_is_kept_whole_with_its_first_event(
    gateway: Gateway, offline: Connection, invoicing: Any
) -> None:
    data = invoicing.file("F-2026-001")
    accepted = gateway.outbox.accept(NewDeposit("c1", data, "F-2026-001.xml", author="alice@exemple.fr"))
    deposit = accepted.deposit
    assert not accepted.replayed
    assert deposit.state is DepositState.READY, deposit.faults
    assert (deposit.number, deposit.syntaxe_flux) == ("F-2026-001", "IN_DP_E1_CII_16B")
    assert gateway.outbox.original(deposit.id) == data
    (event,) = gateway.outbox.events(deposit.id)
    assert (event.kind, event.actor) == ("deposit.accepted", "alice@exemple.fr")
    assert gateway.journal.verify().intact


def test_same_key_gives_same_deposit(gateway: Gateway, offline: Connection, invoicing: Any) -> None:
    first = invoicing.accept(gateway, "F-1", key="k-1")
    again = invoicing.accept(gateway, "F-1", key="k-1")
    assert again.replayed
    assert again.deposit.id == first.deposit.id
    assert gateway.outbox.count()[DepositState.READY] == 1


def test_a_key_used_for_another_file_is_refused(gateway: Gateway, offline: Connection, invoicing: Any) -> None:
    invoicing.accept(gateway, "F-1", key="k-1")
    with pytest.raises(Conflict) as refusal:
        invoicing.accept(gateway, "F-2", key="k-1")
    assert refusal.value.code == "DEPOT_CLE_REUTILISEE"


def test_the_same_invoice_without_key_is_the_same_deposit(
    gateway: Gateway, offline: Connection, invoicing: Any
) -> None:
    first = invoicing.accept(gateway, "F-1")
    again = invoicing.accept(gateway, "F-1")
    assert (again.replayed, again.deposit.id) == (True, first.deposit.id)


def test_a_number_already_used_for_another_content_is_refused(
    gateway: Gateway, offline: Connection, invoicing: Any
) -> None:
    invoicing.accept(gateway, "F-1")
    with pytest.raises(Conflict) as refusal:
        invoicing.accept(gateway, "F-1", lines=5)
    assert refusal.value.code == "DEPOT_NUMERO_DEJA_UTILISE"


def test_ten_requests_at_once_with_one_key_make_one_deposit(
    gateway: Gateway, offline: Connection, invoicing: Any
) -> None:
    answers: list[str] = []
    threads = [
        threading.Thread(target=lambda: answers.append(invoicing.accept(gateway, "F-1", key="k").deposit.id))
        for _ in range(10)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 10
    assert len(set(answers)) == 1


def test_a_cancelled_invoice_frees_its_number_and_never_leaves(
    gateway: Gateway, offline: Connection, invoicing: Any
) -> None:
    first = invoicing.accept(gateway, "F-1").deposit
    assert gateway.outbox.cancel(first.id, "alice@exemple.fr").state is DepositState.CANCELLED
    assert not invoicing.accept(gateway, "F-1", lines=5).replayed
    with pytest.raises(Conflict) as refusal:
        gateway.outbox.cancel(first.id, "alice@exemple.fr")
    assert refusal.value.code == "DEPOT_NON_ANNULABLE"


def test_a_faulty_invoice_is_kept_for_the_person_to_see_and_does_not_leave(
    gateway: Gateway, offline: Connection, invoicing: Any
) -> None:
    deposit = invoicing.accept(gateway, "UN-NUMERO-BIEN-TROP-LONG-POUR-CHORUS").deposit
    assert deposit.state is DepositState.FAULTY
    assert any(fault.is_error and fault.cure for fault in deposit.faults)
    assert gateway.jobs.run_due() == 0
    with pytest.raises(Conflict):
        gateway.outbox.resubmit(deposit.id, "alice@exemple.fr")


def test_what_is_no_invoice_is_refused_and_not_kept(gateway: Gateway, offline: Connection) -> None:
    for data in (b"", b"bonjour", b"<a/>", b"%PDF-1.7 nothing inside", bytes(range(256))):
        with pytest.raises(Invalid) as refusal:
            gateway.outbox.accept(NewDeposit("c1", data, "essai.xml"))
        assert refusal.value.code == "FICHIER_ILLISIBLE"
    assert sum(gateway.outbox.count().values()) == 0


def test_an_unknown_connection_is_said(gateway: Gateway, invoicing: Any) -> None:
    with pytest.raises(NotFound) as refusal:
        invoicing.accept(gateway, "F-1")
    assert refusal.value.code == "CONNEXION_INCONNUE"


def test_a_list_is_searched_and_turned_page_after_page(gateway: Gateway, offline: Connection, invoicing: Any) -> None:
    for rank in range(5):
        invoicing.accept(gateway, f"F-{rank}")
    first = gateway.outbox.search(DepositQuery(connection_id="c1"), limit=3)
    invoicing.accept(gateway, "F-9")  # comes meanwhile: the next page does not move
    rest = gateway.outbox.search(DepositQuery(connection_id="c1"), after=first.next, limit=3)
    assert [d.number for d in (*first.items, *rest.items)] == ["F-4", "F-3", "F-2", "F-1", "F-0"]
    assert rest.next == ""
    invoicing.accept(gateway, "OMEGA-77")
    assert [d.number for d in gateway.outbox.search(DepositQuery(text="oméga-77")).items] == ["OMEGA-77"]
    assert gateway.outbox.search(DepositQuery(states=(DepositState.SENT,))).items == ()


def test_nothing_is_lost_while_nobody_answers(
    gateway: Gateway, offline: Connection, invoicing: Any, diary: Any
) -> None:
    deposit = invoicing.accept(gateway, "F-1").deposit
    for _ in range(4):
        gateway.jobs.run_due()
        diary.passes(minutes=20)
    assert gateway.outbox.get(deposit.id).state is DepositState.READY


def test_a_paused_outbox_holds_everything_back(gateway: Gateway, offline: Connection, invoicing: Any) -> None:
    gateway.outbox.pause("c1", "alice@exemple.fr")
    deposit = invoicing.accept(gateway, "F-1").deposit
    gateway.jobs.run_due()
    with gateway.store.read() as conn:
        assert conn.exec_driver_sql("SELECT count(*) FROM attempts").scalar_one() == 0
    gateway.outbox.resume("c1", "alice@exemple.fr")
    gateway.jobs.run_due()
    with gateway.store.read() as conn:
        assert conn.exec_driver_sql("SELECT count(*) FROM attempts").scalar_one() == 1
    assert gateway.outbox.get(deposit.id).state is DepositState.READY
