"""A reconciliation is made by one at a time, and a file that cannot be downloaded does not hold the others back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from raccord.domain.deposit import DepositState
from raccord.domain.errors import Conflict
from raccord.engine.reconciliation.difference import Finding
from raccord.store import leases
from raccord.store.deposits import DepositQuery
from raccord.store.tables.core import deposits

if TYPE_CHECKING:
    from raccord.domain.connection import Connection
    from raccord.engine.gateway import Gateway


def _lost(gateway: Gateway, diary: Any, invoicing: Any, *numbers: str) -> list[int]:
    """Invoices that Chorus Pro holds and that the database has forgotten."""
    for number in numbers:
        invoicing.accept(gateway, number)
    for _ in range(12):
        gateway.jobs.run_due()
        diary.passes(minutes=5)
    found = gateway.outbox.search(DepositQuery()).items
    assert {one.state for one in found} == {DepositState.INTEGRATED}
    with gateway.store.begin() as conn:
        conn.execute(deposits.delete())
    return [one.id_facture or 0 for one in found]


def test_two_never_take_the_same_invoices_back(
    gateway: Gateway, online: Connection, bench: Any, diary: Any, invoicing: Any
) -> None:
    _lost(gateway, diary, invoicing, "F-1")
    now = gateway.clock()
    with gateway.store.begin() as conn:
        assert leases.claim(conn, "reconcile/c1", "another", now, now.replace(year=now.year + 1))
    with pytest.raises(Conflict, match="RAPPROCHEMENT_EN_COURS"):
        gateway.reconciliation.apply("c1", "alice")
    assert gateway.reconciliation.compare("c1").counts == {Finding.RECOVERED: 1}
    with gateway.store.begin() as conn:
        leases.release(conn, "reconcile/c1", "another")
    for expected in (1, 0):
        assert gateway.reconciliation.apply("c1", "alice").total == expected
    assert [one.number for one in gateway.outbox.search(DepositQuery()).items] == ["F-1"]


def test_an_invoice_that_cannot_be_downloaded_is_followed_all_the_same(
    gateway: Gateway, online: Connection, bench: Any, diary: Any, invoicing: Any
) -> None:
    ids = _lost(gateway, diary, invoicing, "F-1", "F-2", "F-3")
    bench.fails("too_large", "*/telecharger/groupe", facture=ids[1], count=50)
    assert gateway.reconciliation.apply("c1", "alice").counts == {Finding.RECOVERED: 3}
    found = {one.id_facture: one for one in gateway.outbox.search(DepositQuery()).items}
    assert set(found) == set(ids)
    assert {key: bool(one.size) for key, one in found.items()} == {key: key != ids[1] for key in ids}
    assert all(one.amount_total and one.state is DepositState.INTEGRATED for one in found.values())
