"""Collects the findings of a reconciliation: whole counts, a bounded number of lines."""

from collections import Counter

from choruspro.models.factures_emises import RetourRechercherFactureParFournisseur as SentRow
from choruspro.models.factures_recues import FactureRechercheRecipiendaire as ReceivedRow
from raccord.domain.connection import Structure
from raccord.domain.deposit import Deposit
from raccord.domain.reception import Reception
from raccord.domain.statuses import label
from raccord.engine.reconciliation.difference import SHOWN, Finding, Line


class Findings:
    """What was found so far."""

    def __init__(self) -> None:
        self.counts: Counter[Finding] = Counter()
        self.lines: list[Line] = []
        self.elsewhere = 0

    def sent(self, finding: Finding, row: SentRow, deposit: Deposit | None = None) -> None:
        """Add an invoice of a supplier."""
        here = "" if deposit is None else (label(deposit.platform_status) or deposit.state.label)
        self._add(
            Line(
                finding=finding,
                number=row.numeroFacture or "",
                party=row.designationDestinataire or row.codeDestinataire or "",
                amount=row.montantTTC,
                currency=row.devise or "EUR",
                here=here,
                there=label(str(row.statut or "")),
                id_facture=row.identifiantFactureCPP or 0,
                subject_id=deposit.id if deposit else "",
            )
        )

    def received(self, finding: Finding, row: ReceivedRow, structure: Structure, known: Reception | None) -> None:
        """Add an invoice of a public body."""
        self._add(
            Line(
                finding=finding,
                number=row.numeroFacture or "",
                party=row.designationFournisseur or row.codeFournisseur or structure.label,
                amount=row.montantTTC,
                currency=row.devise or "EUR",
                here=label(known.platform_status) if known else "",
                there=label(str(row.statut or "")),
                id_facture=row.idFacture or 0,
                subject_id=known.id if known else "",
            )
        )

    def _add(self, line: Line) -> None:
        self.counts[line.finding] += 1
        if self.counts[line.finding] <= SHOWN:
            self.lines.append(line)
