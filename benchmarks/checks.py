"""Checks of invoices per second and per core: our own rules alone, then with the official rule sheets.

Then small invoices, one after the other, beside long ones of a thousand lines that never cease: how long the small ones
wait with them and without them. The official sheets run in processes of their own, whose CPU counts too.
"""

import itertools
import os
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import date
from pathlib import Path

from benchmarks.harness import percentile
from benchmarks.report import Row
from raccord.checks import Context, check, registry
from raccord.checks.inspect import Official
from raccord.checks.lanes import Lanes
from raccord.formats import cii
from raccord.formats.detect import Syntax, detect
from raccord.formats.sample import make_invoice

TODAY = date(2026, 11, 20)
COUNT = 300
LINES, LONG_LINES = 10, 1_000


def _files(count: int, lines: int) -> list[bytes]:
    return [cii.write(make_invoice(seed, number=f"C{seed}", lines=lines)) for seed in range(count)]


def _check(data: bytes, official: Official | None) -> float:
    """Milliseconds of one check; the file must be judged."""
    started = time.perf_counter()
    report = check(data, "facture.xml", today=TODAY, official=official)
    assert report.invoice is not None
    assert not any(fault.code == "CP-OFF-01" for fault in report.faults), "not judged"
    return 1000 * (time.perf_counter() - started)


def _children_cpu() -> float:
    """Seconds of CPU of the processes that this one started and that live; zero where there is no /proc."""
    ticks, me, total = os.sysconf("SC_CLK_TCK"), os.getpid(), 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[1]) == me:
            total += int(fields[11]) + int(fields[12])
    return total / ticks


def _costs(name: str, files: list[bytes], official: Official | None) -> list[Row]:
    for data in files[:20]:
        _check(data, official)  # schemas and sheets are compiled once
    here, apart, started = time.process_time(), _children_cpu(), time.perf_counter()
    for data in files:
        _check(data, official)
    seconds = time.perf_counter() - started
    cpu = (time.process_time() - here + _children_cpu() - apart) / len(files)
    return [
        Row(f"{name}: checks, one at a time", len(files) / seconds, "invoices/s"),
        Row(f"{name}: CPU", 1000 * cpu, "ms/invoice"),
        Row(f"{name}: checks for each core kept busy", 1 / cpu, "invoices/s"),
    ]


def _rules(data: bytes) -> Row:
    """Our rules on an invoice already read."""
    invoice = cii.read(data)
    context = Context(today=TODAY, profile=detect(data, "facture.xml").profile, syntax=Syntax.CII)
    started = time.process_time()
    for _ in range(COUNT):
        list(registry.run(invoice, context))
    return Row("our rules, the invoice once read: CPU", 1000 * (time.process_time() - started) / COUNT, "ms/invoice")


@contextmanager
def _long_ones(official: Official) -> Iterator[None]:
    """Two long invoices are always being judged until the block ends."""
    files, over = itertools.cycle(_files(2, LONG_LINES)), threading.Event()

    def judge() -> None:
        while not over.is_set():
            _check(next(files), official)

    threads = [threading.Thread(target=judge, name="long") for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()


def _waits(files: list[bytes], official: Official, *, beside_long_ones: bool) -> list[float]:
    with _long_ones(official) if beside_long_ones else nullcontext():
        return [_check(data, official) for data in files]


def run() -> list[Row]:
    """The rows of this benchmark."""
    small, lanes = _files(COUNT, LINES), Lanes(1)
    try:
        rows = [
            _rules(small[0]),
            *_costs("our rules alone", small, None),
            *_costs("with the official sheets", small, lanes),
        ]
        long_alone = statistics.median(_check(data, lanes) for data in _files(3, LONG_LINES))
        alone = _waits(small, lanes, beside_long_ones=False)
        beside = _waits(small, lanes, beside_long_ones=True)
    finally:
        lanes.close()
    return [
        *rows,
        Row(f"one invoice of {LONG_LINES} lines, alone", long_alone, "ms"),
        Row("a small one, median, alone", statistics.median(alone), "ms"),
        Row("a small one, p99, alone", percentile(alone, 0.99), "ms"),
        Row(
            "a small one, median, beside long ones", statistics.median(beside), "ms",
            statistics.median(beside) / statistics.median(alone), "alone",
        ),
        Row(
            "a small one, p99, beside long ones", percentile(beside, 0.99), "ms",
            percentile(beside, 0.99) / percentile(alone, 0.99), "alone",
        ),
    ]  # fmt: skip
