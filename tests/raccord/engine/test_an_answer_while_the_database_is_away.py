"""Chorus Pro answered, and the database is away: the answer is kept, and written when the database is back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
import sqlalchemy as sa

from choruspro.records import CallRecord
from raccord.domain.deposit import DepositState
from raccord.domain.errors import Unavailable
from raccord.engine.foundation.doubt import find_orphans
from raccord.engine.gateway import Gateway
from raccord.store import flux


class Absence:
    """The database goes away when the next deposit has been answered, or not, until `over()`."""

    def __init__(self) -> None:
        self.awaited, self.away = True, False

    def after_a_call(self, _connection_id: str, record: CallRecord) -> None:
        """What the gateway tells of each call."""
        if self.awaited and record.operation == "factures/deposer/flux":
            self.awaited, self.away = False, True

    def over(self) -> None:
        """The database is back."""
        self.away = False

    def stands_between(self, gateway: Gateway) -> None:
        """Refuse the connections of this gateway while the database is away, in the words of its driver."""

        @sa.event.listens_for(gateway.store.engine, "checkout")
        def refuse(*_: object) -> None:
            if self.away:
                raise sa.exc.OperationalError("", None, Exception("connection refused"))


@pytest.fixture
def absence() -> Absence:
    return Absence()


@pytest.fixture
def gateway(make_gateway: Callable[..., Gateway], absence: Absence) -> Iterator[Gateway]:
    built = make_gateway(on_call=absence.after_a_call)
    absence.stands_between(built)
    yield built
    absence.over()


def _work_without_database(gateway: Gateway, absence: Absence) -> None:
    with suppress(Unavailable):
        for _ in range(4):
            gateway.jobs.run_due()
    assert absence.away


@pytest.mark.parametrize("fault", ["", "after", "before"])
def test_what_was_heard_is_written_as_soon_as_the_database_is_back(
    gateway: Gateway, online: Any, bench: Any, invoicing: Any, absence: Absence, diary: Any, fault: str
) -> None:
    first, second = (invoicing.accept(gateway, number).deposit for number in ("F-1", "F-2"))
    if fault:
        bench.fails("reset", when=fault)
    _work_without_database(gateway, absence)
    absence.over()
    gateway.jobs.settle()
    with gateway.store.read() as conn:
        assert not flux.unanswered(conn), "no sender is waited for: this process knows what became of its call"
    heard = DepositState.UNCERTAIN if fault else DepositState.SENT
    assert {gateway.outbox.get(one.id).state for one in (first, second)} == {heard}
    for _ in range(20):
        gateway.jobs.run_due()
        diary.passes(minutes=10)
    assert {gateway.outbox.get(one.id).state for one in (first, second)} == {DepositState.INTEGRATED}
    assert sorted(bench.received()) == ["F-1", "F-2"]


def test_an_answer_written_late_leaves_alone_what_was_concluded_meanwhile(
    gateway: Gateway, online: Any, bench: Any, invoicing: Any, absence: Absence, diary: Any
) -> None:
    deposit = invoicing.accept(gateway, "F-1").deposit
    _work_without_database(gateway, absence)
    absence.over()
    owed, gateway.jobs._unwritten = gateway.jobs._unwritten, type(gateway.jobs._unwritten)()
    diary.passes(minutes=10)  # another process takes this one for dead, and asks
    find_orphans(gateway.ground)
    for _ in range(10):
        gateway.jobs.run_due()
        diary.passes(minutes=10)
    kinds = [event.kind for event in gateway.outbox.events(deposit.id)]
    gateway.jobs._unwritten = owed
    gateway.jobs.settle()
    assert [event.kind for event in gateway.outbox.events(deposit.id)] == kinds
    assert gateway.outbox.get(deposit.id).state is DepositState.INTEGRATED
    assert bench.received() == ["F-1"]
