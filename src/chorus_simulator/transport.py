"""Reading a request and writing a reply over ASGI, well or, when a fault asks for it, badly."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from itertools import count
from typing import Any

from chorus_simulator.faults import Fault

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Headers = tuple[tuple[bytes, bytes], ...]
JSON = b"application/json;charset=utf-8"
HTML = b"text/html;charset=utf-8"
PAGES = {
    500: "<html><head><title>500</title></head><body><h1>Internal Server Error</h1></body></html>",
    502: "<html><head><title>502</title></head><body><h1>Bad Gateway</h1></body></html>",
    503: "<html><head><title>503</title></head><body><h1>Service Unavailable</h1></body></html>",
}
MAINTENANCE = (
    "<html><head><title>Maintenance</title></head><body><h1>Chorus Pro est en maintenance</h1>"
    "<p>Le service (simulé) reviendra bientôt.</p></body></html>"
)
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Reply:
    """What leaves: HTTP status, bytes, content type (none when empty), more headers."""

    status: int
    body: bytes = b""
    kind: bytes = b""
    headers: Headers = ()


class Request:
    """One HTTP request as ASGI brings it."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.method: str = scope["method"]
        self._headers: list[tuple[bytes, bytes]] = scope["headers"]
        self._receive, self._send = receive, send

    def header(self, name: bytes) -> bytes | None:
        """The first header of this name (lower case), None when absent."""
        for key, value in self._headers:
            if key == name:
                return value
        return None

    async def body(self, maximum: int) -> bytes | None:
        """The whole body; None when it is larger than `maximum` bytes."""
        pieces, size = [], 0
        while True:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                break
            piece = message.get("body", b"")
            size += len(piece)
            if size > maximum:
                return None
            pieces.append(piece)
            if not message.get("more_body"):
                break
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    async def reply(self, reply: Reply) -> None:
        """Send a whole answer."""
        await self.start(reply)
        await self._send({"type": "http.response.body", "body": reply.body})

    async def start(self, reply: Reply) -> None:
        """Send the head of an answer, with a fresh `x-piste-request-id`; the body is the caller's."""
        headers = [
            (b"content-length", b"%d" % len(reply.body)),
            (b"x-piste-request-id", b"simulateur-%012x" % next(_numbers)),
            *reply.headers,
        ]
        if reply.kind:
            headers.append((b"content-type", reply.kind))
        await self._send({"type": "http.response.start", "status": reply.status, "headers": headers})

    async def drip(self, reply: Reply, seconds: float) -> None:
        """The same reply in a hundred small pieces over `seconds`."""
        await self.start(reply)
        step = max(1, len(reply.body) // 100)
        for offset in range(0, len(reply.body), step):
            piece = reply.body[offset : offset + step]
            await self._send({"type": "http.response.body", "body": piece, "more_body": True})
            await asyncio.sleep(seconds / 100)
        await self._send({"type": "http.response.body", "body": b""})

    async def hang(self, seconds: float) -> None:
        """Say nothing until the caller leaves or `seconds` have passed, then cut the line."""

        async def gone() -> None:
            while (await self._receive())["type"] != "http.disconnect":
                pass

        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(gone(), seconds)
        self.cut()

    def cut(self) -> None:
        """Break the connection with a reset. The web server's transport is reached through its `send`."""
        line = getattr(getattr(self._send, "__self__", None), "transport", None)
        if line is None:
            raise ConnectionResetError("Le serveur ne laisse pas couper la connexion.")
        wire = line.get_extra_info("socket")
        if wire is not None:
            with contextlib.suppress(OSError):
                wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        line.abort()


def _instead(fault: Fault) -> Reply | None:
    """The reply some faults put in the place of the true one."""
    if fault.kind in ("500", "502", "503"):
        return Reply(int(fault.kind), PAGES[int(fault.kind)].encode(), HTML)
    if fault.kind == "maintenance":
        return Reply(503, MAINTENANCE.encode(), HTML)
    if fault.kind in ("403", "413"):
        return Reply(int(fault.kind))
    if fault.kind == "401":
        return Reply(401, headers=((b"www-authenticate", b'Bearer realm="DefaultRealm", error="invalid_token"'),))
    if fault.kind == "429":
        wait = ((b"retry-after", b"%g" % fault.retry_after),) if fault.retry_after is not None else ()
        return Reply(429, headers=wait)
    return None


async def strike(request: Request, fault: Fault) -> bool:
    """A fault before the work: True when the call ends there."""
    reply = _instead(fault)
    if reply is not None:
        await request.body(1 << 40)
        await request.reply(reply)
    elif fault.kind == "reset":
        await request.body(1 << 40)
        request.cut()
    elif fault.kind == "timeout":
        await request.hang(fault.seconds)
    else:
        return False
    return True


async def spoil(request: Request, reply: Reply, fault: Fault) -> None:
    """A fault after the work: the caller gets something else than `reply`, or nothing."""
    instead = _instead(fault)
    if instead is not None:
        await request.reply(instead)
    elif fault.kind == "reset":
        request.cut()
    elif fault.kind == "timeout":
        await request.hang(fault.seconds)
    elif fault.kind == "slow":
        await request.drip(reply, fault.seconds)
    elif fault.kind == "truncated":
        await request.reply(Reply(reply.status, reply.body[: len(reply.body) // 2], reply.kind))
    elif fault.kind == "content_type":
        await request.reply(Reply(reply.status, reply.body, HTML))
    elif fault.kind == "degenerate_token":
        await request.reply(Reply(200, b"{}", JSON))
    elif fault.kind == "token_without_expiry":
        await request.reply(Reply(200, reply.body.replace(b'"expires_in"', b'"expires"'), JSON))
    else:
        await request.reply(reply)
