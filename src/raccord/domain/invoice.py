"""One invoice as its business terms: the European norm EN 16931, BT by BT, with what France adds.

Plain frozen dataclasses that every format reads into and writes from. Amounts are ``Decimal`` and keep the
decimals that were written; a term that is absent is ``None``, ``""`` or ``()``. Nothing here judges: an
incomplete invoice is a value like another, so that the checks can name what it lacks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from raccord.domain.identifiers import IdScheme, InvalidIdentifier, Siren, Siret

CREDIT_NOTE_TYPES = frozenset({"81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "502", "503", "532"})
"""UNTDID 1001 codes that take money back (BT-3)."""

SIRET_SCHEMES = frozenset({IdScheme.SIRET.value, "1", "SIRET"})
""""0009" is the ICD of a SIRET; "1" is what older Chorus Pro flux wrote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier:
    """A value and the scheme that gives it a sense (ISO 6523 ICD such as ``0009``; empty when unsaid)."""

    value: str
    scheme: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A postal address (BG-5, BG-8, BG-12, BG-15). BT numbers are the seller's."""

    line1: str = ""  # BT-35
    line2: str = ""  # BT-36
    line3: str = ""  # BT-162
    city: str = ""  # BT-37
    postcode: str = ""  # BT-38
    region: str = ""  # BT-39
    country: str = ""  # BT-40, ISO 3166 alpha-2


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Whom to call (BG-6 of the seller, BG-9 of the buyer)."""

    name: str = ""  # BT-41, BT-56
    phone: str = ""  # BT-42, BT-57
    email: str = ""  # BT-43, BT-58


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Seller (BG-4), buyer (BG-7), payee (BG-10), tax representative (BG-11) or agent. BT numbers: seller,
    then buyer.
    """

    name: str = ""  # BT-27, BT-44, BT-59, BT-62
    trading_name: str = ""  # BT-28, BT-45
    identifiers: tuple[Identifier, ...] = ()  # BT-29, BT-46, BT-60
    legal_id: Identifier | None = None  # BT-30, BT-47, BT-61
    vat_number: str = ""  # BT-31, BT-48, BT-63
    tax_registration: str = ""  # BT-32
    legal_information: str = ""  # BT-33
    electronic_address: Identifier | None = None  # BT-34, BT-49
    address: Address | None = None  # BG-5, BG-8, BG-12
    contact: Contact | None = None  # BG-6, BG-9

    def identifier(self, scheme: str) -> str:
        """The first identifier (BT-29/BT-46, then BT-30/BT-47) of a scheme, or ``""``."""
        for candidate in self._all_identifiers():
            if candidate.scheme == scheme:
                return candidate.value
        return ""

    @property
    def siret_text(self) -> str:
        """What stands where Chorus Pro looks for the SIRET, good or bad; ``""`` when nothing does."""
        candidates = self._all_identifiers()
        for candidate in candidates:
            if candidate.scheme in SIRET_SCHEMES:
                return candidate.value
        for candidate in candidates:
            if candidate.scheme in ("", IdScheme.SIREN.value) and _is_siret(candidate.value):
                return candidate.value
        return ""

    @property
    def siret(self) -> Siret | None:
        """The SIRET, or ``None`` when there is none or it does not have 14 digits."""
        try:
            return Siret.parse(self.siret_text)
        except InvalidIdentifier:
            return None

    @property
    def siren(self) -> Siren | None:
        """The SIREN: from the SIRET, else from the legal identifier (BT-30, scheme 0002)."""
        siret = self.siret
        if siret is not None:
            return siret.siren
        try:
            return Siren.parse(self.legal_id.value) if self.legal_id else None
        except InvalidIdentifier:
            return None

    def _all_identifiers(self) -> tuple[Identifier, ...]:
        return (*self.identifiers, self.legal_id) if self.legal_id else self.identifiers


def _is_siret(value: str) -> bool:
    return len(value) == 14 and value.isascii() and value.isdigit()


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A free text (BG-1) and its subject code (UNTDID 4451: AAI, REG, PMT, PMD, AAB...)."""

    text: str  # BT-22
    subject: str = ""  # BT-21


@dataclass(frozen=True, slots=True, kw_only=True)
class PrecedingInvoice:
    """The invoice that a credit note or a corrective invoice is about (BG-3)."""

    number: str  # BT-25
    issue_date: date | None = None  # BT-26


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


@dataclass(frozen=True, slots=True, kw_only=True)
class VatBreakdown:
    """VAT of one category and rate (BG-23). The rate is a percentage: 20 means 20 %."""

    base: Decimal | None  # BT-116
    amount: Decimal | None  # BT-117
    category: str  # BT-118: S, Z, E, AE, K, G, O
    rate: Decimal | None = None  # BT-119
    exemption_reason: str = ""  # BT-120
    exemption_code: str = ""  # BT-121


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """The price of an item (BG-29). ``net`` = ``gross`` - ``discount``, for ``base_quantity`` units."""

    net: Decimal | None = None  # BT-146
    discount: Decimal | None = None  # BT-147
    gross: Decimal | None = None  # BT-148
    base_quantity: Decimal | None = None  # BT-149
    base_unit: str = ""  # BT-150


@dataclass(frozen=True, slots=True, kw_only=True)
class Classification:
    """An item's code in a classification (BT-158), such as ``CPV``."""

    code: str
    scheme: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What is sold (BG-31)."""

    name: str = ""  # BT-153
    description: str = ""  # BT-154
    seller_id: str = ""  # BT-155
    buyer_id: str = ""  # BT-156
    standard_id: Identifier | None = None  # BT-157
    classifications: tuple[Classification, ...] = ()  # BT-158
    origin: str = ""  # BT-159
    attributes: tuple[tuple[str, str], ...] = ()  # BG-32: (BT-160 name, BT-161 value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line (BG-25)."""

    id: str  # BT-126
    note: str = ""  # BT-127
    object_id: Identifier | None = None  # BT-128
    quantity: Decimal | None = None  # BT-129
    unit: str = ""  # BT-130, UN/ECE rec 20 and 21: C62 piece, HUR hour, DAY, MTR...
    net: Decimal | None = None  # BT-131
    order_line: str = ""  # BT-132
    accounting_reference: str = ""  # BT-133
    period: Period | None = None  # BG-26
    allowances_charges: tuple[AllowanceCharge, ...] = ()  # BG-27, BG-28
    price: Price = field(default_factory=Price)  # BG-29
    vat_category: str = ""  # BT-151
    vat_rate: Decimal | None = None  # BT-152
    item: Item = field(default_factory=Item)  # BG-31


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
