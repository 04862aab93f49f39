"""`Idempotency-Key` on every POST that does something: asked again, it is not done again, and answers the same.

Deposits have a key of their own, kept with the deposit for ever; what only looks (checks, conversions) needs none.
"""

import gzip
import hashlib
from dataclasses import dataclass, field

from litestar import Request, Router
from litestar.concurrency import sync_to_thread
from litestar.datastructures import Headers, MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.spec import Operation, Parameter, Reference, Schema
from litestar.openapi.spec.enums import OpenAPIType
from litestar.types import ASGIApp, HTTPResponseStartEvent, Message, Receive, Scope, Send

from raccord.api.given import ApiRequest
from raccord.engine.repeats import LONGEST_KEY, Answered, Asked, Repeats

_API = "/api/v1"
_APART = frozenset({"/deposits", "/checks", "/conversions", "/digests/preview"})


@dataclass
class _Repeatable(Operation):
    """How the description shows a POST that may be repeated."""

    parameters: list[Parameter | Reference] | None = field(default=None)

    def __post_init__(self) -> None:
        key = Parameter(
            name="Idempotency-Key",
            param_in="header",
            required=False,
            schema=Schema(type=OpenAPIType.STRING, min_length=1, max_length=LONGEST_KEY),
            description="La même clé et la même demande redonnent pendant sept jours la première réponse, sans rien "
            "refaire (`Idempotent-Replayed: true`) ; la même clé avec une autre demande est refusée (409).",
        )
        self.parameters = [*(self.parameters or ()), key]


def describe(router: Router) -> Router:
    """The same router, whose description says which requests may be repeated."""
    for route in router.routes:
        for handler in getattr(route, "route_handlers", ()):
            if isinstance(handler, HTTPRouteHandler) and "POST" in handler.http_methods and _repeatable(route.path):
                handler.operation_class = _Repeatable
    return router


def _repeatable(path: str) -> bool:
    return path.removeprefix(_API).rstrip("/") not in _APART


def repeatable(app: ASGIApp) -> ASGIApp:
    """The same application; a POST under a key already used is answered what it was the first time."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        key = Headers.from_scope(scope).get("idempotency-key") if scope["type"] == ScopeType.HTTP else None
        principal = scope.get("user")
        if key is None or principal is None or scope.get("method") != "POST" or not _repeatable(scope["path"]):
            await app(scope, receive, send)
            return
        request: ApiRequest = Request(scope, receive)
        asked = Asked(principal.id, key.strip(), _fingerprint(request, await request.body()))
        repeats: Repeats = scope["litestar_app"].state.gateway.repeats
        known = await sync_to_thread(repeats.begin, asked)
        if known is not None:
            await _tell(known, send)
            return
        await _first_time(app, scope, _Once(asked, repeats, send), receive)

    return answer


async def _first_time(app: ASGIApp, scope: Scope, once: "_Once", receive: Receive) -> None:
    try:
        await app(scope, receive, once.send)
    finally:
        await once.end()


def _fingerprint(request: ApiRequest, body: bytes) -> str:
    """What is asked, the boundary of a multipart body apart: it differs each time."""
    _, options = request.content_type
    boundary = options.get("boundary", "").encode()
    said = hashlib.sha256(body.replace(boundary, b"") if boundary else body)
    said.update(f"\n{request.scope['path']}?{request.scope['query_string'].decode('latin-1')}".encode())
    return said.hexdigest()


async def _tell(known: Answered, send: Send) -> None:
    told = [("content-type", known.content_type), ("location", known.location), ("idempotent-replayed", "true")]
    headers = [(name.encode(), value.encode()) for name, value in told if value]
    if known.status != 204:
        headers.append((b"content-length", str(len(known.body)).encode()))
    start: HTTPResponseStartEvent = {"type": "http.response.start", "status": known.status, "headers": headers}
    await send(start)
    await send({"type": "http.response.body", "body": known.body, "more_body": False})


class _Once:
    """Holds an answer until it is kept: a program that was answered is sure to be answered the same again."""

    def __init__(self, asked: Asked, repeats: Repeats, send: Send) -> None:
        self._asked, self._repeats, self._send = asked, repeats, send
        self._head: HTTPResponseStartEvent | None = None
        self._body = bytearray()
        self._kept = False

    async def send(self, message: Message) -> None:
        """Pass a message on, once the whole answer is there and kept."""
        if message["type"] == "http.response.start":
            self._head = message
        elif message["type"] == "http.response.body" and self._head is not None:
            self._body += message["body"]
            if not message["more_body"]:
                await self._answered(self._head)
                await self._send(self._head)
                await self._send({"type": "http.response.body", "body": bytes(self._body), "more_body": False})
        else:
            await self._send(message)

    async def end(self) -> None:
        """Give the key back when nothing was done."""
        if not self._kept:
            await sync_to_thread(self._repeats.release, self._asked)

    async def _answered(self, head: HTTPResponseStartEvent) -> None:
        if not 200 <= head["status"] < 300:
            return
        headers = MutableScopeHeaders.from_message(head)
        packed = headers.get("content-encoding", "") == "gzip"
        body = gzip.decompress(self._body) if packed else bytes(self._body)
        kind, place = headers.get("content-type", ""), headers.get("location", "")
        await sync_to_thread(self._repeats.keep, self._asked, Answered(head["status"], kind, body, place))
        headers["Idempotent-Replayed"] = "false"
        self._kept = True
