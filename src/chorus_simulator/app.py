"""The ASGI application: the gateway on its hot path, the portal's pages and the control room beside it.

`/`, `/sandbox/` and `/production/` are the two environments (`/` is the sandbox); under each, `/api/oauth/token`
and `/cpro/…` go to the gateway, `/portail/…` and `/_control/…` to Starlette.
"""

from __future__ import annotations

import asyncio
import contextlib
from importlib.util import find_spec
from time import monotonic
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.responses import RedirectResponse
from starlette.routing import BaseRoute, Mount, Route

from chorus_simulator.bench import ENVIRONMENTS, Bench
from chorus_simulator.control.routes import routes as control_routes
from chorus_simulator.dating import Dated
from chorus_simulator.gateway import OAUTH_PATH, Gateway
from chorus_simulator.surface import OPERATIONS
from chorus_simulator.transport import Receive, Request, Scope, Send

if TYPE_CHECKING:
    from starlette.requests import Request as StarletteRequest

IDLE_AFTER, IDLE_BUDGET, BUSY_BUDGET = 0.02, 20, 1


class Application:
    """`await application(scope, receive, send)`: one bench over HTTP."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.gateway = Gateway(bench, OPERATIONS)
        self._beside = Starlette(routes=_mounts(bench, self.gateway))
        self._drip: asyncio.Task[None] | None = None
        self._last_call = 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        if scope["type"] != "http":
            return
        send = Dated(self.bench, send)
        environment, path = split(scope["path"])
        if path.startswith("/cpro/") or path == OAUTH_PATH:
            self._last_call = monotonic()
            await self.gateway.serve(self.bench.worlds[environment], path, Request(scope, receive, send))
            return
        await self._beside(scope, receive, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self._drip = asyncio.create_task(self._settle_when_idle())
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                if self._drip:
                    self._drip.cancel()
                    with contextlib.suppress(asyncio.CancelledError):
                        await self._drip
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _settle_when_idle(self) -> None:
        """Judge what is due a few at a time, so that a burst of deposits does not fall on the next reader. The
        results are those a reader would have found: this only spreads the work."""
        while True:
            budget = IDLE_BUDGET if monotonic() - self._last_call > IDLE_AFTER else BUSY_BUDGET
            done = sum(world.settle(budget) for world in self.bench.worlds.values())
            await asyncio.sleep(0.005 if done else 0.05)


def split(path: str) -> tuple[str, str]:
    """(environment, path below it)."""
    for name in ENVIRONMENTS:
        if path.startswith(f"/{name}/"):
            return name, path[len(name) + 1 :]
    return "sandbox", path


def _mounts(bench: Bench, gateway: Gateway) -> list[BaseRoute]:
    mounts: list[BaseRoute] = [Route("/", _home)]
    for prefix, name in (("", "sandbox"), ("/sandbox", "sandbox"), ("/production", "production")):
        mounts.append(Mount(f"{prefix}/_control", routes=control_routes(bench, name, gateway)))
        portal = _portal(bench, name)
        if portal:
            mounts.append(Mount(f"{prefix}/portail", routes=portal))
    return mounts


async def _home(_: StarletteRequest) -> RedirectResponse:
    return RedirectResponse("/portail/")


def _portal(bench: Bench, name: str) -> list[BaseRoute]:
    """The pages, when they are installed: the API works without them."""
    if find_spec("chorus_simulator.portal.pages") is None:
        return []
    from chorus_simulator.portal.pages import routes

    return list(routes(bench.worlds[name]))
