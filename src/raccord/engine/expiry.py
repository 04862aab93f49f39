"""The watch of expiry dates: reminders once at each threshold, the date for a calendar, a digest of all connections.

The date is read at Chorus Pro or typed by a person, never computed (specifications/technical-accounts.md §5).
"""

from datetime import date, datetime, timedelta

import sqlalchemy as sa

from raccord.doctor import cause
from raccord.domain.clock import PARIS, Clock
from raccord.domain.connection import Connection
from raccord.domain.errors import NotFound
from raccord.domain.journal import NewEvent
from raccord.engine.notices import Notice, Notices, numbered
from raccord.store import connections, journal, lights
from raccord.store.database import Store

THRESHOLDS = (1, 3, 7, 15, 30, 60)
"""Days before the end at which a reminder leaves."""


class Expiry:
    """Reminders, calendar, digest."""

    def __init__(self, store: Store, clock: Clock, notices: Notices) -> None:
        self._store, self._clock, self._notices = store, clock, notices

    def remind(self) -> int:
        """Ask for the reminders whose threshold has come, each once for a given date; how many."""
        with self._store.read() as conn:
            due = [one for one in connections.all_connections(conn) if one.enabled and self._threshold(conn, one)]
        return sum(self._remind_one(one.id) for one in due)

    def days_left(self, connection: Connection) -> int | None:
        """Calendar days until the end, in Paris; negative once passed, None when the date is unknown."""
        if connection.expires_at is None:
            return None
        return (_day(connection.expires_at) - _day(self._clock())).days

    def ics(self, connection_id: str) -> bytes:
        """The end of the password as a calendar event, with alarms 30 and 7 days before. Raises `NotFound`."""
        with self._store.read() as conn:
            return calendar(connections.get(conn, connection_id), self._clock()).encode()

    def digest(self) -> str:
        """Every connection in one letter: light, cause, end of its password."""
        with self._store.read() as conn:
            all_of_them = [one for one in connections.all_connections(conn) if one.enabled]
        return "\n".join(self._line(one) for one in all_of_them) or "Aucune connexion."

    def _line(self, one: Connection) -> str:
        left = self.days_left(one)
        end = "échéance inconnue" if one.expires_at is None else f"échéance le {_day(one.expires_at):%d/%m/%Y}"
        days = f" (dans {left} jours)" if left is not None and left >= 0 else ""
        return f"{one.label} : {one.light.sentence} ; {end}{days}"

    def _threshold(self, conn: sa.Connection, one: Connection) -> int | None:
        """The threshold to announce now, None when there is none or when it was announced already."""
        left = self.days_left(one)
        if one.expires_at is None or left is None or left < 0:
            return None
        reached = next((days for days in THRESHOLDS if left <= days), None)
        told = lights.reminded(conn, one.id)
        if reached is None or (told and told[0] == one.expires_at.isoformat() and told[1] <= reached):
            return None
        return reached

    def _remind_one(self, connection_id: str) -> bool:
        """Written and asked for in one transaction: two workers send one letter."""
        with self._store.begin() as conn:
            one = connections.get(conn, connection_id)
            threshold = self._threshold(conn, one)
            if threshold is None or one.expires_at is None:
                return False
            lights.remember_reminder(conn, one.id, one.expires_at.isoformat(), threshold)
            self._notices.ask(conn, self._notice(one, one.expires_at))
            facts = {
                "threshold": threshold,
                "days_left": self.days_left(one),
                "expires_on": _day(one.expires_at).isoformat(),
            }
            subject = f"connection/{one.id}"
            journal.append(conn, NewEvent(subject, "connection.expiry_reminded", self._clock(), "raccord", facts))
        return True

    def _notice(self, one: Connection, expires_at: datetime) -> Notice:
        left, day = self.days_left(one) or 0, f"{_day(expires_at):%d/%m/%Y}"
        when = "aujourd’hui" if left == 0 else ("demain" if left == 1 else f"dans {left} jours")
        lines = [
            f"Le mot de passe du compte technique {one.login} expire {when}, le {day}.",
            "Jusque-là tout fonctionne ; ensuite les envois attendraient, sans qu’aucune facture soit perdue.",
            "",
            "À faire, par le gestionnaire principal de la structure :",
            *numbered(cause("TEC-10").steps),
        ]
        subject = f"{one.label} : le mot de passe Chorus Pro expire {when}"
        return Notice("connection.expiry_reminded", subject, "\n".join(lines), calendar(one, self._clock()))


def calendar(one: Connection, now: datetime) -> str:
    """The `.ics` text of an end of password (RFC 5545). Raises `NotFound` ECHEANCE_INCONNUE."""
    if one.expires_at is None:
        raise NotFound("ECHEANCE_INCONNUE", "La date d’expiration n’est pas connue.", "Saisissez-la d’abord.")
    day = _day(one.expires_at)
    title = f"Chorus Pro : le mot de passe de {one.label} expire"
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Raccord//FR",
        "BEGIN:VEVENT",
        f"UID:echeance-{one.id}@raccord",
        f"DTSTAMP:{now:%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_escaped(title)}",
        f"DESCRIPTION:{_escaped(f'Réinitialiser le compte technique {one.login} avant cette date.')}",
        *_alarm(30, title),
        *_alarm(7, title),
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(_folded(line) + "\r\n" for line in lines)


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


def _day(instant: datetime) -> date:
    return instant.astimezone(PARIS).date()
