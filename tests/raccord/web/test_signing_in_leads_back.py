"""Whoever opens a link of a letter signs in and reads what the link promised: the very list, with its filters."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page

from raccord.domain.roles import Role

FILTERED = "/receptions?texte=b%C3%A9ton+%26+fils&retard=oui"


def _sign_in(visitor: Any, office: Any) -> None:
    visitor.send("/connexion", email=office.user(Role.LECTEUR).email, mot_de_passe=office.password)


def test_a_filtered_list_keeps_its_filters_through_the_sign_in(office: Any) -> None:
    visitor = office.visitor()
    visitor.open(FILTERED[1:])
    assert "/connexion?suite=" in visitor.address
    _sign_in(visitor, office)
    assert visitor.address == f"{office.url}{FILTERED}"
    assert visitor.page.xpath("//input[@name='texte']/@value") == ["béton & fils"]


def test_a_password_mistyped_once_forgets_nothing(office: Any) -> None:
    visitor = office.visitor()
    visitor.open(FILTERED[1:]).send("/connexion", email=office.user(Role.LECTEUR).email, mot_de_passe="faux")
    assert visitor.status == 403
    _sign_in(visitor, office)
    assert visitor.address == f"{office.url}{FILTERED}"


def test_choosing_the_language_at_the_door_forgets_nothing(office: Any) -> None:
    visitor = office.visitor()
    visitor.open(FILTERED[1:])
    hidden = visitor.page.xpath("//form[@action='/langue']//input[@name='suite']/@value")
    visitor.open(f"langue?vers=en&suite={re.sub('[^A-Za-z0-9]', lambda one: f'%{ord(one[0]):02X}', hidden[0])}")
    assert "Sign in" in visitor.text
    _sign_in(visitor, office)
    assert visitor.address == f"{office.url}{FILTERED}"


def test_a_form_sent_when_the_session_is_over_leads_back_to_its_page(office: Any) -> None:
    visitor = office.visitor(Role.COMPTABLE).open("profil")
    seal = re.search(r'name="_csrf_token" value="([^"]+)"', visitor.text)
    assert seal
    office.gateway.users.sign_out(visitor.http.cookies["raccord_session"])
    page = f"{office.url}/profil?dit=langue"
    answer = visitor.http.post(
        f"{office.url}/profil/langue", data={"_csrf_token": seal[1], "langue": "en"}, headers={"Referer": page},
        follow_redirects=False,
    )  # fmt: skip
    assert answer.headers["location"] == "/connexion?suite=/profil"


@pytest.mark.parametrize("page", ["https://mechant.example/depots", "", "pas une adresse", "http://[::1"])
def test_a_form_sent_from_elsewhere_leads_home(office: Any, page: str) -> None:
    visitor = office.visitor().open("connexion")
    seal = re.search(r'name="_csrf_token" value="([^"]+)"', visitor.text)
    assert seal
    data = {"_csrf_token": seal[1], "langue": "en"}
    headers = {"Referer": page} if page else {}
    answer = visitor.http.post(f"{office.url}/profil/langue", data=data, headers=headers, follow_redirects=False)
    assert answer.headers["location"] == "/connexion"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://mechant.example/?a=/depots",
        "//mechant.example?x=1",
        "/\\mechant.example",
        "/\t/mechant.example",
        "/\n//a.b",
        "javascript:alert(1)",
        " //mechant.example",
        "/.//mechant.example",
    ],
)
def test_no_way_back_leads_out_of_the_site(office: Any, sit_down: Any, elsewhere: str) -> None:
    """A real browser, for it is the browser that reads the address."""
    screen: Page = sit_down()
    screen.goto(f"{office.url}/connexion")
    screen.evaluate("value => { document.querySelector('input[name=suite]').value = value }", elsewhere)
    screen.fill("#email", office.user(Role.LECTEUR).email)
    screen.fill("#mot_de_passe", office.password)
    screen.get_by_role("button", name="Se connecter").click()
    screen.wait_for_load_state()
    assert screen.url.startswith(f"{office.url}/"), screen.url


def test_a_page_left_open_says_that_the_session_is_over_and_where_to_come_back(office: Any, sit_down: Any) -> None:
    """The light asks for its news by itself: a whole sign-in page has no place in it, nor an old colour."""
    screen: Page = sit_down(Role.LECTEUR)
    screen.goto(f"{office.url}{FILTERED}")
    screen.context.clear_cookies(name="raccord_session")
    screen.evaluate("htmx.ajax('GET', '/voyant', '#voyant')")
    link = screen.locator("#voyant").get_by_role("link", name="Votre session est terminée : reconnectez-vous")
    link.wait_for()
    assert screen.locator("#voyant input").count() == 0
    link.click()
    screen.fill("#email", office.user(Role.LECTEUR).email)
    screen.fill("#mot_de_passe", office.password)
    screen.get_by_role("button", name="Se connecter").click()
    screen.wait_for_url(f"{office.url}{FILTERED}")
