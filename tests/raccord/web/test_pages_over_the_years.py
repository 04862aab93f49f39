"""Searching, archives and the validators' desk, at a real browser."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from raccord.domain.clock import PARIS
from raccord.domain.deposit import NewDeposit
from raccord.domain.identifiers import Siret
from raccord.domain.roles import Role
from raccord.formats.sample import make_invoice, write_sample

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
SUBCONTRACTOR, TOWN = "81234567800012", "21970999400017"


def _deposited(office: Any, number: str = "FAC-2026-0042") -> Any:
    connection = office.connect()
    return office.gateway.outbox.accept(NewDeposit(connection.id, office.invoice(number), f"{number}.xml")).deposit


def _subcontracted(office: Any, number: str) -> str:
    holder, subcontractor = office.connect(), office.connect(SUBCONTRACTOR, "Sous-traitant")
    invoice = make_invoice(
        7, number=number, supplier=Siret.parse(SUBCONTRACTOR), recipient=Siret.parse(TOWN), service="SERV-TECH",
        issue_date=office.hours().astimezone(PARIS).date(), cadre="A9",
    )  # fmt: skip
    office.gateway.outbox.accept(NewDeposit(subcontractor.id, write_sample(invoice, "cii"), f"{number}.xml"))
    office.work(turns=10, seconds=30)
    return str(holder.id)


def test_an_invoice_is_found_from_a_piece_of_its_number(office: Any, sit_down: Callable[..., Page]) -> None:
    deposit = _deposited(office)
    page = sit_down(Role.LECTEUR)
    page.get_by_role("link", name="Recherche").click()
    page.fill("#texte", "fac-2026-00")
    page.get_by_role("button", name="Chercher").click()
    page.get_by_role("link", name="FAC-2026-0042").click()
    assert page.url.endswith(f"/depots/{deposit.id}")
    page.goto(f"{office.url}/recherche?texte=introuvable")
    assert "Aucune facture" in page.inner_text("main")


def test_a_dossier_is_taken_and_an_invoice_held(office: Any, sit_down: Callable[..., Page]) -> None:
    deposit = _deposited(office)
    page = sit_down(Role.SUPERVISEUR)
    page.goto(f"{office.url}/depots/{deposit.id}")
    page.get_by_role("link", name="Dossier complet et conservation").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger le dossier").click()
    data = download.value.path().read_bytes()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert "manifest.json" in archive.namelist()
    page.get_by_role("button", name="Geler cette facture").click()
    assert "motif" in page.inner_text("#motif-erreur")
    page.fill("#motif", "contentieux n° 2026-14")
    page.get_by_role("button", name="Geler cette facture").click()
    assert office.gateway.archiving.holds()[0].reason == "contentieux n° 2026-14"
    page.goto(f"{office.url}/archive")
    assert "contentieux" in page.inner_text("main")
    page.get_by_role("link", name="Ouvrir").click()
    page.get_by_role("button", name="Lever le gel").click()
    assert office.gateway.archiving.holds() == ()


def test_the_holder_refuses_then_reads_what_became_of_it(office: Any, sit_down: Callable[..., Page]) -> None:
    holder = _subcontracted(office, "ST-1")
    page = sit_down(Role.COMPTABLE)
    page.goto(f"{office.url}/a-valider?connexion={holder}")
    page.get_by_role("link", name="Décider ST-1").click()
    page.get_by_role("button", name="Refuser la facture").click()
    assert "demande un motif" in page.inner_text("#motif-erreur")
    page.select_option("#motif", "MONTANT_ERR")
    page.get_by_role("button", name="Refuser la facture").click()
    assert "En route vers Chorus Pro" in page.inner_text("main")
    office.work(turns=2, seconds=5)
    page.goto(f"{office.url}/a-valider?connexion={holder}")
    assert "Acceptée par Chorus Pro" in page.inner_text("main")
    assert "Montant de la facture erroné" in page.inner_text("main")


@pytest.mark.parametrize("width", [1200, 360])
def test_every_page_over_the_years_is_accessible(office: Any, sit_down: Callable[..., Page], width: int) -> None:
    from axe_playwright_python.sync_playwright import Axe

    holder = _subcontracted(office, "ST-1")
    waiting = office.gateway.validators.waiting(holder)[0]
    deposit = office.gateway.finder.search("ST-1", "deposit").items[0]
    office.gateway.archiving.hold(f"deposit/{deposit.id}", "contentieux", "alice")
    office.gateway.archiving.seal()
    office.gateway.archiving.verify("alice")
    page = sit_down(Role.SUPERVISEUR, viewport={"width": width, "height": 800})
    for path in (
        "/recherche?texte=ST", "/archive", f"/archive/deposit/{deposit.id}", f"/a-valider?connexion={holder}",
        f"/a-valider/{holder}/{waiting.id_facture}",
    ):  # fmt: skip
        page.goto(f"{office.url}{path}")
        found = Axe().run(page).response["violations"]
        assert [(path, one["id"], one["nodes"][0]["html"]) for one in found] == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
