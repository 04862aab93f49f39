"""The gateway: one object that holds what faces may ask. A page, a route, a command call the same functions."""

from collections.abc import Callable
from dataclasses import dataclass

from raccord.domain.clock import Clock
from raccord.domain.journal import Event
from raccord.domain.reach import Reach
from raccord.engine.archiving import Archiving
from raccord.engine.boards import Boards
from raccord.engine.connections import Connections
from raccord.engine.connections.light import Lights
from raccord.engine.deposits.answering import Answering
from raccord.engine.deposits.drafts import Drafts
from raccord.engine.deposits.follow import Follow
from raccord.engine.deposits.outbox import Outbox
from raccord.engine.deposits.outlook import Outlooks
from raccord.engine.deposits.to_do import ToDos
from raccord.engine.directory.commitments import Commitments
from raccord.engine.directory.room import Directory
from raccord.engine.exporting import Exports
from raccord.engine.foundation.ground import Ground
from raccord.engine.foundation.names import EXAMINE
from raccord.engine.foundation.port import Jobs
from raccord.engine.letters.digests import Digests
from raccord.engine.letters.expiry import Expiry
from raccord.engine.narrowing import narrowed
from raccord.engine.receptions.desk import Desk
from raccord.engine.receptions.handover import Handovers
from raccord.engine.receptions.inbox import Inbox
from raccord.engine.receptions.readable import Reading
from raccord.engine.receptions.statuses import Statuses
from raccord.engine.receptions.validators import Validators
from raccord.engine.reconciliation.service import Reconciliation
from raccord.engine.repeats import Repeats
from raccord.engine.search import Finder
from raccord.engine.users import Users
from raccord.engine.webhooks import Webhooks
from raccord.store import journal
from raccord.store.archive.room import Archive
from raccord.store.database import Store
from raccord.store.journal import JournalVerdict
from raccord.vault import Vault


class Journal:
    """What happened, for pages and programs."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def read(self, subject: str = "", after: int = 0, limit: int = 100) -> tuple[Event, ...]:
        """Events after that place, oldest first; of every subject when empty."""
        with self._ground.store.read() as conn:
            return journal.read(conn, subject, after, limit)

    def latest(self, limit: int = 100, before: int | None = None) -> tuple[Event, ...]:
        """The last events, newest first."""
        with self._ground.store.read() as conn:
            return journal.latest(conn, limit, before)

    def verify(self) -> JournalVerdict:
        """Whether nothing was changed since it was written, in the whole journal: one chain holds for everybody."""
        with self._ground.store.whole.read() as conn:
            return journal.verify(conn)

    def note(self, subject: str, kind: str, actor: str, **data: object) -> None:
        """Write an event on its own."""
        with self._ground.store.begin() as conn:
            journal.append(conn, self._ground.event(subject, kind, actor, **data))


@dataclass(frozen=True)
class Gateway:
    """Everything that a face may ask."""

    store: Store
    archive: Archive
    clock: Clock
    vault: Vault
    jobs: Jobs
    outbox: Outbox
    drafts: Drafts
    follow: Follow
    answering: Answering
    inbox: Inbox
    statuses: Statuses
    desk: Desk
    journal: Journal
    directory: Directory
    commitments: Commitments
    archiving: Archiving
    reading: Reading
    finder: Finder
    validators: Validators
    connections: Connections
    light: Lights
    users: Users
    expiry: Expiry
    digests: Digests
    webhooks: Webhooks
    boards: Boards
    handovers: Handovers
    exports: Exports
    repeats: Repeats
    reconciliation: Reconciliation
    outlooks: Outlooks
    to_dos: ToDos
    ground: Ground
    closing: tuple[Callable[[], None], ...] = ()
    """What else is to be closed with the gateway."""

    def within(self, reach: Reach) -> "Gateway":
        """The same gateway for whoever sees these structures alone; the others do not exist there."""
        return self if reach.everything else narrowed(self, reach)

    def start(self) -> None:
        """Begin to work in this process: the durable engine (one per process) and its periodic jobs."""
        self.jobs.start()

    def look_first(self) -> None:
        """Have the doctor look at the connections now, as a service that starts should: see `to_look_at_first`."""
        with self.store.begin() as conn:
            for connection_id in self.connections.to_look_at_first():
                self.jobs.schedule(conn, EXAMINE, connection_id, {"connection_id": connection_id}, priority=1)

    def stop(self) -> None:
        """Stop working."""
        self.jobs.stop()

    def close(self) -> None:
        """Close what was opened."""
        for close in self.closing:
            close()
        self.ground.platform.close()
        self.store.close()
