"""Invoices of 150 kB fetched from the simulator and stored: per second, API calls, peak memory; statuses posted.

`RACCORD_BENCH_FETCHES` asks for another number than 2,000 (the issue asks for 10,000: two minutes and 4 GB of disk).
"""

import json
import os
import resource
import tempfile
import time
import urllib.request
from collections import Counter
from datetime import timedelta
from pathlib import Path

from benchmarks.harness import Server, server
from benchmarks.house import ACTOR, gateway_of, ledger, settings_in
from benchmarks.report import Row
from raccord.domain.connection import EnvironmentName
from raccord.domain.reception import NewStatus, PostState, ReceptionState
from raccord.domain.requests import NewConnection
from raccord.domain.secrets import Secret
from raccord.engine.connections import addresses_at
from raccord.engine.gateway import Gateway

COUNT = int(os.environ.get("RACCORD_BENCH_FETCHES", "2000"))
WEIGHT = 150_000
POSTS = 500
TOWN = "21970999400017"
GIVE_UP_S = 1_800.0
_MADE_AT_ONCE = 500


def run() -> list[Row]:
    """The rows of this benchmark, on the embedded database."""
    unleashed = {"RACCORD_RATE_PER_SECOND": "10000", "RACCORD_ACCOUNT_RATE_PER_SECOND": "10000"}
    with (
        tempfile.TemporaryDirectory(prefix="raccord-bench-") as folder,
        server("chorus_simulator", "--port", "0", "--quiet") as simulator,
        gateway_of(settings_in(Path(folder), **unleashed)) as gateway,
    ):
        structure_id = _connect(gateway, simulator)
        for begun in range(0, COUNT, _MADE_AT_ONCE):
            _control(simulator, "factures", destinataire=TOWN, count=min(_MADE_AT_ONCE, COUNT - begun), octets=WEIGHT)
        rows = [*_fetch(gateway, simulator, structure_id), *_post(gateway)]
        gateway.stop()
    return rows


def _connect(gateway: Gateway, simulator: Server) -> str:
    application = simulator.ready["applications"][0]
    account = next(one for one in simulator.ready["technical_accounts"] if one["siret"] == TOWN)
    new = NewConnection(
        label="Commune",
        environment=EnvironmentName.SIMULATOR,
        addresses=addresses_at(simulator.ready["base_url"]),
        client_id=application["client_id"],
        client_secret=Secret(application["client_secret"]),
    )
    made = gateway.connections.create(new, ACTOR)
    result = gateway.connections.enter_candidate(made.id, account["login"], Secret(account["password"]), ACTOR)
    assert result.promoted, result
    gateway.connections.discover_structures(made.id, ACTOR)
    return next(one.id for one in gateway.connections.structures(made.id) if one.siret == TOWN)


def _control(simulator: Server, path: str, **body: object) -> None:
    url = f"{simulator.ready['control_url']}{path}"
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=300):
        return


def _fetch(gateway: Gateway, simulator: Server, structure_id: str) -> list[Row]:
    before, started, spent = ledger(simulator), time.perf_counter(), time.process_time()
    gateway.inbox.begin(structure_id, gateway.clock() - timedelta(days=30), ACTOR)
    gateway.start()
    while gateway.inbox.count()[ReceptionState.STORED] < COUNT:
        assert time.perf_counter() - started < GIVE_UP_S, gateway.inbox.count()
        time.sleep(0.1)
    seconds, spent = time.perf_counter() - started, time.process_time() - spent
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    calls = sum((Counter(ledger(simulator)["calls"]) - Counter(before["calls"])).values())
    return [
        Row(f"invoices of {WEIGHT // 1000} kB fetched, verified and stored ({COUNT})", COUNT / seconds, "invoices/s"),
        Row("bytes of attachments stored", COUNT * WEIGHT / seconds / 1e6, "MB/s"),
        Row("processor of the gateway to fetch one", 1000 * spent / COUNT, "ms"),
        Row("API calls to fetch", calls / COUNT, "calls/invoice"),
        Row("peak memory of the gateway", peak, "MB"),
    ]


def _post(gateway: Gateway) -> list[Row]:
    chosen = [reception for _, reception in gateway.inbox.since(0, limit=POSTS)]
    started, spent = time.perf_counter(), time.process_time()
    chains = [
        [NewStatus(one.id, "SERVICE_FAIT"), NewStatus(one.id, "MANDATEE", mandate_number="B-1")] for one in chosen
    ]
    outcomes = gateway.statuses.in_bulk(chains)
    asked = time.perf_counter() - started
    assert all(one.refusal is None for one in outcomes)
    waiting = [one.posts[-1] for one in outcomes]
    while waiting:
        done = [post for post in waiting if gateway.statuses.posts(post.reception_id)[-1].state is PostState.DONE]
        waiting = [post for post in waiting if post not in done]
        assert time.perf_counter() - started < GIVE_UP_S
        time.sleep(0.2)
    seconds, posts = time.perf_counter() - started, 2 * len(chosen)
    spent = time.process_time() - spent
    return [
        Row("statuses asked in one request", posts / asked, "statuses/s"),
        Row("statuses asked, posted and answered", posts / seconds, "statuses/s"),
        Row("processor of the gateway for one status", 1000 * spent / posts, "ms"),
    ]
