"""From business terms to CII, in the order that the schemas D16B, D22B and Factur-X share."""

from __future__ import annotations

import base64
import re
from datetime import date

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
    Totals,
    VatBreakdown,
)
from raccord.formats.cii_names import NSMAP, ROOT, TYPE_OBJECT, TYPE_SUPPORTING, TYPE_TENDER, q
from raccord.formats.xml import Element, add, drop_if_empty, to_bytes

_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9 ]{8,}")


def write(invoice: Invoice) -> bytes:
    """``invoice`` as a CII file in UTF-8. Nothing is computed: an incomplete invoice gives an incomplete
    file.
    """
    root = etree.Element(ROOT, nsmap=NSMAP)
    _context(root, invoice)
    _document(root, invoice)
    trade = _sub(root, "rsm:SupplyChainTradeTransaction")
    for line in invoice.lines:
        _line(trade, line)
    _agreement(trade, invoice)
    _delivery(_sub(trade, "ApplicableHeaderTradeDelivery"), invoice)
    _settlement(trade, invoice)
    return to_bytes(root)


def _sub(parent: Element, name: str) -> Element:
    return etree.SubElement(parent, q(name))


def _nested(parent: Element, wrapper: str, name: str, value: str) -> None:
    if value:
        add(_sub(parent, wrapper), q(name), value)


def _day(parent: Element, wrapper: str, day: date | None, leaf: str = "udt:DateTimeString") -> None:
    if day is not None:
        add(_sub(parent, wrapper), q(leaf), day.strftime("%Y%m%d"), format="102")


def _context(root: Element, invoice: Invoice) -> None:
    context = _sub(root, "rsm:ExchangedDocumentContext")
    _nested(context, "BusinessProcessSpecifiedDocumentContextParameter", "ID", invoice.cadre)
    _nested(context, "GuidelineSpecifiedDocumentContextParameter", "ID", invoice.profile)


def _document(root: Element, invoice: Invoice) -> None:
    document = _sub(root, "rsm:ExchangedDocument")
    add(document, q("ID"), invoice.number)
    add(document, q("TypeCode"), invoice.type_code)
    _day(document, "IssueDateTime", invoice.issue_date)
    for note in invoice.notes:
        element = _sub(document, "IncludedNote")
        add(element, q("Content"), note.text)
        add(element, q("SubjectCode"), note.subject)


def _agreement(trade: Element, invoice: Invoice) -> None:
    agreement = _sub(trade, "ApplicableHeaderTradeAgreement")
    add(agreement, q("BuyerReference"), invoice.service)
    _party(agreement, "SellerTradeParty", invoice.seller)
    _party(agreement, "BuyerTradeParty", invoice.buyer)
    _party(agreement, "SalesAgentTradeParty", invoice.sales_agent)
    _party(agreement, "SellerTaxRepresentativeTradeParty", invoice.tax_representative)
    _nested(agreement, "SellerOrderReferencedDocument", "IssuerAssignedID", invoice.sales_order)
    _nested(agreement, "BuyerOrderReferencedDocument", "IssuerAssignedID", invoice.commitment)
    _nested(agreement, "ContractReferencedDocument", "IssuerAssignedID", invoice.contract)
    for attachment in invoice.attachments:
        _attachment(agreement, attachment)
    if invoice.tender:
        _reference(agreement, invoice.tender, TYPE_TENDER)
    if invoice.object_id:
        _reference(agreement, invoice.object_id.value, TYPE_OBJECT, invoice.object_id.scheme)
    if invoice.project:
        project = _sub(agreement, "SpecifiedProcuringProject")
        add(project, q("ID"), invoice.project)
        add(project, q("Name"), "Project reference")


def _reference(parent: Element, value: str, type_code: str, scheme: str = "") -> None:
    document = _sub(parent, "AdditionalReferencedDocument")
    add(document, q("IssuerAssignedID"), value)
    add(document, q("TypeCode"), type_code)
    add(document, q("ReferenceTypeCode"), scheme)


def _attachment(agreement: Element, attachment: Attachment) -> None:
    document = _sub(agreement, "AdditionalReferencedDocument")
    add(document, q("IssuerAssignedID"), attachment.reference)
    add(document, q("URIID"), attachment.uri)
    add(document, q("TypeCode"), TYPE_SUPPORTING)
    add(document, q("Name"), attachment.description)
    if attachment.content is not None:
        binary = _sub(document, "AttachmentBinaryObject")
        binary.text = base64.b64encode(attachment.content).decode("ascii")
        binary.set("mimeCode", attachment.mime)
        binary.set("filename", attachment.filename)


def _party(parent: Element, name: str, party: Party | None) -> None:
    if party is None:
        return
    element = _sub(parent, name)
    _identifiers(element, party.identifiers)
    add(element, q("Name"), party.name)
    add(element, q("Description"), party.legal_information)
    _legal(element, party)
    _contact(element, party.contact)
    _address(element, party.address)
    if party.electronic_address:
        _identifier(_sub(element, "URIUniversalCommunication"), "URIID", party.electronic_address)
    for scheme, value in (("VA", party.vat_number), ("FC", party.tax_registration)):
        if value:
            add(_sub(element, "SpecifiedTaxRegistration"), q("ID"), value, schemeID=scheme)


def _identifiers(element: Element, identifiers: tuple[Identifier, ...]) -> None:
    for identifier in sorted(identifiers, key=lambda entry: bool(entry.scheme)):
        _identifier(element, "GlobalID" if identifier.scheme else "ID", identifier)


def _identifier(parent: Element, name: str, identifier: Identifier | None) -> None:
    if identifier is not None:
        add(parent, q(name), identifier.value, schemeID=identifier.scheme)


def _legal(element: Element, party: Party) -> None:
    if party.legal_id or party.trading_name:
        legal = _sub(element, "SpecifiedLegalOrganization")
        _identifier(legal, "ID", party.legal_id)
        add(legal, q("TradingBusinessName"), party.trading_name)


def _contact(element: Element, contact: Contact | None) -> None:
    if contact is None:
        return
    target = _sub(element, "DefinedTradeContact")
    add(target, q("PersonName"), contact.name)
    _nested(target, "TelephoneUniversalCommunication", "CompleteNumber", contact.phone)
    _nested(target, "EmailURIUniversalCommunication", "URIID", contact.email)


def _address(element: Element, address: Address | None) -> None:
    if address is None:
        return
    target = _sub(element, "PostalTradeAddress")
    add(target, q("PostcodeCode"), address.postcode)
    add(target, q("LineOne"), address.line1)
    add(target, q("LineTwo"), address.line2)
    add(target, q("LineThree"), address.line3)
    add(target, q("CityName"), address.city)
    add(target, q("CountryID"), address.country)
    add(target, q("CountrySubDivisionName"), address.region)


def _delivery(element: Element, invoice: Invoice) -> None:
    if invoice.delivery:
        _place(element, invoice.delivery)
        if invoice.delivery.day:
            _day(_sub(element, "ActualDeliverySupplyChainEvent"), "OccurrenceDateTime", invoice.delivery.day)
    _nested(element, "DespatchAdviceReferencedDocument", "IssuerAssignedID", invoice.despatch_advice)
    _nested(element, "ReceivingAdviceReferencedDocument", "IssuerAssignedID", invoice.receiving_advice)


def _place(element: Element, delivery: Delivery) -> None:
    if delivery.day and not (delivery.name or delivery.location or delivery.address):
        return
    place = _sub(element, "ShipToTradeParty")
    if delivery.location:
        _identifiers(place, (delivery.location,))
    add(place, q("Name"), delivery.name)
    _address(place, delivery.address)


def _settlement(trade: Element, invoice: Invoice) -> None:
    settlement = _sub(trade, "ApplicableHeaderTradeSettlement")
    debit = invoice.direct_debit
    add(settlement, q("CreditorReferenceID"), debit.creditor if debit else "")
    add(settlement, q("PaymentReference"), invoice.remittance)
    add(settlement, q("TaxCurrencyCode"), invoice.accounting_currency)
    add(settlement, q("InvoiceCurrencyCode"), invoice.currency)
    _party(settlement, "PayeeTradeParty", invoice.payee)
    _payment_means(settlement, invoice)
    for vat in invoice.vat:
        _vat(settlement, vat, invoice)
    _period(settlement, invoice.period)
    for entry in invoice.allowances_charges:
        _allowance(settlement, entry)
    _terms(settlement, invoice)
    _totals(settlement, invoice.totals, invoice)
    for preceding in invoice.preceding:
        document = _sub(settlement, "InvoiceReferencedDocument")
        add(document, q("IssuerAssignedID"), preceding.number)
        _day(document, "FormattedIssueDateTime", preceding.issue_date, "qdt:DateTimeString")
    _nested(settlement, "ReceivableSpecifiedTradeAccountingAccount", "ID", invoice.accounting_reference)


def _payment_means(settlement: Element, invoice: Invoice) -> None:
    debited = invoice.direct_debit.debited_account if invoice.direct_debit else ""
    for means in invoice.payment_means:
        _means(settlement, means, debited)


def _means(settlement: Element, means: PaymentMeans, debited: str) -> None:
    element = _sub(settlement, "SpecifiedTradeSettlementPaymentMeans")
    add(element, q("TypeCode"), means.code)
    add(element, q("Information"), means.text)
    if means.card:
        card = _sub(element, "ApplicableTradeSettlementFinancialCard")
        add(card, q("ID"), means.card.number)
        add(card, q("CardholderName"), means.card.holder)
    _nested(element, "PayerPartyDebtorFinancialAccount", "IBANID", debited)
    if means.account:
        account = _sub(element, "PayeePartyCreditorFinancialAccount")
        is_iban = bool(_IBAN.match(means.account.iban))
        add(account, q("IBANID"), means.account.iban if is_iban else "")
        add(account, q("AccountName"), means.account.name)
        add(account, q("ProprietaryID"), "" if is_iban else means.account.iban)
        drop_if_empty(element, account)
        _nested(element, "PayeeSpecifiedCreditorFinancialInstitution", "BICID", means.account.bic)


def _vat(settlement: Element, vat: VatBreakdown, invoice: Invoice) -> None:
    element = _sub(settlement, "ApplicableTradeTax")
    add(element, q("CalculatedAmount"), vat.amount)
    add(element, q("TypeCode"), "VAT")
    add(element, q("ExemptionReason"), vat.exemption_reason)
    add(element, q("BasisAmount"), vat.base)
    add(element, q("CategoryCode"), vat.category)
    add(element, q("ExemptionReasonCode"), vat.exemption_code)
    _day(element, "TaxPointDate", invoice.tax_point_date, "udt:DateString")
    add(element, q("DueDateTypeCode"), invoice.tax_point_code)
    add(element, q("RateApplicablePercent"), vat.rate)


def _period(parent: Element, period: Period | None) -> None:
    if period is not None:
        element = _sub(parent, "BillingSpecifiedPeriod")
        _day(element, "StartDateTime", period.start)
        _day(element, "EndDateTime", period.end)


def _allowance(parent: Element, entry: AllowanceCharge) -> None:
    element = _sub(parent, "SpecifiedTradeAllowanceCharge")
    add(_sub(element, "ChargeIndicator"), q("udt:Indicator"), "true" if entry.is_charge else "false")
    add(element, q("CalculationPercent"), entry.percent)
    add(element, q("BasisAmount"), entry.base)
    add(element, q("ActualAmount"), entry.amount)
    add(element, q("ReasonCode"), entry.reason_code)
    add(element, q("Reason"), entry.reason)
    if entry.vat_category or entry.vat_rate is not None:
        tax = _sub(element, "CategoryTradeTax")
        add(tax, q("TypeCode"), "VAT")
        add(tax, q("CategoryCode"), entry.vat_category)
        add(tax, q("RateApplicablePercent"), entry.vat_rate)


def _terms(settlement: Element, invoice: Invoice) -> None:
    mandate = invoice.direct_debit.mandate if invoice.direct_debit else ""
    if not (invoice.payment_terms or invoice.due_date or mandate):
        return
    terms = _sub(settlement, "SpecifiedTradePaymentTerms")
    add(terms, q("Description"), invoice.payment_terms)
    _day(terms, "DueDateDateTime", invoice.due_date)
    add(terms, q("DirectDebitMandateID"), mandate)


def _totals(settlement: Element, totals: Totals, invoice: Invoice) -> None:
    element = _sub(settlement, "SpecifiedTradeSettlementHeaderMonetarySummation")
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


def _line(trade: Element, line: Line) -> None:
    element = _sub(trade, "IncludedSupplyChainTradeLineItem")
    document = _sub(element, "AssociatedDocumentLineDocument")
    add(document, q("LineID"), line.id)
    _nested(document, "IncludedNote", "Content", line.note)
    _item(element, line.item)
    agreement = _sub(element, "SpecifiedLineTradeAgreement")
    _nested(agreement, "BuyerOrderReferencedDocument", "LineID", line.order_line)
    _price(agreement, line.price)
    if line.quantity is not None:
        add(_sub(element, "SpecifiedLineTradeDelivery"), q("BilledQuantity"), line.quantity, unitCode=line.unit)
    _line_settlement(_sub(element, "SpecifiedLineTradeSettlement"), line)


def _line_settlement(settlement: Element, line: Line) -> None:
    if line.vat_category or line.vat_rate is not None:
        tax = _sub(settlement, "ApplicableTradeTax")
        add(tax, q("TypeCode"), "VAT")
        add(tax, q("CategoryCode"), line.vat_category)
        add(tax, q("RateApplicablePercent"), line.vat_rate)
    _period(settlement, line.period)
    for entry in line.allowances_charges:
        _allowance(settlement, entry)
    if line.net is not None:
        add(_sub(settlement, "SpecifiedTradeSettlementLineMonetarySummation"), q("LineTotalAmount"), line.net)
    if line.object_id:
        _reference(settlement, line.object_id.value, TYPE_OBJECT, line.object_id.scheme)
    _nested(settlement, "ReceivableSpecifiedTradeAccountingAccount", "ID", line.accounting_reference)


def _item(element: Element, item: Item) -> None:
    product = _sub(element, "SpecifiedTradeProduct")
    _identifier(product, "GlobalID", item.standard_id)
    add(product, q("SellerAssignedID"), item.seller_id)
    add(product, q("BuyerAssignedID"), item.buyer_id)
    add(product, q("Name"), item.name)
    add(product, q("Description"), item.description)
    for name, value in item.attributes:
        characteristic = _sub(product, "ApplicableProductCharacteristic")
        add(characteristic, q("Description"), name)
        add(characteristic, q("Value"), value)
    for entry in item.classifications:
        target = _sub(product, "DesignatedProductClassification")
        add(target, q("ClassCode"), entry.code, listID=entry.scheme, listVersionID=entry.version)
    _nested(product, "OriginTradeCountry", "ID", item.origin)


def _price(agreement: Element, price: Price) -> None:
    if price.gross is not None or price.discount is not None:
        gross = _sub(agreement, "GrossPriceProductTradePrice")
        add(gross, q("ChargeAmount"), price.gross)
        add(gross, q("BasisQuantity"), price.base_quantity, unitCode=price.base_unit)
        if price.discount is not None:
            discount = _sub(gross, "AppliedTradeAllowanceCharge")
            add(_sub(discount, "ChargeIndicator"), q("udt:Indicator"), "false")
            add(discount, q("ActualAmount"), price.discount)
    net = _sub(agreement, "NetPriceProductTradePrice")
    add(net, q("ChargeAmount"), price.net)
    add(net, q("BasisQuantity"), price.base_quantity, unitCode=price.base_unit)
