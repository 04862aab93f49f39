"""How CII says the terms of the EXTENDED profiles: what ``bind`` needs to know of this syntax."""

from __future__ import annotations

from datetime import date

from raccord.formats.bind import Dialect
from raccord.formats.cii_names import q
from raccord.formats.cii_parts import party_in
from raccord.formats.cii_writer_parts import fill_party
from raccord.formats.orders import CII_ORDER
from raccord.formats.xml import Element, Node, content, parse_day


def _read_day(node: Node) -> date | None:
    value = content(node)
    return parse_day(value, "%Y%m%d", "DateTimeString") if value else None


def _write_day(element: Element, day: date) -> None:
    element.text = day.strftime("%Y%m%d")
    element.set("format", "102")


CII = Dialect(
    syntax="cii",
    q=q,
    order=CII_ORDER,
    read_day=_read_day,
    write_day=_write_day,
    read_party=party_in,
    write_party=fill_party,
)
