"""From business terms to CII, in the order that the schemas D16B, D22B and Factur-X share."""

from __future__ import annotations

import base64
import re

from lxml import etree

from raccord.domain.invoice import Attachment, Instalment, Invoice, PaymentMeans, Totals, VatBreakdown
from raccord.formats import bind_writer, summaries
from raccord.formats.cii_dialect import CII
from raccord.formats.cii_names import (
    NSMAP,
    PROJECT_REFERENCE,
    ROOT,
    TYPE_OBJECT,
    TYPE_SUPPORTING,
    TYPE_TENDER,
    q,
)
from raccord.formats.cii_writer_lines import put_line
from raccord.formats.cii_writer_parts import (
    is_logistics,
    put_allowance,
    put_day,
    put_delivery,
    put_logistics,
    put_nested,
    put_note,
    put_party,
    put_period,
    put_reference,
    sub,
)
from raccord.formats.extended_terms import EXTENDED, INSTALMENT
from raccord.formats.xml import Element, add, drop_if_empty, printable, to_bytes

_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9 ]{8,}")


def write(invoice: Invoice) -> bytes:
    """``invoice`` as a CII file in UTF-8. Nothing is computed: an incomplete invoice gives an incomplete
    file.
    """
    root = etree.Element(ROOT, nsmap=NSMAP)
    _context(root, invoice)
    _document(root, invoice)
    trade = sub(root, "rsm:SupplyChainTradeTransaction")
    for line in invoice.lines:
        put_line(trade, line, invoice.currency, invoice.accounting_currency)
    _agreement(trade, invoice)
    _delivery(sub(trade, "ApplicableHeaderTradeDelivery"), invoice)
    _settlement(trade, invoice)
    if invoice.extended:
        bind_writer.write(EXTENDED, invoice.extended, root, bind_writer.Pen(CII, invoice.currency))
    if invoice.extended or any(line.extended for line in invoice.lines):
        _name_taxes(trade)
    return to_bytes(root)


def _name_taxes(trade: Element) -> None:
    """The taxes of advances and of prices are VAT, like all the taxes of an invoice."""
    for tax in trade.iter(q("IncludedTradeTax")):
        name = bind_writer.insert(tax, q("TypeCode"), CII)
        if name is not None:
            name.text = "VAT"


def _context(root: Element, invoice: Invoice) -> None:
    context = sub(root, "rsm:ExchangedDocumentContext")
    put_nested(context, "BusinessProcessSpecifiedDocumentContextParameter", "ID", invoice.cadre)
    put_nested(context, "GuidelineSpecifiedDocumentContextParameter", "ID", invoice.profile)


def _document(root: Element, invoice: Invoice) -> None:
    document = sub(root, "rsm:ExchangedDocument")
    add(document, q("ID"), invoice.number)
    add(document, q("TypeCode"), invoice.type_code)
    put_day(document, "IssueDateTime", invoice.issue_date)
    for note in invoice.notes:
        put_note(document, note)


def _agreement(trade: Element, invoice: Invoice) -> None:
    agreement = sub(trade, "ApplicableHeaderTradeAgreement")
    add(agreement, q("BuyerReference"), invoice.service)
    put_party(agreement, "SellerTradeParty", invoice.seller)
    put_party(agreement, "BuyerTradeParty", invoice.buyer)
    put_party(agreement, "SalesAgentTradeParty", invoice.sales_agent)
    put_party(agreement, "SellerTaxRepresentativeTradeParty", invoice.tax_representative)
    put_nested(agreement, "SellerOrderReferencedDocument", "IssuerAssignedID", invoice.sales_order)
    put_nested(agreement, "BuyerOrderReferencedDocument", "IssuerAssignedID", invoice.commitment)
    put_nested(agreement, "ContractReferencedDocument", "IssuerAssignedID", invoice.contract)
    for attachment in invoice.attachments:
        _attachment(agreement, attachment)
    if invoice.tender:
        put_reference(agreement, invoice.tender, TYPE_TENDER)
    if invoice.object_id:
        put_reference(agreement, invoice.object_id.value, TYPE_OBJECT, invoice.object_id.scheme)
    if invoice.project:
        project = sub(agreement, "SpecifiedProcuringProject")
        add(project, q("ID"), invoice.project)
        name = invoice.extended.project_name if invoice.extended else ""
        add(project, q("Name"), name or PROJECT_REFERENCE)


def _attachment(agreement: Element, attachment: Attachment) -> None:
    document = sub(agreement, "AdditionalReferencedDocument")
    add(document, q("IssuerAssignedID"), attachment.reference)
    add(document, q("URIID"), attachment.uri)
    add(document, q("TypeCode"), attachment.type_code or TYPE_SUPPORTING)
    add(document, q("Name"), attachment.description)
    if attachment.content is not None:
        binary = sub(document, "AttachmentBinaryObject")
        binary.text = base64.b64encode(attachment.content).decode("ascii")
        binary.set("mimeCode", attachment.mime)
        binary.set("filename", attachment.filename)


def _delivery(element: Element, invoice: Invoice) -> None:
    put_delivery(element, invoice.delivery)
    put_nested(element, "DespatchAdviceReferencedDocument", "IssuerAssignedID", invoice.despatch_advice)
    put_nested(element, "ReceivingAdviceReferencedDocument", "IssuerAssignedID", invoice.receiving_advice)


def _settlement(trade: Element, invoice: Invoice) -> None:
    settlement = sub(trade, "ApplicableHeaderTradeSettlement")
    debit = invoice.direct_debit
    add(settlement, q("CreditorReferenceID"), debit.creditor if debit else "")
    add(settlement, q("PaymentReference"), invoice.remittance)
    add(settlement, q("TaxCurrencyCode"), invoice.accounting_currency)
    add(settlement, q("InvoiceCurrencyCode"), invoice.currency)
    put_party(settlement, "PayeeTradeParty", invoice.payee)
    _payment_means(settlement, invoice)
    for vat in invoice.vat:
        _vat(settlement, vat, invoice)
    put_period(settlement, invoice.period)
    for entry in sorted(invoice.allowances_charges, key=is_logistics):
        (put_logistics if is_logistics(entry) else put_allowance)(settlement, entry)
    _terms(settlement, invoice)
    _totals(settlement, invoice.totals, invoice)
    for preceding in invoice.preceding:
        document = sub(settlement, "InvoiceReferencedDocument")
        add(document, q("IssuerAssignedID"), preceding.number)
        add(document, q("TypeCode"), preceding.type_code)
        put_day(document, "FormattedIssueDateTime", preceding.issue_date, "qdt:DateTimeString")
    put_nested(settlement, "ReceivableSpecifiedTradeAccountingAccount", "ID", invoice.accounting_reference)


def _payment_means(settlement: Element, invoice: Invoice) -> None:
    debited = invoice.direct_debit.debited_account if invoice.direct_debit else ""
    for means in invoice.payment_means:
        _means(settlement, means, debited)


def _means(settlement: Element, means: PaymentMeans, debited: str) -> None:
    element = sub(settlement, "SpecifiedTradeSettlementPaymentMeans")
    add(element, q("TypeCode"), means.code)
    add(element, q("Information"), means.text)
    if means.card:
        card = sub(element, "ApplicableTradeSettlementFinancialCard")
        add(card, q("ID"), means.card.number)
        add(card, q("CardholderName"), means.card.holder)
    put_nested(element, "PayerPartyDebtorFinancialAccount", "IBANID", debited)
    if means.account:
        account = sub(element, "PayeePartyCreditorFinancialAccount")
        is_iban = bool(_IBAN.match(means.account.iban))
        add(account, q("IBANID"), means.account.iban if is_iban else "")
        add(account, q("AccountName"), means.account.name)
        add(account, q("ProprietaryID"), "" if is_iban else means.account.iban)
        drop_if_empty(element, account)
        put_nested(element, "PayeeSpecifiedCreditorFinancialInstitution", "BICID", means.account.bic)


def _vat(settlement: Element, vat: VatBreakdown, invoice: Invoice) -> None:
    element = sub(settlement, "ApplicableTradeTax")
    add(element, q("CalculatedAmount"), vat.amount)
    add(element, q("TypeCode"), "VAT")
    add(element, q("ExemptionReason"), vat.exemption_reason)
    add(element, q("BasisAmount"), vat.base)
    add(element, q("LineTotalBasisAmount"), vat.lines_base)
    add(element, q("AllowanceChargeBasisAmount"), vat.allowances_base)
    add(element, q("CategoryCode"), vat.category)
    add(element, q("ExemptionReasonCode"), vat.exemption_code)
    put_day(element, "TaxPointDate", invoice.tax_point_date, "udt:DateString")
    add(element, q("DueDateTypeCode"), invoice.tax_point_code)
    add(element, q("RateApplicablePercent"), vat.rate)


def _terms(settlement: Element, invoice: Invoice) -> None:
    mandate = invoice.direct_debit.mandate if invoice.direct_debit else ""
    instalments = summaries.instalments_of(invoice)
    if instalments == (Instalment(),) and not mandate:
        return
    for position, instalment in enumerate(instalments):
        terms = sub(settlement, "SpecifiedTradePaymentTerms")
        bind_writer.write(INSTALMENT, instalment, terms, bind_writer.Pen(CII, invoice.currency))
        if mandate and position == 0:
            target = bind_writer.insert(terms, q("DirectDebitMandateID"), CII)
            if target is not None:
                target.text = printable(mandate)


def _totals(settlement: Element, totals: Totals, invoice: Invoice) -> None:
    element = sub(settlement, "SpecifiedTradeSettlementHeaderMonetarySummation")
    add(element, q("LineTotalAmount"), totals.lines)
    add(element, q("ChargeTotalAmount"), totals.charges)
    add(element, q("AllowanceTotalAmount"), totals.allowances)
    add(element, q("TaxBasisTotalAmount"), totals.net)
    add(element, q("TaxTotalAmount"), totals.vat, currencyID=invoice.currency)
    other = invoice.accounting_currency if invoice.accounting_currency != invoice.currency else ""
    add(element, q("TaxTotalAmount"), totals.vat_accounting, currencyID=other or "XXX")
    add(element, q("RoundingAmount"), totals.rounding)
    add(element, q("GrandTotalAmount"), totals.gross)
    add(element, q("TotalPrepaidAmount"), totals.prepaid)
    add(element, q("DuePayableAmount"), totals.payable)
