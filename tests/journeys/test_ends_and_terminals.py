"""How processes end, and terminals that are not ours: Ctrl-C, SIGTERM, a closed pipe, no accents, no keyboard."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import Any

import pytest

pytestmark = pytest.mark.journey

posix_only = pytest.mark.skipif(os.name != "posix", reason="signaux POSIX")


@posix_only
@pytest.mark.parametrize(("how", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_a_gateway_that_is_asked_to_end_ends_well(house: Any, how: int, code: int) -> None:
    house.connect()
    serving = house.serve()
    assert house.run("status", "--json").returncode == 0
    assert serving.end(how) == code
    assert "Traceback" not in serving.logged()
    again = house.serve()  # nothing was left locked, and the place among the workers was given back
    assert again.end() == 0


@posix_only
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_that_is_asked_to_end_ends_well(house: Any, how: int) -> None:
    serving = house.begin("worker", ready="moteur travaille")
    assert serving.end(how) == 0
    assert "Traceback" not in serving.logged()


@pytest.mark.parametrize("second", [("serve", "--port", "0"), ("worker",)])
def test_on_sqlite_a_second_one_is_told_to_leave_and_the_first_goes_on(house: Any, second: tuple[str, ...]) -> None:
    serving = house.serve()
    refused = house.run(*second)
    assert refused.returncode == 4
    assert "Un autre Raccord travaille déjà" in refused.stderr
    assert house.run("status", "--json").returncode == 0
    serving.process.kill()
    serving.process.wait()
    assert house.serve().end() == 0  # nothing is left locked by a death


@posix_only
def test_a_gateway_asked_to_end_while_it_starts_ends(house: Any) -> None:
    serving = house.begin("serve", "--port", "0", ready="écoute à l’adresse")
    assert serving.end() == 0
    assert "Traceback" not in serving.logged()


@posix_only
@pytest.mark.parametrize("words", ["settings", "settings --json", "--help", "events", "status --json"])
def test_a_pipe_that_closes_early_shows_no_trace(house: Any, words: str) -> None:
    house.run("init")
    command = f"'{sys.executable}' -m raccord {words} | true; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", command], cwd=house.folder, env=house.environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp850", "cp1252"])
def test_a_terminal_without_our_letters_is_spoken_to_all_the_same(house: Any, encoding: str) -> None:
    plain = house.environment | {"PYTHONUTF8": "0", "PYTHONIOENCODING": encoding, "LC_ALL": "C"}
    for words in (["init"], ["settings"], ["doctor"], ["status", "inconnu"], ["deposit"], ["serve", "--help"]):
        done = subprocess.run(
            [sys.executable, "-m", "raccord", *words], cwd=house.folder, env=plain, capture_output=True, check=False
        )
        said = (done.stdout + done.stderr).decode("utf-8" if encoding == "ascii" else encoding, "replace")
        assert "Traceback" not in said
        assert "Unicode" not in said
        assert "�" not in said
    assert done.returncode == 0


def test_nobody_at_the_keyboard_is_told_what_is_missing(house: Any) -> None:
    done = house.run("connect", "Sans clavier")
    assert done.returncode == 2
    assert "personne n’est au clavier" in done.stderr


def test_help_needs_none_of_the_heavy_rooms(house: Any) -> None:
    """`raccord --help` is typed often: it must import neither the database, nor the screens, nor the readers."""
    heavy = "sqlalchemy litestar uvicorn lxml pikepdf saxonche dbos alembic cryptography rich typst httpx2 asyncio"
    script = (
        "import sys; from raccord.cli.main import run; "
        f"run(['--help']); print(sorted(set('{heavy}'.split()) & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=house.folder, env=house.environment, capture_output=True, text=True,
        check=False, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 0
    assert done.stderr.strip() == "[]"
