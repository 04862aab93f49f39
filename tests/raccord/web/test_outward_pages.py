"""The pages of deadlines and webhooks, at a real browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from raccord.domain.roles import Role

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def test_a_superviseur_creates_tests_and_stops_a_webhook(office: Any, sit_down: Callable[..., Page]) -> None:
    page = sit_down(Role.SUPERVISEUR)
    page.goto(f"{office.url}/parametres/webhooks")
    page.fill("#nom", "ERP")
    page.fill("#adresse", "http://127.0.0.1:9/")
    page.get_by_role("button", name="Créer").click()
    assert "réseau interne" in page.inner_text("#adresse-erreur")
    page.fill("#adresse", "https://93.184.216.34/raccord")
    page.get_by_role("button", name="Créer").click()
    assert page.inner_text("#cle").startswith("rws_")
    page.get_by_role("link", name="ERP").click()
    page.get_by_role("button", name="Arrêter").click()
    page.get_by_role("button", name="Remettre en service").click()
    page.fill("#apres", "99999")
    page.get_by_role("button", name="Rejouer").click()
    assert "Le journal va de 0 à" in page.inner_text("#apres-erreur")
    assert office.gateway.webhooks.all()[0].active


def test_the_accountant_sees_deadlines_and_exports(office: Any, sit_down: Callable[..., Page]) -> None:
    from raccord.domain.deposit import NewDeposit

    connection = office.connect()
    office.gateway.outbox.accept(NewDeposit(connection.id, office.invoice("F-1"), "F-1.xml"))
    office.work(turns=12, seconds=60)
    office.hours.pass_by(45 * 86_400)
    page = sit_down(Role.COMPTABLE)
    page.goto(f"{office.url}/echeances")
    assert "jours de retard" in page.inner_text("main")
    assert "Chez l’ordonnateur" in page.inner_text("main")
    page.goto(f"{office.url}/depots")
    with page.expect_download() as download:
        page.get_by_role("link", name="Exporter en CSV").click()
    assert download.value.suggested_filename.startswith("raccord_depots_")
    page.goto(f"{office.url}/parametres/webhooks")
    assert "Votre rôle" in page.inner_text("main")


@pytest.mark.parametrize(
    "path",
    [
        "/echeances",
        "/echeances?cote=receptions",
        "/echeances/courriel",
        "/echeances/ecritures",
        "/parametres/remise",
        "/parametres/webhooks",
    ],
)
@pytest.mark.parametrize("width", [1200, 360])
def test_every_page_is_accessible(office: Any, sit_down: Callable[..., Page], path: str, width: int) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = sit_down(Role.SUPERVISEUR, viewport={"width": width, "height": 800})
    page.goto(f"{office.url}{path}")
    found = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_superviseur_sees_the_profiles_and_where_each_program_stands(office: Any) -> None:
    office.connect()
    told = office.visitor(Role.SUPERVISEUR).open("parametres/remise").text
    assert "zip-jour" in told
    assert "Aucun programme n’a encore pris" in told
    assert "Votre rôle" in office.visitor(Role.COMPTABLE).open("parametres/remise").text
