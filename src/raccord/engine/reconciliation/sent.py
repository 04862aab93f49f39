"""The invoices that a connection sent, as Chorus Pro tells them now, compared with the deposits of Raccord."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from choruspro import ChorusPro
from choruspro.enumerations import ModeDepot
from choruspro.models.factures_emises import RetourRechercherFactureParFournisseur as Row
from raccord.domain import statuses
from raccord.domain.connection import Connection
from raccord.domain.deposit import Deposit, DepositState
from raccord.engine.deposits.rows import status_columns
from raccord.engine.deposits.same_invoice import refused_as_duplicate, same_invoice
from raccord.engine.foundation import due_dates
from raccord.engine.foundation.ground import Ground
from raccord.engine.reconciliation.difference import Finding
from raccord.engine.reconciliation.findings import Findings
from raccord.store import deposits, journal

WAITING = (DepositState.READY, DepositState.TO_DECIDE)
_UNDER_WAY = (DepositState.SENDING, DepositState.UNCERTAIN, DepositState.SENT)
"""Their own jobs ask about these, and know more: the report of the flux."""
_PORTAL = frozenset({
    ModeDepot.SAISIE_WEB, ModeDepot.PORTAIL_PDF, ModeDepot.SAISIE_PORTAIL, ModeDepot.DEPOT_PDF_PORTAIL,
    ModeDepot.DEPOT_PDF_SIGNE_PORTAIL,
})  # fmt: skip


@dataclass
class SentPage:
    """What a page of Chorus Pro's list means for Raccord."""

    adopted: list[tuple[Deposit, Row]] = field(default_factory=list)
    changed: list[tuple[Deposit, Row]] = field(default_factory=list)
    lost: list[Row] = field(default_factory=list)


def compared(conn: sa.Connection, connection: Connection, rows: Sequence[Row], found: Findings) -> SentPage:
    """Sort the rows of a page, and add what differs to the findings."""
    page = SentPage()
    ids = [row.identifiantFactureCPP for row in rows if row.identifiantFactureCPP]
    known = deposits.by_platform_ids(conn, connection.id, ids)
    others = deposits.of_numbers(conn, connection.addresses.api_url, [row.numeroFacture or "" for row in rows])
    for row in rows:
        if not row.identifiantFactureCPP or not row.statut:
            continue
        deposit = known.get(row.identifiantFactureCPP)
        if deposit is not None:
            if deposit.platform_status != str(row.statut):
                found.sent(Finding.STATUS, row, deposit)
                page.changed.append((deposit, row))
            continue
        _unknown(row, _of_number(row, others), connection, page, found)
    return page


def _of_number(row: Row, others: Iterable[Deposit]) -> list[Deposit]:
    siren = (row.codeFournisseur or "")[:9]
    year = row.dateFacture.year if row.dateFacture else None
    return [
        one
        for one in others
        if one.number == row.numeroFacture
        and one.supplier_siret[:9] == siren
        and (one.issue_date is None or one.issue_date.year == year)
    ]


def _unknown(row: Row, twins: Sequence[Deposit], connection: Connection, page: SentPage, found: Findings) -> None:
    holder = next((one for one in twins if one.state.holds_number), None)
    if holder is not None and (holder.connection_id != connection.id or holder.state in _UNDER_WAY):
        return
    if holder is not None and holder.state is DepositState.INTEGRATED:
        if holder.id_facture is None:  # a person decided that it had arrived
            found.sent(Finding.ADOPTED, row, holder)
            page.changed.append((holder, row))
        return
    if holder is not None and not same_invoice(row, holder):
        found.sent(Finding.CONFLICT, row, holder)
        return
    same = holder or next((one for one in reversed(twins) if _was_refused(one, row, connection)), None)
    if same is not None:
        found.sent(Finding.ADOPTED, row, same)
        page.adopted.append((same, row))
    elif row.modeDepot in _PORTAL:
        found.elsewhere += 1
    else:
        found.sent(Finding.RECOVERED, row)
        page.lost.append(row)


def _was_refused(one: Deposit, row: Row, connection: Connection) -> bool:
    mine = one.connection_id == connection.id and one.state is DepositState.REFUSED
    return mine and same_invoice(row, one)


def adopt(ground: Ground, conn: sa.Connection, adopted: Sequence[tuple[Deposit, Row]], actor: str) -> None:
    """Follow these deposits as the invoices that Chorus Pro holds."""
    now = ground.clock()
    for deposit, row in adopted:
        status = str(row.statut or "")
        columns = {
            "followed": status not in statuses.FINAL, "numero_flux": (row.numeroFluxDepot or "")[:40],
            **status_columns(row),
        }  # fmt: skip
        if not deposits.move(conn, [deposit.id], deposit.state, DepositState.INTEGRATED, now=now, **columns):
            continue
        subject = f"deposit/{deposit.id}"
        numero = row.numeroFluxDepot or ""
        journal.append(conn, ground.event(subject, "deposit.adopted", actor, numero_flux=numero))
        facts = {"status": status, "id_facture": row.identifiantFactureCPP}
        journal.append(conn, ground.event(subject, "deposit.integrated", actor, **facts))
    due_dates.reckon_deposits(conn, [deposit.id for deposit, _ in adopted])


def asked_one_by_one(ground: Ground, chorus: ChorusPro, connection: Connection) -> list[Row]:
    """The rows of what a search by date of status cannot show: it has not moved since, and a person sees it as undone.

    These are the deposits that a person would have to decide about, and those refused as duplicates.
    """
    with ground.store.read() as conn:
        asked = [
            *deposits.in_states(conn, connection.id, (DepositState.TO_DECIDE,)),
            *(
                one
                for one in deposits.in_states(conn, connection.id, (DepositState.REFUSED,))
                if refused_as_duplicate(one.faults)
            ),
        ]
    rows = []
    for deposit in asked:
        found = chorus.factures.rechercher_fournisseur.iter_rows(
            numeroFacture=deposit.number,
            periodeDateFactureDu=deposit.issue_date,
            periodeDateFactureAu=deposit.issue_date,
        )
        rows += [row for row in found if same_invoice(row, deposit)]
    return rows
