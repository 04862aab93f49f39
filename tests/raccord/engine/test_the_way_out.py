"""A proxy between this machine and Chorus Pro: the engine takes the one that the doctor takes, and it is named."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest

from chorus_simulator.faults import Fault
from choruspro import Unreachable
from raccord.domain.connection import Connection, EnvironmentName, Light, Network
from raccord.domain.requests import NewConnection
from raccord.domain.secrets import Secret
from raccord.engine.connections import addresses_at
from raccord.engine.gateway import Gateway
from raccord.settings import load_settings
from raccord.wiring import build_gateway

FAR = "http://chorus.invalid"
"""A platform whose name only the proxy knows."""
_HOPS = {"host", "connection", "proxy-connection", "transfer-encoding", "content-length", "date", "server"}


class Passing(ThreadingHTTPServer):
    """A proxy that carries what is asked of FAR to the simulator, and remembers the paths."""

    def __init__(self, there: str) -> None:
        super().__init__(("127.0.0.1", 0), _Carrier)
        self.there = there
        self.paths: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Carrier(BaseHTTPRequestHandler):
    server: Passing

    def _carry(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        path = urlsplit(self.path).path
        self.server.paths.append(path)
        head = {name: value for name, value in self.headers.items() if name.lower() not in _HOPS}
        answer = httpx2.request(
            self.command, self.server.there + path, content=body, headers=head, trust_env=False, timeout=60
        )
        self.send_response_only(answer.status_code)
        for name, value in answer.headers.items():
            if name.lower() not in _HOPS:
                self.send_header(name, value)
        self.send_header("content-length", str(len(answer.content)))
        self.end_headers()
        self.wfile.write(answer.content if self.command != "HEAD" else b"")

    def do_HEAD(self) -> None:
        self._carry()

    def do_POST(self) -> None:
        self._carry()

    def log_message(self, *args: object) -> None:
        """Silence."""


@pytest.fixture
def proxy(town: Any) -> Iterator[Passing]:
    server = Passing(town.base_url)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Any]:
    opened: list[Gateway] = []

    def at(**environ: str) -> Gateway:
        settings = load_settings(
            {"RACCORD_DATA_DIR": str(tmp_path), "RACCORD_CONNECT_TIMEOUT_S": "5", **environ}, env_file=None
        )
        opened.append(build_gateway(settings, durable=False))
        return opened[-1]

    yield at
    for gateway in opened:
        gateway.close()


def _connect(gateway: Gateway, town: Any, proxy_url: str = "") -> Connection:
    new = NewConnection(
        "Entreprise", EnvironmentName.SIMULATOR, addresses=addresses_at(FAR), client_id=town.application.client_id,
        client_secret=Secret(town.application.client_secret), network=Network(proxy_url),
    )  # fmt: skip
    made = gateway.connections.create(new, "cli")
    gateway.connections.enter_candidate(made.id, town.firm.login, Secret(town.firm.password), "cli")
    return gateway.connections.get(made.id)


def _call_as_the_engine_does(gateway: Gateway, connection: Connection) -> None:
    with gateway.ground.platform.open(connection) as client:
        client.transverses.recuperer_tauxtva()


@pytest.mark.parametrize("named", ["connection", "house", "system"])
def test_the_engine_takes_the_proxy_that_the_doctor_took(
    house: Any, town: Any, proxy: Passing, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    if named == "system":
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
    gateway = house(**({"RACCORD_PROXY_URL": proxy.url} if named == "house" else {}))
    connection = _connect(gateway, town, proxy.url if named == "connection" else "")
    assert connection.light is Light.GREEN
    proxy.paths.clear()
    _call_as_the_engine_does(gateway, connection)
    assert [path for path in proxy.paths if path.endswith("/recuperer/tauxtva")]


@pytest.mark.parametrize(
    ("named", "words"),
    [
        ("connection", "dans la fiche de la connexion"),
        ("house", "par le réglage RACCORD_PROXY_URL"),
        ("system", "par le système (HTTP_PROXY)"),
    ],
)
def test_a_proxy_that_is_not_there_is_named_without_its_password(
    house: Any, town: Any, monkeypatch: pytest.MonkeyPatch, named: str, words: str
) -> None:
    dead = "http://utilisateur:motdepasse@127.0.0.1:9"
    if named == "system":
        monkeypatch.setenv("HTTP_PROXY", dead)
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
    gateway = house(**({"RACCORD_PROXY_URL": dead} if named == "house" else {}))
    connection = _connect(gateway, town, dead if named == "connection" else "")
    view = gateway.light.of(connection.id)
    assert view.cause is not None
    assert view.cause.code == "NET-05"
    assert f"Le proxy 127.0.0.1:9, indiqué {words}," in view.cause_sentence
    verdict = gateway.connections.last_verdict(connection.id)
    assert "motdepasse" not in repr(verdict)
    assert "utilisateur" not in repr(verdict)


def test_a_platform_on_this_machine_is_reached_without_the_proxy_of_the_house(house: Any, town: Any) -> None:
    gateway = house(RACCORD_PROXY_URL="http://127.0.0.1:9")
    new = NewConnection(
        "Ici", EnvironmentName.SIMULATOR, addresses=addresses_at(town.base_url), client_id=town.application.client_id,
        client_secret=Secret(town.application.client_secret),
    )  # fmt: skip
    made = gateway.connections.create(new, "cli")
    gateway.connections.enter_candidate(made.id, town.firm.login, Secret(town.firm.password), "cli")
    assert gateway.light.of(made.id).light is Light.GREEN
    _call_as_the_engine_does(gateway, gateway.connections.get(made.id))


@pytest.mark.parametrize("face", ["doctor", "engine"])
def test_an_answer_is_waited_for_as_long_as_the_settings_say(house: Any, town: Any, face: str) -> None:
    patient = house(NO_PROXY="*")  # what must succeed has all its time
    new = NewConnection(
        "Entreprise", EnvironmentName.SIMULATOR, addresses=addresses_at(town.base_url),
        client_id=town.application.client_id, client_secret=Secret(town.application.client_secret),
    )  # fmt: skip
    made = patient.connections.create(new, "cli")
    patient.connections.enter_candidate(made.id, town.firm.login, Secret(town.firm.password), "cli")
    gateway = house(RACCORD_READ_TIMEOUT_S="2.0", NO_PROXY="*")
    town.bench.faults.add(Fault("timeout", "*/recuperer/tauxtva", seconds=5.0))
    if face == "doctor":
        verdict = gateway.connections.test(made.id, "cli", force=True)
        assert verdict.cause is not None
        assert verdict.cause.code == "NET-03"
    else:
        with pytest.raises(Unreachable) as refusal:
            _call_as_the_engine_does(gateway, gateway.connections.get(made.id))
        assert refusal.value.kind == "timeout"
