"""How UBL says the terms of the EXTENDED profiles: what ``bind`` needs to know of this syntax."""

from __future__ import annotations

from datetime import date

from raccord.domain.invoice import Party
from raccord.formats.bind import Dialect
from raccord.formats.orders import UBL_ORDER
from raccord.formats.ubl_names import q
from raccord.formats.ubl_parts import party_of
from raccord.formats.ubl_writer_parts import fill_party
from raccord.formats.xml import Element, Node, iso_date


def _read_day(node: Node) -> date | None:
    return iso_date(node, ".")


def _write_day(element: Element, day: date) -> None:
    element.text = day.isoformat()


def _write_party(element: Element, party: Party) -> None:
    fill_party(element, party)


UBL = Dialect(
    syntax="ubl",
    q=q,
    order=UBL_ORDER,
    read_day=_read_day,
    write_day=_write_day,
    read_party=party_of,
    write_party=_write_party,
)
