"""Deposits that were lost with the database: taken back from Chorus Pro, with the very file that was deposited.

`telecharger/groupe` gives a supplier its own invoices too (specifications/api/factures.md §16); the pivot holds the
original byte for byte, so that a program that gives the same file again is told that it is known.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from choruspro import ChorusPro, Refused, TooLarge
from choruspro.models.factures_emises import RetourRechercherFactureParFournisseur as Row
from choruspro.models.factures_recues import IdFactureInput
from raccord.domain import statuses
from raccord.domain.connection import Connection
from raccord.domain.deposit import RECOVERED, DepositState
from raccord.domain.invoice import Invoice
from raccord.engine.deposits.checking import columns_of
from raccord.engine.deposits.rows import status_columns
from raccord.engine.foundation import due_dates
from raccord.engine.foundation.ground import Ground
from raccord.engine.receptions import pivot
from raccord.engine.receptions.pivot import PivotError, PivotInvoice
from raccord.formats import ReadError, read_invoice
from raccord.formats.detect import detect
from raccord.store import deposits, journal
from raccord.store.search import index as search_index

_PIVOT = "PIVOT"


class Recovery:
    """Takes back the lost deposits of one connection."""

    def __init__(self, ground: Ground, chorus: ChorusPro, connection: Connection, actor: str) -> None:
        self._ground, self._chorus, self._connection, self._actor = ground, chorus, connection, actor

    def take_back(self, rows: Sequence[Row]) -> None:
        """Download these invoices by groups and keep each as an integrated deposit."""
        most = self._ground.options.reception_group
        for begin in range(0, len(rows), most):
            group = rows[begin : begin + most]
            self._keep(group, self._download(group))

    def _download(self, group: Sequence[Row]) -> dict[int, PivotInvoice]:
        """The invoices of a group by identifier; those that cannot be downloaded are absent, and kept by their row."""
        asked = [IdFactureInput(idFacture=row.identifiantFactureCPP or 0) for row in group]
        try:
            answer = self._chorus.factures.telecharger_groupe(format=_PIVOT, listeFacture=asked)
            received = list(pivot.read(answer.fichierResultat or b""))
        except (Refused, TooLarge, PivotError):
            if len(group) == 1:
                return {}
            half = len(group) // 2
            return {**self._download(group[:half]), **self._download(group[half:])}
        numbers = {row.numeroFacture: row.identifiantFactureCPP or 0 for row in group}
        return {one.id_facture or numbers.get(one.number, 0): one for one in received}

    def _keep(self, group: Sequence[Row], received: dict[int, PivotInvoice]) -> None:
        kept = [self._row(row, received.get(row.identifiantFactureCPP or 0)) for row in group]
        with self._ground.store.begin() as conn:
            for row, (columns, words) in zip(group, kept, strict=True):
                self._insert(conn, row, columns, words)
            due_dates.reckon_deposits(conn, [str(columns["id"]) for columns, _ in kept])

    def _insert(self, conn: sa.Connection, row: Row, columns: dict[str, Any], words: Sequence[str]) -> None:
        deposits.insert(conn, columns, words)
        subject = f"deposit/{columns['id']}"
        facts = {"number": columns["number"], "sha256": columns["sha256"], "filename": columns["filename"]}
        journal.append(conn, self._ground.event(subject, "deposit.recovered", self._actor, **facts))
        told = {"status": columns["platform_status"], "id_facture": row.identifiantFactureCPP}
        journal.append(conn, self._ground.event(subject, "deposit.integrated", self._actor, **told))

    def _row(self, row: Row, received: PivotInvoice | None) -> tuple[dict[str, Any], tuple[str, ...]]:
        ground, now = self._ground, self._ground.clock()
        name, data, invoice = _original(row, received)
        columns = {
            "id": ground.new_id(),
            "connection_id": self._connection.id,
            "state": DepositState.INTEGRATED.value,
            "filename": name[:200],
            "syntaxe_flux": detect(data, name).syntaxe_flux or str(row.modeDepot or "")[:40],
            "sha256": ground.archive.put(data),
            "size": len(data),
            "service_code": (row.codeServiceExecutant or "")[:100],
            "commitment": (row.numeroBonCommande or "")[:60],
            "market": (row.numeroMarche or "")[:60],
            "cadre": "",
            **(columns_of(invoice) if invoice else {"type_code": "", "amount_due": row.montantAPayer}),
            **_of_row(row),
            "faults": [],
            "rule_sets": [],
            "idempotency_key": "",
            "platform": self._connection.addresses.api_url,
            "urgent": False,
            "not_before": None,
            "numero_flux": (row.numeroFluxDepot or "")[:40],
            "followed": str(row.statut or "") not in statuses.FINAL,
            "author": self._actor[:120],
            "source": RECOVERED,
            **status_columns(row),
            "created_at": now,
            "updated_at": now,
        }
        return columns, search_index.of_invoice(invoice) if invoice else ()


def _of_row(row: Row) -> dict[str, Any]:
    """What Chorus Pro says of the invoice itself: its number and its parties are those by which it is known there."""
    siret = (row.codeFournisseur or "")[:18]
    return {
        "number": (row.numeroFacture or "")[:60],
        "issue_date": row.dateFacture,
        "issue_year": row.dateFacture.year if row.dateFacture else None,
        "supplier_siren": siret[:9],
        "supplier_siret": siret,
        "supplier_name": (row.designationFournisseur or "")[:200],
        "recipient_siret": (row.codeDestinataire or "")[:18],
        "recipient_name": (row.designationDestinataire or "")[:200],
        "currency": (row.devise or "EUR")[:3],
        "amount_total": row.montantTTC,
    }


def _original(row: Row, received: PivotInvoice | None) -> tuple[str, bytes, Invoice | None]:
    """The file that was deposited, and what it says; without it the pivot, and without that nothing."""
    if received is None:
        return f"{row.numeroFacture or 'facture'}.xml", b"", None
    for file in received.files:
        if file.kind == "original":
            return file.name, file.data, _read(file.name, file.data) or received.terms
    return f"pivot_{row.identifiantFactureCPP}.xml", received.xml, received.terms


def _read(name: str, data: bytes) -> Invoice | None:
    try:
        return read_invoice(data, name)
    except ReadError:
        return None
