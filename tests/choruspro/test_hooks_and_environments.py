"""The host is told of each exchange, may wait before each one, and knows which addresses are outdated."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from choruspro import (
    PRODUCTION,
    SANDBOX,
    AsyncChorusPro,
    AsyncHooks,
    ChorusPro,
    ChorusProError,
    Environment,
    Hooks,
    former_host,
)

TAUX = "/cpro/transverses/v1/recuperer/tauxtva"
OK = {"codeRetour": 0, "libelle": "TRA_MSG_00.000"}


def test_each_exchange_is_told_once(face: Any, desk: Any, reply: Any) -> None:
    worn = reply(401)
    refused = reply(body={"codeRetour": 20001, "libelle": "GDP_MSG_11.005"}, headers={"x-piste-request-id": "r-9"})
    desk.answers(TAUX, reply(body=OK), worn, refused)
    face.ask(lambda chorus: chorus.transverses.recuperer_tauxtva())
    with pytest.raises(ChorusProError):
        face.ask(lambda chorus: chorus.transverses.recuperer_tauxtva())
    told = [(record.operation, record.http_status, record.code_retour, record.outcome) for record in face.records]
    assert told == [
        ("piste/token", 200, None, "ok"),
        ("transverses/recuperer/tauxtva", 200, 0, "ok"),
        ("transverses/recuperer/tauxtva", 401, None, "bearer-expired"),
        ("piste/token", 200, None, "ok"),
        ("transverses/recuperer/tauxtva", 200, 20001, "refused"),
    ]
    last = face.records[-1]
    assert (last.request_id, last.sent_bytes) == ("r-9", 2)
    assert last.received_bytes > 10
    assert last.duration >= 0
    assert last.started_at.tzinfo is not None


def test_a_call_without_answer_is_told_too(face: Any, desk: Any, reply: Any) -> None:
    desk.answers(TAUX, reply(gesture="reset"))
    with pytest.raises(ChorusProError):
        face.ask(lambda chorus: chorus.transverses.recuperer_tauxtva())
    assert (face.records[-1].http_status, face.records[-1].outcome) == (None, "unreachable.reset")


def test_durations_and_dates_come_from_the_clocks_given(new_face: Any, desk: Any, reply: Any) -> None:
    ticks = iter(range(0, 1000, 5))
    now = datetime(2026, 11, 21, 10, tzinfo=UTC)
    desk.answers(TAUX, reply(body=OK))
    face = new_face(clock=lambda: now, timer=lambda: float(next(ticks)))
    face.ask(lambda chorus: chorus.transverses.recuperer_tauxtva())
    assert face.records[-1].started_at == now
    assert face.records[-1].duration > 0
    assert face.records[-1].duration % 5 == 0


def test_a_limiter_may_stop_a_call_before_it_leaves(desk: Any, reply: Any, credentials: Any) -> None:
    desk.answers(TAUX, reply(body=OK))

    def closed(operation: str) -> None:
        raise InterruptedError(operation)

    chorus = ChorusPro(Environment.at(desk.base_url), credentials, hooks=Hooks(before_call=closed))
    with chorus, pytest.raises(InterruptedError, match="transverses/recuperer/tauxtva"):
        chorus.transverses.recuperer_tauxtva()
    assert desk.calls(TAUX) == []


async def _waits(desk: Any, credentials: Any, seen: list[str]) -> None:
    async def wait(operation: str) -> None:
        seen.append(operation)

    hooks = AsyncHooks(before_call=wait)
    async with AsyncChorusPro(Environment.at(desk.base_url), credentials, hooks=hooks) as chorus:
        await chorus.transverses.recuperer_tauxtva()


def test_an_asynchronous_limiter_is_awaited(desk: Any, reply: Any, credentials: Any) -> None:
    import asyncio

    desk.answers(TAUX, reply(body=OK))
    seen: list[str] = []
    asyncio.run(_waits(desk, credentials, seen))
    assert seen == ["transverses/recuperer/tauxtva"]


def test_the_official_hosts() -> None:
    assert PRODUCTION.token_url == "https://oauth.piste.gouv.fr/api/oauth/token"
    assert SANDBOX.api_url == "https://sandbox-api.piste.gouv.fr"
    assert PRODUCTION.former_hosts() == SANDBOX.former_hosts() == ()


def test_a_simulator_serves_everything_at_one_address() -> None:
    environment = Environment.at("http://127.0.0.1:8080/")
    assert environment.token_url == "http://127.0.0.1:8080/api/oauth/token"
    assert environment.api_url == "http://127.0.0.1:8080"


@pytest.mark.parametrize(
    ("url", "replacement"),
    [
        ("https://oauth.aife.economie.gouv.fr/api/oauth/token", "oauth.piste.gouv.fr"),
        ("https://SANDBOX-API.aife.economie.gouv.fr/cpro", "sandbox-api.piste.gouv.fr"),
        ("https://chorus-pro.gouv.fr:5443/service/factures", "api.piste.gouv.fr"),
    ],
)
def test_a_former_host_is_recognised(url: str, replacement: str) -> None:
    found = former_host(url)
    assert found is not None
    assert found.replaced_by == replacement


def test_other_hosts_are_not() -> None:
    assert former_host("https://chorus-pro.gouv.fr/qualif") is None
    old = Environment("ancien", "https://oauth.aife.economie.gouv.fr/token", "https://api.piste.gouv.fr", "")
    assert [host.host for host in old.former_hosts()] == ["oauth.aife.economie.gouv.fr"]
