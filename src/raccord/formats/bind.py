"""Terms carried by a table: one row says where a field of the model stands in CII and where in UBL.

The norm's own terms are read and written by hand, for speed and for their exceptions; what the EXTENDED profiles
add is long, regular and rare, so that a table says it better. Called by the readers and writers of both syntaxes
with their :class:`Dialect`; the tables are in ``extended_terms``.

Reading walks only what a file holds: an invoice without a single EXTENDED term costs a few look-ups.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum, auto
from functools import cache
from typing import Any, Literal

from lxml import etree

from raccord.domain.invoice import Identifier, Party
from raccord.domain.money import plain
from raccord.formats.cii_parts import decode
from raccord.formats.xml import Element, Node, content, decimal, local_path, printable


class Kind(Enum):
    """What stands at the place of a term."""

    TEXT = auto()
    TEXTS = auto()
    NUMBER = auto()
    AMOUNT = auto()  # UBL wants its currency
    MEASURE = auto()  # a number and, in an attribute, its unit
    DAY = auto()
    FLAG = auto()
    IDENTIFIER = auto()
    BINARY = auto()  # a file, its type and its name
    PARTY = auto()
    ONE = auto()  # a table of its own
    MANY = auto()


@dataclass(frozen=True, slots=True)
class Term:
    """One row: ``name`` of the model's field, and its path in each syntax (empty: no place there).

    A step that opens with ``?`` is used when it is there and never made: it would lack what its schema demands.
    ``unit``: the field that holds the unit of a measure. ``ubl_table``: when UBL divides the thing otherwise.
    ``needs``, ``cii_needs``: the field without which UBL, or CII, has no place for the thing.
    """

    name: str
    cii: str = ""
    ubl: str = ""
    kind: Kind = Kind.TEXT
    unit: str = ""
    table: Table | None = None
    ubl_table: Table | None = None
    needs: str = ""
    cii_needs: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """The rows of one class of the model. ``blank``: what its fields without a default hold when a file is silent."""

    of: type[Any]
    terms: tuple[Term, ...]
    blank: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Dialect:
    """What one syntax does its own way. ``order``: the children that its schema allows, by the parent's name."""

    syntax: Literal["cii", "ubl"]
    q: Callable[[str], str]
    order: Mapping[str, Sequence[str]]
    read_day: Callable[[Node], date | None]
    write_day: Callable[[Element, date], None]
    read_party: Callable[[Node], Party | None]
    write_party: Callable[[Element, Party], None]

    def path(self, term: Term) -> str:
        """Where a term stands; ``""`` when this syntax has no place for it."""
        return term.cii if self.syntax == "cii" else term.ubl

    def table(self, term: Term) -> Table:
        """The table of a term that is a thing of its own. Raises LookupError when it has none."""
        found = term.ubl_table if self.syntax == "ubl" and term.ubl_table else term.table
        if found is None:
            raise LookupError(term.name)
        return found


# --- reading


@dataclass(slots=True)
class _Branch:
    """The paths of a table as a tree, walked along what a file holds."""

    terms: list[Term] = field(default_factory=list)
    below: dict[str, _Branch] = field(default_factory=dict)


@cache
def _tree(table: Table, dialect: Dialect) -> _Branch:
    root = _Branch()
    for term in table.terms:
        path = dialect.path(term)
        if path:
            branch = root
            for step in _steps(path, dialect):
                branch = branch.below.setdefault(step.lstrip("?"), _Branch())
            branch.terms.append(term)
    return root


@cache
def _steps(path: str, dialect: Dialect) -> tuple[str, ...]:
    if path == ".":
        return ()
    return tuple(f"?{dialect.q(step[1:])}" if step.startswith("?") else dialect.q(step) for step in path.split("/"))


def read(table: Table, node: Node | None, dialect: Dialect) -> Any:
    """An instance of ``table.of`` from what stands below ``node``, or ``None`` when nothing does.

    Raises :class:`ReadError` (CP-MNT-01, CP-DATE-01) when a number or a day is none.
    """
    if node is None:
        return None
    values: dict[str, Any] = {}
    _walk(_tree(table, dialect), [node], dialect, values)
    return table.of(**{**table.blank, **values}) if values else None


def _walk(branch: _Branch, nodes: list[Node], dialect: Dialect, values: dict[str, Any]) -> None:
    for term in branch.terms:
        _take(term, nodes, dialect, values)
    below = branch.below
    if below:
        for node in nodes:
            for tag, found in node.kids.items():
                if tag in below:
                    _walk(below[tag], found, dialect, values)


def _take(term: Term, nodes: list[Node], dialect: Dialect, values: dict[str, Any]) -> None:
    found = tuple(value for value in (_value(term, node, dialect) for node in nodes) if value not in (None, ""))
    if not found:
        return
    if term.kind in (Kind.TEXTS, Kind.MANY):
        values[term.name] = (*values.get(term.name, ()), *found)
    elif term.name not in values:
        values[term.name] = found[0]
        if term.kind is Kind.BINARY:
            values |= {"mime": nodes[0].get("mimeCode", ""), "filename": nodes[0].get("filename", "")}
        if term.unit and (unit := nodes[0].get("unitCode", "")):
            values[term.unit] = unit


def _value(term: Term, node: Node, dialect: Dialect) -> Any:
    if term.kind in (Kind.ONE, Kind.MANY):
        return read(dialect.table(term), node, dialect)
    if term.kind is Kind.DAY:
        return dialect.read_day(node)
    if term.kind is Kind.PARTY:
        return dialect.read_party(node)
    return _PLAIN[term.kind](node)


def _flag(node: Node) -> bool | None:
    return {"true": True, "1": True, "false": False, "0": False}.get(content(node).lower())


def _number(node: Node) -> Decimal | None:
    return decimal(node, ".")


def _identifier(node: Node) -> Identifier | None:
    value = content(node)
    return Identifier(value=value, scheme=node.get("schemeID", "")) if value else None


def _binary(node: Node) -> bytes:
    return decode(node.text or "")


_PLAIN: dict[Kind, Callable[[Node], Any]] = {
    Kind.TEXT: content,
    Kind.TEXTS: content,
    Kind.NUMBER: _number,
    Kind.AMOUNT: _number,
    Kind.MEASURE: _number,
    Kind.FLAG: _flag,
    Kind.IDENTIFIER: _identifier,
    Kind.BINARY: _binary,
}


# --- writing


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
    steps = _steps(dialect.path(term), dialect)
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
