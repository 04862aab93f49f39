"""The portal beside the API: what « Soumettre » changes is what the gateway then accepts."""

import base64

import pytest

from chorus_simulator import seeds

ACCOUNT = f"TECH_1_{seeds.FIRM}@cpro.fr"
PATH = "/raccordements/compte-technique"
RESET = {"type_demande": "reinitialisation", "structure": seeds.FIRM, "compte": ACCOUNT}
PREFIXES = (("", "sandbox"), ("/sandbox", "sandbox"), ("/production", "production"))


def answer_of_the_api(portal, password):
    """The HTTP status of the call that products use to test a connection (technical-accounts.md §6)."""
    root = portal.base.removesuffix("portail/")
    application = next(iter(portal.world.applications.values()))
    identity = {"client_id": application.client_id, "client_secret": application.client_secret}
    http = portal.visitor().http
    token = http.post(
        f"{root}api/oauth/token", data={"grant_type": "client_credentials", "scope": "openid", **identity}
    )
    account = base64.b64encode(f"{ACCOUNT}:{password}".encode()).decode()
    headers = {"Authorization": f"Bearer {token.json()['access_token']}", "cpro-account": account}
    return http.post(f"{root}cpro/transverses/v1/recuperer/tauxtva", json={}, headers=headers).status_code


@pytest.mark.parametrize(("prefix", "environment"), PREFIXES)
def test_the_api_obeys_soumettre(opening, prefix, environment):
    with opening(prefix, environment) as portal:
        visitor = portal.visitor("firm")
        visitor.get(PATH)
        text = visitor.post(PATH, etape="continuer", **RESET).text
        password, handle = portal.shown_password(text), text.split('name="demande" value="')[1].split('"')[0]
        assert answer_of_the_api(portal, password) == 401
        assert answer_of_the_api(portal, seeds.MANUAL_OF_2016) == 200
        visitor.post(PATH, etape="soumettre", demande=handle, **RESET)
        assert answer_of_the_api(portal, password) == 200
        assert answer_of_the_api(portal, seeds.MANUAL_OF_2016) == 401


def test_each_page_names_its_environment_and_links_inside_it(opening):
    with opening("/production", "production") as portal:
        page = portal.visitor("firm").last
        assert "<span>Production</span>" in page.text
        assert 'href="/production/portail/raccordements"' in page.text
        assert 'href="/portail/' not in page.text


def test_the_portal_opens_without_its_last_slash(opening):
    with opening() as portal:
        answer = portal.visitor().http.get(portal.base.removesuffix("/"))
        assert answer.url.path == "/portail/connexion"
