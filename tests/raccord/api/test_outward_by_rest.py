"""What programs ask of the outward rooms by REST: consumers, webhooks, exports, deadlines."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from raccord.domain.roles import Permission, Role

ROOT = Path(__file__).resolve().parents[3]
ALL = (Permission.READ, Permission.DEPOSIT, Permission.PROCESS, Permission.CONFIGURE)
TOWN = "21970999400017"


@pytest.fixture
def program(office: Any) -> Any:
    """A program that may do everything."""
    return office.program(*ALL)


def test_a_program_asks_for_letters_of_the_day_and_reads_them_beforehand(office: Any, program: Any) -> None:
    wish = {"recipient": "role/comptable", "side": "receptions", "hour": 8}
    made = program.post("digests", json=wish)
    assert made.status_code == 201, made.text
    office.user(Role.COMPTABLE)
    (letter,) = program.get(f"digests/{made.json()['id']}/preview").json()
    assert (letter["to"], letter["leaves"]) == (["comptable@exemple.fr"], False)
    assert program.post("digests/preview", json=wish | {"always": True}).json()[0]["leaves"]
    assert (
        program.post("digests", json=wish | {"recipient": "role/maire"}).json()["code"] == "RECAPITULATIF_DESTINATAIRE"
    )
    assert program.delete(f"digests/{made.json()['id']}").status_code == 204
    assert program.get("digests").json() == []


def _receive(office: Any, count: int) -> None:
    """The firm deposits, the town receives: through the real simulator."""
    firm, town = office.connect(), office.connect(TOWN, "Mairie")
    structure = next(one for one in office.gateway.connections.structures(town.id) if one.is_recipient)
    office.gateway.inbox.begin(structure.id, office.hours(), "cli")
    for rank in range(count):
        office.gateway.outbox.accept(_new(office, firm.id, f"F-{rank}"))
    office.work(turns=20, seconds=120)


def _new(office: Any, connection_id: str, number: str) -> Any:
    from raccord.domain.deposit import NewDeposit

    return NewDeposit(connection_id, office.invoice(number), f"{number}.xml")


def test_the_reference_consumer_takes_each_invoice_once(office: Any, program: Any, tmp_path: Path) -> None:
    _receive(office, 3)
    waiting = program.get("consumers/comptabilite/receptions").json()["items"]
    assert len(waiting) >= 3
    key = program.headers["Authorization"].removeprefix("Bearer ")
    environ = {**os.environ, "RACCORD_URL": office.url, "RACCORD_CLE": key}
    command = [sys.executable, str(ROOT / "examples" / "consommateur.py"), str(tmp_path / "factures")]
    first = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=240, check=True)
    again = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=240, check=True)
    assert first.stdout == f"{len(waiting)} facture(s) rangée(s).\n"
    assert again.stdout == "0 facture(s) rangée(s).\n"
    kept = {path.parent.name for path in (tmp_path / "factures").rglob("facture.json")}
    assert kept == {one["id"] for one in waiting}
    assert program.get("consumers").json()[0]["name"] == "comptabilite"


def test_exports_boards_and_periods_answer(office: Any, program: Any) -> None:
    _receive(office, 1)
    made = program.get("exports/depots", params={"since": "2020-01-01"})
    assert made.headers["content-type"].startswith("text/csv")
    assert "F-0" in made.text
    assert program.get("exports/receptions", params={"format": "xlsx"}).content.startswith(b"PK")
    board = program.get("deadlines/receptions").json()
    assert (board["open"] >= 1, board["soon"], board["late"]) == (True, 0, 0)
    office.hours.pass_by(26 * 86_400)
    near = program.get("deadlines/receptions").json()
    assert (near["soon"], near["late"]) == (board["open"], 0)
    reception = program.get("consumers/x/receptions").json()["items"][0]
    before = program.get(f"receptions/{reception['id']}/deadline").json()["standing"]
    siret = reception["recipient_siret"]
    assert program.put(f"deadlines/bodies/{siret}", json={"kind": "sante"}).json() == {"kind": "sante"}
    after = program.get(f"receptions/{reception['id']}/deadline").json()["standing"]
    assert after["days_left"] == before["days_left"] + 20
    deposit = program.get("deposits").json()["items"][0]
    assert program.get(f"deposits/{deposit['id']}/deadline").json()["standing"]["late_by"] == 0
    assert program.get("deadlines/deposits").json()["complete"] is True


def test_what_cannot_be_done_is_a_problem_with_its_code(office: Any, program: Any) -> None:
    asked = {
        ("GET", "exports/tout"): (422, "EXPORT_INCONNU"),
        ("GET", "consumers/a%20b/receptions"): (422, "CONSOMMATEUR_NOM"),
        ("GET", "webhooks/absent"): (404, "WEBHOOK_INCONNU"),
        ("GET", "receptions/absent/deadline"): (404, "FACTURE_INCONNUE"),
        ("DELETE", "webhooks/absent"): (404, "WEBHOOK_INCONNU"),
    }
    for (method, path), (status, code) in asked.items():
        answer = program.request(method, path)
        assert (answer.status_code, answer.json()["code"]) == (status, code), path
    inside = {"label": "ERP", "url": "http://127.0.0.1/", "kinds": ["deposit"]}
    answer = program.post("webhooks", json=inside)
    assert (answer.status_code, answer.json()["code"]) == (422, "WEBHOOK_ADRESSE_PRIVEE")
    ack = program.post("consumers/x/ack", json={"after": 0, "through": 5})
    assert (ack.status_code, ack.json()["code"]) == (422, "CONSOMMATEUR_PLACE")


def test_a_webhook_lives_by_rest_and_shows_its_secret_once(office: Any, program: Any) -> None:
    new = {"label": "ERP", "url": "https://93.184.216.34/raccord", "kinds": ["deposit", "reception.stored"]}
    made = program.post("webhooks", json=new)
    assert made.status_code == 201
    assert made.json()["secret"].startswith("rws_")
    place = f"webhooks/{made.json()['id']}"
    assert program.get(place).json()["secret"] is None
    assert program.patch(place, json={"active": False}).json()["active"] is False
    assert program.post(f"{place}/replay", json={"after": 0}).json()["active"] is True
    assert program.post(f"{place}/secret").json()["secret"] != made.json()["secret"]
    assert program.get(f"{place}/deliveries").json() == []
    assert program.delete(place).status_code == 204
    assert program.get("webhooks").json() == []


def test_a_key_that_only_reads_moves_nothing(office: Any) -> None:
    reader = office.program(Permission.READ)
    assert reader.post("consumers/x/ack", json={"after": 0, "through": 0}).status_code == 403
    assert reader.get("webhooks").status_code == 403
    assert reader.put("deadlines/bodies/12345678200051", json={"kind": "sante"}).status_code == 403
