"""A Chorus Pro on a bench for the tests of the gateway: the real simulator over HTTP, its world within reach."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
import uvicorn

from chorus_simulator.bench import ENVIRONMENTS, Bench
from chorus_simulator.gateway import Gateway as SimulatedGateway
from chorus_simulator.model import PisteApplication, TechnicalAccount
from chorus_simulator.seeds import FIRM, TOWN
from chorus_simulator.surface import OPERATIONS
from chorus_simulator.transport import Request
from chorus_simulator.world import World


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
        await gateway.serve(bench.worlds[name or "sandbox"], below, Request(scope, receive, send))

    return serve


@pytest.fixture
def town() -> Iterator[Town]:
    """A fresh simulator on a free port of this machine."""
    bench = Bench()
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(64)
    config = uvicorn.Config(_application(bench), lifespan="off", log_level="critical", ws="none", loop="asyncio")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    yield Town(bench, f"http://127.0.0.1:{listener.getsockname()[1]}")
    server.should_exit = True
    thread.join(10)
    listener.close()
    for world in bench.worlds.values():
        world.spool.close()
