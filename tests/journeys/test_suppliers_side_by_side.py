"""Two suppliers by one connection, a third by another: what stops one stops no other."""

from __future__ import annotations

from typing import Any

from chorus_simulator.seeds import SUBCONTRACTOR
from raccord.domain.secrets import Secret
from raccord.store.deposits import DepositQuery

GROUP, AGENCY = "73282932000074", "12345678200077"
"""Two suppliers of one group, that one technical account serves."""


def test_two_suppliers_by_one_connection_leave_together_and_are_followed_apart(voyage: Any) -> None:
    group = voyage.connect(GROUP)
    served = {one.siret for one in voyage.gateway.connections.structures(group) if one.is_supplier}
    assert {GROUP, AGENCY} <= served
    first, second = (
        voyage.deposit(group, voyage.invoice("DUO-1", one)) for one in (GROUP, AGENCY)
    )  # one number, two firms
    voyage.passes(seconds=10)
    assert voyage.states(first, second) == ["integrated", "integrated"]
    assert len({voyage.again(one).numero_flux for one in (first, second)}) == 1, "one call for both"
    voyage.simulator.control.status(voyage.again(second).id_facture, "SUSPENDUE", motif="Bon absent")
    voyage.passes(turns=6, hours=1)
    assert [voyage.status(one) for one in (first, second)] == ["MISE_A_DISPOSITION", "SUSPENDUE"]
    assert _numbers(voyage, supplier_siret=AGENCY, platform_status="SUSPENDUE") == ["DUO-1"]


def test_two_connections_at_once_each_with_its_suppliers(voyage: Any) -> None:
    group, other = voyage.connect(GROUP), voyage.connect(SUBCONTRACTOR)
    sent = [
        voyage.deposit(group, voyage.invoice("TRIO-1", GROUP)), voyage.deposit(group, voyage.invoice("TRIO-2", AGENCY)),
        voyage.deposit(other, voyage.invoice("TRIO-3", SUBCONTRACTOR)),
    ]  # fmt: skip
    voyage.passes(seconds=10)
    assert voyage.states(*sent) == ["integrated"] * 3
    for deposit, status in zip(sent, ("MANDATEE", "REJETEE", "MISE_EN_PAIEMENT"), strict=True):
        number = voyage.again(deposit).id_facture
        voyage.simulator.control.status(number, status, motif="Montant erroné" if status == "REJETEE" else "")
    voyage.passes(turns=6, hours=1)
    assert [voyage.status(one) for one in sent] == ["MANDATEE", "REJETEE", "MISE_EN_PAIEMENT"]
    assert _numbers(voyage, connection_id=group) == ["TRIO-1", "TRIO-2"]
    assert _numbers(voyage, connection_id=other) == ["TRIO-3"]


def test_one_held_back_or_refused_stops_none_of_the_others(voyage: Any) -> None:
    group, other = voyage.connect(GROUP), voyage.connect(SUBCONTRACTOR)
    voyage.gateway.outbox.pause(group, "cli")
    held = [
        voyage.deposit(group, voyage.invoice("SEUL-1", GROUP)),
        voyage.deposit(group, voyage.invoice("SEUL-2", AGENCY)),
    ]
    free = voyage.deposit(other, voyage.invoice("SEUL-3", SUBCONTRACTOR))
    voyage.passes(seconds=10)
    assert voyage.states(*held, free) == ["ready", "ready", "integrated"]
    voyage.gateway.outbox.resume(group, "cli")
    voyage.simulator.control.expire(voyage.simulator.account(GROUP)["login"])
    later = voyage.deposit(other, voyage.invoice("SEUL-4", SUBCONTRACTOR))
    voyage.passes(seconds=10)
    assert voyage.states(*held, later) == ["ready", "ready", "integrated"], "the refused account waits, the other works"
    account = voyage.simulator.account(GROUP)
    voyage.simulator.control.password(account["login"], "Renouvele-2026!")
    again = voyage.gateway.connections.enter_candidate(group, account["login"], Secret("Renouvele-2026!"), "cli")
    assert again.promoted
    voyage.passes(seconds=10)
    assert voyage.states(*held) == ["integrated", "integrated"]
    numbers = [row["numero"] for row in voyage.simulator.control.factures() if "SEUL" in row["numero"]]
    assert sorted(numbers) == ["SEUL-1", "SEUL-2", "SEUL-3", "SEUL-4"]


def _numbers(voyage: Any, **query: Any) -> list[str]:
    return sorted(one.number for one in voyage.gateway.outbox.search(DepositQuery(**query)).items)
