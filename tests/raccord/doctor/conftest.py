"""A patient: the building firm's connection to a real simulator, its history written by the test."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from raccord.doctor import (
    History,
    House,
    Patient,
    Proofs,
    Tools,
    both_environments,
    examine,
    hour_without_trust,
    open_client,
    reach_host,
)
from raccord.domain.connection import Connection, EnvironmentName
from raccord.domain.secrets import Secret
from raccord.domain.verdict import Verdict
from raccord.engine.connections import addresses_at


class Visit:
    """Examines the firm's connection; the test changes the connection, the proofs or the history before."""

    def __init__(self, town) -> None:
        town.bench.clock.freeze()
        town.bench.switches.set("date_banc", True)
        self.town = town
        self.now = town.bench.clock.now()
        self.connection = Connection(
            id="c1",
            label="Chorus Pro",
            environment=EnvironmentName.SIMULATOR,
            addresses=addresses_at(town.base_url),
            client_id=town.application.client_id,
            login=town.firm.login,
        )
        self.house = House(connect_timeout_s=10, read_timeout_s=10)
        self.proofs = Proofs(Secret(town.application.client_secret), Secret(town.firm.password))
        self.worked = History(
            worked_at=self.now - timedelta(days=1),
            ever_worked=True,
            changed_at=self.now - timedelta(days=30),
            expires_at=town.firm.expires_at,
        )
        self.history = self.worked

    def __call__(self, *, force: bool = False) -> Verdict:
        tools = Tools(
            lambda: self.now,
            partial(open_client, house=self.house),
            partial(reach_host, house=self.house),
            time.perf_counter,
            twin=both_environments,
            hour_without_trust=hour_without_trust,
        )
        return examine(Patient(self.connection, self.proofs, self.history), tools, force=force)

    def type(self, login: str, password: str) -> None:
        """A person has just typed these."""
        self.connection = replace(self.connection, login=login)
        self.proofs = replace(self.proofs, password=Secret(password))
        self.history = History(just_typed=True, changed_at=self.now)

    def pass_days(self, days: float) -> None:
        """Time passes on both sides."""
        self.now += timedelta(days=days)
        self.town.bench.clock.set(self.now)


@pytest.fixture
def visit(town) -> Visit:
    return Visit(town)


@pytest.fixture
def codes() -> Callable[[Verdict], list[str]]:
    """The causes of a verdict, likeliest first."""
    return lambda verdict: [one.cause.code for one in verdict.suspicions]
