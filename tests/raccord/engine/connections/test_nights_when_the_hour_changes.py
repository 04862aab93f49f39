"""A day of 23 or of 25 hours in Paris, a 29th of February: one letter a day, and days counted as a calendar does."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, time, timedelta

import pytest

from raccord.domain.clock import PARIS, days_between, last_instant
from raccord.engine.foundation.port import Jobs
from raccord.engine.foundation.workers import Liveness
from raccord.engine.letters.expiry import Expiry
from raccord.engine.letters.mail import Mailer, MailServer
from raccord.engine.letters.notices import Notices
from raccord.store import connections as table

SPRING, AUTUMN, LEAP = date(2027, 3, 28), date(2027, 10, 31), date(2028, 2, 29)
SPECIAL = pytest.mark.parametrize("day", [SPRING, AUTUMN, LEAP], ids=["23h", "25h", "29-02"])


@pytest.fixture
def expiry(firm, hours) -> Expiry:
    """The watch of ends, with a mail server: letters are asked for, none is carried."""
    ids = itertools.count()
    jobs = Jobs(firm.store, hours, None, Liveness(firm.store, hours))
    mailer = Mailer(MailServer("127.0.0.1", 9, "none", sender="r@exemple.fr"))
    notices = Notices(firm.store, jobs, lambda: f"n{next(ids)}", recipients=lambda _: ["c@exemple.fr"], mailer=mailer)
    return Expiry(firm.store, hours, notices)


def _ends(firm, connection, at: datetime) -> None:
    """As Chorus Pro told it at the last visit."""
    with firm.store.begin() as conn:
        table.update(conn, connection.id, now=at, expires_at=at)


def _days_around(day: date) -> list[date]:
    return [day + timedelta(days=shift) for shift in (-1, 0, 1)]


@SPECIAL
def test_the_letter_of_the_day_leaves_once_each_day_at_seven(expiry, firm, connected, hours, day: date):
    _ends(firm, connected, last_instant(day + timedelta(days=20)))
    sent = []
    hours.set(datetime.combine(day - timedelta(days=1), time.min, PARIS).astimezone(UTC))
    while hours().astimezone(PARIS).date() <= day + timedelta(days=1):
        if expiry.send_digest():
            sent.append(hours().astimezone(PARIS))
        hours.advance(minutes=20)
    assert [at.date() for at in sent] == _days_around(day)
    assert {at.hour for at in sent} == {7}


@SPECIAL
def test_the_days_that_are_left_change_at_midnight_and_only_then(expiry, firm, connected, hours, day: date):
    end = last_instant(day + timedelta(days=3))
    _ends(firm, connected, end)
    hours.set(datetime.combine(day, time.min, PARIS).astimezone(UTC))
    while hours().astimezone(PARIS).date() == day:
        assert firm.lights.of(connected.id).days_left == 3
        assert expiry.days_left(firm.connections.get(connected.id)) == 3
        hours.advance(minutes=30)
    assert firm.lights.of(connected.id).days_left == 2


@SPECIAL
def test_a_reminder_of_one_day_leaves_once_on_the_eve(expiry, firm, connected, hours, day: date):
    _ends(firm, connected, last_instant(day))
    hours.set(datetime.combine(day - timedelta(days=4), time(12), PARIS).astimezone(UTC))
    expiry.remind()
    told = []
    while hours().astimezone(PARIS).date() <= day:
        if expiry.remind():
            told.append(hours().astimezone(PARIS).date())
        hours.advance(hours=1)
    assert told == [day - timedelta(days=3), day - timedelta(days=1)]


def test_tomorrow_is_tomorrow_whatever_the_hour():
    evening, morning = datetime(2027, 5, 3, 20, tzinfo=UTC), datetime(2027, 5, 4, 8, tzinfo=UTC)
    assert days_between(evening, morning) == 1
    assert days_between(morning, evening) == -1
    assert days_between(datetime(2028, 2, 28, 12, tzinfo=UTC), datetime(2028, 3, 1, 12, tzinfo=UTC)) == 2
