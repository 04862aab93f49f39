"""The boards: what is late, why, by service and supplier, and how long payment took; exports of the same invoices."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from raccord.domain.errors import Invalid, NotFound
from raccord.domain.reception import Reception
from raccord.engine.exporting import ExportQuery
from raccord.engine.gateway import Gateway
from raccord.store import journal

Receive = Callable[..., Reception]


def test_the_board_tells_what_is_late_and_why(gateway: Gateway, receive: Receive) -> None:
    receive(1, days_ago=45)
    receive(2, days_ago=40, service_name="Écoles", status="MANDATEE")
    receive(3, days_ago=45, status="SUSPENDUE")
    receive(4, days_ago=25)
    receive(5, days_ago=1)
    receive(6, days_ago=90, status="REJETEE")
    board = gateway.boards.receptions()
    assert [(line.invoice.number, line.standing.late_by) for line in board.lines] == [
        ("F-1", 15),
        ("F-2", 10),
        ("F-4", 0),
    ]
    assert [line.why for line in board.lines] == [
        "Chez l’ordonnateur, à traiter", "Chez le comptable", "Chez l’ordonnateur, à traiter",
    ]  # fmt: skip
    assert (board.open, board.late, board.paused, board.late_amount) == (5, 2, 1, Decimal("2400.00"))
    assert board.indemnity == Decimal("80.00")
    assert board.interest > 0
    assert [(share.name, share.late) for share in board.by_service] == [("Voirie", 1), ("Écoles", 1)]
    assert [share.invoices for share in board.ages] == [1, 0, 1, 3, 0]
    assert board.complete


def test_a_hospital_has_fifty_days(gateway: Gateway, receive: Receive) -> None:
    receive(1, days_ago=45)
    assert gateway.boards.set_kind("12345678200051", "sante", "user/alice").value == "sante"
    assert gateway.boards.of_reception("r-1").standing.days_left == 5
    gateway.boards.set_kind("12345678200051", "ordinaire", "user/alice")
    assert gateway.boards.of_reception("r-1").standing.late_by == 15
    with pytest.raises(Invalid):
        gateway.boards.set_kind("12345678200051", "banque", "cli")
    with pytest.raises(Invalid):
        gateway.boards.set_kind("123", "sante", "cli")
    with pytest.raises(NotFound):
        gateway.boards.of_reception("r-9")


def test_the_journal_tells_of_the_suspension_that_the_present_status_hides(gateway: Gateway, receive: Receive) -> None:
    receive(1, days_ago=45, status="COMPLETEE", platform_status_at=gateway.clock() - timedelta(days=10))
    assert gateway.boards.of_reception("r-1").standing.late_by == 15
    with gateway.store.begin() as conn:
        for days, status in ((40, "MISE_A_DISPOSITION"), (30, "SUSPENDUE"), (10, "COMPLETEE")):
            at = (gateway.clock() - timedelta(days=days)).isoformat()
            event = gateway.ground.event("reception/r-1", "reception.status", status=status, at=at)
            journal.append(conn, event)
    assert gateway.boards.of_reception("r-1").standing.days_left == 20


def test_the_delays_of_payment_are_told_by_month(gateway: Gateway, receive: Receive) -> None:
    now = gateway.clock()
    for rank, (ago, paid) in enumerate([(40, 0), (20, 0), (50, 0)]):
        receive(rank, days_ago=ago, status="MISE_EN_PAIEMENT", platform_status_at=now - timedelta(days=paid))
    (month,) = gateway.boards.delays_of_receptions()
    assert (month.paid, month.average_days, month.in_time) == (3, Decimal("36.7"), 1)
    assert gateway.boards.delays_of_deposits() == ()


def test_exports_hold_every_page_of_the_list(gateway: Gateway, receive: Receive, watch: Any, invoice: Any) -> None:
    for rank in range(3):
        receive(rank)
    watch.lay("f.xml", invoice("F-1"))
    watch.look()
    made = gateway.exports.make(ExportQuery("receptions"))
    assert made.name.endswith(".csv")
    assert made.whole().decode("utf-8-sig").count("\r\n") == 4
    assert "F-1" in gateway.exports.make(ExportQuery("depots")).whole().decode()
    assert gateway.exports.make(ExportQuery("ecritures")).whole().decode().count("401000") == 3
    assert gateway.exports.make(ExportQuery("depots", "xlsx")).whole().startswith(b"PK")
    with pytest.raises(Invalid):
        gateway.exports.make(ExportQuery("tout"))


def test_exports_say_the_deadline_in_the_words_of_the_board(gateway: Gateway, receive: Receive) -> None:
    receive(1, days_ago=45)
    receive(2, days_ago=25)
    receive(3, days_ago=45, status="SUSPENDUE")
    receive(4, days_ago=45, status="MISE_EN_PAIEMENT", platform_status_at=gateway.clock())
    receive(5, days_ago=45, status="REJETEE")
    text = gateway.exports.make(ExportQuery("receptions")).whole().decode("utf-8-sig")
    head, *lines = (line.split(";") for line in text.splitlines())
    rows = {line[0]: dict(zip(head, line, strict=True)) for line in lines}
    assert [rows[f"F-{rank}"]["Délai de paiement"] for rank in range(1, 6)] == [
        "15\u00a0jours de retard", "5\u00a0jours restants", "Délai suspendu", "Payée avec 15\u00a0jours de retard",
        "Sans suite",
    ]  # fmt: skip
    assert (rows["F-1"]["Jours restants"], rows["F-1"]["Indemnité de retard"]) == ("-15", "40,00")
    assert rows["F-1"]["Échéance"] == f"{gateway.boards.today - timedelta(days=15):%d/%m/%Y}"
    assert rows["F-3"]["Échéance"] == rows["F-2"]["Indemnité de retard"] == ""


def test_entries_take_the_amount_without_vat_from_the_pivot(gateway: Gateway, receive: Receive) -> None:
    from raccord.domain.reception import Document
    from raccord.store import receptions
    from raccord.store.tables.core import documents

    one = receive(1)
    data = b"<f><Montants><MontantHT>1000.00</MontantHT><MontantTTC>1200.00</MontantTTC></Montants></f>"
    pivot = Document("pivot", "p.xml", "application/xml", gateway.archive.put(data), len(data))
    with gateway.store.begin() as conn:
        conn.execute(documents.update().where(documents.c.kind == "pivot").values(sha256=pivot.sha256))
        assert receptions.get(conn, one.id).documents[0].sha256 == pivot.sha256
    lines = gateway.exports.make(ExportQuery("ecritures")).whole().decode().splitlines()[1:]
    assert [line.split(";")[6:8] for line in lines] == [["1000,00", ""], ["200,00", ""], ["", "1200,00"]]
