"""The inbox: what public bodies receive. Seen by delta search, downloaded by groups, stored, and only then counted.

The platform's flag "already downloaded" is never trusted: a crash between the download and the storage loses nothing,
because a reception stays *seen* until its bytes lie in the archive under their SHA-256.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from choruspro import ChorusPro
from choruspro.models.factures_recues import FactureRechercheRecipiendaire as Row
from raccord.domain.clock import first_instant, iso
from raccord.domain.connection import Connection, Structure
from raccord.domain.errors import Invalid, NotFound
from raccord.domain.journal import Event
from raccord.domain.processing import Intake, Setback
from raccord.domain.reception import Document, Family, Reception, ReceptionState
from raccord.engine.foundation import due_dates
from raccord.engine.foundation.ground import Ground
from raccord.engine.foundation.names import SYNC
from raccord.engine.foundation.port import Args, Later
from raccord.engine.foundation.talk import live, reading
from raccord.engine.receptions import fetching, rows
from raccord.store import connections, journal, leases, processing, receptions, structures
from raccord.store.pages import Page
from raccord.store.receptions import ReceptionQuery

_LEASE = timedelta(minutes=5)
"""How long a look or a group may last: more than the deadline of a call. Prolonged before each group."""
_LOOK_BACK, _WIDE_EVERY = timedelta(days=30), timedelta(days=1)
"""What production clients ask for at each look (specifications/recipient.md §2) is asked for once a day."""
_BUSY_S = 60.0
_CHUNK = 500


@dataclass(frozen=True)
class Service:
    """A service of a public body as its invoices name it; `code` empty for those that name none."""

    code: str
    name: str


@dataclass(frozen=True)
class Backlog:
    """What a synchronisation from a date would find at Chorus Pro; nothing was downloaded. `complete`: all was counted.

    `oldest` is the day of the oldest deposit; `missing`: how many are not in Raccord yet, also by service: those that
    a change of the choice would bring.
    """

    total: int
    oldest: date | None
    by_status: Mapping[str, int]
    complete: bool
    by_service: Mapping[Service, int] = field(default_factory=dict)
    missing: int = 0
    missing_by_service: Mapping[Service, int] = field(default_factory=dict)


class Inbox:
    """Fetches receptions and answers about them."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    # What persons and programs ask

    def backlog(self, structure_id: str, since: date) -> Backlog:
        """Count live what `begin` would find from the morning of that day (Paris). Raises `Unavailable`."""
        structure, connection = self._where(structure_id)
        statuses, services = Counter[str](), Counter[Service]()
        oldest: date | None = None
        found: dict[int, Service] = {}
        with live(self._ground, connection) as chorus:
            for row in _since(chorus, structure, first_instant(since)):
                service = Service(row.codeServiceExecutant or "", row.nomServiceExecutant or "")
                statuses[str(row.statut or "")] += 1
                services[service] += 1
                found |= {row.idFacture: service} if row.idFacture else {}
                if row.dateDepot and (oldest is None or row.dateDepot < oldest):
                    oldest = row.dateDepot
        missing = Counter(self._missing(connection.id, found))
        return Backlog(
            statuses.total(), oldest, statuses, complete=True, by_service=services, missing=missing.total(),
            missing_by_service=missing,
        )  # fmt: skip

    def _missing(self, connection_id: str, found: Mapping[int, Service]) -> Iterator[Service]:
        """The service of each of these invoices that was never seen."""
        ids = list(found)
        for begin in range(0, len(ids), _CHUNK):
            part = ids[begin : begin + _CHUNK]
            with self._ground.store.read() as conn:
                known = receptions.known(conn, connection_id, part)
            yield from (found[one] for one in part if one not in known)

    def begin(
        self,
        structure_id: str,
        since: datetime,
        actor: str,
        *,
        states: Sequence[str] = (),
        services: Sequence[str] = (),
    ) -> Structure:
        """Fetch what changed since that instant, and everything from now on. Raises `Invalid` without identifier.

        `states` (empty: all) bears on what already stands there; `services` (codes, empty: all) on what is to come too.
        """
        ground = self._ground
        structure, _ = self._where(structure_id)
        if structure.id_structure_cpp is None:
            raise Invalid(
                "STRUCTURE_SANS_IDENTIFIANT",
                "Raccord ne connaît pas encore l’identifiant Chorus Pro de cette structure.",
                "Lancez la recherche des structures depuis la page de la connexion, puis recommencez.",
            )
        with ground.store.begin() as conn:
            processing.choose(conn, structure_id, Intake(tuple(states), tuple(services), ground.clock()))
            structures.update(conn, structure_id, receive_from=since, recipient_cursor=None, recipient_quiet=0)
            self._wake(conn, structure_id)
            facts = {"since": since.isoformat(), "states": list(states), "services": list(services)}
            journal.append(conn, ground.event(f"structure/{structure_id}", "inbox.begun", actor, **facts))
            return structures.get(conn, structure_id)

    def intake(self, structure_id: str) -> Intake | None:
        """What of a public body is fetched, None while nobody has chosen."""
        with self._ground.store.read() as conn:
            return processing.intake(conn, structure_id)

    def setback(self, reception_id: str) -> Setback | None:
        """Why the download of a reception is put off, None when it is not."""
        with self._ground.store.read() as conn:
            return processing.setback(conn, reception_id)

    def retrieve(self, structure_id: str, actor: str, since: datetime | None = None) -> None:
        """Look now, or again from `since`."""
        ground = self._ground
        structure, _ = self._where(structure_id)
        with ground.store.begin() as conn:
            if since is not None or structure.receive_from is None:
                start = since or ground.clock()
                first = min(start, structure.receive_from or start)
                structures.update(conn, structure_id, receive_from=first, recipient_cursor=start)
            self._wake(conn, structure_id)
            journal.append(conn, ground.event(f"structure/{structure_id}", "inbox.retrieve_asked", actor))

    def search(self, query: ReceptionQuery, after: str = "", limit: int = 50) -> Page[Reception]:
        """The receptions that answer to a query, newest first."""
        with self._ground.store.read() as conn:
            return receptions.search(conn, query, after, limit)

    def get(self, reception_id: str) -> Reception:
        """A reception with its documents. Raises `NotFound` (`RECEPTION_INCONNUE`)."""
        with self._ground.store.read() as conn:
            return receptions.get(conn, reception_id)

    def since(self, sequence: int, limit: int = 100, structure_id: str = "") -> tuple[tuple[int, Reception], ...]:
        """Stored receptions after that place, in the order of storage: the cursor of consumers."""
        with self._ground.store.read() as conn:
            return receptions.since(conn, sequence, limit, structure_id)

    def document(self, reception_id: str, sha256: str) -> tuple[Document, bytes]:
        """A document and its bytes, verified. Raises `NotFound` (`DOCUMENT_INCONNU`)."""
        for document in self.get(reception_id).documents:
            if document.sha256 == sha256:
                return document, self._ground.archive.get(sha256)
        raise NotFound("DOCUMENT_INCONNU", "Cette facture n’a pas ce document.", "Rechargez la page de la facture.")

    def events(self, reception_id: str) -> tuple[Event, ...]:
        """The life of a reception, oldest first."""
        with self._ground.store.read() as conn:
            return journal.read(conn, f"reception/{reception_id}", limit=1000)

    def count(self, connection_id: str = "") -> Mapping[ReceptionState, int]:
        """How many receptions stand in each state."""
        with self._ground.store.read() as conn:
            return receptions.count(conn, connection_id)

    # The job

    def sync(self, args: Args) -> None:
        """Job: see what is new for a structure, fetch what is not stored. Raises `Later` for the next time.

        One at a time for a structure: whoever comes while another is at it looks again afterwards.
        """
        key, holder = f"inbox/{args['structure_id']}", self._ground.jobs.liveness.mark(self._ground.new_id())
        if not self._hold(key, holder):
            raise Later(_BUSY_S)
        try:
            self._sync(args, lambda: self._hold(key, holder))
        finally:
            with self._ground.store.begin() as conn:
                leases.release(conn, key, holder)

    def _hold(self, key: str, holder: str) -> bool:
        now = self._ground.clock()
        with self._ground.store.begin() as conn:
            return leases.claim(conn, key, holder, now, now + _LEASE)

    def _sync(self, args: Args, still_mine: Callable[[], bool]) -> None:
        ground = self._ground
        structure, connection = self._where(str(args["structure_id"]))
        if structure.receive_from is None or connection.breaker_open or not connection.enabled:
            return
        with reading(ground, connection) as chorus:
            news = self._look(chorus, structure)
            fetched = fetching.fetch(ground, chorus, structure.id, still_mine)
        with ground.store.begin() as conn:
            quiet = 0 if news or fetched else structures.cursor(conn, structure.id).quiet + 1
            structures.update(conn, structure.id, recipient_quiet=quiet)
            connections.update(conn, connection.id, now=ground.clock(), last_success_at=ground.clock())
        raise Later(min(ground.options.inbox_period_s * 2 ** min(quiet, 12), ground.options.inbox_longest_s))

    def _look(self, chorus: ChorusPro, structure: Structure) -> int:
        """Ask both families for what is new; gives how many.

        Once a day the look begins thirty days back: a right given late, an index that lagged, show what is older than
        the last news. The place never goes beyond our own hour: one row dated next year would hide all that follows.
        """
        ground, now = self._ground, self._ground.clock()
        wide = f"inbox-wide/{structure.id}"
        with ground.store.read() as conn:
            seen, intake = structures.cursor(conn, structure.id).seen, processing.intake(conn, structure.id)
            overlap = timedelta(seconds=ground.options.overlap_s) if leases.held(conn, wide, now) else _LOOK_BACK
        assert structure.receive_from is not None
        since = max(structure.receive_from, seen - overlap) if seen else structure.receive_from
        news, latest = 0, seen
        for family in Family:
            for page in chorus.factures.rechercher_recipiendaire.iter_pages(
                typeDemandePaiement=family.value,
                idDestinataire=structure.id_structure_cpp,
                periodeDateHeureEtatCourantDu=since,
            ):
                news += self._take(structure, family, page.listeFactures, intake)
                dates = [row.dateHeureEtatCourant for row in page.listeFactures if row.dateHeureEtatCourant]
                latest = max([*dates, latest] if latest else dates, default=None)
        with ground.store.begin() as conn:  # only once both loops are whole: an interrupted look begins again
            structures.update(conn, structure.id, recipient_cursor=min(latest, now) if latest else None)
            if overlap == _LOOK_BACK:
                leases.claim(conn, wide, ground.new_id()[:36], now, now + _WIDE_EVERY)
        return news

    def _take(self, structure: Structure, family: Family, page: Sequence[Row], intake: Intake | None) -> int:
        """Keep what is new or changed, one transaction for a page; gives how many."""
        ground, now = self._ground, self._ground.clock()
        told = {row.idFacture: row for row in page if row.idFacture}
        with ground.store.begin() as conn:
            known = receptions.known(conn, structure.connection_id, told)
            news, moved, events = [], [], []
            for id_facture, row in told.items():
                old, status = known.get(id_facture), str(row.statut or "")
                if old is None and rows.wanted(intake, row):
                    news.append(rows.columns_of(ground.new_id(), structure, family, row, now))
                    facts = {"number": row.numeroFacture or "", "status": status, "at": iso(row.dateHeureEtatCourant)}
                    events.append(ground.event(f"reception/{news[-1]['id']}", "reception.seen", **facts))
                elif old is not None and old.platform_status != status:
                    receptions.update(conn, old.id, now=now, **rows.status_of(row))
                    moved.append(old.id)
                    facts = {"status": status, "before": old.platform_status, "at": iso(row.dateHeureEtatCourant)}
                    events.append(ground.event(f"reception/{old.id}", "reception.status", **facts))
                elif old is not None and row.dateHeureEtatCourant not in (None, old.platform_status_at):
                    receptions.update(
                        conn, old.id, now=now, **rows.status_of(row)
                    )  # posted from here: its own date now
            receptions.insert_all(conn, news)
            journal.append_all(conn, events)
            due_dates.reckon_receptions(conn, [*moved, *(columns["id"] for columns in news)])
        return len(events)

    def _where(self, structure_id: str) -> tuple[Structure, Connection]:
        with self._ground.store.read() as conn:
            structure = structures.get(conn, structure_id)
            return structure, connections.get(conn, structure.connection_id)

    def _wake(self, conn: Any, structure_id: str) -> None:
        self._ground.jobs.schedule(conn, SYNC, structure_id, {"structure_id": structure_id}, priority=4)


def _since(chorus: ChorusPro, structure: Structure, since: datetime) -> Iterator[Row]:
    """Every invoice of either family whose status dates from that instant or later."""
    for family in Family:
        yield from chorus.factures.rechercher_recipiendaire.iter_rows(
            typeDemandePaiement=family.value,
            idDestinataire=structure.id_structure_cpp,
            periodeDateHeureEtatCourantDu=since,
        )
