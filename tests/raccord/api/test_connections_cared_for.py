"""Programs that keep many connections: imported by a CSV, dated, renamed, removed, their lights read over time."""

from __future__ import annotations

from typing import Any

import httpx2

from raccord.domain.roles import Permission

TOWN = "21970999400017"


def test_accounts_are_tried_then_imported_and_dated(office: Any) -> None:
    model = office.connect()
    program = office.program(Permission.READ, Permission.CONFIGURE)
    town = office.simulator.account(TOWN)
    body = {
        "csv": f"nom;identifiant;mot_de_passe\nCommune;{town['login']};{town['password']}\nVide;;\n",
        "like": model.label,
    }
    tried = program.post("connections/import", json=body)
    assert [one["outcome"] for one in tried.json()] == ["created", "refused"]
    assert town["password"] not in tried.text
    assert program.get("connections/Commune").status_code == 404
    assert program.post("connections/import", json={**body, "dry_run": False}).status_code == 200
    office.gateway.connections.watch()
    assert program.get("connections/Commune").json()["light"] == "vert"
    dated = program.put("connections/Commune/expiry", json={"expires_at": "2027-03-01T23:59:59+01:00"})
    assert dated.status_code == 200
    history = program.get("connections/Commune/history").json()
    assert history[-1]["light"] == "vert"
    assert history[0]["seconds"] is None


def test_a_connection_is_renamed_closed_and_removed(office: Any) -> None:
    made = office.connect()
    program = office.program(Permission.READ, Permission.CONFIGURE)
    assert program.patch(f"connections/{made.id}", json={"label": "Siège", "enabled": False}).json()["label"] == "Siège"
    with office.gateway.vault.open(f"connection/{made.id}/client_secret") as kept:
        assert kept.reveal() == office.simulator.application()["client_secret"], "an absent secret keeps the old one"
    assert program.patch(f"connections/{made.id}", json={"inconnu": 1}).status_code == 400
    assert program.delete(f"connections/{made.id}").status_code == 204
    assert program.get(f"connections/{made.id}").status_code == 404


def test_the_metrics_name_the_cause(office: Any) -> None:
    made = office.connect()
    office.simulator.control.expire(made.login)
    office.gateway.connections.test(made.id, "cli", force=True)
    text = httpx2.get(f"{office.url}/metrics", timeout=60).text
    assert 'raccord_connection_light{connection="Entreprise",light="rouge"} 1.0' in text
    assert 'raccord_connection_cause{cause="TEC-' in text
