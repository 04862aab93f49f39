"""Running the bench: a socket, uvicorn, and a clean stop. Used by the command and by the pytest plugin."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import socket
from collections.abc import Callable
from typing import Any

import uvicorn

from chorus_simulator.app import Application

BACKLOG = 2048


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


def base_url(wire: socket.socket, host: str) -> str:
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
            "timeout_keep_alive": 75,
            "timeout_graceful_shutdown": 1,
        }
        super().__init__(uvicorn.Config(application, **options))
        self._ready, self._tick = ready, tick

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()

    async def main_loop(self) -> None:
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
