"""What the outbox promises when it sends: together, once, politely; and what it does when something breaks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from raccord.domain.deposit import DepositState
from raccord.domain.errors import Conflict
from raccord.domain.secrets import Secret
from raccord.store import connections, deposits, flux
from raccord.store.deposits import DepositQuery

if TYPE_CHECKING:
    from collections.abc import Callable

    from raccord.domain.connection import Connection
    from raccord.engine.gateway import Gateway


def _work(gateway: Gateway, diary: Any, turns: int = 6, **span: float) -> None:
    for _ in range(turns):
        gateway.jobs.run_due()
        diary.passes(**(span or {"seconds": 10}))


def _states(gateway: Gateway) -> dict[str, str]:
    found = gateway.outbox.search(DepositQuery(), limit=1000).items
    return {deposit.number: deposit.state.value for deposit in found}


def test_deposits_ready_together_travel_as_one_flux(
    gateway: Gateway, online: Connection, bench: Any, invoicing: Any, diary: Any
) -> None:
    for rank in range(25):
        invoicing.accept(gateway, f"F-{rank}")
    invoicing.accept(gateway, "U-1", syntax="ubl")
    _work(gateway, diary)
    assert set(_states(gateway).values()) == {"integrated"}
    calls = bench.calls()
    assert calls["factures/deposer/flux"] == 2  # one per syntax
    assert sorted(bench.received()) == sorted([*(f"F-{rank}" for rank in range(25)), "U-1"])
    assert all(d.id_facture for d in gateway.outbox.search(DepositQuery(), limit=100).items)


def test_a_facturx_leaves_as_it_is(
    gateway: Gateway, online: Connection, bench: Any, invoicing: Any, diary: Any
) -> None:
    invoicing.accept(gateway, "X-1", syntax="facturx")
    invoicing.accept(gateway, "X-2", syntax="facturx")
    _work(gateway, diary)
    assert _states(gateway) == {"X-1": "integrated", "X-2": "integrated"}
    assert bench.calls()["factures/deposer/flux"] == 1


def test_partial_integration_refuses_only_what_chorus_pro_refused(
    gateway: Gateway, online: Connection, bench: Any, invoicing: Any, diary: Any
) -> None:
    supplier, recipient = str(invoicing.supplier), str(invoicing.recipient)
    # another invoice took the number on the portal meanwhile
    bench.control("POST", "/factures", destinataire=recipient, fournisseur=supplier, numero="F-1", count=1)
    invoicing.accept(gateway, "F-1")
    invoicing.accept(gateway, "F-2")
    _work(gateway, diary)
    states = _states(gateway)
    assert states["F-2"] == "integrated"
    assert states["F-1"] == "refused"
    refused = gateway.outbox.search(DepositQuery(states=(DepositState.REFUSED,))).items[0]
    assert refused.faults[-1].is_error
    assert refused.faults[-1].cure


def test_a_refused_invoice_can_be_corrected_under_the_same_number(
    gateway: Gateway, online: Connection, bench: Any, invoicing: Any, diary: Any
) -> None:
    bench.fails("internal_state", state="IN_REJETE")
    first = invoicing.accept(gateway, "F-1").deposit
    _work(gateway, diary)
    assert gateway.outbox.get(first.id).state is DepositState.REFUSED
    again = invoicing.accept(gateway, "F-1", lines=4)
    assert not again.replayed
    _work(gateway, diary)
    assert gateway.outbox.get(again.deposit.id).state is DepositState.INTEGRATED


def test_an_incident_at_chorus_pro_sends_the_whole_flux_again(
    gateway: Gateway, online: Connection, bench: Any, invoicing: Any, diary: Any
) -> None:
    bench.fails("internal_state", state="IN_INCIDENTE")
    invoicing.accept(gateway, "F-1")
    invoicing.accept(gateway, "F-2")
    _work(gateway, diary, turns=10)
    assert _states(gateway) == {"F-1": "integrated", "F-2": "integrated"}


def test_a_state_nobody_knows_is_shown_as_it_came_and_asked_again(
    gateway: Gateway, online: Connection, bench: Any, invoicing: Any, diary: Any
) -> None:
    bench.fails("internal_state", state="IN_EN_ATTENTE_RETRAITEMENT_CPP")
    deposit = invoicing.accept(gateway, "F-1").deposit
    _work(gateway, diary)
    waiting = gateway.outbox.get(deposit.id)
    assert waiting.state is DepositState.SENT
    assert gateway.follow.flux(waiting.flux_id).platform_state == "IN_EN_ATTENTE_RETRAITEMENT_CPP"


@pytest.mark.parametrize("kind", ["reset", "502", "503", "truncated"])
def test_a_lost_answer_after_the_work_asks_before_sending_again(
    gateway: Gateway, online: Connection, bench: Any, invoicing: Any, diary: Any, kind: str
) -> None:
    bench.fails(kind, when="after")
    deposit = invoicing.accept(gateway, "F-1").deposit
    invoicing.accept(gateway, "F-2")
    gateway.jobs.run_due()
    assert gateway.outbox.get(deposit.id).state is DepositState.UNCERTAIN
    _work(gateway, diary, turns=8, minutes=5)
    assert set(_states(gateway).values()) == {"integrated"}
    assert sorted(bench.received()) == ["F-1", "F-2"]
    kinds = [event.kind for event in gateway.outbox.events(deposit.id)]
    assert "deposit.uncertain" in kinds
    assert "deposit.found" in kinds


@pytest.mark.parametrize("kind", ["reset", "502"])
def test_a_failure_before_the_work_asks_several_times_then_sends_again(
    gateway: Gateway, online: Connection, bench: Any, invoicing: Any, diary: Any, kind: str
) -> None:
    bench.fails(kind, when="before")
    deposit = invoicing.accept(gateway, "F-1").deposit
    _work(gateway, diary, turns=40, minutes=5)
    assert gateway.outbox.get(deposit.id).state is DepositState.INTEGRATED
    assert bench.received() == ["F-1"]
    kinds = [event.kind for event in gateway.outbox.events(deposit.id)]
    assert "deposit.not_found" in kinds


def test_whoever_wakes_the_question_it_is_not_asked_before_its_hour(
    gateway: Gateway, online: Connection, bench: Any, invoicing: Any, diary: Any
) -> None:
    bench.fails("reset", when="before")
    deposit = invoicing.accept(gateway, "F-1").deposit
    for _ in range(2):  # the doctor, called by the failure, makes a search of his own
        gateway.jobs.run_due()
    searches = bench.calls().get("factures/rechercher/fournisseur", 0)
    for _ in range(20):  # the light turns green again and again
        gateway.outbox.release("c1")
        gateway.jobs.run_due()
        diary.passes(seconds=1)
    assert gateway.outbox.get(deposit.id).state is DepositState.UNCERTAIN
    assert bench.calls().get("factures/rechercher/fournisseur", 0) == searches


def test_an_invoice_refused_as_a_duplicate_of_itself_is_the_one_that_had_arrived(
    gateway: Gateway, online: Connection, bench: Any, invoicing: Any, diary: Any
) -> None:
    bench.fails("reset", when="after")
    deposit = invoicing.accept(gateway, "F-1").deposit
    gateway.jobs.run_due()
    with gateway.store.begin() as conn:  # the platform was slower to show it than all our patience
        conn.exec_driver_sql("UPDATE flux SET state = 'abandoned'")
        conn.exec_driver_sql("UPDATE deposits SET state = 'ready', flux_id = NULL")
    gateway.outbox.resume("c1", "alice@exemple.fr")
    _work(gateway, diary)
    found = gateway.outbox.get(deposit.id)
    assert found.state is DepositState.INTEGRATED
    assert found.id_facture
    assert bench.invoices().keys() == {"F-1"}


def test_too_many_calls_wait_as_long_as_asked(
    gateway: Gateway, online: Connection, bench: Any, invoicing: Any, diary: Any
) -> None:
    bench.fails("429", retry_after=120)
    deposit = invoicing.accept(gateway, "F-1").deposit
    gateway.jobs.run_due()
    assert gateway.outbox.get(deposit.id).state is DepositState.READY
    _work(gateway, diary, turns=3, seconds=30)
    assert bench.received() == []
    _work(gateway, diary, turns=6, seconds=30)
    assert gateway.outbox.get(deposit.id).state is DepositState.INTEGRATED
    assert bench.received() == ["F-1"]


def test_the_breaker_stops_after_the_first_refusal_and_everything_resumes(
    gateway: Gateway, online: Connection, bench: Any, invoicing: Any, diary: Any
) -> None:
    login = bench.account("45251785100010")["login"]
    bench.control("POST", f"/accounts/{login}/password", password="un tout autre")
    for rank in range(3):
        invoicing.accept(gateway, f"F-{rank}")
    for _ in range(20):
        gateway.jobs.run_due()
        diary.passes(minutes=30)
    refusals = bench.control("GET", "/ledger")["refused_accounts"]
    assert bench.received() == []
    assert (refusals if isinstance(refusals, int) else sum(dict(refusals).values())) <= 2
    assert set(_states(gateway).values()) == {"ready"}
    bench.control("POST", f"/accounts/{login}/unlock")
    bench.control("POST", f"/accounts/{login}/password", password=bench.account("45251785100010")["password"])
    gateway.outbox.release("c1")
    _work(gateway, diary)
    assert set(_states(gateway).values()) == {"integrated"}


def test_a_new_password_turns_the_light_green_and_everything_leaves_by_itself(
    gateway: Gateway, online: Connection, bench: Any, invoicing: Any, diary: Any
) -> None:
    login = bench.account("45251785100010")["login"]
    bench.control("POST", f"/accounts/{login}/password", password="Tout)neuf:2026[é")
    invoicing.accept(gateway, "F-1")
    _work(gateway, diary, turns=3, seconds=2)
    with gateway.store.read() as conn:
        stopped = connections.get(conn, "c1")
    assert stopped.breaker_open
    bench.control("POST", f"/accounts/{login}/unlock")
    result = gateway.connections.enter_candidate("c1", login, Secret("Tout)neuf:2026[é"), "user/alice")
    assert result.promoted
    _work(gateway, diary)
    assert _states(gateway) == {"F-1": "integrated"}
    assert bench.received() == ["F-1"]


def test_a_refused_batch_is_sent_one_by_one_so_that_one_does_not_hold_the_others(
    gateway: Gateway, online: Connection, bench: Any, invoicing: Any, diary: Any
) -> None:
    bench.fails("internal_state", state="IN_REJETE")
    for rank in range(3):
        invoicing.accept(gateway, f"F-{rank}")
    _work(gateway, diary, turns=12)
    assert set(_states(gateway).values()) == {"integrated"}


def test_a_flux_too_large_is_split(
    make_gateway: Callable[..., Gateway], bench: Any, invoicing: Any, diary: Any, online: Connection
) -> None:
    gateway = make_gateway(options={"flux_max_invoices": 4})
    for rank in range(10):
        invoicing.accept(gateway, f"F-{rank}")
    _work(gateway, diary, turns=10)
    assert set(_states(gateway).values()) == {"integrated"}
    assert bench.calls()["factures/deposer/flux"] == 3


def test_a_search_that_cannot_tell_leaves_the_decision_to_a_person(
    gateway: Gateway, online: Connection, bench: Any, invoicing: Any, diary: Any
) -> None:
    bench.fails("reset", when="after")
    deposit = invoicing.accept(gateway, "F-1").deposit
    gateway.jobs.run_due()
    bench.fails("content_type", pattern="*/rechercher/fournisseur", count=5)
    _work(gateway, diary, turns=3, minutes=5)
    state = gateway.outbox.get(deposit.id).state
    if state is DepositState.TO_DECIDE:
        assert gateway.outbox.decide(deposit.id, sent=True, actor="alice@exemple.fr").state is DepositState.INTEGRATED
        with pytest.raises(Conflict):
            gateway.outbox.decide(deposit.id, sent=True, actor="alice@exemple.fr")
    assert bench.received() == ["F-1"]


def test_news_is_told_once_and_asked_less_and_less_often(
    gateway: Gateway, online: Connection, bench: Any, invoicing: Any, diary: Any
) -> None:
    deposit = invoicing.accept(gateway, "F-1").deposit
    _work(gateway, diary)
    known = gateway.outbox.get(deposit.id)
    bench.control("POST", f"/factures/{known.id_facture}/statut", statut="SERVICE_FAIT")
    _work(gateway, diary, turns=20, minutes=10)
    told = [e for e in gateway.outbox.events(deposit.id) if e.kind == "deposit.status"]
    assert [event.data["status"] for event in told if event.data["status"] == "SERVICE_FAIT"] == ["SERVICE_FAIT"]
    before = bench.calls()["factures/rechercher/fournisseur"]
    _work(gateway, diary, turns=72, minutes=20)  # a day without news
    assert bench.calls()["factures/rechercher/fournisseur"] - before <= 10


def test_a_connection_with_nothing_open_sleeps(
    gateway: Gateway, online: Connection, bench: Any, invoicing: Any, diary: Any
) -> None:
    deposit = invoicing.accept(gateway, "F-1").deposit
    _work(gateway, diary)
    known = gateway.outbox.get(deposit.id)
    bench.control("POST", f"/factures/{known.id_facture}/statut", statut="MISE_EN_PAIEMENT")
    _work(gateway, diary, turns=20, minutes=30)
    before = bench.calls()
    _work(gateway, diary, turns=24, hours=1)
    after = bench.calls()
    assert after.get("factures/rechercher/fournisseur") == before.get("factures/rechercher/fournisseur")


def test_one_token_serves_every_worker(
    make_gateway: Callable[..., Gateway], bench: Any, invoicing: Any, online: Connection, diary: Any
) -> None:
    before = bench.control("GET", "/ledger")["tokens"]
    for rank in range(3):
        worker = make_gateway()
        invoicing.accept(worker, f"F-{rank}")
        worker.jobs.run_due()
    after = bench.control("GET", "/ledger")["tokens"]
    assert _count(after) - _count(before) <= 1 + 1  # ours, and the doctor's own
    with worker.store.read() as conn:
        (sealed,) = conn.exec_driver_sql("SELECT sealed FROM tokens").one()
    assert len(bytes(sealed)) > 20


def _count(tokens: Any) -> int:
    return tokens if isinstance(tokens, int) else len(tokens)


def test_an_attempt_is_noted_before_every_sending(
    gateway: Gateway, online: Connection, bench: Any, invoicing: Any, diary: Any
) -> None:
    deposit = invoicing.accept(gateway, "F-1").deposit
    gateway.jobs.run_due()
    with gateway.store.read() as conn:
        (attempt,) = flux.attempts_of(conn, f"flux/{gateway.outbox.get(deposit.id).flux_id}")
    assert (attempt.operation, attempt.outcome) == ("factures/deposer/flux", "answered")


def test_two_workers_share_one_outbox(
    make_gateway: Callable[..., Gateway], bench: Any, invoicing: Any, online: Connection, diary: Any
) -> None:
    import threading

    first = make_gateway(options={"flux_max_invoices": 3})
    second = make_gateway(options={"flux_max_invoices": 3})
    for rank in range(30):
        invoicing.accept(first, f"F-{rank:02d}")
    from raccord.engine.deposits.drain import Drain

    threads = [
        threading.Thread(target=Drain(gateway.ground).run, args=({"connection_id": "c1"},))
        for gateway in (first, second)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    diary.passes(seconds=10)
    assert sorted(bench.received()) == [f"F-{rank:02d}" for rank in range(30)]
    with first.store.read() as conn:
        assert deposits.count(conn)[DepositState.SENT] == 30


def test_what_a_dead_worker_left_is_asked_about(
    gateway: Gateway, online: Connection, bench: Any, invoicing: Any, diary: Any
) -> None:
    deposit = invoicing.accept(gateway, "F-1").deposit
    gateway.jobs.run_due()
    with gateway.store.begin() as conn:  # as if the process had died between the sending and the note of the answer
        conn.exec_driver_sql("UPDATE attempts SET answered_at = NULL, outcome = '', worker = 'dead-1'")
        conn.exec_driver_sql("UPDATE flux SET state = 'sending', numero_flux = ''")
        conn.exec_driver_sql("UPDATE deposits SET state = 'sending', numero_flux = ''")
        conn.exec_driver_sql("DELETE FROM wakes")
    from raccord.engine.sweep import Sweep

    Sweep(gateway.ground).run()
    assert gateway.outbox.get(deposit.id).state is DepositState.UNCERTAIN
    _work(gateway, diary, turns=6, minutes=5)
    assert gateway.outbox.get(deposit.id).state is DepositState.INTEGRATED
    assert bench.received() == ["F-1"]
