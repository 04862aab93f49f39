"""A new password is tested beside the old one and promoted in one step when it works; the outbox then starts again."""

import pytest
import sqlalchemy as sa

from chorus_simulator import accounts
from chorus_simulator.faults import Fault
from raccord.domain.connection import ExpirySource, Light
from raccord.domain.errors import Invalid
from raccord.domain.secrets import Secret
from raccord.store import journal
from raccord.store.tables.core import metadata


def _password(firm, connection) -> str:
    with firm.vault.open(f"connection/{connection.id}/password") as credential:
        return credential.reveal()


def _codes(verdict) -> list[str]:
    return [one.cause.code for one in verdict.suspicions]


def test_a_first_account_turns_the_light_green(firm, created, town):
    assert firm.lights.overall().light is Light.UNKNOWN
    result = firm.connections.enter_candidate(created.id, town.firm.login, Secret(town.firm.password), "user/alice")
    assert result.promoted
    now = firm.connections.get(created.id)
    assert (now.light, now.login) == (Light.GREEN, town.firm.login)
    assert _password(firm, created) == town.firm.password
    assert firm.lights.overall().sentence == "Connexion avec Chorus Pro établie"


def test_the_expiry_date_is_read_at_chorus_pro(firm, connected, town):
    assert connected.expiry_source is ExpirySource.READ
    assert connected.expires_at is not None
    assert abs((connected.expires_at - town.firm.expires_at).total_seconds()) < 1


def test_a_wrong_password_does_not_take_the_place_of_one_that_works(firm, connected, town):
    result = firm.connections.enter_candidate(connected.id, town.firm.login, Secret("faux"), "user/alice")
    assert not result.promoted
    assert set(_codes(result.verdict)) == {"TEC-03", "TEC-04", "TEC-05"}
    assert _password(firm, connected) == town.firm.password
    assert firm.connections.get(connected.id).light is Light.GREEN
    assert firm.connections.test(connected.id, "user/alice").light is Light.GREEN


def test_a_wrong_first_password_shows_red_with_its_causes(firm, created, town):
    firm.connections.enter_candidate(created.id, town.firm.login, Secret("faux"), "user/alice")
    view = firm.lights.of(created.id)
    assert view.light is Light.RED
    assert view.sentence == "Attention : Connexion avec Chorus Pro non établie"
    assert view.cause is not None
    assert view.cause.code == "TEC-05"


def test_an_odd_password_is_remarked_upon_and_kept_as_it_is(firm, created, town):
    town.firm.password = " -shvun)en7jks0P"
    result = firm.connections.enter_candidate(created.id, town.firm.login, Secret(town.firm.password), "user/alice")
    assert [remark.code for remark in result.remarks] == ["ESPACE_DEBUT"]
    assert result.promoted
    assert _password(firm, created) == " -shvun)en7jks0P"


def test_a_password_pasted_with_a_blank_is_told_so(firm, created, town):
    wrong = Secret(town.firm.password + " ")
    result = firm.connections.enter_candidate(created.id, town.firm.login, wrong, "user/alice")
    assert result.verdict.cause is not None
    assert result.verdict.cause.code == "TEC-03"
    assert "finit par un espace" in result.verdict.suspicions[0].sentence


def test_an_account_not_active_yet_is_tested_again_by_itself(firm, created, town, hours):
    town.bench.switches.set("activation_minutes", 30)
    accounts.set_password(town.world, town.firm, "tout-neuf)1")
    result = firm.connections.enter_candidate(created.id, town.firm.login, Secret("tout-neuf)1"), "user/alice")
    assert not result.promoted
    assert result.verdict.cause is not None
    assert result.verdict.cause.code == "TEC-05"
    assert result.retry_at is not None
    hours.advance(minutes=29)
    assert firm.connections.watch() == 0
    hours.advance(minutes=2)
    assert firm.connections.watch() == 1
    assert firm.connections.get(created.id).light is Light.GREEN
    assert firm.connections.candidate(created.id) is None


def test_a_refused_candidate_is_tried_three_times_and_no_more(firm, created, town, hours):
    firm.connections.enter_candidate(created.id, town.firm.login, Secret("faux"), "user/alice")
    for _ in range(30):
        hours.advance(minutes=10)
        firm.connections.watch()
    assert town.world.ledger.refused_accounts == 3
    assert firm.connections.candidate(created.id) is not None


def test_a_candidate_waits_for_a_platform_that_is_down(firm, created, town, hours):
    town.bench.faults.add(Fault("503", "*/recuperer/tauxtva"))
    result = firm.connections.enter_candidate(created.id, town.firm.login, Secret(town.firm.password), "user/alice")
    assert not result.promoted
    assert _codes(result.verdict) == ["NET-03"]
    hours.advance(minutes=6)
    firm.connections.watch()
    assert firm.connections.get(created.id).light is Light.GREEN


def test_the_whole_story_expired_named_reset_green_released(firm, connected, town, hours):
    hours.advance(days=366)
    verdict = firm.connections.test(connected.id, "raccord", force=False)
    assert verdict.cause is not None
    assert verdict.cause.code == "TEC-01"
    assert "a expiré le" in verdict.suspicions[0].sentence
    assert firm.connections.get(connected.id).breaker_open
    shown = accounts.prepare_reset(town.world, town.firm.login)
    early = firm.connections.enter_candidate(connected.id, town.firm.login, Secret(shown), "user/alice")
    assert not early.promoted, "« Soumettre » has not been clicked"
    assert early.verdict.cause is not None
    assert early.verdict.cause.code == "TEC-04"
    accounts.submit_reset(town.world, town.firm.login, shown)
    late = firm.connections.enter_candidate(connected.id, town.firm.login, Secret(shown), "user/alice")
    assert late.promoted
    assert firm.released == [connected.id]
    now = firm.connections.get(connected.id)
    assert (now.light, now.breaker_open) == (Light.GREEN, False)


def test_a_candidate_may_be_given_up(firm, connected, town):
    firm.connections.enter_candidate(connected.id, "TECH_X@cpro.fr", Secret("faux"), "user/alice")
    view = firm.connections.candidate(connected.id)
    assert view is not None
    assert view.login == "TECH_X@cpro.fr"
    firm.connections.drop_candidate(connected.id, "user/alice")
    assert firm.connections.candidate(connected.id) is None
    assert _password(firm, connected) == town.firm.password


def test_an_empty_field_is_refused_before_any_call(firm, created, town):
    with pytest.raises(Invalid, match="COMPTE_INCOMPLET"):
        firm.connections.enter_candidate(created.id, "TECH", Secret(""), "user/alice")
    assert town.world.ledger.tokens == 0


def test_the_journal_says_who_and_when_and_never_what(firm, connected, town):
    firm.connections.enter_candidate(connected.id, town.firm.login, Secret("un-autre)mot"), "user/bob")
    with firm.store.read() as conn:
        events = journal.read(conn, f"connection/{connected.id}")
        dump = str([tuple(row) for one in metadata.sorted_tables for row in conn.execute(sa.select(one))])
    assert ("connection.password_changed", "user/alice") in [(event.kind, event.actor) for event in events]
    assert ("connection.candidate_refused", "user/bob") in [(event.kind, event.actor) for event in events]
    for secret in (town.firm.password, "un-autre)mot", town.application.client_secret):
        assert secret not in dump
