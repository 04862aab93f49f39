"""Deposits accepted by the REST API, per second, with its latency: `raccord serve` in a process of its own."""

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
from benchmarks.house import api_key, connect, gateway_of, invoices, settings_in
from benchmarks.report import Row

COUNT = 400
CONCURRENCY = 8


@contextmanager
def served(folder: Path, *arguments: str) -> Iterator[tuple[str, Server]]:
    """`raccord serve` on a free port: its address and its process."""
    environ = {**os.environ, "RACCORD_DATA_DIR": str(folder), "RACCORD_LOG_LEVEL": "error"}
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
    with tempfile.TemporaryDirectory() as name, server("chorus_simulator", "--port", "0", "--quiet") as simulator:
        folder = Path(name)
        with gateway_of(settings_in(folder)) as gateway:
            connect(gateway, simulator)
            key = api_key(gateway)
        files = invoices(simulator, 2 * COUNT)
        with served(folder) as (address, _process):
            headers = {"Authorization": f"Bearer {key}"}
            with httpx2.Client(base_url=address, headers=headers, timeout=60, trust_env=False) as client:
                floor = rate(lambda: client.get("/healthz").raise_for_status(), COUNT)
                started = time.perf_counter()
                alone = [_post(client, data, f"a{i}") for i, data in enumerate(files[:COUNT])]
                sequential = COUNT / (time.perf_counter() - started)
                with ThreadPoolExecutor(CONCURRENCY) as pool:
                    started = time.perf_counter()
                    jobs = enumerate(files[COUNT:])
                    together = list(pool.map(lambda job: _post(client, job[1], f"b{job[0]}"), jobs))
                    concurrent = COUNT / (time.perf_counter() - started)
    return [
        Row("GET /healthz, one connection (floor)", floor, "requests/s"),
        Row("POST /api/v1/deposits, one connection", sequential, "accepted/s", sequential / floor, "floor"),
        Row("its latency, p99", percentile(alone, 0.99), "ms"),
        Row(f"POST /api/v1/deposits, {CONCURRENCY} connections", concurrent, "accepted/s", concurrent / floor, "floor"),
        Row("its latency, p99", percentile(together, 0.99), "ms"),
    ]
