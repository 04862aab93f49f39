"""What the page for people shows of the EXTENDED terms: what changes who pays, how much and when, or helps to check."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from raccord.domain.invoice import (
    ExchangeRate,
    Extended,
    Instalment,
    Invoice,
    Line,
    LineExtended,
    Party,
    PaymentCondition,
    Reference,
)
from raccord.domain.money import french, scale

_TIMES = {"DAY": "jours", "WEE": "semaines", "MON": "mois"}


def heading(invoice: Invoice, plain: str) -> str:
    """``plain``, and a warning when the document is a test or a copy."""
    told = invoice.extended or Extended()
    if told.is_test:
        return f"{plain} – ESSAI, à ne pas payer"
    return f"{plain} – copie" if told.is_copy else plain


def references(invoice: Invoice) -> Iterator[tuple[str, str]]:
    """Other parties and other documents."""
    told = invoice.extended or Extended()
    yield "Valideur", _party(invoice.sales_agent)
    yield "Payeur", _party(told.payer)
    yield "Facture adressée à", _party(told.invoicee)
    yield "Facture émise par", _party(told.invoicer)
    yield "Bon de livraison", _reference(told.delivery_note)
    yield "Devis", _reference(told.quotation)
    yield "Conditions de livraison", " ".join(filter(None, (told.incoterms, told.incoterms_place)))
    yield "Cours de change", _rate(told.exchange)


def payments(invoice: Invoice) -> Iterator[tuple[str, str]]:
    """Several payments, discounts, penalties, advances."""
    told = invoice.extended or Extended()
    for instalment in told.instalments:
        yield "Échéance :", _instalment(instalment, invoice.currency)
        yield "Escompte :", _condition(instalment.discount, "si payé sous", invoice.currency)
        yield "Pénalité :", _condition(instalment.penalty, "au-delà de", invoice.currency)
    for advance in told.prepayments:
        on = f" le {_day(advance.day)}" if advance.day else ""
        yield "Acompte reçu :", f"{_amount(advance.amount, invoice.currency)}{on}"


def indent(line: Line) -> str:
    """What stands before the name of a line: a dash when it details another, its kind when it is not summed."""
    told = line.extended or LineExtended()
    kind = {"GROUP": "Ensemble : ", "INFORMATION": "Pour information : "}.get(told.subtype, "")
    return f"{'– ' if told.parent_line else ''}{kind}"


def details(line: Line) -> str:
    """The lots of a line, which a person compares with the labels."""
    lots = line.extended.batches if line.extended else ()
    return f" – lot {', '.join(lots)}" if lots else ""


def _party(party: Party | None) -> str:
    if party is None:
        return ""
    return " – ".join(filter(None, (party.name or party.trading_name, party.siret_text)))


def _reference(reference: Reference | None) -> str:
    if reference is None:
        return ""
    return f"{reference.number} du {_day(reference.day)}" if reference.day else reference.number


def _rate(rate: ExchangeRate | None) -> str:
    if rate is None or rate.rate is None:
        return ""
    on = f" le {_day(rate.day)}" if rate.day else ""
    return f"1 {rate.source} = {_number(rate.rate)} {rate.target}{on}"


def _instalment(instalment: Instalment, currency: str) -> str:
    parts = (_day(instalment.due_date), _amount(instalment.amount, currency), _party(instalment.payee))
    return " – ".join(filter(None, parts))


def _condition(condition: PaymentCondition | None, limit: str, currency: str) -> str:
    if condition is None:
        return ""
    percent = f"{_number(condition.percent)} %" if condition.percent is not None else ""
    amount = _amount(condition.amount, currency)
    unit = _TIMES.get(condition.period_unit, condition.period_unit)
    term = f"{limit} {_number(condition.period)} {unit}" if condition.period is not None else ""
    return " ".join(filter(None, (percent, f"({amount})" if percent and amount else amount, term)))


def _day(day: date | None) -> str:
    return day.strftime("%d/%m/%Y") if day else ""


def _amount(amount: Decimal | None, currency: str) -> str:
    return "" if amount is None else f"{french(amount)}\u202f{'€' if currency == 'EUR' else currency}"


def _number(value: Decimal | None) -> str:
    return "" if value is None else french(value, min(scale(value.normalize()), 6))
