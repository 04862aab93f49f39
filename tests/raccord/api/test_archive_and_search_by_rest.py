"""What programs ask by REST: a search, a readable invoice, a dossier, a hold; the decisions of a validator."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest

from raccord.domain.clock import PARIS
from raccord.domain.deposit import NewDeposit
from raccord.domain.identifiers import Siret
from raccord.domain.roles import Permission
from raccord.formats.sample import make_invoice, write_sample

ALL = (Permission.READ, Permission.DEPOSIT, Permission.PROCESS, Permission.CONFIGURE)
TOWN, SUBCONTRACTOR = "21970999400017", "81234567800012"


@pytest.fixture
def program(office: Any) -> Any:
    """A program that may do everything."""
    return office.program(*ALL)


def _received(office: Any, number: str) -> str:
    firm, town = office.connect(), office.connect(TOWN, "Mairie")
    structure = next(one for one in office.gateway.connections.structures(town.id) if one.is_recipient)
    office.gateway.inbox.begin(structure.id, office.hours(), "cli")
    office.gateway.outbox.accept(NewDeposit(firm.id, office.invoice(number), f"{number}.xml"))
    office.work(turns=20, seconds=120)
    return next(one.id for _, one in office.gateway.inbox.since(0) if one.number == number)


def test_what_was_sent_and_received_is_found_by_a_line(office: Any, program: Any) -> None:
    reception_id = _received(office, "FAC-2026-0042")
    answer = program.get("search", params={"text": "fac-2026-00"}).json()
    assert {(one["kind"], one["number"]) for one in answer["items"]} == {
        ("reception", "FAC-2026-0042"), ("deposit", "FAC-2026-0042")
    }  # fmt: skip
    line = office.gateway.reading.invoice(reception_id).lines[0].item.name
    by_line = program.get("search", params={"text": line, "kind": "reception"}).json()["items"]
    assert [one["id"] for one in by_line] == [reception_id]
    first = program.get("search", params={"text": "FAC-2026-0042", "limit": 1}).json()
    rest = program.get("search", params={"text": "FAC-2026-0042", "limit": 1, "after": first["next"]}).json()
    assert {first["items"][0]["kind"], rest["items"][0]["kind"]} == {"reception", "deposit"}
    assert rest["next"] == ""
    assert program.get("receptions/search", params={"text": line}).json()["items"][0]["id"] == reception_id
    wrong = program.get("search", params={"text": "x", "kind": "tout"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "RECHERCHE_GENRE")


def test_a_reception_is_read_exported_and_held(office: Any, program: Any) -> None:
    reception_id = _received(office, "FAC-2026-0042")
    pdf = program.get(f"receptions/{reception_id}/pdf")
    assert pdf.headers["content-type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF")
    made = program.get(f"archive/dossiers/reception/{reception_id}")
    with zipfile.ZipFile(io.BytesIO(made.content)) as archive:
        assert {"manifest.json", "LISEZMOI.txt", "facture/lisible.pdf"} <= set(archive.namelist())
    subject = f"reception/{reception_id}"
    placed = program.post("archive/holds", json={"subject": subject, "reason": "contentieux"})
    assert placed.status_code == 201
    assert program.get("archive/holds", params={"subject": subject}).json() == [placed.json()]
    reader = office.program(Permission.READ)
    assert reader.delete(f"archive/holds/{placed.json()['id']}").status_code == 403
    assert program.delete(f"archive/holds/{placed.json()['id']}").json()["lifted_at"]
    assert program.get("archive/holds").json() == []
    office.gateway.archiving.seal()
    assert program.get("archive/seals").json()[0]["seq"] > 0


def test_a_program_validates_for_the_holder(office: Any, program: Any) -> None:
    holder, subcontractor = office.connect(), office.connect(SUBCONTRACTOR, "Sous-traitant")
    invoice = make_invoice(
        7, number="ST-1", supplier=Siret.parse(SUBCONTRACTOR), recipient=Siret.parse(TOWN), service="SERV-TECH",
        issue_date=office.hours().astimezone(PARIS).date(), cadre="A9",
    )  # fmt: skip
    office.gateway.outbox.accept(NewDeposit(subcontractor.id, write_sample(invoice, "cii"), "ST-1.xml"))
    office.work(turns=10, seconds=30)
    (waiting,) = program.get(f"connections/{holder.id}/validations").json()
    assert waiting["days_left"] == 15
    page = program.get(f"connections/{holder.id}/validations/{waiting['id_facture']}/document?attachments=true")
    assert (page.headers["content-type"], page.content[:5]) == ("application/pdf", b"%PDF-")
    assert (waiting["number"], waiting["rank"], waiting["decision"]) == ("ST-1", 1, None)
    body = {"id_facture": waiting["id_facture"], "accepted": False}
    refused = program.post(f"connections/{holder.id}/validations", json=body)
    assert refused.json()["code"] == "VALIDATION_MOTIF_OBLIGATOIRE"
    asked = program.post(f"connections/{holder.id}/validations", json=body | {"accepted": True})
    assert (asked.status_code, asked.json()["state"]) == (202, "waiting")
    office.work(turns=2, seconds=5)
    assert program.get(f"validations/{asked.json()['id']}").json()["state"] == "done"
    assert program.get("validations").json()[0]["number"] == "ST-1"
    assert program.get(f"connections/{holder.id}/validations").json() == []
