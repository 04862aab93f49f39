"""Reconciliation: what happened at Chorus Pro since a day, shown, then taken in.

After a restore Raccord believes what it believed on the day of the backup. Chorus Pro knows what was sent, received and
decided since; it is asked, the difference is shown to a person, and sending resumes only afterwards. Asking changes
nothing; taking in can be repeated: each page is written whole, and what is known already differs no more.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from choruspro import ChorusPro
from choruspro.models.factures_emises import RetourRechercherFactureParFournisseur as SentRow
from raccord.domain.clock import PARIS, first_instant
from raccord.domain.connection import Connection, Structure
from raccord.domain.deposit import DepositState
from raccord.domain.errors import Conflict
from raccord.engine.deposits.delta import StatusTaker
from raccord.engine.foundation.ground import Ground
from raccord.engine.foundation.talk import live
from raccord.engine.foundation.waking import wake_everything
from raccord.engine.receptions.inbox import Inbox
from raccord.engine.reconciliation import sent
from raccord.engine.reconciliation.difference import Difference
from raccord.engine.reconciliation.findings import Findings
from raccord.engine.reconciliation.received import Received
from raccord.engine.reconciliation.recovery import Recovery
from raccord.engine.reconciliation.standing import restored_since
from raccord.store import connections, deposits, journal, leases, structures

_USUAL = timedelta(days=30)
_LEASE = timedelta(hours=1)
"""How long one may last; what a dead process held is given back when another starts."""


class Reconciliation:
    """Compares Raccord with Chorus Pro, connection by connection."""

    def __init__(self, ground: Ground, inbox: Inbox) -> None:
        self._ground, self._inbox = ground, inbox

    def pending(self, connection_id: str) -> datetime | None:
        """The instant of the backup from which this connection was restored; None once it has been reconciled."""
        with self._ground.store.whole.read() as conn:
            return restored_since(conn, connection_id)

    def compare(self, connection_id: str, since: datetime | None = None) -> Difference:
        """What differs since that instant; nothing is changed.

        Without `since`: since the day of the backup after a restore, else for thirty days. Raises `NotFound`,
        `NotAllowed` (`PERIMETRE_PARTAGE`), `Unavailable`.
        """
        return self._run(connection_id, since, actor="")

    def apply(self, connection_id: str, actor: str, since: datetime | None = None) -> Difference:
        """The same, taken in: every invoice then stands where Chorus Pro says.

        Raises like `compare`, and `Conflict` (`RAPPROCHEMENT_EN_COURS`).
        """
        ground = self._ground
        with self._alone(connection_id):
            difference = self._run(connection_id, since, actor=actor)
        with ground.store.begin() as conn:
            day = f"{difference.since.astimezone(PARIS):%d/%m/%Y}"
            counts: dict[str, object] = {finding.value: count for finding, count in difference.counts.items()}
            told = ground.event(f"connection/{connection_id}", "connection.reconciled", actor, since=day, **counts)
            journal.append(conn, told)
            wake_everything(conn, ground, connection_id)
        return difference

    def _run(self, connection_id: str, since: datetime | None, *, actor: str) -> Difference:
        ground = self._ground
        with ground.store.read() as conn:
            connection = connections.get(conn, connection_id)
            bodies = structures.receiving(conn, connection_id)
        ground.refuse_shared(connection_id)
        begin, found = since or self._usual(connection_id), Findings()
        with live(ground, connection) as chorus:
            supplier = _Supplier(ground, chorus, connection, found, actor)
            supplier.look(begin)
            received = Received(ground, chorus, found)
            for structure in bodies:
                received.look(structure, begin)
        if actor:
            self._fetch_again(bodies, begin, actor)
        with ground.store.read() as conn:
            waiting = deposits.count(conn, connection_id)[DepositState.READY]
        held = 0 if actor else supplier.adopted_waiting
        return Difference(
            connection_id=connection_id,
            since=begin,
            asked_at=ground.clock(),
            applied=bool(actor),
            counts=dict(found.counts),
            lines=tuple(found.lines),
            elsewhere=found.elsewhere,
            waiting=waiting - held,
        )

    def _fetch_again(self, bodies: Sequence[Structure], since: datetime, actor: str) -> None:
        """Have the inbox look again from that instant: it takes statuses and invoices in, one job for a structure."""
        for structure in bodies:
            if structure.receive_from is not None:
                self._inbox.retrieve(structure.id, actor, max(since, structure.receive_from))

    @contextmanager
    def _alone(self, connection_id: str) -> Iterator[None]:
        """One at a time for a connection. Raises `Conflict` (`RAPPROCHEMENT_EN_COURS`)."""
        ground = self._ground
        key, holder = f"reconcile/{connection_id}", ground.jobs.liveness.mark(ground.new_id())
        now = ground.clock()
        with ground.store.begin() as conn:
            if not leases.claim(conn, key, holder, now, now + _LEASE):
                raise Conflict(
                    "RAPPROCHEMENT_EN_COURS",
                    "Un rapprochement de cette connexion est déjà en cours.",
                    "Attendez quelques minutes, puis rechargez la page.",
                )
        try:
            yield
        finally:
            with ground.store.begin() as conn:
                leases.release(conn, key, holder)

    def _usual(self, connection_id: str) -> datetime:
        """The first instant of the day of the backup (Paris), or of the day that is thirty days ago."""
        begin = self.pending(connection_id) or self._ground.clock() - _USUAL
        return first_instant(begin.astimezone(PARIS).date())


class _Supplier:
    """The side of the supplier of one connection; `actor` empty: nothing is written."""

    def __init__(self, ground: Ground, chorus: ChorusPro, connection: Connection, found: Findings, actor: str) -> None:
        self._ground, self._chorus, self._connection, self._found = ground, chorus, connection, found
        self._actor = actor
        self._seen: set[int] = set()
        self.adopted_waiting = 0

    def look(self, since: datetime) -> None:
        """Everything whose status dates from that instant or later, then what only a question by number can show."""
        if not self._sends():
            return
        search = self._chorus.factures.rechercher_fournisseur
        for page in search.iter_pages(periodeDateHeureEtatCourantDu=since):
            self._take(page.listeFactures)
        self._take(sent.asked_one_by_one(self._ground, self._chorus, self._connection))

    def _sends(self) -> bool:
        """Whether this connection is that of a supplier, or its structures are not known yet."""
        with self._ground.store.read() as conn:
            known = structures.of_connection(conn, self._connection.id)
        return not known or any(one.is_supplier for one in known)

    def _take(self, told: list[SentRow]) -> None:
        rows = [row for row in told if row.identifiantFactureCPP not in self._seen]
        self._seen.update(row.identifiantFactureCPP for row in rows if row.identifiantFactureCPP)
        ground = self._ground
        with ground.store.read() as conn:
            page = sent.compared(conn, self._connection, rows, self._found)
        self.adopted_waiting += sum(one.state is DepositState.READY for one, _ in page.adopted)
        if not self._actor:
            return
        with ground.store.begin() as conn:
            sent.adopt(ground, conn, page.adopted, self._actor)
            StatusTaker(ground).take(conn, page.changed)
        Recovery(ground, self._chorus, self._connection, self._actor).take_back(page.lost)
