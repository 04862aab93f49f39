"""What the document and its lines share in UBL: values at a path, parties, addresses, allowances."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from raccord.domain.invoice import Address, AllowanceCharge, Contact, Delivery, Identifier, Note, Party, Period
from raccord.formats.ubl_names import SEPA, TYPE_OBJECT, q
from raccord.formats.xml import BLANKS, Node, children, content, decimal, iso_date, text

_NOTE = re.compile(r"#([A-Z]{3})#(.*)", re.DOTALL)


def part(parent: Node | None, path: str) -> Node | None:
    """The first element at ``path``, or ``None``."""
    return None if parent is None else parent.find(q(path))


def text_at(element: Node | None, path: str) -> str:
    """The text at ``path``; ``""`` when absent."""
    return text(element, q(path))


def attribute_at(element: Node | None, path: str, name: str) -> str:
    """An attribute of the element at ``path``; ``""`` when absent."""
    found = part(element, path)
    return "" if found is None else found.get(name)


def decimal_at(element: Node | None, path: str) -> Decimal | None:
    """The amount at ``path``; ``None`` when absent. Raises CP-MNT-01."""
    return decimal(element, q(path))


def day_at(element: Node | None, path: str) -> date | None:
    """The day at ``path``; ``None`` when absent. Raises CP-DATE-01."""
    return iso_date(element, q(path))


def object_of(documents: list[Node]) -> Identifier | None:
    """The invoiced object (BT-18, BT-128), or ``None``."""
    for entry in documents:
        if text_at(entry, ":DocumentTypeCode") == TYPE_OBJECT:
            return identifier_at(entry, ":ID")
    return None


def identifier_at(parent: Node | None, path: str) -> Identifier | None:
    """The identifier at ``path`` with its scheme, or ``None``."""
    element = part(parent, path)
    return None if element is None else as_identifier(element)


def as_identifier(element: Node) -> Identifier | None:
    """The identifier that an element holds, or ``None`` when it is empty."""
    value = content(element)
    return Identifier(value=value, scheme=element.get("schemeID", "")) if value else None


def party_of(element: Node | None) -> Party | None:
    """A party (BG-4, BG-7, BG-10, BG-11), or ``None``."""
    if element is None:
        return None
    legal_name, name = text_at(element, "PartyLegalEntity/:RegistrationName"), text_at(element, "PartyName/:Name")
    vat, other = tax_numbers_of(element)
    return Party(
        name=legal_name or name,
        trading_name=name if legal_name else "",
        identifiers=identifiers_of(element),
        legal_id=identifier_at(element, "PartyLegalEntity/:CompanyID"),
        vat_number=vat,
        tax_registration=other,
        legal_information=text_at(element, "PartyLegalEntity/:CompanyLegalForm"),
        electronic_address=identifier_at(element, ":EndpointID"),
        address=address_of(part(element, "PostalAddress")),
        contact=contact_of(part(element, "Contact")),
        role=text_at(element, ":IndustryClassificationCode"),
        legal_address=address_of(part(element, "PartyLegalEntity/RegistrationAddress")),
    )


def identifiers_of(element: Node) -> tuple[Identifier, ...]:
    """Identifiers (BT-29, BT-46, BT-60), those without scheme first."""
    found = (as_identifier(entry) for entry in children(element, q("PartyIdentification/:ID")))
    kept = (entry for entry in found if entry and entry.scheme != SEPA)
    return tuple(sorted(kept, key=lambda entry: bool(entry.scheme)))


def tax_numbers_of(element: Node) -> tuple[str, str]:
    """The VAT number (BT-31) and the other tax registration (BT-32)."""
    vat = other = ""
    for entry in children(element, q("PartyTaxScheme")):
        number = text_at(entry, ":CompanyID")
        if text_at(entry, "TaxScheme/:ID").upper() == "VAT":
            vat = vat or number
        else:
            other = other or number
    return vat, other


def address_of(element: Node | None) -> Address | None:
    """A postal address (BG-5, BG-8, BG-12, BG-15), or ``None``."""
    if element is None:
        return None
    return Address(
        line1=text_at(element, ":StreetName"),
        line2=text_at(element, ":AdditionalStreetName"),
        line3=text_at(element, "AddressLine/:Line"),
        city=text_at(element, ":CityName"),
        postcode=text_at(element, ":PostalZone"),
        region=text_at(element, ":CountrySubentity"),
        country=text_at(element, "Country/:IdentificationCode"),
    )


def contact_of(element: Node | None) -> Contact | None:
    """A contact (BG-6, BG-9), or ``None``."""
    if element is None:
        return None
    return Contact(
        name=text_at(element, ":Name"),
        phone=text_at(element, ":Telephone"),
        email=text_at(element, ":ElectronicMail"),
        fax=text_at(element, ":Telefax"),
    )


def delivery_of(element: Node | None) -> Delivery | None:
    """Where and when it was delivered (BG-13, or that of a line), or ``None``."""
    if element is None:
        return None
    return Delivery(
        name=text_at(element, "DeliveryParty/PartyName/:Name"),
        location=identifier_at(element, "DeliveryLocation/:ID"),
        day=day_at(element, ":ActualDeliveryDate"),
        address=address_of(part(element, "DeliveryLocation/Address")),
        contact=contact_of(part(element, "DeliveryParty/Contact")),
        electronic_address=identifier_at(element, "DeliveryParty/:EndpointID"),
        role=text_at(element, "DeliveryParty/:IndustryClassificationCode"),
        trading_name=text_at(element, "DeliveryParty/PartyLegalEntity/:RegistrationName"),
        legal_id=identifier_at(element, "DeliveryParty/PartyLegalEntity/:CompanyID"),
        legal_address=address_of(part(element, "DeliveryParty/PartyLegalEntity/RegistrationAddress")),
        vat_number=text_at(element, "DeliveryParty/PartyTaxScheme/:CompanyID"),
    )


def note_of(written: str) -> Note:
    """``#PMT#text`` carries the subject code that UBL has no place for."""
    found = _NOTE.match(written)
    return Note(text=found.group(2).strip(BLANKS), subject=found.group(1)) if found else Note(text=written)


def period_at(parent: Node | None) -> Period | None:
    """An invoicing period (BG-14, BG-26), or ``None``."""
    element = part(parent, "InvoicePeriod")
    start, end = day_at(element, ":StartDate"), day_at(element, ":EndDate")
    return Period(start=start, end=end) if start or end else None


def allowances_of(parent: Node) -> tuple[AllowanceCharge, ...]:
    """Allowances and charges, in the order of the file."""
    return tuple(allowance_of(entry) for entry in children(parent, q("AllowanceCharge")))


def allowance_of(element: Node) -> AllowanceCharge:
    """One allowance or charge (BG-20, BG-21, BG-27, BG-28)."""
    return AllowanceCharge(
        is_charge=text_at(element, ":ChargeIndicator") in ("true", "1"),
        amount=decimal_at(element, ":Amount"),
        base=decimal_at(element, ":BaseAmount"),
        percent=decimal_at(element, ":MultiplierFactorNumeric"),
        vat_category=text_at(element, "TaxCategory/:ID"),
        vat_rate=decimal_at(element, "TaxCategory/:Percent"),
        reason=text_at(element, ":AllowanceChargeReason"),
        reason_code=text_at(element, ":AllowanceChargeReasonCode"),
        reason_list=attribute_at(element, ":AllowanceChargeReasonCode", "listID"),
        exemption_reason=text_at(element, "TaxCategory/:TaxExemptionReason"),
        exemption_code=text_at(element, "TaxCategory/:TaxExemptionReasonCode"),
    )
