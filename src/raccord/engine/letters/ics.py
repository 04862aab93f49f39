"""Ends of passwords as a calendar file (RFC 5545), to open once or to subscribe to."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from raccord.domain.clock import PARIS
from raccord.domain.connection import Connection
from raccord.domain.errors import NotFound
from raccord.language import translate


def calendar(one: Connection, now: datetime, language: str = "fr") -> str:
    """The `.ics` text of one end of password. Raises `NotFound` ECHEANCE_INCONNUE."""
    if one.expires_at is None:
        raise NotFound("ECHEANCE_INCONNUE", "La date d’expiration n’est pas connue.", "Saisissez-la d’abord.")
    return calendar_of([one], now, language)


def calendar_of(connections: Sequence[Connection], now: datetime, language: str = "fr") -> str:
    """The `.ics` text of every known end, alarms 30 and 7 days before; an unknown one has no line."""
    events = [line for one in connections if one.expires_at for line in _event(one, one.expires_at, now, language)]
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Raccord//FR",
        "NAME:Chorus Pro",
        "X-WR-CALNAME:Chorus Pro",
        "REFRESH-INTERVAL;VALUE=DURATION:P1D",
        *events,
        "END:VCALENDAR",
    ]
    return "".join(_folded(line) + "\r\n" for line in lines)


def day_of(instant: datetime) -> date:
    """The day of an instant, in Paris."""
    return instant.astimezone(PARIS).date()


def _event(one: Connection, expires_at: datetime, now: datetime, language: str) -> list[str]:
    day = day_of(expires_at)
    title = translate(language, f"Chorus Pro : le mot de passe de {one.label} expire")
    deed = translate(language, f"Réinitialiser le compte technique {one.login} avant cette date.")
    return [
        "BEGIN:VEVENT",
        f"UID:echeance-{one.id}@raccord",
        f"DTSTAMP:{now:%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_escaped(title)}",
        f"DESCRIPTION:{_escaped(deed)}",
        *_alarm(30, title),
        *_alarm(7, title),
        "END:VEVENT",
    ]


def _alarm(days: int, title: str) -> list[str]:
    text = f"DESCRIPTION:{_escaped(title)}"
    return ["BEGIN:VALARM", "ACTION:DISPLAY", f"TRIGGER:-P{days}D", text, "END:VALARM"]


def _escaped(text: str) -> str:
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\n", "\\n")


def _folded(line: str) -> str:
    """A line holds 75 octets at most; the next one begins with a blank."""
    pieces, current = [], ""
    for sign in line:
        if len((current + sign).encode()) > 74:
            pieces.append(current)
            current = ""
        current += sign
    return "\r\n ".join([*pieces, current])
