"""What the document and its lines share in CII: values at a path, parties, addresses, allowances."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import TypeVar

from raccord.domain.invoice import Address, AllowanceCharge, Contact, Delivery, Identifier, Note, Party, Period
from raccord.formats.cii_names import q
from raccord.formats.problems import ReadError
from raccord.formats.xml import BLANKS, Node, children, content, decimal, parse_day

_ADDRESS_TAGS = ("LineOne", "LineTwo", "LineThree", "CityName", "PostcodeCode", "CountrySubDivisionName", "CountryID")
_T = TypeVar("_T")


def part(trade: Node | None, name: str) -> Node | None:
    """The first element at ``path``, or ``None``."""
    return None if trade is None else trade.find(q(name))


def text_at(element: Node | None, path: str) -> str:
    """The text at ``path``; ``""`` when absent."""
    found = None if element is None else element.find(q(path))
    return found.text.strip(BLANKS) if found is not None and found.text else ""


def attribute_at(element: Node | None, path: str, name: str) -> str:
    """An attribute of the element at ``path``; ``""`` when absent."""
    found = part(element, path)
    return "" if found is None else found.get(name)


def decimal_at(element: Node | None, path: str) -> Decimal | None:
    """The amount at ``path``; ``None`` when absent. Raises CP-MNT-01."""
    return decimal(element, q(path))


def day_at(element: Node | None, path: str) -> date | None:
    """A day in format 102 (``YYYYMMDD``), the only one that EN 16931 knows."""
    value = text_at(element, path)
    return parse_day(value, "%Y%m%d", path) if value else None


def first(values: Iterable[_T]) -> _T | None:
    """The first value that is not empty, or ``None``."""
    return next((value for value in values if value), None)


def party_of(parent: Node | None, name: str) -> Party | None:
    """A party (BG-4, BG-7, BG-10, BG-11), or ``None``."""
    party = part(parent, name)
    return None if party is None else party_in(party)


def party_in(party: Node) -> Party:
    """The party that an element is."""
    numbers = {
        entry.get("schemeID", "VA"): content(entry) for entry in children(party, q("SpecifiedTaxRegistration/ID"))
    }
    return Party(
        name=text_at(party, "Name"),
        trading_name=text_at(party, "SpecifiedLegalOrganization/TradingBusinessName"),
        identifiers=identifiers_of(party),
        legal_id=identifier_at(party, "SpecifiedLegalOrganization/ID"),
        vat_number=numbers.get("VA", ""),
        tax_registration=numbers.get("FC", ""),
        legal_information=text_at(party, "Description"),
        electronic_address=identifier_at(party, "URIUniversalCommunication/URIID"),
        address=address_of(part(party, "PostalTradeAddress")),
        contact=contact_of(part(party, "DefinedTradeContact")),
        role=text_at(party, "RoleCode"),
        legal_address=address_of(part(party, "SpecifiedLegalOrganization/PostalTradeAddress")),
    )


def identifiers_of(party: Node) -> tuple[Identifier, ...]:
    """Identifiers (BT-29, BT-46, BT-60), those without scheme first."""
    found = [as_identifier(entry) for tag in ("ID", "GlobalID") for entry in children(party, q(tag))]
    return tuple(sorted((entry for entry in found if entry), key=lambda entry: bool(entry.scheme)))


def identifier_at(parent: Node | None, path: str) -> Identifier | None:
    """The identifier at ``path`` with its scheme, or ``None``."""
    element = part(parent, path)
    return None if element is None else as_identifier(element)


def as_identifier(element: Node) -> Identifier | None:
    """The identifier that an element holds, or ``None`` when it is empty."""
    value = content(element)
    return Identifier(value=value, scheme=element.get("schemeID", "")) if value else None


def address_of(element: Node | None) -> Address | None:
    """A postal address (BG-5, BG-8, BG-12, BG-15), or ``None``."""
    if element is None:
        return None
    line1, line2, line3, city, postcode, region, country = (text_at(element, tag) for tag in _ADDRESS_TAGS)
    return Address(line1=line1, line2=line2, line3=line3, city=city, postcode=postcode, region=region, country=country)


def contact_of(element: Node | None) -> Contact | None:
    """A contact (BG-6, BG-9), or ``None``."""
    if element is None:
        return None
    department = text_at(element, "DepartmentName")
    return Contact(
        name=text_at(element, "PersonName") or department,
        phone=text_at(element, "TelephoneUniversalCommunication/CompleteNumber"),
        email=text_at(element, "EmailURIUniversalCommunication/URIID"),
        department=department,
        fax=text_at(element, "FaxUniversalCommunication/CompleteNumber"),
        type_code=text_at(element, "TypeCode"),
    )


def delivery_of(element: Node | None) -> Delivery | None:
    """Where and when it was delivered (BG-13, or that of a line), or ``None``."""
    place = part(element, "ShipToTradeParty")
    day = day_at(element, "ActualDeliverySupplyChainEvent/OccurrenceDateTime/udt:DateTimeString")
    if place is None and day is None:
        return None
    identifiers = identifiers_of(place) if place is not None else ()
    return Delivery(
        name=text_at(place, "Name"),
        location=identifiers[0] if identifiers else None,
        day=day,
        address=address_of(part(place, "PostalTradeAddress")),
        contact=contact_of(part(place, "DefinedTradeContact")),
        electronic_address=identifier_at(place, "URIUniversalCommunication/URIID"),
        role=text_at(place, "RoleCode"),
        trading_name=text_at(place, "SpecifiedLegalOrganization/TradingBusinessName"),
        legal_id=identifier_at(place, "SpecifiedLegalOrganization/ID"),
        legal_address=address_of(part(place, "SpecifiedLegalOrganization/PostalTradeAddress")),
        vat_number=text_at(place, "SpecifiedTaxRegistration/ID"),
    )


def notes_of(element: Node | None) -> tuple[Note, ...]:
    """The notes of a document (BG-1) or of a line (BT-127), those that say nothing left aside."""
    found = (
        Note(text=text_at(note, "Content"), subject=text_at(note, "SubjectCode"), code=text_at(note, "ContentCode"))
        for note in children(element, q("IncludedNote"))
    )
    return tuple(note for note in found if note.text or note.subject or note.code)


def period_at(parent: Node | None) -> Period | None:
    """An invoicing period (BG-14, BG-26), or ``None``."""
    element = part(parent, "BillingSpecifiedPeriod")
    if element is None:
        return None
    return Period(
        start=day_at(element, "StartDateTime/udt:DateTimeString"), end=day_at(element, "EndDateTime/udt:DateTimeString")
    )


def allowances_of(parent: Node | None) -> tuple[AllowanceCharge, ...]:
    """Allowances and charges, in the order of the file."""
    return tuple(allowance_of(entry) for entry in children(parent, q("SpecifiedTradeAllowanceCharge")))


def allowance_of(element: Node) -> AllowanceCharge:
    """One allowance or charge (BG-20, BG-21, BG-27, BG-28)."""
    return AllowanceCharge(
        is_charge=text_at(element, "ChargeIndicator/udt:Indicator") in ("true", "1"),
        amount=decimal_at(element, "ActualAmount"),
        base=decimal_at(element, "BasisAmount"),
        percent=decimal_at(element, "CalculationPercent"),
        vat_category=text_at(element, "CategoryTradeTax/CategoryCode"),
        vat_rate=decimal_at(element, "CategoryTradeTax/RateApplicablePercent"),
        reason=text_at(element, "Reason"),
        reason_code=text_at(element, "ReasonCode"),
        reason_list=attribute_at(element, "ReasonCode", "listID"),
        exemption_reason=text_at(element, "CategoryTradeTax/ExemptionReason"),
        exemption_code=text_at(element, "CategoryTradeTax/ExemptionReasonCode"),
    )


def type_of(document: Node) -> str:
    """The type code of a referenced document."""
    return text_at(document, "TypeCode")


def object_of(document: Node | None) -> Identifier | None:
    """The invoiced object (BT-18, BT-128), or ``None``."""
    value = text_at(document, "IssuerAssignedID")
    return Identifier(value=value, scheme=text_at(document, "ReferenceTypeCode")) if value else None


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


def vat_amounts(elements: Iterable[Node], currency: str) -> tuple[Decimal | None, Decimal | None]:
    """The amounts of VAT in ``currency`` (BT-110) and in the currency of the accounts (BT-111)."""
    vat = vat_accounting = None
    for element in elements:
        amount = decimal(element, ".")
        if element.get("currencyID", currency) == currency and vat is None:
            vat = amount
        elif vat_accounting is None:
            vat_accounting = amount
    return vat, vat_accounting
