"""The building firm's connection to a real simulator, on either database, with one clock for both sides."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from choruspro import ChorusPro
from raccord.doctor import House, Proofs, Tools, both_environments, open_client, reach_host
from raccord.domain.connection import Connection, EnvironmentName
from raccord.domain.secrets import Secret
from raccord.engine.connections import Connections, NewConnection, Visits, addresses_at
from raccord.engine.connections.light import Lights
from raccord.engine.foundation.breaker import Breaker
from raccord.engine.foundation.port import Jobs
from raccord.engine.foundation.workers import Liveness
from raccord.store.database import Store
from raccord.store.secrets import SecretShelf
from raccord.vault import MasterKey, Vault

_HOUSE = House(connect_timeout_s=10, read_timeout_s=10)


class Hours:
    """One hour for Raccord and for the simulator, moved by the test."""

    def __init__(self, bench) -> None:
        self._bench = bench
        bench.clock.freeze()
        self.set(datetime(2026, 11, 21, 12, tzinfo=UTC))
        bench.reset()  # the accounts are as old as that hour says, whatever this machine's date

    def __call__(self) -> datetime:
        return self.now

    def set(self, now: datetime) -> None:
        self.now = now
        self._bench.clock.set(now)

    def advance(self, **span: float) -> None:
        self.set(self.now + timedelta(**span))


@dataclass
class Firm:
    """The gateway's side: connections, lights, the vault, and what was released."""

    store: Store
    vault: Vault
    connections: Connections
    lights: Lights
    breaker: Breaker
    released: list[str] = field(default_factory=list)


class _Way:
    """Opens a client with the present proofs, as the engine's platform does, without its limiter."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    @contextmanager
    def open(self, connection: Connection) -> Iterator[ChorusPro]:
        place = f"connection/{connection.id}"
        with self._vault.open_many(f"{place}/client_secret", f"{place}/password") as (secret, password):
            proofs = Proofs(Secret(secret.reveal()), Secret(password.reveal()))
        with open_client(connection, proofs, house=_HOUSE) as client:
            yield client


@pytest.fixture
def hours(town) -> Hours:
    return Hours(town.bench)


@pytest.fixture
def firm(store: Store, hours: Hours) -> Firm:
    ids = itertools.count(1)
    vault = Vault(SecretShelf(store), MasterKey.new("test"), hours, lambda: f"k{next(ids)}")
    vault.check()
    released: list[str] = []

    def release(connection_id: str) -> None:
        released.append(connection_id)
        with store.begin() as conn:
            breaker.close(conn, connection_id)

    breaker = Breaker(store, hours, Jobs(store, hours, None, Liveness(store, hours)))
    lights = Lights(store, hours, breaker, release)
    tools = Tools(
        hours,
        partial(open_client, house=_HOUSE),
        partial(reach_host, house=_HOUSE),
        time.perf_counter,
        twin=both_environments,
    )
    visits = Visits(store, vault, lights, tools)
    connections = Connections(
        store, vault, hours, lambda: f"c{next(ids)}", visits=visits, lights=lights, way=_Way(vault)
    )
    return Firm(store, vault, connections, lights, breaker, released)


@pytest.fixture
def created(firm: Firm, town) -> Connection:
    """The connection with its PISTE application, without any technical account yet."""
    new = NewConnection(
        label="Chorus Pro",
        environment=EnvironmentName.SIMULATOR,
        addresses=addresses_at(town.base_url),
        client_id=town.application.client_id,
        client_secret=Secret(town.application.client_secret),
    )
    return firm.connections.create(new, "user/alice")


@pytest.fixture
def connected(firm: Firm, created: Connection, town) -> Connection:
    """The connection, green."""
    result = firm.connections.enter_candidate(created.id, town.firm.login, Secret(town.firm.password), "user/alice")
    assert result.promoted
    return firm.connections.get(created.id)
