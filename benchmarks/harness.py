"""Starts the processes under measure and reads what the operating system counted for them."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Usage:
    """What a process has used so far: CPU in seconds, resident memory now and at its peak in megabytes."""

    cpu_s: float
    rss_mb: float
    peak_mb: float


@dataclass
class Server:
    """A process that has said it is ready, with the JSON line that it printed."""

    process: subprocess.Popen[str]
    ready: dict[str, Any]

    def usage(self) -> Usage:
        """Reads /proc; zeros where there is none."""
        try:
            status = Path(f"/proc/{self.process.pid}/status").read_text()
            stat = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            return Usage(0.0, 0.0, 0.0)
        fields = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
        ticks = os.sysconf("SC_CLK_TCK")
        return Usage(
            cpu_s=(int(stat[11]) + int(stat[12])) / ticks,
            rss_mb=int(fields["VmRSS"].split()[0]) / 1024,
            peak_mb=int(fields["VmHWM"].split()[0]) / 1024,
        )


@contextmanager
def server(module: str, *arguments: str, env: dict[str, str] | None = None) -> Iterator[Server]:
    """Runs `python -m module arguments` until the block ends; waits for its JSON line."""
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        stdout=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
        env={**os.environ, **(env or {})},
    )
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        if not line:
            raise RuntimeError(f"{module} ended before it was ready")
        yield Server(process, json.loads(line))
    finally:
        process.terminate()
        process.wait(timeout=30)


def rate(work: Callable[[], object], count: int) -> float:
    """How many times a second `work` is done, over `count` times in a row."""
    started = time.perf_counter()
    for _ in range(count):
        work()
    return count / (time.perf_counter() - started)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which that share of the values lies (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
