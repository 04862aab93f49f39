"""`raccord demo`: the whole story in an empty folder, and an honest answer when a step of it does not happen."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest


def _demo(folder: Path, *words: str, timeout: float = 600) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("RACCORD_")}
    return subprocess.run(
        [sys.executable, "-m", "raccord", "demo", "--once", *words], capture_output=True, text=True, encoding="utf-8",
        timeout=timeout, cwd=folder, env=clean | {"PYTHONUTF8": "1"}, check=False,
    )  # fmt: skip


def _summary(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _still_running(folder: Path) -> list[str]:
    """The commands of the processes that work in that folder (Linux only: elsewhere none is seen)."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            if folder in (place / "cwd").readlink().parents:
                found.append((place / "cmdline").read_text().replace("\0", " "))
        except OSError:
            continue
    return found


@pytest.mark.journey
def test_the_whole_story_in_an_empty_folder(tmp_path: Path) -> None:
    done = _demo(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    told = _summary(done)
    assert told["ok"] is True
    assert all(step["ok"] for step in told["steps"])
    assert len(told["steps"]) >= 20
    steps = {step["step"]: step for step in told["steps"]}
    assert set(steps["Chaque facture est arrivée une seule fois"]["ledger"].values()) == {1}
    assert steps["Le diagnostic nomme la cause"]["cause"] == "TEC-01"
    assert len(steps["Le fournisseur le voit"]["paid"]) == 3
    assert _still_running(tmp_path) == []
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.journey
def test_a_step_that_does_not_happen_is_told_and_the_code_says_so(tmp_path: Path) -> None:
    """The port that the gateway should take is taken: the gateway cannot start."""
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = _demo(tmp_path, "--port", str(taken.getsockname()[1]))
    assert done.returncode == 1
    told = _summary(done)
    assert told["ok"] is False
    assert [step["ok"] for step in told["steps"]] == [True, False]
    assert "est déjà pris" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
    assert _still_running(tmp_path) == []


@pytest.mark.journey
def test_a_folder_where_nothing_can_be_written_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("un fichier, pas un dossier")
    done = _demo(tmp_path)
    assert done.returncode == 2
    assert "var" in done.stderr
    assert "Traceback" not in done.stdout + done.stderr
