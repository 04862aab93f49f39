"""From business terms to UBL 2.1, in the order of the schemas of Invoice and CreditNote."""

from __future__ import annotations

import base64

from lxml import etree

from raccord.domain.invoice import (
    Address,
    AllowanceCharge,
    Attachment,
    Contact,
    Delivery,
    Identifier,
    Invoice,
    Item,
    Line,
    Party,
    PaymentMeans,
    Period,
    Price,
    VatBreakdown,
)
from raccord.domain.money import plain
from raccord.formats.ubl_names import (
    CAC,
    CBC,
    CREDIT_NOTE,
    CREDIT_NOTE_ROOT,
    INVOICE,
    INVOICE_ROOT,
    SEPA,
    TAX_POINT_CODES,
    TYPE_OBJECT,
    TYPE_PROJECT,
    q,
)
from raccord.formats.xml import Element, add, drop_if_empty, printable, to_bytes

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
    _delivery(root, invoice.delivery)
    _payment(root, invoice, credit)
    for entry in invoice.allowances_charges:
        _allowance(root, entry, invoice.currency)
    _tax_totals(root, invoice)
    _totals(root, invoice)
    for line in invoice.lines:
        _line(root, line, invoice.currency, credit)
    return to_bytes(root)


def _sub(parent: Element, name: str) -> Element:
    return etree.SubElement(parent, q(name))


def _nested(parent: Element, wrapper: str, name: str, value: str) -> None:
    if value:
        add(_sub(parent, wrapper), q(name), value)


def _day(parent: Element, name: str, day: object) -> None:
    add(parent, q(name), str(day) if day else "")


def _header(root: Element, invoice: Invoice, credit: bool) -> None:
    add(root, q(":CustomizationID"), invoice.profile)
    add(root, q(":ProfileID"), invoice.cadre)
    add(root, q(":ID"), invoice.number)
    _day(root, ":IssueDate", invoice.issue_date)
    if credit:
        _day(root, ":TaxPointDate", invoice.tax_point_date)
        add(root, q(":CreditNoteTypeCode"), invoice.type_code)
    else:
        _day(root, ":DueDate", invoice.due_date)
        add(root, q(":InvoiceTypeCode"), invoice.type_code)
    for note in invoice.notes:
        add(root, q(":Note"), f"#{note.subject}#{note.text}" if note.subject else note.text)
    if not credit:
        _day(root, ":TaxPointDate", invoice.tax_point_date)
    add(root, q(":DocumentCurrencyCode"), invoice.currency)
    add(root, q(":TaxCurrencyCode"), invoice.accounting_currency)
    add(root, q(":AccountingCost"), invoice.accounting_reference)
    add(root, q(":BuyerReference"), invoice.service)
    _period(root, invoice.period, _POINT_CODES.get(invoice.tax_point_code, invoice.tax_point_code))


def _period(parent: Element, period: Period | None, point: str = "") -> None:
    if period is None and not point:
        return
    element = _sub(parent, "InvoicePeriod")
    if period:
        _day(element, ":StartDate", period.start)
        _day(element, ":EndDate", period.end)
    add(element, q(":DescriptionCode"), point)


def _references(root: Element, invoice: Invoice, credit: bool) -> None:
    if invoice.commitment or invoice.sales_order:
        order = _sub(root, "OrderReference")
        add(order, q(":ID"), invoice.commitment)
        add(order, q(":SalesOrderID"), invoice.sales_order)
    for preceding in invoice.preceding:
        document = _sub(_sub(root, "BillingReference"), "InvoiceDocumentReference")
        add(document, q(":ID"), preceding.number)
        _day(document, ":IssueDate", preceding.issue_date)
    _nested(root, "DespatchDocumentReference", ":ID", invoice.despatch_advice)
    _nested(root, "ReceiptDocumentReference", ":ID", invoice.receiving_advice)
    if not credit:
        _nested(root, "OriginatorDocumentReference", ":ID", invoice.tender)
    _nested(root, "ContractDocumentReference", ":ID", invoice.contract)
    for attachment in invoice.attachments:
        _attachment(root, attachment)
    _object(root, "AdditionalDocumentReference", invoice.object_id)
    if credit:
        _object(root, "AdditionalDocumentReference", _as_id(invoice.project), TYPE_PROJECT)
        _nested(root, "OriginatorDocumentReference", ":ID", invoice.tender)
    else:
        _nested(root, "ProjectReference", ":ID", invoice.project)


def _as_id(value: str) -> Identifier | None:
    return Identifier(value=value) if value else None


def _object(parent: Element, name: str, identifier: Identifier | None, type_code: str = TYPE_OBJECT) -> None:
    if identifier is not None:
        document = _sub(parent, name)
        _identifier(document, ":ID", identifier)
        add(document, q(":DocumentTypeCode"), type_code)


def _identifier(parent: Element, name: str, identifier: Identifier | None) -> None:
    if identifier is not None:
        add(parent, q(name), identifier.value, schemeID=identifier.scheme)


def _attachment(root: Element, attachment: Attachment) -> None:
    document = _sub(root, "AdditionalDocumentReference")
    add(document, q(":ID"), attachment.reference)
    add(document, q(":DocumentDescription"), attachment.description)
    if attachment.content is None and not attachment.uri:
        return
    holder = _sub(document, "Attachment")
    if attachment.content is not None:
        binary = _sub(holder, ":EmbeddedDocumentBinaryObject")
        binary.text = base64.b64encode(attachment.content).decode("ascii")
        binary.set("mimeCode", attachment.mime)
        binary.set("filename", attachment.filename)
    _nested(holder, "ExternalReference", ":URI", attachment.uri)


def _parties(root: Element, invoice: Invoice) -> None:
    creditor = invoice.direct_debit.creditor if invoice.direct_debit else ""
    _party(_sub(_sub(root, "AccountingSupplierParty"), "Party"), invoice.seller, "" if invoice.payee else creditor)
    _party(_sub(_sub(root, "AccountingCustomerParty"), "Party"), invoice.buyer)
    if invoice.payee:
        _party(_sub(root, "PayeeParty"), invoice.payee, creditor, by_name=True)
    if invoice.tax_representative:
        _party(_sub(root, "TaxRepresentativeParty"), invoice.tax_representative, by_name=True)


def _party(element: Element, party: Party, creditor: str = "", *, by_name: bool = False) -> None:
    """``by_name``: payee and tax representative bear their name in PartyName, having no registered name."""
    _identifier(element, ":EndpointID", party.electronic_address)
    for identifier in party.identifiers:
        _identifier(_sub(element, "PartyIdentification"), ":ID", identifier)
    if creditor:
        add(_sub(element, "PartyIdentification"), q(":ID"), creditor, schemeID=SEPA)
    _nested(element, "PartyName", ":Name", party.name if by_name else party.trading_name)
    _address(element, "PostalAddress", party.address)
    for scheme, number in (("VAT", party.vat_number), ("LOC", party.tax_registration)):
        if number:
            tax = _sub(element, "PartyTaxScheme")
            add(tax, q(":CompanyID"), number)
            _nested(tax, "TaxScheme", ":ID", scheme)
    legal = _sub(element, "PartyLegalEntity")
    add(legal, q(":RegistrationName"), "" if by_name else party.name)
    _identifier(legal, ":CompanyID", party.legal_id)
    add(legal, q(":CompanyLegalForm"), party.legal_information)
    drop_if_empty(element, legal)
    _contact(element, party.contact)


def _contact(element: Element, contact: Contact | None) -> None:
    if contact is not None:
        target = _sub(element, "Contact")
        add(target, q(":Name"), contact.name)
        add(target, q(":Telephone"), contact.phone)
        add(target, q(":ElectronicMail"), contact.email)


def _address(element: Element, name: str, address: Address | None) -> None:
    if address is None:
        return
    target = _sub(element, name)
    add(target, q(":StreetName"), address.line1)
    add(target, q(":AdditionalStreetName"), address.line2)
    add(target, q(":CityName"), address.city)
    add(target, q(":PostalZone"), address.postcode)
    add(target, q(":CountrySubentity"), address.region)
    _nested(target, "AddressLine", ":Line", address.line3)
    _nested(target, "Country", ":IdentificationCode", address.country)


def _delivery(root: Element, delivery: Delivery | None) -> None:
    if delivery is None:
        return
    element = _sub(root, "Delivery")
    _day(element, ":ActualDeliveryDate", delivery.day)
    if delivery.location or delivery.address:
        location = _sub(element, "DeliveryLocation")
        _identifier(location, ":ID", delivery.location)
        _address(location, "Address", delivery.address)
    if delivery.name:
        _nested(_sub(element, "DeliveryParty"), "PartyName", ":Name", delivery.name)


def _payment(root: Element, invoice: Invoice, credit: bool) -> None:
    for means in invoice.payment_means:
        _means(root, means, invoice, credit)
    _nested(root, "PaymentTerms", ":Note", invoice.payment_terms)


def _means(root: Element, means: PaymentMeans, invoice: Invoice, credit: bool) -> None:
    element = _sub(root, "PaymentMeans")
    add(element, q(":PaymentMeansCode"), means.code, name=means.text)
    if credit:
        _day(element, ":PaymentDueDate", invoice.due_date)
    add(element, q(":PaymentID"), invoice.remittance)
    if means.card:
        card = _sub(element, "CardAccount")
        add(card, q(":PrimaryAccountNumberID"), means.card.number)
        add(card, q(":NetworkID"), "NA")
        add(card, q(":HolderName"), means.card.holder)
    if means.account:
        account = _sub(element, "PayeeFinancialAccount")
        add(account, q(":ID"), means.account.iban)
        add(account, q(":Name"), means.account.name)
        _nested(account, "FinancialInstitutionBranch", ":ID", means.account.bic)
    _mandate(element, invoice)


def _mandate(means: Element, invoice: Invoice) -> None:
    debit = invoice.direct_debit
    if debit and (debit.mandate or debit.debited_account):
        mandate = _sub(means, "PaymentMandate")
        add(mandate, q(":ID"), debit.mandate)
        _nested(mandate, "PayerFinancialAccount", ":ID", debit.debited_account)


def _allowance(parent: Element, entry: AllowanceCharge, currency: str) -> None:
    element = _sub(parent, "AllowanceCharge")
    add(element, q(":ChargeIndicator"), "true" if entry.is_charge else "false")
    add(element, q(":AllowanceChargeReasonCode"), entry.reason_code)
    add(element, q(":AllowanceChargeReason"), entry.reason)
    add(element, q(":MultiplierFactorNumeric"), entry.percent)
    add(element, q(":Amount"), entry.amount, currencyID=currency)
    add(element, q(":BaseAmount"), entry.base, currencyID=currency)
    if entry.vat_category or entry.vat_rate is not None:
        _category(element, "TaxCategory", entry.vat_category, entry.vat_rate)


def _category(parent: Element, name: str, category: str, rate: object, vat: VatBreakdown | None = None) -> None:
    element = _sub(parent, name)
    add(element, q(":ID"), category)
    add(element, q(":Percent"), "" if rate is None else format(rate, "f"))
    if vat is not None:
        add(element, q(":TaxExemptionReasonCode"), vat.exemption_code)
        add(element, q(":TaxExemptionReason"), vat.exemption_reason)
    _nested(element, "TaxScheme", ":ID", "VAT")


def _tax_totals(root: Element, invoice: Invoice) -> None:
    totals = invoice.totals
    if totals.vat is not None or invoice.vat:
        element = _sub(root, "TaxTotal")
        add(element, q(":TaxAmount"), totals.vat, currencyID=invoice.currency)
        for vat in invoice.vat:
            subtotal = _sub(element, "TaxSubtotal")
            add(subtotal, q(":TaxableAmount"), vat.base, currencyID=invoice.currency)
            add(subtotal, q(":TaxAmount"), vat.amount, currencyID=invoice.currency)
            _category(subtotal, "TaxCategory", vat.category, vat.rate, vat)
    if totals.vat_accounting is not None:
        other = invoice.accounting_currency if invoice.accounting_currency != invoice.currency else ""
        add(_sub(root, "TaxTotal"), q(":TaxAmount"), totals.vat_accounting, currencyID=other or "XXX")


def _totals(root: Element, invoice: Invoice) -> None:
    totals = invoice.totals
    element = _sub(root, "LegalMonetaryTotal")
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


def _line(root: Element, line: Line, currency: str, credit: bool) -> None:
    element = _sub(root, "CreditNoteLine" if credit else "InvoiceLine")
    add(element, q(":ID"), line.id)
    add(element, q(":Note"), line.note)
    add(element, q(":CreditedQuantity" if credit else ":InvoicedQuantity"), line.quantity, unitCode=line.unit)
    add(element, q(":LineExtensionAmount"), line.net, currencyID=currency)
    add(element, q(":AccountingCost"), line.accounting_reference)
    _period(element, line.period)
    _nested(element, "OrderLineReference", ":LineID", line.order_line)
    _object(element, "DocumentReference", line.object_id)
    for entry in line.allowances_charges:
        _allowance(element, entry, currency)
    _item(element, line)
    _price(element, line.price, currency)


def _item(line_element: Element, line: Line) -> None:
    item: Item = line.item
    element = _sub(line_element, "Item")
    add(element, q(":Description"), item.description)
    add(element, q(":Name"), item.name)
    _nested(element, "BuyersItemIdentification", ":ID", item.buyer_id)
    _nested(element, "SellersItemIdentification", ":ID", item.seller_id)
    if item.standard_id:
        _identifier(_sub(element, "StandardItemIdentification"), ":ID", item.standard_id)
    _nested(element, "OriginCountry", ":IdentificationCode", item.origin)
    for entry in item.classifications:
        code = _sub(_sub(element, "CommodityClassification"), ":ItemClassificationCode")
        code.text = printable(entry.code)
        for attribute, value in (("listID", entry.scheme), ("listVersionID", entry.version)):
            if value:
                code.set(attribute, value)
    if line.vat_category or line.vat_rate is not None:
        _category(element, "ClassifiedTaxCategory", line.vat_category, line.vat_rate)
    for name, value in item.attributes:
        attribute_element = _sub(element, "AdditionalItemProperty")
        add(attribute_element, q(":Name"), name)
        add(attribute_element, q(":Value"), value)


def _price(line: Element, price: Price, currency: str) -> None:
    element = _sub(line, "Price")
    add(element, q(":PriceAmount"), price.net, currencyID=currency)
    add(element, q(":BaseQuantity"), price.base_quantity, unitCode=price.base_unit)
    if price.discount is not None or price.gross is not None:
        discount = _sub(element, "AllowanceCharge")
        add(discount, q(":ChargeIndicator"), "false")
        amount = _sub(discount, ":Amount")
        amount.text = plain(price.discount) if price.discount is not None else "0"
        amount.set("currencyID", currency)
        add(discount, q(":BaseAmount"), price.gross, currencyID=currency)
    drop_if_empty(line, element)
