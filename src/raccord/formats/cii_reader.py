"""From CII to business terms. Paths are those of EN 16931-3-3; what the model has no term for is left aside."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import TypeVar

from raccord.domain.invoice import (
    Account,
    Address,
    AllowanceCharge,
    Attachment,
    Card,
    Classification,
    Contact,
    Delivery,
    DirectDebit,
    Identifier,
    Invoice,
    Item,
    Line,
    Note,
    Party,
    PaymentMeans,
    Period,
    PrecedingInvoice,
    Price,
    Totals,
    VatBreakdown,
)
from raccord.formats.cii_names import ROOT, TYPE_OBJECT, TYPE_SUPPORTING, TYPE_TENDER, q
from raccord.formats.problems import ReadError, not_an_invoice
from raccord.formats.xml import Element, Node, children, content, decimal, parse, parse_day, text

__all__ = ["ROOT", "read", "read_root"]

_T = TypeVar("_T")
_CHORUS_CADRE = re.compile(r"A[0-9]{1,2}")
_ADDRESS_TAGS = ("LineOne", "LineTwo", "LineThree", "CityName", "PostcodeCode", "CountrySubDivisionName", "CountryID")


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
    agreement = _part(trade, "ApplicableHeaderTradeAgreement")
    delivery = _part(trade, "ApplicableHeaderTradeDelivery")
    settlement = _part(trade, "ApplicableHeaderTradeSettlement")
    document = root.find(q("rsm:ExchangedDocument"))
    cadre, profile = _context(root)
    currency = _text(settlement, "InvoiceCurrencyCode")
    taxes = list(children(settlement, q("ApplicableTradeTax")))
    terms = list(children(settlement, q("SpecifiedTradePaymentTerms")))
    documents = list(children(agreement, q("AdditionalReferencedDocument")))
    return Invoice(
        number=_text(document, "ID"),
        issue_date=_date(document, "IssueDateTime/udt:DateTimeString"),
        type_code=_text(document, "TypeCode"),
        currency=currency,
        seller=_party(agreement, "SellerTradeParty") or Party(),
        buyer=_party(agreement, "BuyerTradeParty") or Party(),
        totals=_totals(settlement, currency),
        lines=tuple(_line(line) for line in children(trade, q("IncludedSupplyChainTradeLineItem"))),
        vat=tuple(_vat(tax) for tax in taxes),
        accounting_currency=_text(settlement, "TaxCurrencyCode"),
        tax_point_date=_first(_date(tax, "TaxPointDate/udt:DateString") for tax in taxes),
        tax_point_code=_first(_text(tax, "DueDateTypeCode") for tax in taxes) or "",
        due_date=_first(_date(term, "DueDateDateTime/udt:DateTimeString") for term in terms),
        service=_text(agreement, "BuyerReference"),
        project=_text(agreement, "SpecifiedProcuringProject/ID"),
        contract=_text(agreement, "ContractReferencedDocument/IssuerAssignedID"),
        commitment=_text(agreement, "BuyerOrderReferencedDocument/IssuerAssignedID"),
        sales_order=_text(agreement, "SellerOrderReferencedDocument/IssuerAssignedID"),
        receiving_advice=_text(delivery, "ReceivingAdviceReferencedDocument/IssuerAssignedID"),
        despatch_advice=_text(delivery, "DespatchAdviceReferencedDocument/IssuerAssignedID"),
        tender=_first(_text(entry, "IssuerAssignedID") for entry in documents if _type(entry) == TYPE_TENDER) or "",
        object_id=_first(_object(entry) for entry in documents if _type(entry) == TYPE_OBJECT),
        accounting_reference=_text(settlement, "ReceivableSpecifiedTradeAccountingAccount/ID"),
        payment_terms="\n".join(filter(None, (_text(term, "Description") for term in terms))),
        notes=tuple(_notes(document)),
        cadre=cadre,
        profile=profile,
        preceding=tuple(_preceding(entry) for entry in children(settlement, q("InvoiceReferencedDocument"))),
        payee=_party(settlement, "PayeeTradeParty"),
        tax_representative=_party(agreement, "SellerTaxRepresentativeTradeParty"),
        sales_agent=_party(agreement, "SalesAgentTradeParty"),
        delivery=_delivery(delivery),
        period=_period(settlement),
        payment_means=tuple(_means(entry) for entry in _all_means(settlement)),
        remittance=_text(settlement, "PaymentReference"),
        direct_debit=_direct_debit(settlement, terms),
        allowances_charges=(*_allowances(settlement), *_logistics(settlement)),
        attachments=tuple(_attachment(entry) for entry in documents if _type(entry) == TYPE_SUPPORTING),
    )


def _part(trade: Node | None, name: str) -> Node | None:
    return None if trade is None else trade.find(q(name))


def _text(element: Node | None, path: str) -> str:
    return text(element, q(path))


def _decimal(element: Node | None, path: str) -> Decimal | None:
    return decimal(element, q(path))


def _date(element: Node | None, path: str) -> date | None:
    """A day in format 102 (``YYYYMMDD``), the only one that EN 16931 knows."""
    value = _text(element, path)
    return parse_day(value, "%Y%m%d", path) if value else None


def _first(values: Iterable[_T]) -> _T | None:
    return next((value for value in values if value), None)


def _context(root: Node) -> tuple[str, str]:
    """BT-23 and BT-24. Older Chorus Pro exports put the cadre in the guideline: it is read as the cadre that
    it is.
    """
    context = root.find(q("rsm:ExchangedDocumentContext"))
    cadre = _text(context, "BusinessProcessSpecifiedDocumentContextParameter/ID")
    profile = _text(context, "GuidelineSpecifiedDocumentContextParameter/ID")
    if not cadre and _CHORUS_CADRE.fullmatch(profile):
        return profile, ""
    return cadre, profile


def _notes(document: Node | None) -> Iterable[Note]:
    for note in children(document, q("IncludedNote")):
        words, subject = _text(note, "Content"), _text(note, "SubjectCode")
        if words or subject:
            yield Note(text=words, subject=subject)


def _party(parent: Node | None, name: str) -> Party | None:
    party = _part(parent, name)
    if party is None:
        return None
    numbers = {
        entry.get("schemeID", "VA"): content(entry) for entry in children(party, q("SpecifiedTaxRegistration/ID"))
    }
    return Party(
        name=_text(party, "Name"),
        trading_name=_text(party, "SpecifiedLegalOrganization/TradingBusinessName"),
        identifiers=_identifiers(party),
        legal_id=_identifier(party, "SpecifiedLegalOrganization/ID"),
        vat_number=numbers.get("VA", ""),
        tax_registration=numbers.get("FC", ""),
        legal_information=_text(party, "Description"),
        electronic_address=_identifier(party, "URIUniversalCommunication/URIID"),
        address=_address(_part(party, "PostalTradeAddress")),
        contact=_contact(_part(party, "DefinedTradeContact")),
    )


def _identifiers(party: Node) -> tuple[Identifier, ...]:
    found = [_as_identifier(entry) for tag in ("ID", "GlobalID") for entry in children(party, q(tag))]
    return tuple(sorted((entry for entry in found if entry), key=lambda entry: bool(entry.scheme)))


def _identifier(parent: Node | None, path: str) -> Identifier | None:
    element = _part(parent, path)
    return None if element is None else _as_identifier(element)


def _as_identifier(element: Node) -> Identifier | None:
    value = content(element)
    return Identifier(value=value, scheme=element.get("schemeID", "")) if value else None


def _address(element: Node | None) -> Address | None:
    if element is None:
        return None
    line1, line2, line3, city, postcode, region, country = (_text(element, tag) for tag in _ADDRESS_TAGS)
    return Address(line1=line1, line2=line2, line3=line3, city=city, postcode=postcode, region=region, country=country)


def _contact(element: Node | None) -> Contact | None:
    if element is None:
        return None
    return Contact(
        name=_text(element, "PersonName") or _text(element, "DepartmentName"),
        phone=_text(element, "TelephoneUniversalCommunication/CompleteNumber"),
        email=_text(element, "EmailURIUniversalCommunication/URIID"),
    )


def _delivery(element: Node | None) -> Delivery | None:
    place = _part(element, "ShipToTradeParty")
    day = _date(element, "ActualDeliverySupplyChainEvent/OccurrenceDateTime/udt:DateTimeString")
    if place is None and day is None:
        return None
    identifiers = _identifiers(place) if place is not None else ()
    return Delivery(
        name=_text(place, "Name"),
        location=identifiers[0] if identifiers else None,
        day=day,
        address=_address(_part(place, "PostalTradeAddress")),
    )


def _period(parent: Node | None) -> Period | None:
    element = _part(parent, "BillingSpecifiedPeriod")
    if element is None:
        return None
    return Period(
        start=_date(element, "StartDateTime/udt:DateTimeString"), end=_date(element, "EndDateTime/udt:DateTimeString")
    )


def _all_means(settlement: Node | None) -> Iterable[Node]:
    return children(settlement, q("SpecifiedTradeSettlementPaymentMeans"))


def _means(element: Node) -> PaymentMeans:
    card = _part(element, "ApplicableTradeSettlementFinancialCard")
    return PaymentMeans(
        code=_text(element, "TypeCode"),
        text=_text(element, "Information"),
        account=_account(element),
        card=None if card is None else Card(number=_text(card, "ID"), holder=_text(card, "CardholderName")),
    )


def _account(means: Node) -> Account | None:
    element = _part(means, "PayeePartyCreditorFinancialAccount")
    bic = _text(means, "PayeeSpecifiedCreditorFinancialInstitution/BICID")
    number = _text(element, "IBANID") or _text(element, "ProprietaryID")
    name = _text(element, "AccountName")
    return Account(iban=number, name=name, bic=bic) if number or name or bic else None


def _direct_debit(settlement: Node | None, terms: list[Node]) -> DirectDebit | None:
    mandate = _first(_text(term, "DirectDebitMandateID") for term in terms) or ""
    creditor = _text(settlement, "CreditorReferenceID")
    debited = _first(_text(means, "PayerPartyDebtorFinancialAccount/IBANID") for means in _all_means(settlement)) or ""
    if not (mandate or creditor or debited):
        return None
    return DirectDebit(mandate=mandate, creditor=creditor, debited_account=debited)


def _allowances(parent: Node | None) -> tuple[AllowanceCharge, ...]:
    return tuple(_allowance(entry) for entry in children(parent, q("SpecifiedTradeAllowanceCharge")))


def _allowance(element: Node) -> AllowanceCharge:
    return AllowanceCharge(
        is_charge=_text(element, "ChargeIndicator/udt:Indicator") in ("true", "1"),
        amount=_decimal(element, "ActualAmount"),
        base=_decimal(element, "BasisAmount"),
        percent=_decimal(element, "CalculationPercent"),
        vat_category=_text(element, "CategoryTradeTax/CategoryCode"),
        vat_rate=_decimal(element, "CategoryTradeTax/RateApplicablePercent"),
        reason=_text(element, "Reason"),
        reason_code=_text(element, "ReasonCode"),
    )


def _logistics(settlement: Node | None) -> Iterable[AllowanceCharge]:
    """Transport costs of the EXTENDED profile: charges under another name, counted in BT-108."""
    for element in children(settlement, q("SpecifiedLogisticsServiceCharge")):
        yield AllowanceCharge(
            is_charge=True,
            amount=_decimal(element, "AppliedAmount"),
            vat_category=_text(element, "AppliedTradeTax/CategoryCode"),
            vat_rate=_decimal(element, "AppliedTradeTax/RateApplicablePercent"),
            reason=_text(element, "Description"),
        )


def _vat(element: Node) -> VatBreakdown:
    return VatBreakdown(
        base=_decimal(element, "BasisAmount"),
        amount=_decimal(element, "CalculatedAmount"),
        category=_text(element, "CategoryCode"),
        rate=_decimal(element, "RateApplicablePercent"),
        exemption_reason=_text(element, "ExemptionReason"),
        exemption_code=_text(element, "ExemptionReasonCode"),
    )


def _totals(settlement: Node | None, currency: str) -> Totals:
    element = _part(settlement, "SpecifiedTradeSettlementHeaderMonetarySummation")
    vat = vat_accounting = None
    for tax in children(element, q("TaxTotalAmount")):
        amount = decimal(tax, ".")
        if tax.get("currencyID", currency) == currency and vat is None:
            vat = amount
        elif vat_accounting is None:
            vat_accounting = amount
    return Totals(
        lines=_decimal(element, "LineTotalAmount"),
        allowances=_decimal(element, "AllowanceTotalAmount"),
        charges=_decimal(element, "ChargeTotalAmount"),
        net=_decimal(element, "TaxBasisTotalAmount"),
        vat=vat,
        vat_accounting=vat_accounting,
        gross=_decimal(element, "GrandTotalAmount"),
        prepaid=_decimal(element, "TotalPrepaidAmount"),
        rounding=_decimal(element, "RoundingAmount"),
        payable=_decimal(element, "DuePayableAmount"),
    )


def _type(document: Node) -> str:
    return _text(document, "TypeCode")


def _object(document: Node | None) -> Identifier | None:
    value = _text(document, "IssuerAssignedID")
    return Identifier(value=value, scheme=_text(document, "ReferenceTypeCode")) if value else None


def _preceding(document: Node) -> PrecedingInvoice:
    return PrecedingInvoice(
        number=_text(document, "IssuerAssignedID"),
        issue_date=_date(document, "FormattedIssueDateTime/qdt:DateTimeString"),
    )


def _attachment(document: Node) -> Attachment:
    binary = _part(document, "AttachmentBinaryObject")
    return Attachment(
        reference=_text(document, "IssuerAssignedID"),
        description=_text(document, "Name"),
        uri=_text(document, "URIID"),
        content=None if binary is None else decode(binary.text or ""),
        mime="" if binary is None else binary.get("mimeCode", ""),
        filename="" if binary is None else binary.get("filename", ""),
    )


def decode(text_of_bytes: str) -> bytes:
    """The bytes of a base64 element. Raises :class:`ReadError` CP-PJ-01."""
    try:
        return base64.b64decode(text_of_bytes.encode("ascii"), validate=False)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise ReadError(
            "CP-PJ-01",
            "Une pièce jointe de la facture est illisible (base64 mal formé).",
            "Joignez de nouveau le document dans votre logiciel et réexportez la facture.",
            path="AttachmentBinaryObject",
            sentence_en="An attachment is not valid base64.",
        ) from error


def _line(element: Node) -> Line:
    document = _part(element, "AssociatedDocumentLineDocument")
    agreement = _part(element, "SpecifiedLineTradeAgreement")
    settlement = _part(element, "SpecifiedLineTradeSettlement")
    quantity = _part(element, "SpecifiedLineTradeDelivery/BilledQuantity")
    tax = _part(settlement, "ApplicableTradeTax")
    return Line(
        id=_text(document, "LineID"),
        note="\n".join(filter(None, (_text(note, "Content") for note in children(document, q("IncludedNote"))))),
        object_id=_first(
            _object(entry)
            for entry in children(settlement, q("AdditionalReferencedDocument"))
            if _type(entry) == TYPE_OBJECT
        ),
        quantity=None if quantity is None else decimal(quantity, "."),
        unit="" if quantity is None else quantity.get("unitCode", ""),
        net=_decimal(settlement, "SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount"),
        order_line=_text(agreement, "BuyerOrderReferencedDocument/LineID"),
        accounting_reference=_text(settlement, "ReceivableSpecifiedTradeAccountingAccount/ID"),
        period=_period(settlement),
        allowances_charges=_allowances(settlement),
        price=_price(agreement),
        vat_category=_text(tax, "CategoryCode"),
        vat_rate=_decimal(tax, "RateApplicablePercent"),
        item=_item(_part(element, "SpecifiedTradeProduct")),
    )


def _price(agreement: Node | None) -> Price:
    gross = _part(agreement, "GrossPriceProductTradePrice")
    net = _part(agreement, "NetPriceProductTradePrice")
    base = _part(net, "BasisQuantity")
    if base is None:
        base = _part(gross, "BasisQuantity")
    return Price(
        net=_decimal(net, "ChargeAmount"),
        discount=_decimal(gross, "AppliedTradeAllowanceCharge/ActualAmount"),
        gross=_decimal(gross, "ChargeAmount"),
        base_quantity=None if base is None else decimal(base, "."),
        base_unit="" if base is None else base.get("unitCode", ""),
    )


def _item(product: Node | None) -> Item:
    return Item(
        name=_text(product, "Name"),
        description=_text(product, "Description"),
        seller_id=_text(product, "SellerAssignedID"),
        buyer_id=_text(product, "BuyerAssignedID"),
        standard_id=_identifier(product, "GlobalID"),
        classifications=tuple(
            Classification(code=content(entry), scheme=entry.get("listID", ""), version=entry.get("listVersionID", ""))
            for entry in children(product, q("DesignatedProductClassification/ClassCode"))
        ),
        origin=_text(product, "OriginTradeCountry/ID"),
        attributes=tuple(
            (_text(entry, "Description"), _text(entry, "Value"))
            for entry in children(product, q("ApplicableProductCharacteristic"))
        ),
    )
