"""No form is taken without its seal, whichever it is; over https no cookie travels in clear."""

from __future__ import annotations

import re
from typing import Any

import pytest
from litestar.testing import TestClient

from raccord.domain.roles import Role
from raccord.settings import load_settings
from raccord.wiring import build_web


def _forms_of(office: Any) -> list[str]:
    app = build_web(office.gateway, load_settings({}, env_file=None))
    posted = [route.path for route in app.routes if "POST" in getattr(route, "methods", ())]
    return sorted({re.sub(r"\{[^}]+\}", "1", path) for path in posted if not path.startswith("/api/")})


def test_every_form_of_the_pages_asks_for_its_seal(office: Any) -> None:
    boss = office.visitor(Role.SUPERVISEUR)
    forms = _forms_of(office)
    assert len(forms) > 40, forms
    answers = {path: boss.http.post(office.url + path, data={"_csrf_token": "faux"}).status_code for path in forms}
    assert {path: status for path, status in answers.items() if status != 403} == {}
    assert boss.open("depots").status == 200, "no session was ended by a form without its seal"


@pytest.mark.parametrize(("public", "secure"), [("https://raccord.exemple.fr", True), ("http://127.0.0.1:8090", False)])
def test_cookies_travel_in_clear_only_where_the_pages_do(office: Any, public: str, secure: bool) -> None:
    settings = load_settings({"RACCORD_PUBLIC_URL": public}, env_file=None)
    email = office.user(Role.LECTEUR).email
    with TestClient(build_web(office.gateway, settings), base_url=public) as browser:
        page = browser.get("/connexion")
        seal = re.search(r'name="_csrf_token" value="([^"]+)"', page.text)
        assert seal
        identity = {"_csrf_token": seal[1], "email": email, "mot_de_passe": office.password}
        answer = browser.post("/connexion", data=identity, follow_redirects=False)
    assert answer.status_code == 303
    laid = [*page.headers.get_list("set-cookie"), *answer.headers.get_list("set-cookie")]
    secrets = [one for one in laid if one.startswith(("raccord_session=", "raccord_csrf="))]
    assert len(secrets) >= 2
    for one in secrets:
        assert ("Secure" in one) is secure, one
        assert "HttpOnly" in one
        assert "SameSite=lax" in one
        assert "Domain=" not in one
