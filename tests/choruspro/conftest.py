"""A desk that answers what it is told over real HTTP, and both faces of the client asking the same questions."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from choruspro import AsyncChorusPro, AsyncHooks, CallRecord, ChorusPro, Credentials, Environment, Hooks, TokenCache

CREDENTIALS = Credentials(
    "0f8fad5b-d9cb-469f-a165-70867728950e",
    "7c9e6679-7425-40de-944b-e07fc1f90ae7",
    "TECH_1_12345678200051@cpro.fr",
    "-shvun)en7jks0P",
)


@dataclass
class Reply:
    """One recorded answer; `gesture` is what the desk does in place of a whole answer."""

    status: int = 200
    body: bytes | str | dict[str, Any] | list[Any] = b""
    headers: dict[str, str] = field(default_factory=dict)
    gesture: str = ""

    def content(self) -> bytes:
        if isinstance(self.body, (dict, list)):
            return json.dumps(self.body).encode()
        return self.body.encode() if isinstance(self.body, str) else self.body


@dataclass
class Asked:
    """One request as the desk received it."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class _QuietServer(ThreadingHTTPServer):
    """A connection that a test breaks on purpose deserves no trace."""

    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass


class Desk:
    """A scripted Chorus Pro: the last reply given for a path is repeated."""

    token_path = "/api/oauth/token"

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self._replies: dict[str, list[Reply]] = defaultdict(list)
        self._lock = threading.Lock()
        self.released = threading.Event()
        self.server = _QuietServer(("127.0.0.1", 0), self._handler())
        self.base_url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.answers(self.token_path, *[self.token(n) for n in range(1, 10)])
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    @staticmethod
    def token(number: int, **changes: Any) -> Reply:
        content = {"access_token": f"bearer-number-{number}", "token_type": "Bearer", "expires_in": 3600}
        return Reply(body=content | {"scope": "openid"} | changes)

    def answers(self, path: str, *replies: Reply) -> None:
        self._replies[path] = list(replies)

    def calls(self, path: str) -> list[Asked]:
        return [asked for asked in self.asked if asked.path == path]

    def close(self) -> None:
        self.released.set()
        self.server.shutdown()
        self.server.server_close()

    def next_reply(self, asked: Asked) -> Reply:
        with self._lock:
            self.asked.append(asked)
            waiting = self._replies.get(asked.path)
            if not waiting:
                return Reply(403)
            return waiting.pop(0) if len(waiting) > 1 else waiting[0]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        desk = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                headers = {name.lower(): value for name, value in self.headers.items()}
                reply = desk.next_reply(Asked(self.command, self.path, headers, self.rfile.read(length)))
                if reply.gesture == "reset":
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    self.close_connection = True
                    self.connection.close()
                    return
                if reply.gesture == "silence":
                    desk.released.wait(20)
                    self.close_connection = True
                    return
                content = reply.content()
                announced = len(content) + (50 if reply.gesture == "cut" else 0)
                lines = [f"HTTP/1.1 {reply.status} Told", f"Content-Length: {announced}"]
                lines += [f"{name}: {value}" for name, value in reply.headers.items()]
                self.wfile.write("\r\n".join([*lines, "", ""]).encode("latin-1") + content)
                self.close_connection = self.close_connection or reply.gesture == "cut"

            do_POST = do_GET = do_PATCH = answer  # noqa: N815 (names of http.server)

            def log_message(self, *args: Any) -> None:
                pass

        return Handler


@pytest.fixture
def desk() -> Iterator[Desk]:
    """A fresh desk on a free port."""
    opened = Desk()
    yield opened
    opened.close()


class Face:
    """One client, synchronous or asynchronous, behind one way of asking."""

    def __init__(self, kind: str, base_url: str, **options: Any) -> None:
        self.kind = kind
        self.records: list[CallRecord] = []
        environment = options.pop("environment", None) or Environment.at(base_url)
        credentials = options.pop("credentials", CREDENTIALS)
        self.runner = asyncio.Runner()
        self.client: Any
        if kind == "sync":
            self.client = ChorusPro(environment, credentials, hooks=Hooks(on_call=self.records.append), **options)
        else:
            hooks = AsyncHooks(on_call=self.records.append)
            self.client = AsyncChorusPro(environment, credentials, hooks=hooks, **options)

    def ask(self, question: Callable[[Any], Any]) -> Any:
        """Ask the same question of either client, and wait for its answer."""
        if self.kind == "sync":
            return question(self.client)
        return self.runner.run(_awaited(question, self.client))

    def rows(self, question: Callable[[Any], Any]) -> list[Any]:
        """Collect an iterator of either kind."""
        if self.kind == "sync":
            return list(question(self.client))
        return self.runner.run(_collected(question, self.client))

    def close(self) -> None:
        if self.kind == "sync":
            self.client.close()
        else:
            self.runner.run(self.client.aclose())
        self.runner.close()


async def _awaited(question: Callable[[Any], Any], client: Any) -> Any:
    return await question(client)


async def _collected(question: Callable[[Any], Any], client: Any) -> list[Any]:
    return [row async for row in question(client)]


@pytest.fixture(params=["sync", "async"])
def new_face(request: pytest.FixtureRequest, desk: Desk) -> Iterator[Callable[..., Face]]:
    """Make clients of one kind, with the options of a test."""
    made: list[Face] = []

    def make(**options: Any) -> Face:
        face = Face(request.param, desk.base_url, **options)
        made.append(face)
        return face

    yield make
    for face in made:
        face.close()


@pytest.fixture
def face(new_face: Callable[..., Face]) -> Face:
    """A client with the usual options and a cache of its own."""
    return new_face(tokens=TokenCache())


@pytest.fixture
def reply() -> type[Reply]:
    """The class of recorded answers."""
    return Reply


@pytest.fixture
def credentials() -> Credentials:
    """The credentials of every client of these tests."""
    return CREDENTIALS


@pytest.fixture(scope="session")
def specifications() -> Path:
    """The shelf of specifications beside the checkout; skips where it is absent."""
    shelf = Path(__file__).resolve().parents[2] / ".." / "shared" / "specifications"
    if not shelf.is_dir():
        pytest.skip("le dossier ../shared/specifications est absent")
    return shelf


@pytest.fixture(scope="session")
def families() -> Callable[[], dict[str, Any]]:
    """Every operation of the client, by `family.method`."""
    from choruspro.operation import Operation

    def every() -> dict[str, Any]:
        with ChorusPro(Environment.at("http://127.0.0.1:1"), CREDENTIALS) as chorus:
            held = {name: type(part) for name, part in vars(chorus).items() if hasattr(part, "famille")}
        return {
            f"{name}.{method}": operation
            for name, family in held.items()
            for base in family.__mro__
            for method, operation in vars(base).items()
            if isinstance(operation, Operation)
        }

    return every
