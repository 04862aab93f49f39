"""News of what was sent: the report of each flux, then one delta search per connection for the life of the invoices.

The delta search asks what changed status since the last news, of every supplier of the account at once, rather than
invoice by invoice: few calls, whatever the number of open invoices. Nothing is told twice: a status makes an event only
when it differs from the one kept. When nothing is open, the connection sleeps; when nothing moves, it asks less often.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from choruspro.models.factures_emises import RetourRechercherFactureParFournisseur as Row
from choruspro.models.transverses_flux import RetourConsulterCRDetaille as Report
from raccord.domain import statuses
from raccord.domain.deposit import Deposit, DepositState
from raccord.domain.faults import Fault, Severity
from raccord.engine.ground import Ground
from raccord.engine.names import DELTA, DRAIN, REPORT
from raccord.engine.port import Args, Later
from raccord.engine.talk import reading
from raccord.store import connections, deposits, flux, journal
from raccord.store.flux import Flux
from raccord.store.pages import Page

INTEGRATED, PARTIAL, REJECTED, INCIDENT = "IN_INTEGRE", "IN_INTEGRE_PARTIEL", "IN_REJETE", "IN_INCIDENTE"


@dataclass(frozen=True)
class _Sorted:
    """What the report of a flux says of each of its deposits."""

    integrated: list[Deposit]
    refused: list[tuple[Deposit, list[str]]]
    again: list[Deposit]
    """Refused with others for a reason that is not theirs: they travel again, alone."""


class Follow:
    """Reads reports and delta searches, and answers about flux."""

    def __init__(self, ground: Ground, translate: Callable[[str], Fault]) -> None:
        self._ground, self._translate = ground, translate

    def refresh(self, connection_id: str, actor: str) -> None:
        """Ask for news of a connection now."""
        ground = self._ground
        with ground.store.begin() as conn:
            connections.get(conn, connection_id)
            for sent in flux.in_state(conn, "sent", connection_id):
                ground.jobs.schedule(conn, REPORT, sent.id, {"flux_id": sent.id}, priority=2)
            ground.jobs.schedule(conn, DELTA, connection_id, {"connection_id": connection_id}, priority=2)
            journal.append(conn, ground.event(f"connection/{connection_id}", "connection.refreshed", actor))

    def flux(self, flux_id: str) -> Flux:
        """A flux as it stands. Raises `NotFound` (`FLUX_INCONNU`)."""
        with self._ground.store.read() as conn:
            return flux.get(conn, flux_id)

    def flux_list(self, connection_id: str = "", after: str = "", limit: int = 50) -> Page[Flux]:
        """The flux, newest first."""
        with self._ground.store.read() as conn:
            return flux.listing(conn, connection_id, after, limit)

    # The report of a flux

    def report(self, args: Args) -> None:
        """Job: read the report of one flux. Raises `Later` while Chorus Pro is still at work."""
        with self._ground.store.read() as conn:
            sent = flux.get(conn, str(args["flux_id"]))
            connection = connections.get(conn, sent.connection_id)
        if sent.state != "sent" or connection.breaker_open or not connection.enabled:
            return
        with reading(self._ground, connection) as chorus:
            report = chorus.transverses.consulter_cr_detaille(numeroFluxDepot=sent.numero_flux)
            state = str(report.etatCourantDepotFlux or "")
            done = state in (INTEGRATED, PARTIAL)
            rows = (
                list(chorus.factures.rechercher_fournisseur.iter_rows(numeroFluxDepot=sent.numero_flux)) if done else []
            )
        if state in (INTEGRATED, PARTIAL, REJECTED, INCIDENT):
            self._conclude(sent, report, state, rows)
        else:
            self._look_again(sent, state)

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
            sorted_ = _sort(travellers, report, state)
            self._integrate(conn, sorted_.integrated, rows, now)
            self._refuse(conn, sorted_.refused, now)
            self._send_again(conn, sorted_.again, state, now)
            if sorted_.again:
                self._wake(conn, DRAIN, sent.connection_id)
            if sorted_.integrated:
                self._wake(conn, DELTA, sent.connection_id, ground.options.follow_period_s)

    def _integrate(self, conn: sa.Connection, travellers: list[Deposit], rows: Iterable[Row], now: datetime) -> None:
        found = {(row.numeroFacture, (row.codeFournisseur or "")[:9]): row for row in rows}
        events = []
        for deposit in travellers:
            row = found.get((deposit.number, deposit.supplier_siret[:9])) or found.get((deposit.number, ""))
            columns = _columns(row) if row else {}
            followed = columns.get("platform_status") not in statuses.FINAL
            ids = [deposit.id]
            deposits.move(conn, ids, DepositState.SENT, DepositState.INTEGRATED, now=now, followed=followed, **columns)
            facts = {"status": columns.get("platform_status", ""), "id_facture": columns.get("id_facture")}
            events.append(self._ground.event(f"deposit/{deposit.id}", "deposit.integrated", **facts))
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

    # The life of the invoices

    def delta(self, args: Args) -> None:
        """Job: what changed since the last news. Raises `Later` for the next time, while something is open."""
        ground, connection_id = self._ground, str(args["connection_id"])
        with ground.store.read() as conn:
            connection = connections.get(conn, connection_id)
            cursor = connections.cursor(conn, connection_id)
            suppliers = deposits.followed_sirets(conn, connection_id)
            oldest = deposits.oldest_followed(conn, connection_id)
        if not suppliers or oldest is None or connection.breaker_open or not connection.enabled:
            return
        since = (cursor.seen or oldest) - timedelta(seconds=ground.options.overlap_s)
        news, latest = 0, cursor.seen
        with reading(self._ground, connection) as chorus:
            for page in chorus.factures.rechercher_fournisseur.iter_pages(periodeDateHeureEtatCourantDu=since):
                news += self._take(connection_id, page.listeFactures)
                latest = _latest(latest, page.listeFactures)
        quiet = 0 if news else cursor.quiet + 1
        with ground.store.begin() as conn:
            columns = {"supplier_cursor": latest, "supplier_quiet": quiet, "last_success_at": ground.clock()}
            connections.update(conn, connection_id, now=ground.clock(), **columns)
        raise Later(min(ground.options.follow_period_s * 2 ** min(quiet, 12), ground.options.follow_longest_s))

    def _take(self, connection_id: str, rows: Sequence[Row]) -> int:
        """Keep what differs, one transaction for a page; gives how many invoices changed."""
        ground, now, changed = self._ground, self._ground.clock(), 0
        with ground.store.begin() as conn:
            known = deposits.by_platform_ids(
                conn, connection_id, [r.identifiantFactureCPP for r in rows if r.identifiantFactureCPP]
            )
            events = []
            for row in rows:
                deposit = known.get(row.identifiantFactureCPP or 0) or _by_number(conn, connection_id, row)
                if deposit is None or not row.statut or deposit.platform_status == str(row.statut):
                    continue
                columns = _columns(row)
                followed = str(row.statut) not in statuses.FINAL
                deposits.update(conn, deposit.id, now=now, followed=followed, **columns)
                facts = {
                    "status": str(row.statut),
                    "at": _iso(row.dateHeureEtatCourant),
                    "before": deposit.platform_status,
                }
                comment = row.commentaireEtatCourant or ""
                events.append(ground.event(f"deposit/{deposit.id}", "deposit.status", comment=comment[:500], **facts))
                changed += 1
            journal.append_all(conn, events)
        return changed


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


def _columns(row: Row) -> dict[str, Any]:
    columns: dict[str, Any] = {
        "platform_status": str(row.statut or "")[:60],
        "platform_status_at": row.dateHeureEtatCourant,
        "platform_comment": (row.commentaireEtatCourant or "")[:2000],
    }
    if row.identifiantFactureCPP:
        columns["id_facture"] = row.identifiantFactureCPP
    return columns


def _by_number(conn: sa.Connection, connection_id: str, row: Row) -> Deposit | None:
    return deposits.sent_under(conn, connection_id, row.numeroFacture or "", (row.codeFournisseur or "")[:9])


def _latest(seen: datetime | None, rows: Iterable[Row]) -> datetime | None:
    dates = [row.dateHeureEtatCourant for row in rows if row.dateHeureEtatCourant]
    return max([*dates, seen] if seen else dates, default=None)


def _iso(at: datetime | None) -> str:
    return at.isoformat() if at else ""


def _plain(report: Report) -> dict[str, Any]:
    return {
        "etat": str(report.etatCourantDepotFlux or ""),
        "interface": report.codeInterfaceDepotFlux or "",
        "at": _iso(report.dateHeureEtatCourantFlux),
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


def as_said(label: str) -> Fault:
    """The fault of a rejection in the platform's own words."""
    return Fault(
        code="CP-REJET",
        severity=Severity.ERROR,
        path="",
        sentence=f"Chorus Pro a rejeté cette facture : {label}",
        cure="Corrigez la facture selon ce message, puis déposez-la de nouveau : son numéro reste utilisable.",
        rule_set="chorus-pro",
    )
