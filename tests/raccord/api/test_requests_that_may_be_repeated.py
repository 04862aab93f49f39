"""The same request under the same key is done once and answered the same, whatever it asks."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from typing import Any

import pytest

from raccord.domain.roles import Permission
from raccord.engine.repeats import Asked

ALL = (Permission.READ, Permission.DEPOSIT, Permission.PROCESS, Permission.CONFIGURE)
KEY = {"Idempotency-Key": "demande-1"}
HOOK = {"label": "ERP", "url": "http://127.0.0.1:9/raccord", "kinds": ["deposit"]}
HERE = {"RACCORD_WEBHOOK_PRIVATE": "true"}
ON_BOTH = pytest.mark.parametrize(
    "office",
    [HERE, pytest.param(HERE | {"database": "postgresql"}, marks=pytest.mark.postgres)],
    indirect=True,
    ids=["sqlite", "postgresql"],
)
AT_HOME = pytest.mark.parametrize("office", [HERE], indirect=True, ids=["sqlite"])


@ON_BOTH
def test_a_webhook_asked_twice_is_made_once_with_one_secret(office: Any) -> None:
    program = office.program(*ALL)
    first, again = (program.post("webhooks", json=HOOK, headers=KEY) for _ in range(2))
    assert first.status_code == 201, first.text
    assert first.headers["idempotent-replayed"] == "false"
    assert (again.status_code, again.headers["idempotent-replayed"]) == (201, "true")
    assert again.content == first.content
    assert first.json()["secret"]
    assert again.headers["content-type"] == first.headers["content-type"]
    assert len(program.get("webhooks").json()) == 1


@AT_HOME
def test_another_request_under_the_same_key_is_refused(office: Any) -> None:
    program = office.program(*ALL)
    program.post("webhooks", json=HOOK, headers=KEY)
    for path, body in (("webhooks", HOOK | {"label": "Autre"}), ("archive/holds", HOOK)):
        refused = program.post(path, json=body, headers=KEY)
        assert (refused.status_code, refused.json()["code"]) == (409, "CLE_IDEMPOTENCE_REUTILISEE")
    assert [one["label"] for one in program.get("webhooks").json()] == ["ERP"]


@AT_HOME
def test_a_request_refused_may_be_corrected_under_its_key(office: Any) -> None:
    program = office.program(*ALL)
    refused = program.post("webhooks", json=HOOK | {"url": "pas une adresse"}, headers=KEY)
    assert refused.status_code == 422
    assert program.post("webhooks", json=HOOK, headers=KEY).status_code == 201


@AT_HOME
def test_the_key_of_one_program_says_nothing_to_another(office: Any) -> None:
    one, other, reader = office.program(*ALL), office.program(*ALL), office.program(Permission.READ)
    made = one.post("webhooks", json=HOOK, headers=KEY).json()
    assert other.post("webhooks", json=HOOK, headers=KEY).json()["secret"] != made["secret"]
    assert reader.post("webhooks", json=HOOK, headers=KEY).status_code == 403


def test_files_sent_again_in_another_envelope_are_the_same_request(office: Any) -> None:
    """Each try of a multipart body has a boundary of its own."""
    office.connect()
    program = office.program(*ALL)
    taken = program.post("deposits", content=office.invoice("F-1")).json()
    office.work()
    office.simulator.control.status(program.get(f"deposits/{taken['id']}").json()["id_facture"], "SUSPENDUE")
    office.work(turns=8, seconds=600)
    parts = {"file": ("piece.pdf", b"%PDF-1.4 piece")}
    asked = {"files": parts, "data": {"kind": "complete", "comment": "Voici."}, "headers": KEY}
    first, again = (program.post(f"deposits/{taken['id']}/answers", **asked) for _ in range(2))
    assert (first.status_code, again.status_code) == (202, 202), again.text
    assert again.json() == first.json()
    assert len(program.get(f"deposits/{taken['id']}/answers").json()) == 1


@AT_HOME
def test_ten_copies_of_a_program_at_once_make_one_webhook(office: Any) -> None:
    program = office.program(*ALL)
    answers: list[Any] = []
    threads = [
        threading.Thread(target=lambda: answers.append(program.post("webhooks", json=HOOK, headers=KEY)))
        for _ in range(10)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert {one.status_code for one in answers} <= {201, 409}
    assert {one.json()["code"] for one in answers if one.status_code == 409} <= {"DEMANDE_EN_COURS"}
    assert len({one.json()["secret"] for one in answers if one.status_code == 201}) == 1
    assert len(program.get("webhooks").json()) == 1


def test_a_request_that_never_ended_is_not_passed_off_as_done(office: Any) -> None:
    """The process died between the effect and the answer: neither done again, nor told done."""
    repeats = office.gateway.repeats
    asked = Asked("clé", "k", "f" * 64)
    assert repeats.begin(asked) is None
    with pytest.raises(Exception, match="en cours"):
        repeats.begin(asked)
    office.hours.pass_by(3600)
    with pytest.raises(Exception, match="interrompue"):
        repeats.begin(asked)


@AT_HOME
def test_an_answer_is_forgotten_after_a_week_and_sealed_until_then(office: Any) -> None:
    program = office.program(*ALL)
    secret = program.post("webhooks", json=HOOK, headers=KEY).json()["secret"]
    with office.gateway.store.read() as conn:
        rows = conn.exec_driver_sql("SELECT sealed FROM repeats").all()
    assert len(rows) == 1
    assert secret.encode() not in bytes(rows[0][0])
    assert office.gateway.repeats.forget() == 0
    office.hours.pass_by(timedelta(days=8).total_seconds())
    assert office.gateway.repeats.forget() == 1


@pytest.mark.parametrize("key", ["", "k" * 201])
def test_a_key_out_of_measure_is_refused_with_a_sentence(office: Any, key: str) -> None:
    refused = office.program(*ALL).post("webhooks", json=HOOK, headers={"Idempotency-Key": key})
    assert (refused.status_code, refused.json()["code"]) == (422, "CLE_IDEMPOTENCE_ILLISIBLE")


def test_the_description_says_which_requests_may_be_repeated(office: Any) -> None:
    paths = json.loads(office.program(Permission.READ).get(f"{office.url}/api/openapi.json").content)["paths"]
    posts = {path: one["post"] for path, one in paths.items() if "post" in one}
    named = {
        path for path, one in posts.items() if any(p["name"] == "Idempotency-Key" for p in one.get("parameters", ()))
    }
    apart = {f"/api/v1/{name}" for name in ("checks", "conversions", "digests/preview")}
    assert set(posts) - named == apart
