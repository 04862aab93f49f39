"""Several connections, and none named: each invoice leaves by the one that serves its supplier, whatever the face."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from raccord.domain.clock import PARIS
from raccord.domain.identifiers import Siret
from raccord.domain.roles import Permission, Role
from raccord.formats.sample import make_invoice, write_sample
from raccord.hotfolder import WatchedFolder, naming_of
from raccord.store.deposits import DepositQuery

if TYPE_CHECKING:
    from pathlib import Path

    import httpx2

FIRM, TOWN, GROUP, AGENCY, STRANGER = (
    "45251785100010", "21970999400017", "73282932000074", "12345678200077", "53210987600015",
)  # fmt: skip


@pytest.fixture
def several(office: Any) -> dict[str, str]:
    """Three connections, one of them of a town; the id of each by its label."""
    labels = {"Commune": TOWN, "Entreprise": FIRM, "Groupe": GROUP}
    return {label: office.connect(siret, label).id for label, siret in labels.items()}


def _invoice(office: Any, number: str, supplier: str, **more: Any) -> bytes:
    invoice = make_invoice(
        3, number=number, supplier=Siret.parse(supplier), recipient=Siret.parse(TOWN), service="SERV-TECH",
        issue_date=office.hours().astimezone(PARIS).date(),
    )  # fmt: skip
    if more:
        invoice = replace(invoice, seller=replace(invoice.seller, **more))
    return write_sample(invoice, "cii")


def _deposit(program: httpx2.Client, data: bytes, **asked: str) -> httpx2.Response:
    return program.post("deposits", params={"filename": "f.xml"} | asked, content=data)


def _carriers(office: Any) -> dict[str, str]:
    return {one.number: one.connection_id for one in office.gateway.outbox.search(DepositQuery()).items}


def test_by_rest_each_supplier_has_its_connection(office: Any, several: dict[str, str]) -> None:
    program = office.program(Permission.READ, Permission.DEPOSIT)
    for number, supplier in (("R-1", FIRM), ("R-2", AGENCY), ("R-3", GROUP)):
        answer = _deposit(program, _invoice(office, number, supplier))
        assert answer.status_code == 201, answer.text
    groupe = several["Groupe"]
    assert _carriers(office) == {"R-1": several["Entreprise"], "R-2": groupe, "R-3": groupe}
    again = _deposit(program, _invoice(office, "R-2", AGENCY))
    assert (again.status_code, again.headers["Idempotent-Replayed"]) == (200, "true")


def test_on_the_page_nobody_chooses_the_connection(office: Any, several: dict[str, str]) -> None:
    visitor = office.visitor(Role.COMPTABLE)
    for number, supplier in (("P-1", FIRM), ("P-2", AGENCY)):
        page = visitor.open("depots")
        assert "Celle du fournisseur de chaque facture" in page.page.text_content()
        page.send("/depots", files={"fichiers": (f"{number}.xml", _invoice(office, number, supplier))})
    assert _carriers(office) == {"P-1": several["Entreprise"], "P-2": several["Groupe"]}


def test_in_the_watched_folder_no_subfolder_is_needed(office: Any, several: dict[str, str], tmp_path: Path) -> None:
    folder = WatchedFolder(office.gateway, tmp_path / "partage", naming_of("pivot", "", "", own_template=False))
    folder.look()
    for number, supplier in (("D-1", FIRM), ("D-2", AGENCY), ("D-3", STRANGER)):
        (tmp_path / f"partage/a-deposer/{number}.xml").write_bytes(_invoice(office, number, supplier))
    for _ in range(3):
        office.hours.pass_by(60)
        folder.look()
    assert _carriers(office) == {"D-1": several["Entreprise"], "D-2": several["Groupe"]}
    words = (tmp_path / "partage/a-corriger/D-3.xml.erreurs.txt").read_text("utf-8-sig")
    assert f"Aucune connexion ne sert le fournisseur {STRANGER}" in words
    assert "a-deposer/<nom de la connexion>" in words


def test_where_no_connection_or_two_could_carry_it_a_person_says_which(office: Any, several: dict[str, str]) -> None:
    twin = office.connect(FIRM, "Entreprise bis").id
    program = office.program(Permission.READ, Permission.DEPOSIT)
    said = [
        _deposit(program, _invoice(office, "X-1", STRANGER)),
        _deposit(program, _invoice(office, "X-2", FIRM)),
        _deposit(program, _invoice(office, "X-3", FIRM, identifiers=(), legal_id=None)),
    ]
    assert [(one.status_code, one.json()["code"]) for one in said] == [(422, "CONNEXION_A_PRECISER")] * 3
    assert [one.json()["detail"] for one in said] == [
        f"Aucune connexion ne sert le fournisseur {STRANGER}.",
        f"Plusieurs connexions servent le fournisseur {FIRM} : « Entreprise », « Entreprise bis ».",
        "Plusieurs connexions existent, et la facture ne porte pas le SIRET de son fournisseur.",
    ]
    assert _carriers(office) == {}
    assert _deposit(program, _invoice(office, "X-2", FIRM), connection="Entreprise bis").status_code == 201
    assert _carriers(office) == {"X-2": twin}


def test_what_is_no_invoice_is_said_to_be_none(office: Any, several: dict[str, str]) -> None:
    answer = _deposit(office.program(Permission.READ, Permission.DEPOSIT), b"Bonjour")
    assert (answer.status_code, answer.json()["code"]) == (422, "FICHIER_ILLISIBLE")


def test_a_check_asks_the_connection_that_the_deposit_would_take(office: Any, several: dict[str, str]) -> None:
    program = office.program(Permission.READ, Permission.DEPOSIT)
    data = _invoice(office, "C-1", FIRM)
    assert program.post("checks", params={"filename": "f.xml"}, content=data).json()["sendable"]
    assert _deposit(program, data).status_code == 201
    faults = program.post("checks", params={"filename": "f.xml"}, content=data).json()["faults"]
    assert "CP-UNI-01" in {one["code"] for one in faults if one["severity"] == "error"}
