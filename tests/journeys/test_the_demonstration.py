"""`raccord demo --once`: the whole story between real processes, told, verified, cleaned up."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest


@pytest.mark.journey
def test_the_demonstration_plays_every_step_and_stops_what_it_started(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "raccord", "demo", "--once"]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, timeout=240, check=False)
    summary = json.loads(done.stdout.splitlines()[-1])
    assert done.returncode == 0, done.stdout + done.stderr
    assert summary["ok"] is True
    assert all(step["ok"] for step in summary["steps"])
    facts = {name: value for step in summary["steps"] for name, value in step.items()}
    assert facts["cause"] == "TEC-01"
    assert facts["ledger"] == {f"DEMO-2026-00{number}": 1 for number in range(1, 5)}
    assert len(facts["sha256"]) == 3
    assert len(facts["paid"]) == 3
    for address in (facts["portal"], facts["address"]):
        where = urlsplit(address)
        with socket.socket() as knock:
            assert knock.connect_ex((where.hostname, where.port)) != 0, f"{address} répond encore"


@pytest.mark.journey
def test_a_step_that_does_not_happen_is_told_and_the_exit_code_says_so(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        words = [sys.executable, "-m", "raccord", "demo", "--once", "--simulator-port", str(taken.getsockname()[1])]
        done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    assert json.loads(done.stdout.splitlines()[-1])["ok"] is False
    assert "L’histoire s’arrête ici" in done.stdout
