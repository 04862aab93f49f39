"""What the document and its lines share when CII is written: parties, addresses, delivery, allowances, periods."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from lxml import etree

from raccord.domain.invoice import Address, AllowanceCharge, Contact, Delivery, Identifier, Note, Party, Period
from raccord.formats.cii_names import q
from raccord.formats.xml import Element, add


def sub(parent: Element, name: str) -> Element:
    """A new last child."""
    return etree.SubElement(parent, q(name))


def put_nested(parent: Element, wrapper: str, name: str, value: str) -> None:
    """``value`` in an element of its own inside ``wrapper``; nothing when it is empty."""
    if value:
        add(sub(parent, wrapper), q(name), value)


def put_day(parent: Element, wrapper: str, day: date | None, leaf: str = "udt:DateTimeString") -> None:
    """``day`` in format 102, inside ``wrapper``; nothing when there is none."""
    if day is not None:
        add(sub(parent, wrapper), q(leaf), day.strftime("%Y%m%d"), format="102")


def put_note(parent: Element, note: Note) -> None:
    """One note (BG-1, BT-127)."""
    element = sub(parent, "IncludedNote")
    add(element, q("ContentCode"), note.code)
    add(element, q("Content"), note.text)
    add(element, q("SubjectCode"), note.subject)


def put_reference(parent: Element, value: str, type_code: str, scheme: str = "") -> None:
    """A document named by its number: tender (BT-17), invoiced object (BT-18, BT-128)."""
    document = sub(parent, "AdditionalReferencedDocument")
    add(document, q("IssuerAssignedID"), value)
    add(document, q("TypeCode"), type_code)
    add(document, q("ReferenceTypeCode"), scheme)


def put_party(parent: Element, name: str, party: Party | None) -> None:
    """A party, in an element of that name; nothing when there is none."""
    if party is not None:
        fill_party(sub(parent, name), party)


def fill_party(element: Element, party: Party) -> None:
    """A party, in its element."""
    put_identifiers(element, party.identifiers)
    add(element, q("Name"), party.name)
    add(element, q("RoleCode"), party.role)
    add(element, q("Description"), party.legal_information)
    _put_legal(element, party)
    put_contact(element, party.contact)
    put_address(element, party.address)
    put_electronic_address(element, party.electronic_address)
    for scheme, value in (("VA", party.vat_number), ("FC", party.tax_registration)):
        if value:
            add(sub(element, "SpecifiedTaxRegistration"), q("ID"), value, schemeID=scheme)


def put_electronic_address(element: Element, address: Identifier | None) -> None:
    """BT-34, BT-49."""
    if address is not None:
        put_identifier(sub(element, "URIUniversalCommunication"), "URIID", address)


def put_identifiers(element: Element, identifiers: tuple[Identifier, ...]) -> None:
    """Identifiers, those without a scheme first, as the schema wants."""
    for identifier in sorted(identifiers, key=lambda entry: bool(entry.scheme)):
        put_identifier(element, "GlobalID" if identifier.scheme else "ID", identifier)


def put_identifier(parent: Element, name: str, identifier: Identifier | None) -> None:
    """One identifier and its scheme."""
    if identifier is not None:
        add(parent, q(name), identifier.value, schemeID=identifier.scheme)


def _put_legal(element: Element, party: Party | Delivery) -> None:
    if party.legal_id or party.trading_name or party.legal_address:
        legal = sub(element, "SpecifiedLegalOrganization")
        put_identifier(legal, "ID", party.legal_id)
        add(legal, q("TradingBusinessName"), party.trading_name)
        put_address(legal, party.legal_address)


def put_contact(element: Element, contact: Contact | None) -> None:
    """A contact (BG-6, BG-9). A department that has no person is BT-41 by itself."""
    if contact is None:
        return
    target = sub(element, "DefinedTradeContact")
    add(target, q("PersonName"), contact.name if contact.name != contact.department else "")
    add(target, q("DepartmentName"), contact.department)
    add(target, q("TypeCode"), contact.type_code)
    put_nested(target, "TelephoneUniversalCommunication", "CompleteNumber", contact.phone)
    put_nested(target, "FaxUniversalCommunication", "CompleteNumber", contact.fax)
    put_nested(target, "EmailURIUniversalCommunication", "URIID", contact.email)


def put_address(element: Element, address: Address | None) -> None:
    """A postal address; nothing when there is none."""
    if address is None:
        return
    target = sub(element, "PostalTradeAddress")
    add(target, q("PostcodeCode"), address.postcode)
    add(target, q("LineOne"), address.line1)
    add(target, q("LineTwo"), address.line2)
    add(target, q("LineThree"), address.line3)
    add(target, q("CityName"), address.city)
    add(target, q("CountryID"), address.country)
    add(target, q("CountrySubDivisionName"), address.region)


def put_delivery(element: Element, delivery: Delivery | None) -> None:
    """Where and when it was delivered (BG-13, or that of a line)."""
    if delivery is not None:
        _put_place(element, delivery)
        if delivery.day:
            put_day(sub(element, "ActualDeliverySupplyChainEvent"), "OccurrenceDateTime", delivery.day)


def _put_place(element: Element, delivery: Delivery) -> None:
    if replace(delivery, day=None) == Delivery() and delivery.day:
        return
    place = sub(element, "ShipToTradeParty")
    put_identifiers(place, (delivery.location,) if delivery.location else ())
    add(place, q("Name"), delivery.name)
    add(place, q("RoleCode"), delivery.role)
    _put_legal(place, delivery)
    put_contact(place, delivery.contact)
    put_address(place, delivery.address)
    put_electronic_address(place, delivery.electronic_address)
    if delivery.vat_number:
        add(sub(place, "SpecifiedTaxRegistration"), q("ID"), delivery.vat_number, schemeID="VA")


def put_period(parent: Element, period: Period | None) -> None:
    """An invoicing period (BG-14, BG-26)."""
    if period is not None:
        element = sub(parent, "BillingSpecifiedPeriod")
        put_day(element, "StartDateTime", period.start)
        put_day(element, "EndDateTime", period.end)


def put_allowance(parent: Element, entry: AllowanceCharge, name: str = "SpecifiedTradeAllowanceCharge") -> None:
    """One allowance or charge, of the document, of a line or of a price."""
    element = sub(parent, name)
    add(sub(element, "ChargeIndicator"), q("udt:Indicator"), "true" if entry.is_charge else "false")
    add(element, q("CalculationPercent"), entry.percent)
    add(element, q("BasisAmount"), entry.base)
    add(element, q("ActualAmount"), entry.amount)
    add(element, q("ReasonCode"), entry.reason_code, listID=entry.reason_list)
    add(element, q("Reason"), entry.reason)
    if entry.vat_category or entry.vat_rate is not None:
        tax = sub(element, "CategoryTradeTax")
        add(tax, q("TypeCode"), "VAT")
        add(tax, q("ExemptionReason"), entry.exemption_reason)
        add(tax, q("CategoryCode"), entry.vat_category)
        add(tax, q("ExemptionReasonCode"), entry.exemption_code)
        add(tax, q("RateApplicablePercent"), entry.vat_rate)


def is_logistics(entry: AllowanceCharge) -> bool:
    """True of carriage that says no more than its element has places for."""
    more = entry.base is not None or entry.percent is not None or entry.reason_code
    return entry.logistics and entry.is_charge and not more


def put_logistics(parent: Element, entry: AllowanceCharge) -> None:
    """Carriage, a charge under its own name."""
    element = sub(parent, "SpecifiedLogisticsServiceCharge")
    add(element, q("Description"), entry.reason)
    add(element, q("AppliedAmount"), entry.amount)
    tax = sub(element, "AppliedTradeTax")
    add(tax, q("TypeCode"), "VAT")
    add(tax, q("ExemptionReason"), entry.exemption_reason)
    add(tax, q("CategoryCode"), entry.vat_category)
    add(tax, q("ExemptionReasonCode"), entry.exemption_code)
    add(tax, q("RateApplicablePercent"), entry.vat_rate)
