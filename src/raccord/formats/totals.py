"""The totals of an invoice computed from its lines, as EN 16931 prescribes (BR-CO-10 to BR-CO-17, BR-S-08).

Used where the totals are ours to make: the sample generator and the JSON entry without totals. A file
received with totals keeps its own, right or wrong: the checks compare.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from raccord.domain.invoice import AllowanceCharge, Invoice, Line, Totals, VatBreakdown
from raccord.domain.money import ZERO, cents, exact_product, exact_quotient, percent_of, total

Group = tuple[str, Decimal | None]


def computed(invoice: Invoice) -> Invoice:
    """``invoice`` with line nets (BT-131), VAT breakdown (BG-23) and totals (BG-22) computed; what was paid
    (BT-113) is kept.
    """
    lines = tuple(line if line.net is not None else replace(line, net=line_net(line)) for line in invoice.lines)
    whole = replace(invoice, lines=lines)
    vat = vat_breakdown(whole)
    return replace(whole, vat=vat, totals=_totals(whole, vat))


def line_net(line: Line) -> Decimal:
    """BT-131: quantity x net price / base quantity, minus allowances, plus charges, rounded half up to the
    cent.
    """
    quantity, price = line.quantity or ZERO, line.price.net or ZERO
    base = line.price.base_quantity or Decimal(1)
    amount = exact_quotient(exact_product(quantity, price), base)
    return cents(amount + signed_sum(line.allowances_charges))


def signed_sum(entries: tuple[AllowanceCharge, ...]) -> Decimal:
    """Charges minus allowances, exact."""
    return total((entry.amount or ZERO) * (1 if entry.is_charge else -1) for entry in entries)


def vat_bases(invoice: Invoice) -> dict[Group, Decimal]:
    """For each (category, rate): lines minus document allowances plus document charges (BR-S-08 and its
    sisters).
    """
    bases: dict[Group, Decimal] = {}
    for line in (line for line in invoice.lines if line.is_summed):
        _into(bases, line.vat_category, line.vat_rate, line.net or ZERO)
    for entry in invoice.allowances_charges:
        _into(bases, entry.vat_category, entry.vat_rate, (entry.amount or ZERO) * (1 if entry.is_charge else -1))
    return bases


def _into(bases: dict[Group, Decimal], category: str, rate: Decimal | None, amount: Decimal) -> None:
    # 20 and 20.00 are equal decimals with one hash: they share a group by themselves.
    bases[category, rate] = bases.get((category, rate), ZERO) + amount


def vat_breakdown(invoice: Invoice) -> tuple[VatBreakdown, ...]:
    """BG-23, sorted by category then rate; reasons of exemption are taken from the breakdown already there."""
    reasons = {(entry.category, entry.rate): entry for entry in invoice.vat}
    groups = sorted(vat_bases(invoice).items(), key=lambda item: (item[0][0], item[0][1] or ZERO))
    return tuple(_group(category, rate, base, reasons.get((category, rate))) for (category, rate), base in groups)


def _group(category: str, rate: Decimal | None, base: Decimal, known: VatBreakdown | None) -> VatBreakdown:
    return VatBreakdown(
        base=cents(base),
        amount=percent_of(base, rate or ZERO),
        category=category,
        rate=rate,
        exemption_reason=known.exemption_reason if known else "",
        exemption_code=known.exemption_code if known else "",
    )


def _totals(invoice: Invoice, vat: tuple[VatBreakdown, ...]) -> Totals:
    lines = cents(total(line.net or ZERO for line in invoice.lines if line.is_summed))
    allowances = [entry for entry in invoice.allowances_charges if not entry.is_charge]
    charges = [entry for entry in invoice.allowances_charges if entry.is_charge]
    less, more = (total(entry.amount or ZERO for entry in group) for group in (allowances, charges))
    net = cents(lines - less + more)
    tax = cents(total(entry.amount or ZERO for entry in vat))
    known = invoice.totals
    payable = net + tax - (known.prepaid or ZERO) + (known.rounding or ZERO)
    return Totals(
        lines=lines,
        allowances=cents(less) if allowances else None,
        charges=cents(more) if charges else None,
        net=net,
        vat=tax,
        vat_accounting=known.vat_accounting,
        gross=net + tax,
        prepaid=known.prepaid,
        rounding=known.rounding,
        payable=cents(payable),
    )
