"""What `raccord serve` costs while nothing happens: resident memory, and CPU over a minute."""

import tempfile
import time
from pathlib import Path

from benchmarks.harness import server
from benchmarks.house import connect, gateway_of, settings_in
from benchmarks.report import Row
from benchmarks.rest import served

SETTLE_S = 10.0
WATCH_S = 30.0


def run() -> list[Row]:
    """The rows of this benchmark."""
    with tempfile.TemporaryDirectory() as name, server("chorus_simulator", "--port", "0", "--quiet") as simulator:
        folder = Path(name)
        with gateway_of(settings_in(folder)) as gateway:
            connect(gateway, simulator)
        started = time.perf_counter()
        with served(folder) as (_address, process):
            ready = time.perf_counter() - started
            time.sleep(SETTLE_S)
            before = process.usage()
            time.sleep(WATCH_S)
            after = process.usage()
    return [
        Row("start until it listens", ready, "s"),
        Row("idle memory", after.rss_mb, "MB"),
        Row("idle CPU", 100 * (after.cpu_s - before.cpu_s) / WATCH_S, "% of one core"),
    ]
