"""The lines of a UBL file (BG-25), written."""

from __future__ import annotations

from dataclasses import replace

from raccord.domain.invoice import AllowanceCharge, Invoice, Item, Line, LineExtended, Note
from raccord.domain.money import ZERO
from raccord.formats import bind_writer, summaries
from raccord.formats.extended_line_terms import LINE, MEASURE
from raccord.formats.ubl_dialect import UBL
from raccord.formats.ubl_names import q
from raccord.formats.ubl_writer_parts import (
    put_allowance,
    put_category,
    put_delivery,
    put_identifier,
    put_nested,
    put_object,
    put_period,
    sub,
)
from raccord.formats.xml import Element, add, drop_if_empty


def put_line(root: Element, line: Line, invoice: Invoice) -> None:
    """One line of ``invoice``."""
    currency, credit = invoice.currency, invoice.is_credit_note
    element = sub(root, "CreditNoteLine" if credit else "InvoiceLine")
    add(element, q(":ID"), line.id)
    add(element, q(":Note"), _note(line))
    add(element, q(":CreditedQuantity" if credit else ":InvoicedQuantity"), line.quantity, unitCode=line.unit)
    add(element, q(":LineExtensionAmount"), line.net, currencyID=currency)
    add(element, q(":AccountingCost"), line.accounting_reference)
    put_period(element, line.period)
    put_nested(element, "OrderLineReference", ":LineID", line.order_line)
    put_object(element, "DocumentReference", line.object_id)
    put_delivery(element, line.extended.delivery if line.extended else None)
    for entry in line.allowances_charges:
        put_allowance(element, entry, currency)
    _put_item(element, line)
    _put_price(element, line, currency)
    if line.extended:
        _put_vat(element, line.extended, invoice)
        bind_writer.write(LINE, line.extended, element, bind_writer.Pen(UBL, currency))


def _note(line: Line) -> str:
    """UBL takes one note, whose subject (EXT-FR-FE-183) stands before the words."""
    notes = summaries.notes_of(line)
    return written_note(notes[0]) if len(notes) == 1 else line.note


def written_note(note: Note) -> str:
    """A note as UBL writes it, having no place for its subject."""
    return f"#{note.subject}#{note.text}" if note.subject else note.text


def _put_vat(element: Element, told: LineExtended, invoice: Invoice) -> None:
    for amount, unit in ((told.vat, invoice.currency), (told.vat_accounting, invoice.accounting_currency or "XXX")):
        total = None if amount is None else bind_writer.insert(element, q("TaxTotal"), UBL)
        if total is not None:
            add(total, q(":TaxAmount"), amount, currencyID=unit)


def _put_item(line_element: Element, line: Line) -> None:
    item: Item = line.item
    element = sub(line_element, "Item")
    add(element, q(":Description"), item.description)
    add(element, q(":Name"), item.name)
    put_nested(element, "BuyersItemIdentification", ":ID", item.buyer_id)
    put_nested(element, "SellersItemIdentification", ":ID", item.seller_id)
    if item.standard_id:
        put_identifier(sub(element, "StandardItemIdentification"), ":ID", item.standard_id)
    put_nested(element, "OriginCountry", ":IdentificationCode", item.origin)
    for entry in item.classifications:
        target = sub(element, "CommodityClassification")
        attributes = {"listID": entry.scheme, "listVersionID": entry.version, "name": entry.name}
        add(target, q(":ItemClassificationCode"), entry.code, **attributes)
    if line.vat_category or line.vat_rate is not None:
        put_category(element, "ClassifiedTaxCategory", line.vat_category, line.vat_rate)
    for name, value in item.attributes:
        attribute_element = sub(element, "AdditionalItemProperty")
        add(attribute_element, q(":Name"), name)
        add(attribute_element, q(":Value"), value)
    for measure in line.extended.measures if line.extended else ():
        bind_writer.write(MEASURE, measure, sub(element, "AdditionalItemProperty"), bind_writer.Pen(UBL, ""))


def _put_price(element: Element, line: Line, currency: str) -> None:
    price = line.price
    target = sub(element, "Price")
    add(target, q(":PriceAmount"), price.net, currencyID=currency)
    add(target, q(":BaseQuantity"), price.base_quantity, unitCode=price.base_unit)
    entries = summaries.price_allowances_of(line)
    if not entries and price.gross is not None:
        entries = (AllowanceCharge(is_charge=False, amount=ZERO),)  # BT-148 has no other place
    for position, entry in enumerate(entries):
        # The base of the first is BT-148, whatever it was computed on.
        put_allowance(target, replace(entry, base=price.gross if position == 0 else entry.base), currency)
    drop_if_empty(element, target)
