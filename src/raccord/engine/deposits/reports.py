"""The report of a flux: what Chorus Pro made of each invoice that travelled in it (specifications/flux.md §4, §5).

A partial integration refuses only the invoices that the report names. A rejected batch sends the others again, each
alone, so that one bad invoice does not hold back the rest. An incident sends the whole flux again. An invoice refused
as a duplicate of itself (after a doubt, or after a restore that forgot its sending) is the one that had arrived: it is
adopted and followed.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from choruspro import ChorusPro
from choruspro.models.factures_emises import RetourRechercherFactureParFournisseur as Row
from choruspro.models.transverses_flux import RetourConsulterCRDetaille as Report
from raccord.domain import statuses
from raccord.domain.clock import PARIS, iso
from raccord.domain.deadlines import BodyKind
from raccord.domain.deposit import Deposit, DepositState
from raccord.domain.faults import Fault, Severity
from raccord.engine.deposits import delta
from raccord.engine.deposits.rows import status_columns
from raccord.engine.deposits.same_invoice import same_invoice
from raccord.engine.foundation import due_dates
from raccord.engine.foundation.doubt import is_ours
from raccord.engine.foundation.ground import Ground
from raccord.engine.foundation.names import DELTA, DRAIN
from raccord.engine.foundation.port import Args, Later
from raccord.engine.foundation.talk import reading
from raccord.store import boards, connections, deposits, flux, journal
from raccord.store.flux import Flux

INTEGRATED, PARTIAL, REJECTED, INCIDENT = "IN_INTEGRE", "IN_INTEGRE_PARTIEL", "IN_REJETE", "IN_INCIDENTE"


@dataclass(frozen=True)
class _Sorted:
    """What the report of a flux says of each of its deposits."""

    integrated: list[Deposit]
    refused: list[tuple[Deposit, list[str]]]
    again: list[Deposit]
    """Refused with others for a reason that is not theirs: they travel again, alone."""


class Reports:
    """The job that reads reports. `translate` makes a fault of a rejection label."""

    def __init__(self, ground: Ground, translate: Callable[[str], Fault]) -> None:
        self._ground, self._translate = ground, translate

    def run(self, args: Args) -> None:
        """Job: read the report of one flux. Raises `Later` while Chorus Pro is still at work."""
        with self._ground.store.read() as conn:
            sent = flux.get(conn, str(args["flux_id"]))
            connection = connections.get(conn, sent.connection_id)
        if sent.state != "sent" or connection.breaker_open or not connection.enabled:
            return
        with reading(self._ground, connection) as chorus:
            report = chorus.transverses.consulter_cr_detaille(numeroFluxDepot=sent.numero_flux)
            state = str(report.etatCourantDepotFlux or "")
            rows = self._rows(chorus, sent, report, state)
        if state in (INTEGRATED, PARTIAL, REJECTED, INCIDENT):
            self._conclude(sent, report, state, rows)
        else:
            self._look_again(sent, state)

    def _rows(self, chorus: ChorusPro, sent: Flux, report: Report, state: str) -> list[Row]:
        """The invoices that this flux gave, and those that an earlier, doubtful sending of the same ones gave."""
        rows: list[Row] = []
        if state in (INTEGRATED, PARTIAL):
            rows += chorus.factures.rechercher_fournisseur.iter_rows(numeroFluxDepot=sent.numero_flux)
        for deposit in self._twins(sent, report):
            found = chorus.factures.rechercher_fournisseur.iter_rows(
                numeroFacture=deposit.number,
                periodeDateFactureDu=deposit.issue_date,
                periodeDateFactureAu=deposit.issue_date,
            )
            rows += (row for row in found if self._is_it(row, deposit))
        return rows

    def _is_it(self, row: Row, deposit: Deposit) -> bool:
        """Whether this row is the deposit: it says the same of it, or it came by a flux of ours that was in doubt."""
        if same_invoice(row, deposit):
            return True
        accepted_on = deposit.created_at.astimezone(PARIS).date()
        if not is_ours(row, deposit, accepted_on):
            return False
        with self._ground.store.read() as conn:
            return journal.has(conn, f"deposit/{deposit.id}", "deposit.uncertain")

    def _twins(self, sent: Flux, report: Report) -> list[Deposit]:
        """The deposits refused as duplicates: what they repeat may be themselves."""
        reasons = _reasons(report)
        if not any(says_duplicate(label) for labels in reasons.values() for label in labels):
            return []
        with self._ground.store.read() as conn:
            travellers = deposits.of_flux(conn, sent.id)
            return [deposit for deposit in travellers if any(says_duplicate(label) for label in _of(deposit, reasons))]

    def _look_again(self, sent: Flux, state: str) -> None:
        options, now = self._ground.options, self._ground.clock()
        delay = min(options.report_first_s * 2 ** min(sent.looks, 20), options.report_longest_s)
        with self._ground.store.begin() as conn:
            columns: dict[str, Any] = {"looks": sent.looks + 1, "look_at": now + timedelta(seconds=delay)}
            flux.change(conn, sent.id, ("sent",), now=now, platform_state=state[:60], **columns)
        raise Later(delay)

    def _conclude(self, sent: Flux, report: Report, state: str, rows: Sequence[Row]) -> None:
        ground, now = self._ground, self._ground.clock()
        with ground.store.begin() as conn:
            told = {"platform_state": state, "report": _plain(report), "look_at": None}
            if not flux.change(conn, sent.id, ("sent",), now=now, state="done", **told):
                return
            travellers = [d for d in deposits.of_flux(conn, sent.id) if d.state is DepositState.SENT]
            told_ = _sort(travellers, report, state)
            sorted_ = _adopt(told_, _by_place(rows))
            self._tell_adopted(conn, told_, sorted_, _by_place(rows))
            self._integrate(conn, sent, sorted_.integrated, rows, now)
            self._refuse(conn, sorted_.refused, now)
            self._send_again(conn, sorted_.again, state, now)
            if sorted_.again:
                self._wake(conn, DRAIN, sent.connection_id)
            if sorted_.integrated:
                connections.update(conn, sent.connection_id, now=now, supplier_quiet=0)
                self._wake(conn, DELTA, sent.connection_id, delta.period(conn, ground, sent.connection_id))

    def _integrate(
        self, conn: sa.Connection, sent: Flux, travellers: list[Deposit], rows: Iterable[Row], now: datetime
    ) -> None:
        found, kinds = _by_place(rows), boards.kinds(conn)
        events, changes = [], {}
        for deposit in travellers:
            row = _row_of(deposit, found)
            columns = status_columns(row) if row else {}
            status = columns.get("platform_status", "")
            kind = kinds.get(deposit.recipient_siret, BodyKind.ORDINARY)
            days = due_dates.first_days(sent.created_at, kind, status)
            changes[deposit.id] = {"followed": status not in statuses.FINAL, **columns, **days}
            facts = {"status": status, "id_facture": columns.get("id_facture")}
            events.append(self._ground.event(f"deposit/{deposit.id}", "deposit.integrated", **facts))
        deposits.move_each(conn, changes, DepositState.SENT, DepositState.INTEGRATED, now=now)
        journal.append_all(conn, events)
        due_dates.reckon_deposits(conn, [one for one, columns in changes.items() if "reckoned" not in columns])

    def _tell_adopted(
        self, conn: sa.Connection, told: _Sorted, kept: _Sorted, found: dict[tuple[str, str], Row]
    ) -> None:
        refused = {deposit.id for deposit, _ in told.refused}
        adopted = [(one, _row_of(one, found)) for one in kept.integrated if one.id in refused]
        events = [
            self._ground.event(f"deposit/{one.id}", "deposit.adopted", numero_flux=row.numeroFluxDepot or "")
            for one, row in adopted
            if row
        ]
        journal.append_all(conn, events)

    def _refuse(self, conn: sa.Connection, refused: list[tuple[Deposit, list[str]]], now: datetime) -> None:
        events = []
        for deposit, labels in refused:
            found = [self._translate(label) for label in labels] or [_unexplained()]
            faults = deposits.faults_as_json([*deposit.faults, *found])
            deposits.move(conn, [deposit.id], DepositState.SENT, DepositState.REFUSED, now=now, faults=faults)
            reasons = [fault.sentence for fault in found]
            events.append(self._ground.event(f"deposit/{deposit.id}", "deposit.refused", reasons=reasons))
        journal.append_all(conn, events)

    def _send_again(self, conn: sa.Connection, again: list[Deposit], state: str, now: datetime) -> None:
        ids = [deposit.id for deposit in again]
        alone = {"alone": True} if state == REJECTED else {}
        columns = {"flux_id": None, "numero_flux": "", **alone}
        deposits.move(conn, ids, DepositState.SENT, DepositState.READY, now=now, **columns)
        journal.append_all(
            conn, [self._ground.event(f"deposit/{id_}", "deposit.sent_again", state=state) for id_ in ids]
        )

    def _wake(self, conn: sa.Connection, job: str, connection_id: str, delay: float = 0.0) -> None:
        args = {"connection_id": connection_id}
        self._ground.jobs.schedule(conn, job, connection_id, args, delay=delay)


def _sort(travellers: Sequence[Deposit], report: Report, state: str) -> _Sorted:
    if state == INCIDENT:
        return _Sorted([], [], list(travellers))
    if state == INTEGRATED:
        return _Sorted(list(travellers), [], [])
    reasons = _reasons(report)
    named = [(deposit, _of(deposit, reasons)) for deposit in travellers]
    refused = [(deposit, labels) for deposit, labels in named if labels]
    others = [deposit for deposit, labels in named if not labels]
    if state == PARTIAL:
        return _Sorted(others, refused, [])
    technical = [error.libelleErreur or error.codeErreur or "" for error in report.listeErreurTechnique]
    if len(travellers) == 1:
        return _Sorted([], [(travellers[0], [*(refused[0][1] if refused else []), *technical])], [])
    return _Sorted([], refused, others)


def _by_place(rows: Iterable[Row]) -> dict[tuple[str, str], Row]:
    return {(row.numeroFacture or "", (row.codeFournisseur or "")[:9]): row for row in rows}


def _row_of(deposit: Deposit, found: dict[tuple[str, str], Row]) -> Row | None:
    return found.get((deposit.number, deposit.supplier_siret[:9])) or found.get((deposit.number, ""))


def _adopt(told: _Sorted, found: dict[tuple[str, str], Row]) -> _Sorted:
    """A refused deposit that Chorus Pro nevertheless holds is the twin of itself: it is integrated."""
    mine = [deposit for deposit, _ in told.refused if _row_of(deposit, found)]
    refused = [(deposit, labels) for deposit, labels in told.refused if deposit not in mine]
    return _Sorted([*told.integrated, *mine], refused, told.again)


def says_duplicate(label: str) -> bool:
    """Whether this refusal means that Chorus Pro already holds an invoice of that number."""
    plain = unicodedata.normalize("NFKD", label.lower()).encode("ascii", "ignore").decode()
    return re.search(r"deja depose|doublon|dupliqu", plain) is not None


def _reasons(report: Report) -> dict[tuple[str, str], list[str]]:
    reasons: dict[tuple[str, str], list[str]] = {}
    for error in report.listeErreurDP:
        place = (error.numeroDP or "", (error.identifiantFournisseur or "")[:9])
        reasons.setdefault(place, []).append(error.libelleErreurDP or "")
    return reasons


def _of(deposit: Deposit, reasons: dict[tuple[str, str], list[str]]) -> list[str]:
    exact = reasons.get((deposit.number, deposit.supplier_siret[:9]))
    if exact is not None:
        return exact
    return [label for (number, _), labels in reasons.items() if number == deposit.number for label in labels]


def _plain(report: Report) -> dict[str, Any]:
    return {
        "etat": str(report.etatCourantDepotFlux or ""),
        "interface": report.codeInterfaceDepotFlux or "",
        "at": iso(report.dateHeureEtatCourantFlux),
        "erreurs": [
            {
                "numero": error.numeroDP or "",
                "fournisseur": error.identifiantFournisseur or "",
                "libelle": error.libelleErreurDP or "",
            }
            for error in report.listeErreurDP
        ],
        "techniques": [error.libelleErreur or error.codeErreur or "" for error in report.listeErreurTechnique],
    }


def _unexplained() -> Fault:
    return Fault(
        code="CP-REJET-SANS-MOTIF",
        severity=Severity.ERROR,
        path="",
        sentence="Chorus Pro a rejeté cette facture sans en dire le motif.",
        cure="Consultez le compte rendu du flux sur le portail Chorus Pro, corrigez, puis déposez de nouveau.",
        rule_set="chorus-pro",
    )
