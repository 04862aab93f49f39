"""What stands on an invoice beside its lines: notes, delivery, payment, allowances, VAT, totals, attachments."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from raccord.domain.invoice_party import Address, Contact, Identifier


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A free text (BG-1) and its subject code (UNTDID 4451: AAI, REG, PMT, PMD, AAB...)."""

    text: str  # BT-22
    subject: str = ""  # BT-21
    code: str = ""  # EXTENDED: the text as a code


@dataclass(frozen=True, slots=True, kw_only=True)
class PrecedingInvoice:
    """The invoice that a credit note or a corrective invoice is about (BG-3)."""

    number: str  # BT-25
    issue_date: date | None = None  # BT-26
    type_code: str = ""  # EXT-FR-FE-02


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """An invoicing period (BG-14, BG-26), both days included."""

    start: date | None = None  # BT-73, BT-134
    end: date | None = None  # BT-74, BT-135


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """Where and when it was delivered (BG-13)."""

    name: str = ""  # BT-70
    location: Identifier | None = None  # BT-71
    day: date | None = None  # BT-72
    address: Address | None = None  # BG-15
    contact: Contact | None = None  # EXTENDED
    electronic_address: Identifier | None = None  # EXTENDED
    role: str = ""  # EXTENDED: UNTDID 3035
    trading_name: str = ""  # EXTENDED
    legal_id: Identifier | None = None  # EXTENDED
    legal_address: Address | None = None  # EXTENDED
    vat_number: str = ""  # EXTENDED


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A bank account to be credited (BG-17)."""

    iban: str  # BT-84
    name: str = ""  # BT-85
    bic: str = ""  # BT-86


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A payment card (BG-18); only the last digits of the number."""

    number: str  # BT-87
    holder: str = ""  # BT-88


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentMeans:
    """How it is to be paid (BG-16): ``code`` of UNTDID 4461 (30 transfer, 49 direct debit, 20 cheque, 10
    cash...).
    """

    code: str  # BT-81
    text: str = ""  # BT-82
    account: Account | None = None  # BG-17
    card: Card | None = None  # BG-18


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectDebit:
    """A direct debit (BG-19)."""

    mandate: str = ""  # BT-89
    creditor: str = ""  # BT-90
    debited_account: str = ""  # BT-91


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowanceCharge:
    """An allowance or a charge, of the document (BG-20, BG-21) or of a line (BG-27, BG-28: no VAT of its
    own).
    """

    is_charge: bool
    amount: Decimal | None  # BT-92, BT-99, BT-136, BT-141
    base: Decimal | None = None  # BT-93, BT-100, BT-137, BT-142
    percent: Decimal | None = None  # BT-94, BT-101, BT-138, BT-143
    vat_category: str = ""  # BT-95, BT-102
    vat_rate: Decimal | None = None  # BT-96, BT-103
    reason: str = ""  # BT-97, BT-104, BT-139, BT-144
    reason_code: str = ""  # BT-98, BT-105, BT-140, BT-145
    reason_list: str = ""  # EXTENDED: 5153 when the reason’s code names a tax other than VAT
    exemption_reason: str = ""  # EXTENDED: why no VAT is due on it
    exemption_code: str = ""  # EXTENDED: the same, as a code (VATEX)
    logistics: bool = False  # EXTENDED: carriage, which CII tells apart from other charges


@dataclass(frozen=True, slots=True, kw_only=True)
class VatBreakdown:
    """VAT of one category and rate (BG-23). The rate is a percentage: 20 means 20 %."""

    base: Decimal | None  # BT-116
    amount: Decimal | None  # BT-117
    category: str  # BT-118: S, Z, E, AE, K, G, O
    rate: Decimal | None = None  # BT-119
    exemption_reason: str = ""  # BT-120
    exemption_code: str = ""  # BT-121
    lines_base: Decimal | None = None  # EXTENDED: the part of the base that comes from the lines
    allowances_base: Decimal | None = None  # EXTENDED: the part that allowances and charges make


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """The totals of the document (BG-22), in the invoice's currency but for ``vat_accounting``."""

    lines: Decimal | None = None  # BT-106
    allowances: Decimal | None = None  # BT-107
    charges: Decimal | None = None  # BT-108
    net: Decimal | None = None  # BT-109, without VAT
    vat: Decimal | None = None  # BT-110
    vat_accounting: Decimal | None = None  # BT-111, in BT-6
    gross: Decimal | None = None  # BT-112, with VAT
    prepaid: Decimal | None = None  # BT-113
    rounding: Decimal | None = None  # BT-114
    payable: Decimal | None = None  # BT-115


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A supporting document (BG-24): its bytes, or the address where it lies."""

    reference: str  # BT-122
    description: str = ""  # BT-123
    uri: str = ""  # BT-124
    content: bytes | None = field(default=None, repr=False)  # BT-125
    mime: str = ""  # BT-125-1
    filename: str = ""  # BT-125-2
    type_code: str = ""  # EXTENDED: UNTDID 1001; empty for an ordinary supporting document (916)
