"""The rest of the API: the light and the doctor, the receptions by a cursor, statuses, events, health, metrics."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx2
import pytest

from raccord.domain.roles import Permission

TOWN = "21970999400017"
ALL = (Permission.READ, Permission.DEPOSIT, Permission.PROCESS, Permission.CONFIGURE)


@pytest.fixture
def program(office: Any) -> Any:
    """A program that may do everything."""
    return office.program(*ALL)


def _connect(office: Any, program: Any, siret: str) -> str:
    application, account = office.simulator.application(), office.simulator.account(siret)
    body = {
        "label": "Par REST", "environment": "simulator", "base_url": office.simulator.base_url,
        "client_id": application["client_id"], "client_secret": application["client_secret"],
    }  # fmt: skip
    made = program.post("connections", json=body).json()["id"]
    account = {"login": account["login"], "password": account["password"]}
    assert program.post(f"connections/{made}/technical-account", json=account).json()["promoted"] is True
    return str(made)


def test_a_connection_is_made_tested_and_diagnosed_by_rest(office: Any, program: Any) -> None:
    made = _connect(office, program, TOWN)
    assert program.get(f"connections/{made}").json()["light"] == "vert"
    office.hours.pass_by(86_400)
    office.simulator.control.expire(office.simulator.account(TOWN)["login"])
    verdict = program.post(f"connections/{made}/test").json()
    assert verdict["light"] == "rouge"
    assert verdict["suspicions"][0]["code"].startswith("TEC-")
    assert verdict["suspicions"][0]["steps"]
    assert program.get(f"connections/{made}/verdict").json()["suspicions"] == verdict["suspicions"]


def test_no_answer_ever_holds_a_secret(office: Any, program: Any) -> None:
    made = _connect(office, program, TOWN)
    secrets = [office.simulator.account(TOWN)["password"], office.simulator.application()["client_secret"]]
    for path in ("connections", f"connections/{made}", f"connections/{made}/verdict", "events", "structures"):
        text = program.get(path).text
        assert not [secret for secret in secrets if secret in text], path


def test_receptions_come_by_a_cursor_and_their_statuses_go_back(office: Any, program: Any) -> None:
    made = _connect(office, program, TOWN)
    structure = next(one for one in program.post(f"connections/{made}/structures").json() if one["is_recipient"])
    office.simulator.control.invoices(TOWN, 3)
    day = (office.hours() - timedelta(days=10)).date().isoformat()
    assert program.get(f"structures/{structure['id']}/backlog", params={"since": day}).json()["total"] == 3
    program.post(f"structures/{structure['id']}/begin", json={"since": f"{day}T00:00:00Z"})
    office.work()
    first = program.get("receptions", params={"limit": 2}).json()
    rest = program.get("receptions", params={"after": first["next"]}).json()
    assert [len(first["items"]), len(rest["items"])] == [2, 1]
    assert program.get("receptions", params={"after": rest["next"]}).json() == {"items": [], "next": rest["next"]}

    reception = first["items"][0]
    document = reception["documents"][0]
    data = program.get(f"receptions/{reception['id']}/documents/{document['sha256']}")
    assert len(data.content) == document["size"]
    refused = program.post(f"receptions/{reception['id']}/statuses", json={"target": "REJETEE"})
    assert (refused.status_code, refused.json()["code"]) == (422, "STATUT_MOTIF_OBLIGATOIRE")
    posted = program.post(f"receptions/{reception['id']}/statuses", json={"target": "SERVICE_FAIT"})
    assert posted.status_code == 202
    office.work()
    assert [one["state"] for one in program.get(f"receptions/{reception['id']}/statuses").json()] == ["done"]


def test_events_are_read_once_each_by_their_number(office: Any, program: Any) -> None:
    _connect(office, program, TOWN)
    everything = program.get("events", params={"limit": 1000}).json()
    some = program.get("events", params={"limit": 2}).json()
    rest = program.get("events", params={"after": some["next"], "limit": 1000}).json()
    assert some["items"] + rest["items"] == everything["items"]


def test_health_is_for_everybody_and_metrics_for_this_machine(office: Any, program: Any) -> None:
    _connect(office, program, TOWN)
    assert httpx2.get(f"{office.url}/healthz", timeout=60).json() == {"status": "ok", "light": "vert"}
    text = httpx2.get(f"{office.url}/metrics", timeout=60).text
    assert 'raccord_connection_light{connection="Par REST",light="vert"} 1.0' in text
    assert "raccord_password_days_left" in text
