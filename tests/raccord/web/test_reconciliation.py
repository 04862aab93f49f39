"""After a restore, the page shows what Chorus Pro knows before it lets anybody resume sending."""

from __future__ import annotations

from typing import Any

import pytest

from raccord.domain.deposit import DepositState, NewDeposit
from raccord.domain.errors import Conflict
from raccord.domain.roles import Permission, Role
from raccord.store.deposits import DepositQuery
from raccord.store.tables.core import deposits

PLACE = "options/parametres/systeme/chorus-pro"


@pytest.fixture
def restored(office: Any) -> Any:
    """A connection as a restore leaves it: on hold, one deposit lost, the instant of the backup in the journal."""
    connection, gateway = office.connect(), office.gateway
    lost = gateway.outbox.accept(NewDeposit(connection.id, office.invoice("PERDUE-1"), "f.xml")).deposit
    office.work()
    assert gateway.outbox.get(lost.id).state is DepositState.INTEGRATED
    with gateway.store.begin() as conn:
        conn.execute(deposits.delete().where(deposits.c.id == lost.id))
    gateway.outbox.pause(connection.id, "cli")
    gateway.journal.note("house", "backup.restored", "cli", rows=1, secrets=True, made_at=gateway.clock().isoformat())
    return connection


def test_a_superviseur_sees_the_difference_then_takes_it_in_then_resumes(office: Any, restored: Any) -> None:
    boss, path = office.visitor(Role.SUPERVISEUR), f"{PLACE}/{restored.id}/rapprochement"
    assert "Rapprocher avant de reprendre" in boss.open(PLACE).text
    with pytest.raises(Conflict, match="restauré"):
        office.gateway.outbox.resume(restored.id, "alice@exemple.fr")
    boss.open(path)
    assert "PERDUE-1" in boss.text
    assert "Déposée depuis, absente de Raccord" in boss.text
    assert not office.gateway.outbox.search(DepositQuery()).items, "looking changes nothing"
    boss.send(f"/{path}")
    assert "Le rapprochement est fait" in boss.text
    found = office.gateway.outbox.search(DepositQuery()).items
    assert [(one.number, one.state) for one in found] == [("PERDUE-1", DepositState.INTEGRATED)]
    assert "disent la même chose" in boss.open(path).text
    boss.open(PLACE).send(f"{restored.id}/reprendre")
    assert not office.gateway.connections.get(restored.id).paused


def test_a_date_that_is_none_is_told_beside_its_field(office: Any) -> None:
    connection, boss = office.connect(), office.visitor(Role.SUPERVISEUR)
    boss.open(f"{PLACE}/{connection.id}/rapprochement?depuis=hier")
    assert (boss.status, "Cette date n’est pas lisible" in boss.text) == (400, True)


def test_a_platform_that_does_not_answer_is_told_on_the_page(office: Any, restored: Any) -> None:
    boss = office.visitor(Role.SUPERVISEUR)
    office.simulator.control.fault("503", "*/rechercher/fournisseur", count=20)
    boss.open(f"{PLACE}/{restored.id}/rapprochement")
    assert boss.status == 200
    assert "Réessayez dans quelques minutes" in boss.text


def test_a_program_sees_the_same_and_takes_it_in(office: Any, restored: Any) -> None:
    reader, program = office.program(Permission.READ), office.program(Permission.READ, Permission.DEPOSIT)
    path = f"connections/{restored.id}/reconciliation"
    assert program.post(f"connections/{restored.id}/resume").json()["code"] == "RAPPROCHEMENT_A_FAIRE"
    shown = reader.get(path).json()
    assert (shown["counts"], shown["applied"], shown["pending"]) == ({"recovered": 1}, False, True)
    assert [one["number"] for one in shown["lines"]] == ["PERDUE-1"]
    assert reader.post(path).status_code == 403
    done = program.post(path).json()
    assert (done["total"], done["applied"], done["pending"]) == (1, True, False)
    assert reader.get(path).json()["total"] == 0
    assert program.post(f"connections/{restored.id}/resume").json()["paused"] is False
    assert reader.get(path, params={"since": "hier"}).status_code == 400
