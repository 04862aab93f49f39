"""What every part of the engine stands on, given once by `wiring.py`."""

from dataclasses import dataclass

from raccord.domain.clock import Clock, NewId
from raccord.domain.journal import NewEvent
from raccord.engine.breaker import Breaker
from raccord.engine.options import EngineOptions
from raccord.engine.platform import Platform
from raccord.engine.port import Jobs
from raccord.store.archive import Archive
from raccord.store.database import Store

ENGINE = "raccord"
"""The actor of what nobody asked for."""


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
