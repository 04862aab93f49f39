"""The lines of a CII file (BG-25)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from raccord.domain.invoice import AllowanceCharge, Classification, Item, Line, LineExtended, Measure, Note, Price
from raccord.formats import bind, summaries
from raccord.formats.cii_dialect import CII
from raccord.formats.cii_names import TYPE_OBJECT, q
from raccord.formats.cii_parts import (
    allowance_of,
    allowances_of,
    decimal_at,
    delivery_of,
    first,
    identifier_at,
    notes_of,
    object_of,
    part,
    period_at,
    text_at,
    type_of,
    vat_amounts,
)
from raccord.formats.extended_line_terms import LINE, MEASURE
from raccord.formats.xml import Node, children, content, decimal


def line_of(element: Node, currency: str) -> Line:
    """One line (BG-25) of an invoice in that currency."""
    document = part(element, "AssociatedDocumentLineDocument")
    agreement = part(element, "SpecifiedLineTradeAgreement")
    settlement = part(element, "SpecifiedLineTradeSettlement")
    quantity = part(element, "SpecifiedLineTradeDelivery/BilledQuantity")
    tax = part(settlement, "ApplicableTradeTax")
    notes, allowances = notes_of(document), price_allowances_of(agreement)
    return Line(
        id=text_at(document, "LineID"),
        note=summaries.notes_text(notes),
        object_id=first(
            object_of(entry)
            for entry in children(settlement, q("AdditionalReferencedDocument"))
            if type_of(entry) == TYPE_OBJECT
        ),
        quantity=None if quantity is None else decimal(quantity, "."),
        unit="" if quantity is None else quantity.get("unitCode", ""),
        net=decimal_at(settlement, "SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount"),
        order_line=text_at(agreement, "BuyerOrderReferencedDocument/LineID"),
        accounting_reference=text_at(settlement, "ReceivableSpecifiedTradeAccountingAccount/ID"),
        period=period_at(settlement),
        allowances_charges=allowances_of(settlement),
        price=price_of(agreement, allowances),
        vat_category=text_at(tax, "CategoryCode"),
        vat_rate=decimal_at(tax, "RateApplicablePercent"),
        item=item_of(part(element, "SpecifiedTradeProduct")),
        extended=extended_of(element, notes, allowances, currency),
    )


def extended_of(
    element: Node, notes: tuple[Note, ...], allowances: tuple[AllowanceCharge, ...], currency: str
) -> LineExtended | None:
    """What a line says beyond the norm, or ``None``."""
    told: LineExtended | None = bind.read(LINE, element, CII)
    vat, vat_accounting = _vat_of(element, currency)
    delivery = delivery_of(part(element, "SpecifiedLineTradeDelivery"))
    found = (
        ("notes", summaries.noteworthy(notes)),
        ("price_allowances", summaries.price_details(allowances)),
        ("delivery", delivery),
        ("vat", vat),
        ("vat_accounting", vat_accounting),
        ("measures", measures_of(part(element, "SpecifiedTradeProduct"))),
    )
    return summaries.completed(told, found)


def _vat_of(element: Node, currency: str) -> tuple[Decimal | None, Decimal | None]:
    path = "SpecifiedLineTradeSettlement/SpecifiedTradeSettlementLineMonetarySummation/TaxTotalAmount"
    return vat_amounts(children(element, q(path)), currency)


def price_allowances_of(agreement: Node | None) -> tuple[AllowanceCharge, ...]:
    """Allowances and charges on the gross price."""
    path = "GrossPriceProductTradePrice/AppliedTradeAllowanceCharge"
    return tuple(allowance_of(entry) for entry in children(agreement, q(path)))


def measures_of(product: Node | None) -> tuple[Measure, ...]:
    """Attributes with a code or a measure."""
    found = (bind.read(MEASURE, entry, CII) for entry in _characteristics(product) if _is_measure(entry))
    return tuple(filter(None, found))


def _characteristics(product: Node | None) -> Iterable[Node]:
    return children(product, q("ApplicableProductCharacteristic"))


def _is_measure(characteristic: Node) -> bool:
    return bool(text_at(characteristic, "TypeCode") or text_at(characteristic, "ValueMeasure"))


def price_of(agreement: Node | None, allowances: tuple[AllowanceCharge, ...]) -> Price:
    """The price of a line (BG-29)."""
    gross = part(agreement, "GrossPriceProductTradePrice")
    net = part(agreement, "NetPriceProductTradePrice")
    base = part(net, "BasisQuantity")
    if base is None:
        base = part(gross, "BasisQuantity")
    return Price(
        net=decimal_at(net, "ChargeAmount"),
        discount=summaries.discount_of(allowances),
        gross=decimal_at(gross, "ChargeAmount"),
        base_quantity=None if base is None else decimal(base, "."),
        base_unit="" if base is None else base.get("unitCode", ""),
    )


def item_of(product: Node | None) -> Item:
    """What a line sells (BG-31)."""
    return Item(
        name=text_at(product, "Name"),
        description=text_at(product, "Description"),
        seller_id=text_at(product, "SellerAssignedID"),
        buyer_id=text_at(product, "BuyerAssignedID"),
        standard_id=identifier_at(product, "GlobalID"),
        classifications=tuple(
            classification_of(entry) for entry in children(product, q("DesignatedProductClassification"))
        ),
        origin=text_at(product, "OriginTradeCountry/ID"),
        attributes=tuple(
            (text_at(entry, "Description"), text_at(entry, "Value"))
            for entry in _characteristics(product)
            if not _is_measure(entry)
        ),
    )


def classification_of(element: Node) -> Classification:
    """One classification of an item (BT-158)."""
    code = part(element, "ClassCode")
    return Classification(
        code="" if code is None else content(code),
        scheme="" if code is None else code.get("listID", ""),
        version="" if code is None else code.get("listVersionID", ""),
        name=text_at(element, "ClassName"),
    )
