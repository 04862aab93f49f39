"""The breaker of a connection: the first refused proof stops its calls, because looping could lock the account.

The outbox waits, the doctor is called; when the light turns green again `close` lets everything start by itself.
"""

from datetime import datetime, timedelta

import sqlalchemy as sa

from choruspro import ChorusProError, CredentialsRefused, Unreachable
from raccord.doctor.reading import evidence_of
from raccord.domain.clock import Clock
from raccord.domain.connection import Light
from raccord.domain.errors import Unavailable
from raccord.domain.journal import NewEvent
from raccord.engine.foundation.names import EXAMINE
from raccord.engine.foundation.port import Jobs
from raccord.store import connections, journal, lights
from raccord.store.database import Store

_JUST_SEEN = timedelta(minutes=1)


class Breaker:
    """Opens and closes the calls of connections."""

    def __init__(self, store: Store, clock: Clock, jobs: Jobs) -> None:
        self._store, self._clock, self._jobs = store, clock, jobs

    def failed(self, connection_id: str, error: ChorusProError) -> None:
        """Hear of a call that failed: a refused proof stops the calls, an answer that never came calls the doctor."""
        if isinstance(error, CredentialsRefused):
            self.refused(connection_id, error)
        elif isinstance(error, Unreachable):
            self._look(connection_id)

    def _look(self, connection_id: str) -> None:
        """Have the light looked at, unless it was just now, or is red already: then visits follow by themselves."""
        with self._store.begin() as conn:
            seen = lights.memory(conn, connection_id).verdict_at
            known = connections.get(conn, connection_id).light is Light.RED
            if not known and (seen is None or self._clock() - seen >= _JUST_SEEN):
                self._jobs.schedule(conn, EXAMINE, connection_id, {"connection_id": connection_id}, priority=1)

    def refused(self, connection_id: str, error: CredentialsRefused) -> None:
        """A proof was refused: stop the calls (an `access` refusal alone does not), call the doctor."""
        now = self._clock()
        with self._store.begin() as conn:
            if error.which != "access" and self.open(conn, connection_id, error.which, error.operation):
                self._remember(conn, connection_id, error, now)
            self._jobs.schedule(conn, EXAMINE, connection_id, {"connection_id": connection_id}, priority=1)

    @staticmethod
    def _remember(conn: sa.Connection, connection_id: str, error: CredentialsRefused, now: datetime) -> None:
        if error.which == "technical-account":
            lights.remember_refusal(conn, connection_id, now, evidence_of(error))

    def open(self, conn: sa.Connection, connection_id: str, which: str, operation: str) -> bool:
        """Stop the calls, because `operation` was refused `which` proof; False when they were stopped already."""
        now = self._clock()
        if not connections.turn_breaker(conn, connection_id, opened=True, now=now):
            return False
        facts = {"which": which, "operation": operation}
        journal.append(
            conn, NewEvent(f"connection/{connection_id}", "connection.breaker_opened", now, "raccord", facts)
        )
        return True

    def close(self, conn: sa.Connection, connection_id: str) -> bool:
        """Let the calls start again; False when they were not stopped."""
        now = self._clock()
        if not connections.turn_breaker(conn, connection_id, opened=False, now=now):
            return False
        connections.update(conn, connection_id, now=now, refusals_in_a_row=0)
        journal.append(conn, NewEvent(f"connection/{connection_id}", "connection.breaker_closed", now, "raccord", {}))
        return True


def stopped() -> Unavailable:
    """What a person reads who asks for a live call while the calls are stopped."""
    return Unavailable(
        "CONNEXION_ARRETEE",
        "Chorus Pro a refusé le compte technique : Raccord n’appelle plus, pour ne pas faire bloquer ce compte.",
        "Ouvrez Options > Paramètres > Système > Chorus Pro, suivez le diagnostic, puis ressaisissez le mot de passe.",
    )
