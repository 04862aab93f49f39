"""From UBL to business terms. Paths are those of EN 16931-3-2; what the model has no term for is left aside."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

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
from raccord.formats.cii_reader import decode
from raccord.formats.problems import not_an_invoice
from raccord.formats.ubl_names import (
    CREDIT_NOTE_ROOT,
    INVOICE_ROOT,
    SEPA,
    TAX_POINT_CODES,
    TYPE_OBJECT,
    TYPE_PROJECT,
    q,
)
from raccord.formats.xml import BLANKS, Element, Node, children, content, decimal, iso_date, parse, text

_NOTE = re.compile(r"#([A-Z]{3})#(.*)", re.DOTALL)


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
    currency = _text(root, ":DocumentCurrencyCode")
    means = list(children(root, q("PaymentMeans")))
    documents = list(children(root, q("AdditionalDocumentReference")))
    seller = _part(root, "AccountingSupplierParty/Party")
    point = _text(root, "InvoicePeriod/:DescriptionCode")
    return Invoice(
        number=_text(root, ":ID"),
        issue_date=_date(root, ":IssueDate"),
        type_code=_text(root, f":{kind}TypeCode"),
        currency=currency,
        seller=_party(seller) or Party(),
        buyer=_party(_part(root, "AccountingCustomerParty/Party")) or Party(),
        totals=_totals(root, currency),
        lines=tuple(_line(line, kind) for line in children(root, q(f"{kind}Line"))),
        vat=tuple(_vat(entry) for entry in children(root, q("TaxTotal/TaxSubtotal"))),
        accounting_currency=_text(root, ":TaxCurrencyCode"),
        tax_point_date=_date(root, ":TaxPointDate"),
        tax_point_code=TAX_POINT_CODES.get(point, point),
        due_date=_date(root, ":DueDate") or _due_date(means),
        service=_text(root, ":BuyerReference"),
        project=_text(root, "ProjectReference/:ID") or _typed(documents, TYPE_PROJECT),
        contract=_text(root, "ContractDocumentReference/:ID"),
        commitment=_text(root, "OrderReference/:ID"),
        sales_order=_text(root, "OrderReference/:SalesOrderID"),
        receiving_advice=_text(root, "ReceiptDocumentReference/:ID"),
        despatch_advice=_text(root, "DespatchDocumentReference/:ID"),
        tender=_text(root, "OriginatorDocumentReference/:ID"),
        object_id=_object(documents),
        accounting_reference=_text(root, ":AccountingCost"),
        payment_terms="\n".join(filter(None, (_text(term, ":Note") for term in children(root, q("PaymentTerms"))))),
        notes=tuple(_note(content(entry)) for entry in children(root, q(":Note")) if content(entry)),
        cadre=_text(root, ":ProfileID"),
        profile=_text(root, ":CustomizationID"),
        preceding=tuple(_preceding(entry) for entry in children(root, q("BillingReference/InvoiceDocumentReference"))),
        payee=_party(_part(root, "PayeeParty")),
        tax_representative=_party(_part(root, "TaxRepresentativeParty")),
        delivery=_delivery(_part(root, "Delivery")),
        period=_period(root),
        payment_means=tuple(_means(entry) for entry in means),
        remittance=next(filter(None, (_text(entry, ":PaymentID") for entry in means)), ""),
        direct_debit=_direct_debit(root, seller, means),
        allowances_charges=_allowances(root),
        attachments=tuple(_attachment(entry) for entry in documents if not _text(entry, ":DocumentTypeCode")),
    )


def _part(parent: Node | None, path: str) -> Node | None:
    return None if parent is None else parent.find(q(path))


def _text(element: Node | None, path: str) -> str:
    return text(element, q(path))


def _decimal(element: Node | None, path: str) -> Decimal | None:
    return decimal(element, q(path))


def _date(element: Node | None, path: str) -> date | None:
    return iso_date(element, q(path))


def _due_date(means: list[Node]) -> date | None:
    """A credit note has no due date of its own: it stands with the payment means."""
    return next(filter(None, (_date(entry, ":PaymentDueDate") for entry in means)), None)


def _typed(documents: list[Node], type_code: str) -> str:
    return next((_text(entry, ":ID") for entry in documents if _text(entry, ":DocumentTypeCode") == type_code), "")


def _object(documents: list[Node]) -> Identifier | None:
    for entry in documents:
        if _text(entry, ":DocumentTypeCode") == TYPE_OBJECT:
            return _identifier(entry, ":ID")
    return None


def _note(written: str) -> Note:
    """``#PMT#text`` carries the subject code that UBL has no place for."""
    found = _NOTE.match(written)
    return Note(text=found.group(2).strip(BLANKS), subject=found.group(1)) if found else Note(text=written)


def _preceding(document: Node) -> PrecedingInvoice:
    return PrecedingInvoice(number=_text(document, ":ID"), issue_date=_date(document, ":IssueDate"))


def _identifier(parent: Node | None, path: str) -> Identifier | None:
    element = _part(parent, path)
    return None if element is None else _as_identifier(element)


def _as_identifier(element: Node) -> Identifier | None:
    value = content(element)
    return Identifier(value=value, scheme=element.get("schemeID", "")) if value else None


def _party(element: Node | None) -> Party | None:
    if element is None:
        return None
    legal_name, name = _text(element, "PartyLegalEntity/:RegistrationName"), _text(element, "PartyName/:Name")
    vat, other = _tax_numbers(element)
    return Party(
        name=legal_name or name,
        trading_name=name if legal_name else "",
        identifiers=_identifiers(element),
        legal_id=_identifier(element, "PartyLegalEntity/:CompanyID"),
        vat_number=vat,
        tax_registration=other,
        legal_information=_text(element, "PartyLegalEntity/:CompanyLegalForm"),
        electronic_address=_identifier(element, ":EndpointID"),
        address=_address(_part(element, "PostalAddress")),
        contact=_contact(_part(element, "Contact")),
    )


def _identifiers(element: Node) -> tuple[Identifier, ...]:
    found = (_as_identifier(entry) for entry in children(element, q("PartyIdentification/:ID")))
    kept = (entry for entry in found if entry and entry.scheme != SEPA)
    return tuple(sorted(kept, key=lambda entry: bool(entry.scheme)))


def _tax_numbers(element: Node) -> tuple[str, str]:
    vat = other = ""
    for entry in children(element, q("PartyTaxScheme")):
        number = _text(entry, ":CompanyID")
        if _text(entry, "TaxScheme/:ID").upper() == "VAT":
            vat = vat or number
        else:
            other = other or number
    return vat, other


def _address(element: Node | None) -> Address | None:
    if element is None:
        return None
    return Address(
        line1=_text(element, ":StreetName"),
        line2=_text(element, ":AdditionalStreetName"),
        line3=_text(element, "AddressLine/:Line"),
        city=_text(element, ":CityName"),
        postcode=_text(element, ":PostalZone"),
        region=_text(element, ":CountrySubentity"),
        country=_text(element, "Country/:IdentificationCode"),
    )


def _contact(element: Node | None) -> Contact | None:
    if element is None:
        return None
    return Contact(
        name=_text(element, ":Name"), phone=_text(element, ":Telephone"), email=_text(element, ":ElectronicMail")
    )


def _delivery(element: Node | None) -> Delivery | None:
    if element is None:
        return None
    return Delivery(
        name=_text(element, "DeliveryParty/PartyName/:Name"),
        location=_identifier(element, "DeliveryLocation/:ID"),
        day=_date(element, ":ActualDeliveryDate"),
        address=_address(_part(element, "DeliveryLocation/Address")),
    )


def _period(parent: Node | None) -> Period | None:
    element = _part(parent, "InvoicePeriod")
    start, end = _date(element, ":StartDate"), _date(element, ":EndDate")
    return Period(start=start, end=end) if start or end else None


def _means(element: Node) -> PaymentMeans:
    code = _part(element, ":PaymentMeansCode")
    card = _part(element, "CardAccount")
    return PaymentMeans(
        code=_text(element, ":PaymentMeansCode"),
        text="" if code is None else code.get("name", ""),
        account=_account(_part(element, "PayeeFinancialAccount")),
        card=None
        if card is None
        else Card(number=_text(card, ":PrimaryAccountNumberID"), holder=_text(card, ":HolderName")),
    )


def _account(element: Node | None) -> Account | None:
    number, name = _text(element, ":ID"), _text(element, ":Name")
    bic = _text(element, "FinancialInstitutionBranch/:ID")
    return Account(iban=number, name=name, bic=bic) if number or name or bic else None


def _direct_debit(root: Node, seller: Node | None, means: list[Node]) -> DirectDebit | None:
    mandate = next(filter(None, (_text(entry, "PaymentMandate/:ID") for entry in means)), "")
    path = "PaymentMandate/PayerFinancialAccount/:ID"
    debited = next(filter(None, (_text(entry, path) for entry in means)), "")
    creditor = _creditor(_part(root, "PayeeParty")) or _creditor(seller)
    if not (mandate or creditor or debited):
        return None
    return DirectDebit(mandate=mandate, creditor=creditor, debited_account=debited)


def _creditor(party: Node | None) -> str:
    for entry in children(party, q("PartyIdentification/:ID")):
        if entry.get("schemeID") == SEPA:
            return content(entry)
    return ""


def _allowances(parent: Node) -> tuple[AllowanceCharge, ...]:
    return tuple(_allowance(entry) for entry in children(parent, q("AllowanceCharge")))


def _allowance(element: Node) -> AllowanceCharge:
    return AllowanceCharge(
        is_charge=_text(element, ":ChargeIndicator") in ("true", "1"),
        amount=_decimal(element, ":Amount"),
        base=_decimal(element, ":BaseAmount"),
        percent=_decimal(element, ":MultiplierFactorNumeric"),
        vat_category=_text(element, "TaxCategory/:ID"),
        vat_rate=_decimal(element, "TaxCategory/:Percent"),
        reason=_text(element, ":AllowanceChargeReason"),
        reason_code=_text(element, ":AllowanceChargeReasonCode"),
    )


def _vat(element: Node) -> VatBreakdown:
    return VatBreakdown(
        base=_decimal(element, ":TaxableAmount"),
        amount=_decimal(element, ":TaxAmount"),
        category=_text(element, "TaxCategory/:ID"),
        rate=_decimal(element, "TaxCategory/:Percent"),
        exemption_reason=_text(element, "TaxCategory/:TaxExemptionReason"),
        exemption_code=_text(element, "TaxCategory/:TaxExemptionReasonCode"),
    )


def _totals(root: Node, currency: str) -> Totals:
    element = _part(root, "LegalMonetaryTotal")
    vat = vat_accounting = None
    for tax in children(root, q("TaxTotal/:TaxAmount")):
        amount = decimal(tax, ".")
        if tax.get("currencyID", currency) == currency and vat is None:
            vat = amount
        elif vat_accounting is None:
            vat_accounting = amount
    return Totals(
        lines=_decimal(element, ":LineExtensionAmount"),
        allowances=_decimal(element, ":AllowanceTotalAmount"),
        charges=_decimal(element, ":ChargeTotalAmount"),
        net=_decimal(element, ":TaxExclusiveAmount"),
        vat=vat,
        vat_accounting=vat_accounting,
        gross=_decimal(element, ":TaxInclusiveAmount"),
        prepaid=_decimal(element, ":PrepaidAmount"),
        rounding=_decimal(element, ":PayableRoundingAmount"),
        payable=_decimal(element, ":PayableAmount"),
    )


def _attachment(document: Node) -> Attachment:
    binary = _part(document, "Attachment/:EmbeddedDocumentBinaryObject")
    return Attachment(
        reference=_text(document, ":ID"),
        description=_text(document, ":DocumentDescription"),
        uri=_text(document, "Attachment/ExternalReference/:URI"),
        content=None if binary is None else decode(binary.text or ""),
        mime="" if binary is None else binary.get("mimeCode", ""),
        filename="" if binary is None else binary.get("filename", ""),
    )


def _line(element: Node, kind: str) -> Line:
    quantity = _part(element, ":CreditedQuantity" if kind == "CreditNote" else ":InvoicedQuantity")
    item = _part(element, "Item")
    tax = _part(item, "ClassifiedTaxCategory")
    return Line(
        id=_text(element, ":ID"),
        note="\n".join(content(entry) for entry in children(element, q(":Note")) if entry.text),
        object_id=_object(list(children(element, q("DocumentReference")))),
        quantity=None if quantity is None else decimal(quantity, "."),
        unit="" if quantity is None else quantity.get("unitCode", ""),
        net=_decimal(element, ":LineExtensionAmount"),
        order_line=_text(element, "OrderLineReference/:LineID"),
        accounting_reference=_text(element, ":AccountingCost"),
        period=_period(element),
        allowances_charges=_allowances(element),
        price=_price(_part(element, "Price")),
        vat_category=_text(tax, ":ID"),
        vat_rate=_decimal(tax, ":Percent"),
        item=_item(item),
    )


def _price(element: Node | None) -> Price:
    base = _part(element, ":BaseQuantity")
    return Price(
        net=_decimal(element, ":PriceAmount"),
        discount=_decimal(element, "AllowanceCharge/:Amount"),
        gross=_decimal(element, "AllowanceCharge/:BaseAmount"),
        base_quantity=None if base is None else decimal(base, "."),
        base_unit="" if base is None else base.get("unitCode", ""),
    )


def _item(element: Node | None) -> Item:
    return Item(
        name=_text(element, ":Name"),
        description=_text(element, ":Description"),
        seller_id=_text(element, "SellersItemIdentification/:ID"),
        buyer_id=_text(element, "BuyersItemIdentification/:ID"),
        standard_id=_identifier(element, "StandardItemIdentification/:ID"),
        classifications=tuple(_classifications(element)),
        origin=_text(element, "OriginCountry/:IdentificationCode"),
        attributes=tuple(
            (_text(entry, ":Name"), _text(entry, ":Value")) for entry in children(element, q("AdditionalItemProperty"))
        ),
    )


def _classifications(item: Node | None) -> Iterable[Classification]:
    for entry in children(item, q("CommodityClassification/:ItemClassificationCode")):
        yield Classification(
            code=content(entry), scheme=entry.get("listID", ""), version=entry.get("listVersionID", "")
        )
