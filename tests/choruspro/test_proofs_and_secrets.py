"""The two proofs travel byte for byte, and no secret shows anywhere else."""

from __future__ import annotations

import base64
import json
import pickle
import traceback
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from choruspro import ChorusProError, Credentials
from choruspro.evidence import Masker


@given(login=st.text(min_size=1).filter(lambda text: ":" not in text), password=st.text())
def test_any_password_survives_the_account_header(login: str, password: str) -> None:
    header = Credentials("id", "secret", login, password).account_header()
    assert header.isascii()
    assert "\n" not in header
    assert base64.b64decode(header, validate=True).decode().partition(":") == (login, ":", password)


@pytest.mark.parametrize("password", ["-shvun)en7jks0P", "a:b[c]\"d'e", " fin ", "é€ñ\u00a0", "x\\y\tz"])
def test_the_desk_receives_the_account_byte_for_byte(
    new_face: Callable[..., Any], desk: Any, reply: Any, password: str
) -> None:
    desk.answers("/cpro/transverses/v1/recuperer/tauxtva", reply(body={"codeRetour": 0, "libelle": "ok"}))
    face = new_face(credentials=Credentials("id", "secret", "TECH_1@cpro.fr", password))
    face.ask(lambda chorus: chorus.transverses.recuperer_tauxtva())
    received = desk.calls("/cpro/transverses/v1/recuperer/tauxtva")[0].headers["cpro-account"]
    assert base64.b64decode(received) == f"TECH_1@cpro.fr:{password}".encode()


def test_credentials_show_nothing(credentials: Credentials) -> None:
    shown = f"{credentials!r} {credentials!s}"
    for secret in (credentials.client_id, credentials.client_secret, credentials.login, credentials.password):
        assert secret not in shown


def test_an_answer_that_echoes_every_secret_is_kept_without_them(
    face: Any, desk: Any, reply: Any, credentials: Credentials
) -> None:
    echo = {
        "password": credentials.password,
        "header": credentials.account_header(),
        "secret": credentials.client_secret,
        "bearer": "Bearer bearer-number-1",
    }
    desk.answers("/cpro/transverses/v1/recuperer/tauxtva", reply(500, echo, {"WWW-Authenticate": str(echo)}))
    with pytest.raises(ChorusProError) as caught:
        face.ask(lambda chorus: chorus.transverses.recuperer_tauxtva())
    everything = "".join(traceback.format_exception(caught.value)) + repr(vars(caught.value)) + repr(face.records)
    for secret in (credentials.password, credentials.account_header(), credentials.client_secret, "bearer-number-1"):
        assert secret not in everything
    assert "***" in caught.value.evidence.body


@given(secret=st.text(min_size=3).filter(lambda text: "*" not in text), before=st.text(), after=st.text())
def test_the_masker_leaves_no_trace_of_a_secret(secret: str, before: str, after: str) -> None:
    assert secret not in Masker([secret])(before + secret + after)


def test_an_error_travels_between_processes_with_its_facts(face: Any, desk: Any, reply: Any) -> None:
    desk.answers("/cpro/factures/v1/traiter/recue", reply(body={"codeRetour": 20002, "libelle": "Incohérence"}))
    with pytest.raises(ChorusProError) as caught:
        face.ask(lambda chorus: chorus.factures.traiter_recue(idFacture=1, nouveauStatut="MANDATEE"))
    copy = pickle.loads(pickle.dumps(caught.value))
    assert (type(copy), vars(copy)) == (type(caught.value), vars(caught.value))


def test_a_password_is_hidden_in_each_form_it_takes() -> None:
    password = 'a"b\\c é&d'
    for form in (password, json.dumps(password), json.dumps(password, ensure_ascii=False), quote(password)):
        assert form.strip('"') not in Masker([password])(f"before {form} after")
