"""What every part of the engine stands on, given once by `wiring`."""

from dataclasses import dataclass

from raccord.domain.clock import Clock, NewId
from raccord.domain.errors import NotAllowed
from raccord.domain.journal import NewEvent
from raccord.engine.foundation.breaker import Breaker
from raccord.engine.foundation.options import EngineOptions
from raccord.engine.foundation.platform import Platform
from raccord.engine.foundation.port import Jobs, Later
from raccord.store import structures
from raccord.store.archive.room import Archive
from raccord.store.database import Store
from raccord.store.flux import Attempt

ENGINE = "raccord"
"""The actor of what nobody asked for."""
_UNSURE_S = 5.0


@dataclass(frozen=True)
class Ground:
    """The store, the originals, the hour, the jobs, the way to Chorus Pro, the options."""

    store: Store
    archive: Archive
    clock: Clock
    new_id: NewId
    jobs: Jobs
    platform: Platform
    breaker: Breaker
    options: EngineOptions

    def event(self, subject: str, kind: str, actor: str = ENGINE, **data: object) -> NewEvent:
        """An event of this instant."""
        return NewEvent(subject, kind, self.clock(), actor, data)

    def attempt(self, connection_id: str, subject: str, operation: str) -> Attempt:
        """The note to write before a call that changes something at Chorus Pro.

        Raises `Later` when the others may take this worker for dead: it must not send.
        """
        liveness = self.jobs.liveness
        if not liveness.sure():
            raise Later(_UNSURE_S)
        return Attempt(self.new_id(), connection_id, subject, operation, liveness.id, self.clock())

    def sees_whole(self, connection_id: str) -> bool:
        """Whether no structure of that connection is out of reach here."""
        reach = self.store.reach
        if reach.everything:
            return True
        with self.store.whole.read() as conn:
            return all(reach.covers(one.siret) for one in structures.of_connection(conn, connection_id))

    def refuse_shared(self, connection_id: str) -> None:
        """For what bears on a connection as a whole. Raises `NotAllowed` (`PERIMETRE_PARTAGE`)."""
        if not self.sees_whole(connection_id):
            raise NotAllowed(
                "PERIMETRE_PARTAGE",
                "Cette connexion sert aussi des structures hors de votre périmètre : ce geste porterait sur toutes.",
                "Adressez-vous à un Superviseur.",
            )
