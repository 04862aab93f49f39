"""An invoice that says everything the model can say: what each syntax carries of it, and the list of what it cannot."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from types import ModuleType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from raccord.checks.schemas import check_schema
from raccord.domain.invoice import AllowanceCharge, Contact, Extended, Invoice, LineExtended
from raccord.formats import Syntax, cii, invoice_json, summaries, ubl, xml
from raccord.formats.convert import Loss, convert
from raccord.formats.detect import syntax_of
from raccord.formats.profiles import URNS, Profile

CODES = {
    "country": "FR",
    "origin": "FR",
    "currency": "EUR",
    "accounting_currency": "USD",
    "source": "EUR",
    "target": "USD",
    "type_code": "380",
    "tax_point_code": "5",
    "category": "S",
    "vat_category": "S",
    "mime": "application/pdf",
    "iban": "FR7630006000011234567890189",
    "period_unit": "DAY",
    "unit": "C62",
    "free_unit": "C62",
    "package_unit": "XPK",
    "base_unit": "C62",
    "subject": "AAI",
    "profile": URNS[Profile.EXTENDED],
    "language": "fr",
    "transport_mode": "3",
}

NO_PLACE_IN_UBL = {
    "allowances_charges[].logistics": "UBL knows one kind of charge",
    "*contact.department": "UBL names one contact (BT-41)",
    "*contact.type_code": "",
    "*extended.account_type": "",
    "*extended.incoterms_country": "",
    "*extended.sales_order_date": "UBL has one date for both orders, the buyer’s",
    "extended.adjustments[].*": "",
    "extended.buyer_tax_representative.*": "",
    "extended.customer_orders[].*": "",
    "extended.delivery_note.*": "UBL knows the despatch advice only",
    "extended.effective_date": "",
    "extended.end_user.*": "",
    "extended.instalments[].*": "UBL takes payment terms once (UBL-SR-05): the words and the first day pass",
    "extended.is_test": "",
    "extended.issuer_reference": "",
    "extended.language": "",
    "extended.name": "",
    "extended.prepayments[].invoice_*": "",
    "extended.prepayments[].vat[].*": "",
    "extended.project_name": "UBL has the number of a project only",
    "extended.quotation.*": "",
    "extended.ship_from.*": "",
    "extended.transport_mode": "",
    "extended.ultimate_delivery.*": "",
    "lines[].extended.allowances*": "",
    "lines[].extended.category_vat": "",
    "lines[].extended.charges": "",
    "lines[].extended.contract.*": "",
    "lines[].extended.customer_orders[].*": "",
    "lines[].extended.delivery_note.*": "",
    "lines[].extended.documents[].*": "",
    "lines[].extended.*_advice.content": "UBL joins a file to an attachment only",
    "lines[].extended.*_advice.filename": "the same",
    "lines[].extended.*_advice.mime": "the same",
    "lines[].extended.preceding.content": "the same",
    "lines[].extended.preceding.filename": "the same",
    "lines[].extended.preceding.mime": "the same",
    "lines[].extended.*_advice.name": "UBL names a line of a document by its number",
    "lines[].extended.*_advice.scheme": "the same",
    "lines[].extended.*_advice.uri": "the same",
    "lines[].extended.preceding.uri": "the same",
    "lines[].extended.preceding.name": "the same",
    "lines[].extended.preceding.scheme": "the same",
    "lines[].extended.free_*": "",
    "lines[].extended.gross": "",
    "lines[].extended.industry_id": "",
    "lines[].extended.instances[].*": "",
    "lines[].extended.manufacturer.*": "the French profile puts the seller of the item there (EXT-FR-FE-BG-12)",
    "lines[].extended.model_id": "",
    "lines[].extended.notes[].*": "a line has one note in EN 16931: the words pass together, subjects and codes do not",
    "lines[].extended.package_*": "",
    "lines[].extended.parent_line": "",
    "lines[].extended.parts[].*": "",
    "lines[].extended.per_package*": "",
    "lines[].extended.price_vat.*": "",
    "lines[].extended.tax_point_code": "",
    "lines[].extended.ultimate_delivery.*": "",
    "lines[].extended.price_allowances[].base": "UBL has the gross price there (BT-148)",
    "lines[].extended.product_id": "",
    "lines[].extended.quotation.*": "",
    "lines[].extended.status": "",
    "notes[].code": "",
    "payee.trading_name": "UBL names a payee once",
    "tax_representative.trading_name": "the same",
    "vat[].allowances_base": "",
    "vat[].lines_base": "",
}
"""Paths of ``Invoice`` -> why, when it is no plain lack of the schema."""

NO_PLACE_IN_CII = {
    "extended.prepayments[].text": "CII has the amount, the day and the number of an advance",
    "extended.prepayments[].vat[].lines_base": "the division of a base is for the invoice itself",
    "extended.prepayments[].vat[].allowances_base": "the same",
    "lines[].extended.price_vat.lines_base": "the same",
    "lines[].extended.price_vat.allowances_base": "the same",
}


def everything(**changes: Any) -> Invoice:
    """An invoice in which no field is empty, made from the types of the model; details agree with their summaries."""
    invoice: Invoice = _filled(Invoice, iter(range(10_000)))
    assert invoice.extended
    told = invoice.extended.instalments
    lines = tuple(
        replace(
            line,
            note=summaries.notes_text(line.extended.notes) if line.extended else "",
            price=replace(
                line.price, discount=summaries.discount_of(line.extended.price_allowances) if line.extended else None
            ),
        )
        for line in invoice.lines
    )
    carriage = AllowanceCharge(is_charge=True, amount=Decimal("9.50"), reason="Port", logistics=True)
    whole = replace(
        invoice,
        lines=lines,
        payment_terms=summaries.terms_text(told),
        due_date=summaries.first_due(told),
        allowances_charges=(*(replace(one, logistics=False) for one in invoice.allowances_charges), carriage),
    )
    return replace(whole, **changes)


def _filled(kind: Any, numbers: Any, name: str = "") -> Any:
    n = next(numbers)
    if is_dataclass(kind) and isinstance(kind, type):
        hints = get_type_hints(kind)
        return kind(**{field.name: _filled(hints[field.name], numbers, field.name) for field in fields(kind)})
    if get_origin(kind) is UnionType:
        return _filled(get_args(kind)[0], numbers, name)
    if get_origin(kind) is tuple:
        inner = get_args(kind)
        if inner[-1] is Ellipsis:
            return tuple(_filled(inner[0], numbers, name) for _ in range(2))
        return tuple(_filled(one, numbers, name) for one in inner)
    return _leaf(kind, n, name)


def _leaf(kind: Any, n: int, name: str) -> Any:
    made: dict[Any, Callable[[], Any]] = {
        str: lambda: CODES.get(name, f"{name} {n}"),
        Decimal: lambda: Decimal(n) + Decimal("0.25"),
        date: lambda: date(2026, 1, 1) + timedelta(days=n % 300),
        bool: lambda: name not in ("is_charge", "logistics"),
        bytes: lambda: b"%d" % n,
    }
    return made[kind]()


def uncovered(losses: tuple[Loss, ...], known: dict[str, str]) -> tuple[set[str], set[str]]:
    """Losses that the list does not know, and entries of the list that no loss needs."""
    shapes = {re.sub(r"\[\d+\]", "()", loss.path) for loss in losses}
    patterns = {pattern: pattern.replace("[]", "()") for pattern in known}
    unknown = {one for one in shapes if not any(fnmatch.fnmatchcase(one, pattern) for pattern in patterns.values())}
    idle = {name for name, pattern in patterns.items() if not fnmatch.filter(shapes, pattern)}
    return unknown, idle


TARGETS = [(Syntax.CII, NO_PLACE_IN_CII), (Syntax.UBL_INVOICE, NO_PLACE_IN_UBL)]


@pytest.mark.parametrize(("to", "known"), TARGETS)
def test_what_a_syntax_does_not_carry_is_a_known_list(to: Syntax, known: dict[str, str]) -> None:
    _, losses = convert(everything(), to)
    assert uncovered(losses, known) == (set(), set())


@pytest.mark.parametrize(("to", "known"), TARGETS)
def test_each_loss_gives_the_value_that_is_lost(to: Syntax, known: dict[str, str]) -> None:
    told = invoice_json.write(everything()).decode()
    _, losses = convert(everything(), to)
    assert losses
    for loss in losses:
        assert loss.before in told or loss.before == "oui" or loss.before.endswith("octets")
        assert f"« {loss.before} »" in loss.sentence


@pytest.mark.parametrize("to", [Syntax.CII, Syntax.UBL_INVOICE, Syntax.UBL_CREDIT_NOTE])
def test_the_fullest_invoice_respects_the_schemas(to: Syntax) -> None:
    kind = "381" if to is Syntax.UBL_CREDIT_NOTE else "380"
    data, _ = convert(everything(type_code=kind), to)
    root = xml.parse(data)
    assert syntax_of(root) is to
    faults, schemas = check_schema(root, to, Profile.EXTENDED)
    assert schemas
    assert [f"{fault.path} {fault.sentence}" for fault in faults] == []


@pytest.mark.parametrize("form", [cii, ubl])
def test_what_was_carried_once_is_carried_again(form: ModuleType) -> None:
    once = form.read(form.write(everything()))
    assert once.extended is not None
    assert form.read(form.write(once)) == once


def test_json_carries_everything() -> None:
    assert invoice_json.read(invoice_json.write(everything())) == everything()


def test_a_department_that_is_the_contact_is_not_told_as_lost() -> None:
    """BT-41 is a person or a department: where there is no person, UBL has a place for the department."""
    invoice = everything()
    alone = Contact(name="Achats", department="Achats")
    person = Contact(name="Alice", department="Achats")
    for contact, lost in ((alone, []), (person, ["Achats"])):
        told = replace(invoice, buyer=replace(invoice.buyer, contact=contact))
        _, losses = convert(told, Syntax.UBL_INVOICE)
        assert [loss.before for loss in losses if loss.path.startswith("buyer.")] == lost


def test_details_that_their_summary_contradicts_are_not_written() -> None:
    """Who changed BT-9, BT-20, BT-127 or BT-147 is believed."""
    invoice = everything(payment_terms="Paiement comptant", due_date=None)
    line = replace(invoice.lines[0], note="Autre note", price=replace(invoice.lines[0].price, discount=Decimal("0.10")))
    back = cii.read(cii.write(replace(invoice, lines=(line, *invoice.lines[1:]))))
    assert (back.payment_terms, back.due_date) == ("Paiement comptant", None)
    assert (back.lines[0].note, back.lines[0].price.discount) == ("Autre note", Decimal("0.10"))
    assert back.extended is not None
    assert back.extended.instalments == ()


def _some(kind: type[Any]) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from([field.name for field in fields(kind)]))


@settings(max_examples=40, deadline=None)
@given(_some(Extended), _some(LineExtended))
def test_any_part_of_it_comes_back_as_it_went(document: frozenset[str], line: frozenset[str]) -> None:
    """Whatever is told and whatever is left out: what a syntax takes, it gives back, and its schema is content."""
    whole = everything()
    lines = tuple(replace(one, extended=_without(one.extended, line)) for one in whole.lines)
    told = replace(whole, lines=lines, extended=_without(whole.extended, document))
    for form in (cii, ubl):
        once = form.read(form.write(told))
        assert form.read(form.write(once)) == once
        root = xml.parse(form.write(told))
        assert check_schema(root, syntax_of(root), Profile.EXTENDED)[0] == []


def _without(held: Any, names: frozenset[str]) -> Any:
    empty = type(held)()
    return replace(held, **{name: getattr(empty, name) for name in names})
