"""What the outbox asks of the checks: the faults of a file, and the invoice read in it."""

from typing import Any, Protocol

from raccord.checks import CheckReport
from raccord.domain.connection import Connection
from raccord.domain.invoice import Invoice


class Checker(Protocol):
    """Checks a file by its bytes and its name, for the connection that will carry it ("" when none does yet).

    Who has read that connection gives it rather than its identifier: it is not read again.
    """

    def __call__(self, data: bytes, filename: str, through: Connection | str = "") -> CheckReport:
        """What is wrong with the file, and the invoice read in it."""


def columns_of(invoice: Invoice) -> dict[str, Any]:
    """The columns of a deposit that come from the invoice."""
    seller, buyer = invoice.seller, invoice.buyer
    siret = str(seller.siret or seller.siret_text)[:18]
    return {
        "number": invoice.number[:60],
        "issue_date": invoice.issue_date,
        "issue_year": invoice.issue_year,
        "supplier_siren": siret[:9],
        "supplier_siret": siret,
        "supplier_name": seller.name[:200],
        "recipient_siret": str(buyer.siret or buyer.siret_text)[:18],
        "recipient_name": buyer.name[:200],
        "service_code": invoice.service[:100],
        "commitment": invoice.commitment[:60],
        "market": invoice.contract[:60],
        "type_code": invoice.type_code[:10],
        "cadre": invoice.cadre[:10],
        "currency": invoice.currency[:3],
        "amount_due": _cents(invoice.totals.payable),
        "amount_total": _cents(invoice.totals.gross),
    }


def _cents(amount: Any) -> Any:
    """Screens count in cents; an amount finer than that is a fault of its own, told by the checks."""
    return None if amount is None else amount.quantize(amount.__class__("0.01"))
