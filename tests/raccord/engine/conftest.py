"""A gateway on a bench: a store, a vault, a clock that the test sets, a connection to a real simulator."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest

from raccord.domain.clock import PARIS
from raccord.domain.connection import Addresses, Connection, EnvironmentName, Structure
from raccord.domain.deposit import Accepted, NewDeposit
from raccord.domain.identifiers import Siret
from raccord.engine.foundation.options import EngineOptions
from raccord.engine.gateway import Gateway
from raccord.formats.sample import SampleSyntax, make_invoice, write_sample
from raccord.settings import load_settings
from raccord.store import connections, structures
from raccord.wiring import build_gateway


class Diary:
    """A clock that a test sets; it begins at the hour of this machine, that of the simulator."""

    def __init__(self) -> None:
        self._ahead = timedelta()
        self.others: list[Callable[[float], object]] = []

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def passes(self, **span: float) -> None:
        """Let time pass, for Raccord and for the simulator."""
        step = timedelta(**span)
        self._ahead += step
        for advance in self.others:
            advance(step.total_seconds())


@pytest.fixture
def diary() -> Diary:
    """The clock of the test."""
    return Diary()


OPTIONS = EngineOptions(group_delay_s=0.0, rate_per_second=10_000, account_rate_per_second=10_000, rate_burst=1000)


@pytest.fixture
def make_gateway(store_url: str, tmp_path: Path, diary: Diary) -> Iterator[Callable[..., Gateway]]:
    """Build a gateway on this test's database; several may share it, as several processes would."""
    built: list[Gateway] = []

    def make(**changes: Any) -> Gateway:
        environ = {
            "RACCORD_DATA_DIR": str(tmp_path),
            "RACCORD_SCHEMATRON_WORKERS": "0",  # a process for each test would cost seconds
            "RACCORD_DATABASE_URL": store_url,
            "RACCORD_MASTER_KEY": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
            **changes.pop("environ", {}),
        }
        settings = load_settings(environ, env_file=None)
        options = replace(OPTIONS, **changes.pop("options", {}))
        changes.setdefault("durable", False)
        changes.setdefault("clock", diary)
        changes.setdefault("sleep", lambda seconds: diary.passes(seconds=seconds))
        gateway = build_gateway(settings, options=options, **changes)
        built.append(gateway)
        return gateway

    yield make
    for gateway in built:
        gateway.close()


@pytest.fixture
def gateway(make_gateway: Callable[..., Gateway]) -> Gateway:
    """One gateway, whose jobs run when the test says so."""
    return make_gateway()


def _connect(
    gateway: Gateway, base_url: str, application: dict[str, str], account: dict[str, str], key: str = "c1"
) -> Connection:
    """Keep a connection and its secrets."""
    connection = Connection(
        id=key,
        label=f"Banc d’essai {key}",
        environment=EnvironmentName.SIMULATOR,
        addresses=Addresses(f"{base_url}/api/oauth/token", base_url),
        client_id=application["client_id"],
        login=account["login"],
    )
    with gateway.store.begin() as conn:
        connections.insert(conn, connection, gateway.clock())
        gateway.vault.seal(conn, f"connection/{key}/client_secret", application["client_secret"])
        gateway.vault.seal(conn, f"connection/{key}/password", account["password"])
    return connection


@pytest.fixture
def connect() -> Callable[..., Connection]:
    """Keep a connection and its secrets: `connect(gateway, base_url, application, account)`."""
    return _connect


@pytest.fixture
def offline(gateway: Gateway) -> Connection:
    """A connection that leads nowhere: nobody listens on port 9."""
    application = {"client_id": "app", "client_secret": "s"}
    return _connect(gateway, "http://127.0.0.1:9", application, {"login": "TECH_1@cpro.fr", "password": "p"})


class Bench:
    """A real simulator in a process of its own, and its control room."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "chorus_simulator", "--port", "0", "--quiet"]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert self._process.stdout is not None
        self.ready: dict[str, Any] = json.loads(self._process.stdout.readline())
        self.base_url = str(self.ready["base_url"])

    def stop(self) -> None:
        """End the process."""
        self._process.terminate()
        self._process.wait(timeout=60)
        if self._process.stdout:
            self._process.stdout.close()

    def control(self, method: str, path: str, **body: Any) -> Any:
        """Ask the control room."""
        url, data = f"{self.base_url}/_control{path}", json.dumps(body).encode()
        request = urllib.request.Request(url, data, {"Content-Type": "application/json"}, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def fails(self, kind: str, pattern: str = "*/deposer/flux", **more: Any) -> None:
        """Prepare a failure."""
        self.control("POST", "/faults", kind=kind, pattern=pattern, **more)

    def received(self) -> list[str]:
        """The number of every invoice received by a deposit, in order, as often as it was received."""
        return [number for deposit in self.control("GET", "/ledger")["deposits"] for number in deposit["numbers"]]

    def invoices(self) -> dict[str, str]:
        """The status of every invoice that the platform integrated, by number."""
        return {facture["numero"]: facture["statut"] for facture in self.control("GET", "/factures")["factures"]}

    def calls(self) -> dict[str, int]:
        """How many calls came, by operation."""
        calls = self.control("GET", "/counts")["calls"]
        return {path.removeprefix("/cpro/").replace("/v1/", "/"): count for path, count in calls.items()}

    def application(self, name: str = "APP_DEMO_CONCENTRATEUR") -> dict[str, str]:
        """A PISTE application of the sandbox."""
        return next(a for a in self.ready["applications"] if a["name"] == name and a["environment"] == "sandbox")

    def account(self, siret: str) -> dict[str, str]:
        """A technical account of a structure."""
        return next(a for a in self.ready["technical_accounts"] if a["siret"] == siret)


@pytest.fixture(scope="session")
def one_bench() -> Iterator[Bench]:
    """The simulator of the session."""
    bench = Bench()
    yield bench
    bench.stop()


@pytest.fixture
def bench(one_bench: Bench, diary: Diary) -> Bench:
    """The simulator, as on the first morning, at the hour of the test."""
    one_bench.control("POST", "/reset", clock=diary().isoformat())
    one_bench.control("DELETE", "/faults")
    diary.others.append(lambda seconds: one_bench.control("POST", "/clock", advance=seconds))
    return one_bench


SUPPLIER, RECIPIENT = "45251785100010", "12345678200051"


@pytest.fixture
def online(gateway: Gateway, bench: Bench) -> Connection:
    """A connection of the building firm to the simulator."""
    return _connect(gateway, bench.base_url, bench.application(), bench.account(SUPPLIER))


TOWN = "21970999400017"


@pytest.fixture
def commune(gateway: Gateway, bench: Bench) -> Structure:
    """A public body of the simulator, served by a connection of its own; nothing is asked yet."""
    _connect(gateway, bench.base_url, bench.application(), bench.account(TOWN))
    known = next(s for s in bench.ready["structures"] if s["siret"] == TOWN)
    structure = Structure("s1", "c1", TOWN, known["designation"], known["idStructureCPP"], is_recipient=True)
    with gateway.store.begin() as conn:
        structures.insert(conn, structure, gateway.clock())
    return structure


@dataclass(frozen=True)
class Invoicing:
    """Makes invoices between a supplier and a public body."""

    supplier: Siret
    recipient: Siret
    service: str = ""

    def file(self, number: str, syntax: str = "cii", **more: Any) -> bytes:
        """The bytes of an invoice."""
        today = datetime.now(PARIS).date()
        invoice = make_invoice(
            crc32(number.encode()) % 10_000,  # the same invoice in every process
            number=number,
            supplier=self.supplier,
            recipient=self.recipient,
            service=self.service,
            issue_date=more.pop("issue_date", today),
            **more,
        )
        return write_sample(invoice, SampleSyntax(syntax))

    def accept(self, gateway: Gateway, number: str, **more: Any) -> Accepted:
        """Deposit an invoice through a gateway."""
        key = more.pop("key", "")
        return gateway.outbox.accept(
            NewDeposit("c1", self.file(number, **more), f"{number}.xml", idempotency_key=key, author="alice@exemple.fr")
        )


@pytest.fixture
def invoicing() -> Invoicing:
    """Invoices of an invented firm to an invented town."""
    return Invoicing(Siret.parse(SUPPLIER), Siret.parse(RECIPIENT))
