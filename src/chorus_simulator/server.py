"""Running the bench: a socket, uvicorn, and a clean stop. Used by the command and by the pytest plugin."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import socket
import sys
from collections.abc import Callable
from typing import Any

import uvicorn

from chorus_simulator.app import Application

BACKLOG = 2048
LAST_ANSWER = 0.05
KEEP_TRIES = 1000


class PortTaken(Exception):
    """The address cannot be listened to; the text says so in French."""


def listen(host: str, port: int) -> socket.socket:
    """A bound socket; port 0 takes a free one. Raises `PortTaken`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    wire = socket.socket(family, socket.SOCK_STREAM)
    wire.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        wire.bind((host, port))
        wire.listen(BACKLOG)
    except OSError as error:
        wire.close()
        raise PortTaken(
            f"Impossible d’écouter sur {host}, port {port} : {error.strerror}. "
            "Un autre programme l’occupe peut-être. Choisissez un autre port, ou --port 0 pour en prendre un libre."
        ) from None
    return wire


async def keep_place(host: str, port: int) -> socket.socket:
    """A socket that holds a port without listening: callers are refused, and no other program takes it meanwhile.

    Linux lets `listen` have the port back beside it; elsewhere nothing is held, and the port is only closed.
    """
    kept = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    for _ in range(KEEP_TRIES if sys.platform == "linux" else 0):  # the loop closes the former one a moment later
        with contextlib.suppress(OSError):
            kept.bind((host, port))
            break
        await asyncio.sleep(0.001)
    return kept


def base_url(wire: socket.socket, host: str) -> str:
    """The address to call, with the port really taken; one that listens everywhere is called on the loopback."""
    shown = "127.0.0.1" if host in ("0.0.0.0", "") else "[::1]" if host == "::" else host  # noqa: S104  # shown, not bound
    return f"http://{shown}:{wire.getsockname()[1]}"


class Server(uvicorn.Server):
    """Calls `ready` once the first request would be answered, and `tick` about every second."""

    def __init__(
        self, application: Application, ready: Callable[[], None], tick: Callable[[], None] = lambda: None
    ) -> None:
        options: dict[str, Any] = {
            "http": "httptools",
            "loop": "uvloop" if importlib.util.find_spec("uvloop") else "asyncio",
            "ws": "none",
            "lifespan": "on",
            "log_config": None,
            "log_level": "critical",  # a connection cut on purpose is no error worth a line
            "access_log": False,
            "proxy_headers": False,
            "server_header": False,
            "date_header": False,  # the bench's hour is not always the machine's: `dating`
            "timeout_keep_alive": 75,
            "timeout_graceful_shutdown": 1,
        }
        super().__init__(uvicorn.Config(application, **options))
        self._ready, self._tick = ready, tick
        self._closed: asyncio.Task[None] | None = None
        application.bench.refuse = self.refuse

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """As uvicorn does, then `ready`: the port answers from here on."""
        await super().startup(sockets)
        self._ready()

    def refuse(self, seconds: float) -> None:
        """Once the present answer has left, close the port and the kept connections for real `seconds`: callers find
        nobody. Asked again meanwhile, it changes nothing."""
        if self._closed is None or self._closed.done():
            self._closed = asyncio.get_running_loop().create_task(self._refuse(seconds))

    async def _refuse(self, seconds: float) -> None:
        await asyncio.sleep(LAST_ANSWER)
        host, port = self.servers[0].sockets[0].getsockname()[:2]
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            if connection.transport:
                connection.transport.abort()
        self.servers = []
        with await keep_place(host, port):
            await asyncio.sleep(seconds)
            self.servers = [await asyncio.get_running_loop().create_server(self._protocol, sock=listen(host, port))]

    def _protocol(self) -> asyncio.Protocol:
        config: Any = self.config
        protocol: asyncio.Protocol = config.http_protocol_class(
            config=config, server_state=self.server_state, app_state=self.lifespan.state
        )
        return protocol

    async def main_loop(self) -> None:
        """As uvicorn does, with `tick` beside it until the end."""
        ticking = asyncio.create_task(self._ticks())
        try:
            await super().main_loop()
        finally:
            ticking.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await ticking

    async def _ticks(self) -> None:
        while True:
            await asyncio.sleep(1)
            self._tick()
