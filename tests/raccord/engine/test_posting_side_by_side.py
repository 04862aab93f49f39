"""Statuses leave side by side: each invoice in its order, none twice, whatever dies; proofs refused are tried once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from raccord.domain.connection import Structure
from raccord.domain.reception import NewStatus, PostState, Reception
from raccord.engine.foundation.names import SWEEP

if TYPE_CHECKING:
    from collections.abc import Callable

    from raccord.engine.gateway import Gateway

TOWN = "21970999400017"


class Killed(BaseException):
    """The process dies."""


@pytest.fixture
def received(gateway: Gateway, commune: Structure, bench: Any, diary: Any) -> Callable[[int], list[Reception]]:
    """Have the town receive and fetch so many invoices."""

    def receive(count: int) -> list[Reception]:
        bench.control("POST", "/factures", destinataire=TOWN, count=count)
        gateway.inbox.begin("s1", diary() - timedelta(days=30), "bob@val-fictif.fr")
        gateway.jobs.run_due()
        return [reception for _, reception in gateway.inbox.since(0)]

    return receive


def _states(gateway: Gateway, reception: Reception) -> list[tuple[str, PostState]]:
    return [(post.target, post.state) for post in gateway.statuses.posts(reception.id)]


def test_many_statuses_leave_side_by_side_each_invoice_in_its_order_none_twice(
    make_gateway: Callable[..., Gateway],
    gateway: Gateway,
    received: Callable[[int], list[Reception]],
    bench: Any,
    diary: Any,
) -> None:
    mine = received(12)
    chains = [(NewStatus(one.id, "SERVICE_FAIT"), NewStatus(one.id, "MANDATEE", mandate_number="M-1")) for one in mine]
    assert all(outcome.refusal is None for outcome in gateway.statuses.in_bulk(chains))
    gateway.jobs.run_due()
    for one in mine:
        assert _states(gateway, one) == [("SERVICE_FAIT", PostState.DONE), ("MANDATEE", PostState.DONE)]
    assert {facture["statut"] for facture in bench.control("GET", "/factures")["factures"]} == {"MANDATEE"}
    assert bench.calls()["factures/traiter/recue"] == 24


def test_an_account_whose_password_ended_is_tried_once_not_side_by_side(
    gateway: Gateway, received: Callable[[int], list[Reception]], bench: Any, diary: Any
) -> None:
    mine = received(8)
    gateway.statuses.in_bulk([(NewStatus(one.id, "SERVICE_FAIT"),) for one in mine])
    bench.control("POST", f"/accounts/{bench.account(TOWN)['login']}/expire")
    gateway.jobs.run_due()
    assert bench.control("GET", "/ledger")["refused_accounts"] == 1
    assert {state for one in mine for _, state in _states(gateway, one)} == {PostState.WAITING}


def test_what_was_claimed_when_raccord_died_is_asked_about_not_sent_again(
    make_gateway: Callable[..., Gateway],
    gateway: Gateway,
    received: Callable[[int], list[Reception]],
    bench: Any,
    diary: Any,
) -> None:
    mine = received(7)
    gateway.statuses.in_bulk([(NewStatus(one.id, "SERVICE_FAIT"),) for one in mine])

    def dies(_conn: Any, _cursor: Any, statement: str, _parameters: Any, *_more: Any) -> None:
        if statement.startswith("UPDATE attempts"):
            answered.append(statement)
            if len(answered) == 3:  # the third wave, of four: sent, its answers not written
                raise Killed

    answered: list[str] = []
    sa.event.listen(gateway.store.engine, "before_cursor_execute", dies)
    with pytest.raises(Killed):
        gateway.jobs.run_due()
    sa.event.remove(gateway.store.engine, "before_cursor_execute", dies)
    sent = bench.calls()["factures/traiter/recue"]
    assert sent == 7
    successor = make_gateway()
    for _ in range(4):
        diary.passes(minutes=6)
        successor.jobs.run(SWEEP, "*", {})
        with successor.store.begin() as conn:
            successor.jobs.schedule(conn, SWEEP, "*", {})
        successor.jobs.run_due()
    for one in mine:
        assert _states(successor, one) == [("SERVICE_FAIT", PostState.DONE)]
    assert bench.calls()["factures/traiter/recue"] == 7
