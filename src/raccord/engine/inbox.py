"""The inbox: what public bodies receive. Seen by delta search, downloaded by groups, stored, and only then counted.

The platform's flag "already downloaded" is never trusted: a crash between the download and the storage loses nothing,
because a reception stays *seen* until its bytes lie in the archive under their SHA-256.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from choruspro import ChorusPro, TooLarge
from choruspro.models.factures_recues import FactureRechercheRecipiendaire as Row
from choruspro.models.factures_recues import IdFactureInput
from raccord.domain.connection import Connection, Structure
from raccord.domain.errors import Invalid, NotFound
from raccord.domain.journal import Event
from raccord.domain.reception import Document, Family, Reception, ReceptionState
from raccord.engine import pivot
from raccord.engine.ground import Ground
from raccord.engine.names import SYNC
from raccord.engine.pivot import PivotInvoice
from raccord.engine.port import Args, Later
from raccord.engine.search import words_of
from raccord.engine.talk import live, reading
from raccord.store import connections, journal, receptions, search_index, structures
from raccord.store.pages import Page
from raccord.store.receptions import ReceptionQuery


@dataclass(frozen=True)
class Backlog:
    """What waits at Chorus Pro for a public body since a date; nothing was downloaded. `complete`: all was counted."""

    total: int
    oldest: date | None
    by_status: Mapping[str, int]
    complete: bool


class Inbox:
    """Fetches receptions and answers about them."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    # What persons and programs ask

    def backlog(self, structure_id: str, since: date) -> Backlog:
        """Count live what a public body has received since a date. Raises `Unavailable`."""
        structure, connection = self._where(structure_id)
        by_status: dict[str, int] = {}
        oldest: date | None = None
        with live(self._ground, connection) as chorus:
            for family in Family:
                for row in chorus.factures.rechercher_recipiendaire.iter_rows(
                    typeDemandePaiement=family.value,
                    idDestinataire=structure.id_structure_cpp,
                    periodeDateDepotDu=since,
                ):
                    status = str(row.statut or "")
                    by_status[status] = by_status.get(status, 0) + 1
                    if row.dateDepot and (oldest is None or row.dateDepot < oldest):
                        oldest = row.dateDepot
        return Backlog(sum(by_status.values()), oldest, by_status, complete=True)

    def begin(self, structure_id: str, since: datetime, actor: str) -> Structure:
        """Fetch what changed since that instant, and everything from now on. Raises `Invalid` without identifier."""
        ground = self._ground
        structure, _ = self._where(structure_id)
        if structure.id_structure_cpp is None:
            raise Invalid(
                "STRUCTURE_SANS_IDENTIFIANT",
                "Raccord ne connaît pas encore l’identifiant Chorus Pro de cette structure.",
                "Lancez la recherche des structures depuis la page de la connexion, puis recommencez.",
            )
        with ground.store.begin() as conn:
            structures.update(conn, structure_id, receive_from=since, recipient_cursor=None, recipient_quiet=0)
            self._wake(conn, structure_id)
            facts = {"since": since.isoformat()}
            journal.append(conn, ground.event(f"structure/{structure_id}", "inbox.begun", actor, **facts))
            return structures.get(conn, structure_id)

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
        """Job: see what is new for a structure, fetch what is not stored. Raises `Later` for the next time."""
        ground = self._ground
        structure, connection = self._where(str(args["structure_id"]))
        if structure.receive_from is None or connection.breaker_open or not connection.enabled:
            return
        with reading(ground, connection) as chorus:
            news = self._look(chorus, structure)
            fetched = self._fetch(chorus, structure)
        with ground.store.begin() as conn:
            quiet = 0 if news or fetched else structures.cursor(conn, structure.id).quiet + 1
            structures.update(conn, structure.id, recipient_quiet=quiet)
            connections.update(conn, connection.id, now=ground.clock(), last_success_at=ground.clock())
        raise Later(min(ground.options.inbox_period_s * 2 ** min(quiet, 12), ground.options.inbox_longest_s))

    def _look(self, chorus: ChorusPro, structure: Structure) -> int:
        ground = self._ground
        with ground.store.read() as conn:
            seen = structures.cursor(conn, structure.id).seen
        assert structure.receive_from is not None
        overlap = timedelta(seconds=ground.options.overlap_s)
        since = max(structure.receive_from, seen - overlap) if seen else structure.receive_from
        news, latest = 0, seen
        for family in Family:
            for page in chorus.factures.rechercher_recipiendaire.iter_pages(
                typeDemandePaiement=family.value,
                idDestinataire=structure.id_structure_cpp,
                periodeDateHeureEtatCourantDu=since,
            ):
                news += self._take(structure, family, page.listeFactures)
                dates = [row.dateHeureEtatCourant for row in page.listeFactures if row.dateHeureEtatCourant]
                latest = max([*dates, latest] if latest else dates, default=None)
        with ground.store.begin() as conn:  # only once both loops are whole: an interrupted look begins again
            structures.update(conn, structure.id, recipient_cursor=latest)
        return news

    def _take(self, structure: Structure, family: Family, rows: Sequence[Row]) -> int:
        """Keep what is new or changed, one transaction for a page; gives how many."""
        ground, now, news = self._ground, self._ground.clock(), 0
        with ground.store.begin() as conn:
            known = receptions.known(conn, structure.connection_id, [row.idFacture for row in rows if row.idFacture])
            events = []
            for row in rows:
                if not row.idFacture:
                    continue
                old, status = known.get(row.idFacture), str(row.statut or "")
                if old is None:
                    new_id = ground.new_id()
                    receptions.insert(conn, _columns(new_id, structure, family, row, now))
                    facts = {"number": row.numeroFacture or "", "status": status}
                    events.append(ground.event(f"reception/{new_id}", "reception.seen", **facts))
                elif old.platform_status != status:
                    receptions.update(conn, old.id, now=now, **_status(row))
                    facts = {"status": status, "before": old.platform_status}
                    events.append(ground.event(f"reception/{old.id}", "reception.status", **facts))
                else:
                    continue
                news += 1
            journal.append_all(conn, events)
        return news

    def _fetch(self, chorus: ChorusPro, structure: Structure) -> int:
        """Download and store what was seen, group after group; gives how many."""
        stored, most = 0, self._ground.options.reception_group
        while True:
            with self._ground.store.read() as conn:
                group = receptions.to_fetch(conn, structure.id, most)
            if not group:
                return stored
            try:
                stored += self._store(group, self._download(chorus, group))
            except TooLarge:
                if most == 1:
                    raise
                most = max(1, min(most, len(group)) // 2)

    def _download(self, chorus: ChorusPro, group: Sequence[Reception]) -> list[PivotInvoice]:
        answer = chorus.factures.telecharger_groupe(
            format="PIVOT", listeFacture=[IdFactureInput(idFacture=reception.id_facture) for reception in group]
        )
        return list(pivot.read(answer.fichierResultat or b""))

    def _store(self, group: Sequence[Reception], received: Sequence[PivotInvoice]) -> int:
        ground, stored = self._ground, 0
        for reception in group:
            mine = _match(reception, group, received)
            if mine is None:
                raise _incomplete(reception)
            files, words = self._keep(mine), words_of(mine)
            with ground.store.begin() as conn:
                if receptions.store(conn, reception.id, files, now=ground.clock()):
                    search_index.put(conn, search_index.RECEPTION, reception.id, words)
                    kept = [f"{file.kind} {file.sha256}" for file in files]
                    subject = f"reception/{reception.id}"
                    journal.append(conn, ground.event(subject, "reception.stored", documents=kept))
                    stored += 1
        return stored

    def _keep(self, invoice: PivotInvoice) -> list[Document]:
        put = self._ground.archive.put
        pivot_name = f"pivot_{invoice.id_facture or invoice.number}.xml"
        files = [Document("pivot", pivot_name, "application/xml", put(invoice.xml), len(invoice.xml))]
        files += [Document(f.kind, f.name, f.mime, put(f.data), len(f.data)) for f in invoice.files]
        return files

    def _where(self, structure_id: str) -> tuple[Structure, Connection]:
        with self._ground.store.read() as conn:
            structure = structures.get(conn, structure_id)
            return structure, connections.get(conn, structure.connection_id)

    def _wake(self, conn: Any, structure_id: str) -> None:
        self._ground.jobs.schedule(conn, SYNC, structure_id, {"structure_id": structure_id}, priority=4)


def _match(reception: Reception, group: Sequence[Reception], received: Sequence[PivotInvoice]) -> PivotInvoice | None:
    """The part of the pivot that is this invoice: by its identifier, else by its number when no other has it."""
    for invoice in received:
        if invoice.id_facture == reception.id_facture:
            return invoice
    same = [invoice for invoice in received if invoice.id_facture is None and invoice.number == reception.number]
    alone = sum(other.number == reception.number for other in group) == 1
    return same[0] if len(same) == 1 and alone else None


def _incomplete(reception: Reception) -> Exception:
    return pivot.PivotError(f"la facture {reception.number} manque dans le fichier téléchargé")


def _status(row: Row) -> dict[str, Any]:
    return {
        "platform_status": str(row.statut or "")[:60],
        "platform_status_at": row.dateHeureEtatCourant,
        "platform_comment": (row.commentaireEtatCourant or "")[:2000],
    }


def _columns(new_id: str, structure: Structure, family: Family, row: Row, now: datetime) -> dict[str, Any]:
    return {
        "id": new_id,
        "connection_id": structure.connection_id,
        "structure_id": structure.id,
        "state": ReceptionState.SEEN.value,
        "family": family.value,
        "id_facture": row.idFacture,
        "number": (row.numeroFacture or "")[:60],
        "issue_date": row.dateFacture,
        "deposit_date": row.dateDepot,
        "supplier_siret": (row.codeFournisseur or "")[:30],
        "supplier_name": (row.designationFournisseur or "")[:200],
        "recipient_siret": (row.codeDestinataire or structure.siret)[:18],
        "service_code": (row.codeServiceExecutant or "")[:100],
        "service_name": (row.nomServiceExecutant or "")[:200],
        "commitment": (row.numeroBonCommande or "")[:60],
        "market": (row.numeroMarche or "")[:60],
        "type_code": str(row.typeFacture or row.typeFactureTravaux or "")[:20],
        "currency": (row.devise or "")[:3],
        "amount_total": row.montantTTC,
        "amount_due": row.montantAPayer,
        **_status(row),
        "created_at": now,
        "updated_at": now,
    }
