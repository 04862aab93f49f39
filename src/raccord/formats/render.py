"""The invoice as a page for people: PDF/A-3b drawn by Typst from ``facture.typ``, in French, with the
mentions of law.

Deterministic: the same invoice gives the same bytes. No system font is used.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from raccord.domain.invoice import Address, AllowanceCharge, Invoice, Line, Party, VatBreakdown
from raccord.domain.money import french, scale
from raccord.formats import render_extended
from raccord.formats.problems import NotDrawable
from raccord.formats.render_bounds import MAX_LINES, drawable, summary
from raccord.formats.typst_drawing import DrawingError, draw

TAGGED_UP_TO = 300
"""Lines beyond which the PDF carries no structure tags: they would weigh a megabyte (PDF/A-3b does not ask
for them).
"""

_HEADINGS = {"381": "Avoir", "384": "Facture rectificative", "386": "Facture d’acompte"}
_MEANS = {
    "10": "Espèces",
    "20": "Chèque",
    "30": "Virement",
    "31": "Virement",
    "42": "Virement",
    "48": "Carte",
    "49": "Prélèvement",
    "57": "Virement",
    "58": "Virement SEPA",
    "59": "Prélèvement SEPA",
}
_UNITS = {"C62": "u", "HUR": "h", "DAY": "j", "MTR": "m", "MTK": "m²", "MTQ": "m³", "KGM": "kg", "LTR": "l", "TNE": "t"}


def render_pdf(invoice: Invoice) -> bytes:
    """Return a PDF/A-3b of ``invoice``. Characters that no embedded font draws become « ? ».

    What is too long is cut and the page says so; when the drawing dies nevertheless, a page of the parties and
    the totals is drawn in its place. Raises :class:`NotDrawable` when even that one cannot be.
    """
    page = _page(invoice)
    try:
        return _drawn(invoice, drawable(page))
    except DrawingError:
        pass
    try:
        return _drawn(invoice, summary(page))
    except DrawingError as error:
        raise NotDrawable from error


def _drawn(invoice: Invoice, page: dict[str, Any]) -> bytes:
    data = json.dumps(page, ensure_ascii=False)
    return draw(data, _moment(invoice.issue_date), tagged=len(invoice.lines) <= TAGGED_UP_TO)


def _moment(day: date | None) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC) if day else datetime(2000, 1, 1, tzinfo=UTC)


def _page(invoice: Invoice) -> dict[str, Any]:
    heading = _HEADINGS.get(invoice.type_code, "Avoir" if invoice.is_credit_note else "Facture")
    totals = invoice.totals
    rows = (
        ("Total HT", totals.net),
        ("TVA", totals.vat),
        ("Total TTC", totals.gross),
        ("Déjà payé", totals.prepaid),
        ("Arrondi", totals.rounding),
    )
    return {
        "title": f"{heading} {invoice.number}",
        "author": invoice.seller.name or "Fournisseur",
        "heading": render_extended.heading(invoice, heading),
        "header": _pairs(
            ("N°", invoice.number), ("Date", _day(invoice.issue_date)), ("Échéance", _day(invoice.due_date))
        ),
        "seller": _party(invoice.seller),
        "buyer": _party(invoice.buyer),
        "references": _references(invoice),
        "lines": [_line(line) for line in invoice.lines[: MAX_LINES + 1]],
        "allowances": [_allowance(entry, invoice.currency) for entry in invoice.allowances_charges],
        "vat": [_vat(entry) for entry in invoice.vat],
        "totals": [[label, _amount(value, invoice.currency)] for label, value in rows if value is not None],
        "payable": [
            "À déduire" if invoice.is_credit_note else "Net à payer",
            _amount(totals.payable, invoice.currency),
        ],
        "payment": _payment(invoice),
        "notes": [note.text for note in invoice.notes],
        "footer": " – ".join(filter(None, (invoice.seller.name, _siret(invoice.seller), invoice.seller.vat_number))),
    }


def _pairs(*rows: tuple[str, str]) -> list[list[str]]:
    return [[label, value] for label, value in rows if value]


def _day(day: date | None) -> str:
    return day.strftime("%d/%m/%Y") if day else ""


def _amount(amount: Decimal | None, currency: str) -> str:
    return "" if amount is None else f"{french(amount)}\u202f{'€' if currency == 'EUR' else currency}"


def _number(value: Decimal | None) -> str:
    return "" if value is None else french(value, min(scale(value.normalize()), 6))


def _siret(party: Party) -> str:
    value = party.siret_text
    return f"SIRET {value[:3]} {value[3:6]} {value[6:9]} {value[9:]}" if len(value) == 14 else ""


def _party(party: Party) -> list[str]:
    address = party.address or Address()
    town = " ".join(filter(None, (address.postcode, address.city)))
    rows = [party.name, party.trading_name, address.line1, address.line2, address.line3, town]
    rows += [address.country if address.country != "FR" else "", _siret(party)]
    rows += [f"TVA {party.vat_number}" if party.vat_number else "", party.legal_information]
    return [row for row in rows if row] or ["(non indiqué)"]


def _references(invoice: Invoice) -> list[list[str]]:
    preceding = ", ".join(
        f"{entry.number} du {_day(entry.issue_date)}" if entry.issue_date else entry.number
        for entry in invoice.preceding
    )
    period = invoice.period
    delivered = _day(invoice.delivery.day) if invoice.delivery else ""
    return _pairs(
        ("Service exécutant", invoice.service),
        ("N° d’engagement", invoice.commitment),
        ("N° de marché", invoice.contract),
        ("Cadre de facturation", invoice.cadre),
        ("Facture d’origine", preceding),
        ("Date de livraison ou d’exécution", delivered),
        ("Période", f"du {_day(period.start)} au {_day(period.end)}" if period else ""),
        *render_extended.references(invoice),
    )


def _line(line: Line) -> list[str]:
    name = line.item.name if not line.item.description else f"{line.item.name} – {line.item.description}"
    rate = f"{_number(line.vat_rate)} %" if line.vat_rate is not None else line.vat_category
    quantity, unit = _number(line.quantity), _UNITS.get(line.unit, line.unit)
    price = "" if line.price.net is None else french(line.price.net, max(2, min(scale(line.price.net), 6)))
    name = render_extended.indent(line) + name + render_extended.details(line)
    return [line.id, name, quantity, unit, price, rate, "" if line.net is None else french(line.net)]


def _allowance(entry: AllowanceCharge, currency: str) -> list[str]:
    kind = "Frais" if entry.is_charge else "Remise"
    sign = "" if entry.is_charge else "−"
    return [f"{kind} : {entry.reason or entry.reason_code}", f"{sign}{_amount(entry.amount, currency)}"]


def _vat(entry: VatBreakdown) -> list[str]:
    rate = f"{_number(entry.rate)} %" if entry.rate is not None else entry.category
    base, amount = ("" if value is None else french(value) for value in (entry.base, entry.amount))
    return [rate, base, amount, entry.exemption_reason or entry.exemption_code]


def _payment(invoice: Invoice) -> list[list[str]]:
    rows = []
    for means in invoice.payment_means:
        rows.append(("Règlement :", means.text or _MEANS.get(means.code, f"mode {means.code}")))
        if means.account:
            rows.append(("IBAN :", _grouped(means.account.iban)))
            rows.append(("BIC :", means.account.bic))
    rows.append(("Référence à rappeler :", invoice.remittance))
    rows.append(("Conditions :", invoice.payment_terms))
    rows.extend(render_extended.payments(invoice))
    return _pairs(*rows)


def _grouped(iban: str) -> str:
    packed = iban.replace(" ", "")
    return " ".join(packed[start : start + 4] for start in range(0, len(packed), 4))
