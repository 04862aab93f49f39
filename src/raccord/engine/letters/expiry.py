"""The watch of expiry dates: reminders once at each threshold, the date for a calendar, a digest of all connections.

The date is read at Chorus Pro or typed by a person, never computed (specifications/technical-accounts.md §5).
"""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from functools import partial

import sqlalchemy as sa

from raccord.doctor import cause
from raccord.domain.clock import PARIS, Clock, days_between
from raccord.domain.connection import Connection, Light
from raccord.domain.journal import NewEvent
from raccord.domain.verdict import WRONG_CLOCK
from raccord.engine.letters.ics import calendar, calendar_of, day_of
from raccord.engine.letters.notices import Notice, Notices, numbered
from raccord.store import connections, doors, journal, lights
from raccord.store.database import Store

THRESHOLDS = (1, 3, 7, 15, 30, 60)
"""Days before the end at which a reminder leaves, unless the settings say others."""
_DIGEST_HOUR = 7


class Expiry:
    """Reminders, calendar, digest. `clock_agrees`: whether Chorus Pro tells the same hour as this machine."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        notices: Notices,
        thresholds: tuple[int, ...] = THRESHOLDS,
        clock_agrees: Callable[[Connection], bool] = lambda _: True,
    ) -> None:
        self._store, self._clock, self._notices = store, clock, notices
        self._clock_agrees = clock_agrees
        self._thresholds = tuple(sorted(thresholds))

    def remind(self) -> int:
        """Ask for the reminders whose threshold has come, each once for a given date; how many.

        A machine whose clock is wrong reminds of nothing: the light says so, and the reminder leaves once it is set.
        """
        with self._store.read() as conn:
            due = [one for one in connections.all_connections(conn) if one.enabled and self._threshold(conn, one)]
        return sum(self._remind_one(one.id) for one in due if self._clock_agrees(one))

    def days_left(self, connection: Connection) -> int | None:
        """Calendar days until the end, in Paris; negative once passed, None when the date or the hour is unknown."""
        if connection.expires_at is None or connection.cause == WRONG_CLOCK:
            return None
        return days_between(self._clock(), connection.expires_at)

    def ics(self, connection_id: str) -> bytes:
        """The end of the password as a calendar event, with alarms 30 and 7 days before. Raises `NotFound`."""
        with self._store.read() as conn:
            return calendar(connections.get(conn, connection_id), self._clock()).encode()

    def all_ics(self, language: str = "fr") -> bytes:
        """Every known end of the connections in use, for a calendar that subscribes."""
        return calendar_of(self._in_use(), self._clock(), language).encode()

    def digest(self) -> str:
        """What is broken, what will break and when, soonest first, then how many have nothing to say."""
        in_use = self._in_use()
        troubled = sorted((one for one in in_use if self._troubled(one)), key=self._urgency)
        quiet = len(in_use) - len(troubled)
        told = [self._line(one) for one in troubled]
        if quiet:
            told.append(f"{quiet} connexion{'s' if quiet > 1 else ''} sans rien à signaler.")
        return "\n".join(told) or "Aucune connexion."

    def send_digest(self) -> bool:
        """Ask for the letter of the day, from seven o'clock in Paris, once a day, when there is something to say."""
        now = self._clock()
        if now.astimezone(PARIS).hour < _DIGEST_HOUR or not self._notices.can_send:
            return False
        troubled = [one for one in self._in_use() if self._troubled(one)]
        if not troubled:
            return False
        many = len(troubled) > 1
        subject = f"Chorus Pro : {len(troubled)} connexion{'s' if many else ''} à regarder"
        with self._store.begin() as conn:
            if doors.throttle(conn, "digest", now.timestamp(), _left_of_the_day(now), 1) > 0:
                return False
            self._notices.ask(conn, Notice("connection.digest", subject, self.digest()))
        return True

    def _in_use(self) -> list[Connection]:
        with self._store.read() as conn:
            return [one for one in connections.all_connections(conn) if one.enabled]

    def _troubled(self, one: Connection) -> bool:
        left = self.days_left(one)
        return one.light in (Light.RED, Light.AMBER) or (left is not None and left <= self._thresholds[-1])

    def _urgency(self, one: Connection) -> tuple[bool, int, str]:
        left = self.days_left(one)
        return (one.light is not Light.RED, 10_000 if left is None else left, one.label)

    def _line(self, one: Connection) -> str:
        left = self.days_left(one)
        end = "échéance inconnue" if one.expires_at is None else f"échéance le {day_of(one.expires_at):%d/%m/%Y}"
        days = f" (dans {left} jours)" if left is not None and left >= 0 else ""
        why = f" ; {cause(one.cause).title}" if one.cause else ""
        return f"{one.label} : {one.light.sentence}{why} ; {end}{days}"

    def _threshold(self, conn: sa.Connection, one: Connection) -> int | None:
        """The threshold to announce now, None when there is none or when it was announced already."""
        left = self.days_left(one)
        if one.expires_at is None or left is None or left < 0:
            return None
        reached = next((days for days in self._thresholds if left <= days), None)
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
                "expires_on": day_of(one.expires_at).isoformat(),
            }
            subject = f"connection/{one.id}"
            journal.append(conn, NewEvent(subject, "connection.expiry_reminded", self._clock(), "raccord", facts))
        return True

    def _notice(self, one: Connection, expires_at: datetime) -> Notice:
        left, day = self.days_left(one) or 0, f"{day_of(expires_at):%d/%m/%Y}"
        when = "aujourd’hui" if left == 0 else ("demain" if left == 1 else f"dans {left} jours")
        lines = [
            f"Le mot de passe du compte technique {one.login} expire {when}, le {day}.",
            "Jusque-là tout fonctionne ; ensuite les envois attendraient, sans qu’aucune facture soit perdue.",
            "",
            "À faire, par le gestionnaire principal de la structure :",
            *numbered(cause("TEC-10").steps),
        ]
        subject = f"{one.label} : le mot de passe Chorus Pro expire {when}"
        return Notice("connection.expiry_reminded", subject, "\n".join(lines), partial(calendar, one, self._clock()))


def _left_of_the_day(now: datetime) -> float:
    """Seconds until midnight in Paris: a letter that left late in a day does not make that of the next day late."""
    tomorrow = now.astimezone(PARIS).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), PARIS).timestamp() - now.timestamp()
