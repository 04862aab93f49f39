"""From UBL to business terms. Paths are those of EN 16931-3-2; what the model has no term for is left aside."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from raccord.domain.invoice import (
    Account,
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
from raccord.formats.cii_parts import decode, vat_amounts
from raccord.formats.extended_terms import EXTENDED, INSTALMENT
from raccord.formats.problems import not_an_invoice
from raccord.formats.ubl_dialect import UBL
from raccord.formats.ubl_lines import line_of
from raccord.formats.ubl_names import (
    CREDIT_NOTE_ROOT,
    INVOICE_ROOT,
    SEPA,
    TAX_POINT_CODES,
    TYPE_OBJECT,
    TYPE_PROJECT,
    q,
)
from raccord.formats.ubl_parts import (
    allowances_of,
    day_at,
    decimal_at,
    delivery_of,
    note_of,
    object_of,
    part,
    party_of,
    period_at,
    text_at,
)
from raccord.formats.xml import Element, Node, children, content, parse

_NO_ATTACHMENT = (TYPE_PROJECT, TYPE_OBJECT)


def read(data: bytes) -> Invoice:
    """The invoice that a UBL file holds. Raises :class:`ReadError` when it is no UBL, or a date or an amount
    is unreadable.
    """
    return read_root(parse(data))


def read_root(element: Element) -> Invoice:
    """The same, from a parsed root element."""
    if element.tag not in (INVOICE_ROOT, CREDIT_NOTE_ROOT):
        raise not_an_invoice("la racine n’est ni Invoice ni CreditNote")
    root = Node(element)
    kind = "CreditNote" if element.tag == CREDIT_NOTE_ROOT else "Invoice"
    invoice = _settled(_referring(_headed(root, kind), root), root)
    return replace(invoice, extended=_extended(root, invoice.due_date))


def _headed(root: Node, kind: str) -> Invoice:
    """Number, dates, currencies, parties, notes and lines."""
    currency = text_at(root, ":DocumentCurrencyCode")
    point = text_at(root, "InvoicePeriod/:DescriptionCode")
    return Invoice(
        number=text_at(root, ":ID"),
        issue_date=day_at(root, ":IssueDate"),
        type_code=text_at(root, f":{kind}TypeCode"),
        currency=currency,
        seller=party_of(part(root, "AccountingSupplierParty/Party")) or Party(),
        buyer=party_of(part(root, "AccountingCustomerParty/Party")) or Party(),
        lines=tuple(line_of(line, kind, currency) for line in children(root, q(f"{kind}Line"))),
        accounting_currency=text_at(root, ":TaxCurrencyCode"),
        tax_point_date=day_at(root, ":TaxPointDate"),
        tax_point_code=TAX_POINT_CODES.get(point, point),
        notes=tuple(note_of(content(entry)) for entry in children(root, q(":Note")) if content(entry)),
        cadre=text_at(root, ":ProfileID"),
        profile=text_at(root, ":CustomizationID"),
        payee=party_of(part(root, "PayeeParty")),
        tax_representative=party_of(part(root, "TaxRepresentativeParty")),
        sales_agent=party_of(part(root, "AccountingSupplierParty/Party/AgentParty")),
    )


def _referring(invoice: Invoice, root: Node) -> Invoice:
    """The documents that the invoice names or holds, and the accounts of the buyer."""
    documents = list(children(root, q("AdditionalDocumentReference")))
    return replace(
        invoice,
        service=text_at(root, ":BuyerReference"),
        project=text_at(root, "ProjectReference/:ID") or _typed(documents, TYPE_PROJECT),
        contract=text_at(root, "ContractDocumentReference/:ID"),
        commitment=text_at(root, "OrderReference/:ID"),
        sales_order=text_at(root, "OrderReference/:SalesOrderID"),
        receiving_advice=text_at(root, "ReceiptDocumentReference/:ID"),
        despatch_advice=text_at(root, "DespatchDocumentReference/:ID"),
        tender=text_at(root, "OriginatorDocumentReference/:ID"),
        object_id=object_of(documents),
        accounting_reference=text_at(root, ":AccountingCost"),
        preceding=tuple(_preceding(entry) for entry in children(root, q("BillingReference/InvoiceDocumentReference"))),
        attachments=tuple(
            _attachment(entry) for entry in documents if text_at(entry, ":DocumentTypeCode") not in _NO_ATTACHMENT
        ),
    )


def _settled(invoice: Invoice, root: Node) -> Invoice:
    """What is to be paid, how and when, and what was delivered."""
    means = list(children(root, q("PaymentMeans")))
    terms = children(root, q("PaymentTerms"))
    return replace(
        invoice,
        totals=_totals(root, invoice.currency),
        vat=tuple(_vat(entry) for entry in children(root, q("TaxTotal/TaxSubtotal"))),
        due_date=day_at(root, ":DueDate") or _due_date(means),
        payment_terms="\n".join(filter(None, (text_at(term, ":Note") for term in terms))),
        delivery=delivery_of(part(root, "Delivery")),
        period=period_at(root),
        payment_means=tuple(_means(entry) for entry in means),
        remittance=next(filter(None, (text_at(entry, ":PaymentID") for entry in means)), ""),
        direct_debit=_direct_debit(root, part(root, "AccountingSupplierParty/Party"), means),
        allowances_charges=allowances_of(root),
    )


def _extended(root: Node, due_date: date | None) -> Extended | None:
    """What the document says beyond the norm, or ``None``. Where no payment has a day, the first is due on BT-9."""
    told: Extended | None = bind.read(EXTENDED, root, UBL)
    elements = children(root, q("PaymentTerms"))
    instalments = tuple(filter(None, (bind.read(INSTALMENT, element, UBL) for element in elements)))
    if instalments and not summaries.first_due(instalments):
        instalments = (replace(instalments[0], due_date=due_date), *instalments[1:])
    instalments = summaries.worth_telling(instalments)
    return replace(told or Extended(), instalments=instalments) if instalments else told


def _due_date(means: list[Node]) -> date | None:
    """A credit note has no due date of its own: it stands with the payment means."""
    return next(filter(None, (day_at(entry, ":PaymentDueDate") for entry in means)), None)


def _typed(documents: list[Node], type_code: str) -> str:
    return next((text_at(entry, ":ID") for entry in documents if text_at(entry, ":DocumentTypeCode") == type_code), "")


def _preceding(document: Node) -> PrecedingInvoice:
    return PrecedingInvoice(
        number=text_at(document, ":ID"),
        issue_date=day_at(document, ":IssueDate"),
        type_code=text_at(document, ":DocumentTypeCode"),
    )


def _means(element: Node) -> PaymentMeans:
    code = part(element, ":PaymentMeansCode")
    card = part(element, "CardAccount")
    return PaymentMeans(
        code=text_at(element, ":PaymentMeansCode"),
        text="" if code is None else code.get("name", ""),
        account=_account(part(element, "PayeeFinancialAccount")),
        card=None
        if card is None
        else Card(number=text_at(card, ":PrimaryAccountNumberID"), holder=text_at(card, ":HolderName")),
    )


def _account(element: Node | None) -> Account | None:
    number, name = text_at(element, ":ID"), text_at(element, ":Name")
    bic = text_at(element, "FinancialInstitutionBranch/:ID")
    return Account(iban=number, name=name, bic=bic) if number or name or bic else None


def _direct_debit(root: Node, seller: Node | None, means: list[Node]) -> DirectDebit | None:
    mandate = next(filter(None, (text_at(entry, "PaymentMandate/:ID") for entry in means)), "")
    path = "PaymentMandate/PayerFinancialAccount/:ID"
    debited = next(filter(None, (text_at(entry, path) for entry in means)), "")
    creditor = _creditor(part(root, "PayeeParty")) or _creditor(seller)
    if not (mandate or creditor or debited):
        return None
    return DirectDebit(mandate=mandate, creditor=creditor, debited_account=debited)


def _creditor(party: Node | None) -> str:
    for entry in children(party, q("PartyIdentification/:ID")):
        if entry.get("schemeID") == SEPA:
            return content(entry)
    return ""


def _vat(element: Node) -> VatBreakdown:
    return VatBreakdown(
        base=decimal_at(element, ":TaxableAmount"),
        amount=decimal_at(element, ":TaxAmount"),
        category=text_at(element, "TaxCategory/:ID"),
        rate=decimal_at(element, "TaxCategory/:Percent"),
        exemption_reason=text_at(element, "TaxCategory/:TaxExemptionReason"),
        exemption_code=text_at(element, "TaxCategory/:TaxExemptionReasonCode"),
    )


def _totals(root: Node, currency: str) -> Totals:
    element = part(root, "LegalMonetaryTotal")
    vat, vat_accounting = vat_amounts(children(root, q("TaxTotal/:TaxAmount")), currency)
    return Totals(
        lines=decimal_at(element, ":LineExtensionAmount"),
        allowances=decimal_at(element, ":AllowanceTotalAmount"),
        charges=decimal_at(element, ":ChargeTotalAmount"),
        net=decimal_at(element, ":TaxExclusiveAmount"),
        vat=vat,
        vat_accounting=vat_accounting,
        gross=decimal_at(element, ":TaxInclusiveAmount"),
        prepaid=decimal_at(element, ":PrepaidAmount"),
        rounding=decimal_at(element, ":PayableRoundingAmount"),
        payable=decimal_at(element, ":PayableAmount"),
    )


def _attachment(document: Node) -> Attachment:
    binary = part(document, "Attachment/:EmbeddedDocumentBinaryObject")
    return Attachment(
        reference=text_at(document, ":ID"),
        description=text_at(document, ":DocumentDescription"),
        uri=text_at(document, "Attachment/ExternalReference/:URI"),
        content=None if binary is None else decode(binary.text or ""),
        mime="" if binary is None else binary.get("mimeCode", ""),
        filename="" if binary is None else binary.get("filename", ""),
        type_code=text_at(document, ":DocumentTypeCode"),
    )
