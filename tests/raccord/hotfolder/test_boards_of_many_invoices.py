"""Beyond what a board reads, the database sums: the same figures to the cent, and the worst invoices first."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from raccord.domain.reach import Reach
from raccord.domain.reception import Reception
from raccord.engine import boards
from raccord.engine.gateway import Gateway
from raccord.engine.receptions import due_dates

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


def test_the_database_sums_to_the_cent_what_the_board_reads(many: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    read = many.boards.receptions("s1")
    monkeypatch.setattr(boards, "_MOST", 5)
    summed = many.boards.receptions("s1")
    assert read.late > 10
    assert read.interest > 0
    figures = (
        "open", "late", "soon", "paused", "amount", "late_amount", "interest", "indemnity", "by_party", "by_service",
        "ages", "complete",
    )  # fmt: skip
    for name in figures:
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
