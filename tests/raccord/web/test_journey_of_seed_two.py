"""Seed 2, first screen to last: created on the portal of 2016, its saved file given to Raccord, invoices arrive."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from raccord.domain.clock import PARIS
from raccord.domain.reception import ReceptionState
from raccord.domain.roles import Role

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

TOWN = "21970999400017"
LOGIN = "TECH_corail@cpp2017.fr"
EXOTIC = "-shvun)en7jks0P"
PLACE = "/options/parametres/systeme/chorus-pro"
GREEN = "Connexion avec Chorus Pro établie"

pytestmark = [pytest.mark.browser, pytest.mark.journey]


def _plain(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").split())


def _save_on_the_portal(page: Page, office: Any, folder: Path) -> Path:
    """Mon Compte > pencil > « Créer un utilisateur technique » > recap > the button that saves."""
    person = next(one for one in office.simulator.persons if one["login"] == "gestionnaire@val-fictif.example")
    page.goto(f"{office.simulator.portal_url}connexion")
    page.fill('[name="identifiant"]', person["login"])
    page.fill('[name="mot_de_passe"]', person["password"])
    page.locator("main form button, form.sheet button").first.click()
    page.goto(f"{office.simulator.portal_url}2016/structures/{TOWN}/utilisateur-technique")
    page.fill('[name="identifiant"]', LOGIN)
    page.locator('main form:has([name="identifiant"]) button').first.click()
    with page.expect_download() as saving:
        page.get_by_role("button", name="Sauvegarder (texte)").click()
    saving.value.save_as(folder / "compte.txt")
    return folder / "compte.txt"


def _create_the_connection(page: Page, office: Any) -> None:
    application = office.simulator.application()
    page.goto(f"{office.url}{PLACE}")
    page.get_by_role("link", name="Ajouter une connexion").click()
    page.fill("#nom", "Commune")
    page.select_option("#environnement", "simulator")
    page.locator("summary", has_text="Adresses").click()
    page.fill("#adresse", office.simulator.base_url)
    page.fill("#client_id", application["client_id"])
    page.fill("#client_secret", application["client_secret"])
    page.get_by_role("button", name="Créer la connexion").click()


def test_the_saved_file_connects_the_town_and_its_invoices_arrive(
    office: Any, sit_down: Callable[..., Page], tmp_path: Path
) -> None:
    manager = sit_down(Role.SUPERVISEUR)
    manager.goto(f"{office.url}/receptions")
    assert "un compte technique est nécessaire" in manager.locator('[data-graine="S2-02"]').inner_text()

    saved = _save_on_the_portal(sit_down(), office, tmp_path)
    _create_the_connection(manager, office)
    manager.set_input_files("#fichier", saved)
    manager.get_by_role("button", name="Valider").click()
    assert _plain(manager.locator('[data-graine="S1-13"]').inner_text()) == GREEN
    manager.get_by_role("button", name="Relever les structures").click()
    office.simulator.control.invoices(TOWN, 3)

    accountant = sit_down(Role.COMPTABLE)
    accountant.goto(f"{office.url}/receptions")
    accountant.get_by_role("link", name="Commencer la récupération").click()
    day = (office.hours().astimezone(PARIS).date() - timedelta(days=29)).isoformat()
    accountant.fill("#depuis", day)
    accountant.get_by_role("button", name="Compter").click()
    assert "3 factures seraient récupérées" in _plain(accountant.locator("main").inner_text())
    accountant.get_by_role("button", name="Commencer la récupération").click()
    office.work()
    counts = office.gateway.inbox.count()
    assert counts.get(ReceptionState.STORED) == 3, counts

    accountant.goto(f"{office.url}/receptions")
    accountant.locator("table.lines tbody a").first.click()
    assert "Fichier pivot".lower() in accountant.locator("main").inner_text().lower()
    accountant.select_option("#statut", "SUSPENDUE")
    accountant.get_by_role("button", name="Valider").click()
    assert accountant.locator("#motif").get_attribute("aria-invalid") == "true"
    accountant.select_option("#statut", "SERVICE_FAIT,MANDATEE")
    accountant.fill("#mandat", "2026-0117")
    accountant.get_by_role("button", name="Valider").click()
    waiting = accountant.locator("main").inner_text()
    assert waiting.count("en attente d’envoi") == 2
    assert "accepté par Chorus Pro" not in waiting  # nothing shows as done before the platform has answered
    office.work()
    accountant.reload()
    assert accountant.locator(".chip", has_text="accepté par Chorus Pro").count() == 2
    accountant.select_option("#statut", "MISE_EN_PAIEMENT")
    accountant.get_by_role("button", name="Valider").click()
    office.work()
    accountant.reload()
    assert "Mise en paiement" in accountant.locator("main .head").inner_text()
    paid = [one for one in office.simulator.control.factures() if one["statut"] == "MISE_EN_PAIEMENT"]
    assert len(paid) == 1


@pytest.mark.parametrize("login", ["TECH_45251785100010@pp2017.fr", LOGIN])
def test_a_password_that_begins_with_a_hyphen_survives_the_form_byte_for_byte(
    office: Any, sit_down: Callable[..., Page], login: str
) -> None:
    connection = office.connect()
    control = office.simulator.control
    control("POST", f"/accounts/{connection.login}/password", {"password": EXOTIC})
    manager = sit_down(Role.SUPERVISEUR)
    manager.goto(f"{office.url}{PLACE}?modifier={connection.id}")
    manager.fill("#login", login)
    manager.fill("#mot_de_passe", EXOTIC)
    manager.get_by_role("button", name="Valider").click()
    kept_name = f"connection/{connection.id}/candidate"
    assert office.gateway.vault.exists(kept_name)  # that login has another password: a candidate, kept as typed
    manager.goto(f"{office.url}{PLACE}?modifier={connection.id}")
    manager.fill("#login", connection.login)
    manager.fill("#mot_de_passe", EXOTIC)
    manager.get_by_role("button", name="Valider").click()
    with office.gateway.vault.open(f"connection/{connection.id}/password") as kept:
        assert kept.reveal_bytes() == EXOTIC.encode()
