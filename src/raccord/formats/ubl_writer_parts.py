"""What the document and its lines share when UBL is written: parties, addresses, delivery, allowances, periods."""

from __future__ import annotations

from dataclasses import replace

from lxml import etree

from raccord.domain.invoice import Address, AllowanceCharge, Contact, Delivery, Identifier, Party, Period, VatBreakdown
from raccord.formats.ubl_names import SEPA, TYPE_OBJECT, q
from raccord.formats.xml import Element, add, drop_if_empty

Exempt = VatBreakdown | AllowanceCharge
"""What may say why no VAT is due."""


def sub(parent: Element, name: str) -> Element:
    """A new last child."""
    return etree.SubElement(parent, q(name))


def put_nested(parent: Element, wrapper: str, name: str, value: str) -> None:
    """``value`` in an element of its own inside ``wrapper``; nothing when it is empty."""
    if value:
        add(sub(parent, wrapper), q(name), value)


def put_day(parent: Element, name: str, day: object) -> None:
    """``day`` as YYYY-MM-DD; nothing when there is none."""
    add(parent, q(name), str(day) if day else "")


def put_identifier(parent: Element, name: str, identifier: Identifier | None) -> None:
    """One identifier and its scheme."""
    if identifier is not None:
        add(parent, q(name), identifier.value, schemeID=identifier.scheme)


def put_object(parent: Element, name: str, identifier: Identifier | None, type_code: str = TYPE_OBJECT) -> None:
    """A document named by its number and its type (BT-18, BT-128)."""
    if identifier is not None:
        document = sub(parent, name)
        put_identifier(document, ":ID", identifier)
        add(document, q(":DocumentTypeCode"), type_code)


def put_period(parent: Element, period: Period | None, point: str = "") -> None:
    """An invoicing period (BG-14, BG-26), with the code of BT-8 for the document."""
    if period is None and not point:
        return
    element = sub(parent, "InvoicePeriod")
    if period:
        put_day(element, ":StartDate", period.start)
        put_day(element, ":EndDate", period.end)
    add(element, q(":DescriptionCode"), point)


def fill_party(element: Element, party: Party, creditor: str = "", *, by_name: bool = False) -> None:
    """``by_name``: payee and tax representative bear their name in PartyName, having no registered name."""
    put_identifier(element, ":EndpointID", party.electronic_address)
    add(element, q(":IndustryClassificationCode"), party.role)
    for identifier in party.identifiers:
        put_identifier(sub(element, "PartyIdentification"), ":ID", identifier)
    if creditor:
        add(sub(element, "PartyIdentification"), q(":ID"), creditor, schemeID=SEPA)
    put_nested(element, "PartyName", ":Name", party.name if by_name else party.trading_name)
    put_address(element, "PostalAddress", party.address)
    for scheme, number in (("VAT", party.vat_number), ("LOC", party.tax_registration)):
        if number:
            tax = sub(element, "PartyTaxScheme")
            add(tax, q(":CompanyID"), number)
            put_nested(tax, "TaxScheme", ":ID", scheme)
    legal = sub(element, "PartyLegalEntity")
    add(legal, q(":RegistrationName"), "" if by_name else party.name)
    put_identifier(legal, ":CompanyID", party.legal_id)
    add(legal, q(":CompanyLegalForm"), party.legal_information)
    put_address(legal, "RegistrationAddress", party.legal_address)
    drop_if_empty(element, legal)
    put_contact(element, party.contact)


def put_contact(element: Element, contact: Contact | None) -> None:
    """A contact (BG-6, BG-9)."""
    if contact is not None:
        target = sub(element, "Contact")
        add(target, q(":Name"), contact.name)
        add(target, q(":Telephone"), contact.phone)
        add(target, q(":Telefax"), contact.fax)
        add(target, q(":ElectronicMail"), contact.email)


def put_address(element: Element, name: str, address: Address | None) -> None:
    """A postal address; nothing when there is none."""
    if address is None:
        return
    target = sub(element, name)
    add(target, q(":StreetName"), address.line1)
    add(target, q(":AdditionalStreetName"), address.line2)
    add(target, q(":CityName"), address.city)
    add(target, q(":PostalZone"), address.postcode)
    add(target, q(":CountrySubentity"), address.region)
    put_nested(target, "AddressLine", ":Line", address.line3)
    put_nested(target, "Country", ":IdentificationCode", address.country)


def put_delivery(root: Element, delivery: Delivery | None) -> None:
    """Where and when it was delivered (BG-13, or that of a line)."""
    if delivery is None:
        return
    element = sub(root, "Delivery")
    put_day(element, ":ActualDeliveryDate", delivery.day)
    if delivery.location or delivery.address:
        location = sub(element, "DeliveryLocation")
        put_identifier(location, ":ID", delivery.location)
        put_address(location, "Address", delivery.address)
    if replace(delivery, day=None, location=None, address=None) != Delivery():
        _delivery_party(sub(element, "DeliveryParty"), delivery)


def _delivery_party(party: Element, delivery: Delivery) -> None:
    put_identifier(party, ":EndpointID", delivery.electronic_address)
    add(party, q(":IndustryClassificationCode"), delivery.role)
    put_nested(party, "PartyName", ":Name", delivery.name)
    if delivery.vat_number:
        tax = sub(party, "PartyTaxScheme")
        add(tax, q(":CompanyID"), delivery.vat_number)
        put_nested(tax, "TaxScheme", ":ID", "VAT")
    legal = sub(party, "PartyLegalEntity")
    add(legal, q(":RegistrationName"), delivery.trading_name)
    put_identifier(legal, ":CompanyID", delivery.legal_id)
    put_address(legal, "RegistrationAddress", delivery.legal_address)
    drop_if_empty(party, legal)
    put_contact(party, delivery.contact)


def put_allowance(parent: Element, entry: AllowanceCharge, currency: str) -> None:
    """One allowance or charge (BG-20, BG-21, BG-27, BG-28)."""
    element = sub(parent, "AllowanceCharge")
    add(element, q(":ChargeIndicator"), "true" if entry.is_charge else "false")
    add(element, q(":AllowanceChargeReasonCode"), entry.reason_code, listID=entry.reason_list)
    add(element, q(":AllowanceChargeReason"), entry.reason)
    add(element, q(":MultiplierFactorNumeric"), entry.percent)
    add(element, q(":Amount"), entry.amount, currencyID=currency)
    add(element, q(":BaseAmount"), entry.base, currencyID=currency)
    if entry.vat_category or entry.vat_rate is not None:
        put_category(element, "TaxCategory", entry.vat_category, entry.vat_rate, entry)


def put_category(parent: Element, name: str, category: str, rate: object, exempt: Exempt | None = None) -> None:
    """A category of VAT and its rate."""
    element = sub(parent, name)
    add(element, q(":ID"), category)
    add(element, q(":Percent"), "" if rate is None else format(rate, "f"))
    if exempt is not None:
        add(element, q(":TaxExemptionReasonCode"), exempt.exemption_code)
        add(element, q(":TaxExemptionReason"), exempt.exemption_reason)
    put_nested(element, "TaxScheme", ":ID", "VAT")
