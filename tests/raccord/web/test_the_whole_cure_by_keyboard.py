"""From the red light to the green one without a mouse, and the pages of the reach: axe finds nothing on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from raccord.domain.connection import Light
from raccord.domain.roles import Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

PLACE = "/options/parametres/systeme/chorus-pro"
NEW = "-shvun)en7jks0P"
SEATS = [("light", 1280), ("dark", 390)]

pytestmark = [pytest.mark.browser, pytest.mark.journey]


def _faults(page: Page) -> list[str]:
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    told = [f"{one['id']}: {node['target']}" for one in found for node in one["nodes"]]
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [*told, f"déborde de {wide} points"] if wide > 0 else told


def _tab_to(page: Page, words: str) -> None:
    """Press Tab until what has the focus says these words; its outline must be seen."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if words in page.evaluate("document.activeElement.innerText || document.activeElement.id || ''"):
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none", words
            return
    raise AssertionError(f"the keyboard never reaches « {words} » on {page.url}")


def _enter(page: Page) -> None:
    """Press Enter where it leads to another page; this page is whole afterwards."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def _expired(office: Any) -> Any:
    connection = office.connect()
    office.hours.pass_by(40 * 86_400)
    office.simulator.control.expire(connection.login)
    office.gateway.connections.test(connection.id, "cli", force=True)
    office.simulator.control("POST", f"/accounts/{connection.login}/password", {"password": NEW})
    return connection


@pytest.mark.parametrize(("scheme", "width"), SEATS)
def test_the_rotation_is_done_with_the_keyboard_alone(
    office: Any, sit_down: Callable[..., Page], scheme: str, width: int
) -> None:
    connection = _expired(office)
    page = sit_down(Role.SUPERVISEUR, color_scheme=scheme, viewport={"width": width, "height": 844})
    page.goto(f"{office.url}{PLACE}/{connection.id}/diagnostic")
    faults = {"diagnostic": _faults(page)}
    _tab_to(page, "Réinitialiser le mot de passe, pas à pas")
    _enter(page)
    assert "/assistant?" in page.url
    faults["assistant"] = _faults(page)
    _tab_to(page, "Voir les étapes")
    _enter(page)
    page.locator("ol#etapes li").nth(5).wait_for()
    _tab_to(page, "mot_de_passe")
    page.keyboard.type("pas le bon")
    _enter(page)
    page.get_by_text("l’ancien reste en place").wait_for()
    faults["refused"] = _faults(page)
    _tab_to(page, "mot_de_passe")
    page.keyboard.type(NEW)
    _tab_to(page, "Valider")
    _enter(page)
    page.locator('[data-graine="S1-13"]').wait_for()
    faults["green"] = _faults(page)
    assert office.gateway.connections.get(connection.id).light is Light.GREEN
    assert {place: told for place, told in faults.items() if told} == {}


@pytest.mark.parametrize(("scheme", "width"), SEATS)
def test_the_pages_of_persons_and_of_their_reach(
    office: Any, sit_down: Callable[..., Page], scheme: str, width: int
) -> None:
    office.connect()
    reader = office.user(Role.LECTEUR)
    page = sit_down(Role.SUPERVISEUR, color_scheme=scheme, viewport={"width": width, "height": 844})
    faults = {}
    for path in ("/utilisateurs", f"/utilisateurs/{reader.id}/perimetre", "/cles-api", "/profil"):
        page.goto(office.url + path)
        faults[path] = _faults(page)
    page.goto(f"{office.url}/utilisateurs/{reader.id}/perimetre")
    _tab_to(page, "perimetre")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    _tab_to(page, "Enregistrer")
    _enter(page)
    assert page.url.endswith("/utilisateurs?dit=enregistre")
    assert not office.gateway.users.get(reader.id).reach.everything
    page.goto(f"{office.url}/utilisateurs")
    _tab_to(page, "Donner un lien de mot de passe")
    _enter(page)
    page.locator("#lien").wait_for()
    faults["link"] = _faults(page)
    assert {place: told for place, told in faults.items() if told} == {}


def test_on_a_telephone_the_menu_opens_by_itself_only_when_asked(office: Any, sit_down: Callable[..., Page]) -> None:
    page = sit_down(Role.SUPERVISEUR, viewport={"width": 390, "height": 844})
    assert not page.get_by_role("link", name="Dépôts", exact=True).is_visible()
    _tab_to(page, "Menu")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Dépôts", exact=True).click()
    assert page.url.endswith("/depots")
    page.set_viewport_size({"width": 1280, "height": 844})
    page.get_by_role("link", name="Journal", exact=True).wait_for()
    plain = sit_down(Role.LECTEUR, scripts=False, viewport={"width": 390, "height": 844})
    assert plain.get_by_role("link", name="Dépôts", exact=True).is_visible(), "without JavaScript the menu is open"
