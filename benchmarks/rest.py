"""Deposits accepted by the REST API, per second, with its latency: `raccord serve` in a process of its own.

On the embedded database, then on a PostgreSQL started for the occasion. The CPU is that of the server alone.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx2

from benchmarks.harness import Server, percentile, rate, server
from benchmarks.house import api_key, connect, gateway_of, invoices, postgres, settings_in
from benchmarks.report import Row

COUNT = 400
CONCURRENCY = 8


@contextmanager
def served(folder: Path, *arguments: str, **more: str) -> Iterator[tuple[str, Server]]:
    """`raccord serve` on a free port: its address and its process; `more`: variables of its environment."""
    environ = {**os.environ, "RACCORD_DATA_DIR": str(folder), "RACCORD_LOG_LEVEL": "error", **more}
    process = subprocess.Popen(
        [sys.executable, "-m", "raccord", "serve", "--port", "0", *arguments],
        env=environ, cwd=folder, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        address = next(word for word in process.stdout.readline().split() if word.startswith("http"))
        yield address, Server(process, {})
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


def _post(client: httpx2.Client, data: bytes, key: str) -> float:
    started = time.perf_counter()
    answer = client.post(
        "/api/v1/deposits",
        params={"filename": f"{key}.xml"},
        content=data,
        headers={"Content-Type": "application/xml", "Idempotency-Key": key},
    )
    assert answer.status_code in (200, 201, 202), answer.text
    return 1000 * (time.perf_counter() - started)


def run() -> list[Row]:
    """The rows of this benchmark."""
    with postgres() as url:
        return [*_measure("SQLite", {}), *_measure("PostgreSQL", {"RACCORD_DATABASE_URL": url})]


def _measure(database: str, environ: dict[str, str]) -> list[Row]:
    with tempfile.TemporaryDirectory() as name, server("chorus_simulator", "--port", "0", "--quiet") as simulator:
        folder = Path(name)
        with gateway_of(settings_in(folder, **environ)) as gateway:
            connect(gateway, simulator)
            key = api_key(gateway)
        files = invoices(simulator, 2 * COUNT)
        with served(folder, **environ) as (address, process):
            headers = {"Authorization": f"Bearer {key}"}
            with httpx2.Client(base_url=address, headers=headers, timeout=60, trust_env=False) as client:
                return _ask(database, client, process, files)


def _ask(database: str, client: httpx2.Client, process: Server, files: list[bytes]) -> list[Row]:
    started = process.usage().cpu_s
    floor = rate(lambda: client.get("/healthz").raise_for_status(), COUNT)
    floor_cpu = 1000 * (process.usage().cpu_s - started) / COUNT
    rows = [
        Row(f"GET /healthz, one connection (floor), {database}", floor, "requests/s"),
        Row("its CPU", floor_cpu, "ms/request"),
    ]
    for connections in (1, CONCURRENCY):
        given, files = files[:COUNT], files[COUNT:]
        began, cpu = time.perf_counter(), process.usage().cpu_s
        with ThreadPoolExecutor(connections) as pool:
            keys = [f"{connections}-{number}" for number in range(COUNT)]
            waits = list(pool.map(lambda data, key: _post(client, data, key), given, keys))
        accepted = COUNT / (time.perf_counter() - began)
        spent = 1000 * (process.usage().cpu_s - cpu) / COUNT
        rows += [
            Row(
                f"POST /api/v1/deposits, {connections} at once, {database}",
                accepted,
                "accepted/s",
                accepted / floor,
                "floor",
            ),
            Row("its CPU, sending included", spent, "ms/invoice", spent / floor_cpu, "floor"),
            Row("its latency, median", percentile(waits, 0.5), "ms"),
            Row("its latency, p99", percentile(waits, 0.99), "ms"),
        ]
    return rows
