"""What the EXTENDED profiles add to the European norm: terms that few invoices say, and that none should lose.

``EXT-FR-FE`` numbers are those of the French EXTENDED-CTC-FR; ``EXTENDED`` alone is Factur-X. Some terms exist at
both levels: EN 16931 has one sentence for the payment terms, one note for a line, one discount for a price, where
EXTENDED has several. The norm's term always holds the summary, so that nobody needs to look here to read an
invoice; the details stand here only when they say more.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from raccord.domain.invoice_party import Identifier, Party
from raccord.domain.invoice_terms import AllowanceCharge, Delivery, Note, VatBreakdown


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentCondition:
    """A discount for paying early, or a penalty for paying late (EXTENDED)."""

    percent: Decimal | None = None  # in percent of the base
    base: Decimal | None = None  # the amount it is computed on
    amount: Decimal | None = None  # the amount itself
    period: Decimal | None = None  # within (discount) or beyond (penalty) how long
    period_unit: str = ""  # UN/ECE rec 20: DAY, WEE, MON
    day: date | None = None  # the day from which the period runs


@dataclass(frozen=True, slots=True, kw_only=True)
class Instalment:
    """One of several payments, or the one payment when it bears a discount or a penalty (EXTENDED)."""

    text: str = ""  # its part of BT-20
    due_date: date | None = None  # the first is BT-9
    amount: Decimal | None = None  # what is to be paid that day
    penalty: PaymentCondition | None = None  # for paying late
    discount: PaymentCondition | None = None  # for paying early: escompte
    payee: Party | None = None  # to whom this one is paid, when it is another than BG-10


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepayment:
    """An advance already received (EXTENDED): a part of BT-113."""

    amount: Decimal | None = None  # what was paid, VAT included
    day: date | None = None  # when it was received
    reference: str = ""  # the number of the payment, or of its invoice
    invoice_type: str = ""  # UNTDID 1001, of that invoice
    invoice_date: date | None = None  # its date
    text: str = ""  # what it was for
    vat: tuple[VatBreakdown, ...] = ()  # the VAT that it contains


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeRate:
    """The rate between BT-5 and BT-6 (EXTENDED)."""

    source: str = ""  # ISO 4217, BT-5
    target: str = ""  # ISO 4217, BT-6
    rate: Decimal | None = None  # how much of the target one unit of the source is worth
    day: date | None = None  # the day of the rate


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """Another document (EXTENDED)."""

    number: str = ""  # its number
    line: str = ""  # one of its lines
    day: date | None = None  # its date
    type_code: str = ""  # UNTDID 1001
    name: str = ""  # what it is called
    scheme: str = ""  # UNTDID 1153
    uri: str = ""  # where it lies
    content: bytes | None = field(default=None, repr=False)  # the document itself
    mime: str = ""  # its type
    filename: str = ""  # its name


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """An amount outside VAT that changes the payable (EXTENDED)."""

    reason: str = ""  # why
    amount: Decimal | None = None  # signed


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """An attribute of an item with a code or a measure, where BG-32 has words only."""

    name: str = ""  # BT-160
    value: str = ""  # BT-161
    code: str = ""  # EXT-FR-FE-159
    measure: Decimal | None = None  # EXT-FR-FE-160
    unit: str = ""  # EXT-FR-FE-161


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One of the products that a set is made of (EXTENDED)."""

    name: str = ""  # what it is called
    description: str = ""  # more about it
    standard_id: Identifier | None = None  # such as a GTIN, scheme 0160
    seller_id: str = ""  # the seller’s reference
    buyer_id: str = ""  # the buyer’s reference
    product_id: str = ""  # an identifier without a scheme
    industry_id: str = ""  # the reference of the trade
    quantity: Decimal | None = None  # how many in one set
    unit: str = ""  # UN/ECE rec 20 and 21


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """One object among those that a line sells (EXTENDED)."""

    batch: str = ""  # the lot it comes from
    serial: str = ""  # its serial number


@dataclass(frozen=True, slots=True, kw_only=True)
class LineExtended:
    """What the EXTENDED profiles add to a line."""

    parent_line: str = ""  # EXTENDED: the line that this one details
    status: str = ""  # EXTENDED: UNTDID 1229
    subtype: str = ""  # EXT-FR-FE-163: DETAIL, GROUP or INFORMATION
    notes: tuple[Note, ...] = ()  # EXT-FR-FE-183: when there are several, or with a subject; BT-127 has the words
    price_allowances: tuple[AllowanceCharge, ...] = ()  # EXT-FR-FE-195, 196: what BT-147 sums up
    order: str = ""  # EXT-FR-FE-135: the order whose line is BT-132
    order_date: date | None = None  # EXT-FR-FE-200
    sales_order: str = ""  # EXT-FR-FE-144
    sales_order_line: str = ""  # EXT-FR-FE-145
    sales_order_date: date | None = None  # EXTENDED
    customer_orders: tuple[Reference, ...] = ()  # EXTENDED: orders of the buyer’s own customers
    quotation: Reference | None = None  # EXTENDED: devis
    contract: Reference | None = None  # EXTENDED: contrat ou marché
    despatch_advice: Reference | None = None  # EXT-FR-FE-140, 141
    receiving_advice: Reference | None = None  # EXTENDED
    delivery_note: Reference | None = None  # EXTENDED: bon de livraison
    preceding: Reference | None = None  # EXT-FR-FE-136 to 139: the line of the invoice that is corrected
    documents: tuple[Reference, ...] = ()  # EXTENDED: other documents about the line
    incoterms: str = ""  # EXT-FR-FE-193
    incoterms_place: str = ""  # EXT-FR-FE-194
    incoterms_country: str = ""  # EXTENDED: ISO 3166
    free_quantity: Decimal | None = None  # EXTENDED: delivered beside BT-129, not invoiced
    free_unit: str = ""  # its unit
    package_quantity: Decimal | None = None  # EXTENDED: number of packages
    package_unit: str = ""  # the kind of package, UN/ECE rec 21
    per_package: Decimal | None = None  # EXTENDED: how many units one package holds
    per_package_unit: str = ""  # its unit
    delivery: Delivery | None = None  # EXT-FR-FE-158, EXT-FR-FE-BG-10
    ultimate_delivery: Party | None = None  # EXTENDED: where the goods go in the end
    seller: Party | None = None  # EXT-FR-FE-BG-12: who sells this item, on behalf of whom BG-4 invoices
    vat: Decimal | None = None  # EXT-FR-FE-181: VAT of the line, in BT-5
    vat_accounting: Decimal | None = None  # EXT-FR-FE-182: the same in BT-6
    gross: Decimal | None = None  # EXT-FR-FE-184: the line with VAT
    charges: Decimal | None = None  # EXTENDED: sum of BG-28
    allowances: Decimal | None = None  # EXTENDED: sum of BG-27
    allowances_charges: Decimal | None = None  # EXTENDED: sum of both, signed
    category_vat: Decimal | None = None  # EXTENDED: VAT of the line, beside its category
    exemption_reason: str = ""  # EXTENDED: why no VAT is due on the line
    exemption_code: str = ""  # EXTENDED: the same, as a code (VATEX)
    tax_point_code: str = ""  # EXTENDED: BT-8 for the line alone
    price_vat: VatBreakdown | None = None  # EXTENDED: VAT that the net price contains
    account_type: str = ""  # EXTENDED: what kind of account BT-133 is
    manufacturer: Party | None = None  # EXTENDED
    brand: str = ""  # EXTENDED
    model: str = ""  # EXTENDED
    product_id: str = ""  # EXTENDED: an identifier without a scheme
    industry_id: str = ""  # EXTENDED: the reference of the trade
    model_id: str = ""  # EXTENDED: the reference of the model
    batches: tuple[str, ...] = ()  # EXTENDED: lots
    instances: tuple[Instance, ...] = ()  # EXTENDED: the very objects that are sold
    measures: tuple[Measure, ...] = ()  # attributes with a code or a measure
    parts: tuple[Part, ...] = ()  # EXTENDED: what a set is made of


@dataclass(frozen=True, slots=True, kw_only=True)
class Extended:
    """What the EXTENDED profiles add to the document."""

    is_test: bool | None = None  # EXTENDED: true for a test, which is never to be paid
    is_copy: bool | None = None  # EXTENDED: true for a copy
    name: str = ""  # EXTENDED: what the document is called
    language: str = ""  # EXTENDED: ISO 639
    effective_date: date | None = None  # EXTENDED: the due date that the contract gives
    buyer_agent: Party | None = None  # EXT-FR-FE-BG-01
    payer: Party | None = None  # EXT-FR-FE-BG-02: who pays in the place of the buyer
    invoicee: Party | None = None  # EXT-FR-FE-BG-04: to whom the invoice is sent in the place of the buyer
    invoicer: Party | None = None  # EXT-FR-FE-BG-05: who invoices in the place of the seller
    buyer_tax_representative: Party | None = None  # EXTENDED
    end_user: Party | None = None  # EXTENDED: who uses what is sold
    ultimate_delivery: Party | None = None  # EXTENDED: where the goods go in the end
    ship_from: Party | None = None  # EXTENDED: whence they come
    contract_type: str = ""  # EXT-FR-FE-01: of BT-12, MARCHE or CONTRAT
    contract_date: date | None = None  # EXT-FR-FE-199
    order_date: date | None = None  # EXT-FR-FE-197: of BT-13
    sales_order_date: date | None = None  # EXTENDED: of BT-14
    despatch_date: date | None = None  # EXT-FR-FE-198: of BT-16
    receiving_date: date | None = None  # EXTENDED: of BT-15
    quotation: Reference | None = None  # EXTENDED: devis
    delivery_note: Reference | None = None  # EXTENDED: bon de livraison
    customer_orders: tuple[Reference, ...] = ()  # EXTENDED: orders of the buyer’s own customers
    project_name: str = ""  # EXTENDED: of BT-11
    issuer_reference: str = ""  # EXTENDED: the seller’s own reference
    incoterms: str = ""  # EXT-FR-FE-185
    incoterms_place: str = ""  # EXT-FR-FE-186
    incoterms_country: str = ""  # EXTENDED: ISO 3166
    transport_mode: str = ""  # EXTENDED: UN/ECE rec 19
    period_text: str = ""  # EXTENDED: BG-14 in words
    debited_name: str = ""  # EXTENDED: in whose name BT-91 stands
    debited_bic: str = ""  # EXTENDED: the bank of BT-91
    account_type: str = ""  # EXTENDED: what kind of account BT-19 is
    exchange: ExchangeRate | None = None  # EXTENDED: between BT-5 and BT-6
    instalments: tuple[Instalment, ...] = ()  # EXTENDED: what BT-9 and BT-20 sum up
    prepayments: tuple[Prepayment, ...] = ()  # EXTENDED: what BT-113 sums up
    adjustments: tuple[Adjustment, ...] = ()  # EXTENDED: changes of the payable outside VAT
