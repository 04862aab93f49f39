"""Every page for everybody: WCAG 2 AA by axe, light and dark, narrow screens, the keyboard alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

import pytest

from chorus_simulator import seeds

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
TOWN = ("gestionnaire@val-fictif.example", "Mairie-974!")
STRUCTURE = f"2016/structures/{seeds.TOWN}"
ACCOUNT = f"TECH_1_{seeds.TOWN}@cpro.fr"
PAGES = (
    "accueil",
    "raccordements",
    "raccordements/compte-technique",
    "2016/accueil",
    "2016/espaces",
    "mon-compte",
    STRUCTURE,
    f"{STRUCTURE}/utilisateur-technique",
    f"{STRUCTURE}/utilisateur-technique/{ACCOUNT}",
    "gestionnaire",
    "factures/recues",
    "factures/a-valider",
    "factures/emises",
    "sollicitations",
    "annuaire?designation=val",
    "aide?question=compte",
    "courriels",
    "nulle-part",
)


class Reader:
    """A browser signed in as the town's manager, on a portal with one invoice and one mail."""

    def __init__(self, page: Page, portal: Any) -> None:
        self.page, self.portal = page, portal

    def open(self, path: str) -> Page:
        self.page.goto(self.portal.base + path)
        return self.page


@pytest.fixture(scope="module")
def reader(browser: Browser, opening: Callable[[], AbstractContextManager[Any]]) -> Iterator[Reader]:
    with opening() as portal:
        portal.invoice("F-2026-001")
        portal.world.send_mail(TOWN[0], "Un courriel", "Son texte.")
        # axe is a script put into the page: the portal's own policy would forbid it
        context = browser.new_context(bypass_csp=True, locale="fr-FR")
        page = context.new_page()
        page.goto(portal.base)
        page.get_by_label("Identifiant de connexion").fill(TOWN[0])
        page.get_by_label("Mot de passe").fill(TOWN[1])
        page.get_by_role("button", name="Se connecter").click()
        yield Reader(page, portal)
        context.close()


def assert_accessible(page: Page) -> None:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_to_say(reader, path, scheme):
    reader.page.emulate_media(color_scheme=scheme)
    assert_accessible(reader.open(path))


def test_axe_finds_nothing_on_an_invoice_and_its_errors(reader):
    page = reader.open("factures/recues")
    page.get_by_role("link", name="F-2026-001").click()
    assert_accessible(page)
    page.get_by_label("Nouveau statut *").select_option("REJETEE")
    page.get_by_role("button", name="Valider").click()
    assert page.get_by_label("Motif").get_attribute("aria-invalid") == "true"
    assert_accessible(page)


def test_axe_finds_nothing_while_a_password_is_shown(reader):
    page = reader.open("raccordements/compte-technique")
    page.get_by_label("Type de demande *").select_option("reinitialisation")
    page.get_by_role("button", name="Continuer").click()
    page.get_by_label("Choisir la structure *").select_option(seeds.TOWN)
    page.get_by_role("button", name="Continuer").click()
    page.get_by_label("Compte technique *").select_option(ACCOUNT)
    page.get_by_role("button", name="Continuer").click()
    assert page.locator("#mot-de-passe").count()
    assert_accessible(page)
    page.get_by_role("button", name="Soumettre").click()
    assert page.get_by_role("status").is_visible()
    assert_accessible(page)


@pytest.mark.parametrize("path", PAGES)
def test_a_narrow_screen_never_scrolls_sideways(reader, path):
    reader.page.set_viewport_size({"width": 320, "height": 640})
    page = reader.open(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    reader.page.set_viewport_size({"width": 1280, "height": 720})


def test_the_keyboard_alone_resets_a_password(reader):
    page = reader.open("raccordements/compte-technique")
    keyboard = page.keyboard
    page.locator("main").focus()
    reach(page, "type_demande")
    keyboard.type("Réi")
    press_continue(page)
    reach(page, "structure")
    keyboard.type(seeds.TOWN)
    press_continue(page)
    reach(page, "compte")
    keyboard.type("TECH")
    press_continue(page)
    password = page.locator("#mot-de-passe").text_content()
    press_continue(page, "soumettre")
    assert reader.portal.world.authenticate_technical(ACCOUNT, password) is not None


def reach(page: Page, wanted: str) -> None:
    """Tab until the control of this id or value has the focus."""
    for _ in range(60):
        if page.evaluate("[document.activeElement.id, document.activeElement.value]").count(wanted):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{wanted} est hors d’atteinte du clavier sur {page.url}")


def press_continue(page: Page, step: str = "continuer") -> None:
    reach(page, step)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_the_first_tab_offers_to_skip_the_menu(reader):
    page = reader.open("accueil")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Aller au contenu"
