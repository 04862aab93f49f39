"""Sending by fields: the PDF by `deposer/pdf`, its annexes by `ajouter/fichier`, the data by `soumettre`.

1 claim and note the attempt, commit; 2 the PDF, its identifier kept, commit; 3 `soumettre`; 4 the answer, commit. Only
the third step makes an invoice: after a doubt about it Chorus Pro is asked before anything is sent again
(specifications/saisie.md §5).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from choruspro import ChorusPro, ChorusProError, CredentialsRefused
from choruspro.enumerations import FormatDepotPdf, TypeTva
from choruspro.models.factures_depot import PieceJointeComplentaireSoumettreInput, WsRetourSoumettreFacture
from choruspro.models.factures_emises import RetourRechercherFactureParFournisseur as Row
from raccord.domain.connection import Connection
from raccord.domain.deposit import Deposit, DepositState
from raccord.domain.errors import Invalid, RaccordError
from raccord.domain.faults import Fault, of_refusal
from raccord.domain.invoice import Invoice
from raccord.engine.deposits import joining
from raccord.engine.deposits.drain import refusal
from raccord.engine.deposits.parcel import safe_name
from raccord.engine.deposits.reports import says_duplicate
from raccord.engine.deposits.rows import status_columns
from raccord.engine.deposits.same_invoice import same_invoice
from raccord.engine.deposits.submission import submission, vat_kind
from raccord.engine.foundation import due_dates, retry
from raccord.engine.foundation.doubt import orphans
from raccord.engine.foundation.ground import Ground
from raccord.engine.foundation.names import DELTA, DRAIN
from raccord.engine.foundation.port import Args, Later
from raccord.engine.foundation.retry import Reaction
from raccord.engine.foundation.talk import reading
from raccord.formats import invoice_json
from raccord.store import connections, deposits, entries, flux, journal, structures
from raccord.store.entries import Entry

SUBMIT = "factures/soumettre"
PREFIX = "entry/"
_HERE = (DepositState.SENDING, DepositState.UNCERTAIN)


@dataclass(frozen=True)
class _Claim:
    deposit: Deposit
    entry: Entry
    attempt: str


class Submitting:
    """The job that submits what waits on a connection."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def run(self, args: Args) -> None:
        """Ask about doubtful submissions, then submit what is ready. Raises `Later` when something must wait."""
        connection_id = str(args["connection_id"])
        with self._ground.store.read() as conn:
            connection = connections.get(conn, connection_id)
        if connection.breaker_open or not connection.enabled:
            return
        wait = self._settle_doubts(connection)
        while not connection.paused and (claim := self._claim(connection)):
            self._send(connection, claim)
        if wait is not None:
            raise Later(wait)

    def _claim(self, connection: Connection) -> _Claim | None:
        ground, now = self._ground, self._ground.clock()
        with ground.store.begin() as conn:
            chosen = entries.first_by_fields(conn, connection.id, now)
            if chosen is None:
                return None
            deposits.move(conn, [chosen], DepositState.READY, DepositState.SENDING, now=now)
            attempt = ground.attempt(connection.id, f"{PREFIX}{chosen}", SUBMIT)
            flux.note(conn, attempt)
            entry = entries.find(conn, chosen) or Entry(chosen, "fields", "")
            return _Claim(deposits.get(conn, chosen), entry, attempt.id)

    def _send(self, connection: Connection, claim: _Claim) -> None:
        try:
            with self._ground.platform.open(connection) as chorus:
                answer = self._submit(chorus, connection, claim)
        except ChorusProError as error:
            self._failed(connection, claim, error)
        except Invalid as error:  # found before anything was submitted: a person must correct it
            self._refuse(claim, of_refusal(error))
        except (RaccordError, Later) as error:
            self._give_back(claim, str(error))
            raise
        else:
            self._conclude(claim, answer)

    def _submit(self, chorus: ChorusPro, connection: Connection, claim: _Claim) -> WsRetourSoumettreFacture:
        invoice = self._invoice(claim.deposit)
        request = submission(
            invoice,
            supplier=self._supplier(chorus, connection, claim.deposit.supplier_siret),
            piece=self._main_piece(chorus, claim),
            joined=_joined(chorus, invoice),
            exemption=_exemption(chorus, invoice),
        )
        return chorus.factures.soumettre.send(request)

    def _invoice(self, deposit: Deposit) -> Invoice:
        with self._ground.store.read() as conn:
            (terms,) = (file for file in entries.files_of(conn, deposit.id) if file.kind == "terms")
        return invoice_json.read(self._ground.archive.get(terms.sha256))

    def _supplier(self, chorus: ChorusPro, connection: Connection, siret: str) -> int:
        with self._ground.store.read() as conn:
            known = structures.by_siret(conn, connection.id, siret)
        if known is not None and known.id_structure_cpp:
            return known.id_structure_cpp
        for one in chorus.transverses.recuperer_structures_actives_fournisseur().listeStructures:
            if one.identifiant == siret and one.idStructureCPP:
                return one.idStructureCPP
        raise Invalid(
            "CP-SAI-04",
            f"Le fournisseur {siret} n’est pas rattaché au compte technique de cette connexion.",
            "Déposez cette facture par la connexion de ce fournisseur, ou faites-la partir en Factur-X.",
        )

    def _main_piece(self, chorus: ChorusPro, claim: _Claim) -> int:
        """The identifier of the PDF at Chorus Pro; kept at once, so that it is sent only once."""
        if claim.entry.piece_id:
            return claim.entry.piece_id
        answer = chorus.factures.deposer_pdf(
            fichierFacture=self._ground.archive.get(claim.deposit.sha256),
            nomFichier=safe_name(claim.deposit.filename),
            formatDepot=FormatDepotPdf.PDF_NON_SIGNE,
        )
        with self._ground.store.begin() as conn:
            entries.change(conn, claim.deposit.id, piece_id=answer.pieceJointeId)
        return answer.pieceJointeId or 0

    def _conclude(self, claim: _Claim, answer: WsRetourSoumettreFacture) -> None:
        if not answer.identifiantFactureCPP:  # said yes without an id: a third outcome (specifications/saisie.md §5)
            self._doubt(claim, "réponse sans identifiant de facture")
            return
        now = self._ground.clock()
        columns = {
            "id_facture": answer.identifiantFactureCPP,
            "platform_status": str(answer.statutFacture or "DEPOSEE")[:60],
            "platform_status_at": now,
        }
        with self._ground.store.begin() as conn:
            flux.answer(conn, claim.attempt, "answered", now, {"identifiantFactureCPP": answer.identifiantFactureCPP})
            self._integrated(conn, claim.deposit, columns)

    def _integrated(self, conn: sa.Connection, deposit: Deposit, columns: dict[str, object]) -> None:
        ground, now = self._ground, self._ground.clock()
        for state in _HERE:  # someone may have taken this worker for dead meanwhile
            if deposits.move(conn, [deposit.id], state, DepositState.INTEGRATED, now=now, followed=True, **columns):
                status, number = columns.get("platform_status", ""), columns.get("id_facture")
                told = ground.event(f"deposit/{deposit.id}", "deposit.integrated", status=status, id_facture=number)
                journal.append(conn, told)
                due_dates.reckon_deposits(conn, [deposit.id])
                break
        connections.update(conn, deposit.connection_id, now=now, last_success_at=now, supplier_quiet=0)
        args = {"connection_id": deposit.connection_id}
        ground.jobs.schedule(conn, DELTA, deposit.connection_id, args, delay=ground.options.follow_period_s)

    def _failed(self, connection: Connection, claim: _Claim, error: ChorusProError) -> None:
        course = retry.after(error, first_s=self._ground.options.retry_first_s)
        submitted = error.operation == SUBMIT or not error.operation
        if course.reaction is Reaction.ASK and submitted:
            self._doubt(claim, str(error))
            self._ground.breaker.failed(connection.id, error)
            raise Later(self._ground.options.takeover_delay_s)
        if course.reaction in (Reaction.REFUSE, Reaction.SPLIT):
            self._refused(connection, claim, error)
            return
        self._give_back(claim, str(error))
        self._ground.breaker.failed(connection.id, error)
        if isinstance(error, CredentialsRefused) and error.which != "access":
            return
        raise Later(course.delay or retry.growing(1, self._ground.options.retry_first_s))

    def _refused(self, connection: Connection, claim: _Claim, error: ChorusProError) -> None:
        """Refused, unless an earlier submission of the same invoice is what Chorus Pro already holds."""
        if self._adopted(connection, claim.deposit, error):
            return
        self._refuse(claim, refusal(error))

    def _adopted(self, connection: Connection, deposit: Deposit, error: ChorusProError) -> bool:
        with self._ground.store.read() as conn:
            doubted = journal.has(conn, f"deposit/{deposit.id}", "deposit.uncertain")
        if doubted:
            return self._ask_about(connection, deposit)
        if not says_duplicate(error.libelle or str(error)):
            return False
        with reading(self._ground, connection) as chorus:
            row = _search(chorus, deposit)
        if row is None or not same_invoice(row, deposit):
            return False
        with self._ground.store.begin() as conn:
            journal.append(conn, self._ground.event(f"deposit/{deposit.id}", "deposit.adopted"))
            self._integrated(conn, deposit, status_columns(row))
        return True

    def _refuse(self, claim: _Claim, fault: Fault) -> None:
        ground, now, deposit = self._ground, self._ground.clock(), claim.deposit
        with ground.store.begin() as conn:
            flux.answer(conn, claim.attempt, "refused", now, {"error": fault.sentence[:300]})
            entries.change(conn, deposit.id, piece_id=None)
            faults = deposits.faults_as_json([*deposit.faults, fault])
            if deposits.move(conn, [deposit.id], DepositState.SENDING, DepositState.REFUSED, now=now, faults=faults):
                journal.append(conn, ground.event(f"deposit/{deposit.id}", "deposit.refused", reasons=[fault.sentence]))

    def _give_back(self, claim: _Claim, why: str) -> None:
        ground, now = self._ground, self._ground.clock()
        with ground.store.begin() as conn:
            flux.answer(conn, claim.attempt, "not_sent", now, {"error": why[:300]})
            deposits.move(conn, [claim.deposit.id], DepositState.SENDING, DepositState.READY, now=now)

    def _doubt(self, claim: _Claim, why: str) -> None:
        with self._ground.store.begin() as conn:
            doubt(self._ground, conn, claim.deposit.id, claim.attempt, why)

    def _settle_doubts(self, connection: Connection) -> float | None:
        """Ask about each doubtful submission whose hour has come; gives how long to wait for the others."""
        with self._ground.store.read() as conn:
            waiting = entries.doubtful_by_fields(conn, connection.id)
        for entry in waiting:
            if _left(entry, self._ground.clock()) <= 0:
                self._ask(connection, entry)
        with self._ground.store.read() as conn:
            waiting = entries.doubtful_by_fields(conn, connection.id)
        now = self._ground.clock()
        return min((max(1.0, _left(entry, now)) for entry in waiting), default=None)

    def _ask(self, connection: Connection, entry: Entry) -> None:
        ground = self._ground
        with ground.store.read() as conn:
            deposit = deposits.get(conn, entry.deposit_id)
        if self._ask_about(connection, deposit):
            return
        looks, now = entry.looks + 1, ground.clock()
        with ground.store.begin() as conn:
            if looks < ground.options.asks:
                ask_at = now + timedelta(seconds=ground.options.takeover_delay_s * 2**looks)
                entries.change(conn, deposit.id, looks=looks, ask_at=ask_at)
                return
            if deposits.move(conn, [deposit.id], DepositState.UNCERTAIN, DepositState.READY, now=now):
                entries.change(conn, deposit.id, looks=0, ask_at=None, piece_id=None)
                journal.append(conn, ground.event(f"deposit/{deposit.id}", "deposit.not_found"))

    def _ask_about(self, connection: Connection, deposit: Deposit) -> bool:
        """Whether Chorus Pro holds this invoice; then it is integrated here too."""
        with reading(self._ground, connection) as chorus:
            row = _search(chorus, deposit)
        if row is None:
            return False
        with self._ground.store.begin() as conn:
            self._integrated(conn, deposit, status_columns(row))
        return True


def doubt(ground: Ground, conn: sa.Connection, deposit_id: str, attempt_id: str, why: str) -> None:
    """A submission may have taken effect: note it, and ask after the take-over delay."""
    now, delay = ground.clock(), ground.options.takeover_delay_s
    flux.answer(conn, attempt_id, "unknown", now, {"error": why[:300]})
    if not deposits.move(conn, [deposit_id], DepositState.SENDING, DepositState.UNCERTAIN, now=now):
        return
    entries.change(conn, deposit_id, looks=0, ask_at=now + timedelta(seconds=delay))
    journal.append(conn, ground.event(f"deposit/{deposit_id}", "deposit.uncertain", why=why[:300]))
    connection_id = deposits.get(conn, deposit_id).connection_id
    ground.jobs.schedule(conn, DRAIN, connection_id, {"connection_id": connection_id}, delay=delay)


def find_orphan_entries(ground: Ground) -> int:
    """Doubt every submission whose sender died; gives how many."""
    found = orphans(ground, PREFIX)
    for attempt in found:
        with ground.store.begin() as conn:
            deposit_id = attempt.subject.removeprefix(PREFIX)
            doubt(ground, conn, deposit_id, attempt.id, "le programme s’est arrêté pendant l’envoi")
    return len(found)


def _left(entry: Entry, now: datetime) -> float:
    return (entry.ask_at - now).total_seconds() if entry.ask_at else 0.0


def _search(chorus: ChorusPro, deposit: Deposit) -> Row | None:
    rows = chorus.factures.rechercher_fournisseur.iter_rows(
        numeroFacture=deposit.number,
        periodeDateFactureDu=deposit.issue_date,
        periodeDateFactureAu=deposit.issue_date,
    )
    siren = deposit.supplier_siret[:9]
    same = (row for row in rows if row.numeroFacture == deposit.number)
    return next((row for row in same if row.codeFournisseur is None or row.codeFournisseur[:9] == siren), None)


def _joined(chorus: ChorusPro, invoice: Invoice) -> list[PieceJointeComplentaireSoumettreInput]:
    files = [
        (one.filename or one.reference, one.description or one.reference, one.content)
        for one in invoice.attachments
        if one.content
    ]
    return [
        PieceJointeComplentaireSoumettreInput(
            pieceJointeComplementaireDesignation=parked.designation,
            pieceJointeComplementaireType=parked.kind,
            pieceJointeComplementaireId=parked.id,
        )
        for parked in joining.park(chorus, files)
    ]


def _exemption(chorus: ChorusPro, invoice: Invoice) -> str:
    """The code of Chorus Pro's list that says the invoice's reason: by code, by words, else the first of the list."""
    if vat_kind(invoice) != TypeTva.EXONERATION:
        return ""
    told = {text.casefold() for line in invoice.vat for text in (line.exemption_code, line.exemption_reason) if text}
    known = chorus.transverses.recuperer_motifs_exonerationtva().listeMotifsExonerationTva
    for one in known:
        label = (one.libelleMotifExonerationTva or "").casefold()
        if (one.codeMotifExonerationTva or "").casefold() in told or any(t in label or label in t for t in told):
            return one.codeMotifExonerationTva or ""
    raise Invalid(
        "CP-SAI-05",
        "Le motif d’exonération de TVA de cette facture n’est pas dans la liste de Chorus Pro.",
        "Écrivez l’un de ces motifs : " + " ; ".join(one.libelleMotifExonerationTva or "" for one in known) + ".",
    )
