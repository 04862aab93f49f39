"""Time enters by the door: whoever needs the hour receives a `Clock`, whoever needs to wait receives a `Sleep`."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")

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


def iso(at: datetime | None) -> str:
    """The instant as text, empty when there is none."""
    return at.isoformat() if at else ""
