"""Where the terms of the EXTENDED profiles stand, in CII and in UBL: the tables that ``bind`` reads and writes by.

CII paths are those of Factur-X EXTENDED; UBL paths those of the French EXTENDED-CTC-FR where it has one, else the
element of UBL 2.1 made for the same thing. A term without path has no place there, and is then told as a loss.
Rows of one table follow the order of the CII schema.
"""

from __future__ import annotations

from raccord.domain.invoice import (
    Adjustment,
    ExchangeRate,
    Extended,
    Instalment,
    PaymentCondition,
    Prepayment,
    Reference,
    VatBreakdown,
)
from raccord.formats.bind import Kind, Table, Term

_DOCUMENT = "rsm:ExchangedDocument"
_AGREEMENT = "rsm:SupplyChainTradeTransaction/ApplicableHeaderTradeAgreement"
_DELIVERY = "rsm:SupplyChainTradeTransaction/ApplicableHeaderTradeDelivery"
_SETTLEMENT = "rsm:SupplyChainTradeTransaction/ApplicableHeaderTradeSettlement"
DATED = "FormattedIssueDateTime/qdt:DateTimeString"
_BUYER, _SELLER = "AccountingCustomerParty/Party", "AccountingSupplierParty/Party"


def _condition(amount: str, ubl_percent: str, ubl_amount: str, ubl_period: str) -> Table:
    return Table(
        PaymentCondition,
        (
            Term("day", "BasisDateTime/udt:DateTimeString", f"{ubl_period}/:StartDate", Kind.DAY),
            Term("period", "BasisPeriodMeasure", f"{ubl_period}/:DurationMeasure", Kind.MEASURE, unit="period_unit"),
            Term("base", "BasisAmount", "", Kind.AMOUNT),
            Term("percent", "CalculationPercent", ubl_percent, Kind.NUMBER),
            Term("amount", amount, ubl_amount, Kind.AMOUNT),
        ),
    )


PENALTY = _condition("ActualPenaltyAmount", ":PenaltySurchargePercent", ":PenaltyAmount", "PenaltyPeriod")
DISCOUNT = _condition(
    "ActualDiscountAmount", ":SettlementDiscountPercent", ":SettlementDiscountAmount", "SettlementPeriod"
)

INSTALMENT = Table(
    Instalment,
    (
        Term("text", "Description", ":Note"),
        Term("due_date", "DueDateDateTime/udt:DateTimeString", ":PaymentDueDate", Kind.DAY),
        Term("amount", "PartialPaymentAmount", ":Amount", Kind.AMOUNT),
        Term("penalty", "ApplicableTradePaymentPenaltyTerms", ".", Kind.ONE, table=PENALTY),
        Term("discount", "ApplicableTradePaymentDiscountTerms", ".", Kind.ONE, table=DISCOUNT),
        Term("payee", "PayeeTradeParty", "", Kind.PARTY),
    ),
)
"""One element of payment terms; the readers and writers of both syntaxes add BT-9, BT-20 and BT-89 themselves."""

REFERENCE = Table(
    Reference,
    (
        Term("number", "IssuerAssignedID"),
        Term("uri", "URIID"),
        Term("line", "LineID"),
        Term("type_code", "TypeCode"),
        Term("name", "Name"),
        Term("content", "AttachmentBinaryObject", kind=Kind.BINARY),
        Term("scheme", "ReferenceTypeCode"),
        Term("day", DATED, "", Kind.DAY),
    ),
)

TAX = Table(
    VatBreakdown,
    (
        Term("amount", "CalculatedAmount", "", Kind.NUMBER),
        Term("exemption_reason", "ExemptionReason"),
        Term("base", "BasisAmount", "", Kind.NUMBER),
        Term("category", "CategoryCode"),
        Term("exemption_code", "ExemptionReasonCode"),
        Term("rate", "RateApplicablePercent", "", Kind.NUMBER),
    ),
    blank={"base": None, "amount": None, "category": ""},
)

_PREPAYMENT = Table(
    Prepayment,
    (
        Term("amount", "PaidAmount", ":PaidAmount", Kind.AMOUNT),
        Term("day", "FormattedReceivedDateTime/qdt:DateTimeString", ":ReceivedDate", Kind.DAY),
        Term("vat", "IncludedTradeTax", "", Kind.MANY, table=TAX),
        Term("reference", "InvoiceSpecifiedReferencedDocument/IssuerAssignedID", ":ID"),
        Term("invoice_type", "InvoiceSpecifiedReferencedDocument/TypeCode"),
        Term("invoice_date", f"InvoiceSpecifiedReferencedDocument/{DATED}", "", Kind.DAY),
        Term("text", "", ":InstructionID"),
    ),
)

_EXCHANGE = Table(
    ExchangeRate,
    (
        Term("source", "SourceCurrencyCode", ":SourceCurrencyCode"),
        Term("target", "TargetCurrencyCode", ":TargetCurrencyCode"),
        Term("rate", "ConversionRate", ":CalculationRate", Kind.NUMBER),
        Term("day", "ConversionRateDateTime/udt:DateTimeString", ":Date", Kind.DAY),
    ),
)

_ADJUSTMENT = Table(Adjustment, (Term("reason", "Reason"), Term("amount", "ActualAmount", "", Kind.NUMBER)))

_CONTEXT_TERMS = (
    Term("is_test", "rsm:ExchangedDocumentContext/TestIndicator/udt:Indicator", "", Kind.FLAG),
    Term("name", f"{_DOCUMENT}/Name"),
    Term("is_copy", f"{_DOCUMENT}/CopyIndicator/udt:Indicator", ":CopyIndicator", Kind.FLAG),
    Term("language", f"{_DOCUMENT}/LanguageID"),
    Term(
        "effective_date",
        f"{_DOCUMENT}/EffectiveSpecifiedPeriod/CompleteDateTime/udt:DateTimeString",
        "",
        Kind.DAY,
    ),
)

_PARTY_TERMS = (
    Term("buyer_tax_representative", f"{_AGREEMENT}/BuyerTaxRepresentativeTradeParty", "", Kind.PARTY),
    Term("end_user", f"{_AGREEMENT}/ProductEndUserTradeParty", "", Kind.PARTY),
    Term("buyer_agent", f"{_AGREEMENT}/BuyerAgentTradeParty", f"{_BUYER}/AgentParty", Kind.PARTY),
    Term("ultimate_delivery", f"{_DELIVERY}/UltimateShipToTradeParty", "", Kind.PARTY),
    Term("ship_from", f"{_DELIVERY}/ShipFromTradeParty", "", Kind.PARTY),
    Term("invoicer", f"{_SETTLEMENT}/InvoicerTradeParty", f"{_SELLER}/ServiceProviderParty/Party", Kind.PARTY),
    Term("invoicee", f"{_SETTLEMENT}/InvoiceeTradeParty", f"{_BUYER}/ServiceProviderParty/Party", Kind.PARTY),
    Term("payer", f"{_SETTLEMENT}/PayerTradeParty", "?PaymentMeans/PaymentMandate/PayerParty", Kind.PARTY),
)

_REFERENCE_TERMS = (
    Term("sales_order_date", f"{_AGREEMENT}/?SellerOrderReferencedDocument/{DATED}", "", Kind.DAY),
    Term(
        "order_date",
        f"{_AGREEMENT}/?BuyerOrderReferencedDocument/{DATED}",
        "?OrderReference/:IssueDate",
        Kind.DAY,
    ),
    Term("quotation", f"{_AGREEMENT}/QuotationReferencedDocument", "", Kind.ONE, table=REFERENCE),
    Term(
        "contract_type",
        f"{_AGREEMENT}/?ContractReferencedDocument/ReferenceTypeCode",
        "?ContractDocumentReference/:DocumentType",
    ),
    Term(
        "contract_date",
        f"{_AGREEMENT}/?ContractReferencedDocument/{DATED}",
        "?ContractDocumentReference/:IssueDate",
        Kind.DAY,
    ),
    Term("customer_orders", f"{_AGREEMENT}/UltimateCustomerOrderReferencedDocument", "", Kind.MANY, table=REFERENCE),
    Term(
        "despatch_date",
        f"{_DELIVERY}/?DespatchAdviceReferencedDocument/{DATED}",
        "?DespatchDocumentReference/:IssueDate",
        Kind.DAY,
    ),
    Term(
        "receiving_date",
        f"{_DELIVERY}/?ReceivingAdviceReferencedDocument/{DATED}",
        "?ReceiptDocumentReference/:IssueDate",
        Kind.DAY,
    ),
    Term("delivery_note", f"{_DELIVERY}/DeliveryNoteReferencedDocument", "", Kind.ONE, table=REFERENCE),
)

_DELIVERY_TERMS = (
    Term("incoterms", f"{_AGREEMENT}/ApplicableTradeDeliveryTerms/DeliveryTypeCode", "DeliveryTerms/:ID"),
    Term(
        "incoterms_place",
        f"{_AGREEMENT}/?ApplicableTradeDeliveryTerms/RelevantTradeLocation/Name",
        "DeliveryTerms/DeliveryLocation/:Name",
    ),
    Term("incoterms_country", f"{_AGREEMENT}/?ApplicableTradeDeliveryTerms/RelevantTradeLocation/CountryID"),
    Term(
        "transport_mode",
        f"{_DELIVERY}/RelatedSupplyChainConsignment/SpecifiedLogisticsTransportMovement/ModeCode",
    ),
)

_SETTLEMENT_TERMS = (
    Term(
        "debited_name",
        f"{_SETTLEMENT}/?SpecifiedTradeSettlementPaymentMeans/?PayerPartyDebtorFinancialAccount/AccountName",
        "?PaymentMeans/?PaymentMandate/?PayerFinancialAccount/:Name",
    ),
    Term(
        "debited_bic",
        f"{_SETTLEMENT}/?SpecifiedTradeSettlementPaymentMeans/PayerSpecifiedDebtorFinancialInstitution/BICID",
        "?PaymentMeans/?PaymentMandate/?PayerFinancialAccount/FinancialInstitutionBranch/:ID",
    ),
    Term("period_text", f"{_SETTLEMENT}/?BillingSpecifiedPeriod/Description", "?InvoicePeriod/:Description"),
    Term("account_type", f"{_SETTLEMENT}/?ReceivableSpecifiedTradeAccountingAccount/TypeCode"),
    Term("issuer_reference", f"{_SETTLEMENT}/InvoiceIssuerReference"),
    Term("exchange", f"{_SETTLEMENT}/TaxApplicableTradeCurrencyExchange", "TaxExchangeRate", Kind.ONE, table=_EXCHANGE),
    Term("adjustments", f"{_SETTLEMENT}/SpecifiedFinancialAdjustment", "", Kind.MANY, table=_ADJUSTMENT),
    Term(
        "prepayments",
        f"{_SETTLEMENT}/SpecifiedAdvancePayment",
        "PrepaidPayment",
        Kind.MANY,
        table=_PREPAYMENT,
        cii_needs="vat",
    ),
)

EXTENDED = Table(Extended, (*_CONTEXT_TERMS, *_PARTY_TERMS, *_REFERENCE_TERMS, *_DELIVERY_TERMS, *_SETTLEMENT_TERMS))
"""The document, from its root. ``instalments`` and ``project_name`` are the writers’ own: the norm has a part in
them.
"""
