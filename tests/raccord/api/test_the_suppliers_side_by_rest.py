"""What a program may ask about what it sends: data instead of a file, an hour, an answer to a public body."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from raccord.domain.clock import PARIS
from raccord.domain.identifiers import Siret
from raccord.domain.roles import Permission
from raccord.formats import invoice_json
from raccord.formats.render import render_pdf
from raccord.formats.sample import make_invoice

ALL = (Permission.READ, Permission.DEPOSIT, Permission.PROCESS, Permission.CONFIGURE)
FIRM, TOWN = "45251785100010", "21970999400017"


@pytest.fixture
def program(office: Any) -> Any:
    """A program that may do everything, beside a connection that works."""
    office.connect()
    return office.program(*ALL)


def _invoice(office: Any, number: str, **more: Any) -> Any:
    parties = {"supplier": Siret.parse(FIRM), "recipient": Siret.parse(TOWN), "service": "SERV-TECH"}
    return make_invoice(7, number=number, issue_date=office.hours().astimezone(PARIS).date(), **parties, **more)


def test_data_become_a_deposit_by_either_road(office: Any, program: Any) -> None:
    first, second = _invoice(office, "J-1"), _invoice(office, "J-2")
    drawn = program.post("deposits", content=invoice_json.write(first), headers={"Content-Type": "application/json"})
    assert drawn.status_code == 201, drawn.text
    assert drawn.json()["syntax"] == "IN_DP_E2_CII_FACTURX"
    parts = {"file": ("J-2.pdf", render_pdf(second)), "data": ("J-2.json", invoice_json.write(second))}
    typed = program.post("deposits", files=parts, params={"road": "fields"})
    assert typed.status_code == 201, typed.text
    office.work()
    for taken in (drawn, typed):
        assert program.get(f"deposits/{taken.json()['id']}").json()["state"] == "integrated"
    kept = program.get(f"deposits/{typed.json()['id']}/files").json()
    assert [file["kind"] for file in kept] == ["terms", "pdf"]
    read = program.get(f"deposits/{typed.json()['id']}/files/{kept[0]['sha256']}")
    assert read.content == invoice_json.write(second)


def test_a_plain_pdf_is_refused_with_what_to_do(office: Any, program: Any) -> None:
    page = render_pdf(_invoice(office, "J-3"))
    refused = program.post("deposits", files={"file": ("J-3.pdf", page)})
    assert refused.status_code == 422
    assert refused.json()["code"] == "FICHIER_PDF_SANS_DONNEES"


def test_a_deposit_waits_for_its_hour_and_may_be_taken_back(office: Any, program: Any) -> None:
    hour = (office.hours() + timedelta(hours=3)).isoformat()
    kept = program.post("deposits", content=office.invoice("F-1"), params={"not_before": hour}).json()
    other = program.post("deposits", content=office.invoice("F-2"), params={"not_before": hour}).json()
    assert kept["not_before"]
    office.work(turns=3)
    assert program.get(f"deposits/{kept['id']}").json()["state"] == "ready"
    assert program.post(f"deposits/{other['id']}/cancel").json()["state"] == "cancelled"
    office.hours.pass_by(3 * 3600)
    office.work(turns=4)
    assert program.get(f"deposits/{kept['id']}").json()["state"] == "integrated"
    assert program.get(f"deposits/{other['id']}").json()["state"] == "cancelled"


def test_the_outbox_of_a_connection_is_held_back_and_let_go(office: Any, program: Any) -> None:
    (connection,) = program.get("connections").json()
    assert program.post(f"connections/{connection['id']}/pause").json()["paused"] is True
    held = program.post("deposits", content=office.invoice("F-1"), params={"urgent": "true"}).json()
    office.work(turns=2)
    assert program.get(f"deposits/{held['id']}").json()["state"] == "ready"
    assert program.post(f"connections/{connection['id']}/resume").json()["paused"] is False
    office.work(turns=3)
    assert program.get(f"deposits/{held['id']}").json()["state"] == "integrated"


def test_a_suspended_invoice_is_completed_by_a_program(office: Any, program: Any) -> None:
    taken = program.post("deposits", content=office.invoice("F-1")).json()
    office.work()
    seen = program.get(f"deposits/{taken['id']}").json()
    office.simulator.control.status(seen["id_facture"], "SUSPENDUE")
    office.gateway.jobs.run_due()
    assert program.get(f"deposits/{taken['id']}").json()["platform_status"] == seen["platform_status"]
    assert program.post(f"deposits/{taken['id']}/refresh").status_code == 202
    office.gateway.jobs.run_due()  # at once, without waiting for the hour of the next news
    suspended = program.get(f"deposits/{taken['id']}").json()
    assert "complétez" in suspended["next_step"]
    parts = {"file": ("piece.pdf", b"%PDF-1.4 piece")}
    given = program.post(f"deposits/{taken['id']}/answers", files=parts, data={"kind": "complete", "comment": "Voici."})
    assert given.status_code == 202, given.text
    office.work(turns=2)
    (answer,) = program.get(f"deposits/{taken['id']}/answers").json()
    assert answer["state"] == "done"
    told = program.get(f"deposits/{taken['id']}/history").json()["passages"]
    assert (told[0]["code"], told[0]["afnor"], told[0]["comment"]) == ("COMPLETEE", "209 Complétée", "Voici.")
    late = program.post(f"deposits/{taken['id']}/answers", content=json.dumps({"kind": "rejection"}))
    assert (late.status_code, late.json()["code"]) == (409, "REPONSE_HORS_DE_PROPOS")


def test_a_check_says_what_the_deposit_would_find(office: Any, program: Any) -> None:
    """The directory of the connection and the numbers already used are part of the answer."""
    program.post("deposits", content=office.invoice("F-1"))
    told = program.post("checks", content=office.invoice("F-1", commitment="ENG-9")).json()
    assert "CP-UNI-01" in {fault["code"] for fault in told["faults"]}
    assert told["sendable"] is False
    assert program.post("checks", content=office.invoice("F-2")).json()["sendable"] is True
