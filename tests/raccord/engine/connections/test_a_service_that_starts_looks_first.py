"""The light of before a stop is not believed: a service that starts has its connections looked at."""

from __future__ import annotations

from typing import Any

from chorus_simulator.faults import Fault
from raccord.domain.connection import Light
from raccord.domain.requests import NewConnection
from raccord.domain.secrets import Secret
from raccord.engine.connections import register
from raccord.engine.foundation.names import EXAMINE
from raccord.engine.foundation.port import Jobs
from raccord.engine.foundation.workers import Liveness


def _start(firm: Any, hours: Any) -> None:
    jobs = Jobs(firm.store, hours, None, Liveness(firm.store, hours))
    register(jobs, firm.connections, 3600)
    with firm.store.begin() as conn:
        for one in firm.connections.to_look_at_first():
            jobs.schedule(conn, EXAMINE, one, {"connection_id": one})
    jobs.run_due()


def test_a_cut_during_the_stop_is_red_at_the_start_with_its_cause(firm, connected, town, hours):
    town.bench.faults.add(Fault("503", "*/recuperer/tauxtva"))
    _start(firm, hours)
    view = firm.lights.of(connected.id)
    assert (view.light, view.cause.code) == (Light.RED, "NET-03")
    hours.advance(minutes=6)
    firm.connections.watch()
    assert firm.lights.of(connected.id).light is Light.GREEN


def test_a_refused_password_is_not_played_again_by_a_start(firm, connected, town, hours):
    town.firm.password = "autre)chose"
    firm.connections.test(connected.id, "raccord")
    for _ in range(3):
        _start(firm, hours)
    assert town.world.ledger.refused_accounts == 1


def test_those_seen_longest_ago_come_first_and_those_without_password_wait(firm, connected, town, hours):
    new = NewConnection(
        label="Sans mot de passe", environment=connected.environment, addresses=connected.addresses,
        client_id="x", client_secret=Secret("y"),
    )  # fmt: skip
    firm.connections.create(new, "cli")
    hours.advance(hours=1)
    other = firm.connections.create(
        NewConnection(
            label="Autre", environment=connected.environment, addresses=connected.addresses,
            client_id=town.application.client_id, client_secret=Secret(town.application.client_secret),
        ),
        "cli",
    )  # fmt: skip
    firm.connections.enter_candidate(other.id, town.firm.login, Secret(town.firm.password), "cli")
    assert firm.connections.to_look_at_first() == [connected.id, other.id]
