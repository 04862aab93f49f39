"""Terms carried by a table, written: each put where the schema of its syntax wants it, between what stands there."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from lxml import etree

from raccord.domain.invoice import Identifier
from raccord.domain.money import plain
from raccord.formats.bind import Dialect, Kind, Table, Term, steps_of
from raccord.formats.xml import Element, local_path, printable


@dataclass(frozen=True, slots=True)
class Pen:
    """What writes: a syntax, and the currency of the amounts."""

    dialect: Dialect
    currency: str


def write(table: Table, value: object, element: Element, pen: Pen) -> None:
    """Put every term of ``value`` below ``element``, each where the schema wants it; what has no place stays out."""
    for term in table.terms:
        held = getattr(value, term.name)
        if held in (None, "", ()) or not pen.dialect.path(term):
            continue
        for one in held if term.kind in (Kind.TEXTS, Kind.MANY) else (held,):
            _put(term, one, value, element, pen)


def _put(term: Term, held: Any, owner: object, element: Element, pen: Pen) -> None:
    target = _target(term, held, element, pen.dialect)
    if target is None:
        return
    match term.kind:
        case Kind.PARTY:
            pen.dialect.write_party(target, held)
        case Kind.ONE | Kind.MANY:
            write(pen.dialect.table(term), held, target, pen)
        case Kind.DAY:
            pen.dialect.write_day(target, held)
        case _:
            _fill(target, held, _attributes(term, held, owner, pen))


def _target(term: Term, held: Any, element: Element, dialect: Dialect) -> Element | None:
    needed = term.needs if dialect.syntax == "ubl" else term.cii_needs
    if needed and not getattr(held, needed):
        return None
    steps = steps_of(dialect.path(term), dialect)
    if not steps:
        return element
    shared = 1 if term.kind is Kind.TEXTS else -1  # each of several texts has the rest of the path for itself
    target = reached(element, steps[:shared], dialect)
    for step in steps[shared:]:
        target = None if target is None else insert(target, step, dialect)
    return target


def _attributes(term: Term, held: Any, owner: object, pen: Pen) -> dict[str, str]:
    if term.kind is Kind.AMOUNT:
        return {"currencyID": pen.currency} if pen.dialect.syntax == "ubl" else {}
    if term.kind is Kind.BINARY:
        return {"mimeCode": getattr(owner, "mime", ""), "filename": getattr(owner, "filename", "")}
    if term.kind is Kind.MEASURE:
        return {"unitCode": getattr(owner, term.unit)}
    return {"schemeID": held.scheme} if term.kind is Kind.IDENTIFIER else {}


def _fill(target: Element, held: Any, attributes: dict[str, str]) -> None:
    match held:
        case bool():
            target.text = str(held).lower()
        case Decimal():
            target.text = plain(held)
        case bytes():
            target.text = base64.b64encode(held).decode("ascii")
        case Identifier():
            target.text = printable(held.value)
        case _:
            target.text = printable(held)
    target.attrib.update({name: value for name, value in attributes.items() if value})


def reached(element: Element, steps: Sequence[str], dialect: Dialect) -> Element | None:
    """The element at the end of ``steps``, made when it is not there; ``None`` when it has no place."""
    for step in steps:
        found = element.find(step.lstrip("?"))
        if found is None:
            found = None if step.startswith("?") else insert(element, step, dialect)
        if found is None:
            return None
        element = found
    return element


def insert(parent: Element, tag: str, dialect: Dialect) -> Element | None:
    """A new child ``tag``, after those that the schema puts before it; ``None`` when it allows no such child."""
    order = _ranks(local_path(str(parent.tag)), dialect)
    rank = order.get(local_path(tag), None if order else 0)
    if rank is None:
        return None
    position = next((at for at, other in _backwards(parent) if order.get(local_path(str(other.tag)), 0) <= rank), -1)
    child = etree.SubElement(parent, tag)
    parent.insert(position + 1, child)
    return child


def _backwards(parent: Element) -> Iterator[tuple[int, Element]]:
    return ((at, parent[at]) for at in range(len(parent) - 1, -1, -1))


@cache
def _ranks(name: str, dialect: Dialect) -> dict[str, int]:
    return {child: rank for rank, child in enumerate(dialect.order.get(name, ()))}
