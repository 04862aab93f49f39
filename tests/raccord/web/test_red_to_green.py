"""From the red light to the green one: three screens at most, by hand or by the saved file dropped on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from raccord.domain.connection import Light
from raccord.domain.roles import Role

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

FIRM = "45251785100010"
PLACE = "/options/parametres/systeme/chorus-pro"
GREEN = "Connexion avec Chorus Pro établie"
NEW = "-shvun)en7jks0P"

pytestmark = [pytest.mark.browser, pytest.mark.journey]


def _expired_and_reset(office: Any) -> Any:
    """A connection whose password has expired here and was reset at Chorus Pro."""
    connection = office.connect()
    office.hours.pass_by(40 * 86_400)
    office.simulator.control.expire(connection.login)
    office.gateway.connections.test(connection.id, "cli", force=True)
    office.simulator.control("POST", f"/accounts/{connection.login}/password", {"password": NEW})
    return office.gateway.connections.get(connection.id)


def _screens(page: Page) -> list[str]:
    """The pages shown from now on, one entry each."""
    seen: list[str] = [page.url]
    page.on("framenavigated", lambda frame: seen.append(frame.url) if frame == page.main_frame else None)
    return seen


def test_three_screens_from_the_red_light_to_the_green_one(
    office: Any, sit_down: Callable[..., Page], picture: Callable[[Page, str], Path]
) -> None:
    connection = _expired_and_reset(office)
    assert connection.light is Light.RED
    page = sit_down(Role.SUPERVISEUR, viewport={"width": 1180, "height": 820})
    page.locator("#voyant a").click()
    picture(page, "voyant-rouge")
    screens = _screens(page)
    page.get_by_role("link", name="Modifier le mot de passe").click()
    page.fill("#mot_de_passe", NEW)
    page.get_by_role("button", name="Valider").click()
    assert page.locator('[data-graine="S1-13"]').inner_text().strip().replace("\u00a0", " ") == GREEN
    assert len({*screens}) <= 3, screens
    assert len(screens) <= 3, screens
    picture(page, "voyant-vert")


def test_the_diagnosis_draws_the_light_and_gives_one_button(
    office: Any, sit_down: Callable[..., Page], picture: Callable[[Page, str], Path]
) -> None:
    connection = _expired_and_reset(office)
    page = sit_down(Role.SUPERVISEUR, viewport={"width": 1180, "height": 1400})
    page.goto(f"{office.url}{PLACE}/{connection.id}/diagnostic")
    drawn = page.locator(".light-line svg rect")
    assert {drawn.nth(place).get_attribute("class") for place in range(drawn.count())} == {"vert", "rouge"}
    assert page.locator("[data-cure]").count() == 1
    picture(page, "diagnostic")
    before = office.simulator.control.ledger()["calls"]
    page.get_by_role("button", name="Tester la connexion", exact=True).click()
    assert "n’est pas rejoué" in page.locator(".rungs").inner_text()
    assert office.simulator.control.ledger()["calls"] == before, "a refused password was played again"
    page.locator("[data-cure]").click()
    page.fill("#mot_de_passe", NEW)
    picture(page, "assistant")
    page.get_by_role("button", name="Valider").click()
    assert office.gateway.connections.get(connection.id).light is Light.GREEN


def test_the_saved_file_is_dropped_on_the_page(office: Any, sit_down: Callable[..., Page]) -> None:
    connection = _expired_and_reset(office)
    page = sit_down(Role.SUPERVISEUR)
    page.goto(f"{office.url}{PLACE}?modifier={connection.id}")
    text = f"Identifiant : {connection.login}\nMot de passe : {NEW}\n"
    carried = page.evaluate_handle(
        "text => { const carried = new DataTransfer();"
        " carried.items.add(new File([text], 'compte.txt', { type: 'text/plain' })); return carried; }",
        text,
    )
    page.locator("[data-drop]").first.dispatch_event("drop", {"dataTransfer": carried})
    page.get_by_role("button", name="Valider").click()
    assert office.gateway.connections.get(connection.id).light is Light.GREEN
    with office.gateway.vault.open(f"connection/{connection.id}/password") as kept:
        assert kept.reveal() == NEW


def test_a_password_not_active_yet_says_when_it_will_be_tried_again_and_turns_green_by_itself(
    office: Any, sit_down: Callable[..., Page]
) -> None:
    connection = _expired_and_reset(office)
    office.simulator.control("POST", f"/accounts/{connection.login}/password", {"password": "pas encore"})
    page = sit_down(Role.SUPERVISEUR)
    page.goto(f"{office.url}{PLACE}?modifier={connection.id}")
    page.fill("#mot_de_passe", NEW)
    page.get_by_role("button", name="Valider").click()
    assert "Un nouvel essai aura lieu de lui-même le" in page.locator("main").inner_text().replace("\u00a0", " ")
    office.simulator.control("POST", f"/accounts/{connection.login}/password", {"password": NEW})
    for _ in range(4):
        office.hours.pass_by(900)
        office.gateway.connections.watch()  # what the engine does every minute
    assert office.gateway.connections.get(connection.id).light is Light.GREEN
