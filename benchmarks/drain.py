"""2,000 invoices from accepted to integrated: per second, API calls and CPU per invoice, peak memory.

On the embedded database in this process, then on PostgreSQL by two processes that work. Another number of invoices:
`RACCORD_BENCH_INVOICES=10000`.
"""

import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.harness import Server, server
from benchmarks.house import connect, gateway_of, invoices, ledger, postgres, settings_in
from benchmarks.report import Row
from raccord.domain.deposit import DepositState, NewDeposit
from raccord.engine.gateway import Gateway

COUNT = int(os.environ.get("RACCORD_BENCH_INVOICES", "2000"))
WORKERS = 2
GIVE_UP_S = 600.0


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _wait(gateway: Gateway, count: int) -> float:
    """Seconds until all are integrated."""
    started = time.perf_counter()
    while (states := gateway.outbox.count()).get(DepositState.INTEGRATED, 0) < count:
        assert not states.get(DepositState.REFUSED), states
        assert time.perf_counter() - started < GIVE_UP_S, states
        time.sleep(0.2)
    return time.perf_counter() - started


@dataclass(frozen=True)
class Work:
    """What draining took: seconds, CPU of all who worked, the greatest peak of one of them."""

    seconds: float
    cpu_s: float
    peak_mb: float


def _by_this_process(gateway: Gateway, _settings: dict[str, str]) -> Work:
    cpu = _cpu()
    gateway.start()
    seconds = _wait(gateway, COUNT)
    used = _cpu() - cpu
    gateway.stop()
    return Work(seconds, used, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def _by_workers(gateway: Gateway, environ: dict[str, str]) -> Work:
    with ExitStack() as stack:
        workers = [stack.enter_context(_worker(environ)) for _ in range(WORKERS)]
        before = sum(worker.usage().cpu_s for worker in workers)
        seconds = _wait(gateway, COUNT)
        usages = [worker.usage() for worker in workers]
    return Work(seconds, sum(usage.cpu_s for usage in usages) - before, max(usage.peak_mb for usage in usages))


@contextmanager
def _worker(environ: dict[str, str]) -> Iterator[Server]:
    """`raccord worker`, once it says that it works."""
    command = [sys.executable, "-m", "raccord", "worker", "--json"]
    with subprocess.Popen(command, env={**os.environ, **environ}, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        try:
            yield Server(process, {})
        finally:
            process.send_signal(signal.SIGTERM)


def _measure(where: str, environ: dict[str, str], drain: Callable[[Gateway, dict[str, str]], Work]) -> list[Row]:
    with (
        tempfile.TemporaryDirectory() as folder,
        server("chorus_simulator", "--port", "0", "--quiet") as simulator,
        gateway_of(settings := settings_in(Path(folder), **environ)) as gateway,
    ):
        connection = connect(gateway, simulator)
        files = invoices(simulator, COUNT)
        before, started, cpu = ledger(simulator), time.perf_counter(), _cpu()
        for number, data in enumerate(files):
            gateway.outbox.accept(NewDeposit(connection.id, data, f"B{number}.xml", author="benchmark"))
        accepting, cpu_accept = time.perf_counter() - started, _cpu() - cpu
        work = drain(gateway, {"RACCORD_DATA_DIR": folder, "RACCORD_LOG_LEVEL": "error", **environ})
        after = ledger(simulator)
    wait = settings.report_first_s
    calls = sum((Counter(after["calls"]) - Counter(before["calls"])).values())
    times_each = Counter(number for one in after["deposits"] for number in one["numbers"])
    return [
        Row(f"accepted in process, {where}", COUNT / accepting, "invoices/s"),
        Row(f"CPU to accept, {where}", 1000 * cpu_accept / COUNT, "ms/invoice"),
        Row(f"accepted to integrated, {where}", COUNT / work.seconds, "invoices/s"),
        Row(f"which lasted, {where}", work.seconds, "s"),
        Row("of which Chorus Pro is left before its first report is asked for, however many they are", wait, "s"),
        Row(f"API calls, {where}", calls / COUNT, "calls/invoice"),
        Row(f"CPU to send and follow, {where}", 1000 * work.cpu_s / COUNT, "ms/invoice"),
        Row(f"peak memory of a process that works, {where}", work.peak_mb, "MB"),
        Row(f"invoices at the platform, {where}", len(times_each), f"of {COUNT}"),
        Row(f"sent more than once, {where}", sum(1 for times in times_each.values() if times > 1), "invoices"),
    ]


def run() -> list[Row]:
    """The rows of this benchmark, on both databases."""
    rows = _measure("SQLite", {}, _by_this_process)
    with postgres() as url:
        rows += _measure(f"PostgreSQL, {WORKERS} workers", {"RACCORD_DATABASE_URL": url}, _by_workers)
    return rows
