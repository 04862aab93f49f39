"""A proof that the doctor finds refused stops the calls as a deposit's refusal does, and the journal says so once."""

from __future__ import annotations

import pytest

from choruspro import CredentialsRefused
from raccord.domain.connection import Light
from raccord.domain.secrets import Secret
from raccord.store import journal


def _told(firm, connection) -> list[tuple[str, object]]:
    with firm.store.read() as conn:
        events = journal.read(conn, f"connection/{connection.id}")
    return [(one.kind, one.data.get("which", "")) for one in events if "breaker" in one.kind]


@pytest.mark.parametrize("which", ["technical-account", "piste"])
def test_the_doctor_stops_the_calls_and_says_it_once(firm, connected, town, which):
    if which == "piste":
        town.application.client_secret = "un autre secret"
    else:
        town.firm.password = "autre)chose"
    for _ in range(2):
        firm.connections.test(connected.id, "raccord", force=True)
    firm.breaker.refused(connected.id, CredentialsRefused("refusé", which=which, operation="deposerFluxFacture"))
    assert firm.connections.get(connected.id).breaker_open
    assert _told(firm, connected) == [("connection.breaker_opened", which)]


def test_the_new_password_lets_them_start_again(firm, connected, town):
    town.firm.password = "autre)chose"
    assert firm.connections.test(connected.id, "raccord").light is Light.RED
    firm.connections.enter_candidate(connected.id, town.firm.login, Secret(town.firm.password), "user/alice")
    assert not firm.connections.get(connected.id).breaker_open
    assert [kind for kind, _ in _told(firm, connected)] == ["connection.breaker_opened", "connection.breaker_closed"]
