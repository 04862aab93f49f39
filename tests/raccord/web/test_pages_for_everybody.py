"""Each page by everybody: axe finds nothing, a narrow screen scrolls one way, the keyboard reaches the content."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from raccord.domain.roles import Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

PLACE = "/options/parametres/systeme/chorus-pro"
CLOSED = ["/connexion", "/mot-de-passe-oublie"]
PAGES = [
    "/", "/depots", "/depots/{deposit}", "/depots/{faulty}", "/receptions", "/receptions/{reception}", "/journal",
    "/utilisateurs", "/cles-api", "/profil", PLACE, PLACE + "?modifier={connection}", PLACE + "/{connection}",
    PLACE + "/{connection}/diagnostic", PLACE + "/nouvelle", PLACE + "/importer",
    PLACE + "/assistant?demarche=creation&generation=2016",
    "/aide", "/aide/erreur-de-connexion", "/aide/creation-du-compte-technique", "/accessibilite", "/api/docs",
    "/nulle-part",
]  # fmt: skip

pytestmark = pytest.mark.browser


def _furnish(office: Any) -> dict[str, str]:
    """One of each thing that a page shows."""
    connection = office.connect()
    town = office.connect("21970999400017", "Commune")
    visitor = office.visitor(Role.SUPERVISEUR)
    visitor.open("depots").send(
        "/depots", connexion=connection.id, files={"fichiers": ("bonne.xml", office.invoice("F-2026-1"))}
    )
    faulty = office.invoice("F-2026-2").replace(b"21970999400017", b"2197099940001X")
    visitor.open("depots").send("/depots", connexion=connection.id, files={"fichiers": ("fautive.xml", faulty)})
    office.work()
    structure = next(one for one in office.gateway.connections.structures(town.id) if one.is_recipient)
    office.gateway.inbox.begin(structure.id, office.hours() - timedelta(days=29), "cli")
    office.work()
    deposits = {one.filename: one.id for one in _deposits(office)}
    reception = _receptions(office)[0]
    return {
        "deposit": deposits["bonne.xml"], "faulty": deposits["fautive.xml"], "reception": reception.id,
        "connection": connection.id,
    }  # fmt: skip


def _deposits(office: Any) -> Any:
    from raccord.store.deposits import DepositQuery

    return office.gateway.outbox.search(DepositQuery()).items


def _receptions(office: Any) -> Any:
    from raccord.store.receptions import ReceptionQuery

    return office.gateway.inbox.search(ReceptionQuery()).items


def _violations(page: Page) -> list[str]:
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{one['id']}: {node['target']} {node['html'][:120]}" for one in found for node in one["nodes"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_a_narrow_screen_scrolls_one_way(
    office: Any, sit_down: Callable[..., Page], scheme: str
) -> None:
    things = _furnish(office)
    wrong: dict[str, list[str]] = {}
    page = sit_down(Role.SUPERVISEUR, color_scheme=scheme, viewport={"width": 390, "height": 844})
    stranger = sit_down(color_scheme=scheme)
    for path in [*CLOSED, *PAGES]:
        seat = stranger if path in CLOSED else page
        seat.goto(office.url + path.format(**things))
        faults = _violations(seat)
        wide = seat.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 0:
            faults.append(f"déborde de {wide} points")
        if faults:
            wrong[path] = faults
    assert wrong == {}


def test_every_page_tells_the_light_in_words_and_by_a_shape(office: Any, sit_down: Callable[..., Page]) -> None:
    things = _furnish(office)
    page = sit_down(Role.SUPERVISEUR)
    for path in [one for one in PAGES if one != "/nulle-part"]:  # an address that leads nowhere knows nobody
        page.goto(office.url + path.format(**things))
        light = page.locator('#voyant [role="status"]')
        assert "Chorus Pro" in light.inner_text(), path
        assert light.locator("svg").count() == 1, path
        assert page.locator("h1").count() == 1, path


def test_the_first_tab_leads_to_the_content(office: Any, sit_down: Callable[..., Page]) -> None:
    page = sit_down(Role.LECTEUR)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Aller au contenu"
    page.keyboard.press("Enter")
    page.locator("#contenu:focus").wait_for()


def test_a_faulty_invoice_is_told_beside_its_file_with_what_to_do(office: Any, sit_down: Callable[..., Page]) -> None:
    office.connect()
    page = sit_down(Role.COMPTABLE)
    page.goto(f"{office.url}/depots")
    page.get_by_role("button", name="Déposer", exact=True).click()
    assert page.locator("#fichiers").get_attribute("aria-invalid") == "true"
    files = [
        {"name": "bonne.xml", "mimeType": "text/xml", "buffer": office.invoice("F-2026-9")},
        {"name": "photo.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n"},
    ]
    page.set_input_files("#fichiers", files)
    page.get_by_role("button", name="Déposer", exact=True).click()
    results = page.locator("section", has_text="Résultat de votre dépôt")
    results.filter(has_text="photo.png").wait_for()  # one file after the other
    assert "Dépôt enregistré" in results.inner_text()
    assert [one.number for one in _deposits(office)] == ["F-2026-9"]


def test_the_light_turns_by_itself_on_an_open_page(office: Any, sit_down: Callable[..., Page]) -> None:
    connection = office.connect()
    page = sit_down(Role.LECTEUR)
    assert "Connexion avec Chorus Pro établie" in page.locator("#voyant").inner_text()
    office.simulator.control.expire(connection.login)
    office.gateway.connections.test(connection.id, "cli", force=True)
    page.locator("#voyant", has_text="non établie").wait_for()


def test_english_by_a_switch(office: Any, sit_down: Callable[..., Page]) -> None:
    page = sit_down()
    page.goto(f"{office.url}/connexion")
    page.get_by_role("button", name="English").click()
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator("h1").inner_text() == "Sign in"
