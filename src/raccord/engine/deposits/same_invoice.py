"""Whether an invoice that Chorus Pro shows is the one of a deposit, by what both say of it."""

from decimal import Decimal

from choruspro.models.factures_emises import RetourRechercherFactureParFournisseur as Row
from raccord.domain.deposit import Deposit
from raccord.domain.faults import Fault

DUPLICATE = "REJ-NUM-02"
"""The code of the fault that tells a refusal as a duplicate (`checks/platform_errors.py`)."""


def same_invoice(row: Row, deposit: Deposit) -> bool:
    """Whether number, supplier, day, recipient and amounts are the same.

    A number given again to another recipient or for other amounts is another invoice: a person must be told. What the
    platform does not say is not held against the invoice, except its total and its day.
    """
    return (
        row.numeroFacture == deposit.number
        and (row.codeFournisseur or "")[:9] in ("", deposit.supplier_siret[:9])
        and row.dateFacture is not None
        and row.dateFacture == deposit.issue_date
        and row.codeDestinataire in (None, "", deposit.recipient_siret)
        and row.devise in (None, "", deposit.currency)
        and row.montantTTC is not None
        and _equal(row.montantTTC, deposit.amount_total)
        and (row.montantAPayer is None or _equal(row.montantAPayer, deposit.amount_due))
    )


def refused_as_duplicate(faults: tuple[Fault, ...]) -> bool:
    """Whether Chorus Pro refused this deposit because it already holds the number."""
    return any(fault.code == DUPLICATE for fault in faults)


def _equal(told: Decimal, ours: Decimal | None) -> bool:
    """Credit notes are negative on one side and not on the other, depending on the operation."""
    return ours is not None and abs(told) == abs(ours)
