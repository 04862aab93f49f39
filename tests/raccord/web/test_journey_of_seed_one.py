"""Seed 1, first screen to last, in a browser without JavaScript: a deposit fails, the cause is named, and cured."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from raccord.domain.connection import Light
from raccord.domain.deposit import DepositState
from raccord.domain.roles import Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

FIRM = "45251785100010"
PLACE = "/options/parametres/systeme/chorus-pro"
RED = "Attention : Connexion avec Chorus Pro non établie"
GREEN = "Connexion avec Chorus Pro établie"
HELP = "Que faire en cas de message d’erreur de connexion Chorus lors du dépôt d’une facture ?"

pytestmark = [pytest.mark.browser, pytest.mark.journey]


def _plain(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").split())


def _says(page: Page, seed: str) -> str:
    return _plain(page.locator(f'[data-graine~="{seed}"]').first.inner_text())


def _drop(page: Page, office: Any, number: str) -> None:
    page.goto(f"{office.url}/depots")
    assert _says(page, "S1-02") == "Déposer sur Chorus Pro"
    file = {"name": f"{number}.xml", "mimeType": "application/xml", "buffer": office.invoice(number)}
    page.set_input_files("#fichiers", [file])
    page.get_by_role("button", name="Déposer", exact=True).click()


def _reset_on_the_portal(sit_down: Callable[..., Page], office: Any, login: str) -> str:
    """What the main manager does on the portal of 2022."""
    person = next(one for one in office.simulator.persons if one["login"] == "gestionnaire@bati-reunion.example")
    page = sit_down(scripts=False)
    page.goto(f"{office.simulator.portal_url}connexion")
    page.fill('[name="identifiant"]', person["login"])
    page.fill('[name="mot_de_passe"]', person["password"])
    page.locator("main form button, form.sheet button").first.click()
    page.goto(f"{office.simulator.portal_url}raccordements/compte-technique")
    for field, value in (("type_demande", "reinitialisation"), ("structure", FIRM), ("compte", login)):
        page.select_option(f"#{field}", value)
        page.get_by_role("button", name="Continuer").click()
    password = page.locator("#mot-de-passe").inner_text()
    page.get_by_role("button", name="Soumettre").click()
    return password


def test_the_error_at_deposit_is_named_cured_and_the_waiting_invoice_leaves(
    office: Any, sit_down: Callable[..., Page]
) -> None:
    connection = office.connect()
    office.hours.pass_by(30 * 86_400)
    office.simulator.control.expire(connection.login)
    accountant = sit_down(Role.COMPTABLE, scripts=False)

    _drop(accountant, office, "F-2026-100")
    office.work(turns=3)
    assert office.gateway.connections.get(connection.id).light is Light.RED
    _drop(accountant, office, "F-2026-101")
    told = _says(accountant, "S1-03")
    assert RED in told
    assert "est conservée et partira d’elle-même" in told
    assert "compte technique" in told, told

    accountant.get_by_role("link", name=HELP).first.click()
    assert _says(accountant, "S1-01") == HELP
    assert "compte technique" in _says(accountant, "S1-07")
    assert "Superviseur" in _says(accountant, "S1-10")
    accountant.goto(f"{office.url}{PLACE}")
    assert "Accès réservé" in accountant.locator("h1").inner_text()

    password = _reset_on_the_portal(sit_down, office, connection.login)

    manager = sit_down(Role.SUPERVISEUR, scripts=False)
    manager.goto(f"{office.url}{PLACE}")
    assert _says(manager, "S1-05") == "Options › Paramètres › Système › Chorus Pro"
    assert _says(manager, "S1-06") == RED
    assert manager.locator('[data-graine="S1-06"] [role="status"] svg').count() == 1
    manager.get_by_role("link", name="Voir le diagnostic").click()
    assert "compte technique" in _says(manager, "S1-07")
    assert manager.locator('[data-graine="S1-08"] li').count() >= 3
    manager.goto(f"{office.url}{PLACE}")
    manager.locator('[data-graine="S1-11"]').click()
    assert _says(manager, "S1-09") == "Mettre le nouveau mot de passe"
    manager.fill("#mot_de_passe", password)
    manager.locator('[data-graine="S1-12"]').click()
    assert _says(manager, "S1-13") == GREEN
    assert "Date exp. Mot de passe" in _says(manager, "S1-38")

    office.work()
    numbers = {one.number: one.state for one in _deposits(office)}
    assert numbers == {"F-2026-100": DepositState.INTEGRATED, "F-2026-101": DepositState.INTEGRATED}
    received = [number for one in office.simulator.control.ledger()["deposits"] for number in one["numbers"]]
    assert sorted(received) == ["F-2026-100", "F-2026-101"]
    accountant.goto(f"{office.url}/depots")
    assert "Intégrée dans Chorus Pro" in _plain(accountant.locator("main").inner_text())


def _deposits(office: Any) -> Any:
    from raccord.store.deposits import DepositQuery

    return office.gateway.outbox.search(DepositQuery()).items


def test_a_wrong_password_keeps_the_old_one_and_says_so_beside_the_light(
    office: Any, sit_down: Callable[..., Page]
) -> None:
    connection = office.connect()
    manager = sit_down(Role.SUPERVISEUR, scripts=False)
    manager.goto(f"{office.url}{PLACE}?modifier={connection.id}")
    manager.fill("#mot_de_passe", "pas-le-bon")
    manager.get_by_role("button", name="Valider").click()
    assert "l’ancien reste en place" in manager.locator("main").inner_text()
    assert office.gateway.connections.get(connection.id).light is Light.GREEN
    with office.gateway.vault.open(f"connection/{connection.id}/password") as kept:
        assert kept.reveal() == office.simulator.account(FIRM)["password"]


def test_the_assistant_tells_both_generations_of_the_portal(office: Any, sit_down: Callable[..., Page]) -> None:
    office.connect()
    manager = sit_down(Role.SUPERVISEUR, scripts=False)
    manager.goto(f"{office.url}{PLACE}")
    manager.get_by_role("link", name="Assistant").click()
    manager.check("#demarche-reinitialisation")
    manager.get_by_role("button", name="Voir les étapes").click()
    assert _says(manager, "S1-15") == "Réinitialiser le mot de passe du compte technique sur Chorus"
    assert "« Soumettre »" in _plain(manager.locator("ol#etapes").inner_text())
    manager.check("#demarche-creation")
    manager.check("#generation-2016")
    manager.get_by_role("button", name="Voir les étapes").click()
    assert _says(manager, "S2-01") == "Création du compte technique"
    assert "gestionnaire principal" in _says(manager, "S2-04")
    assert "ne s’affiche qu’une fois" in _says(manager, "S2-05")
    steps = _plain(manager.locator("ol#etapes").inner_text())
    assert "« Créer un utilisateur technique »" in steps
    assert "N’attendez pas le courriel" in steps


def test_the_help_says_what_the_account_is_for(office: Any, sit_down: Callable[..., Page]) -> None:
    reader = sit_down(Role.LECTEUR, scripts=False)
    for path in ("creation-du-compte-technique", "reinitialiser-le-mot-de-passe?generation=2016"):
        reader.goto(f"{office.url}/aide/{path}")
        assert "sert à la communication entre Raccord et Chorus Pro" in _says(reader, "S2-03")
        assert "gestionnaire principal" in _says(reader, "S2-03")
