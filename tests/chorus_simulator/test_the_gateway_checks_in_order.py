"""PISTE's door: token, subscription, technical account, body, in that order (gateway-and-authentication.md §4)."""

import base64

import pytest

TAUX = "transverses/v1/recuperer/tauxtva"
FIRM, TOWN = "45251785100010", "21970999400017"


def test_a_token_is_opaque_and_lives_an_hour(api):
    answer = api.ask_token()
    assert answer.status_code == 200
    told = answer.json()
    assert len(told["access_token"]) == 54
    assert (told["token_type"], told["expires_in"]) == ("Bearer", 3600)
    assert type(told["expires_in"]) is int


@pytest.mark.parametrize("scope", ["", "openid", "openid resource.READ"])
def test_every_scope_seen_in_clients_is_taken(api, scope):
    assert api.ask_token(scope=scope).status_code == 200


def test_http_basic_is_taken_too(api):
    pair = (api.application["client_id"], api.application["client_secret"])
    url = f"{api.base}/api/oauth/token"
    assert api.http.post(url, data={"grant_type": "client_credentials"}, auth=pair).status_code == 200


def test_a_wrong_id_and_a_wrong_secret_cannot_be_told_apart(api):
    wrong_id, wrong_secret = api.ask_token(client_id="x"), api.ask_token(client_secret="x")
    assert wrong_id.status_code == wrong_secret.status_code == 400
    assert wrong_id.content == wrong_secret.content == b'{"error":"invalid_client"}'


def test_the_applications_of_one_environment_are_unknown_to_the_other(api, production):
    assert production.ask_token().status_code == 200
    mixed = production.ask_token(client_id=api.application["client_id"], client_secret=api.application["client_secret"])
    assert mixed.status_code == 400


def test_without_bearer_the_answer_is_400_and_the_header_says_why(api):
    answer = api.raw(TAUX, b"{}", {})
    assert (answer.status, answer.content) == (400, b"")
    assert 'realm="DefaultRealm", error="invalid_request"' in answer.headers["www-authenticate"]
    assert answer.headers["x-piste-request-id"]


def test_a_token_dies_with_its_hour(api):
    assert api.call(TAUX).status == 200
    api.simulator.control.clock(advance=3601)
    answer = api.call(TAUX)
    assert answer.status == 401
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]


def test_two_tokens_live_together(api):
    first, _ = api.token, api.ask_token().json()
    assert api.raw(TAUX, b"{}", {**api.headers(FIRM), "Authorization": f"Bearer {first}"}).status == 200


@pytest.mark.parametrize(
    "path", ["factures/v1/consulter/cr", "transverses/v1/deposer/flux", "transverses/v1/rechercherStructure", "x"]
)
def test_an_unknown_path_is_403_with_nothing_in_it(api, path):
    answer = api.call(path)
    assert (answer.status, answer.content) == (403, b"")


def test_an_api_that_is_not_subscribed_is_403_before_the_account_is_looked_at(api):
    api.simulator.control.application(api.application["client_id"], subscribed=["factures"])
    headers = {**api.headers(FIRM), "cpro-account": "bm9ib2R5OndpdGg="}
    assert api.raw(TAUX, b"{}", headers).status == 403


def test_terms_not_accepted_look_the_same(api):
    api.simulator.control.application(api.application["client_id"], cgu=[])
    assert (api.call(TAUX).status, api.call(TAUX).content) == (403, b"")


def test_a_structure_that_is_not_linked_to_the_application_is_403(api):
    api.simulator.control.application(api.application["client_id"], raccordements=[TOWN])
    assert (api.call(TAUX, siret=TOWN).status, api.call(TAUX, siret=FIRM).status) == (200, 403)


@pytest.mark.parametrize(
    "account",
    [
        None,
        "",
        "pas du base64",
        base64.b64encode(b"TECH_1_45251785100010@cpro.fr:faux").decode(),
        base64.b64encode(b"inconnu@cpro.fr:x").decode(),
        base64.b64encode(b"\xff\xfe:\xfd").decode(),
        base64.b64encode(b"sansdeuxpoints").decode(),
    ],
)
def test_a_refused_account_is_401_and_only_the_header_speaks(api, account):
    headers = api.headers(FIRM)
    del headers["cpro-account"]
    answer = api.raw(TAUX, b"{}", headers if account is None else {**headers, "cpro-account": account})
    assert (answer.status, answer.content) == (401, b"")
    expected = 'Bearer realm="PISTE",error="Unauthorized",error_description="login or password incorrects"'
    assert answer.headers["www-authenticate"] == expected


def test_expired_locked_and_disabled_accounts_cannot_be_told_apart(api):
    control, login = api.simulator.control, api.simulator.account(FIRM)["login"]
    right = api.call(TAUX)
    control.expire(login)
    expired = api.call(TAUX)
    control.password(login, api.simulator.account(FIRM)["password"])
    control.lock(login)
    locked = api.call(TAUX)
    control.unlock(login)
    control("POST", f"/accounts/{login}/disable")
    disabled = api.call(TAUX)
    assert right.status == 200
    assert {answer.status for answer in (expired, locked, disabled)} == {401}
    assert len({answer.headers["www-authenticate"] for answer in (expired, locked, disabled)}) == 1


def test_a_password_with_colons_and_brackets_arrives_byte_for_byte(api):
    login = api.simulator.account(FIRM)["login"]
    for password in ("-shvun)en7jks0P", "a:b:c", "é[è)à:-", " espaces ", '"\\<&>'):
        api.simulator.control.password(login, password)
        headers = {**api.headers(FIRM), "cpro-account": api.account_header(login, password)}
        assert api.raw(TAUX, b"{}", headers).status == 200, password


def test_five_failures_lock_when_the_switch_says_so(api):
    api.simulator.control.switch(verrou_echecs=5)
    login = api.simulator.account(FIRM)["login"]
    wrong = {**api.headers(FIRM), "cpro-account": api.account_header(login, "faux")}
    for _ in range(5):
        assert api.raw(TAUX, b"{}", wrong).status == 401
    assert api.call(TAUX).status == 401
    api.simulator.control.clock(advance=3599)
    assert api.call(TAUX).status == 401
    api.simulator.control.clock(advance=2)
    api._token = ""
    assert api.call(TAUX).status == 200


@pytest.mark.parametrize("content", [b"", b"null", b"[]", b"{", b'"x"', b"\xff", b'{"a":' + b"[" * 5000])
def test_a_body_that_is_no_object_is_400_with_a_sentence(api, content):
    answer = api.raw(TAUX, content, api.headers(FIRM))
    assert answer.status == 400
    assert set(answer.json) == {"codeRetour", "libelle"}


def test_another_content_type_is_415(api):
    assert api.raw(TAUX, b"{}", {**api.headers(FIRM), "Content-Type": "text/plain"}).status == 415


def test_get_on_a_post_route_is_refused(api):
    assert api.call(TAUX, method="GET").status == 403
    api.simulator.control.switch(get_refuse=405)
    assert api.call(TAUX, method="GET").status == 405


def test_health_check_is_a_get_without_account(api):
    answer = api.raw("transverses/v1/health-check", b"[]", {"Authorization": f"Bearer {api.token}"}, "GET")
    assert (answer.status, answer.json["statusCodeValue"]) == (200, 200)


def test_a_quota_answers_429_with_retry_after(api):
    api.simulator.control.switch(quota_par_seconde=3)
    statuses = [api.call(TAUX) for _ in range(5)]
    assert [answer.status for answer in statuses] == [200, 200, 200, 429, 429]
    assert statuses[-1].headers["retry-after"] == "1"


def test_the_ldap_sentence_is_a_switch(api):
    api.simulator.control.switch(compte_refuse_corps="ldap")
    api.simulator.control.expire(api.simulator.account(FIRM)["login"])
    assert "LDAP" in api.call(TAUX).json["libelle"]


def test_a_body_beyond_the_hard_limit_is_413(api):
    api.simulator.control.switch(http_mo=1)
    assert api.raw(TAUX, b" " * (1024 * 1024 + 1), api.headers(FIRM)).status == 413
