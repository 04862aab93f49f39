"""The board of deposits sums days that are kept beside each: on any day, it is the board that reads every history."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from raccord.domain.deposit import DepositState
from raccord.engine.foundation.names import DELTA, SWEEP
from raccord.store.due_days import DEPOSITS
from raccord.store.tables.core import deposits

if TYPE_CHECKING:
    from raccord.domain.connection import Connection
    from raccord.engine.boards import Board
    from raccord.engine.gateway import Gateway

BODY = "12345678200051"
STATUSES = ("MISE_A_DISPOSITION", "SERVICE_FAIT", "SUSPENDUE", "COMPLETEE", "MANDATEE", "A_RECYCLER",
            "MISE_A_DISPOSITION_COMPTABLE", "COMPTABILISEE", "MISE_EN_PAIEMENT", "REJETEE", "ABANDONNEE")  # fmt: skip


def _to_reckon(gateway: Gateway, *, reckoned: bool) -> None:
    with gateway.store.begin() as conn:
        conn.execute(deposits.update().values(reckoned=reckoned))


def _board(gateway: Gateway) -> Board:
    """Summed; and read from every history, it is the same."""
    with gateway.store.read() as conn:
        assert DEPOSITS.to_reckon(conn, 1) == (), "whoever writes a status reckons the days"
    summed = gateway.boards.deposits()
    _to_reckon(gateway, reckoned=False)
    read = gateway.boards.deposits()
    _to_reckon(gateway, reckoned=True)
    assert summed.complete
    assert summed == replace(read, complete=True)
    return summed


def _news(gateway: Gateway, diary: Any, days: int = 0) -> None:
    diary.passes(days=days, minutes=1)
    gateway.jobs.run_due()
    gateway.jobs.run(DELTA, "c1", {"connection_id": "c1"})
    gateway.jobs.run_due()


@pytest.fixture
def sent(gateway: Gateway, online: Connection, invoicing: Any, diary: Any) -> list[int]:
    """Twelve invoices, integrated: their identifiers at Chorus Pro."""
    ids = [invoicing.accept(gateway, f"F-{rank}").deposit.id for rank in range(12)]
    for _ in range(6):
        gateway.jobs.run_due()
        diary.passes(seconds=10)
    found = [gateway.outbox.get(one) for one in ids]
    assert {one.state for one in found} == {DepositState.INTEGRATED}
    return [one.id_facture for one in found if one.id_facture]


@pytest.mark.parametrize("seed", [1, 2])
def test_on_any_day_the_sums_are_what_the_histories_say(
    gateway: Gateway, sent: list[int], bench: Any, diary: Any, seed: int
) -> None:
    """Whatever chance says of nine of them, one waits, one is suspended and one is paid."""
    chance, (_waits, paused, paid, *others) = random.Random(seed), sent
    bench.control("POST", f"/factures/{paused}/statut", statut="SUSPENDUE", motif="Pièce manquante")
    bench.control("POST", f"/factures/{paid}/statut", statut="MISE_EN_PAIEMENT")
    seen = [_board(gateway)]
    for _ in range(12):
        for one in chance.sample(others, 4):
            bench.control("POST", f"/factures/{one}/statut", statut=chance.choice(STATUSES), motif="Pièce manquante")
        _news(gateway, diary, days=chance.randrange(1, 9))
        if chance.random() < 0.3:
            gateway.boards.set_kind(BODY, chance.choice(("ordinaire", "sante", "entreprise")), "bob@val-fictif.fr")
        seen.append(_board(gateway))
    gateway.boards.set_kind(BODY, "ordinaire", "bob@val-fictif.fr")
    _news(gateway, diary, days=60)
    seen.append(_board(gateway))
    assert max(one.late for one in seen) > 0
    assert max(one.paused for one in seen) > 0
    assert min(one.open for one in seen) < 12


def test_a_body_of_health_has_fifty_days_to_pay_what_was_sent(gateway: Gateway, sent: list[int], diary: Any) -> None:
    _news(gateway, diary, days=40)
    assert _board(gateway).late == 12
    gateway.boards.set_kind(BODY, "sante", "bob@val-fictif.fr")
    assert (_board(gateway).late, _board(gateway).open) == (0, 12)


def test_deposits_older_than_the_columns_are_read_then_reckoned_by_the_sweep(
    gateway: Gateway, sent: list[int], diary: Any
) -> None:
    _news(gateway, diary, days=40)
    with gateway.store.begin() as conn:
        conn.execute(deposits.update().values(starts_on=None, due_on=None, reckoned=False))
    assert gateway.boards.deposits().late == 12, "read, while there is something to reckon"
    gateway.jobs.run(SWEEP, "*", {})
    assert _board(gateway).late == 12


def test_what_a_person_decides_had_arrived_is_awaited(
    gateway: Gateway, offline: Connection, invoicing: Any, diary: Any
) -> None:
    deposit = invoicing.accept(gateway, "F-1").deposit
    with gateway.store.begin() as conn:
        conn.execute(deposits.update().values(state=DepositState.TO_DECIDE.value))
    assert _board(gateway).open == 0
    gateway.outbox.decide(deposit.id, sent=True, actor="bob@val-fictif.fr")
    assert _board(gateway).open == 1
    diary.passes(days=32)
    board = _board(gateway)
    assert (board.late, board.lines[0].invoice.id, board.lines[0].standing.late_by) == (1, deposit.id, 2)


def test_no_more_lines_are_read_than_are_shown(gateway: Gateway, sent: list[int], diary: Any) -> None:
    _news(gateway, diary, days=40)
    whole, some = gateway.boards.deposits(), gateway.boards.deposits(lines=5)
    assert some.lines == whole.lines[:5]
    assert replace(some, lines=()) == replace(whole, lines=())


def test_a_paid_invoice_weighs_nothing_in_the_index_of_the_board(
    gateway: Gateway, sent: list[int], bench: Any, diary: Any
) -> None:
    for one in sent:
        bench.control("POST", f"/factures/{one}/statut", statut="MISE_EN_PAIEMENT")
    _news(gateway, diary, days=2)
    with gateway.store.read() as conn:
        kept = conn.execute(sa.select(deposits.c.starts_on, deposits.c.due_on).distinct()).all()
    assert kept == [(None, None)]
    assert _board(gateway).open == 0
