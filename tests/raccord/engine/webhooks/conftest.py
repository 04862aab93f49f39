"""A receiver of webhooks on this machine, whose answers the test chooses, and a gateway that may call it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from raccord.engine.gateway import Gateway
from raccord.engine.webhooks import NewWebhook, WebhookWithSecret


class Receiver:
    """What came, in order; `answers` are given one by one, then 204 for ever."""

    def __init__(self) -> None:
        self.calls: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[tuple[int, dict[str, str]]] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status, headers = receiver.answers.pop(0) if receiver.answers else (204, {})
                receiver.calls.append((dict(self.headers), body))
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def do_GET(self) -> None:
                self.do_POST()

            def log_message(self, *_: object) -> None:
                """Silent."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/raccord"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def events(self) -> list[dict[str, Any]]:
        """The bodies that came."""
        return [json.loads(body) for _, body in self.calls]

    def seqs(self) -> list[int]:
        """The numbers of the events that came, in order."""
        return [event["seq"] for event in self.events()]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver that says 204."""
    one = Receiver()
    yield one
    one.server.shutdown()
    one.server.server_close()


@pytest.fixture
def home(make_gateway: Callable[..., Gateway]) -> Gateway:
    """A gateway that may call this machine, and gives up after three failures."""
    return make_gateway(environ={"RACCORD_WEBHOOK_PRIVATE": "oui", "RACCORD_WEBHOOK_FAILURES": "3"})


@pytest.fixture
def told(home: Gateway, receiver: Receiver) -> WebhookWithSecret:
    """A webhook that is told of deposits."""
    return home.webhooks.create(NewWebhook("ERP", receiver.url, ("deposit",)), "user/alice")
