"""The lines of a UBL file (BG-25)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from raccord.domain.invoice import AllowanceCharge, Classification, Item, Line, LineExtended, Measure, Note, Price
from raccord.formats import bind, summaries
from raccord.formats.cii_parts import vat_amounts
from raccord.formats.extended_line_terms import LINE, MEASURE
from raccord.formats.ubl_dialect import UBL
from raccord.formats.ubl_names import q
from raccord.formats.ubl_parts import (
    allowance_of,
    allowances_of,
    decimal_at,
    delivery_of,
    identifier_at,
    note_of,
    object_of,
    part,
    period_at,
    text_at,
)
from raccord.formats.xml import Node, children, content, decimal


def line_of(element: Node, kind: str, currency: str) -> Line:
    """One line (BG-25) of an ``Invoice`` or a ``CreditNote`` in that currency."""
    quantity = part(element, ":CreditedQuantity" if kind == "CreditNote" else ":InvoicedQuantity")
    item = part(element, "Item")
    tax = part(item, "ClassifiedTaxCategory")
    allowances = price_allowances_of(part(element, "Price"))
    notes = tuple(note_of(content(entry)) for entry in children(element, q(":Note")) if entry.text)
    return Line(
        id=text_at(element, ":ID"),
        note=summaries.notes_text(notes),
        object_id=object_of(list(children(element, q("DocumentReference")))),
        quantity=None if quantity is None else decimal(quantity, "."),
        unit="" if quantity is None else quantity.get("unitCode", ""),
        net=decimal_at(element, ":LineExtensionAmount"),
        order_line=text_at(element, "OrderLineReference/:LineID"),
        accounting_reference=text_at(element, ":AccountingCost"),
        period=period_at(element),
        allowances_charges=allowances_of(element),
        price=price_of(part(element, "Price"), allowances),
        vat_category=text_at(tax, ":ID"),
        vat_rate=decimal_at(tax, ":Percent"),
        item=item_of(item),
        extended=extended_of(element, notes, allowances, currency),
    )


def extended_of(
    element: Node, notes: tuple[Note, ...], allowances: tuple[AllowanceCharge, ...], currency: str
) -> LineExtended | None:
    """What a line says beyond the norm, or ``None``."""
    told: LineExtended | None = bind.read(LINE, element, UBL)
    vat, vat_accounting = vat_amounts(children(element, q("TaxTotal/:TaxAmount")), currency)
    found = (
        ("notes", summaries.noteworthy(notes)),
        ("price_allowances", summaries.price_details(allowances)),
        ("delivery", delivery_of(part(element, "Delivery"))),
        ("vat", vat),
        ("vat_accounting", vat_accounting),
        ("measures", measures_of(part(element, "Item"))),
    )
    return summaries.completed(told, found)


def price_allowances_of(price: Node | None) -> tuple[AllowanceCharge, ...]:
    """Allowances and charges on the price; the base of the first is the gross price (BT-148), not theirs."""
    found = tuple(allowance_of(entry) for entry in children(price, q("AllowanceCharge")))
    return (replace(found[0], base=None), *found[1:]) if found else ()


def measures_of(item: Node | None) -> tuple[Measure, ...]:
    """Attributes with a code or a measure."""
    found = (bind.read(MEASURE, entry, UBL) for entry in _properties(item) if _is_measure(entry))
    return tuple(filter(None, found))


def _properties(item: Node | None) -> Iterable[Node]:
    return children(item, q("AdditionalItemProperty"))


def _is_measure(element: Node) -> bool:
    return bool(text_at(element, ":NameCode") or text_at(element, ":ValueQuantity"))


def price_of(element: Node | None, allowances: tuple[AllowanceCharge, ...]) -> Price:
    """The price of a line (BG-29)."""
    base = part(element, ":BaseQuantity")
    return Price(
        net=decimal_at(element, ":PriceAmount"),
        discount=summaries.discount_of(allowances),
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
            for entry in _properties(element)
            if not _is_measure(entry)
        ),
    )


def classifications_of(item: Node | None) -> Iterable[Classification]:
    """The classification codes of an item (BT-158)."""
    for entry in children(item, q("CommodityClassification/:ItemClassificationCode")):
        yield Classification(
            code=content(entry),
            scheme=entry.get("listID", ""),
            version=entry.get("listVersionID", ""),
            name=entry.get("name", ""),
        )
