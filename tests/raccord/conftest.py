"""A Chorus Pro on a bench for the tests of the gateway: the real simulator over HTTP, its world within reach."""

from __future__ import annotations

import asyncio
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
import uvicorn
from argon2 import PasswordHasher

from chorus_simulator.bench import ENVIRONMENTS, Bench
from chorus_simulator.dating import Dated
from chorus_simulator.gateway import Gateway as SimulatedGateway
from chorus_simulator.parties import PisteApplication, TechnicalAccount
from chorus_simulator.pytest_plugin import RunningSimulator
from chorus_simulator.seeds import FIRM, TOWN
from chorus_simulator.surface import OPERATIONS
from chorus_simulator.transport import Request
from chorus_simulator.world import World
from raccord.cli.demo.visitor import Visitor
from raccord.domain.clock import PARIS
from raccord.domain.connection import Connection, EnvironmentName
from raccord.domain.identifiers import Siret
from raccord.domain.reach import EVERYTHING, Reach
from raccord.domain.requests import NewConnection
from raccord.domain.roles import Permission, Role
from raccord.domain.secrets import Secret
from raccord.domain.users import User
from raccord.engine.connections import addresses_at
from raccord.engine.gateway import Gateway
from raccord.engine.users import PasswordKeeper
from raccord.formats.sample import make_invoice, write_sample
from raccord.settings import load_settings
from raccord.wiring import build_gateway, build_web


@dataclass
class Town:
    """The bench and its address; `firm` is the account of the building firm, `mairie` that of the town."""

    bench: Bench
    base_url: str

    @property
    def world(self) -> World:
        """The sandbox of the bench."""
        return self.bench.sandbox

    @property
    def application(self) -> PisteApplication:
        """The PISTE application of the building firm."""
        return next(one for one in self.world.applications.values() if one.name == "APP_DEMO_BATI")

    @property
    def firm(self) -> TechnicalAccount:
        """The technical account of the building firm."""
        return self._account_of(FIRM)

    @property
    def mairie(self) -> TechnicalAccount:
        """The technical account of the town."""
        return self._account_of(TOWN)

    def _account_of(self, siret: str) -> TechnicalAccount:
        structure = self.world.structure_of(siret)
        assert structure is not None
        accounts = self.world.technical_accounts.values()
        return next(one for one in accounts if one.idStructureCPP == structure.idStructureCPP)


def _application(bench: Bench) -> Callable[..., object]:
    gateway = SimulatedGateway(bench, OPERATIONS)

    async def serve(scope: dict[str, object], receive: object, send: object) -> None:
        path = str(scope["path"])
        name = next((name for name in ENVIRONMENTS if path.startswith(f"/{name}/")), "")
        below = path[len(name) + 1 :] if name else path
        await gateway.serve(bench.worlds[name or "sandbox"], below, Request(scope, receive, Dated(bench, send)))

    return serve


class Prompt(uvicorn.Server):
    """Ends as soon as it is told: uvicorn itself looks every tenth of a second, then waits for another one."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._told = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def end(self) -> None:
        """From any thread, at any time."""
        self.should_exit = True
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._told.set)

    async def main_loop(self) -> None:
        """Serve until told."""
        self._loop = asyncio.get_running_loop()
        await self.on_tick(0)
        if not self.should_exit:  # told meanwhile, by who did not see the loop yet
            await self._told.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close every connection, then the application."""
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        await asyncio.sleep(0)  # those without an answer under way are lost by now
        await self._wait_tasks_to_complete()
        await self.lifespan.shutdown()


@pytest.fixture
def town() -> Iterator[Town]:
    """A fresh simulator on a free port of this machine."""
    bench = Bench()
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # asyncio then sets TCP_NODELAY
    listener.bind(("127.0.0.1", 0))
    listener.listen(64)
    options = {"lifespan": "off", "log_level": "critical", "ws": "none", "loop": "asyncio", "date_header": False}
    config = uvicorn.Config(_application(bench), **options)
    server = Prompt(config)
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    yield Town(bench, f"http://127.0.0.1:{listener.getsockname()[1]}")
    server.end()
    thread.join(60)
    listener.close()
    for world in bench.worlds.values():
        world.spool.close()


# The gateway's own office, for the tests of its faces: pages and API served over HTTP, jobs run when the test says so.


class Hours:
    """The hour of this machine, moved forward by the test for Raccord and for the simulator alike."""

    def __init__(self, simulator: RunningSimulator) -> None:
        self._ahead, self._simulator = timedelta(), simulator

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def pass_by(self, seconds: float) -> None:
        """Let time pass."""
        self._ahead += timedelta(seconds=seconds)
        self._simulator.control.clock(advance=seconds)


@dataclass
class Office:
    """A gateway that is listened to at `url`, beside a simulated Chorus Pro."""

    url: str
    gateway: Gateway
    simulator: RunningSimulator
    hours: Hours
    password: str = "une phrase assez longue"
    opened: list[httpx2.Client] = field(default_factory=list)

    def user(self, role: Role) -> User:
        """The person who has this role here."""
        email = f"{role.value}@exemple.fr"
        known = [user for user in self.gateway.users.all() if user.email == email]
        secret = Secret(self.password)
        return known[0] if known else self.gateway.users.create_user(email, role.label, role, secret, "cli")

    def visitor(self, role: Role | None = None) -> Visitor:
        """A browser without JavaScript, signed in when a role is given."""
        visitor = Visitor(self.url, strict=False)
        self.opened.append(visitor.http)
        if role is not None:
            email = self.user(role).email
            visitor.open("connexion").send("/connexion", email=email, mot_de_passe=self.password)
        return visitor

    def program(self, *scopes: Permission, reach: Reach = EVERYTHING) -> httpx2.Client:
        """A program with a key that carries these scopes, limited to that reach."""
        owner = self.user(Role.SUPERVISEUR)
        key = self.gateway.users.create_key("Essai", frozenset(scopes), owner.id, reach=reach).key.reveal()
        headers = {"Authorization": f"Bearer {key}"}
        self.opened.append(httpx2.Client(base_url=f"{self.url}/api/v1/", headers=headers, timeout=60))
        return self.opened[-1]

    def connect(self, siret: str = FIRM, label: str = "Entreprise") -> Connection:
        """A connection that works, with its structures."""
        application, account = self.simulator.application(), self.simulator.account(siret)
        new = NewConnection(
            label, EnvironmentName.SIMULATOR, addresses=addresses_at(self.simulator.base_url),
            client_id=application["client_id"], client_secret=Secret(application["client_secret"]),
        )  # fmt: skip
        made = self.gateway.connections.create(new, "cli")
        result = self.gateway.connections.enter_candidate(made.id, account["login"], Secret(account["password"]), "cli")
        assert result.promoted, result.verdict.suspicions
        self.gateway.connections.discover_structures(made.id, "cli")
        return self.gateway.connections.get(made.id)

    def work(self, turns: int = 8, seconds: float = 10) -> None:
        """Run what is due, again and again, time passing."""
        for _ in range(turns):
            self.gateway.jobs.run_due()
            self.hours.pass_by(seconds)

    def invoice(self, number: str, syntax: str = "cii", **more: Any) -> bytes:
        """The bytes of an invoice from the firm to the town."""
        invoice = make_invoice(
            7, number=number, supplier=Siret.parse(FIRM), recipient=Siret.parse(TOWN), service="SERV-TECH",
            issue_date=self.hours().astimezone(PARIS).date(), **more,
        )  # fmt: skip
        return write_sample(invoice, syntax)


CHEAP = PasswordKeeper(PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
"""Half a second of each test would go in hashing; `test_doors_of_persons.py` holds the price of the product."""


def _given(request: pytest.FixtureRequest) -> dict[str, str]:
    """The settings of an indirect parameter; `database: postgresql` asks for a database of its own there."""
    given = dict(getattr(request, "param", {}))
    if given.pop("database", "") == "postgresql":
        given["RACCORD_DATABASE_URL"] = request.getfixturevalue("postgres_url")
    return given


@pytest.fixture
def office(
    chorus_simulator: RunningSimulator, tmp_path: Path, furnished_sqlite: Path, request: pytest.FixtureRequest
) -> Iterator[Office]:
    """A gateway of its own, served on a free port; an indirect parameter adds settings."""
    hours = Hours(chorus_simulator)
    chorus_simulator.control.clock(set=hours().isoformat())
    chorus_simulator.control.reset()  # peoples the world at this hour
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # asyncio then sets TCP_NODELAY
    listener.bind(("127.0.0.1", 0))
    listener.listen(64)
    port = listener.getsockname()[1]
    environ = {
        "RACCORD_DATA_DIR": str(tmp_path), "RACCORD_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "RACCORD_SCHEMATRON_WORKERS": "0",  # a process for each test would cost seconds
        "RACCORD_GROUP_DELAY_S": "0", "RACCORD_RATE_PER_SECOND": "1000", "RACCORD_ACCOUNT_RATE_PER_SECOND": "1000",
        **_given(request),
    }  # fmt: skip
    shutil.copyfile(furnished_sqlite, tmp_path / "raccord.sqlite")
    settings = load_settings(environ, env_file=None)
    gateway = build_gateway(settings, clock=hours, sleep=hours.pass_by, durable=False, keeper=CHEAP)
    config = uvicorn.Config(build_web(gateway, settings), log_level="critical", ws="none", loop="asyncio")
    server = Prompt(config)
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    here = Office(f"http://127.0.0.1:{port}", gateway, chorus_simulator, hours)
    yield here
    for client in here.opened:
        client.close()
    server.end()
    thread.join(60)
    listener.close()
    gateway.close()
