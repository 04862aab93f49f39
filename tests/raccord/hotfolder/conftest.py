"""A gateway that leads nowhere, a watched folder, invoices to lay in it and receptions to take from it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from raccord.domain.clock import PARIS
from raccord.domain.connection import Addresses, Connection, EnvironmentName, Structure
from raccord.domain.identifiers import Siret
from raccord.domain.reception import Document, Reception
from raccord.engine.foundation.options import EngineOptions
from raccord.engine.gateway import Gateway
from raccord.formats.sample import SampleSyntax, make_invoice, write_sample
from raccord.hotfolder import Look, Naming, WatchedFolder
from raccord.settings import load_settings
from raccord.store import connections, receptions, structures
from raccord.wiring import build_gateway

SUPPLIER, TOWN = "45251785100010", "12345678200051"


class Stopped(Exception):
    """The machine stops here."""


@pytest.fixture
def make_gateway(store_url: str, tmp_path: Path) -> Iterator[Callable[[], Gateway]]:
    """Build a gateway on this test's database; a second one is the first after a restart."""
    built: list[Gateway] = []

    def make() -> Gateway:
        environ = {
            "RACCORD_DATA_DIR": str(tmp_path / "var"),
            "RACCORD_DATABASE_URL": store_url,
            "RACCORD_MASTER_KEY": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
        }
        gateway = build_gateway(load_settings(environ, None), durable=False, options=EngineOptions(group_delay_s=3600))
        built.append(gateway)
        return gateway

    yield make
    for gateway in built:
        gateway.close()


@pytest.fixture
def gateway(make_gateway: Callable[[], Gateway]) -> Gateway:
    """A gateway with one connection, of the town and of the firm, that leads nowhere."""
    gateway = make_gateway()
    add_connection(gateway, "c1", "Mairie")
    with gateway.store.begin() as conn:
        town = Structure("s1", "c1", TOWN, "Mairie d’Exemple", 1, is_recipient=True)
        structures.insert(conn, town, gateway.clock())
    return gateway


def add_connection(gateway: Gateway, key: str, label: str) -> None:
    """Keep a connection whose breaker is of no use: nobody listens on port 9."""
    addresses = Addresses("http://127.0.0.1:9/token", f"http://127.0.0.1:9/{key}")
    connection = Connection(key, label, EnvironmentName.SIMULATOR, addresses, client_id="app", login="TECH_1@cpro.fr")
    with gateway.store.begin() as conn:
        connections.insert(conn, connection, gateway.clock())


class Watch:
    """The folder as its software sees it."""

    def __init__(self, gateway: Gateway, root: Path) -> None:
        self.gateway, self.root = gateway, root
        self.folder = self.watched()
        self.folder.places.prepare()

    def watched(self, stop_at: str = "", naming: Naming | None = None, rank: int = 1) -> WatchedFolder:
        """A watched folder in a new process; it stops once, the rank-th time that it does that step."""
        left = rank

        def mark(step: str) -> None:
            nonlocal left
            left -= step == stop_at
            if step == stop_at and left == 0:
                raise Stopped(step)

        return WatchedFolder(self.gateway, self.root, naming, mark)

    def watched_late(self, later: timedelta) -> WatchedFolder:
        """A watched folder in a process that starts that much later."""
        gateway = replace(self.gateway, clock=lambda: self.gateway.clock() + later)
        return WatchedFolder(gateway, self.root)

    def look(self, times: int = 2, folder: WatchedFolder | None = None) -> Look:
        """Look so many times."""
        looks = [(folder or self.folder).look() for _ in range(times)]
        return replace(looks[-1], invoices=tuple(one for look in looks for one in look.invoices),
                       statuses=tuple(one for look in looks for one in look.statuses),
                       laid=sum(look.laid for look in looks), taken=sum(look.taken for look in looks))  # fmt: skip

    def lay(self, name: str, data: bytes) -> Path:
        """Lay an invoice."""
        path = self.root / "a-deposer" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    def names(self, folder: str) -> list[str]:
        """The files under a folder, hidden ones too."""
        base = self.root / folder
        return sorted(path.relative_to(base).as_posix() for path in base.rglob("*") if path.is_file())

    def sheet(self, path: str) -> dict[str, Any]:
        """A JSON sheet."""
        found: dict[str, Any] = json.loads((self.root / path).read_text("utf-8"))
        return found


@pytest.fixture
def watch(gateway: Gateway, tmp_path: Path) -> Watch:
    """A watched folder on that gateway."""
    return Watch(gateway, tmp_path / "échanges")


@pytest.fixture
def invoice() -> Callable[..., bytes]:
    """Makes the bytes of an invoice of the firm to the town."""

    def make(number: str, **more: Any) -> bytes:
        made = make_invoice(
            1, number=number, supplier=Siret.parse(SUPPLIER), recipient=Siret.parse(TOWN),
            issue_date=datetime.now(PARIS).date(), **more,
        )  # fmt: skip
        return write_sample(made, SampleSyntax("cii"))

    return make


@pytest.fixture
def receive(gateway: Gateway) -> Callable[..., Reception]:
    """Has the town receive an invoice, its two documents in the archive."""

    def store(rank: int, *, status: str = "MISE_A_DISPOSITION", days_ago: int = 5, **columns: Any) -> Reception:
        now, key = gateway.clock(), f"r-{rank}"
        files = [("pivot", f"pivot_{rank}.xml", b"<p>%d</p>" % rank), ("pdf", "Facture n° 1.pdf", b"%%PDF-%d" % rank)]
        row = {
            "id": key, "connection_id": "c1", "structure_id": "s1", "state": "seen", "family": "FACTURE",
            "id_facture": 1000 + rank, "number": f"F-{rank}", "issue_date": date(2026, 3, 1),
            "deposit_date": (now - timedelta(days=days_ago)).astimezone(PARIS).date(), "supplier_siret": SUPPLIER,
            "supplier_name": "Bâtiment Exemple", "recipient_siret": TOWN, "service_code": "VOIRIE",
            "service_name": "Voirie", "commitment": "EJ1", "market": "", "type_code": "FACTURE", "currency": "EUR",
            "amount_total": Decimal("1200.00"), "amount_due": Decimal("1200.00"), "platform_status": status,
            "platform_status_at": now - timedelta(days=days_ago), "created_at": now, "updated_at": now,
        } | columns  # fmt: skip
        with gateway.store.begin() as conn:
            receptions.insert(conn, row)
            kept = [Document(kind, name, "application/pdf", gateway.archive.put(data), len(data))
                    for kind, name, data in files]  # fmt: skip
            receptions.store(conn, key, kept, now=now)
            return receptions.get(conn, key)

    return store
