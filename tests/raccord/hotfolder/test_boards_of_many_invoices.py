"""The sums of the database are the figures that a walk through every invoice gives, to the cent; the worst first."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from raccord.domain.deposit import NewDeposit
from raccord.domain.reach import Reach
from raccord.domain.reception import Reception
from raccord.engine import boards
from raccord.engine.foundation import due_dates
from raccord.engine.gateway import Gateway
from raccord.store import journal
from raccord.store.due_days import DEPOSITS
from raccord.store.tables.core import deposits

Receive = Callable[..., Reception]
STATUSES = ("MISE_A_DISPOSITION", "MANDATEE", "SUSPENDUE", "REJETEE", "MISE_EN_PAIEMENT", "COMPLETEE")


@pytest.fixture
def many(gateway: Gateway, receive: Receive) -> Gateway:
    """Sixty invoices of every kind, whose last days to pay are reckoned."""
    chance = random.Random(6)
    for rank in range(60):
        amount = Decimal(chance.randrange(1, 10_000_000)).scaleb(-2)
        receive(
            rank, status=chance.choice(STATUSES), days_ago=chance.randrange(0, 70), amount_due=amount,
            amount_total=None if rank % 9 == 0 else amount, supplier_name=chance.choice(["", "Bâti", "Voltaire"]),
            service_name=chance.choice(["", "Voirie", "Écoles"]), service_code=chance.choice(["", "SV"]),
        )  # fmt: skip
    due_dates.reckon_all(gateway.ground)
    return gateway


FIGURES = (
    "open", "late", "soon", "paused", "amount", "late_amount", "interest", "indemnity", "by_party", "by_service",
    "ages", "complete",
)  # fmt: skip


@pytest.fixture
def sent(gateway: Gateway, invoice: Callable[..., bytes]) -> Gateway:
    """Sixty deposits of every age, some of them suspended, or suspended once and completed since."""
    first = gateway.outbox.accept(NewDeposit("c1", invoice("F-0"), "F-0.xml")).deposit
    chance, now = random.Random(5), gateway.clock()
    with gateway.store.begin() as conn:
        row = dict(conn.execute(sa.select(deposits).where(deposits.c.id == first.id)).mappings().one())
        conn.execute(deposits.delete())
        for rank in range(60):
            since = now - timedelta(days=chance.randrange(0, 70))
            status = chance.choice(("MISE_A_DISPOSITION", "SUSPENDUE", "MANDATEE", "COMPLETEE"))
            amount = Decimal(chance.randrange(1, 10_000_000)).scaleb(-2)
            facts = {
                "id": f"d{rank}", "number": f"F-{rank}", "state": "integrated", "followed": True, "created_at": since,
                "platform_status": status, "platform_status_at": since, "amount_total": amount, "amount_due": amount,
                "recipient_name": chance.choice(["", "Val", "Mont"]), "service_code": chance.choice(["", "SV"]),
            }  # fmt: skip
            conn.execute(deposits.insert().values(row | facts))
            told = [status] if status != "COMPLETEE" else ["SUSPENDUE", "COMPLETEE"]
            for days, passed in enumerate(told):
                at = (since + timedelta(days=3 * days)).isoformat()
                journal.append(conn, gateway.ground.event(f"deposit/d{rank}", "deposit.status", status=passed, at=at))
    return gateway


def test_deposits_summed_make_the_board_of_deposits_read_at_once(
    sent: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = sent.boards.deposits("c1")
    due_dates.reckon_all(sent.ground)
    with sent.store.read() as conn:
        assert DEPOSITS.to_reckon(conn, 1) == ()
    summed = sent.boards.deposits("c1")
    assert (read.open, read.complete) == (60, True)
    assert min(read.late, read.soon, read.paused) > 0
    assert summed == read
    monkeypatch.setattr(boards, "_MOST", 5)
    assert sent.boards.deposits() == read
    monkeypatch.setattr(boards, "_LINES", 4)
    assert sent.boards.deposits().lines == read.lines[:4]
    assert sent.boards.within(Reach.of(["21970999400017"])).deposits().open == 0


def test_a_board_too_large_to_read_says_that_it_is_still_being_reckoned(
    sent: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(boards, "_MOST", 5)
    before = sent.boards.deposits()
    assert not before.complete
    due_dates.reckon_all(sent.ground)
    assert sent.boards.deposits().complete


def test_the_database_sums_to_the_cent_what_the_board_reads(many: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    read = many.boards.receptions("s1")
    monkeypatch.setattr(boards, "_MOST", 5)
    summed = many.boards.receptions("s1")
    assert read.late > 10
    assert read.interest > 0
    for name in FIGURES:
        assert getattr(summed, name) == getattr(read, name), name
    assert {line.invoice.id for line in summed.lines} == {line.invoice.id for line in read.lines}
    late = [line.standing.late_by for line in summed.lines]
    assert late == sorted(late, reverse=True)


def test_the_worst_are_shown_when_there_are_too_many_to_show(many: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = many.boards.receptions()
    monkeypatch.setattr(boards, "_MOST", 5)
    monkeypatch.setattr(boards, "_LINES", 7)
    some = many.boards.receptions()
    assert [line.standing.late_by for line in some.lines] == [line.standing.late_by for line in whole.lines[:7]]
    assert (some.late, some.late_amount) == (whole.late, whole.late_amount)


def test_exactly_as_many_as_a_board_reads_is_complete(many: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boards, "_MOST", many.boards.receptions().open)
    assert many.boards.receptions().complete


def test_whoever_sees_another_structure_sums_nothing_of_this_one(
    many: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(boards, "_MOST", -1)
    board = many.boards.within(Reach.of(["21970999400017"])).receptions()
    assert (board.open, board.lines, board.by_party) == (0, (), ())
    assert replace(many.boards.receptions(), lines=()).open > 0
