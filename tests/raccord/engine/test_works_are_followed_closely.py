"""A works document goes from desk to desk: news of it is asked often until its recipient has it."""

from __future__ import annotations

from typing import Any

import pytest

from raccord.domain.roles import Permission
from raccord.engine.deposits import delta


@pytest.mark.parametrize(
    ("status", "often"),
    [
        ("MISE_A_DISPOSITION_MOE", True),
        ("A_COMPLETER", True),
        ("TRANSMISE_MOA", True),
        ("PRISE_EN_COMPTE_DESTINATAIRE", False),
        ("MISE_A_DISPOSITION", False),
    ],
)
def test_news_are_asked_often_until_the_recipient_has_it(office: Any, status: str, often: bool) -> None:
    connection, gateway = office.connect(), office.gateway
    program = office.program(Permission.READ, Permission.DEPOSIT)
    taken = program.post("deposits", content=office.invoice("F-1")).json()
    office.work()
    seen = program.get(f"deposits/{taken['id']}").json()
    office.simulator.control.status(seen["id_facture"], status)
    office.work(turns=8, seconds=600)
    assert program.get(f"deposits/{taken['id']}").json()["platform_status"]["code"] == status
    with gateway.store.read() as conn:
        period = delta.period(conn, gateway.ground, connection.id)
    assert (period == gateway.ground.options.follow_period_s) is often
