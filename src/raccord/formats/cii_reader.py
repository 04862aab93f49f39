"""From CII to business terms. Paths are those of EN 16931-3-3; what the model has no term for is left aside."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from raccord.domain.invoice import (
    Account,
    AllowanceCharge,
    Attachment,
    Card,
    DirectDebit,
    Extended,
    Invoice,
    Party,
    PaymentMeans,
    PrecedingInvoice,
    Totals,
    VatBreakdown,
)
from raccord.formats import bind, summaries
from raccord.formats.cii_dialect import CII
from raccord.formats.cii_lines import line_of
from raccord.formats.cii_names import PROJECT_REFERENCE, ROOT, TYPE_OBJECT, TYPE_SUPPORTING, TYPE_TENDER, q
from raccord.formats.cii_parts import (
    allowances_of,
    day_at,
    decimal_at,
    decode,
    delivery_of,
    first,
    notes_of,
    object_of,
    part,
    party_of,
    period_at,
    text_at,
    type_of,
    vat_amounts,
)
from raccord.formats.extended_terms import EXTENDED, INSTALMENT
from raccord.formats.problems import not_an_invoice
from raccord.formats.xml import Element, Node, children, parse

_CHORUS_CADRE = re.compile(r"A[0-9]{1,2}")

__all__ = ["ROOT", "read", "read_root"]


def read(data: bytes) -> Invoice:
    """The invoice that a CII file holds. Raises :class:`ReadError` when it is no CII, or a date or an amount
    is unreadable.
    """
    return read_root(parse(data))


def read_root(element: Element) -> Invoice:
    """The same, from a parsed root element."""
    if element.tag != ROOT:
        raise not_an_invoice("la racine n’est pas CrossIndustryInvoice")
    root = Node(element)
    trade = root.find(q("rsm:SupplyChainTradeTransaction"))
    invoice = _headed(root, trade)
    invoice = _agreed(invoice, part(trade, "ApplicableHeaderTradeAgreement"))
    invoice = _delivered(invoice, part(trade, "ApplicableHeaderTradeDelivery"))
    invoice = _settled(invoice, part(trade, "ApplicableHeaderTradeSettlement"))
    return replace(invoice, extended=_extended(root, trade))


def _headed(root: Node, trade: Node | None) -> Invoice:
    """Number, date, currency, parties, notes and lines."""
    document = root.find(q("rsm:ExchangedDocument"))
    agreement = part(trade, "ApplicableHeaderTradeAgreement")
    cadre, profile = _context(root)
    currency = text_at(trade, "ApplicableHeaderTradeSettlement/InvoiceCurrencyCode")
    return Invoice(
        number=text_at(document, "ID"),
        issue_date=day_at(document, "IssueDateTime/udt:DateTimeString"),
        type_code=text_at(document, "TypeCode"),
        currency=currency,
        seller=party_of(agreement, "SellerTradeParty") or Party(),
        buyer=party_of(agreement, "BuyerTradeParty") or Party(),
        lines=tuple(line_of(line, currency) for line in children(trade, q("IncludedSupplyChainTradeLineItem"))),
        notes=notes_of(document),
        cadre=cadre,
        profile=profile,
    )


def _agreed(invoice: Invoice, agreement: Node | None) -> Invoice:
    """What was agreed before: references, other parties, attachments."""
    documents = list(children(agreement, q("AdditionalReferencedDocument")))
    return replace(
        invoice,
        service=text_at(agreement, "BuyerReference"),
        project=text_at(agreement, "SpecifiedProcuringProject/ID"),
        contract=text_at(agreement, "ContractReferencedDocument/IssuerAssignedID"),
        commitment=text_at(agreement, "BuyerOrderReferencedDocument/IssuerAssignedID"),
        sales_order=text_at(agreement, "SellerOrderReferencedDocument/IssuerAssignedID"),
        tender=first(text_at(entry, "IssuerAssignedID") for entry in documents if type_of(entry) == TYPE_TENDER) or "",
        object_id=first(object_of(entry) for entry in documents if type_of(entry) == TYPE_OBJECT),
        tax_representative=party_of(agreement, "SellerTaxRepresentativeTradeParty"),
        sales_agent=party_of(agreement, "SalesAgentTradeParty"),
        attachments=tuple(
            _attachment(entry) for entry in documents if type_of(entry) not in (TYPE_TENDER, TYPE_OBJECT)
        ),
    )


def _delivered(invoice: Invoice, delivery: Node | None) -> Invoice:
    return replace(
        invoice,
        receiving_advice=text_at(delivery, "ReceivingAdviceReferencedDocument/IssuerAssignedID"),
        despatch_advice=text_at(delivery, "DespatchAdviceReferencedDocument/IssuerAssignedID"),
        delivery=delivery_of(delivery),
    )


def _settled(invoice: Invoice, settlement: Node | None) -> Invoice:
    """What is to be paid, how and when."""
    taxes = list(children(settlement, q("ApplicableTradeTax")))
    terms = list(children(settlement, q("SpecifiedTradePaymentTerms")))
    return replace(
        invoice,
        totals=_totals(settlement, invoice.currency),
        vat=tuple(_vat(tax) for tax in taxes),
        accounting_currency=text_at(settlement, "TaxCurrencyCode"),
        tax_point_date=first(day_at(tax, "TaxPointDate/udt:DateString") for tax in taxes),
        tax_point_code=first(text_at(tax, "DueDateTypeCode") for tax in taxes) or "",
        due_date=first(day_at(term, "DueDateDateTime/udt:DateTimeString") for term in terms),
        accounting_reference=text_at(settlement, "ReceivableSpecifiedTradeAccountingAccount/ID"),
        payment_terms="\n".join(filter(None, (text_at(term, "Description") for term in terms))),
        preceding=tuple(_preceding(entry) for entry in children(settlement, q("InvoiceReferencedDocument"))),
        payee=party_of(settlement, "PayeeTradeParty"),
        period=period_at(settlement),
        payment_means=tuple(_means(entry) for entry in _all_means(settlement)),
        remittance=text_at(settlement, "PaymentReference"),
        direct_debit=_direct_debit(settlement, terms),
        allowances_charges=(*allowances_of(settlement), *_logistics(settlement)),
    )


def _extended(root: Node, trade: Node | None) -> Extended | None:
    """What the document says beyond the norm, or ``None``."""
    told: Extended | None = bind.read(EXTENDED, root, CII)
    name = text_at(trade, "ApplicableHeaderTradeAgreement/SpecifiedProcuringProject/Name")
    name = "" if name == PROJECT_REFERENCE else name
    elements = children(trade, q("ApplicableHeaderTradeSettlement/SpecifiedTradePaymentTerms"))
    instalments = summaries.worth_telling(
        tuple(filter(None, (bind.read(INSTALMENT, element, CII) for element in elements)))
    )
    if not (name or instalments):
        return told
    return replace(told or Extended(), project_name=name, instalments=instalments)


def _context(root: Node) -> tuple[str, str]:
    """BT-23 and BT-24. Older Chorus Pro exports put the cadre in the guideline: it is read as the cadre that
    it is.
    """
    context = root.find(q("rsm:ExchangedDocumentContext"))
    cadre = text_at(context, "BusinessProcessSpecifiedDocumentContextParameter/ID")
    profile = text_at(context, "GuidelineSpecifiedDocumentContextParameter/ID")
    if not cadre and _CHORUS_CADRE.fullmatch(profile):
        return profile, ""
    return cadre, profile


def _all_means(settlement: Node | None) -> Iterable[Node]:
    return children(settlement, q("SpecifiedTradeSettlementPaymentMeans"))


def _means(element: Node) -> PaymentMeans:
    card = part(element, "ApplicableTradeSettlementFinancialCard")
    return PaymentMeans(
        code=text_at(element, "TypeCode"),
        text=text_at(element, "Information"),
        account=_account(element),
        card=None if card is None else Card(number=text_at(card, "ID"), holder=text_at(card, "CardholderName")),
    )


def _account(means: Node) -> Account | None:
    element = part(means, "PayeePartyCreditorFinancialAccount")
    bic = text_at(means, "PayeeSpecifiedCreditorFinancialInstitution/BICID")
    number = text_at(element, "IBANID") or text_at(element, "ProprietaryID")
    name = text_at(element, "AccountName")
    return Account(iban=number, name=name, bic=bic) if number or name or bic else None


def _direct_debit(settlement: Node | None, terms: list[Node]) -> DirectDebit | None:
    mandate = first(text_at(term, "DirectDebitMandateID") for term in terms) or ""
    creditor = text_at(settlement, "CreditorReferenceID")
    debited = first(text_at(means, "PayerPartyDebtorFinancialAccount/IBANID") for means in _all_means(settlement)) or ""
    if not (mandate or creditor or debited):
        return None
    return DirectDebit(mandate=mandate, creditor=creditor, debited_account=debited)


def _logistics(settlement: Node | None) -> Iterable[AllowanceCharge]:
    """Transport costs of the EXTENDED profile: charges under another name, counted in BT-108."""
    for element in children(settlement, q("SpecifiedLogisticsServiceCharge")):
        yield AllowanceCharge(
            is_charge=True,
            amount=decimal_at(element, "AppliedAmount"),
            vat_category=text_at(element, "AppliedTradeTax/CategoryCode"),
            vat_rate=decimal_at(element, "AppliedTradeTax/RateApplicablePercent"),
            reason=text_at(element, "Description"),
            exemption_reason=text_at(element, "AppliedTradeTax/ExemptionReason"),
            exemption_code=text_at(element, "AppliedTradeTax/ExemptionReasonCode"),
            logistics=True,
        )


def _vat(element: Node) -> VatBreakdown:
    return VatBreakdown(
        base=decimal_at(element, "BasisAmount"),
        amount=decimal_at(element, "CalculatedAmount"),
        category=text_at(element, "CategoryCode"),
        rate=decimal_at(element, "RateApplicablePercent"),
        exemption_reason=text_at(element, "ExemptionReason"),
        exemption_code=text_at(element, "ExemptionReasonCode"),
        lines_base=decimal_at(element, "LineTotalBasisAmount"),
        allowances_base=decimal_at(element, "AllowanceChargeBasisAmount"),
    )


def _totals(settlement: Node | None, currency: str) -> Totals:
    element = part(settlement, "SpecifiedTradeSettlementHeaderMonetarySummation")
    vat, vat_accounting = vat_amounts(children(element, q("TaxTotalAmount")), currency)
    return Totals(
        lines=decimal_at(element, "LineTotalAmount"),
        allowances=decimal_at(element, "AllowanceTotalAmount"),
        charges=decimal_at(element, "ChargeTotalAmount"),
        net=decimal_at(element, "TaxBasisTotalAmount"),
        vat=vat,
        vat_accounting=vat_accounting,
        gross=decimal_at(element, "GrandTotalAmount"),
        prepaid=decimal_at(element, "TotalPrepaidAmount"),
        rounding=decimal_at(element, "RoundingAmount"),
        payable=decimal_at(element, "DuePayableAmount"),
    )


def _preceding(document: Node) -> PrecedingInvoice:
    return PrecedingInvoice(
        number=text_at(document, "IssuerAssignedID"),
        issue_date=day_at(document, "FormattedIssueDateTime/qdt:DateTimeString"),
        type_code=type_of(document),
    )


def _attachment(document: Node) -> Attachment:
    binary = part(document, "AttachmentBinaryObject")
    return Attachment(
        reference=text_at(document, "IssuerAssignedID"),
        description=text_at(document, "Name"),
        uri=text_at(document, "URIID"),
        content=None if binary is None else decode(binary.text or ""),
        mime="" if binary is None else binary.get("mimeCode", ""),
        filename="" if binary is None else binary.get("filename", ""),
        type_code="" if type_of(document) == TYPE_SUPPORTING else type_of(document),
    )
