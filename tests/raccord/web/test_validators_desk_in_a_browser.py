"""The holder of a contract at the desk « À valider », in a browser: what waits, until when, one answer for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from raccord.domain.clock import PARIS
from raccord.domain.deposit import NewDeposit
from raccord.domain.identifiers import Siret
from raccord.domain.roles import Role
from raccord.formats.sample import make_invoice, write_sample

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    from playwright.sync_api import Page

FIRM, SUBCONTRACTOR, TOWN = "45251785100010", "81234567800012", "21970999400017"

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(office: Any) -> Any:
    """The office of a holder whose subcontractor deposited three invoices (ST-1 of cadre A9, CT-2 of A12, ST-3)."""
    office.connect(FIRM, "Entreprise titulaire")
    theirs = office.connect(SUBCONTRACTOR, "Sous-traitant")
    for number, cadre in (("ST-1", "A9"), ("CT-2", "A12"), ("ST-3", "A9")):
        invoice = make_invoice(
            7, number=number, supplier=Siret.parse(SUBCONTRACTOR), recipient=Siret.parse(TOWN), service="SERV-TECH",
            issue_date=office.hours().astimezone(PARIS).date(), cadre=cadre,
        )  # fmt: skip
        office.gateway.outbox.accept(NewDeposit(theirs.id, write_sample(invoice, "cii"), f"{number}.xml"))
    office.work()
    return office


def _shown(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _row(page: Page, number: str) -> Any:
    return page.locator("section[aria-labelledby=attente] tbody tr", has_text=number)


def _at_chorus_pro(office: Any) -> dict[str, str]:
    return {one["numero"]: one["statut"] for one in office.simulator.control.factures()}


def test_one_is_accepted_one_is_refused_with_a_reason_one_waits_for_its_day(
    desk: Any, sit_down: Callable[..., Page], tmp_path: Path
) -> None:
    page = sit_down(Role.COMPTABLE)
    page.goto(f"{desk.url}/a-valider")
    page.select_option("#connexion", label="Entreprise titulaire")
    page.get_by_role("button", name="Afficher").click()
    waiting = {one.number: one for one in desk.gateway.validators.waiting(desk.gateway.connections.all()[0].id)}
    for number, one in waiting.items():
        assert one.tacit_on is not None
        assert (one.tacit_on - desk.hours().astimezone(PARIS).date()).days == 15
        assert _shown(one.tacit_on) in _row(page, number).inner_text()
        assert "dans 15 jours" in _row(page, number).inner_text()
    assert set(waiting) == {"ST-1", "CT-2", "ST-3"}
    page.screenshot(path=tmp_path / "attente.png", full_page=True)

    _row(page, "ST-1").get_by_role("link", name="Décider").click()
    page.screenshot(path=tmp_path / "decision.png", full_page=True)
    page.get_by_role("button", name="Valider la facture").click()
    assert "En route vers Chorus Pro" in _row(page, "ST-1").inner_text()
    assert "part pour Chorus Pro" in page.locator("main").inner_text()
    assert "une fois acceptée par Chorus Pro" in page.locator("main").inner_text()
    page.screenshot(path=tmp_path / "envoyee.png", full_page=True)

    _row(page, "CT-2").get_by_role("link", name="Décider").click()
    page.fill("#commentaire", "Prestation non commandée.")
    page.get_by_role("button", name="Refuser la facture").click()
    assert page.locator("#motif").get_attribute("aria-invalid") == "true"
    assert page.input_value("#commentaire") == "Prestation non commandée.", "what was typed is kept"
    page.screenshot(path=tmp_path / "refus.png", full_page=True)
    page.select_option("#motif", "ERR_VALIDEUR")
    page.get_by_role("button", name="Refuser la facture").click()

    desk.work()
    page.reload()
    page.screenshot(path=tmp_path / "decide.png", full_page=True)
    assert page.locator("section[aria-labelledby=attente] tbody tr").count() == 1
    told = page.locator("section[aria-labelledby=decisions]").inner_text()
    assert told.count("Acceptée par Chorus Pro") == 2
    standing = _at_chorus_pro(desk)
    assert standing["ST-1"] == "MISE_A_DISPOSITION"
    assert standing["CT-2"] == "ERREUR_FOURNISSEUR_SUR_VALIDEUR"
    assert standing["ST-3"] == "A_VALIDER_1"


def test_the_invoice_is_read_from_the_desk_before_anything_is_decided(desk: Any, sit_down: Callable[..., Page]) -> None:
    page = sit_down(Role.LECTEUR)
    holder = desk.gateway.connections.all()[0]
    page.goto(f"{desk.url}/a-valider?connexion={holder.id}")
    link = _row(page, "ST-1").get_by_role("link", name="Lire le PDF").get_attribute("href")
    answer = page.request.get(f"{desk.url}{link}")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].startswith("inline")
    assert answer.body().startswith(b"%PDF-")
    page = sit_down(Role.COMPTABLE)
    page.goto(f"{desk.url}{link.removesuffix('/facture')}")
    assert "dans 15 jours" in page.locator("main").inner_text()
    saved = page.request.get(f"{desk.url}{page.get_by_role('link', name='Tout télécharger').get_attribute('href')}")
    assert saved.headers["content-disposition"].startswith("attachment")
    desk.hours.pass_by(14 * 86_400)
    page = sit_down(Role.COMPTABLE)
    page.goto(f"{desk.url}/a-valider?connexion={holder.id}")
    assert "dans 1 jour" in _row(page, "ST-1").inner_text()


def test_after_fifteen_days_silence_was_consent_and_the_desk_is_empty(desk: Any, sit_down: Callable[..., Page]) -> None:
    page = sit_down(Role.COMPTABLE)
    first = desk.gateway.connections.all()[0]
    page.goto(f"{desk.url}/a-valider?connexion={first.id}")
    link = _row(page, "ST-1").get_by_role("link", name="Décider").get_attribute("href")
    desk.hours.pass_by(16 * 86_400)
    page = sit_down(Role.COMPTABLE)
    page.goto(f"{desk.url}/a-valider?connexion={first.id}")
    assert "Aucune facture n’attend votre validation." in page.locator("main").inner_text()
    page.goto(f"{desk.url}{link}")
    assert "le délai est passé" in page.locator("main").inner_text()
    assert set(_at_chorus_pro(desk).values()) >= {"MISE_A_DISPOSITION"}


def test_a_reader_sees_what_waits_and_decides_nothing(desk: Any, sit_down: Callable[..., Page]) -> None:
    page = sit_down(Role.LECTEUR)
    page.goto(f"{desk.url}/a-valider")
    page.select_option("#connexion", label="Entreprise titulaire")
    page.get_by_role("button", name="Afficher").click()
    assert _row(page, "ST-1").count() == 1
    assert page.get_by_role("link", name="Décider").count() == 0
