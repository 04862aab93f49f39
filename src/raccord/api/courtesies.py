"""What every reading of the API offers: an ETag, « 304 » when nothing changed, a link to the next page.

The ETag is the SHA-256 of the body (weak when it travels packed): that of a document is the fingerprint by which
Raccord archives it.
"""

import gzip
import hashlib
from urllib.parse import parse_qsl, urlencode

import msgspec
from litestar.datastructures import Headers, MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPResponseStartEvent, Message, Receive, Scope, Send


class _Page(msgspec.Struct):
    next: str | int = ""
    items: msgspec.Raw = msgspec.Raw()


_read_page = msgspec.json.Decoder(_Page)


def courteous(app: ASGIApp) -> ASGIApp:
    """The same application; the answers to GET that come in one piece carry their ETag and their link."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        asked = scope["type"] == ScopeType.HTTP and scope.get("method") == "GET"
        await app(scope, receive, _Sender(scope, send).send if asked else send)

    return answer


class _Sender:
    """Holds the head of an answer until its body is there."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope, self._send = scope, send
        self._head: HTTPResponseStartEvent | None = None

    async def send(self, message: Message) -> None:
        """Pass a message on, the head with what its body says."""
        if message["type"] == "http.response.start" and message["status"] == 200:
            self._head = message
            return
        if self._head is not None and message["type"] == "http.response.body":
            head, self._head = self._head, None
            if not message["more_body"]:
                message["body"] = self._told(head, message["body"])
            await self._send(head)
        await self._send(message)

    def _told(self, head: HTTPResponseStartEvent, body: bytes) -> bytes:
        headers = MutableScopeHeaders.from_message(head)
        packed = headers.get("content-encoding", "") == "gzip"
        plain = gzip.decompress(body) if packed else body  # what is packed carries the hour, and never twice the same
        tag = f'"{hashlib.sha256(plain).hexdigest()}"'
        headers["ETag"] = f"W/{tag}" if packed else tag
        headers.setdefault("Cache-Control", "private, no-cache")
        if link := self._next(headers.get("content-type", ""), plain):
            headers["Link"] = link
        if not _knows(Headers.from_scope(self._scope).get("if-none-match", ""), tag):
            return body
        head["status"] = 304
        for name in ("content-length", "content-type", "content-encoding"):
            headers.pop(name, None)
        return b""

    def _next(self, kind: str, body: bytes) -> str:
        """The address of the page that follows, for a listing that says there is one."""
        if not kind.startswith("application/json") or not body.startswith(b'{"items":'):
            return ""
        try:
            page = _read_page.decode(body)
        except msgspec.MsgspecError:
            return ""
        if not isinstance(page.next, str) or not page.next:
            return ""
        asked = [one for one in parse_qsl(self._scope["query_string"].decode()) if one[0] != "after"]
        return f'<{self._scope["path"]}?{urlencode([*asked, ("after", page.next)])}>; rel="next"'


def _knows(given: str, tag: str) -> bool:
    """Whether `If-None-Match` names this ETag, weak or strong, or any."""
    return any(one.strip().removeprefix("W/") in (tag, "*") for one in given.split(",")) if given else False
