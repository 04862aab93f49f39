"""One invoice as its business terms: the European norm EN 16931, BT by BT, with what France adds.

Plain frozen dataclasses that every format reads into and writes from. Amounts are ``Decimal`` and keep the
decimals that were written; a term that is absent is ``None``, ``""`` or ``()``. Nothing here judges: an
incomplete invoice is a value like another, so that the checks can name what it lacks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from raccord.domain.identifiers import Siret
from raccord.domain.invoice_extended import (
    Adjustment,
    ExchangeRate,
    Extended,
    Instalment,
    Instance,
    LineExtended,
    Measure,
    Part,
    PaymentCondition,
    Prepayment,
    Reference,
)
from raccord.domain.invoice_line import (
    Classification,
    Item,
    Line,
    Price,
)
from raccord.domain.invoice_party import (
    SIRET_SCHEMES,
    Address,
    Contact,
    Identifier,
    Party,
)
from raccord.domain.invoice_terms import (
    Account,
    AllowanceCharge,
    Attachment,
    Card,
    Delivery,
    DirectDebit,
    Note,
    PaymentMeans,
    Period,
    PrecedingInvoice,
    Totals,
    VatBreakdown,
)

__all__ = [
    "CREDIT_NOTE_TYPES",
    "SIRET_SCHEMES",
    "Account",
    "Address",
    "Adjustment",
    "AllowanceCharge",
    "Attachment",
    "Card",
    "Classification",
    "Contact",
    "Delivery",
    "DirectDebit",
    "ExchangeRate",
    "Extended",
    "Identifier",
    "Instalment",
    "Instance",
    "Invoice",
    "Item",
    "Line",
    "LineExtended",
    "Measure",
    "Note",
    "Part",
    "Party",
    "PaymentCondition",
    "PaymentMeans",
    "Period",
    "PrecedingInvoice",
    "Prepayment",
    "Price",
    "Reference",
    "Totals",
    "VatBreakdown",
]

CREDIT_NOTE_TYPES = frozenset({"81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "502", "503", "532"})
"""UNTDID 1001 codes that take money back (BT-3)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """An invoice or a credit note, whole."""

    number: str  # BT-1
    issue_date: date | None  # BT-2
    type_code: str  # BT-3, UNTDID 1001: 380 invoice, 381 credit note, 384 corrective, 386 prepayment
    currency: str  # BT-5, ISO 4217
    seller: Party  # BG-4
    buyer: Party  # BG-7
    totals: Totals = field(default_factory=Totals)  # BG-22
    lines: tuple[Line, ...] = ()  # BG-25
    vat: tuple[VatBreakdown, ...] = ()  # BG-23
    accounting_currency: str = ""  # BT-6
    tax_point_date: date | None = None  # BT-7
    tax_point_code: str = ""  # BT-8, UNTDID 2475 as in CII: 5 issue, 29 delivery, 72 payment
    due_date: date | None = None  # BT-9
    service: str = ""  # BT-10: for Chorus Pro, the code of the service exécutant
    project: str = ""  # BT-11
    contract: str = ""  # BT-12: numéro de marché
    commitment: str = ""  # BT-13: numéro d'engagement juridique
    sales_order: str = ""  # BT-14
    receiving_advice: str = ""  # BT-15
    despatch_advice: str = ""  # BT-16
    tender: str = ""  # BT-17
    object_id: Identifier | None = None  # BT-18
    accounting_reference: str = ""  # BT-19
    payment_terms: str = ""  # BT-20
    notes: tuple[Note, ...] = ()  # BG-1
    cadre: str = ""  # BT-23: cadre de facturation, A1 ... A25 (historic channel), S1 ... (AFNOR)
    profile: str = ""  # BT-24
    preceding: tuple[PrecedingInvoice, ...] = ()  # BG-3
    payee: Party | None = None  # BG-10
    tax_representative: Party | None = None  # BG-11
    sales_agent: Party | None = None  # EXT-FR-FE-BG-03: who validates a subcontractor's invoice (A9, A12)
    delivery: Delivery | None = None  # BG-13
    period: Period | None = None  # BG-14
    payment_means: tuple[PaymentMeans, ...] = ()  # BG-16
    remittance: str = ""  # BT-83
    direct_debit: DirectDebit | None = None  # BG-19
    allowances_charges: tuple[AllowanceCharge, ...] = ()  # BG-20, BG-21
    attachments: tuple[Attachment, ...] = ()  # BG-24
    extended: Extended | None = None  # what the EXTENDED profiles add

    @property
    def is_credit_note(self) -> bool:
        """True when the type code (BT-3) takes money back."""
        return self.type_code in CREDIT_NOTE_TYPES

    @property
    def supplier_siret(self) -> Siret | None:
        """SIRET of the seller."""
        return self.seller.siret

    @property
    def recipient_siret(self) -> Siret | None:
        """SIRET of the public body."""
        return self.buyer.siret

    @property
    def issue_year(self) -> int | None:
        """The year that counts in Chorus Pro's uniqueness triplet (`specifications/flux.md §7`)."""
        return self.issue_date.year if self.issue_date else None

    @property
    def payable(self) -> Decimal | None:
        """Amount due for payment (BT-115)."""
        return self.totals.payable
