"""A machine that believes itself next year reminds of nothing, and says that its clock is wrong."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest

from raccord.domain.connection import Light
from raccord.engine.foundation.port import Jobs
from raccord.engine.foundation.workers import Liveness
from raccord.engine.letters.expiry import Expiry
from raccord.engine.letters.notices import Notices


@pytest.fixture
def expiry(firm, hours, town) -> Expiry:
    """The watch of ends, joined as the house joins it; the platform tells its hour."""
    town.bench.switches.set("date_banc", True)
    ids = itertools.count()
    jobs = Jobs(firm.store, hours, None, Liveness(firm.store, hours))
    notices = Notices(firm.store, jobs, lambda: f"n{next(ids)}", recipients=lambda _: [], mailer=None)
    return Expiry(firm.store, hours, notices, clock_agrees=firm.connections.clock_agrees)


def test_the_reminder_waits_until_the_clock_is_set(expiry, firm, connected, hours, town):
    """The jump is not seen by the light yet: Chorus Pro is asked its hour before a letter leaves."""
    hours.now += timedelta(days=330)
    assert expiry.remind() == 0
    town.bench.clock.set(hours.now)
    assert expiry.remind() == 1


def test_the_light_says_the_clock_and_counts_no_days(expiry, firm, connected, hours):
    hours.now += timedelta(days=330)
    firm.connections.watch()
    view = firm.lights.of(connected.id)
    assert (view.light, view.cause.code, view.days_left) == (Light.AMBER, "CFG-03", None)
    assert "avance de 330 jours" in view.cause_sentence
    told = expiry.digest()
    assert "Horloge de cette machine fausse" in told
    assert "dans" not in told


def test_a_clock_set_again_gives_the_green_light_back(expiry, firm, connected, hours):
    true = hours.now
    hours.now += timedelta(days=2)
    firm.connections.test(connected.id, "raccord")
    assert firm.lights.of(connected.id).light is Light.AMBER
    hours.now = true + timedelta(hours=2)
    hours.set(hours.now)
    firm.connections.test(connected.id, "raccord")
    assert firm.lights.of(connected.id).light is Light.GREEN


def test_a_chorus_pro_that_cannot_be_asked_does_not_hold_the_reminder(expiry, connected, hours, town):
    town.bench.switches.set("date_banc", False)
    hours.advance(days=330)
    assert expiry.remind() == 1


def test_a_refused_application_behind_a_wrong_clock_still_stops_the_deposits(firm, expiry, connected, hours, town):
    hours.now += timedelta(days=330)
    town.application.client_secret = "changé"
    verdict = firm.connections.test(connected.id, "raccord")
    assert [one.cause.code for one in verdict.suspicions] == ["CFG-03", "PST-01"]
    assert firm.lights.of(connected.id).breaker_open
