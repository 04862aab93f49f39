"""`raccord serve` killed with -9 in the middle of its work, again and again: each invoice arrives exactly once."""

from __future__ import annotations

import os
import random
import signal
import time
from typing import Any

import pytest

pytestmark = [pytest.mark.journey, pytest.mark.skipif(os.name != "posix", reason="SIGKILL")]

COUNT, KILLS = 30, 4


def test_each_invoice_arrives_exactly_once(house: Any, until: Any) -> None:
    house.connect()
    files = [str(house.invoice(f"TUE-{rank:03d}")) for rank in range(COUNT)]
    house.simulator.control.fault("slow", "*/deposer/flux", probability=0.7, seconds=0.5, seed=3)
    assert house.run("deposit", *files).returncode == 0
    chance = random.Random(11)
    brisk = {"RACCORD_FLUX_MAX_INVOICES": "3"}
    for _ in range(KILLS):
        serving = house.serve(**brisk)
        time.sleep(chance.uniform(0.0, 1.5))  # where it dies is the point: any moment is good
        serving.end(signal.SIGKILL)
    serving = house.serve(**brisk)
    program = house.program(serving, house.office(serving))
    until("toutes intégrées", lambda: _states(program) == {"integrated": COUNT})
    received = house.received()
    assert len(received) == COUNT
    assert len(set(received)) == COUNT
    assert serving.end() == 0
    assert "Le journal est intact" in house.run("events", "--verify").stdout


def test_a_command_killed_while_it_deposits_leaves_nothing_half_done(house: Any, until: Any) -> None:
    """The files given before the kill are kept or not, never twice: the same command again completes them."""
    import subprocess
    import sys

    house.connect()
    files = [str(house.invoice(f"CMD-{rank:03d}")) for rank in range(12)]
    begun = subprocess.Popen(
        [sys.executable, "-m", "raccord", "deposit", *files], cwd=house.folder, env=house.environment,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    archive = house.folder / "var" / "archive"
    until("les premiers originaux", lambda: begun.poll() is not None or len(list(archive.rglob("[0-9a-f]" * 64))) > 2)
    begun.kill()
    begun.wait()
    done = house.run("deposit", *files, "--wait")
    assert done.returncode == 0, done.stderr + done.stdout
    assert sorted(house.received()) == [f"CMD-{rank:03d}" for rank in range(12)]


def _states(program: Any) -> dict[str, int]:
    states: dict[str, int] = {}
    for one in program.get("deposits", limit=1000)["items"]:
        states[one["state"]] = states.get(one["state"], 0) + 1
    return states
