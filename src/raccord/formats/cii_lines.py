"""The lines of a CII file (BG-25)."""

from __future__ import annotations

from raccord.domain.invoice import Classification, Item, Line, Price
from raccord.formats.cii_names import TYPE_OBJECT, q
from raccord.formats.cii_parts import (
    allowances_of,
    decimal_at,
    first,
    identifier_at,
    object_of,
    part,
    period_at,
    text_at,
    type_of,
)
from raccord.formats.xml import Node, children, content, decimal


def line_of(element: Node) -> Line:
    """One line (BG-25)."""
    document = part(element, "AssociatedDocumentLineDocument")
    agreement = part(element, "SpecifiedLineTradeAgreement")
    settlement = part(element, "SpecifiedLineTradeSettlement")
    quantity = part(element, "SpecifiedLineTradeDelivery/BilledQuantity")
    tax = part(settlement, "ApplicableTradeTax")
    return Line(
        id=text_at(document, "LineID"),
        note="\n".join(filter(None, (text_at(note, "Content") for note in children(document, q("IncludedNote"))))),
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
        price=price_of(agreement),
        vat_category=text_at(tax, "CategoryCode"),
        vat_rate=decimal_at(tax, "RateApplicablePercent"),
        item=item_of(part(element, "SpecifiedTradeProduct")),
    )


def price_of(agreement: Node | None) -> Price:
    """The price of a line (BG-29)."""
    gross = part(agreement, "GrossPriceProductTradePrice")
    net = part(agreement, "NetPriceProductTradePrice")
    base = part(net, "BasisQuantity")
    if base is None:
        base = part(gross, "BasisQuantity")
    return Price(
        net=decimal_at(net, "ChargeAmount"),
        discount=decimal_at(gross, "AppliedTradeAllowanceCharge/ActualAmount"),
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
            Classification(code=content(entry), scheme=entry.get("listID", ""), version=entry.get("listVersionID", ""))
            for entry in children(product, q("DesignatedProductClassification/ClassCode"))
        ),
        origin=text_at(product, "OriginTradeCountry/ID"),
        attributes=tuple(
            (text_at(entry, "Description"), text_at(entry, "Value"))
            for entry in children(product, q("ApplicableProductCharacteristic"))
        ),
    )
