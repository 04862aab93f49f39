"""The late filter of the inbox and the board of deadlines never disagree, whoever moves an invoice, on any day."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from raccord.domain.connection import Structure
from raccord.domain.reception import NewStatus
from raccord.engine.foundation.names import SWEEP
from raccord.store.due_days import RECEPTIONS
from raccord.store.receptions import ReceptionQuery

if TYPE_CHECKING:
    from raccord.engine.gateway import Gateway

TOWN = "21970999400017"


@pytest.fixture
def town(commune: Structure, gateway: Gateway, bench: Any, diary: Any) -> dict[str, int]:
    """A town that has fetched four invoices: their identifiers at Chorus Pro, by a name."""
    ids = bench.control("POST", "/factures", destinataire=TOWN, count=4)["ids"]
    gateway.inbox.begin("s1", diary() - timedelta(days=30), "bob@val-fictif.fr")
    gateway.jobs.run_due()
    return dict(zip(("waits", "done", "paid", "paused"), ids, strict=True))


def _late(gateway: Gateway) -> set[int]:
    """By the filter; and the board says the same."""
    found = gateway.inbox.search(ReceptionQuery(structure_id="s1", late_on=gateway.boards.today)).items
    board = {line.invoice.id for line in gateway.boards.receptions("s1").lines if line.standing.late_by}
    assert {one.id for one in found} == board
    return {one.id_facture for one in found}


def _of(gateway: Gateway, id_facture: int) -> str:
    return next(one.id for _, one in gateway.inbox.since(0) if one.id_facture == id_facture)


def _days(gateway: Gateway, diary: Any, days: int) -> None:
    diary.passes(days=days)
    gateway.jobs.run(SWEEP, "*", {})
    gateway.jobs.run_due()


def test_a_payment_a_suspension_and_a_service_done_move_the_day(
    gateway: Gateway, town: dict[str, int], bench: Any, diary: Any
) -> None:
    assert _late(gateway) == set()
    _days(gateway, diary, 10)
    for name, target, motif in (("done", "SERVICE_FAIT", ""), ("paused", "SUSPENDUE", "Pièce manquante")):
        gateway.statuses.post(NewStatus(_of(gateway, town[name]), target, motif=motif))
    gateway.jobs.run_due()
    bench.control("POST", f"/factures/{town['paid']}/statut", statut="MISE_EN_PAIEMENT")
    _days(gateway, diary, 19)
    assert _late(gateway) == set()
    _days(gateway, diary, 3)
    assert _late(gateway) == {town["waits"]}
    _days(gateway, diary, 10)
    assert _late(gateway) == {town["waits"], town["done"]}
    bench.control("POST", f"/factures/{town['waits']}/statut", statut="MISE_EN_PAIEMENT")
    _days(gateway, diary, 1)
    assert _late(gateway) == {town["done"]}


def test_a_body_of_health_has_fifty_days(gateway: Gateway, town: dict[str, int], diary: Any) -> None:
    _days(gateway, diary, 40)
    assert len(_late(gateway)) == 4
    gateway.boards.set_kind(TOWN, "sante", "bob@val-fictif.fr")
    assert _late(gateway) == set()


def test_rows_older_than_the_column_are_reckoned_by_the_sweep(
    gateway: Gateway, town: dict[str, int], diary: Any
) -> None:
    from raccord.store.tables.core import receptions as table

    with gateway.store.begin() as conn:
        conn.execute(table.update().values(due_on=None, reckoned=False))
        assert len(RECEPTIONS.to_reckon(conn, 10)) == 4
    _days(gateway, diary, 40)
    assert len(_late(gateway)) == 4
    with gateway.store.read() as conn:
        assert RECEPTIONS.to_reckon(conn, 10) == ()
