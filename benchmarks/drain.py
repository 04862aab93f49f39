"""2,000 invoices from accepted to integrated: per second, API calls and CPU per invoice, peak memory."""

import resource
import tempfile
import time
from collections import Counter
from pathlib import Path

from benchmarks.harness import server
from benchmarks.house import connect, gateway_of, invoices, ledger, settings_in
from benchmarks.report import Row
from raccord.domain.deposit import DepositState, NewDeposit
from raccord.engine.gateway import Gateway

COUNT = 2_000
GIVE_UP_S = 600.0


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _drained(gateway: Gateway, count: int) -> float:
    """Seconds until all are integrated."""
    started = time.perf_counter()
    gateway.start()
    while (states := gateway.outbox.count()).get(DepositState.INTEGRATED, 0) < count:
        assert not states.get(DepositState.REFUSED), states
        assert time.perf_counter() - started < GIVE_UP_S, states
        time.sleep(0.2)
    return time.perf_counter() - started


def _measure(database: str, environ: dict[str, str]) -> list[Row]:
    with (
        tempfile.TemporaryDirectory() as folder,
        server("chorus_simulator", "--port", "0", "--quiet") as simulator,
        gateway_of(settings_in(Path(folder), **environ)) as gateway,
    ):
        connection = connect(gateway, simulator)
        files = invoices(simulator, COUNT)
        before, started, cpu = ledger(simulator), time.perf_counter(), _cpu()
        for number, data in enumerate(files):
            gateway.outbox.accept(NewDeposit(connection.id, data, f"B{number}.xml", author="benchmark"))
        accepting, cpu_accept = time.perf_counter() - started, _cpu() - cpu
        cpu = _cpu()
        seconds = _drained(gateway, COUNT)
        cpu_drain = _cpu() - cpu
        gateway.stop()
        after = ledger(simulator)
    calls = sum((Counter(after["calls"]) - Counter(before["calls"])).values())
    times_each = Counter(number for one in after["deposits"] for number in one["numbers"])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [
        Row(f"accepted in process, {database}", COUNT / accepting, "invoices/s"),
        Row(f"CPU to accept, {database}", 1000 * cpu_accept / COUNT, "ms/invoice"),
        Row(f"accepted to integrated, {database}", COUNT / seconds, "invoices/s"),
        Row(f"API calls, {database}", calls / COUNT, "calls/invoice"),
        Row(f"CPU to send and follow, {database}", 1000 * cpu_drain / COUNT, "ms/invoice"),
        Row(f"peak memory of the process, {database}", peak, "MB"),
        Row(f"invoices at the platform, {database}", len(times_each), f"of {COUNT}"),
        Row(f"sent more than once, {database}", sum(1 for times in times_each.values() if times > 1), "invoices"),
    ]


def run() -> list[Row]:
    """The rows of this benchmark, on the embedded database."""
    return _measure("SQLite", {})
