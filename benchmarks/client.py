"""The client's deposits per second: against a trivial server and against the simulator, beside a raw keep-alive floor.

The floor posts the very bytes that the client would send, over one kept connection, and reads the answer.
"""

import asyncio
import http.client
import json
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import msgspec

from benchmarks.harness import Server, rate, server
from benchmarks.report import Row
from choruspro import AsyncChorusPro, ChorusPro, Credentials, Environment

SIZE = 60_000
"""Bytes of the flux."""
COUNT = 600
CONCURRENCY = 16


def _flux() -> bytes:
    """Sixty kilobytes of XML-looking bytes; the simulator judges them later, which is not measured here."""
    head = b'<?xml version="1.0" encoding="UTF-8"?><Invoice>'
    return head + b"x" * (SIZE - len(head) - 10) + b"</Invoice>"


def _raw(base_url: str, headers: dict[str, str]) -> float:
    address = urlsplit(base_url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port)
    body = msgspec.json.encode(
        {"fichierFlux": _flux(), "nomFichier": "F.xml", "syntaxeFlux": "IN_DP_E1_CII_16B", "avecSignature": False}
    )
    headers = {"Content-Type": "application/json;charset=utf-8", **headers}

    def once() -> None:
        connection.request("POST", "/cpro/factures/v1/deposer/flux", body, headers)
        answer = json.loads(connection.getresponse().read())
        assert answer["codeRetour"] == 0, answer

    once()
    return rate(once, COUNT)


def _deposit(chorus: ChorusPro) -> None:
    chorus.factures.deposer_flux(fichierFlux=_flux(), nomFichier="F.xml", syntaxeFlux="IN_DP_E1_CII_16B")


def _sequential(environment: Environment, credentials: Credentials) -> float:
    with ChorusPro(environment, credentials) as chorus:
        _deposit(chorus)
        return rate(lambda: _deposit(chorus), COUNT)


def _threads(environment: Environment, credentials: Credentials) -> float:
    with ChorusPro(environment, credentials) as chorus, ThreadPoolExecutor(CONCURRENCY) as pool:
        _deposit(chorus)
        return rate(lambda: list(pool.map(lambda _: _deposit(chorus), range(CONCURRENCY))), COUNT // CONCURRENCY) * (
            CONCURRENCY
        )


async def _tasks(environment: Environment, credentials: Credentials) -> float:
    async with AsyncChorusPro(environment, credentials) as chorus:
        loop = asyncio.get_running_loop()

        async def worker(share: int) -> None:
            for _ in range(share):
                await chorus.factures.deposer_flux(
                    fichierFlux=_flux(), nomFichier="F.xml", syntaxeFlux="IN_DP_E1_CII_16B"
                )

        await worker(1)
        started = loop.time()
        await asyncio.gather(*(worker(COUNT // CONCURRENCY) for _ in range(CONCURRENCY)))
        return COUNT / (loop.time() - started)


def credentials_of(simulator: Server) -> Credentials:
    """The proofs that the simulator printed when it was ready."""
    application, account = simulator.ready["applications"][0], simulator.ready["technical_accounts"][0]
    return Credentials(application["client_id"], application["client_secret"], account["login"], account["password"])


def _rows(name: str, environment: Environment, credentials: Credentials, floor: float) -> list[Row]:
    against = "raw floor"
    sequential = _sequential(environment, credentials)
    threads = _threads(environment, credentials)
    tasks = asyncio.run(_tasks(environment, credentials))
    return [
        Row(f"client, sequential, {name}", sequential, "deposits/s", sequential / floor, against),
        Row(f"client, {CONCURRENCY} threads, {name}", threads, "deposits/s", threads / floor, against),
        Row(f"client, {CONCURRENCY} tasks, {name}", tasks, "deposits/s", tasks / floor, against),
    ]


def run() -> list[Row]:
    """The rows of this benchmark."""
    invented = Credentials("a", "b", "c", "d")
    with server("benchmarks.trivial_server") as trivial:
        base = trivial.ready["base_url"]
        floor = _raw(base, {})
        rows = [Row("raw keep-alive, trivial server (floor)", floor, "deposits/s")]
        rows += _rows("trivial server", Environment.at(base), invented, floor)
    with server("chorus_simulator", "--port", "0", "--quiet") as simulator:
        environment, credentials = Environment.at(simulator.ready["base_url"]), credentials_of(simulator)
        with ChorusPro(environment, credentials) as chorus:
            token = chorus.session.token().value
        raw = _raw(
            simulator.ready["base_url"],
            {"Authorization": f"Bearer {token}", "cpro-account": credentials.account_header()},
        )
        rows.append(Row("raw keep-alive, simulator", raw, "deposits/s", raw / floor, "raw floor"))
        rows += _rows("simulator", environment, credentials, floor)
    return rows
