"""The lines of a UBL file (BG-25)."""

from __future__ import annotations

from collections.abc import Iterable

from raccord.domain.invoice import Classification, Item, Line, Price
from raccord.formats.ubl_names import q
from raccord.formats.ubl_parts import allowances_of, decimal_at, identifier_at, object_of, part, period_at, text_at
from raccord.formats.xml import Node, children, content, decimal


def line_of(element: Node, kind: str) -> Line:
    """One line (BG-25)."""
    quantity = part(element, ":CreditedQuantity" if kind == "CreditNote" else ":InvoicedQuantity")
    item = part(element, "Item")
    tax = part(item, "ClassifiedTaxCategory")
    return Line(
        id=text_at(element, ":ID"),
        note="\n".join(content(entry) for entry in children(element, q(":Note")) if entry.text),
        object_id=object_of(list(children(element, q("DocumentReference")))),
        quantity=None if quantity is None else decimal(quantity, "."),
        unit="" if quantity is None else quantity.get("unitCode", ""),
        net=decimal_at(element, ":LineExtensionAmount"),
        order_line=text_at(element, "OrderLineReference/:LineID"),
        accounting_reference=text_at(element, ":AccountingCost"),
        period=period_at(element),
        allowances_charges=allowances_of(element),
        price=price_of(part(element, "Price")),
        vat_category=text_at(tax, ":ID"),
        vat_rate=decimal_at(tax, ":Percent"),
        item=item_of(item),
    )


def price_of(element: Node | None) -> Price:
    """The price of a line (BG-29)."""
    base = part(element, ":BaseQuantity")
    return Price(
        net=decimal_at(element, ":PriceAmount"),
        discount=decimal_at(element, "AllowanceCharge/:Amount"),
        gross=decimal_at(element, "AllowanceCharge/:BaseAmount"),
        base_quantity=None if base is None else decimal(base, "."),
        base_unit="" if base is None else base.get("unitCode", ""),
    )


def item_of(element: Node | None) -> Item:
    """What a line sells (BG-31)."""
    return Item(
        name=text_at(element, ":Name"),
        description=text_at(element, ":Description"),
        seller_id=text_at(element, "SellersItemIdentification/:ID"),
        buyer_id=text_at(element, "BuyersItemIdentification/:ID"),
        standard_id=identifier_at(element, "StandardItemIdentification/:ID"),
        classifications=tuple(classifications_of(element)),
        origin=text_at(element, "OriginCountry/:IdentificationCode"),
        attributes=tuple(
            (text_at(entry, ":Name"), text_at(entry, ":Value"))
            for entry in children(element, q("AdditionalItemProperty"))
        ),
    )


def classifications_of(item: Node | None) -> Iterable[Classification]:
    """The classification codes of an item (BT-158)."""
    for entry in children(item, q("CommodityClassification/:ItemClassificationCode")):
        yield Classification(
            code=content(entry), scheme=entry.get("listID", ""), version=entry.get("listVersionID", "")
        )
