"""Who knocks is read from the head of the request when a trusted proxy says it, and from nobody else."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest

from raccord.cli.serve import web_server
from raccord.settings import load_settings
from raccord.wiring import build_gateway, build_web

PROXY, STRANGER = "127.0.0.1", "127.0.0.2"
VISITOR, OTHER = "203.0.113.9", "203.0.113.10"
Knock = Callable[..., httpx2.Response]


@pytest.fixture
def knock(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Knock]:
    """Asks for a forgotten password from one machine, with a head that says another; the parameter names proxies."""
    environ = {"RACCORD_DATA_DIR": str(tmp_path), "RACCORD_SCHEMATRON_WORKERS": "0", **getattr(request, "param", {})}
    settings = load_settings(environ, env_file=None)
    now = datetime.now(UTC)
    gateway = build_gateway(settings, clock=lambda: now, durable=False)  # no try is forgiven by a slow machine
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.bind(("0.0.0.0", 0))
    listener.listen(64)
    server = web_server(build_web(gateway, settings), settings)
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    base = f"http://127.0.0.1:{listener.getsockname()[1]}"

    def knocking(machine: str, says: str) -> httpx2.Response:
        head = {"X-Forwarded-For": says} if says else {}
        with httpx2.Client(transport=httpx2.HTTPTransport(local_address=machine), headers=head, timeout=60) as client:
            page = client.get(f"{base}/mot-de-passe-oublie")
            seals = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text))
            return client.post(f"{base}/mot-de-passe-oublie", data={**seals, "email": "personne@exemple.fr"})

    yield knocking
    server.should_exit = True
    thread.join(60)
    listener.close()
    gateway.close()


def _until_refused(knock: Knock, machine: str, says: Callable[[int], str]) -> list[int]:
    return [knock(machine, says(number)).status_code for number in range(21)]


def test_the_proxy_of_this_machine_tells_its_visitors_apart(knock: Knock):
    assert _until_refused(knock, PROXY, lambda _: VISITOR) == [200] * 20 + [403]
    assert knock(PROXY, OTHER).status_code == 200


def test_a_stranger_who_says_another_name_each_time_is_still_one_stranger(knock: Knock):
    codes = _until_refused(knock, STRANGER, lambda number: f"203.0.113.{number}")
    assert codes == [200] * 20 + [403]


def test_a_visitor_of_the_proxy_cannot_say_another_name_before_it(knock: Knock):
    """A proxy adds the address that it saw at the end: what the visitor wrote before is not believed."""
    codes = _until_refused(knock, PROXY, lambda number: f"198.51.100.{number}, {VISITOR}")
    assert codes == [200] * 20 + [403]


@pytest.mark.parametrize("knock", [{"RACCORD_TRUSTED_PROXIES": "127.0.0.2/32"}], indirect=True)
def test_a_proxy_that_is_named_is_believed_and_the_others_are_not(knock: Knock):
    assert _until_refused(knock, STRANGER, lambda _: VISITOR) == [200] * 20 + [403]
    assert knock(STRANGER, OTHER).status_code == 200
    assert _until_refused(knock, PROXY, lambda number: f"203.0.113.{number}") == [200] * 20 + [403]


@pytest.mark.parametrize("knock", [{"RACCORD_TRUSTED_PROXIES": ""}], indirect=True)
def test_nobody_is_believed_when_nobody_is_named(knock: Knock):
    assert _until_refused(knock, PROXY, lambda number: f"203.0.113.{number}") == [200] * 20 + [403]
