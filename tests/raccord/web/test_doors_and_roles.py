"""Who may open what: every route has its guard, every role its pages, every form its seal."""

from __future__ import annotations

import re
from typing import Any

import httpx2
import pyotp
import pytest

from raccord.api import auth
from raccord.domain.roles import Permission, Role
from raccord.settings import load_settings
from raccord.web import guards
from raccord.wiring import build_web

PLACE = "options/parametres/systeme/chorus-pro"
GUARDS = (guards.Requires, guards.Anyone, auth.Requires, auth.Anyone)
OPEN = {
    "/calendrier/{name:str}",
    "/connexion", "/deconnexion", "/langue", "/premier-acces/{token:str}", "/invitation/{token:str}",
    "/nouveau-mot-de-passe/{token:str}", "/mot-de-passe-oublie", "/aide", "/aide/erreur-de-connexion",
    "/aide/creation-du-compte-technique", "/aide/reinitialiser-le-mot-de-passe", "/accessibilite", "/api/docs",
    "/healthz", "/metrics", "/statique", "/statique/{file_path:path}", "/api/openapi.json",
}  # fmt: skip
"""What needs nobody: a route that joins this list is a decision, not an accident."""


def _routes(office: Any) -> list[tuple[str, Any]]:
    app = build_web(office.gateway, load_settings({}, env_file=None))
    return [(route.path, handler) for route in app.routes for handler in _handlers(route)]


def _handlers(route: Any) -> list[Any]:
    handlers = getattr(route, "route_handlers", None) or [route.route_handler]
    return [one for one in handlers if "OPTIONS" not in getattr(one, "http_methods", ())]


def _guards(handler: Any) -> list[Any]:
    return [guard for layer in (handler, *handler.ownership_layers) for guard in layer.guards or ()]


def test_every_route_has_a_guard_of_ours(office: Any) -> None:
    naked = [
        path
        for path, handler in _routes(office)
        if path not in ("/api", "/api/{path:str}", "/api/openapi.json")  # the description of the API, made by Litestar
        and not any(isinstance(guard, GUARDS) for guard in _guards(handler))
    ]
    assert naked == []


def test_what_is_open_to_all_is_known_by_name(office: Any) -> None:
    free = {
        path
        for path, handler in _routes(office)
        if any(isinstance(guard, guards.Anyone | auth.Anyone) for guard in _guards(handler))
    }
    assert free <= OPEN, free - OPEN


def test_a_stranger_is_led_to_the_sign_in_page_and_back(office: Any) -> None:
    visitor = office.visitor()
    visitor.open("depots")
    assert visitor.address.endswith("/connexion?suite=/depots")
    visitor.send("/connexion", email=office.user(Role.LECTEUR).email, mot_de_passe=office.password)
    assert visitor.address.endswith("/depots")


@pytest.mark.parametrize("elsewhere", ["https://mechant.example/", "//mechant.example", "/\\mechant.example"])
def test_sign_in_never_leads_to_another_site(office: Any, elsewhere: str) -> None:
    visitor = office.visitor()
    visitor.open(f"connexion?suite={elsewhere}")
    visitor.send("/connexion", email=office.user(Role.LECTEUR).email, mot_de_passe=office.password)
    assert visitor.address == f"{office.url}/"


@pytest.mark.parametrize("role", [Role.COMPTABLE, Role.LECTEUR])
def test_only_the_superviseur_opens_the_settings_the_others_are_refused_politely(office: Any, role: Role) -> None:
    visitor = office.visitor(role).open(PLACE)
    assert visitor.status == 403
    assert f"Votre rôle « {role.label} » ne permet pas" in visitor.text.replace("\u00a0", " ")
    assert "« Superviseur »" in visitor.text.replace("\u00a0", " ")
    assert office.visitor(Role.SUPERVISEUR).open(PLACE).status == 200


def test_a_reader_cannot_deposit(office: Any) -> None:
    visitor = office.visitor(Role.LECTEUR).open("depots")
    assert "/depots" not in [form.get("action") for form in visitor.page.forms if form.get("method") == "post"]
    answer = visitor.http.post(f"{office.url}/depots", files={"fichiers": ("f.xml", b"<a/>")}, data=_seal(visitor))
    assert answer.status_code == 403


def test_a_form_without_its_seal_is_refused(office: Any) -> None:
    visitor = office.visitor(Role.SUPERVISEUR)
    answer = visitor.http.post(f"{office.url}/cles-api", data={"nom": "pirate", "droits": "read"})
    assert answer.status_code == 403
    assert office.gateway.users.keys() == []


def _seal(visitor: Any) -> dict[str, str]:
    found = re.search(r'name="_csrf_token" value="([^"]+)"', visitor.text)
    assert found
    return {"_csrf_token": found[1]}


def test_cookies_are_out_of_reach_and_pages_forbid_what_comes_from_elsewhere(office: Any) -> None:
    email = office.user(Role.LECTEUR).email
    with httpx2.Client(base_url=office.url, timeout=60) as client:
        page = client.get("/connexion")
        token = re.search(r'name="_csrf_token" value="([^"]+)"', page.text)
        assert token
        answer = client.post(
            "/connexion", data={"_csrf_token": token[1], "email": email, "mot_de_passe": office.password}
        )
    cookie = next(one for one in answer.headers.get_list("set-cookie") if one.startswith("raccord_session="))
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    policy = page.headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert page.headers["x-content-type-options"] == "nosniff"
    assert not re.search(r"<script(?![^>]*src=)|\sstyle=|\son[a-z]+=", page.text)


def test_signing_out_ends_the_session_on_the_server(office: Any) -> None:
    visitor = office.visitor(Role.LECTEUR)
    token = visitor.http.cookies["raccord_session"]
    visitor.open("").send("/deconnexion")
    assert office.gateway.users.session(token) is None
    assert visitor.open("depots").address.endswith("suite=/depots")


def test_the_first_superviseur_comes_in_by_a_link_that_serves_once(office: Any) -> None:
    link = office.gateway.users.first_link()
    visitor = office.visitor()
    visitor.open(f"premier-acces/{link}").send(link, email="a@exemple.fr", nom="Alice", mot_de_passe=office.password)
    assert visitor.address == f"{office.url}/"
    assert visitor.open(PLACE).status == 200
    other = office.visitor()
    other.open(f"premier-acces/{link}").send(link, email="b@exemple.fr", nom="Bob", mot_de_passe=office.password)
    assert other.status == 400
    assert [user.email for user in office.gateway.users.all()] == ["a@exemple.fr"]


@pytest.mark.parametrize("office", [{"RACCORD_REQUIRE_TOTP": "oui"}], indirect=True)
def test_a_house_that_wants_a_second_factor_opens_nothing_else_before(office: Any) -> None:
    visitor = office.visitor(Role.SUPERVISEUR)
    assert visitor.open("depots").address.endswith("/profil?dit=second-facteur")
    visitor.send("/profil/second-facteur")
    secret = visitor.page.xpath("//p[contains(., 'saisissez ce secret')]/code")[0].text_content()
    visitor.send("/profil/second-facteur/confirmer", code=pyotp.TOTP(secret).at(office.hours()))
    assert visitor.status == 200, visitor.said()
    assert visitor.open("depots").address.endswith("/depots")


def test_an_api_key_is_shown_once_and_opens_what_it_says(office: Any) -> None:
    visitor = office.visitor(Role.SUPERVISEUR)
    visitor.open("cles-api").send("/cles-api", nom="Logiciel", droits=["read"])
    key = visitor.read("cle")
    assert key not in visitor.open("cles-api").text
    headers = {"Authorization": f"Bearer {key}"}
    assert httpx2.get(f"{office.url}/api/v1/deposits", headers=headers, timeout=60).status_code == 200
    refused = httpx2.post(f"{office.url}/api/v1/deposits", headers=headers, content=b"x", timeout=60)
    assert refused.status_code == 403
    assert refused.json()["code"] == "DROIT_INSUFFISANT"
    assert Permission.READ.value in visitor.text


@pytest.mark.parametrize("path", ["connexion", "mot-de-passe-oublie", "aide/erreur-de-connexion", "nulle-part"])
def test_a_stranger_learns_nothing_of_the_connections(office: Any, path: str) -> None:
    """Neither whether the account works, nor its name, nor when its password ends."""
    connection = office.connect()
    told = office.visitor().open(path)
    assert told.page.xpath("//*[contains(@class, 'light')]") == []
    assert connection.label not in told.text
    assert connection.login not in told.text
    assert office.visitor().open("voyant").address.startswith(f"{office.url}/connexion"), "the light asks who looks"


def test_a_stranger_to_this_machine_is_told_only_that_raccord_answers(office: Any) -> None:
    from litestar.testing import TestClient

    office.connect()
    settings = load_settings({"RACCORD_METRICS_TOKEN": "jeton des mesures"}, env_file=None)
    with TestClient(build_web(office.gateway, settings)) as stranger:
        assert stranger.get("/healthz").json() == {"status": "ok"}
        assert stranger.get("/metrics").status_code == 403
        known = {"Authorization": "Bearer jeton des mesures"}
        assert stranger.get("/healthz", headers=known).json() == {"status": "ok", "light": "vert"}
