"""The lines of a CII file (BG-25), written."""

from __future__ import annotations

from decimal import Decimal

from raccord.domain.invoice import Item, Line, LineExtended, Measure, Price
from raccord.formats import bind_writer, summaries
from raccord.formats.cii_dialect import CII
from raccord.formats.cii_names import TYPE_OBJECT, q
from raccord.formats.cii_writer_parts import (
    put_allowance,
    put_delivery,
    put_identifier,
    put_nested,
    put_note,
    put_period,
    put_reference,
    sub,
)
from raccord.formats.extended_line_terms import LINE, MEASURE
from raccord.formats.xml import Element, add


def put_line(trade: Element, line: Line, currency: str, accounting_currency: str = "") -> None:
    """One line."""
    element = sub(trade, "IncludedSupplyChainTradeLineItem")
    document = sub(element, "AssociatedDocumentLineDocument")
    add(document, q("LineID"), line.id)
    for note in summaries.notes_of(line):
        put_note(document, note)
    _put_item(element, line.item, line.extended.measures if line.extended else ())
    agreement = sub(element, "SpecifiedLineTradeAgreement")
    put_nested(agreement, "BuyerOrderReferencedDocument", "LineID", line.order_line)
    _put_price(agreement, line)
    _put_delivery(element, line)
    settlement = sub(element, "SpecifiedLineTradeSettlement")
    _put_settlement(settlement, line)
    if line.extended:
        _put_vat(settlement, line.extended, currency, accounting_currency)
        bind_writer.write(LINE, line.extended, element, bind_writer.Pen(CII, currency))


def _put_delivery(element: Element, line: Line) -> None:
    delivered = line.extended.delivery if line.extended else None
    if line.quantity is not None or delivered:
        target = sub(element, "SpecifiedLineTradeDelivery")
        add(target, q("BilledQuantity"), line.quantity, unitCode=line.unit)
        put_delivery(target, delivered)


def _put_settlement(settlement: Element, line: Line) -> None:
    if line.vat_category or line.vat_rate is not None:
        tax = sub(settlement, "ApplicableTradeTax")
        add(tax, q("TypeCode"), "VAT")
        add(tax, q("CategoryCode"), line.vat_category)
        add(tax, q("RateApplicablePercent"), line.vat_rate)
    put_period(settlement, line.period)
    for entry in line.allowances_charges:
        put_allowance(settlement, entry)
    if line.net is not None:
        add(sub(settlement, "SpecifiedTradeSettlementLineMonetarySummation"), q("LineTotalAmount"), line.net)
    if line.object_id:
        put_reference(settlement, line.object_id.value, TYPE_OBJECT, line.object_id.scheme)
    put_nested(settlement, "ReceivableSpecifiedTradeAccountingAccount", "ID", line.accounting_reference)


def _put_vat(settlement: Element, told: LineExtended, currency: str, accounting_currency: str) -> None:
    for amount, unit in ((told.vat, currency), (told.vat_accounting, accounting_currency or "XXX")):
        if amount is not None:
            totals = bind_writer.reached(settlement, [q("SpecifiedTradeSettlementLineMonetarySummation")], CII)
            if totals is not None:
                add(totals, q("TaxTotalAmount"), amount, currencyID=unit)


def _put_item(element: Element, item: Item, measures: tuple[Measure, ...]) -> None:
    product = sub(element, "SpecifiedTradeProduct")
    put_identifier(product, "GlobalID", item.standard_id)
    add(product, q("SellerAssignedID"), item.seller_id)
    add(product, q("BuyerAssignedID"), item.buyer_id)
    add(product, q("Name"), item.name)
    add(product, q("Description"), item.description)
    for name, value in item.attributes:
        characteristic = sub(product, "ApplicableProductCharacteristic")
        add(characteristic, q("Description"), name)
        add(characteristic, q("Value"), value)
    for measure in measures:
        bind_writer.write(MEASURE, measure, sub(product, "ApplicableProductCharacteristic"), bind_writer.Pen(CII, ""))
    for entry in item.classifications:
        target = sub(product, "DesignatedProductClassification")
        add(target, q("ClassCode"), entry.code, listID=entry.scheme, listVersionID=entry.version)
        add(target, q("ClassName"), entry.name)
    put_nested(product, "OriginTradeCountry", "ID", item.origin)


def _put_price(agreement: Element, line: Line) -> None:
    price, allowances = line.price, summaries.price_allowances_of(line)
    if price.gross is not None or allowances:
        gross = sub(agreement, "GrossPriceProductTradePrice")
        _put_amount(gross, summaries.gross_price(line), price)
        for entry in allowances:
            put_allowance(gross, entry, "AppliedTradeAllowanceCharge")
    _put_amount(sub(agreement, "NetPriceProductTradePrice"), price.net, price)


def _put_amount(element: Element, amount: Decimal | None, price: Price) -> None:
    add(element, q("ChargeAmount"), amount)
    add(element, q("BasisQuantity"), price.base_quantity, unitCode=price.base_unit)
