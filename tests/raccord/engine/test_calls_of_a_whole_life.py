"""What a busy supplier asks of Chorus Pro: few calls, however thinly its invoices come and its payments follow."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from raccord.domain.connection import Connection
from raccord.domain.deposit import DepositState
from raccord.engine.foundation.names import DELTA, DRAIN, REPORT
from raccord.engine.gateway import Gateway
from raccord.store import wakes
from raccord.store.deposits import DepositQuery

SUPPLIER = "45251785100010"
DAY = timedelta(days=1)


def _live_until(gateway: Gateway, diary: Any, instant: datetime) -> None:
    """Let time pass up to that instant, each job run at its hour."""
    while True:
        with gateway.store.read() as conn:
            due = [wake for wake in wakes.overdue(conn, instant) if wake.name in (DRAIN, REPORT, DELTA)]
        hour = due[0].due if due else instant
        diary.passes(seconds=max(0.0, (hour - diary()).total_seconds()) + 0.001)
        if not due:
            return
        gateway.jobs.run(due[0].name, due[0].key, due[0].args)


def _shown(gateway: Gateway) -> list[Any]:
    return list(gateway.outbox.search(DepositQuery(), limit=1000).items)


def test_invoices_given_one_by_one_all_day_long_travel_together(
    make_gateway: Callable[..., Gateway], connect: Callable[..., Connection], bench: Any, diary: Any, invoicing: Any
) -> None:
    gateway = make_gateway(options={"group_delay_s": 2.0})
    connect(gateway, bench.base_url, bench.application(), bench.account(SUPPLIER))
    for number in range(180):  # one a minute, for three hours
        invoicing.accept(gateway, f"UNE-{number}")
        _live_until(gateway, diary, diary() + timedelta(minutes=1))
    _live_until(gateway, diary, diary() + timedelta(minutes=20))
    assert gateway.outbox.count()[DepositState.INTEGRATED] == 180
    calls = bench.calls()
    assert calls["factures/deposer/flux"] <= 3 * 16
    assert sum(calls.values()) <= 180


def test_the_first_invoices_of_an_hour_leave_at_once_and_an_urgent_one_always(
    make_gateway: Callable[..., Gateway], connect: Callable[..., Connection], bench: Any, diary: Any, invoicing: Any
) -> None:
    gateway = make_gateway(options={"group_delay_s": 2.0})
    connect(gateway, bench.base_url, bench.application(), bench.account(SUPPLIER))
    for number in range(12):
        deposit = invoicing.accept(gateway, f"VITE-{number}").deposit
        _live_until(gateway, diary, diary() + timedelta(seconds=3))
        if number < 4:
            assert gateway.outbox.get(deposit.id).state is not DepositState.READY
    assert gateway.outbox.count()[DepositState.READY] > 0  # the last ones wait for company
    gateway.outbox.resume("c1", "alice@exemple.fr")  # a person wants them gone
    _live_until(gateway, diary, diary() + timedelta(seconds=3))
    assert gateway.outbox.count()[DepositState.READY] == 0


def test_a_month_of_news_costs_a_few_hundred_calls_whatever_the_number_of_invoices(
    gateway: Gateway, online: Connection, bench: Any, diary: Any, invoicing: Any
) -> None:
    count = 40
    for number in range(count):
        invoicing.accept(gateway, f"MOIS-{number}")
    _live_until(gateway, diary, diary() + DAY)
    waiting = [one.id_facture for one in _shown(gateway)]
    assert None not in waiting
    before = sum(bench.calls().values())
    for status in ("MANDATEE", "MISE_EN_PAIEMENT"):
        for rank, invoice in enumerate(waiting):  # something moves several times a day, for eight days
            bench.control("POST", f"/factures/{invoice}/statut", statut=status, motif="", mandat="")
            _live_until(gateway, diary, diary() + DAY * 8 / count * (0.5 + rank % 2))
    _live_until(gateway, diary, diary() + DAY)
    assert {one.platform_status for one in _shown(gateway)} == {"MISE_EN_PAIEMENT"}
    spent = sum(bench.calls().values()) - before
    assert spent <= 18 * 24, "more than one call an hour"
