"""The norm's term where EXTENDED has several: one text of payment terms, one note of a line, one discount of a price.

Readers fill both levels; writers write the details only while the summary still is theirs, so that whoever changes
BT-9, BT-20, BT-127 or BT-147 is not contradicted by details that he never saw.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from raccord.domain.invoice import AllowanceCharge, Instalment, Invoice, Line, LineExtended, Note
from raccord.domain.money import ZERO, total


def terms_text(instalments: tuple[Instalment, ...]) -> str:
    """BT-20 of several payments."""
    return "\n".join(entry.text for entry in instalments if entry.text)


def first_due(instalments: tuple[Instalment, ...]) -> date | None:
    """BT-9 of several payments."""
    return next((entry.due_date for entry in instalments if entry.due_date), None)


def worth_telling(instalments: tuple[Instalment, ...]) -> tuple[Instalment, ...]:
    """``instalments`` when they say more than BT-9 and BT-20 do, else nothing."""
    plain = len(instalments) == 1 and instalments[0] == Instalment(
        text=instalments[0].text, due_date=instalments[0].due_date
    )
    return () if plain else instalments


def instalments_of(invoice: Invoice) -> tuple[Instalment, ...]:
    """What the payment terms are to be written as; one plain payment when BT-9 and BT-20 say all."""
    told = invoice.extended.instalments if invoice.extended else ()
    if told and (terms_text(told), first_due(told)) == (invoice.payment_terms, invoice.due_date):
        return told
    return (Instalment(text=invoice.payment_terms, due_date=invoice.due_date),)


def notes_text(notes: tuple[Note, ...]) -> str:
    """BT-127 of several notes."""
    return "\n".join(note.text for note in notes if note.text)


def noteworthy(notes: tuple[Note, ...]) -> tuple[Note, ...]:
    """``notes`` when they say more than BT-127 does, else nothing."""
    plain = len(notes) == 1 and notes[0] == Note(text=notes[0].text)
    return () if plain else notes


def notes_of(line: Line) -> tuple[Note, ...]:
    """What the notes of a line are to be written as."""
    told = line.extended.notes if line.extended else ()
    if told and notes_text(told) == line.note:
        return told
    return (Note(text=line.note),) if line.note else ()


def discount_of(entries: tuple[AllowanceCharge, ...]) -> Decimal | None:
    """BT-147: allowances minus charges; ``None`` when there are none, or when the price only went up."""
    if not entries:
        return None
    if len(entries) == 1 and not entries[0].is_charge:
        return entries[0].amount
    amount = total((entry.amount or ZERO) * (-1 if entry.is_charge else 1) for entry in entries)
    return None if amount < 0 else amount


def gross_price(line: Line) -> Decimal | None:
    """BT-148, or what it must be when only BT-147 is told: CII has no place for a discount on an unknown price."""
    price = line.price
    if price.gross is not None or price.net is None or not price_allowances_of(line):
        return price.gross
    off = total((entry.amount or ZERO) * (-1 if entry.is_charge else 1) for entry in price_allowances_of(line))
    return total((price.net, off))


def price_details(entries: tuple[AllowanceCharge, ...]) -> tuple[AllowanceCharge, ...]:
    """``entries`` when they say more than BT-147 does, else nothing."""
    plain = len(entries) == 1 and entries[0] == AllowanceCharge(is_charge=False, amount=entries[0].amount)
    return () if plain else entries


def price_allowances_of(line: Line) -> tuple[AllowanceCharge, ...]:
    """What the allowances of a price are to be written as."""
    told = line.extended.price_allowances if line.extended else ()
    if told and discount_of(told) == line.price.discount:
        return told
    return () if line.price.discount is None else (AllowanceCharge(is_charge=False, amount=line.price.discount),)


def completed(told: LineExtended | None, found: Iterable[tuple[str, object]]) -> LineExtended | None:
    """``told`` and what was ``found`` beside the table; ``None`` when there is nothing at all."""
    values: dict[str, Any] = {name: value for name, value in found if value is not None and value != ()}
    return replace(told or LineExtended(), **values) if values else told
