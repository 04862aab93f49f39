"""Terms carried by a table: one row says where a field of the model stands in CII and where in UBL.

The norm's own terms are read and written by hand, for speed and for their exceptions; what the EXTENDED profiles
add is long, regular and rare, so that a table says it better. Called by the readers and writers of both syntaxes
with their :class:`Dialect`; the tables are in ``extended_terms``.

Reading walks only what a file holds: an invoice without a single EXTENDED term costs a few look-ups.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum, auto
from functools import cache
from typing import Any, Literal

from raccord.domain.invoice import Identifier, Party
from raccord.formats.cii_parts import decode
from raccord.formats.xml import Element, Node, content, decimal


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
            for step in steps_of(path, dialect):
                branch = branch.below.setdefault(step.lstrip("?"), _Branch())
            branch.terms.append(term)
    return root


@cache
def steps_of(path: str, dialect: Dialect) -> tuple[str, ...]:
    """The steps of a path, each with its namespace; none for ``.``, the element itself."""
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
