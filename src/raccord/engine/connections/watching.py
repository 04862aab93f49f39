"""The background watch: at a civil rhythm, and at the announced times, the doctor visits what is due."""

from datetime import timedelta

from raccord.domain.clock import iso
from raccord.domain.connection import Connection, Light
from raccord.domain.errors import RaccordError
from raccord.engine.connections import candidates
from raccord.engine.connections.rotation import Rotation
from raccord.engine.foundation.names import EXAMINE
from raccord.engine.foundation.port import Args, Jobs
from raccord.store import connections as table
from raccord.store import lights

WATCH = "light.watch"
_ROUND_S = 60.0
_FIRST_LOOKS = 20
"""How many connections are visited when a process starts; the others wait for their hour."""


class Watching(Rotation):
    """Visits without anybody asking."""

    def watch(self, period_s: float = 3600.0) -> int:
        """Visit each connection whose hour has come; how many visits were made."""
        return sum(self._watch_one(one, timedelta(seconds=period_s)) for one in self._enabled())

    def clock_agrees(self, connection: Connection) -> bool:
        """Whether our clock may be believed; yes when Chorus Pro cannot be asked."""
        return self._visits.clock_agrees(connection)

    def examine_now(self, connection_id: str) -> None:
        """Visit at once after a failure. A password already refused is not played again."""
        if not self._visits.rests(connection_id):
            self.test(connection_id, "raccord", force=False)

    def to_look_at_first(self) -> list[str]:
        """The connections to visit when a process starts: those seen longest ago, a civil number of them.

        Since the last visit the network or a password may have gone; a light of before the stop would not say it.
        """
        with self._store.read() as conn:
            seen = {
                one.id: lights.memory(conn, one.id).verdict_at for one in table.all_connections(conn) if one.enabled
            }
        ready = [one for one in seen if self._vault.exists(f"connection/{one}/password")]
        return sorted(ready, key=lambda one: iso(seen[one]))[:_FIRST_LOOKS]

    def _enabled(self) -> list[Connection]:
        with self._store.read() as conn:
            return [one for one in table.all_connections(conn) if one.enabled]

    def _watch_one(self, one: Connection, period: timedelta) -> bool:
        with self._store.read() as conn:
            memory = lights.memory(conn, one.id)
        now = self._clock()
        announced = memory.retry_at is not None and memory.retry_at <= now
        if announced and self._vault.exists(candidates.name_of(one.id)):
            return self.retry_candidate(one.id) is not None
        old = memory.verdict_at is None or memory.verdict_at + period <= now
        if not (announced or (old and self._has_password(one))) or self._visits.rests(one.id):
            return self._release_if_left(one)
        self.test(one.id, "raccord", force=announced)
        return True

    def _has_password(self, one: Connection) -> bool:
        return self._vault.exists(f"connection/{one.id}/password")

    def _release_if_left(self, one: Connection) -> bool:
        """A stop between the green light and the start of the outbox leaves the breaker open: start it now."""
        if one.breaker_open and one.light in (Light.GREEN, Light.AMBER):
            self._lights.release(one.id)
        return False


def register(jobs: Jobs, connections: Watching, period_s: float) -> None:
    """Give the engine its two jobs: the round, and the visit after a refusal."""

    def examine(args: Args) -> None:
        try:
            connections.examine_now(str(args["connection_id"]))
        except RaccordError as error:
            if error.code != "CONNEXION_INCONNUE":
                raise

    jobs.job(EXAMINE)(examine)
    jobs.periodic(WATCH, min(_ROUND_S, period_s), lambda: _round(connections, period_s))


def _round(connections: Watching, period_s: float) -> None:
    connections.watch(period_s)
