"""Time enters by the door: whoever needs the hour receives a `Clock`, whoever needs to wait receives a `Sleep`."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Protocol
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
_EARLIEST, _LATEST = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)
"""A day inside of the calendar: what lies between has its hour in every zone."""

Sleep = Callable[[float], None]
"""Waits that many seconds."""

NewId = Callable[[], str]
"""Gives an identifier never given before."""


class Clock(Protocol):
    """Gives the present instant, aware and in UTC."""

    def __call__(self) -> datetime: ...


def system_clock() -> datetime:
    """The hour of this machine, in UTC."""
    return datetime.now(UTC)


def in_utc(at: datetime) -> datetime:
    """The instant in UTC. One that some zone could not write, mistyped at an end of the calendar, is brought inside."""
    return min(max(at, _EARLIEST), _LATEST).astimezone(UTC)


def first_instant(day: date) -> datetime:
    """The first instant of that day in Paris, where Chorus Pro's dates live."""
    return in_utc(datetime.combine(day, time.min, PARIS))


def last_instant(day: date) -> datetime:
    """The last instant of that day in Paris."""
    return in_utc(datetime.combine(day, time.max, PARIS))


def days_between(now: datetime, then: datetime) -> int:
    """Calendar days of Paris from one instant to another, whatever the hour and the length of the days between."""
    return (then.astimezone(PARIS).date() - now.astimezone(PARIS).date()).days


def iso(at: datetime | None) -> str:
    """The instant as text, empty when there is none."""
    return at.isoformat() if at else ""
