"""The light over a year: when, why, who, how long; visits at a civil rhythm; nothing replayed, nothing forgotten."""

from datetime import timedelta

import pytest

from chorus_simulator import accounts
from chorus_simulator.faults import Fault
from choruspro import CredentialsRefused
from raccord.domain.connection import Light
from raccord.domain.requests import ConnectionChange
from raccord.domain.secrets import Secret
from raccord.domain.verdict import RungState
from raccord.engine.connections import register
from raccord.engine.foundation.breaker import Breaker
from raccord.engine.foundation.port import Jobs
from raccord.engine.foundation.workers import Liveness
from raccord.store import connections as table
from raccord.store import lights

A_YEAR = [*[27] * 10, *[1] * 10, *[10] * 5, *[1] * 10, 26]
"""Day by day around the two dates when the light changes, by long steps between them: each step is a real test."""


def _lights(firm, connection) -> list[tuple[str, str]]:
    return [(change.light.value, change.cause) for change in reversed(firm.lights.history(connection.id))]


def test_a_year_passes_from_green_to_amber_to_red_and_back(firm, connected, town, hours):
    for days in A_YEAR:
        hours.advance(days=days)
        firm.connections.watch()
    shown = accounts.prepare_reset(town.world, town.firm.login)
    accounts.submit_reset(town.world, town.firm.login, shown)
    assert firm.connections.enter_candidate(connected.id, town.firm.login, Secret(shown), "user/alice").promoted
    assert _lights(firm, connected) == [("vert", ""), ("orange", "TEC-10"), ("rouge", "TEC-01"), ("vert", "")]
    green, red, amber, first = firm.lights.history(connected.id)
    assert green.lasted is None
    assert green.actor == "user/alice"
    assert amber.lasted is not None
    assert timedelta(days=59) <= amber.lasted <= timedelta(days=61)
    assert red.sentence.startswith("Le mot de passe du compte technique")
    assert first.at < amber.at < red.at < green.at


def test_an_expired_password_is_refused_once_in_a_month_of_watching(firm, connected, town, hours):
    hours.advance(days=366)
    before = town.world.ledger.refused_accounts
    for _ in range(30):
        firm.connections.watch()
        firm.connections.examine_now(connected.id)
        hours.advance(days=1)
    assert town.world.ledger.refused_accounts == before + 1


def test_a_password_that_the_engine_saw_refused_is_not_played_again(firm, connected, town, hours):
    town.firm.password = "autre)chose"
    jobs = Jobs(firm.store, hours, None, Liveness(firm.store, hours))
    breaker = Breaker(firm.store, hours, jobs)
    register(jobs, firm.connections, 3600)
    with pytest.raises(CredentialsRefused) as refusal, firm.connections._way.open(connected) as client:
        client.transverses.recuperer_tauxtva()
    breaker.refused(connected.id, refusal.value)
    jobs.run_due()
    view = firm.lights.of(connected.id)
    assert view.cause is not None
    assert (view.light, view.cause.code) == (Light.RED, "TEC-02")
    assert town.world.ledger.refused_accounts == 1
    rungs = {one.name: one for one in firm.connections.last_verdict(connected.id).rungs}
    assert "login or password" in rungs["account"].evidence


def test_a_person_may_ask_for_one_more_try(firm, connected, town, hours):
    hours.advance(days=366)
    firm.connections.watch()
    remembered = firm.connections.test(connected.id, "user/alice", force=False)
    account = next(rung for rung in remembered.rungs if rung.name == "account")
    assert "n’est pas rejoué" in account.sentence
    assert town.world.ledger.refused_accounts == 1
    firm.connections.test(connected.id, "user/alice", force=True)
    assert town.world.ledger.refused_accounts == 2


def test_five_refusals_leave_the_account_alone_for_an_hour_then_one_test(firm, connected, town, hours):
    town.bench.switches.set("verrou_echecs", 5)
    real = town.firm.password
    town.firm.password = "autre)chose"
    for _ in range(5):
        verdict = firm.connections.test(connected.id, "user/alice")
    verdict = firm.connections.test(connected.id, "user/alice", force=False)
    assert verdict.cause is not None
    assert verdict.cause.code == "TEC-06"
    town.firm.password = real
    assert firm.connections.test(connected.id, "user/alice").light is Light.RED, "still locked"
    hours.advance(minutes=62)
    assert firm.connections.test(connected.id, "user/alice").light is Light.GREEN


def test_a_cut_of_the_network_does_not_erase_the_refusal(firm, connected, town, hours):
    hours.advance(days=366)
    firm.connections.watch()
    town.bench.faults.add(Fault("maintenance", "*/oauth/token", count=1))
    firm.connections.test(connected.id, "raccord", force=False)
    firm.connections.test(connected.id, "raccord", force=False)
    assert town.world.ledger.refused_accounts == 1


def test_a_platform_that_was_down_is_looked_at_again_soon(firm, connected, town, hours):
    town.bench.faults.add(Fault("503", "*/recuperer/tauxtva"))
    assert firm.connections.test(connected.id, "raccord").light is Light.RED
    assert firm.connections.watch() == 0
    hours.advance(minutes=6)
    assert firm.connections.watch() == 1
    assert firm.connections.get(connected.id).light is Light.GREEN
    assert firm.released == [connected.id]


def test_a_stop_before_the_release_is_made_good_by_the_watch(firm, connected, hours):
    with firm.store.begin() as conn:
        table.update(conn, connected.id, now=hours(), breaker_open=True)
    firm.connections.watch()
    assert firm.released == [connected.id]


def test_the_rhythm_is_civil(firm, connected, town, hours):
    tokens = town.world.ledger.tokens
    for _ in range(60):
        hours.advance(minutes=1)
        firm.connections.watch(period_s=3600)
    assert town.world.ledger.tokens == tokens + 1


def test_a_disabled_connection_is_left_alone(firm, connected, town, hours):
    firm.connections.edit(connected.id, ConnectionChange(enabled=False), "user/alice")
    hours.advance(days=400)
    assert firm.connections.watch() == 0
    assert firm.lights.overall().light is Light.UNKNOWN


def test_the_worst_light_is_shown_everywhere(firm, connected, town, hours):
    with firm.store.begin() as conn:
        table.update(conn, connected.id, now=hours(), light=Light.AMBER.value)
    overview = firm.lights.overall()
    assert overview.light is Light.AMBER
    assert overview.sentence == Light.AMBER.sentence
    assert overview.connections[0].days_left == 335


def test_the_last_verdict_is_read_back_whole(firm, connected):
    kept = firm.connections.last_verdict(connected.id)
    assert kept is not None
    assert kept.light is Light.GREEN
    assert [rung.state for rung in kept.rungs if rung.name in ("token", "account")] == [RungState.PASSED] * 2


def test_a_wrong_piste_secret_stops_the_calls(firm, connected):
    firm.connections.edit(connected.id, ConnectionChange(client_secret=Secret("faux")), "user/alice")
    verdict = firm.connections.test(connected.id, "user/alice")
    assert verdict.cause is not None
    assert verdict.cause.code == "PST-01"
    assert firm.connections.get(connected.id).breaker_open


def test_listeners_hear_of_changes_only(firm, connected, town):
    heard: list[str] = []
    firm.lights.tell(lambda before, verdict: heard.append(f"{before.light.value}>{verdict.light.value}"))
    firm.connections.test(connected.id, "raccord")
    town.bench.faults.add(Fault("503", "*/recuperer/tauxtva"))
    firm.connections.test(connected.id, "raccord")
    firm.connections.test(connected.id, "raccord")
    assert heard == ["vert>rouge", "rouge>vert"]


def test_the_memory_holds_no_secret(firm, connected, town, hours):
    hours.advance(days=366)
    firm.connections.watch()
    with firm.store.read() as conn:
        memory = lights.memory(conn, connected.id)
    assert memory.refusal is not None
    assert memory.refusals == 1
    assert town.firm.password not in repr(memory)
