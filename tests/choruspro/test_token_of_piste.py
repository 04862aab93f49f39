"""The token is asked once, kept with a margin, renewed once, and an odd one is never used."""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest

from choruspro import Busy, ChorusPro, Credentials, CredentialsRefused, Environment, Surprising, TokenCache
from choruspro.auth import Token

TAUX = "/cpro/transverses/v1/recuperer/tauxtva"
OK = {"codeRetour": 0, "libelle": "TRA_MSG_00.000"}


def ask_rates(chorus: Any) -> Any:
    return chorus.transverses.recuperer_tauxtva()


def test_the_application_is_proved_by_a_form(face: Any, desk: Any, reply: Any, credentials: Credentials) -> None:
    desk.answers(TAUX, reply(body=OK))
    face.ask(ask_rates)
    (asked,) = desk.calls(desk.token_path)
    assert asked.headers["content-type"] == "application/x-www-form-urlencoded"
    assert parse_qs(asked.body.decode()) == {
        "grant_type": ["client_credentials"],
        "scope": ["openid"],
        "client_id": [credentials.client_id],
        "client_secret": [credentials.client_secret],
    }


def test_a_secret_with_odd_characters_survives_the_form(new_face: Callable[..., Any], desk: Any, reply: Any) -> None:
    desk.answers(TAUX, reply(body=OK))
    new_face(credentials=Credentials("a&b", "c+d&e=é", "l", "p")).ask(ask_rates)
    form = parse_qs(desk.calls(desk.token_path)[0].body.decode())
    assert (form["client_id"], form["client_secret"]) == (["a&b"], ["c+d&e=é"])


def test_the_application_can_be_proved_by_basic(new_face: Callable[..., Any], desk: Any, reply: Any) -> None:
    desk.answers(TAUX, reply(body=OK))
    new_face(credentials=Credentials("id", "secret", "l", "p"), basic_token=True).ask(ask_rates)
    (asked,) = desk.calls(desk.token_path)
    assert base64.b64decode(asked.headers["authorization"].removeprefix("Basic ")) == b"id:secret"
    assert b"client_secret" not in asked.body


def test_one_token_serves_many_calls_until_its_margin(new_face: Callable[..., Any], desk: Any, reply: Any) -> None:
    now = [datetime(2026, 11, 21, 10, tzinfo=UTC)]
    desk.answers(TAUX, reply(body=OK))
    face = new_face(clock=lambda: now[0])
    for seconds in (0, 1800, 3539):
        now[0] = datetime(2026, 11, 21, 10, tzinfo=UTC) + timedelta(seconds=seconds)
        face.ask(ask_rates)
    assert len(desk.calls(desk.token_path)) == 1
    now[0] += timedelta(seconds=1)
    face.ask(ask_rates)
    assert len(desk.calls(desk.token_path)) == 2
    assert desk.calls(TAUX)[-1].headers["authorization"] == "Bearer bearer-number-2"


def test_a_worn_out_bearer_is_renewed_once(face: Any, desk: Any, reply: Any) -> None:
    worn = reply(401, headers={"WWW-Authenticate": 'Bearer realm="DefaultRealm", error="invalid_token"'})
    desk.answers(TAUX, reply(body=OK), worn, reply(body=OK))
    face.ask(ask_rates)
    assert face.ask(ask_rates).codeRetour == 0
    used = [asked.headers["authorization"] for asked in desk.calls(TAUX)]
    assert used == ["Bearer bearer-number-1", "Bearer bearer-number-1", "Bearer bearer-number-2"]


def test_a_bearer_refused_twice_stops(face: Any, desk: Any, reply: Any) -> None:
    worn = reply(401, headers={"WWW-Authenticate": 'Bearer realm="DefaultRealm", error="invalid_token"'})
    desk.answers(TAUX, reply(body=OK), worn)
    face.ask(ask_rates)
    with pytest.raises(CredentialsRefused) as caught:
        face.ask(ask_rates)
    assert caught.value.which == "piste"
    assert len(desk.calls(TAUX)) == 3


def test_a_refused_account_is_never_tried_again(face: Any, desk: Any, reply: Any) -> None:
    """A second try could lock the account: one question, one refusal."""
    header = 'Bearer realm="PISTE",error="Unauthorized",error_description="login or password incorrects"'
    desk.answers(TAUX, reply(body=OK), reply(401, headers={"WWW-Authenticate": header}))
    face.ask(ask_rates)
    with pytest.raises(CredentialsRefused) as caught:
        face.ask(ask_rates)
    assert (caught.value.which, caught.value.code) == ("technical-account", "credentials.technical-account")
    assert len(desk.calls(TAUX)) == 2
    assert len(desk.calls(desk.token_path)) == 1


def test_a_token_just_asked_is_not_blamed(face: Any, desk: Any, reply: Any) -> None:
    """An unexplained 401 right after a new token is the account's: one try only."""
    desk.answers(TAUX, reply(401))
    with pytest.raises(CredentialsRefused) as caught:
        face.ask(ask_rates)
    assert caught.value.which == "technical-account"
    assert len(desk.calls(TAUX)) == 1


@pytest.mark.parametrize("status", [400, 401])
def test_a_refused_application_says_so(face: Any, desk: Any, reply: Any, status: int) -> None:
    desk.answers(desk.token_path, reply(status, {"error": "invalid_client"}))
    with pytest.raises(CredentialsRefused) as caught:
        face.ask(ask_rates)
    assert caught.value.which == "piste"
    assert caught.value.operation == "piste/token"
    assert desk.calls(TAUX) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"access_token": ""},
        {"access_token": None},
        {"access_token": "two words"},
        {"token_type": "mac"},
        {"expires_in": 0},
        {"expires_in": -1},
        {"expires_in": None},
        {"expires_in": True},
        {"expires_in": "soon"},
        {"expires_in": 3600.5},
    ],
)
def test_a_degenerate_token_is_a_hiccup(face: Any, desk: Any, changes: dict[str, Any]) -> None:
    desk.answers(desk.token_path, desk.token(1, **changes))
    with pytest.raises(Busy) as caught:
        face.ask(lambda chorus: chorus.factures.deposer_flux(fichierFlux=b"x", nomFichier="x", syntaxeFlux="y"))
    assert not caught.value.effect_unknown
    assert "bearer-number-1" not in caught.value.evidence.body


@pytest.mark.parametrize(("status", "body"), [(200, b""), (200, b"{}"), (200, b"[]"), (200, b"<html>"), (503, b"")])
def test_an_empty_or_broken_token_answer_is_a_hiccup(
    face: Any, desk: Any, reply: Any, status: int, body: bytes
) -> None:
    desk.answers(desk.token_path, reply(status, body), desk.token(2))
    with pytest.raises(Busy):
        face.ask(ask_rates)
    desk.answers(TAUX, reply(body=OK))
    assert face.ask(ask_rates).codeRetour == 0


def test_any_other_token_answer_is_surprising(face: Any, desk: Any, reply: Any) -> None:
    desk.answers(desk.token_path, reply(404, "nothing here"))
    with pytest.raises(Surprising):
        face.ask(ask_rates)


def test_authenticate_proves_the_application_alone(face: Any, desk: Any) -> None:
    for fresh in (False, False, True):
        face.ask(lambda chorus, fresh=fresh: chorus.authenticate(fresh=fresh))
    assert [asked.path for asked in desk.asked] == [desk.token_path, desk.token_path]


def test_two_secrets_never_share_a_token(new_face: Callable[..., Any], desk: Any, reply: Any) -> None:
    desk.answers(TAUX, reply(body=OK))
    tokens = TokenCache()
    for secret in ("one", "two", "one"):
        new_face(tokens=tokens, credentials=Credentials("id", secret, "l", "p")).ask(ask_rates)
    assert len(desk.calls(desk.token_path)) == 2


def test_twenty_threads_ask_one_token(desk: Any, reply: Any, credentials: Credentials) -> None:
    desk.answers(TAUX, reply(body=OK))
    start = threading.Barrier(20)
    with ChorusPro(Environment.at(desk.base_url), credentials) as chorus:

        def work() -> None:
            start.wait()
            ask_rates(chorus)

        threads = [threading.Thread(target=work) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(desk.calls(desk.token_path)) == 1
    assert len(desk.calls(TAUX)) == 20


def test_a_concentrator_acts_for_several_accounts_with_one_token(face: Any, desk: Any, reply: Any) -> None:
    desk.answers(TAUX, reply(body=OK))
    for login in ("TECH_1", "TECH_2"):
        face.ask(lambda chorus, login=login: ask_rates(chorus.for_account(login, "secret")))
    accounts = [base64.b64decode(asked.headers["cpro-account"]) for asked in desk.calls(TAUX)]
    assert accounts == [b"TECH_1:secret", b"TECH_2:secret"]
    assert len(desk.calls(desk.token_path)) == 1


def test_a_late_refusal_does_not_drop_the_token_that_replaced_the_worn_one() -> None:
    """Two threads may learn of the same worn token; the second must not throw the new one away."""
    tokens, key, now = TokenCache(), ("address", "application"), datetime(2026, 11, 21, tzinfo=UTC)
    tokens.put(key, Token("new", now + timedelta(hours=1)))
    tokens.drop(key, "worn")
    assert tokens.get(key, now) is not None
    tokens.drop(key, "new")
    assert tokens.get(key, now) is None
