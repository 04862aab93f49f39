"""From business terms to UBL 2.1, in the order of the schemas of Invoice and CreditNote."""

from __future__ import annotations

import base64
from dataclasses import replace

from lxml import etree

from raccord.domain.invoice import Attachment, Identifier, Instalment, Invoice, PaymentMeans
from raccord.formats import bind_writer, summaries
from raccord.formats.extended_terms import EXTENDED, INSTALMENT
from raccord.formats.ubl_dialect import UBL
from raccord.formats.ubl_names import (
    CAC,
    CBC,
    CREDIT_NOTE,
    CREDIT_NOTE_ROOT,
    INVOICE,
    INVOICE_ROOT,
    TAX_POINT_CODES,
    TYPE_PROJECT,
    q,
)
from raccord.formats.ubl_writer_lines import put_line, written_note
from raccord.formats.ubl_writer_parts import (
    fill_party,
    put_allowance,
    put_category,
    put_day,
    put_delivery,
    put_nested,
    put_object,
    put_period,
    sub,
)
from raccord.formats.xml import Element, add, to_bytes

_POINT_CODES = {model: ubl for ubl, model in TAX_POINT_CODES.items()}


def write(invoice: Invoice) -> bytes:
    """``invoice`` as a UBL file in UTF-8: ``CreditNote`` for the types that take money back, else
    ``Invoice``.

    Nothing is computed: an incomplete invoice gives an incomplete file.
    """
    credit = invoice.is_credit_note
    namespaces: dict[str | None, str] = {None: CREDIT_NOTE if credit else INVOICE, "cac": CAC, "cbc": CBC}
    # None names the default namespace: lxml takes it, its stubs forget it.
    root = etree.Element(CREDIT_NOTE_ROOT if credit else INVOICE_ROOT, nsmap=namespaces)  # type: ignore[arg-type]
    _header(root, invoice, credit)
    _references(root, invoice, credit)
    _parties(root, invoice)
    put_delivery(root, invoice.delivery)
    _payment(root, invoice, credit)
    for entry in invoice.allowances_charges:
        put_allowance(root, entry, invoice.currency)
    _tax_totals(root, invoice)
    _totals(root, invoice)
    for line in invoice.lines:
        put_line(root, line, invoice)
    if invoice.extended:
        bind_writer.write(EXTENDED, invoice.extended, root, bind_writer.Pen(UBL, invoice.currency))
    return to_bytes(root)


def _header(root: Element, invoice: Invoice, credit: bool) -> None:
    add(root, q(":CustomizationID"), invoice.profile)
    add(root, q(":ProfileID"), invoice.cadre)
    add(root, q(":ID"), invoice.number)
    put_day(root, ":IssueDate", invoice.issue_date)
    if credit:
        put_day(root, ":TaxPointDate", invoice.tax_point_date)
        add(root, q(":CreditNoteTypeCode"), invoice.type_code)
    else:
        put_day(root, ":DueDate", invoice.due_date)
        add(root, q(":InvoiceTypeCode"), invoice.type_code)
    for note in invoice.notes:
        add(root, q(":Note"), written_note(note))
    if not credit:
        put_day(root, ":TaxPointDate", invoice.tax_point_date)
    add(root, q(":DocumentCurrencyCode"), invoice.currency)
    add(root, q(":TaxCurrencyCode"), invoice.accounting_currency)
    add(root, q(":AccountingCost"), invoice.accounting_reference)
    add(root, q(":BuyerReference"), invoice.service)
    put_period(root, invoice.period, _POINT_CODES.get(invoice.tax_point_code, invoice.tax_point_code))


def _references(root: Element, invoice: Invoice, credit: bool) -> None:
    if invoice.commitment or invoice.sales_order:
        order = sub(root, "OrderReference")
        add(order, q(":ID"), invoice.commitment)
        add(order, q(":SalesOrderID"), invoice.sales_order)
    for preceding in invoice.preceding:
        document = sub(sub(root, "BillingReference"), "InvoiceDocumentReference")
        add(document, q(":ID"), preceding.number)
        put_day(document, ":IssueDate", preceding.issue_date)
        add(document, q(":DocumentTypeCode"), preceding.type_code)
    put_nested(root, "DespatchDocumentReference", ":ID", invoice.despatch_advice)
    put_nested(root, "ReceiptDocumentReference", ":ID", invoice.receiving_advice)
    if not credit:
        put_nested(root, "OriginatorDocumentReference", ":ID", invoice.tender)
    put_nested(root, "ContractDocumentReference", ":ID", invoice.contract)
    for attachment in invoice.attachments:
        _attachment(root, attachment)
    put_object(root, "AdditionalDocumentReference", invoice.object_id)
    if credit:
        put_object(root, "AdditionalDocumentReference", _as_id(invoice.project), TYPE_PROJECT)
        put_nested(root, "OriginatorDocumentReference", ":ID", invoice.tender)
    else:
        put_nested(root, "ProjectReference", ":ID", invoice.project)


def _as_id(value: str) -> Identifier | None:
    return Identifier(value=value) if value else None


def _attachment(root: Element, attachment: Attachment) -> None:
    document = sub(root, "AdditionalDocumentReference")
    add(document, q(":ID"), attachment.reference)
    add(document, q(":DocumentTypeCode"), attachment.type_code)
    add(document, q(":DocumentDescription"), attachment.description)
    if attachment.content is None and not attachment.uri:
        return
    holder = sub(document, "Attachment")
    if attachment.content is not None:
        binary = sub(holder, ":EmbeddedDocumentBinaryObject")
        binary.text = base64.b64encode(attachment.content).decode("ascii")
        binary.set("mimeCode", attachment.mime)
        binary.set("filename", attachment.filename)
    put_nested(holder, "ExternalReference", ":URI", attachment.uri)


def _parties(root: Element, invoice: Invoice) -> None:
    creditor = invoice.direct_debit.creditor if invoice.direct_debit else ""
    seller = sub(sub(root, "AccountingSupplierParty"), "Party")
    fill_party(seller, invoice.seller, "" if invoice.payee else creditor)
    if invoice.sales_agent:
        fill_party(sub(seller, "AgentParty"), invoice.sales_agent)
    fill_party(sub(sub(root, "AccountingCustomerParty"), "Party"), invoice.buyer)
    if invoice.payee:
        fill_party(sub(root, "PayeeParty"), invoice.payee, creditor, by_name=True)
    if invoice.tax_representative:
        fill_party(sub(root, "TaxRepresentativeParty"), invoice.tax_representative, by_name=True)


def _payment(root: Element, invoice: Invoice, credit: bool) -> None:
    for means in invoice.payment_means:
        _means(root, means, invoice, credit)
    instalments = summaries.instalments_of(invoice)
    # One element for all: a second is refused (UBL-SR-05). The day is BT-9, which stands elsewhere.
    terms = replace(instalments[0], due_date=None) if len(instalments) == 1 else Instalment(text=invoice.payment_terms)
    if terms != Instalment():
        bind_writer.write(INSTALMENT, terms, sub(root, "PaymentTerms"), bind_writer.Pen(UBL, invoice.currency))


def _means(root: Element, means: PaymentMeans, invoice: Invoice, credit: bool) -> None:
    element = sub(root, "PaymentMeans")
    add(element, q(":PaymentMeansCode"), means.code, name=means.text)
    if credit:
        put_day(element, ":PaymentDueDate", invoice.due_date)
    add(element, q(":PaymentID"), invoice.remittance)
    if means.card:
        card = sub(element, "CardAccount")
        add(card, q(":PrimaryAccountNumberID"), means.card.number)
        add(card, q(":NetworkID"), "NA")
        add(card, q(":HolderName"), means.card.holder)
    if means.account:
        account = sub(element, "PayeeFinancialAccount")
        add(account, q(":ID"), means.account.iban)
        add(account, q(":Name"), means.account.name)
        put_nested(account, "FinancialInstitutionBranch", ":ID", means.account.bic)
    _mandate(element, invoice)


def _mandate(means: Element, invoice: Invoice) -> None:
    debit = invoice.direct_debit
    if debit and (debit.mandate or debit.debited_account):
        mandate = sub(means, "PaymentMandate")
        add(mandate, q(":ID"), debit.mandate)
        put_nested(mandate, "PayerFinancialAccount", ":ID", debit.debited_account)


def _tax_totals(root: Element, invoice: Invoice) -> None:
    totals = invoice.totals
    if totals.vat is not None or invoice.vat:
        element = sub(root, "TaxTotal")
        add(element, q(":TaxAmount"), totals.vat, currencyID=invoice.currency)
        for vat in invoice.vat:
            subtotal = sub(element, "TaxSubtotal")
            add(subtotal, q(":TaxableAmount"), vat.base, currencyID=invoice.currency)
            add(subtotal, q(":TaxAmount"), vat.amount, currencyID=invoice.currency)
            put_category(subtotal, "TaxCategory", vat.category, vat.rate, vat)
    if totals.vat_accounting is not None:
        other = invoice.accounting_currency if invoice.accounting_currency != invoice.currency else ""
        add(sub(root, "TaxTotal"), q(":TaxAmount"), totals.vat_accounting, currencyID=other or "XXX")


def _totals(root: Element, invoice: Invoice) -> None:
    totals = invoice.totals
    element = sub(root, "LegalMonetaryTotal")
    for name, amount in (
        (":LineExtensionAmount", totals.lines),
        (":TaxExclusiveAmount", totals.net),
        (":TaxInclusiveAmount", totals.gross),
        (":AllowanceTotalAmount", totals.allowances),
        (":ChargeTotalAmount", totals.charges),
        (":PrepaidAmount", totals.prepaid),
        (":PayableRoundingAmount", totals.rounding),
        (":PayableAmount", totals.payable),
    ):
        add(element, q(name), amount, currencyID=invoice.currency)
